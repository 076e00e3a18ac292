/* topic cues: what says what a text is about: words of the topics' own lexicon, and what a small
 * trained model makes of the wording. Only the posts that need a topic are looked up, so what a
 * word says is kept apart from what it says of the mood: one cache line a word.
 *
 * In: tokens. Out: cues in the order of the text. Owner: plain structs of fixed size; outputs point
 * into the lexicon; `struct topic_words` is per-thread scratch, which begins zeroed and serves
 * every scorer, as lexicons and models are part of the program. Never fails: of very many cues the
 * first TOPIC_CUES_MAX are told, all count. */
#ifndef BURZA_SCORE_TOPIC_CUES_H
#define BURZA_SCORE_TOPIC_CUES_H

#include "stages/score/topic_model.h"
#include "stages/score/word_table.h"

enum { TOPIC_CUES_MAX = 64, TOPIC_WORDS_KEPT = 16384 };

struct topic_word {
    uint64_t key; /* of the token, everything that what it says depends on; 0: free */
    int16_t sums[TOPIC_COUNT];
    uint32_t detail; /* in the lexicon; UINT32_MAX: not in it, or in no phrase */
    uint16_t ngrams;
    bool known; /* in the lexicon */
    uint8_t spare[17];
};
_Static_assert(sizeof(struct topic_word) == 64, "one cache line");

struct topic_words {
    struct topic_word entries[TOPIC_WORDS_KEPT + 1]; /* the last for words that are not kept */
};

struct topic_source {
    const struct lexicon *lexicon;
    const struct topic_model *model;           /* NULL: the lexicon alone */
    const struct ngram_vocabulary *vocabulary; /* with a model */
    enum language language;
};

struct topic_cues {
    int32_t weights[TOPIC_COUNT]; /* of the lexicon, thousandths */
    int32_t sums[TOPIC_COUNT];    /* of the model's n-gram weights */
    uint32_t ngrams;
    struct topic_cue {
        const struct lexicon_output *output;
        uint32_t first, last; /* tokens */
    } at[TOPIC_CUES_MAX];
    unsigned count;
};

void topic_cues_find(struct topic_cues *out, struct topic_words *words,
                     const struct topic_source *source, const struct tokens *tokens);
/* How far the wording at a token (its word and letters) pulls towards a topic, against the mean of
 * the others, in thousandths; `ngrams`: of the whole text. */
int64_t topic_word_pull(const struct topic_source *source, const struct tokens *tokens,
                        uint32_t number, uint32_t ngrams, unsigned topic);
/* The buckets of all n-grams of a text, as the model is trained on them; out[NGRAM_TOKENS *
 * WORD_NGRAMS_MAX]; how many. */
uint32_t topic_ngrams(const struct topic_source *source, const struct tokens *tokens,
                      uint32_t *out);

#endif
