/* How many false alarms does one get for the number asked for? Event-free series of many levels,
 * dispersions and intervals go through both detectors; every episode and every alarm is false.
 * usage: detect_calibration [SERIES_PER_CELL]   (each series is 60 days long) */
#include "detect_noise.h"
#include "stages/detect/detect.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { DAYS = 60, RATES = 5 };
static const double rates[RATES] = {0.25, 0.5, 1, 2, 4};

struct cell {
    double mean, dispersion, drift;
    int32_t interval_s;
    long retrospective[RATES], causal[RATES];
};

static int32_t *make_series(const struct cell *cell, uint64_t seed, size_t *count) {
    *count = (size_t)DAYS * 86400 / (size_t)cell->interval_s;
    int32_t *value = malloc(*count * sizeof *value);
    struct noise noise = {seed};
    struct noise_shape shape = {cell->mean, cell->dispersion, 0.6, 0.8, cell->drift, 3};
    double drift = 0;
    for (size_t t = 0; value && t < *count; t++)
        value[t] = noise_count(&noise, noise_rate(&noise, &shape, cell->interval_s, t, &drift),
                               cell->dispersion);
    return value;
}

static void run_series(struct cell *cell, uint64_t seed) {
    struct count_series series = {.start_s = 1704067200, .interval_s = cell->interval_s};
    int32_t *value = make_series(cell, seed, &series.count);
    series.value = value;
    for (int r = 0; value && r < RATES; r++) {
        struct detect_options options = detect_options_default();
        struct detection detection;
        struct causal *causal;
        options.false_alarms_per_month = rates[r];
        if (detect_retrospective(&series, &options, &detection, NULL) != STATUS_OK ||
            causal_new(&causal, &series, &options, NULL) != STATUS_OK)
            exit(1);
        cell->retrospective[r] += (long)detection.episode_count;
        for (size_t t = 0; t < series.count; t++)
            cell->causal[r] += causal_push(causal, value[t], 1000).alert;
        detection_release(&detection);
        causal_free(causal);
    }
    free(value);
}

static void print_rates(const long found[RATES], double months) {
    for (int r = 0; r < RATES; r++)
        printf(" %6.2f", (double)found[r] / months);
}

static const double means[] = {0.05, 0.8, 3, 12, 40, 300}, dispersions[] = {1.2, 2.5, 6};
enum {
    MEANS = sizeof means / sizeof *means,
    DISPERSIONS = sizeof dispersions / sizeof *dispersions
};

static struct cell run_cell(int drift, int hourly, int m, int d, int series) {
    struct cell cell = {.mean = means[m],
                        .dispersion = dispersions[d],
                        .drift = drift ? 0.3 : 0,
                        .interval_s = hourly ? 3600 : 300};
    for (int i = 0; i < series; i++)
        run_series(&cell, (uint64_t)(i * 1000 + m * 10 + d + drift * 500 + hourly * 250));
    printf("\n%8" PRId32 " %6.2f %10.1f %5.1f", cell.interval_s, cell.mean, cell.dispersion,
           cell.drift);
    print_rates(cell.retrospective, series * DAYS / 30.0);
    printf(" |");
    print_rates(cell.causal, series * DAYS / 30.0);
    return cell;
}

int main(int argc, char **argv) {
    int series = argc > 1 ? atoi(argv[1]) : 20, cells = 0;
    struct cell total = {0};
    printf("asked for                          retrospective                       causal\n");
    printf("interval   mean dispersion drift");
    for (int r = 0; r < 2 * RATES; r++)
        printf(" %6.2f%s", rates[r % RATES], r == RATES - 1 ? " |" : "");
    for (int k = 0; k < 4 * MEANS * DISPERSIONS; k++) {
        int drift = k / (2 * MEANS * DISPERSIONS), hourly = k / (MEANS * DISPERSIONS) % 2;
        struct cell cell =
            run_cell(drift, hourly, k / DISPERSIONS % MEANS, k % DISPERSIONS, series);
        cells += !drift;
        for (int r = 0; !drift && r < RATES; r++) {
            total.retrospective[r] += cell.retrospective[r];
            total.causal[r] += cell.causal[r];
        }
    }
    printf("\nall without drift               ");
    print_rates(total.retrospective, series * DAYS / 30.0 * cells);
    printf(" |");
    print_rates(total.causal, series * DAYS / 30.0 * cells);
    printf("\n");
    return 0;
}
