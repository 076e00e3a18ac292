/* study: shards in, audit out. Never touches the dumps.
 *
 * In: the shards of one scan, and the configuration. Out: struct audit, which study_write writes.
 * Each step stands in the file named beside it below, adds fields of its own and changes none of an
 * earlier step, so that a step may be put between any two. Everything depends on the shards'
 * content and the configuration only.
 *
 * Owner: a study owns what its fields say. May fail: STATUS_FATAL. */
#ifndef BURZA_STUDY_H
#define BURZA_STUDY_H

#include "pipeline/config.h"
#include "pipeline/scan/context_replies.h"
#include "stages/common/digest.h"
#include "stages/common/outcome.h"
#include "stages/events/events.h"
#include "stages/store/store.h"

struct brand_study {
    struct brand_series series;
    struct detect_options detection;
    struct brand_events events; /* borrows from the study and from `series` */
};

/* The posts that the audit keeps. */
struct kept_posts {
    uint32_t *rows;     /* [count], in canonical order */
    uint32_t *channel;  /* [count] number in `channels` */
    int32_t *followers; /* [count] as they may be shown */
    size_t count;
    struct symbols channels; /* those that kept posts are in */
};

struct study {
    const struct config *config;
    /* load_shards.c, order.c */
    struct mention_table mentions; /* canonical order, one of each (post, brand) */
    struct tally tally;
    unsigned char key[DIGEST_SIZE];      /* of the pseudonyms */
    bool damaged;                        /* some input was damaged or skipped */
    bool incomplete;                     /* some input was not read to its end */
    const struct scanned_inputs *inputs; /* borrowed until study_run ends */
    bool channels_apart; /* posts by channel are not in `tally`, but in the shards of `inputs` */
    struct loaded {      /* the rows of a shard, until study_order */
        size_t first, count;
        uint32_t input; /* row of the table inputs */
        bool context;   /* of the second pass */
    } * loaded;         /* [loaded_count] by row */
    size_t loaded_count;
    struct stated_times stated; /* by the inputs, of when they are */
    size_t duplicates;          /* mention rows that were there twice */
    uint64_t duplicate_posts;   /* records that gave only such rows */
    size_t mention_rows;        /* without those */
    /* time_span.c */
    int64_t from_s, to_s;       /* first and last post of the main time span */
    uint64_t left_out_posts;    /* posts far outside it */
    uint64_t left_out_mentions; /* mentions outside it, outliers or only known from quotes */
    struct coverage coverage;
    /* channels.c */
    uint16_t *channel;               /* [mentions.channels.count] its grid channel */
    enum platform *channel_platform; /* [audit.channels.count] */
    /* brand_events.c */
    struct row_list *lists;     /* [config->brand_count] the rows that count */
    uint32_t *listed;           /* what the lists consist of */
    struct brand_study *brands; /* [config->brand_count] */
    /* privacy.c */
    struct public_handles handles;
    struct arena channel_names; /* of channels that are shown under another name */
    uint64_t *author_codes;     /* [mentions.author_count] of the pseudonyms; NULL: not yet made */
    /* care_tables.c, where the audit keeps posts */
    struct post_care post_care; /* [mentions.count] */
    /* posts.c */
    struct kept_posts kept;
    struct audit audit;
};

/* ---- study.c ---- */

void study_init(struct study *study, const struct config *config);
void study_release(struct study *study);
/* Everything: from the shards of `inputs`, which the scan `id` made, to study->audit. Context rows
 * are used as far as `roots` hold them. */
enum status study_run(struct study *study, const struct scanned_inputs *inputs,
                      const struct reply_roots *roots, const struct scan_id *id,
                      struct fault *fault) MUST_USE;

/* ---- the steps, in order ---- */

/* load_shards.c: rows, counts, the tables of inputs and rejects; without inputs that are there
 * twice. Uses study_add_input. */
enum status study_load_shards(struct study *study, const struct scanned_inputs *inputs,
                              const struct reply_roots *roots, struct fault *fault) MUST_USE;
