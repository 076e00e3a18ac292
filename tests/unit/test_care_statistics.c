/* The statistics of care: Kaplan-Meier with ties, censorings, flat stretches and rounding; Wilson's
 * and Newcombe's limits; open hours over changes of clocks and holidays; hours that exist. Values
 * worked out with exact fractions and with R 4.2 (survival 3.5). */
#include "stages/care/care.h"
#include "tap.h"

#include <math.h>
#include <stdlib.h>

static bool near(double got, double want) {
    if (isnan(want) || isnan(got))
        return isnan(want) && isnan(got);
    if (fabs(got - want) <= 1e-9 * fmax(1, fabs(want)))
        return true;
    printf("# got %.12g, want %.12g\n", got, want);
    return false;
}

#define WAIT(seconds, event)                                                                       \
    { (seconds) * 2 + !(event) }

static void test_survival(void) {
    static const struct {
        const char *what;
        struct waiting waits[12];
        size_t count;
        double p50, low, high, p90, within_1h, mean;
    } table[] = {
        {"nobody answered", {WAIT(60, false), WAIT(90, false)}, 2, NAN, NAN, NAN, NAN, NAN, NAN},
        {"one answer", {WAIT(300, true)}, 1, 300, NAN, NAN, 300, 1, 300},
        {"the middle where half stands flat",
         {WAIT(10, true), WAIT(20, true), WAIT(50, true), WAIT(60, true)},
         4,
         35,
         10,
         NAN,
         60,
         1,
         35},
        {"half, and nothing after it",
         {WAIT(10, true), WAIT(20, false)},
         2,
         NAN,
         10,
         NAN,
         NAN,
         NAN,
         10},
        {"answers before censorings of the same second; a wait of 0 is one",
         {WAIT(0, true), WAIT(60, true), WAIT(60, false), WAIT(60, true), WAIT(4000, false)},
         5,
         60,
         0,
         NAN,
         NAN,
         0.6,
         40},
        {"an answer at 3600 s is within the hour",
         {WAIT(3600, true), WAIT(3601, true), WAIT(7200, false), WAIT(9000, false)},
         4,
         NAN,
         3600,
         NAN,
         NAN,
         0.25,
         3600.5},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct waiting waits[12];
        struct survival curve;
        printf("# %s\n", table[i].what);
        memcpy(waits, table[i].waits, sizeof waits);
        CHECK(survival_fit(&curve, waits, table[i].count));
        struct quantile half = survival_quantile(&curve, 0.5);
        CHECK(near(half.value, table[i].p50));
        CHECK(near(half.low, table[i].low));
        CHECK(near(half.high, table[i].high));
        CHECK(near(survival_quantile(&curve, 0.9).value, table[i].p90));
        CHECK(near(survival_within(&curve, 3600), table[i].within_1h));
        CHECK(near(curve.event_count ? curve.event_sum / (double)curve.event_count : NAN,
                   table[i].mean));
        survival_release(&curve);
    }
}

/* Products of doubles miss exactly one half by a bit. */
static void test_rounding(void) {
    for (size_t count = 2; count <= 60; count += 2) {
        struct waiting waits[60];
        struct survival curve;
        for (size_t i = 0; i < count; i++)
            waits[i] = waiting_make((int64_t)(count - i) * 10, true);
        CHECK(survival_fit(&curve, waits, count));
        CHECK(near(survival_quantile(&curve, 0.5).value, (double)count * 5 + 5));
        survival_release(&curve);
    }
}

static void test_limits(void) {
    /* R: survfit(..., conf.type = "log-log") */
    struct waiting waits[] = {WAIT(60, true),   WAIT(120, true),  WAIT(180, false),
                              WAIT(300, true),  WAIT(420, true),  WAIT(600, false),
                              WAIT(900, true),  WAIT(1200, true), WAIT(1800, false),
                              WAIT(3600, true), WAIT(5400, true), WAIT(7200, false)};
    struct survival curve;
    CHECK(survival_fit(&curve, waits, 12));
    CHECK(near(survival_quantile(&curve, 0.5).value, 1200));
    CHECK(near(survival_quantile(&curve, 0.5).low, 120));
    CHECK(near(survival_quantile(&curve, 0.5).high, 5400));
    const struct survival_step *step = &curve.steps[4]; /* 900 s */
    CHECK_INT(step->seconds, 900);
    CHECK(near(step->share, 0.54012345679012341));
    CHECK(fabs(step->error - 0.154428117822) < 1e-11);
    CHECK(fabs(step->low - 0.216561173167) < 1e-11);
    CHECK(fabs(step->high - 0.780363562948) < 1e-11);
    survival_release(&curve);
}

