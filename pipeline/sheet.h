/* sheet: one table after the other row, as CSV (RFC 4180, header, LF) or JSON Lines, to standard
 * output. A row is begun, filled cell by cell in a fixed order, and ended; the same calls made
 * between sheet_header_begin and sheet_row_end write the CSV header. Unknown values are empty in
 * CSV and null in JSON. Text that a spreadsheet would take for a formula gets an apostrophe in CSV.
 * Memory: one row. Failures (memory, output) are remembered: ask sheet_failed, then close. */
#ifndef BURZA_SHEET_H
#define BURZA_SHEET_H

#include "stages/common/buf.h"

#include <jansson.h>

enum sheet_format { SHEET_CSV, SHEET_JSON_LINES };

struct sheet {
    enum sheet_format format;
    bool header, failed;
    struct buf line;
    json_t *object;
};

void sheet_init(struct sheet *sheet, enum sheet_format format);
void sheet_release(struct sheet *sheet);
/* Only for SHEET_CSV: the cells that follow give their names. */
void sheet_header_begin(struct sheet *sheet);
void sheet_row_begin(struct sheet *sheet);
/* Writes the row. False when memory or the output failed: stop then. */
bool sheet_row_end(struct sheet *sheet) MUST_USE;

void sheet_text(struct sheet *sheet, const char *name, struct span text);
/* `unknown` or not, at the caller's word. */
void sheet_integer(struct sheet *sheet, const char *name, int64_t value, bool known);
/* NAN and infinities are unknown. `digits`: significant ones. */
void sheet_real(struct sheet *sheet, const char *name, double value, int digits);
/* Two cells: NAME, and NAME_iso as ISO 8601. */
void sheet_moment(struct sheet *sheet, const char *name, int64_t second);

#endif
