/* burza detect: a CSV count series in, its episodes (or, causally, its alarms) on stdout. */
#include "pipeline/commands/commands.h"
#include "pipeline/commands/series_csv.h"
#include "stages/common/files.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const size_t input_max = (size_t)2 << 30;

enum detect_format { FORMAT_TEXT, FORMAT_CSV, FORMAT_JSON };

struct detect_settings {
    const char *input, *zone_name;
    enum detect_format format;
    bool causal, day_first;
    struct detect_options options;
};

/* What the output functions read. */
struct detect_run {
    const struct detect_settings *settings;
    const struct series_csv *csv;
    struct count_series series;
};

static enum status usage(struct fault *fault, const char *what, const char *value) {
    return fault_set(fault, STATUS_FATAL, EXIT_USAGE, "%s \"%s\": see burza detect --help", what,
                     value);
}

static enum status set_format(struct detect_settings *settings, const char *name,
                              struct fault *fault) {
    static const char *const names[] = {"text", "csv", "json"};
    for (int i = 0; name && i < 3; i++)
        if (strcmp(name, names[i]) == 0) {
            settings->format = (enum detect_format)i;
            return STATUS_OK;
        }
    return name ? usage(fault, "unknown format", name) : STATUS_OK;
}

static enum status read_arguments(struct detect_settings *settings, const struct options *options,
                                  struct fault *fault) {
    *settings = (struct detect_settings){.options = detect_options_default(),
                                         .causal = options->causal,
                                         .zone_name = options->timezone,
                                         .day_first = options->day_first};
    enum status status = set_format(settings, options->format, fault);
    if (status == STATUS_OK)
        status = options_false_alarms(options, &settings->options.false_alarms_per_month, fault);
    if (status != STATUS_OK)
        return status;
    if (options->argument_count != 1)
        return fault_set(fault, STATUS_FATAL, EXIT_USAGE,
                         "burza detect wants one series: a file, or - for standard input");
    settings->input = options->arguments[0];
    return STATUS_OK;
}

static int64_t bucket_time(const struct detect_run *run, size_t bucket) {
    return bucket_start_s(&run->series, bucket);
}

