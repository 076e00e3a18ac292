/* Rises of the share of negative mentions by a two-sample scan statistic (Kulldorff 1997): the
 * likelihood ratio of every window against the time before it, deflated by the correlation of
 * opinions, the largest first. */
#include "stages/detect/detect.h"

#include <math.h>
#include <stdlib.h>

enum { RUNNING_DAYS = 14 }; /* to each side, of the share that the correlation is taken about */
#define PRIOR_MENTIONS 20.0 /* a short history has the share of the whole series, so heavy */
#define INTERVAL_FALL 1.35  /* half the 90 % point of a chi-squared variable: profile likelihood */

/* What is looked for at a scale; lengths in steps. A window's statistic passes `once` - `slope` x
 * ln(rate) by chance at the rate per month that was asked for: counted on calm series of 3 to 2000
 * mentions a day, shares .08 to .45 and correlations 0 to .06 (tests/quality/detect_share.c). */
struct scale_rule {
    size_t shortest, longest, before, least_before, steps_per_day;
    double least_mentions, least_excess, least_rise, once, slope;
};
static const struct scale_rule rules[] = {
    [SHARE_DAYS] = {3, 28, 56, 14, 1, 10, 0, 0.05, 1.3, 1.13},
    [SHARE_HOURS] = {2, 12, 112, 28, 4, 10, 10, 0.10, 2.6, 1.13},
};

/* share_scan: running sums over the steps that count. */
struct day_sum;
struct share_scan {
    const struct share_series *series;
    const struct scale_rule *rule;
    struct share_sum {
        int64_t negative, total, known;
    } * sum;             /* [count + 1] before each step */
    struct day_sum *day; /* [days + 1] before each day of steps */
    double overall;
};
/* Pearson's statistic of days about the running share, what chance gives, and pairs of mentions. */
struct day_sum {
    double squares, expected, pairs;
};

static bool counts(const struct share_series *series, size_t step) {
    return series->total[step] > 0 && series->negative[step] >= 0 &&
           series->negative[step] <= series->total[step] &&
           !(series->left_out && series->left_out[step]);
}

static struct share_sum between(const struct share_scan *scan, size_t from, size_t to) {
    const struct share_sum *a = &scan->sum[from], *b = &scan->sum[to];
    return (struct share_sum){b->negative - a->negative, b->total - a->total, b->known - a->known};
}

/* l(k, n): the log likelihood of k of n at its best. */
static double likelihood(double k, double n) {
    double sum = k > 0 ? k * log(k / n) : 0;
    return k < n ? sum + (n - k) * log1p(-k / n) : sum;
}

/* The sums of [from, to) without those of [but_from, but_to). */
static struct share_sum between_but(const struct share_scan *scan, size_t from, size_t to,
                                    size_t but_from, size_t but_to) {
    struct share_sum sum = between(scan, from, to);
    size_t low = from > but_from ? from : but_from, high = to < but_to ? to : but_to;
    if (low < high) {
        struct share_sum but = between(scan, low, high);
        sum.negative -= but.negative;
        sum.total -= but.total;
    }
    return sum;
}

static void add_day(const struct share_scan *scan, size_t day, size_t but_from, size_t but_to,
                    struct day_sum *out) {
    size_t per_day = scan->rule->steps_per_day, reach = RUNNING_DAYS * per_day;
    size_t count = scan->series->count, from = day * per_day, near_from = 0;
    size_t end = from + per_day < count ? from + per_day : count;
    if (from > reach)
        near_from = from - reach;
    size_t near_end = end + reach < count ? end + reach : count;
    struct share_sum own = between_but(scan, from, end, but_from, but_to);
    struct share_sum near = between_but(scan, near_from, near_end, but_from, but_to);
    double p = (double)near.negative / fmax((double)near.total, 1), n = (double)own.total;
    if (own.total <= 0 || own.total == near.total || p <= 0 || p >= 1)
        return;
    double off = (double)own.negative - n * p;
    out->squares += off * off / (n * p * (1 - p));
    out->expected += 1 - n / (double)near.total;
    out->pairs += n - 1;
}

