#include "plan.h"

#include "brands.h"
#include "civil_time.h"

/* Share of a day's talk per local hour, mean 1000 */
static const uint16_t hours[24] = {420,  220,  110,  70,   60,   110,  330,  700,
                                   1020, 1190, 1240, 1230, 1270, 1240, 1200, 1220,
                                   1290, 1380, 1500, 1640, 1790, 1830, 1360, 680};
static const uint16_t weekdays[7] = {1050, 1030, 1040, 1020, 980, 900, 980};

void plan_add_flow(struct plan *plan, struct flow flow) {
    if (plan->flow_count == PLAN_FLOWS)
        die("too many flows", "plan");
    plan->flows[plan->flow_count++] = flow;
}

uint32_t plan_minutes(const struct plan *plan) {
    return plan->days * (DAY_S / 60);
}

void plan_add_steady(struct plan *plan, const uint32_t *size_milli) {
    static const uint16_t per_day[4][PLATFORM_COUNT][3] = {/* topic, platform, pl en other */
                                                           {{34, 11, 1}, {11, 6, 0}, {15, 2, 0}},
                                                           {{27, 7, 1}, {8, 3, 0}, {14, 2, 0}},
                                                           {{22, 5, 0}, {6, 3, 0}, {13, 2, 0}},
                                                           {{148, 74, 16}, {56, 38, 4}, {6, 2, 0}}};
    static const enum topic topics[4] = {TOPIC_NORVIA, TOPIC_KURIEREX, TOPIC_LAKOWIANKA,
                                         TOPIC_DAILY};
    static const enum language languages[3] = {LANG_PL, LANG_EN, LANG_XX};
    for (int t = 0; t < 4; t++)
        for (int p = 0; p < PLATFORM_COUNT; p++)
            for (int l = 0; l < 3; l++)
                if (per_day[t][p][l])
                    plan_add_flow(plan,
                                  (struct flow){.topic = topics[t],
                                                .brand = topic_brand(topics[t]),
                                                .platform = (enum platform)p,
                                                .language = languages[l],
                                                .event = -1,
                                                .per_day_milli = per_day[t][p][l] * size_milli[t]});
}

/* Talk spreads: Polish Twitter first, then English, then Reddit and the portals. With whole_posts
 * heights are cut to whole posts per hour, as the demonstration always had them. */
void plan_add_wave(struct plan *plan, int event, struct wave wave, bool whole_posts) {
    static const struct {
        enum platform platform;
        enum language language;
        uint16_t share, delay_min;
    } ways[] = {{PLATFORM_TWITTER, LANG_PL, 600, 0},    {PLATFORM_TWITTER, LANG_EN, 170, 90},
                {PLATFORM_REDDIT, LANG_PL, 120, 50},    {PLATFORM_REDDIT, LANG_EN, 60, 150},
                {PLATFORM_LISTENING, LANG_PL, 140, 40}, {PLATFORM_LISTENING, LANG_EN, 20, 180}};
    const struct event *of = &plan->events[event];
    for (unsigned i = 0; i < sizeof ways / sizeof *ways; i++) {
        uint32_t peak = wave.peak_per_hour_milli * ways[i].share / 1000;
        plan_add_flow(
            plan,
            (struct flow){.topic = of->topic,
                          .brand = of->brand,
                          .platform = ways[i].platform,
                          .language = ways[i].language,
                          .event = event,
                          .onset_s = of->onset_s + wave.delay_s + 60 * (int64_t)ways[i].delay_min,
                          .rise_min = wave.rise_min,
                          .half_life_min = wave.half_life_min,
                          .peak_per_hour_milli = whole_posts ? peak / 1000 * 1000 : peak});
    }
}

void plan_add_promotion(struct plan *plan, int event, uint32_t size_milli) {
    static const struct {
        enum platform platform;
        uint32_t per_hour;
    } ways[] = {{PLATFORM_TWITTER, 4}, {PLATFORM_LISTENING, 2}};
    for (int i = 0; i < 2; i++)
        plan_add_flow(plan, (struct flow){.topic = plan->events[event].topic,
                                          .brand = plan->events[event].brand,
                                          .platform = ways[i].platform,
                                          .event = event,
                                          .peak_per_hour_milli = ways[i].per_hour * size_milli});
}

/* Between two local hours the profile moves in a straight line */
static uint64_t profile(int64_t epoch_s) {
    struct civil local = warsaw_from_epoch(epoch_s);
    uint64_t here = hours[local.hour], next = hours[(local.hour + 1) % 24];
    return (here * (60 - (uint64_t)local.minute) + next * (uint64_t)local.minute) / 60;
}

