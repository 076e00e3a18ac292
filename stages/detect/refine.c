#include "stages/detect/refine.h"

#include "stages/detect/tail_fit.h"

#include <math.h>

/* The ratio whose likelihood breaks even with the baseline's at about 1.5 times the baseline when
 * dispersion is 1: (r - 1) / ln r = 1.5. For larger dispersions it is solved in `crossing_cost`. */
#define CROSSING 1.5
#define STOP_DROP 6.0
#define GAP_GAIN 1.0
enum {
    STOP_HOURS = 6,
    TAIL_HOURS = 3,
    SHARP_HOURS = 2,
    ONSET_HOURS = 12,
    ONSET_RISE_HOURS = 3, /* in which the rate behind the onset is one rate */
    ONSET_MULTIPLES = 8
};
/* From the peak to the end it was so many times as long as told, 5 to 95 %, which the likelihood of
 * a tail does not know: the level of the baseline above all. Counted on injected crises
 * (results/quality/detection.md); [1] where the tail ends at once. */
static const double least_tail[2] = {0.70, 0.85}, most_tail[2] = {1.60, 1.15};
#define ONSET_TAIL 0.05 /* outside the interval, on each side */

/* Costs of a pair (1, r) such that a bucket at exactly CROSSING times the baseline is neutral. */
static struct rise_cost crossing_cost(double dispersion, double autocorrelation_factor) {
    double low = CROSSING, high = 20;
    for (int i = 0; i < 40; i++) {
        double ratio = (low + high) / 2;
        struct rise_cost cost = rise_cost(ratio, dispersion, 1);
        if (cost.per_expected / cost.per_count < CROSSING)
            low = ratio;
        else
            high = ratio;
    }
    return rise_cost(low, dispersion, autocorrelation_factor);
}

static double gain_at(const struct refine_input *input, struct rise_cost cost, size_t bucket) {
    return input->counted[bucket] * cost.per_count -
           (double)input->expected[bucket] * cost.per_expected;
}

static size_t find_peak(const struct refine_input *input, size_t from, size_t to) {
    size_t peak = from;
    double best = -INFINITY;
    for (size_t b = from; b <= to; b++) {
        double sum = input->counted[b] - (double)input->expected[b];
        if (b > 0)
            sum += input->counted[b - 1] - (double)input->expected[b - 1];
        if (b + 1 < input->count)
            sum += input->counted[b + 1] - (double)input->expected[b + 1];
        if (sum > best) {
            best = sum;
            peak = b;
        }
    }
    return peak;
}

/* Whether a walk that is out of the rough segment, and has found nothing better since `best_at`,
 * may end: the sum has fallen well below its best, or hours have passed (where counts are so few
 * that nothing makes the sum fall). */
static bool may_stop(const struct refine_input *input, double fall, size_t since_best) {
    return fall > STOP_DROP || since_best > STOP_HOURS * input->hour;
}

/* Walks back from `start` to the best beginning. A few mentions before a calm stretch are taken in
 * only when they make it clearly better, by GAP_GAIN: chance puts some before every rise. */
static size_t walk_back(const struct refine_input *input, struct rise_cost cost, size_t start,
                        size_t sure) {
    double sum = 0, best = -INFINITY;
    size_t at = start;
    bool calm = false;
    for (size_t b = start + 1; b-- > input->least;) {
        sum += gain_at(input, cost, b);
        calm |= sum < best;
        if (sum >= (calm ? best + GAP_GAIN : best)) {
            best = sum;
            at = b;
            calm = false;
        } else if (b < sure && may_stop(input, best - sum, at - b)) {
            break;
        }
    }
    return at;
}

static size_t walk_on(const struct refine_input *input, struct rise_cost cost, size_t start,
                      size_t sure) {
    double sum = 0, best = -INFINITY;
    size_t at = start;
    for (size_t b = start; b <= input->most; b++) {
        sum += gain_at(input, cost, b);
        if (sum >= best) {
            best = sum;
            at = b;
        } else if (b > sure && may_stop(input, best - sum, b - at)) {
            break;
        }
    }
    return at;
}

/* The buckets that hold 90 % of the likelihood of the crossing: a change point's profile. Sharp
 * where there are mentions to tell by, and right about a rise that begins slowly; but an hour in
 * which nothing was expected and nothing came says nothing to it. */
static void crossing_interval(const struct refine_input *input, struct rise_cost cost,
                              struct refined *refined) {
    size_t low = refined->onset, high = refined->onset;
    double down = 0, up = 0, total = 1, below = 0, above = 0;
    size_t reach = 12 * input->hour;
    for (size_t b = refined->onset; b-- > input->least && refined->onset - b <= reach;) {
        down += gain_at(input, cost, b);
        below += exp(fmin(down, 0));
        if (down < -12)
            break;
    }
    for (size_t b = refined->onset; b < refined->peak && b - refined->onset < reach; b++) {
        up -= gain_at(input, cost, b);
        above += exp(fmin(up, 0));
        if (up < -12)
            break;
    }
    total += below + above;
    double left = below, right = above, tail = 0.05 * total;
    down = up = 0;
    while (low > input->least && left > tail) {
        down += gain_at(input, cost, --low);
        left -= exp(fmin(down, 0));
    }
    while (high < refined->peak && right > tail) {
        up -= gain_at(input, cost, high++);
        right -= exp(fmin(up, 0));
    }
    refined->onset_low = low;
    refined->onset_high = high;
}