static bool sum_days(struct share_scan *scan) {
    size_t per_day = scan->rule->steps_per_day;
    size_t days = (scan->series->count + per_day - 1) / per_day;
    scan->day = calloc(days + 1, sizeof *scan->day);
    for (size_t i = 0; scan->day && i < days; i++) {
        scan->day[i + 1] = scan->day[i];
        add_day(scan, i, 0, 0, &scan->day[i + 1]);
    }
    return scan->day != NULL;
}

/* Intraclass correlation of a day's opinions outside [from, to), by Pearson's statistic about the
 * running share: they are not independent, posts answer and copy each other. A rise that is looked
 * at must not hide itself by passing for the brand's usual unrest. */
static double correlation_but(const struct share_scan *scan, size_t from, size_t to) {
    size_t per_day = scan->rule->steps_per_day;
    size_t days = (scan->series->count + per_day - 1) / per_day;
    size_t first = from / per_day > RUNNING_DAYS ? from / per_day - RUNNING_DAYS : 0;
    size_t last = (to + per_day - 1) / per_day + RUNNING_DAYS;
    if (last > days)
        last = days;
    struct day_sum sum = {
        scan->day[first].squares + scan->day[days].squares - scan->day[last].squares,
        scan->day[first].expected + scan->day[days].expected - scan->day[last].expected,
        scan->day[first].pairs + scan->day[days].pairs - scan->day[last].pairs};
    for (size_t i = first; i < last; i++)
        add_day(scan, i, from, to, &sum);
    return sum.pairs > 0 ? fmin(fmax((sum.squares - sum.expected) / sum.pairs, 0), 1) : 0;
}

/* The rise of steps [from, to) over the time before, as if opinions were independent; score 0 when
 * it is none. */
static struct share_rise measure_independent(const struct share_scan *scan, size_t from, size_t to,
                                             double *per_day) {
    const struct scale_rule *rule = scan->rule;
    struct share_rise rise = {.from = from, .to = to - 1};
    struct share_sum during = between(scan, from, to);
    struct share_sum before = between(scan, from > rule->before ? from - rule->before : 0, from);
    double k = (double)during.negative, n = (double)during.total;
    double k0 = (double)before.negative + PRIOR_MENTIONS * scan->overall;
    double n0 = (double)before.total + PRIOR_MENTIONS;
    if (during.known < (int64_t)rule->shortest || before.known < (int64_t)rule->least_before)
        return rise;
    rise.share_before = k0 / n0;
    rise.share_during = k / n;
    rise.excess_negative = k - n * rise.share_before;
    if (n < rule->least_mentions || rise.excess_negative < rule->least_excess ||
        rise.share_during - rise.share_before < rule->least_rise)
        return rise;
    *per_day = (double)(during.total + before.total) * (double)rule->steps_per_day /
               (double)(during.known + before.known);
    rise.score = likelihood(k, n) + likelihood(k0, n0) - likelihood(k + k0, n + n0);
    return rise;
}

/* The same, deflated by the correlation; what is below `least` without it stays as it is. */
static struct share_rise measure(const struct share_scan *scan, size_t from, size_t to,
                                 double least) {
    double per_day = 1;
    struct share_rise rise = measure_independent(scan, from, to, &per_day);
    if (rise.score > 0 && rise.score >= least)
        rise.score /= 1 + fmax(per_day - 1, 0) * correlation_but(scan, from, to);
    return rise;
}

static int by_score(const void *a, const void *b) {
    const struct share_rise *x = a, *y = b;
    if (x->score < y->score || x->score > y->score)
        return x->score > y->score ? -1 : 1;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->to > y->to) - (x->to < y->to);
}

static int by_time(const void *a, const void *b) {
    const struct share_rise *x = a, *y = b;
    return (x->from > y->from) - (x->from < y->from);
}

static bool add(struct share_rises *rises, size_t *cap, struct share_rise rise) {
    if (rises->count == *cap) {
        *cap = *cap ? *cap * 2 : 64;
        struct share_rise *grown = realloc(rises->at, *cap * sizeof *grown);
        if (!grown)
            return false;
        rises->at = grown;
    }
    rises->at[rises->count++] = rise;
    return true;
}

