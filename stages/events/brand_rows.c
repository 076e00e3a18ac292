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

bool in_events(const struct brand_events *events, int64_t second) {
    size_t low = 0, high = events->busy_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (events->busy[middle].to_s <= second)
            low = middle + 1;
        else
            high = middle;
    }
    return low < events->busy_count && events->busy[low].from_s <= second;
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
