/* figure: a numbered figure of the page: title, chart, legend, one line on what it shows, and the
 * same as a table. Each chart is drawn twice, for wide and for narrow screens; the style sheet
 * shows one. Internal to the stage. */
#ifndef BURZA_FIGURE_H
#define BURZA_FIGURE_H

#include "stages/report/page.h"

/* What a chart is drawn on, in user units. */
struct frame {
    double width, left, right; /* of the whole, and its margins */
    int points;                /* of a series, at most */
    bool narrow;
};

extern const struct frame wide_frame;

/* Draws into page->out what stands in the <svg>. */
typedef void figure_draw(struct page *page, const struct frame *frame, const void *what);

/* Opens the figure, whose address is "#f" and its number, up to its title, which the caller
 * writes. */
void figure_open(struct page *page);
/* After the title: both drawings. `height` for wide and narrow frames. `attributes`: further ones
 * of the <div> around, for the script; "" for none. */
void figure_plot(struct page *page, const double height[2], const char *attributes,
                 figure_draw *draw, const void *what);
/* Entries of a legend: what a mark of this class means. */
struct chart_key {
    const char *class, *name[2]; /* English, Polish */
};
void figure_keys(struct page *page, const struct chart_key *keys, size_t count);
/* What the figure shows and by which unit it counts; ends the caption. */
void figure_note(struct page *page, const char *english, const char *polish);
/* The figure's table up to its head, which the caller writes. */
void figure_table_begin(struct page *page);
/* The table of the figure, closed at first: `titles` of its columns, of which the bits of `numbers`
 * are right-aligned. Rows are the caller's. */
void figure_table_open(struct page *page, const char *const titles[][2], size_t count,
                       uint64_t numbers);
void figure_table_close(struct page *page);
void figure_close(struct page *page);

/* The head of any table. */
void table_head(struct page *page, const char *const titles[][2], size_t count, uint64_t numbers);

/* ---- periods: the shortest of day, week, .. that cuts the time into at most PERIODS_MAX ---- */

enum { PERIODS_MAX = 80 };
struct period {
    int64_t from_s, to_s;
    size_t first_day, end_day; /* in the daily grid */
};
struct periods {
    struct period at[PERIODS_MAX + 1];
    size_t count, days; /* days per period */
    const char *name;   /* "by week" */
};
void periods_cut(const struct page *page, struct periods *periods);
struct tally_view period_tally(const struct page *page, const struct period *period, size_t brand);
/* "1 March 2023", of a longer period its first day. */
void put_period(struct page *page, const struct period *period);

#endif
