/* The brands side by side: a table, their share of voice and net sentiment over time with limits,
 * and all their episodes under one clock. */
#include "stages/care/proportion.h"
#include "stages/report/chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    BRANDS_LISTED = 500,
    PANELS_MAX = 40,
    PANEL = 84,
    TIGHT = 62,
    LANE = 22,
    LEAST = 10,
    LIMITS_UP_TO = 6
};

/* Brands that figures compare: the shown, of very many the most mentioned, in the audit's order. */
struct compared {
    const struct brand_view **at; /* [count] */
    size_t count;
    struct periods periods;
    struct tally_view *tallies; /* [count][periods.count] */
    int64_t *all;               /* [periods.count] mentions of all brands */
    double panel;               /* height of one, with its name */
    bool sentiment;             /* else share of voice */
};

/* ---- table ---- */

static void put_spark(struct page *page, const struct brand_view *view) {
    const struct grid *grid = &page->audit->grids[GRID_DAILY];
    size_t steps = grid->times < 60 ? grid->times : 60;
    int64_t sums[60] = {0}, most = 1;
    for (size_t i = 0; i < steps * (grid->times / (steps ? steps : 1)); i++)
        sums[i * steps / grid->times] += page_point(page, GRID_DAILY, i, view->brand)->mentions;
    for (size_t i = 0; i < steps; i++)
        most = sums[i] > most ? sums[i] : most;
    put(page, "<svg class=\"spark\" viewBox=\"0 0 120 22\" aria-hidden=\"true\"><path d=\"M0 22");
    for (size_t i = 0; i < steps; i++)
        put_path(page, "V*H*", 22 - 20.0 * (double)sums[i] / (double)most,
                 120.0 * (double)(i + 1) / (double)steps);
    put(page, "V22Z\"/></svg>");
}

static void put_brand_row(struct page *page, const struct brand_view *view, int64_t all) {
    const struct tally_view *tally = &view->all;
    int64_t scored = tally_scored(tally);
    put(page, "<tr><th scope=\"row\">");
    put_brand_link(page, view);
    put(page, "</th><td class=\"num\">");
    put_count(page, tally->mentions);
    put(page, "</td><td class=\"num\">");
    put_share(page, tally->mentions, all);
    put(page, "</td><td class=\"opt\">");
    put_spark(page, view);
    put(page, "</td><td class=\"num opt\">");
    if (view->authors)
        put_count(page, view->authors);
    else
        put(page, DASH);
    put(page, "</td><td class=\"num opt\">");
    put_count(page, scored);
    put(page, "</td><td class=\"opt\">");
    put_sentiment_bar(page, tally);
    put(page, "</td><td class=\"num\">");
    put_share(page, tally->negative, scored);
    put(page, "</td><td class=\"num opt\">");
    put_share(page, tally->positive, scored);
    put(page, "</td><td class=\"num\">");
    put_signed(page, net_sentiment(tally), 2);
    put(page, "</td><td class=\"num\">");
    if (view_quiet_reason(page, view) == QUIET_CALM)
        put_count(page, (int64_t)view->crisis_count);
    else
        put(page, DASH);
    put(page, "</td></tr>\n");
}

