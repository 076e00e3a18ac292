/* The traps of crisis detection, on series made here. */
#include "stages/detect/detect.h"
#include "tap.h"
#include "tests/quality/detect_noise.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

enum { FIVE_MINUTES = 300, HOUR = 3600, DAY_5M = 288 };
static const int64_t monday_s = 1704067200; /* 2024-01-01 00:00 UTC, a Monday */

/* made: a series with its memory and what both detectors say of it. */
struct made {
    struct count_series series;
    int32_t *value;
    uint16_t *coverage;
    struct detection found;
    size_t alarms, first_alarm, first_onset;
};

static struct made make(size_t days, int32_t interval_s, double mean, double dispersion,
                        uint64_t seed) {
    struct made made = {.series = {.start_s = monday_s, .interval_s = interval_s}};
    made.series.count = days * 86400 / (size_t)interval_s;
    made.value = calloc(made.series.count + 1, sizeof *made.value);
    made.coverage = calloc(made.series.count + 1, sizeof *made.coverage);
    struct noise noise = {seed};
    struct noise_shape shape = {mean, dispersion, 0.5, 0.8, 0, 1};
    double drift = 0;
    for (size_t t = 0; t < made.series.count; t++) {
        made.value[t] =
            noise_count(&noise, noise_rate(&noise, &shape, interval_s, t, &drift), dispersion);
        made.coverage[t] = 1000;
    }
    made.series.value = made.value;
    made.series.coverage_milli = made.coverage;
    return made;
}

static void add(struct made *made, size_t from, size_t to, double more) {
    for (size_t t = from; t < to; t++)
        made->value[t] += (int32_t)more;
}

static void scale(struct made *made, size_t from, size_t to, double factor) {
    for (size_t t = from; t < to && t < made->series.count; t++)
        made->value[t] = (int32_t)lround(made->value[t] * factor);
}

static void run_causal(struct made *made, const struct detect_options *options) {
    struct causal *causal;
    if (!CHECK_INT(causal_new(&causal, &made->series, options, NULL), STATUS_OK))
        return;
    bool sane = true;
    for (size_t t = 0; t < made->series.count; t++) {
        struct causal_row row = causal_push(causal, made->value[t], made->coverage[t]);
        sane &=
            isfinite(row.baseline) && isfinite(row.score) && row.baseline >= 0 && row.onset <= t;
        if (row.alert && made->alarms++ == 0) {
            made->first_alarm = t;
            made->first_onset = row.onset;
        }
    }
    CHECK(sane);
    causal_free(causal);
}

static void detect(struct made *made) {
    struct detect_options options = detect_options_default();
    CHECK_INT(detect_retrospective(&made->series, &options, &made->found, NULL), STATUS_OK);
    bool sane = true;
    for (size_t i = 0; i < made->found.episode_count; i++) {
        const struct episode *e = &made->found.episodes[i];
        sane &= e->onset_low <= e->onset && e->onset <= e->onset_high && e->onset <= e->peak &&
                e->peak <= e->end && e->end < made->series.count && isfinite(e->expected) &&
                isfinite(e->score) && isfinite(e->ratio) && e->severity >= 0 && e->severity <= 4;
        sane &= i == 0 || made->found.episodes[i - 1].end < e->onset;
        printf("# episode %zu..%zu peak %zu sum %" PRId64 " expected %.1f ratio %.2f score %.2f "
               "severity %d\n",
               e->onset, e->end, e->peak, e->value_sum, e->expected, e->ratio, e->score,
               e->severity);
    }
    CHECK(sane);
    run_causal(made, &options);
    if (made->alarms)
        printf("# %zu alarms, the first at %zu\n", made->alarms, made->first_alarm);
}

static void drop(struct made *made) {
    detection_release(&made->found);
    free(made->value);
    free(made->coverage);
}

static bool near(size_t got, size_t want, size_t within) {
    return got <= want + within && got + within >= want;
}

