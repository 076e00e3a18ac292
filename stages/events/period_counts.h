/* period counts: a brand's mentions in a period of time, by label and platform. Internal to events.
 *
 * In: rows of a brand. Out: sums. Nothing is owned, nothing fails. */
#ifndef BURZA_PERIOD_COUNTS_H
#define BURZA_PERIOD_COUNTS_H

#include "stages/events/events.h"

enum { BEFORE_S = 28 * SECONDS_PER_DAY, AFTER_S = 30 * SECONDS_PER_DAY };

struct period_counts {
    int64_t mentions, negative, neutral, positive, reposts, scored, score_sum;
    int64_t platform[PLATFORM_COUNT];
    double days; /* covered time without events; of quiet periods only */
};

/* The event's rows of the range. */
struct period_counts count_period(const struct brand_events *events, const struct event *event,
                                  struct row_range range);
/* Everything in [from_s, to_s) outside the events and outside `self`, which may be none of them
 * yet. */
struct period_counts count_quiet(const struct brand_events *events, int64_t from_s, int64_t to_s,
                                 const struct event *self);

#endif
