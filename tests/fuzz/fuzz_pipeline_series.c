/* A count series as CSV: whatever is read is consistent, and both detectors stay within it. */
#include "pipeline/commands/series_csv.h"

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds) {
    if (!holds)
        abort();
}

static void check_rows(const struct series_csv *csv) {
    require(csv->row_count >= 2 && csv->interval_s > 0 && csv->bucket_count > 0);
    for (size_t i = 0; i < csv->row_count; i++) {
        require(csv->rows[i].bucket < csv->bucket_count);
        require(i == 0 || csv->rows[i - 1].at_s <= csv->rows[i].at_s);
    }
}

static void check_detection(const struct count_series *series) {
    struct detect_options options = detect_options_default();
    struct detection found;
    struct causal *causal;
    require(detect_retrospective(series, &options, &found, NULL) == STATUS_OK);
    for (size_t i = 0; i < found.episode_count; i++) {
        const struct episode *e = &found.episodes[i];
        require(e->onset_low <= e->onset && e->onset <= e->onset_high && e->onset <= e->peak &&
                e->peak <= e->end && e->end < series->count);
        require(isfinite(e->expected) && isfinite(e->score) && isfinite(e->ratio) &&
                isfinite(e->days_of_normal) && isfinite(e->half_life_hours));
    }
    detection_release(&found);
    require(causal_new(&causal, series, &options, NULL) == STATUS_OK);
    for (size_t t = 0; t < series->count; t++) {
        struct causal_row row = causal_push(causal, series->value[t], series->coverage_milli[t]);
        require(isfinite(row.baseline) && isfinite(row.score) && row.onset <= t);
    }
    causal_free(causal);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct series_csv csv;
    struct series_csv_options options = {NULL, size & 1};
    struct fault fault;
    if (series_csv_read(&csv, (struct span){(const char *)data, size}, &options, &fault) !=
        STATUS_OK)
        return 0;
    check_rows(&csv);
    struct count_series series = {.start_s = csv.start_s,
                                  .interval_s = csv.interval_s,
                                  .count = csv.bucket_count < 20000 ? csv.bucket_count : 20000,
                                  .value = csv.value,
                                  .coverage_milli = csv.coverage_milli,
                                  .starts_s = csv.starts_s};
    check_detection(&series);
    series_csv_release(&csv);
    return 0;
}