/* "a month", "300 s": what one bucket is. */
static const char *step_name(const struct series_csv *csv, char out[32]) {
    static const struct {
        int months;
        int32_t seconds;
        const char *name;
    } names[] = {
        {1, 0, "a month"}, {3, 0, "a quarter"},           {6, 0, "half a year"},
        {12, 0, "a year"}, {0, SECONDS_PER_DAY, "a day"}, {0, 7 * SECONDS_PER_DAY, "a week"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (csv->months ? csv->months == names[i].months : csv->interval_s == names[i].seconds)
            return names[i].name;
    if (csv->months)
        snprintf(out, 32, "%d months", csv->months);
    else
        snprintf(out, 32, "%" PRId32 " s", csv->interval_s);
    return out;
}

static bool has_long_steps(const struct detect_run *run) {
    return run->series.interval_s >= SECONDS_PER_DAY;
}

static const char *iso(int64_t seconds, char out[ISO_SIZE]) {
    when_iso(seconds, out);
    return out;
}

/* As people read it: long steps by the local day on which they begin. */
static const char *day_or_iso(const struct detect_run *run, size_t bucket, char out[ISO_SIZE]) {
    int64_t at_s = bucket_time(run, bucket);
    const struct zone *zone = run->series.zone;
    bool days = has_long_steps(run);
    when_iso(at_s + (days && zone ? zone_offset(zone, at_s) : 0), out);
    if (days)
        out[10] = 0;
    return out;
}

static const char *severity_name(int severity) {
    static const char *const names[] = {"noise", "incident", "elevated", "crisis", "major"};
    return names[severity];
}

static double episode_hours(const struct detect_run *run, const struct episode *episode) {
    return (double)(bucket_time(run, episode->end + 1) - bucket_time(run, episode->onset)) /
           SECONDS_PER_HOUR;
}

static void episode_text(const struct detect_run *run, const struct episode *episode) {
    char onset[ISO_SIZE], low[ISO_SIZE], high[ISO_SIZE], peak[ISO_SIZE], end[ISO_SIZE];
    bool days = has_long_steps(run);
    printf("\n%s  severity %d (%s)\n", day_or_iso(run, episode->onset, onset), episode->severity,
           severity_name(episode->severity));
    printf("  onset between %s and %s (90 %%)\n", day_or_iso(run, episode->onset_low, low),
           day_or_iso(run, episode->onset_high, high));
    printf("  peak %s, end %s, %.1f %s\n", day_or_iso(run, episode->peak, peak),
           day_or_iso(run, episode->end, end), episode_hours(run, episode) / (days ? 24 : 1),
           days ? "days" : "hours");
    if (episode->end_low < episode->end_high)
        printf("  end between %s and %s (90 %%)\n", day_or_iso(run, episode->end_low, low),
               day_or_iso(run, episode->end_high, high));
    printf("  %" PRId64 " counted, %.1f expected, %.1f more (%.2f usual days); peak %s %.1f "
           "times the usual; score %.1f\n",
           episode->value_sum, episode->expected, episode->excess, episode->days_of_normal,
           run->series.interval_s > SECONDS_PER_HOUR ? "bucket" : "hour", episode->ratio,
           episode->score);
    if (episode->doubling_hours > 0 && !days)
        printf("  doubled every %.1f hours up to the peak\n", episode->doubling_hours);
    if (episode->half_life_hours > 0 && !days)
        printf("  halved every %.1f hours after it\n", episode->half_life_hours);
}

static void episode_csv(const struct detect_run *run, const struct episode *episode) {
    char onset[ISO_SIZE];
    printf("%" PRId64 ",%s,%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64
           ",%.3f,%.3f,%.3f,%.3f,%.3f,%d,%" PRId64 ",%" PRId64 "\n",
           bucket_time(run, episode->onset), iso(bucket_time(run, episode->onset), onset),
           bucket_time(run, episode->onset_low), bucket_time(run, episode->onset_high),
           bucket_time(run, episode->peak), bucket_time(run, episode->end), episode->value_sum,
           episode->expected, episode->excess, episode->ratio, episode->days_of_normal,
           episode->score, episode->severity, bucket_time(run, episode->end_low),
           bucket_time(run, episode->end_high));
}

static void episode_json(const struct detect_run *run, const struct episode *episode, bool first) {
    char onset[ISO_SIZE], peak[ISO_SIZE], end[ISO_SIZE];
    printf("%s\n  {\"onset\": %" PRId64 ", \"onset_iso\": \"%s\", \"onset_low\": %" PRId64
           ", \"onset_high\": %" PRId64 ",\n",
           first ? "" : ",", bucket_time(run, episode->onset),
           iso(bucket_time(run, episode->onset), onset), bucket_time(run, episode->onset_low),
           bucket_time(run, episode->onset_high));
    printf("   \"peak\": %" PRId64 ", \"peak_iso\": \"%s\", \"end\": %" PRId64
           ", \"end_iso\": \"%s\", \"end_low\": %" PRId64 ", \"end_high\": %" PRId64 ",\n",
           bucket_time(run, episode->peak), iso(bucket_time(run, episode->peak), peak),
           bucket_time(run, episode->end), iso(bucket_time(run, episode->end), end),
           bucket_time(run, episode->end_low), bucket_time(run, episode->end_high));
    printf("   \"value_sum\": %" PRId64 ", \"expected\": %.3f, \"excess\": %.3f, \"ratio\": %.3f, "
           "\"days_of_normal\": %.3f, \"doubling_hours\": %.3f, \"half_life_hours\": %.3f, "
           "\"score\": %.3f, \"severity\": %d}",
           episode->value_sum, episode->expected, episode->excess, episode->ratio,
           episode->days_of_normal, episode->doubling_hours, episode->half_life_hours,
           episode->score, episode->severity);
}

static void print_episodes(const struct detect_run *run, const struct detection *detection) {
    size_t count = detection->episode_count;
    char step[32];
    if (run->settings->format == FORMAT_TEXT)
        printf("%zu episode%s in %zu buckets of %s\n", count, count == 1 ? "" : "s",
               run->series.count, step_name(run->csv, step));
    else if (run->settings->format == FORMAT_CSV)
        printf("onset,onset_iso,onset_low,onset_high,peak,end,value_sum,expected,excess,ratio,"
               "days_of_normal,score,severity,end_low,end_high\n");
    else
        printf("{\"interval_s\": %" PRId32 ", \"rows\": %zu, \"enough\": %s, \"episodes\": [",
               run->series.interval_s, run->csv->row_count, detection->enough ? "true" : "false");
    for (size_t i = 0; i < count; i++) {
        const struct episode *episode = &detection->episodes[i];
        if (run->settings->format == FORMAT_TEXT)
            episode_text(run, episode);
        else if (run->settings->format == FORMAT_CSV)
            episode_csv(run, episode);
        else
            episode_json(run, episode, i == 0);
    }
    if (run->settings->format == FORMAT_JSON)
        printf("%s]}\n", count ? "\n" : "");
}

/* No episode of a short series is no finding. */
static void say_what_is_missing(const struct detect_run *run, const struct detection *detection) {
    size_t known = run->series.count - run->csv->notes.unknown;
    char step[32];
    if (!detection->enough)
        fprintf(stderr,
                "burza detect: too short: %zu known buckets of %s; a baseline needs %d, so that no "
                "episode was looked for\n",
                known, step_name(run->csv, step), (int)BASELINE_LEAST_BUCKETS);
    else if (detection->known_s < baseline_needs_s(run->series.interval_s))
        fprintf(stderr,
                "burza detect: %.1f hours are known; below %.0f hours the baseline cannot tell a "
                "rise from a usual day\n",
                (double)detection->known_s / SECONDS_PER_HOUR,
                (double)baseline_needs_s(run->series.interval_s) / SECONDS_PER_HOUR);
}

static enum status run_retrospective(const struct detect_run *run, struct fault *fault) {
    struct detection detection;
    enum status status =
        detect_retrospective(&run->series, &run->settings->options, &detection, fault);
    if (status == STATUS_OK) {
        print_episodes(run, &detection);
        say_what_is_missing(run, &detection);
    }
    detection_release(&detection);
    return status;
}

/* One line per row of the file. A bucket of several rows says its alarm once, on its last row. */
static void causal_csv(const struct detect_run *run, size_t *next_row, size_t bucket,
                       const struct causal_row *causal) {
    const struct series_csv *csv = run->csv;
    for (size_t i = *next_row; i < csv->row_count && csv->rows[i].bucket == bucket; i++) {
        const struct series_row *row = &csv->rows[i];
        bool last = i + 1 == csv->row_count || row[1].bucket != bucket;
        printf("%.*s,", (int)row->text.len, row->text.at);
        if (row->value >= 0)
            printf("%" PRId32, row->value);
        printf(",%.3f,%.4f,%d\n", causal->baseline, causal->score, last && causal->alert);
        *next_row = i + 1;
    }
}

static void causal_alarm(const struct detect_run *run, size_t bucket, size_t alarms,
                         const struct causal_row *causal) {
    char at[ISO_SIZE], onset[ISO_SIZE];
    int64_t at_s = bucket_time(run, bucket), onset_s = bucket_time(run, causal->onset);
    iso(at_s, at);
    iso(onset_s, onset);
    if (run->settings->format == FORMAT_TEXT)
        printf("%s  alarm: %" PRId32 " counted, %.1f expected, score %.2f, rising since %s\n",
               day_or_iso(run, bucket, at), run->series.value[bucket], causal->baseline,
               causal->score, day_or_iso(run, causal->onset, onset));
    else
        printf("%s\n  {\"at\": %" PRId64 ", \"at_iso\": \"%s\", \"onset\": %" PRId64
               ", \"onset_iso\": \"%s\", \"value\": %" PRId32
               ", \"baseline\": %.3f, \"score\": %.4f}",
               alarms ? "," : "", at_s, at, onset_s, onset, run->series.value[bucket],
               causal->baseline, causal->score);
}

static int64_t known_seconds(const struct count_series *series) {
    double known = 0;
    for (size_t b = 0; b < series->count; b++)
        known += series->coverage_milli[b] / 1000.0;
    return (int64_t)(known * series->interval_s + 0.5);
}

static enum status run_causal(const struct detect_run *run, struct fault *fault) {
    struct causal *causal;
    const struct count_series *series = &run->series;
    enum status status = causal_new(&causal, series, &run->settings->options, fault);
    size_t next_row = 0, alarms = 0;
    char step[32];
    if (run->settings->format == FORMAT_CSV)
        printf("timestamp,value,baseline,score,alert\n");
    else if (run->settings->format == FORMAT_JSON)
        printf("{\"interval_s\": %" PRId32 ", \"rows\": %zu, \"alarms\": [", series->interval_s,
               run->csv->row_count);
    for (size_t b = 0; status == STATUS_OK && b < series->count; b++) {
        struct causal_row row = causal_push(causal, series->value[b], series->coverage_milli[b]);
        if (run->settings->format == FORMAT_CSV)
            causal_csv(run, &next_row, b, &row);
        else if (row.alert)
            causal_alarm(run, b, alarms++, &row);
    }
    if (run->settings->format == FORMAT_JSON)
        printf("%s]}\n", alarms ? "\n" : "");
    else if (run->settings->format == FORMAT_TEXT)
        printf("%zu alarm%s in %zu buckets of %s\n", alarms, alarms == 1 ? "" : "s", series->count,
               step_name(run->csv, step));
    causal_free(causal);
    if (status == STATUS_OK && known_seconds(series) < baseline_needs_s(series->interval_s))
        fprintf(stderr,
                "burza detect: too short: the first alarm needs %.1f hours of known counts before "
                "it\n",
                (double)baseline_needs_s(series->interval_s) / SECONDS_PER_HOUR);
    return status;
}

static const char *column_name(const struct series_table *table, size_t column, char out[80]) {
    struct span name = table->header[column];
    if (name.len)
        snprintf(out, 80, "\"%.*s\"", (int)(name.len < 70 ? name.len : 70), name.at);
    else
        snprintf(out, 80, "%zu", column + 1);
    return out;
}

/* Which column was counted, when there was a choice. */
static void say_columns(const struct series_table *table, struct buf *out) {
    char name[80];
    if (table->preamble)
        buf_format(out, "; the table begins behind %" PRIu32 " line%s", table->preamble,
                   table->preamble == 1 ? "" : "s");
    if (!table->other_count)
        return;
    buf_format(out, "; counts are those of column %s",
               column_name(table, table->value_column, name));
    for (size_t i = 0; i < table->other_count; i++)
        buf_format(out, "%s%s", i ? ", " : ", not of ", column_name(table, table->others[i], name));
}

static void say_rows(size_t count, const char *what, struct buf *out) {
    if (count)
        buf_format(out, "; %zu row%s %s", count, count == 1 ? "" : "s", what);
}

static void say_what_was_read(const struct detect_run *run) {
    const struct series_csv *csv = run->csv;
    const struct series_notes *notes = &csv->notes;
    char from[ISO_SIZE], step[32];
    struct buf out, safe;
    buf_init(&out, 1 << 20);
    buf_init(&safe, 1 << 22);
    buf_format(&out, "burza detect: %zu rows from %s, interval %s, %zu buckets", csv->row_count,
               day_or_iso(run, 0, from), step_name(csv, step), csv->bucket_count);
    if (notes->unknown)
        buf_format(&out, ", %zu of them unknown", notes->unknown);
    say_columns(&csv->table, &out);
    if (notes->serial)
        buf_text(&out, "; times are serial days of a spreadsheet");
    if (notes->day_first || notes->month_first)
        buf_format(&out, "; dates have the %s first%s", notes->day_first ? "day" : "month",
                   notes->order_proved ? ""
                   : notes->day_first  ? ""
                                       : ", as without --day-first");
    if (notes->small)
        buf_format(&out, "; %zu values such as \"<1\" were taken as 0", notes->small);
    say_rows(notes->out_of_order, "out of order: sorted", &out);
    say_rows(notes->repeated, "repeated: counted once", &out);
    say_rows(notes->added,
             run->series.zone ? "shared a bucket: added up"
                              : "shared a bucket: added up; if the times are local, "
                                "give --tz",
             &out);
    say_rows(notes->autumn, "in an hour that the clocks repeat in autumn", &out);
    if (notes->merged)
        buf_format(&out, ", of which %zu stand once and hold both", notes->merged);
    say_rows(notes->skipped,
             "in the hour that the clocks skip in spring: left out; is --tz the zone of this file?",
             &out);
    buf_visible(&safe, buf_as_span(&out));
    fprintf(stderr, "%.*s\n", (int)safe.len, safe.at);
    buf_release(&out);
    buf_release(&safe);
}

static enum status run_on_bytes(const struct detect_settings *settings, struct span bytes,
                                const struct zone *zone, struct fault *fault) {
    struct series_csv csv;
    struct series_csv_options reading = {zone, settings->day_first};
    enum status status = series_csv_read(&csv, bytes, &reading, fault);
    if (status != STATUS_OK)
        return status;
    struct detect_run run = {settings,
                             &csv,
                             {.start_s = csv.start_s,
                              .interval_s = csv.interval_s,
                              .count = csv.bucket_count,
                              .value = csv.value,
                              .coverage_milli = csv.coverage_milli,
                              .starts_s = csv.starts_s,
                              .zone = zone}};
    say_what_was_read(&run);
    status = settings->causal ? run_causal(&run, fault) : run_retrospective(&run, fault);
    series_csv_release(&csv);
    return status;
}

static enum status run(const struct detect_settings *settings, struct fault *fault) {
    struct zone zone = {0};
    enum status status = STATUS_OK;
    if (settings->zone_name)
        status = zone_open(&zone, settings->zone_name, fault);
    struct buf bytes;
    buf_init(&bytes, input_max);
    const char *path = strcmp(settings->input, "-") == 0 ? "/dev/stdin" : settings->input;
    if (status == STATUS_OK)
        status = file_read(path, &bytes, fault);
    if (status == STATUS_OK)
        status =
            run_on_bytes(settings, buf_as_span(&bytes), settings->zone_name ? &zone : NULL, fault);
    buf_release(&bytes);
    zone_release(&zone);
    return status;
}

int command_detect(const struct options *options) {
    struct fault fault = {0};
    struct detect_settings settings;
    enum status status = read_arguments(&settings, options, &fault);
    if (status == STATUS_OK)
        status = run(&settings, &fault);
    return status == STATUS_OK ? close_output(EXIT_DONE) : print_error(&fault);
}