/* The likelihood of a beginning at bucket b: the mean over several multiples of the baseline, of
 * which each holds from b on until `last`. */
struct onset_walk {
    struct rise_cost cost[ONSET_MULTIPLES];
    double sum[ONSET_MULTIPLES]; /* log likelihood ratios from the present bucket to `last` */
    double best;
};

static void onset_walk_begin(const struct refine_input *input, size_t first, size_t last,
                             struct onset_walk *walk) {
    static const double multiples[ONSET_MULTIPLES] = {1.6, 3, 6, 12, 24, 48, 96, 192};
    walk->best = -INFINITY;
    for (int k = 0; k < ONSET_MULTIPLES; k++) {
        double sum = 0;
        walk->cost[k] = rise_cost(multiples[k], input->dispersion, input->autocorrelation_factor);
        for (size_t b = last + 1; b-- > first;) {
            sum += gain_at(input, walk->cost[k], b);
            walk->best = fmax(walk->best, sum);
        }
        walk->sum[k] = sum;
    }
}

/* The likelihood of a beginning at `bucket`, over the best; then on to the next. */
static double onset_walk_step(const struct refine_input *input, size_t bucket,
                              struct onset_walk *walk) {
    double likelihood = 0;
    for (int k = 0; k < ONSET_MULTIPLES; k++) {
        likelihood += exp(walk->sum[k] - walk->best);
        walk->sum[k] -= gain_at(input, walk->cost[k], bucket);
    }
    return likelihood;
}

/* Where the crossing cannot be told to hours: the buckets that hold 90 % of a change point's
 * posterior, with every bucket equally likely beforehand. The hours that would have been loud and
 * were not speak against an early beginning. */
static void onset_interval(const struct refine_input *input, struct rise_cost cost,
                           struct refined *refined) {
    crossing_interval(input, cost, refined);
    size_t crossing_low = refined->onset_low, crossing_high = refined->onset_high;
    if (refined->onset - crossing_low <= SHARP_HOURS * input->hour)
        return;
    size_t reach = ONSET_HOURS * input->hour, onset = refined->onset;
    size_t ahead = ONSET_RISE_HOURS * input->hour;
    size_t first = onset > reach + input->least ? onset - reach : input->least;
    size_t last = onset + ahead < refined->peak ? onset + ahead : refined->peak;
    struct onset_walk walk, again;
    double total = 0, sum = 0;
    onset_walk_begin(input, first, last, &walk);
    again = walk;
    for (size_t b = first; b <= last; b++)
        total += onset_walk_step(input, b, &again);
    refined->onset_low = onset;
    for (size_t b = first; b <= last; b++) {
        double before = sum;
        sum += onset_walk_step(input, b, &walk);
        if (before <= ONSET_TAIL * total && sum > ONSET_TAIL * total && b < onset)
            refined->onset_low = b;
        if (before < (1 - ONSET_TAIL) * total && sum >= (1 - ONSET_TAIL) * total &&
            b > crossing_high)
            refined->onset_high = b;
    }
    if (refined->onset_low < crossing_low)
        refined->onset_low = crossing_low;
}

/* The end of the last wave by the shape of its tail; where it falls within hours of the peak,
 * hourly sums are too coarse for a shape. */
static void refine_end(const struct refine_input *input, const struct segment *segment,
                       struct refined *refined) {
    size_t peak = find_peak(input, segment->last_from, segment->to);
    refined->end_low = refined->end_high = refined->end;
    if (input->long_buckets || refined->end < peak + TAIL_HOURS * input->hour)
        return;
    struct tail_fit tail = tail_fit(input, peak);
    if (!tail.known)
        return;
    if (!tail.box && tail.end > refined->onset)
        refined->end = tail.end;
    double length = (double)(refined->end - peak);
    size_t low = peak + (size_t)(least_tail[tail.box] * length);
    size_t high = peak + (size_t)(most_tail[tail.box] * length + 0.5);
    refined->end_low = tail.end_low < low ? tail.end_low : low;
    refined->end_high = tail.end_high > high ? tail.end_high : high;
    if (refined->end_high > input->most)
        refined->end_high = input->most;
    if (refined->end_high < refined->end)
        refined->end_high = refined->end;
    if (refined->end_low <= refined->onset)
        refined->end_low = refined->onset;
}

struct refined refine_episode(const struct refine_input *input, const struct segment *segment) {
    struct rise_cost cost = crossing_cost(input->dispersion, input->autocorrelation_factor);
    struct refined refined = {.peak = find_peak(input, segment->from, segment->to)};
    refined.onset = walk_back(input, cost, refined.peak, segment->from);
    refined.end = walk_on(input, cost, refined.peak, segment->to);
    onset_interval(input, cost, &refined);
    refine_end(input, segment, &refined);
    return refined;
}
