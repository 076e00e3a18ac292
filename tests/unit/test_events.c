/* From planted mentions to events: what becomes a crisis, a burst, a flood, a slow burn or nothing;
 * and the figures of an event against ones computed by hand. */
#include "stages/events/event_facts.h"
#include "test_events_kit.h"

#include <math.h>

enum { DAYS = 42, EVENT_DAY = 30, HOUR = SECONDS_PER_HOUR, DAY = SECONDS_PER_DAY };
static const int64_t START = 1677628800; /* 2023-03-01 */

/* The same numbers on every machine. */
static uint32_t next_random(uint32_t *state) {
    *state = *state * 1664525U + 1013904223U;
    return *state >> 8;
}

/* What is planted on top of the usual talk. */
struct plan {
    int posts;           /* in the three hours of the event */
    int negative_of_ten; /* of them */
    int authors;         /* who write them */
    bool same_text;
    bool day_only; /* no post states more than its day */
    bool again;    /* the same once more, after five and a half hours of usual talk */
    bool burn;     /* instead: from EVENT_DAY on for a week, half of the usual posts are negative */
};

static void plant_one(struct kit *kit, int64_t second, int author, int label, const char *text) {
    char name[32], words[160];
    static uint32_t word = 7;
    snprintf(name, sizeof name, "author%d", author);
    snprintf(words, sizeof words, "norvia w%u w%u w%u w%u w%u", next_random(&word),
             next_random(&word), next_random(&word), next_random(&word), next_random(&word));
    kit_plant(kit, (struct planted){.second = second,
                                    .text = text ? text : words,
                                    .author = name,
                                    .label = (int8_t)label,
                                    .language = LANGUAGE_PL});
}

/* Six posts an hour, one in ten of them negative, and the plan. */
static void plant(struct kit *kit, const struct plan *plan) {
    uint32_t random = 1;
    int64_t event_from = START + EVENT_DAY * DAY + 12 * HOUR;
    for (int64_t slot = 0; slot < DAYS * 24 * 6; slot++) {
        int64_t second = START + slot * 600 + next_random(&random) % 600;
        bool burning = plan->burn && slot / 144 >= EVENT_DAY && slot / 144 < EVENT_DAY + 7;
        int label = next_random(&random) % 10 < (burning ? 5 : 1) ? LABEL_NEGATIVE : LABEL_NEUTRAL;
        if (next_random(&random) % 4) /* an uneven rate */
            plant_one(kit, second, (int)(next_random(&random) % 400), label, NULL);
        int64_t at = START + slot * 600 - event_from;
        bool loud = (at >= 0 && at < 3 * HOUR) ||
                    (plan->again && at >= 17 * HOUR / 2 && at < 23 * HOUR / 2);
        for (int i = 0; loud && i < plan->posts / 18; i++)
            plant_one(kit, START + slot * 600 + 599, 1000 + (int)(slot * 100 + i) % plan->authors,
                      i % 10 < plan->negative_of_ten ? LABEL_NEGATIVE : LABEL_POSITIVE,
                      plan->same_text ? "kup teraz tani kredyt norvia dla każdego" : NULL);
    }
}

static void check_found(const struct plan *plan, const char *kind) {
    struct kit kit;
    struct brand_events events;
    struct fault fault = {0};
    kit_begin(&kit);
    plant(&kit, plan);
    kit_build(&kit, START, START + DAYS * DAY - 1, 300);
    if (plan->day_only)
        memset(kit.table.time_precision, TIME_EXACT_DAY, kit.table.count);
    CHECK_INT(events_find(&kit.input, &events, &fault), STATUS_OK);
    size_t waves = plan->again ? 2 : 1;
    CHECK_INT(events.count, kind ? waves : 0);
    if (kind && events.count == waves) {
        const struct event *event = &events.at[0];
        int64_t from = START + EVENT_DAY * DAY + (plan->burn ? 0 : 12 * HOUR);
        CHECK_STR(episode_kind_name(event->verdict.kind), kind);
        CHECK_INT(event->by_share, plan->burn);
        CHECK(event->onset_low_s <= event->onset_s && event->onset_s <= event->onset_high_s);
        int64_t slack = plan->burn ? 2 * DAY : 1800;
        if (plan->day_only) /* a whole local day */
            from = START + EVENT_DAY * DAY - 2 * HOUR;
        CHECK(event->onset_s > from - slack && event->onset_s < from + slack);
        CHECK(event->facts.mentions >= plan->posts);
        CHECK_INT(events.busy.count, waves);
        CHECK(in_events(&events, event->onset_s) && !in_events(&events, event->end_s));
    }
    brand_events_release(&events);
    kit_end(&kit);
}

