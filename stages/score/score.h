/* score: tokens and a language in, sentiment, intents and journey stage out.
 *
 * Two engines with one interface: `rules` (lexicon and rules, every point explained) and `hybrid`
 * (the default: rule features and hashed n-grams in one calibrated linear model). Integer
 * arithmetic only, so scores are the same on every machine and for any number of threads.
 * Lexicons and models are compiled into the program when it is built (lexicons/,
 * stages/score/tool); a user's own lexicon files are read on top of them.
 *
 * Memory: a `scorer` is immutable and shared by all threads; a `score_scratch` belongs to one.
 * May fail: opening (STATUS_FATAL with EXIT_DATA and the line of the user's lexicon). Scoring does
 * not fail. */
#ifndef BURZA_SCORE_H
#define BURZA_SCORE_H

#include "stages/model/post.h"
#include "stages/text/text.h"

enum score_engine { ENGINE_HYBRID, ENGINE_RULES };

struct score_options {
    enum score_engine engine;
    const char *const *lexicons; /* paths of the user's TSV files: add to or override ours */
    size_t lexicon_count;
    bool sentiment_only; /* intents, stage and topic are not wanted and stay 0 */
};

struct score {
    int8_t label; /* enum label; LABEL_NONE for language other, unless only tags, handles, links
                     and names are there: those are neutral */
    int16_t score_milli; /* -1000..1000 */
    uint16_t p_milli[3]; /* negative, neutral, positive; sums to 1000; all 0 for LABEL_NONE */
    uint16_t intents;    /* enum intent bits */
    uint8_t stage;       /* enum stage */
    uint8_t topic;       /* enum post_topic */
};

struct scorer;
enum status scorer_open(struct scorer **out, const struct score_options *options,
                        struct fault *fault) MUST_USE;
void scorer_free(struct scorer *scorer);

struct score_scratch;
enum status score_scratch_new(struct score_scratch **out, struct fault *fault) MUST_USE;
void score_scratch_free(struct score_scratch *scratch);

/* Tokens [first, last] name the brand in question: with several brands in one post the clause
 * around them weighs more. Pass {0, UINT32_MAX} for the whole text. */
struct score_focus {
    uint32_t first, last;
};
#define SCORE_WHOLE ((struct score_focus){0, UINT32_MAX})

void scorer_score(const struct scorer *scorer, struct score_scratch *scratch,
                  const struct tokens *tokens, enum language language, struct score_focus focus,
                  struct score *out);
/* The same score as plain words for a reader who does not program. */
void scorer_explain(const struct scorer *scorer, struct score_scratch *scratch,
                    const struct tokens *tokens, enum language language, struct buf *out);

/* A word or phrase of a text that spoke for a part of its score: bytes [from, end) of the text. */
struct deciding_word {
    uint32_t from, end;
    uint8_t part;  /* enum decided_part */
    uint8_t which; /* enum label + 1, bit of the intent, enum stage or enum post_topic */
};
enum decided_part { DECIDED_LABEL, DECIDED_INTENT, DECIDED_STAGE, DECIDED_TOPIC };
enum { DECIDING_MAX = 48 };
/* Which words spoke for a score that was found before (perhaps in another scorer, of the same
 * lexicons): the reasons of scorer_explain that stand in the text, at most four for each part, the
 * strongest first, those of one part together. Accounts, links, names and punctuation are none.
 * Returns how many. */
uint32_t scorer_deciding_words(const struct scorer *scorer, struct score_scratch *scratch,
                               const struct tokens *tokens, enum language language,
                               const struct score *score, struct deciding_word out[DECIDING_MAX]);

/* Hex SHA-256 of the digests of our lexicons and models and of the user's lexicons; for provenance.
 */
const char *scorer_digest(const struct scorer *scorer);

#endif
