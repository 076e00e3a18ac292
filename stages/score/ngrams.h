/* ngrams: the hashed word and character n-grams of a text's plain forms, and the sums of their
 * weights. The trainer and the program share the hashing, so a model meets the same in both.
 *
 * Memory: an index borrows the weights of a model, which outlives it. Never fails, but for
 * ngram_index_build: false for a model with more weights than an index can number. */
#ifndef BURZA_SCORE_NGRAMS_H
#define BURZA_SCORE_NGRAMS_H

#include "stages/text/text.h"

enum {
    NGRAM_BITS = 18,
    NGRAM_TOKENS = 512,    /* n-grams are taken from this many tokens */
    WORD_NGRAMS_MAX = 120, /* of one word and its characters */
    NGRAM_BLOCKS = (1 << NGRAM_BITS) / 64,
    NGRAM_SUMS = 4 + 16, /* sentiment with one lane to spare, then journey */
    NGRAM_NO_WORD = 5,   /* what pairs begin with */
    NGRAM_NAME = 23,     /* what stands for every name, and for what looks like one */
};

/* The words that a model has seen often enough: upper halves of token_hash of their plain forms,
 * rising. */
struct ngram_vocabulary {
    const uint32_t *hashes;
    uint32_t count;
};
bool ngram_vocabulary_has(const struct ngram_vocabulary *vocabulary, uint64_t plain_hash);

/* Which buckets have weights, for both tables of a model side by side: one cache line tells. */
struct ngram_index {
    struct ngram_block {
        uint64_t sentiment, journey; /* bit sets */
    } blocks[NGRAM_BLOCKS];
    struct ngram_ranks {
        uint16_t sentiment, journey; /* how many weights stand before the block's */
    } ranks[NGRAM_BLOCKS];
    const int8_t *sentiment; /* [count][4] */
    const int8_t *journey;   /* [count][16] */
    struct ngram_vocabulary vocabulary;
};

struct score_model;
bool ngram_index_build(struct ngram_index *index, const struct score_model *model) MUST_USE;

static inline uint32_t ngram_bucket(uint64_t hash) {
    hash *= UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(hash >> (64 - NGRAM_BITS));
}

/* Numbers count by their length, names and links as such; a strange word, which nobody knows, as a
 * name. */
static inline uint64_t ngram_word_hash(const struct token *token, bool strange) {
    bool sign = token->kind == TOKEN_PUNCT || token->kind == TOKEN_EMOJI;
    uint64_t hash = token->plain_hash + (sign & (token->repeat > 1));
    hash = token->kind == TOKEN_HANDLE ? 17 : token->kind == TOKEN_URL ? 19 : hash;
    hash = strange | (token->kind == TOKEN_NAME) ? (uint64_t)NGRAM_NAME : hash;
    return token->kind == TOKEN_NUMBER ? 11u + (token->len > 2) + (token->len > 4) : hash;
}

/* The n-grams that one token brings by itself (its word, and its characters unless it is strange);
 * how many. */
uint32_t ngrams_of_word(const struct tokens *tokens, const struct token *token, bool strange,
                        uint32_t out[WORD_NGRAMS_MAX]);

/* The pair of a token with the word before it, whose hash `before` it replaces (begin with
 * NGRAM_NO_WORD); 1, or 0 for a token that makes no pair. */
static inline uint32_t ngrams_pair(const struct token *token, bool strange, uint64_t *before,
                                   uint32_t *out) {
    uint64_t word = ngram_word_hash(token, strange);
    bool part = token->flags & TOKEN_PART;
    *out = ngram_bucket(*before * UINT64_C(0xD6E8FEB86659FD93) + word);
    *before = part ? *before : word;
    return !part;
}

/* Which rows of weights up to NGRAM_TOKENS buckets have. */
struct ngram_rows {
    uint32_t sentiment[NGRAM_TOKENS], journey[NGRAM_TOKENS];
    uint32_t sentiment_count, journey_count;
};
/* Finds the rows and asks memory for them: who does something else before they are added does not
 * wait. */
void ngrams_choose(const struct ngram_index *index, const uint32_t *buckets, uint32_t count,
                   struct ngram_rows *rows);
void ngrams_add(const struct ngram_index *index, const struct ngram_rows *rows,
                int32_t sums[NGRAM_SUMS]);

#endif
