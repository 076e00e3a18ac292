/* The kind of an episode (crisis, burst, flood) and its severity, by stated rules on facts. */
#include "stages/detect/detect.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

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
    MANY_AUTHORS = 3
};

const char *episode_kind_name(enum episode_kind kind) {
    static const char *const names[KIND_COUNT] = {"crisis", "burst", "flood", "mood_turn",
                                                  "slow_burn"};
    return (unsigned)kind < KIND_COUNT ? names[kind] : "burst";
}

int severity_level(double days_of_normal, double ratio, double duration_hours) {
    double v = days_of_normal;
    if (v >= 8 || (v >= 4 && duration_hours >= 24))
        return 4;
    if (v >= 2 || (ratio >= 20 && v >= 1))
        return 3;
    if (v >= 0.5 || (ratio >= 10 && v >= 0.25))
        return 2;
    return v >= 0.1 && ratio >= 2;
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

/* Names what moved the level, for `why`. */
static const char *move_level(const struct episode_facts *facts, struct episode_verdict *verdict) {
    const char *reason = "";
    if (verdict->kind == KIND_CRISIS && verdict->severity_base > 0 && verdict->severity_base < 4) {
        double authors = (double)facts->negative_authors;
        if (facts->negative_authors <= 0)
            authors = (double)facts->distinct_authors * share_during(facts);
        bool platforms = facts->platforms >= MANY_PLATFORMS;
        verdict->raised = platforms || (facts->usual_authors > 0 &&
                                        authors >= MANY_AUTHORS * (double)facts->usual_authors);
        if (verdict->raised)
            reason = platforms ? ", raised by 1: three or more platforms"
                               : ", raised by 1: three times the usual authors";
    }
    if (verdict->kind == KIND_FLOOD) {
        verdict->lowered = verdict->severity_base > 0;
        reason = few_authors(facts) ? ", more than half from fewer than five authors"
                                    : ", more than half from one text";
    }
    verdict->severity = verdict->severity_base + verdict->raised - verdict->lowered;
    return reason;
}

struct episode_verdict episode_classify(const struct episode_facts *facts) {
    struct episode_verdict verdict = {0};
    double n = (double)facts->mentions, p = share_before(facts);
    double variance = n * p * (1 - p) * (1 + (n - 1) * SHARE_CORRELATION);
    if (n > 0 && variance > 0)
        verdict.negative_z = ((double)facts->negative - n * p) / sqrt(variance);
    double excess_negative = (double)facts->negative - facts->expected_negative;
    if (facts->usual_per_day > 0 && excess_negative > 0)
        verdict.days_of_criticism = excess_negative / facts->usual_per_day;
    verdict.kind = kind_of(facts, verdict.negative_z);
    verdict.severity_base =
        severity_level(verdict.days_of_criticism, facts->ratio, facts->duration_hours);
    const char *reason = move_level(facts, &verdict);
    /* the share that tables and sentences show, not the shrunken one that z is taken from */
    double usual = facts->before_mentions > 0
                       ? (double)facts->before_negative / (double)facts->before_mentions
                       : 0;
    snprintf(verdict.why, sizeof verdict.why,
             "%" PRId64 " of %" PRId64 " negative (%.1f %%, before %.1f %%, z %.1f), %.0f more "
             "negative than usual = %.2f usual days, peak hour %.1f x, %.1f h: level %d%s",
             facts->negative, facts->mentions, 100 * share_during(facts), 100 * usual,
             verdict.negative_z, excess_negative, verdict.days_of_criticism, facts->ratio,
             facts->duration_hours, verdict.severity_base, reason);
    return verdict;
}
