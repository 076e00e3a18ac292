/* The single-pass detector: four statistics of the present rise, each standardised by the tail of
 * its own daily maxima; their mean is the score, an alarm where it passes the threshold. */
#include "stages/detect/daily_maxima.h"
#include "stages/detect/detect.h"
#include "stages/detect/focus.h"
#include "stages/detect/online_baseline.h"
#include "stages/detect/penalty.h"

#include <math.h>
#include <stdlib.h>

/* How large the bucket is, the last hour, the last three hours, and how likely a rise is (log
 * likelihood ratio). */
enum { BUCKET_EXCESS, HOUR_EXCESS, HOURS_EXCESS, LIKELIHOOD, STATISTICS };

enum {
    LONG_WINDOW_S = 3 * SECONDS_PER_HOUR,
    BLOCK_S = 6 * SECONDS_PER_HOUR,       /* of the autocorrelation */
    REFRACTORY_S = 24 * SECONDS_PER_HOUR, /* after an alarm only a clearly larger one */
    LEAST_DAYS = 2,
    DAY_BUCKETS = 6, /* a day of long buckets */
    LEAST_KNOWN = 8, /* of a day, or of six hours, one part in so many */
};
#define LEAST_RATIO 2.0 /* of the hour */
#define CLEARLY_LARGER 2.0
/* At the default rate; flat from 1.8 to 2.4 (results/quality/detection.md). */
#define DEFAULT_THRESHOLD 2.2
#define DEFAULT_RATE 0.5
#define LEAST_BLOCK_EXPECTED 5.0
#define MEDIAN_CHI_SQUARED 0.455 /* 1 degree of freedom */
/* Fewer tests: a single pass looks at rises that end now, a subset of those that the penalty was
 * counted for. */
#define CAUSAL_DISCOUNT 1.0
/* The baseline is never below this part of the level, whatever the shape of the day says. */
#define LEAST_SHAPE 0.02

/* window: running sums over the last hours. */
struct window {
    size_t length, next;       /* in buckets */
    double *excess, *expected; /* [length] */
    double excess_sum, expected_sum;
};

struct causal {
    struct season season;
    struct online_baseline online;
    struct focus focus;
    struct window hour, hours;
    struct daily_maxima maxima[STATISTICS];
    double day_max[STATISTICS];
    size_t day_length, day_at, day_known;       /* in buckets */
    size_t known_days, known_buckets;           /* days of which something is known, and how much */
    size_t block_length, block_at, block_known; /* in buckets */
    double block_counted, block_expected, block_dispersion;
    size_t blocks;
    size_t refractory_length, history;
    double threshold, least_likelihood;
    bool alarmed;       /* within the refractory time */
    double alarm_score; /* of that alarm; 0: none */
    uint64_t alarm_at, now;
    int64_t first_alarm_s; /* none before: the source's first day */
    bool begun;            /* a count that is not 0 has been seen */
};

static void window_add(struct window *window, double excess, double expected) {
    size_t i = window->next;
    window->excess_sum += excess - window->excess[i];
    window->expected_sum += expected - window->expected[i];
    window->excess[i] = excess;
    window->expected[i] = expected;
    window->next = i + 1;
    if (window->next < window->length)
        return;
    window->next = 0; /* once a round, sum anew: rounding errors do not pile up */
    window->excess_sum = window->expected_sum = 0;
    for (i = 0; i < window->length; i++) {
        window->excess_sum += window->excess[i];
        window->expected_sum += window->expected[i];
    }
}

static size_t buckets_in(int64_t seconds, int64_t interval_s) {
    int64_t buckets = (seconds + interval_s / 2) / interval_s;
    return buckets < 1 ? 1 : (size_t)buckets;
}

static size_t at_least(size_t least, size_t buckets) {
    return buckets < least ? least : buckets;
}

static bool window_init(struct window *window, int64_t seconds, int64_t interval_s) {
    window->length = buckets_in(seconds, interval_s);
    window->excess = calloc(window->length, sizeof *window->excess);
    window->expected = calloc(window->length, sizeof *window->expected);
    return window->excess && window->expected;
}

