/* refine: exact onset, end and peak of an episode whose rough place is known, and how sure the
 * onset and the end are. Onset and end are where the rate crosses 1.5 times the baseline: the
 * change points that maximise a cumulative log likelihood ratio walked outward from the peak. */
#ifndef BURZA_DETECT_REFINE_H
#define BURZA_DETECT_REFINE_H

#include "stages/detect/segment.h"

struct refined {
    size_t onset, onset_low, onset_high, peak, end, end_low, end_high;
};

struct refine_input {
    const double *counted; /* [count] */
    const float *expected; /* [count] */
    size_t count;
    size_t least, most; /* onset and end stay within these buckets */
    size_t hour;        /* buckets per hour, at least 1 */
    bool long_buckets;  /* longer than an hour: too coarse for the shape of a tail */
    double dispersion, autocorrelation_factor;
};

struct refined refine_episode(const struct refine_input *input, const struct segment *segment);

#endif
