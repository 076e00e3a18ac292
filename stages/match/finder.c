#include "stages/match/finder.h"

#include <string.h>

void finder_init(struct finder *finder) {
    memset(finder->low, 0xFF, sizeof finder->low);
    memset(finder->high, 0xFF, sizeof finder->high);
    memset(finder->plain, 0xFF, sizeof finder->plain);
    for (int place = 0; place < FINDER_PLACES; place++)
        finder->high[place][15] = finder->plain[place]['_'] = finder->plain[place]['.'] = 0;
}

void finder_allow(struct finder *finder, unsigned bucket, int place, unsigned char byte) {
    uint8_t others = (uint8_t) ~(1u << bucket);
    if (byte == '_' || byte == '.') /* are allowed anywhere */
        return;
    finder->plain[place][byte] &= others;
    finder->high[place][byte >> 4] &= others;
    if (byte < 0x80)
        finder->low[place][byte & 15] &= others;
}

uint32_t finder_block_plain(const struct finder *finder, unsigned char before[3],
                            const unsigned char *block) {
    unsigned char bytes[FINDER_BLOCK + 3];
    uint32_t mask = 0;
    memcpy(bytes, before, 3);
    memcpy(bytes + 3, block, FINDER_BLOCK);
    for (unsigned i = 0; i < FINDER_BLOCK; i++) {
        uint8_t all = finder->plain[0][bytes[i]] | finder->plain[1][bytes[i + 1]] |
                      finder->plain[2][bytes[i + 2]] | finder->plain[3][bytes[i + 3]];
        bool own = block[i] >= FINDER_FOREIGN || block[i] == FINDER_HYPHEN;
        mask |= (uint32_t)(all != 0xFF) << i | (uint32_t)own << (16 + i);
    }
    memcpy(before, bytes + FINDER_BLOCK, 3);
    return mask;
}
