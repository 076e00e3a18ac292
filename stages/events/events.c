#include "stages/events/events.h"

#include "stages/common/outcome.h"
#include "stages/events/event_facts.h"

#include <math.h>
#include <stdlib.h>

enum { JOIN_GAP_S = 6 * SECONDS_PER_HOUR };

/* Criticism rose and the talk did not: mentions no more than so much over the expected. */
static const double QUIET_EXCESS = 0.25;
static const double ROUGH_Z = 4;             /* of whole days */
static const double RISEN_DAY = 1.5;         /* as at an onset and an end */
static const double QUIET_CRISIS_DAYS = 0.5; /* V; chosen on demo dumps with seeds 2-13 */
/* Volume, criticism and share are looked at with one budget of false alarms: the share has a third
 * of it, half for rises of days, half for rises of hours. */
static const double SHARE_BUDGET = 1.0 / 6;
/* Of two rises of criticism at one time the longer is kept when it explains so much more of it. */
static const double EXPLAINS_MORE = 1.5;
static const double RISE_LEAST_Z = 3; /* as of a crisis */
enum {
    STEP_HOURS = 6,
    STEP_S = STEP_HOURS * SECONDS_PER_HOUR,
};

static int compare_intervals(const void *a, const void *b) {
    const struct interval *x = a, *y = b;
    return (x->from_s > y->from_s) - (x->from_s < y->from_s);
}

static bool fill_intervals(const struct brand_events *b, bool all, struct intervals *out) {
    struct interval *at = malloc((b->count + 1) * sizeof *at);
    size_t count = 0, kept = 0;
    if (!at)
        return false;
    for (size_t i = 0; i < b->count; i++)
        if (all || !b->at[i].by_share)
            at[count++] = (struct interval){b->at[i].onset_s, b->at[i].end_s};
    qsort(at, count, sizeof *at, compare_intervals);
    for (size_t i = 0; i < count; i++) {
        struct interval *last = kept ? &at[kept - 1] : NULL;
        if (!last || at[i].from_s > last->to_s)
            at[kept++] = at[i];
        else if (at[i].to_s > last->to_s)
            last->to_s = at[i].to_s;
    }
    free(out->at);
    *out = (struct intervals){at, kept};
    return true;
}

/* Once the events have changed. */
static bool fill_busy(struct brand_events *b) {
    return fill_intervals(b, true, &b->busy) && fill_intervals(b, false, &b->spikes);
}

/* Coverage of the brand's series: each platform weighs as much as its share of the mentions. */
static bool fill_coverage(struct brand_events *b) {
    const struct brand_series *series = b->input.series;
    const struct row_list *rows = &b->input.rows;
    uint64_t share[PLATFORM_COUNT] = {0};
    for (size_t i = 0; i < rows->count; i++)
        share[b->input.mentions->platform[rows->at[i]]]++;
    b->coverage_milli = malloc((series->count + 1) * sizeof *b->coverage_milli);
    if (!b->coverage_milli)
        return false;
    for (size_t i = 0; i < series->count; i++) {
        int64_t from = series->start_s + (int64_t)i * series->interval_s;
        uint64_t sum = 0;
        for (int p = 0; p < PLATFORM_COUNT; p++)
            if (share[p])
                sum += share[p] * coverage_share(b->input.coverage, (enum platform)p, from,
                                                 from + series->interval_s);
        b->coverage_milli[i] = rows->count ? (uint16_t)(sum / rows->count) : 1000;
    }
    return true;
}

static int64_t bucket_start(const struct brand_series *series, size_t bucket) {
    return series->start_s + (int64_t)bucket * series->interval_s;
}

int32_t missing_minutes(const struct brand_events *b, int64_t from_s, int64_t to_s) {
    const struct brand_series *series = b->input.series;
    int64_t from = floor_div(from_s - series->start_s, series->interval_s);
    int64_t to = floor_div(to_s - 1 - series->start_s, series->interval_s);
    int64_t milli = 0;
    for (int64_t i = from < 0 ? 0 : from; i <= to && i < (int64_t)series->count; i++)
        milli += b->coverage_milli[i] < 1000 ? 1000 - b->coverage_milli[i] : 0;
    return (int32_t)(milli * series->interval_s / 60000);
}

