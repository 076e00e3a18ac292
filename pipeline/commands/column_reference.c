/* burza help columns: every column of an audit, from the lists that write it. */
#include "pipeline/commands/commands.h"
#include "pipeline/commands/wrap.h"
#include "stages/store/store.h"

#include <stdio.h>

enum { NAME_COLUMNS = 24, TYPE_COLUMNS = 10, INDENT = 2 + NAME_COLUMNS + TYPE_COLUMNS };

static void add_column(struct buf *out, int width, const char *name, const char *type,
                       const char *meaning) {
    if (width >= 72) {
        buf_format(out, "  %-*s%-*s", NAME_COLUMNS, name, TYPE_COLUMNS, type);
        wrap_text(out, meaning, INDENT, width);
    } else {
        buf_format(out, "  %s (%s)\n        ", name, type);
        wrap_text(out, meaning, 8, width);
    }
}

static const char *type_name(const struct column *column) {
    static const char *const names[] = {[COLUMN_TEXT] = "text",
                                        [COLUMN_I64] = "float64",
                                        [COLUMN_I32] = "int32",
                                        [COLUMN_F64] = "float64"};
    return column->type == COLUMN_I64 && export_is_moment(column->name) ? "time"
                                                                        : names[column->type];
}

/* Tables that share their columns are described once, where the first of them stands. */
static void add_table(struct buf *out, int id, const char *only, int width) {
    const struct table_layout *layout = &table_layouts[id];
    bool wanted = false;
    struct buf title;
    for (int i = 0; i < id; i++)
        if (table_layouts[i].columns == layout->columns)
            return;
    buf_init(&title, 1 << 12);
    for (int i = id; i < TABLE_COUNT; i++)
        if (table_layouts[i].columns == layout->columns) {
            buf_format(&title, "%s%s", i == id ? "" : ", ", table_layouts[i].name);
            wanted |= !only || strcmp(only, table_layouts[i].name) == 0;
        }
    if (wanted) {
        buf_format(out, "\n## %.*s\n\n", (int)title.len, title.at);
        for (size_t i = 0; i < layout->column_count; i++)
            add_column(out, width, layout->columns[i].name, type_name(&layout->columns[i]),
                       layout->columns[i].meaning);
    }
    buf_release(&title);
}

/* "uint16_t" is uint16. */
static void add_note(struct buf *out, const struct column_note *note, int width) {
    char type[16], text[400];
    size_t len = strlen(note->type);
    if (len > 2 && strcmp(note->type + len - 2, "_t") == 0)
        len -= 2;
    snprintf(type, sizeof type, "%.*s", (int)len, note->type);
    bool plain = strcmp(note->units, "1") == 0;
    snprintf(text, sizeof text, "%s%s%s%s", note->meaning, plain ? "" : " (",
             plain ? "" : note->units, plain ? "" : ")");
    add_column(out, width, note->name, type, text);
}

static void add_grids(struct buf *out, int width) {
    struct column_note note;
    const char *dimensions = "";
    buf_text(out, "\n## hourly, daily\n\n");
    wrap_text(
        out,
        "In the file each is a group of CF variables over time, brand, channel, language and "
        "stage, which are its dimension scales; exports have a row for each time and brand, "
        "summed over channels and languages, with the local time (time_local) and the local day "
        "(day, 2023-01-31) beside the seconds, and one column for each stage of "
        "stage_mentions.",
        0, width);
    for (size_t i = 0; grid_column_note(i, &note); i++) {
        if (note.dimensions != dimensions)
            buf_format(out, "\n  over %s:\n", note.dimensions);
        dimensions = note.dimensions;
        add_note(out, &note, width);
    }
}

static void add_months(struct buf *out, int width) {
    static const struct column_note notes[] = {
        {"month", "text", "", "1", "month of the study's time zone, 2023-01"},
        {"brand", "text", "", "1", "brand id"},
        {"days", "int32", "", "1", "its days in the table daily"},
        {"coverage", "float32", "", "1",
         "share of the whole calendar month that the dump covers: a month that is covered in part "
         "cannot be compared with a whole one"},
        {"mentions", "int32", "", "1", "mentions, as those below sums of the table daily"},
        {"scored", "int32", "", "1",
         "of them, those with a sentiment: positive, neutral, negative"},
        {"positive", "int32", "", "1", "positive mentions"},
        {"neutral", "int32", "", "1", "neutral mentions"},
        {"negative", "int32", "", "1", "negative mentions"},
        {"negative_share", "float32", "", "1", "negative / scored"},
        {"net_sentiment", "float32", "", "1", "(positive - negative) / (positive + negative)"},
        {"sentiment_mean", "float32", "", "1", "mean sentiment score of the scored, -1..1"},
        {"share_of_voice", "float32", "", "1", "mentions / mentions of all brands of the audit"},
        {"baseline", "float32", "", "1", "expected mentions"},
        {"originals", "int32", "", "1", "mentions that are originals or quotes"},
        {"replies", "int32", "", "1", "mentions that are replies"},
        {"reposts", "int32", "", "1", "mentions that are reposts"},
        {"aware", "int32", "", "1", "mentions of this journey stage (5A), as the next four"},
        {"appeal", "int32", "", "1", "of this stage"},
        {"ask", "int32", "", "1", "of this stage"},
        {"act", "int32", "", "1", "of this stage"},
        {"advocate", "int32", "", "1", "of this stage"},
    };
    buf_text(out, "\n## monthly\n\n");
    wrap_text(out,
              "Only in exports: the days of the table daily added up by month and brand. Distinct "
              "authors of days cannot be added up.",
              0, width);
    buf_char(out, '\n');
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
        add_note(out, &notes[i], width);
}

static void add_posts(struct buf *out, int width) {
    struct column_note note;
    buf_text(out, "\n## posts\n\n");
    wrap_text(
        out,
        "In the file each column is a dataset; numbers of brands, channels and platforms point "
        "into brand_name, channel_name and platform_name, and a text is a stretch of NAME_bytes "
        "that ends at NAME_end. Exports write the names and words instead, intents joined by "
        "+, score_milli as sentiment, -1..1, and the local time and day beside the seconds.",
        0, width);
    buf_char(out, '\n');
    for (size_t i = 0; post_column_note(i, &note); i++)
        add_note(out, &note, width);
}

bool column_reference(struct buf *out, const char *only, int width) {
    bool grids = !only, posts = !only || strcmp(only, "posts") == 0;
    for (int i = 0; i < GRID_COUNT && only; i++)
        grids |= strcmp(only, grid_names[i]) == 0;
    if (!only) {
        buf_text(out, "# Columns\n\n");
        wrap_text(
            out,
            "The tables of an audit: /tables/NAME in the HDF5 file, where each column's meaning is "
            "an attribute of its name, and burza export AUDIT.h5 NAME. A time is seconds since "
            "1970-01-01 UTC; exports have an ISO 8601 twin (NAME_iso) beside it. In whole "
            "numbers -1 is not known, which exports leave empty (CSV) or write as null (JSON "
            "Lines); in real numbers that is NaN.",
            0, width);
    }
    size_t before = out->len;
    for (int i = 0; i < TABLE_COUNT; i++)
        add_table(out, i, only, width);
    if (grids)
        add_grids(out, width);
    if (!only || strcmp(only, "monthly") == 0)
        add_months(out, width);
    if (posts)
        add_posts(out, width);
    return out->len > before;
}
