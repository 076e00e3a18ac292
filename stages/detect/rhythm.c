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

struct beat rhythm_at(const struct rhythm *rhythm, size_t bucket) {
    int64_t middle_s = rhythm->start_s + (int64_t)bucket * rhythm->width_s + rhythm->width_s / 2;
    int64_t local_s = middle_s + (rhythm->zone ? zone_offset(rhythm->zone, middle_s) : 0);
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
