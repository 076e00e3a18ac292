/* Fragments: the four letters of a literal that are looked for, and the raw bytes that they may be.
 *
 * A text has only ASCII and Latin letters of two bytes here: multi_literal.h reports everything
 * else, also a soft hyphen, by itself, and its run is read anyhow. */
#include "stages/match/filter.h"

#include <stdlib.h>

/* Above this many finds in 10^12 bytes, reading every word is cheaper: some 200 brands. */
#define DENSE_FINDS UINT64_C(350000000000)
#define LATIN_END ((MULTI_LITERAL_FOREIGN & 0x1Fu) << 6)
#define SOFT_HYPHEN 0xAD

/* Bytes of a kind in a thousand bytes of Polish or English text, whichever has more, roughly: only
 * speed depends on it. */
static uint64_t byte_share(unsigned char byte) {
    static const uint8_t letters[] = {80, 15, 35, 35, 105, 18, 18, 48, 70, 20, 30, 35, 28,
                                      58, 68, 27, 1,  50,  55, 75, 25, 9,  40, 2,  32, 45};
    return byte >= 'a' && byte <= 'z' ? letters[byte - 'a'] : byte < 0x80 ? 4 : 30;
}

uint64_t fragment_cost(fragment_letters fragment) {
    unsigned char w = (unsigned char)(fragment >> 24), x = (unsigned char)(fragment >> 16);
    unsigned char y = (unsigned char)(fragment >> 8), z = (unsigned char)fragment;
    uint64_t before = w ? byte_share(w) + byte_share(x) : 1000;
    uint64_t behind = z ? byte_share(y) + byte_share(z) : 1000;
    return before * byte_share(x) * byte_share(y) * behind;
}

/* Raw bytes that may stand at the four places of a fragment: the last byte of x and one before
 * it, and the first two from y on. */
struct raw {
    char w, x, y, z;
    bool at[MULTI_LITERAL_PLACES][256];
};

static bool is_letter(char letter, char wanted) {
    return wanted && letter == wanted;
}

