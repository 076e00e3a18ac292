#include "stages/detect/rhythm.h"

enum { LONGEST_HOURLY_S = 12 * SECONDS_PER_HOUR, LONGEST_SHAPED_S = 4 * SECONDS_PER_DAY };

bool rhythm_is_hourly(const struct rhythm *rhythm) {
    return rhythm->width_s < LONGEST_HOURLY_S;
}

bool rhythm_has_shape(const struct rhythm *rhythm) {
    return rhythm->width_s < LONGEST_SHAPED_S;
}

static void place_between_hours(struct beat *beat, int64_t second_of_day) {
    int64_t from_first_centre = second_of_day - SECONDS_PER_HOUR / 2;
    if (from_first_centre < 0)
        from_first_centre += SECONDS_PER_DAY;
    beat->slot = (uint8_t)(from_first_centre / SECONDS_PER_HOUR);
    beat->next = (uint8_t)((beat->slot + 1) % RHYTHM_SLOTS);
    beat->toward_next = (float)(from_first_centre % SECONDS_PER_HOUR) / SECONDS_PER_HOUR;
}

void rhythm_init(struct rhythm *rhythm, int64_t start_s, int64_t width_s, const struct zone *zone) {
    *rhythm = (struct rhythm){.start_s = start_s, .width_s = width_s, .zone = zone};
}

static int32_t local_offset(struct rhythm *rhythm, int64_t utc_s) {
    const struct zone *zone = rhythm->zone;
    if (!zone || !zone->count)
        return 0;
    if (utc_s >= rhythm->offset_from_s && utc_s < rhythm->offset_until_s)
        return rhythm->offset_s;
    int low = 0, high = zone->count - 1; /* the last shift that is not after utc_s, or the first */
    while (low < high) {
        int middle = (low + high + 1) / 2;
        if (zone->shifts[middle].from_s <= utc_s)
            low = middle;
        else
            high = middle - 1;
    }
    rhythm->offset_from_s = low ? zone->shifts[low].from_s : INT64_MIN;
    rhythm->offset_until_s = low + 1 < zone->count ? zone->shifts[low + 1].from_s : INT64_MAX;
    rhythm->offset_s = zone->shifts[low].offset_s;
    return rhythm->offset_s;
}

struct beat rhythm_at(struct rhythm *rhythm, size_t bucket) {
    int64_t middle_s = rhythm->start_s + (int64_t)bucket * rhythm->width_s + rhythm->width_s / 2;
    int64_t local_s = middle_s + local_offset(rhythm, middle_s);
    int64_t day = floor_div(local_s, SECONDS_PER_DAY);
    int64_t second_of_day = local_s - day * SECONDS_PER_DAY;
    /* 1970-01-01 was a Thursday */
    unsigned weekday = (unsigned)(day - floor_div(day + 3, 7) * 7 + 3);
    struct beat beat = {.weekend = weekday >= 5};
    beat.hour_of_week = (uint8_t)(weekday * 24 + second_of_day / SECONDS_PER_HOUR);
    if (!rhythm_has_shape(rhythm))
        return beat;
    if (!rhythm_is_hourly(rhythm)) {
        beat.slot = beat.next = (uint8_t)weekday;
        beat.weekend = 0;
    } else if (rhythm->width_s > SECONDS_PER_HOUR) {
        beat.slot = beat.next = (uint8_t)(second_of_day / SECONDS_PER_HOUR);
    } else {
        place_between_hours(&beat, second_of_day);
    }
    return beat;
}
