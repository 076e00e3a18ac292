/* xlsx: sheets of typed cells and native charts in, one XLSX file out (libxlsxwriter).
 *
 * Texts are never formulas, whatever they begin with; numbers and dates are numbers with a format,
 * which a spreadsheet shows in its own language. The same calls give the same bytes: the one date
 * inside is that of the head. The rows of a sheet are written from the top, its cells in any order
 * within a row: a row goes to a temporary file when the next begins (no memory grows with a table;
 * the file has no name, in the folder that is named, else in TMPDIR).
 * Memory: a workbook owns its sheets; book_close releases all. May fail: out of memory, or
 * EXIT_IO; a failure is remembered and told by book_close. */
#ifndef BURZA_XLSX_H
#define BURZA_XLSX_H

#include "stages/common/buf.h"
#include "stages/common/status.h"

#include <stdbool.h>
#include <stdint.h>

/* Rows and columns count from 0. Excel's limits. */
enum { SHEET_ROWS_MAX = 1048576, SHEET_NAME_MAX = 31 };

enum cell_style {
    CELL_PLAIN,
    CELL_HEADING, /* bold, on grey */
    CELL_TITLE,   /* bold, large */
    CELL_WRAPPED, /* text over several lines */
    CELL_WHOLE,   /* 1234 */
    CELL_REAL,    /* 12.34 */
    CELL_SHARE,   /* 28.6 % of 0.286 */
    CELL_MOMENT,  /* 2023-03-15 11:40:00 */
    CELL_DAY,     /* 2023-03-15 */
    CELL_MONTH,   /* 2023-03 */
    CELL_LINK,
    CELL_STYLES
};

struct workbook_head {
    const char *title, *author;
    int64_t created_s;  /* what the file says of its making: a function of the content */
    const char *folder; /* of temporary files; NULL: TMPDIR */
};

struct workbook;
struct sheet;

enum status book_open(const struct workbook_head *head, struct workbook **out,
                      struct fault *fault) MUST_USE;
/* Names are unique and at most SHEET_NAME_MAX letters; sheets stand in the order of these calls.
 * NULL after a failure: then cells go nowhere. */
struct sheet *book_sheet(struct workbook *book, const char *name);

void sheet_text(struct sheet *sheet, uint32_t row, uint16_t column, enum cell_style style,
                struct span text);
/* A link where the text is an address of the web, else the text. */
void sheet_link(struct sheet *sheet, uint32_t row, uint16_t column, struct span text);
/* NAN: the cell stays empty. */
void sheet_number(struct sheet *sheet, uint32_t row, uint16_t column, enum cell_style style,
                  double value);
/* Seconds since 1970 on the clock that is to be shown. */
void sheet_date(struct sheet *sheet, uint32_t row, uint16_t column, enum cell_style style,
                int64_t local_s);
/* The block from the first row on is a table: its head stays in sight and has filters. */
void sheet_is_table(struct sheet *sheet, uint32_t rows, uint16_t columns);
/* Text over the columns [column, last] of a row that is as high as `lines` lines. */
void sheet_prose(struct sheet *sheet, uint32_t row, uint16_t column, uint16_t last, int lines,
                 struct span text);
/* Printed on A4, lying, one page wide. */
void sheet_is_page(struct sheet *sheet);
void sheet_width(struct sheet *sheet, uint16_t column, double characters);

enum chart_kind { CHART_KIND_LINES, CHART_KIND_SHARES, CHART_KIND_BARS, CHART_KIND_CURVE };

/* Data of a chart: names of the series in row `row` from column `column + 1` on, below them `count`
 * rows; `column` has what they stand over. */
struct chart_plan {
    enum chart_kind kind;
    const char *title, *x_name, *y_name;
    const char *sheet; /* of the data */
    uint32_t row, count;
    uint16_t column, series;
    bool dates;  /* the first column has days */
    bool shares; /* values are shares of 1 */
};
/* At the given cell of a sheet, about 14 columns by 20 rows. */
void sheet_chart(struct workbook *book, struct sheet *at, uint32_t row, uint16_t column,
                 const struct chart_plan *plan);

/* Texts that were longer than a cell of Excel (32,767 UTF-16 units) and were cut so far. */
size_t book_cut_texts(const struct workbook *book);

/* Adds the file's bytes to `out` and releases the workbook. */
enum status book_close(struct workbook *book, struct buf *out, struct fault *fault) MUST_USE;
/* Releases a workbook that nobody wants any more. */
void book_drop(struct workbook *book);

#endif