static void put_table(struct page *page) {
    static const struct {
        const char *title[2], *class;
    } columns[] = {{{"Brand", "Marka"}, ""},
                   {{"Mentions", "Wzmianki"}, "num"},
                   {{"Share of voice", "Udział głosu"}, "num"},
                   {{"Over time", "W czasie"}, "opt"},
                   {{"Authors", "Autorzy"}, "num opt"},
                   {{"Scored", "Ocenione"}, "num opt"},
                   {{"Sentiment", "Wydźwięk"}, "opt"},
                   {{"Negative", "Negatywne"}, "num"},
                   {{"Positive", "Pozytywne"}, "num opt"},
                   {{"Net", "Saldo"}, "num"},
                   {{"Crises", "Kryzysy"}, "num"}};
    int64_t all = 0;
    size_t listed = 0;
    for (size_t i = 0; i < page->brand_count; i++)
        all += page->brands[i].all.mentions;
    buf_format(page->out,
               "<div class=\"scroll\"><table class=\"brands sorts\"><caption>%s</caption>",
               tr(page, "The brands in figures", "Marki w liczbach"));
    put(page, "<thead><tr>");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        buf_format(page->out, "<th scope=\"col\" class=\"%s\">%s</th>", columns[i].class,
                   columns[i].title[page->polish]);
    put(page, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < page->brand_count && listed < BRANDS_LISTED; i++)
        if (page->brands[i].shown) {
            put_brand_row(page, &page->brands[i], all);
            listed++;
        }
    put(page, "</tbody></table></div>\n<p class=\"note\">");
    put_term(page, "share-of-voice", "Share of voice", "Udział głosu");
    put(page,
        tr(page,
           " is of the mentions of all brands of the audit. Negative and positive are shares of ",
           " liczy się wśród wzmianek wszystkich marek audytu. Negatywne i pozytywne to udziały "
           "wśród "));
    put_term(page, "scored", "scored mentions", "wzmianek ocenionych");
    put(page, tr(page, "; the others are in a language that is not scored. ",
                 "; pozostałe są w języku, którego wydźwięku się nie ocenia. "));
    put_term(page, "net-sentiment", "Net sentiment", "Saldo wydźwięku");
    put(page, tr(page,
                 " runs from \xE2\x88\x92"
                 "1 (all criticism) to +1 (all praise).",
                 " sięga od \xE2\x88\x92"
                 "1 (sama krytyka) do +1 (same pochwały)."));
    put(page, "</p>\n");
}

/* ---- share of voice and net sentiment: a panel a brand, one scale ---- */

static struct proportion value_of(const struct compared *c, size_t brand, size_t period) {
    const struct tally_view *tally = &c->tallies[brand * c->periods.count + period];
    if (!c->sentiment)
        return c->all[period] >= LEAST ? proportion_wilson(tally->mentions, c->all[period])
                                       : (struct proportion){NAN, NAN, NAN};
    int64_t voiced = tally->positive + tally->negative;
    if (voiced < LEAST)
        return (struct proportion){NAN, NAN, NAN};
    struct proportion p = proportion_wilson(tally->positive, voiced);
    return (struct proportion){2 * p.share - 1, 2 * p.low - 1, 2 * p.high - 1};
}

static double top_of(const struct compared *c) {
    double most = 0.1;
    for (size_t b = 0; b < c->count; b++)
        for (size_t i = 0; i < c->periods.count; i++)
            most = fmax(most, value_of(c, b, i).high);
    return c->sentiment ? 1 : fmin(1, ceil(most * 10) / 10);
}

/* y of a value in a panel whose scale runs from low to high. */
static double panel_y(const struct compared *c, const struct chart *chart, double value) {
    double low = c->sentiment ? -1 : 0;
    return chart->top + chart->height * (1 - (value - low) / (chart->max - low));
}

/* Limits as strokes, a period each; the values as steps. Nothing where they are not known. */
static void put_band(struct page *page, const struct compared *c, const struct chart *chart,
                     size_t brand) {
    double wide = chart_x(chart, c->periods.at[0].to_s) - chart->left;
    buf_format(page->out, "<path class=\"band\" stroke-width=\"%.1f\" d=\"", wide + 0.3);
    for (size_t i = 0; i < c->periods.count; i++) {
        struct proportion value = value_of(c, brand, i);
        if (isfinite(value.share))
            put_path(
                page, "M* *V*",
                (chart_x(chart, c->periods.at[i].from_s) + chart_x(chart, c->periods.at[i].to_s)) /
                    2,
                panel_y(c, chart, value.low), panel_y(c, chart, value.high));
    }
    put(page, "\"/><path class=\"line\" d=\"");
    bool down = false;
    for (size_t i = 0; i < c->periods.count; i++) {
        struct proportion value = value_of(c, brand, i);
        double x = chart_x(chart, c->periods.at[i].from_s), y = panel_y(c, chart, value.share);
        bool known = isfinite(value.share);
        if (known && !down)
            put_path(page, "M* *", x, y);
        else if (known)
            put_path(page, "V*", y);
        if (known)
            put_path(page, "H*", chart_x(chart, c->periods.at[i].to_s));
        down = known;
    }
    put(page, "\"/>");
}

