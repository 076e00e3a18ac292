#include "stages/detect/daily_maxima.h"

#include <math.h>
#include <string.h>

/* In the log units of the statistics that are fed in: a usual mean overshoot, and how many days it
 * counts for. Scores are flat for .3 to .7 and for 1 to 10 days (results/quality/detection.md). */
#define PRIOR_SCALE 0.45
#define PRIOR_DAYS 2.0

void daily_maxima_init(struct daily_maxima *maxima) {
    memset(maxima, 0, sizeof *maxima);
    maxima->scale = PRIOR_SCALE;
}

void daily_maxima_add(struct daily_maxima *maxima, double maximum) {
    maxima->recent[maxima->next] = maximum;
    maxima->next = (maxima->next + 1) % DAILY_MAXIMA_DAYS;
    if (maxima->count < DAILY_MAXIMA_DAYS)
        maxima->count++;
    size_t n = maxima->count;
    double sorted[DAILY_MAXIMA_DAYS];
    for (size_t i = 0; i < n; i++) {
        size_t at = i;
        for (; at && sorted[at - 1] > maxima->recent[i]; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = maxima->recent[i];
    }
    maxima->median = n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
    double overshoot = PRIOR_SCALE * PRIOR_DAYS, above = PRIOR_DAYS;
    for (size_t i = n; i-- > 0 && sorted[i] > maxima->median;) {
        overshoot += sorted[i] - maxima->median;
        above++;
    }
    maxima->scale = overshoot / above;
}

double daily_maxima_score(const struct daily_maxima *maxima, double value) {
    return (value - maxima->median) / maxima->scale + M_LN2;
}
