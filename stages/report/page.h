/* page: what all parts of the report share: the page being written, how words, numbers and moments
 * are put on it, and a view of each brand with its totals and numbered events. Internal to the
 * stage. Writers append to page->out, which remembers a failure until the end. */
#ifndef BURZA_REPORT_PAGE_H
#define BURZA_REPORT_PAGE_H

#include "stages/detect/detect.h"
#include "stages/report/escape.h"
#include "stages/report/report.h"

/* EVENT_TURN: turns of mood and slow burns. */
enum event_kind { EVENT_CRISIS, EVENT_BURST, EVENT_FLOOD, EVENT_TURN, EVENT_KINDS };

struct event_view {
    const struct episode_row *row;
    enum event_kind kind;
    unsigned number; /* from 1, by onset, per brand and kind */
};

struct tally_view {
    int64_t mentions, negative, neutral, positive;
};

struct brand_view {
    size_t brand;
    struct tally_view all;
    int64_t authors;
    int64_t originals, replies, reposts;
    int64_t stages[STAGE_COUNT];
    struct event_view *events; /* [event_count] by onset */
    size_t event_count, crisis_count;
    double *channel_weight; /* [channels] share of the brand's mentions */
};

/* A crisis of some brand. */
struct crisis_view {
    const struct brand_view *brand;
    size_t event; /* in brand->events */
};

struct page {
    struct buf *out;
    const struct audit *audit;
    const struct zone *zone; /* NULL: UTC */
    bool polish;
    struct brand_view *brands; /* [brand_count], in the audit's order */
    size_t brand_count;
    struct crisis_view *crises; /* [crisis_count] of all brands, the most severe first */
    size_t crisis_count;
    int64_t from_s, to_s; /* what the grids span */
    int64_t known_s;      /* covered time within */
};

/* A chapter of the page. `write` puts what stands under the title; a chapter without titles makes
 * sections of its own. It is left out when `wanted` (NULL: always) says so. */
struct section {
    const char *id;
    const char *title[2]; /* English, Polish; NULL: none */
    bool (*wanted)(const struct page *page);
    enum status (*write)(struct page *page, struct fault *fault);
};

/* views.c */
enum status views_build(struct page *page, struct fault *fault) MUST_USE;
void views_release(struct page *page);
const struct grid_point *page_point(const struct page *page, enum grid_id grid, size_t time,
                                    size_t brand);
struct span page_brand_name(const struct page *page, size_t brand);
/* "Polska" of "reddit/Polska"; empty when the channel is a whole platform. */
struct span page_channel_part(struct span channel);
/* Counts over hours in [from_s, to_s) outside the brand's events. */
struct tally_view view_quiet(const struct page *page, const struct brand_view *view, int64_t from_s,
                             int64_t to_s);
/* Index of the first bucket that ends after `second`; grid->times when there is none. */
size_t grid_find(const struct grid *grid, int64_t second);
/* Covered share 0..1 of an hour for the brand: channels weigh by its mentions. */
double view_coverage(const struct page *page, const struct brand_view *view, size_t hour);

/* What it means that the brand has no event; QUIET_CALM when it has one. */
enum quiet_reason view_quiet_reason(const struct page *page, const struct brand_view *view);

/* report_words.c: one of two languages, and the vocabularies. */
const char *tr(const struct page *page, const char *english, const char *polish);
/* The word for `n` things: English one/many, Polish one/few/many. */
const char *tr_plural(const struct page *page, int64_t n, const char *en_one, const char *en_many,
                      const char *pl_one, const char *pl_few, const char *pl_many);
const char *word_kind(const struct page *page, enum event_kind kind);
/* `severity` is cut to 0..4. */
const char *word_severity(const struct page *page, enum event_kind kind, int severity);
const char *word_label(const struct page *page, struct span label);
const char *word_language(const struct page *page, struct span code);
const char *word_platform(struct span code); /* "Reddit"; NULL when unknown */
const char *word_stage(const struct page *page, int stage);
const char *word_topic(const struct page *page, int topic);
const char *word_input_status(const struct page *page, struct span status);
const char *word_evidence(const struct page *page, struct span why);
const char *word_reject_class(const struct page *page, struct span class);
/* Polish sentence for a reason; NULL when there is none: then the audit's own is shown. */
const char *word_reject_polish(struct span reason);