static void draw_panels(struct page *page, const struct frame *frame, const void *what) {
    const struct compared *c = what;
    struct chart chart = chart_in(frame, 0, c->panel - 22);
    chart.from_s = c->periods.at[0].from_s;
    chart.to_s = c->periods.at[c->periods.count - 1].to_s;
    chart.max = top_of(c);
    for (size_t b = 0; b < c->count; b++) {
        chart.top = 18 + c->panel * (double)b;
        const double lines[3] = {c->sentiment ? -1 : 0, c->sentiment ? 0 : chart.max / 2,
                                 chart.max};
        for (int i = 0; i < 3; i++) {
            double y = panel_y(c, &chart, lines[i]);
            buf_format(page->out, "<path class=\"%s\" d=\"M%.1f %.1fh%.1f\"/>",
                       i == (c->sentiment ? 1 : 0) ? "zero" : "rule", chart.left, y, chart.width);
            if (i == 1 && !c->sentiment)
                continue;
            buf_format(page->out, "<text class=\"axis end\" x=\"%.1f\" y=\"%.1f\">", chart.left - 6,
                       y + 4);
            if (c->sentiment)
                put_signed(page, lines[i], 0);
            else
                buf_format(page->out, "%.0f%%", lines[i] * 100);
            put(page, "</text>");
        }
        buf_format(page->out, "<text class=\"note\" x=\"%.1f\" y=\"%.1f\">", chart.left,
                   chart.top - 5);
        put_cut(page, page_brand_name(page, c->at[b]->brand), 44);
        put(page, "</text>\n");
    }
    if (chart_shared(page, frame, &chart, 0)) {
        for (size_t b = 0; b < c->count; b++) {
            chart.top = 18 + c->panel * (double)b;
            put_band(page, c, &chart, b);
        }
        chart_shared_close(page);
    }
    struct chart whole = chart;
    whole.top = 18;
    whole.height = c->panel * (double)c->count - 22;
    chart_scales(page, &whole);
    chart_time_axis(page, &whole, frame_ticks(frame));
}

static void put_value(struct page *page, const struct compared *c, double value) {
    put(page, "<td>");
    if (c->sentiment)
        put_signed(page, value, 2);
    else
        put_percent(page, value);
}

static void put_panel_table(struct page *page, const struct compared *c) {
    bool limits = c->count <= LIMITS_UP_TO;
    figure_table_begin(page);
    put(page, "<thead><tr><th scope=\"col\">");
    put(page, tr(page, "From", "Od"));
    for (size_t b = 0; b < c->count; b++) {
        put(page, "</th><th scope=\"col\" class=\"num\">");
        put_brand_name(page, c->at[b]);
        if (limits)
            buf_format(page->out,
                       "</th><th scope=\"col\" class=\"num\">%s</th><th scope=\"col\" "
                       "class=\"num\">%s",
                       tr(page, "from", "od"), tr(page, "to", "do"));
    }
    put(page, "</th></tr></thead><tbody>");
    for (size_t i = 0; i < c->periods.count; i++) {
        put(page, "<tr><th>");
        put_iso_date(page, c->periods.at[i].from_s);
        for (size_t b = 0; b < c->count; b++) {
            struct proportion value = value_of(c, b, i);
            put_value(page, c, value.share);
            if (limits) {
                put_value(page, c, value.low);
                put_value(page, c, value.high);
            }
        }
    }
    figure_table_close(page);
}

