/* study: shards in, audit out. Never touches the dumps.
 *
 * gather loads the shards and leaves out inputs that are there twice; order puts rows in canonical
 * order (time, platform, id, brand) and keeps one of each post; channels chooses the columns of the
 * grids; episodes detects, judges and describes crises and bursts; terms, evidence, authors and
 * story fill the tables; the result is written by store. Everything depends on the shards' content
 * and the configuration only.
 *
 * Memory: a study owns what its fields say. May fail: STATUS_FATAL. */
#ifndef BURZA_STUDY_H
#define BURZA_STUDY_H

#include "pipeline/config.h"
#include "pipeline/scan/context_replies.h"
#include "stages/common/digest.h"
#include "stages/store/store.h"
#include "stages/text/text.h"

/* One segment of time in which something happened to a brand. */
struct event {
    size_t brand;
    int64_t onset_s, onset_low_s, onset_high_s, peak_s, end_s; /* end is exclusive */
    struct episode episode;
    bool from_negative; /* found in the negative series only */
    bool slow_burn;     /* criticism rose for days without a spike */
    int waves;
    struct episode_facts facts;
    int64_t copies_from_s, copies_to_s; /* between which facts.top_text_mentions was counted */
    struct episode_verdict verdict;
};

struct interval {
    int64_t from_s, to_s; /* to is exclusive */
};

/* A brand's rows in time order, and what detection found. */
struct brand_study {
    const uint32_t
        *rows; /* [row_count] counted mentions of the brand; the study's lists own them */
    size_t row_count;
    struct brand_series series;
    uint16_t *coverage_milli; /* [series.count] */
    struct detection volume, negative;
    struct event *events; /* [event_count] by onset */
    size_t event_count;
    struct interval *busy; /* [busy_count] the events' times, joined where they overlap */
    size_t busy_count;
};

enum { HANDLE_FILTER_BITS = 1 << 14 };

struct study {
    const struct config *config;
    struct mention_table mentions; /* canonical order, one of each (post, brand) */
    struct row_list *lists;        /* [config->brand_count] the rows that count */
    uint32_t *listed;              /* what the lists consist of */
    uint32_t *posts;               /* the rows that the audit keeps */
    struct tally tally;
    struct coverage coverage;
    uint16_t *channel;               /* [mentions.channels.count] its grid channel */
    enum platform *channel_platform; /* [audit.channels.count] */
    int64_t from_s, to_s;            /* first and last post of the main time span */
    uint64_t left_out_posts;         /* posts far outside it */
    uint64_t left_out_mentions;      /* mentions outside it, outliers or only known from quotes */
    struct brand_study *brands;      /* [config->brand_count] */
    /* which handles may be the brands' own, by hash; the others need no comparison */
    uint64_t handle_filter[HANDLE_FILTER_BITS / 64];
    bool authors_coded;             /* mentions.authors are pseudonyms' codes instead of hashes */
    unsigned char key[DIGEST_SIZE]; /* of the pseudonyms */
    size_t duplicates;              /* mention rows that were there twice */
    size_t mention_rows;            /* without those */
    bool damaged;                   /* some input was damaged or is not complete */
    struct audit audit;
};

void study_init(struct study *study, const struct config *config);
void study_release(struct study *study);

/* Everything: from the shards of `inputs`, which the scan `id` made, to study->audit. Context rows
 * are used as far as `roots` hold them. */
enum status study_run(struct study *study, const struct scanned_inputs *inputs,
                      const struct reply_roots *roots, const struct scan_id *id,
                      struct fault *fault) MUST_USE;

/* ---- the steps, in order ---- */
enum status study_gather(struct study *study, const struct scanned_inputs *inputs,
                         const struct reply_roots *roots, struct fault *fault) MUST_USE;
