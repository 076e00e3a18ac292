#include "stages/common/when.h"
#include "tap.h"

#include <stdlib.h>
#include <time.h>

static int64_t us_of(const char *text, bool day_first) {
    struct moment moment;
    return when_parse(span_of(text), day_first, &moment) ? moment.us : -1;
}

static void check_iso(const char *text, const char *want, enum time_precision precision,
                      bool naive) {
    struct moment moment = {0};
    char iso[ISO_SIZE];
    if (!CHECK(when_parse(span_of(text), false, &moment))) {
        printf("# %s\n", text);
        return;
    }
    when_iso(floor_div(moment.us, US_PER_S), iso);
    CHECK_SPAN(span_of(iso), want);
    CHECK_INT(moment.precision, precision);
    CHECK_INT(moment.naive, naive);
}

static void test_civil(void) {
    CHECK_INT(civil_days(1970, 1, 1), 0);
    CHECK_INT(civil_days(2000, 3, 1), 11017);
    CHECK_INT(civil_days(1969, 12, 31), -1);
    for (int64_t day = -800000; day < 800000; day += 173) {
        struct civil civil = civil_from_seconds(day * SECONDS_PER_DAY + 3661);
        if (civil_days(civil.year, civil.month, civil.day) != day || civil.hour != 1 ||
            civil.minute != 1 || civil.second != 1)
            CHECK_INT(civil_days(civil.year, civil.month, civil.day), day);
    }
    CHECK_INT(civil_from_seconds(0).weekday, 3);                /* Thursday */
    CHECK_INT(civil_from_seconds(-SECONDS_PER_DAY).weekday, 2); /* Wednesday */
    CHECK_INT(civil_from_seconds(1659024607).weekday, 3);       /* 2022-07-28 */
    char iso[ISO_SIZE];
    when_iso(1659024607, iso);
    CHECK_SPAN(span_of(iso), "2022-07-28T16:10:07Z");
    when_iso(-1, iso);
    CHECK_SPAN(span_of(iso), "1969-12-31T23:59:59Z");
    when_iso(INT64_MAX, iso);
    CHECK_SPAN(span_of(iso), "9999-12-31T23:59:59Z");
    CHECK_INT(floor_div(-1, 10), -1);
    CHECK_INT(floor_div(-10, 10), -1);
}

static void test_formats(void) {
    check_iso("Thu Jul 28 16:10:07 +0000 2022", "2022-07-28T16:10:07Z", TIME_EXACT_S, false);
    check_iso("Thu Jul 28 16:10:07 +0200 2022", "2022-07-28T14:10:07Z", TIME_EXACT_S, false);
    check_iso("2022-07-28T16:10:07.123Z", "2022-07-28T16:10:07Z", TIME_EXACT_MS, false);
    check_iso("2022-07-28 16:10:07", "2022-07-28T16:10:07Z", TIME_EXACT_S, true);
    check_iso("2022-07-28 16:10", "2022-07-28T16:10:00Z", TIME_EXACT_MINUTE, true);
    check_iso("2022-07-28", "2022-07-28T00:00:00Z", TIME_EXACT_DAY, true);
    check_iso("2021-03-01 10:15:00 EST", "2021-03-01T15:15:00Z", TIME_EXACT_S, false);
    check_iso("2021-03-01 10:15:00 CEST", "2021-03-01T08:15:00Z", TIME_EXACT_S, false);
    check_iso("2022-07-28 16:10:07 UTC", "2022-07-28T16:10:07Z", TIME_EXACT_S, false);
    check_iso("2016-01-01T00:00:00.000+0000", "2016-01-01T00:00:00Z", TIME_EXACT_MS, false);
    check_iso("2016-01-01T01:00:00+01", "2016-01-01T00:00:00Z", TIME_EXACT_S, false);
    check_iso("2016-01-01T00:00:00.59783492-01:30", "2016-01-01T01:30:00Z", TIME_EXACT_US, false);
    check_iso("Thu, 28 Jul 2022 16:10:07 +0200", "2022-07-28T14:10:07Z", TIME_EXACT_S, false);
    check_iso("28 Jul 2022 16:10:07 GMT", "2022-07-28T16:10:07Z", TIME_EXACT_S, false);
    check_iso("Jul 28, 2022, 4:10 PM", "2022-07-28T16:10:00Z", TIME_EXACT_MINUTE, true);
    check_iso("28.07.2022 16:10:07", "2022-07-28T16:10:07Z", TIME_EXACT_S, true);
    check_iso("28.07.2022, 16:10", "2022-07-28T16:10:00Z", TIME_EXACT_MINUTE, true);
    check_iso("2022/07/28 16:10", "2022-07-28T16:10:00Z", TIME_EXACT_MINUTE, true);
    check_iso("7/28/2022 4:10 PM", "2022-07-28T16:10:00Z", TIME_EXACT_MINUTE, true);
    check_iso("1659024607", "2022-07-28T16:10:07Z", TIME_EXACT_S, false);
    check_iso("1659024607123", "2022-07-28T16:10:07Z", TIME_EXACT_MS, false);
    check_iso("1659024607123456", "2022-07-28T16:10:07Z", TIME_EXACT_US, false);
    check_iso("1659024607123456789", "2022-07-28T16:10:07Z", TIME_EXACT_US, false);
    check_iso("1659024607.25", "2022-07-28T16:10:07Z", TIME_EXACT_MS, false);
    check_iso("1.659024607e9", "2022-07-28T16:10:07Z", TIME_EXACT_S, false);
    check_iso("1659024607.0", "2022-07-28T16:10:07Z", TIME_EXACT_S, false);
    check_iso("20220728", "2022-07-28T00:00:00Z", TIME_EXACT_DAY, true);
    check_iso(" 2016-12-31T23:59:60Z ", "2017-01-01T00:00:00Z", TIME_EXACT_S, false);
    check_iso("Thu Jul 28 2022 16:10:07 GMT+0200 (CEST)", "2022-07-28T14:10:07Z", TIME_EXACT_S,
              false);
}

