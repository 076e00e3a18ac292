#include "stages/events/event_facts.h"

#include "stages/events/near_duplicates.h"
#include "stages/events/period_counts.h"

#include <math.h>
#include <stdlib.h>

enum { TOP_AUTHORS = 4, USUAL_WINDOWS_MAX = 200 };
/* Of an hour; less is as good as nothing, and no ratio rests on it. */
#define LEAST_EXPECTED 0.01

static int compare_numbers(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Distinct authors, and mentions of the most active. Author 0 is "unknown": each such mention
 * counts as by an author of its own, and none of them as active. */
static bool count_authors(const struct brand_events *b, const struct event *event,
                          struct row_range range, int64_t *distinct, int64_t *top) {
    size_t count = 0;
    int64_t largest[TOP_AUTHORS] = {0};
    uint32_t *authors = malloc((range.last - range.first + 1) * sizeof *authors);
    if (!authors)
        return false;
    for (size_t i = range.first; i < range.last; i++)
        if (event_has(b, event, i))
            authors[count++] = b->input.mentions->author[b->input.rows.at[i]];
    qsort(authors, count, sizeof *authors, compare_numbers);
    *distinct = *top = 0;
    for (size_t i = 0, to; i < count; i = to) {
        to = i + 1;
        while (authors[i] && to < count && authors[to] == authors[i])
            to++;
        int64_t size = (int64_t)(to - i);
        ++*distinct;
        for (int k = 0; k < TOP_AUTHORS && authors[i]; k++) {
            if (size > largest[k]) {
                int64_t swap = largest[k];
                largest[k] = size;
                size = swap;
            }
        }
    }
    for (int k = 0; k < TOP_AUTHORS; k++)
        *top += largest[k];
    free(authors);
    return true;
}

/* Mean number of distinct authors in periods as long as the event over the 28 days before. */
static bool count_usual_authors(const struct brand_events *b, const struct event *event,
                                int64_t *out) {
    int64_t length = event->end_s - event->onset_s, sum = 0, windows = 0;
    for (int64_t to = event->onset_s;
         to - length >= event->onset_s - BEFORE_S && windows < USUAL_WINDOWS_MAX; to -= length) {
        int64_t distinct, top;
        if (to - length < b->input.from_s)
            break;
        if (in_events(b, to - length) || in_events(b, to - 1))
            continue;
        if (!count_authors(b, event, brand_rows(b, to - length, to), &distinct, &top))
            return false;
        sum += distinct;
        windows++;
    }
    *out = windows ? (sum + windows / 2) / windows : 0;
    return true;
}

/* The most repeated text among posts that are no reposts. Comparing texts is most of the work, so
 * it is done again only when the event's times have changed. */
static enum status count_copies(const struct brand_events *b, struct row_range range,
                                struct event *event, struct fault *fault) {
    const struct mention_table *m = b->input.mentions;
    size_t count = range.last - range.first, texts = 0;
    if (event->copies_from_s == event->onset_s && event->copies_to_s == event->end_s)
        return STATUS_OK;
    uint32_t *own = malloc((count + 1) * sizeof *own), *group = malloc((count + 1) * sizeof *group);
    uint32_t *sizes = calloc(count + 1, sizeof *sizes);
    enum status status = own && group && sizes ? STATUS_OK : fault_memory(fault);
    event->facts.top_text_mentions = 0;
    for (size_t i = range.first; i < range.last && status == STATUS_OK; i++)
        if (m->kind[b->input.rows.at[i]] != POST_REPOST && event_has(b, event, i))
            own[texts++] = b->input.rows.at[i];
    if (status == STATUS_OK)
        status = near_duplicates(m, own, texts, group, fault);
    for (size_t i = 0; i < texts && status == STATUS_OK; i++)
        if ((int64_t)++sizes[group[i]] > event->facts.top_text_mentions)
            event->facts.top_text_mentions = sizes[group[i]];
    event->copies_from_s = event->onset_s;
    event->copies_to_s = event->end_s;
    free(own);
    free(group);
    free(sizes);
    return status;
}

static bool has_negative_episode(const struct brand_events *b, const struct event *event) {
    const struct brand_series *series = b->input.series;
    for (size_t i = 0; i < b->negative.episode_count; i++) {
        const struct episode *episode = &b->negative.episodes[i];
        int64_t from = series->start_s + (int64_t)episode->onset * series->interval_s;
        int64_t to = series->start_s + (int64_t)(episode->end + 1) * series->interval_s;
        if (from < event->end_s && event->onset_s < to)
            return true;
    }
    return false;
}

/* The busiest clock hour, as the hourly grid counts it, and in it the busiest stretch. */
static void find_peak(const struct brand_events *b, struct event *event) {
    const struct brand_series *series = b->input.series;
    int64_t step = series->interval_s, first = floor_div(event->onset_s, SECONDS_PER_HOUR);
    int64_t hour_s = event->onset_s, most = -1;
    for (int64_t at = first * SECONDS_PER_HOUR; at < event->end_s; at += SECONDS_PER_HOUR) {
        struct row_range range = brand_rows(b, at, at + SECONDS_PER_HOUR);
        int64_t count = (int64_t)(range.last - range.first);
        if (count > most && (!event->by_share || !in_spikes(b, at))) {
            most = count;
            hour_s = at;
        }
    }
    double expected = expected_mentions(b, hour_s, hour_s + SECONDS_PER_HOUR);
    event->facts.ratio = (double)most / fmax(expected, LEAST_EXPECTED);
    int64_t best = -1;
    for (int64_t at = hour_s; at < hour_s + SECONDS_PER_HOUR; at += step) {
        struct row_range near = brand_rows(b, at - step, at + 2 * step);
        bool inside = at + step > event->onset_s && at < event->end_s;
        if (inside && (int64_t)(near.last - near.first) > best) {
            best = (int64_t)(near.last - near.first);
            event->peak_s = at + step / 2;
        }
    }
}

enum status event_facts(const struct brand_events *b, struct event *event, struct fault *fault) {
    struct episode_facts *facts = &event->facts;
    struct row_range range = brand_rows(b, event->onset_s, event->end_s);
    enum status status = count_copies(b, range, event, fault);
    if (status != STATUS_OK)
        return status;
    if (!count_authors(b, event, range, &facts->distinct_authors, &facts->top_author_excess) ||
        !count_usual_authors(b, event, &facts->usual_authors))
        return fault_memory(fault);
    struct period_counts during = count_period(b, event, range);
    struct period_counts before = count_quiet(b, event->onset_s - BEFORE_S, event->onset_s, event);
    if (before.days < 1)
        before = count_quiet(b, event->onset_s - BEFORE_S, event->end_s + BEFORE_S, event);
    double days = (double)(event->end_s - event->onset_s) / SECONDS_PER_DAY;
    facts->mentions = during.mentions;
    facts->negative = during.negative;
    facts->neutral = during.neutral;
    facts->positive = during.positive;
    facts->before_mentions = before.mentions;
    facts->before_negative = before.negative;
    facts->expected = event_expected(b, event);
    facts->excess = (double)during.mentions - facts->expected;
    facts->expected_negative =
        before.mentions ? facts->expected * (double)before.negative / (double)before.mentions : 0;
    facts->negative_episode = has_negative_episode(b, event);
    /* platforms with at least ten mentions and twice what they usually have in so much time */
    facts->platforms = 0;
    for (int p = 0; p < PLATFORM_COUNT; p++) {
        double usual = before.days > 0 ? (double)before.platform[p] / before.days * days : 0;
        facts->platforms += during.platform[p] >= 10 && (double)during.platform[p] >= 2 * usual;
    }
    find_peak(b, event);
    facts->duration_hours = days * 24;
    facts->usual_per_day = before.days > 0 ? (double)before.mentions / before.days : 0;
    return STATUS_OK;
}
