/* when: times. Everything inside the program is int64 microseconds (or seconds) since 1970-01-01
 * 00:00 UTC; only here are they read from and written as text, and only `zone` knows local time.
 * No function depends on the machine's own time zone, locale or clock. */
#ifndef BURZA_WHEN_H
#define BURZA_WHEN_H

#include "stages/common/span.h"
#include "stages/common/status.h"

#include <stdint.h>

enum { SECONDS_PER_DAY = 86400, SECONDS_PER_HOUR = 3600 };
#define TIME_NONE INT64_MIN /* a time that is not known */
#define US_PER_S INT64_C(1000000)

/* Proleptic Gregorian day number of a civil date, 0 = 1970-01-01 (H. Hinnant's algorithm). */
int64_t civil_days(int64_t year, unsigned month, unsigned day);
struct civil {
    int64_t year;
    unsigned month, day, hour, minute, second; /* month and day from 1 */
    unsigned weekday;                          /* 0 = Monday */
};
struct civil civil_from_seconds(int64_t seconds);

/* "2023-03-05T14:02:11Z" (20 characters and NUL) into `out`. Years 0..9999. */
#define ISO_SIZE 32
void when_iso(int64_t seconds, char out[ISO_SIZE]);

/* floor(a / b) for b > 0. */
static inline int64_t floor_div(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

/* zone: the UTC offsets of one IANA time zone, 1900..2100, from the system's tz database. */
struct zone {
    int count;
    struct zone_shift {
        int64_t from_s;   /* valid from this UTC second on */
        int32_t offset_s; /* local minus UTC */
    } * shifts;
    char name[64];
};

/* Reads the zone `name` ("Europe/Warsaw", "UTC"). Not thread-safe (it sets TZ for a moment): call
 * before threads start. STATUS_FATAL with EXIT_DATA when the zone is unknown. */
enum status zone_open(struct zone *zone, const char *name, struct fault *fault) MUST_USE;
void zone_release(struct zone *zone);
int32_t zone_offset(const struct zone *zone, int64_t utc_s);
/* Local seconds (as if they were UTC) to UTC; the earlier of two in an autumn hour that is told
 * twice, and the moment after the gap in spring. */
int64_t zone_to_utc(const struct zone *zone, int64_t local_s);

/* How exact a moment is. */
enum time_precision {
    TIME_EXACT_US,
    TIME_EXACT_MS,
    TIME_EXACT_S,
    TIME_EXACT_MINUTE,
    TIME_EXACT_DAY,
    TIME_APPROXIMATE
};

/* A moment as read from a dump. */
struct moment {
    int64_t us;        /* microseconds since 1970 UTC, or local when `naive` */
    uint8_t precision; /* enum time_precision */
    bool naive;        /* no zone was stated: convert with zone_to_utc */
};

/* Any usual timestamp: ISO 8601 (with T or blank, fraction of 0-9 digits, Z, +hh:mm, +hhmm, +hh,
 * " UTC"/" CET"/" EST".. abbreviations), Twitter's "Thu Jul 28 16:10:07 +0000 2022", RFC 2822,
 * epoch numbers in s, ms, us or ns by magnitude (also with a fraction), "YYYY-MM-DD",
 * "DD.MM.YYYY HH:MM[:SS]", "YYYY/MM/DD HH:MM", and "M/D/YYYY" or "D/M/YYYY" by `day_first`.
 * False when it is none of them or out of 1970..2200. */
bool when_parse(struct span text, bool day_first, struct moment *out);
/* Epoch number by magnitude: s < 1e11, ms < 1e14, us < 1e17, else ns. */
bool when_from_epoch(int64_t number, struct moment *out);

#endif
