/* What is to happen: steady flows of talk and the events in them, as expected posts per minute in
 * millionths. plan_demo fills in the constants of the demonstration, plan_story (story_plan.c)
 * draws a plan from a seed; the truth file is computed from the plan. A plan is plain memory of the
 * caller.
 */
#ifndef GENERATOR_PLAN_H
#define GENERATOR_PLAN_H
#include <stddef.h>
#include <stdint.h>

#include "people.h"
#include "random.h"
#include "templates.h"

enum { DEMO_BEGIN_S = 1677628800, DEMO_DAYS = 61, PLAN_EVENTS = 40, PLAN_FLOWS = 400 };
enum event_kind { EVENT_CRISIS, EVENT_BURST, EVENT_FLOOD, EVENT_OUTAGE, EVENT_PROMOTION };

struct event {
    char name[32];
    const char *note;
    enum event_kind kind;
    enum topic topic;
    int brand;               /* BRAND_NONE: an outage */
    int64_t onset_s, stop_s; /* stop_s: last moment anything of it is planned */
    enum platform platform;  /* of an outage */
    int weekday;             /* of a promotion, 0 = Monday */
    uint32_t turn_permille;  /* a turn of mood: so much of the steady talk becomes outrage */
};

struct flow {
    enum topic topic;
    int brand; /* BRAND_NONE: small talk */
    enum platform platform;
    enum language language; /* LANG_XX: one of the smaller languages */
    int event;              /* index into the plan's events or -1 for steady talk */
    uint32_t per_day_milli; /* steady talk: posts on an average day */
    int64_t onset_s;        /* event talk: start, minutes of rise, half-life and height */
    uint32_t rise_min, half_life_min, peak_per_hour_milli;
};

struct plan {
    int64_t begin_s;
    uint32_t days;
    uint64_t salt; /* makes the days of one plan differ from those of another */
    struct event events[PLAN_EVENTS];
    int event_count;
    struct flow flows[PLAN_FLOWS];
    size_t flow_count;
};

/* Heights of one event's flows */
struct wave {
    int64_t delay_s;
    uint32_t rise_min, half_life_min, peak_per_hour_milli;
};

void plan_demo(struct plan *plan);
void plan_story(struct plan *plan, uint64_t seed);

/* Building blocks of both: the usual talk at a size in thousandths per brand, and one event's */
void plan_add_flow(struct plan *plan, struct flow flow);
void plan_add_steady(struct plan *plan, const uint32_t *size_milli);
void plan_add_wave(struct plan *plan, int event, struct wave wave, bool whole_posts);
void plan_add_promotion(struct plan *plan, int event, uint32_t size_milli);
uint32_t plan_minutes(const struct plan *plan);

/* Expected posts of this flow in the minute that begins at begin_s + 60 * minute, millionths */
uint64_t plan_rate_micro(const struct plan *plan, const struct flow *flow, uint32_t minute);
/* A Poisson-like count (32 coin tosses) with that expectation */
uint32_t plan_draw(uint64_t rate_micro, struct random *random);
/* What somebody means who posts about the topic; for LANG_XX about a brand always STANCE_OTHER */
enum stance plan_stance(enum topic topic, enum language language, bool event,
                        struct random *random);
/* The turn of mood that this brand is in, or -1 */
int plan_turn(const struct plan *plan, int brand, int64_t epoch_s);
#endif
