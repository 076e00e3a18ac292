/* Shares of negative, neutral and positive mentions over time, as stacked bars and as a table. */
#include "stages/report/chart.h"

enum { PALE_BELOW = 10 };

struct mood {
    const struct brand_view *view;
    struct periods periods;
};

/* All bars of a kind as strokes of one path: negative, neutral or positive; pale where few were
 * scored. The last period may be shorter; its bar is as wide as the others. */
static void put_bars(struct page *page, const struct chart *chart, const struct mood *mood,
                     int part, bool pale) {
    static const char *const classes[] = {"neg", "neu", "pos"};
    double wide = chart_x(chart, mood->periods.at[0].to_s) - chart->left;
    buf_format(page->out, "<path class=\"column %s%s\" stroke-width=\"%.1f\" d=\"", classes[part],
               pale ? " pale" : "", wide > 2.4 ? wide - 1.2 : wide);
    for (size_t i = 0; i < mood->periods.count; i++) {
        const struct period *period = &mood->periods.at[i];
        struct tally_view tally = period_tally(page, period, mood->view->brand);
        const int64_t parts[3] = {tally.negative, tally.neutral, tally.positive};
        int64_t sum = tally_scored(&tally), below = 0;
        for (int k = 0; k < part; k++)
            below += parts[k];
        if (!parts[part] || (sum < PALE_BELOW) != pale)
            continue;
        put_path(page, "M* *V*",
                 (chart_x(chart, period->from_s) + chart_x(chart, period->to_s)) / 2,
                 chart_y(chart, (double)below / (double)sum),
                 chart_y(chart, (double)(below + parts[part]) / (double)sum));
    }
    put(page, "\"/>");
}

/* Where the crises were, as a line under the bars. */
static void put_crises(struct page *page, const struct chart *chart, const struct mood *mood) {
    const struct brand_view *view = mood->view;
    for (size_t i = 0; i < view->event_count; i++) {
        const struct event_view *event = &view->events[i];
        double x = chart_x(chart, event->row->onset), to = chart_x(chart, event->row->end);
        if (event->kind == EVENT_CRISIS)
            buf_format(page->out, "<path class=\"under\" d=\"M%.1f %.1fH%.1f\"/>", x,
                       chart->top - 5, to > x + 3 ? to : x + 3);
    }
}

static void draw_mood(struct page *page, const struct frame *frame, const void *what) {
    const struct mood *mood = what;
    struct chart chart = chart_in(frame, 16, 130);
    chart.max = 1;
    chart.from_s = mood->periods.at[0].from_s;
    chart.to_s = mood->periods.at[mood->periods.count - 1].to_s;
    chart_scales(page, &chart);
    if (chart_shared(page, frame, &chart, 0)) {
        for (int part = 0; part < 6; part++)
            put_bars(page, &chart, mood, part % 3, part >= 3);
        chart_shared_close(page);
    }
    put_crises(page, &chart, mood);
    for (int percent = 0; percent <= 100; percent += 50) {
        double y = chart_y(&chart, percent / 100.0);
        buf_format(page->out,
                   "<path class=\"%s\" d=\"M%.1f %.1fH%.1f\"/><text class=\"axis end\" x=\"%.1f\" "
                   "y=\"%.1f\">%d%%</text>",
                   percent ? "rule" : "zero", chart.left, y, chart.left + chart.width,
                   chart.left - 8, y + 4, percent);
    }
    put(page, "\n");
    chart_time_axis(page, &chart, frame_ticks(frame));
}

static void put_table(struct page *page, const struct mood *mood) {
    static const char *const titles[][2] = {
        {"From", "Od"},           {"Scored", "Ocenione"},    {"Negative", "Negatywne"},
        {"Neutral", "Neutralne"}, {"Positive", "Pozytywne"}, {"Net", "Saldo"}};
    figure_table_open(page, titles, 6, 0x3E);
    for (size_t i = 0; i < mood->periods.count; i++) {
        struct tally_view tally = period_tally(page, &mood->periods.at[i], mood->view->brand);
        const int64_t parts[3] = {tally.negative, tally.neutral, tally.positive};
        put(page, "<tr><th>");
        put_iso_date(page, mood->periods.at[i].from_s);
        put(page, "<td>");
        put_count(page, tally_scored(&tally));
        for (int part = 0; part < 3; part++) {
            put(page, "<td>");
            put_share(page, parts[part], tally_scored(&tally));
        }
        put(page, "<td>");
        put_signed(page, net_sentiment(&tally), 2);
    }
    figure_table_close(page);
}

void mood_figure(struct page *page, const struct brand_view *view) {
    static const struct chart_key keys[] = {
        {"neg", {"negative (bottom)", "negatywne (na dole)"}},
        {"neu", {"neutral (middle)", "neutralne (w środku)"}},
        {"pos", {"positive (top)", "pozytywne (u góry)"}},
        {"neu pale", {"pale: fewer than 10 scored", "blade: mniej niż 10 ocenionych"}},
        {"k-und", {"crisis", "kryzys"}},
    };
    const double height[2] = {182, 182};
    struct mood mood = {.view = view};
    periods_cut(page, &mood.periods);
    if (!mood.periods.count)
        return;
    figure_open(page);
    put_brand_name(page, view);
    buf_format(page->out, "%s%s", tr(page, ": sentiment ", ": wydźwięk wzmianek "),
               mood.periods.name);
    figure_plot(page, height, " data-chart=\"rows\"", draw_mood, &mood);
    figure_keys(page, keys, sizeof keys / sizeof *keys);
    figure_note(page, "Shares of the mentions whose sentiment could be scored.",
                "Udziały wśród wzmianek, których wydźwięk dało się ocenić.");
    put_table(page, &mood);
    figure_close(page);
}
