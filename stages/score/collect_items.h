/* collect_items: tokens into rules items: what the lexicons say of each word and phrase, where
 * clauses and sentences end, and what is counted. Internal to the rules. */
#ifndef BURZA_SCORE_COLLECT_ITEMS_H
#define BURZA_SCORE_COLLECT_ITEMS_H

#include "stages/score/rules.h"

void collect_items(struct rules *rules, const struct rules_lexicons *lexicons,
                   const struct tokens *tokens);
void collect_phrases(struct rules *rules, const struct rules_lexicons *lexicons,
                     const struct tokens *tokens);

#endif