static void test_crisis(void) {
    struct made made = make(30, FIVE_MINUTES, 10, 2, 1);
    size_t onset = 17 * DAY_5M + 120;
    for (size_t t = onset; t < onset + 3 * DAY_5M; t++)
        made.value[t] += (int32_t)(80 * exp2(-(double)(t - onset) / 72));
    detect(&made);
    CHECK_INT(made.found.episode_count, 1);
    const struct episode *e = made.found.episodes;
    CHECK(near(e->onset, onset, 2));
    CHECK(e->onset_low <= onset && onset <= e->onset_high);
    CHECK(near(e->peak, onset, 6));
    CHECK(near(e->end, onset + 288, 60)); /* 80 halves four times in a day: 1.5 times the usual */
    CHECK(e->ratio > 5 && e->ratio < 12);
    CHECK(fabs(e->excess - 80 * 72 / M_LN2) < 0.15 * 80 * 72 / M_LN2);
    CHECK(e->half_life_hours > 4.5 && e->half_life_hours < 7.5);
    CHECK(e->days_of_normal > 2 && e->days_of_normal < 4);
    CHECK(e->end_low <= e->end && e->end <= e->end_high);
    CHECK(e->end_low <= onset + 276 && onset + 276 <= e->end_high + 12);
    CHECK_INT(e->severity, 4);
    CHECK(made.alarms >= 1 && made.alarms <= 3); /* told again when it has grown a lot */
    CHECK(made.first_alarm >= onset && made.first_alarm < onset + 12);
    CHECK(near(made.first_onset, onset, 3));
    drop(&made);
}

/* A brand of a mention every two or three hours, and sixty in an hour: the empty hours before say
 * that it did not begin in them. */
static void test_sparse_onset(void) {
    for (uint64_t seed = 0; seed < 8; seed++) {
        struct made made = make(28, FIVE_MINUTES, 0.033, 1.5, 300 + seed);
        size_t onset = 16 * DAY_5M + 100;
        for (size_t t = onset; t < onset + DAY_5M; t++)
            made.value[t] += (int32_t)(5 * exp2(-(double)(t - onset) / 36) + 0.5);
        struct detect_options options = detect_options_default();
        CHECK_INT(detect_retrospective(&made.series, &options, &made.found, NULL), STATUS_OK);
        bool found = false;
        for (size_t i = 0; i < made.found.episode_count; i++) {
            const struct episode *e = &made.found.episodes[i];
            if (e->peak < onset || e->peak > onset + DAY_5M)
                continue;
            found = true;
            CHECK(e->onset_low <= onset && onset <= e->onset_high);
            CHECK(e->onset_high - e->onset_low <= 5 * 12);
        }
        CHECK(found);
        drop(&made);
    }
}

static void test_calm(void) {
    size_t episodes = 0, alarms = 0;
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct made made = make(30, FIVE_MINUTES, 8, 2, 100 + seed);
        detect(&made);
        episodes += made.found.episode_count;
        alarms += made.alarms;
        drop(&made);
    }
    /* twenty brand-months at half a false alarm each */
    CHECK(episodes <= 20);
    CHECK(alarms <= 20);
}

/* What the source cannot tell apart from calm must not become an event when it comes back. */
static void test_outage(bool as_zeros) {
    struct made made = make(28, FIVE_MINUTES, 15, 2, 2);
    size_t from = 12 * DAY_5M + 30, to = from + 14 * 12;
    for (size_t t = from; t < to; t++) {
        made.value[t] = 0;
        made.coverage[t] = as_zeros ? 1000 : 0;
    }
    detect(&made);
    CHECK_INT(made.found.episode_count, 0);
    CHECK_INT(made.alarms, 0);
    double before = 0, after = 0;
    for (size_t t = 0; t < DAY_5M; t++) {
        before += (double)made.found.baseline[from - 2 * DAY_5M + t];
        after += (double)made.found.baseline[to + DAY_5M + t];
    }
    CHECK(before > 0.85 * 15 * DAY_5M * 0.8 && after > 0.85 * 15 * DAY_5M * 0.8);
    if (!as_zeros)
        CHECK(made.found.baseline[from + 20] <= 0);
    drop(&made);
}

static void test_collection_start(void) {
    struct made made = make(28, FIVE_MINUTES, 20, 2, 3);
    for (size_t t = 0; t < 9 * DAY_5M; t++)
        made.value[t] = 0; /* nothing was collected yet, and nobody said so */
    detect(&made);
    CHECK_INT(made.found.episode_count, 0);
    CHECK_INT(made.alarms, 0);
    drop(&made);

    /* a busy first day is left out when the source is known to start there */
    made = make(28, FIVE_MINUTES, 20, 2, 3);
    scale(&made, 20, 150, 6);
    struct detect_options options = detect_options_default();
    options.known_from_s = made.series.start_s;
    CHECK_INT(detect_retrospective(&made.series, &options, &made.found, NULL), STATUS_OK);
    CHECK_INT(made.found.episode_count, 0);
    drop(&made);
}