/* Days differ by about a fifth, alike for all talk about one topic */
static uint64_t day_factor(const struct plan *plan, enum topic topic, int64_t epoch_s) {
    uint64_t draw = random_mix((uint64_t)topic * 7919 + (uint64_t)(epoch_s / DAY_S) + plan->salt);
    return 820 + draw % 181 + (draw >> 32) % 181;
}

static uint64_t steady_rate(const struct plan *plan, const struct flow *flow, int64_t epoch_s) {
    uint64_t weekday = weekdays[warsaw_from_epoch(epoch_s).weekday];
    uint64_t rate = (uint64_t)flow->per_day_milli * 1000 / 1440;
    return rate * profile(epoch_s) / 1000 * weekday / 1000 *
           day_factor(plan, flow->topic, epoch_s) / 1000;
}

/* Straight rise, then a decay that halves every half_life_min, straight between the halvings;
 * two thirds of it sleep at night */
static uint64_t event_rate(const struct event *event, const struct flow *flow, int64_t epoch_s) {
    if (epoch_s < flow->onset_s || epoch_s >= event->stop_s)
        return 0;
    uint64_t minute = (uint64_t)(epoch_s - flow->onset_s) / 60,
             peak = (uint64_t)flow->peak_per_hour_milli * 1000 / 60;
    uint64_t rate;
    if (minute < flow->rise_min) {
        rate = peak * (minute + 1) / flow->rise_min;
    } else {
        uint64_t age = minute - flow->rise_min, halvings = age / flow->half_life_min,
                 rest = age % flow->half_life_min;
        rate = (peak >> halvings) * (2 * flow->half_life_min - rest) / (2 * flow->half_life_min);
    }
    return rate * (350 + 650 * profile(epoch_s) / 1250) / 1000;
}

static uint64_t promotion_rate(const struct event *event, const struct flow *flow,
                               int64_t epoch_s) {
    struct civil local = warsaw_from_epoch(epoch_s);
    bool open = local.weekday == event->weekday && local.hour >= 10 && local.hour < 20;
    return open ? (uint64_t)flow->peak_per_hour_milli * 1000 / 60 : 0;
}

static bool is_on(const struct event *event, int64_t epoch_s) {
    return epoch_s >= event->onset_s && epoch_s < event->stop_s;
}

uint64_t plan_rate_micro(const struct plan *plan, const struct flow *flow, uint32_t minute) {
    int64_t epoch_s = plan->begin_s + 60 * (int64_t)minute;
    if (flow->event < 0)
        return steady_rate(plan, flow, epoch_s);
    const struct event *event = &plan->events[flow->event];
    if (event->kind == EVENT_PROMOTION)
        return promotion_rate(event, flow, epoch_s);
    if (event->kind == EVENT_FLOOD)
        return is_on(event, epoch_s) ? (uint64_t)flow->peak_per_hour_milli * 1000 / 60 : 0;
    return event_rate(event, flow, epoch_s);
}

int plan_turn(const struct plan *plan, int brand, int64_t epoch_s) {
    for (int i = 0; i < plan->event_count; i++)
        if (plan->events[i].turn_permille && plan->events[i].brand == brand &&
            is_on(&plan->events[i], epoch_s))
            return i;
    return -1;
}

uint32_t plan_draw(uint64_t rate_micro, struct random *random) {
    uint32_t count = 0, toss = (uint32_t)(rate_micro * 4294 / 32);
    if (!rate_micro)
        return 0;
    for (int i = 0; i < 16; i++) {
        uint64_t two = random_next(random);
        count += ((uint32_t)two < toss) + ((uint32_t)(two >> 32) < toss);
    }
    return count;
}

struct choice {
    enum stance stance;
    uint16_t permille;
};

static enum stance draw_stance(const struct choice *choices, struct random *random) {
    uint32_t draw = random_below(random, 1000);
    while (draw >= choices->permille)
        draw -= (choices++)->permille;
    return choices->stance;
}

