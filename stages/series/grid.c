#include "stages/series/series.h"

#include <math.h>
#include <stdlib.h>

void grid_release(struct grid *grid) {
    free(grid->edges_s);
    free(grid->cells);
    free(grid->points);
    free(grid->coverage);
    free(grid->all_posts);
    *grid = (struct grid){0};
}

float grid_net_sentiment(int32_t positive, int32_t negative) {
    int32_t polar = positive + negative;
    return polar ? (float)((double)(positive - negative) / polar) : NAN;
}

int64_t grid_known_s(const struct grid *grid, size_t channels) {
    double known = 0;
    for (size_t i = 0; i < grid->times; i++) {
        float best = grid->coverage && channels ? 0 : 1;
        for (size_t c = 0; grid->coverage && c < channels; c++)
            if (grid->coverage[i * channels + c] > best)
                best = grid->coverage[i * channels + c];
        known += (double)best * (double)(grid->edges_s[i + 1] - grid->edges_s[i]);
    }
    return (int64_t)(known + 0.5);
}

/* The UTC second at which the local day of `utc_s`, plus `more` days, begins. */
static int64_t local_midnight(const struct zone *zone, int64_t utc_s, int64_t more) {
    int64_t local = utc_s + zone_offset(zone, utc_s);
    int64_t day = floor_div(local, SECONDS_PER_DAY) + more;
    return zone_to_utc(zone, day * SECONDS_PER_DAY);
}

static enum status make_edges(struct grid *grid, const struct series_input *input,
                              enum grid_step step, struct fault *fault) {
    int64_t unit = step == STEP_HOUR ? SECONDS_PER_HOUR : SECONDS_PER_DAY;
    int64_t first = step == STEP_HOUR ? floor_div(input->from_s, unit) * unit
                                      : local_midnight(input->zone, input->from_s, 0);
    int64_t span = (input->to_s - first) / unit + 3;
    if (span > SERIES_MAX_BUCKETS)
        return fault_set(
            fault, STATUS_FATAL, EXIT_DATA,
            "the posts span %lld days, too long for a series: give --since and --until",
            (long long)(span * unit / SECONDS_PER_DAY));
    grid->edges_s = malloc(((size_t)span + 1) * sizeof *grid->edges_s);
    if (!grid->edges_s)
        return fault_memory(fault);
    grid->edges_s[0] = first;
    /* a dump without posts has no time */
    int64_t last = input->from_s <= input->to_s ? input->to_s : INT64_MIN;
    int64_t edge = first, days = 0;
    while (edge <= last && (int64_t)grid->times < span) {
        if (step == STEP_HOUR)
            edge += SECONDS_PER_HOUR;
        else /* a zone that jumped over the date line lacks a whole date */
            do
                edge = local_midnight(input->zone, input->from_s, ++days);
            while (edge <= grid->edges_s[grid->times]);
        grid->edges_s[++grid->times] = edge;
    }
    return STATUS_OK;
}

/* In which bucket an author was seen last; kept by a thread from brand to brand. */
struct author_marks {
    uint32_t *last; /* [mentions->author_count] bucket + base, 0 never */
    uint32_t base;  /* above all marks of earlier brands */
};

/* What one thread needs for its brand. */
struct brand_count {
    const struct series_input *input;
    struct grid *grid;
    size_t brand;
    struct grid_cell *cells; /* this brand's, in time order */
    size_t cell_count, cell_cap;
    struct author_marks *authors;
    int64_t *score_sum; /* [times], thousandths */
    int32_t *scored;    /* [times] */
    uint32_t *open;     /* [channels * languages] cell of the current time + 1 */
    bool failed;
};

static struct grid_cell *find_cell(struct brand_count *count, uint32_t time, uint16_t channel,
                                   uint8_t language) {
    uint32_t *open = &count->open[(size_t)channel * LANGUAGE_COUNT + language];
    if (*open && count->cells[*open - 1].time == time)
        return &count->cells[*open - 1];
    if (count->cell_count == count->cell_cap) {
        size_t cap = count->cell_cap ? count->cell_cap * 2 : 256;
        struct grid_cell *cells = realloc(count->cells, cap * sizeof *cells);
        if (!cells)
            return NULL;
        count->cells = cells;
        count->cell_cap = cap;
    }
    count->cells[count->cell_count] = (struct grid_cell){
        .time = time, .brand = (uint16_t)count->brand, .channel = channel, .language = language};
    *open = (uint32_t)++count->cell_count;
    return &count->cells[count->cell_count - 1];
}