static void test_daylight_saving(void) {
    struct zone zone;
    struct fault fault;
    if (!CHECK_INT(zone_open(&zone, "Europe/Warsaw", &fault), STATUS_OK))
        return;
    struct made made = make(60, FIVE_MINUTES, 0, 1, 4);
    made.series.start_s = 1709251200; /* 2024-03-01; the clocks change on the 31st */
    made.series.zone = &zone;
    struct noise noise = {44};
    for (size_t t = 0; t < made.series.count; t++) {
        int64_t at_s = made.series.start_s + (int64_t)t * FIVE_MINUTES;
        double hour = (double)((at_s + zone_offset(&zone, at_s)) % 86400) / 3600;
        bool day = hour >= 8 && hour < 22; /* a sharp working day, in local time */
        made.value[t] = noise_count(&noise, day ? 40 : 4, 1.5);
    }
    detect(&made);
    CHECK_INT(made.found.episode_count, 0);
    CHECK_INT(made.alarms, 0);
    /* the day after the change, at 06:30 UTC = 08:30 local: day, not night */
    size_t after = (size_t)((1711953000 - made.series.start_s) / FIVE_MINUTES);
    CHECK((double)made.found.baseline[after] > 20);
    drop(&made);
    zone_release(&zone);
}

static void test_slow_ramp(void) {
    struct made made = make(60, FIVE_MINUTES, 12, 2, 5);
    for (size_t t = 0; t < made.series.count; t++) {
        double days = (double)t / DAY_5M - 20;
        double factor = days < 0 ? 1 : days > 14 ? 3 : 1 + 2 * days / 14;
        made.value[t] = (int32_t)lround(made.value[t] * factor);
    }
    detect(&made);
    CHECK_INT(made.found.episode_count, 0);
    CHECK_INT(made.alarms, 0);
    drop(&made);
}

static void test_one_bucket_burst(void) {
    struct made made = make(28, FIVE_MINUTES, 6, 2, 6);
    size_t at = 15 * DAY_5M + 77;
    made.value[at] += 500;
    detect(&made);
    CHECK_INT(made.found.episode_count, 1);
    const struct episode *e = made.found.episodes;
    CHECK(near(e->onset, at, 1));
    CHECK_INT(e->peak, at);
    CHECK(near(e->end, at, 1)); /* it does not spread over its surroundings */
    CHECK_INT(made.alarms, 1);
    CHECK_INT(made.first_alarm, at);
    drop(&made);
}

static void test_weekly_promotion(void) {
    struct made made = make(84, FIVE_MINUTES, 10, 2, 7);
    for (size_t week = 0; week < 12; week++) {
        size_t from = (week * 7 + 4) * DAY_5M + 18 * 12; /* Friday, 18:00 to 20:00 */
        scale(&made, from, from + 24, 5);
    }
    detect(&made);
    /* three months: a false alarm or two of small size are in order, twelve promotions are not */
    CHECK(made.found.episode_count <= 2);
    for (size_t i = 0; i < made.found.episode_count; i++)
        CHECK(made.found.episodes[i].severity <= 1);
    CHECK(made.alarms >= 1 && made.alarms <= 5); /* it takes some weeks to know it is weekly */
    drop(&made);
}

static void test_one_week(void) {
    struct made made = make(7, FIVE_MINUTES, 10, 2, 8);
    detect(&made);
    CHECK_INT(made.found.episode_count, 0);
    drop(&made);
    made = make(7, FIVE_MINUTES, 10, 2, 8);
    size_t onset = 4 * DAY_5M + 100;
    scale(&made, onset, onset + 120, 5);
    detect(&made);
    CHECK_INT(made.found.episode_count, 1);
    CHECK(near(made.found.episodes[0].onset, onset, 2));
    CHECK(near(made.found.episodes[0].end, onset + 119, 3));
    CHECK(made.alarms >= 1 && made.alarms <= 2); /* the second when it has grown a lot */
    drop(&made);
}