int32_t event_missing_minutes(const struct brand_events *b, const struct event *event) {
    return missing_minutes(b, event->onset_s - SECONDS_PER_HOUR, event->end_s);
}

static struct event make_event(const struct brand_series *series, const struct episode *episode,
                               bool from_negative) {
    return (struct event){.onset_s = bucket_start(series, episode->onset),
                          .onset_low_s = bucket_start(series, episode->onset_low),
                          .onset_high_s = bucket_start(series, episode->onset_high + 1),
                          .peak_s = bucket_start(series, episode->peak) + series->interval_s / 2,
                          .end_s = bucket_start(series, episode->end + 1),
                          .end_low_s = bucket_start(series, episode->end_low + 1),
                          .end_high_s = bucket_start(series, episode->end_high + 1),
                          .episode = *episode,
                          .from_negative = from_negative,
                          .waves = 1};
}

static bool overlap(const struct event *a, const struct event *b, int64_t slack) {
    return a->onset_s < b->end_s + slack && b->onset_s < a->end_s + slack;
}

/* Most of its posts state no more than their day (or month): where in it they stand is chance. */
static bool is_rough(const struct brand_events *b, const struct event *event,
                     enum time_precision precision) {
    struct row_range range = brand_rows(b, event->onset_s, event->end_s);
    size_t rough = 0;
    for (size_t i = range.first; i < range.last; i++)
        rough += b->input.mentions->time_precision[b->input.rows.at[i]] >= precision;
    return rough * 2 > range.last - range.first;
}

static bool day_rises(const struct brand_events *b, int64_t from_s, int64_t to_s) {
    struct row_range range = brand_rows(b, from_s, to_s);
    return (double)(range.last - range.first) >= RISEN_DAY * expected_mentions(b, from_s, to_s);
}

/* An event of rough posts is one of whole local days, if these have it too; false: they have not,
 * or nobody knows the days either. */
static bool widen_rough(const struct brand_events *b, struct event *event) {
    const struct grid *days = b->input.daily;
    size_t first = 0;
    if (!is_rough(b, event, TIME_EXACT_DAY))
        return true;
    if (is_rough(b, event, TIME_EXACT_MONTH))
        return false;
    while (first + 1 < days->times && days->edges_s[first + 1] <= event->onset_s)
        first++;
    size_t last = first;
    while (last + 1 < days->times && days->edges_s[last + 1] < event->end_s)
        last++;
    /* a day at either end that did not rise is in it by chance */
    while (first < last && !day_rises(b, days->edges_s[first], days->edges_s[first + 1]))
        first++;
    while (last > first && !day_rises(b, days->edges_s[last], days->edges_s[last + 1]))
        last--;
    int64_t from_s = days->edges_s[first], to_s = days->edges_s[last + 1];
    struct row_range range = brand_rows(b, from_s, to_s);
    double expected = expected_mentions(b, from_s, to_s);
    double excess = (double)(range.last - range.first) - expected;
    double deviation = sqrt((double)b->volume.dispersion * fmax(expected, 1));
    event->onset_s = event->onset_low_s = from_s;
    event->onset_high_s = days->edges_s[first + 1];
    event->end_s = event->end_high_s = to_s;
    event->end_low_s = days->edges_s[last];
    return excess >= EPISODE_LEAST_EXCESS && excess >= ROUGH_Z * deviation;
}

/* All volume episodes, and negative episodes that no volume episode covers. */
static bool collect_events(struct brand_events *b) {
    b->at = malloc((b->volume.episode_count + b->negative.episode_count + 1) * sizeof *b->at);
    if (!b->at)
        return false;
    for (size_t i = 0; i < b->volume.episode_count; i++) {
        struct event event = make_event(b->input.series, &b->volume.episodes[i], false);
        if (widen_rough(b, &event))
            b->at[b->count++] = event;
    }
    size_t volume = b->count;
    for (size_t i = 0; i < b->negative.episode_count; i++) {
        struct event event = make_event(b->input.series, &b->negative.episodes[i], true);
        bool covered = false;
        for (size_t j = 0; j < volume; j++)
            covered |= overlap(&event, &b->at[j], 0);
        if (!covered && !is_rough(b, &event, TIME_EXACT_DAY))
            b->at[b->count++] = event;
    }
    return fill_busy(b);
}

