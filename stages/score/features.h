/* features: what the linear models see of a text: hashed word and character n-grams of its plain
 * forms, and the findings of the rules cut into steps. The trainer and the program share this
 * code, so a model meets the same features in both.
 *
 * Memory: `struct features` is per-thread scratch of fixed size. Never fails. */
#ifndef BURZA_SCORE_FEATURES_H
#define BURZA_SCORE_FEATURES_H

#include "stages/score/rules.h"

enum {
    FEATURES_VERSION = 1,
    NGRAM_BITS = 18,
    NGRAMS_MAX = 16384,
    STEPS_MAX = 128, /* active steps of one text */
    STEP_IDS = 1024, /* ids of steps are below */
};

struct features {
    uint32_t ngrams[NGRAMS_MAX]; /* words first, then characters */
    uint16_t steps[STEPS_MAX];
    uint32_t ngram_count, word_count, step_count;
};

void features_collect(struct features *features, const struct rules *rules,
                      const struct rules_settings *settings, const struct tokens *tokens);
/* Only the n-grams that token `number` brings in: its word, its characters, and its pair with the
 * word before. */
void features_collect_token(struct features *features, const struct tokens *tokens,
                            uint32_t number);
/* The text that a step stands for, for --explain. */
const char *features_step_name(unsigned step);

#endif