enum status causal_new(struct causal **out, const struct count_series *series,
                       const struct detect_options *options, struct fault *fault) {
    int32_t interval_s = series->interval_s;
    struct causal *causal = calloc(1, sizeof *causal);
    *out = causal;
    if (!causal)
        return fault_memory(fault);
    season_init(&causal->season, series, 1);
    online_baseline_init(&causal->online, interval_s);
    focus_init(&causal->focus);
    for (int i = 0; i < STATISTICS; i++)
        daily_maxima_init(&causal->maxima[i]);
    causal->block_length = buckets_in(BLOCK_S, interval_s);
    causal->refractory_length = at_least(DAY_BUCKETS, buckets_in(REFRACTORY_S, interval_s));
    causal->day_length = at_least(DAY_BUCKETS, buckets_in(SECONDS_PER_DAY, interval_s));
    causal->history = buckets_in(baseline_needs_s(interval_s), interval_s);
    double rate = fmin(fmax(options->false_alarms_per_month, 1e-4), 1000);
    causal->threshold = DEFAULT_THRESHOLD - log(rate / DEFAULT_RATE);
    causal->least_likelihood =
        penalty_for_false_alarms(options->false_alarms_per_month, interval_s) - CAUSAL_DISCOUNT;
    causal->block_dispersion = 1;
    causal->first_alarm_s =
        options->known_from_s > 0 ? options->known_from_s + SECONDS_PER_DAY : INT64_MIN;
    if (window_init(&causal->hour, SECONDS_PER_HOUR, interval_s) &&
        window_init(&causal->hours, LONG_WINDOW_S, interval_s))
        return STATUS_OK;
    causal_free(causal);
    *out = NULL;
    return fault_memory(fault);
}

void causal_free(struct causal *causal) {
    if (!causal)
        return;
    free(causal->hour.excess);
    free(causal->hour.expected);
    free(causal->hours.excess);
    free(causal->hours.expected);
    free(causal);
}

static double log_excess(double excess) {
    return log1p(excess > 0 ? excess : 0);
}

/* Whether enough of a stretch is known to learn from: half; or, of a source that is read at uneven
 * times, half of what usually is. */
static bool known_enough(const struct causal *causal, size_t known, size_t length) {
    if (causal->known_days <= LEAST_DAYS)
        return known * 2 > length;
    return known * 2 * causal->known_days * causal->day_length > length * causal->known_buckets &&
           known * LEAST_KNOWN > length;
}

static void day_step(struct causal *causal, bool known) {
    causal->day_known += known;
    if (++causal->day_at < causal->day_length)
        return;
    causal->known_days += causal->day_known > 0;
    causal->known_buckets += causal->day_known;
    bool half_known = known_enough(causal, causal->day_known, causal->day_length);
    for (int i = 0; i < STATISTICS; i++) {
        if (half_known)
            daily_maxima_add(&causal->maxima[i], causal->day_max[i]);
        causal->day_max[i] = 0;
    }
    causal->day_at = causal->day_known = 0;
}

/* The dispersion of blocks by stochastic approximation of a median: every block moves the estimate
 * by a small step up or down, in proportion, and outliers no further than others. */
static void block_step(struct causal *causal, bool known) {
    causal->block_known += known;
    if (++causal->block_at < causal->block_length)
        return;
    if (known_enough(causal, causal->block_known, causal->block_length)) {
        double off = causal->block_counted - causal->block_expected;
        double expected = fmax(causal->block_expected, LEAST_BLOCK_EXPECTED);
        double spread = off * off / expected / MEDIAN_CHI_SQUARED;
        double step = fmax(0.05, 1 / (double)(++causal->blocks + 1));
        causal->block_dispersion *= exp(spread > causal->block_dispersion ? step : -step);
        causal->block_dispersion = fmax(causal->block_dispersion, 1);
    }
    causal->block_at = causal->block_known = 0;
    causal->block_counted = causal->block_expected = 0;
}

