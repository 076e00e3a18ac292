/* Slow burns by a CUSUM (Page 1954): the running sum of binomial log likelihood ratios of a risen
 * share of negative mentions against the usual one. */
#include "stages/detect/detect.h"

#include <math.h>
#include <stdlib.h>

enum { MEMORY_DAYS = 28, LEAST_HISTORY_DAYS = 7, LEAST_DAYS = 3 };
#define ODDS_RATIO 1.5     /* of the alternative: the rise that the CUSUM is tuned to */
#define DECISION_LIMIT 6.0 /* decision limit, a log likelihood ratio */
#define END_DROP 3.0       /* fall from its highest value that ends it */
#define LEAST_RISE 0.05
#define LEAST_Z 3.0
#define CORRELATION 0.003 /* intraclass, of opinions within a day */
#define PRIOR_MENTIONS 20.0

/* burn_state: the CUSUM and what is usual so far. */
struct burn_state {
    const int32_t *negative, *total;
    const uint8_t *spike;
    double overall; /* share over the whole series, for shrinkage */
    double sum, best;
    size_t from, best_day;
};

static bool is_known(const struct burn_state *state, size_t day) {
    return state->total[day] > 0 && state->negative[day] >= 0 &&
           state->negative[day] <= state->total[day] && !(state->spike && state->spike[day]);
}

/* The share of the 28 known days before `until`; -1 with too little history. */
static double usual_share(const struct burn_state *state, size_t until) {
    double negative = state->overall * PRIOR_MENTIONS, total = PRIOR_MENTIONS;
    size_t known = 0;
    for (size_t day = until; day-- > 0 && until - day <= 2 * MEMORY_DAYS && known < MEMORY_DAYS;) {
        if (!is_known(state, day))
            continue;
        negative += state->negative[day];
        total += state->total[day];
        known++;
    }
    if (known < LEAST_HISTORY_DAYS)
        return -1;
    return fmin(fmax(negative / total, 0.005), 0.9);
}

static struct slow_burn measure(const struct burn_state *state, size_t from, size_t to) {
    struct slow_burn burn = {.from = from, .to = to, .share_before = usual_share(state, from)};
    double p = burn.share_before, variance = 0;
    for (size_t day = from; day <= to; day++) {
        if (!is_known(state, day))
            continue;
        double n = state->total[day];
        burn.mentions += state->total[day];
        burn.negative += state->negative[day];
        variance += n * p * (1 - p) * (1 + (n - 1) * CORRELATION);
    }
    burn.excess_negative = (double)burn.negative - (double)burn.mentions * p;
    burn.share_during = burn.mentions ? (double)burn.negative / (double)burn.mentions : 0;
    burn.z = variance > 0 ? burn.excess_negative / sqrt(variance) : 0;
    return burn;
}

/* Adds the run when it is long, large and sure enough. */
static bool add_burn(struct slow_burns *out, size_t *cap, struct slow_burn burn) {
    if (burn.to - burn.from + 1 < LEAST_DAYS || burn.z < LEAST_Z ||
        burn.share_during - burn.share_before < LEAST_RISE)
        return true;
    if (out->count == *cap) {
        *cap = *cap ? *cap * 2 : 8;
        struct slow_burn *grown = realloc(out->at, *cap * sizeof *grown);
        if (!grown)
            return false;
        out->at = grown;
    }
    out->at[out->count++] = burn;
    return true;
}

/* Resets the CUSUM; its rise is kept when it passed the decision limit. */
static bool close_run(struct burn_state *state, struct slow_burns *out, size_t *cap) {
    bool done = state->best < DECISION_LIMIT ||
                add_burn(out, cap, measure(state, state->from, state->best_day));
    state->sum = state->best = 0;
    return done;
}

/* While the sum is above zero the reference share is frozen at the one before it began. */
static bool day_step(struct burn_state *state, size_t day, struct slow_burns *out, size_t *cap) {
    if (!is_known(state, day))
        return true;
    if (state->sum <= 0)
        state->from = day;
    double share = usual_share(state, state->from);
    if (share < 0)
        return true;
    double odds = share / (1 - share) * ODDS_RATIO, risen = odds / (1 + odds);
    double k = state->negative[day], n = state->total[day];
    double gain = k * log(risen / share) + (n - k) * log((1 - risen) / (1 - share));
    state->sum += gain / (1 + (n - 1) * CORRELATION);
    if (state->sum > state->best) {
        state->best = state->sum;
        state->best_day = day;
    }
    bool over = state->sum <= 0 || state->sum < state->best - END_DROP ||
                day - state->from > 2 * MEMORY_DAYS; /* by now it is the usual */
    return !over || close_run(state, out, cap);
}

enum status detect_slow_burn(const int32_t *negative, const int32_t *total, const uint8_t *spike,
                             size_t days, struct slow_burns *out, struct fault *fault) {
    *out = (struct slow_burns){0};
    size_t cap = 0;
    struct burn_state state = {.negative = negative, .total = total, .spike = spike};
    double all_negative = 0, all = 0;
    for (size_t day = 0; day < days; day++)
        if (is_known(&state, day)) {
            all_negative += negative[day];
            all += total[day];
        }
    state.overall = all > 0 ? all_negative / all : 0;
    bool done = true;
    for (size_t day = 0; done && day < days; day++)
        done = day_step(&state, day, out, &cap);
    if (done)
        done = close_run(&state, out, &cap);
    if (!done) {
        slow_burns_release(out);
        return fault_memory(fault);
    }
    return STATUS_OK;
}

void slow_burns_release(struct slow_burns *burns) {
    free(burns->at);
    *burns = (struct slow_burns){0};
}
