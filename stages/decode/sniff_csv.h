/* sniff_csv: the first rows of a table behind its header. Internal to stages/decode. */
#ifndef BURZA_DECODE_SNIFF_CSV_H
#define BURZA_DECODE_SNIFF_CSV_H

#include "stages/decode/sample.h"

enum { TIMES_SAMPLED = 20 };

/* Rows behind the header, split: a few. */
struct few_rows {
    struct span fields[TIMES_SAMPLED][COLUMN_MAX];
    size_t counts[TIMES_SAMPLED], count;
};

/* takeout_columns.c: gives the columns of Takeout's comments, whatever their language, the names
 * that its format knows; of another table none. */
void takeout_columns(const struct few_rows *few, struct span *names, size_t count);

#endif
