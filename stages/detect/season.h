/* season: the seasonal position of a bucket: where in the week it lies, in local time, so that
 * daylight saving moves the hours along with the people. Buckets of up to an hour are placed
 * between two hour centres (linear interpolation), longer ones in the hour of their middle, and
 * buckets of half a day and more in a day of the week; those of four days and more have none.
 * Borrows the series' starts and zone; nothing here can fail. */
#ifndef BURZA_DETECT_SEASON_H
#define BURZA_DETECT_SEASON_H

#include "stages/detect/detect.h"

enum { SEASON_SLOTS = 24, HOURS_PER_WEEK = 168 };

struct season {
    int64_t start_s;
    int64_t width_s;         /* length of one bucket (or of one cell of several buckets) */
    const int64_t *starts_s; /* of buckets that are not equally long, or NULL */
    size_t cell_buckets;
    const struct zone *zone;
    int64_t offset_from_s, offset_until_s; /* where the offset last looked up holds */
    int32_t offset_s;
};

struct season_slot {
    uint8_t index, next;  /* profile slots, 0..23 */
    uint8_t weekend;      /* 1 on Saturday and Sunday */
    uint8_t hour_of_week; /* 0..167, Monday 00:00 first */
    float toward_next;    /* 0..1: weight of `next` */
};

/* Positions are those of cells of `cell_buckets` buckets of the series. */
void season_init(struct season *season, const struct count_series *series, size_t cell_buckets);
/* UTC second at which cell `bucket` begins. */
int64_t season_start_s(const struct season *season, size_t bucket);
/* Cheap when buckets are asked for in order: the offset is looked up once per clock change. */
struct season_slot season_at(struct season *season, size_t bucket);
/* False when a bucket is so long that there is nothing to learn about its place in the week. */
bool season_has_shape(const struct season *season);
/* True when slots are hours of the day, false when they are days of the week. */
bool season_is_hourly(const struct season *season);

#endif
