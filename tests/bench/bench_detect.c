/* Buckets per second of both detectors, on one core. usage: bench_detect [BUCKETS] */
#include "stages/detect/detect.h"
#include "tests/quality/detect_noise.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int32_t *make_values(size_t count, int32_t interval_s) {
    int32_t *value = malloc(count * sizeof *value);
    struct noise noise = {1};
    struct noise_shape shape = {10, 2, 0.5, 0.8, 0.2, 3};
    double drift = 0;
    for (size_t t = 0; value && t < count; t++) {
        value[t] = noise_count(&noise, noise_rate(&noise, &shape, interval_s, t, &drift), 2);
        if (t % 8000 > 7900)
            value[t] *= 6; /* an episode a month */
    }
    return value;
}

static int bench(size_t count, int32_t interval_s, const struct zone *zone) {
    int32_t *value = make_values(count, interval_s);
    struct count_series series = {.start_s = 1262304000,
                                  .interval_s = interval_s,
                                  .count = count,
                                  .value = value,
                                  .zone = zone};
    struct detect_options options = detect_options_default();
    struct detection found;
    struct causal *causal;
    double begin = seconds();
    if (!value || detect_retrospective(&series, &options, &found, NULL) != STATUS_OK ||
        causal_new(&causal, &series, &options, NULL) != STATUS_OK)
        return 1;
    double middle = seconds();
    size_t alarms = 0;
    for (size_t t = 0; t < count; t++)
        alarms += causal_push(causal, value[t], 1000).alert;
    double end = seconds();
    printf("%8" PRId32 " s, %-13s: retrospective %5.2f, causal %5.2f million buckets/s "
           "(%zu episodes, %zu alarms)\n",
           interval_s, zone ? zone->name : "UTC", (double)count / (middle - begin) / 1e6,
           (double)count / (end - middle) / 1e6, found.episode_count, alarms);
    detection_release(&found);
    causal_free(causal);
    free(value);
    return 0;
}

int main(int argc, char **argv) {
    size_t count = argc > 1 ? (size_t)atoll(argv[1]) : 1000000;
    struct zone zone;
    struct fault fault;
    if (zone_open(&zone, "Europe/Warsaw", &fault) != STATUS_OK)
        return 1;
    int failed = bench(count, 300, NULL) || bench(count, 300, &zone) ||
                 bench(count / 12, 3600, NULL) || bench(count / 12, 3600, &zone) ||
                 bench(count / 288, 86400, NULL);
    zone_release(&zone);
    return failed;
}
