/* chart: drawing a time series as SVG. A chart has a plot area in user units, a time scale and a
 * value scale from zero. Internal to the stage. */
#ifndef BURZA_REPORT_CHART_H
#define BURZA_REPORT_CHART_H

#include "stages/report/page.h"

struct chart {
    double left, top, width, height; /* the plot, in user units */
    int64_t from_s, to_s;
    double max;  /* the top of the value scale, a round number */
    double step; /* between its lines */
};

/* A bucket of a thinned series: of the original buckets in it, the largest values. */
struct chart_bucket {
    int64_t from_s, to_s;
    double mentions, negative, baseline;
};

struct chart_series {
    struct chart_bucket *buckets; /* [count], at most REPORT_POINTS + 1 */
    size_t count, merged;         /* merged: original buckets per bucket */
};

/* False when out of memory. */
bool chart_series_build(struct chart_series *series, const struct page *page, enum grid_id grid,
                        size_t brand, int64_t from_s, int64_t to_s) MUST_USE;
void chart_series_release(struct chart_series *series);

void chart_scale(struct chart *chart, double largest);
double chart_x(const struct chart *chart, int64_t second);
double chart_y(const struct chart *chart, double value);

void chart_value_axis(struct page *page, const struct chart *chart, const char *unit);
void chart_time_axis(struct page *page, const struct chart *chart);
enum chart_line { CHART_MENTIONS, CHART_NEGATIVE, CHART_BASELINE };
/* An area under steps (mentions, negative) or a line through the middles (baseline). */
void chart_area(struct page *page, const struct chart *chart, const struct chart_series *series,
                enum chart_line line);
/* Entries of a legend: what a mark of this class means. */
struct chart_key {
    const char *class, *name[2]; /* English, Polish */
};
void chart_keys(struct page *page, const struct chart_key *keys, size_t count);
/* Hatches the time that the dump does not cover. */
void chart_uncovered(struct page *page, const struct chart *chart, const struct brand_view *view);

#endif
