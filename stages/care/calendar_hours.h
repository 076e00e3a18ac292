/* calendar hours: when somebody is there to answer, and which hours of the week existed.
 *
 * An instant is open when its local wall time lies in a window of its local weekday and its local
 * date is no holiday. That is decided instant by instant, so a change of clocks needs no rule: a
 * night shift 22-06 has 7 h in spring and 9 h in autumn. Holidays are those of Poland, computed
 * (act of 18 January 1951 with its changes: Epiphany from 2011, 3 May from 1990, Christmas Eve from
 * 2025, and 12 November 2018 alone).
 *
 * Owner: `struct open_times` owns its intervals; a calendar's lists are borrowed. May fail: only
 * out of memory (false). */
#ifndef BURZA_CALENDAR_HOURS_H
#define BURZA_CALENDAR_HOURS_H

#include "stages/common/when.h"

#include <stddef.h>

enum { OPEN_WINDOWS_MAX = 8, HOURS_OF_WEEK = 168 };

struct open_window {
    int32_t from_s, to_s; /* of the local day; to_s is exclusive, at most 86400 */
};
struct open_calendar {
    struct open_window windows[7][OPEN_WINDOWS_MAX]; /* of weekdays, 0 = Monday, ascending */
    uint8_t window_count[7];
    bool closed_on_holidays;
    const int64_t *closed, *opened; /* further dates, as civil_days; a date opened has the windows
                                       of its weekday, or where there are none Monday's */
    size_t closed_count, opened_count;
};

/* Monday to Friday 09:00-17:00 but for holidays. */
struct open_calendar open_calendar_default(void);
/* "09:00-17:00" into the window; false when it is none. 24:00 ends a day. */
bool open_window_read(struct span text, struct open_window *out) MUST_USE;
/* The Polish name of the public holiday on that day; NULL: none. */
const char *polish_holiday(int64_t day);

/* The open intervals between two moments. */
struct open_times {
    struct open_interval {
        int64_t from_s, to_s;
        int64_t before; /* open seconds in the intervals before */
    } * at;             /* [count] */
    size_t count;
};
bool open_times_build(struct open_times *times, const struct open_calendar *calendar,
                      const struct zone *zone, int64_t from_s, int64_t to_s) MUST_USE;
void open_times_release(struct open_times *times);
bool open_at(const struct open_times *times, int64_t second);
/* Open seconds in [from_s, to_s), both within what was built. */
int64_t open_between(const struct open_times *times, int64_t from_s, int64_t to_s);

/* weekday (0 Monday) * 24 + hour of the local clock. */
int hour_of_week(const struct zone *zone, int64_t second);

/* A time without posts: from the last post before to the first after. */
struct time_gap {
    int64_t from_s, to_s;
};
struct hour_span {
    int64_t first_s, last_s;
    const struct time_gap *gaps; /* [gap_count] ascending */
    size_t gap_count;
};
/* Adds 1 to the cell of every UTC hour from the one of the first to the one of the last second of
 * any span, unless it lies wholly inside a gap of each span that it is in. */
void hours_that_exist(const struct zone *zone, const struct hour_span *spans, size_t count,
                      int32_t out[HOURS_OF_WEEK]);

#endif
