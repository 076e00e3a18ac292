/* topic cues: the words of a text that say what it is about. They have a lexicon of their own,
 * which only the posts that need a topic are looked up in: those of the other rules are read for
 * all.
 *
 * In: tokens. Out: cues in the order of the text. Owner: plain structs of fixed size; outputs point
 * into the lexicon. Never fails: of very many cues the first TOPIC_CUES_MAX are told, all count. */
#ifndef BURZA_SCORE_TOPIC_CUES_H
#define BURZA_SCORE_TOPIC_CUES_H

#include "stages/score/word_table.h"

enum { TOPIC_CUES_MAX = 64 };

struct topic_cues {
    int32_t weights[TOPIC_COUNT];
    struct topic_cue {
        const struct lexicon_output *output;
        uint32_t first, last; /* tokens */
    } at[TOPIC_CUES_MAX];
    unsigned count;
};

void topic_cues_find(struct topic_cues *out, const struct lexicon *lexicon,
                     const struct tokens *tokens);

#endif
