/* The two charts of mentions: a brand over the whole time, and one episode from close up. */
#include "stages/report/chart.h"

#include <math.h>

enum {
    HOURLY_UP_TO_S = 21 * SECONDS_PER_DAY,
    LABEL_LEVELS = 3,
    SHADES_MAX = 300, /* episodes drawn; all are in the lists */
    ZOOM_MARGIN_S = SECONDS_PER_DAY,
};

static void open_chart(struct page *page, const char *id, size_t a, size_t b, int height) {
    buf_format(page->out,
               "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"%s%zu-%zu\">"
               "<svg class=\"chart\" viewBox=\"0 0 960 %d\" role=\"img\" "
               "aria-labelledby=\"%s%zu-%zu %s%zu-%zud\"><title id=\"%s%zu-%zu\">",
               id, a, b, height, id, a, b, id, a, b, id, a, b);
}

static double series_max(const struct chart_series *series) {
    double max = 0;
    for (size_t i = 0; i < series->count; i++) {
        const struct chart_bucket *bucket = &series->buckets[i];
        max = bucket->mentions > max ? bucket->mentions : max;
        max = bucket->baseline > max ? bucket->baseline : max;
    }
    return max;
}

static const char *shade_class(enum event_kind kind) {
    static const char *const classes[EVENT_KINDS] = {"shade crisis", "shade burst", "shade flood",
                                                     "shade turn"};
    return classes[kind];
}

static void put_shade(struct page *page, const struct chart *chart,
                      const struct event_view *event) {
    double x = chart_x(chart, event->row->onset);
    double width = chart_x(chart, event->row->end) - x;
    buf_format(page->out,
               "<g class=\"%s\"><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>"
               "<path d=\"M%.1f %.1fh%.1f\"/></g>",
               shade_class(event->kind), x, chart->top, width < 2.5 ? 2.5 : width, chart->height, x,
               chart->top, width < 2.5 ? 2.5 : width);
}

static void put_shades(struct page *page, const struct chart *chart,
                       const struct brand_view *view) {
    double taken[LABEL_LEVELS] = {0}; /* up to which x */
    size_t shown = view->event_count < SHADES_MAX ? view->event_count : SHADES_MAX;
    for (size_t i = 0; i < shown; i++)
        put_shade(page, chart, &view->events[i]);
    /* labels above the plot, on the first level where there is room; none when there is no room */
    for (size_t i = 0; i < shown; i++) {
        const struct event_view *event = &view->events[i];
        double x = (chart_x(chart, event->row->onset) + chart_x(chart, event->row->end)) / 2;
        int level = 0;
        while (level < LABEL_LEVELS && taken[level] > x - 17)
            level++;
        if (level == LABEL_LEVELS)
            continue;
        taken[level] = x + 17;
        double y = chart->top - 13 - 19 * level;
        buf_format(page->out,
                   "<g class=\"flag %s\"><rect x=\"%.1f\" y=\"%.1f\" width=\"30\" height=\"16\" "
                   "rx=\"3\"/><text class=\"mid\" x=\"%.1f\" y=\"%.1f\">",
                   shade_class(event->kind) + 6, x - 15, y - 9, x, y + 3);
        put_mark(page, event);
        put(page, "</text></g>\n");
    }
}

static const struct chart_key line_keys[] = {
    {"k-men", {"mentions", "wzmianki"}},
    {"k-neg", {"of them negative", "w tym negatywne"}},
    {"k-base", {"expected", "poziom oczekiwany"}},
};
static const struct chart_key shade_keys[] = {
    {"k-cri", {"crisis", "kryzys"}},
    {"k-bur", {"burst", "wzrost zainteresowania"}},
    {"k-flo", {"flood", "zalew"}},
    {"k-tur", {"turn of mood", "zmiana nastroju"}},
};
static const struct chart_key uncovered_key = {"k-unc", {"not covered by the data", "brak danych"}};

static const char *unit_of(const struct page *page, bool hourly,
                           const struct chart_series *series) {
    if (series->merged > 1)
        return hourly ? tr(page, "mentions an hour, busiest of each step",
                           "wzmianki na godzinę, maksimum w każdym kroku")
                      : tr(page, "mentions a day, busiest of each step",
                           "wzmianki dziennie, maksimum w każdym kroku");
    return hourly ? tr(page, "mentions an hour", "wzmianki na godzinę")
                  : tr(page, "mentions a day", "wzmianki dziennie");
}

static void draw_series(struct page *page, struct chart *chart, const struct brand_view *view,
                        const struct chart_series *series, const char *unit) {
    chart_uncovered(page, chart, view);
    chart_value_axis(page, chart, unit);
    chart_area(page, chart, series, CHART_MENTIONS);
    chart_area(page, chart, series, CHART_NEGATIVE);
    chart_area(page, chart, series, CHART_BASELINE);
    chart_time_axis(page, chart);
}