static bool scan_windows(const struct share_scan *scan, double threshold, struct share_rises *out) {
    size_t cap = 0, count = scan->series->count;
    for (size_t from = scan->rule->least_before; from < count; from++) {
        if (!counts(scan->series, from))
            continue;
        for (size_t to = from + scan->rule->shortest;
             to <= count && to - from <= scan->rule->longest; to++) {
            if (!counts(scan->series, to - 1))
                continue;
            struct share_rise rise = measure(scan, from, to, threshold);
            if (rise.score >= threshold && !add(out, &cap, rise))
                return false;
        }
    }
    return true;
}

/* The largest first, without overlap; a rise that lasts longer than the longest window is one: what
 * follows it at once, or precedes it, is its own. */
static void keep_largest(const struct share_scan *scan, struct share_rises *rises) {
    size_t kept = 0;
    if (rises->count)
        qsort(rises->at, rises->count, sizeof *rises->at, by_score);
    for (size_t i = 0; i < rises->count; i++) {
        const struct share_rise *rise = &rises->at[i];
        bool free = true;
        for (size_t k = 0; k < kept && free; k++)
            free = rise->to < rises->at[k].from || rise->from > rises->at[k].to;
        if (free)
            rises->at[kept++] = *rise;
    }
    rises->count = kept;
    if (kept)
        qsort(rises->at, kept, sizeof *rises->at, by_time);
    kept = 0;
    for (size_t i = 0; i < rises->count; i++) {
        struct share_rise *last = kept ? &rises->at[kept - 1] : NULL, next = rises->at[i];
        if (!last || next.from - last->to > scan->rule->shortest) {
            rises->at[kept++] = next;
            continue;
        }
        struct share_rise whole = measure(scan, last->from, next.to + 1, 0);
        if (whole.score > 0) {
            whole.score = fmax(last->score, next.score);
            *last = whole;
        } else if (next.score > last->score) {
            *last = next;
        }
    }
    rises->count = kept;
}

/* Beginnings that explain the window's end nearly as well. */
static void fill_interval(const struct share_scan *scan, struct share_rise *rise) {
    size_t longest = scan->rule->longest;
    size_t least = rise->from > longest ? rise->from - longest : 0;
    double best = measure(scan, rise->from, rise->to + 1, 0).score;
    rise->from_low = rise->from_high = rise->from;
    while (rise->from_low > least &&
           measure(scan, rise->from_low - 1, rise->to + 1, 0).score >= best - INTERVAL_FALL)
        rise->from_low--;
    while (rise->from_high + scan->rule->shortest <= rise->to &&
           measure(scan, rise->from_high + 1, rise->to + 1, 0).score >= best - INTERVAL_FALL)
        rise->from_high++;
}

enum status detect_share_rises(const struct share_series *series, enum share_scale scale,
                               double false_alarms_per_month, struct share_rises *out,
                               struct fault *fault) {
    *out = (struct share_rises){0};
    struct share_scan scan = {.series = series, .rule = &rules[scale]};
    scan.sum = calloc(series->count + 1, sizeof *scan.sum);
    if (!scan.sum)
        return fault_memory(fault);
    for (size_t i = 0; i < series->count; i++) {
        bool known = counts(series, i);
        scan.sum[i + 1] = scan.sum[i];
        scan.sum[i + 1].known += known;
        scan.sum[i + 1].negative += known ? series->negative[i] : 0;
        scan.sum[i + 1].total += known ? series->total[i] : 0;
    }
    struct share_sum all = scan.sum[series->count];
    scan.overall = all.total ? (double)all.negative / (double)all.total : 0;
    double rate = fmin(fmax(false_alarms_per_month, 1e-4), 1000);
    double threshold = fmax(scan.rule->once - scan.rule->slope * log(rate), 1e-9);
    bool done = sum_days(&scan) && scan_windows(&scan, threshold, out);
    if (done)
        keep_largest(&scan, out);
    for (size_t i = 0; done && i < out->count; i++) {
        struct share_rise *rise = &out->at[i];
        struct share_sum during = between(&scan, rise->from, rise->to + 1);
        rise->mentions = during.total;
        rise->negative = during.negative;
        fill_interval(&scan, rise);
    }
    free(scan.sum);
    free(scan.day);
    if (done)
        return STATUS_OK;
    share_rises_release(out);
    return fault_memory(fault);
}

void share_rises_release(struct share_rises *rises) {
    free(rises->at);
    *rises = (struct share_rises){0};
}