static void test_ten_years_hourly(void) {
    struct made made = make(3650, HOUR, 20, 2, 9);
    for (size_t t = 0; t < made.series.count; t++) /* the brand grows fourfold */
        made.value[t] =
            (int32_t)lround(made.value[t] * (1 + 3 * (double)t / (double)made.series.count));
    static const size_t onsets[] = {10000, 43210, 80000};
    for (size_t i = 0; i < 3; i++)
        scale(&made, onsets[i], onsets[i] + 30, 4);
    detect(&made);
    size_t hit = 0;
    for (size_t i = 0; i < made.found.episode_count; i++)
        for (size_t k = 0; k < 3; k++)
            hit += near(made.found.episodes[i].onset, onsets[k], 1) &&
                   near(made.found.episodes[i].end, onsets[k] + 29, 2);
    CHECK_INT(hit, 3);
    CHECK(made.found.episode_count < 3 + 60); /* 122 months */
    drop(&made);
}

static void test_levels(void) {
    static const double means[] = {0.02, 0.3, 300, 20000};
    for (size_t i = 0; i < 4; i++) {
        struct made made = make(40, HOUR, means[i], 1.5, 10 + i);
        size_t onset = 25 * 24 + 5;
        add(&made, onset, onset + 8, fmax(6, 5 * means[i]));
        detect(&made);
        CHECK_INT(made.found.episode_count, 1);
        if (made.found.episode_count)
            CHECK(near(made.found.episodes[0].onset, onset, 1) &&
                  near(made.found.episodes[0].end, onset + 7, 2));
        /* thirteen posts in three weeks are no history that an alarm could stand on */
        CHECK(means[i] < 0.1 || (made.alarms >= 1 && near(made.first_alarm, onset, 4)));
        drop(&made);
    }
}

static void test_daily(void) {
    struct made made = make(400, 86400, 500, 4, 14);
    scale(&made, 300, 304, 3);
    detect(&made);
    CHECK_INT(made.found.episode_count, 1);
    CHECK(near(made.found.episodes[0].onset, 300, 0) && near(made.found.episodes[0].end, 303, 0));
    CHECK_INT(made.alarms, 1);
    CHECK_INT(made.first_alarm, 300);
    drop(&made);
}

static void test_degenerate(void) {
    struct made made = make(20, FIVE_MINUTES, 0, 1, 20); /* nothing at all */
    detect(&made);
    CHECK_INT(made.found.episode_count, 0);
    CHECK_INT(made.alarms, 0);
    add(&made, 0, made.series.count, 7); /* always the same */
    detection_release(&made.found);
    detect(&made);
    CHECK_INT(made.found.episode_count, 0);
    CHECK_INT(made.alarms, 0);
    made.value[3000] = INT32_MAX; /* one absurd value does not hide the rest */
    scale(&made, 4000, 4060, 6);
    made.value[100] = INT32_MIN; /* a count below zero is no count */
    detection_release(&made.found);
    detect(&made);
    CHECK_INT(made.found.episode_count, 2);
    CHECK(near(made.found.episodes[1].onset, 4000, 1));
    CHECK(near(made.found.episodes[1].end, 4059, 1));
    drop(&made);

    made = make(20, FIVE_MINUTES, 0, 1, 20);
    made.value[3000] = INT32_MAX; /* a series of one value */
    detect(&made);
    detection_release(&made.found);
    for (size_t t = 0; t < made.series.count; t++)
        made.coverage[t] = 0; /* a series of no value */
    detect(&made);
    CHECK_INT(made.found.episode_count, 0);
    for (size_t count = 0; count < 3; count++) {
        detection_release(&made.found);
        made.series.count = count;
        detect(&made);
        CHECK_INT(made.found.episode_count, 0);
    }
    drop(&made);
}

static void test_half_coverage(void) {
    struct made made = make(28, FIVE_MINUTES, 20, 2, 21);
    scale(&made, 14 * DAY_5M, 20 * DAY_5M, 0.5);
    for (size_t t = 14 * DAY_5M; t < 20 * DAY_5M; t++)
        made.coverage[t] = 500; /* half of the posts, half of the expectation */
    detect(&made);
    CHECK_INT(made.found.episode_count, 0);
    CHECK_INT(made.alarms, 0);
    drop(&made);
}

/* The same talk, but more of it is criticism: seen in the negative mentions alone. */
static void test_sentiment_turn(void) {
    struct made all = make(28, HOUR, 40, 1.5, 25), negative = make(28, HOUR, 6, 1.5, 26);
    size_t onset = 16 * 24 + 9;
    scale(&negative, onset, onset + 14, 3);
    detect(&all);
    CHECK_INT(all.found.episode_count, 0);
    detect(&negative);
    CHECK_INT(negative.found.episode_count, 1);
    CHECK(near(negative.found.episodes[0].onset, onset, 1));
    CHECK(near(negative.found.episodes[0].end, onset + 13, 2));
    drop(&all);
    drop(&negative);
}

