#include "stages/score/softmax.h"

/* exp(-i) and exp(-i / 64) times 2^30 */
static const uint32_t EXP_WHOLE[16] = {
    1073741824, 395007542, 145315154, 53458458, 19666268, 7234816, 2661540, 979126,
    360200,     132510,    48748,     17933,    6597,     2427,    893,     328,
};
static const uint32_t EXP_PART[64] = {
    1073741824, 1057095000, 1040706261, 1024571606, 1008687096, 993048852, 977653056, 962495950,
    947573834,  932883063,  918420052,  904181269,  890163238,  876362536, 862775794, 849399695,
    836230973,  823266414,  810502851,  797937169,  785566300,  773387223, 761396966, 749592600,
    737971244,  726530060,  715266256,  704177080,  693259826,  682511829, 671930464, 661513148,
    651257337,  641160528,  631220255,  621434092,  611799650,  602314575, 592976553, 583783304,
    574732583,  565822180,  557049920,  548413661,  539911296,  531540747, 523299971, 515186957,
    507199724,  499336321,  491594829,  483973358,  476470046,  469083063, 461810604, 454650894,
    447602185,  440662757,  433830914,  427104989,  420483340,  413964350, 407546428, 401228006,
};

uint64_t softmax_exp_below(int64_t z) {
    if (z >= 16 * 1024)
        return 0;
    uint64_t whole = EXP_WHOLE[z >> 10], part = EXP_PART[z >> 4 & 63];
    uint64_t rest = (UINT64_C(1) << 30) - ((uint64_t)(z & 15) << 20); /* 1 - z, good for z < 1/64 */
    return ((whole * part >> 30) * rest) >> 30;
}

unsigned softmax_best(const int32_t z[3]) {
    unsigned best = 0;
    for (unsigned i = 1; i < 3; i++)
        if (z[i] > z[best])
            best = i;
    return best;
}

unsigned softmax_milli(const int32_t z[3], uint16_t p_milli[3]) {
    unsigned best = softmax_best(z);
    uint64_t e[3], sum = 0;
    for (unsigned i = 0; i < 3; i++)
        sum += e[i] = softmax_exp_below((int64_t)z[best] - z[i]);
    unsigned rest = 1000;
    for (unsigned i = 0; i < 3; i++) {
        p_milli[i] = (uint16_t)(e[i] * 1000 / sum);
        rest -= p_milli[i];
    }
    p_milli[best] = (uint16_t)(p_milli[best] + rest);
    return best;
}
