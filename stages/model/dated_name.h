/* dated name: the time that a file's or member's name states. A stream that is kept as one file a
 * minute, an hour, a day or a month says by these names which of its parts are there.
 *
 * In: a name with its folders. Out: the parts of the time that it ends with; nothing is owned, and
 * nothing fails. A name proves nothing by itself: whoever uses it compares it with what is inside.
 */
#ifndef BURZA_DATED_NAME_H
#define BURZA_DATED_NAME_H

#include "stages/common/span.h"

#include <stdint.h>

/* Parts that the name does not state are -1. */
struct dated_name {
    int year, month, day; /* year 1990..2100; month and day from 1 */
    int hour, minute;     /* where no year is there: of the last two groups of digits */
    int last;             /* the last group of digits: an hour, where the name has no minute */
};

/* "2022/07/28/16/10.json.bz2", "20220728161000.json.gz", "28/16/10.json", "tweets-2022-07-28T16",
 * "RC_2020-01.zst". */
struct dated_name dated_name_read(struct span name);

/* Minutes since 1970 of the minute or hour that is named with its date; -1 when it is not. */
int64_t dated_name_minute(const struct dated_name *name);
/* The day or month that the name ends with, in seconds since 1970, [from, to); false when it names
 * neither, or something shorter. */
bool dated_name_days(const struct dated_name *name, int64_t *from_s, int64_t *to_s);

#endif
