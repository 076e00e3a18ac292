/* The hours of the week: when a brand is talked about, and when its requests come and are
 * answered; a field an hour. */
#include "stages/report/week.h"

#include "stages/report/chart.h"

#include <math.h>
#include <stdlib.h>

enum { STEPS = 5, TALL = 20, FIELDS_LEAST = WEEK_HOURS / 4, SHARE_FROM = 5 };

static const char *day_name(const struct page *page, int day) {
    static const char *const names[2][7] = {
        {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
        {"pon.", "wt.", "śr.", "czw.", "pt.", "sob.", "niedz."}};
    return names[page->polish][day];
}

static double largest(const struct week *week) {
    double most = 0;
    for (int i = 0; i < WEEK_HOURS; i++)
        if (isfinite(week->value[i]) && week->value[i] > most)
            most = week->value[i];
    return most;
}

static int step_of(double value, double most) {
    if (!isfinite(value))
        return STEPS + 1;
    return most > 0 ? (int)ceil(value / most * STEPS) : 0;
}

/* Runs of fields of a step as strokes, then the lines between the fields in the page's colour. */
static void put_fields(struct page *page, const struct week *week, const struct chart *chart) {
    static const char *const classes[] = {"h0", "h1", "h2", "h3", "h4", "h5", "hx"};
    double wide = chart->width / 24, most = largest(week);
    for (int step = 0; step <= STEPS + 1; step++) {
        buf_format(page->out, "<path class=\"field %s\" d=\"", classes[step]);
        for (int i = 0, run; i < WEEK_HOURS; i += run) {
            bool own = step_of(week->value[i], most) == step;
            for (run = 1; (i + run) % 24 && (step_of(week->value[i + run], most) == step) == own;)
                run++;
            if (own)
                put_path(page, "M* *h*", chart->left + wide * (i % 24),
                         chart->top + TALL * (i / 24) + TALL / 2.0, wide * run);
        }
        put(page, "\"/>");
    }
    if (week->share) {
        put(page, "<path class=\"late\" d=\"");
        for (int i = 0; i < WEEK_HOURS; i++)
            if (week->share[i] < 0.5)
                put_path(page, "M* *h0", chart->left + wide * (i % 24 + 0.5),
                         chart->top + TALL * (i / 24 + 0.5));
        put(page, "\"/>");
    }
    put(page, "<path class=\"grid\" d=\"");
    for (int i = 0; i <= 24; i++)
        put_path(page, "M* *v*", chart->left + wide * i, chart->top, chart->height);
    for (int i = 0; i <= 7; i++)
        put_path(page, "M* *h*", chart->left, chart->top + (double)TALL * i, chart->width);
    put(page, "\"/>");
}

static void draw_week(struct page *page, const struct frame *frame, const void *what) {
    const struct week *week = what;
    struct chart chart = chart_in(frame, 6, 7 * TALL);
    chart_scales(page, &chart);
    if (chart_shared(page, frame, &chart, 0)) {
        put_fields(page, week, &chart);
        chart_shared_close(page);
    }
    for (int day = 0; day < 7; day++)
        buf_format(page->out, "<text class=\"axis end\" x=\"%.0f\" y=\"%d\">%s</text>",
                   chart.left - 7, 6 + TALL * day + 14, day_name(page, day));
    for (int hour = 0; hour < 24; hour += frame->narrow ? 6 : 3)
        buf_format(page->out, "<text class=\"axis mid\" x=\"%.1f\" y=\"%d\">%d</text>",
                   chart.left + chart.width / 24 * (hour + 0.5), 6 + TALL * 7 + 16, hour);
    put(page, "\n");
}

static void put_number(struct page *page, double value) {
    put_decimal(page, value, value < 10 ? 1 : 0);
}

static void put_scale(struct page *page, const struct week *week) {
    double most = largest(week);
    put(page, "<p class=\"legend\">");
    for (int i = 0; i <= STEPS; i++) {
        buf_format(page->out, "<span><i class=\"h%d\"></i>", i);
        if (i)
            put(page, tr(page, "to ", "do "));
        put_number(page, most * i / STEPS);
        put(page, "</span> ");
    }
    if (week->share)
        buf_format(page->out, "<span><i class=\"k-late\"></i>%s</span>",
                   tr(page, "fewer than half answered within an hour",
                      "mniej niż połowa z odpowiedzią w ciągu godziny"));
    put(page, "</p>");
}

void week_figure(struct page *page, const struct week *week) {
    const double height[2] = {170, 170};
    figure_open(page);
    put_brand_name(page, week->view);
    put(page, week->title);
    figure_plot(page, height, " data-chart=\"week\"", draw_week, week);
    put_scale(page, week);
    figure_note(page, week->note[0], week->note[1]);
    figure_table_begin(page);
    buf_format(page->out, "<thead><tr><th scope=\"col\">%s</th>", tr(page, "Hour", "Godzina"));
    for (int day = 0; day < 7; day++)
        buf_format(page->out, "<th scope=\"col\" class=\"num\">%s</th>", day_name(page, day));
    put(page, "</tr></thead><tbody>\n");
    for (int hour = 0; hour < 24; hour++) {
        buf_format(page->out, "<tr><th>%d:00", hour);
        for (int day = 0; day < 7; day++) {
            put(page, "<td>");
            put_number(page, week->value[day * 24 + hour]);
            if (week->share && isfinite(week->share[day * 24 + hour])) {
                put(page, "; ");
                put_percent(page, week->share[day * 24 + hour]);
            }
        }
    }
    figure_table_close(page);
    figure_close(page);
}

void mentions_week(struct page *page, const struct brand_view *view) {
    const struct grid *grid = &page->audit->grids[GRID_HOURLY];
    struct week week = {
        .view = view,
        .title = tr(page, ": mentions by hour of the week", ": wzmianki według godzin tygodnia"),
        .note = {"Mean mentions in that clock hour, local time, events included.",
                 "Średnia liczba wzmianek w tej godzinie zegarowej, czas lokalny, "
                 "razem ze zdarzeniami."}};
    int64_t hours[WEEK_HOURS] = {0};
    for (size_t i = 0; i < grid->times; i++) {
        int64_t local =
            grid->edges_s[i] + (page->zone ? zone_offset(page->zone, grid->edges_s[i]) : 0);
        int64_t since_monday = local - 4 * SECONDS_PER_DAY; /* 1970-01-05 was a Monday */
        int slot = (int)((since_monday / SECONDS_PER_HOUR) % WEEK_HOURS);
        if (slot < 0)
            continue;
        week.value[slot] += page_point(page, GRID_HOURLY, i, view->brand)->mentions;
        hours[slot]++;
    }
    for (int i = 0; i < WEEK_HOURS; i++)
        week.value[i] = hours[i] ? week.value[i] / (double)hours[i] : NAN;
    if (grid->times >= WEEK_HOURS)
        week_figure(page, &week);
}

void requests_week(struct page *page, const struct brand_view *view) {
    const struct hour_row *rows = page->audit->tables[TABLE_HOURS].rows;
    double share[WEEK_HOURS];
    struct week week = {
        .view = view,
        .share = share,
        .title = tr(page, ": requests by hour of the week", ": sprawy według godzin tygodnia"),
        .note = {
            "Requests per clock hour that the data cover; in the table also the share of them that "
            "was answered within an hour, from five requests on.",
            "Sprawy na godzinę zegarową objętą danymi; w tabeli także udział tych z odpowiedzią w "
            "ciągu godziny, od pięciu spraw."}};
    int fields = 0;
    for (int i = 0; i < WEEK_HOURS; i++)
        week.value[i] = share[i] = NAN;
    for (size_t i = 0; i < page->audit->tables[TABLE_HOURS].count; i++) {
        const struct hour_row *row = &rows[i];
        int slot = (row->weekday - 1) * 24 + row->hour;
        if (!span_is(FIELD_SPAN(row->brand), page->audit->brands.at[view->brand]) ||
            row->turns < 0 || slot < 0 || slot >= WEEK_HOURS)
            continue;
        week.value[slot] = row->turns_per_hour;
        if (row->observed_turns_1h >= SHARE_FROM)
            share[slot] = (double)row->answered_1h / row->observed_turns_1h;
        fields += row->turns > 0;
    }
    if (fields >= FIELDS_LEAST)
        week_figure(page, &week);
}
