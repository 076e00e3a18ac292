/* model: a trained linear model read in place from its file: n-gram weights in a bit set with ranks
 * (most buckets are pruned away), step weights and biases, all integers.
 *
 * A model file holds two tables: three heads for sentiment, and sixteen for the intents, the stages
 * and whether the text is a post about a brand; behind them the joint table, which decides by all
 * of them, and the vocabulary u32[], which tells words from names.
 * A logit is bias + sum of step weights + sum of n-gram weights / sqrt(number of n-grams), in units
 * of 1/1024.
 *
 * Memory: the bytes belong to the caller. May fail: model_view returns false for other bytes. */
#ifndef BURZA_SCORE_MODEL_H
#define BURZA_SCORE_MODEL_H

#include "stages/score/features.h"
#include "stages/score/joint_table.h"

#define MODEL_MAGIC "burzaMD3"

enum { BITMAP_WORDS = (1 << NGRAM_BITS) / 64 };

/* Followed by bitmap u64[BITMAP_WORDS], ranks u32[BITMAP_WORDS], steps i16[STEP_IDS][stride],
 * weights i8[count][stride]; stride is 4 or 16. */
struct model_table_header {
    uint32_t heads, stride, count, size; /* size: of the table with this header */
    uint32_t scale[HEADS_JOURNEY];       /* of a weight, in 2^-16 of a logit */
    int32_t bias[HEADS_JOURNEY];
};

struct model_header {
    char magic[8];
    uint32_t features_version, language;
    uint32_t vocabulary_count, spare;
};

struct model_table {
    const struct model_table_header *header;
    const uint64_t *bitmap;
    const uint32_t *ranks;
    const int16_t *steps;
    const int8_t *weights;
};

struct score_model {
    struct model_table sentiment, journey;
    const struct joint_table *joint;
    struct ngram_vocabulary vocabulary;
};

bool model_view(struct score_model *model, struct span bytes) MUST_USE;
/* Fills z[heads], in units of 1/1024. */
void model_logits(const struct model_table *table, const struct features *features, int32_t *z);
/* The same from the sum of the n-gram weights, which the caller has, and model_root of their
 * number. */
void model_finish(const struct model_table *table, const struct features *features,
                  const int32_t *sums, int64_t root, int32_t *z);
/* Adds the weights of features->ngrams to sums[heads]. */
void model_sum(const struct model_table *table, const struct features *features, int32_t *sums);
/* The weights of a bucket, or NULL when it was pruned. */
static inline const int8_t *model_weights(const struct model_table *table, uint32_t bucket) {
    uint64_t word = table->bitmap[bucket >> 6];
    if (!(word >> (bucket & 63) & 1))
        return NULL;
    uint64_t below = word & ((UINT64_C(1) << (bucket & 63)) - 1);
    uint32_t number = table->ranks[bucket >> 6] + (uint32_t)__builtin_popcountll(below);
    return table->weights + (size_t)number * table->header->stride;
}
/* 65536 / sqrt(n), rounded down; 0 for 0. */
uint32_t model_root(uint32_t n);

#endif
