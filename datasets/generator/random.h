/* Pseudo-random numbers that are the same on every machine: xoshiro256** (Blackman and Vigna 2018,
 * public domain reference) seeded through splitmix64. Integers only, so no libm can change a
 * result. */
#ifndef GENERATOR_RANDOM_H
#define GENERATOR_RANDOM_H
#include <stdbool.h>
#include <stdint.h>

struct random {
    uint64_t state[4];
};

static inline uint64_t random_mix(uint64_t value) {
    value += 0x9e3779b97f4a7c15u;
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9u;
    value = (value ^ value >> 27) * 0x94d049bb133111ebu;
    return value ^ value >> 31;
}

static inline void random_init(struct random *random, uint64_t seed, uint64_t stream) {
    uint64_t key = random_mix(seed) ^ random_mix(stream * 0x632be59bd9b4e019u + 1);
    for (int i = 0; i < 4; i++)
        random->state[i] = key = random_mix(key);
}

static inline uint64_t random_next(struct random *random) {
    uint64_t *s = random->state, product = s[1] * 5, result = (product << 7 | product >> 57) * 9,
             t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = s[3] << 45 | s[3] >> 19;
    return result;
}

/* 0 .. limit-1; limit below 2^32 */
static inline uint32_t random_below(struct random *random, uint32_t limit) {
    return (uint32_t)((random_next(random) >> 32) * limit >> 32);
}

static inline bool random_chance(struct random *random, uint32_t permille) {
    return random_below(random, 1000) < permille;
}

/* Skewed to small values: 0 most likely, spread over orders of magnitude up to 2^bits */
static inline uint32_t random_skewed(struct random *random, uint32_t bits) {
    uint32_t order = random_below(random, bits + 1);
    return random_below(random, (1u << order)) + (1u << order) - 1;
}
#endif