static void test_kinds(void) {
    check_found(&(struct plan){0}, NULL);
    check_found(&(struct plan){.posts = 540, .negative_of_ten = 8, .authors = 500}, "crisis");
    check_found(&(struct plan){.posts = 540, .negative_of_ten = 0, .authors = 500}, "burst");
    check_found(&(struct plan){.posts = 540, .negative_of_ten = 0, .authors = 3, .same_text = true},
                "flood");
    /* two waves with hours between them that are as usual are two crises */
    check_found(&(struct plan){.posts = 540, .negative_of_ten = 8, .authors = 500, .again = true},
                "crisis");
    check_found(&(struct plan){.burn = true}, "slow_burn");
    check_found(&(struct plan){.posts = 36, .authors = 499}, "burst");
    /* where in its day a post stands that states no more is chance: the day must have risen */
    check_found(&(struct plan){.posts = 36, .authors = 499, .day_only = true}, NULL);
    check_found(
        &(struct plan){.posts = 540, .negative_of_ten = 8, .authors = 500, .day_only = true},
        "crisis");
}

/* ---- replay ---- */

/* The planted crisis is told in its first hours; one that nobody is told of is listed as missed. */
static void test_replay(void) {
    static const struct plan plan = {.posts = 540, .negative_of_ten = 8, .authors = 500};
    struct kit kit;
    struct brand_events events;
    struct alarm_list alarms;
    struct fault fault = {0};
    int64_t from = START + EVENT_DAY * DAY + 12 * HOUR;
    kit_begin(&kit);
    plant(&kit, &plan);
    kit_build(&kit, START, START + DAYS * DAY - 1, 300);
    CHECK_INT(events_find(&kit.input, &events, &fault), STATUS_OK);
    CHECK_INT(events_replay(&events, 0.5, &alarms, &fault), STATUS_OK);
    CHECK(alarms.count >= 1 && events.count == 1);
    if (alarms.count && events.count) {
        const struct alarm *alarm = &alarms.at[0];
        CHECK(alarm->event == &events.at[0] && !alarm->again);
        CHECK(alarm->at_s > from && alarm->at_s <= from + HOUR);
        CHECK(alarm->seen >= 10 && alarm->seen_negative > alarm->seen / 2);
        CHECK_INT(alarm->channel[0], alarm->seen); /* all of Twitter */
        events.at[0].onset_s += DAY;               /* as if it had been another one */
        events.at[0].onset_low_s += DAY;
        events.at[0].end_s += DAY;
    }
    alarm_list_release(&alarms);
    CHECK_INT(events_replay(&events, 0.5, &alarms, &fault), STATUS_OK);
    CHECK(alarms.count >= 2 && alarms.at[0].event == NULL);
    if (alarms.count >= 2) {
        CHECK_INT(alarms.at[alarms.count - 1].at_s, -1);
        CHECK(alarms.at[alarms.count - 1].event == &events.at[0]);
    }
    alarm_list_release(&alarms);
    brand_events_release(&events);
    kit_end(&kit);
}

/* Ten an hour of Twitter and none of Reddit before; fifty an hour of both from hours 24 and 27 on.
 */
static void test_spread(void) {
    struct kit kit;
    struct brand_events events;
    struct spread_list list;
    struct fault fault = {0};
    kit_begin(&kit);
    for (int i = 0; i < 30 * 60; i++) {
        bool loud = i >= 24 * 60, reddit = i >= 27 * 60 && i % 2;
        if (loud || i % 6 == 0)
            kit_plant(&kit, (struct planted){.second = START + i * 60,
                                             .text = "raz dwa trzy",
                                             .channel = reddit,
                                             .label = LABEL_NEUTRAL,
                                             .language = LANGUAGE_PL});
    }
    kit_build(&kit, START, START + 30 * HOUR - 1, 3600);
    kit_event(&kit,
              (struct event){.onset_s = START + 24 * HOUR,
                             .onset_low_s = START + 23 * HOUR,
                             .end_s = START + 30 * HOUR},
              10, &events);
    CHECK_INT(event_spread(&events, &events.at[0], SPREAD_CHANNELS, &list, &fault), STATUS_OK);
    if (CHECK_INT(list.count, 2)) {
        CHECK_INT(list.at[0].group, 0);
        CHECK(list.at[0].left_low_s <= START + 24 * HOUR &&
              list.at[0].left_low_s >= START + 23 * HOUR);
        CHECK(list.at[0].left_high_s >= START + 24 * HOUR - 60 &&
              list.at[0].left_high_s <= START + 24 * HOUR + 600);
        CHECK(list.at[0].left_s >= list.at[0].left_low_s &&
              list.at[0].left_s <= list.at[0].left_high_s);
        CHECK_INT(list.at[1].group, 1);
        CHECK(llabs(list.at[1].left_s - START - 27 * HOUR) <= 600);
        CHECK(list.at[1].left_low_s >= START + 26 * HOUR + 30 * 60 &&
              list.at[1].left_high_s <= START + 27 * HOUR + 600);
        CHECK_INT(list.at[1].negative, 0);
        CHECK(list.at[1].usual <= 0 && fabs(list.at[0].usual - 70) < 1e-9);
    }
    CHECK(spread_first_is_sure(&list));
    list.at[1].left_s = list.at[0].left_high_s - 1; /* as if it might have been the other */
    CHECK(!spread_first_is_sure(&list));
    spread_list_release(&list);
    CHECK(!spread_first_is_sure(&list));
    CHECK_INT(event_spread(&events, &events.at[0], SPREAD_LANGUAGES, &list, &fault), STATUS_OK);
    CHECK_INT(list.count, 1);
    spread_list_release(&list);
    CHECK_INT(event_spread(&events, &events.at[0], SPREAD_TOPICS, &list, &fault), STATUS_OK);
    CHECK_INT(list.count, 0); /* none of them names a topic */
    spread_list_release(&list);
    brand_events_release(&events);
    kit_end(&kit);
}

