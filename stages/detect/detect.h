/* detect: a count series in, episodes out (and, causally, an alarm per row).
 *
 * The method is that of pipeline/ARCHITECTURE.md "Detection": a level x hour-of-week baseline with
 * over-dispersion, robust to the episodes themselves and aware of coverage; a single-pass detector
 * (FOCuS likelihood ratio, magnitude, tail of the series' own daily maxima) for "when would we have
 * known?"; and a retrospective segmentation with refined onset, peak and end.
 *
 * In: counts in buckets that follow each other: equal ones, or calendar steps. Out: arrays that the
 * caller releases. Nothing depends on more than the series and the options. May fail: STATUS_FATAL
 * out of memory. */
#ifndef BURZA_DETECT_H
#define BURZA_DETECT_H

#include "stages/common/when.h"

#include <stddef.h>

struct count_series {
    int64_t start_s;    /* UTC second at which bucket 0 begins */
    int32_t interval_s; /* length of a bucket; of calendar steps the mean length */
    size_t count;
    const int32_t *value; /* [count]; ignored where coverage is 0 */
    /* [count] exposure: 0 (unknown) .. 1000 (whole), or more where a bucket is longer than
     * interval_s says (January is 1019 of a month); NULL: whole everywhere */
    const uint16_t *coverage_milli;
    const int64_t *starts_s; /* [count + 1] where buckets are not equally long; NULL: they are */
    const struct zone *zone; /* local time of the hour-of-week profile; NULL: UTC */
};
/* UTC second at which a bucket begins; `bucket` may be count, the end of the series. */
static inline int64_t bucket_start_s(const struct count_series *series, size_t bucket) {
    return series->starts_s ? series->starts_s[bucket]
                            : series->start_s + (int64_t)bucket * series->interval_s;
}
enum { COVERAGE_MAX = 4000 };

/* Seconds of known series below which there is no baseline to speak of: the level takes days to
 * tell from a rise, long buckets need some number. */
int64_t baseline_needs_s(int32_t interval_s);
/* Fewer known buckets than that, and no episode is looked for at all. */
enum { BASELINE_LEAST_BUCKETS = 14 };
/* An episode has at least so many mentions more than expected. */
enum { EPISODE_LEAST_EXCESS = 10 };

/* The retrospective detector gives the number asked for, within a factor of two, wherever chance
 * can reach 1.5 times the baseline, and fewer elsewhere; the causal one gives it on series whose
 * rate drifts as that of real brands does, and fewer on steadier ones
 * (results/quality/detection.md). */
struct detect_options {
    double false_alarms_per_month; /* asked for, per series; default 0.5 */
    int64_t known_from_s; /* when the source begins: a rise in its first day is its launch and no
                             episode; 0: not known */
};
struct detect_options detect_options_default(void);

/* Times are bucket numbers; `end` is the last bucket of the episode. */
struct episode {
    size_t onset, onset_low, onset_high; /* 90 % interval around the onset */
    size_t peak, end;
    size_t end_low, end_high; /* 90 % interval around the end; equal where it cannot be told */
    int64_t value_sum;        /* counted over onset..end */
    double expected;          /* the baseline's sum over the same buckets */
    double excess;            /* value_sum - expected */
    double ratio;             /* peak one-hour sum over its expectation */
    double score;             /* calibrated: chance does this once in 10^score months */
    double days_of_normal;    /* V: excess / the usual daily volume */
    int severity;             /* 0..4 by the stated rule, on this series' own counts */
    double doubling_hours;    /* of the excess, onset to peak; 0: cannot be told */
    double half_life_hours;   /* of the excess, peak to end; 0: cannot be told or does not fade */
};

struct detection {
    struct episode *episodes; /* [episode_count], by onset */
    size_t episode_count;
    float *baseline;  /* [count] expected per bucket (scaled by coverage) */
    float dispersion; /* variance / mean of the residuals, >= 1 */
    int64_t known_s;  /* covered time; below baseline_needs_s episodes rest on little */
    bool enough;      /* at least BASELINE_LEAST_BUCKETS known buckets: episodes were looked for */
};

enum status detect_retrospective(const struct count_series *series,
                                 const struct detect_options *options, struct detection *out,
                                 struct fault *fault) MUST_USE;
void detection_release(struct detection *detection);

/* Seconds in which the excess over `baseline` [series->count] doubles between two moments; -1 where
 * it does not grow or cannot be told. */
int64_t doubling_time_s(const struct count_series *series, const float *baseline, int64_t from_s,
                        int64_t to_s);

/* What it means that no episode was found: `known_s` covered seconds with `mentions` in them. */
enum quiet_reason { QUIET_CALM, QUIET_NO_MENTIONS, QUIET_TOO_SHORT, QUIET_TOO_FEW };
enum quiet_reason quiet_reason_of(int64_t mentions, int64_t known_s);

