#include "stages/detect/price.h"

#include <math.h>

/* Once a month in hourly buckets; shorter buckets give chance more tries. */
#define PRICE_ONCE_A_MONTH 6.0
#define PRICE_PER_LOG_BUCKETS 0.45
#define PRICE_PER_LOG_RATE 1.15
#define LEAST_PRICE 2.0

static double once_a_month(int32_t interval_s) {
    return PRICE_ONCE_A_MONTH + PRICE_PER_LOG_BUCKETS * log(3600.0 / interval_s);
}

double price_of_chance(double false_alarms_per_month, int32_t interval_s) {
    double rate = fmin(fmax(false_alarms_per_month, 1e-4), 1000);
    return fmax(once_a_month(interval_s) - PRICE_PER_LOG_RATE * log(rate), LEAST_PRICE);
}

double price_score(double likelihood_ratio, int32_t interval_s) {
    return (likelihood_ratio - once_a_month(interval_s)) / PRICE_PER_LOG_RATE / M_LN10;
}
