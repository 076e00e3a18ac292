#include "stages/detect/penalty.h"

#include <math.h>

/* Once a month in hourly buckets. Multiple testing: shorter buckets give chance more tries. */
#define PENALTY_ONCE_A_MONTH 6.0
#define PENALTY_PER_LOG_BUCKETS 0.45
#define PENALTY_PER_LOG_RATE 1.15
#define LEAST_PENALTY 2.0

static double once_a_month(int32_t interval_s) {
    return PENALTY_ONCE_A_MONTH + PENALTY_PER_LOG_BUCKETS * log(3600.0 / interval_s);
}

double penalty_for_false_alarms(double false_alarms_per_month, int32_t interval_s) {
    double rate = fmin(fmax(false_alarms_per_month, 1e-4), 1000);
    return fmax(once_a_month(interval_s) - PENALTY_PER_LOG_RATE * log(rate), LEAST_PENALTY);
}

double false_alarm_score(double likelihood_ratio, int32_t interval_s) {
    return (likelihood_ratio - once_a_month(interval_s)) / PENALTY_PER_LOG_RATE / M_LN10;
}
