#include "stages/care/survival.h"

#include "stages/care/proportion.h"
#include "stages/common/num.h"

#include <math.h>
#include <stdlib.h>

/* Shares that are equal but for rounding, as R's quantile of survfit takes them. */
static const double EQUAL = 1.5e-8;

/* `variance`: Greenwood's sum. */
static void set_limits(struct survival_step *step, double variance) {
    step->error = step->share * sqrt(variance);
    step->low = step->high = NAN;
    if (step->share <= 0 || step->share >= 1)
        return;
    double log_share = log(step->share), spread = NORMAL_975 * sqrt(variance) / -log_share;
    step->low = exp(log_share * exp(spread));
    step->high = exp(log_share * exp(-spread));
}

bool survival_fit(struct survival *curve, struct waiting *waits, size_t count) {
    *curve = (struct survival){.count = count, .last_s = -1};
    _Static_assert(sizeof *waits == sizeof(int64_t), "sorted as numbers");
    num_sort_i64(&waits->key, count);
    size_t distinct = 0;
    for (size_t i = 0; i < count; i++)
        distinct += waiting_ended(waits[i]) && (i == 0 || waits[i - 1].key != waits[i].key);
    curve->steps = malloc((distinct + 1) * sizeof *curve->steps);
    if (!curve->steps)
        return false;
    double share = 1, variance = 0;
    for (size_t i = 0; i < count;) {
        size_t events = 0, at_risk = count - i;
        int64_t seconds = waiting_seconds(waits[i]);
        for (; i < count && waiting_seconds(waits[i]) == seconds; i++)
            events += waiting_ended(waits[i]);
        curve->last_s = seconds;
        if (!events)
            continue;
        share *= (double)(at_risk - events) / (double)at_risk;
        variance += (double)events / ((double)at_risk * (double)(at_risk - events));
        struct survival_step *step = &curve->steps[curve->step_count++];
        *step = (struct survival_step){.seconds = seconds, .share = share};
        set_limits(step, variance);
        curve->event_count += events;
        curve->event_sum += (double)events * (double)seconds;
    }
    return true;
}

void survival_release(struct survival *curve) {
    free(curve->steps);
    curve->steps = NULL;
}

enum band { BAND_SHARE, BAND_LOW, BAND_HIGH };

static double band_of(const struct survival_step *step, enum band band) {
    return band == BAND_SHARE ? step->share : band == BAND_LOW ? step->low : step->high;
}

static double first_below(const struct survival *curve, enum band band, double level) {
    for (size_t i = 0; i < curve->step_count; i++) {
        double at = band_of(&curve->steps[i], band);
        if (fabs(at - level) <= EQUAL)
            return i + 1 < curve->step_count && !isnan(band_of(&curve->steps[i + 1], band))
                       ? (double)(curve->steps[i].seconds + curve->steps[i + 1].seconds) / 2
                       : NAN;
        if (at < level)
            return (double)curve->steps[i].seconds;
    }
    return NAN;
}

struct quantile survival_quantile(const struct survival *curve, double share) {
    double level = 1 - share;
    return (struct quantile){.value = first_below(curve, BAND_SHARE, level),
                             .low = first_below(curve, BAND_LOW, level),
                             .high = first_below(curve, BAND_HIGH, level)};
}

double survival_within(const struct survival *curve, int64_t seconds) {
    double share = 1;
    for (size_t i = 0; i < curve->step_count && curve->steps[i].seconds <= seconds; i++)
        share = curve->steps[i].share;
    if (!curve->count || (seconds > curve->last_s && share > 0))
        return NAN;
    return 1 - share;
}

double plain_median(int64_t *values, size_t count) {
    if (!count)
        return NAN;
    num_sort_i64(values, count);
    if (count % 2)
        return (double)values[count / 2];
    return ((double)values[count / 2 - 1] + (double)values[count / 2]) / 2;
}
