/* trailing: what the past alone leads one to expect of the next bucket: a level that forgets (half
 * of it every few days) times the shape of the day (working days and weekends apart, as far as the
 * data can tell them apart) times hours of the week that are unusual every week. Large values are
 * cut before they teach, so that a crisis does not become the norm; a long run of zeros where much
 * was expected teaches nothing (the collector was down). No allocation; cannot fail. */
#ifndef BURZA_DETECT_TRAILING_H
#define BURZA_DETECT_TRAILING_H

#include "stages/detect/season.h"

enum { TRAILING_WEEKS = 6 };

struct trailing {
    double bucket_days; /* length of a bucket in days */
    double level;       /* expected count of a whole bucket at an average hour */
    double dispersion;  /* variance / mean, >= 1 */
    double learned;     /* whole buckets seen */
    double level_step, dispersion_step, shape_keep;
    double counted[2][SEASON_SLOTS], exposed[2][SEASON_SLOTS]; /* [weekend][slot] */
    double since_decay; /* days since the shape was last made to forget */
    double silent;      /* expected counts since the last count that was not 0 */
    struct weekly_hour {
        float counted[TRAILING_WEEKS], expected[TRAILING_WEEKS];
        uint8_t count, next;
    } week[HOURS_PER_WEEK];
    int hour; /* hour of the week being summed, -1 before the first */
    double hour_counted, hour_expected, hour_factor;
};

void trailing_init(struct trailing *trailing, int64_t interval_s);
/* What a bucket at `slot` with `coverage` (0..1) should count. Call once per bucket, in order. */
double trailing_expect(struct trailing *trailing, struct season_slot slot, double coverage);
/* Learns from the bucket that `expected` was just asked for. */
void trailing_learn(struct trailing *trailing, struct season_slot slot, double coverage,
                    double value, double expected);
bool trailing_is_silent(const struct trailing *trailing);

#endif
