#include "stages/care/calendar_hours.h"

#include <stdlib.h>

struct open_calendar open_calendar_default(void) {
    struct open_calendar calendar = {.closed_on_holidays = true};
    for (int weekday = 0; weekday < 5; weekday++) {
        calendar.windows[weekday][0] = (struct open_window){9 * 3600, 17 * 3600};
        calendar.window_count[weekday] = 1;
    }
    return calendar;
}

static bool read_clock(const char *at, int32_t *seconds) {
    for (int i = 0; i < 5; i++)
        if (i == 2 ? at[i] != ':' : at[i] < '0' || at[i] > '9')
            return false;
    int hour = (at[0] - '0') * 10 + at[1] - '0', minute = (at[3] - '0') * 10 + at[4] - '0';
    *seconds = hour * 3600 + minute * 60;
    return minute < 60 && *seconds <= SECONDS_PER_DAY;
}

bool open_window_read(struct span text, struct open_window *out) {
    return text.len == 11 && text.at[5] == '-' && read_clock(text.at, &out->from_s) &&
           read_clock(text.at + 6, &out->to_s) && out->from_s < out->to_s;
}

/* ---- holidays ---- */

/* Easter Sunday of the Gregorian calendar (J. Meeus, Astronomical Algorithms, 1991). */
static int64_t easter_day(int64_t year) {
    int64_t a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4;
    int64_t g = (8 * b + 13) / 25, h = (19 * a + b - d - g + 15) % 30;
    int64_t i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
    int64_t m = (a + 11 * h + 22 * l) / 451, n = h + l - 7 * m + 114;
    return civil_days(year, (unsigned)(n / 31), (unsigned)(n % 31 + 1));
}

const char *polish_holiday(int64_t day) {
    static const struct {
        unsigned month, day;
        int64_t from, to; /* years */
        const char *name;
    } fixed[] = {
        {1, 1, 0, 9999, "Nowy Rok"},
        {1, 6, 2011, 9999, "Święto Trzech Króli"},
        {5, 1, 0, 9999, "Święto Pracy"},
        {5, 3, 1990, 9999, "Święto Konstytucji 3 Maja"},
        {8, 15, 0, 9999, "Wniebowzięcie Najświętszej Maryi Panny"},
        {11, 1, 0, 9999, "Wszystkich Świętych"},
        {11, 11, 0, 9999, "Święto Niepodległości"},
        {11, 12, 2018, 2018, "Święto Narodowe z okazji setnej rocznicy odzyskania niepodległości"},
        {12, 24, 2025, 9999, "Wigilia Bożego Narodzenia"},
        {12, 25, 0, 9999, "pierwszy dzień Bożego Narodzenia"},
        {12, 26, 0, 9999, "drugi dzień Bożego Narodzenia"},
    };
    static const struct {
        int64_t after;
        const char *name;
    } moving[] = {{0, "Wielkanoc"},
                  {1, "Poniedziałek Wielkanocny"},
                  {49, "Zielone Świątki"},
                  {60, "Boże Ciało"}};
    struct civil date = civil_from_seconds(day * SECONDS_PER_DAY);
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (date.month == fixed[i].month && date.day == fixed[i].day &&
            date.year >= fixed[i].from && date.year <= fixed[i].to)
            return fixed[i].name;
    int64_t easter = easter_day(date.year);
    for (size_t i = 0; i < sizeof moving / sizeof *moving; i++)
        if (day == easter + moving[i].after)
            return moving[i].name;
    return NULL;
}

/* ---- open hours ---- */

static bool lists(const int64_t *days, size_t count, int64_t day) {
    for (size_t i = 0; i < count; i++)
        if (days[i] == day)
            return true;
    return false;
}

/* The weekday whose windows hold on the day; -1: closed. */
static int windows_of(const struct open_calendar *calendar, int64_t day) {
    int weekday = (int)((day % 7 + 7 + 3) % 7); /* 1970-01-01 was a Thursday */
    if (lists(calendar->closed, calendar->closed_count, day))
        return -1;
    if (lists(calendar->opened, calendar->opened_count, day))
        return calendar->window_count[weekday] ? weekday : 0;
    if (calendar->closed_on_holidays && polish_holiday(day))
        return -1;
    return weekday;
}

