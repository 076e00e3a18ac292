#include "stages/detect/focus.h"

#include <math.h>
#include <string.h>

void focus_init(struct focus *focus) {
    memset(focus, 0, sizeof *focus);
}

static double rise_likelihood(double counted, double expected, double dispersion) {
    if (!(expected > 0) || counted < FOCUS_LEAST_RATIO * expected)
        return 0; /* a smaller rise than asked for: never better than none */
    double ratio = counted / expected;
    double spread = dispersion - 1;
    if (spread < 1e-6)
        return counted * log(ratio) - (counted - expected);
    /* NB1: size r = expected / spread; (r + m expected) / (r + expected) depends on m alone */
    double growth = log((1 + spread * ratio) / dispersion);
    return counted * log(ratio) - (counted + expected / spread) * growth;
}

static struct focus_point *point_at(struct focus *focus, size_t i) {
    return &focus->points[(focus->first + i) % FOCUS_POINTS];
}

static double slope(const struct focus_point *a, double expected, double counted) {
    double run = expected - a->expected;
    return run > 0 ? (counted - a->counted) / run : 0;
}

static void drop_oldest(struct focus *focus) {
    focus->first = (focus->first + 1) % FOCUS_POINTS;
    focus->count--;
}

void focus_push(struct focus *focus, uint64_t bucket, double counted, double expected,
                uint64_t oldest) {
    if (!focus->count)
        focus->expected = focus->counted = 0; /* keeps the sums small, and so exact */
    while (focus->count > 1) {
        struct focus_point *last = point_at(focus, focus->count - 1);
        struct focus_point *before = point_at(focus, focus->count - 2);
        if (slope(before, last->expected, last->counted) <
            slope(last, focus->expected, focus->counted))
            break;
        focus->count--;
    }
    if (focus->count == FOCUS_POINTS)
        drop_oldest(focus);
    *point_at(focus, focus->count++) =
        (struct focus_point){bucket, focus->expected, focus->counted};
    focus->expected += expected;
    focus->counted += counted;
    /* the chance that a start is best is gone once the hull's edge that follows it is flat */
    const double least_slope = (FOCUS_LEAST_RATIO - 1) / log(FOCUS_LEAST_RATIO);
    while (focus->count) {
        const struct focus_point *first = point_at(focus, 0);
        const struct focus_point *next = focus->count > 1 ? point_at(focus, 1) : NULL;
        double edge = slope(first, next ? next->expected : focus->expected,
                            next ? next->counted : focus->counted);
        if (first->bucket >= oldest && edge >= least_slope)
            break;
        drop_oldest(focus);
    }
}

struct focus_answer focus_ask(const struct focus *focus, double dispersion) {
    struct focus_answer best = {0};
    for (size_t i = 0; i < focus->count; i++) {
        const struct focus_point *point = &focus->points[(focus->first + i) % FOCUS_POINTS];
        double counted = focus->counted - point->counted;
        double expected = focus->expected - point->expected;
        double ratio = rise_likelihood(counted, expected, dispersion);
        if (ratio > best.likelihood_ratio)
            best = (struct focus_answer){ratio, point->bucket, counted - expected};
    }
    return best;
}
