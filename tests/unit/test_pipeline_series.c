/* Reading of "timestamp,value" tables. */
#include "pipeline/commands/series_csv.h"
#include "tap.h"

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
    test_faults();
    return tap_done();
}
