#include "stages/detect/growth_rate.h"

#include "stages/detect/detect.h"

#include <math.h>
#include <stdbool.h>

enum { ITERATIONS = 25, CHUNKS = 96, LEAST_BUCKETS = 4, LEAST_EXCESS = 10 };

/* The stretch in at most CHUNKS pieces: enough to see a curve, and cheap for long episodes. */
struct pieces {
    double time[CHUNKS], counted[CHUNKS], expected[CHUNKS];
    double level[CHUNKS]; /* buckets x the mean expectation: the unit of the excess */
    size_t count;
};

static void gather(struct pieces *pieces, const int32_t *counted, const float *expected,
                   size_t from, size_t to) {
    size_t length = to - from + 1, width = (length + CHUNKS - 1) / CHUNKS;
    double total = 0;
    pieces->count = 0;
    for (size_t b = from; b <= to; b += width) {
        size_t end = b + width <= to + 1 ? b + width : to + 1;
        double sum = 0, usual = 0;
        for (size_t i = b; i < end; i++) {
            if (counted[i] > 0 && expected[i] > 0) /* unknown where nothing is expected */
                sum += counted[i];
            usual += (double)expected[i];
        }
        size_t k = pieces->count++;
        pieces->level[k] = (double)(end - b);
        total += usual;
        pieces->time[k] = (double)(b - from) + (double)(end - b - 1) / 2;
        pieces->counted[k] = sum;
        pieces->expected[k] = usual;
    }
    for (size_t k = 0; k < pieces->count; k++)
        pieces->level[k] *= total / (double)length;
}

/* One damped Newton step of the quasi-Poisson score equations; false when it leads nowhere. */
static bool step(const struct pieces *pieces, double *a, double *b) {
    double ga = 0, gb = 0, haa = 1e-9, hab = 0, hbb = 1e-9;
    for (size_t k = 0; k < pieces->count; k++) {
        double usual = pieces->expected[k], t = pieces->time[k];
        double excess = pieces->level[k] * exp(fmin(*a + *b * t, 30));
        double pull = (pieces->counted[k] / (usual + excess) - 1) * excess;
        double weight = excess * excess / (usual + excess);
        ga += pull;
        gb += pull * t;
        haa += weight;
        hab += weight * t;
        hbb += weight * t * t;
    }
    double determinant = haa * hbb - hab * hab;
    if (!(determinant > 0))
        return false;
    double da = (hbb * ga - hab * gb) / determinant, db = (haa * gb - hab * ga) / determinant;
    double damp = fmin(1, 1 / fmax(fabs(da), 1e-9));
    *a += damp * da;
    *b += damp * db;
    return isfinite(*a) && isfinite(*b);
}

double growth_doubling_time(const int32_t *counted, const float *expected, size_t from, size_t to) {
    struct pieces pieces;
    if (to < from + LEAST_BUCKETS - 1)
        return 0;
    gather(&pieces, counted, expected, from, to);
    double sum = 0, usual = 0;
    for (size_t k = 0; k < pieces.count; k++) {
        sum += pieces.counted[k];
        usual += pieces.expected[k];
    }
    if (usual <= 0 || sum - usual < LEAST_EXCESS)
        return 0;
    double a = log(fmax(sum / usual - 1, 0.5)), b = 0;
    for (int i = 0; i < ITERATIONS; i++)
        if (!step(&pieces, &a, &b))
            return 0;
    double length = (double)(to - from + 1);
    /* less than a tenth over the whole stretch is level */
    return fabs(b) * length < 0.1 ? 0 : M_LN2 / b;
}

int64_t doubling_time_s(const struct count_series *series, const float *baseline, int64_t from_s,
                        int64_t to_s) {
    int64_t from = floor_div(from_s - series->start_s, series->interval_s);
    int64_t to = floor_div(to_s - series->start_s, series->interval_s);
    if (to >= (int64_t)series->count)
        to = (int64_t)series->count - 1;
    if (from < 0 || to < from)
        return -1;
    double buckets = growth_doubling_time(series->value, baseline, (size_t)from, (size_t)to);
    return buckets > 0 ? (int64_t)(buckets * series->interval_s + 0.5) : -1;
}
