/* journey: what care found of one brand in; the paths of its customers out: from hearing of the
 * brand to speaking for it (P. Kotler's five A's), where paths break off, who speaks for and
 * against it, and how brands compare.
 *
 * A person is an author on a platform; authors that `person` joins are one. A path is the states of
 * a person's posts in order, without those that have none and without repetitions. All figures are
 * of people who post, not of a market. Nobody is named: rows say who is meant.
 *
 * In: struct journey_input, borrowed. Out: rows of the tables journey, transitions, touchpoints,
 * outcomes, comparison; lists of people. Owner: a `struct journey` owns its arrays. May fail:
 * STATUS_FATAL out of memory. */
#ifndef BURZA_JOURNEY_H
#define BURZA_JOURNEY_H

#include "stages/care/care.h"

struct journey_input {
    const struct care *care;
    const uint32_t *person; /* [mentions->author_count] the same number for the same person; NULL:
                               every author is one */
};

struct journey {
    struct journey_input input;
    uint32_t *person; /* [care->author_count] of the brand's authors: place among them; 0 unknown */
    uint32_t *order;  /* posts of paths, by person and time, without channels of which only answers
                         are there */
    size_t *first;    /* [care->author_count + 1] where in `order` a person's posts begin */
    bool known;       /* some channel's paths are whole */
};

/* After a failure too, `journey` is to be released. */
enum status journey_find(const struct journey_input *input, struct journey *journey,
                         struct fault *fault) MUST_USE;
void journey_release(struct journey *journey);

/* Adds the rows of all tables of care and journeys but people and comparison, several tables at
 * once. */
enum status journey_tables(const struct journey *journey, struct audit *audit,
                           struct fault *fault) MUST_USE;

/* Each adds its rows to the table of its name; journey_periods to journey. */
enum status journey_periods(const struct journey *journey, struct audit *audit,
                            struct fault *fault) MUST_USE;
enum status journey_transitions(const struct journey *journey, struct audit *audit,
                                struct fault *fault) MUST_USE;
enum status journey_touchpoints(const struct journey *journey, struct audit *audit,
                                struct fault *fault) MUST_USE;
enum status journey_outcomes(const struct journey *journey, struct audit *audit,
                             struct fault *fault) MUST_USE;

/* ---- people ---- */

enum person_kind {
    PERSON_ADVOCATE,
    PERSON_DETRACTOR,
    PERSON_ASKER,
    PERSON_AMPLIFIER,
    PERSON_KINDS
};
enum { PEOPLE_PER_KIND = 100 };
const char *person_kind_name(enum person_kind kind);

struct person_view {
    uint32_t row; /* of the mentions: a post of this person */
    uint64_t hash;
    uint64_t channels; /* bit c: channel c of care */
    int64_t posts, kind_posts, positive, negative, reach, engagement, first_s, last_s;
};
struct people {
    struct person_view at[PERSON_KINDS][PEOPLE_PER_KIND];
    size_t count[PERSON_KINDS];
};
enum status journey_people(const struct journey *journey, struct people *people,
                           struct fault *fault) MUST_USE;

/* ---- comparison ---- */

struct comparison_part {
    int64_t mentions, positive, neutral, negative;
    int64_t questions, questions_answered, turns,
        replies; /* of channels whose posts are all there */
};
/* The number of the local quarter of a second: year * 4 + 0..3. */
int64_t local_quarter(const struct zone *zone, int64_t second);
/* Adds what the brand's turns give, by quarter from `first` on, and at [quarters] all. */
void comparison_add_turns(const struct care *care, int64_t first, size_t quarters,
                          struct comparison_part *parts);
/* Fills a row from a brand's part and the mentions of all brands together; `quarter`: a period that
 * is one; brands: how many there are. */
void comparison_fill(const struct care_settings *settings, const struct comparison_part *part,
                     int64_t all_mentions, size_t brands, bool quarter, bool full,
                     struct comparison_row *row);

#endif
