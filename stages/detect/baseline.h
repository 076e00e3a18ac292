/* baseline: what every bucket of a finished series should have counted: level x hour of the day
 * (working days and weekends apart) x hours of the week that stand out every week. Fitted on cells
 * of about an hour by rounds of proportional fitting in which cells far from the expectation weigh
 * little (Farrington et al. 1996) and cells that the caller masks weigh nothing. Cells without
 * coverage are unknown. Linear in the number of buckets. The caller releases. */
#ifndef BURZA_DETECT_BASELINE_H
#define BURZA_DETECT_BASELINE_H

#include "stages/detect/detect.h"
#include "stages/detect/rhythm.h"

struct baseline {
    size_t cell_buckets; /* buckets per cell */
    size_t cells;
    struct rhythm rhythm; /* of the cells */
    struct baseline_cell {
        float counted, coverage; /* sum, and buckets known (0..cell_buckets) */
        float level, shape;      /* expected per whole bucket = level x shape */
        float weekly;            /* factor of an hour that is unusual every week */
        float weight;            /* 0..1 in the fit */
        struct beat beat;
    } * cell;                /* [cells] */
    float *expected;         /* [count] per bucket, scaled by coverage */
    double dispersion;       /* of buckets: variance / mean, >= 1 */
    double cell_dispersion;  /* of cells */
    double block_dispersion; /* of blocks of about six hours; 1 where counts are too few to tell */
};

/* `coverage` [series->count] overrides the series' own; `masked` [count] (may be NULL) marks
 * buckets that belong to an episode. */
enum status baseline_fit(struct baseline *baseline, const struct count_series *series,
                         const uint16_t *coverage, const uint8_t *masked,
                         struct fault *fault) MUST_USE;
void baseline_release(struct baseline *baseline);

#endif
