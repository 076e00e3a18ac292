/* series_table: the lines of a series' file as rows of one table: separator, preamble, header, and
 * which columns hold the time and the count.
 *
 * In: bytes that must outlive the table. Out: cells, borrowed; no cell holds a line break. Lines
 * that are empty or begin with # are no rows. May fail: never; a table without rows has none. */
#ifndef BURZA_SERIES_TABLE_H
#define BURZA_SERIES_TABLE_H

#include "stages/common/span.h"

#include <stdint.h>

enum { SERIES_COLUMNS_MAX = 64 };
#define NO_COLUMN SIZE_MAX

/* How the cell of a second time column is put together with the first. */
enum second_part { SECOND_CLOCK, SECOND_MONTH, SECOND_QUARTER, SECOND_WEEK };

struct series_table {
    struct span rest;
    uint32_t line; /* of the row last read */
    char separator;
    size_t time_column, value_column;
    size_t second_column; /* a clock beside a date, a month beside a year; or NO_COLUMN */
    enum second_part second_part;
    uint32_t preamble;                      /* lines in front of the table */
    struct span header[SERIES_COLUMNS_MAX]; /* [columns] names; empty without a header */
    size_t columns;
    size_t others[SERIES_COLUMNS_MAX], other_count; /* further columns that hold numbers */
};

void series_table_open(struct series_table *table, struct span bytes);
/* The cells of the next row; false at the end. `line` (may be NULL): the row as it stands. */
bool series_table_next(struct series_table *table, struct span cells[SERIES_COLUMNS_MAX],
                       size_t *count, struct span *line);

#endif