static void test_proportions(void) {
    static const struct {
        int64_t x, n;
        double share, low, high;
    } table[] = {{0, 0, NAN, NAN, NAN},
                 {0, 10, 0, 0, 0.27753279986288},
                 {10, 10, 1, 0.72246720013712, 1},
                 {5, 10, 0.5, 0.23659309051257, 0.76340690948743},
                 {1, 1, 1, 0.20654931437724, 1}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct proportion got = proportion_wilson(table[i].x, table[i].n);
        CHECK(near(got.share, table[i].share));
        CHECK(isnan(table[i].low) ? isnan(got.low) : fabs(got.low - table[i].low) < 1e-12);
        CHECK(isnan(table[i].high) ? isnan(got.high) : fabs(got.high - table[i].high) < 1e-12);
    }
    struct proportion d = proportion_difference(56, 70, 48, 80);
    CHECK(near(d.share, 0.2));
    CHECK(fabs(d.low - 0.0524314724024) < 1e-11);
    CHECK(fabs(d.high - 0.333872654037) < 1e-11);
    CHECK(isnan(proportion_difference(1, 2, 0, 0).share));
    int64_t values[] = {9, 1, 5, 3};
    CHECK(near(plain_median(values, 4), 4));
    CHECK(near(plain_median(values, 3), 3));
    CHECK(isnan(plain_median(values, 0)));
}

static int64_t utc(int64_t year, unsigned month, unsigned day, int hour, int minute) {
    return civil_days(year, month, day) * SECONDS_PER_DAY + hour * 3600 + minute * 60;
}

static int64_t open_seconds(const struct open_calendar *calendar, const struct zone *zone,
                            int64_t from_s, int64_t to_s) {
    struct open_times times;
    CHECK(
        open_times_build(&times, calendar, zone, from_s - SECONDS_PER_DAY, to_s + SECONDS_PER_DAY));
    int64_t seconds = open_between(&times, from_s, to_s);
    open_times_release(&times);
    return seconds;
}

