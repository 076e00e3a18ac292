/* The summary for scripts: one JSON object. Rows of tables have the keys of burza export. */
#include "pipeline/commands/export_rows.h"
#include "pipeline/commands/summary.h"
#include "stages/detect/detect.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static int add_dumped(const char *bytes, size_t len, void *context) {
    buf_add(context, bytes, len);
    return 0;
}

static void put(json_t *object, const char *name, json_t *value) {
    json_object_set_new(object, name, value);
}

static void put_share(json_t *object, const char *name, double part, double whole) {
    put(object, name, whole > 0 ? json_real(part / whole) : json_null());
}

/* The rows of a table; of one brand unless that is NULL. */
static json_t *rows_of(const struct export_view *view, const char *name, const char *brand) {
    struct table_writer writer;
    struct export_source source;
    json_t *rows = json_array();
    table_writer_init(&writer, TABLE_WRITER_JSON_LINES);
    writer.zone = &view->zone;
    for (size_t i = 0; export_find(name, &source) && i < export_count(&source, view); i++) {
        table_writer_row_begin(&writer);
        source.write(&writer, view, source.table, i);
        const char *of = json_string_value(json_object_get(writer.object, "brand"));
        if (!brand || (of && strcmp(of, brand) == 0))
            json_array_append(rows, writer.object);
    }
    table_writer_release(&writer);
    return rows;
}

/* Why a brand has no event. */
static const char *quiet_name(const struct audit *audit, int64_t mentions) {
    static const char *const names[] = {[QUIET_CALM] = "calm",
                                        [QUIET_NO_MENTIONS] = "no_mentions",
                                        [QUIET_TOO_SHORT] = "too_short",
                                        [QUIET_TOO_FEW] = "too_few"};
    return names[quiet_reason_of(mentions,
                                 grid_known_s(&audit->grids[GRID_HOURLY], audit->channels.count))];
}

static json_t *brand_of(const struct export_view *view, size_t index, double all) {
    const struct brand_row *brand =
        &((const struct brand_row *)view->audit.tables[TABLE_BRANDS].rows)[index];
    static const char *const events[] = {"crises", "bursts", "mood_turns"};
    json_t *rows = rows_of(view, "brands", brand->brand), *object = json_array_get(rows, 0);
    json_incref(object);
    json_decref(rows);
    int32_t scored = brand->positive + brand->neutral + brand->negative;
    float net = grid_net_sentiment(brand->positive, brand->negative);
    size_t found = 0;
    put(object, "scored", json_integer(scored));
    put_share(object, "negative_share", brand->negative, scored);
    put(object, "net_sentiment", isfinite(net) ? json_real((double)net) : json_null());
    put_share(object, "share_of_voice", brand->mentions, all);
    /* counts in the table; here the events themselves */
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        json_t *list = rows_of(view, events[i], brand->brand);
        found += json_array_size(list);
        put(object, events[i], list);
    }
    put(object, "quiet",
        found ? json_null() : json_string(quiet_name(&view->audit, brand->mentions)));
    return object;
}

static json_t *records_of(const struct audit *audit) {
    struct record_counts counts = count_records(audit);
    json_t *object = json_object();
    put(object, "records", json_integer(counts.records));
    put(object, "posts", json_integer(counts.posts));
    put(object, "duplicates", json_integer(counts.duplicates));
    put(object, "notices", json_integer(counts.notices));
    put(object, "rejects", json_integer(counts.rejects));
    put(object, "embedded", json_integer(counts.embedded));
    put(object, "outside_time_span",
        json_string(audit_noted(audit, "posts_outside_main_time_span")));
    return object;
}

bool summary_json(const struct audit *audit, const struct zone *zone, const char *seal,
                  struct buf *out) {
    struct export_view view = {.audit = *audit, .zone = *zone};
    static const char *const noted[] = {"program", "timezone", "first_post", "last_post"};
    const struct brand_row *brands = audit->tables[TABLE_BRANDS].rows;
    json_t *root = json_object(), *list = json_array();
    double all = 0;
    for (size_t i = 0; i < sizeof noted / sizeof *noted; i++)
        put(root, noted[i], json_string(audit_noted(audit, noted[i])));
    put(root, "seal", json_string(seal));
    put(root, "counts", records_of(audit));
    for (size_t i = 0; i < audit->tables[TABLE_BRANDS].count; i++)
        all += brands[i].mentions;
    for (size_t i = 0; i < audit->tables[TABLE_BRANDS].count; i++)
        json_array_append_new(list, brand_of(&view, i, all));
    put(root, "brands", list);
    put(root, "alarms", rows_of(&view, "alarms", NULL));
    put(root, "inputs", rows_of(&view, "inputs", NULL));
    put(root, "rejects", rows_of(&view, "rejects", NULL));
    bool ok = root && json_dump_callback(root, add_dumped, out,
                                         JSON_INDENT(1) | JSON_REAL_PRECISION(15)) == 0;
    json_decref(root);
    buf_char(out, '\n');
    return ok && !out->failed;
}
