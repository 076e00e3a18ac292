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

void table_writer_release(struct table_writer *writer) {
    buf_release(&writer->line);
    json_decref(writer->object);
}

void table_writer_header_begin(struct table_writer *writer) {
    writer->header = true;
    buf_clear(&writer->line);
}

void table_writer_row_begin(struct table_writer *writer) {
    writer->header = false;
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

bool table_writer_row_end(struct table_writer *writer) {
    /* insertion order; integers as integers; enough digits for every number that is written */
    if (writer->format == TABLE_WRITER_JSON_LINES &&
        json_dump_callback(writer->object, add_dumped, &writer->line,
                           JSON_COMPACT | JSON_REAL_PRECISION(REAL_DIGITS)) != 0)
        writer->failed = true;
    buf_char(&writer->line, '\n');
    if (writer->line.failed)
        writer->failed = true;
    if (!writer->failed && fwrite(writer->line.at, 1, writer->line.len, stdout) != writer->line.len)
        writer->failed = true;
    return !writer->failed;
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

void table_writer_text(struct table_writer *writer, const char *name, struct span text) {
    if (writer->format == TABLE_WRITER_CSV) {
        if (!csv_begun(writer, name, true))
            csv_text(writer, text);
        return;
    }
    json_t *value = json_stringn(text.at ? text.at : "", text.len);
    json_put(writer, name, value ? value : json_repaired(text));
}

void table_writer_integer(struct table_writer *writer, const char *name, int64_t value,
                          bool known) {
    if (writer->format == TABLE_WRITER_CSV) {
        if (!csv_begun(writer, name, known))
            buf_format(&writer->line, "%" PRId64, value);
    } else {
        json_put(writer, name, known ? json_integer(value) : json_null());
    }
}

void table_writer_real(struct table_writer *writer, const char *name, double value, int digits) {
    char text[64];
    snprintf(text, sizeof text, "%.*g", digits, value);
    if (writer->format == TABLE_WRITER_CSV) {
        if (!csv_begun(writer, name, isfinite(value)))
            buf_text(&writer->line, text);
    } else {
        json_put(writer, name, isfinite(value) ? json_real(strtod(text, NULL)) : json_null());
    }
}

void table_writer_moment(struct table_writer *writer, const char *name, int64_t second) {
    char iso[ISO_SIZE], twin[64];
    bool known = second != -1 && second > INT64_C(-62135596800) && second < INT64_C(253402300800);
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
    int32_t offset = writer->zone ? zone_offset(writer->zone, second) : 0;
    int32_t minutes = (offset < 0 ? -offset : offset) / 60;
    when_iso(second + offset, iso);
    snprintf(text, sizeof text, "%.19s%c%02d:%02d", iso, offset < 0 ? '-' : '+', minutes / 60,
             minutes % 60);
    table_writer_text(writer, name, span_of(text));
}
