/* The two figures of mentions: a brand over the whole time, and one episode from close up. */
#include "stages/report/chart.h"

#include <math.h>
#include <stdio.h>

enum {
    HOURLY_UP_TO_S = 21 * SECONDS_PER_DAY,
    LABEL_LEVELS = 3,
    SHADES_MAX = 300, /* episodes drawn; all are in the lists */
    ZOOM_MARGIN_S = SECONDS_PER_DAY,
    ROWS_MAX = 120, /* of the table of an episode */
};

struct volume {
    const struct brand_view *view;
    const struct event_view *event; /* NULL: the whole time */
    enum grid_id grid;
    int64_t from_s, to_s;
};

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

/* Whole buckets of the series, so that no part of a bar stands outside its own episode. */
static void shade_span(const struct page *page, const struct chart *chart,
                       const struct volume *volume, const struct event_view *event, double *x,
                       double *width) {
    const struct grid *grid = &page->audit->grids[volume->grid];
    size_t first = grid_find(grid, event->row->onset), last = grid_find(grid, event->row->end - 1);
    bool inside = first < grid->times && last < grid->times && !volume->event;
    *x = chart_x(chart, inside ? grid->edges_s[first] : event->row->onset);
    *width = chart_x(chart, inside ? grid->edges_s[last + 1] : event->row->end) - *x;
    if (*width < 2.5)
        *width = 2.5;
}

static void put_shade(struct page *page, const struct chart *chart, const struct volume *volume,
                      const struct event_view *event) {
    double x, width;
    shade_span(page, chart, volume, event, &x, &width);
    buf_format(page->out,
               "<g class=\"%s\"><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>"
               "<path d=\"M%.1f %.1fh%.1f\"/></g>",
               shade_class(event->kind), x, chart->top, width, chart->height, x, chart->top, width);
}

/* Labels above the plot, on the first level where there is room; none when there is no room. */
static void put_flags(struct page *page, const struct chart *chart, const struct volume *volume) {
    double taken[LABEL_LEVELS] = {0}; /* up to which x */
    const struct brand_view *view = volume->view;
    for (size_t i = 0; i < view->event_count && i < SHADES_MAX; i++) {
        const struct event_view *event = &view->events[i];
        double x, width;
        int level = 0;
        shade_span(page, chart, volume, event, &x, &width);
        x += width / 2;
        while (level < LABEL_LEVELS && taken[level] > x - 17)
            level++;
        if (level == LABEL_LEVELS)
            continue;
        taken[level] = x + 17;
        double y = chart->top - 13 - 19 * level;
        buf_format(page->out,
                   "<g class=\"flag %s\"><rect x=\"%.1f\" y=\"%.1f\" width=\"30\" height=\"17\" "
                   "rx=\"3\"/><text class=\"mid\" x=\"%.1f\" y=\"%.1f\">",
                   shade_class(event->kind) + 6, x - 15, y - 9, x, y + 4);
        put_mark(page, event);
        put(page, "</text></g>\n");
    }
}

static const struct chart_key line_keys[] = {
    {"k-men", {"mentions", "wzmianki"}},
    {"k-neg", {"of them negative", "w tym negatywne"}},
    {"k-base", {"expected", "poziom oczekiwany"}},
    {"k-unc", {"not covered by the data", "brak danych"}},
    {"k-cri", {"crisis", "kryzys"}},
    {"k-bur", {"burst", "wzrost zainteresowania"}},
    {"k-flo", {"flood", "zalew"}},
    {"k-tur", {"turn of mood", "zmiana nastroju"}},
};
static const struct chart_key episode_keys[] = {
    {"k-men", {"mentions", "wzmianki"}},
    {"k-neg", {"of them negative", "w tym negatywne"}},
    {"k-base", {"expected", "poziom oczekiwany"}},
    {"k-unc", {"not covered by the data", "brak danych"}},
    {"k-int", {"where the onset lies, 90%", "gdzie leży początek, na 90%"}},
};

static const char *unit_of(const struct page *page, bool hourly) {
    return hourly ? tr(page, "mentions an hour", "wzmianki na godzinę")
                  : tr(page, "mentions a day", "wzmianki dziennie");
}

