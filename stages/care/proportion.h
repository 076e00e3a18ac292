/* proportion: limits of a share and of the difference of two shares.
 *
 * Wilson's score interval without continuity correction (E. B. Wilson 1927; R: prop.test(x, n,
 * correct = FALSE)), and of a difference Newcombe's hybrid score interval without correction (R. G.
 * Newcombe 1998, method 10). Nothing is owned; nothing fails: without cases all is NAN. */
#ifndef BURZA_PROPORTION_H
#define BURZA_PROPORTION_H

#include <stdint.h>

/* The 97.5 % point of the normal distribution: limits are those of 95 % everywhere. */
#define NORMAL_975 1.959963984540054

struct proportion {
    double share, low, high;
};

/* x of n. At x = 0 the lower and at x = n the upper limit is exact. */
struct proportion proportion_wilson(int64_t x, int64_t n);
/* x1 of n1 minus x2 of n2. */
struct proportion proportion_difference(int64_t x1, int64_t n1, int64_t x2, int64_t n2);

#endif
