/* What is to happen in the two months: steady flows of talk and the events in them, as expected
 * posts per minute in millionths. Pure arithmetic on constants; the truth file is computed from it.
 */
#ifndef GENERATOR_PLAN_H
#define GENERATOR_PLAN_H
#include <stddef.h>
#include <stdint.h>

#include "people.h"
#include "random.h"
#include "templates.h"

enum { PLAN_BEGIN_S = 1677628800, PLAN_DAYS = 61, PLAN_MINUTES = PLAN_DAYS * 1440 };
enum event_kind { EVENT_CRISIS, EVENT_BURST, EVENT_FLOOD, EVENT_OUTAGE, EVENT_PROMOTION };

struct event {
    const char *name, *note;
    enum event_kind kind;
    enum topic topic;
    int64_t onset_s, stop_s; /* stop_s: last moment anything of it is planned */
};
enum event_index {
    EVENT_LEAK,
    EVENT_PARCELS,
    EVENT_CAMPAIGN,
    EVENT_BOTS,
    EVENT_GAP,
    EVENT_THURSDAYS,
    EVENT_COUNT
};
extern const struct event plan_events[EVENT_COUNT];

struct flow {
    enum topic topic;
    enum platform platform;
    enum language language; /* LANG_XX: one of the smaller languages */
    int event;              /* index into plan_events or -1 for steady talk */
    uint32_t per_day;       /* steady talk: posts on an average day */
    int64_t onset_s;        /* event talk: start, minutes of rise, half-life and height */
    uint32_t rise_min, half_life_min, peak_per_hour;
};
size_t plan_flows(struct flow *flows, size_t capacity);
/* Expected posts of this flow in the minute that begins at PLAN_BEGIN_S + 60 * minute, millionths
 */
uint64_t plan_rate_micro(const struct flow *flow, uint32_t minute);
/* A Poisson-like count (32 coin tosses) with that expectation */
uint32_t plan_draw(uint64_t rate_micro, struct random *random);
enum stance plan_stance(const struct flow *flow, struct random *random);
#endif
