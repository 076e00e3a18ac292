/* penalty: the log likelihood ratio that chance alone exceeds a stated number of times per month.
 * Counted on event-free series of many levels and dispersions (tests/quality/detect_calibration.c),
 * not derived. */
#ifndef BURZA_DETECT_PENALTY_H
#define BURZA_DETECT_PENALTY_H

#include <stdint.h>

double penalty_for_false_alarms(double false_alarms_per_month, int32_t interval_s);
/* The other way round, as -log10 of false alarms per month. */
double false_alarm_score(double likelihood_ratio, int32_t interval_s);

#endif