static void count_row(struct brand_count *count, size_t row, uint32_t time) {
    const struct mention_table *m = count->input->mentions;
    struct grid_point *point = &count->grid->points[time * count->input->brands + count->brand];
    struct grid_cell *cell =
        find_cell(count, time, count->input->channel[m->channel[row]], m->language[row]);
    if (!cell) {
        count->failed = true;
        return;
    }
    int label = m->label[row];
    cell->mentions++;
    cell->negative += label == LABEL_NEGATIVE;
    cell->neutral += label == LABEL_NEUTRAL;
    cell->positive += label == LABEL_POSITIVE;
    cell->reach += mention_reach(m, row);
    cell->engagement += mention_engagement(m, row);
    point->mentions++;
    point->negative += label == LABEL_NEGATIVE;
    point->neutral += label == LABEL_NEUTRAL;
    point->positive += label == LABEL_POSITIVE;
    point->replies += m->kind[row] == POST_REPLY;
    point->reposts += m->kind[row] == POST_REPOST;
    point->originals += m->kind[row] == POST_ORIGINAL || m->kind[row] == POST_QUOTE;
    point->stages[m->stage[row] < STAGE_COUNT ? m->stage[row] : STAGE_NONE]++;
    uint32_t *seen = &count->authors->last[m->author[row]], mark = count->authors->base + time;
    point->authors += !m->author[row] || *seen != mark; /* an unknown author is a new one */
    *seen = mark;
    if (label != LABEL_NONE) {
        count->score_sum[time] += m->score_milli[row];
        count->scored[time]++;
    }
}

static void derive(struct brand_count *count) {
    struct grid *grid = count->grid;
    size_t brands = count->input->brands;
    for (size_t time = 0; time < grid->times; time++) {
        struct grid_point *point = &grid->points[time * brands + count->brand];
        point->sentiment_mean =
            count->scored[time]
                ? (float)((double)count->score_sum[time] / (1000.0 * count->scored[time]))
                : NAN;
        point->net_sentiment = grid_net_sentiment(point->positive, point->negative);
        /* (1, 2, 1) / 4 over neighbouring buckets, at the ends over what is there */
        double sum = 0, weighed_hours = 0;
        for (size_t at = time ? time - 1 : 0; at <= time + 1 && at < grid->times; at++) {
            int weight = at == time ? 2 : 1;
            double hours = (double)(grid->edges_s[at + 1] - grid->edges_s[at]) / SECONDS_PER_HOUR;
            sum += weight * grid->points[at * brands + count->brand].mentions;
            weighed_hours += weight * hours;
        }
        point->velocity = (float)(sum / weighed_hours);
        point->baseline = point->surprise = NAN;
        if (time) {
            double hours =
                (double)(grid->edges_s[time] - grid->edges_s[time - 1]) / SECONDS_PER_HOUR;
            float before = grid->points[(time - 1) * brands + count->brand].velocity;
            point->acceleration = (float)((point->velocity - before) / hours);
        }
    }
}

static void count_brand(struct brand_count *count) {
    const struct mention_table *m = count->input->mentions;
    const struct row_list *rows = &count->input->rows[count->brand];
    const int64_t *edges_s = count->grid->edges_s;
    size_t times = count->grid->times;
    struct author_marks *marks = count->authors;
    if (!marks->last || marks->base > UINT32_MAX - 2 * (uint32_t)times) {
        free(marks->last);
        marks->last = calloc(m->author_count + 1, sizeof *marks->last);
        marks->base = 1;
    } else {
        marks->base += (uint32_t)times;
    }
    count->score_sum = calloc(times + 1, sizeof *count->score_sum);
    count->scored = calloc(times + 1, sizeof *count->scored);
    count->open = calloc(count->input->channels * LANGUAGE_COUNT + 1, sizeof *count->open);
    count->failed = !count->score_sum || !count->scored || !count->open || !marks->last;
    uint32_t time = 0;
    for (size_t i = 0; i < rows->count && !count->failed; i++) {
        int64_t second = floor_div(m->created_at_us[rows->at[i]], US_PER_S);
        if (second < edges_s[0] || second >= edges_s[times])
            continue;
        while (edges_s[time + 1] <= second)
            time++;
        count_row(count, rows->at[i], time);
    }
    if (!count->failed)
        derive(count);
    free(count->score_sum);
    free(count->scored);
    free(count->open);
}