/* order.c: canonical order (time, platform, id, brand), one of each post (copies.c). */
enum status study_order(struct study *study, struct fault *fault) MUST_USE;
/* privacy.c: channels and files that are named after a person get a pseudonym. */
enum status study_name_channels(struct study *study, struct fault *fault) MUST_USE;
/* time_span.c */
enum status study_time_span(struct study *study, struct fault *fault) MUST_USE;
/* coverage_table.c: coverage. */
enum status study_coverage_table(struct study *study, struct fault *fault) MUST_USE;
/* channels.c: the columns of the grids. */
enum status study_channels(struct study *study, struct fault *fault) MUST_USE;
/* brand_events.c: the rows of each brand that count. */
enum status study_lists(struct study *study, struct fault *fault) MUST_USE;
/* channels.c: the grids, all but their baseline. */
enum status study_grids(struct study *study, struct fault *fault) MUST_USE;
/* brand_events.c: series and events of each brand. */
enum status study_events(struct study *study, struct fault *fault) MUST_USE;
/* brand_events.c: the baseline and surprise of the grids' points, which only detection knows. */
enum status study_fill_baseline(struct study *study, struct fault *fault) MUST_USE;
/* event_tables.c: crises, bursts, terms, evidence. */
enum status study_event_tables(struct study *study, struct fault *fault) MUST_USE;
/* alarm_tables.c: alarms; spread and carriers. */
enum status study_alarm_table(struct study *study, struct fault *fault) MUST_USE;
enum status study_spread_table(struct study *study, struct fault *fault) MUST_USE;
/* brand_tables.c: brands, authors. */
enum status study_brand_tables(struct study *study, struct fault *fault) MUST_USE;
/* care_tables.c: how the brands answered, and the paths of those who turned to them. */
enum status study_care_tables(struct study *study, struct fault *fault) MUST_USE;
/* Of each stage of a brand what its critics write about, and two posts that show it: stages, quotes
 * (stage_tables.c). */
enum status study_stage_tables(struct study *study, struct fault *fault) MUST_USE;
/* privacy.c: no count of authors below the smallest cell. */
enum status study_smallest_cell(struct study *study, struct fault *fault) MUST_USE;
/* posts.c: the rows that the audit keeps. */
enum status study_posts(struct study *study, struct fault *fault) MUST_USE;

/* posts.c: writes the audit, and of its posts what may be shown. */
enum status study_write(const struct study *study, const char *path, struct fault *fault) MUST_USE;

/* ---- shared by the steps ---- */

/* copies.c: keep[row] = 1 for one row of each post and brand; what is dropped is counted in the
 * table inputs, and links lead to the row that is kept. False when out of memory. */
bool study_choose(struct study *study, uint8_t *keep) MUST_USE;
/* Which of two rows of the same post and brand is kept: > 0 the first; a total order. */
int study_better(const struct mention_table *mentions, size_t a, size_t b);

/* input_tables.c: an input and its rejects in their tables, and study->damaged when it is not
 * whole. `tally` and `mentions`: what its first pass counted. */
enum status study_add_input(struct study *study, const struct scanned_input *input, bool duplicate,
                            const struct tally *tally, size_t mentions,
                            struct fault *fault) MUST_USE;

/* coverage_table.c: takes what an input says of when it is. `tally`: what its first pass counted.
 */
bool study_take_stated(struct study *study, const struct scanned_input *input,
                       const struct tally *tally) MUST_USE;

/* time_span.c: true when the row lies in the main time span. */
bool study_in_span(const struct study *study, size_t row);

/* privacy.c. The handles that may be named; the first step of all. */
enum status study_handles(struct study *study, struct fault *fault) MUST_USE;
/* The codes of all authors at once, for showing many rows. */
bool study_code_authors(struct study *study) MUST_USE;
/* Shown author of a row: pseudonym, or the handle (plain authors, or the brand's own voice). */
void study_author(const struct study *study, size_t row, char *out, size_t size);
/* The id of a row's post outside the table of posts. */
void study_post_id(const struct study *study, size_t row, char *out, size_t size);
/* A number of followers as it may be shown: the lower end of its class (0, 1, 10, 100, ..) unless
 * authors are plain; -1 stays. */
int64_t study_followers(const struct study *study, int64_t followers);
/* The smallest number of authors, or of one author's posts, that is shown. */
int64_t study_smallest_shown(const struct study *study);
/* A count of one author's posts; -1 when it is below that. */
int32_t study_shown_cell(const struct study *study, int64_t count);
/* A row's text as it may be shown: handles of people masked unless authors are plain. */
void study_shown_text(const struct study *study, size_t row, struct buf *out);
/* Appends a string of a row as the posts of an audit show it. */
void study_shown_string(const struct study *study, size_t row, enum mention_string which,
                        struct buf *out);

#endif
