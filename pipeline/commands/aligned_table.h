/* aligned table: rows for people on a terminal. Columns are as wide as what they hold; as many are
 * shown as fit, those named as preferred first; numbers stand to the right, long texts are cut
 * with an ellipsis. What is not shown is said below. Rows are laid out ALIGNED_BATCH at a time, so
 * memory is bounded; each batch has a head of its own. */
#ifndef BURZA_ALIGNED_TABLE_H
#define BURZA_ALIGNED_TABLE_H

#include "stages/common/buf.h"

enum { ALIGNED_BATCH = 500, ALIGNED_COLUMNS = 96 };

struct aligned_table {
    int width;             /* of a line */
    const char *preferred; /* blank-separated names; "" for the order of the table */
    struct aligned_column {
        const char *name; /* a literal of whoever writes the row */
        bool right;
    } columns[ALIGNED_COLUMNS];
    size_t column_count, rows, total;
    size_t ends[ALIGNED_BATCH * ALIGNED_COLUMNS]; /* of the batch's cells in `text` */
    size_t cells;
    struct buf text;
    size_t left_out; /* columns that the last batch did not show */
};

/* NULL: out of memory. */
struct aligned_table *aligned_new(int width, const char *preferred);
void aligned_free(struct aligned_table *table);
/* Columns first, then the cells of each row in their order. Empty: not known. */
void aligned_heading(struct aligned_table *table, const char *name, bool right);
void aligned_cell(struct aligned_table *table, struct span text);
/* Ends a row; adds lines to `out` when a batch is full. */
void aligned_row_end(struct aligned_table *table, struct buf *out);
/* The rest, and what was not shown. */
void aligned_end(struct aligned_table *table, struct buf *out);

#endif
