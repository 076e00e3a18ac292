/* The scale of the causal score, against figures by hand. */
#include "stages/detect/daily_maxima.h"
#include "tap.h"

#include <math.h>

/* The tail of the daily maxima: by hand for few days; far days leave after four weeks. */
static void test_daily_maxima(void) {
    struct daily_maxima maxima;
    daily_maxima_init(&maxima);
    CHECK(fabs(daily_maxima_score(&maxima, 0.45) - 1 - M_LN2) < 1e-12);
    daily_maxima_add(&maxima, 1);
    daily_maxima_add(&maxima, 3);
    daily_maxima_add(&maxima, 2); /* median 2, one overshoot of 1: scale 1.9 / 3 */
    CHECK(fabs(daily_maxima_score(&maxima, 2) - M_LN2) < 1e-12);
    CHECK(fabs(daily_maxima_score(&maxima, 3) - M_LN2 - 3 / 1.9) < 1e-12);
    daily_maxima_add(&maxima, 100);
    double surprised = daily_maxima_score(&maxima, 50);
    for (int i = 0; i < DAILY_MAXIMA_DAYS; i++)
        daily_maxima_add(&maxima, i % 2 ? 1.5 : 2.5);
    CHECK(surprised < 3 && daily_maxima_score(&maxima, 50) > 50);
    CHECK(fabs(maxima.median - 2) < 1e-12);
}

int main(void) {
    test_daily_maxima();
    return tap_done();
}
