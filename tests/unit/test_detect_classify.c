/* Kind and severity of episodes, and rises of the negative share. */
#include "stages/detect/detect.h"
#include "tap.h"
#include "tests/quality/detect_noise.h"

#include <math.h>

static void test_severity(void) {
    CHECK_INT(severity_level(0.09, 5000, 50, 1), 0); /* nothing beside the usual */
    CHECK_INT(severity_level(5, 9, 50, 1), 0);       /* too few to speak of */
    CHECK_INT(severity_level(0.5, 50, 1.9, 1), 0);   /* never twice the usual */
    CHECK_INT(severity_level(0.1, 10, 2, 1), 1);
    CHECK_INT(severity_level(0.5, 49, 2, 1), 1);
    CHECK_INT(severity_level(0.5, 50, 2, 1), 2);
    CHECK_INT(severity_level(2, 250, 2, 1), 3);
    CHECK_INT(severity_level(8, 1250, 2, 1), 4);
    CHECK_INT(severity_level(1e9, 1e9, 1e9, 1e9), 4);
    /* both count: much for a small brand, or many for a large one, is half of it each */
    CHECK_INT(severity_level(8, 200, 9, 12), 3);
    CHECK_INT(severity_level(8, 20, 9, 12), 2);
    CHECK_INT(severity_level(0.3, 5000, 9, 12), 3);
    /* steep and long: a quarter each */
    CHECK_INT(severity_level(1, 150, 9, 23), 2);
    CHECK_INT(severity_level(1.7, 180, 9, 23), 2);
    CHECK_INT(severity_level(1.7, 180, 10, 23), 3);
    CHECK_INT(severity_level(1.7, 180, 9, 24), 3);
    CHECK_INT(severity_level(NAN, NAN, NAN, NAN), 0);
}

/* A brand of 200 mentions a day, 20 % negative; 800 mentions in 12 hours, 100 expected. */
static struct episode_facts usual_crisis(void) {
    return (struct episode_facts){.mentions = 800,
                                  .negative = 480,
                                  .neutral = 280,
                                  .positive = 40,
                                  .before_mentions = 5600,
                                  .before_negative = 1120,
                                  .expected = 100,
                                  .excess = 700,
                                  .expected_negative = 20,
                                  .negative_episode = true,
                                  .top_author_excess = 40,
                                  .top_text_mentions = 15,
                                  .distinct_authors = 300,
                                  .usual_authors = 150,
                                  .platforms = 1,
                                  .ratio = 9,
                                  .duration_hours = 12,
                                  .usual_per_day = 200};
}

/* A brand of eight mentions a day, a third of them negative; 40 mentions in a day, 8 expected. */
static void test_small_brand(void) {
    struct episode_facts facts = {.mentions = 40,
                                  .negative = 20,
                                  .neutral = 10,
                                  .positive = 10,
                                  .before_mentions = 200,
                                  .before_negative = 66,
                                  .expected = 8,
                                  .excess = 32,
                                  .expected_negative = 6,
                                  .ratio = 20,
                                  .duration_hours = 24,
                                  .usual_per_day = 8};
    CHECK_INT(episode_classify(&facts).kind, KIND_BURST); /* z 2.2 */
    facts.negative = 26;
    CHECK(episode_classify(&facts).negative_z >= 3);
    CHECK_INT(episode_classify(&facts).kind, KIND_CRISIS);
    facts.negative = 15; /* nine more than expected */
    CHECK_INT(episode_classify(&facts).kind, KIND_BURST);
}

