/* num: numbers from text, without locale and without floating point, and their order. */
#ifndef BURZA_NUM_H
#define BURZA_NUM_H

#include "stages/common/span.h"

#include <stdint.h>

/* The whole span must be an optional sign and digits; false when it is not or does not fit. */
bool num_i64(struct span text, int64_t *out);
/* A count as people and tools write it: surrounding blanks, "1,234" "1 234" "1.234" "12.0" "1e3"
 * "3.4K" "2M"; fractions are cut. False when it is no number or out of range. */
bool num_count(struct span text, int64_t *out);
/* A decimal number times 10^digits, rounded down: "1700000000.25" with digits 6. */
bool num_scaled(struct span text, int digits, int64_t *out);

/* Order of two uint64_t, for qsort and bsearch. */
int num_compare_u64(const void *a, const void *b);
/* Ascending, by digits where there are many, so that the time is linear. */
void num_sort_i64(int64_t *numbers, size_t count);

#endif