/* A rise that stays is a new level: told at first, and not for ever. */
static void test_new_level(void) {
    struct made made = make(60, FIVE_MINUTES, 10, 2, 22);
    scale(&made, 30 * DAY_5M, made.series.count, 3);
    detect(&made);
    CHECK(made.found.episode_count <= 2);
    for (size_t i = 0; i < made.found.episode_count; i++)
        CHECK(made.found.episodes[i].end < 34 * DAY_5M);
    CHECK(made.alarms >= 1 && made.alarms <= 5);
    drop(&made);
}

/* A second wave is an episode of its own when the talk between them was as usual, and belongs to
 * the first where it was not, or where so little is expected that nobody can tell. */
static void test_second_wave(void) {
    struct made made = make(28, FIVE_MINUTES, 10, 1.5, 23);
    size_t onset = 14 * DAY_5M;
    scale(&made, onset, onset + 36, 6);
    scale(&made, onset + 84, onset + 120, 6);
    scale(&made, onset + 288, onset + 324, 6);
    detect(&made);
    if (CHECK_INT(made.found.episode_count, 3)) {
        static const size_t from[] = {0, 84, 288};
        for (int i = 0; i < 3; i++) {
            const struct episode *e = &made.found.episodes[i];
            CHECK(near(e->onset, onset + from[i], 1) && near(e->end, onset + from[i] + 35, 2));
            CHECK(near(e->peak, onset + from[i] + 18, 18));
        }
    }
    drop(&made);

    made = make(28, FIVE_MINUTES, 10, 1.5, 23);
    scale(&made, onset, onset + 36, 6);
    scale(&made, onset + 36, onset + 84, 1.9);
    scale(&made, onset + 84, onset + 120, 6);
    detect(&made);
    CHECK_INT(made.found.episode_count, 1);
    CHECK(near(made.found.episodes[0].end, onset + 119, 2));
    drop(&made);

    made = make(28, FIVE_MINUTES, 0.05, 1, 23); /* a mention in two hours */
    add(&made, onset, onset + 12, 4);
    add(&made, onset + 36, onset + 48, 4);
    detect(&made);
    CHECK_INT(made.found.episode_count, 1);
    drop(&made);
}

/* ---- calendar steps ---- */

enum { MONTHS = 120 };

/* Months of `per_day` a day, each its own length; `factor` of month `at`, Decembers `december`
 * times. The starts belong to the caller. */
static struct made make_months(double per_day, size_t at, double factor, double december,
                               int64_t starts_s[MONTHS + 1]) {
    struct made made = {.series = {.interval_s = 2629746, .count = MONTHS}};
    made.value = calloc(MONTHS, sizeof *made.value);
    made.coverage = calloc(MONTHS, sizeof *made.coverage);
    struct noise noise = {5};
    for (size_t t = 0; t <= MONTHS; t++)
        starts_s[t] = civil_days(2010 + (int64_t)t / 12, (unsigned)(t % 12) + 1, 1) * 86400;
    for (size_t t = 0; t < MONTHS; t++) {
        double days = (double)(starts_s[t + 1] - starts_s[t]) / 86400;
        double rate = per_day * days * (t == at ? factor : 1) * (t % 12 == 11 ? december : 1);
        made.value[t] = noise_count(&noise, rate, 1.001);
        made.coverage[t] = (uint16_t)lround(days * 1000 / 30.436875);
    }
    made.series.start_s = starts_s[0];
    made.series.starts_s = starts_s;
    made.series.value = made.value;
    made.series.coverage_milli = made.coverage;
    return made;
}

