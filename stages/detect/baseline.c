#include "stages/detect/baseline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROUNDS = 6, FURTHER_ROUNDS = 3, MEDIAN_DAYS = 7, KERNEL_BLOCKS_MAX = 14 };
enum { BLOCK_S = 6 * SECONDS_PER_HOUR, LEAST_KNOWN_S = 60 * SECONDS_PER_HOUR };
#define YEAR_S INT64_C(31556952) /* the mean Gregorian year */
#define RECURRING_LEAST_RATIO 1.3
#define RECURRING_LEAST_SD 4.0
/* Mean of a chi-squared variable (1 degree of freedom) below its upper quartile. */
#define LOWER_CHI_SQUARED 0.3686
#define FULL_WEIGHT_SD 2.58 /* Farrington: beyond it a cell weighs (2.58/s)^2 */
#define SHAPE_PRIOR_HOURS 6.0

int64_t baseline_needs_s(int32_t interval_s) {
    int64_t buckets_s = BASELINE_LEAST_BUCKETS * (int64_t)interval_s;
    return buckets_s > LEAST_KNOWN_S ? buckets_s : LEAST_KNOWN_S;
}

enum quiet_reason quiet_reason_of(int64_t mentions, int64_t known_s) {
    if (mentions <= 0)
        return QUIET_NO_MENTIONS;
    if (known_s < baseline_needs_s(SECONDS_PER_HOUR))
        return QUIET_TOO_SHORT;
    return mentions < EPISODE_LEAST_EXCESS ? QUIET_TOO_FEW : QUIET_CALM;
}

void baseline_release(struct baseline *baseline) {
    free(baseline->cell);
    free(baseline->high);
    free(baseline->level.counted);
    free(baseline->expected);
    *baseline = (struct baseline){0};
}

static bool level_init(struct baseline *baseline) {
    struct baseline_level *level = &baseline->level;
    int64_t block_cells = BLOCK_S / baseline->season.width_s;
    level->block_cells = block_cells < 1 ? 1 : (size_t)block_cells;
    level->blocks = (baseline->cells + level->block_cells - 1) / level->block_cells;
    double block_days =
        (double)level->block_cells * (double)baseline->season.width_s / SECONDS_PER_DAY;
    /* 3.5 days to each side, and not less than ten long cells */
    level->reach = (size_t)fmax(3.5 / block_days + 0.5, level->block_cells == 1 ? 10 : 1);
    if (level->reach > KERNEL_BLOCKS_MAX)
        level->reach = KERNEL_BLOCKS_MAX;
    level->counted = calloc(level->blocks * 3, sizeof *level->counted);
    if (!level->counted)
        return false;
    level->exposed = level->counted + level->blocks;
    level->value = level->exposed + level->blocks;
    return true;
}

static double sorted_median(double *values, size_t count) {
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k && values[k - 1] > values[k]; k--) {
            double swap = values[k];
            values[k] = values[k - 1];
            values[k - 1] = swap;
        }
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* Mean count per bucket of each day, -1 where nothing is known; into mean[], which has room for all
 * of them because blocks are not longer than days. Returns the number of days. */
static size_t day_means(const struct baseline *baseline, size_t per_day, double *mean) {
    size_t days = (baseline->cells + per_day - 1) / per_day;
    for (size_t day = 0; day < days; day++) {
        double counted = 0, coverage = 0;
        for (size_t i = day * per_day; i < (day + 1) * per_day && i < baseline->cells; i++) {
            counted += (double)baseline->cell[i].counted;
            coverage += (double)baseline->cell[i].coverage;
        }
        mean[day] = coverage > 0 ? counted / coverage : -1;
    }
    return days;
}

