/* The hours of the week: when a brand is talked about, and when its requests come and are
 * answered; a field an hour. */
#include "stages/report/week.h"

#include <math.h>
#include <stdlib.h>

enum { STEPS = 5 };

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

static void draw_week(struct page *page, const struct frame *frame, const void *what) {
    static const char *const classes[] = {"h0", "h1", "h2", "h3", "h4", "h5", "hx"};
    const struct week *week = what;
    double left = 44, wide = (frame->width - left - 4) / 24, tall = 20, most = largest(week);
    for (int step = 0; step <= STEPS + 1; step++) {
        buf_format(page->out, "<path class=\"%s\" d=\"", classes[step]);
        for (int i = 0; i < WEEK_HOURS; i++)
            if (step_of(week->value[i], most) == step)
                put_path(page, "M* *h*v*h*z", left + wide * (i % 24) + 0.7,
                         6 + tall * (i / 24) + 0.7, wide - 1.4, tall - 1.4, 1.4 - wide);
        put(page, "\"/>");
    }
    for (int day = 0; day < 7; day++)
        buf_format(page->out, "<text class=\"axis end\" x=\"%.0f\" y=\"%.0f\">%s</text>", left - 7,
                   6 + tall * day + 14, day_name(page, day));
    for (int hour = 0; hour < 24; hour += frame->narrow ? 6 : 3)
        buf_format(page->out, "<text class=\"axis mid\" x=\"%.1f\" y=\"%.1f\">%d</text>",
                   left + wide * (hour + 0.5), 6 + tall * 7 + 16, hour);
    put(page, "\n");
}

static void put_number(struct page *page, const struct week *week, double value) {
    if (week->share)
        put_percent(page, value);
    else
        put_decimal(page, value, value < 10 ? 1 : 0);
}

static void put_scale(struct page *page, const struct week *week) {
    double most = largest(week);
    put(page, "<p class=\"legend\">");
    for (int i = 0; i <= STEPS; i++) {
        buf_format(page->out, "<span><i class=\"h%d\"></i>", i);
        if (i)
            put(page, tr(page, "to ", "do "));
        put_number(page, week, most * i / STEPS);
        put(page, "</span> ");
    }
    put(page, "</p>");
}

void week_figure(struct page *page, const struct week *week) {
    const double height[2] = {170, 170};
    figure_open(page);
    put_brand_name(page, week->view);
    put(page, week->title);
    figure_plot(page, height, "", draw_week, week);
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
            put_number(page, week, week->value[day * 24 + hour]);
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

void requests_week(struct page *page, const struct brand_view *view, bool answered) {
    const struct hour_row *rows = page->audit->tables[TABLE_HOURS].rows;
    struct week week = {
        .view = view,
        .share = answered,
        .title = answered ? tr(page, ": share answered within an hour, by hour of the week",
                               ": udział odpowiedzi w ciągu godziny, według godzin tygodnia")
                          : tr(page, ": requests by hour of the week",
                               ": sprawy według godzin tygodnia"),
        .note = {
            answered ? "Of the requests that came in that hour and were watched for an hour; empty "
                       "under five of them."
                     : "Requests per clock hour that the data cover.",
            answered
                ? "Wśród spraw, które przyszły w tej godzinie i które widać przez godzinę; puste, "
                  "gdy jest ich mniej niż pięć."
                : "Sprawy na godzinę zegarową objętą danymi."}};
    double sum = 0;
    for (int i = 0; i < WEEK_HOURS; i++)
        week.value[i] = NAN;
    for (size_t i = 0; i < page->audit->tables[TABLE_HOURS].count; i++) {
        const struct hour_row *row = &rows[i];
        int slot = (row->weekday - 1) * 24 + row->hour;
        if (!span_is(FIELD_SPAN(row->brand), page->audit->brands.at[view->brand]) ||
            row->turns < 0 || slot < 0 || slot >= WEEK_HOURS)
            continue;
        sum += row->turns;
        if (!answered)
            week.value[slot] = row->turns_per_hour;
        else if (row->observed_turns_1h >= 5)
            week.value[slot] = (double)row->answered_1h / row->observed_turns_1h;
    }
    if (sum > 0)
        week_figure(page, &week);
}
