/* burza export: a table of the audit on standard output. Compound tables follow table_layouts; the
 * series and the posts have their columns here. */
#include "pipeline/commands/commands.h"
#include "pipeline/commands/table_writer.h"
#include "stages/store/store.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { FLOAT_DIGITS = 7, DOUBLE_DIGITS = 15 };

/* Writes row `index` of what `table` stands for, cell by cell. */
typedef void (*row_writer)(struct table_writer *writer, const struct audit *audit, int table,
                           size_t index);

bool export_is_moment(const char *name) {
    static const char *const names[] = {
        "onset", "onset_low",       "onset_high", "end_low",   "end_high", "peak",
        "end",   "recovered_at",    "created_at", "episode",   "first",    "last",
        "at",    "estimated_onset", "left_low",   "left_high", "started",  "ended"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* -1 is "not known" in every integer column. */
static void write_row(struct table_writer *writer, const struct audit *audit, int table,
                      size_t index) {
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
            table_writer_text(writer, column->name, (struct span){at, strnlen(at, column->size)});
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

static void write_point(struct table_writer *writer, const struct audit *audit, int table,
                        size_t index) {
    const struct grid *grid = &audit->grids[table];
    const struct grid_point *point = &grid->points[index];
    size_t brand = index % audit->brands.count;
    int64_t from_s = grid->edges_s[index / audit->brands.count];
    table_writer_moment(writer, "time", from_s);
    table_writer_local(writer, "time_local", from_s);
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

static void write_post(struct table_writer *writer, const struct audit *audit, int table,
                       size_t row) {
    const struct mention_rows *posts = &audit->posts;
    struct buf intents;
    (void)table;
    buf_init(&intents, 1024);
    table_writer_text(writer, "brand", span_of(audit->brands.at[posts->brand[row]]));
    table_writer_moment(writer, "time", floor_div(posts->created_at_us[row], US_PER_S));
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
    table_writer_text(writer, "url", mention_rows_text(&posts->url, row));
    table_writer_text(writer, "text", mention_rows_text(&posts->text, row));
}

/* What a table's name stands for. */
struct source {
    row_writer write;
    int table;
    bool posts;
};

static bool find_source(const char *name, struct source *out) {
    *out = (struct source){.write = write_row};
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
    out->write = write_post;
    out->posts = strcmp(name, "posts") == 0;
    return out->posts;
}

/* The names of the cells: what an audit with one blank row of everything is written as. */
static void write_header(struct table_writer *writer, const struct source *source) {
    struct mention blank = {.channel_name = SPAN_LITERAL("")};
    struct audit audit;
    audit_init(&audit);
    bool ok =
        names_add(&audit.brands, SPAN_LITERAL("")) && mention_rows_append(&audit.posts, &blank);
    for (int i = 0; i < TABLE_COUNT && ok; i++) {
        audit.tables[i].rows = calloc(1, table_layouts[i].row_size);
        ok = audit.tables[i].rows != NULL;
    }
    for (int i = 0; i < GRID_COUNT && ok; i++) {
        audit.grids[i].points = calloc(1, sizeof *audit.grids[i].points);
        audit.grids[i].edges_s = calloc(2, sizeof *audit.grids[i].edges_s);
        ok = audit.grids[i].points && audit.grids[i].edges_s;
    }
    if (ok) {
        table_writer_header_begin(writer);
        source->write(writer, &audit, source->table, 0);
        ok = table_writer_row_end(writer);
    }
    writer->failed |= !ok;
    audit_release(&audit);
}

static int export_table(const char *path, const struct source *source,
                        enum table_writer_format format) {
    struct audit audit;
    struct table_writer writer;
    struct fault fault = {0};
    if (audit_read(path, source->posts, &audit, &fault) != STATUS_OK)
        return print_error(&fault);
    if (source->posts && !audit.keep_posts) {
        print_message("\"%s\" keeps no posts: \"privacy\" in the configuration decides that", path);
        audit_release(&audit);
        return EXIT_DATA;
    }
    struct zone zone = {0};
    const char *name = audit_noted(&audit, "timezone");
    if (*name && zone_open(&zone, name, &fault) != STATUS_OK) {
        audit_release(&audit);
        return print_error(&fault);
    }
    size_t count = audit.tables[source->table].count;
    if (source->posts)
        count = audit.posts.count;
    else if (source->write == write_point)
        count = audit.grids[source->table].times * audit.brands.count;
    table_writer_init(&writer, format);
    writer.zone = &zone;
    if (format == TABLE_WRITER_CSV)
        write_header(&writer, source);
    bool ok = !writer.failed;
    for (size_t i = 0; i < count && ok; i++) {
        table_writer_row_begin(&writer);
        source->write(&writer, &audit, source->table, i);
        ok = table_writer_row_end(&writer);
    }
    table_writer_release(&writer);
    zone_release(&zone);
    audit_release(&audit);
    if (!ok && !ferror(stdout)) {
        print_message("out of memory");
        return EXIT_INTERNAL;
    }
    return close_output(EXIT_DONE);
}

void export_tables(struct buf *out) {
    for (int i = 0; i < TABLE_COUNT; i++)
        buf_format(out, "%s ", table_layouts[i].name);
    for (int i = 0; i < GRID_COUNT; i++)
        buf_format(out, "%s ", grid_names[i]);
    buf_text(out, "posts");
}

static void say_tables(const char *wrong) {
    struct buf tables;
    buf_init(&tables, 1 << 16);
    export_tables(&tables);
    print_message("there is no table \"%.60s\"; choose one of %.*s", wrong, (int)tables.len,
                  tables.at);
    buf_release(&tables);
}

int command_export(const struct options *options) {
    struct source source;
    const char *format = options->format ? options->format : "csv";
    bool lines = strcmp(format, "jsonl") == 0;
    if (options->argument_count != 2) {
        print_message(
            "export wants an audit and a table: burza export AUDIT.h5 TABLE [--format csv|jsonl]");
        return EXIT_USAGE;
    }
    if (!find_source(options->arguments[1], &source)) {
        say_tables(options->arguments[1]);
        return EXIT_USAGE;
    }
    return export_table(options->arguments[0], &source,
                        lines ? TABLE_WRITER_JSON_LINES : TABLE_WRITER_CSV);
}