static void test_kinds(void) {
    struct episode_facts facts = usual_crisis();
    struct episode_verdict verdict = episode_classify(&facts);
    CHECK_INT(verdict.kind, KIND_CRISIS);
    CHECK(fabs(verdict.days_of_criticism - 2.3) < 1e-9);
    CHECK_INT(verdict.severity_base, 3);
    CHECK_INT(verdict.severity, 3);
    CHECK(verdict.negative_z > 10);
    CHECK(fabs(verdict.excess_negative - 460) < 1e-9);
    CHECK_INT(verdict.moved, MOVED_BY_NOTHING);

    facts.negative_episode = false; /* no episode of its own, but far more than twice expected */
    CHECK_INT(episode_classify(&facts).kind, KIND_CRISIS);
    facts.expected_negative = 241; /* less than twice: criticism did not rise on its own */
    CHECK_INT(episode_classify(&facts).kind, KIND_BURST);

    facts = usual_crisis(); /* a campaign: three times the talk, less of it negative */
    facts.negative = 100;
    facts.expected_negative = 20;
    verdict = episode_classify(&facts);
    CHECK_INT(verdict.kind, KIND_BURST);
    CHECK(verdict.negative_z < 0);

    facts = usual_crisis(); /* the share rises by four points only, the excess is a quarter */
    facts.negative = 196;
    CHECK_INT(episode_classify(&facts).kind, KIND_BURST);
    facts.negative = 240; /* ten points */
    CHECK_INT(episode_classify(&facts).kind, KIND_CRISIS);

    facts = usual_crisis(); /* always criticised, now more: the excess is mostly negative */
    facts.before_negative = 3360;
    facts.negative = 480;
    facts.expected_negative = 60;
    verdict = episode_classify(&facts);
    CHECK(verdict.negative_z < 3);
    CHECK_INT(verdict.kind, KIND_CRISIS);
}

static void test_moves(void) {
    struct episode_facts facts = usual_crisis(); /* V 2.3, E 460: 3.3 */
    facts.platforms = 3;
    CHECK_INT(episode_classify(&facts).severity, 3);
    facts.ratio = 12;
    facts.duration_hours = 30;
    facts.negative = 540; /* 3.8 */
    struct episode_verdict verdict = episode_classify(&facts);
    CHECK_INT(verdict.severity_base, 3);
    CHECK_INT(verdict.severity, 4);
    CHECK_INT(verdict.moved, MOVED_BY_PLATFORMS);

    facts = usual_crisis(); /* noise stays noise, and four is the most */
    facts.platforms = 5;
    facts.ratio = 1.5;
    CHECK_INT(episode_classify(&facts).severity, 0);
    facts = usual_crisis();
    facts.platforms = 5;
    facts.usual_per_day = 20;
    CHECK_INT(episode_classify(&facts).severity, 4);
}

/* Criticism rose, the mentions did not: never a crisis; hours or days. */
static void test_share_only(void) {
    struct episode_facts facts = {.mentions = 300,
                                  .negative = 130,
                                  .before_mentions = 5600,
                                  .before_negative = 1120,
                                  .expected = 305,
                                  .excess = -5,
                                  .expected_negative = 61,
                                  .negative_episode = true,
                                  .share_only = true,
                                  .ratio = 1.2,
                                  .duration_hours = 36,
                                  .usual_per_day = 200};
    struct episode_verdict verdict = episode_classify(&facts);
    CHECK_INT(verdict.kind, KIND_MOOD_TURN);
    CHECK(fabs(verdict.excess_negative - 70) < 0.1); /* over the usual share of these mentions */
    CHECK_INT(verdict.severity, 2);
    facts.duration_hours = 100;
    CHECK_INT(episode_classify(&facts).kind, KIND_SLOW_BURN);
    CHECK_STR(episode_kind_name(KIND_MOOD_TURN), "mood_turn");
    CHECK_STR(episode_kind_name(KIND_SLOW_BURN), "slow_burn");
}

static void test_floods(void) {
    struct episode_facts facts = usual_crisis();
    facts.top_author_excess = 351;
    struct episode_verdict verdict = episode_classify(&facts);
    CHECK_INT(verdict.kind, KIND_FLOOD);
    CHECK_INT(verdict.moved, MOVED_BY_FEW_AUTHORS);
    CHECK_INT(verdict.severity, 2);

    facts = usual_crisis();
    facts.top_text_mentions = 400;
    facts.platforms = 3; /* bots on three platforms are still bots */
    verdict = episode_classify(&facts);
    CHECK_INT(verdict.kind, KIND_FLOOD);
    CHECK_INT(verdict.severity, 2);
    CHECK_INT(verdict.moved, MOVED_BY_ONE_TEXT);

    facts = usual_crisis(); /* a small rise: four people who said two things each are no flood */
    facts.mentions = 22;
    facts.negative = 15;
    facts.expected = 8;
    facts.excess = 14;
    facts.expected_negative = 2;
    facts.top_author_excess = 8;
    facts.top_text_mentions = 2;
    CHECK_INT(episode_classify(&facts).kind, KIND_CRISIS);
}

