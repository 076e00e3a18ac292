/* week: figures by hour of the week. Internal to the stage. */
#ifndef BURZA_WEEK_H
#define BURZA_WEEK_H

#include "stages/report/figure.h"

enum { WEEK_HOURS = 7 * 24 };
struct week {
    const struct brand_view *view;
    const char *title, *note[2]; /* the title follows the brand; the note in English and Polish */
    double value[WEEK_HOURS];    /* from Monday 0:00 local time; NAN: not known */
    const double *share;         /* [WEEK_HOURS] told beside it, 0..1; NULL: none */
};
void week_figure(struct page *page, const struct week *week);
void mentions_week(struct page *page, const struct brand_view *view);
/* How many requests come, and which share of them is answered within an hour. */
void requests_week(struct page *page, const struct brand_view *view);

#endif
