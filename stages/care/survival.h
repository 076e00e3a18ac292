/* survival: Kaplan-Meier's product-limit curve of waiting times, some of which were not seen to
 * their end (E. L. Kaplan, P. Meier 1958).
 *
 * Events at a second count before censorings at it. Limits: log-log transform, Greenwood's
 * variance, 95 %, not given where the curve stands at 1 or 0. A quantile is the first time at which
 * the curve falls below its share; where it stands exactly on it, the middle between this time and
 * the next event's, and missing when no event follows; its limits are the same rule applied to the
 * bands (R. Brookmeyer, J. Crowley 1982). R: survfit(Surv(t, e) ~ 1, conf.type = "log-log").
 *
 * In: times in whole seconds. Owner: a `struct survival` owns its steps. May fail: only out of
 * memory (false). Missing figures are NAN. */
#ifndef BURZA_SURVIVAL_H
#define BURZA_SURVIVAL_H

#include "stages/common/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How long somebody waited. One number, in whose order events stand before censorings. */
struct waiting {
    int64_t key; /* seconds * 2, + 1: still waiting when it was last seen */
};
static inline struct waiting waiting_make(int64_t seconds, bool event) {
    return (struct waiting){seconds * 2 + !event};
}
static inline int64_t waiting_seconds(struct waiting waiting) {
    return waiting.key >> 1;
}
static inline bool waiting_ended(struct waiting waiting) {
    return !(waiting.key & 1);
}

struct survival {
    struct survival_step {
        int64_t seconds;         /* of an event */
        double share;            /* still waiting behind it */
        double low, high, error; /* limits, Greenwood's standard error */
    } * steps;                   /* [step_count] */
    size_t step_count, count, event_count;
    int64_t last_s;   /* the longest time seen; -1: none */
    double event_sum; /* of the events' times */
};

/* `waits` [count] is sorted. */
bool survival_fit(struct survival *curve, struct waiting *waits, size_t count) MUST_USE;
void survival_release(struct survival *curve);

struct quantile {
    double value, low, high;
};
/* The time within which the share 0..1 had its event. */
struct quantile survival_quantile(const struct survival *curve, double share);
/* The share that had its event within the time, with equal times; missing beyond what was seen. */
double survival_within(const struct survival *curve, int64_t seconds);

/* The median of plain values, which are sorted: the middle of the two middle ones (R type 2); NAN
 * when there is none. */
double plain_median(int64_t *values, size_t count);

#endif
