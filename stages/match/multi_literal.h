/* multi_literal: multi-literal search (Teddy): where in a text one of a few byte windows may stand;
 * the first step of the prefilter.
 *
 * In: for each of eight buckets, which bytes may stand at each of four neighbouring places, and a
 * text by blocks of 16 bytes. Out: for each block a mask of the places where a window of some
 * bucket ends. '_' and '.' may stand anywhere; some finds are false. The method is that of Teddy
 * in Hyperscan (Wang et al., NSDI 2019): sets of low and of high nibbles for all buckets at once,
 * looked up with byte shuffles. Here the sets say what is NOT allowed: a shuffle gives zero for
 * bytes beyond ASCII, of which so only the high nibble counts.
 * The caller owns everything; nothing can fail. */
#ifndef BURZA_MULTI_LITERAL_H
#define BURZA_MULTI_LITERAL_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __SSSE3__
#include <tmmintrin.h>
#endif

#define MULTI_LITERAL_BLOCK 16
#define MULTI_LITERAL_BUCKETS 8
#define MULTI_LITERAL_PLACES 4

struct multi_literal {
    /* [place][nibble]: bit n: not allowed in bucket n */
    uint8_t low[MULTI_LITERAL_PLACES][16], high[MULTI_LITERAL_PLACES][16];
    uint8_t plain[MULTI_LITERAL_PLACES][256]; /* the same by whole bytes, without shuffles */
};

/* A search that finds no window yet. */
void multi_literal_init(struct multi_literal *multi_literal);
void multi_literal_allow(struct multi_literal *multi_literal, unsigned bucket, int place,
                         unsigned char byte);

/* Bytes that are finds of their own: those from U+0280 on begin with MULTI_LITERAL_FOREIGN or more,
 * a soft hyphen ends with MULTI_LITERAL_HYPHEN. */
#define MULTI_LITERAL_FOREIGN 0xCA
#define MULTI_LITERAL_HYPHEN 0xAD

/* Bit n: a window ends at block[n]; bit 16 + n: block[n] is a find of its own. `before`: the last
 * three bytes before the block, blanks at first; moved on. For processors without shuffles, and for
 * the test: multi_literal_block finds all that this finds, and a little more. */
uint32_t multi_literal_block_plain(const struct multi_literal *multi_literal,
                                   unsigned char before[3], const unsigned char *block);

#ifdef __SSSE3__
struct multi_literal_carry {
    __m128i misses[3]; /* of the block before, for the places of w, x and y */
};

static inline __m128i multi_literal_misses(const struct multi_literal *multi_literal, int place,
                                           __m128i bytes, __m128i nibbles) {
    __m128i low = _mm_loadu_si128((const __m128i *)multi_literal->low[place]);
    __m128i high = _mm_loadu_si128((const __m128i *)multi_literal->high[place]);
    return _mm_or_si128(_mm_shuffle_epi8(low, bytes), _mm_shuffle_epi8(high, nibbles));
}

static inline uint32_t multi_literal_block(const struct multi_literal *multi_literal,
                                           struct multi_literal_carry *carry,
                                           const unsigned char *block) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)block);
    __m128i own =
        _mm_cmpeq_epi8(_mm_max_epu8(bytes, _mm_set1_epi8((char)MULTI_LITERAL_FOREIGN)), bytes);
    own = _mm_or_si128(own, _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)MULTI_LITERAL_HYPHEN)));
    /* what may stand anywhere becomes 0xFF */
    bytes = _mm_or_si128(bytes, _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('_')),
                                             _mm_cmpeq_epi8(bytes, _mm_set1_epi8('.'))));
    __m128i nibbles = _mm_and_si128(_mm_srli_epi16(bytes, 4), _mm_set1_epi8(15));
    __m128i w = multi_literal_misses(multi_literal, 0, bytes, nibbles);
    __m128i x = multi_literal_misses(multi_literal, 1, bytes, nibbles);
    __m128i y = multi_literal_misses(multi_literal, 2, bytes, nibbles);
    __m128i all = _mm_or_si128(multi_literal_misses(multi_literal, 3, bytes, nibbles),
                               _mm_alignr_epi8(w, carry->misses[0], 13));
    all = _mm_or_si128(all, _mm_or_si128(_mm_alignr_epi8(x, carry->misses[1], 14),
                                         _mm_alignr_epi8(y, carry->misses[2], 15)));
    carry->misses[0] = w;
    carry->misses[1] = x;
    carry->misses[2] = y;
    uint32_t missed = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(all, _mm_set1_epi8(-1)));
    return (uint32_t)_mm_movemask_epi8(own) << 16 | (missed ^ 0xFFFF);
}

static inline void multi_literal_begin(const struct multi_literal *multi_literal,
                                       struct multi_literal_carry *carry) {
    unsigned char blanks[MULTI_LITERAL_BLOCK];
    __builtin_memset(blanks, ' ', sizeof blanks);
    multi_literal_block(multi_literal, carry, blanks);
}
#else
struct multi_literal_carry {
    unsigned char before[3];
};

static inline uint32_t multi_literal_block(const struct multi_literal *multi_literal,
                                           struct multi_literal_carry *carry,
                                           const unsigned char *block) {
    return multi_literal_block_plain(multi_literal, carry->before, block);
}

static inline void multi_literal_begin(const struct multi_literal *multi_literal,
                                       struct multi_literal_carry *carry) {
    (void)multi_literal;
    __builtin_memset(carry->before, ' ', sizeof carry->before);
}
#endif

#endif
