/* online_baseline: what the past alone leads one to expect of the next bucket: a level by
 * exponential forgetting (half of it every few days) times the shape of the day (working days and
 * weekends apart, as far as the data can tell them apart) times hours of the week that are unusual
 * every week. Counts are winsorised, cut at a few standard deviations before they are learned from,
 * so that a crisis does not become the norm. Nothing is learned from a long run of zeros where much
 * was expected (the collector was down). No allocation; cannot fail. */
#ifndef BURZA_DETECT_ONLINE_BASELINE_H
#define BURZA_DETECT_ONLINE_BASELINE_H

#include "stages/detect/season.h"

enum { ONLINE_BASELINE_WEEKS = 6 };

struct online_baseline {
    double bucket_days; /* length of a bucket in days */
    double level;       /* expected count of a whole bucket at an average hour */
    double dispersion;  /* variance / mean, >= 1 */
    double learned;     /* whole buckets seen */
    double level_step, dispersion_step, shape_keep;
    double counted[2][SEASON_SLOTS], exposed[2][SEASON_SLOTS]; /* [weekend][slot] */
    double since_decay; /* days since the shape last decayed */
    double silent;      /* expected counts since the last count that was not 0 */
    struct weekly_hour {
        float counted[ONLINE_BASELINE_WEEKS], expected[ONLINE_BASELINE_WEEKS];
        uint8_t count, next;
    } week[HOURS_PER_WEEK];
    int hour; /* hour of the week being summed, -1 before the first */
    double hour_counted, hour_expected, hour_factor;
};

void online_baseline_init(struct online_baseline *online, int64_t interval_s);
/* What a bucket at `slot` with `coverage` (0..1) should count. Call once per bucket, in order. */
double online_baseline_expect(struct online_baseline *online, struct season_slot slot,
                              double coverage);
/* Updates the estimates with the bucket that `expected` was just asked for. */
void online_baseline_learn(struct online_baseline *online, struct season_slot slot, double coverage,
                           double value, double expected);
bool online_baseline_is_silent(const struct online_baseline *online);

#endif
