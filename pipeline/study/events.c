/* Detection per brand: volume and negative series in, classified events out. */
#include "pipeline/study/study.h"

#include <math.h>
#include <stdlib.h>

enum { JOIN_GAP_S = 6 * SECONDS_PER_HOUR };

/* A slow burn is a crisis when criticism takes ten points more of the talk, the upper end of the
 * usual rule of five to ten, and this is significant although the days before are a sample too. */
static const double BURN_CRISIS_RISE = 0.10, BURN_CRISIS_Z = 3;
static const double QUIET_CRISIS_DAYS = 0.5; /* V; chosen on demo dumps with seeds 2-13 */

void brand_rows(const struct study *study, const struct brand_study *brand, int64_t from_s,
                int64_t to_s, size_t *first, size_t *last) {
    const int64_t *time = study->mentions.created_at_us;
    int64_t limits[2] = {from_s, to_s};
    size_t found[2];
    for (int side = 0; side < 2; side++) {
        size_t low = 0, high = brand->row_count;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (floor_div(time[brand->rows[middle]], US_PER_S) < limits[side])
                low = middle + 1;
            else
                high = middle;
        }
        found[side] = low;
    }
    *first = found[0];
    *last = found[1] < found[0] ? found[0] : found[1];
}

bool in_events(const struct brand_study *brand, int64_t second) {
    size_t low = 0, high = brand->busy_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (brand->busy[middle].to_s <= second)
            low = middle + 1;
        else
            high = middle;
    }
    return low < brand->busy_count && brand->busy[low].from_s <= second;
}

static int compare_intervals(const void *a, const void *b) {
    const struct interval *x = a, *y = b;
    return (x->from_s > y->from_s) - (x->from_s < y->from_s);
}

