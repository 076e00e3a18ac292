/* Look-ups by time in what is known of a brand: rows, events, baseline. */
#include "stages/events/events.h"

/* The first of the brand's rows that is not before `second`. */
static size_t first_from(const struct brand_events *events, int64_t second) {
    const int64_t *time = events->input.mentions->created_at_us;
    size_t low = 0, high = events->input.rows.count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (floor_div(time[events->input.rows.at[middle]], US_PER_S) < second)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct row_range brand_rows(const struct brand_events *events, int64_t from_s, int64_t to_s) {
    size_t first = first_from(events, from_s), last = first_from(events, to_s);
    return (struct row_range){first, last < first ? first : last};
}

static bool in_intervals(const struct intervals *list, int64_t second) {
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (list->at[middle].to_s <= second)
            low = middle + 1;
        else
            high = middle;
    }
    return low < list->count && list->at[low].from_s <= second;
}

bool in_events(const struct brand_events *events, int64_t second) {
    return in_intervals(&events->busy, second);
}

bool in_spikes(const struct brand_events *events, int64_t second) {
    return in_intervals(&events->spikes, second);
}

bool event_has(const struct brand_events *events, const struct event *event, size_t i) {
    int64_t at_us = events->input.mentions->created_at_us[events->input.rows.at[i]];
    return !event->by_share || !in_spikes(events, floor_div(at_us, US_PER_S));
}

double expected_mentions(const struct brand_events *events, int64_t from_s, int64_t to_s) {
    const struct brand_series *series = events->input.series;
    int64_t from = (from_s - series->start_s) / series->interval_s;
    int64_t to = (to_s - series->start_s) / series->interval_s;
    double sum = 0;
    for (int64_t i = from < 0 ? 0 : from; i < to && i < (int64_t)series->count; i++)
        sum += (double)events->volume.baseline[i];
    return sum;
}

double event_expected(const struct brand_events *events, const struct event *event) {
    if (!event->by_share)
        return expected_mentions(events, event->onset_s, event->end_s);
    int64_t step = events->input.series->interval_s;
    double sum = 0;
    for (int64_t at = event->onset_s; at < event->end_s; at += step)
        if (!in_spikes(events, at))
            sum += expected_mentions(events, at, at + step);
    return sum;
}