/* ---- figures by hand ---- */

/* Two posts an hour for a day by four authors; an event of six hours with 5, 10, 20, 10, 5, 5
 * posts; two an hour again for a day. */
static void plant_figures(struct kit *kit) {
    static const int counts[] = {5, 10, 20, 10, 5, 5};
    static const char *const names[] = {"a", "b", "c", "d"};
    int number = 0;
    for (int hour = 0; hour < 54; hour++) {
        bool during = hour >= 24 && hour < 30;
        int count = during ? counts[hour - 24] : 2;
        for (int i = 0; i < count; i++, number++) {
            struct planted post = {.second = START + hour * HOUR + i * (HOUR / count),
                                   .text = "raz dwa trzy",
                                   .author = names[number % 4],
                                   .label = LABEL_NEUTRAL,
                                   .kind = during && i < 1 ? POST_REPOST : POST_ORIGINAL,
                                   .language = LANGUAGE_PL};
            if (during && i < 3) { /* new critics: x0 .. x2; x0 is friendly later */
                static const char *const critics[] = {"x0", "x1", "x2"};
                post.author = critics[i];
                post.label = LABEL_NEGATIVE;
                post.followers = 100 * (i + 1);
                post.channel = hour > 25;
                post.likes = hour == 26 && i == 2 ? 9 : 0;
            }
            if (hour == 40 && i == 0)
                post = (struct planted){.second = post.second,
                                        .text = "już dobrze",
                                        .author = "x0",
                                        .label = LABEL_POSITIVE};
            kit_plant(kit, post);
        }
    }
}

static void check_facts(const struct brand_events *events, struct event *event) {
    struct fault fault = {0};
    CHECK_INT(event_facts(events, event, &fault), STATUS_OK);
    const struct episode_facts *facts = &event->facts;
    CHECK_INT(facts->mentions, 55);
    CHECK_INT(facts->negative, 18);
    CHECK_INT(facts->neutral, 37);
    CHECK_INT(facts->before_mentions, 48);
    CHECK(facts->expected == 12 && facts->excess == 43);
    CHECK(facts->expected_negative == 0);
    CHECK_INT(facts->distinct_authors, 7);
    CHECK_INT(facts->usual_authors, 4);
    CHECK_INT(facts->top_text_mentions, 49); /* all but the six reposts */
    CHECK_INT(facts->platforms, 2);          /* 43 of Twitter where 12 are usual; 12 of Reddit */
    CHECK(facts->usual_per_day == 48 && facts->duration_hours == 6);
}