void volume_chart(struct page *page, const struct brand_view *view) {
    bool hourly = page->to_s - page->from_s <= HOURLY_UP_TO_S;
    struct chart chart = {.left = 52, .top = 76, .width = 900, .height = 210};
    struct chart_series series;
    if (!chart_series_build(&series, page, hourly ? GRID_HOURLY : GRID_DAILY, view->brand,
                            page->from_s, page->to_s)) {
        page->out->failed = true;
        return;
    }
    chart.from_s = series.count ? series.buckets[0].from_s : page->from_s;
    chart.to_s = series.count ? series.buckets[series.count - 1].to_s : page->to_s;
    chart_scale(&chart, series_max(&series));
    put(page, "<figure>");
    open_chart(page, "v", view->brand, hourly, 316);
    put_text(page, page_brand_name(page, view->brand));
    buf_format(
        page->out, "%s</title><desc id=\"v%zu-%dd\">%s",
        tr(page, ": mentions over time", ": wzmianki w czasie"), view->brand, hourly,
        tr(page, "Mentions and, darker, negative mentions; dashed, what was to be expected. ",
           "Wzmianki oraz, ciemniej, wzmianki negatywne; linią przerywaną poziom oczekiwany. "));
    for (size_t i = 0; i < view->event_count && i < 20; i++) {
        put_mark(page, &view->events[i]);
        buf_format(page->out, ": %s, ", word_kind(page, view->events[i].kind));
        put_date(page, view->events[i].row->onset);
        put(page, "; ");
    }
    put(page, "</desc>\n");
    put_shades(page, &chart, view);
    draw_series(page, &chart, view, &series, unit_of(page, hourly, &series));
    put(page, "</svg></div>\n<figcaption><p class=\"legend\">");
    chart_keys(page, line_keys, 3);
    chart_keys(page, shade_keys, EVENT_KINDS);
    chart_keys(page, &uncovered_key, 1);
    put(page, "</p>\n</figcaption></figure>\n");
    chart_series_release(&series);
}

/* ---- an episode from close up ---- */

static void put_pointer(struct page *page, const struct chart *chart, int64_t second,
                        const char *word, int level) {
    double x = chart_x(chart, second), y = chart->top - 6 - 15 * level;
    bool right = x > chart->left + chart->width - 80;
    buf_format(page->out,
               "<path class=\"pointer\" d=\"M%.1f %.1fV%.1f\"/><text class=\"note%s\" x=\"%.1f\" "
               "y=\"%.1f\">%s</text>",
               x, y - 10, chart->top + chart->height, right ? " end" : "", x + (right ? -4 : 4), y,
               word);
}

static void put_pointers(struct page *page, const struct chart *chart,
                         const struct episode_row *row) {
    double from = chart_x(chart, row->onset_low), to = chart_x(chart, row->onset_high);
    if (moment_known(row->onset_low) && to > from)
        buf_format(page->out, "<path class=\"interval\" d=\"M%.1f %.1fv-8m0 4H%.1fm0 -4v8\"/>",
                   from, chart->top + chart->height + 4, to);
    put_pointer(page, chart, row->onset, tr(page, "onset", "początek"), 1);
    put_pointer(page, chart, row->peak, tr(page, "peak", "szczyt"), 0);
    put_pointer(page, chart, row->end, tr(page, "end", "koniec"), 1);
}

void episode_chart(struct page *page, const struct brand_view *view, size_t index) {
    const struct event_view *event = &view->events[index];
    const struct episode_row *row = event->row;
    struct chart chart = {.left = 52, .top = 44, .width = 900, .height = 150};
    struct chart_series series;
    if (!moment_known(row->onset) || !moment_known(row->end) || row->end <= row->onset)
        return;
    if (!chart_series_build(&series, page, GRID_HOURLY, view->brand, row->onset - ZOOM_MARGIN_S,
                            row->end + ZOOM_MARGIN_S)) {
        page->out->failed = true;
        return;
    }
    if (series.count) {
        chart.from_s = series.buckets[0].from_s;
        chart.to_s = series.buckets[series.count - 1].to_s;
        chart_scale(&chart, series_max(&series));
        put(page, "<figure>");
        open_chart(page, "z", view->brand, index, 226);
        put_text(page, page_brand_name(page, view->brand));
        put(page, ", ");
        put_mark(page, event);
        buf_format(page->out, "%s</title><desc id=\"z%zu-%zud\">%s</desc>\n",
                   tr(page, ": mentions hour by hour", ": wzmianki godzina po godzinie"),
                   view->brand, index,
                   tr(page,
                      "Mentions per hour around the episode, negative ones darker, with its onset, "
                      "peak and end.",
                      "Wzmianki na godzinę wokół epizodu, negatywne ciemniej, z początkiem, "
                      "szczytem i końcem."));
        put_shade(page, &chart, event);
        draw_series(page, &chart, view, &series, unit_of(page, true, &series));
        put_pointers(page, &chart, row);
        put(page, "</svg></div>\n<figcaption><p class=\"legend\">");
        chart_keys(page, line_keys, 3);
        chart_keys(page, &uncovered_key, 1);
        put(page, "</p>\n</figcaption></figure>\n");
    }
    chart_series_release(&series);
}
