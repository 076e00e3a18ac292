/* reform_spelling: one spelling for what Polish writes apart or joined since the rules of 2026.
 *
 * In: tokens of a Polish text; out: tokens in which "niegorsza" is "nie gorsza" (comparatives,
 * superlatives, participles), "nie zadowolony" is "niezadowolony" where the lexicon has that word,
 * and "supermiła", "super-miła" are "super miła" (super, mega, ekstra and their like): label and
 * scores do not depend on the spelling. The rules: Rada Języka Polskiego, in force since 1 January
 * 2026. Memory: the caller's `reformed`, fixed in size: longer texts stay as they are. Cannot
 * fail. */
#ifndef BURZA_REFORM_SPELLING_H
#define BURZA_REFORM_SPELLING_H

#include "stages/score/rules.h"

enum { REFORM_TOKENS_MAX = 4096, REFORM_BYTES_MAX = 64 << 10 };

struct reformed {
    struct tokens tokens;
    struct token at[REFORM_TOKENS_MAX];
    char forms[REFORM_BYTES_MAX];
    uint32_t moved_from[REFORM_TOKENS_MAX]; /* the token that each was */
};

/* `tokens` themselves when nothing is to be changed; else those in `reformed`, with `focus` moved
 * along. */
const struct tokens *reform_spelling(struct reformed *reformed,
                                     const struct rules_lexicons *lexicons,
                                     const struct tokens *tokens, struct score_focus *focus);

#endif
