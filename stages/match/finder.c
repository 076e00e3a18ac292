#include "stages/match/finder.h"

#include <string.h>

void finder_init(struct finder *finder) {
    memset(finder->low, 0xFF, sizeof finder->low);
    memset(finder->high, 0xFF, sizeof finder->high);
    for (int place = 0; place < FINDER_PLACES; place++)
        finder->high[place][15] = 0; /* for '_' and '.' */
}

static bool is_anywhere(unsigned char byte) {
    return byte == '_' || byte == '.';
}

void finder_allow(struct finder *finder, unsigned bucket, int place, unsigned char byte) {
    uint8_t others = (uint8_t) ~(1u << bucket);
    if (is_anywhere(byte))
        return;
    finder->high[place][byte >> 4] &= others;
    if (byte < 0x80)
        finder->low[place][byte & 15] &= others;
}

static uint8_t misses(const struct finder *finder, int place, unsigned char byte) {
    if (is_anywhere(byte))
        return 0;
    return (uint8_t)(finder->high[place][byte >> 4] |
                     (byte < 0x80 ? finder->low[place][byte & 15] : 0));
}

uint32_t finder_block_plain(const struct finder *finder, unsigned char before[3],
                            const unsigned char *block) {
    unsigned char bytes[FINDER_BLOCK + 3];
    uint32_t mask = 0;
    memcpy(bytes, before, 3);
    memcpy(bytes + 3, block, FINDER_BLOCK);
    for (unsigned i = 0; i < FINDER_BLOCK; i++) {
        uint8_t all = 0;
        for (int place = 0; place < FINDER_PLACES; place++)
            all |= misses(finder, place, bytes[i + (unsigned)place]);
        bool own = block[i] >= FINDER_FOREIGN || block[i] == FINDER_HYPHEN;
        mask |= (uint32_t)(all != 0xFF) << i | (uint32_t)own << (16 + i);
    }
    memcpy(before, bytes + FINDER_BLOCK, 3);
    return mask;
}
