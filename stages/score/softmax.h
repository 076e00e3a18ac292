/* softmax: logits in units of 1/1024 into probabilities in thousandths, by integer arithmetic only,
 * so that they are the same on every machine. Error below 0.001. Never fails. */
#ifndef BURZA_SCORE_SOFTMAX_H
#define BURZA_SCORE_SOFTMAX_H

#include <stdint.h>

enum { LOGIT_ONE = 1024 };

/* Fills p_milli, which sums to 1000, and returns the number of the largest. */
unsigned softmax_milli(const int32_t z[3], uint16_t p_milli[3]);
/* exp(-i), but for 0 at the end, and exp(-i / 64), times 2^30 */
enum { SOFTMAX_WHOLES = 16 };
extern const uint32_t SOFTMAX_WHOLE[SOFTMAX_WHOLES + 1], SOFTMAX_PART[64];
/* exp(-z / 1024) times 2^30 for z >= 0; 0 from 16 * 1024 on, without a branch that would be
 * mispredicted. */
static inline uint64_t softmax_exp_below(int64_t z) {
    z = z < SOFTMAX_WHOLES * LOGIT_ONE ? z : SOFTMAX_WHOLES * LOGIT_ONE;
    uint64_t whole = SOFTMAX_WHOLE[z >> 10], part = SOFTMAX_PART[z >> 4 & 63];
    uint64_t rest = (UINT64_C(1) << 30) - ((uint64_t)(z & 15) << 20); /* 1 - z, good for z < 1/64 */
    return ((whole * part >> 30) * rest) >> 30;
}
/* The number of the largest, the first of equals. */
unsigned softmax_best(const int32_t z[3]);

#endif
