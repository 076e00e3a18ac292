/* table writer: one table after the other row, as CSV (RFC 4180, header, LF) or JSON Lines, to
 * standard output. A row is begun, filled cell by cell in a fixed order, and ended; the same calls
 * made between table_writer_header_begin and table_writer_row_end write the CSV header. Unknown
 * values are empty in CSV and null in JSON. Text that a spreadsheet would take for a formula gets
 * an apostrophe in CSV. Memory: one row. Failures (memory, output) are remembered: ask
 * table_writer_failed, then close. */
#ifndef BURZA_TABLE_WRITER_H
#define BURZA_TABLE_WRITER_H

#include "stages/common/buf.h"

#include "stages/common/when.h"

#include <jansson.h>

enum table_writer_format { TABLE_WRITER_CSV, TABLE_WRITER_JSON_LINES };

struct table_writer {
    enum table_writer_format format;
    bool header, failed;
    struct buf line;
    json_t *object;
    const struct zone *zone; /* of local times; NULL: UTC */
};

void table_writer_init(struct table_writer *writer, enum table_writer_format format);
void table_writer_release(struct table_writer *writer);
/* Only for TABLE_WRITER_CSV: the cells that follow give their names. */
void table_writer_header_begin(struct table_writer *writer);
void table_writer_row_begin(struct table_writer *writer);
/* Writes the row. False when memory or the output failed: stop then. */
bool table_writer_row_end(struct table_writer *writer) MUST_USE;

void table_writer_text(struct table_writer *writer, const char *name, struct span text);
/* `unknown` or not, at the caller's word. */
void table_writer_integer(struct table_writer *writer, const char *name, int64_t value, bool known);
/* NAN and infinities are unknown. `digits`: significant ones. */
void table_writer_real(struct table_writer *writer, const char *name, double value, int digits);
/* Two cells: NAME, and NAME_iso as ISO 8601. */
void table_writer_moment(struct table_writer *writer, const char *name, int64_t second);
/* "2023-03-26T03:00:00+02:00": the moment on the local clock, with its offset. */
void table_writer_local(struct table_writer *writer, const char *name, int64_t second);

#endif
