#include "stages/detect/online_baseline.h"

#include <math.h>
#include <string.h>

#define LEVEL_HALF_LIFE_DAYS 2.0
#define SHAPE_HALF_LIFE_DAYS 7.0
#define DISPERSION_HALF_LIFE_DAYS 7.0
#define SHAPE_PRIOR_DAYS 0.25 /* weight of "no shape", per slot */
#define WINSOR_SD 3.0         /* counts are winsorised that far above the expectation */
/* A run of zeros that would happen by chance once in e^SILENCE is an outage. */
#define SILENCE 16.0
#define WEEKLY_LEAST_RATIO 1.3
#define WEEKLY_LEAST_SD 4.0

void online_baseline_init(struct online_baseline *online, int64_t interval_s) {
    memset(online, 0, sizeof *online);
    double days = (double)interval_s / SECONDS_PER_DAY;
    online->bucket_days = days;
    online->dispersion = 1;
    online->hour = -1;
    online->hour_factor = 1;
    /* long buckets: at least ten of them make a half-life */
    online->level_step = 1 - exp2(-days / fmax(LEVEL_HALF_LIFE_DAYS, 10 * days));
    online->dispersion_step = 1 - exp2(-days / fmax(DISPERSION_HALF_LIFE_DAYS, 28 * days));
    online->shape_keep = exp2(-1 / fmax(SHAPE_HALF_LIFE_DAYS, 28 * days));
}

bool online_baseline_is_silent(const struct online_baseline *online) {
    return online->silent > SILENCE * online->dispersion;
}

static double shape_at(const struct online_baseline *online, unsigned weekend, unsigned slot) {
    double prior = SHAPE_PRIOR_DAYS / online->bucket_days * online->level + 1e-9;
    double counted = online->counted[0][slot] + online->counted[1][slot];
    double exposed = online->exposed[0][slot] + online->exposed[1][slot];
    double common = (counted + prior) / (exposed + prior);
    return (online->counted[weekend][slot] + prior * common) /
           (online->exposed[weekend][slot] + prior);
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

double online_baseline_expect(struct online_baseline *online, struct season_slot slot,
                              double coverage) {
    if (slot.hour_of_week != online->hour) { /* another hour: the one that ended is kept */
        if (online->hour >= 0 && online->hour_expected > 0) {
            struct weekly_hour *hour = &online->week[online->hour];
            hour->counted[hour->next] = (float)online->hour_counted;
            hour->expected[hour->next] = (float)online->hour_expected;
            hour->next = (uint8_t)((hour->next + 1) % ONLINE_BASELINE_WEEKS);
            if (hour->count < ONLINE_BASELINE_WEEKS)
                hour->count++;
        }
        online->hour = slot.hour_of_week;
        online->hour_counted = online->hour_expected = 0;
        online->hour_factor = weekly_factor(&online->week[online->hour]);
    }
    double shape = shape_at(online, slot.weekend, slot.index);
    if (slot.toward_next > 0) {
        double next = shape_at(online, slot.weekend, slot.next);
        shape += (next - shape) * (double)slot.toward_next;
    }
    return online->level * shape * online->hour_factor * coverage;
}

static void learn_shape(struct online_baseline *online, struct season_slot slot, double coverage,
                        double winsorised) {
    double next = (double)slot.toward_next;
    online->counted[slot.weekend][slot.index] += winsorised * (1 - next);
    online->counted[slot.weekend][slot.next] += winsorised * next;
    online->exposed[slot.weekend][slot.index] += online->level * coverage * (1 - next);
    online->exposed[slot.weekend][slot.next] += online->level * coverage * next;
    /* all is forgotten slowly, once a day */
    online->since_decay += online->bucket_days;
    if (online->since_decay < 1)
        return;
    double keep = pow(online->shape_keep, online->since_decay);
    for (int weekend = 0; weekend < 2; weekend++)
        for (int i = 0; i < SEASON_SLOTS; i++) {
            online->counted[weekend][i] *= keep;
            online->exposed[weekend][i] *= keep;
        }
    online->since_decay = 0;
}

void online_baseline_learn(struct online_baseline *online, struct season_slot slot, double coverage,
                           double value, double expected) {
    online->silent = value > 0 ? 0 : online->silent + expected;
    if (coverage <= 0 || online_baseline_is_silent(online))
        return;
    online->learned += coverage;
    bool first = online->learned <= coverage;
    double shape = first ? 1 : expected / (online->level * coverage + 1e-12);
    double limit = expected + WINSOR_SD * sqrt(online->dispersion * expected) + 1;
    double winsorised = first ? value : fmin(value, limit);
    double step = fmax(online->level_step, 1 / online->learned) * coverage;
    online->level += step * (winsorised / (fmax(shape, 0.02) * coverage) - online->level);
    if (first)
        return;
    /* residuals are winsorised at three standard deviations, and for sparse series at three clumps
     * more: there, single posts are far outside and yet all there is */
    if (expected > 0) {
        double clumps = online->dispersion / (1 + expected);
        double most = WINSOR_SD * (sqrt(online->dispersion * expected) + clumps);
        double off = fmin(fabs(value - expected), most);
        step = fmax(online->dispersion_step, 1 / online->learned);
        online->dispersion += step * (off * off / expected - online->dispersion);
        online->dispersion = fmax(online->dispersion, 1);
    }
    learn_shape(online, slot, coverage, winsorised / online->hour_factor);
    online->hour_counted += value;
    online->hour_expected += expected / online->hour_factor;
}
