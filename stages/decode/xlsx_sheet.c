/* The cells of a workbook's sheet, as rows of CSV. */
#include "stages/decode/xlsx.h"

#include "stages/common/num.h"
#include "stages/common/when.h"

#include <stdio.h>
#include <stdlib.h>

/* As Excel limits them. */
enum { ROWS_MAX = 1048576, COLUMNS_MAX = 16384 };

void xlsx_sheet_release(struct xlsx_sheet *sheet) {
    buf_release(&sheet->text);
    buf_release(&sheet->value);
    free(sheet->rows);
}

/* Ends the row at hand; false when out of memory. */
static bool close_row(struct xlsx_sheet *sheet) {
    if (sheet->row_count == sheet->row_cap) {
        size_t cap = sheet->row_cap ? sheet->row_cap * 2 : 256;
        struct xlsx_row *grown = realloc(sheet->rows, cap * sizeof *grown);
        if (!grown)
            return false;
        sheet->rows = grown;
        sheet->row_cap = cap;
    }
    sheet->rows[sheet->row_count++] = (struct xlsx_row){sheet->text.len, sheet->fields};
    sheet->width = sheet->fields > sheet->width ? sheet->fields : sheet->width;
    sheet->filled += sheet->fields > 0;
    sheet->fields = sheet->column = 0;
    return true;
}

/* "AB12": column 27, row 12; false when it is no reference. */
static bool read_reference(const char *text, uint32_t *column, uint32_t *row) {
    uint32_t at = 0, number = 0;
    if (!text)
        return false;
    for (; *text >= 'A' && *text <= 'Z' && at <= COLUMNS_MAX; text++)
        at = at * 26 + (uint32_t)(*text - 'A' + 1);
    for (; *text >= '0' && *text <= '9' && number <= ROWS_MAX; text++)
        number = number * 10 + (uint32_t)(*text - '0');
    *column = at - 1;
    *row = number;
    return at && at <= COLUMNS_MAX;
}

static void start_row(struct xlsx *book, const char **attributes) {
    struct xlsx_sheet *sheet = book->sheet;
    const char *text = xlsx_attribute(attributes, "r");
    int64_t number;
    bool ok = true;
    if (text && num_i64(span_of(text), &number) && number <= ROWS_MAX)
        while (ok && sheet->row_count + 1 < (size_t)number)
            ok = close_row(sheet);
    sheet->in_row = true;
    book->trouble = ok ? book->trouble : STATUS_FATAL;
}

static void start_cell(struct xlsx *book, const char **attributes) {
    struct xlsx_sheet *sheet = book->sheet;
    const char *type = xlsx_attribute(attributes, "t");
    const char *style = xlsx_attribute(attributes, "s");
    uint32_t column, row;
    int64_t number;
    if (read_reference(xlsx_attribute(attributes, "r"), &column, &row) && column >= sheet->column)
        sheet->column = column;
    snprintf(sheet->type, sizeof sheet->type, "%s", type ? type : "n");
    sheet->style = style && num_i64(span_of(style), &number) && number >= 0 && number < UINT32_MAX
                       ? (uint32_t)number
                       : UINT32_MAX;
    buf_clear(&sheet->value);
}

void xlsx_sheet_start(struct xlsx *book, const char *name, const char **attributes) {
    struct xlsx_sheet *sheet = book->sheet;
    if (strcmp(name, "row") == 0)
        start_row(book, attributes);
    else if (strcmp(name, "c") == 0)
        start_cell(book, attributes);
    else if (strcmp(name, "rPh") == 0)
        book->in_phonetic = true;
    else
        sheet->in_value = strcmp(name, "v") == 0 || (strcmp(name, "t") == 0 && !book->in_phonetic);
}

/* A number of days since the end of 1899, or since 1904, as a date, a time of day or both; false
 * when it is none. Excel takes 1900 for a leap year: days before March 1900 are not told. */