/* An alarm is for a rise that is more than chance brings, and of enough mentions to matter.
 * Refractory rule, one alarm per event: within a day of an alarm the next must score higher by
 * CLEARLY_LARGER. */
static void decide_alarm(struct causal *causal, uint64_t bucket, double score,
                         struct focus_answer rise, struct causal_row *row) {
    /* Autocorrelation: where neighbouring buckets rise and fall together, sums over hours spread
     * more than buckets do, and a likelihood ratio says less than it seems to. */
    double autocorrelation_factor = fmax(causal->block_dispersion / causal->online.dispersion, 1);
    const struct window *hour = &causal->hour;
    bool rises = rise.likelihood_ratio >= causal->least_likelihood * autocorrelation_factor &&
                 fmax(hour->excess_sum, rise.excess) >= EPISODE_LEAST_EXCESS &&
                 hour->excess_sum >= (LEAST_RATIO - 1) * hour->expected_sum &&
                 season_start_s(&causal->season, bucket) >= causal->first_alarm_s;
    if (causal->alarmed && causal->alarm_at + causal->refractory_length < bucket) {
        causal->alarmed = false;
        causal->alarm_score = 0;
    }
    if (!rises)
        score = fmin(score, 0);
    row->alert = rises && score >= causal->threshold &&
                 (!causal->alarmed || score > causal->alarm_score + CLEARLY_LARGER);
    row->score = row->alert ? score : score - causal->alarm_score;
    if (!row->alert)
        return;
    row->onset = (size_t)rise.start;
    causal->alarmed = true;
    causal->alarm_score = score;
    causal->alarm_at = bucket;
}

struct causal_row causal_push(struct causal *causal, int32_t value, uint16_t coverage_milli) {
    uint64_t bucket = causal->now++;
    double coverage = (coverage_milli > COVERAGE_MAX ? COVERAGE_MAX : coverage_milli) / 1000.0;
    double counted = value > 0 ? value : 0;
    struct online_baseline *online = &causal->online;
    struct season_slot slot = season_at(&causal->season, bucket);
    double baseline = online_baseline_expect(online, slot, coverage);
    struct causal_row row = {.baseline = baseline, .onset = (size_t)bucket};
    causal->begun |= coverage > 0 && counted > 0;
    if (coverage <= 0 || !causal->begun) { /* zeros before the first count: not collected yet */
        window_add(&causal->hour, 0, 0);
        window_add(&causal->hours, 0, 0);
        day_step(causal, false);
        block_step(causal, false);
        return row;
    }
    double expected = fmax(baseline, LEAST_SHAPE * online->level * coverage + 1e-6);
    focus_push(&causal->focus, bucket, counted, expected,
               bucket >= causal->day_length ? bucket - causal->day_length : 0);
    window_add(&causal->hour, counted - expected, expected);
    window_add(&causal->hours, counted - expected, expected);
    struct focus_answer rise = focus_ask(&causal->focus, online->dispersion);
    double statistic[STATISTICS] = {
        [BUCKET_EXCESS] = log_excess(counted - expected),
        [HOUR_EXCESS] = log_excess(causal->hour.excess_sum),
        [HOURS_EXCESS] = log_excess(causal->hours.excess_sum),
        [LIKELIHOOD] = log1p(sqrt(2 * rise.likelihood_ratio)),
    };
    double score = 0; /* standardised by the largest values of the last four weeks */
    for (int i = 0; i < STATISTICS; i++) {
        score += daily_maxima_score(&causal->maxima[i], statistic[i]) / STATISTICS;
        causal->day_max[i] = fmax(causal->day_max[i], statistic[i]);
    }
    causal->block_counted += counted;
    causal->block_expected += expected;
    bool ready =
        online->learned >= (double)causal->history && causal->maxima[0].count >= LEAST_DAYS;
    if (ready)
        decide_alarm(causal, bucket, score, rise, &row);
    day_step(causal, true);
    block_step(causal, true);
    online_baseline_learn(online, slot, coverage, counted, baseline);
    return row;
}
