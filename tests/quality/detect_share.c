/* How many rises of the negative share are found where there is none, and how many that are there?
 * usage: detect_share [SERIES]      (calm: each series is a year; power: one rise a series) */
#include "detect_noise.h"
#include "stages/detect/detect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAYS = 365, STEPS = DAYS * 4, RATES = 5 };
static const double rates[RATES] = {0.0167, 0.05, 0.167, 0.5, 1};

struct talk {
    double per_day, share, correlation;
};
/* A rise of the share to `share` over `days` from the day 200 on; ramp: over ten days, then stays.
 */
struct planned {
    double share, days;
    bool ramp;
};

static double beta(struct noise *noise, double p, double correlation) {
    if (correlation <= 0)
        return p;
    double size = 1 / correlation - 1;
    double a = noise_gamma(noise, p * size), b = noise_gamma(noise, (1 - p) * size);
    return a + b > 0 ? a / (a + b) : p;
}

static int32_t part(struct noise *noise, int32_t n, double p) {
    int32_t k = 0;
    for (int32_t i = 0; i < n; i++)
        k += noise_uniform(noise) < p;
    return k;
}

static void make(struct noise *noise, const struct talk *talk, const struct planned *planned,
                 int32_t *negative, int32_t *total) {
    static const double shape[4] = {0.4, 1.1, 1.4, 1.1};
    double p = 0;
    for (size_t i = 0; i < STEPS; i++) {
        double share = talk->share, day = (double)i / 4 - 200;
        if (planned && day >= 0 && (planned->ramp || day < planned->days))
            share += (planned->share - share) * (planned->ramp ? fmin(1, (day + 1) / 10) : 1);
        if (i % 4 == 0)
            p = beta(noise, share, talk->correlation);
        total[i] = noise_poisson(noise, talk->per_day / 4 * shape[i % 4]);
        negative[i] = part(noise, total[i], p);
    }
}

/* Rises found (that overlap the planned one), at a scale. */
static size_t found(const int32_t *negative, const int32_t *total, enum share_scale scale,
                    double rate, const struct planned *planned) {
    int32_t sums[2][STEPS] = {{0}};
    size_t per = scale == SHARE_DAYS ? 4 : 1, hits = 0;
    for (size_t i = 0; i < STEPS; i++) {
        sums[0][i / per] += negative[i];
        sums[1][i / per] += total[i];
    }
    struct share_series series = {sums[0], sums[1], NULL, STEPS / per};
    struct share_rises rises;
    if (detect_share_rises(&series, scale, rate, &rises, NULL) != STATUS_OK)
        exit(1);
    double from = 200 * 4 / (double)per;
    double to = from + (planned ? (planned->ramp ? 165 : planned->days) * 4 / (double)per : 0);
    for (size_t i = 0; i < rises.count; i++)
        hits += !planned || ((double)rises.at[i].to >= from && (double)rises.at[i].from < to);
    share_rises_release(&rises);
    return planned ? hits > 0 : hits;
}

static void run(const struct talk *talk, const struct planned *planned, int series) {
    static int32_t negative[STEPS], total[STEPS];
    size_t hits[2][RATES] = {{0}};
    for (int s = 0; s < series; s++) {
        struct noise noise = {
            (uint64_t)(s * 977 + talk->per_day * 31 + talk->share * 1e4 + talk->correlation * 1e6)};
        make(&noise, talk, planned, negative, total);
        for (int k = 0; k < 2 * RATES; k++)
            hits[k / RATES][k % RATES] +=
                found(negative, total, (enum share_scale)(k / RATES), rates[k % RATES], planned);
    }
    printf("%7.0f %5.2f %6.3f", talk->per_day, talk->share, talk->correlation);
    for (int k = 0; k < 2 * RATES; k++)
        printf("%s %6.3f", k % RATES ? "" : " |",
               (double)hits[k / RATES][k % RATES] / series / (planned ? 1 : DAYS / 30.0));
    printf("\n");
}

int main(int argc, char **argv) {
    int series = argc > 1 ? atoi(argv[1]) : 20;
    printf("rate asked a month:    | days .0167 .05 .167 .5 1 | hours the same\ncalm, found a "
           "month\n");
    static const double per_day[] = {3, 10, 40, 300, 2000}, shares[] = {.08, .2, .45},
                        correlations[] = {0, .01, .06};
    for (int i = 0; i < 45; i++)
        if (per_day[i / 9] < 1000 || i % 3 != 1)
            run(&(struct talk){per_day[i / 9], shares[i / 3 % 3], correlations[i % 3]}, NULL,
                per_day[i / 9] > 1000 ? series / 4 + 1 : series);
    printf("20 %% to 35 %%, part found: ten days, twenty days, a ramp of ten days that stays\n");
    for (int k = 0; k < 3; k++)
        run(&(struct talk){10, .2, 0}, &(struct planned){.35, k ? 20 : 10, k == 2}, series * 4);
    printf("two days at 45 %% for 20 %%, 10, 25, 60 and 200 a day\n");
    for (int k = 0; k < 4; k++)
        run(&(struct talk){(double[]){10, 25, 60, 200}[k], .2, .005},
            &(struct planned){.45, 2, false}, series * 4);
    return 0;
}
