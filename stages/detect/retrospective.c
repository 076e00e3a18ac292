/* The retrospective detector: baseline and segments by turns, each segment refined and measured as
 * an episode. */
#include "stages/detect/baseline.h"
#include "stages/detect/growth_rate.h"
#include "stages/detect/penalty.h"
#include "stages/detect/refine.h"
#include "stages/detect/segment.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MERGE_GAP_HOURS = 6 };
#define LEAST_RATIO 1.5
#define CALM_RATIO 2.0
#define CALM_PROVED 2.0 /* log likelihood */

/* work: what the steps of one detection share. */
struct work {
    const struct count_series *series;
    uint16_t *coverage; /* [count] with outages taken out */
    uint8_t *masked;    /* [count] 1 within episodes */
    double *counted;    /* [count] 0 where unknown */
    struct baseline baseline;
    struct segments segments;
    size_t hour;                            /* buckets per hour, at least 1 */
    double penalty, autocorrelation_factor; /* of the segment model */
};

struct detect_options detect_options_default(void) {
    return (struct detect_options){.false_alarms_per_month = 0.5};
}

static void work_release(struct work *work) {
    free(work->coverage);
    free(work->masked);
    free(work->counted);
    baseline_release(&work->baseline);
    segments_release(&work->segments);
}

static enum status work_init(struct work *work, const struct count_series *series,
                             const struct detect_options *options, struct fault *fault) {
    *work = (struct work){.series = series};
    size_t count = series->count ? series->count : 1;
    work->coverage = malloc(count * sizeof *work->coverage);
    work->masked = calloc(count, sizeof *work->masked);
    work->counted = malloc(count * sizeof *work->counted);
    if (!work->coverage || !work->masked || !work->counted) {
        work_release(work);
        return fault_memory(fault);
    }
    for (size_t b = 0; b < series->count; b++) {
        uint16_t coverage = series->coverage_milli ? series->coverage_milli[b] : 1000;
        work->coverage[b] = coverage > COVERAGE_MAX ? COVERAGE_MAX : coverage;
        work->counted[b] = coverage && series->value[b] > 0 ? series->value[b] : 0;
    }
    int64_t per_hour = (SECONDS_PER_HOUR + series->interval_s / 2) / series->interval_s;
    work->hour = per_hour < 1 ? 1 : (size_t)per_hour;
    work->penalty = penalty_for_false_alarms(options->false_alarms_per_month, series->interval_s);
    return STATUS_OK;
}

/* Outages: a run of zeros that is all but impossible under the baseline is a collector that was
 * down, so unknown and not calm. Returns whether there was any. */
static bool outages_take_out(struct work *work) {
    const struct baseline *baseline = &work->baseline;
    bool found = false;
    double expected = 0;
    size_t from = 0;
    for (size_t b = 0; b <= work->series->count; b++) {
        if (b < work->series->count && work->counted[b] <= 0) {
            expected += (double)baseline->expected[b];
            continue;
        }
        if (expected > 20 * baseline->dispersion && b - from > 1) {
            memset(work->coverage + from, 0, (b - from) * sizeof *work->coverage);
            found = true;
        }
        expected = 0;
        from = b + 1;
    }
    return found;
}

static void refit(struct work *work) {
    baseline_fit(&work->baseline, work->series, work->coverage, work->masked);
}

static enum status find_segments(struct work *work, struct fault *fault) {
    segments_release(&work->segments);
    struct segment_model model = {work->baseline.dispersion, work->autocorrelation_factor,
                                  work->penalty};
    return segments_find(&work->segments, &model, work->counted, work->baseline.expected,
                         work->series->count, fault);
}

/* Masks the segments for the next fit, with an hour before and a quarter of their length after
 * them: a crisis fades slowly, and its tail must not pass for the usual. */
static void mask_segments(struct work *work) {
    memset(work->masked, 0, work->series->count);
    for (size_t i = 0; i < work->segments.count; i++) {
        struct segment segment = work->segments.at[i];
        size_t from = segment.from > work->hour ? segment.from - work->hour : 0;
        size_t to = segment.to + work->hour + (segment.to - segment.from) / 4;
        if (to >= work->series->count)
            to = work->series->count - 1;
        memset(work->masked + from, 1, to - from + 1);
    }
}

static void count_known(const struct work *work, struct detection *out) {
    size_t buckets = 0;
    double known = 0;
    for (size_t b = 0; b < work->series->count; b++) {
        buckets += work->coverage[b] > 0;
        known += work->coverage[b] / 1000.0;
    }
    out->known_s = (int64_t)(known * work->series->interval_s + 0.5);
    out->enough = buckets >= BASELINE_LEAST_BUCKETS;
}