/* A start that no crisis of under three days can move: the median of the seven days around. */
static void level_start(struct baseline *baseline) {
    int64_t day_cells = SECONDS_PER_DAY / baseline->season.width_s;
    size_t per_day = day_cells < 1 ? 1 : (size_t)day_cells;
    double *mean = baseline->level.counted; /* borrowed until the first fit */
    size_t days = day_means(baseline, per_day, mean);
    for (size_t day = 0; day < days; day++) {
        double near[MEDIAN_DAYS];
        size_t found = 0, from = day > MEDIAN_DAYS / 2 ? day - MEDIAN_DAYS / 2 : 0;
        if (from + MEDIAN_DAYS > days)
            from = days > MEDIAN_DAYS ? days - MEDIAN_DAYS : 0;
        for (size_t d = from; d < days && d < from + MEDIAN_DAYS; d++)
            if (mean[d] >= 0)
                near[found++] = mean[d];
        float level = found ? (float)sorted_median(near, found) : 0;
        for (size_t i = day * per_day; i < (day + 1) * per_day && i < baseline->cells; i++)
            baseline->cell[i].level = level;
    }
}

static double cell_expected(const struct baseline_cell *cell) {
    return (double)cell->level * (double)cell->shape * (double)cell->recurring *
           (double)cell->coverage;
}

/* Local mean of the blocks under a tricube kernel (as in loess). */
static void level_fit(struct baseline *baseline) {
    struct baseline_level *level = &baseline->level;
    memset(level->counted, 0, 2 * level->blocks * sizeof *level->counted);
    for (size_t i = 0; i < baseline->cells; i++) {
        const struct baseline_cell *cell = &baseline->cell[i];
        size_t block = i / level->block_cells;
        double weight = (double)cell->weight;
        level->counted[block] += weight * (double)cell->counted;
        level->exposed[block] +=
            weight * (double)cell->coverage * (double)cell->shape * (double)cell->recurring;
    }
    double kernel[KERNEL_BLOCKS_MAX + 1];
    for (size_t d = 0; d <= level->reach; d++) {
        double far = (double)d / ((double)level->reach + 1);
        kernel[d] = pow(1 - far * far * far, 3);
    }
    double last = 0;
    for (size_t block = 0; block < level->blocks; block++) {
        size_t from = block > level->reach ? block - level->reach : 0;
        double counted = 0, exposed = 0;
        for (size_t b = from; b < level->blocks && b <= block + level->reach; b++) {
            double weight = kernel[b > block ? b - block : block - b];
            counted += weight * level->counted[b];
            exposed += weight * level->exposed[b];
        }
        if (exposed > 0)
            last = counted / exposed; /* nothing known for a week: the last known level */
        level->value[block] = last;
    }
}

static void level_spread(struct baseline *baseline) {
    const struct baseline_level *level = &baseline->level;
    for (size_t i = 0; i < baseline->cells; i++) {
        double at = ((double)i + 0.5) / (double)level->block_cells - 0.5;
        double low = floor(at);
        double part = at - low;
        size_t left = low < 0 ? 0 : (size_t)low;
        size_t right = low < 0 ? 0 : left + 1;
        if (right >= level->blocks)
            right = level->blocks - 1;
        if (left >= level->blocks)
            left = level->blocks - 1;
        baseline->cell[i].level =
            (float)(level->value[left] * (1 - part) + level->value[right] * part);
    }
}

/* shape: counted and exposed sums of [weekend][slot]. */
struct shape {
    double counted[2][SEASON_SLOTS], exposed[2][SEASON_SLOTS], factor[2][SEASON_SLOTS];
};

static void shape_gather(struct shape *shape, const struct baseline *baseline, double *mean) {
    memset(shape, 0, sizeof *shape);
    double exposed = 0, coverage = 0;
    for (size_t i = 0; i < baseline->cells; i++) {
        const struct baseline_cell *cell = &baseline->cell[i];
        struct season_slot slot = cell->slot;
        double next = (double)slot.toward_next, weight = (double)cell->weight;
        double counted = weight * (double)cell->counted;
        double level =
            weight * (double)cell->level * (double)cell->recurring * (double)cell->coverage;
        shape->counted[slot.weekend][slot.index] += counted * (1 - next);
        shape->counted[slot.weekend][slot.next] += counted * next;
        shape->exposed[slot.weekend][slot.index] += level * (1 - next);
        shape->exposed[slot.weekend][slot.next] += level * next;
        exposed += level;
        coverage += weight * (double)cell->coverage;
    }
    *mean = coverage > 0 ? exposed / coverage : 0;
}