static void put_panels(struct page *page, struct compared *c, bool sentiment) {
    const double each = 18 + c->panel * (double)c->count + 10, height[2] = {each, each};
    static const struct chart_key keys[] = {{"k-line", {"measured", "zmierzone"}},
                                            {"k-band", {"95% limits", "granice 95%"}}};
    c->sentiment = sentiment;
    figure_open(page);
    buf_format(page->out, "%s %s",
               sentiment ? tr(page, "Net sentiment", "Saldo wydźwięku")
                         : tr(page, "Share of voice", "Udział głosu"),
               c->periods.name);
    char attributes[64];
    snprintf(attributes, sizeof attributes, " data-chart=\"rows\" data-panels=\"%zu\"", c->count);
    figure_plot(page, height, attributes, draw_panels, c);
    figure_keys(page, keys, 2);
    if (sentiment)
        figure_note(page,
                    "One panel a brand, one scale. Nothing is drawn where fewer than 10 mentions "
                    "praise or criticise. Limits: Wilson.",
                    "Każda marka ma swoje pole, skala jest wspólna. Gdzie chwali lub krytykuje "
                    "mniej niż 10 wzmianek, nic nie narysowano. Granice: Wilsona.");
    else
        figure_note(page,
                    "Of the mentions of all brands of the audit; one panel a brand, one scale. "
                    "Limits: Wilson.",
                    "Wśród wzmianek wszystkich marek audytu; każda marka ma swoje pole, skala jest "
                    "wspólna. Granice: Wilsona.");
    put_panel_table(page, c);
    figure_close(page);
}

/* ---- all episodes under one clock ---- */

static const char *bar_class(enum event_kind kind) {
    static const char *const classes[EVENT_KINDS] = {"crisis", "burst", "flood", "turn"};
    return classes[kind];
}

static void draw_strip(struct page *page, const struct frame *frame, const void *what) {
    const struct compared *c = what;
    double indent = frame->narrow ? 0 : 90, step = frame->narrow ? LANE + 16 : LANE;
    struct chart chart = chart_in(frame, 6, step * (double)c->count);
    chart.left += indent;
    chart.width -= indent;
    if (frame->narrow) {
        chart.width += chart.left - 2;
        chart.left = 2;
    }
    chart.from_s = page->from_s;
    chart.to_s = page->to_s;
    chart_scales(page, &chart);
    for (size_t b = 0; b < c->count; b++) {
        const struct brand_view *view = c->at[b];
        double foot = chart.top + step * (double)(b + 1);
        buf_format(page->out, "<path class=\"rule\" d=\"M%.1f %.1fh%.1f\"/>", chart.left, foot,
                   chart.width);
        if (frame->narrow)
            buf_format(page->out, "<text class=\"note\" x=\"2\" y=\"%.1f\">", foot - LANE + 1);
        else
            buf_format(page->out, "<text class=\"note end\" x=\"%.1f\" y=\"%.1f\">", chart.left - 8,
                       foot - 6);
        put_cut(page, page_brand_name(page, view->brand), frame->narrow ? 44 : 18);
        put(page, "</text>");
        for (size_t i = 0; i < view->event_count; i++) {
            const struct event_view *event = &view->events[i];
            double x = chart_x(&chart, event->row->onset);
            double width = chart_x(&chart, event->row->end) - x;
            buf_format(page->out,
                       "<g class=\"bar %s\" data-to=\"e%zu-%zu\"><rect x=\"%.1f\" y=\"%.1f\" "
                       "width=\"%.1f\" height=\"%d\"/></g>",
                       bar_class(event->kind), view->brand, i, x, foot - LANE + 5,
                       width < 4 ? 4 : width, LANE - 10);
        }
        put(page, "\n");
    }
    chart_time_axis(page, &chart, frame_ticks(frame));
}

