#include "stages/common/when.h"
#include "tap.h"

#include <stdlib.h>

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

int main(void) {
    test_civil();
    test_formats();
    test_values();
    test_refused();
    test_zone();
    return tap_done();
}
