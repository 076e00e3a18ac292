/* Scales, areas and the value axis of charts. */
#include "stages/report/chart.h"

#include <math.h>
#include <stdlib.h>

enum { COLUMNS = 600 };
#define COVERED_ENOUGH 0.5 /* of an hour, weighed by where the brand is mentioned */

bool chart_series_build(struct chart_series *series, const struct page *page, enum grid_id id,
                        size_t brand, int64_t from_s, int64_t to_s, int points) {
    const struct grid *grid = &page->audit->grids[id];
    size_t first = grid_find(grid, from_s), last = first;
    while (last < grid->times && grid->edges_s[last] < to_s)
        last++;
    *series = (struct chart_series){.merged = (last - first) / (size_t)points + 1};
    series->buckets = malloc(((size_t)points + 1) * sizeof *series->buckets);
    if (!series->buckets)
        return false;
    for (size_t at = first; at < last; at += series->merged) {
        size_t end = at + series->merged < last ? at + series->merged : last;
        struct chart_bucket *bucket = &series->buckets[series->count++];
        *bucket = (struct chart_bucket){
            .from_s = grid->edges_s[at], .to_s = grid->edges_s[end], .baseline = NAN};
        size_t busiest = at;
        for (size_t i = at; i < end; i++)
            if (page_point(page, id, i, brand)->mentions >
                page_point(page, id, busiest, brand)->mentions)
                busiest = i;
        const struct grid_point *point = page_point(page, id, busiest, brand);
        bucket->mentions = point->mentions;
        bucket->negative = point->negative;
        bucket->baseline = isfinite((double)point->baseline) ? (double)point->baseline : NAN;
    }
    return true;
}

void chart_series_release(struct chart_series *series) {
    free(series->buckets);
    *series = (struct chart_series){0};
}

struct chart chart_in(const struct frame *frame, double top, double height) {
    return (struct chart){.left = frame->left,
                          .top = top,
                          .width = frame->width - frame->left - frame->right,
                          .height = height};
}

bool chart_shared(struct page *page, const struct frame *frame, const struct chart *chart,
                  double indent) {
    if (!frame->narrow) {
        buf_format(page->out, "<g class=\"series\" id=\"f%us\">", page->figures);
        return true;
    }
    struct chart wide = chart_in(&wide_frame, chart->top, chart->height);
    double scale = chart->width / (wide.width - indent);
    buf_format(
        page->out,
        "<g class=\"series\"><use href=\"#f%us\" transform=\"matrix(%.4f 0 0 1 %.2f 0)\"/></g>",
        page->figures, scale, chart->left - (wide.left + indent) * scale);
    return false;
}

void chart_shared_close(struct page *page) {
    put(page, "</g>\n");
}

void chart_scales(struct page *page, const struct chart *chart) {
    buf_format(page->out,
               "<g class=\"scales\" data-plot=\"%.0f %.0f %.0f %.0f\" data-span=\"%lld %lld\" "
               "data-max=\"%g\"></g>\n",
               chart->left, chart->top, chart->width, chart->height, (long long)chart->from_s,
               (long long)chart->to_s, chart->max);
}

void chart_scale(struct chart *chart, double largest) {
    static const double rounds[] = {1, 2, 2.5, 5, 10};
    double rough = (largest > 4 ? largest : 4) / 4;
    double power = pow(10, floor(log10(rough)));
    chart->step = 10 * power;
    for (int i = 4; i >= 0; i--)
        if (rounds[i] * power >= rough && (rounds[i] * power == floor(rounds[i] * power)))
            chart->step = rounds[i] * power;
    chart->max = chart->step * ceil((largest > 1 ? largest : 1) / chart->step);
}

double chart_x(const struct chart *chart, int64_t second) {
    double part = chart->to_s > chart->from_s
                      ? (double)(second - chart->from_s) / (double)(chart->to_s - chart->from_s)
                      : 0;
    return chart->left + chart->width * (part < 0 ? 0 : part > 1 ? 1 : part);
}

double chart_y(const struct chart *chart, double value) {
    double part = value / chart->max;
    return chart->top + chart->height * (1 - (part < 0 ? 0 : part > 1 ? 1 : part));
}