static void test_empty_facts(void) {
    struct episode_facts facts = {0};
    struct episode_verdict verdict = episode_classify(&facts);
    CHECK_INT(verdict.kind, KIND_BURST);
    CHECK_INT(verdict.severity, 0);
    CHECK(isfinite(verdict.negative_z));
    facts.negative = INT64_MAX / 2; /* nonsense in, no undefined behaviour */
    facts.mentions = -5;
    facts.usual_per_day = 1e-300;
    verdict = episode_classify(&facts);
    CHECK(verdict.severity >= 0 && verdict.severity <= 4);
    CHECK_STR(episode_kind_name(KIND_CRISIS), "crisis");
    CHECK_STR(episode_kind_name(KIND_BURST), "burst");
    CHECK_STR(episode_kind_name(KIND_FLOOD), "flood");
}

enum { DAYS = 120 };

struct shares {
    int32_t negative[DAYS], total[DAYS];
    uint8_t spike[DAYS];
};

static struct shares make_shares(double per_day, double share, uint64_t seed) {
    struct shares shares = {{0}, {0}, {0}};
    struct noise noise = {seed};
    for (int day = 0; day < DAYS; day++) {
        shares.negative[day] = noise_count(&noise, per_day * share, 1.3);
        shares.total[day] = shares.negative[day] + noise_count(&noise, per_day * (1 - share), 1.3);
    }
    return shares;
}

static enum status find_days(const struct shares *shares, const uint8_t *left_out, size_t days,
                             struct share_rises *out) {
    struct share_series series = {shares->negative, shares->total, left_out, days};
    return detect_share_rises(&series, SHARE_DAYS, 0.17, out, NULL);
}

static void test_slow_burn(void) {
    struct shares shares = make_shares(150, 0.15, 1);
    struct noise noise = {2};
    for (int day = 70; day < 80; day++) { /* from 15 % to 35 % in ten days, no more mentions */
        double share = 0.15 + 0.02 * (day - 69);
        shares.negative[day] = noise_count(&noise, shares.total[day] * share, 1);
    }
    struct share_rises rises;
    CHECK_INT(find_days(&shares, NULL, DAYS, &rises), STATUS_OK);
    CHECK_INT(rises.count, 1);
    if (rises.count) {
        const struct share_rise *rise = &rises.at[0];
        printf("# from %zu to %zu score %.1f\n", rise->from, rise->to, rise->score);
        CHECK(rise->from >= 68 && rise->from <= 76);
        CHECK(rise->from_low <= rise->from && rise->from <= rise->from_high);
        CHECK(rise->to >= 78 && rise->to <= 80);
        CHECK(fabs(rise->share_before - 0.15) < 0.03);
        CHECK(rise->share_during > 0.2);
        CHECK(rise->excess_negative > 80);
    }
    share_rises_release(&rises);

    for (int day = 69; day < 82; day++)
        shares.spike[day] = 1; /* an episode has that already */
    CHECK_INT(find_days(&shares, shares.spike, DAYS, &rises), STATUS_OK);
    for (size_t i = 0; i < rises.count; i++)
        CHECK(rises.at[i].to < 69 || rises.at[i].from >= 82);
    share_rises_release(&rises);
}

/* A rise that stays is one rise, however long. */
static void test_rise_that_stays(void) {
    struct shares shares = make_shares(150, 0.15, 3);
    struct noise noise = {4};
    for (int day = 70; day < DAYS; day++)
        shares.negative[day] = noise_count(&noise, shares.total[day] * 0.4, 1);
    struct share_rises rises;
    CHECK_INT(find_days(&shares, NULL, DAYS, &rises), STATUS_OK);
    CHECK_INT(rises.count, 1);
    if (rises.count) {
        CHECK(rises.at[0].from >= 69 && rises.at[0].from <= 71);
        CHECK(rises.at[0].negative < rises.at[0].mentions);
    }
    share_rises_release(&rises);
}

