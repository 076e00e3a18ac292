/* events: detected episodes of one brand in; its events out: crises, bursts, floods, turns of mood
 * and slow burns, with the counted facts behind them, the terms that set each apart, and the posts
 * that show it.
 *
 * In: struct brand_input, all borrowed: the mention table, the brand's rows, its series, what the
 * dump covers. Out: figures and numbers of rows; nothing here names a person, so whoever shows a
 * row masks it first. Several brands may be worked on at once; the work on one brand is cut into
 * OpenMP tasks, and the result does not depend on the number of threads.
 *
 * Owner: a `struct brand_events` owns its arrays; lists and figures are the caller's. May fail:
 * STATUS_FATAL out of memory. */
#ifndef BURZA_EVENTS_H
#define BURZA_EVENTS_H

#include "stages/detect/detect.h"
#include "stages/model/public_handles.h"
#include "stages/series/series.h"

struct brand_input {
    const struct mention_table *mentions; /* canonical order: by time */
    struct row_list rows;                 /* the brand's mentions that count, ascending */
    const struct brand_series *series;    /* their numbers per bucket; a bucket divides an hour */
    const struct coverage *coverage;      /* what the dump covers */
    const struct grid *daily;             /* the local days of all brands */
    size_t brand, brands;                 /* which points of `daily` are this brand's */
    const uint16_t *channel;              /* [mentions->channels.count] its column in the grids */
    size_t channels;                      /* columns */
    int64_t from_s, to_s;                 /* the time that the dump spans */
    const struct zone *zone;
    const struct detect_options *detection;
    const struct public_handles *handles; /* a handle that is none of these is no term */
};

/* A time in which something happened to a brand. */
struct event {
    int64_t onset_s, onset_low_s, onset_high_s, peak_s, end_s; /* end is exclusive */
    int64_t end_low_s, end_high_s;                             /* 90 %, exclusive */
    struct episode episode;
    bool from_negative; /* found in the negative series only */
    bool by_share;      /* a rise of the share: the times of episodes stay out of its figures */
    int waves;
    struct episode_facts facts;
    int64_t copies_from_s, copies_to_s; /* between which facts.top_text_mentions was counted */
    struct episode_verdict verdict;
};

struct interval {
    int64_t from_s, to_s; /* to is exclusive */
};

/* A brand's events, and what they were found from. */
struct brand_events {
    struct brand_input input;
    uint16_t *coverage_milli; /* [input.series->count] of the platforms that the brand is on */
    struct detection volume, negative;
    struct event *at; /* [count] by onset */
    size_t count;
    struct intervals {
        struct interval *at; /* [count] by time, joined where they overlap */
        size_t count;
    } busy, spikes; /* the times of the events; of those that are no rises of a share */
};

/* After a failure too, `out` is to be released. */
enum status events_find(const struct brand_input *input, struct brand_events *out,
                        struct fault *fault) MUST_USE;
void brand_events_release(struct brand_events *events);

/* Rows [first, last) of input.rows. */
struct row_range {
    size_t first, last;
};
struct row_range brand_rows(const struct brand_events *events, int64_t from_s, int64_t to_s);
/* True when the second lies in an event; in one that is no rise of the share. */
bool in_events(const struct brand_events *events, int64_t second);
bool in_spikes(const struct brand_events *events, int64_t second);
/* True when row `i` of input.rows, in the event's time, is one of the event's. */
bool event_has(const struct brand_events *events, const struct event *event, size_t i);
/* The baseline of the volume, summed over the buckets of [from_s, to_s); of an event, over those
 * that are its own. */
double expected_mentions(const struct brand_events *events, int64_t from_s, int64_t to_s);
double event_expected(const struct brand_events *events, const struct event *event);

/* How many minutes of [from_s, to_s) the archive does not contain, by the platforms that the brand
 * is on. */
int32_t missing_minutes(const struct brand_events *events, int64_t from_s, int64_t to_s);
/* The same of an event and of the hour before: had it begun there, nobody would see it. */
int32_t event_missing_minutes(const struct brand_events *events, const struct event *event);

/* ---- figures of one event ---- */

enum { AMPLIFIERS_MAX = 5 };
#define ROW_NONE UINT32_MAX

struct event_statistics {
    double negative_share, negative_share_before; /* 0 without mentions */
    double repost_share, top_text_share, top_authors_share;
    double sentiment_before, sentiment_during, sentiment_after; /* -1..1; NAN: none was scored */
    int64_t doubling_s;     /* of the excess, from onset to peak (doubling_time_s of detect) */
    int64_t half_life_s;    /* after the peak, until the hourly excess had halved */
    int64_t recovered_at_s; /* from then on six hours were as usual; -1 unknown, in all three */
    int32_t new_authors, silent_authors;
    uint32_t first_row, largest_row; /* largest: most engagement; ROW_NONE without mentions */
    uint32_t amplifiers[AMPLIFIERS_MAX];
    size_t amplifier_count; /* one row of each of the authors with the most followers */
};
enum status event_statistics(const struct brand_events *events, const struct event *event,
                             struct event_statistics *out, struct fault *fault) MUST_USE;

/* ---- terms that set an event apart ---- */

