/* Months as sums of local days: what a pivot over the daily table gives, so that both agree. */
#include "stages/series/series.h"

#include <math.h>
#include <stdlib.h>

static struct civil local_day(const struct grid *daily, const struct zone *zone, size_t day) {
    int64_t start_s = daily->edges_s[day];
    return civil_from_seconds(start_s + zone_offset(zone, start_s));
}

/* Seconds from the first midnight of a month to that of the next, by the local clock. */
static int64_t month_length_s(const struct zone *zone, int32_t year, int32_t month) {
    int32_t next_year = month == 12 ? year + 1 : year, next = month == 12 ? 1 : month + 1;
    return zone_to_utc(zone, civil_days(next_year, (unsigned)next, 1) * SECONDS_PER_DAY) -
           zone_to_utc(zone, civil_days(year, (unsigned)month, 1) * SECONDS_PER_DAY);
}

static double month_coverage(const struct grid *daily, size_t channels, const struct zone *zone,
                             const struct grid_month *month) {
    struct grid days = {.times = month->days,
                        .edges_s = daily->edges_s + month->first,
                        .coverage =
                            daily->coverage ? daily->coverage + month->first * channels : NULL};
    return (double)grid_known_s(&days, channels) /
           (double)month_length_s(zone, month->year, month->month);
}

struct grid_month *grid_months(const struct grid *daily, size_t channels, const struct zone *zone,
                               size_t *count) {
    struct grid_month *months = calloc(daily->times + 1, sizeof *months);
    *count = 0;
    for (size_t day = 0; months && day < daily->times; day++) {
        struct civil at = local_day(daily, zone, day);
        struct grid_month *last = *count ? &months[*count - 1] : NULL;
        if (last && last->year == (int32_t)at.year && last->month == (int32_t)at.month)
            last->days++;
        else
            months[(*count)++] = (struct grid_month){
                .year = (int32_t)at.year, .month = (int32_t)at.month, .first = day, .days = 1};
    }
    for (size_t i = 0; months && i < *count; i++)
        months[i].coverage = month_coverage(daily, channels, zone, &months[i]);
    return months;
}

struct grid_point grid_month_point(const struct grid *daily, const struct grid_month *month,
                                   size_t brand, size_t brands) {
    struct grid_point sum = {.authors = -1,
                             .sentiment_mean = NAN,
                             .velocity = NAN,
                             .acceleration = NAN,
                             .surprise = NAN};
    int64_t all = 0;
    double score = 0;
    for (size_t day = month->first; day < month->first + month->days; day++) {
        const struct grid_point *point = &daily->points[day * brands + brand];
        int32_t scored = point->positive + point->neutral + point->negative;
        for (size_t other = 0; other < brands; other++)
            all += daily->points[day * brands + other].mentions;
        sum.mentions += point->mentions;
        sum.positive += point->positive;
        sum.neutral += point->neutral;
        sum.negative += point->negative;
        sum.originals += point->originals;
        sum.replies += point->replies;
        sum.reposts += point->reposts;
        for (int stage = 0; stage < STAGE_COUNT; stage++)
            sum.stages[stage] += point->stages[stage];
        sum.baseline += point->baseline;
        score += scored ? (double)point->sentiment_mean * scored : 0;
    }
    int32_t scored = sum.positive + sum.neutral + sum.negative;
    if (scored)
        sum.sentiment_mean = (float)(score / scored);
    sum.net_sentiment = grid_net_sentiment(sum.positive, sum.negative);
    sum.share_of_voice = all ? (float)((double)sum.mentions / (double)all) : NAN;
    return sum;
}
