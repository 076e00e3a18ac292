#include "stages/detect/gumbel.h"

#include <math.h>
#include <string.h>

#define EULER_GAMMA 0.5772156649015329
/* In the log units of the statistics that are fed in: a usual spread of block maxima, and how many
 * blocks it counts for. Chosen on the five series named in results/quality/detection.md, where
 * scores are flat for 16..60 blocks and 0.35..0.55. */
#define PRIOR_SCALE 0.45
#define PRIOR_BLOCKS 32.0

void gumbel_init(struct gumbel *gumbel) {
    memset(gumbel, 0, sizeof *gumbel);
    gumbel->scale = PRIOR_SCALE;
}

void gumbel_add(struct gumbel *gumbel, double block_maximum) {
    double *sorted = gumbel->sorted;
    if (gumbel->count == GUMBEL_BLOCKS) { /* the oldest block leaves */
        size_t at = 0, last = --gumbel->count;
        while (at < last && sorted[at] < gumbel->recent[gumbel->next])
            at++;
        memmove(sorted + at, sorted + at + 1, (last - at) * sizeof *sorted);
    }
    gumbel->recent[gumbel->next] = block_maximum;
    gumbel->next = (gumbel->next + 1) % GUMBEL_BLOCKS;
    size_t at = gumbel->count++;
    for (; at && sorted[at - 1] > block_maximum; at--)
        sorted[at] = sorted[at - 1];
    sorted[at] = block_maximum;
    /* fitted by probability-weighted moments */
    size_t n = gumbel->count;
    double b0 = 0, b1 = 0;
    for (size_t i = 0; i < n; i++) {
        b0 += sorted[i];
        b1 += sorted[i] * (double)i;
    }
    b0 /= (double)n;
    b1 = n > 1 ? b1 / ((double)n * (double)(n - 1)) : b0 / 2; /* one block: no spread */
    double own = (2 * b1 - b0) / M_LN2;
    gumbel->scale = (own * (double)n + PRIOR_SCALE * PRIOR_BLOCKS) / ((double)n + PRIOR_BLOCKS);
    gumbel->location = b0 - EULER_GAMMA * gumbel->scale;
}

double gumbel_score(const struct gumbel *gumbel, double value) {
    return (value - gumbel->location) / gumbel->scale;
}
