/* filter: the inside of the prefilter, shared by its files and its test.
 *
 * A post can only match when a literal, up to eight bytes of a form, stands in its text. Text and
 * literals are normalised to the same stream: plain letters and digits, runs of one letter written
 * once (elongations), '_' and '.' left out, zero for every separator. literal.c chooses the
 * literals of a form, filter_build.c those of a query set, fragment.c the four letters of each that
 * are searched for; filter.c reads texts: multi_literal.h finds candidate words, only those are
 * streamed and compared. False positives are harmless, a false negative would lose a mention. The
 * filter belongs to the query set and is not changed once built. May fail: out of memory. */
#ifndef BURZA_FILTER_H
#define BURZA_FILTER_H

#include "stages/match/multi_literal.h"
#include "stages/match/query.h"

#define LITERAL_MAX 8
#define SUFFIX_MAX 4
#define SUFFIX_BITS 16
#define BITMAP_WORDS ((1u << SUFFIX_BITS) / 64)
#define FOLD_SKIP 0xFF
#define PAIR_END 0x800 /* code points of two bytes have a table */
#define PAIR_SKIP 0xFFFF
#define PAIR_LONG 0xFFFE

/* A fragment: four neighbouring letters w, x, y, z of a literal, w in the highest byte; w and z are
 * 0 where the literal ends, and where one of the four is not ASCII. Its byte pair is the last raw
 * byte of x and the first of y, as they stand in a text. */
typedef uint32_t fragment_letters;

struct literal {
    uint64_t bytes; /* of the stream, the last one lowest */
    uint8_t len;    /* 2 to LITERAL_MAX; 0: none */
    bool whole;     /* the form is nothing else: only a whole word is worth passing */
    fragment_letters fragment;
};

struct filter {
    bool always; /* some query can match any text */
    bool wants_url;
    bool dense;              /* so many literals that nearly every word would be a find */
    bool latin;              /* all literals are ASCII letters and digits */
    bool has[SUFFIX_MAX];    /* [2..3]: there are literals of that length */
    uint16_t lengths[2];     /* [whole]: bit n: there are literals of n bytes */
    uint8_t literal_shift;   /* of literal_hash */
    uint8_t fold[128];       /* of ASCII: its byte of the stream, or FOLD_SKIP */
    uint16_t pair[PAIR_END]; /* plain bytes of a code point, first one low; 0 is a separator */
    struct multi_literal multi_literal;
    uint64_t byte_pairs[BITMAP_WORDS]; /* x * 256 + y: raw bytes at which a find may be */
    uint64_t suffixes[SUFFIX_MAX + 1][BITMAP_WORDS]; /* [len][hash]: last bytes of the literals */
    uint64_t *literals[2];                           /* [whole]: hashes of the literals */
};

static inline bool bits_have(const uint64_t *bits, uint64_t at) {
    return bits[at / 64] >> at % 64 & 1;
}

static inline void bits_set(uint64_t *bits, uint64_t at) {
    bits[at / 64] |= UINT64_C(1) << at % 64;
}

static inline uint32_t suffix_hash(uint64_t window, unsigned len) {
    uint32_t suffix = (uint32_t)(len == 4 ? window : window & ((1u << 8 * len) - 1));
    return suffix * UINT32_C(0x9E3779B1) >> (32 - SUFFIX_BITS);
}

static inline uint64_t literal_hash(const struct filter *filter, uint64_t window, unsigned len) {
    uint64_t bytes = window & UINT64_MAX >> (64 - 8 * len);
    return bytes * UINT64_C(0x9E3779B97F4A7C15) >> filter->literal_shift;
}

/* The literal of a form or a field's value; without one (len 0) any text may hold it. */
struct literal literal_of(const struct filter *filter, struct span text);
/* How often a fragment is found by chance, per 10^12 bytes. */
uint64_t fragment_cost(fragment_letters fragment);
/* Makes the multi-literal search look for the fragments; sorts them. */
void filter_set_fragments(struct filter *filter, fragment_letters *fragments, size_t count);

#endif