enum { TERMS_PER_EVENT = 24, TERM_BYTES = 96 };

struct event_term {
    char text[TERM_BYTES];   /* as first written, lower case */
    const char *kind;        /* word, phrase, hashtag, handle, domain */
    uint32_t mentions;       /* texts of the event that use it */
    uint32_t usual_mentions; /* texts outside all events, of those looked at */
    double log_odds, z;
};
struct term_list {
    struct event_term at[TERMS_PER_EVENT]; /* [count], strongest first */
    size_t count;
};
/* From which z a term is shown, and how many posts the prior is worth. Events: one in a thousand by
 * chance for a single term. */
struct term_rule {
    double least_z, prior;
};
#define TERMS_OF_EVENTS ((struct term_rule){3.09, 500})
/* lists [events->count], empty before. */
enum status event_terms(const struct brand_events *events, struct term_rule rule,
                        struct term_list *lists, struct fault *fault) MUST_USE;

/* ---- posts that show an event ---- */

struct evidence {
    uint32_t row;
    const char *why;    /* first, most engaged, typical */
    int32_t copies;     /* posts with the same words in the event, itself included */
    int64_t engagement; /* the largest among them */
};
/* At most `max` rows, the most telling first. */
enum status event_evidence(const struct brand_events *events, const struct event *event,
                           const struct term_list *terms, struct evidence *out, size_t max,
                           size_t *count, struct fault *fault) MUST_USE;

/* ---- spread ---- */

enum spread_dimension { SPREAD_CHANNELS, SPREAD_LANGUAGES, SPREAD_TOPICS, SPREAD_DIMENSIONS };

/* A group (column of the grids, enum language, or enum post_topic other than none and other) of an
 * event, by its own baseline. */
struct spread {
    size_t group;
    int64_t left_s;                  /* it left its baseline then; -1: it did not */
    int64_t left_low_s, left_high_s; /* 90 % interval; -1 likewise */
    int64_t mentions, negative;      /* from the earliest onset to the end */
    double usual;                    /* mentions in so much time, by the 28 days before */
};
struct spread_list {
    struct spread *at; /* [count] in the order in which they left, the others behind */
    size_t count;
};
/* After a failure too, `out` is to be released. */
enum status event_spread(const struct brand_events *events, const struct event *event,
                         enum spread_dimension dimension, struct spread_list *out,
                         struct fault *fault) MUST_USE;
void spread_list_release(struct spread_list *list);
/* True when the first group of the list left its baseline before any other, at 95 %. */
bool spread_first_is_sure(const struct spread_list *list);

/* An account that carried an event. */
struct carrier {
    uint32_t row; /* its post in the event with the most followers */
    int64_t mentions, negative, reposts;
    int64_t reach; /* sum of followers over its mentions, 0 where unknown */
    bool newcomer; /* it never wrote about the brand before the event */
};
enum { CARRIERS_MAX = 10 };
struct carrier_list {
    struct carrier at[CARRIERS_MAX]; /* [count] most reach first; without any, most mentions */
    size_t count;
};
enum status event_carriers(const struct brand_events *events, const struct event *event,
                           struct carrier_list *out, struct fault *fault) MUST_USE;

/* ---- replay ---- */

enum { ALARM_CHANNELS_MAX = 64, ALARM_TERMS_BYTES = 240 };

/* An alarm of the single-pass detector; or, with at_s and onset_s -1, a crisis without any. */
struct alarm {
    int64_t at_s;    /* when the alarming bucket was over */
    int64_t onset_s; /* as estimated then */
    double score;
    bool again;                           /* within a day of an alarm: it has grown a lot */
    const struct event *event;            /* that it falls into; NULL: a false alarm */
    bool first;                           /* of the event */
    int64_t seen, seen_negative;          /* mentions from the onset until then */
    int64_t to_peak;                      /* from then to the event's peak; negative: after it */
    uint32_t channel[ALARM_CHANNELS_MAX]; /* of those seen, by column of the grids */
    char terms[ALARM_TERMS_BYTES]; /* of the first alarm: what set those seen apart from the 28 days
                                      before, strongest first */
};
struct alarm_list {
    struct alarm *at; /* [count] by time, the missed crises last */
    size_t count, cap;
};
/* What would have been told while the mentions came in. */
enum status events_replay(const struct brand_events *events, double false_alarms_per_month,
                          struct alarm_list *out, struct fault *fault) MUST_USE;
void alarm_list_release(struct alarm_list *list);

/* ---- sentences ---- */

struct summary {
    const char *brand;         /* as people write it */
    const char *first_channel; /* that surely rose first; "" when none did */
    const char *zone_name;
    const struct zone *zone;
    const struct event *event;
    const struct event_statistics *statistics;
    const struct term_list *terms;
    int32_t missing_minutes; /* event_missing_minutes */
};
/* Appends one or two plain sentences, English or Polish, that state counted facts only. */
void summary_sentence(const struct summary *summary, bool polish, struct buf *out);
/* Appends the counted facts behind kind and severity. */
void summary_why(const struct event *event, bool polish, struct buf *out);
/* Appends the first few terms: "awaria, #norvia, przelew". */
void summary_terms(const struct term_list *terms, struct buf *out);

#endif
