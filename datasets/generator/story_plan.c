/* A random plan: brands of other sizes, and events of every kind, drawn from the seed. */
#include "brands.h"
#include "civil_time.h"
#include "plan.h"

#include <stdio.h>

enum {
    QUIET_DAYS = 6, /* before the first event, so that there is something usual */
    EVENT_ROOM = 5, /* days that an event has for itself */
    TURN_SIZE =
        700, /* brands below this size (thousandths) have too few posts for a turn of mood */
    LEAST_PEAK_MILLI = 8000
};

struct story {
    struct plan *plan;
    struct random random;
    uint32_t size_milli[BRAND_COUNT + 1]; /* of the usual talk, small talk last */
};

static const uint16_t usual_per_day[BRAND_COUNT] = {80, 62, 51}; /* at size 1000 */

/* Small brands have 5 to 20 mentions a day, middle ones 40 to 130, big ones several hundred */
static void draw_sizes(struct story *story) {
    static const uint16_t wanted[3][2] = {{5, 16}, {40, 90}, {200, 250}};
    for (int i = 0; i < BRAND_COUNT; i++) {
        const uint16_t *range = wanted[random_below(&story->random, 3)];
        uint32_t per_day = range[0] + random_below(&story->random, range[1]);
        story->size_milli[i] = per_day * 1000 / usual_per_day[i];
    }
    story->size_milli[BRAND_COUNT] = 1000;
}

/* Three to ten weeks, mostly with a change of the clocks inside */
static void draw_span(struct story *story) {
    static const int64_t changes_s[2] = {1679788800, 1698537600}; /* 2023-03-26, 2023-10-29 */
    struct plan *plan = story->plan;
    plan->days = 21 + random_below(&story->random, 50);
    int64_t change_s = changes_s[random_below(&story->random, 2)];
    plan->begin_s = change_s - (int64_t)random_below(&story->random, plan->days + 20) * DAY_S;
}

static int event_add(struct story *story, struct event event, const char *word) {
    struct plan *plan = story->plan;
    if (plan->event_count == PLAN_EVENTS)
        die("too many events", "story");
    int index = plan->event_count++;
    snprintf(event.name, sizeof event.name, "%s-%s-%d",
             event.brand == BRAND_NONE ? "all" : brands[event.brand].id, word, index);
    plan->events[index] = event;
    return index;
}

/* Height of an event: so many times the brand's average hour, and never so low that a few dozen
 * posts would be all of it */
static uint32_t peak_milli(const struct story *story, int brand, uint32_t times) {
    uint32_t hour_milli = usual_per_day[brand] * story->size_milli[brand] / 24;
    uint32_t peak = hour_milli * times;
    return peak > LEAST_PEAK_MILLI ? peak : LEAST_PEAK_MILLI;
}

static void add_crisis(struct story *story, int brand, int64_t onset_s) {
    struct random *random = &story->random;
    struct event event = {.kind = EVENT_CRISIS,
                          .topic = random_chance(random, 500) ? TOPIC_NORVIA_LEAK
                                                              : TOPIC_KURIEREX_PARCELS,
                          .brand = brand,
                          .onset_s = onset_s,
                          .stop_s = onset_s + 5 * DAY_S};
    uint32_t sudden = peak_milli(story, brand, 8 + random_below(random, 20));
    uint32_t slow = peak_milli(story, brand, 5 + random_below(random, 6));
    uint32_t half_life = 240 + random_below(random, 360);
    bool turns = story->size_milli[brand] >= TURN_SIZE;
    switch (random_below(random, turns ? 5 : 4)) {
    case 0:
        event.note = "sudden";
        plan_add_wave(story->plan, event_add(story, event, "crisis"),
                      (struct wave){0, 5 + random_below(random, 26), half_life, sudden}, false);
        break;
    case 1:
        event.note = "rises for hours";
        plan_add_wave(story->plan, event_add(story, event, "crisis"),
                      (struct wave){0, 60 + random_below(random, 181), half_life, sudden}, false);
        break;
    case 2:
        event.note = "rises for a day";
        plan_add_wave(story->plan, event_add(story, event, "crisis"),
                      (struct wave){0, 1440, 2 * half_life, slow}, false);
        break;
    case 3: {
        event.note = "second wave after a day";
        int index = event_add(story, event, "crisis");
        plan_add_wave(story->plan, index, (struct wave){0, 30, half_life, sudden}, false);
        plan_add_wave(story->plan, index, (struct wave){DAY_S, 60, half_life, sudden}, false);
        break;
    }
    default:
        event.note = "turn of mood, no more talk";
        event.stop_s = onset_s + (2 * DAY_S + (int64_t)random_below(random, DAY_S));
        event.turn_permille = 600 + random_below(random, 200);
        event_add(story, event, "turn");
        break;
    }
}

/* Mostly joy; one in four is news that brings more of the usual talk, complaints included */
static void add_campaign(struct story *story, int brand, int64_t onset_s) {
    struct random *random = &story->random;
    bool news = random_chance(random, 250);
    struct event event = {.note = news ? "news: more of the usual talk"
                                       : "positive: advertisement that people like",
                          .kind = EVENT_BURST,
                          .topic = news ? brands[brand].topic : TOPIC_LAKOWIANKA_CAMPAIGN,
                          .brand = brand,
                          .onset_s = onset_s,
                          .stop_s = onset_s + 5 * DAY_S};
    int index = event_add(story, event, news ? "news" : "campaign");
    uint32_t times = 8 + random_below(random, 16);
    plan_add_wave(story->plan, index,
                  (struct wave){0, 20 + random_below(random, 100), 300 + random_below(random, 300),
                                peak_milli(story, brand, times)},
                  false);
}

