/* Reading of tables of times and counts: shapes, steps of the calendar, what tools write. */
#include "pipeline/commands/series_csv.h"
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>

static enum status read_text(struct series_csv *series, const char *text, const struct zone *zone,
                             struct fault *fault) {
    struct series_csv_options options = {zone, false};
    *fault = (struct fault){0};
    return series_csv_read(series, span_of(text), &options, fault);
}

static void check_read(const char *text, int32_t interval_s, int64_t start_s, size_t count,
                       const int32_t *values) {
    struct series_csv series;
    struct fault fault;
    if (!CHECK_INT(read_text(&series, text, NULL, &fault), STATUS_OK)) {
        printf("# %s\n", fault.text);
        return;
    }
    CHECK_INT(series.interval_s, interval_s);
    CHECK_INT(series.start_s, start_s);
    if (CHECK_INT(series.bucket_count, count))
        for (size_t b = 0; b < count; b++)
            CHECK_INT(series.coverage_milli[b] ? series.value[b] : -1, values[b]);
    series_csv_release(&series);
}

static void test_shapes(void) {
    static const int32_t plain[] = {1, 2, 3};
    const int64_t at = 1704067200;
    check_read("2024-01-01 00:00:00,1\n2024-01-01 01:00:00,2\n2024-01-01 02:00:00,3\n", 3600, at, 3,
               plain);
    check_read("timestamp,value\n2024-01-01T00:00:00Z,1\n2024-01-01T01:00:00Z,2\n"
               "2024-01-01T02:00:00Z,3",
               3600, at, 3, plain);
    check_read("\xEF\xBB\xBF"
               "\"time\";\"count\"\r\n\"2024-01-01 00:00\";\"1\"\r\n\r\n2024-01-01 01:00;2\r\n"
               "# a remark\n2024-01-01 02:00; 3 \r\n",
               3600, at, 3, plain);
    check_read("brand\tvalue\ttimestamp\nx\t1\t1704067200\nx\t2\t1704070800\nx\t3\t1704074400\n",
               3600, at, 3, plain);
    check_read("1704067200,1.0\n1704070800,2.9\n1704074400,3e0\n", 3600, at, 3, plain);
}

static void test_gaps_and_order(void) {
    static const int32_t gap[] = {1, -1, 3, 4, -1};
    check_read("t,v\n2024-01-01 00:15,4\n2024-01-01 00:00,1\n2024-01-01 00:10,3\n"
               "2024-01-01 00:20,NaN\n",
               300, 1704067200, 5, gap);
    static const int32_t jitter[] = {1, 2, 3, 4};
    check_read("1000000000,1\n1000000302,2\n1000000602,3\n1000000902,4\n", 300, 1000000002, 4,
               jitter);
    static const int32_t nab[] = {104, 100};
    check_read("timestamp,value\n2015-02-26 21:42:53,104\n2015-02-26 21:47:53,100\n", 300,
               1424986973, 2, nab);
}

static void test_repetitions(void) {
    struct series_csv series;
    struct fault fault;
    /* the whole file twice */
    CHECK_INT(read_text(&series,
                        "2024-01-01,5\n2024-01-02,6\n2024-01-03,7\n2024-01-01,5\n2024-01-02,6\n"
                        "2024-01-03,7\n",
                        NULL, &fault),
              STATUS_OK);
    CHECK_INT(series.bucket_count, 3);
    CHECK_INT(series.value[1], 6);
    CHECK_INT(series.notes.repeated, 3);
    CHECK_INT(series.notes.added, 0);
    CHECK_INT(series.notes.out_of_order, 1);
    series_csv_release(&series);
    /* two channels in one file */
    CHECK_INT(
        read_text(&series,
                  "2024-01-01,5\n2024-01-01,5\n2024-01-02,6\n2024-01-02,1\n2024-01-03,2000000000\n"
                  "2024-01-03,2000000000\n",
                  NULL, &fault),
        STATUS_OK);
    CHECK_INT(series.value[0], 10);
    CHECK_INT(series.value[1], 7);
    CHECK_INT(series.value[2], INT32_MAX); /* no overflow */
    CHECK_INT(series.notes.added, 3);
    series_csv_release(&series);
}

