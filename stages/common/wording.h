/* wording: months, plurals and digits as people write them in English and Polish.
 *
 * In: numbers. Out: static strings, or bytes appended to `out`. Nothing fails but `out`. */
#ifndef BURZA_WORDING_H
#define BURZA_WORDING_H

#include "stages/common/buf.h"

/* "March", "marca" (as in a date); `month` 1..12. */
const char *wording_month(bool polish, unsigned month);
/* The Polish word after a number: 1 wzmianka, 2-4 wzmianki, 5 wzmianek, 22 wzmianki. */
const char *wording_plural_pl(int64_t n, const char *one, const char *few, const char *many);
/* Digits in groups of three, with narrow blanks that do not break: "1 234 567". */
void wording_digits(struct buf *out, const char *digits, size_t len);

#endif