/* Iterative refitting: the baseline is fitted without the segments, then they are found anew. */
static enum status fit_baseline(struct work *work, bool enough, struct fault *fault) {
    enum status status = baseline_init(&work->baseline, work->series, fault);
    if (status != STATUS_OK)
        return status;
    refit(work);
    if (!enough)
        return STATUS_OK;
    if (outages_take_out(work)) {
        work->baseline.fitted = false; /* what it learned from the outage is wrong */
        refit(work);
    }
    /* Autocorrelation: where neighbouring buckets rise and fall together, sums over hours spread
     * more than buckets do, and each bucket tells less than it seems to. Taken before episodes are
     * masked: what moves half of all hours is the series' own. */
    const struct baseline *baseline = &work->baseline;
    double ratio =
        fmax(baseline->cell_dispersion, baseline->block_dispersion) / baseline->dispersion;
    work->autocorrelation_factor = fmin(fmax(ratio, 1), 50);
    for (int round = 0; round < 2; round++) {
        status = find_segments(work, fault);
        if (status != STATUS_OK || !work->segments.count)
            return status;
        mask_segments(work);
        refit(work);
    }
    return find_segments(work, fault);
}

static double excess_between(const struct work *work, size_t from, size_t to) {
    double excess = 0;
    for (size_t b = from; b <= to; b++)
        excess += work->counted[b] - (double)work->baseline.expected[b];
    return excess;
}

/* Whether two segments are waves of their own: each brings enough for an episode, and what lies
 * between them is proved to be calm, against twice the usual. A night in which a small brand has
 * next to nothing to say proves nothing. */
static bool waves_apart(const struct work *work, const struct segment *first,
                        const struct segment *second) {
    struct rise_cost cost =
        rise_cost(CALM_RATIO, work->baseline.dispersion, work->autocorrelation_factor);
    double gain = 0;
    for (size_t b = first->to + 1; b < second->from; b++)
        gain += work->counted[b] * cost.per_count -
                (double)work->baseline.expected[b] * cost.per_expected;
    return gain <= -CALM_PROVED &&
           excess_between(work, first->last_from, first->to) >= EPISODE_LEAST_EXCESS &&
           excess_between(work, second->from, second->to) >= EPISODE_LEAST_EXCESS;
}

static void segments_merge(const struct work *work, struct segments *segments, size_t gap,
                           bool long_steps) {
    size_t kept = 0;
    for (size_t i = 0; i < segments->count; i++) {
        struct segment next = segments->at[i];
        if (kept && next.from - segments->at[kept - 1].to <= gap &&
            (long_steps || !waves_apart(work, &segments->at[kept - 1], &next))) {
            segments->at[kept - 1].to = next.to;
            segments->at[kept - 1].last_from = next.from;
            segments->at[kept - 1].gain += next.gain;
        } else {
            segments->at[kept++] = next;
        }
    }
    segments->count = kept;
}

static double peak_hour_ratio(const struct work *work, size_t from, size_t to) {
    double counted = 0, expected = 0, best = 0;
    for (size_t b = from; b <= to; b++) {
        counted += work->counted[b];
        expected += (double)work->baseline.expected[b];
        if (b >= from + work->hour) {
            counted -= work->counted[b - work->hour];
            expected -= (double)work->baseline.expected[b - work->hour];
        }
        bool whole = b + 1 >= from + work->hour || b == to;
        if (whole && counted > best * fmax(expected, 0.01))
            best = counted / fmax(expected, 0.01);
    }
    return best;
}

/* Expected per day around the episode: the mean of the week that ends with it. */
static double usual_per_day(const struct work *work, size_t onset) {
    size_t day = work->hour * 24 * (size_t)1;
    if (work->series->interval_s > SECONDS_PER_HOUR)
        day = (size_t)fmax(1, (double)SECONDS_PER_DAY / work->series->interval_s);
    size_t reach = day * 7 / 2 + 1;
    size_t from = onset > reach ? onset - reach : 0;
    size_t to = onset + reach < work->series->count ? onset + reach : work->series->count;
    double expected = 0, coverage = 0;
    for (size_t b = from; b < to; b++) {
        expected += (double)work->baseline.expected[b];
        coverage += work->coverage[b] / 1000.0;
    }
    if (coverage <= 0)
        return 0;
    return expected / coverage * SECONDS_PER_DAY / work->series->interval_s;
}

