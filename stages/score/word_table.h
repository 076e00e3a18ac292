/* word_table: what single words say by themselves: what our lexicon has of them, what they do as
 * punctuation, and what their n-grams add up to. Most words of a text were seen shortly before, so
 * all of it is kept in one cache line a word. A kept word is compared by its whole spelling and
 * kind and says what would be computed anew, so results do not depend on what is kept.
 *
 * Memory: `struct word_table` is per-thread scratch of fixed size; it begins zeroed (and is best
 * aligned to 64 bytes). Lexicons and models are part of the program, so one serves every scorer.
 * Never fails. */
#ifndef BURZA_SCORE_WORD_TABLE_H
#define BURZA_SCORE_WORD_TABLE_H

#include "stages/score/lexicon.h"
#include "stages/score/ngrams.h"

enum { WORDS_KEPT = 32768, WORD_BYTES = 16, WORDS_AT_ONCE = 64, LEXICON_LAYERS = 2 };

struct rules_lexicons {
    struct lexicon layers[LEXICON_LAYERS]; /* the user's first, then ours */
    unsigned count;
    enum language language;
};

enum word_flag {
    WORD_ENTRY = 1 << 0,
    WORD_PHRASE = 1 << 1,   /* a phrase may hold it */
    WORD_STARTS = 1 << 2,   /* a phrase may begin with it */
    WORD_MODIFIES = 1 << 3, /* in any way but WORD_PERSON */
    WORD_PERSON = 1 << 4,
    WORD_EMOJI = 1 << 5,
    WORD_SKIP = 1 << 6, /* a compound without an entry: its parts follow */
    WORD_CLAUSE = 1 << 7,
    WORD_ASKS = 1 << 8,
    WORD_SHOUTS = 1 << 9,
    WORD_DOTS = 1 << 10,
    WORD_NEGATES = 1 << 11,
    WORD_STRANGE = 1 << 12, /* nobody knows it: perhaps a name */
    WORD_FLAG_BITS = 13,
};

/* One cache line. */
struct word_table_entry {
    uint64_t spelling[WORD_BYTES / 8]; /* of the form, padded with zeros */
    uint16_t key;                      /* language, kind, what was summed; 0: free */
    int16_t valence;
    uint32_t word_flags;      /* detail in our lexicon << WORD_FLAG_BITS | enum word_flag */
    int16_t sums[NGRAM_SUMS]; /* [3] is the number of n-grams */
};
_Static_assert(sizeof(struct word_table_entry) == 64, "one cache line");

/* What the reader of a text gets of some of its tokens. The rows belong to the reader, and may be
 * written up to WORDS_AT_ONCE. */
struct word_table_block {
    uint16_t *word_flags;
    int16_t *valences;
    uint32_t *details; /* in their layers */
    uint8_t *layers;
    uint8_t *kinds, *flags; /* of the tokens */
};

struct word_table {
    struct word_table_entry entries[WORDS_KEPT + 1]; /* the last for words that are too long */
    /* what is summed; NULL: nothing. Set before word_table_begin. */
    const struct ngram_index *index;
    int32_t sums[NGRAM_SUMS]; /* of the text; [3] is the number of its n-grams */
    uint64_t before;          /* hash of the last word */
    uint32_t turn;            /* which word beside its place goes next */
    uint32_t pairs[NGRAM_TOKENS], pair_count;
    struct ngram_rows rows; /* of the pairs */
};

void word_table_begin(struct word_table *words);
/* Tokens [from, from + count) of the text, up to WORDS_AT_ONCE; in order, each once. Returns the
 * flags that any of them has. */
unsigned word_table_read(struct word_table *words, const struct rules_lexicons *lexicons,
                         const struct tokens *tokens, uint32_t from, uint32_t count,
                         const struct word_table_block *out);
/* When all were read. */
void word_table_end(struct word_table *words);
/* Completes the sums, once, as late as possible: their rows are on the way since the end. */
const int32_t *word_table_sums(struct word_table *words);

/* Whether a tag, or a word with a capital, is known neither to a model nor to the dictionary: it
 * may be a name, and its letters must not say anything. */
bool word_is_strange(enum language language, const struct ngram_vocabulary *vocabulary,
                     const struct tokens *tokens, const struct token *token);

/* How a token is looked up: "#fun" is another word than "fun". */
static inline uint64_t lexicon_token_hash(const struct token *token) {
    return token->kind == TOKEN_HASHTAG ? token->hash ^ UINT64_C(0x23) << 56 : token->hash;
}

#endif