static void shape_fit(struct shape *shape, const struct baseline *baseline) {
    double mean;
    shape_gather(shape, baseline, &mean);
    double prior_buckets = SHAPE_PRIOR_HOURS * SECONDS_PER_HOUR * (double)baseline->cell_buckets /
                           (double)baseline->season.width_s;
    double prior = prior_buckets * mean + 1e-9;
    for (int slot = 0; slot < SEASON_SLOTS; slot++) {
        double counted = shape->counted[0][slot] + shape->counted[1][slot];
        double exposed = shape->exposed[0][slot] + shape->exposed[1][slot];
        double common = (counted + prior) / (exposed + prior);
        for (int weekend = 0; weekend < 2; weekend++)
            shape->factor[weekend][slot] = (shape->counted[weekend][slot] + prior * common) /
                                           (shape->exposed[weekend][slot] + prior);
    }
}

static double shape_at(const struct shape *shape, struct season_slot slot) {
    const double *factor = shape->factor[slot.weekend];
    return factor[slot.index] + (factor[slot.next] - factor[slot.index]) * (double)slot.toward_next;
}

/* A squared Pearson residual, winsorised where a negative binomial of that dispersion hardly ever
 * goes: its tail falls by e with every `dispersion` counts. */
static double spread_of(double counted, double expected, double dispersion) {
    double most = 3 * sqrt(dispersion * expected) + 3 * dispersion;
    double off = fmin(fabs(counted - expected), most);
    return off * off / expected;
}

static void cells_weigh(struct baseline *baseline) {
    double squares = 0, weights = 0;
    for (size_t i = 0; i < baseline->cells; i++) {
        const struct baseline_cell *cell = &baseline->cell[i];
        double expected = cell_expected(cell);
        if (expected <= 0)
            continue;
        squares += (double)cell->weight *
                   spread_of((double)cell->counted, expected, baseline->cell_dispersion);
        weights += (double)cell->weight;
    }
    baseline->cell_dispersion = weights > 0 ? fmax(1, squares / weights) : 1;
    for (size_t i = 0; i < baseline->cells; i++) {
        struct baseline_cell *cell = &baseline->cell[i];
        double expected = cell_expected(cell);
        if (cell->weight <= 0 || expected <= 0)
            continue;
        double off = fabs((double)cell->counted - expected) -
                     baseline->cell_dispersion; /* a single clump is no outlier */
        off /= sqrt(baseline->cell_dispersion * expected);
        double far = FULL_WEIGHT_SD / fmax(off, FULL_WEIGHT_SD);
        cell->weight = (float)(far * far);
    }
}

static void cells_gather(struct baseline *baseline, const struct count_series *series,
                         const uint16_t *coverage, const uint8_t *masked) {
    for (size_t i = 0; i < baseline->cells; i++) {
        struct baseline_cell *cell = &baseline->cell[i];
        double counted = 0, known = 0;
        size_t hidden = 0, from = i * baseline->cell_buckets;
        for (size_t b = from; b < from + baseline->cell_buckets && b < series->count; b++) {
            known += coverage[b] / 1000.0;
            counted += coverage[b] && series->value[b] > 0 ? (double)series->value[b] : 0;
            hidden += masked[b];
        }
        cell->counted = (float)counted;
        cell->coverage = (float)known;
        cell->weight = known > 0 && !hidden ? 1 : 0;
    }
}

static double usual_of(const struct baseline_cell *cell) {
    return (double)cell->level * (double)cell->shape * (double)cell->coverage;
}

/* Cells at the same place in the four periods to each side of cell i, without itself. A year is no
 * whole number of weeks: then, of the cells beside that place, the one that counted most. */
