/* check: what a reader of lexicon files should know about them: duplicates, contradictions, Polish
 * lemmas that the dictionary does not know (so that no forms follow). Messages are appended, one a
 * line. Memory and failures as for lexicon_source.h. */
#ifndef BURZA_SCORE_CHECK_H
#define BURZA_SCORE_CHECK_H

#include "stages/score/lexicon_source.h"

struct check_result {
    size_t duplicates, contradictions, unknown;
};

enum status check_source(struct lexicon_source *source, struct buf *messages,
                         struct check_result *out, struct fault *fault) MUST_USE;

#endif