void chart_value_axis(struct page *page, const struct chart *chart, const char *unit) {
    double right = chart->left + chart->width;
    for (int i = 0; i * chart->step <= chart->max + chart->step / 2; i++) {
        double y = chart_y(chart, i * chart->step);
        buf_format(page->out, "<path class=\"%s\" d=\"M%.1f %.1fH%.1f\"/>", i ? "rule" : "zero",
                   chart->left, y, right);
        buf_format(page->out, "<text class=\"axis end\" x=\"%.1f\" y=\"%.1f\">", chart->left - 8,
                   y + 4);
        put_count(page, (int64_t)(i * chart->step));
        put(page, "</text>");
    }
    buf_format(page->out, "<text class=\"axis\" x=\"0\" y=\"11\">%s</text>\n", unit);
}

void chart_area(struct page *page, const struct chart *chart, const struct chart_series *series,
                enum chart_line line) {
    static const char *const classes[] = {"mentions", "negative", "baseline"};
    double floor_y = chart_y(chart, 0);
    bool pen_down = false;
    if (!series->count)
        return;
    buf_format(page->out, "<path class=\"%s\" d=\"", classes[line]);
    if (line != CHART_BASELINE)
        buf_format(page->out, "M%.1f %.1f", chart_x(chart, series->buckets[0].from_s), floor_y);
    for (size_t i = 0; i < series->count; i++) {
        const struct chart_bucket *bucket = &series->buckets[i];
        if (line != CHART_BASELINE) {
            /* steps, so that each bucket shows what was counted in it */
            double count = line == CHART_NEGATIVE ? bucket->negative : bucket->mentions;
            put_path(page, "V*H*", chart_y(chart, count), chart_x(chart, bucket->to_s));
            continue;
        }
        int64_t middle = bucket->from_s + (bucket->to_s - bucket->from_s) / 2;
        if (isfinite(bucket->baseline))
            put_path(page, pen_down ? "L* *" : "M* *", chart_x(chart, middle),
                     chart_y(chart, bucket->baseline));
        pen_down = isfinite(bucket->baseline);
    }
    if (line != CHART_BASELINE)
        buf_format(page->out, "V%.1fZ", floor_y);
    put(page, "\"/>\n");
}

static void mark_columns(const struct chart *chart, int64_t from_s, int64_t to_s, bool *uncovered) {
    double span = (double)(chart->to_s - chart->from_s);
    double from = (double)(from_s - chart->from_s) / span * COLUMNS;
    double to = (double)(to_s - chart->from_s) / span * COLUMNS;
    for (int c = from < 0 ? 0 : (int)from; c < COLUMNS && (c == (int)from || c < to); c++)
        uncovered[c] = true;
}

/* The least covered hour in each column decides, so that a short outage is seen on a long chart;
 * before and after the hours of the audit nothing is covered. */
void chart_uncovered(struct page *page, const struct chart *chart, const struct brand_view *view) {
    const struct grid *grid = &page->audit->grids[GRID_HOURLY];
    bool uncovered[COLUMNS + 1] = {0};
    if (chart->to_s <= chart->from_s)
        return;
    if (page->from_s > chart->from_s)
        mark_columns(chart, chart->from_s, page->from_s, uncovered);
    if (page->to_s < chart->to_s)
        mark_columns(chart, page->to_s, chart->to_s, uncovered);
    for (size_t i = grid_find(grid, chart->from_s);
         i < grid->times && grid->edges_s[i] < chart->to_s; i++)
        if (view_coverage(page, view, i) < COVERED_ENOUGH)
            mark_columns(chart, grid->edges_s[i], grid->edges_s[i + 1], uncovered);
    for (int from = 0; from < COLUMNS; from++) {
        int to = from;
        while (to < COLUMNS && uncovered[to])
            to++;
        if (to == from)
            continue;
        buf_format(
            page->out,
            "<rect class=\"uncovered\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
            chart->left + chart->width * from / COLUMNS, chart->top,
            chart->width * (to - from) / COLUMNS, chart->height);
        from = to;
    }
}
