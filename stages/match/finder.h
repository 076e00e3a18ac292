/* finder: where in a text one of a few byte windows may stand; the first step of the prefilter.
 *
 * In: for each of eight buckets, which bytes may stand at each of four neighbouring places, and a
 * text by blocks of 16 bytes. Out: for each block a mask of the places where a window of some
 * bucket ends. '_' and '.' may stand anywhere; some finds are false. The method is that of Teddy
 * in Hyperscan (Wang et al., NSDI 2019): sets of low and of high nibbles for all buckets at once,
 * looked up with byte shuffles. Here the sets say what is NOT allowed: a shuffle gives zero for
 * bytes beyond ASCII, of which so only the high nibble counts.
 * The caller owns everything; nothing can fail. */
#ifndef BURZA_FINDER_H
#define BURZA_FINDER_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __SSSE3__
#include <tmmintrin.h>
#endif

#define FINDER_BLOCK 16
#define FINDER_BUCKETS 8
#define FINDER_PLACES 4

struct finder {
    /* [place][nibble]: bit n: not allowed in bucket n */
    uint8_t low[FINDER_PLACES][16], high[FINDER_PLACES][16];
    uint8_t plain[FINDER_PLACES][256]; /* the same by whole bytes, without shuffles */
};

/* A finder that finds no window yet. */
void finder_init(struct finder *finder);
void finder_allow(struct finder *finder, unsigned bucket, int place, unsigned char byte);

/* Bytes that are finds of their own: those from U+0280 on begin with FINDER_FOREIGN or more, a
 * soft hyphen ends with FINDER_HYPHEN. */
#define FINDER_FOREIGN 0xCA
#define FINDER_HYPHEN 0xAD

/* Bit n: a window ends at block[n]; bit 16 + n: block[n] is a find of its own. `before`: the last
 * three bytes before the block, blanks at first; moved on. For processors without shuffles, and for
 * the test: finder_block finds all that this finds, and a little more. */
uint32_t finder_block_plain(const struct finder *finder, unsigned char before[3],
                            const unsigned char *block);

#ifdef __SSSE3__
struct finder_carry {
    __m128i misses[3]; /* of the block before, for the places of w, x and y */
};

static inline __m128i finder_misses(const struct finder *finder, int place, __m128i bytes,
                                    __m128i nibbles) {
    __m128i low = _mm_loadu_si128((const __m128i *)finder->low[place]);
    __m128i high = _mm_loadu_si128((const __m128i *)finder->high[place]);
    return _mm_or_si128(_mm_shuffle_epi8(low, bytes), _mm_shuffle_epi8(high, nibbles));
}

static inline uint32_t finder_block(const struct finder *finder, struct finder_carry *carry,
                                    const unsigned char *block) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)block);
    __m128i own = _mm_cmpeq_epi8(_mm_max_epu8(bytes, _mm_set1_epi8((char)FINDER_FOREIGN)), bytes);
    own = _mm_or_si128(own, _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)FINDER_HYPHEN)));
    /* what may stand anywhere becomes 0xFF */
    bytes = _mm_or_si128(bytes, _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('_')),
                                             _mm_cmpeq_epi8(bytes, _mm_set1_epi8('.'))));
    __m128i nibbles = _mm_and_si128(_mm_srli_epi16(bytes, 4), _mm_set1_epi8(15));
    __m128i w = finder_misses(finder, 0, bytes, nibbles);
    __m128i x = finder_misses(finder, 1, bytes, nibbles);
    __m128i y = finder_misses(finder, 2, bytes, nibbles);
    __m128i all = _mm_or_si128(finder_misses(finder, 3, bytes, nibbles),
                               _mm_alignr_epi8(w, carry->misses[0], 13));
    all = _mm_or_si128(all, _mm_or_si128(_mm_alignr_epi8(x, carry->misses[1], 14),
                                         _mm_alignr_epi8(y, carry->misses[2], 15)));
    carry->misses[0] = w;
    carry->misses[1] = x;
    carry->misses[2] = y;
    uint32_t missed = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(all, _mm_set1_epi8(-1)));
    return (uint32_t)_mm_movemask_epi8(own) << 16 | (missed ^ 0xFFFF);
}

static inline void finder_begin(const struct finder *finder, struct finder_carry *carry) {
    unsigned char blanks[FINDER_BLOCK];
    __builtin_memset(blanks, ' ', sizeof blanks);
    finder_block(finder, carry, blanks);
}
#else
struct finder_carry {
    unsigned char before[3];
};

static inline uint32_t finder_block(const struct finder *finder, struct finder_carry *carry,
                                    const unsigned char *block) {
    return finder_block_plain(finder, carry->before, block);
}

static inline void finder_begin(const struct finder *finder, struct finder_carry *carry) {
    (void)finder;
    __builtin_memset(carry->before, ' ', sizeof carry->before);
}
#endif

#endif
