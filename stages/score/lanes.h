/* lanes: a few integers added at once, by the compiler's vectors, which exist on every machine:
 * rows of small weights in, sums of 32 bits out. Unaligned rows are fine. Never fails. */
#ifndef BURZA_SCORE_LANES_H
#define BURZA_SCORE_LANES_H

#include <stdint.h>
#include <string.h>
#ifdef __SSE4_1__
#include <smmintrin.h>
#endif

typedef int16_t lanes_8x16 __attribute__((vector_size(16)));
typedef int32_t lanes_4x32 __attribute__((vector_size(16)));

#ifdef __SSE4_1__ /* where gcc would take several instructions for one */
static inline lanes_4x32 lanes_widen(const int16_t *at) {
    return (lanes_4x32)_mm_cvtepi16_epi32(_mm_loadl_epi64((const void *)at));
}

static inline lanes_8x16 lanes_widen_bytes(const int8_t *at) {
    return (lanes_8x16)_mm_cvtepi8_epi16(_mm_loadl_epi64((const void *)at));
}

static inline lanes_4x32 lanes_widen_four(const int8_t *at) {
    int32_t row;
    memcpy(&row, at, sizeof row);
    return (lanes_4x32)_mm_cvtepi8_epi32(_mm_cvtsi32_si128(row));
}
#else
typedef int8_t lanes_8x8 __attribute__((vector_size(8)));
typedef int8_t lanes_4x8 __attribute__((vector_size(4)));
typedef int16_t lanes_4x16 __attribute__((vector_size(8)));

static inline lanes_4x32 lanes_widen(const int16_t *at) {
    lanes_4x16 row;
    memcpy(&row, at, sizeof row);
    return __builtin_convertvector(row, lanes_4x32);
}

static inline lanes_8x16 lanes_widen_bytes(const int8_t *at) {
    lanes_8x8 row;
    memcpy(&row, at, sizeof row);
    return __builtin_convertvector(row, lanes_8x16);
}

static inline lanes_4x32 lanes_widen_four(const int8_t *at) {
    lanes_4x8 row;
    memcpy(&row, at, sizeof row);
    return __builtin_convertvector(row, lanes_4x32);
}
#endif

/* sums[0..3] += part */
static inline void lanes_add(int32_t *sums, lanes_4x32 part) {
    lanes_4x32 old;
    memcpy(&old, sums, sizeof old);
    old += part;
    memcpy(sums, &old, sizeof old);
}

#endif