static void test_writers(void) {
    static const struct {
        const char *text, *want;
        enum time_precision precision;
        bool naive;
    } rows[] = {
        {"5 stycznia 2021, 8:07", "2021-01-05T08:07:00Z", TIME_EXACT_MINUTE, true},
        {"5 STY 2021", "2021-01-05T00:00:00Z", TIME_EXACT_DAY, true},
        {"niedz., 7 lutego 2021 r., godz. 18.40", "2021-02-07T18:40:00Z", TIME_EXACT_MINUTE, true},
        {"\xC5\x9Br. 3 marca 2021 18:40:05", "2021-03-03T18:40:05Z", TIME_EXACT_S, true},
        {"1 kwiecie\xC5\x84 2021", "2021-04-01T00:00:00Z", TIME_EXACT_DAY, true},
        {"w maju 2021", "2021-05-01T00:00:00Z", TIME_EXACT_MONTH, true},
        {"1 cze 2021", "2021-06-01T00:00:00Z", TIME_EXACT_DAY, true},
        {"9 lipca 2021 o 7", "2021-07-09T07:00:00Z", TIME_EXACT_HOUR, true},
        {"9 sie 21", "2021-08-09T00:00:00Z", TIME_EXACT_DAY, true},
        {"30 WRZE\xC5\x9ANIA 2021", "2021-09-30T00:00:00Z", TIME_EXACT_DAY, true},
        {"2 pa\xC5\xBA 2021 23:59", "2021-10-02T23:59:00Z", TIME_EXACT_MINUTE, true},
        {"2 XI 2021", "2021-11-02T00:00:00Z", TIME_EXACT_DAY, true},
        {"24 grudnia 2021", "2021-12-24T00:00:00Z", TIME_EXACT_DAY, true},
        {"Dienstag, 2. M\xC3\xA4rz 2021 um 9:15 Uhr", "2021-03-02T09:15:00Z", TIME_EXACT_MINUTE,
         true},
        {"2. Dez. 2021", "2021-12-02T00:00:00Z", TIME_EXACT_DAY, true},
        {"March 2nd, 2021 at 9:15\xE2\x80\xAFPM", "2021-03-02T21:15:00Z", TIME_EXACT_MINUTE, true},
        {"9:15 AM \xC2\xB7 Mar 2, 2021", "2021-03-02T09:15:00Z", TIME_EXACT_MINUTE, true},
        {"2-Mar-21", "2021-03-02T00:00:00Z", TIME_EXACT_DAY, true},
        {"2.3.21 9.15", "2021-03-02T09:15:00Z", TIME_EXACT_MINUTE, true},
        {"31.12.99", "1999-12-31T00:00:00Z", TIME_EXACT_DAY, true},
        {"2021-03-02 09:15:00.5 +0100 CET m=+0.01", "2021-03-02T08:15:00Z", TIME_EXACT_MS, false},
        {"2021-03-02 09:15:00 +0000 UTC", "2021-03-02T09:15:00Z", TIME_EXACT_S, false},
        {"2021-03-02T09:15:00+01:00[Europe/Warsaw]", "2021-03-02T08:15:00Z", TIME_EXACT_S, false},
        {"/Date(1614676500000+0200)/", "2021-03-02T09:15:00Z", TIME_EXACT_MS, false},
        {"{\"$date\": {\"$numberLong\": \"1614676500000\"}}", "2021-03-02T09:15:00Z", TIME_EXACT_MS,
         false},
        {"ISODate(\"2021-03-02T09:15:00Z\")", "2021-03-02T09:15:00Z", TIME_EXACT_S, false},
        {"20210302091500", "2021-03-02T09:15:00Z", TIME_EXACT_S, true},
        {"20210302T091500Z", "2021-03-02T09:15:00Z", TIME_EXACT_S, false},
        {"2021-03", "2021-03-01T00:00:00Z", TIME_EXACT_MONTH, true},
        {"03.2021", "2021-03-01T00:00:00Z", TIME_EXACT_MONTH, true},
        {"2021-03-02T09", "2021-03-02T09:00:00Z", TIME_EXACT_HOUR, true},
        {"9:15 2.03.2021", "2021-03-02T09:15:00Z", TIME_EXACT_MINUTE, true},
        {"1.61468E+12", "2021-03-02T00:00:00Z", TIME_EXACT_DAY, false}, /* shortened: not exact */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_iso(rows[i].text, rows[i].want, rows[i].precision, rows[i].naive);
}

static void check_result(const char *text, enum date_order order, enum when_result want) {
    struct moment moment;
    if (!CHECK_INT(when_read(span_of(text), order, &moment), want))
        printf("# %s\n", text);
}

static void test_results(void) {
    static const char *const nothing[] = {"",
                                          "0",
                                          "-1",
                                          "null",
                                          "NaT",
                                          "0000-00-00 00:00:00",
                                          "0001-01-01T00:00:00",
                                          "1969-12-31T23:59:59Z",
                                          "-"};
    static const char *const relative[] = {"2 godz. temu",    "3 hours ago", "wczoraj, 14:05",
                                           "vor 2 Stunden",   "5h",          "just now",
                                           "dzi\xC5\x9B 7:00"};
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
        check_result(nothing[i], DATE_ORDER_UNKNOWN, WHEN_NOTHING);
    for (size_t i = 0; i < sizeof relative / sizeof *relative; i++)
        check_result(relative[i], DATE_ORDER_UNKNOWN, WHEN_RELATIVE);
    check_result("3/4/23", DATE_ORDER_UNKNOWN, WHEN_UNORDERED);
    check_result("03-04-2023 10:00", DATE_ORDER_UNKNOWN, WHEN_UNORDERED);
    check_result("13/4/23", DATE_ORDER_UNKNOWN, WHEN_READ);
    check_result("4/13/2023", DATE_ORDER_UNKNOWN, WHEN_READ);
    check_result("4/4/2023", DATE_ORDER_UNKNOWN, WHEN_READ);
    check_result("4/13/2023", DATE_DAY_FIRST, WHEN_UNREADABLE);
    check_result("3/4/23", DATE_MONTH_FIRST, WHEN_READ);
    check_result("23-04-03", DATE_YEAR_FIRST, WHEN_READ);
    check_result("1 marca, 10:15", DATE_ORDER_UNKNOWN, WHEN_UNREADABLE); /* of which year? */
    check_result("marathon 2023", DATE_ORDER_UNKNOWN, WHEN_UNREADABLE);
}

static void test_values(void) {
    CHECK_INT(us_of("2022-07-28T16:10:07.123456789Z", false), INT64_C(1659024607123456));
    CHECK_INT(us_of("1659024607.25", false), INT64_C(1659024607250000));
    CHECK_INT(us_of("03/04/2023", true), us_of("2023-04-03", false));
    CHECK_INT(us_of("03/04/2023", false), us_of("2023-03-04", false));
    CHECK_INT(us_of("12/31/1969 12:00 AM", false), -1);
    CHECK_INT(us_of("1/1/1970 12:00 AM", false), 0);
}

static void test_refused(void) {
    static const char *const bad[] = {"",
                                      "abc",
                                      "2022-02-29",
                                      "2022-13-01",
                                      "2022-00-10",
                                      "-5",
                                      "2022-07-28T25:00:00",
                                      "2022-07-28T16:61:00",
                                      "9999-01-01",
                                      "1e30",
                                      "2201-01-01",
                                      "2022-07-28 16:10:07 XYZ",
                                      "NaN",
                                      "Thu Jul 28",
                                      "29.02.2023",
                                      "13/13/2022",
                                      "Thu Jul 99 16:10:07 +0000 2022",
                                      "2022-07-28T16:10:07+99:00",
                                      "1969-12-31T23:59:59Z",
                                      "99999999999999999999",
                                      "2022-07-28T16:10:07Zjunk"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (!CHECK_INT(us_of(bad[i], false), -1))
            printf("# %s\n", bad[i]);
    struct moment moment;
    CHECK(!when_from_epoch(-1, &moment));
    CHECK(when_from_epoch(99999999999, &moment) == false); /* the year 5138 */
    CHECK(when_from_epoch(100000000000, &moment));         /* 1973 in ms */
}

static void test_zone(void) {
    struct fault fault = {0};
    struct zone zone;
    setenv("TZ", "Pacific/Kiritimati", 1);
    CHECK_INT(zone_open(&zone, "Europe/Warsaw", &fault), STATUS_OK);
    CHECK_STR(getenv("TZ"), "Pacific/Kiritimati");
    CHECK_INT(zone_offset(&zone, 1659024607), 7200);
    CHECK_INT(zone_offset(&zone, 1669024607), 3600);
    /* 2023-03-26 01:00 UTC spring, 2023-10-29 01:00 UTC autumn */
    int64_t spring = civil_days(2023, 3, 26) * SECONDS_PER_DAY + 3600;
    int64_t autumn = civil_days(2023, 10, 29) * SECONDS_PER_DAY + 3600;
    CHECK_INT(zone_offset(&zone, spring - 1), 3600);
    CHECK_INT(zone_offset(&zone, spring), 7200);
    CHECK_INT(zone_to_utc(&zone, spring + 3599), spring - 1);
    CHECK_INT(zone_to_utc(&zone, spring + 3600 + 1800), spring); /* 02:30 does not exist */
    CHECK_INT(zone_to_utc(&zone, spring + 7200), spring);
    CHECK_INT(zone_to_utc(&zone, autumn + 3600 + 1800), autumn - 1800); /* 02:30, the first */
    CHECK_INT(zone_to_utc(&zone, autumn + 7200), autumn + 3600);
    int64_t utc[2];
    CHECK_INT(zone_from_local(&zone, autumn + 3600 + 1800, utc), LOCAL_TWICE);
    CHECK_INT(utc[1], autumn + 1800);
    CHECK_INT(zone_from_local(&zone, spring + 3600 + 1800, utc), LOCAL_SKIPPED);
    CHECK_INT(utc[1], spring + 1800); /* 03:30 */
    CHECK_INT(zone_from_local(&zone, spring + 7200, utc), LOCAL_ONCE);
    CHECK_INT(zone_to_utc(&zone, zone_offset(&zone, 4000000000) + INT64_C(4000000000)),
              INT64_C(4000000000));
    zone_release(&zone);
    CHECK_INT(zone_open(&zone, "UTC", &fault), STATUS_OK);
    CHECK_INT(zone_to_utc(&zone, 1659024607), 1659024607);
    zone_release(&zone);
    CHECK_INT(zone_open(&zone, "Europe/Nowhere", &fault), STATUS_FATAL);
    CHECK_INT(fault.exit_code, EXIT_DATA);
    CHECK(strstr(fault.text, "Europe/Nowhere") != NULL);
    CHECK_INT(zone_open(&zone, "../../etc/passwd", &fault), STATUS_FATAL);
    CHECK_INT(zone_open(&zone, "", &fault), STATUS_FATAL);
    unsetenv("TZ");
    CHECK_INT(zone_open(&zone, "America/New_York", &fault), STATUS_OK);
    CHECK(getenv("TZ") == NULL);
    CHECK_INT(zone_offset(&zone, 1659024607), -4 * 3600);
    zone_release(&zone);
}

/* What a zone's rule says beyond its listed shifts is what the C library says, day by day. Gaza's
 * file lists shifts until 2086, and more than two a year. */
static void test_rules_of_zones(void) {
    static const char *const names[] = {"Europe/Warsaw",     "America/New_York",    "Asia/Gaza",
                                        "Africa/Casablanca", "Australia/Lord_Howe", "Europe/Dublin",
                                        "America/Santiago",  "Asia/Tokyo"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct fault fault = {0};
        struct zone zone;
        int differ = 0;
        CHECK_INT(zone_open(&zone, names[i], &fault), STATUS_OK);
        setenv("TZ", names[i], 1);
        tzset();
        for (int64_t at = 2051222400; at < 4133894400; at += 6 * SECONDS_PER_HOUR) {
            time_t time = (time_t)at;
            struct tm local;
            differ += zone_offset(&zone, at) != (int32_t)localtime_r(&time, &local)->tm_gmtoff;
        }
        unsetenv("TZ");
        tzset();
        CHECK_INT(differ, 0);
        zone_release(&zone);
    }
}

int main(void) {
    test_civil();
    test_formats();
    test_writers();
    test_results();
    test_values();
    test_refused();
    test_zone();
    test_rules_of_zones();
    return tap_done();
}
