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
/* How often a local clock shows a time of day: twice in autumn, never in spring. */
enum local_clock { LOCAL_ONCE, LOCAL_TWICE, LOCAL_SKIPPED };
/* Local seconds (as if they were UTC) to UTC. Told twice: the earlier and the later. Skipped: the
 * moment after the gap, and what a clock that was not put forward means (02:30 is 03:30). */
enum local_clock zone_from_local(const struct zone *zone, int64_t local_s, int64_t utc[2]);
/* The earlier of two, and the moment after the gap. */
int64_t zone_to_utc(const struct zone *zone, int64_t local_s);

/* How exact a moment is. From TIME_EXACT_HOUR on it says when a time began within which the post
 * was written. */
enum time_precision {
    TIME_EXACT_US,
    TIME_EXACT_MS,
    TIME_EXACT_S,
    TIME_EXACT_MINUTE,
    TIME_EXACT_HOUR,
    TIME_EXACT_DAY,
    TIME_EXACT_MONTH
};

/* A moment as read from a dump. */
struct moment {
    int64_t us;        /* microseconds since 1970 UTC, or local when `naive` */
    uint8_t precision; /* enum time_precision */
    bool naive;        /* no zone was stated: convert with zone_from_local */
    bool clocked;      /* a clock stands there (no epoch number, no date alone) */
    bool midnight;     /* and shows 0:00:00 */
};

/* In which order a date such as 03/04/23 has its parts. */
enum date_order {
    DATE_ORDER_UNKNOWN,
    DATE_DAY_FIRST,
    DATE_MONTH_FIRST,
    DATE_YEAR_FIRST,         /* 23-03-04; four digits of a year always tell where it stands */
    DATE_SLASHES_MONTH_FIRST /* 03/04/2023 is March 4, and 03-04-2023 is 3 April */
};

enum when_result {
    WHEN_READ,
    WHEN_NOTHING, /* no time: empty, 0, "null", a moment before 1970 */
    WHEN_UNREADABLE,
    WHEN_UNORDERED, /* 03/04/2023, and nothing says which is the month */
    WHEN_RELATIVE   /* "2 hours ago": since when, nobody knows */
};

/* Any usual timestamp: ISO 8601 (with T or blank, fraction of 0-9 digits, Z, +hh:mm, +hhmm, +hh,
 * " UTC"/" CET"/" EST".. abbreviations), what Go, Java, JavaScript, .NET, Mongo and pandas write
 * for one, Twitter's "Thu Jul 28 16:10:07 +0000 2022", RFC 2822, epoch numbers in s, ms, us or ns
 * by magnitude (also with a fraction), "YYYY-MM-DD", "DD.MM.YYYY HH:MM[:SS]", "YYYY/MM/DD HH:MM",
 * "M/D/YYYY" or "D/M/YYYY" by `order`, years of two digits (70..99 are of the last century),
 * names of months and weekdays in English, Polish and German, Roman months, and a day, month or
 * hour alone ("2022-07", "28 lipca 2022 godz. 16"). */
enum when_result when_read(struct span text, enum date_order order, struct moment *out);
/* Whether when_read reads it as DATE_DAY_FIRST, or else as DATE_SLASHES_MONTH_FIRST. */
bool when_parse(struct span text, bool day_first, struct moment *out);
/* The numbers of a date such as 03/04/2023 or 3-4-23, whose order only its column can tell; false
 * for every other text. */
bool when_date_places(struct span text, int place[3]);
/* Epoch number by magnitude: s < 1e11, ms < 1e14, us < 1e17, else ns. */
bool when_from_epoch(int64_t number, struct moment *out);

/* Words of dates, in small letters without marks. The month's number, or 0. */
int when_month(const char *word);
/* A weekday's name, or what stands between a date and a clock ("godz.", "at", "Uhr"). */
bool when_filler(const char *word);
/* Copies `text` into `out` in small ASCII letters: marks of Polish and German letters go, blanks of
 * all kinds are blanks. False when it does not fit, or holds other letters. */
bool when_fold(struct span text, char *out, size_t size);
/* "2 godz. temu", "yesterday", "vor 3 Tagen", "5h"; of a folded text. */
bool when_relative(const char *text);

#endif