static int compare_events(const void *a, const void *b) {
    const struct event *x = a, *y = b;
    if (x->onset_s != y->onset_s)
        return x->onset_s < y->onset_s ? -1 : 1;
    return (int)x->verdict.kind - (int)y->verdict.kind;
}

/* Neighbours of the same kind that are less than JOIN_GAP_S apart are waves of one event; but two
 * of the mentions have been found to be apart already. */
static void join_waves(struct brand_events *b) {
    size_t kept = 0;
    qsort(b->at, b->count, sizeof *b->at, compare_events);
    for (size_t i = 0; i < b->count; i++) {
        const struct event *next = &b->at[i];
        struct event *last = kept ? &b->at[kept - 1] : NULL;
        bool apart = last && !last->from_negative && !next->from_negative;
        if (!last || apart || last->verdict.kind != next->verdict.kind ||
            !overlap(last, next, JOIN_GAP_S)) {
            b->at[kept++] = *next;
            continue;
        }
        if (next->episode.ratio > last->episode.ratio) {
            last->episode.ratio = next->episode.ratio;
            last->peak_s = next->peak_s;
        }
        if (next->episode.score > last->episode.score)
            last->episode.score = next->episode.score;
        last->episode.end = next->episode.end;
        if (next->end_s > last->end_s) {
            last->end_s = next->end_s;
            last->end_low_s = next->end_low_s;
            last->end_high_s = next->end_high_s;
        }
        last->waves++;
    }
    b->count = kept;
}

static enum status classify_all(struct brand_events *b, struct fault *fault) {
    struct outcome outcome = {0};
#pragma omp taskloop grainsize(1) shared(outcome)
    for (size_t i = 0; i < b->count; i++) {
        struct fault own = {0};
        enum status status = event_facts(b, &b->at[i], &own);
        b->at[i].verdict = episode_classify(&b->at[i].facts);
        outcome_note(&outcome, i, status, &own);
    }
    return outcome_take(&outcome, fault);
}

static void drop_noise(struct brand_events *b) {
    size_t kept = 0;
    for (size_t i = 0; i < b->count; i++) {
        const struct event *event = &b->at[i];
        const struct episode_facts *facts = &event->facts;
        const struct episode_verdict *verdict = &event->verdict;
        /* a burst is no harm, so the severity rule, which counts criticism, says nothing about its
         * size: here the days of normal talk are those that all mentions added */
        double days = facts->usual_per_day > 0 ? facts->excess / facts->usual_per_day : 0;
        bool large = verdict->severity >= 1 || (verdict->kind != KIND_CRISIS &&
                                                severity_level(days, facts->excess, facts->ratio,
                                                               facts->duration_hours) >= 1);
        /* a rise of criticism alone, without more talk, is an event only when it is a crisis,
         * changes the share clearly and adds enough: some hours with a dozen more complaints happen
         * by chance */
        bool quiet_crisis = verdict->kind == KIND_CRISIS && verdict->negative_z >= 3 &&
                            verdict->days_of_criticism >= QUIET_CRISIS_DAYS;
        if (large && (!event->from_negative || quiet_crisis))
            b->at[kept++] = *event;
    }
    b->count = kept;
}

/* ---- rises of the share ---- */

/* Episodes of the criticism whose talk did not rise are turns of mood. */
static bool name_turns(struct brand_events *b) {
    for (size_t i = 0; i < b->count; i++) {
        struct event *event = &b->at[i];
        const struct episode_facts *facts = &event->facts;
        if (event->from_negative &&
            facts->excess < fmax(QUIET_EXCESS * facts->expected, EPISODE_LEAST_EXCESS)) {
            event->by_share = event->facts.share_only = true;
            event->verdict = episode_classify(facts);
        }
    }
    return fill_busy(b);
}

