/* The steps of a series: months by the calendar, days by the local clock, seconds; and the buckets
 * that its rows fall into. */
#include "pipeline/commands/series_csv.h"

#include <inttypes.h>
#include <stdlib.h>

static const size_t buckets_max = (size_t)1 << 27;
#define MONTH_S INT64_C(2629746) /* a twelfth of the mean Gregorian year */
enum {
    LEAST_MONTH_S = 28 * SECONDS_PER_DAY,
    REGULAR = 800,                  /* of 1000: a rule with exceptions */
    SLACK_S = 3 * SECONDS_PER_HOUR, /* midnight told in a neighbouring zone */
};

/* ---- months ---- */

static int64_t month_of(int64_t local_s) {
    struct civil civil = civil_from_seconds(local_s + SLACK_S);
    return civil.year * 12 + civil.month - 1;
}

static int64_t month_start(int64_t month) {
    return civil_days(floor_div(month, 12), (unsigned)(month - floor_div(month, 12) * 12) + 1, 1) *
           SECONDS_PER_DAY;
}

static int int64_order(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The most common positive difference of neighbours, the smaller of two equally common; 0 when
 * there is none. `*share` of the differences, in 1/1000. */
static int64_t common_step(const int64_t *sorted, size_t count, int64_t *scratch, unsigned *share) {
    size_t steps = 0, best = 0;
    int64_t step = 0;
    for (size_t i = 1; i < count; i++)
        if (sorted[i] > sorted[i - 1])
            scratch[steps++] = sorted[i] - sorted[i - 1];
    qsort(scratch, steps, sizeof *scratch, int64_order);
    for (size_t i = 0, run; i < steps; i += run) {
        for (run = 1; i + run < steps && scratch[i + run] == scratch[i];)
            run++;
        if (run > best) {
            best = run;
            step = scratch[i];
        }
    }
    *share = steps ? (unsigned)(best * 1000 / steps) : 0;
    return step;
}

/* How the times of a calendar series lie in their months. */
struct month_plan {
    int months;      /* of a step; 0: no calendar months */
    int64_t shift_s; /* the step begins so long after a month does */
    bool last_days;  /* times are the last days of their steps */
};

static struct month_plan plan_of_labels(int months) {
    return (struct month_plan){.months = months};
}

/* Share of the times on the last day of a month, and on the same day of it. */
static void month_places(const int64_t *local_s, size_t count, unsigned *last, unsigned *same,
                         int64_t *place_s) {
    size_t lasts = 0, tally[32] = {0};
    unsigned day = 1;
    for (size_t i = 0; i < count; i++) {
        struct civil civil = civil_from_seconds(local_s[i] + SLACK_S);
        lasts += civil_from_seconds(local_s[i] + SLACK_S + SECONDS_PER_DAY).day == 1;
        if (++tally[civil.day] > tally[day])
            day = civil.day;
    }
    *last = (unsigned)(lasts * 1000 / count);
    *same = (unsigned)(tally[day] * 1000 / count);
    *place_s = day <= 28 ? (int64_t)(day - 1) * SECONDS_PER_DAY : 0;
}

/* Calendar months: one row per step of whole months, on the same or on the last day of it, or where
 * weekends move them, near it. Constant steps of 28 or 30 days are none. */
static struct month_plan plan_of_moments(const int64_t *local_s, size_t count, int64_t *scratch) {
    unsigned constant, regular, last, same;
    struct month_plan plan = {0};
    int64_t step_s = common_step(local_s, count, scratch, &constant);
    if (step_s < LEAST_MONTH_S)
        return plan;
    month_places(local_s, count, &last, &same, &plan.shift_s);
    int64_t *month = scratch + count;
    bool place = same >= REGULAR && last < REGULAR;
    if (!place)
        plan.shift_s = 0;
    for (size_t i = 0; i < count; i++)
        month[i] = month_of(local_s[i] - plan.shift_s);
    int64_t months = common_step(month, count, scratch, &regular);
    if (months < 1 || months > 120 ||
        !(same >= REGULAR || last >= REGULAR || (constant < REGULAR && regular >= REGULAR)))
        return plan;
    plan.months = (int)months;
    plan.last_days = last >= REGULAR;
    return plan;
}

unsigned series_regularity(const int64_t *sorted_s, size_t count) {
    unsigned share = 0;
    int64_t *scratch = malloc((2 * count + 1) * sizeof *scratch);
    if (!scratch)
        return 0; /* the caller's next allocation says so */
    if (count && plan_of_moments(sorted_s, count, scratch).months) {
        for (size_t i = 0; i < count; i++)
            scratch[count + i] = month_of(sorted_s[i]);
        common_step(scratch + count, count, scratch, &share);
    } else if (count) {
        common_step(sorted_s, count, scratch, &share);
    }
    free(scratch);
    return share;
}

/* ---- steps ---- */

/* What a bucket is; times are local seconds where `local`, else UTC. */
struct step_plan {
    struct month_plan month;
    bool local;
    int64_t first; /* month, or second, at which bucket 0 begins */
};

static int64_t local_of(const struct zone *zone, int64_t at_s) {
    return at_s + (zone ? zone_offset(zone, at_s) : 0);
}

/* The shortest label of the column, 0 when some time has none. */
static int label_months(const struct series_csv *series) {
    int months = 0;
    for (size_t i = 0; i < series->row_count; i++) {
        int own = series->rows[i].months;
        if (!own)
            return 0;
        months = !months || own < months ? own : months;
    }
    return months;
}

static bool all_naive(const struct series_csv *series) {
    for (size_t i = 0; i < series->row_count; i++)
        if (!series->rows[i].naive)
            return false;
    return true;
}

static enum status find_step(struct series_csv *series, const struct zone *zone,
                             struct step_plan *plan, struct fault *fault) {
    size_t count = series->row_count;
    unsigned share;
    int64_t *at_s = malloc((3 * count + 1) * sizeof *at_s), *scratch = at_s ? at_s + count : NULL;
    if (!at_s)
        return fault_memory(fault);
    for (size_t i = 0; i < count; i++)
        at_s[i] = series->rows[i].at_s;
    *plan = (struct step_plan){0};
    int64_t step_s = common_step(at_s, count, scratch, &share);
    /* longer steps than hours follow the local clock */
    plan->local =
        zone && step_s > SECONDS_PER_HOUR && (all_naive(series) || step_s >= SECONDS_PER_DAY);
    if (plan->local || step_s >= LEAST_MONTH_S) {
        for (size_t i = 0; i < count; i++)
            at_s[i] = local_of(zone, at_s[i]);
        step_s = common_step(at_s, count, scratch, &share);
    }
    if (label_months(series) && step_s) {
        for (size_t i = 0; i < count; i++)
            at_s[i] = month_of(at_s[i]);
        int64_t months = common_step(at_s, count, scratch, &share);
        plan->month = plan_of_labels((int)(months < 1200 ? months : 1200));
    } else if (step_s >= LEAST_MONTH_S) {
        plan->month = plan_of_moments(at_s, count, scratch);
    }
    free(at_s);
    if (plan->month.months)
        step_s = plan->month.months * MONTH_S;
    if (!step_s)
        return fault_set(fault, STATUS_FATAL, EXIT_DATA,
                         "%zu rows: a series needs at least two different times", count);
    if (step_s > INT32_MAX)
        return fault_set(fault, STATUS_FATAL, EXIT_DATA, "times are too far apart: %" PRId64 " s",
                         step_s);
    series->interval_s = (int32_t)step_s;
    series->months = plan->month.months;
    return STATUS_OK;
}

/* The second within the interval at which most rows lie, so that a few odd rows do not shift the
 * grid: the start is the first row's bucket on the grid of the first pair one interval apart. */
static int64_t first_second(const struct series_csv *series, const struct zone *zone) {
    int64_t first_s = local_of(zone, series->rows[0].at_s), on_grid_s = first_s, last_s = first_s;
    for (size_t i = 1; i < series->row_count; i++) {
        int64_t at_s = local_of(zone, series->rows[i].at_s);
        if (at_s - last_s == series->interval_s) {
            on_grid_s = last_s;
            break;
        }
        last_s = at_s;
    }
    int64_t steps = (on_grid_s - first_s + series->interval_s / 2) / series->interval_s;
    return on_grid_s - steps * series->interval_s;
}

static int64_t row_month(const struct step_plan *plan, const struct zone *zone, int64_t at_s) {
    return month_of(local_of(zone, at_s) - plan->month.shift_s);
}

static size_t bucket_of(const struct series_csv *series, const struct step_plan *plan,
                        const struct zone *zone, int64_t at_s) {
    int64_t steps;
    if (plan->month.months) {
        steps = (row_month(plan, zone, at_s) - plan->first) / plan->month.months;
    } else {
        int64_t second = plan->local ? local_of(zone, at_s) : at_s;
        steps = floor_div(second - plan->first + series->interval_s / 2, series->interval_s);
    }
    return steps < 0 ? 0 : (size_t)steps;
}

static int64_t bucket_start(const struct series_csv *series, const struct step_plan *plan,
                            const struct zone *zone, size_t bucket) {
    int64_t second = plan->first + (int64_t)bucket * series->interval_s;
    if (plan->month.months)
        second =
            month_start(plan->first + (int64_t)bucket * plan->month.months) + plan->month.shift_s;
    return zone && (plan->local || plan->month.months) ? zone_to_utc(zone, second) : second;
}

/* Calendar steps have their own starts; steps longer than an hour and shorter than a day, and
 * months, their own lengths: days and weeks are whole however the clocks change. */
static enum status find_starts(struct series_csv *series, const struct step_plan *plan,
                               const struct zone *zone, struct fault *fault) {
    bool clock_changes = plan->local && zone->count > 1;
    if (!plan->month.months && !clock_changes)
        return STATUS_OK;
    series->starts_s = malloc((series->bucket_count + 1) * sizeof *series->starts_s);
    if (!series->starts_s)
        return fault_memory(fault);
    for (size_t b = 0; b <= series->bucket_count; b++)
        series->starts_s[b] = bucket_start(series, plan, zone, b);
    return STATUS_OK;
}

static uint16_t whole_coverage(const struct series_csv *series, size_t bucket) {
    if (!series->starts_s || (!series->months && series->interval_s >= SECONDS_PER_DAY))
        return 1000;
    int64_t length_s = series->starts_s[bucket + 1] - series->starts_s[bucket];
    if (series->months) /* in local days */
        length_s = (length_s + SECONDS_PER_DAY / 2) / SECONDS_PER_DAY * SECONDS_PER_DAY;
    int64_t milli = (length_s * 1000 + series->interval_s / 2) / series->interval_s;
    return milli < 1 ? 1 : milli > COVERAGE_MAX ? COVERAGE_MAX : (uint16_t)milli;
}

/* ---- buckets ---- */

/* Whether row i has the time of the row before it. */
static bool comes_again(const struct series_csv *series, size_t i) {
    const struct series_row *row = &series->rows[i];
    return i && !row->skipped && !row[-1].skipped && row->at_s == row[-1].at_s;
}

/* True when every time that comes again comes with the value it had. */
static bool repetitions_agree(const struct series_csv *series) {
    for (size_t i = 1; i < series->row_count; i++)
        if (comes_again(series, i) && series->rows[i].value != series->rows[i - 1].value)
            return false;
    return true;
}

static void fill_bucket(struct series_csv *series, struct series_row *row) {
    int32_t *value = &series->value[row->bucket];
    if (row->value < 0)
        return;
    series->notes.added += series->coverage_milli[row->bucket] != 0;
    series->coverage_milli[row->bucket] = whole_coverage(series, row->bucket);
    *value = *value > INT32_MAX - row->value ? INT32_MAX : *value + row->value;
}

static enum status make_buckets(struct series_csv *series, const struct step_plan *plan,
                                const struct zone *zone, struct fault *fault) {
    series->bucket_count =
        bucket_of(series, plan, zone, series->rows[series->row_count - 1].at_s) + 1;
    if (series->bucket_count > buckets_max)
        return fault_set(fault, STATUS_FATAL, EXIT_DATA,
                         "the series spans %zu buckets of %" PRId32
                         " s: more than %zu; check the first and the last time",
                         series->bucket_count, series->interval_s, buckets_max);
    series->value = calloc(series->bucket_count, sizeof *series->value);
    series->coverage_milli = calloc(series->bucket_count, sizeof *series->coverage_milli);
    if (!series->value || !series->coverage_milli)
        return fault_memory(fault);
    return find_starts(series, plan, zone, fault);
}

/* ---- the repeated autumn hour ---- */

/* The buckets [from, from + length) of the second telling, when the series is hourly or finer and
 * has no row there but all rows of the first telling; 0 otherwise. */
static size_t missing_telling(const struct series_csv *series, const struct zone_shift *shift,
                              size_t *from) {
    int32_t back_s = shift[-1].offset_s - shift->offset_s;
    int64_t away_s = shift->from_s - series->start_s;
    if (back_s <= 0 || back_s % series->interval_s || away_s < back_s ||
        away_s % series->interval_s)
        return 0;
    size_t length = (size_t)(back_s / series->interval_s);
    *from = (size_t)(away_s / series->interval_s);
    if (*from + length >= series->bucket_count)
        return 0;
    for (size_t b = *from; b < *from + length; b++)
        if (series->coverage_milli[b] || !series->coverage_milli[b - length])
            return 0;
    return length;
}

static void drop_buckets(struct series_csv *series, size_t from, size_t length) {
    size_t rest = series->bucket_count - from - length;
    memmove(series->value + from, series->value + from + length, rest * sizeof *series->value);
    memmove(series->coverage_milli + from, series->coverage_milli + from + length,
            rest * sizeof *series->coverage_milli);
    memmove(series->starts_s + from, series->starts_s + from + length,
            (rest + 1) * sizeof *series->starts_s);
    for (size_t b = from - length; b < from; b++)
        series->coverage_milli[b] = 2000;
    for (size_t i = 0; i < series->row_count; i++)
        if (series->rows[i].bucket >= from + length)
            series->rows[i].bucket -= length;
    series->bucket_count -= length;
    series->notes.merged += length;
}

/* Where the rows have the repeated hour once, it holds both tellings: one bucket, twice as long. */
static enum status merge_autumn_hours(struct series_csv *series, const struct zone *zone,
                                      struct fault *fault) {
    size_t from, length;
    if (!zone || series->interval_s > SECONDS_PER_HOUR || !all_naive(series))
        return STATUS_OK;
    for (int i = zone->count - 1; i > 0; i--) { /* the last first: bucket numbers before it hold */
        length = missing_telling(series, &zone->shifts[i], &from);
        if (!length)
            continue;
        if (!series->starts_s) {
            series->starts_s = malloc((series->bucket_count + 1) * sizeof *series->starts_s);
            if (!series->starts_s)
                return fault_memory(fault);
            for (size_t b = 0; b <= series->bucket_count; b++)
                series->starts_s[b] = series->start_s + (int64_t)b * series->interval_s;
        }
        drop_buckets(series, from, length);
    }
    return STATUS_OK;
}

enum status series_steps(struct series_csv *series, const struct zone *zone, struct fault *fault) {
    struct step_plan plan;
    enum status status = find_step(series, zone, &plan, fault);
    if (status != STATUS_OK)
        return status;
    if (plan.month.months)
        plan.first = row_month(&plan, zone, series->rows[0].at_s) -
                     (plan.month.last_days ? plan.month.months - 1 : 0);
    else
        plan.first = first_second(series, plan.local ? zone : NULL);
    status = make_buckets(series, &plan, zone, fault);
    if (status != STATUS_OK)
        return status;
    series->start_s = bucket_start(series, &plan, zone, 0);
    bool once = repetitions_agree(series);
    for (size_t i = 0; i < series->row_count; i++) {
        struct series_row *row = &series->rows[i];
        row->bucket = bucket_of(series, &plan, zone, row->at_s);
        row->repeated = once && comes_again(series, i);
        series->notes.repeated += row->repeated;
        if (!row->repeated && !row->skipped)
            fill_bucket(series, row);
    }
    status = merge_autumn_hours(series, zone, fault);
    for (size_t b = 0; b < series->bucket_count; b++)
        series->notes.unknown += series->coverage_milli[b] == 0;
    return status;
}