static void check_months(double december, double factor, size_t episodes) {
    int64_t starts_s[MONTHS + 1];
    struct made made = make_months(300, 52, factor, december, starts_s);
    struct detect_options options = detect_options_default();
    CHECK_INT(detect_retrospective(&made.series, &options, &made.found, NULL), STATUS_OK);
    if (CHECK_INT(made.found.episode_count, episodes) && episodes) {
        CHECK_INT(made.found.episodes[0].onset, 52);
        CHECK_INT(made.found.episodes[0].end, 52);
    }
    /* the expected count is as long as the month is */
    double january = (double)made.found.baseline[60], february = (double)made.found.baseline[61];
    CHECK(january / february > 31 / 28.0 - 0.02 && january / february < 31 / 28.0 + 0.02);
    CHECK(near((size_t)(made.found.known_s / 86400),
               (size_t)((starts_s[MONTHS] - starts_s[0]) / 86400), 1));
    drop(&made);
    made = make_months(300, 52, factor, december, starts_s);
    run_causal(&made, &options);
    if (december <= 1) {
        CHECK_INT(made.alarms, episodes);
        CHECK(!episodes || made.first_alarm == 52);
    }
    drop(&made);
}

static void test_months(void) {
    check_months(1, 1, 0);
    check_months(1, 3, 1);
    check_months(2.5, 1, 0); /* every December: a habit */
    check_months(2.5, 3, 1);
}

/* Too few buckets: nothing is found, and it is said. */
static void test_short(void) {
    struct made made = make(BASELINE_LEAST_BUCKETS - 1, 86400, 500, 2, 3);
    made.value[7] *= 20;
    struct detect_options options = detect_options_default();
    CHECK_INT(detect_retrospective(&made.series, &options, &made.found, NULL), STATUS_OK);
    CHECK_INT(made.found.episode_count, 0);
    CHECK(!made.found.enough);
    drop(&made);
    made = make(30, 86400, 500, 2, 3);
    made.value[7] *= 20;
    CHECK_INT(detect_retrospective(&made.series, &options, &made.found, NULL), STATUS_OK);
    CHECK_INT(made.found.episode_count, 1);
    CHECK(made.found.enough);
    drop(&made);
    CHECK_INT(quiet_reason_of(0, 1000000), QUIET_NO_MENTIONS);
    CHECK_INT(quiet_reason_of(500, 59 * 3600), QUIET_TOO_SHORT);
    CHECK_INT(quiet_reason_of(9, 60 * 3600), QUIET_TOO_FEW);
    CHECK_INT(quiet_reason_of(10, 60 * 3600), QUIET_CALM);
}

/* However many false alarms are accepted: no alarm without a rise. */
static void test_tolerant(void) {
    struct made made = make(40, FIVE_MINUTES, 20, 1.2, 31);
    struct detect_options options = detect_options_default();
    options.false_alarms_per_month = 1000;
    struct causal *causal;
    CHECK_INT(causal_new(&causal, &made.series, &options, NULL), STATUS_OK);
    bool risen = true;
    for (size_t t = 0; t < made.series.count; t++) {
        struct causal_row row = causal_push(causal, made.value[t], 1000);
        double hour = 0;
        for (size_t k = 0; k < 12 && k <= t; k++)
            hour += made.value[t - k];
        risen &= !row.alert || hour >= 1.5 * 12 * row.baseline;
    }
    CHECK(risen);
    causal_free(causal);
    drop(&made);
}

/* What was said of a bucket never changes with what comes after it. */
static void test_causality(void) {
    struct made made = make(14, FIVE_MINUTES, 5, 2, 24);
    scale(&made, 2500, 2550, 8);
    struct detect_options options = detect_options_default();
    struct causal *whole, *other;
    CHECK_INT(causal_new(&whole, &made.series, &options, NULL), STATUS_OK);
    CHECK_INT(causal_new(&other, &made.series, &options, NULL), STATUS_OK);
    bool same = true;
    for (size_t t = 0; t < made.series.count; t++) {
        struct causal_row a = causal_push(whole, made.value[t], 1000);
        if (t > 2600)
            continue;
        struct causal_row b = causal_push(other, made.value[t], 1000);
        same &= memcmp(&a.score, &b.score, sizeof a.score) == 0 && a.alert == b.alert;
    }
    CHECK(same);
    causal_free(whole);
    causal_free(other);
    causal_free(NULL);
    drop(&made);
}

int main(void) {
    test_crisis();
    test_sparse_onset();
    test_calm();
    test_outage(true);
    test_outage(false);
    test_collection_start();
    test_daylight_saving();
    test_slow_ramp();
    test_one_bucket_burst();
    test_weekly_promotion();
    test_one_week();
    test_ten_years_hourly();
    test_levels();
    test_daily();
    test_degenerate();
    test_half_coverage();
    test_sentiment_turn();
    test_new_level();
    test_second_wave();
    test_months();
    test_short();
    test_tolerant();
    test_causality();
    return tap_done();
}
