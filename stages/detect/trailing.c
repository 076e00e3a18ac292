#include "stages/detect/trailing.h"

#include <math.h>
#include <string.h>

#define LEVEL_HALF_LIFE_DAYS 2.0
#define SHAPE_HALF_LIFE_DAYS 7.0
#define DISPERSION_HALF_LIFE_DAYS 7.0
#define SHAPE_PRIOR_DAYS 0.25 /* weight of "no shape", per slot */
#define CUT_SD 3.0
/* A run of zeros that would happen by chance once in e^SILENCE is an outage. */
#define SILENCE 16.0
#define WEEKLY_LEAST_RATIO 1.3
#define WEEKLY_LEAST_SD 4.0

void trailing_init(struct trailing *trailing, int64_t interval_s) {
    memset(trailing, 0, sizeof *trailing);
    double days = (double)interval_s / SECONDS_PER_DAY;
    trailing->bucket_days = days;
    trailing->dispersion = 1;
    trailing->hour = -1;
    trailing->hour_factor = 1;
    /* long buckets: at least ten of them make a half-life */
    trailing->level_step = 1 - exp2(-days / fmax(LEVEL_HALF_LIFE_DAYS, 10 * days));
    trailing->dispersion_step = 1 - exp2(-days / fmax(DISPERSION_HALF_LIFE_DAYS, 28 * days));
    trailing->shape_keep = exp2(-1 / fmax(SHAPE_HALF_LIFE_DAYS, 28 * days));
}

bool trailing_is_silent(const struct trailing *trailing) {
    return trailing->silent > SILENCE * trailing->dispersion;
}

static double shape_at(const struct trailing *trailing, unsigned weekend, unsigned slot) {
    double prior = SHAPE_PRIOR_DAYS / trailing->bucket_days * trailing->level + 1e-9;
    double counted = trailing->counted[0][slot] + trailing->counted[1][slot];
    double exposed = trailing->exposed[0][slot] + trailing->exposed[1][slot];
    double common = (counted + prior) / (exposed + prior);
    return (trailing->counted[weekend][slot] + prior * common) /
           (trailing->exposed[weekend][slot] + prior);
}

static double shape_between(const struct trailing *trailing, struct season_slot slot) {
    double here = shape_at(trailing, slot.weekend, slot.index);
    if (slot.toward_next <= 0)
        return here;
    double there = shape_at(trailing, slot.weekend, slot.next);
    return here + (there - here) * (double)slot.toward_next;
}

/* The factor of an hour that stood out in at least three of four of the weeks seen. */
static double weekly_factor(const struct weekly_hour *hour) {
    if (hour->count < 3)
        return 1;
    double counted = 0, expected = 0, least = INFINITY, second = INFINITY;
    for (int i = 0; i < hour->count; i++) {
        double ratio = ((double)hour->counted[i] + 1) / ((double)hour->expected[i] + 1);
        counted += (double)hour->counted[i];
        expected += (double)hour->expected[i];
        if (ratio < least) {
            second = least;
            least = ratio;
        } else if (ratio < second) {
            second = ratio;
        }
    }
    double floor = hour->count >= 4 ? second : least;
    if (floor < WEEKLY_LEAST_RATIO ||
        counted - expected < WEEKLY_LEAST_SD * sqrt(fmax(expected, 1)))
        return 1;
    return floor;
}

static void finish_hour(struct trailing *trailing, int next_hour) {
    if (trailing->hour >= 0 && trailing->hour_expected > 0) {
        struct weekly_hour *hour = &trailing->week[trailing->hour];
        hour->counted[hour->next] = (float)trailing->hour_counted;
        hour->expected[hour->next] = (float)trailing->hour_expected;
        hour->next = (uint8_t)((hour->next + 1) % TRAILING_WEEKS);
        if (hour->count < TRAILING_WEEKS)
            hour->count++;
    }
    trailing->hour = next_hour;
    trailing->hour_counted = trailing->hour_expected = 0;
    trailing->hour_factor = weekly_factor(&trailing->week[next_hour]);
}

double trailing_expect(struct trailing *trailing, struct season_slot slot, double coverage) {
    if (slot.hour_of_week != trailing->hour)
        finish_hour(trailing, slot.hour_of_week);
    return trailing->level * shape_between(trailing, slot) * trailing->hour_factor * coverage;
}

static void forget_shape(struct trailing *trailing) {
    trailing->since_decay += trailing->bucket_days;
    if (trailing->since_decay < 1)
        return;
    double keep = pow(trailing->shape_keep, trailing->since_decay);
    for (int weekend = 0; weekend < 2; weekend++)
        for (int slot = 0; slot < SEASON_SLOTS; slot++) {
            trailing->counted[weekend][slot] *= keep;
            trailing->exposed[weekend][slot] *= keep;
        }
    trailing->since_decay = 0;
}

static void learn_shape(struct trailing *trailing, struct season_slot slot, double coverage,
                        double cut) {
    double next = (double)slot.toward_next;
    trailing->counted[slot.weekend][slot.index] += cut * (1 - next);
    trailing->counted[slot.weekend][slot.next] += cut * next;
    trailing->exposed[slot.weekend][slot.index] += trailing->level * coverage * (1 - next);
    trailing->exposed[slot.weekend][slot.next] += trailing->level * coverage * next;
    forget_shape(trailing);
}

/* Cut at three standard deviations, and for sparse series at three clumps more: there, single posts
 * are far outside and yet all there is. */
static void learn_dispersion(struct trailing *trailing, double value, double expected) {
    double clumps = trailing->dispersion / (1 + expected);
    double most = CUT_SD * (sqrt(trailing->dispersion * expected) + clumps);
    double off = fmin(fabs(value - expected), most);
    double step = fmax(trailing->dispersion_step, 1 / trailing->learned);
    trailing->dispersion += step * (off * off / expected - trailing->dispersion);
    trailing->dispersion = fmax(trailing->dispersion, 1);
}

void trailing_learn(struct trailing *trailing, struct season_slot slot, double coverage,
                    double value, double expected) {
    trailing->silent = value > 0 ? 0 : trailing->silent + expected;
    if (coverage <= 0 || trailing_is_silent(trailing))
        return;
    trailing->learned += coverage;
    bool first = trailing->learned <= coverage;
    double shape = first ? 1 : expected / (trailing->level * coverage + 1e-12);
    double limit = expected + CUT_SD * sqrt(trailing->dispersion * expected) + 1;
    double cut = first ? value : fmin(value, limit);
    double step = fmax(trailing->level_step, 1 / trailing->learned) * coverage;
    trailing->level += step * (cut / (fmax(shape, 0.02) * coverage) - trailing->level);
    if (first)
        return;
    if (expected > 0)
        learn_dispersion(trailing, value, expected);
    learn_shape(trailing, slot, coverage, cut / trailing->hour_factor);
    trailing->hour_counted += value;
    trailing->hour_expected += expected / trailing->hour_factor;
}
