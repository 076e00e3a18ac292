/* The time axis: ticks at round local times, as many as there is room for. */
#include "stages/report/chart.h"

enum unit { UNIT_HOURS, UNIT_DAYS, UNIT_MONTHS };
struct rhythm {
    enum unit unit;
    int each;
};

static const struct rhythm rhythms[] = {
    {UNIT_HOURS, 1},  {UNIT_HOURS, 3},   {UNIT_HOURS, 6},   {UNIT_HOURS, 12}, {UNIT_DAYS, 1},
    {UNIT_DAYS, 2},   {UNIT_DAYS, 7},    {UNIT_DAYS, 14},   {UNIT_MONTHS, 1}, {UNIT_MONTHS, 3},
    {UNIT_MONTHS, 6}, {UNIT_MONTHS, 12}, {UNIT_MONTHS, 60},
};

static int64_t rhythm_seconds(const struct rhythm *rhythm) {
    static const int64_t units[] = {SECONDS_PER_HOUR, SECONDS_PER_DAY, 30 * SECONDS_PER_DAY};
    return rhythm->each * units[rhythm->unit];
}

/* Local second of tick `index`: hours and days count from Monday 1970-01-05, months from 1970. */
static int64_t tick_local(const struct rhythm *rhythm, int64_t index) {
    if (rhythm->unit == UNIT_MONTHS) {
        int64_t month = index * rhythm->each;
        return civil_days(1970 + floor_div(month, 12),
                          (unsigned)(month - 12 * floor_div(month, 12)) + 1, 1) *
               SECONDS_PER_DAY;
    }
    return 4 * SECONDS_PER_DAY + index * rhythm_seconds(rhythm);
}

static int64_t first_index(const struct rhythm *rhythm, int64_t local) {
    if (rhythm->unit == UNIT_MONTHS) {
        struct civil at = civil_from_seconds(local);
        return floor_div((at.year - 1970) * 12 + (int64_t)at.month - 1, rhythm->each);
    }
    return floor_div(local - 4 * SECONDS_PER_DAY, rhythm_seconds(rhythm));
}

void chart_time_axis(struct page *page, const struct chart *chart, int ticks) {
    const struct rhythm *rhythm = rhythms, *last = &rhythms[sizeof rhythms / sizeof *rhythms - 1];
    while (rhythm < last && (chart->to_s - chart->from_s) / rhythm_seconds(rhythm) > ticks)
        rhythm++;
    int64_t offset = page->zone ? zone_offset(page->zone, chart->from_s) : 0;
    int64_t index = first_index(rhythm, chart->from_s + offset);
    double foot = chart->top + chart->height;
    for (int i = 0; i < 4 * ticks; i++, index++) {
        int64_t local = tick_local(rhythm, index);
        int64_t second = page->zone ? zone_to_utc(page->zone, local) : local;
        if (second >= chart->to_s)
            break;
        if (second < chart->from_s)
            continue;
        double x = chart_x(chart, second);
        buf_format(page->out, "<path class=\"tick\" d=\"M%.1f %.1fv5\"/>", x, foot);
        if (x > chart->left + chart->width - 24)
            continue;
        buf_format(page->out, "<text class=\"axis mid\" x=\"%.1f\" y=\"%.1f\">", x, foot + 19);
        struct civil at = page_local(page, second);
        if (rhythm->unit == UNIT_HOURS && at.hour != 0)
            put_clock(page, second);
        else if (rhythm->unit != UNIT_MONTHS)
            put_short_date(page, second);
        else if (rhythm->each >= 12)
            buf_format(page->out, "%d", (int)at.year);
        else
            put_month(page, second);
        put(page, "</text>");
    }
    put(page, "\n");
}
