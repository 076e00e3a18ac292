/* The byte sets of the multi-literal search, and the search without shuffles. */
#include "stages/match/multi_literal.h"

#include <string.h>

void multi_literal_init(struct multi_literal *multi_literal) {
    memset(multi_literal->low, 0xFF, sizeof multi_literal->low);
    memset(multi_literal->high, 0xFF, sizeof multi_literal->high);
    memset(multi_literal->plain, 0xFF, sizeof multi_literal->plain);
    for (int place = 0; place < MULTI_LITERAL_PLACES; place++)
        multi_literal->high[place][15] = multi_literal->plain[place]['_'] =
            multi_literal->plain[place]['.'] = 0;
}

void multi_literal_allow(struct multi_literal *multi_literal, unsigned bucket, int place,
                         unsigned char byte) {
    uint8_t others = (uint8_t) ~(1u << bucket);
    if (byte == '_' || byte == '.') /* are allowed anywhere */
        return;
    multi_literal->plain[place][byte] &= others;
    multi_literal->high[place][byte >> 4] &= others;
    if (byte < 0x80)
        multi_literal->low[place][byte & 15] &= others;
}

uint32_t multi_literal_block_plain(const struct multi_literal *multi_literal,
                                   unsigned char before[3], const unsigned char *block) {
    unsigned char bytes[MULTI_LITERAL_BLOCK + 3];
    uint32_t mask = 0;
    memcpy(bytes, before, 3);
    memcpy(bytes + 3, block, MULTI_LITERAL_BLOCK);
    for (unsigned i = 0; i < MULTI_LITERAL_BLOCK; i++) {
        uint8_t all = multi_literal->plain[0][bytes[i]] | multi_literal->plain[1][bytes[i + 1]] |
                      multi_literal->plain[2][bytes[i + 2]] | multi_literal->plain[3][bytes[i + 3]];
        bool own = block[i] >= MULTI_LITERAL_FOREIGN || block[i] == MULTI_LITERAL_HYPHEN;
        mask |= (uint32_t)(all != 0xFF) << i | (uint32_t)own << (16 + i);
    }
    memcpy(before, bytes + MULTI_LITERAL_BLOCK, 3);
    return mask;
}