enum status study_order(struct study *study, struct fault *fault) MUST_USE;
enum status study_span(struct study *study, struct fault *fault) MUST_USE;
enum status study_channels(struct study *study, struct fault *fault) MUST_USE;
/* Lists the rows of each brand that count. */
enum status study_lists(struct study *study, struct fault *fault) MUST_USE;
enum status study_grids(struct study *study, struct fault *fault) MUST_USE;
enum status study_detect(struct study *study, struct fault *fault) MUST_USE;
enum status study_fill_baseline(struct study *study, struct fault *fault) MUST_USE;
enum status study_tables(struct study *study, struct fault *fault) MUST_USE;
/* The last step: the audit learns which rows it keeps and how to show them. */
enum status study_posts(struct study *study, struct fault *fault) MUST_USE;

/* Function words, by the hash of their plain form. */
enum { STOPWORDS_MAX = 512 };
struct stopwords {
    uint64_t hashes[STOPWORDS_MAX];
    size_t count;
};
void stopwords_init(struct stopwords *stop);
bool stopwords_hold(const struct stopwords *stop, uint64_t plain_hash);

/* What went wrong in work that threads share: of several failures the one that comes first in the
 * order of the work is told, whichever was met first. */
struct outcome {
    enum status status;
    size_t place; /* where in the order, when status is not STATUS_OK */
    struct fault fault;
};
void outcome_note(struct outcome *outcome, size_t place, enum status status,
                  const struct fault *fault);
enum status outcome_take(const struct outcome *outcome, struct fault *fault) MUST_USE;

/* ---- shared by the steps ---- */

/* True when the row lies in the main time span. */
bool in_span(const struct study *study, size_t row);
/* Row range [*first, *last) of brand->rows inside [from_s, to_s). */
void brand_rows(const struct study *study, const struct brand_study *brand, int64_t from_s,
                int64_t to_s, size_t *first, size_t *last);
/* Counted facts of an event, for the verdict. */
enum status event_facts(const struct study *study, size_t brand, struct event *event,
                        struct fault *fault) MUST_USE;
/* True when the second lies in a known event of the brand. */
bool in_events(const struct brand_study *brand, int64_t second);

/* group[i] (all [count]) = index of the earliest of `rows` whose text row i is a near-copy of. */
enum status study_copies(const struct study *study, const uint32_t *rows, size_t count,
                         uint32_t *group, struct fault *fault) MUST_USE;

/* Terms that set an event apart, strongest first. */
enum { TERMS_PER_EVENT = 24 };
struct term_list {
    struct term_row rows[TERMS_PER_EVENT];
    size_t count;
};
/* lists [event_count] of the brand, empty before. */
enum status brand_terms(const struct study *study, size_t brand, struct term_list *lists,
                        struct fault *fault) MUST_USE;
enum status event_evidence(const struct study *study, size_t brand, const struct event *event,
                           const struct term_row *terms, size_t term_count,
                           struct evidence_row *rows, size_t max, size_t *count,
                           struct fault *fault) MUST_USE;
/* Fills every column of the row but the terms' and the sentences'. */
enum status event_row(const struct study *study, size_t brand, const struct event *event,
                      struct episode_row *row, struct fault *fault) MUST_USE;
/* The sentences and the list of terms. */
void event_story(const struct study *study, const struct term_row *terms, size_t term_count,
                 struct episode_row *row);

/* Fills the filter of handles; study_init does. */
void study_know_handles(struct study *study);
/* Shown author of a row: pseudonym, or the handle (plain authors, or the brand's own voice). */
void study_author(const struct study *study, size_t row, char *out, size_t size);
/* True when the handle may be shown: a brand's own, or all of them when authors are plain. */
bool study_may_name(const struct study *study, struct span handle);
/* A row's text as it may be shown: handles of people masked unless authors are plain. */
void study_shown_text(const struct study *study, size_t row, struct buf *out);

/* One more row at the end of a table; NULL when out of memory. */
void *table_add(struct audit *audit, enum table_id id);

#endif
