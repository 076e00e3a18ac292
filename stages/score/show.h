/* show: a word in, what lexicons and models know about it out, in plain words. */
#ifndef BURZA_SCORE_SHOW_H
#define BURZA_SCORE_SHOW_H

#include "stages/score/scorer_parts.h"

/* Appends to `out`; returns how many lexicons know the word. The tokens are of the word alone. */
unsigned scorer_show(const struct scorer *scorer, struct score_scratch *scratch,
                     const struct tokens *tokens, struct buf *out);

#endif
