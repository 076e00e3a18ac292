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

static void sorted_remove(struct gumbel *gumbel, size_t count, double value) {
    size_t at = 0;
    while (at + 1 < count && gumbel->sorted[at] < value)
        at++;
    memmove(gumbel->sorted + at, gumbel->sorted + at + 1,
            (count - at - 1) * sizeof *gumbel->sorted);
}

static void sorted_insert(struct gumbel *gumbel, size_t count, double value) {
    size_t at = count;
    while (at && gumbel->sorted[at - 1] > value) {
        gumbel->sorted[at] = gumbel->sorted[at - 1];
        at--;
    }
    gumbel->sorted[at] = value;
}

static void fit(struct gumbel *gumbel) {
    size_t n = gumbel->count;
    double b0 = 0, b1 = 0;
    for (size_t i = 0; i < n; i++) {
        b0 += gumbel->sorted[i];
        b1 += gumbel->sorted[i] * (double)i;
    }
    b0 /= (double)n;
    b1 = n > 1 ? b1 / ((double)n * (double)(n - 1)) : b0 / 2; /* one block: no spread */
    double own = (2 * b1 - b0) / M_LN2;
    gumbel->scale = (own * (double)n + PRIOR_SCALE * PRIOR_BLOCKS) / ((double)n + PRIOR_BLOCKS);
    gumbel->location = b0 - EULER_GAMMA * gumbel->scale;
}

void gumbel_add(struct gumbel *gumbel, double block_maximum) {
    if (gumbel->count == GUMBEL_BLOCKS)
        sorted_remove(gumbel, gumbel->count--, gumbel->recent[gumbel->next]);
    sorted_insert(gumbel, gumbel->count++, block_maximum);
    gumbel->recent[gumbel->next] = block_maximum;
    gumbel->next = (gumbel->next + 1) % GUMBEL_BLOCKS;
    fit(gumbel);
}

double gumbel_score(const struct gumbel *gumbel, double value) {
    return (value - gumbel->location) / gumbel->scale;
}
