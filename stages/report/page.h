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
    bool shown;             /* false: the page is of another brand */
    size_t rank;            /* by mentions among the shown, 0 the most */
};

/* A crisis of some brand. */
struct crisis_view {
    const struct brand_view *brand;
    size_t event; /* in brand->events */
    size_t rank;  /* 0: the most severe of all; then the larger, then the earlier */
};

struct page {
    struct buf *out;
    const struct audit *audit;
    const struct report_options *options;
    const struct zone *zone; /* NULL: UTC */
    bool polish;
    unsigned figures;          /* numbered so far */
    struct brand_view *brands; /* [brand_count], in the audit's order */
    size_t brand_count;
    size_t shown_count;         /* of them, those that the page tells of */
    struct crisis_view *crises; /* [crisis_count] of the shown brands, by onset */
    size_t crisis_count;
    int64_t from_s, to_s; /* what the grids span */
    int64_t known_s;      /* covered time within */
};

/* A chapter of the page. `write` puts what stands under the title, be it why there is nothing; a
 * chapter without titles makes sections of its own. */
struct section {
    const char *id;
    const char *title[2]; /* English, Polish; NULL: none */
    enum status (*write)(struct page *page, struct fault *fault);
};

/* Larger reports tell small events in one line. */
enum { BRANDS_FOLD = 12, CRISES_FOLD = 20 };
/* Brands with a chapter of their own, at most: of very many the most mentioned. */
enum { BRANDS_DETAILED = 60 };

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

/* Shared by charts: episodes, mentions per stage and the like between two moments. */
void view_stages(const struct page *page, const struct brand_view *view, int64_t from_s,
                 int64_t to_s, int64_t stages[STAGE_COUNT]);
/* Of many brands: hours of the week and the tables behind the journeys are left to `--brand`. */
static inline bool page_is_large(const struct page *page) {
    return page->shown_count > BRANDS_FOLD;
}
static inline bool view_detailed(const struct brand_view *view) {
    return view->shown && view->rank < BRANDS_DETAILED;
}
static inline int64_t tally_scored(const struct tally_view *tally) {
    return tally->negative + tally->neutral + tally->positive;
}
const struct episode_row *crisis_row(const struct crisis_view *crisis);

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
/* "outage 41, billing 7" in the words of the page. */
void put_topic_counts(struct page *page, struct span topics);
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
/* At most so many characters of it, then an ellipsis. */
void put_cut(struct page *page, struct span text, size_t characters);
/* A TEXT column of a row or an array of a struct. */
#define FIELD_SPAN(field) ((struct span){(field), strnlen(field, sizeof(field))})
#define put_field(page, field) put_text((page), FIELD_SPAN(field))
void put_count(struct page *page, int64_t count);
void put_decimal(struct page *page, double value, int digits);
void put_signed(struct page *page, double value, int digits);
void put_percent(struct page *page, double share); /* 0.123 -> 12.3% */
void put_share(struct page *page, int64_t part, int64_t whole);
void put_bytes(struct page *page, int64_t bytes);
void put_duration(struct page *page, int64_t seconds);    /* "2 d 3 h"; a dash when negative */
void put_date(struct page *page, int64_t second);         /* "15 March 2023" */
void put_moment(struct page *page, int64_t second);       /* "15 March 2023, 11:40", as <time> */
void put_iso_date(struct page *page, int64_t second);     /* "2023-03-15" */
void put_iso_hour(struct page *page, int64_t second);     /* "2023-03-15 11:00" */
void put_clock(struct page *page, int64_t second);        /* "11:40" */
void put_short_date(struct page *page, int64_t second);   /* "15 Mar" */
void put_short_moment(struct page *page, int64_t second); /* "15 Mar, 11:40" */
/* "15 Mar, 11:40-11:47", a moment known within limits. */
void put_short_range(struct page *page, int64_t from, int64_t to);
void put_month(struct page *page, int64_t second); /* "Mar 2023" */
struct civil page_local(const struct page *page, int64_t second);
bool moment_known(int64_t second);
/* "Reddit / Polska", "portal.example"; `part` is what page_channel_part gave. */
void put_channel(struct page *page, struct span platform, struct span part);
void put_wait(struct page *page, double seconds);
void put_mark(struct page *page, const struct event_view *event); /* "C1" */
/* Net sentiment (P - N) / (P + N); NAN when there is neither. */
double net_sentiment(const struct tally_view *tally);
/* The shares as a bar, for the eye only. */
void put_sentiment_bar(struct page *page, const struct tally_view *tally);
/* A share 0..1 as a bar of this class, for the eye only. */
void put_track(struct page *page, double share, const char *class);

