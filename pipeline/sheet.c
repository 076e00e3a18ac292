#include "pipeline/sheet.h"

#include "stages/common/when.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LINE_MAX_BYTES = 64 << 20, REAL_DIGITS = 15 };

void sheet_init(struct sheet *sheet, enum sheet_format format) {
    *sheet = (struct sheet){.format = format};
    buf_init(&sheet->line, LINE_MAX_BYTES);
}

void sheet_release(struct sheet *sheet) {
    buf_release(&sheet->line);
    json_decref(sheet->object);
}

void sheet_header_begin(struct sheet *sheet) {
    sheet->header = true;
    buf_clear(&sheet->line);
}

void sheet_row_begin(struct sheet *sheet) {
    sheet->header = false;
    buf_clear(&sheet->line);
    if (sheet->format == SHEET_JSON_LINES) {
        json_decref(sheet->object);
        sheet->object = json_object();
    }
}

static int add_dumped(const char *bytes, size_t len, void *context) {
    struct buf *line = context;
    buf_add(line, bytes, len);
    return line->failed ? -1 : 0;
}

bool sheet_row_end(struct sheet *sheet) {
    /* insertion order; integers as integers; enough digits for every number that is written */
    if (sheet->format == SHEET_JSON_LINES &&
        json_dump_callback(sheet->object, add_dumped, &sheet->line,
                           JSON_COMPACT | JSON_REAL_PRECISION(REAL_DIGITS)) != 0)
        sheet->failed = true;
    buf_char(&sheet->line, '\n');
    if (sheet->line.failed)
        sheet->failed = true;
    if (!sheet->failed && fwrite(sheet->line.at, 1, sheet->line.len, stdout) != sheet->line.len)
        sheet->failed = true;
    return !sheet->failed;
}

/* ---- cells ---- */

/* Excel and others begin a formula at these, also at the fullwidth forms of = + - @ (OWASP). */
static bool formula_start(struct span text) {
    static const char *const wide[] = {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D",
                                       "\xEF\xBC\xA0"};
    if (!text.len)
        return false;
    if (memchr("=+-@\t\r\n", text.at[0], 8))
        return true;
    for (int i = 0; i < 4; i++)
        if (span_starts(text, wide[i]))
            return true;
    return false;
}

static void csv_separate(struct sheet *sheet) {
    if (sheet->line.len)
        buf_char(&sheet->line, ',');
}

static void csv_text(struct sheet *sheet, struct span text) {
    bool guard = formula_start(text), quote = guard;
    for (size_t i = 0; i < text.len && !quote; i++)
        quote = strchr(",\"\r\n", text.at[i]) != NULL;
    if (quote)
        buf_char(&sheet->line, '"');
    if (guard)
        buf_char(&sheet->line, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"')
            buf_char(&sheet->line, '"');
        if (text.at[i] == 0)
            buf_codepoint(&sheet->line, 0xFFFD); /* readers of CSV take NUL for the end */
        else
            buf_char(&sheet->line, text.at[i]);
    }
    if (quote)
        buf_char(&sheet->line, '"');
}

static void json_put(struct sheet *sheet, const char *name, json_t *value) {
    if (json_object_set_new(sheet->object, name, value) != 0)
        sheet->failed = true;
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
static bool csv_begun(struct sheet *sheet, const char *name, bool known) {
    csv_separate(sheet);
    if (sheet->header)
        buf_text(&sheet->line, name);
    return sheet->header || !known;
}

void sheet_text(struct sheet *sheet, const char *name, struct span text) {
    if (sheet->format == SHEET_CSV) {
        if (!csv_begun(sheet, name, true))
            csv_text(sheet, text);
        return;
    }
    json_t *value = json_stringn(text.at ? text.at : "", text.len);
    json_put(sheet, name, value ? value : json_repaired(text));
}

void sheet_integer(struct sheet *sheet, const char *name, int64_t value, bool known) {
    if (sheet->format == SHEET_CSV) {
        if (!csv_begun(sheet, name, known))
            buf_format(&sheet->line, "%" PRId64, value);
    } else {
        json_put(sheet, name, known ? json_integer(value) : json_null());
    }
}

void sheet_real(struct sheet *sheet, const char *name, double value, int digits) {
    char text[64];
    snprintf(text, sizeof text, "%.*g", digits, value);
    if (sheet->format == SHEET_CSV) {
        if (!csv_begun(sheet, name, isfinite(value)))
            buf_text(&sheet->line, text);
    } else {
        json_put(sheet, name, isfinite(value) ? json_real(strtod(text, NULL)) : json_null());
    }
}

void sheet_moment(struct sheet *sheet, const char *name, int64_t second) {
    char iso[ISO_SIZE], twin[64];
    bool known = second != -1 && second > INT64_C(-62135596800) && second < INT64_C(253402300800);
    snprintf(twin, sizeof twin, "%s_iso", name);
    sheet_integer(sheet, name, second, known);
    if (!known) {
        sheet_integer(sheet, twin, 0, false);
        return;
    }
    when_iso(second, iso);
    sheet_text(sheet, twin, span_of(iso));
}
