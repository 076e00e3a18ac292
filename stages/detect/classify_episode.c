/* The kind of an episode (crisis, burst, flood) and its severity, by stated rules on facts. */
#include "stages/detect/detect.h"

#include <math.h>

/* Intraclass correlation: opinions of one day are not independent, posts answer and copy each
 * other; the variance of a share grows by the design effect 1 + (n - 1) x correlation. */
#define SHARE_CORRELATION 0.003
/* Shrinkage: a brand without history has the share that brands usually have, worth 20 mentions. */
#define USUAL_SHARE 0.2
#define USUAL_SHARE_WEIGHT 20.0
#define CRISIS_Z 3.0
#define CRISIS_RISE 0.05
#define CRISIS_EXCESS_SHARE 0.5
/* A flood: four authors of five mentions each, or one text ten times; fewer is usual. */
enum {
    FLOOD_AUTHORS_LEAST = 20,
    FLOOD_TEXT_LEAST = 10,
    CRITICISM_LEAST = 10,
    MANY_PLATFORMS = 3,
    TURN_LONGEST_HOURS = 72
};
/* Of the severity: what is steep, long and wide adds a quarter of a level each. */
#define LEAST_RATIO 2.0
#define STEEP_RATIO 10.0
#define LONG_HOURS 24.0
#define QUARTER 0.25

const char *episode_kind_name(enum episode_kind kind) {
    static const char *const names[KIND_COUNT] = {"crisis", "burst", "flood", "mood_turn",
                                                  "slow_burn"};
    return (unsigned)kind < KIND_COUNT ? names[kind] : "burst";
}

/* Where `value` stands among five marks, each 1 above the last, between them by its logarithm. */
static double place_among(double value, const double marks[5]) {
    if (!(value >= marks[0]))
        return 0;
    for (int i = 1; i < 5; i++)
        if (value < marks[i])
            return i + log(value / marks[i - 1]) / log(marks[i] / marks[i - 1]);
    return 5;
}

static double severity_index(double days_of_normal, double excess, double ratio, double hours) {
    static const double days[5] = {0.1, 0.5, 2, 8, 32}, mentions[5] = {10, 50, 250, 1250, 6250};
    double relative = place_among(days_of_normal, days), size = place_among(excess, mentions);
    if (relative < 1 || size < 1 || !(ratio >= LEAST_RATIO))
        return 0;
    return (relative + size) / 2 + (ratio >= STEEP_RATIO ? QUARTER : 0) +
           (hours >= LONG_HOURS ? QUARTER : 0);
}

static int level_of(double index) {
    return index >= 4 ? 4 : (int)index;
}

int severity_level(double days_of_normal, double excess, double ratio, double duration_hours) {
    return level_of(severity_index(days_of_normal, excess, ratio, duration_hours));
}

static double share_before(const struct episode_facts *facts) {
    return ((double)facts->before_negative + USUAL_SHARE * USUAL_SHARE_WEIGHT) /
           ((double)facts->before_mentions + USUAL_SHARE_WEIGHT);
}

static double share_during(const struct episode_facts *facts) {
    return facts->mentions > 0 ? (double)facts->negative / (double)facts->mentions : 0;
}

static bool few_authors(const struct episode_facts *facts) {
    return facts->top_author_excess >= FLOOD_AUTHORS_LEAST &&
           (double)facts->top_author_excess * 2 > facts->excess;
}

static enum episode_kind kind_of(const struct episode_facts *facts, double z) {
    bool one_text = facts->top_text_mentions >= FLOOD_TEXT_LEAST &&
                    (double)facts->top_text_mentions * 2 > facts->excess;
    if (few_authors(facts) || one_text)
        return KIND_FLOOD;
    /* An episode of the negative series, or what the detectors ask of one before they look closer:
     * ten more than expected, and twice as many. The series of a small brand holds too few negative
     * mentions for an episode of its own, but here the time is already known from the volume. */
    double negative = (double)facts->negative, expected = facts->expected_negative;
    double excess_negative = negative - expected;
    bool criticism_rose =
        facts->negative_episode || (excess_negative >= CRITICISM_LEAST && negative >= 2 * expected);
    bool share_rose = z >= CRISIS_Z && share_during(facts) - share_before(facts) >= CRISIS_RISE;
    bool excess_is_negative =
        facts->excess > 0 && excess_negative >= CRISIS_EXCESS_SHARE * facts->excess;
    return criticism_rose && (share_rose || excess_is_negative) ? KIND_CRISIS : KIND_BURST;
}

/* A rise of the share is no rise of the mentions, and lasts hours or days. */
static enum episode_kind kind_of_share(const struct episode_facts *facts) {
    return facts->duration_hours > TURN_LONGEST_HOURS ? KIND_SLOW_BURN : KIND_MOOD_TURN;
}

static void rate_severity(const struct episode_facts *facts, struct episode_verdict *verdict) {
    double ratio = facts->share_only ? LEAST_RATIO : facts->ratio;
    double index = severity_index(verdict->days_of_criticism, verdict->excess_negative, ratio,
                                  facts->duration_hours);
    bool wide = index > 0 && facts->platforms >= MANY_PLATFORMS;
    verdict->severity_base = level_of(index);
    verdict->severity = level_of(index + (wide ? QUARTER : 0));
    if (verdict->severity > verdict->severity_base)
        verdict->moved = MOVED_BY_PLATFORMS;
    if (verdict->kind != KIND_FLOOD || !verdict->severity_base)
        return;
    verdict->severity = verdict->severity_base - 1;
    verdict->moved = few_authors(facts) ? MOVED_BY_FEW_AUTHORS : MOVED_BY_ONE_TEXT;
}

struct episode_verdict episode_classify(const struct episode_facts *facts) {
    struct episode_verdict verdict = {0};
    double n = (double)facts->mentions, p = share_before(facts);
    double variance = n * p * (1 - p) * (1 + (n - 1) * SHARE_CORRELATION);
    if (n > 0 && variance > 0)
        verdict.negative_z = ((double)facts->negative - n * p) / sqrt(variance);
    /* without more mentions, what counts is what the usual share would have given */
    double expected = facts->share_only ? n * p : facts->expected_negative;
    verdict.excess_negative = (double)facts->negative - expected;
    if (facts->usual_per_day > 0 && verdict.excess_negative > 0)
        verdict.days_of_criticism = verdict.excess_negative / facts->usual_per_day;
    verdict.kind = facts->share_only ? kind_of_share(facts) : kind_of(facts, verdict.negative_z);
    rate_severity(facts, &verdict);
    return verdict;
}