/* Criticism and talk of one scale's steps. A step counts when at least half of it is covered. */
struct step_counts {
    int32_t *negative, *total;
    uint8_t *left_out;
    int64_t *edges_s; /* [count + 1] */
    size_t count;
};

static void step_counts_release(struct step_counts *steps) {
    free(steps->negative);
    free(steps->total);
    free(steps->left_out);
    free(steps->edges_s);
}

static void count_step(const struct brand_events *b, struct step_counts *steps, size_t step) {
    const struct brand_series *series = b->input.series;
    int64_t from_s = steps->edges_s[step], to_s = steps->edges_s[step + 1], covered = 0;
    int64_t from = floor_div(from_s - series->start_s, series->interval_s);
    int64_t to = floor_div(to_s - 1 - series->start_s, series->interval_s);
    int32_t negative = 0, total = 0;
    for (int64_t i = from < 0 ? 0 : from; i <= to && i < (int64_t)series->count; i++) {
        covered += b->coverage_milli[i];
        negative += series->negative[i];
        total += series->mentions[i];
    }
    if (covered * series->interval_s >= (to_s - from_s) * 500) {
        steps->negative[step] = negative;
        steps->total[step] = total;
    }
    for (size_t i = 0; i < b->spikes.count; i++)
        steps->left_out[step] |= b->spikes.at[i].from_s < to_s && b->spikes.at[i].to_s > from_s;
}

/* The local days; or their quarters, so that a day is four steps whenever the clock changes. */
static bool step_counts_init(const struct brand_events *b, enum share_scale scale,
                             struct step_counts *steps) {
    const struct grid *grid = b->input.daily;
    size_t parts = scale == SHARE_DAYS ? 1 : 24 / STEP_HOURS, count = grid->times * parts;
    *steps = (struct step_counts){.negative = calloc(count + 1, sizeof *steps->negative),
                                  .total = calloc(count + 1, sizeof *steps->total),
                                  .left_out = calloc(count + 1, 1),
                                  .edges_s = calloc(count + 1, sizeof *steps->edges_s),
                                  .count = count};
    if (!steps->negative || !steps->total || !steps->left_out || !steps->edges_s)
        return false;
    for (size_t i = 0; count && i <= count; i++) {
        int64_t day_s = grid->edges_s[i / parts];
        steps->edges_s[i] = day_s + (int64_t)(i % parts) * STEP_S;
    }
    for (size_t i = 0; i < count; i++)
        count_step(b, steps, i);
    return true;
}

static bool same_time(const struct event *a, const struct event *b) {
    return a->onset_s < b->end_s && b->onset_s < a->end_s;
}

/* Adds a rise unless an event of its time says as much: of two rises of the share the one that
 * explains clearly more criticism is kept, and the earlier found, which is shorter, else. */
static void add_rise(struct brand_events *b, const struct event *rise) {
    double others = 0;
    for (size_t i = 0; i < b->count; i++)
        if (b->at[i].by_share && same_time(rise, &b->at[i]))
            others += fmax(b->at[i].verdict.excess_negative, 0);
    if (others > 0 && rise->verdict.excess_negative < EXPLAINS_MORE * others)
        return;
    size_t kept = 0;
    for (size_t i = 0; i < b->count; i++)
        if (!b->at[i].by_share || !same_time(rise, &b->at[i]))
            b->at[kept++] = b->at[i];
    b->at[kept] = *rise;
    b->count = kept + 1;
}

