/* series: mention rows in canonical order in; counts per time bucket, brand, channel and language
 * out, with what the dump covered.
 *
 * Counting is done in integers, in parallel over brands, so the result does not depend on the
 * number of threads. Local days follow the zone with daylight saving; hours are UTC hours.
 * Memory: grids and arrays belong to the caller. May fail: STATUS_FATAL out of memory, or EXIT_DATA
 * when the time span would need more than SERIES_MAX_BUCKETS buckets. */
#ifndef BURZA_SERIES_H
#define BURZA_SERIES_H

#include "stages/common/when.h"
#include "stages/model/mention_table.h"
#include "stages/model/tally.h"

#define SERIES_MAX_BUCKETS 4000000

/* Counts of one (time, brand, channel, language); all additive. */
struct grid_cell {
    uint32_t time;
    uint16_t brand, channel;
    uint8_t language;
    int32_t mentions, positive, neutral, negative;
    int64_t reach, engagement;
};

/* One (time, brand). Unknown floats are NAN. */
struct grid_point {
    int32_t mentions, positive, neutral, negative;
    int32_t authors; /* distinct; a post without a known author counts as one */
    int32_t originals, replies, reposts;
    int32_t stages[STAGE_COUNT];
    float sentiment_mean, net_sentiment, share_of_voice;
    float velocity, acceleration; /* mentions per hour, smoothed; its change per hour */
    float baseline, surprise;     /* expected mentions; (mentions - baseline) / sd */
};

struct grid {
    size_t times;
    int64_t *edges_s;        /* [times + 1], UTC seconds */
    struct grid_cell *cells; /* [cell_count], by time, brand, channel, language */
    size_t cell_count;
    struct grid_point *points; /* [times][brands] */
    float *coverage;           /* [times][channels], 0..1 */
    int32_t *all_posts;        /* [times][channels], posts of all kinds */
};
void grid_release(struct grid *grid);
/* Covered time: of every step the share that its best covered channel has. */
int64_t grid_known_s(const struct grid *grid, size_t channels);

/* (positive - negative) / (positive + negative); NAN of neither. */
float grid_net_sentiment(int32_t positive, int32_t negative);

/* A month of the study's clock: days [first, first + days) of a daily grid. */
struct grid_month {
    int32_t year, month; /* month from 1 */
    size_t first, days;
    double
        coverage; /* covered share of the whole calendar month, 0..1: the best channel's, by day */
};
/* Months of a daily grid, in order, malloc'ed; *count. NULL: out of memory. */
struct grid_month *grid_months(const struct grid *daily, size_t channels, const struct zone *zone,
                               size_t *count) MUST_USE;
/* A brand's days of a month added up. `authors` is -1 (authors of days are no authors of a month),
 * the figures per hour and `surprise` are NAN; so is `baseline` where a day's is not known. */
struct grid_point grid_month_point(const struct grid *daily, const struct grid_month *month,
                                   size_t brand, size_t brands);

enum grid_step { STEP_HOUR, STEP_LOCAL_DAY };

/* Rows of one brand. */
struct row_list {
    uint32_t *at; /* [count] */
    size_t count;
};

struct series_input {
    const struct mention_table *mentions; /* canonical order: by time */
    const struct row_list *rows;          /* [brands] the rows that count, ascending */
    const uint16_t *channel;              /* [mentions->channels.count] its column in the grid */
    size_t brands, channels;
    int64_t from_s, to_s; /* the time that the dump spans; later and earlier rows are left out */
    const struct zone *zone;
};

/* Fills edges, cells and points, all but two figures of a point: `baseline` and `surprise` stay NAN
 * and are filled once detection knows them (pipeline/study/brand_events.c:study_fill_baseline). */
enum status grid_build(struct grid *grid, const struct series_input *input, enum grid_step step,
                       struct fault *fault) MUST_USE;

/* Equal buckets from floor(from_s / interval) on: mentions and negative mentions of one brand. */
struct brand_series {
    int64_t start_s;
    int32_t interval_s;
    size_t count;
    int32_t *mentions, *negative; /* [count] */
};
enum status brand_series_build(struct brand_series *series, const struct series_input *input,
                               size_t brand, int32_t interval_s, struct fault *fault) MUST_USE;
void brand_series_release(struct brand_series *series);

/* What inputs say of the time that they hold: by the day or month in a file's name, or by when an
 * export was made. */
struct stated_times {
    /* per platform: the first end of its exports; TIME_NONE: none is known; 0: an input with posts
     * of it does not say when it ends */
    int64_t exported_s[PLATFORM_COUNT];
    bool undated[PLATFORM_COUNT]; /* an input with posts of it does not say of which days it is */
    struct stated_days {
        int64_t from_s, to_s; /* to is exclusive */
        uint8_t platform;
    } * days; /* [day_count] */
    size_t day_count;
};

/* By what a bucket is known to be covered, or not; the last that says so decides. */
enum known_by {
    KNOWN_BY_POSTS,   /* it lies between the first and the last post */
    KNOWN_BY_SILENCE, /* no post, and the usual rhythm expects many: an outage */
    KNOWN_BY_NAMES,   /* no file is of this day or month, and all files say of which they are */
    KNOWN_BY_FILES,   /* files named by minute or hour */
    KNOWN_BY_EXPORT,  /* behind the last post, and before the exports were made */
    KNOWN_BY_COUNT
};

/* What the dump covers: per platform, buckets of TALLY_BUCKET_S seconds. Before a platform's first
 * and after its last post nothing is covered, but for what exports say of their end. Inside, a run
 * of empty buckets is an outage when the platform's usual rhythm (median of the same hour of the
 * day) expects at least 25 posts in it; shorter silences are just silence. Where all posts of a
 * bucket come from files named by minute or hour, it is covered by the minutes that have one. */
struct coverage {
    int64_t start_s;
    size_t count;
    uint8_t *covered[PLATFORM_COUNT];  /* [count] minutes, 0..TALLY_MINUTES; NULL: no post of this
                                          platform */
    uint8_t *known_by[PLATFORM_COUNT]; /* [count] enum known_by */
    int32_t *posts[PLATFORM_COUNT];    /* [count] posts of all kinds */
};
/* `stated` may be NULL. */
enum status coverage_build(struct coverage *coverage, const struct tally *tally,
                           const struct stated_times *stated, struct fault *fault) MUST_USE;
void coverage_release(struct coverage *coverage);
/* Covered share of [from_s, to_s) in thousandths. */
uint16_t coverage_share(const struct coverage *coverage, enum platform platform, int64_t from_s,
                        int64_t to_s);

#endif