/* Letters may be repeated, and '_' and '.' may stand between them. */
static void allow_ascii(struct raw *raw) {
    for (int byte = 0; byte < 256; byte++) {
        char lower = (char)(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
        bool ascii = byte < 0x80, between = byte == '_' || byte == '.';
        bool is_x = ascii && lower == raw->x, is_y = ascii && lower == raw->y;
        raw->at[0][byte] = !raw->w || is_x || between || (ascii && lower == raw->w);
        raw->at[1][byte] = is_x;
        raw->at[2][byte] = is_y || between;
        raw->at[3][byte] = !raw->z || is_y || between || (ascii && lower == raw->z);
    }
}

/* The stream bytes of a Latin letter. */
static struct span latin_bytes(const struct filter *filter, uint32_t codepoint,
                               char out[TEXT_PLAIN_CHAR_MAX]) {
    uint16_t pair = filter->pair[codepoint];
    if (pair == PAIR_LONG)
        return (struct span){out, (size_t)text_plain_char(codepoint, out)};
    out[0] = (char)pair;
    out[1] = (char)(pair >> 8);
    return (struct span){out, pair == 0 || pair == PAIR_SKIP ? 0 : pair >> 8 ? 2 : 1};
}

/* Where the letter may stand when it ends with the byte pair's first byte or begins with its
 * second.
 */
static void allow_latin(struct raw *raw, struct span bytes, unsigned lead, unsigned tail) {
    char first = bytes.at[0], last = bytes.at[bytes.len - 1];
    bool is_x = is_letter(last, raw->x), is_y = is_letter(first, raw->y);
    raw->at[0][tail] |= is_x || is_letter(last, raw->w);
    raw->at[0][lead] |= is_x;
    raw->at[1][tail] |= is_x;
    raw->at[2][lead] |= is_y;
    raw->at[3][tail] |= is_y;
    raw->at[3][lead] |= is_y || is_letter(first, raw->z);
}

static void add_byte_pairs(struct filter *filter, struct raw *raw) {
    for (unsigned before = 0; before < 256; before++)
        for (unsigned behind = 0; raw->at[1][before] && behind < 256; behind++)
            if (raw->at[2][behind])
                bits_set(filter->byte_pairs, before * 256 + behind);
    /* of a character that holds both x and y, as æ holds a and e, its own two bytes alone */
    for (uint32_t cp = 0x80; cp < LATIN_END; cp++) {
        char plain[TEXT_PLAIN_CHAR_MAX];
        struct span bytes = latin_bytes(filter, cp, plain);
        unsigned lead = 0xC0 | cp >> 6, tail = 0x80 | (cp & 0x3F);
        size_t i = 0;
        while (i + 1 < bytes.len && (bytes.at[i] != raw->x || bytes.at[i + 1] != raw->y))
            i++;
        if (i + 1 >= bytes.len)
            continue;
        bits_set(filter->byte_pairs, lead * 256 + tail);
        raw->at[1][lead] = raw->at[2][tail] = true;
    }
}

static void add_fragment(struct filter *filter, fragment_letters fragment, unsigned bucket) {
    struct raw raw = {(char)(fragment >> 24),
                      (char)(fragment >> 16),
                      (char)(fragment >> 8),
                      (char)fragment,
                      {{0}}};
    allow_ascii(&raw);
    for (uint32_t cp = 0x80; cp < LATIN_END; cp++) {
        char plain[TEXT_PLAIN_CHAR_MAX];
        struct span bytes = latin_bytes(filter, cp, plain);
        if (bytes.len)
            allow_latin(&raw, bytes, 0xC0 | cp >> 6, 0x80 | (cp & 0x3F));
    }
    add_byte_pairs(filter, &raw);
    for (int place = 0; place < MULTI_LITERAL_PLACES; place++)
        for (unsigned byte = 0; byte < 256; byte++)
            if (raw.at[place][byte])
                multi_literal_allow(&filter->multi_literal, bucket, place, (unsigned char)byte);
}

/* x and y first: fragments that share a bucket are then much alike. */
static int by_byte_pair(const void *left, const void *right) {
    const fragment_letters *a = left, *b = right;
    fragment_letters inner_a = *a << 8 | *a >> 24, inner_b = *b << 8 | *b >> 24;
    return (inner_a > inner_b) - (inner_a < inner_b);
}

/* How often the multi-literal search will find something by chance, per 10^12 bytes: for each
 * bucket, how many of 1000 bytes of text it allows at each place, multiplied. */
static uint64_t chance_finds(const struct multi_literal *multi_literal) {
    uint64_t finds = 0;
    for (unsigned bucket = 0; bucket < MULTI_LITERAL_BUCKETS; bucket++) {
        uint64_t chance = 1;
        for (int place = 0; place < MULTI_LITERAL_PLACES; place++) {
            uint64_t share = 0;
            for (unsigned char byte = '0'; byte <= 'z'; byte++) {
                uint8_t missed =
                    multi_literal->low[place][byte & 15] | multi_literal->high[place][byte >> 4];
                if (!(missed >> bucket & 1) && (byte <= '9' || byte >= 'a'))
                    share += byte_share(byte);
            }
            chance *= share;
        }
        finds += chance;
    }
    return finds;
}

void filter_set_fragments(struct filter *filter, fragment_letters *fragments, size_t count) {
    size_t kept = 0;
    qsort(fragments, count, sizeof *fragments, by_byte_pair);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || fragments[i] != fragments[kept - 1])
            fragments[kept++] = fragments[i];
    multi_literal_init(&filter->multi_literal);
    for (size_t i = 0; i < kept; i++)
        add_fragment(filter, fragments[i], (unsigned)(i * MULTI_LITERAL_BUCKETS / kept));
    filter->dense = chance_finds(&filter->multi_literal) > DENSE_FINDS;
    /* a Latin character that may stand between letters, and that the search does not report */
    for (uint32_t cp = 0x80; cp < LATIN_END; cp++)
        filter->dense |= filter->pair[cp] == PAIR_SKIP && cp != SOFT_HYPHEN;
}
