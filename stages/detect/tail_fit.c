#include "stages/detect/tail_fit.h"

#include <math.h>
#include <stdlib.h>

/* What fades adds its own, or multiplies the usual: talk about it sleeps at night like all talk. */
enum tail_mode { TAIL_ADDS, TAIL_MULTIPLIES, TAIL_MODES };
enum {
    CALM_HOURS = 3,
    HOURS_MAX = 120,
    HOURS_LEAST = 3,
    FISHER_STEPS = 6,
    LENGTHS = 23,
    SHAPES = 5,
    BOX = 4,
    FITS = TAIL_MODES * SHAPES * LENGTHS
};
#define SHORTEST_HOURS 0.5
#define LONGEST_HOURS 96.0
#define END_EXCESS 0.5     /* of the baseline */
#define CLEARLY_BETTER 2.0 /* log likelihood over the best box */
#define NEGLIGIBLE 14.0    /* log likelihood below the best, of which a millionth is left */
#define TAIL_PART 0.05     /* outside the interval, on each side */

struct tail_hours {
    double counted[HOURS_MAX], expected[HOURS_MAX];
    size_t count;
    double usual; /* mean expected of the hours of which something is known */
};

/* A curve's log likelihood, and the end that it says. */
struct curve {
    double likelihood, amplitude, length;
    double usual; /* hour by which a curve that multiplies was scaled; 0: it adds */
    size_t end;
    int shape;
};

static double shape_at(int shape, double t) {
    switch (shape) {
    case 0:
        return exp2(-t);
    case 1:
        return 1 / ((1 + t) * sqrt(1 + t));
    case 2:
        return 1 / (1 + t);
    case 3:
        return fmax(0, 1 - t / 2);
    default:
        return t < 2 ? 1 : 0;
    }
}

static void gather_hours(struct tail_hours *hours, const struct refine_input *input, size_t peak) {
    double known = 0;
    *hours = (struct tail_hours){.count = 0};
    for (size_t b = peak; b + input->hour <= input->most + 1 && hours->count < HOURS_MAX;
         b += input->hour) {
        double counted = 0, expected = 0;
        for (size_t i = b; i < b + input->hour; i++) {
            counted += input->counted[i];
            expected += (double)input->expected[i];
        }
        hours->counted[hours->count] = counted;
        hours->expected[hours->count++] = expected;
        hours->usual += expected;
        known += expected > 0;
    }
    hours->usual /= fmax(known, 1);
}

/* The amplitude; hours of which nothing is known (nothing expected) tell nothing. */
static double amplitude(const struct tail_hours *hours, const double *f) {
    double top = 0, bottom = 0, a;
    for (size_t i = 0; i < hours->count; i++)
        if (hours->expected[i] > 0) {
            top += f[i] * (hours->counted[i] - hours->expected[i]);
            bottom += f[i] * f[i];
        }
    if (!(bottom > 0))
        return 0;
    a = fmax(top / bottom, 1e-3);
    for (int step = 0; step < FISHER_STEPS; step++) {
        double score = 0, information = 0;
        for (size_t i = 0; i < hours->count; i++) {
            double mean = hours->expected[i] + a * f[i];
            if (hours->expected[i] <= 0)
                continue;
            score += f[i] * (hours->counted[i] / mean - 1);
            information += f[i] * f[i] / mean;
        }
        a = fmax(a + score / information, a / 10);
    }
    return a;
}

static size_t end_of(const struct refine_input *input, size_t peak, size_t hours,
                     const struct curve *curve) {
    size_t end = peak, calm = CALM_HOURS * input->hour;
    for (size_t b = peak; b < peak + hours * input->hour && b <= input->most && b - end <= calm;
         b++) {
        double t = ((double)(b - peak) + 0.5) / (double)input->hour / curve->length;
        double usual = (double)input->expected[b] * (double)input->hour;
        double beside = curve->usual > 0 ? curve->usual : usual;
        if (usual > 0 && curve->amplitude * shape_at(curve->shape, t) >= END_EXCESS * beside)
            end = b;
    }
    return end;
}