static void test_figures(void) {
    struct kit kit;
    struct brand_events events;
    struct event_statistics figures;
    struct fault fault = {0};
    kit_begin(&kit);
    plant_figures(&kit);
    kit_build(&kit, START, START + 54 * HOUR - 1, 3600);
    kit_event(&kit,
              (struct event){.onset_s = START + 24 * HOUR,
                             .peak_s = START + 26 * HOUR + HOUR / 2,
                             .end_s = START + 30 * HOUR},
              2, &events);
    check_facts(&events, &events.at[0]);
    CHECK_INT(event_statistics(&events, &events.at[0], &figures, &fault), STATUS_OK);
    CHECK(figures.negative_share == 18.0 / 55 && figures.negative_share_before == 0);
    CHECK(figures.repost_share == 6.0 / 55 && figures.top_text_share == 49.0 / 55);
    CHECK(figures.sentiment_before == 0 && figures.sentiment_during == -9.0 / 55);
    CHECK(figures.sentiment_after == 0.5 / 48);
    CHECK_INT(figures.doubling_s, -1);    /* three hours are too few to fit a growth to */
    CHECK_INT(figures.half_life_s, 3300); /* from 18 over the usual 2 to 9 over it */
    CHECK_INT(figures.recovered_at_s, START + 30 * HOUR);
    CHECK_INT(figures.new_authors, 3);
    CHECK_INT(figures.silent_authors, 2);
    CHECK_INT(figures.first_row, 48);
    CHECK_INT(figures.largest_row, 48 + 5 + 10 + 2);
    CHECK_INT(figures.amplifier_count, 3);
    CHECK_INT(kit.table.followers[figures.amplifiers[0]], 300);
    CHECK_INT(kit.table.followers[figures.amplifiers[2]], 100);
    struct carrier_list list;
    CHECK_INT(event_carriers(&events, &events.at[0], &list, &fault), STATUS_OK);
    if (CHECK_INT(list.count, 7)) {
        CHECK_INT(list.at[0].reach, 1800); /* six mentions with 300 followers */
        CHECK_INT(list.at[2].reach, 600);
        CHECK_INT(list.at[2].reposts, 6);
        CHECK_INT(list.at[2].negative, 6);
        CHECK(list.at[0].newcomer && list.at[2].newcomer && !list.at[3].newcomer);
        CHECK(list.at[3].reach == 0 && list.at[3].mentions >= list.at[4].mentions);
    }
    brand_events_release(&events);
    kit_end(&kit);
}

/* Nothing happened in the event's time, nothing was scored, and the dump ends with it. */
static void test_empty_event(void) {
    struct kit kit;
    struct brand_events events;
    struct event_statistics figures;
    struct fault fault = {0};
    kit_begin(&kit);
    kit_plant(&kit, (struct planted){.second = START, .text = "a", .label = LABEL_NONE});
    kit_build(&kit, START, START + 10 * HOUR, 3600);
    kit_event(&kit,
              (struct event){.onset_s = START + 2 * HOUR,
                             .peak_s = START + 3 * HOUR,
                             .end_s = START + 9 * HOUR},
              0, &events);
    CHECK_INT(event_facts(&events, &events.at[0], &fault), STATUS_OK);
    CHECK_INT(event_statistics(&events, &events.at[0], &figures, &fault), STATUS_OK);
    CHECK_INT(events.at[0].facts.mentions, 0);
    CHECK_INT(figures.first_row, ROW_NONE);
    CHECK_INT(figures.largest_row, ROW_NONE);
    CHECK(figures.sentiment_before != figures.sentiment_before); /* unknown is no 0 */
    CHECK_INT(figures.recovered_at_s, -1);
    struct carrier_list list;
    CHECK_INT(event_carriers(&events, &events.at[0], &list, &fault), STATUS_OK);
    CHECK_INT(list.count, 0);
    brand_events_release(&events);
    kit_end(&kit);
}

static void test_look_ups(void) {
    struct kit kit;
    struct brand_events events;
    kit_begin(&kit);
    for (int i = 0; i < 4; i++)
        kit_plant(&kit, (struct planted){.second = START + i * HOUR, .text = "a"});
    kit_build(&kit, START, START + 4 * HOUR - 1, 1800);
    kit_event(&kit, (struct event){.onset_s = START + HOUR, .end_s = START + 2 * HOUR}, 1.5f,
              &events);
    struct row_range range = brand_rows(&events, START + HOUR, START + 3 * HOUR);
    CHECK_INT(range.first, 1);
    CHECK_INT(range.last, 3);
    range = brand_rows(&events, START + 3 * HOUR, START + HOUR); /* no time: no rows */
    CHECK_INT(range.last, range.first);
    CHECK(!in_events(&events, START + HOUR - 1) && in_events(&events, START + HOUR));
    CHECK(in_events(&events, START + 2 * HOUR - 1) && !in_events(&events, START + 2 * HOUR));
    CHECK(expected_mentions(&events, START, START + 2 * HOUR) == 6);
    CHECK(expected_mentions(&events, START - DAY, START + DAY) == 12); /* of the dump's time only */
    brand_events_release(&events);
    kit_end(&kit);
}

int main(void) {
    test_kinds();
    test_replay();
    test_spread();
    test_figures();
    test_empty_event();
    test_look_ups();
    return tap_done();
}