/* The single-pass detector. Feed buckets in order; nothing from the future is used. */
struct causal;
struct causal_row {
    double baseline; /* of this bucket */
    double score;    /* -ln of the chance that a day's maximum is as large, by the days of the last
                        four weeks, less the score of an alarm within the last day: what is new in
                        this row; not above 0 where nothing has risen */
    bool alert;      /* true on the alarming row only */
    size_t onset;    /* estimated onset bucket when alert */
};
/* `series` gives start, interval, starts_s and zone; it is borrowed, its counts are not read. */
enum status causal_new(struct causal **out, const struct count_series *series,
                       const struct detect_options *options, struct fault *fault) MUST_USE;
struct causal_row causal_push(struct causal *causal, int32_t value, uint16_t coverage_milli);
void causal_free(struct causal *causal);

/* The severity rule of an episode (pipeline/help/detection.md): V days of normal conversation
 * added, E mentions added, R peak one-hour ratio, D hours. */
int severity_level(double days_of_normal, double excess, double ratio, double duration_hours);

/* Counted facts about an episode's posts that decide its kind and move its severity. */
enum episode_kind {
    KIND_CRISIS,
    KIND_BURST,
    KIND_FLOOD,
    KIND_MOOD_TURN, /* criticism rose for hours, the mentions did not */
    KIND_SLOW_BURN, /* the same for more than three days */
    KIND_COUNT
};
const char *episode_kind_name(enum episode_kind kind);
struct episode_facts {
    int64_t mentions, negative, neutral, positive; /* during */
    int64_t before_mentions, before_negative;      /* the 28 days before (without episodes) */
    double expected, excess, expected_negative;
    bool negative_episode;     /* the negative series has an episode that overlaps */
    int64_t top_author_excess; /* mentions of the up to four most active authors */
    int64_t top_text_mentions; /* mentions of the most repeated text, reposts not included */
    int64_t distinct_authors, usual_authors; /* usual: same length of time, without episodes */
    int platforms;                           /* platforms with a clear rise */
    bool share_only; /* found by the share: criticism rose, the mentions did not */
    double ratio, duration_hours, usual_per_day;
};
struct episode_verdict {
    enum episode_kind kind;
    int severity;      /* after raising and lowering */
    int severity_base; /* by the rule alone */
    enum severity_move {
        MOVED_BY_NOTHING,
        MOVED_BY_PLATFORMS,   /* up: three or more */
        MOVED_BY_FEW_AUTHORS, /* down by one: a flood, most of it from fewer than five */
        MOVED_BY_ONE_TEXT,    /* down by one: a flood, most of it copies of one text */
    } moved;
    double negative_z;        /* z of the rise of the negative share */
    double excess_negative;   /* E: negative mentions beyond the expected */
    double days_of_criticism; /* V: E / usual daily volume */
};
/* A crisis needs a significant episode of negative mentions (or ten more of them than expected, and
 * twice as many), and either a negative share that rose (z >= 3 and at least 5 points) or an excess
 * that is at least half negative. A flood is made by fewer than five authors or by one text,
 * whatever its tone. All else is a burst. */
struct episode_verdict episode_classify(const struct episode_facts *facts);

/* Rises of the share of negative mentions, without a spike that the detectors above would see: over
 * days (slow burns, windows of 3 to 28 days) or hours (turns of mood, windows of 12 to 72 hours).
 */
enum share_scale { SHARE_DAYS, SHARE_HOURS };
struct share_series {
    const int32_t *negative, *total; /* [count] per step; a total of 0 or less is unknown */
    const uint8_t *left_out;         /* [count] 1 in an episode: outside all sums; NULL: none */
    size_t count;                    /* SHARE_DAYS: days; SHARE_HOURS: six hours each */
};
struct share_rise {
    size_t from, to;                   /* first and last step */
    size_t from_low, from_high;        /* 90 % interval around the first */
    double share_before, share_during; /* of negative mentions, 0..1; before: 8 or 4 weeks */
    int64_t mentions, negative;        /* during, in the steps that count */
    double excess_negative;            /* more than share_before gives */
    double score;                      /* log likelihood ratio, correlation of opinions included */
};
struct share_rises {
    struct share_rise *at; /* [count], by time */
    size_t count;
};
/* At most so many false ones per month, per scale, within a factor of two (results/quality). */
enum status detect_share_rises(const struct share_series *series, enum share_scale scale,
                               double false_alarms_per_month, struct share_rises *out,
                               struct fault *fault) MUST_USE;
void share_rises_release(struct share_rises *rises);

#endif
