/* table writer: one table, row after row, in one of four shapes. To standard output as CSV (RFC
 * 4180, header, LF), JSON Lines, or aligned for people; or as a sheet of a workbook. A row is
 * begun, filled cell by cell in a fixed order, and ended; the same calls made between
 * table_writer_header_begin and table_writer_row_end give the head. Unknown values are empty in CSV
 * and sheets, null in JSON, - for people. Text that a spreadsheet would take for a formula gets an
 * apostrophe in CSV. Memory: one row, aligned a batch of them. Failures (memory, output) are
 * remembered: look at `failed`, then close. */
#ifndef BURZA_TABLE_WRITER_H
#define BURZA_TABLE_WRITER_H

#include "pipeline/commands/aligned_table.h"
#include "stages/common/when.h"
#include "stages/xlsx/xlsx.h"

#include <jansson.h>

enum table_writer_format {
    TABLE_WRITER_CSV,
    TABLE_WRITER_JSON_LINES,
    TABLE_WRITER_ALIGNED,
    TABLE_WRITER_SHEET
};

struct table_writer {
    enum table_writer_format format;
    bool header, failed;
    struct buf line;
    json_t *object;
    const struct zone *zone;       /* of local times; NULL: UTC */
    struct aligned_table *aligned; /* of TABLE_WRITER_ALIGNED, owned */
    struct sheet *sheet;           /* of TABLE_WRITER_SHEET, borrowed */
    uint32_t row;
    uint16_t column, columns;
};

void table_writer_init(struct table_writer *writer, enum table_writer_format format);
/* After table_writer_init, for people: `preferred` names the columns that matter most. */
void table_writer_align(struct table_writer *writer, int width, const char *preferred);
void table_writer_release(struct table_writer *writer);
/* Not for JSON Lines: the cells that follow give their names. */
void table_writer_header_begin(struct table_writer *writer);
void table_writer_row_begin(struct table_writer *writer);
/* Writes the row. False when memory or the output failed: stop then. */
bool table_writer_row_end(struct table_writer *writer) MUST_USE;
/* After the last row. */
bool table_writer_end(struct table_writer *writer) MUST_USE;

void table_writer_text(struct table_writer *writer, const char *name, struct span text);
/* An address: a link in sheets. */
void table_writer_link(struct table_writer *writer, const char *name, struct span text);
/* `known` or not, at the caller's word. */
void table_writer_integer(struct table_writer *writer, const char *name, int64_t value, bool known);
/* NAN and infinities are unknown. `digits`: significant ones. */
void table_writer_real(struct table_writer *writer, const char *name, double value, int digits);
/* Two cells: NAME, and NAME_iso as ISO 8601. In sheets NAME on the local clock and NAME_utc, both
 * dates; for people NAME on the local clock. */
void table_writer_moment(struct table_writer *writer, const char *name, int64_t second);
/* "2023-03-26T03:00:00+02:00": the moment on the local clock, with its offset. No cell in sheets
 * and for people, where the moment beside it says the same. */
void table_writer_local(struct table_writer *writer, const char *name, int64_t second);
/* "2023-03-26", the local day of a moment; a date in sheets. */
void table_writer_day(struct table_writer *writer, const char *name, int64_t second);
/* "2023-03"; in sheets a date, the first of the month. */
void table_writer_month(struct table_writer *writer, const char *name, int32_t year, int32_t month);

#endif
