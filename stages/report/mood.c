/* Shares of negative, neutral and positive mentions over time, as stacked bars and as a table. */
#include "stages/report/chart.h"

#include <stdlib.h>

enum { BARS_MAX = 80, PALE_BELOW = 10 };

struct period {
    int64_t from_s, to_s;
    struct tally_view tally;
};

struct periods {
    struct period at[BARS_MAX + 1];
    size_t count, days; /* days per period */
    const char *name;
};

static int64_t scored(const struct tally_view *tally) {
    return tally->negative + tally->neutral + tally->positive;
}

/* The shortest of day, week, four weeks, .. that gives at most BARS_MAX periods. */
static void cut_periods(const struct page *page, size_t brand, struct periods *periods) {
    static const struct {
        size_t days;
        const char *name[2];
    } lengths[] = {{1, {"by day", "dzień po dniu"}},
                   {7, {"by week", "tydzień po tygodniu"}},
                   {28, {"by four weeks", "co cztery tygodnie"}},
                   {91, {"by quarter (91 days)", "kwartał po kwartale (co 91 dni)"}},
                   {364, {"by year (364 days)", "rok po roku (co 364 dni)"}}};
    const struct grid *grid = &page->audit->grids[GRID_DAILY];
    *periods = (struct periods){.days = grid->times / BARS_MAX + 1,
                                .name = tr(page, "over time", "w czasie")};
    for (int i = 4; i >= 0; i--)
        if ((grid->times + lengths[i].days - 1) / lengths[i].days <= BARS_MAX) {
            periods->days = lengths[i].days;
            periods->name = lengths[i].name[page->polish];
        }
    for (size_t day = 0; day < grid->times; day++) {
        struct period *period = &periods->at[day / periods->days];
        const struct grid_point *point = page_point(page, GRID_DAILY, day, brand);
        if (day % periods->days == 0)
            period->from_s = grid->edges_s[day];
        period->to_s = grid->edges_s[day + 1];
        period->tally.mentions += point->mentions;
        period->tally.negative += point->negative;
        period->tally.neutral += point->neutral;
        period->tally.positive += point->positive;
        periods->count = day / periods->days + 1;
    }
}

static void put_part(struct page *page, const struct chart *chart, const char *class, double x,
                     double width, double from, double to) {
    double top = chart_y(chart, to), bottom = chart_y(chart, from);
    if (to > from)
        buf_format(page->out,
                   "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                   class, x, top, width, bottom - top);
}

static void put_plot(struct page *page, const struct chart *chart, const struct periods *periods) {
    for (size_t i = 0; i < periods->count; i++) {
        const struct period *period = &periods->at[i];
        double x = chart_x(chart, period->from_s) + 0.6;
        double width = chart_x(chart, period->to_s) - 0.6 - x;
        int64_t sum = scored(&period->tally);
        if (sum <= 0)
            continue;
        double negative = (double)period->tally.negative / (double)sum;
        double neutral = (double)period->tally.neutral / (double)sum;
        put(page, sum < PALE_BELOW ? "<g class=\"pale\">" : "<g>");
        put_part(page, chart, "neg", x, width, 0, negative);
        put_part(page, chart, "neu", x, width, negative, negative + neutral);
        put_part(page, chart, "pos", x, width, negative + neutral, 1);
        put(page, "</g>");
    }
    for (int percent = 0; percent <= 100; percent += 50) {
        double y = chart_y(chart, percent / 100.0);
        buf_format(page->out,
                   "<path class=\"%s\" d=\"M%.1f %.1fH%.1f\"/><text class=\"axis end\" x=\"%.1f\" "
                   "y=\"%.1f\">%d%%</text>",
                   percent ? "rule" : "zero", chart->left, y, chart->left + chart->width,
                   chart->left - 8, y + 4, percent);
    }
    put(page, "\n");
    chart_time_axis(page, chart);
}

static void put_figures(struct page *page, const struct periods *periods) {
    put(page, "<details><summary>");
    put(page, tr(page, "The same in figures", "To samo w liczbach"));
    put(page,
        "</summary><div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">");
    put(page, tr(page, "From", "Od"));
    static const char *const titles[][2] = {{"Mentions", "Wzmianki"},
                                            {"Negative", "Negatywne"},
                                            {"Neutral", "Neutralne"},
                                            {"Positive", "Pozytywne"},
                                            {"Net", "Saldo"}};
    for (int i = 0; i < 5; i++)
        buf_format(page->out, "</th><th scope=\"col\" class=\"num\">%s", titles[i][page->polish]);
    put(page, "</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < periods->count; i++) {
        const struct tally_view *tally = &periods->at[i].tally;
        const int64_t parts[3] = {tally->negative, tally->neutral, tally->positive};
        put(page, "<tr><th scope=\"row\">");
        put_date(page, periods->at[i].from_s);
        put(page, "</th><td class=\"num\">");
        put_count(page, tally->mentions);
        for (int part = 0; part < 3; part++) {
            put(page, "</td><td class=\"num\">");
            put_share(page, parts[part], scored(tally));
        }
        put(page, "</td><td class=\"num\">");
        put_signed(page, net_sentiment(tally), 2);
        put(page, "</td></tr>\n");
    }
    put(page, "</tbody></table></div></details>\n");
}

void mood_chart(struct page *page, const struct brand_view *view) {
    static const struct chart_key keys[] = {
        {"neg", {"negative (bottom)", "negatywne (na dole)"}},
        {"neu", {"neutral (middle)", "neutralne (w środku)"}},
        {"pos", {"positive (top)", "pozytywne (u góry)"}},
        {"neu pale", {"pale: fewer than 10 mentions", "blade: mniej niż 10 wzmianek"}},
    };
    struct chart chart = {.left = 52, .top = 12, .width = 900, .height = 130, .max = 1};
    struct periods *periods = malloc(sizeof *periods);
    if (!periods) {
        page->out->failed = true;
        return;
    }
    cut_periods(page, view->brand, periods);
    if (periods->count) {
        const char *name = periods->name;
        chart.from_s = periods->at[0].from_s;
        chart.to_s = periods->at[periods->count - 1].to_s;
        buf_format(page->out,
                   "<h3>%s %s</h3>\n<figure><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                   "aria-labelledby=\"m%zu\"><svg class=\"chart\" viewBox=\"0 0 960 176\" "
                   "role=\"img\" aria-labelledby=\"m%zu m%zud\"><title id=\"m%zu\">",
                   tr(page, "Sentiment", "Wydźwięk"), name, view->brand, view->brand, view->brand,
                   view->brand);
        put_text(page, page_brand_name(page, view->brand));
        buf_format(page->out, "%s%s</title><desc id=\"m%zud\">%s</desc>\n",
                   tr(page, ": sentiment ", ": wydźwięk wzmianek "), name, view->brand,
                   tr(page,
                      "Stacked shares: negative at the bottom, neutral in the middle, positive on "
                      "top. The figures follow in a table.",
                      "Udziały ułożone warstwami: negatywne na dole, neutralne w środku, pozytywne "
                      "u góry. Liczby podaje tabela poniżej."));
        put_plot(page, &chart, periods);
        put(page, "</svg></div>\n<figcaption><p class=\"legend\">");
        chart_keys(page, keys, sizeof keys / sizeof *keys);
        put(page, "</p></figcaption></figure>\n");
        put_figures(page, periods);
    }
    free(periods);
}