static enum status add_rises(struct brand_events *b, enum share_scale scale,
                             const struct step_counts *steps, const struct share_rises *rises,
                             struct fault *fault) {
    enum time_precision chance = scale == SHARE_DAYS ? TIME_EXACT_MONTH : TIME_EXACT_DAY;
    struct event *events = realloc(b->at, (b->count + rises->count + 1) * sizeof *events);
    if (!events)
        return fault_memory(fault);
    b->at = events;
    for (size_t i = 0; i < rises->count; i++) {
        const struct share_rise *rise = &rises->at[i];
        struct event event = {.by_share = true, .facts.share_only = true, .waves = 1};
        event.onset_s = steps->edges_s[rise->from];
        event.onset_low_s = steps->edges_s[rise->from_low];
        event.onset_high_s = steps->edges_s[rise->from_high + 1];
        event.end_s = event.end_low_s = event.end_high_s = steps->edges_s[rise->to + 1];
        event.episode.score = rise->score;
        if (is_rough(b, &event, chance))
            continue;
        enum status status = event_facts(b, &event, fault);
        if (status != STATUS_OK)
            return status;
        event.verdict = episode_classify(&event.facts);
        if (event.verdict.negative_z >= RISE_LEAST_Z)
            add_rise(b, &event);
    }
    return STATUS_OK;
}

static enum status find_rises(struct brand_events *b, enum share_scale scale, struct fault *fault) {
    struct step_counts steps;
    struct share_rises rises = {0};
    enum status status = step_counts_init(b, scale, &steps) ? STATUS_OK : fault_memory(fault);
    struct share_series series = {steps.negative, steps.total, steps.left_out, steps.count};
    double rate = b->input.detection->false_alarms_per_month * SHARE_BUDGET;
    if (status == STATUS_OK && steps.count)
        status = detect_share_rises(&series, scale, rate, &rises, fault);
    if (status == STATUS_OK && rises.count)
        status = add_rises(b, scale, &steps, &rises, fault);
    share_rises_release(&rises);
    step_counts_release(&steps);
    return status;
}

static enum status find_share_rises(struct brand_events *b, struct fault *fault) {
    if (!name_turns(b))
        return fault_memory(fault);
    enum status status = find_rises(b, SHARE_HOURS, fault);
    if (status == STATUS_OK)
        status = find_rises(b, SHARE_DAYS, fault);
    if (status != STATUS_OK)
        return status;
    if (b->count)
        qsort(b->at, b->count, sizeof *b->at, compare_events);
    return fill_busy(b) ? STATUS_OK : fault_memory(fault);
}

static enum status detect_episodes(struct brand_events *b, const int32_t *values,
                                   struct detection *out, struct fault *fault) {
    const struct brand_input *input = &b->input;
    struct count_series series = {.start_s = input->series->start_s,
                                  .interval_s = input->series->interval_s,
                                  .count = input->series->count,
                                  .value = values,
                                  .coverage_milli = b->coverage_milli,
                                  .zone = input->zone};
    return detect_retrospective(&series, input->detection, out, fault);
}

enum status events_find(const struct brand_input *input, struct brand_events *out,
                        struct fault *fault) {
    *out = (struct brand_events){.input = *input};
    enum status status = fill_coverage(out) ? STATUS_OK : fault_memory(fault);
    if (status == STATUS_OK)
        status = detect_episodes(out, input->series->mentions, &out->volume, fault);
    if (status == STATUS_OK)
        status = detect_episodes(out, input->series->negative, &out->negative, fault);
    /* of less than a baseline needs nobody can say what is usual */
    if (status == STATUS_OK && out->volume.known_s < baseline_needs_s(SECONDS_PER_HOUR))
        return fill_busy(out) ? STATUS_OK : fault_memory(fault);
    if (status == STATUS_OK && !collect_events(out))
        status = fault_memory(fault);
    /* classified once to know kinds, joined, and classified again over the joined waves */
    if (status == STATUS_OK)
        status = classify_all(out, fault);
    if (status != STATUS_OK)
        return status;
    join_waves(out);
    status = fill_busy(out) ? classify_all(out, fault) : fault_memory(fault);
    if (status != STATUS_OK)
        return status;
    drop_noise(out);
    return fill_busy(out) ? find_share_rises(out, fault) : fault_memory(fault);
}

void brand_events_release(struct brand_events *events) {
    free(events->coverage_milli);
    free(events->at);
    free(events->busy.at);
    free(events->spikes.at);
    detection_release(&events->volume);
    detection_release(&events->negative);
    *events = (struct brand_events){0};
}
