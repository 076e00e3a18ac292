/* features: what the linear models see of a text: hashed word and character n-grams of its plain
 * forms, and the findings of the rules cut into steps. The trainer and the program share this
 * code, so a model meets the same features in both.
 *
 * Memory: `struct features` is per-thread scratch of fixed size. Never fails. */
#ifndef BURZA_SCORE_FEATURES_H
#define BURZA_SCORE_FEATURES_H

#include "stages/score/ngrams.h"
#include "stages/score/rules.h"

enum {
    FEATURES_VERSION = 2,
    NGRAMS_MAX = NGRAM_TOKENS * WORD_NGRAMS_MAX,
    STEPS_MAX = 128, /* active steps of one text */
    STEP_IDS = 1024, /* ids of steps are below */
};

struct features {
    uint32_t ngrams[NGRAMS_MAX];
    uint16_t steps[STEPS_MAX];
    uint32_t ngram_count, step_count;
};

void features_collect(struct features *features, const struct rules *rules,
                      const struct rules_settings *settings, const struct tokens *tokens,
                      enum language language, const struct ngram_vocabulary *vocabulary);
/* The steps alone. */
void features_steps(struct features *features, const struct rules *rules,
                    const struct rules_settings *settings, const struct tokens *tokens);
/* The finding that a step is about, for --explain, and whether the step says that there was none.
 */
const char *features_step_name(unsigned step);
bool features_step_absent(unsigned step);

#endif