static void test_calm_shares(void) {
    size_t found = 0;
    for (uint64_t seed = 10; seed < 60; seed++) {
        struct shares shares = make_shares(seed % 2 ? 15 : 400, 0.2, seed);
        struct share_rises rises;
        CHECK_INT(find_days(&shares, NULL, DAYS, &rises), STATUS_OK);
        found += rises.count;
        share_rises_release(&rises);
    }
    printf("# %zu rises in 200 calm months, 34 asked for\n", found);
    CHECK(found <= 60);

    struct shares bad = make_shares(100, 0.2, 5); /* unknown and impossible days */
    for (int day = 0; day < DAYS; day += 3)
        bad.total[day] = 0;
    for (int day = 1; day < DAYS; day += 7)
        bad.negative[day] = bad.total[day] + 100;
    struct share_rises rises;
    CHECK_INT(find_days(&bad, NULL, DAYS, &rises), STATUS_OK);
    CHECK_INT(rises.count, 0);
    share_rises_release(&rises);
    CHECK_INT(find_days(&bad, NULL, 0, &rises), STATUS_OK);
    share_rises_release(&rises);
}

/* Two days of twice the criticism, in steps of six hours. */
static void test_turn_of_hours(void) {
    enum { STEPS = 4 * DAYS };
    static int32_t negative[STEPS], total[STEPS];
    struct noise noise = {6};
    for (int i = 0; i < STEPS; i++) {
        total[i] = noise_count(&noise, 15, 1);
        negative[i] = noise_count(&noise, total[i] * (i >= 300 && i < 308 ? 0.5 : 0.2), 1);
        negative[i] = negative[i] < total[i] ? negative[i] : total[i];
    }
    struct share_series series = {negative, total, NULL, STEPS};
    struct share_rises rises;
    CHECK_INT(detect_share_rises(&series, SHARE_HOURS, 0.08, &rises, NULL), STATUS_OK);
    CHECK_INT(rises.count, 1);
    if (rises.count) {
        CHECK(rises.at[0].from >= 299 && rises.at[0].from <= 301);
        CHECK(rises.at[0].to >= 306 && rises.at[0].to <= 308);
        CHECK(rises.at[0].from_low <= 300 && rises.at[0].from_high >= 300);
    }
    share_rises_release(&rises);
}

/* In five weeks of talk two days of a higher share are a good part of all unrest: the turn that is
 * looked at is not what its significance is measured by. */
static void test_turn_in_short_history(void) {
    enum { STEPS = 4 * 35, FROM = 80, TO = 88 };
    static int32_t negative[STEPS], total[STEPS];
    struct noise noise = {8};
    for (int i = 0; i < STEPS; i++) {
        total[i] = noise_count(&noise, 18, 1);
        double share = i >= FROM && i < TO ? 0.56 : 0.28;
        negative[i] = noise_count(&noise, total[i] * share, 1);
        negative[i] = negative[i] < total[i] ? negative[i] : total[i];
    }
    struct share_series series = {negative, total, NULL, STEPS};
    struct share_rises rises;
    CHECK_INT(detect_share_rises(&series, SHARE_HOURS, 0.02, &rises, NULL), STATUS_OK);
    CHECK_INT(rises.count, 1);
    if (rises.count) {
        CHECK(rises.at[0].from >= FROM - 2 && rises.at[0].to <= TO + 1);
        CHECK(rises.at[0].score > 12);
    }
    share_rises_release(&rises);
}

int main(void) {
    test_severity();
    test_kinds();
    test_small_brand();
    test_moves();
    test_share_only();
    test_floods();
    test_empty_facts();
    test_slow_burn();
    test_rise_that_stays();
    test_calm_shares();
    test_turn_of_hours();
    test_turn_in_short_history();
    return tap_done();
}
