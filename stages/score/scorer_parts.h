/* scorer_parts: what a scorer and its scratch hold; shared by scoring, explaining and training. */
#ifndef BURZA_SCORE_SCORER_PARTS_H
#define BURZA_SCORE_SCORER_PARTS_H

#include "stages/common/digest.h"
#include "stages/score/model.h"
#include "stages/score/reform_spelling.h"
#include "stages/score/topic_cues.h"

struct scorer {
    enum score_engine engine;
    bool sentiment_only;
    struct rules_lexicons lexicons[LANGUAGE_COUNT];
    struct lexicon topics[LANGUAGE_COUNT];
    struct score_model models[LANGUAGE_COUNT];
    struct ngram_index indexes[LANGUAGE_COUNT]; /* of the models */
    struct topic_model topic_models[LANGUAGE_COUNT];
    struct buf user[LANGUAGE_COUNT]; /* blobs of the user's lexicons */
    char digest[DIGEST_HEX_SIZE];
};

struct score_scratch {
    struct rules rules;
    struct features features;
    struct reformed reformed;
    struct joint joint;          /* of the text last scored by a model */
    const struct tokens *scored; /* the text last scored, in one spelling */
    struct topic_words topic_words;
    struct topic_cues topics; /* of the last text that has a topic */
};

/* What topics of `language` are found by. */
struct topic_source scorer_topic_source(const struct scorer *scorer, enum language language);

/* Whether a text has only tags, handles, links and names, and so no mood. */
bool scorer_is_bare(const struct scorer *scorer, const struct tokens *tokens);

/* Blame that is sure: a verdict of the phrases (see lexicons), or a short text with several words
 * of praise that are negated, and no praise beside it; or up to four words that clearly blame and
 * nothing else ("Norvia do bani"; of such posts in training 93 % of three and 87 % of four words
 * are negative, of those of praise two thirds positive), or two that praise; or a verdict that good
 * and bad are equal. LABEL_NONE: the model decides. */
int scorer_sure_label(const struct rules *rules, const struct rules_settings *settings,
                      const struct tokens *tokens);
/* Whether the phrases tell a mishap as a fact, or praise is turned by a negation, and little praise
 * stands beside it. */
bool scorer_tells_mishap(const struct rules *rules, const struct rules_settings *settings);
/* The number of the label (label + 1) that a sure one, or a mishap in a close call, makes of the
 * model's `best`; it gets the highest probability. */
unsigned scorer_settle(int sure, bool mishap, uint16_t p_milli[3], unsigned best);

/* The parts that are built into the program: compiled lexicon and model of `language`. */
struct span builtin_lexicon(enum language language);
struct span builtin_topics(enum language language);
struct span builtin_model(enum language language);
struct span builtin_topic_model(enum language language);
/* Their digests, made when the program was built. */
struct span builtin_digests(void);

#endif
