/* series_value: the counts of one column: with thousands marks, decimals (cut) or "<1".
 *
 * A single "1.234" or "1,234" is ambiguous, so the whole column decides: look at every cell with
 * value_marks_see, then value_marks_decide once, then read. Nothing here allocates. */
#ifndef BURZA_SERIES_VALUE_H
#define BURZA_SERIES_VALUE_H

#include "stages/common/span.h"

#include <stdint.h>

/* What the comma [0] and the point [1] are in this column. */
struct value_marks {
    bool groups[2], decimal[2];    /* proved by a cell */
    bool pattern[2];               /* cells such as 1,234, which prove nothing */
    bool small_plain, large_plain; /* cells without marks, below and from 1000 */
    struct span undecided;         /* a cell of the pattern */
    bool thousands[2];             /* decided */
};

void value_marks_see(struct value_marks *marks, struct span cell);
/* False when the column holds cells that could be either: `undecided` is one of them. */
bool value_marks_decide(struct value_marks *marks, char separator);

enum { VALUE_UNKNOWN = -1, VALUE_NO_COUNT = -2, VALUE_OUT_OF_RANGE = -3 };
/* A count, or one of the above. `small`: it was "<1" or the like, taken as 0. */
int32_t value_read(struct span cell, const struct value_marks *marks, bool *small);
/* Whether the cell is a number of some kind, for telling columns apart. */
bool value_likely(struct span cell);

#endif