static void add_flood(struct story *story, int brand, int64_t onset_s) {
    struct random *random = &story->random;
    int index = event_add(story,
                          (struct event){.note = "four accounts repeat one text",
                                         .kind = EVENT_FLOOD,
                                         .topic = TOPIC_KURIEREX_FLOOD,
                                         .brand = brand,
                                         .onset_s = onset_s,
                                         .stop_s = onset_s + 60 * (15 + random_below(random, 45))},
                          "flood");
    uint32_t per_hour = 300 + random_below(random, 420);
    plan_add_flow(story->plan, (struct flow){.topic = TOPIC_KURIEREX_FLOOD,
                                             .brand = brand,
                                             .platform = PLATFORM_TWITTER,
                                             .event = index,
                                             .peak_per_hour_milli = per_hour * 1000});
}

static void add_promotion(struct story *story, int brand) {
    int index = event_add(story,
                          (struct event){.note = "weekly promotion",
                                         .kind = EVENT_PROMOTION,
                                         .topic = TOPIC_LAKOWIANKA_PROMO,
                                         .brand = brand,
                                         .weekday = (int)random_below(&story->random, 7)},
                          "promotion");
    uint32_t size = story->size_milli[brand] * (500 + random_below(&story->random, 600)) / 1000;
    plan_add_promotion(story->plan, index, size);
}

/* The brand's events in random order, each alone in its part of the time, begun by day */
static void draw_brand(struct story *story, int brand) {
    struct random *random = &story->random;
    enum event_kind kinds[8];
    uint32_t count = 0, room = (story->plan->days - QUIET_DAYS) / EVENT_ROOM;
    uint32_t wanted[3] = {random_below(random, 4), random_below(random, 3),
                          brand == 1 ? random_below(random, 3) : random_below(random, 2)};
    for (int kind = 0; kind < 3; kind++)
        for (uint32_t i = 0; i < wanted[kind]; i++)
            kinds[count++] = (enum event_kind)kind;
    for (uint32_t i = count; i > 1; i--) {
        uint32_t other = random_below(random, i);
        enum event_kind kind = kinds[i - 1];
        kinds[i - 1] = kinds[other];
        kinds[other] = kind;
    }
    if (count > room)
        count = room;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t slot = (story->plan->days - QUIET_DAYS) / count;
        uint32_t day = QUIET_DAYS + i * slot + random_below(random, slot - EVENT_ROOM + 1);
        int64_t onset_s = story->plan->begin_s + day * DAY_S +
                          60 * (int64_t)(6 * 60 + random_below(random, 14 * 60));
        static void (*const add[])(struct story *, int, int64_t) = {add_crisis, add_campaign,
                                                                    add_flood};
        add[kinds[i]](story, brand, onset_s);
    }
    if (random_chance(random, 400))
        add_promotion(story, brand);
}

static void add_outage(struct story *story, enum platform platform, int64_t onset_s,
                       int64_t stop_s) {
    static const char *const notes[PLATFORM_COUNT] = {
        "nothing was collected from Twitter", "nothing was collected from Reddit",
        "nothing was collected by the listening tool"};
    event_add(story,
              (struct event){.note = notes[platform],
                             .kind = EVENT_OUTAGE,
                             .topic = TOPIC_COUNT,
                             .brand = BRAND_NONE,
                             .onset_s = onset_s,
                             .stop_s = stop_s,
                             .platform = platform},
              "outage");
}

/* Up to two outages of half a day, also in the middle of a crisis; sometimes a late beginning */
static void draw_outages(struct story *story) {
    struct random *random = &story->random;
    struct plan *plan = story->plan;
    int events = plan->event_count;
    for (uint32_t n = random_below(random, 3); n > 0; n--) {
        int64_t onset_s = plan->begin_s + 3 * DAY_S +
                          (int64_t)random_below(random, (plan->days - 5) * 24) * HOUR_S;
        const struct event *amid =
            events ? &plan->events[random_below(random, (uint32_t)events)] : NULL;
        if (amid && amid->kind == EVENT_CRISIS && random_chance(random, 600))
            onset_s = amid->onset_s + (1 + (int64_t)random_below(random, 10)) * HOUR_S;
        add_outage(story, (enum platform)random_below(random, PLATFORM_COUNT), onset_s,
                   onset_s + (4 + (int64_t)random_below(random, 16)) * HOUR_S);
    }
    if (random_chance(random, 300))
        add_outage(story, (enum platform)random_below(random, PLATFORM_COUNT), plan->begin_s,
                   plan->begin_s + (int64_t)(24 + random_below(random, 240)) * HOUR_S);
}

void plan_story(struct plan *plan, uint64_t seed) {
    struct story story = {.plan = plan};
    *plan = (struct plan){.salt = random_mix(seed)};
    random_init(&story.random, seed, 3);
    draw_sizes(&story);
    draw_span(&story);
    plan_add_steady(plan, story.size_milli);
    for (int brand = 0; brand < BRAND_COUNT; brand++)
        draw_brand(&story, brand);
    draw_outages(&story);
}