static void test_zone(void) {
    struct zone zone;
    struct fault fault;
    struct series_csv series;
    if (!CHECK_INT(zone_open(&zone, "Europe/Warsaw", &fault), STATUS_OK))
        return;
    /* 2024-10-27: 02:00 local comes twice */
    CHECK_INT(read_text(&series,
                        "2024-10-27 01:00,1\n2024-10-27 02:00,2\n2024-10-27 02:00,3\n"
                        "2024-10-27 03:00,4\n",
                        &zone, &fault),
              STATUS_OK);
    CHECK_INT(series.bucket_count, 4);
    CHECK_INT(series.start_s, 1729983600);
    CHECK_INT(series.value[2], 3);
    CHECK_INT(series.notes.repeated + series.notes.added + series.notes.out_of_order, 0);
    series_csv_release(&series);
    /* 2024-03-31: there is no 02:00 to 03:00 */
    CHECK_INT(read_text(&series,
                        "2024-03-31 01:00,1\n2024-03-31 01:30,2\n2024-03-31 02:00,70\n"
                        "2024-03-31 02:30,3\n2024-03-31 03:00,3\n2024-03-31 03:30,4\n",
                        &zone, &fault),
              STATUS_OK);
    CHECK_INT(series.bucket_count, 4);
    CHECK_INT(series.value[2], 3);
    CHECK_INT(series.notes.skipped, 2);
    CHECK_INT(series.notes.repeated + series.notes.added, 0);
    series_csv_release(&series);
    zone_release(&zone);
}

/* ---- calendar steps ---- */

static bool opened(struct series_csv *series, const char *text, const struct zone *zone) {
    struct fault fault;
    bool read = CHECK_INT(read_text(series, text, zone, &fault), STATUS_OK);
    if (!read)
        printf("# %s\n", fault.text);
    return read;
}

/* Three steps of `months`, the first beginning on 1 January 2015. */
static void check_months(const char *text, int months) {
    struct series_csv series;
    if (!opened(&series, text, NULL))
        return;
    CHECK_INT(series.months, months);
    CHECK_INT(series.start_s, civil_days(2015, 1, 1) * SECONDS_PER_DAY);
    CHECK_INT(series.notes.unknown + series.notes.added, 0);
    if (CHECK_INT(series.bucket_count, 3) && CHECK(series.starts_s != NULL)) {
        int64_t second = civil_days(2015 + months / 12, (unsigned)(months % 12) + 1, 1);
        CHECK_INT(series.starts_s[1], second * SECONDS_PER_DAY);
        CHECK_INT(series.value[2], 3);
    }
    series_csv_release(&series);
}