static int compare_cells(const void *a, const void *b) {
    const struct grid_cell *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    if (x->brand != y->brand)
        return x->brand < y->brand ? -1 : 1;
    if (x->channel != y->channel)
        return x->channel < y->channel ? -1 : 1;
    return (x->language > y->language) - (x->language < y->language);
}

static bool gather_cells(struct grid *grid, const struct brand_count *counts, size_t brands) {
    size_t total = 0;
    for (size_t i = 0; i < brands; i++)
        total += counts[i].cell_count;
    grid->cells = malloc((total + 1) * sizeof *grid->cells);
    if (!grid->cells)
        return false;
    for (size_t i = 0; i < brands; i++) {
        if (counts[i].cell_count)
            memcpy(grid->cells + grid->cell_count, counts[i].cells,
                   counts[i].cell_count * sizeof *grid->cells);
        grid->cell_count += counts[i].cell_count;
    }
    qsort(grid->cells, grid->cell_count, sizeof *grid->cells, compare_cells);
    return true;
}

static void share_voice(struct grid *grid, size_t brands) {
    for (size_t time = 0; time < grid->times; time++) {
        int64_t all = 0;
        for (size_t brand = 0; brand < brands; brand++)
            all += grid->points[time * brands + brand].mentions;
        for (size_t brand = 0; brand < brands; brand++) {
            struct grid_point *point = &grid->points[time * brands + brand];
            point->share_of_voice = all ? (float)((double)point->mentions / (double)all) : NAN;
        }
    }
}

enum status grid_build(struct grid *grid, const struct series_input *input, enum grid_step step,
                       struct fault *fault) {
    *grid = (struct grid){0};
    enum status status = make_edges(grid, input, step, fault);
    if (status != STATUS_OK)
        return status;
    size_t brands = input->brands;
    grid->points = calloc(grid->times * brands + 1, sizeof *grid->points);
    struct brand_count *counts = calloc(brands + 1, sizeof *counts);
    bool ok = grid->points && counts;
#pragma omp parallel if (brands > 1)
    {
        struct author_marks authors = {0};
#pragma omp for schedule(dynamic)
        for (size_t i = 0; i < (ok ? brands : 0); i++) {
            counts[i] =
                (struct brand_count){.input = input, .grid = grid, .brand = i, .authors = &authors};
            count_brand(&counts[i]);
        }
        free(authors.last);
    }
    for (size_t i = 0; ok && i < brands; i++)
        ok = !counts[i].failed;
    ok = ok && gather_cells(grid, counts, brands);
    if (ok)
        share_voice(grid, brands);
    for (size_t i = 0; counts && i < brands; i++)
        free(counts[i].cells);
    free(counts);
    return ok ? STATUS_OK : fault_memory(fault);
}

enum status brand_series_build(struct brand_series *series, const struct series_input *input,
                               size_t brand, int32_t interval_s, struct fault *fault) {
    const struct mention_table *m = input->mentions;
    const struct row_list *rows = &input->rows[brand];
    *series = (struct brand_series){.interval_s = interval_s};
    series->start_s = floor_div(input->from_s, interval_s) * interval_s;
    int64_t count = (input->to_s - series->start_s) / interval_s + 1;
    if (count > SERIES_MAX_BUCKETS)
        return fault_set(fault, STATUS_FATAL, EXIT_DATA,
                         "the posts span %lld buckets of %d s: give a longer bucket in the "
                         "configuration, or --since and --until",
                         (long long)count, interval_s);
    series->count = (size_t)count;
    series->mentions = calloc(series->count + 1, sizeof *series->mentions);
    series->negative = calloc(series->count + 1, sizeof *series->negative);
    if (!series->mentions || !series->negative) {
        brand_series_release(series);
        return fault_memory(fault);
    }
    for (size_t i = 0; i < rows->count; i++) {
        int64_t second = floor_div(m->created_at_us[rows->at[i]], US_PER_S);
        if (second < input->from_s || second > input->to_s)
            continue;
        size_t at = (size_t)((second - series->start_s) / interval_s);
        series->mentions[at]++;
        series->negative[at] += m->label[rows->at[i]] == LABEL_NEGATIVE;
    }
    return STATUS_OK;
}

void brand_series_release(struct brand_series *series) {
    free(series->mentions);
    free(series->negative);
    *series = (struct brand_series){0};
}
