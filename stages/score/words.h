/* words: the sums of n-gram weights of a text, with a cache of the sums that single words bring, as
 * most words of a text were seen shortly before. A cached sum is the same number that would be
 * computed anew (whole spelling and kind are compared), so results do not depend on the cache.
 *
 * Memory: `struct words` is per-thread scratch of fixed size; it begins zeroed. The models are part
 * of the program, so one cache serves every scorer. */
#ifndef BURZA_SCORE_WORDS_H
#define BURZA_SCORE_WORDS_H

#include "stages/score/model.h"

enum { WORDS_CACHED = 8192, WORD_BYTES = 20, WORD_SUMS = 4 + 16 };

/* One cache line. */
struct words_entry {
    uint64_t spelling[2]; /* plain form, padded with zeros */
    uint32_t spelling_end;
    uint16_t key; /* language, kind, part; 0: free */
    uint16_t ngrams;
    int16_t sums[WORD_SUMS]; /* sentiment, then journey */
};
_Static_assert(sizeof(struct words_entry) == 64, "one cache line");

struct words {
    _Alignas(64) struct words_entry entries[WORDS_CACHED];
    int32_t sums[WORD_SUMS]; /* result */
    uint32_t ngrams;
};

/* Without `journey` only the sums of the sentiment are of use. */
void words_sum(struct words *words, const struct score_model *model, enum language language,
               struct features *features, const struct tokens *tokens, bool journey);

#endif
