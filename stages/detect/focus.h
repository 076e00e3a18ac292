/* focus: has the rate of a count series risen, and since when? The likelihood ratio of "the rate
 * has been m times its baseline since bucket k" against "it has not", maximised over all starts k
 * of the last hours and all m >= 2. Only the lower convex hull of the cumulative
 * (expected, counted) points can hold the best start (FOCuS: Romano, Eckley, Fearnhead, Rigaill
 * 2023; Ward et al. 2024 for Poisson), so a bucket costs O(1) amortised plus a short hull.
 * Counts are negative binomial with variance = dispersion x mean. No allocation; cannot fail. */
#ifndef BURZA_DETECT_FOCUS_H
#define BURZA_DETECT_FOCUS_H

#include <stddef.h>
#include <stdint.h>

enum { FOCUS_POINTS = 64 };
/* Only rises to at least twice the baseline count. */
#define FOCUS_LEAST_RATIO 2.0

struct focus {
    struct focus_point {
        uint64_t bucket;          /* the rise would begin with this bucket */
        double expected, counted; /* sums before it */
    } points[FOCUS_POINTS];
    size_t first, count; /* ring of points, oldest first */
    double expected, counted;
};

struct focus_answer {
    double likelihood_ratio; /* log; 0 when nothing has risen */
    uint64_t start;          /* bucket of the best start */
    double excess;           /* counted beyond the expectation since then */
};

void focus_init(struct focus *focus);
/* Adds bucket number `bucket`; starts older than `oldest` and starts that can never be
 * the best again are forgotten. */
void focus_push(struct focus *focus, uint64_t bucket, double counted, double expected,
                uint64_t oldest);
struct focus_answer focus_ask(const struct focus *focus, double dispersion);

#endif