static void test_open_hours(void) {
    struct zone zone;
    struct fault fault;
    struct open_calendar office = open_calendar_default(), night = {0}, always = {0};
    CHECK_INT(zone_open(&zone, "Europe/Warsaw", &fault), STATUS_OK);
    for (int day = 0; day < 7; day++) {
        night.windows[day][0] = (struct open_window){0, 6 * 3600};
        night.windows[day][1] = (struct open_window){22 * 3600, 24 * 3600};
        night.window_count[day] = 2;
        CHECK(open_window_read(SPAN_LITERAL("00:00-24:00"), &always.windows[day][0]));
        always.window_count[day] = 1;
    }
    /* Friday 16:55 to Monday 09:05 */
    CHECK_INT(open_seconds(&office, &zone, utc(2023, 5, 12, 14, 55), utc(2023, 5, 15, 7, 5)), 600);
    /* out of hours on both sides */
    CHECK_INT(open_seconds(&office, &zone, utc(2023, 5, 13, 8, 0), utc(2023, 5, 14, 20, 0)), 0);
    /* clocks put forward on 26 March 2023, back on 29 October */
    CHECK_INT(open_seconds(&night, &zone, utc(2023, 3, 25, 21, 0), utc(2023, 3, 26, 4, 0)),
              7 * 3600);
    CHECK_INT(open_seconds(&night, &zone, utc(2023, 10, 28, 20, 0), utc(2023, 10, 29, 5, 0)),
              9 * 3600);
    CHECK_INT(open_seconds(&always, &zone, utc(2023, 3, 25, 23, 0), utc(2023, 3, 26, 22, 0)),
              23 * 3600);
    /* Corpus Christi; Christmas Eve before and since 2025; the one 12 November */
    CHECK_INT(open_seconds(&office, &zone, utc(2023, 6, 7, 18, 0), utc(2023, 6, 8, 18, 0)), 0);
    CHECK_INT(open_seconds(&office, &zone, utc(2024, 12, 24, 6, 0), utc(2024, 12, 24, 18, 0)),
              8 * 3600);
    CHECK_INT(open_seconds(&office, &zone, utc(2025, 12, 24, 6, 0), utc(2025, 12, 24, 18, 0)), 0);
    CHECK_INT(open_seconds(&office, &zone, utc(2018, 11, 12, 6, 0), utc(2018, 11, 12, 18, 0)), 0);
    CHECK_INT(open_seconds(&office, &zone, utc(2019, 11, 12, 6, 0), utc(2019, 11, 12, 18, 0)),
              8 * 3600);
    /* dates of the employer's own */
    const int64_t closed[] = {civil_days(2023, 5, 10)}, opened[] = {civil_days(2023, 5, 13)};
    office.closed = closed;
    office.opened = opened;
    office.closed_count = office.opened_count = 1;
    CHECK_INT(open_seconds(&office, &zone, utc(2023, 5, 10, 0, 0), utc(2023, 5, 10, 20, 0)), 0);
    CHECK_INT(open_seconds(&office, &zone, utc(2023, 5, 13, 0, 0), utc(2023, 5, 13, 20, 0)),
              8 * 3600);
    struct open_window window;
    CHECK(!open_window_read(SPAN_LITERAL("9:00-17:00"), &window));
    CHECK(!open_window_read(SPAN_LITERAL("17:00-09:00"), &window));
    CHECK(!open_window_read(SPAN_LITERAL("22:00-24:30"), &window));
    zone_release(&zone);
}

static void test_holidays(void) {
    static const struct {
        int year, holidays;
    } table[] = {{2010, 12}, {2011, 13}, {2018, 14}, {2024, 13}, {2025, 14}, {2030, 14}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        int count = 0;
        for (int64_t day = civil_days(table[i].year, 1, 1);
             day < civil_days(table[i].year + 1, 1, 1); day++)
            count += polish_holiday(day) != NULL;
        printf("# %d\n", table[i].year);
        CHECK_INT(count, table[i].holidays);
    }
    CHECK_STR(polish_holiday(civil_days(2024, 3, 31)), "Wielkanoc");
    CHECK_STR(polish_holiday(civil_days(2024, 5, 30)), "Boże Ciało");
    CHECK(!polish_holiday(civil_days(2024, 3, 29)));
}

static void test_hours(void) {
    struct zone zone;
    struct fault fault;
    int32_t hours[HOURS_OF_WEEK] = {0};
    CHECK_INT(zone_open(&zone, "Europe/Warsaw", &fault), STATUS_OK);
    /* the second Sunday has no 02:00 and the hours from 03:00 on are one earlier */
    const struct time_gap gap = {utc(2023, 3, 21, 9, 30), utc(2023, 3, 21, 12, 30)};
    struct hour_span span = {utc(2023, 3, 19, 23, 0), utc(2023, 4, 2, 21, 59), &gap, 1};
    hours_that_exist(&zone, &span, 1, hours);
    CHECK_INT(hours[0], 2);
    CHECK_INT(hours[6 * 24 + 2], 1);
    CHECK_INT(hours[6 * 24 + 3], 2);
    /* Tuesday 11:00 and 12:00 lie wholly in the gap, 10:00 and 13:00 in part */
    CHECK_INT(hours[24 + 10], 2);
    CHECK_INT(hours[24 + 11], 1);
    CHECK_INT(hours[24 + 12], 1);
    CHECK_INT(hours[24 + 13], 2);
    CHECK_INT(hour_of_week(&zone, utc(2023, 10, 29, 0, 30)), 6 * 24 + 2);
    CHECK_INT(hour_of_week(&zone, utc(2023, 10, 29, 1, 30)), 6 * 24 + 2);
    zone_release(&zone);
}

int main(void) {
    test_survival();
    test_rounding();
    test_limits();
    test_proportions();
    test_open_hours();
    test_holidays();
    test_hours();
    return tap_done();
}