static struct episode episode_measure(const struct work *work, const struct refined *refined,
                                      double gain) {
    struct episode episode = {.onset = refined->onset,
                              .onset_low = refined->onset_low,
                              .onset_high = refined->onset_high,
                              .peak = refined->peak,
                              .end = refined->end,
                              .end_low = refined->end_low,
                              .end_high = refined->end_high};
    const float *expected = work->baseline.expected;
    double counted = 0;
    for (size_t b = refined->onset; b <= refined->end; b++) {
        counted += work->counted[b];
        episode.expected += (double)expected[b];
    }
    episode.value_sum = (int64_t)counted;
    episode.excess = counted - episode.expected;
    size_t from = refined->onset > work->hour ? refined->onset - work->hour : 0;
    episode.ratio = peak_hour_ratio(work, from, refined->end);
    episode.score = false_alarm_score(gain, work->series->interval_s);
    double usual = usual_per_day(work, refined->onset);
    episode.days_of_normal = usual > 0 ? episode.excess / usual : 0;
    double hours =
        (double)(refined->end - refined->onset + 1) * work->series->interval_s / SECONDS_PER_HOUR;
    episode.severity = severity_level(episode.days_of_normal, episode.excess, episode.ratio, hours);
    double bucket_hours = (double)work->series->interval_s / SECONDS_PER_HOUR;
    const int32_t *value = work->series->value;
    double growth = growth_doubling_time(value, expected, refined->onset, refined->peak);
    double fading = growth_doubling_time(value, expected, refined->peak, refined->end);
    episode.doubling_hours = growth > 0 ? growth * bucket_hours : 0;
    episode.half_life_hours = fading < 0 ? -fading * bucket_hours : 0;
    return episode;
}

static enum status episodes_measure(struct work *work, const struct detect_options *options,
                                    struct detection *out, struct fault *fault) {
    const struct segments *segments = &work->segments;
    out->episodes = calloc(segments->count ? segments->count : 1, sizeof *out->episodes);
    if (!out->episodes)
        return fault_memory(fault);
    struct refine_input input = {.counted = work->counted,
                                 .expected = work->baseline.expected,
                                 .count = work->series->count,
                                 .hour = work->hour,
                                 .long_buckets = work->series->interval_s > SECONDS_PER_HOUR,
                                 .dispersion = work->baseline.dispersion,
                                 .autocorrelation_factor = work->autocorrelation_factor};
    for (size_t i = 0; i < segments->count; i++) {
        input.most = i + 1 < segments->count ? segments->at[i + 1].from - 1 : input.count - 1;
        struct refined refined = refine_episode(&input, &segments->at[i]);
        struct episode episode = episode_measure(work, &refined, segments->at[i].gain);
        int64_t known_s = bucket_start_s(work->series, episode.onset) - options->known_from_s;
        bool first_day = options->known_from_s > 0 && known_s >= 0 && known_s < SECONDS_PER_DAY;
        if (episode.excess >= EPISODE_LEAST_EXCESS && episode.ratio >= LEAST_RATIO && !first_day)
            out->episodes[out->episode_count++] = episode;
        input.least =
            refined.end + 1 > segments->at[i].to + 1 ? refined.end + 1 : segments->at[i].to + 1;
    }
    return STATUS_OK;
}

enum status detect_retrospective(const struct count_series *series,
                                 const struct detect_options *options, struct detection *out,
                                 struct fault *fault) {
    *out = (struct detection){.dispersion = 1};
    struct work work;
    enum status status = work_init(&work, series, options, fault);
    if (status != STATUS_OK)
        return status;
    count_known(&work, out);
    if (series->count)
        status = fit_baseline(&work, out->enough, fault);
    if (status == STATUS_OK) {
        /* days and longer steps are merged when nothing usual lies between them */
        bool long_steps = series->interval_s >= SECONDS_PER_DAY;
        segments_merge(&work, &work.segments, long_steps ? 1 : MERGE_GAP_HOURS * work.hour,
                       long_steps);
        status = episodes_measure(&work, options, out, fault);
    }
    if (status == STATUS_OK) {
        out->dispersion = (float)work.baseline.dispersion;
        out->baseline = work.baseline.expected;
        work.baseline.expected = NULL;
    }
    work_release(&work);
    return status;
}

void detection_release(struct detection *detection) {
    free(detection->episodes);
    free(detection->baseline);
    *detection = (struct detection){0};
}
