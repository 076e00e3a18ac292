/* Figures of care against right values to 1e-9: those in tests/unit/data/stats_cases, which R's
 * survfit and prop.test gave (differences: Newcombe's formula over its limits) and Python's
 * zoneinfo second by second; where a larger collection lies beside the project, against it, too. */
#include "stages/care/care.h"
#include "tap.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char *folder;
static struct zone zone;

static bool agrees(double got, double want) {
    if (isnan(got) || isnan(want))
        return isnan(got) && isnan(want);
    return fabs(got - want) <= 1e-9 * fmax(1, fabs(want));
}

static double number_of(const json_t *value) {
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static FILE *open_case(const char *name) {
    char path[300];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    printf("# %s\n", path);
    CHECK(file != NULL);
    return file;
}

static json_t *read_json(const char *name) {
    FILE *file = open_case(name);
    json_t *root = file ? json_loadf(file, 0, NULL) : NULL;
    if (file)
        fclose(file);
    CHECK(root != NULL);
    return root;
}

/* ---- Kaplan-Meier ---- */

/* The times of the two large cases follow a formula in whole numbers. */
static struct waiting *make_waits(json_t *entry, size_t *count) {
    json_t *times = json_object_get(entry, "times"), *answered = json_object_get(entry, "answered");
    *count =
        times ? json_array_size(times) : (size_t)json_integer_value(json_object_get(entry, "n"));
    struct waiting *waits = malloc((*count + 1) * sizeof *waits);
    for (size_t i = 0; waits && i < *count; i++) {
        int64_t n = (int64_t)i, by_formula = 1 + n * 7919 % 100003 * (n * 104729 % 101);
        waits[i] = times ? waiting_make(json_integer_value(json_array_get(times, i)),
                                        json_integer_value(json_array_get(answered, i)))
                         : waiting_make(by_formula, n * 31 % 10 < 7);
    }
    CHECK(waits != NULL);
    return waits;
}

static void check_quantile(const struct survival *curve, json_t *quantiles, const char *name,
                           double share) {
    json_t *want = json_object_get(quantiles, name), *limits = json_object_get(want, "loglog");
    struct quantile got = survival_quantile(curve, share);
    CHECK(agrees(got.value, number_of(json_object_get(want, "value"))));
    CHECK(agrees(got.low, number_of(json_array_get(limits, 0))));
    CHECK(agrees(got.high, number_of(json_array_get(limits, 1))));
}

/* The step at or before a time. */
static void check_moment(const struct survival *curve, json_t *want) {
    json_t *limits = json_object_get(want, "loglog");
    int64_t seconds = json_integer_value(json_object_get(want, "t"));
    const struct survival_step *step = NULL;
    double share = number_of(json_object_get(want, "S"));
    for (size_t i = 0; i < curve->step_count && curve->steps[i].seconds <= seconds; i++)
        step = &curve->steps[i];
    CHECK(agrees(survival_within(curve, seconds), 1 - share));
    if (!step)
        return;
    if (!isnan(share))
        CHECK(agrees(step->share, share));
    if (json_object_get(want, "se") && !isnan(number_of(json_object_get(want, "se"))))
        CHECK(agrees(step->error, number_of(json_object_get(want, "se"))));
    if (!isnan(share)) {
        CHECK(agrees(step->low, number_of(json_array_get(limits, 0))));
        CHECK(agrees(step->high, number_of(json_array_get(limits, 1))));
    }
}

static void test_curves(void) {
    json_t *root = read_json("kaplan_meier.json"), *entry, *moment;
    size_t place, at, count;
    json_array_foreach(json_object_get(root, "cases"), place, entry) {
        struct waiting *waits = make_waits(entry, &count);
        struct survival curve;
        printf("# %s\n", json_string_value(json_object_get(entry, "name")));
        if (!waits || !CHECK(survival_fit(&curve, waits, count)))
            break;
        json_t *quantiles = json_object_get(entry, "quantiles");
        check_quantile(&curve, quantiles, "p50", 0.5);
        check_quantile(&curve, quantiles, "p75", 0.75);
        check_quantile(&curve, quantiles, "p90", 0.9);
        json_array_foreach(json_object_get(entry, "at"), at, moment) check_moment(&curve, moment);
        survival_release(&curve);
        free(waits);
    }
    CHECK(place > 0);
    json_decref(root);
}

/* ---- shares ---- */

static void test_shares(void) {
    FILE *file = open_case("wilson.csv");
    char line[4000];
    int rows = 0;
    while (file && fgets(line, sizeof line, file)) {
        long long x, n;
        double rate, low, high;
        if (sscanf(line, "%lld,%lld,%lf,%lf,%lf", &x, &n, &rate, &low, &high) != 5)
            continue;
        struct proportion got = proportion_wilson(x, n);
        CHECK(agrees(got.share, rate) && agrees(got.low, low) && agrees(got.high, high));
        rows++;
    }
    CHECK(rows >= 5);
    if (file)
        fclose(file);
    file = open_case("difference.csv");
    for (rows = 0; file && fgets(line, sizeof line, file);) {
        long long x1, n1, x2, n2;
        double difference, low, high;
        if (sscanf(line, "%lld,%lld,%lld,%lld,%lf,%lf,%lf", &x1, &n1, &x2, &n2, &difference, &low,
                   &high) != 7)
            continue;
        struct proportion got = proportion_difference(x1, n1, x2, n2);
        CHECK(agrees(got.share, difference) && agrees(got.low, low) && agrees(got.high, high));
        rows++;
    }
    CHECK(rows >= 4);
    if (file)
        fclose(file);
}

/* ---- calendars ---- */

static void read_calendar(json_t *from, struct open_calendar *out) {
    const char *weekday;
    json_t *windows, *window;
    size_t i;
    *out = (struct open_calendar){.closed_on_holidays =
                                      json_is_true(json_object_get(from, "closed_on_holidays"))};
    json_object_foreach(json_object_get(from, "hours"), weekday, windows) {
        int day = weekday[0] - '0';
        json_array_foreach(windows, i, window)
            CHECK(open_window_read(span_of(json_string_value(window)), &out->windows[day][i]));
        out->window_count[day] = (uint8_t)json_array_size(windows);
    }
}

static int64_t moment(const char *iso) {
    int year, month, day, hour, minute, second;
    CHECK_INT(sscanf(iso, "%d-%d-%dT%d:%d:%dZ", &year, &month, &day, &hour, &minute, &second), 6);
    return civil_days(year, (unsigned)month, (unsigned)day) * SECONDS_PER_DAY + hour * 3600 +
           minute * 60 + second;
}

/* The n-th field of a line without quotes before it. */
static const char *field(char *line, int n) {
    static char copy[100];
    for (; n && line; n--)
        line = strchr(line, ',') ? strchr(line, ',') + 1 : NULL;
    snprintf(copy, sizeof copy, "%.*s", line ? (int)strcspn(line, ",\r\n") : 0, line ? line : "");
    return copy;
}

static int column_of(char *header, const char *name) {
    for (int i = 0; i < 40; i++)
        if (strcmp(field(header, i), name) == 0)
            return i;
    return -1;
}

static void test_open_hours(void) {
    json_t *root = read_json("calendars.json");
    FILE *file = open_case("business_hours.csv");
    char header[1000] = "", line[4000];
    int rows = 0;
    if (file && fgets(header, sizeof header, file))
        while (fgets(line, sizeof line, file)) {
            struct open_calendar calendar;
            struct open_times times;
            read_calendar(json_object_get(json_object_get(root, "calendars"), field(line, 2)),
                          &calendar);
            int64_t from_s = moment(field(line, 0)), to_s = moment(field(line, 1));
            int64_t want = atoll(field(line, column_of(header, "open_s")));
            CHECK(open_times_build(&times, &calendar, &zone, from_s, to_s));
            CHECK_INT(open_between(&times, from_s, to_s), want);
            open_times_release(&times);
            rows++;
        }
    CHECK(rows >= 6);
    if (file)
        fclose(file);
    json_decref(root);
}

/* The dates named are holidays, and no others of their years. */
static void test_holidays(void) {
    FILE *file = open_case("holidays_pl.csv");
    char line[300];
    int rows = 0, wrong = 0;
    static uint8_t year_named[200], named[200 * 366];
    memset(year_named, 0, sizeof year_named);
    memset(named, 0, sizeof named);
    while (file && fgets(line, sizeof line, file)) {
        int year, month, day;
        if (sscanf(line, "%d-%d-%d", &year, &month, &day) != 3)
            continue;
        int64_t of_year = civil_days(year, (unsigned)month, (unsigned)day) - civil_days(year, 1, 1);
        year_named[year - 1950] = 1;
        named[(year - 1950) * 366 + of_year] = 1;
        rows++;
    }
    for (int year = 1950; year < 2150; year++)
        for (int64_t day = 0; year_named[year - 1950] && day < 366; day++) {
            int64_t at = civil_days(year, 1, 1) + day;
            if (at < civil_days(year + 1, 1, 1))
                wrong += (polish_holiday(at) != NULL) != named[(year - 1950) * 366 + day];
        }
    CHECK(rows >= 27);
    CHECK_INT(wrong, 0);
    if (file)
        fclose(file);
}

static int64_t local_midnight(const char *date) {
    int year, month, day;
    CHECK_INT(sscanf(date, "%d-%d-%d", &year, &month, &day), 3);
    return zone_to_utc(&zone, civil_days(year, (unsigned)month, (unsigned)day) * SECONDS_PER_DAY);
}

static void test_hours(void) {
    FILE *file = open_case("hour_of_week.csv");
    char header[3000] = "", line[4000];
    int rows = 0;
    if (file && fgets(header, sizeof header, file))
        for (; fgets(line, sizeof line, file); rows++)
            CHECK_INT(hour_of_week(&zone, moment(field(line, 0))),
                      atoi(field(line, column_of(header, "hour_of_week"))));
    CHECK(rows >= 6);
    if (file)
        fclose(file);
    file = open_case("hours_that_exist.csv");
    rows = 0;
    if (file && fgets(header, sizeof header, file))
        for (; fgets(line, sizeof line, file); rows++) {
            int32_t got[HOURS_OF_WEEK] = {0};
            int64_t from_s = local_midnight(field(line, 0)), to_s = local_midnight(field(line, 1));
            struct hour_span span = {from_s, to_s - 1, NULL, 0};
            int wrong = 0;
            hours_that_exist(&zone, &span, 1, got);
            for (int i = 0; i < HOURS_OF_WEEK; i++)
                wrong += got[i] != atoi(field(line, 3 + i));
            CHECK_INT(wrong, 0);
        }
    CHECK(rows >= 2);
    if (file)
        fclose(file);
}

int main(void) {
    static const char *const folders[] = {"tests/unit/data/stats_cases",
                                          "../shared/reference/stats_cases"};
    struct fault fault;
    CHECK_INT(zone_open(&zone, "Europe/Warsaw", &fault), STATUS_OK);
    for (int i = 0; i < 2; i++) {
        char path[300];
        folder = folders[i];
        snprintf(path, sizeof path, "%s/wilson.csv", folder);
        FILE *there = fopen(path, "r");
        if (!there && i) {
            printf("# %s is not there: skipped\n", folder);
            break;
        }
        if (there)
            fclose(there);
        test_curves();
        test_shares();
        test_open_hours();
        test_holidays();
        test_hours();
    }
    zone_release(&zone);
    return tap_done();
}
