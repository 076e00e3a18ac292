/* chart: drawing a time series as SVG. A chart has a plot area in user units, a time scale and a
 * value scale from zero. Internal to the stage. */
#ifndef BURZA_REPORT_CHART_H
#define BURZA_REPORT_CHART_H

#include "stages/report/figure.h"

struct chart {
    double left, top, width, height; /* the plot, in user units */
    int64_t from_s, to_s;
    double max;  /* the top of the value scale, a round number */
    double step; /* between its lines */
};

/* A bucket of a thinned series: of the original buckets in it, the one with the most mentions, as
 * it was counted: so each share that is seen was measured. */
struct chart_bucket {
    int64_t from_s, to_s;
    double mentions, negative, baseline;
};

struct chart_series {
    struct chart_bucket *buckets; /* [count], at most `points` */
    size_t count, merged;         /* merged: original buckets per bucket */
};

/* False when out of memory. */
bool chart_series_build(struct chart_series *series, const struct page *page, enum grid_id grid,
                        size_t brand, int64_t from_s, int64_t to_s, int points) MUST_USE;
void chart_series_release(struct chart_series *series);

/* A plot of this height in the frame, from `top`. */
struct chart chart_in(const struct frame *frame, double top, double height);
void chart_scale(struct chart *chart, double largest);
double chart_x(const struct chart *chart, int64_t second);
double chart_y(const struct chart *chart, double value);

void chart_value_axis(struct page *page, const struct chart *chart, const char *unit);
/* At most `ticks` of them. */
void chart_time_axis(struct page *page, const struct chart *chart, int ticks);
static inline int frame_ticks(const struct frame *frame) {
    return frame->narrow ? 5 : 11;
}
/* Drawings of many points are written once, in the wide frame, and shown again in the narrow one,
 * whose plot has the same top and height: true when the caller is to draw them now. `close` after
 * what was drawn. `indent`: of the wide plot, beyond the frame's margin. */
bool chart_shared(struct page *page, const struct frame *frame, const struct chart *chart,
                  double indent) MUST_USE;
void chart_shared_close(struct page *page);
/* Tells the script where the plot lies and what it spans. */
void chart_scales(struct page *page, const struct chart *chart);
enum chart_line { CHART_MENTIONS, CHART_NEGATIVE, CHART_BASELINE };
/* An area under steps (mentions, negative) or a line through the middles (baseline). */
void chart_area(struct page *page, const struct chart *chart, const struct chart_series *series,
                enum chart_line line);
/* Hatches the time that the dump does not cover. */
void chart_uncovered(struct page *page, const struct chart *chart, const struct brand_view *view);

#endif
