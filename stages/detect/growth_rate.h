/* growth_rate: how fast an episode grows or fades. Fits expected + exp(a + b t) to the buckets of a
 * stretch by quasi-likelihood: b > 0 grows, b < 0 fades. Nothing is allocated; cannot fail. */
#ifndef BURZA_DETECT_GROWTH_RATE_H
#define BURZA_DETECT_GROWTH_RATE_H

#include <stddef.h>
#include <stdint.h>

/* Buckets in which the excess doubles (positive) or halves (negative) over buckets from..to; 0
 * where the stretch is too short or the counts are too few to say. */
double growth_doubling_time(const int32_t *counted, const float *expected, size_t from, size_t to);

#endif