/* ---- an episode's onset, peak and end ---- */

static void put_pointer(struct page *page, const struct chart *chart, int64_t second,
                        const char *word, int level) {
    double x = chart_x(chart, second), y = chart->top - 6 - 16 * level;
    bool right = x > chart->left + chart->width - 80;
    buf_format(page->out,
               "<path class=\"pointer\" d=\"M%.1f %.1fV%.1f\"/><text class=\"note%s\" x=\"%.1f\" "
               "y=\"%.1f\">%s</text>",
               x, y - 11, chart->top + chart->height, right ? " end" : "", x + (right ? -4 : 4), y,
               word);
}

static void put_pointers(struct page *page, const struct chart *chart,
                         const struct episode_row *row) {
    double from = chart_x(chart, row->onset_low), to = chart_x(chart, row->onset_high);
    if (moment_known(row->onset_low) && to > from)
        buf_format(page->out, "<path class=\"interval\" d=\"M%.1f %.1fv-8m0 4H%.1fm0 -4v8\"/>",
                   from, chart->top + chart->height + 4, to);
    put_pointer(page, chart, row->onset, tr(page, "onset", "początek"), 1);
    if (moment_known(row->peak))
        put_pointer(page, chart, row->peak, tr(page, "peak", "szczyt"), 0);
    put_pointer(page, chart, row->end, tr(page, "end", "koniec"), 1);
}

/* ---- both ---- */

static void draw_volume(struct page *page, const struct frame *frame, const void *what) {
    const struct volume *volume = what;
    struct chart chart = chart_in(frame, volume->event ? 46 : 78, volume->event ? 160 : 210);
    struct chart_series series;
    if (!chart_series_build(&series, page, volume->grid, volume->view->brand, volume->from_s,
                            volume->to_s, wide_frame.points)) {
        page->out->failed = true;
        return;
    }
    chart.from_s = series.count ? series.buckets[0].from_s : volume->from_s;
    chart.to_s = series.count ? series.buckets[series.count - 1].to_s : volume->to_s;
    chart_scale(&chart, series_max(&series));
    chart_scales(page, &chart);
    put(page, "<g class=\"marks\">");
    for (size_t i = 0; !volume->event && i < volume->view->event_count && i < SHADES_MAX; i++)
        put_shade(page, &chart, volume, &volume->view->events[i]);
    if (volume->event)
        put_shade(page, &chart, volume, volume->event);
    else
        put_flags(page, &chart, volume);
    chart_uncovered(page, &chart, volume->view);
    put(page, "</g>");
    put(page, "<g class=\"values\">");
    chart_value_axis(page, &chart, unit_of(page, volume->grid == GRID_HOURLY));
    put(page, "</g>");
    if (chart_shared(page, frame, &chart, 0)) {
        chart_area(page, &chart, &series, CHART_MENTIONS);
        chart_area(page, &chart, &series, CHART_NEGATIVE);
        chart_area(page, &chart, &series, CHART_BASELINE);
        chart_shared_close(page);
    }
    put(page, "<g class=\"time\">");
    chart_time_axis(page, &chart, frame_ticks(frame));
    put(page, "</g>\n");
    if (volume->event) {
        put(page, "<g class=\"marks\">");
        put_pointers(page, &chart, volume->event->row);
        put(page, "</g>");
    }
    chart_series_release(&series);
}

static void put_row(struct page *page, const struct tally_view *tally, double expected) {
    put(page, "<td>");
    put_count(page, tally->mentions);
    put(page, "<td>");
    put_count(page, tally->negative);
    put(page, "<td>");
    put_share(page, tally->negative, tally_scored(tally));
    put(page, "<td>");
    put_decimal(page, expected, 1);
}