static void test_months(void) {
    static const char *const texts[] = {
        "2015-01,1\n2015-02,2\n2015-03,3\n",
        "miesi\xC4\x85"
        "c;liczba\nstycze\xC5\x84 2015;1\nLUTY 2015;2\nmarzec 2015 r.;3\n",
        "01.2015,1\n02.2015,2\n03.2015,3\n",
        "1/2015,1\n2/2015,2\n3/2015,3\n",
        "Jan 2015,1\nFeb 2015,2\nMarch 2015,3\n",
        "m,v\nJan-15,1\nFeb-15,2\nMar-15,3\n",
        "201501,1\n201502,2\n201503,3\n",
        "2015M01,1\n2015M02,2\n2015M03,3\n",
        "okres,wartość\nI 2015,1\nII 2015,2\nIII 2015,3\n",
        "rok,miesi\xC4\x85"
        "c,liczba\n2015,1,1\n2015,2,2\n2015,3,3\n",
        "2015-01-31,1\n2015-02-28,2\n2015-03-31,3\n",
        "d,v\n42005,1\n42036,2\n42064,3\n",
        "2014-12-31T23:00:00Z,1\n2015-01-31T23:00:00Z,2\n2015-02-28T23:00:00Z,3\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check_months(texts[i], 1);
    check_months("2015-Q1,1\n2015-Q2,2\n2015-Q3,3\n", 3);
    check_months("1Q2015,1\n2Q2015,2\n3Q2015,3\n", 3);
    check_months("I kw. 2015;1\nII kw. 2015;2\nIII kw. 2015;3\n", 3);
    check_months("rok;kwarta\xC5\x82;n\n2015;1;1\n2015;2;2\n2015;3;3\n", 3);
    check_months("2015-03-31,1\n2015-06-30,2\n2015-09-30,3\n", 3);
    check_months("2015-H1,1\n2015-H2,2\n2016-H1,3\n", 6);
    check_months("2015,1\n2016,2\n2017,3\n", 12);
    check_months("2015-12-31,1\n2016-12-31,2\n2017-12-31,3\n", 12);
}

/* The exposure of a month is its length; a month without a row is unknown. */
static void test_exposure(void) {
    struct series_csv series;
    if (!opened(&series, "2015-01,310\n2015-02,280\n2015-04,300\n", NULL))
        return;
    if (CHECK_INT(series.bucket_count, 4)) {
        CHECK_INT(series.coverage_milli[0], 1019);
        CHECK_INT(series.coverage_milli[1], 920);
        CHECK_INT(series.coverage_milli[2], 0);
        CHECK_INT(series.coverage_milli[3], 986);
    }
    series_csv_release(&series);
}

/* Constant steps of 28 days, and weeks, are no months. */
static void test_weeks(void) {
    struct series_csv series;
    if (opened(&series, "2015-W52,1\n2015-W53,2\n2016-W01,3\n", NULL)) {
        CHECK_INT(series.interval_s, 7 * SECONDS_PER_DAY);
        CHECK_INT(series.start_s, civil_days(2015, 12, 21) * SECONDS_PER_DAY);
        CHECK_INT(series.bucket_count, 3);
        CHECK(series.starts_s == NULL);
        series_csv_release(&series);
    }
    if (opened(&series, "tydzie\xC5\x84;n\n2015-05;1\n2015-06;2\n", NULL)) {
        CHECK_INT(series.start_s, civil_days(2015, 1, 26) * SECONDS_PER_DAY);
        CHECK_INT(series.interval_s, 7 * SECONDS_PER_DAY);
        series_csv_release(&series);
    }
    if (opened(&series, "2015-01-04 - 2015-01-10,1\n2015-01-11 - 2015-01-17,2\n", NULL)) {
        CHECK_INT(series.interval_s, 7 * SECONDS_PER_DAY);
        series_csv_release(&series);
    }
    if (opened(&series, "2015-01-04,1\n2015-02-01,2\n2015-03-01,3\n2015-03-29,4\n2015-04-26,5\n",
               NULL)) {
        CHECK_INT(series.months, 0);
        CHECK_INT(series.interval_s, 28 * SECONDS_PER_DAY);
        series_csv_release(&series);
    }
    struct fault fault;
    CHECK_INT(read_text(&series, "2015-W53,1\n2015-W54,2\n", NULL, &fault), STATUS_FATAL);
    CHECK_INT(read_text(&series, "2014-W52,1\n2014-W53,2\n", NULL, &fault), STATUS_FATAL);
}

/* Days of 23 and 25 hours are days. */
static void test_local_days(void) {
    struct zone zone;
    struct fault fault;
    struct series_csv series;
    if (!CHECK_INT(zone_open(&zone, "Europe/Warsaw", &fault), STATUS_OK))
        return;
    if (opened(&series, "2024-03-30,1\n2024-03-31,2\n2024-04-01,3\n2024-04-02,4\n", &zone)) {
        CHECK_INT(series.bucket_count, 4);
        CHECK_INT(series.starts_s[2] - series.starts_s[1], 23 * SECONDS_PER_HOUR);
        CHECK_INT(series.coverage_milli[1], 1000);
        series_csv_release(&series);
    }
    if (opened(&series, "2015-10,1\n2015-11,2\n2015-12,3\n", &zone)) {
        CHECK_INT(series.starts_s[1], civil_days(2015, 11, 1) * SECONDS_PER_DAY - 3600);
        CHECK_INT(series.coverage_milli[0], 1019);
        series_csv_release(&series);
    }
    /* the autumn hour stands once: it holds both, and its bucket is two hours long */
    if (opened(&series,
               "2024-10-27 00:00,10\n2024-10-27 01:00,10\n2024-10-27 02:00,20\n"
               "2024-10-27 03:00,10\n2024-10-27 04:00,11\n",
               &zone)) {
        if (CHECK_INT(series.bucket_count, 5) && CHECK(series.starts_s != NULL)) {
            CHECK_INT(series.value[2], 20);
            CHECK_INT(series.coverage_milli[2], 2000);
            CHECK_INT(series.starts_s[3] - series.starts_s[2], 2 * SECONDS_PER_HOUR);
            CHECK_INT(series.rows[4].bucket, 4);
            CHECK_INT(series.value[4], 11);
        }
        CHECK_INT(series.notes.merged, 1);
        CHECK_INT(series.notes.unknown, 0);
        series_csv_release(&series);
    }
    /* newest first: the upper of the two is the second telling */
    if (opened(&series,
               "2024-10-27 03:00,4\n2024-10-27 02:00,3\n2024-10-27 02:00,2\n2024-10-27 01:00,1\n",
               &zone)) {
        if (CHECK_INT(series.bucket_count, 4)) {
            CHECK_INT(series.value[1], 2);
            CHECK_INT(series.value[2], 3);
        }
        CHECK_INT(series.notes.autumn, 2);
        series_csv_release(&series);
    }
    zone_release(&zone);
}

/* ---- what tools write ---- */

static void test_tools(void) {
    struct series_csv series;
    /* Google Trends */
    if (opened(&series,
               "Category: All categories\n\nWeek,norvia: (Poland)\n2022-01-02,<1\n2022-01-09,2\n"
               "2022-01-16,3\n",
               NULL)) {
        CHECK_INT(series.table.preamble, 2);
        CHECK_INT(series.notes.small, 1);
        CHECK_INT(series.value[0], 0);
        CHECK_INT(series.coverage_milli[0], 1000);
        series_csv_release(&series);
    }
    if (opened(&series,
               "Kategoria: Wszystkie\n\nCzas,norvia: (Polska)\n2024-01-01T05,7\n"
               "2024-01-01T06,8\n",
               NULL)) {
        CHECK_INT(series.interval_s, SECONDS_PER_HOUR);
        series_csv_release(&series);
    }
    /* a preamble that holds dates, a row number, two counts */
    if (opened(&series,
               "Raport;2024-01-05\nOkres;2024-01-01;2024-01-03\n\nLp;Data;Godzina;Liczba "
               "wzmianek;Zasi\xC4\x99g\n1;2024-01-01;0;5;100\n2;2024-01-01;1;6;200\n",
               NULL)) {
        CHECK_INT(series.table.preamble, 3);
        CHECK_INT(series.interval_s, SECONDS_PER_HOUR);
        CHECK_INT(series.value[1], 6);
        CHECK_SPAN(series.rows[1].text, "2024-01-01 1:00");
        if (CHECK_INT(series.table.other_count, 1))
            CHECK_INT(series.table.others[0], 4);
        series_csv_release(&series);
    }
    /* a first row without a value is a row */
    if (opened(&series, "t,v\n2024-01-01,NA\n2024-01-02,2\n2024-01-03,3\n", NULL)) {
        CHECK_INT(series.bucket_count, 3);
        CHECK_INT(series.notes.unknown, 1);
        series_csv_release(&series);
    }
}

static void check_value(const char *text, int32_t value) {
    struct series_csv series;
    if (!opened(&series, text, NULL))
        return;
    CHECK_INT(series.value[0], value);
    series_csv_release(&series);
}

static void test_marks(void) {
    struct series_csv series;
    struct fault fault;
    check_value("2024-01-01,\"1,234\"\n2024-01-02,987\n", 1234);
    check_value("2024-01-01;1 234\n2024-01-02;987\n", 1234);
    check_value("2024-01-01;1\xC2\xA0"
                "234\n2024-01-02;12\xC2\xA0"
                "345\xC2\xA0"
                "678\n",
                1234);
    check_value("2024-01-01;1.234\n2024-01-02;1.234.567\n", 1234);
    check_value("2024-01-01;1.234\n2024-01-02;987\n", 1234);
    check_value("2024-01-01;1.234,5\n2024-01-02;7\n", 1234);
    check_value("2024-01-01;1,234\n2024-01-02;7,5\n", 1);
    check_value("2024-01-01,1.234\n2024-01-02,2.5\n", 1);
    CHECK_INT(read_text(&series, "2024-01-01;1.234\n2024-01-02;5.678\n", NULL, &fault),
              STATUS_FATAL);
    CHECK_STR(fault.text,
              "\"5.678\" may be thousands or a fraction: write the counts without marks");
    CHECK_INT(read_text(&series, "2024-01-01;1 23\n2024-01-02;5\n", NULL, &fault), STATUS_FATAL);
}

/* Which of day and month comes first: by what can be read, then by what is regular. */
static void test_order(void) {
    struct series_csv series;
    if (opened(&series, "12/01/2024,1\n13/01/2024,2\n14/01/2024,3\n", NULL)) {
        CHECK(series.notes.day_first && series.notes.order_proved);
        CHECK_INT(series.bucket_count, 3);
        series_csv_release(&series);
    }
    char months[1024];
    int len = 0;
    for (int i = 0; i < 24; i++)
        len += snprintf(months + len, sizeof months - (size_t)len, "01/%02d/%d,5\n", i % 12 + 1,
                        2015 + i / 12);
    if (opened(&series, months, NULL)) {
        CHECK(series.notes.day_first && !series.notes.order_proved);
        CHECK_INT(series.months, 1);
        CHECK_INT(series.bucket_count, 24);
        series_csv_release(&series);
    }
    if (opened(&series, "1/1/2015,5\n2/1/2015,5\n3/1/2015,5\n", NULL)) {
        CHECK(series.notes.month_first);
        CHECK_INT(series.months, 1);
        series_csv_release(&series);
    }
}

static void check_fault(const char *text, const char *message) {
    struct series_csv series;
    struct fault fault;
    CHECK_INT(read_text(&series, text, NULL, &fault), STATUS_FATAL);
    CHECK_INT(fault.exit_code, EXIT_DATA);
    CHECK_STR(fault.text, message);
    CHECK(series.rows == NULL && series.value == NULL);
}

static void test_faults(void) {
    check_fault("", "no rows: expected lines of timestamp,value");
    check_fault("timestamp,value\n", "no rows: expected lines of timestamp,value");
    check_fault("2024-01-01,1\n", "1 rows: a series needs at least two different times");
    check_fault("2024-01-01,1\n2024-01-01,2\n",
                "2 rows: a series needs at least two different times");
    check_fault("t,v\n2024-01-01,1\n2024-01-02\n",
                "line 3: expected timestamp,value: \"2024-01-02\"");
    check_fault("2024-01-01,1\nyesterday,2\n",
                "line 2: not a time that can be read: \"yesterday\"");
    check_fault("2024-01-01,1\n2024-01-02,many\n", "line 2: not a count: \"many\"");
    check_fault("2024-01-01,1\n2024-01-02,-3\n", "line 2: a count must be 0 to 2147483647: \"-3\"");
    check_fault("2024-01-01,1\n2024-01-02,2147483648\n",
                "line 2: a count must be 0 to 2147483647: \"2147483648\"");
    check_fault("2024-01-01,1\n2024-01-02,99999999999999999999\n",
                "line 2: a count must be 0 to 2147483647: \"99999999999999999999\"");
    check_fault("1000000000,1\n1000000001,1\n4000000000,1\n",
                "the series spans 3000000001 buckets of 1 s: more than 134217728; check the first "
                "and the last time");
}

int main(void) {
    test_shapes();
    test_gaps_and_order();
    test_repetitions();
    test_zone();
    test_months();
    test_exposure();
    test_weeks();
    test_local_days();
    test_tools();
    test_marks();
    test_order();
    test_faults();
    return tap_done();
}