static bool add_moment(const struct xlsx *book, struct span text, enum number_kind kind,
                       struct buf *out) {
    static const int64_t unit = INT64_C(100000000), day_ms = INT64_C(86400000);
    int64_t scaled;
    if (!num_scaled(text, 8, &scaled) || scaled < 0)
        return false;
    int64_t days = scaled / unit, ms = (scaled % unit * day_ms + unit / 2) / unit;
    if ((ms + 2) % 1000 <= 4) /* a fraction of a day says hardly a second exactly */
        ms = (ms + 2) / 1000 * 1000;
    bool dated = kind != NUMBER_CLOCK;
    if (dated && days < 61 && !book->from_1904)
        return false;
    days += ms / day_ms + (book->from_1904 ? 1462 : 0);
    ms %= day_ms;
    struct civil c = civil_from_seconds((days - 25569) * SECONDS_PER_DAY + ms / 1000);
    if (c.year > 9999)
        return false;
    if (dated)
        buf_format(out, "%04d-%02u-%02u", (int)c.year, c.month, c.day);
    if (kind == NUMBER_DATE && !ms)
        return true;
    buf_format(out, "%s%02u:%02u:%02u", dated ? " " : "", c.hour, c.minute, c.second);
    if (ms % 1000)
        buf_format(out, ".%03u", (unsigned)(ms % 1000));
    return true;
}

/* The cell's text; `made` has room for one that must be made. */
static struct span cell_text(struct xlsx *book, struct buf *made) {
    struct xlsx_sheet *sheet = book->sheet;
    struct span value = buf_as_span(&sheet->value);
    int64_t index;
    if (strcmp(sheet->type, "s") == 0)
        return num_i64(value, &index) && index >= 0 ? text_list_at(&book->strings, (size_t)index)
                                                    : (struct span){NULL, 0};
    if (strcmp(sheet->type, "inlineStr") == 0 || strcmp(sheet->type, "str") == 0) {
        xlsx_unescape(&sheet->value, 0);
        return buf_as_span(&sheet->value);
    }
    if (strcmp(sheet->type, "e") == 0) /* #N/A and the like say nothing */
        return (struct span){NULL, 0};
    if (strcmp(sheet->type, "b") == 0)
        return span_is(value, "1") ? SPAN_LITERAL("TRUE") : SPAN_LITERAL("FALSE");
    enum number_kind kind = sheet->style < book->style_count
                                ? (enum number_kind)book->styles[sheet->style]
                                : NUMBER_PLAIN;
    if (kind != NUMBER_PLAIN && strcmp(sheet->type, "n") == 0 &&
        add_moment(book, value, kind, made))
        return buf_as_span(made);
    return value;
}

static void end_cell(struct xlsx *book) {
    struct xlsx_sheet *sheet = book->sheet;
    struct buf made;
    buf_init(&made, 64);
    struct span text = cell_text(book, &made);
    if (text.len && sheet->column < COLUMNS_MAX) {
        for (uint32_t at = sheet->fields ? sheet->fields - 1 : 0; at < sheet->column; at++)
            buf_char(&sheet->text, ',');
        buf_char(&sheet->text, '"');
        for (const char *quote; (quote = memchr(text.at, '"', text.len));) {
            size_t len = (size_t)(quote - text.at) + 1;
            buf_add(&sheet->text, text.at, len);
            buf_char(&sheet->text, '"');
            text = (struct span){text.at + len, text.len - len};
        }
        buf_span(&sheet->text, text);
        buf_char(&sheet->text, '"');
        sheet->fields = sheet->column + 1;
    }
    sheet->column++;
    buf_release(&made);
}

void xlsx_sheet_end(struct xlsx *book, const char *name) {
    struct xlsx_sheet *sheet = book->sheet;
    sheet->in_value = false;
    if (strcmp(name, "rPh") == 0)
        book->in_phonetic = false;
    if (strcmp(name, "c") == 0)
        end_cell(book);
    if (strcmp(name, "row") != 0 || !sheet->in_row)
        return;
    sheet->in_row = false;
    if (sheet->row_count == ROWS_MAX || !close_row(sheet))
        sheet->text.failed = true;
}

bool xlsx_sheet_table(const struct xlsx_sheet *sheet, struct buf *out) {
    size_t from = 0;
    for (size_t i = 0; i < sheet->row_count; i++) {
        const struct xlsx_row *row = &sheet->rows[i];
        buf_add(out, sheet->text.at + from, row->end - from);
        for (uint32_t at = row->fields; row->fields && at < sheet->width; at++)
            buf_char(out, ',');
        buf_char(out, '\n');
        from = row->end;
    }
    return !out->failed;
}