static struct curve fit_curve(const struct tail_hours *hours, int shape, double length,
                              enum tail_mode mode) {
    double f[HOURS_MAX], usual = mode == TAIL_MULTIPLIES ? hours->usual : 0;
    struct curve curve = {.shape = shape, .length = length, .usual = usual};
    for (size_t i = 0; i < hours->count; i++)
        f[i] = shape_at(shape, ((double)i + 0.5) / length) *
               (usual > 0 ? hours->expected[i] / usual : 1);
    double a = curve.amplitude = amplitude(hours, f);
    for (size_t i = 0; i < hours->count; i++) {
        double mean = hours->expected[i] + a * f[i];
        if (hours->expected[i] > 0)
            curve.likelihood += hours->counted[i] * log(mean) - mean;
    }
    return curve;
}

static int by_end(const void *a, const void *b) {
    const struct curve *x = a, *y = b;
    return (x->end > y->end) - (x->end < y->end);
}

/* Quantiles of the ends, each curve weighing as its likelihood, which says less where buckets are
 * spread more than Poisson. */
static void fill_interval(const struct refine_input *input, struct curve *curves, size_t count,
                          double best, struct tail_fit *fit) {
    double scale = input->dispersion * input->autocorrelation_factor, total = 0, sum = 0;
    qsort(curves, count, sizeof *curves, by_end);
    for (size_t i = 0; i < count; i++)
        total += exp((curves[i].likelihood - best) / scale);
    fit->end_low = fit->end_high = fit->end;
    for (size_t i = 0; i < count; i++) {
        double before = sum;
        sum += exp((curves[i].likelihood - best) / scale);
        if (before <= TAIL_PART * total && sum > TAIL_PART * total && curves[i].end < fit->end)
            fit->end_low = curves[i].end;
        if (before < (1 - TAIL_PART) * total && sum >= (1 - TAIL_PART) * total &&
            curves[i].end > fit->end)
            fit->end_high = curves[i].end;
    }
}

struct tail_fit tail_fit(const struct refine_input *input, size_t peak) {
    struct tail_hours hours;
    struct tail_fit fit = {0};
    struct curve curves[FITS], best = {.likelihood = -INFINITY};
    double scale = input->dispersion * input->autocorrelation_factor, best_box = -INFINITY;
    gather_hours(&hours, input, peak);
    if (hours.count < HOURS_LEAST)
        return fit;
    for (int fit_no = 0; fit_no < FITS; fit_no++) {
        int shape = fit_no / LENGTHS % SHAPES, k = fit_no % LENGTHS;
        double length =
            SHORTEST_HOURS * pow(LONGEST_HOURS / SHORTEST_HOURS, k / (double)(LENGTHS - 1));
        struct curve curve =
            fit_curve(&hours, shape, length, (enum tail_mode)(fit_no / LENGTHS / SHAPES));
        curves[fit_no] = curve;
        if (curve.likelihood > best.likelihood)
            best = curve;
        if (shape == BOX && curve.likelihood > best_box)
            best_box = curve.likelihood;
    }
    if (!isfinite(best.likelihood))
        return fit;
    size_t kept = 0;
    for (size_t i = 0; i < FITS; i++)
        if (curves[i].likelihood > best.likelihood - NEGLIGIBLE * scale) {
            curves[kept] = curves[i];
            curves[kept].end = end_of(input, peak, hours.count, &curves[kept]);
            kept++;
        }
    fit = (struct tail_fit){.end = end_of(input, peak, hours.count, &best),
                            .known = true,
                            .box = best.likelihood - best_box < CLEARLY_BETTER * scale};
    fill_interval(input, curves, kept, best.likelihood, &fit);
    return fit;
}
