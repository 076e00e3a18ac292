#include "stages/score/ngrams.h"

#include "stages/score/model.h"
#include "stages/score/simd_i16.h"

#include <endian.h>

bool ngram_index_build(struct ngram_index *index, const struct score_model *model) {
    const struct model_table *sentiment = &model->sentiment, *journey = &model->journey;
    if (sentiment->header->count > UINT16_MAX || journey->header->count > UINT16_MAX)
        return false;
    for (uint32_t i = 0; i < NGRAM_BLOCKS; i++) {
        index->blocks[i] = (struct ngram_block){sentiment->bitmap[i], journey->bitmap[i]};
        index->ranks[i].sentiment = (uint16_t)sentiment->ranks[i];
        index->ranks[i].journey = (uint16_t)journey->ranks[i];
    }
    index->sentiment = sentiment->weights;
    index->journey = journey->weights;
    index->vocabulary = model->vocabulary;
    return true;
}

bool ngram_vocabulary_has(const struct ngram_vocabulary *vocabulary, uint64_t plain_hash) {
    uint32_t wanted = (uint32_t)(plain_hash >> 32), low = 0, high = vocabulary->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (vocabulary->hashes[middle] < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low < vocabulary->count && vocabulary->hashes[low] == wanted;
}

enum { PADDED_MAX = 40 };
_Static_assert(3 * PADDED_MAX <= WORD_NGRAMS_MAX, "n-grams of one token fit");

/* Those of characters are of 3 to 5 bytes of the word between two marks of its borders. */
uint32_t ngrams_of_word(const struct tokens *tokens, const struct token *token, bool strange,
                        uint32_t out[WORD_NGRAMS_MAX]) {
    uint32_t *next = out;
    *next++ = ngram_bucket(ngram_word_hash(token, strange) ^ 0xA5A5);
    if (strange || (token->kind != TOKEN_WORD && token->kind != TOKEN_HASHTAG) ||
        (token->flags & TOKEN_PART))
        return 1;
    struct span word = token_plain(tokens, token);
    char padded[PADDED_MAX + 8] = "<";
    size_t len = word.len < PADDED_MAX - 2 ? word.len : PADDED_MAX - 2;
    memcpy(padded + 1, word.at, len);
    padded[len + 1] = '>';
    len += 2;
    for (size_t i = 0; i + 3 <= len; i++) {
        uint64_t bytes;
        memcpy(&bytes, padded + i, sizeof bytes);
        bytes = le64toh(bytes);
        next[0] = ngram_bucket(bytes & UINT64_C(0xFFFFFF));
        next[1] = ngram_bucket(bytes & UINT64_C(0xFFFFFFFF));
        next[2] = ngram_bucket(bytes & UINT64_C(0xFFFFFFFFFF));
        next += 1 + (i + 4 <= len) + (i + 5 <= len);
    }
    return (uint32_t)(next - out);
}

static inline uint32_t rank_below(uint64_t bits, uint32_t bucket) {
    return (uint32_t)__builtin_popcountll(bits & ((UINT64_C(1) << (bucket & 63)) - 1));
}

/* Most buckets were pruned away, so those that were not are chosen without branches, of both tables
 * in one pass: their bits lie side by side. */
static void choose_buckets(const struct ngram_index *index, const uint32_t *buckets, uint32_t count,
                           struct ngram_rows *rows) {
    uint32_t sentiment = 0, journey = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t bucket = buckets[i], bit = bucket & 63;
        const struct ngram_block *block = &index->blocks[bucket >> 6];
        rows->sentiment[sentiment] = rows->journey[journey] = bucket;
        sentiment += block->sentiment >> bit & 1;
        journey += block->journey >> bit & 1;
    }
    rows->sentiment_count = sentiment;
    rows->journey_count = journey;
}

void ngrams_choose(const struct ngram_index *index, const uint32_t *buckets, uint32_t count,
                   struct ngram_rows *rows) {
    choose_buckets(index, buckets, count, rows);
    for (uint32_t i = 0; i < rows->sentiment_count; i++) {
        uint32_t bucket = rows->sentiment[i], block = bucket >> 6;
        rows->sentiment[i] =
            index->ranks[block].sentiment + rank_below(index->blocks[block].sentiment, bucket);
        __builtin_prefetch(index->sentiment + (size_t)rows->sentiment[i] * 4);
    }
    for (uint32_t i = 0; i < rows->journey_count; i++) {
        uint32_t bucket = rows->journey[i], block = bucket >> 6;
        rows->journey[i] =
            index->ranks[block].journey + rank_below(index->blocks[block].journey, bucket);
        __builtin_prefetch(index->journey + (size_t)rows->journey[i] * 16);
    }
}

void ngrams_add(const struct ngram_index *index, const struct ngram_rows *rows,
                int32_t sums[NGRAM_SUMS]) {
    simd_i32x4 sentiment = {0};
    for (uint32_t i = 0; i < rows->sentiment_count; i++)
        sentiment += simd_i8_to_i32(index->sentiment + (size_t)rows->sentiment[i] * 4);
    simd_add(sums, sentiment);
    for (uint32_t left = rows->journey_count; left;) {
        simd_i16x8 low = {0}, high = {0};
        /* 255 weights of -128..127 fit into 16 bits */
        for (uint32_t rest = left > 255 ? left - 255 : 0; left > rest; left--) {
            const int8_t *weights = index->journey + (size_t)rows->journey[left - 1] * 16;
            low += simd_i8_to_i16(weights);
            high += simd_i8_to_i16(weights + 8);
        }
        for (unsigned head = 0; head < 8; head++) {
            sums[4 + head] += low[head];
            sums[4 + head + 8] += high[head];
        }
    }
}