enum stance plan_stance(enum topic topic, enum language language, bool event,
                        struct random *random) {
    static const struct choice norvia[] = {{STANCE_COMPLAINT, 270}, {STANCE_CHURN, 30},
                                           {STANCE_QUESTION, 210},  {STANCE_PRAISE, 160},
                                           {STANCE_RECOMMEND, 50},  {STANCE_PURCHASE, 110},
                                           {STANCE_NEWS, 130},      {STANCE_IRONY, 40}};
    static const struct choice kurierex[] = {{STANCE_COMPLAINT, 310}, {STANCE_CHURN, 20},
                                             {STANCE_QUESTION, 220},  {STANCE_PRAISE, 170},
                                             {STANCE_RECOMMEND, 40},  {STANCE_PURCHASE, 120},
                                             {STANCE_NEWS, 80},       {STANCE_IRONY, 40}};
    static const struct choice lakowianka[] = {{STANCE_COMPLAINT, 150}, {STANCE_QUESTION, 150},
                                               {STANCE_PRAISE, 330},    {STANCE_RECOMMEND, 80},
                                               {STANCE_PURCHASE, 170},  {STANCE_NEWS, 90},
                                               {STANCE_IRONY, 30}};
    static const struct choice crisis[] = {{STANCE_OUTRAGE, 690},
                                           {STANCE_IRONY, 80},
                                           {STANCE_QUESTION, 80},
                                           {STANCE_NEWS, 110},
                                           {STANCE_DEFENCE, 40}};
    static const struct choice campaign[] = {
        {STANCE_JOY, 780}, {STANCE_NEWS, 120}, {STANCE_QUESTION, 100}};
    static const struct choice promotion[] = {{STANCE_PURCHASE, 450},
                                              {STANCE_PRAISE, 280},
                                              {STANCE_QUESTION, 110},
                                              {STANCE_COMPLAINT, 60},
                                              {STANCE_NEWS, 100}};
    if (language == LANG_XX && !event && topic_brand(topic) != BRAND_NONE)
        return STANCE_OTHER;
    switch (topic) {
    case TOPIC_NORVIA:
        return draw_stance(norvia, random);
    case TOPIC_KURIEREX:
        return draw_stance(kurierex, random);
    case TOPIC_LAKOWIANKA:
        return draw_stance(lakowianka, random);
    case TOPIC_NORVIA_LEAK:
    case TOPIC_KURIEREX_PARCELS:
        return draw_stance(crisis, random);
    case TOPIC_LAKOWIANKA_CAMPAIGN:
        return draw_stance(campaign, random);
    case TOPIC_LAKOWIANKA_PROMO:
        return draw_stance(promotion, random);
    case TOPIC_KURIEREX_FLOOD:
        return STANCE_SPAM;
    default:
        return STANCE_ANY;
    }
}

/* ---- the demonstration ---- */

enum { LEAK, PARCELS, CAMPAIGN, BOTS, GAP, THURSDAYS };

/* 2023-03-15 11:40, 2023-04-11 15:00, 2023-04-21 09:00, 2023-03-25 21:30 Warsaw time;
 * gap 2023-04-04 06:00-15:00 UTC; Thursdays 10:00-20:00 Warsaw time */
static const struct event demo_events[] = {
    [LEAK] = {"norvia-leak", "sudden: customer records of Norvia published", EVENT_CRISIS,
              TOPIC_NORVIA_LEAK, 0, 1678876800, 1679308800, 0, 0, 0},
    [PARCELS] = {"kurierex-parcels", "ramp: parcels of Kurierex found in a forest", EVENT_CRISIS,
                 TOPIC_KURIEREX_PARCELS, 1, 1681218000, 1681736400, 0, 0, 0},
    [CAMPAIGN] = {"lakowianka-campaign", "positive: singing cow advertisement", EVENT_BURST,
                  TOPIC_LAKOWIANKA_CAMPAIGN, 2, 1682060400, 1682578800, 0, 0, 0},
    [BOTS] = {"kurierex-bots", "four accounts repeat one text", EVENT_FLOOD, TOPIC_KURIEREX_FLOOD,
              1, 1679776200, 1679777700, 0, 0, 0},
    [GAP] = {"twitter-gap", "nothing was collected from Twitter", EVENT_OUTAGE, TOPIC_COUNT,
             BRAND_NONE, 1680588000, 1680620400, PLATFORM_TWITTER, 0, 0},
    [THURSDAYS] = {"lakowianka-thursdays", "weekly promotion, every Thursday", EVENT_PROMOTION,
                   TOPIC_LAKOWIANKA_PROMO, 2, 0, 0, 0, 3, 0},
};

void plan_demo(struct plan *plan) {
    static const uint32_t size_milli[4] = {1000, 1000, 1000, 1000};
    *plan = (struct plan){.begin_s = DEMO_BEGIN_S, .days = DEMO_DAYS};
    for (unsigned i = 0; i < sizeof demo_events / sizeof *demo_events; i++)
        plan->events[plan->event_count++] = demo_events[i];
    plan_add_steady(plan, size_milli);
    plan_add_wave(plan, LEAK, (struct wave){0, 20, 360, 110000}, true);
    plan_add_wave(plan, PARCELS, (struct wave){0, 240, 480, 58000}, true);
    plan_add_wave(plan, CAMPAIGN, (struct wave){0, 60, 540, 50000}, true);
    plan_add_flow(plan, (struct flow){.topic = TOPIC_KURIEREX_FLOOD,
                                      .brand = 1,
                                      .platform = PLATFORM_TWITTER,
                                      .event = BOTS,
                                      .peak_per_hour_milli = 600000});
    plan_add_promotion(plan, THURSDAYS, 1000);
}
