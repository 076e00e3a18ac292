/* Care in one table and one figure for all brands: how many asked, how many were answered, and how
 * soon. */
#include "stages/care/proportion.h"
#include "stages/report/chart.h"
#include "stages/report/row_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { PANEL = 74, CURVES_MAX = 12 };

const struct response_row *response_of(const struct page *page, const struct brand_view *view,
                                       const char *period) {
    const struct response_row *rows = page->audit->tables[TABLE_RESPONSE].rows;
    for (size_t i = 0; i < page->audit->tables[TABLE_RESPONSE].count; i++)
        if (span_is(FIELD_SPAN(rows[i].brand), page->audit->brands.at[view->brand]) &&
            strcmp(rows[i].account, "all") == 0 && strcmp(rows[i].channel, "all") == 0 &&
            strcmp(rows[i].period, period) == 0)
            return &rows[i];
    return NULL;
}

static void put_known_share(struct page *page, double share) {
    put(page, "<td>");
    put_percent(page, share);
}

/* Turns inside the brand's crises, summed over them. */
static struct proportion in_crises(const struct page *page, const struct brand_view *view,
                                   int64_t *turns, int64_t *answered) {
    char period[32];
    *turns = *answered = 0;
    for (size_t i = 0; i < view->event_count; i++) {
        if (view->events[i].kind != EVENT_CRISIS)
            continue;
        snprintf(period, sizeof period, "crisis:%u", view->events[i].number);
        const struct response_row *row = response_of(page, view, period);
        if (row && row->turns > 0) {
            *turns += row->turns;
            *answered += row->answered;
        }
    }
    return proportion_wilson(*answered, *turns);
}

static void put_brand(struct page *page, const struct brand_view *view) {
    const struct response_row *row = response_of(page, view, "all");
    int64_t turns, answered;
    struct proportion crises = in_crises(page, view, &turns, &answered);
    put(page, "<tr><th>");
    put_brand_link(page, view);
    if (!row || row->turns < 0) {
        put(page, "<td class=\"t\" colspan=\"7\">");
        put(page, tr(page, "not known: no account of the brand, or none of its posts in the data",
                     "nie wiadomo: nie podano konta marki albo w danych nie ma jego wpisów"));
        return;
    }
    put(page, "<td>");
    put_count(page, row->received);
    put(page, "<td>");
    put_count(page, row->turns);
    put(page, "<td>");
    put_share_limits(page, row->answered, row->turns);
    put(page, "<td>");
    put_wait(page, row->frt_median_s);
    if (isfinite(row->frt_median_low_s)) {
        put(page, " <small>(");
        put_wait(page, row->frt_median_low_s);
        put(page, DASH);
        put_wait(page, row->frt_median_high_s);
        put(page, ")</small>");
    }
    put_known_share(page, row->km_1h);
    put_known_share(page, row->km_24h);
    put(page, "<td>");
    if (turns >= 31)
        put_percent(page, crises.share);
    else
        put(page, DASH);
}

void care_table(struct page *page) {
    static const char *const titles[][2] = {
        {"Brand", "Marka"},
        {"Messages", "Wiadomości"},
        {"Requests", "Sprawy"},
        {"Answered", "Z odpowiedzią"},
        {"Half answered within", "Połowa z odpowiedzią w ciągu"},
        {"Within 1 h", "W ciągu 1 h"},
        {"Within 24 h", "W ciągu 24 h"},
        {"Answered in crises", "Z odpowiedzią w kryzysach"}};
    buf_format(page->out, "<div class=\"scroll\"><table class=\"rows\"><caption>%s</caption>",
               tr(page, "Care in figures; in brackets 95% limits",
                  "Obsługa w liczbach; w nawiasach granice 95%"));
    table_head(page, titles, 8, 0xFE);
    for (size_t i = 0; i < page->brand_count; i++)
        if (view_detailed(&page->brands[i]))
            put_brand(page, &page->brands[i]);
    put(page, "</tbody></table></div>\n");
}

/* ---- the share answered by then, over time on a logarithmic scale ---- */

struct curves {
    const struct brand_view *view[CURVES_MAX];
    const struct response_row *row[CURVES_MAX];
    size_t count;
};
struct knot {
    double wait_s, share;
};

static int compare_knots(const void *a, const void *b) {
    const struct knot *x = a, *y = b;
    return (x->wait_s > y->wait_s) - (x->wait_s < y->wait_s);
}

/* What the table knows of the curve of Kaplan and Meier. */
static size_t knots_of(const struct response_row *row, struct knot *knots) {
    const struct knot all[] = {{900, row->km_15m},       {3600, row->km_1h},
                               {14400, row->km_4h},      {86400, row->km_24h},
                               {row->frt_median_s, 0.5}, {row->frt_p75_s, 0.75},
                               {row->frt_p90_s, 0.9}};
    size_t count = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (isfinite(all[i].share) && isfinite(all[i].wait_s) && all[i].wait_s >= 300 &&
            all[i].wait_s <= 172800)
            knots[count++] = all[i];
    qsort(knots, count, sizeof *knots, compare_knots);
    return count;
}

