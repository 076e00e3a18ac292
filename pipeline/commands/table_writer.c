#include "pipeline/commands/table_writer.h"

#include "stages/common/when.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LINE_MAX_BYTES = 64 << 20, REAL_DIGITS = 15 };

void table_writer_init(struct table_writer *writer, enum table_writer_format format) {
    *writer = (struct table_writer){.format = format};
    buf_init(&writer->line, LINE_MAX_BYTES);
}

void table_writer_align(struct table_writer *writer, int width, const char *preferred) {
    writer->aligned = aligned_new(width, preferred);
    writer->failed |= !writer->aligned;
}

void table_writer_release(struct table_writer *writer) {
    buf_release(&writer->line);
    json_decref(writer->object);
    aligned_free(writer->aligned);
}

void table_writer_header_begin(struct table_writer *writer) {
    writer->header = true;
    writer->row = 0;
    writer->column = 0;
    buf_clear(&writer->line);
}

void table_writer_row_begin(struct table_writer *writer) {
    writer->header = false;
    writer->column = 0;
    buf_clear(&writer->line);
    if (writer->format == TABLE_WRITER_JSON_LINES) {
        json_decref(writer->object);
        writer->object = json_object();
    }
}

static int add_dumped(const char *bytes, size_t len, void *context) {
    struct buf *line = context;
    buf_add(line, bytes, len);
    return line->failed ? -1 : 0;
}

static bool print_line(struct table_writer *writer) {
    if (writer->line.failed)
        writer->failed = true;
    if (!writer->failed && writer->line.len &&
        fwrite(writer->line.at, 1, writer->line.len, stdout) != writer->line.len)
        writer->failed = true;
    return !writer->failed;
}

bool table_writer_row_end(struct table_writer *writer) {
    switch (writer->format) {
    case TABLE_WRITER_SHEET:
        writer->row++;
        writer->columns = writer->column;
        return !writer->failed;
    case TABLE_WRITER_ALIGNED:
        if (!writer->failed && !writer->header)
            aligned_row_end(writer->aligned, &writer->line);
        return print_line(writer);
    case TABLE_WRITER_JSON_LINES:
        /* insertion order; integers as integers; enough digits for every number that is written */
        if (json_dump_callback(writer->object, add_dumped, &writer->line,
                               JSON_COMPACT | JSON_REAL_PRECISION(REAL_DIGITS)) != 0)
            writer->failed = true;
        break;
    case TABLE_WRITER_CSV:
        break;
    }
    buf_char(&writer->line, '\n');
    return print_line(writer);
}

bool table_writer_end(struct table_writer *writer) {
    if (writer->format == TABLE_WRITER_SHEET)
        sheet_is_table(writer->sheet, writer->row, writer->columns);
    if (writer->format != TABLE_WRITER_ALIGNED || writer->failed)
        return !writer->failed;
    buf_clear(&writer->line);
    aligned_end(writer->aligned, &writer->line);
    return print_line(writer);
}

/* ---- cells ---- */

/* Excel and others begin a formula at these, also at the fullwidth forms of = + - @ (OWASP). */
static bool begins_formula(struct span text, bool strictly) {
    static const char *const wide[] = {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D",
                                       "\xEF\xBC\xA0"};
    if (!text.len)
        return false;
    for (int i = 0; i < 4; i++)
        if (span_starts(text, wide[i]))
            return true;
    if (strictly || text.at[0] == '=' || text.at[0] == '@')
        return memchr("=+-@\t\r\n", text.at[0], 7) != NULL;
    /* ";-)" is none */
    bool sign = text.at[0] == '+' || text.at[0] == '-';
    char next = text.len > 1 ? text.at[1] : ' ';
    return sign && ((next >= '0' && next <= '9') || (next >= 'A' && next <= 'Z') ||
                    (next >= 'a' && next <= 'z') || next == '(');
}

/* Where a program that takes another separator for ours begins a new cell: there the quotes around
 * the whole are no longer at a cell's beginning, so what follows is guarded too. */
static bool separates(char byte) {
    return byte == ';' || byte == '\t' || byte == '\n' || byte == '\r';
}

static void csv_text(struct table_writer *writer, struct span text) {
    struct buf *line = &writer->line;
    bool guard = begins_formula(text, true), quote = guard;
    for (size_t i = 0; i < text.len && !quote; i++)
        quote = text.at[i] && strchr(",;\t\"\r\n", text.at[i]) != NULL;
    if (quote)
        buf_char(line, '"');
    if (guard)
        buf_char(line, '\'');
    for (size_t i = 0; i < text.len; i++) {
        struct span rest = {text.at + i, text.len - i};
        if (i && separates(text.at[i - 1]) && begins_formula(rest, false))
            buf_char(line, '\'');
        if (text.at[i] == '"')
            buf_char(line, '"');
        if (text.at[i] == 0)
            buf_codepoint(line, 0xFFFD); /* readers of CSV take NUL for the end */
        else
            buf_char(line, text.at[i]);
    }
    if (quote)
        buf_char(line, '"');
}