static bool add_interval(struct open_times *times, size_t *cap, int64_t from_s, int64_t to_s) {
    if (from_s >= to_s)
        return true;
    struct open_interval *last = times->count ? &times->at[times->count - 1] : NULL;
    if (last && last->to_s == from_s) {
        last->to_s = to_s;
        return true;
    }
    if (times->count == *cap) {
        *cap = *cap * 2 + 64;
        struct open_interval *at = realloc(times->at, *cap * sizeof *at);
        if (!at)
            return false;
        times->at = at;
        last = times->count ? &at[times->count - 1] : NULL;
    }
    times->at[times->count++] =
        (struct open_interval){from_s, to_s, last ? last->before + last->to_s - last->from_s : 0};
    return true;
}

/* Of a stretch of one offset from UTC. */
static bool add_stretch(struct open_times *times, size_t *cap, const struct open_calendar *calendar,
                        int64_t from_s, int64_t to_s, int32_t offset_s) {
    bool ok = true;
    int64_t last_day = floor_div(to_s - 1 + offset_s, SECONDS_PER_DAY);
    for (int64_t day = floor_div(from_s + offset_s, SECONDS_PER_DAY); ok && day <= last_day;
         day++) {
        int weekday = windows_of(calendar, day);
        int64_t begin = day * SECONDS_PER_DAY - offset_s;
        for (int i = 0; ok && weekday >= 0 && i < calendar->window_count[weekday]; i++) {
            const struct open_window *window = &calendar->windows[weekday][i];
            int64_t open = begin + window->from_s, close = begin + window->to_s;
            ok = add_interval(times, cap, open > from_s ? open : from_s,
                              close < to_s ? close : to_s);
        }
    }
    return ok;
}

bool open_times_build(struct open_times *times, const struct open_calendar *calendar,
                      const struct zone *zone, int64_t from_s, int64_t to_s) {
    size_t cap = 0;
    bool ok = true;
    *times = (struct open_times){0};
    for (int i = -1; ok && i < zone->count; i++) {
        int64_t begin = i < 0 ? INT64_MIN : zone->shifts[i].from_s;
        int64_t end = i + 1 < zone->count ? zone->shifts[i + 1].from_s : INT64_MAX;
        begin = begin > from_s ? begin : from_s;
        end = end < to_s ? end : to_s;
        if (begin < end)
            ok = add_stretch(times, &cap, calendar, begin, end, zone_offset(zone, begin));
    }
    return ok;
}

void open_times_release(struct open_times *times) {
    free(times->at);
    *times = (struct open_times){0};
}

/* How many intervals begin at or before the second. */
static size_t begun(const struct open_times *times, int64_t second) {
    size_t low = 0, high = times->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (times->at[middle].from_s <= second)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool open_at(const struct open_times *times, int64_t second) {
    size_t at = begun(times, second);
    return at && second < times->at[at - 1].to_s;
}

static int64_t open_before(const struct open_times *times, int64_t second) {
    size_t at = begun(times, second);
    if (!at)
        return 0;
    const struct open_interval *last = &times->at[at - 1];
    return last->before + (second < last->to_s ? second : last->to_s) - last->from_s;
}

int64_t open_between(const struct open_times *times, int64_t from_s, int64_t to_s) {
    return from_s < to_s ? open_before(times, to_s) - open_before(times, from_s) : 0;
}

/* ---- hours of the week ---- */

int hour_of_week(const struct zone *zone, int64_t second) {
    struct civil local = civil_from_seconds(second + zone_offset(zone, second));
    return (int)(local.weekday * 24 + local.hour);
}

static bool covers(const struct hour_span *span, int64_t hour_s) {
    if (hour_s + SECONDS_PER_HOUR <= span->first_s || hour_s > span->last_s)
        return false;
    for (size_t i = 0; i < span->gap_count; i++)
        if (hour_s >= span->gaps[i].from_s && hour_s + SECONDS_PER_HOUR <= span->gaps[i].to_s)
            return false;
    return true;
}

void hours_that_exist(const struct zone *zone, const struct hour_span *spans, size_t count,
                      int32_t out[HOURS_OF_WEEK]) {
    int64_t first = INT64_MAX, last = INT64_MIN;
    for (size_t i = 0; i < count; i++) {
        first = spans[i].first_s < first ? spans[i].first_s : first;
        last = spans[i].last_s > last ? spans[i].last_s : last;
    }
    if (first > last)
        return;
    for (int64_t hour_s = floor_div(first, SECONDS_PER_HOUR) * SECONDS_PER_HOUR; hour_s <= last;
         hour_s += SECONDS_PER_HOUR) {
        bool exists = false;
        for (size_t i = 0; i < count && !exists; i++)
            exists = covers(&spans[i], hour_s);
        out[hour_of_week(zone, hour_s)] += exists;
    }
}
