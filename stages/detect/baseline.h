/* baseline: what every bucket of a finished series should have counted: level x hour of the day
 * (working days and weekends apart) x hours of the week that stand out every week (of buckets of
 * weeks and more: parts of the year that stand out every year). Fitted on cells
 * of about an hour by rounds of proportional fitting in which cells far from the expectation weigh
 * little (Farrington et al. 1996) and cells that the caller masks weigh nothing. Cells without
 * coverage are unknown. Linear in the number of buckets. The caller releases. */
#ifndef BURZA_DETECT_BASELINE_H
#define BURZA_DETECT_BASELINE_H

#include "stages/detect/detect.h"
#include "stages/detect/season.h"

/* baseline_level: blocks of cells (6 hours, or one cell when cells are longer) carry the level;
 * between block centres it is interpolated. */
struct baseline_level {
    size_t block_cells, blocks, reach; /* reach: kernel half-width in blocks */
    double *counted, *exposed, *value; /* [blocks] */
};

struct baseline {
    size_t cell_buckets; /* buckets per cell */
    size_t cells;
    struct season season; /* of the cells */
    struct baseline_cell {
        float counted, coverage; /* sum, and buckets known (0..cell_buckets) */
        float level, shape;      /* expected per whole bucket = level x shape x recurring */
        float recurring;         /* factor of an hour unusual every week, a month every year */
        float weight;            /* 0..1 in the fit */
        struct season_slot slot;
    } * cell;      /* [cells] */
    uint8_t *high; /* [cells] 1: well above what level and shape expect */
    struct baseline_level level;
    bool fitted;
    float *expected;         /* [count] per bucket, scaled by coverage */
    double dispersion;       /* of buckets: variance / mean, >= 1 */
    double cell_dispersion;  /* of cells */
    double block_dispersion; /* of blocks; 1 where counts are too few to tell */
};

enum status baseline_init(struct baseline *baseline, const struct count_series *series,
                          struct fault *fault) MUST_USE;
/* Fits anew, beginning with the last fit if there was one. `coverage` [series->count] overrides the
 * series' own; `masked` [count] marks buckets that belong to an episode. */
void baseline_fit(struct baseline *baseline, const struct count_series *series,
                  const uint16_t *coverage, const uint8_t *masked);
void baseline_release(struct baseline *baseline);

#endif