/* Sentences for brands without an event: `calm` where one would have been found. */
void put_quiet(struct page *page, enum quiet_reason reason, const char *calm);

/* figures.c */
#define DASH "\xE2\x80\x93"
#define THIN "\xE2\x80\xAF"                    /* narrow blank that does not break */
void put(struct page *page, const char *html); /* our own markup and words only */
void put_text(struct page *page, struct span text);
/* A TEXT column of a row or an array of a struct. */
#define FIELD_SPAN(field) ((struct span){(field), strnlen(field, sizeof(field))})
#define put_field(page, field) put_text((page), FIELD_SPAN(field))
void put_count(struct page *page, int64_t count);
void put_decimal(struct page *page, double value, int digits);
void put_signed(struct page *page, double value, int digits);
void put_percent(struct page *page, double share); /* 0.123 -> 12.3% */
void put_share(struct page *page, int64_t part, int64_t whole);
void put_bytes(struct page *page, int64_t bytes);
void put_duration(struct page *page, int64_t seconds);  /* "2 d 3 h"; a dash when negative */
void put_date(struct page *page, int64_t second);       /* "15 March 2023" */
void put_moment(struct page *page, int64_t second);     /* "15 March 2023, 11:40", as <time> */
void put_iso_date(struct page *page, int64_t second);   /* "2023-03-15" */
void put_clock(struct page *page, int64_t second);      /* "11:40" */
void put_short_date(struct page *page, int64_t second); /* "15 Mar" */
void put_month(struct page *page, int64_t second);      /* "Mar 2023" */
struct civil page_local(const struct page *page, int64_t second);
bool moment_known(int64_t second);
/* "Reddit / Polska", "portal.example"; `part` is what page_channel_part gave. */
void put_channel(struct page *page, struct span platform, struct span part);
void put_mark(struct page *page, const struct event_view *event); /* "C1" */
/* Net sentiment (P - N) / (P + N); NAN when there is neither. */
double net_sentiment(const struct tally_view *tally);
/* <span class="..."> parts of 100 %, with a text alternative. */
void put_sentiment_bar(struct page *page, const struct tally_view *tally);

/* Texts embedded as they stand in web/ (web.S): the style sheet, and the definitions of the figures
 * in English and Polish. */
extern const char report_style[], report_definitions_en[], report_definitions_pl[];

/* What sections.c lists, each in the file that bears its name, and what they consist of. */
void header_write(struct page *page); /* front.c */
enum status comparison_write(struct page *page, struct fault *fault);
enum status crises_write(struct page *page, struct fault *fault);
enum status brands_write(struct page *page, struct fault *fault); /* brand.c */
bool has_care(const struct page *page);                           /* care_chapter.c */
enum status care_write(struct page *page, struct fault *fault);
enum status journeys_write(struct page *page, struct fault *fault);
enum status sources_write(struct page *page, struct fault *fault); /* sources.c */
enum status method_write(struct page *page, struct fault *fault);  /* method.c */
enum status provenance_write(struct page *page, struct fault *fault);
void breakdown_write(struct page *page, const struct brand_view *view); /* breakdown.c */
void episode_write(struct page *page, const struct brand_view *view, size_t event); /* episode.c */
void spread_write(struct page *page, const struct episode_row *row); /* spread_card.c */
void carriers_write(struct page *page, const struct episode_row *row);
void known_write(struct page *page, const struct episode_row *row);
void alarms_write(struct page *page); /* the alarms of all brands */
void evidence_write(struct page *page, const struct episode_row *row); /* evidence_posts.c */
void volume_chart(struct page *page, const struct brand_view *view);   /* volume.c */
void episode_chart(struct page *page, const struct brand_view *view, size_t event);
void mood_chart(struct page *page, const struct brand_view *view); /* mood.c */

#endif
