#include "stages/events/events.h"

#include "stages/common/outcome.h"
#include "stages/events/event_facts.h"

#include <math.h>
#include <stdlib.h>

enum { JOIN_GAP_S = 6 * SECONDS_PER_HOUR };

/* A slow burn is a crisis when criticism takes ten points more of the talk, the upper end of the
 * usual rule of five to ten, and this is significant although the days before are a sample too. */
static const double BURN_CRISIS_RISE = 0.10, BURN_CRISIS_Z = 3;
static const double QUIET_CRISIS_DAYS = 0.5; /* V; chosen on demo dumps with seeds 2-13 */

static int compare_intervals(const void *a, const void *b) {
    const struct interval *x = a, *y = b;
    return (x->from_s > y->from_s) - (x->from_s < y->from_s);
}

/* Once the events have changed. */
static bool fill_busy(struct brand_events *b) {
    struct interval *busy = malloc((b->count + 1) * sizeof *busy);
    size_t kept = 0;
    if (!busy)
        return false;
    for (size_t i = 0; i < b->count; i++)
        busy[i] = (struct interval){b->at[i].onset_s, b->at[i].end_s};
    qsort(busy, b->count, sizeof *busy, compare_intervals);
    for (size_t i = 0; i < b->count; i++) {
        struct interval *last = kept ? &busy[kept - 1] : NULL;
        if (!last || busy[i].from_s > last->to_s)
            busy[kept++] = busy[i];
        else if (busy[i].to_s > last->to_s)
            last->to_s = busy[i].to_s;
    }
    free(b->busy);
    b->busy = busy;
    b->busy_count = kept;
    return true;
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

static struct event make_event(const struct brand_series *series, const struct episode *episode,
                               bool from_negative) {
    return (struct event){.onset_s = bucket_start(series, episode->onset),
                          .onset_low_s = bucket_start(series, episode->onset_low),
                          .onset_high_s = bucket_start(series, episode->onset_high + 1),
                          .peak_s = bucket_start(series, episode->peak) + series->interval_s / 2,
                          .end_s = bucket_start(series, episode->end + 1),
                          .episode = *episode,
                          .from_negative = from_negative,
                          .waves = 1};
}

static bool overlap(const struct event *a, const struct event *b, int64_t slack) {
    return a->onset_s < b->end_s + slack && b->onset_s < a->end_s + slack;
}

/* All volume episodes, and negative episodes that no volume episode covers. */
static bool collect_events(struct brand_events *b) {
    b->at = malloc((b->volume.episode_count + b->negative.episode_count + 1) * sizeof *b->at);
    if (!b->at)
        return false;
    for (size_t i = 0; i < b->volume.episode_count; i++)
        b->at[b->count++] = make_event(b->input.series, &b->volume.episodes[i], false);
    size_t volume = b->count;
    for (size_t i = 0; i < b->negative.episode_count; i++) {
        struct event event = make_event(b->input.series, &b->negative.episodes[i], true);
        bool covered = false;
        for (size_t j = 0; j < volume; j++)
            covered |= overlap(&event, &b->at[j], 0);
        if (!covered)
            b->at[b->count++] = event;
    }
    return fill_busy(b);
}

static int compare_events(const void *a, const void *b) {
    const struct event *x = a, *y = b;
    if (x->onset_s != y->onset_s)
        return x->onset_s < y->onset_s ? -1 : 1;
    return x->slow_burn - y->slow_burn;
}

/* Neighbours of the same kind that are less than JOIN_GAP_S apart are waves of one event. */
static void join_waves(struct brand_events *b) {
    size_t kept = 0;
    qsort(b->at, b->count, sizeof *b->at, compare_events);
    for (size_t i = 0; i < b->count; i++) {
        const struct event *next = &b->at[i];
        struct event *last = kept ? &b->at[kept - 1] : NULL;
        if (!last || last->verdict.kind != next->verdict.kind || !overlap(last, next, JOIN_GAP_S)) {
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
        last->end_s = next->end_s > last->end_s ? next->end_s : last->end_s;
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
        bool large = verdict->severity >= 1 ||
                     (verdict->kind != KIND_CRISIS &&
                      severity_level(days, facts->ratio, facts->duration_hours) >= 1);
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

/* ---- slow burns ---- */

static enum status add_burns(struct brand_events *b, const struct slow_burns *burns,
                             struct fault *fault) {
    const struct grid *grid = b->input.daily;
    struct event *events = realloc(b->at, (b->count + burns->count + 1) * sizeof *events);
    if (!events)
        return fault_memory(fault);
    b->at = events;
    for (size_t i = 0; i < burns->count; i++) {
        const struct slow_burn *burn = &burns->at[i];
        struct event *event = &events[b->count];
        *event = (struct event){.slow_burn = true, .waves = 1};
        event->onset_s = event->onset_low_s = event->onset_high_s = grid->edges_s[burn->from];
        event->end_s = grid->edges_s[burn->to + 1];
        event->peak_s = (event->onset_s + event->end_s) / 2;
        event->episode.score = burn->z;
        event->episode.ratio = burn->share_before > 0 ? burn->share_during / burn->share_before : 1;
        enum status status = event_facts(b, event, fault);
        if (status != STATUS_OK)
            return status;
        event->verdict = episode_classify(&event->facts);
        int64_t before = event->facts.before_mentions > 0 ? event->facts.before_mentions : 1;
        double z = burn->z / sqrt(1 + (double)burn->mentions / (double)before);
        bool crisis =
            burn->share_during - burn->share_before >= BURN_CRISIS_RISE && z >= BURN_CRISIS_Z;
        event->verdict.kind = crisis ? KIND_CRISIS : KIND_BURST;
        event->verdict.severity = event->verdict.severity_base =
            burn->excess_negative >= 2 * event->facts.usual_per_day ? 2 : 1;
        b->count++;
        if (!fill_busy(b))
            return fault_memory(fault);
    }
    qsort(b->at, b->count, sizeof *b->at, compare_events);
    return STATUS_OK;
}

static enum status find_burns(struct brand_events *b, struct fault *fault) {
    const struct brand_series *series = b->input.series;
    const struct grid *grid = b->input.daily;
    size_t days = grid->times;
    int32_t *negative = calloc(days + 1, sizeof *negative),
            *total = calloc(days + 1, sizeof *total);
    uint8_t *spike = calloc(days + 1, 1);
    struct slow_burns burns = {0};
    enum status status = negative && total && spike ? STATUS_OK : fault_memory(fault);
    /* negative and all mentions, 0 for days of which less than half is covered, and days in which
     * another event is */
    for (size_t day = 0; day < days && status == STATUS_OK; day++) {
        const struct grid_point *point = &grid->points[day * b->input.brands + b->input.brand];
        int64_t from_s = grid->edges_s[day], to_s = grid->edges_s[day + 1];
        int64_t from = floor_div(from_s - series->start_s, series->interval_s), covered = 0;
        int64_t to = floor_div(to_s - 1 - series->start_s, series->interval_s);
        for (int64_t i = from < 0 ? 0 : from; i <= to && i < (int64_t)series->count; i++)
            covered += b->coverage_milli[i];
        if (covered * series->interval_s >= (to_s - from_s) * 500) {
            negative[day] = point->negative;
            total[day] = point->mentions;
        }
        for (size_t i = 0; i < b->count; i++)
            spike[day] |= b->at[i].onset_s < to_s && b->at[i].end_s > from_s;
    }
    if (status == STATUS_OK && days)
        status = detect_slow_burn(negative, total, spike, days, &burns, fault);
    if (status == STATUS_OK && burns.count)
        status = add_burns(b, &burns, fault);
    slow_burns_release(&burns);
    free(negative);
    free(total);
    free(spike);
    return status;
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
    return fill_busy(out) ? find_burns(out, fault) : fault_memory(fault);
}

void brand_events_release(struct brand_events *events) {
    free(events->coverage_milli);
    free(events->at);
    free(events->busy);
    detection_release(&events->volume);
    detection_release(&events->negative);
    *events = (struct brand_events){0};
}

const char *event_kind_name(const struct event *event) {
    return event->slow_burn && event->verdict.kind != KIND_CRISIS
               ? "slow_burn"
               : episode_kind_name(event->verdict.kind);
}
