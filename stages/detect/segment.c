#include "stages/detect/segment.h"

#include <math.h>
#include <stdlib.h>

enum { MULTIPLES = 6 };
static const double multiples[MULTIPLES] = {1.6, 2.4, 4, 8, 20, 80};
#define CHANGE_PENALTY 7.0

struct rise_cost rise_cost(double ratio, double dispersion, double autocorrelation_factor) {
    double spread = dispersion - 1;
    if (spread < 1e-6)
        return (struct rise_cost){log(ratio) / autocorrelation_factor,
                                  (ratio - 1) / autocorrelation_factor};
    double growth = log((1 + spread * ratio) / dispersion);
    return (struct rise_cost){(log(ratio) - growth) / autocorrelation_factor,
                              growth / spread / autocorrelation_factor};
}

void segments_release(struct segments *segments) {
    free(segments->at);
    *segments = (struct segments){0};
}

bool segments_add(struct segments *segments, struct segment segment) {
    if (segments->count == segments->cap) {
        size_t cap = segments->cap ? segments->cap * 2 : 16;
        struct segment *grown = realloc(segments->at, cap * sizeof *grown);
        if (!grown)
            return false;
        segments->at = grown;
        segments->cap = cap;
    }
    segments->at[segments->count++] = segment;
    return true;
}

/* The best (Viterbi) path that ends in one state: its value, where its current rise began, and the
 * value of the path before that rise. */
struct path {
    double value, before;
    size_t from;
};

/* The rise that ends with a bucket when the best path turns usual there; from is SIZE_MAX when the
 * path was usual before. */
struct turn {
    size_t from;
    double gain;
};

static struct path best_rise(const struct path rise[MULTIPLES]) {
    struct path best = rise[0];
    for (int k = 1; k < MULTIPLES; k++)
        if (rise[k].value > best.value)
            best = rise[k];
    return best;
}

/* Viterbi traceback from the end, then the segments in order of time. */
static bool turns_collect(struct segments *segments, const struct turn *turns, size_t count) {
    for (size_t bucket = count; bucket-- > 0;) {
        size_t from = turns[bucket].from;
        if (from == SIZE_MAX)
            continue;
        if (!segments_add(segments, (struct segment){from, bucket, from, turns[bucket].gain}))
            return false;
        bucket = from;
    }
    for (size_t i = 0; i < segments->count / 2; i++) {
        struct segment *mirror = &segments->at[segments->count - 1 - i];
        struct segment swap = segments->at[i];
        segments->at[i] = *mirror;
        *mirror = swap;
    }
    return true;
}

enum status segments_find(struct segments *segments, const struct segment_model *model,
                          const double *counted, const float *expected, size_t count,
                          struct fault *fault) {
    struct turn *turns = malloc((count ? count : 1) * sizeof *turns);
    if (!turns)
        return fault_memory(fault);
    struct rise_cost cost[MULTIPLES];
    struct path rise[MULTIPLES];
    for (int k = 0; k < MULTIPLES; k++) {
        cost[k] = rise_cost(multiples[k], model->dispersion, model->autocorrelation_factor);
        rise[k] = (struct path){-INFINITY, 0, 0};
    }
    double usual = 0;
    for (size_t t = 0; t < count; t++) {
        /* every rise goes on, changes its multiple, or begins */
        struct path changed = best_rise(rise);
        changed.value -= CHANGE_PENALTY;
        if (usual - model->penalty > changed.value)
            changed = (struct path){usual - model->penalty, usual, t};
        for (int k = 0; k < MULTIPLES; k++) {
            if (changed.value > rise[k].value)
                rise[k] = changed;
            rise[k].value +=
                counted[t] * cost[k].per_count - (double)expected[t] * cost[k].per_expected;
        }
        struct path best = best_rise(rise);
        turns[t].from = SIZE_MAX;
        if (best.value > usual) {
            turns[t] = (struct turn){best.from, best.value - best.before + model->penalty};
            usual = best.value;
        }
    }
    bool done = turns_collect(segments, turns, count);
    free(turns);
    return done ? STATUS_OK : fault_memory(fault);
}
