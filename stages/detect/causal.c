#include "stages/detect/detect.h"
#include "stages/detect/extremes.h"
#include "stages/detect/focus.h"
#include "stages/detect/trailing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#ifdef DEV
static double tune(const char *name, double value) {
    const char *text = getenv(name);
    return text ? atof(text) : value;
}
#else
#define tune(name, value) (value)
#endif

enum { STATISTICS = 4, HOUR_BUCKETS_MAX = 3600 };

struct window {
    size_t length, next; /* in buckets */
    double *excess, *expected;
    double excess_sum, expected_sum;
};

struct causal {
    struct rhythm rhythm;
    struct trailing trailing;
    struct focus focus;
    struct extremes extremes[STATISTICS];
    double block_max[STATISTICS];
    bool block_alarmed;
    size_t block_length, block_at, quiet_length, history;
    struct window hour, stretch;
    double announced; /* best score said within the quiet time */
    size_t announced_at;
    uint64_t now;
    double threshold;
    double weight[STATISTICS], muMin, exclude, step;
};

static bool window_init(struct window *window, size_t length) {
    window->length = length;
    window->excess = calloc(length, sizeof *window->excess);
    window->expected = calloc(length, sizeof *window->expected);
    return window->excess && window->expected;
}

static void window_add(struct window *window, double excess, double expected) {
    size_t i = window->next;
    window->excess_sum += excess - window->excess[i];
    window->expected_sum += expected - window->expected[i];
    window->excess[i] = excess;
    window->expected[i] = expected;
    window->next = i + 1 == window->length ? 0 : i + 1;
}

static size_t buckets_in(int64_t seconds, int64_t interval_s) {
    int64_t buckets = (seconds + interval_s / 2) / interval_s;
    return buckets < 1 ? 1 : (size_t)buckets;
}

enum status causal_new(struct causal **out, int64_t start_s, int32_t interval_s,
                       const struct zone *zone, const struct detect_options *options,
                       struct fault *fault) {
    struct causal *causal = calloc(1, sizeof *causal);
    *out = causal;
    if (!causal)
        return fault_memory(fault);
    causal->rhythm = (struct rhythm){start_s, interval_s, zone};
    trailing_init(&causal->trailing, interval_s);
    focus_init(&causal->focus);
    for (int i = 0; i < STATISTICS; i++)
        extremes_init(&causal->extremes[i]);
    causal->block_length = buckets_in(6 * SECONDS_PER_HOUR, interval_s);
    causal->quiet_length = buckets_in((int64_t)(tune("QUIET", 24) * SECONDS_PER_HOUR), interval_s);
    causal->history = buckets_in(60 * SECONDS_PER_HOUR, interval_s);
    causal->threshold = tune("T", 2.44);
    causal->announced = -INFINITY;
    causal->weight[0] = tune("W0", 1);
    causal->weight[1] = tune("W1", 1);
    causal->weight[2] = tune("W2", 1);
    causal->weight[3] = tune("W3", 0);
    causal->muMin = tune("MU", 2);
    causal->exclude = tune("EXCL", 1);
    causal->step = tune("STEP", 1);
    (void)options;
    if (!window_init(&causal->hour, buckets_in(SECONDS_PER_HOUR, interval_s)) ||
        !window_init(&causal->stretch,
                     buckets_in((int64_t)(tune("STRETCH", 3) * SECONDS_PER_HOUR), interval_s)))
        return fault_memory(fault);
    return STATUS_OK;
}

void causal_free(struct causal *causal) {
    if (!causal)
        return;
    free(causal->hour.excess);
    free(causal->hour.expected);
    free(causal->stretch.excess);
    free(causal->stretch.expected);
    free(causal);
}

static double log_excess(double excess) {
    return log1p(excess > 0 ? excess : 0);
}

struct causal_row causal_push(struct causal *causal, int32_t value, uint16_t coverage_milli) {
    uint64_t bucket = causal->now++;
    double coverage = (coverage_milli > 1000 ? 1000 : coverage_milli) / 1000.0;
    double counted = value > 0 ? value : 0;
    struct beat beat = rhythm_at(&causal->rhythm, bucket);
    double expected = trailing_expect(&causal->trailing, beat, coverage);
    struct causal_row row = {.baseline = expected, .onset = bucket};
    if (coverage <= 0)
        return row;
    double dispersion = causal->trailing.dispersion;
    double least = 0.02 * causal->trailing.level * coverage + 1e-6;
    double lambda = fmax(expected, least);
    uint64_t day = buckets_in(SECONDS_PER_DAY, causal->rhythm.width_s);
    focus_push(&causal->focus, bucket, counted, lambda, bucket >= day ? bucket - day : 0,
               causal->muMin);
    window_add(&causal->hour, counted - lambda, lambda);
    window_add(&causal->stretch, counted - lambda, lambda);
    struct focus_answer rise = focus_ask(&causal->focus, dispersion, causal->muMin);
    double statistic[STATISTICS] = {
        log1p(sqrt(2 * rise.likelihood_ratio)),
        log_excess(counted - lambda),
        log_excess(causal->hour.excess_sum),
        log_excess(causal->stretch.excess_sum),
    };
    double score = 0, weights = 0;
    for (int i = 0; i < STATISTICS; i++) {
        score += causal->weight[i] * extremes_score(&causal->extremes[i], statistic[i]);
        weights += causal->weight[i];
        causal->block_max[i] = fmax(causal->block_max[i], statistic[i]);
    }
    score /= weights;
    bool ready = bucket >= causal->history && causal->extremes[0].count >= 4;
    row.score = ready ? score : 0;
    if (causal->announced_at + causal->quiet_length < bucket)
        causal->announced = -INFINITY;
    double ratio = (causal->hour.excess_sum + causal->hour.expected_sum) /
                   fmax(causal->hour.expected_sum, 1e-9);
    if (ready && score >= causal->threshold && score > causal->announced + causal->step &&
        causal->hour.excess_sum >= tune("MINEX", 10) && ratio >= tune("MINR", 2)) {
        row.alert = true;
        row.onset = rise.start;
        causal->announced = score;
        causal->announced_at = bucket;
    }
    if (score >= causal->threshold)
        causal->block_alarmed = true;
    if (++causal->block_at == causal->block_length) {
        bool skip = causal->exclude > 0 && causal->block_alarmed && causal->extremes[0].count >= 8;
        for (int i = 0; i < STATISTICS; i++) {
            if (!skip)
                extremes_add(&causal->extremes[i], causal->block_max[i]);
            causal->block_max[i] = 0;
        }
        causal->block_at = 0;
        causal->block_alarmed = false;
    }
    trailing_learn(&causal->trailing, beat, coverage, counted, expected);
    return row;
}