static void json_put(struct table_writer *writer, const char *name, json_t *value) {
    if (json_object_set_new(writer->object, name, value) != 0)
        writer->failed = true;
}

/* Text that is no UTF-8 keeps its ASCII. */
static json_t *json_repaired(struct span text) {
    char *copy = malloc(text.len + 1);
    json_t *value = NULL;
    for (size_t i = 0; copy && i < text.len; i++)
        copy[i] = (unsigned char)text.at[i] < 0x80 ? text.at[i] : '?';
    if (copy)
        value = json_stringn(copy, text.len);
    free(copy);
    return value;
}

/* Starts a CSV cell; true when that was all (a header, or nothing known). */
static bool csv_begun(struct table_writer *writer, const char *name, bool known) {
    if (writer->line.len)
        buf_char(&writer->line, ',');
    if (writer->header)
        buf_text(&writer->line, name);
    return writer->header || !known;
}

/* Of a sheet or for people: the head of a column; true when that was all. */
static bool heading_put(struct table_writer *writer, const char *name, bool right, double wide) {
    if (writer->header && writer->format == TABLE_WRITER_ALIGNED)
        aligned_heading(writer->aligned, name, right);
    if (writer->header && writer->format == TABLE_WRITER_SHEET) {
        double least = (double)strlen(name) + 4; /* and the button of the filter */
        sheet_text(writer->sheet, 0, writer->column, CELL_HEADING, span_of(name));
        sheet_width(writer->sheet, writer->column++, wide > least ? wide : least);
    }
    return writer->header;
}

static void text_put(struct table_writer *writer, const char *name, struct span text, bool link) {
    bool prose = strcmp(name, "text") == 0 || strncmp(name, "summary", 7) == 0;
    switch (writer->format) {
    case TABLE_WRITER_CSV:
        if (!csv_begun(writer, name, true))
            csv_text(writer, text);
        break;
    case TABLE_WRITER_ALIGNED:
        if (!heading_put(writer, name, false, 0))
            aligned_cell(writer->aligned, text);
        break;
    case TABLE_WRITER_SHEET:
        if (heading_put(writer, name, false, prose ? 70 : 14))
            break;
        if (link)
            sheet_link(writer->sheet, writer->row, writer->column++, text);
        else
            sheet_text(writer->sheet, writer->row, writer->column++, CELL_PLAIN, text);
        break;
    case TABLE_WRITER_JSON_LINES: {
        json_t *value = json_stringn(text.at ? text.at : "", text.len);
        json_put(writer, name, value ? value : json_repaired(text));
    }
    }
}

void table_writer_text(struct table_writer *writer, const char *name, struct span text) {
    text_put(writer, name, text, false);
}

void table_writer_link(struct table_writer *writer, const char *name, struct span text) {
    text_put(writer, name, text, true);
}

void table_writer_integer(struct table_writer *writer, const char *name, int64_t value,
                          bool known) {
    char text[32] = "";
    if (known)
        snprintf(text, sizeof text, "%" PRId64, value);
    switch (writer->format) {
    case TABLE_WRITER_CSV:
        if (!csv_begun(writer, name, known))
            buf_text(&writer->line, text);
        break;
    case TABLE_WRITER_JSON_LINES:
        json_put(writer, name, known ? json_integer(value) : json_null());
        break;
    case TABLE_WRITER_ALIGNED:
        if (!heading_put(writer, name, true, 0))
            aligned_cell(writer->aligned, span_of(text));
        break;
    case TABLE_WRITER_SHEET:
        if (!heading_put(writer, name, true, 0))
            sheet_number(writer->sheet, writer->row, writer->column++, CELL_WHOLE,
                         known ? (double)value : NAN);
    }
}

/* Shares are read as such by their names. */
static bool is_share(const char *name) {
    static const char *const words[] = {"share", "rate",  "coverage",  "km_",
                                        "rr_",   "step_", "conversion"};
    bool is = false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        is |= strstr(name, words[i]) != NULL;
    return is;
}

/* Four digits are enough to read. */
static void put_for_people(struct table_writer *writer, double value) {
    char text[64] = "";
    if (isfinite(value))
        snprintf(text, sizeof text, fabs(value) >= 1000 ? "%.0f" : "%.4g", value);
    aligned_cell(writer->aligned, span_of(text));
}

