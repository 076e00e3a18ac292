#include "stages/detect/extremes.h"

#include <math.h>
#include <string.h>

#define EULER_GAMMA 0.5772156649015329
/* In the log units of the statistics that are fed in: a usual spread of block maxima, and how many
 * blocks it counts for. Chosen on the five series named in results/quality/detection.md, where
 * scores are flat for 16..60 blocks and 0.35..0.55. */
#define PRIOR_SCALE 0.45
#define PRIOR_BLOCKS 32.0

void extremes_init(struct extremes *extremes) {
    memset(extremes, 0, sizeof *extremes);
    extremes->scale = PRIOR_SCALE;
}

static void sorted_remove(struct extremes *extremes, size_t count, double value) {
    size_t at = 0;
    while (at + 1 < count && extremes->sorted[at] < value)
        at++;
    memmove(extremes->sorted + at, extremes->sorted + at + 1,
            (count - at - 1) * sizeof *extremes->sorted);
}

static void sorted_insert(struct extremes *extremes, size_t count, double value) {
    size_t at = count;
    while (at && extremes->sorted[at - 1] > value) {
        extremes->sorted[at] = extremes->sorted[at - 1];
        at--;
    }
    extremes->sorted[at] = value;
}

static void fit(struct extremes *extremes) {
    size_t n = extremes->count;
    double b0 = 0, b1 = 0;
    for (size_t i = 0; i < n; i++) {
        b0 += extremes->sorted[i];
        b1 += extremes->sorted[i] * (double)i;
    }
    b0 /= (double)n;
    b1 = n > 1 ? b1 / ((double)n * (double)(n - 1)) : b0 / 2; /* one block: no spread */
    double own = (2 * b1 - b0) / M_LN2;
    extremes->scale = (own * (double)n + PRIOR_SCALE * PRIOR_BLOCKS) / ((double)n + PRIOR_BLOCKS);
    extremes->location = b0 - EULER_GAMMA * extremes->scale;
}

void extremes_add(struct extremes *extremes, double block_maximum) {
    if (extremes->count == EXTREMES_BLOCKS)
        sorted_remove(extremes, extremes->count--, extremes->recent[extremes->next]);
    sorted_insert(extremes, extremes->count++, block_maximum);
    extremes->recent[extremes->next] = block_maximum;
    extremes->next = (extremes->next + 1) % EXTREMES_BLOCKS;
    fit(extremes);
}

double extremes_score(const struct extremes *extremes, double value) {
    return (value - extremes->location) / extremes->scale;
}
