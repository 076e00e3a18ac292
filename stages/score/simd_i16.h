/* simd_i16: sums of 16-bit weights, a few lanes at once (SIMD), by the compiler's vectors, which
 * exist on every machine: rows of small weights in, sums of 32 bits out. Unaligned rows are fine.
 * Never fails. */
#ifndef BURZA_SCORE_SIMD_I16_H
#define BURZA_SCORE_SIMD_I16_H

#include <stdint.h>
#include <string.h>
#ifdef __SSE4_1__
#include <smmintrin.h>
#endif

typedef int16_t simd_i16x8 __attribute__((vector_size(16)));
typedef int32_t simd_i32x4 __attribute__((vector_size(16)));

/* Where gcc would take several instructions for one, it is named. */
static inline simd_i32x4 simd_i16_to_i32(const int16_t *at) {
#ifdef __SSE4_1__
    return (simd_i32x4)_mm_cvtepi16_epi32(_mm_loadl_epi64((const void *)at));
#else
    int16_t row __attribute__((vector_size(8)));
    memcpy(&row, at, sizeof row);
    return __builtin_convertvector(row, simd_i32x4);
#endif
}

static inline simd_i16x8 simd_i8_to_i16(const int8_t *at) {
#ifdef __SSE4_1__
    return (simd_i16x8)_mm_cvtepi8_epi16(_mm_loadl_epi64((const void *)at));
#else
    int8_t row __attribute__((vector_size(8)));
    memcpy(&row, at, sizeof row);
    return __builtin_convertvector(row, simd_i16x8);
#endif
}

static inline simd_i32x4 simd_i8_to_i32(const int8_t *at) {
#ifdef __SSE4_1__
    int32_t row;
    memcpy(&row, at, sizeof row);
    return (simd_i32x4)_mm_cvtepi8_epi32(_mm_cvtsi32_si128(row));
#else
    int8_t row __attribute__((vector_size(4)));
    memcpy(&row, at, sizeof row);
    return __builtin_convertvector(row, simd_i32x4);
#endif
}

/* Four sums that add up to the products of two rows of eight. */
static inline simd_i32x4 simd_products(const int16_t *left, const int16_t *right) {
#ifdef __SSE4_1__
    return (simd_i32x4)_mm_madd_epi16(_mm_loadu_si128((const void *)left),
                                      _mm_loadu_si128((const void *)right));
#else
    return simd_i16_to_i32(left) * simd_i16_to_i32(right) +
           simd_i16_to_i32(left + 4) * simd_i16_to_i32(right + 4);
#endif
}

static inline int32_t simd_sum(simd_i32x4 row) {
    return row[0] + row[1] + row[2] + row[3];
}

/* What each of four rows adds up to. */
static inline simd_i32x4 simd_sums(const simd_i32x4 rows[4]) {
#ifdef __SSE4_1__
    return (simd_i32x4)_mm_hadd_epi32(_mm_hadd_epi32((__m128i)rows[0], (__m128i)rows[1]),
                                      _mm_hadd_epi32((__m128i)rows[2], (__m128i)rows[3]));
#else
    return (simd_i32x4){simd_sum(rows[0]), simd_sum(rows[1]), simd_sum(rows[2]), simd_sum(rows[3])};
#endif
}

/* sums[0..3] += part */
static inline void simd_add(int32_t *sums, simd_i32x4 part) {
    simd_i32x4 old;
    memcpy(&old, sums, sizeof old);
    old += part;
    memcpy(sums, &old, sizeof old);
}

#endif
