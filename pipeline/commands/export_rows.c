#include "pipeline/commands/export_rows.h"

#include "pipeline/commands/commands.h"

#include <math.h>
#include <stdlib.h>

enum { FLOAT_DIGITS = 7, DOUBLE_DIGITS = 15 };

bool export_is_moment(const char *name) {
    static const char *const names[] = {
        "onset", "onset_low",       "onset_high", "end_low",  "end_high",  "peak",
        "end",   "recovered_at",    "created_at", "episode",  "first",     "last",
        "at",    "estimated_onset", "left",       "left_low", "left_high", "started",
        "ended"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static void write_words(struct table_writer *writer, const char *name, struct span text) {
    if (strcmp(name, "url") == 0)
        table_writer_link(writer, name, text);
    else
        table_writer_text(writer, name, text);
}

/* -1 is "not known" in every integer column. */
static void write_row(struct table_writer *writer, const struct export_view *view, int table,
                      size_t index) {
    const struct audit *audit = &view->audit;
    const struct table_layout *layout = &table_layouts[table];
    const char *row = (const char *)audit->tables[table].rows + index * layout->row_size;
    for (size_t i = 0; i < layout->column_count; i++) {
        const struct column *column = &layout->columns[i];
        const char *at = row + column->offset;
        int64_t wide = 0;
        int32_t narrow = 0;
        double real = 0;
        switch (column->type) {
        case COLUMN_TEXT:
            write_words(writer, column->name, (struct span){at, strnlen(at, column->size)});
            break;
        case COLUMN_I64:
            memcpy(&wide, at, sizeof wide);
            if (export_is_moment(column->name))
                table_writer_moment(writer, column->name, wide);
            else
                table_writer_integer(writer, column->name, wide, wide != -1);
            break;
        case COLUMN_I32:
            memcpy(&narrow, at, sizeof narrow);
            table_writer_integer(writer, column->name, narrow, narrow != -1);
            break;
        case COLUMN_F64:
            memcpy(&real, at, sizeof real);
            table_writer_real(writer, column->name, real, DOUBLE_DIGITS);
            break;
        }
    }
}

static void write_real(struct table_writer *writer, const char *name, float value) {
    table_writer_real(writer, name, (double)value, FLOAT_DIGITS);
}

static void write_count(struct table_writer *writer, const char *name, int32_t value) {
    table_writer_integer(writer, name, value, true);
}

static void write_known(struct table_writer *writer, const char *name, int32_t value) {
    table_writer_integer(writer, name, value, value >= 0);
}

static void write_point(struct table_writer *writer, const struct export_view *view, int table,
                        size_t index) {
    const struct audit *audit = &view->audit;
    const struct grid *grid = &audit->grids[table];
    const struct grid_point *point = &grid->points[index];
    size_t brand = index % audit->brands.count;
    int64_t from_s = grid->edges_s[index / audit->brands.count];
    table_writer_moment(writer, "time", from_s);
    table_writer_local(writer, "time_local", from_s);
    table_writer_day(writer, "day", from_s);
    table_writer_text(writer, "brand", span_of(audit->brands.at[brand]));
    write_count(writer, "mentions", point->mentions);
    write_count(writer, "positive", point->positive);
    write_count(writer, "neutral", point->neutral);
    write_count(writer, "negative", point->negative);
    write_known(writer, "authors", point->authors);
    write_count(writer, "originals", point->originals);
    write_count(writer, "replies", point->replies);
    write_count(writer, "reposts", point->reposts);
    write_real(writer, "sentiment_mean", point->sentiment_mean);
    write_real(writer, "net_sentiment", point->net_sentiment);
    write_real(writer, "share_of_voice", point->share_of_voice);
    write_real(writer, "velocity", point->velocity);
    write_real(writer, "acceleration", point->acceleration);
    write_real(writer, "baseline", point->baseline);
    write_real(writer, "surprise", point->surprise);
    for (int stage = STAGE_AWARE; stage < STAGE_COUNT; stage++)
        write_count(writer, stage_name((enum stage)stage), point->stages[stage]);
}

static void write_month(struct table_writer *writer, const struct export_view *view, int table,
                        size_t index) {
    const struct audit *audit = &view->audit;
    size_t brands = audit->brands.count, brand = index % brands;
    const struct grid_month *month = &view->months[index / brands];
    struct grid_point sum = grid_month_point(&audit->grids[GRID_DAILY], month, brand, brands);
    int32_t scored = sum.positive + sum.neutral + sum.negative;
    (void)table;
    table_writer_month(writer, "month", month->year, month->month);
    table_writer_text(writer, "brand", span_of(audit->brands.at[brand]));
    table_writer_integer(writer, "days", (int64_t)month->days, true);
    write_real(writer, "coverage", (float)month->coverage);
    write_count(writer, "mentions", sum.mentions);
    write_count(writer, "scored", scored);
    write_count(writer, "positive", sum.positive);
    write_count(writer, "neutral", sum.neutral);
    write_count(writer, "negative", sum.negative);
    write_real(writer, "negative_share", scored ? (float)((double)sum.negative / scored) : NAN);
    write_real(writer, "net_sentiment", sum.net_sentiment);
    write_real(writer, "sentiment_mean", sum.sentiment_mean);
    write_real(writer, "share_of_voice", sum.share_of_voice);
    write_real(writer, "baseline", sum.baseline);
    write_count(writer, "originals", sum.originals);
    write_count(writer, "replies", sum.replies);
    write_count(writer, "reposts", sum.reposts);
    for (int stage = STAGE_AWARE; stage < STAGE_COUNT; stage++)
        write_count(writer, stage_name((enum stage)stage), sum.stages[stage]);
}

/* Empty in audits of versions before 0.2.0. */
static void write_post_care(struct table_writer *writer, const struct audit *audit, size_t row) {
    const struct post_care *care = &audit->post_care;
    uint32_t answer = care->class ? care->answer[row] : UINT32_MAX;
    table_writer_text(writer, "class",
                      span_of(care->class ? post_care_classes[care->class[row]] : ""));
    table_writer_text(writer, "chance",
                      span_of(care->class ? post_care_chances[care->chance[row]] : ""));
    table_writer_text(writer, "care_state",
                      span_of(care->class ? post_care_states[care->state[row]] : ""));
    table_writer_text(writer, "answer_id",
                      answer == UINT32_MAX ? SPAN_LITERAL("")
                                           : mention_rows_text(&audit->posts.id, answer));
    write_known(writer, "answered_after_s", care->class ? care->after_s[row] : -1);
}

/* The words that decided; without reasons the cell is empty. */
static void write_reasons(struct table_writer *writer, const struct export_view *view, size_t row) {
    const struct mention_rows *posts = &view->audit.posts;
    struct span text = mention_rows_text(&posts->text, row);
    struct score score = {.label = posts->label[row],
                          .intents = posts->intents[row],
                          .stage = posts->stage[row],
                          .topic = posts->topic ? posts->topic[row] : TOPIC_NONE};
    struct deciding_word words[DECIDING_MAX];
    struct buf cell;
    buf_init(&cell, 1 << 16);
    if (view->reasons)
        score_reasons_write(&cell, text, words,
                            score_reasons_find(view->reasons, text, posts->language[row], &score,
                                               words, &writer->failed));
    writer->failed |= cell.failed;
    table_writer_text(writer, "decided_by", buf_as_span(&cell));
    buf_release(&cell);
}

static void write_post(struct table_writer *writer, const struct export_view *view, int table,
                       size_t row) {
    const struct audit *audit = &view->audit;
    const struct mention_rows *posts = &audit->posts;
    struct buf intents;
    (void)table;
    buf_init(&intents, 1024);
    table_writer_text(writer, "brand", span_of(audit->brands.at[posts->brand[row]]));
    int64_t second = floor_div(posts->created_at_us[row], US_PER_S);
    table_writer_moment(writer, "time", second);
    table_writer_local(writer, "time_local", second);
    table_writer_day(writer, "day", second);
    table_writer_text(writer, "platform",
                      span_of(platform_name((enum platform)posts->platform[row])));
    table_writer_text(writer, "channel", posts->channels.names[posts->channel[row]]);
    table_writer_text(writer, "kind", span_of(post_kind_name((enum post_kind)posts->kind[row])));
    table_writer_text(writer, "role", span_of(role_name((enum role)posts->role[row])));
    table_writer_text(writer, "language",
                      span_of(language_name((enum language)posts->language[row])));
    table_writer_text(writer, "label", span_of(label_name((enum label)posts->label[row])));
    table_writer_real(writer, "sentiment",
                      posts->label[row] == LABEL_NONE ? NAN : posts->score_milli[row] / 1000.0,
                      DOUBLE_DIGITS);
    for (unsigned bit = 0; bit < INTENT_COUNT; bit++)
        if (posts->intents[row] >> bit & 1)
            buf_format(&intents, "%s%s", intents.len ? "+" : "", intent_name(bit));
    writer->failed |= intents.failed;
    table_writer_text(writer, "intents", buf_as_span(&intents));
    buf_release(&intents);
    table_writer_text(writer, "stage", span_of(stage_name((enum stage)posts->stage[row])));
    /* rows that an earlier version scanned have neither */
    unsigned topic = posts->topic ? posts->topic[row] : TOPIC_UNKNOWN;
    table_writer_text(writer, "topic",
                      span_of(topic < TOPIC_COUNT ? topic_name((enum post_topic)topic) : ""));
    unsigned p_milli = posts->p_milli ? posts->p_milli[row] : 0;
    table_writer_real(writer, "p", p_milli ? p_milli / 1000.0 : NAN, DOUBLE_DIGITS);
    int vendor = posts->vendor_sentiment ? posts->vendor_sentiment[row] : LABEL_NONE;
    table_writer_text(writer, "vendor_sentiment",
                      span_of(vendor == LABEL_NONE ? "" : label_name((enum label)vendor)));
    write_known(writer, "likes", posts->likes[row]);
    write_known(writer, "replies", posts->replies[row]);
    write_known(writer, "reposts", posts->reposts[row]);
    write_known(writer, "views", posts->views[row]);
    write_known(writer, "followers", posts->followers[row]);
    write_post_care(writer, audit, row);
    table_writer_text(writer, "author", mention_rows_text(&posts->author, row));
    table_writer_text(writer, "id", mention_rows_text(&posts->id, row));
    table_writer_link(writer, "url", mention_rows_text(&posts->url, row));
    table_writer_text(writer, "text", mention_rows_text(&posts->text, row));
    if (view->explain)
        write_reasons(writer, view, row);
}

bool export_find(const char *name, struct export_source *out) {
    *out = (struct export_source){.name = name, .write = write_row};
    for (int i = 0; i < TABLE_COUNT; i++)
        if (strcmp(name, table_layouts[i].name) == 0) {
            out->table = i;
            return true;
        }
    out->write = write_point;
    for (int i = 0; i < GRID_COUNT; i++)
        if (strcmp(name, grid_names[i]) == 0) {
            out->table = i;
            return true;
        }
    out->write = strcmp(name, "monthly") == 0 ? write_month : write_post;
    out->posts = strcmp(name, "posts") == 0;
    return out->posts || out->write == write_month;
}

size_t export_count(const struct export_source *source, const struct export_view *view) {
    if (source->posts)
        return view->audit.posts.count;
    if (source->write == write_month)
        return view->month_count * view->audit.brands.count;
    if (source->write == write_point)
        return view->audit.grids[source->table].times * view->audit.brands.count;
    return view->audit.tables[source->table].count;
}

/* What an audit with one blank row of everything is written as. */
void export_header(struct table_writer *writer, const struct export_source *source) {
    struct mention blank = {.channel_name = SPAN_LITERAL("")};
    struct grid_month month = {.year = 1970, .month = 1, .days = 1};
    struct export_view view = {.months = &month, .month_count = 1, .explain = source->explain};
    struct audit *audit = &view.audit;
    audit_init(audit);
    bool ok =
        names_add(&audit->brands, SPAN_LITERAL("")) && mention_rows_append(&audit->posts, &blank);
    for (int i = 0; i < TABLE_COUNT && ok; i++) {
        audit->tables[i].rows = calloc(1, table_layouts[i].row_size);
        ok = audit->tables[i].rows != NULL;
    }
    for (int i = 0; i < GRID_COUNT && ok; i++) {
        audit->grids[i].points = calloc(1, sizeof *audit->grids[i].points);
        audit->grids[i].edges_s = calloc(2, sizeof *audit->grids[i].edges_s);
        ok = audit->grids[i].points && audit->grids[i].edges_s;
    }
    if (ok) {
        table_writer_header_begin(writer);
        source->write(writer, &view, source->table, 0);
        ok = table_writer_row_end(writer);
    }
    writer->failed |= !ok;
    audit_release(audit);
}

const char *export_preferred(const char *table) {
    static const char *const lists[][2] = {
        {"crises", "brand severity onset mentions negative_share terms"},
        {"bursts", "brand kind severity onset mentions terms"},
        {"mood_turns", "brand kind onset end negative_share negative_share_before"},
        {"alarms", "brand false_alarms_per_month verdict kind at seen"},
        {"brands", "brand mentions negative neutral positive authors crises bursts"},
        {"evidence", "brand episode why label text"},
        {"inputs", "input status records posts duplicates rejects mentions"},
        {"response", "brand channel period turns answered response_rate frt_median_s"},
        {"conversations", "brand channel started customers turns answered state"},
        {"journey", "brand period authors reach_aware reach_ask reach_act reach_advocate"},
        {"comparison", "brand period mentions share_of_voice net_sentiment bhi"},
        {"stages", "brand stage mentions negative topics"},
        {"quotes", "brand stage rank label text"},
        {"hourly", "time brand mentions negative authors net_sentiment share_of_voice"},
        {"daily", "day brand mentions negative authors net_sentiment share_of_voice"},
        {"monthly", "month brand coverage mentions negative_share net_sentiment share_of_voice"},
        {"posts", "brand time label text"},
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (strcmp(lists[i][0], table) == 0)
            return lists[i][1];
    return "";
}

enum status export_view_open(const char *path, bool with_posts, struct export_view *out,
                             struct fault *fault) {
    *out = (struct export_view){0};
    enum status status = audit_read(path, with_posts, &out->audit, fault);
    if (status != STATUS_OK)
        return status;
    const char *name = audit_noted(&out->audit, "timezone");
    if (*name)
        status = zone_open(&out->zone, name, fault);
    if (status == STATUS_OK) {
        out->months = grid_months(&out->audit.grids[GRID_DAILY], out->audit.channels.count,
                                  &out->zone, &out->month_count);
        if (!out->months)
            status = fault_memory(fault);
    }
    if (status != STATUS_OK)
        export_view_release(out);
    return status;
}

void export_view_release(struct export_view *view) {
    score_reasons_close(view->reasons);
    free(view->months);
    zone_release(&view->zone);
    audit_release(&view->audit);
    *view = (struct export_view){0};
}
