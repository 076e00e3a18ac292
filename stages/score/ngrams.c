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
    return true;
}

static uint64_t load_bytes(const char *at) {
    uint64_t bytes;
    memcpy(&bytes, at, sizeof bytes);
    return le64toh(bytes);
}

enum { PADDED_MAX = 40 };

_Static_assert(3 * PADDED_MAX <= WORD_NGRAMS_MAX, "n-grams of one token fit");

/* n-grams of 3 to 5 bytes of one word between two marks of its borders. */
static uint32_t ngrams_of_characters(struct span word, uint32_t *out) {
    char padded[PADDED_MAX + 8];
    size_t len = word.len < PADDED_MAX - 2 ? word.len : PADDED_MAX - 2;
    const uint32_t *first = out;
    padded[0] = '<';
    memcpy(padded + 1, word.at, len);
    padded[len + 1] = '>';
    memset(padded + len + 2, 0, 8);
    len += 2;
    for (size_t i = 0; i + 3 <= len; i++) {
        uint64_t bytes = load_bytes(padded + i);
        out[0] = ngram_bucket(bytes & UINT64_C(0xFFFFFF));
        out[1] = ngram_bucket(bytes & UINT64_C(0xFFFFFFFF));
        out[2] = ngram_bucket(bytes & UINT64_C(0xFFFFFFFFFF));
        out += 1 + (i + 4 <= len) + (i + 5 <= len);
    }
    return (uint32_t)(out - first);
}

static bool has_characters(const struct token *token) {
    return (token->kind == TOKEN_WORD || token->kind == TOKEN_HASHTAG) &&
           !(token->flags & TOKEN_PART);
}

uint32_t ngrams_of_word(const struct tokens *tokens, const struct token *token,
                        uint32_t out[WORD_NGRAMS_MAX]) {
    out[0] = ngram_bucket(ngram_word_hash(token) ^ 0xA5A5);
    if (!has_characters(token))
        return 1;
    return 1 + ngrams_of_characters(token_plain(tokens, token), out + 1);
}

static inline uint32_t rank_below(uint64_t bits, uint32_t bucket) {
    return (uint32_t)__builtin_popcountll(bits & ((UINT64_C(1) << (bucket & 63)) - 1));
}

static void sum_sentiment(const struct ngram_index *index, const uint32_t *buckets, uint32_t count,
                          int32_t *sums) {
    simd_i32x4 part = {0};
    for (uint32_t i = 0; i < count; i++) {
        uint32_t block = buckets[i] >> 6;
        uint32_t number =
            index->ranks[block].sentiment + rank_below(index->blocks[block].sentiment, buckets[i]);
        part += simd_i8_to_i32(index->sentiment + (size_t)number * 4);
    }
    simd_add(sums, part);
}

static void sum_journey(const struct ngram_index *index, const uint32_t *buckets, uint32_t count,
                        int32_t *sums) {
    while (count) {
        simd_i16x8 low = {0}, high = {0};
        /* 255 weights of -128..127 fit into 16 bits */
        uint32_t rest = count > 255 ? count - 255 : 0;
        for (; count > rest; count--) {
            uint32_t bucket = buckets[count - 1], block = bucket >> 6;
            uint32_t number =
                index->ranks[block].journey + rank_below(index->blocks[block].journey, bucket);
            low += simd_i8_to_i16(index->journey + (size_t)number * 16);
            high += simd_i8_to_i16(index->journey + (size_t)number * 16 + 8);
        }
        for (unsigned head = 0; head < 8; head++) {
            sums[head] += low[head];
            sums[head + 8] += high[head];
        }
    }
}

/* Most buckets were pruned away, so those that were not are chosen without branches. */
void ngrams_sum(const struct ngram_index *index, const uint32_t *buckets, uint32_t count,
                bool journey, int32_t sums[NGRAM_SUMS]) {
    uint32_t found[NGRAM_TOKENS], n = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t bucket = buckets[i];
        found[n] = bucket;
        n += index->blocks[bucket >> 6].sentiment >> (bucket & 63) & 1;
    }
    sum_sentiment(index, found, n, sums);
    if (!journey)
        return;
    n = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t bucket = buckets[i];
        found[n] = bucket;
        n += index->blocks[bucket >> 6].journey >> (bucket & 63) & 1;
    }
    sum_journey(index, found, n, sums + 4);
}