enum { SIDE_PERIODS = 4 };
static size_t same_places(const struct baseline *baseline, size_t i, double period,
                          size_t other[2 * SIDE_PERIODS]) {
    size_t count = 0;
    bool whole = period - floor(period + 0.5) == 0; /* as of hours and of months */
    for (int k = -SIDE_PERIODS; k <= SIDE_PERIODS; k++) {
        size_t away = (size_t)(period * abs(k) + 0.5);
        if (k == 0 || (k < 0 && i < away) || (k > 0 && i + away >= baseline->cells))
            continue;
        size_t at = k < 0 ? i - away : i + away, best = at;
        for (size_t near = at ? at - 1 : at; !whole && near <= at + 1; near++)
            if (near < baseline->cells &&
                baseline->cell[near].counted > baseline->cell[best].counted)
                best = near;
        other[count++] = best;
    }
    return count;
}

/* Weekly seasonality: the factor of one hour of the week that stands out in most of the weeks
 * around it. Of long buckets, yearly seasonality: the factor of a month or week of the year. */
static double recurring_factor(const struct baseline *baseline, size_t i, double period,
                               size_t least) {
    size_t other[2 * SIDE_PERIODS], found = 0, high = 0;
    size_t count = same_places(baseline, i, period, other);
    for (size_t k = 0; k < count; k++)
        high += baseline->high[other[k]];
    if (high < least || high * 4 < count * 3)
        return 1;
    double ratio[2 * SIDE_PERIODS], counted = 0, expected = 0;
    for (size_t k = 0; k < count; k++) {
        const struct baseline_cell *cell = &baseline->cell[other[k]];
        double usual = usual_of(cell);
        if (usual <= 0)
            continue;
        ratio[found++] = ((double)cell->counted + 1) / (usual + 1);
        counted += (double)cell->counted;
        expected += usual;
    }
    if (counted - expected <
        RECURRING_LEAST_SD * sqrt(baseline->cell_dispersion * fmax(expected, 1)))
        return 1;
    return fmax(1, sorted_median(ratio, found));
}

/* Three weeks beside its own make an hour a habit; of years there are fewer, two must do. */
static void recurring_fit(struct baseline *baseline) {
    int64_t width_s = baseline->season.width_s;
    bool weekly = season_is_hourly(&baseline->season) && 7 * SECONDS_PER_DAY % width_s == 0;
    bool yearly = !season_has_shape(&baseline->season) && width_s < YEAR_S / 2 + SECONDS_PER_DAY;
    if (!weekly && !yearly)
        return;
    double period = (double)(weekly ? 7 * (int64_t)SECONDS_PER_DAY : YEAR_S) / (double)width_s;
    for (size_t i = 0; i < baseline->cells; i++) {
        const struct baseline_cell *cell = &baseline->cell[i];
        double usual = usual_of(cell);
        baseline->high[i] =
            usual > 0 && (double)cell->counted + 1 > RECURRING_LEAST_RATIO * (usual + 1);
    }
    for (size_t i = 0; i < baseline->cells; i++)
        baseline->cell[i].recurring = (float)recurring_factor(baseline, i, period, weekly ? 3 : 2);
}

/* Expected counts of the buckets; dispersion of the buckets outside the mask. */
static void buckets_expect(struct baseline *baseline, const struct count_series *series,
                           const uint16_t *coverage, const uint8_t *masked,
                           const struct shape *shape) {
    struct season season;
    season_init(&season, series, 1);
    double squares = 0, seen = 0;
    for (size_t b = 0; b < series->count; b++) {
        const struct baseline_cell *cell = &baseline->cell[b / baseline->cell_buckets];
        double factor = baseline->cell_buckets > 1 ? shape_at(shape, season_at(&season, b))
                                                   : (double)cell->shape;
        double expected =
            (double)cell->level * factor * (double)cell->recurring * coverage[b] / 1000.0;
        baseline->expected[b] = (float)expected;
        if (expected <= 0 || masked[b])
            continue;
        squares +=
            spread_of(fmax((double)series->value[b], 0), expected, baseline->cell_dispersion) *
            (double)cell->weight;
        seen += (double)cell->weight;
    }
    baseline->dispersion = seen > 0 ? fmax(1, squares / seen) : 1;
}

