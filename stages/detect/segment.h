/* segment: the stretches of a series in which the rate is best explained by a multiple of the
 * baseline. A hidden Markov model: one state per bucket (usual, or one of a few multiples), a
 * penalty for leaving the usual and a small one for changing between multiples; the best path is
 * found by the Viterbi algorithm (Kleinberg 2003, with negative binomial costs). Linear in the
 * number of buckets. */
#ifndef BURZA_DETECT_SEGMENT_H
#define BURZA_DETECT_SEGMENT_H

#include "stages/common/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct segment {
    size_t from, to;  /* first and last bucket */
    size_t last_from; /* of its last part; from, unless segments were merged */
    double gain;      /* log likelihood ratio over "usual", before the penalty */
};

struct segments {
    struct segment *at;
    size_t count, cap;
};

struct segment_model {
    double dispersion;             /* of the buckets */
    double autocorrelation_factor; /* >= 1: likelihoods are divided by it where buckets are not
                                      independent */
    double penalty;                /* for leaving the usual */
};

enum status segments_find(struct segments *segments, const struct segment_model *model,
                          const double *counted, const float *expected, size_t count,
                          struct fault *fault) MUST_USE;
void segments_release(struct segments *segments);
bool segments_add(struct segments *segments, struct segment segment) MUST_USE;

/* What one bucket adds to the log likelihood of "ratio times the baseline" over "the baseline", for
 * counts with variance = dispersion x mean: counted x per_count - expected x per_expected. */
struct rise_cost {
    double per_count, per_expected;
};
struct rise_cost rise_cost(double ratio, double dispersion, double autocorrelation_factor);

#endif
