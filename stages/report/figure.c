/* Figures: their numbers, frames, legends and tables, and the periods that charts over the whole
 * time count by. */
#include "stages/report/figure.h"

const struct frame wide_frame = {.width = 880, .left = 50, .right = 10, .points = 800};
static const struct frame narrow_frame = {
    .width = 420, .left = 46, .right = 6, .points = 340, .narrow = true};

void figure_open(struct page *page) {
    unsigned number = ++page->figures;
    buf_format(page->out,
               "<figure class=\"figure\" id=\"f%u\">\n<p class=\"title\" id=\"f%ut\"><a "
               "class=\"number\" href=\"#f%u\">%s %u</a> ",
               number, number, number, tr(page, "Figure", "Rysunek"), number);
}

void figure_plot(struct page *page, const double height[2], const char *attributes,
                 figure_draw *draw, const void *what) {
    buf_format(page->out, "</p>\n<div class=\"plot\"%s>", attributes);
    for (int i = 0; i < 2; i++) {
        const struct frame *frame = i ? &narrow_frame : &wide_frame;
        buf_format(page->out,
                   "<svg class=\"chart %s\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" "
                   "aria-labelledby=\"f%ut\">\n",
                   frame->narrow ? "narrow" : "wide", frame->width, height[i], page->figures);
        draw(page, frame, what);
        put(page, "</svg>");
    }
    put(page, "</div>\n<figcaption>");
}

void figure_keys(struct page *page, const struct chart_key *keys, size_t count) {
    put(page, "<p class=\"legend\">");
    for (size_t i = 0; i < count; i++)
        buf_format(page->out, "<span><i class=\"%s\"></i>%s</span> ", keys[i].class,
                   keys[i].name[page->polish]);
    put(page, "</p>");
}

void figure_note(struct page *page, const char *english, const char *polish) {
    buf_format(page->out, "<p class=\"shows\">%s</p></figcaption>\n", tr(page, english, polish));
}

void table_head(struct page *page, const char *const titles[][2], size_t count, uint64_t numbers) {
    put(page, "<thead><tr>");
    for (size_t i = 0; i < count; i++)
        buf_format(page->out, "<th%s>%s</th>", numbers >> i & 1 ? "" : " class=\"t\"",
                   titles[i][page->polish]);
    put(page, "</tr></thead><tbody>\n");
}

void figure_table_begin(struct page *page) {
    buf_format(page->out,
               "<details class=\"data\"><summary>%s</summary><div class=\"scroll\"><table>"
               "<caption>%s %u: ",
               tr(page, "As a table", "Jako tabela"), tr(page, "Figure", "Rysunek"), page->figures);
    put(page, tr(page, "the figures behind it", "liczby, które pokazuje"));
    put(page, "</caption>");
}

void figure_table_open(struct page *page, const char *const titles[][2], size_t count,
                       uint64_t numbers) {
    figure_table_begin(page);
    table_head(page, titles, count, numbers);
}

void figure_table_close(struct page *page) {
    put(page, "</tbody></table></div></details>\n");
}

void figure_close(struct page *page) {
    put(page, "</figure>\n");
}

/* ---- periods ---- */

void periods_cut(const struct page *page, struct periods *periods) {
    static const struct {
        size_t days;
        const char *name[2];
    } lengths[] = {{1, {"by day", "dzień po dniu"}},
                   {7, {"by week", "tydzień po tygodniu"}},
                   {28, {"by four weeks", "co cztery tygodnie"}},
                   {91, {"by quarter (91 days)", "kwartał po kwartale (co 91 dni)"}},
                   {364, {"by year (364 days)", "rok po roku (co 364 dni)"}}};
    const struct grid *grid = &page->audit->grids[GRID_DAILY];
    *periods = (struct periods){.days = grid->times / PERIODS_MAX + 1,
                                .name = tr(page, "over time", "w czasie")};
    for (int i = 4; i >= 0; i--)
        if ((grid->times + lengths[i].days - 1) / lengths[i].days <= PERIODS_MAX) {
            periods->days = lengths[i].days;
            periods->name = lengths[i].name[page->polish];
        }
    for (size_t day = 0; day < grid->times; day += periods->days) {
        size_t end = day + periods->days < grid->times ? day + periods->days : grid->times;
        periods->at[periods->count++] =
            (struct period){grid->edges_s[day], grid->edges_s[end], day, end};
    }
}

struct tally_view period_tally(const struct page *page, const struct period *period, size_t brand) {
    struct tally_view sum = {0};
    for (size_t day = period->first_day; day < period->end_day; day++) {
        const struct grid_point *point = page_point(page, GRID_DAILY, day, brand);
        sum.mentions += point->mentions;
        sum.negative += point->negative;
        sum.neutral += point->neutral;
        sum.positive += point->positive;
    }
    return sum;
}

void put_period(struct page *page, const struct period *period) {
    put_date(page, period->from_s);
}
