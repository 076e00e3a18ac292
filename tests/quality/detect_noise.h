/* detect_noise: event-free count series for the simulations: a daily and weekly rhythm, negative
 * binomial counts of a stated dispersion, and, when asked for, a slow random drift of the rate.
 * Seeded; the same on every machine with IEEE doubles and the same libm. */
#ifndef BURZA_DETECT_NOISE_H
#define BURZA_DETECT_NOISE_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

struct noise {
    uint64_t state;
};

/* SplitMix64 (Steele, Lea, Flood 2014). */
static inline uint64_t noise_bits(struct noise *noise) {
    uint64_t z = noise->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* Uniform in (0, 1). */
static inline double noise_uniform(struct noise *noise) {
    return ((double)(noise_bits(noise) >> 11) + 0.5) / 9007199254740992.0;
}

static inline double noise_normal(struct noise *noise) {
    return sqrt(-2 * log(noise_uniform(noise))) * cos(2 * M_PI * noise_uniform(noise));
}

/* Gamma of shape a, scale 1 (Marsaglia, Tsang 2000). */
static inline double noise_gamma(struct noise *noise, double a) {
    if (a < 1)
        return noise_gamma(noise, a + 1) * pow(noise_uniform(noise), 1 / a);
    double d = a - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double x = noise_normal(noise), v = 1 + c * x;
        if (v <= 0)
            continue;
        v = v * v * v;
        if (log(noise_uniform(noise)) < 0.5 * x * x + d - d * v + d * log(v))
            return d * v;
    }
}

/* Poisson: multiplication for small means, PTRS (Hoermann 1993) for others. */
static inline int32_t noise_poisson(struct noise *noise, double mean) {
    if (mean < 10) {
        double limit = exp(-mean), product = noise_uniform(noise);
        int32_t count = 0;
        for (; product > limit; count++)
            product *= noise_uniform(noise);
        return count;
    }
    double b = 0.931 + 2.53 * sqrt(mean), a = -0.059 + 0.02483 * b;
    double inverse = 1.1239 + 1.1328 / (b - 3.4), v_r = 0.9277 - 3.6224 / (b - 2);
    for (;;) {
        double u = noise_uniform(noise) - 0.5, v = noise_uniform(noise);
        double us = 0.5 - fabs(u), k = floor((2 * a / us + b) * u + mean + 0.43);
        if (us >= 0.07 && v <= v_r)
            return (int32_t)k;
        if (k < 0 || (us < 0.013 && v > us))
            continue;
        if (log(v * inverse / (a / (us * us) + b)) <= k * log(mean) - mean - lgamma(k + 1))
            return (int32_t)k;
    }
}

static inline int32_t noise_count(struct noise *noise, double mean, double dispersion) {
    if (mean <= 0)
        return 0;
    if (dispersion > 1.001)
        mean = noise_gamma(noise, mean / (dispersion - 1)) * (dispersion - 1);
    return noise_poisson(noise, mean);
}

struct noise_shape {
    double mean;       /* per bucket */
    double dispersion; /* variance / mean */
    double depth;      /* of the day's wave, 0..1 */
    double weekend;    /* factor on Saturday and Sunday */
    double drift;      /* standard deviation of the log rate's slow drift; 0: none */
    double drift_hours;
};

/* The rate of bucket t. `drift` is the drift's state, 0 before the first. */
static inline double noise_rate(struct noise *noise, const struct noise_shape *shape,
                                int32_t interval_s, size_t t, double *drift) {
    double hour = (double)t * interval_s / 3600;
    double rate = shape->mean * (1 + shape->depth * sin((hour - 9) * M_PI / 12));
    if ((int)(hour / 24) % 7 >= 5)
        rate *= shape->weekend;
    if (shape->drift <= 0)
        return rate;
    double keep = exp(-(double)interval_s / 3600 / shape->drift_hours);
    *drift = *drift * keep + noise_normal(noise) * shape->drift * sqrt(1 - keep * keep);
    return rate * exp(*drift - shape->drift * shape->drift / 2);
}

#endif
