#include "stages/detect/season.h"

enum { LONGEST_HOURLY_S = 12 * SECONDS_PER_HOUR, LONGEST_SHAPED_S = 4 * SECONDS_PER_DAY };

bool season_is_hourly(const struct season *season) {
    return season->width_s < LONGEST_HOURLY_S;
}

bool season_has_shape(const struct season *season) {
    return season->width_s < LONGEST_SHAPED_S;
}

void season_init(struct season *season, const struct count_series *series, size_t cell_buckets) {
    *season = (struct season){.start_s = series->start_s,
                              .width_s = (int64_t)cell_buckets * series->interval_s,
                              .starts_s = series->starts_s,
                              .cell_buckets = cell_buckets,
                              .zone = series->zone};
}

int64_t season_start_s(const struct season *season, size_t bucket) {
    return season->starts_s ? season->starts_s[bucket * season->cell_buckets]
                            : season->start_s + (int64_t)bucket * season->width_s;
}

static int32_t local_offset(struct season *season, int64_t utc_s) {
    const struct zone *zone = season->zone;
    if (!zone || !zone->count)
        return 0;
    if (utc_s >= season->offset_from_s && utc_s < season->offset_until_s)
        return season->offset_s;
    int low = 0, high = zone->count - 1; /* the last shift that is not after utc_s, or the first */
    while (low < high) {
        int middle = (low + high + 1) / 2;
        if (zone->shifts[middle].from_s <= utc_s)
            low = middle;
        else
            high = middle - 1;
    }
    season->offset_from_s = low ? zone->shifts[low].from_s : INT64_MIN;
    season->offset_until_s = low + 1 < zone->count ? zone->shifts[low + 1].from_s : INT64_MAX;
    season->offset_s = zone->shifts[low].offset_s;
    return season->offset_s;
}

struct season_slot season_at(struct season *season, size_t bucket) {
    if (!season_has_shape(season))
        return (struct season_slot){0};
    int64_t middle_s = season_start_s(season, bucket) + season->width_s / 2;
    int64_t local_s = middle_s + local_offset(season, middle_s);
    int64_t day = floor_div(local_s, SECONDS_PER_DAY);
    int64_t second_of_day = local_s - day * SECONDS_PER_DAY;
    /* 1970-01-01 was a Thursday */
    unsigned weekday = (unsigned)(day - floor_div(day + 3, 7) * 7 + 3);
    struct season_slot slot = {.weekend = weekday >= 5};
    slot.hour_of_week = (uint8_t)(weekday * 24 + second_of_day / SECONDS_PER_HOUR);
    if (!season_is_hourly(season)) {
        slot.index = slot.next = (uint8_t)weekday;
        slot.weekend = 0;
    } else if (season->width_s > SECONDS_PER_HOUR) {
        slot.index = slot.next = (uint8_t)(second_of_day / SECONDS_PER_HOUR);
    } else { /* between the centres of two hours */
        int64_t from_first_centre = second_of_day - SECONDS_PER_HOUR / 2;
        if (from_first_centre < 0)
            from_first_centre += SECONDS_PER_DAY;
        slot.index = (uint8_t)(from_first_centre / SECONDS_PER_HOUR);
        slot.next = (uint8_t)((slot.index + 1) % SEASON_SLOTS);
        slot.toward_next = (float)(from_first_centre % SECONDS_PER_HOUR) / SECONDS_PER_HOUR;
    }
    return slot;
}