static int double_order(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Dispersion of sums over `step` cells that outliers cannot move: the mean of the lower three
 * quarters of the squared residuals of (at most SAMPLE) sums, over the same of a chi-squared
 * variable. 1 when the sums are too small for that. */
static double trimmed_dispersion(const struct baseline *baseline, size_t step) {
    enum { SAMPLE = 2048, LEAST_EXPECTED = 5 };
    double off[SAMPLE], total = 0;
    size_t found = 0, stride = (baseline->cells / step / SAMPLE + 1) * step;
    for (size_t i = 0; i + step <= baseline->cells && found < SAMPLE; i += stride) {
        double counted = 0, expected = 0;
        for (size_t k = i; k < i + step; k++) {
            counted += (double)baseline->cell[k].counted;
            expected += cell_expected(&baseline->cell[k]);
        }
        if (expected <= 0)
            continue;
        total += expected;
        off[found++] = (counted - expected) * (counted - expected) / expected;
    }
    if (!found || total < LEAST_EXPECTED * (double)found)
        return 1;
    qsort(off, found, sizeof *off, double_order);
    double sum = 0;
    size_t kept = found * 3 / 4 + 1 < found ? found * 3 / 4 + 1 : found;
    for (size_t i = 0; i < kept; i++)
        sum += off[i];
    return fmax(1, sum / (double)kept / LOWER_CHI_SQUARED);
}

void baseline_fit(struct baseline *baseline, const struct count_series *series,
                  const uint16_t *coverage, const uint8_t *masked) {
    int rounds = baseline->fitted ? FURTHER_ROUNDS : FIRST_ROUNDS;
    struct shape shape;
    cells_gather(baseline, series, coverage, masked);
    if (!baseline->fitted)
        level_start(baseline);
    for (int round = 0; round < rounds; round++) {
        shape_fit(&shape, baseline);
        for (size_t i = 0; i < baseline->cells; i++)
            baseline->cell[i].shape = (float)shape_at(&shape, baseline->cell[i].slot);
        if (!baseline->fitted && round == 0)
            baseline->cell_dispersion = trimmed_dispersion(baseline, 1);
        cells_weigh(baseline);
        if (round == rounds - 2)
            recurring_fit(baseline);
        level_fit(baseline);
        level_spread(baseline);
    }
    buckets_expect(baseline, series, coverage, masked, &shape);
    baseline->block_dispersion = trimmed_dispersion(baseline, baseline->level.block_cells);
    baseline->fitted = true;
}

enum status baseline_init(struct baseline *baseline, const struct count_series *series,
                          struct fault *fault) {
    *baseline = (struct baseline){0};
    int64_t per_hour = (SECONDS_PER_HOUR + series->interval_s / 2) / series->interval_s;
    baseline->cell_buckets = per_hour < 1 ? 1 : (size_t)per_hour;
    baseline->cells = (series->count + baseline->cell_buckets - 1) / baseline->cell_buckets;
    season_init(&baseline->season, series, baseline->cell_buckets);
    baseline->cell = calloc(baseline->cells, sizeof *baseline->cell);
    baseline->high = calloc(baseline->cells, sizeof *baseline->high);
    baseline->expected = calloc(series->count, sizeof *baseline->expected);
    if (!baseline->cell || !baseline->high || !baseline->expected || !level_init(baseline)) {
        baseline_release(baseline);
        return fault_memory(fault);
    }
    for (size_t i = 0; i < baseline->cells; i++) {
        baseline->cell[i].shape = baseline->cell[i].recurring = 1;
        baseline->cell[i].slot = season_at(&baseline->season, i);
    }
    return STATUS_OK;
}