static double wait_x(const struct chart *chart, double wait_s) {
    return chart->left + chart->width * log(wait_s / 300) / log(172800.0 / 300);
}

static void draw_curves(struct page *page, const struct frame *frame, const void *what) {
    static const struct {
        double wait_s;
        const char *name;
    } ticks[] = {{300, "5" THIN "min"},
                 {900, "15" THIN "min"},
                 {3600, "1" THIN "h"},
                 {14400, "4" THIN "h"},
                 {86400, "24" THIN "h"}};
    const struct curves *curves = what;
    struct chart chart = chart_in(frame, 0, PANEL - 24);
    chart.max = 1;
    for (size_t b = 0; b < curves->count; b++) {
        struct knot knots[8];
        size_t count = knots_of(curves->row[b], knots);
        chart.top = 20 + PANEL * (double)b;
        for (int half = 0; half <= 2; half++)
            buf_format(
                page->out,
                "<path class=\"%s\" d=\"M%.0f %.1fh%.0f\"/><text class=\"axis end\" x=\"%.0f\" "
                "y=\"%.1f\">%d%%</text>",
                half ? "rule" : "zero", chart.left, chart_y(&chart, half / 2.0), chart.width,
                chart.left - 6, chart_y(&chart, half / 2.0) + 4, half * 50);
        for (int rule = 2; rule < 5; rule += 2)
            buf_format(page->out, "<path class=\"pointer\" d=\"M%.1f %.1fv%.1f\"/>",
                       wait_x(&chart, ticks[rule].wait_s), chart.top, chart.height);
        put(page, "<path class=\"line\" d=\"");
        for (size_t i = 0; i < count; i++)
            put_path(page, i ? "L* *" : "M* *", wait_x(&chart, knots[i].wait_s),
                     chart_y(&chart, knots[i].share));
        put(page, "\"/><path class=\"knots\" d=\"");
        for (size_t i = 0; i < count; i++)
            put_path(page, "M* *h0", wait_x(&chart, knots[i].wait_s),
                     chart_y(&chart, knots[i].share));
        buf_format(page->out, "\"/><text class=\"note\" x=\"%.0f\" y=\"%.1f\">", chart.left,
                   chart.top - 5);
        put_cut(page, page_brand_name(page, curves->view[b]->brand), 44);
        put(page, "</text>\n");
    }
    for (int i = 0; i < 5; i++)
        buf_format(page->out, "<text class=\"axis mid\" x=\"%.1f\" y=\"%.1f\">%s</text>",
                   wait_x(&chart, ticks[i].wait_s), chart.top + chart.height + 18, ticks[i].name);
    put(page, "\n");
}

void care_curves(struct page *page) {
    static const char *const titles[][2] = {
        {"Brand", "Marka"}, {"15 min", "15 min"}, {"1 h", "1 h"}, {"4 h", "4 h"}, {"24 h", "24 h"}};
    struct curves curves = {.count = 0};
    struct knot knots[8];
    for (size_t i = 0; i < page->brand_count && curves.count < CURVES_MAX; i++) {
        const struct response_row *row =
            view_detailed(&page->brands[i]) ? response_of(page, &page->brands[i], "all") : NULL;
        if (!row || knots_of(row, knots) < 2)
            continue;
        curves.view[curves.count] = &page->brands[i];
        curves.row[curves.count++] = row;
    }
    if (!curves.count)
        return;
    const double each = 26 + PANEL * (double)curves.count, height[2] = {each, each};
    figure_open(page);
    put(page, tr(page, "How soon requests were answered", "Jak szybko odpowiadano na sprawy"));
    figure_plot(page, height, "", draw_curves, &curves);
    figure_note(
        page,
        "Share of first requests answered by then (Kaplan-Meier: who still waits when the data "
        "end counts as waiting); joined by straight lines between the points that are known. "
        "Rules at 1 h and 24 h.",
        "Udział pierwszych spraw, na które do tego czasu odpowiedziano (Kaplan-Meier: kto czeka "
        "jeszcze na końcu danych, liczy się jako czekający); znane punkty połączono odcinkami. "
        "Linie przy 1 h i 24 h.");
    figure_table_open(page, titles, 5, 0x1E);
    for (size_t b = 0; b < curves.count; b++) {
        put(page, "<tr><th>");
        put_brand_name(page, curves.view[b]);
        put_known_share(page, curves.row[b]->km_15m);
        put_known_share(page, curves.row[b]->km_1h);
        put_known_share(page, curves.row[b]->km_4h);
        put_known_share(page, curves.row[b]->km_24h);
    }
    figure_table_close(page);
    figure_close(page);
}