/* Hours or days of [from_s, to_s), some at a time when there are very many. */
static void put_table(struct page *page, const struct volume *volume) {
    static const char *const titles[][2] = {{"From", "Od"},
                                            {"Mentions", "Wzmianki"},
                                            {"Negative", "Negatywne"},
                                            {"Of the scored", "Wśród ocenionych"},
                                            {"Expected", "Oczekiwane"}};
    enum grid_id id = volume->event ? GRID_HOURLY : GRID_DAILY;
    const struct grid *grid = &page->audit->grids[id];
    size_t first = grid_find(grid, volume->from_s), last = first;
    struct periods periods = {.days = 1};
    while (last < grid->times && grid->edges_s[last] < volume->to_s)
        last++;
    if (!volume->event)
        periods_cut(page, &periods);
    size_t step = volume->event ? (last - first) / ROWS_MAX + 1 : periods.days;
    figure_table_open(page, titles, 5, 0x1E);
    for (size_t at = first; at < last; at += step) {
        struct tally_view sum = {0};
        double expected = 0;
        for (size_t i = at; i < at + step && i < last; i++) {
            const struct grid_point *point = page_point(page, id, i, volume->view->brand);
            sum.mentions += point->mentions;
            sum.negative += point->negative;
            sum.neutral += point->neutral;
            sum.positive += point->positive;
            expected += (double)point->baseline;
        }
        put(page, "<tr><th>");
        if (volume->event)
            put_iso_hour(page, grid->edges_s[at]);
        else
            put_iso_date(page, grid->edges_s[at]);
        put_row(page, &sum, expected);
    }
    figure_table_close(page);
}

static void put_attributes(const struct volume *volume, char *out, size_t size) {
    snprintf(out, size, " data-chart=\"%s\" data-brand=\"%zu\"",
             volume->grid == GRID_HOURLY ? "hours" : "days", volume->view->brand);
}

void volume_figure(struct page *page, const struct brand_view *view) {
    const double height[2] = {322, 322};
    struct volume volume = {.view = view,
                            .grid = page->to_s - page->from_s <= HOURLY_UP_TO_S ? GRID_HOURLY
                                                                                : GRID_DAILY,
                            .from_s = page->from_s,
                            .to_s = page->to_s};
    bool merged = page->audit->grids[volume.grid].times > (size_t)wide_frame.points;
    char attributes[80];
    put_attributes(&volume, attributes, sizeof attributes);
    figure_open(page);
    put_brand_name(page, view);
    put(page, tr(page, ": mentions over time", ": wzmianki w czasie"));
    figure_plot(page, height, attributes, draw_volume, &volume);
    figure_keys(page, line_keys, sizeof line_keys / sizeof *line_keys);
    if (merged)
        figure_note(page,
                    "There is more time than room: each step shows its busiest hour or day, with "
                    "the negative mentions of that same one. The table adds up.",
                    "Czasu jest więcej niż miejsca: każdy krok pokazuje swoją najgorętszą godzinę "
                    "lub dobę, razem z jej negatywnymi wzmiankami. Tabela podaje sumy.");
    else
        figure_note(page, "Counted mentions; shaded, whole days or hours that an event touches.",
                    "Policzone wzmianki; cieniem zaznaczono całe doby lub godziny, których dotyka "
                    "zdarzenie.");
    put_table(page, &volume);
    figure_close(page);
}

void episode_figure(struct page *page, const struct brand_view *view, size_t index) {
    const double height[2] = {240, 240};
    const struct event_view *event = &view->events[index];
    const struct episode_row *row = event->row;
    struct volume volume = {.view = view,
                            .event = event,
                            .grid = GRID_HOURLY,
                            .from_s = row->onset - ZOOM_MARGIN_S,
                            .to_s = row->end + ZOOM_MARGIN_S};
    char attributes[80];
    if (!moment_known(row->onset) || !moment_known(row->end) || row->end <= row->onset ||
        !page->audit->grids[GRID_HOURLY].times)
        return;
    put_attributes(&volume, attributes, sizeof attributes);
    figure_open(page);
    put_brand_name(page, view);
    put(page, ", ");
    put_mark(page, event);
    put(page, tr(page, ": mentions hour by hour", ": wzmianki godzina po godzinie"));
    figure_plot(page, height, attributes, draw_volume, &volume);
    figure_keys(page, episode_keys, sizeof episode_keys / sizeof *episode_keys);
    figure_note(page, "Counted mentions by clock hour; the day before and the day after included.",
                "Wzmianki policzone w godzinach zegarowych, wraz z dobą przed i dobą po.");
    put_table(page, &volume);
    figure_close(page);
}