void table_writer_real(struct table_writer *writer, const char *name, double value, int digits) {
    char text[64];
    snprintf(text, sizeof text, "%.*g", digits, value);
    double rounded = isfinite(value) ? strtod(text, NULL) : NAN;
    switch (writer->format) {
    case TABLE_WRITER_CSV:
        if (!csv_begun(writer, name, isfinite(value)))
            buf_text(&writer->line, text);
        break;
    case TABLE_WRITER_JSON_LINES:
        json_put(writer, name, isfinite(value) ? json_real(rounded) : json_null());
        break;
    case TABLE_WRITER_ALIGNED:
        if (!heading_put(writer, name, true, 0))
            put_for_people(writer, value);
        break;
    case TABLE_WRITER_SHEET:
        if (!heading_put(writer, name, true, 0))
            sheet_number(writer->sheet, writer->row, writer->column++,
                         is_share(name) ? CELL_SHARE : CELL_REAL, rounded);
    }
}

static int64_t on_local_clock(const struct table_writer *writer, int64_t second) {
    return second + (writer->zone ? zone_offset(writer->zone, second) : 0);
}

static void moment_on_sheet(struct table_writer *writer, const char *name, int64_t second,
                            bool known) {
    char utc[64];
    snprintf(utc, sizeof utc, "%s_utc", name);
    if (heading_put(writer, name, true, 20)) {
        heading_put(writer, utc, true, 20);
        return;
    }
    if (known) {
        sheet_date(writer->sheet, writer->row, writer->column, CELL_MOMENT,
                   on_local_clock(writer, second));
        sheet_date(writer->sheet, writer->row, writer->column + 1, CELL_MOMENT, second);
    }
    writer->column += 2;
}

/* To the minute. */
static void moment_for_people(struct table_writer *writer, const char *name, int64_t second,
                              bool known) {
    char iso[ISO_SIZE] = "";
    if (heading_put(writer, name, false, 0))
        return;
    if (known) {
        when_iso(on_local_clock(writer, second), iso);
        iso[10] = ' ';
    }
    aligned_cell(writer->aligned, (struct span){iso, known ? 16 : 0});
}

void table_writer_moment(struct table_writer *writer, const char *name, int64_t second) {
    char iso[ISO_SIZE], twin[64];
    bool known = second != -1 && second > INT64_C(-62135596800) && second < INT64_C(253402300800);
    if (writer->format == TABLE_WRITER_SHEET) {
        moment_on_sheet(writer, name, second, known);
        return;
    }
    if (writer->format == TABLE_WRITER_ALIGNED) {
        moment_for_people(writer, name, second, known);
        return;
    }
    snprintf(twin, sizeof twin, "%s_iso", name);
    table_writer_integer(writer, name, second, known);
    if (!known) {
        table_writer_integer(writer, twin, 0, false);
        return;
    }
    when_iso(second, iso);
    table_writer_text(writer, twin, span_of(iso));
}

void table_writer_local(struct table_writer *writer, const char *name, int64_t second) {
    char iso[ISO_SIZE], text[ISO_SIZE + 16];
    if (writer->format == TABLE_WRITER_SHEET || writer->format == TABLE_WRITER_ALIGNED)
        return;
    int64_t local = on_local_clock(writer, second), offset = local - second;
    int minutes = (int)(offset < 0 ? -offset : offset) / 60;
    when_iso(local, iso);
    snprintf(text, sizeof text, "%.19s%c%02d:%02d", iso, offset < 0 ? '-' : '+', minutes / 60,
             minutes % 60);
    table_writer_text(writer, name, span_of(text));
}

/* A day or a month, of `len` characters. */
static void date_put(struct table_writer *writer, const char *name, int64_t local, size_t len,
                     enum cell_style style) {
    char iso[ISO_SIZE];
    if (writer->format != TABLE_WRITER_SHEET) {
        when_iso(local, iso);
        table_writer_text(writer, name, (struct span){iso, len});
    } else if (!heading_put(writer, name, true, 12)) {
        sheet_date(writer->sheet, writer->row, writer->column++, style, local);
    }
}

void table_writer_day(struct table_writer *writer, const char *name, int64_t second) {
    int64_t local = on_local_clock(writer, second);
    date_put(writer, name, floor_div(local, SECONDS_PER_DAY) * SECONDS_PER_DAY, 10, CELL_DAY);
}

void table_writer_month(struct table_writer *writer, const char *name, int32_t year,
                        int32_t month) {
    date_put(writer, name, civil_days(year, (unsigned)month, 1) * SECONDS_PER_DAY, 7, CELL_MONTH);
}