/* 0.123 of 12,000 -> "12.3%" with its Wilson limits: "12.3% <small>(11.7%-12.9%)</small>" */
void put_share_limits(struct page *page, int64_t part, int64_t whole);
/* The brand's name in a link to its chapter, if it has one; in <bdi>. */
void put_brand_link(struct page *page, const struct brand_view *view);
void put_brand_name(struct page *page, const struct brand_view *view);
/* A channel by its whole name ("reddit/Polska") as people call it. */
void put_channel_name(struct page *page, struct span channel);
/* A term that is defined in the chapter on method, as a link to its definition `id`. */
void put_term(struct page *page, const char *id, const char *english, const char *polish);

/* Texts embedded as they stand in web/ (web.S): the style sheet, and the definitions of the figures
 * in English and Polish. */
extern const char report_style[], report_definitions_en[], report_definitions_pl[];
/* The script and the library that it uses, both as they run. */
extern const char report_script[], report_library[];

/* A path of a drawing: each star is the next value, a double, to a tenth. */
void put_path(struct page *page, const char *form, ...);

/* A source of a content security policy: 'sha256-...'. */
void put_source_hash(struct buf *out, struct span bytes); /* embed.c */
void put_base64(struct buf *out, struct span bytes);
/* A text of a JSON block inside the page, in its quotes. */
void put_json_text(struct page *page, struct span text);
/* The series of a brand as such a block, which the script reads. */
void figure_data(struct page *page, const struct brand_view *view); /* figure_data.c */
/* The words and the clock of the script, and the script itself. */
void script_write(struct page *page); /* script_words.c */
void put_script_sources(struct buf *out);
/* Binds Polish words of one letter to the next by a blank that does not break, in all text of the
 * page but code. */
void bind_words(struct buf *page); /* bind_words.c */

/* What sections.c lists, each in the file that bears its name, and what they consist of. */
void header_write(struct page *page); /* front.c */
enum status summary_write(struct page *page, struct fault *fault);
void contents_write(struct page *page, const struct section *sections, size_t count);
enum status comparison_write(struct page *page, struct fault *fault); /* comparison.c */
enum status crises_write(struct page *page, struct fault *fault);     /* crisis_list.c */
enum status brands_write(struct page *page, struct fault *fault);     /* brand.c */
enum status care_write(struct page *page, struct fault *fault);       /* care_chapter.c */
enum status journeys_write(struct page *page, struct fault *fault);   /* journey_map.c */
enum status sources_write(struct page *page, struct fault *fault);    /* sources.c */
enum status method_write(struct page *page, struct fault *fault);     /* method.c */
enum status cite_write(struct page *page, struct fault *fault);
void breakdown_write(struct page *page, const struct brand_view *view); /* breakdown.c */
void episode_write(struct page *page, const struct brand_view *view, size_t event); /* episode.c */
/* What happened, in two or three sentences of the page's language. */
void story_write(struct page *page, const struct brand_view *view, const struct event_view *event);
void spread_write(struct page *page, const struct episode_row *row); /* spread_card.c */
void carriers_write(struct page *page, const struct episode_row *row);
void known_write(struct page *page, const struct episode_row *row);
void alarms_write(struct page *page); /* the alarms of all brands */
void evidence_write(struct page *page, const struct episode_row *row); /* evidence_posts.c */
void volume_figure(struct page *page, const struct brand_view *view);  /* volume.c */
void episode_figure(struct page *page, const struct brand_view *view, size_t event);
void mood_figure(struct page *page, const struct brand_view *view); /* mood.c */
void spread_figure(struct page *page, const struct brand_view *view, size_t event);

#endif