static void put_strip_table(struct page *page, const struct compared *c) {
    static const char *const titles[][2] = {{"Brand", "Marka"},
                                            {"Event", "Zdarzenie"},
                                            {"From", "Od"},
                                            {"To", "Do"},
                                            {"Mentions", "Wzmianki"}};
    figure_table_open(page, titles, 5, 0x10);
    for (size_t b = 0; b < c->count; b++)
        for (size_t i = 0; i < c->at[b]->event_count; i++) {
            const struct event_view *event = &c->at[b]->events[i];
            put(page, "<tr><th scope=\"row\">");
            put_brand_name(page, c->at[b]);
            buf_format(page->out, "</th><td><a href=\"#e%zu-%zu\">", c->at[b]->brand, i);
            put_mark(page, event);
            buf_format(page->out, "</a> %s</td><td>", word_kind(page, event->kind));
            put_moment(page, event->row->onset);
            put(page, "</td><td>");
            put_moment(page, event->row->end);
            put(page, "</td><td class=\"num\">");
            put_count(page, event->row->mentions);
            put(page, "</td></tr>\n");
        }
    figure_table_close(page);
}

static void put_strip(struct page *page, const struct compared *c) {
    static const struct chart_key keys[] = {
        {"k-scri", {"crisis", "kryzys"}},
        {"k-sbur", {"burst", "wzrost zainteresowania"}},
        {"k-sflo", {"flood", "zalew"}},
        {"k-stur", {"turn of mood", "zmiana nastroju"}},
    };
    const double height[2] = {36 + LANE * (double)c->count, 36 + (LANE + 16) * (double)c->count};
    size_t events = 0;
    for (size_t b = 0; b < c->count; b++)
        events += c->at[b]->event_count;
    if (!events || page->to_s <= page->from_s)
        return;
    figure_open(page);
    put(page, tr(page, "All events of the brands under one clock",
                 "Wszystkie zdarzenia marek na jednej osi czasu"));
    figure_plot(page, height, " data-chart=\"strip\"", draw_strip, c);
    figure_keys(page, keys, 4);
    figure_note(page, "From onset to end; the shortest are drawn wider than they were.",
                "Od początku do końca; najkrótsze narysowano szerzej, niż trwały.");
    put_strip_table(page, c);
    figure_close(page);
}

/* ---- all of it ---- */

static bool choose(struct page *page, struct compared *c) {
    c->panel = page->shown_count > 6 ? TIGHT : PANEL;
    c->at = malloc((page->brand_count + 1) * sizeof(const struct brand_view *));
    periods_cut(page, &c->periods);
    for (size_t i = 0; c->at && i < page->brand_count; i++)
        if (page->brands[i].shown && page->brands[i].all.mentions &&
            page->brands[i].rank < PANELS_MAX)
            c->at[c->count++] = &page->brands[i];
    c->tallies = calloc(c->count * c->periods.count + 1, sizeof *c->tallies);
    c->all = calloc(c->periods.count + 1, sizeof *c->all);
    for (size_t i = 0; c->tallies && c->all && i < c->periods.count; i++) {
        for (size_t b = 0; b < page->brand_count; b++)
            c->all[i] += period_tally(page, &c->periods.at[i], b).mentions;
        for (size_t b = 0; b < c->count; b++)
            c->tallies[b * c->periods.count + i] =
                period_tally(page, &c->periods.at[i], c->at[b]->brand);
    }
    return c->at && c->tallies && c->all;
}

enum status comparison_write(struct page *page, struct fault *fault) {
    struct compared c = {0};
    bool room = choose(page, &c);
    if (room) {
        put_table(page);
        if (c.count && c.periods.count) {
            if (page->brand_count > 1)
                put_panels(page, &c, false);
            put_panels(page, &c, true);
            put_strip(page, &c);
        }
    }
    free(c.at);
    free(c.tallies);
    free(c.all);
    return room ? STATUS_OK : fault_memory(fault);
}