/* Once the events have changed. */
static bool note_busy(struct brand_study *b) {
    struct interval *busy = malloc((b->event_count + 1) * sizeof *busy);
    size_t kept = 0;
    if (!busy)
        return false;
    for (size_t i = 0; i < b->event_count; i++)
        busy[i] = (struct interval){b->events[i].onset_s, b->events[i].end_s};
    qsort(busy, b->event_count, sizeof *busy, compare_intervals);
    for (size_t i = 0; i < b->event_count; i++) {
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
static bool brand_coverage(struct study *study, struct brand_study *b) {
    const struct brand_series *series = &b->series;
    uint64_t share[PLATFORM_COUNT] = {0};
    for (size_t i = 0; i < b->row_count; i++)
        share[study->mentions.platform[b->rows[i]]]++;
    b->coverage_milli = malloc((series->count + 1) * sizeof *b->coverage_milli);
    if (!b->coverage_milli)
        return false;
    for (size_t i = 0; i < series->count; i++) {
        int64_t from = series->start_s + (int64_t)i * series->interval_s;
        uint64_t sum = 0;
        for (int p = 0; p < PLATFORM_COUNT; p++)
            if (share[p])
                sum += share[p] * coverage_share(&study->coverage, (enum platform)p, from,
                                                 from + series->interval_s);
        b->coverage_milli[i] = b->row_count ? (uint16_t)(sum / b->row_count) : 1000;
    }
    return true;
}

static struct count_series as_series(const struct study *study, const struct brand_study *b,
                                     const int32_t *values) {
    return (struct count_series){.start_s = b->series.start_s,
                                 .interval_s = b->series.interval_s,
                                 .count = b->series.count,
                                 .value = values,
                                 .coverage_milli = b->coverage_milli,
                                 .zone = &study->config->zone};
}

static int64_t bucket_start(const struct brand_study *b, size_t bucket) {
    return b->series.start_s + (int64_t)bucket * b->series.interval_s;
}

static struct event make_event(const struct brand_study *b, size_t brand,
                               const struct episode *episode, bool from_negative) {
    return (struct event){.brand = brand,
                          .onset_s = bucket_start(b, episode->onset),
                          .onset_low_s = bucket_start(b, episode->onset_low),
                          .onset_high_s = bucket_start(b, episode->onset_high + 1),
                          .peak_s = bucket_start(b, episode->peak) + b->series.interval_s / 2,
                          .end_s = bucket_start(b, episode->end + 1),
                          .episode = *episode,
                          .from_negative = from_negative,
                          .waves = 1};
}

static bool overlap(const struct event *a, const struct event *b, int64_t slack) {
    return a->onset_s < b->end_s + slack && b->onset_s < a->end_s + slack;
}

/* All volume episodes, and negative episodes that no volume episode covers. */
static bool collect_events(struct brand_study *b, size_t brand) {
    b->events =
        malloc((b->volume.episode_count + b->negative.episode_count + 1) * sizeof *b->events);
    if (!b->events)
        return false;
    for (size_t i = 0; i < b->volume.episode_count; i++)
        b->events[b->event_count++] = make_event(b, brand, &b->volume.episodes[i], false);
    size_t volume = b->event_count;
    for (size_t i = 0; i < b->negative.episode_count; i++) {
        struct event event = make_event(b, brand, &b->negative.episodes[i], true);
        bool covered = false;
        for (size_t j = 0; j < volume; j++)
            covered |= overlap(&event, &b->events[j], 0);
        if (!covered)
            b->events[b->event_count++] = event;
    }
    return note_busy(b);
}

static int compare_events(const void *a, const void *b) {
    const struct event *x = a, *y = b;
    if (x->onset_s != y->onset_s)
        return x->onset_s < y->onset_s ? -1 : 1;
    return x->slow_burn - y->slow_burn;
}

/* The second of two neighbours becomes a further wave of the first. */
static void join_into(struct event *first, const struct event *second) {
    const struct episode *b = &second->episode;
    struct episode *a = &first->episode;
    if (b->ratio > a->ratio) {
        a->ratio = b->ratio;
        first->peak_s = second->peak_s;
    }
    a->score = b->score > a->score ? b->score : a->score;
    a->end = b->end;
    first->end_s = second->end_s > first->end_s ? second->end_s : first->end_s;
    first->waves++;
}

/* Neighbours of the same kind that are less than JOIN_GAP_S apart are waves of one event. */
static void join_waves(struct brand_study *b) {
    size_t kept = 0;
    qsort(b->events, b->event_count, sizeof *b->events, compare_events);
    for (size_t i = 0; i < b->event_count; i++) {
        struct event *last = kept ? &b->events[kept - 1] : NULL;
        if (last && last->verdict.kind == b->events[i].verdict.kind &&
            overlap(last, &b->events[i], JOIN_GAP_S))
            join_into(last, &b->events[i]);
        else
            b->events[kept++] = b->events[i];
    }
    b->event_count = kept;
}

static enum status classify_all(const struct study *study, size_t brand, struct fault *fault) {
    struct brand_study *b = &study->brands[brand];
    struct outcome outcome = {0};
#pragma omp taskloop grainsize(1) shared(outcome)
    for (size_t i = 0; i < b->event_count; i++) {
        struct fault own = {0};
        enum status status = event_facts(study, brand, &b->events[i], &own);
        b->events[i].verdict = episode_classify(&b->events[i].facts);
        outcome_note(&outcome, i, status, &own);
    }
    return outcome_take(&outcome, fault);
}

/* A rise of criticism alone, without more talk, is an event only when it is a crisis, changes the
 * share clearly and adds enough: some hours with a dozen more complaints happen by chance. */
static bool is_quiet_crisis(const struct event *event) {
    return event->verdict.kind == KIND_CRISIS && event->verdict.negative_z >= 3 &&
           event->verdict.days_of_criticism >= QUIET_CRISIS_DAYS;
}

/* A burst is no harm, so the severity rule, which counts criticism, says nothing about its size:
 * here the days of normal talk are those that all mentions added. */
static bool is_large(const struct event *event) {
    const struct episode_facts *facts = &event->facts;
    double days = facts->usual_per_day > 0 ? facts->excess / facts->usual_per_day : 0;
    return event->verdict.severity >= 1 ||
           (event->verdict.kind != KIND_CRISIS &&
            severity_level(days, facts->ratio, facts->duration_hours) >= 1);
}

static void drop_noise(struct brand_study *b) {
    size_t kept = 0;
    for (size_t i = 0; i < b->event_count; i++) {
        const struct event *event = &b->events[i];
        if (is_large(event) && (!event->from_negative || is_quiet_crisis(event)))
            b->events[kept++] = *event;
    }
    b->event_count = kept;
}

/* ---- slow burns ---- */

/* True when at least half of [from_s, to_s) is covered for the brand. */
static bool is_covered(const struct brand_study *b, int64_t from_s, int64_t to_s) {
    int64_t step = b->series.interval_s, sum = 0;
    int64_t from = floor_div(from_s - b->series.start_s, step);
    int64_t to = floor_div(to_s - 1 - b->series.start_s, step);
    for (int64_t i = from < 0 ? 0 : from; i <= to && i < (int64_t)b->series.count; i++)
        sum += b->coverage_milli[i];
    return sum * step >= (to_s - from_s) * 500;
}

/* The brand's days: negative and all mentions, 0 for days that are not covered, and spike days. */
static bool fill_days(const struct study *study, size_t brand, int32_t *negative, int32_t *total,
                      uint8_t *spike) {
    const struct grid *grid = &study->audit.grids[GRID_DAILY];
    const struct brand_study *b = &study->brands[brand];
    for (size_t day = 0; day < grid->times; day++) {
        const struct grid_point *point = &grid->points[day * study->config->brand_count + brand];
        bool covered = is_covered(b, grid->edges_s[day], grid->edges_s[day + 1]);
        negative[day] = covered ? point->negative : 0;
        total[day] = covered ? point->mentions : 0;
        for (size_t i = 0; i < b->event_count; i++)
            spike[day] |= b->events[i].onset_s < grid->edges_s[day + 1] &&
                          b->events[i].end_s > grid->edges_s[day];
    }
    return grid->times > 0;
}

static bool is_burn_crisis(const struct slow_burn *burn, const struct episode_facts *facts) {
    double before = (double)(facts->before_mentions > 0 ? facts->before_mentions : 1);
    double z = burn->z / sqrt(1 + (double)burn->mentions / before);
    return burn->share_during - burn->share_before >= BURN_CRISIS_RISE && z >= BURN_CRISIS_Z;
}

static enum status add_burns(struct study *study, size_t brand, const struct slow_burns *burns,
                             struct fault *fault) {
    struct brand_study *b = &study->brands[brand];
    const struct grid *grid = &study->audit.grids[GRID_DAILY];
    struct event *events = realloc(b->events, (b->event_count + burns->count + 1) * sizeof *events);
    if (!events)
        return fault_memory(fault);
    b->events = events;
    for (size_t i = 0; i < burns->count; i++) {
        const struct slow_burn *burn = &burns->at[i];
        struct event *event = &events[b->event_count];
        *event = (struct event){.brand = brand, .slow_burn = true, .waves = 1};
        event->onset_s = event->onset_low_s = event->onset_high_s = grid->edges_s[burn->from];
        event->end_s = grid->edges_s[burn->to + 1];
        event->peak_s = (event->onset_s + event->end_s) / 2;
        event->episode.score = burn->z;
        event->episode.ratio = burn->share_before > 0 ? burn->share_during / burn->share_before : 1;
        enum status status = event_facts(study, brand, event, fault);
        if (status != STATUS_OK)
            return status;
        event->verdict = episode_classify(&event->facts);
        event->verdict.kind = is_burn_crisis(burn, &event->facts) ? KIND_CRISIS : KIND_BURST;
        event->verdict.severity = event->verdict.severity_base =
            burn->excess_negative >= 2 * event->facts.usual_per_day ? 2 : 1;
        b->event_count++;
        if (!note_busy(b))
            return fault_memory(fault);
    }
    qsort(b->events, b->event_count, sizeof *b->events, compare_events);
    return STATUS_OK;
}

static enum status find_burns(struct study *study, size_t brand, struct fault *fault) {
    size_t days = study->audit.grids[GRID_DAILY].times;
    int32_t *negative = calloc(days + 1, sizeof *negative),
            *total = calloc(days + 1, sizeof *total);
    uint8_t *spike = calloc(days + 1, 1);
    struct slow_burns burns = {0};
    enum status status = negative && total && spike ? STATUS_OK : fault_memory(fault);
    if (status == STATUS_OK && fill_days(study, brand, negative, total, spike))
        status = detect_slow_burn(negative, total, spike, days, &burns, fault);
    if (status == STATUS_OK && burns.count)
        status = add_burns(study, brand, &burns, fault);
    slow_burns_release(&burns);
    free(negative);
    free(total);
    free(spike);
    return status;
}

static enum status detect_brand(struct study *study, size_t brand, struct fault *fault) {
    struct brand_study *b = &study->brands[brand];
    struct series_input input = {.mentions = &study->mentions,
                                 .rows = study->lists,
                                 .from_s = study->from_s,
                                 .to_s = study->to_s};
    const struct detect_options *options = &study->config->detection;
    b->rows = study->lists[brand].at;
    b->row_count = study->lists[brand].count;
    enum status status =
        brand_series_build(&b->series, &input, brand, study->config->bucket_s, fault);
    if (status == STATUS_OK && !brand_coverage(study, b))
        status = fault_memory(fault);
    struct count_series volume = as_series(study, b, b->series.mentions);
    struct count_series negative = as_series(study, b, b->series.negative);
    if (status == STATUS_OK)
        status = detect_retrospective(&volume, options, &b->volume, fault);
    if (status == STATUS_OK)
        status = detect_retrospective(&negative, options, &b->negative, fault);
    if (status == STATUS_OK && !collect_events(b, brand))
        status = fault_memory(fault);
    return status;
}

static enum status finish_brand(struct study *study, size_t brand, struct fault *fault) {
    struct brand_study *b = &study->brands[brand];
    /* classified once to know kinds, joined, and classified again over the joined waves */
    enum status status = classify_all(study, brand, fault);
    if (status != STATUS_OK)
        return status;
    join_waves(b);
    status = note_busy(b) ? classify_all(study, brand, fault) : fault_memory(fault);
    if (status != STATUS_OK)
        return status;
    drop_noise(b);
    return note_busy(b) ? find_burns(study, brand, fault) : fault_memory(fault);
}

enum status study_detect(struct study *study, struct fault *fault) {
    size_t brands = study->config->brand_count;
    struct outcome outcome = {0};
    study->brands = calloc(brands + 1, sizeof *study->brands);
    if (!study->brands)
        return fault_memory(fault);
#pragma omp parallel for schedule(dynamic)
    for (size_t i = 0; i < brands; i++) {
        struct fault own = {0};
        enum status status = detect_brand(study, i, &own);
        if (status == STATUS_OK)
            status = finish_brand(study, i, &own);
        outcome_note(&outcome, i, status, &own);
    }
    return outcome_take(&outcome, fault);
}

/* ---- the grids' baseline ---- */

/* Sums the bucket baseline over [from_s, to_s). */
static double baseline_sum(const struct brand_study *b, int64_t from_s, int64_t to_s) {
    int64_t from = (from_s - b->series.start_s) / b->series.interval_s;
    int64_t to = (to_s - b->series.start_s) / b->series.interval_s;
    double sum = 0;
    for (int64_t i = from < 0 ? 0 : from; i < to && i < (int64_t)b->series.count; i++)
        sum += (double)b->volume.baseline[i];
    return sum;
}

enum status study_fill_baseline(struct study *study, struct fault *fault) {
    size_t brands = study->config->brand_count;
    (void)fault;
    for (int g = 0; g < GRID_COUNT; g++) {
        struct grid *grid = &study->audit.grids[g];
        for (size_t time = 0; time < grid->times; time++) {
            for (size_t i = 0; i < brands; i++) {
                struct grid_point *point = &grid->points[time * brands + i];
                const struct brand_study *b = &study->brands[i];
                double expected = baseline_sum(b, grid->edges_s[time], grid->edges_s[time + 1]);
                double deviation = sqrt((double)b->volume.dispersion * (expected + 1));
                point->baseline = (float)expected;
                point->surprise = (float)(((double)point->mentions - expected) / deviation);
            }
        }
    }
    return STATUS_OK;
}
