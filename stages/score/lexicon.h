/* lexicon: one language's compiled lexicon, read in place from a blob (part of the program, or
 * built at run time from a user's files). Nothing is parsed or allocated; lookups are one probe of
 * a bit filter and, on a hit, of a flat table of 16-byte entries.
 *
 * Memory: the blob belongs to the caller and outlives the lexicon. May fail: lexicon_view returns
 * false for bytes that are no such blob. */
#ifndef BURZA_SCORE_LEXICON_H
#define BURZA_SCORE_LEXICON_H

#include "stages/score/lexicon_source.h"

#define LEXICON_MAGIC "burzaLX6"

/* All sections are 16-byte aligned; `at` counts bytes from the start of the header. */
struct lexicon_section {
    uint32_t at, count;
};

struct lexicon_header {
    char magic[8];
    uint32_t size;
    uint32_t slot_mask, trie_mask, filter_mask;
    uint32_t edge_mask, spare; /* of edge_filter */
    struct lexicon_section slots, details, classes, trie, nodes, outputs, filter, edge_filter;
    struct lexicon_section origins, output_origins, text; /* seldom read */
};

enum entry_flag {
    ENTRY_PHRASE = 1 << 0,   /* belongs to classes: a phrase may hold it */
    ENTRY_DERIVED = 1 << 1,  /* an inflected form, not the lemma itself */
    ENTRY_FOLDED = 1 << 2,   /* found by its spelling without diacritics */
    ENTRY_OPPOSITE = 1 << 3, /* a form with the prefix nie-: valence turned */
    ENTRY_EMOJI = 1 << 4,
    ENTRY_VALENCE = 1 << 5, /* has a valence (perhaps 0) of its own */
    ENTRY_STARTS = 1 << 6,  /* a phrase may begin with it */
};

struct lexicon_entry {
    uint64_t hash; /* token_hash of the form; 0: free */
    int16_t valence;
    uint8_t modifier; /* enum modifier */
    uint8_t flags;
    uint32_t detail;
};

/* What the forms of one lemma share that stand in the same phrases. */
struct lexicon_detail {
    uint64_t class_bits; /* bit class % 64 of every class */
    uint64_t start_next; /* which classes may follow the starting nodes, or START_ANYHOW */
    uint32_t class_at;   /* in classes */
    uint16_t class_count;
    uint16_t start_count; /* nodes behind the root, in classes after the class_count ones */
    int16_t value;        /* of the modifier */
    int16_t irony;        /* of an emoji, thousandths */
    uint8_t modifier;     /* enum modifier */
    uint8_t after;        /* it modifies what stands before it */
    uint8_t spare[2];
};
_Static_assert(sizeof(struct lexicon_detail) == 32, "half a cache line");

/* Where a detail or an output comes from, in text: NUL-terminated. */
struct lexicon_origin {
    uint32_t name; /* lemma or phrase, as written */
    uint32_t note, file;
};

/* Phrases are a trie over classes. A class is one exact form or all forms of one lemma. */
#define START_ANYHOW UINT64_MAX /* a phrase of one word, or one that any word continues */
enum { CLASS_ANY = 0, NODE_ROOT = 0, NODE_NONE = UINT32_MAX };

struct lexicon_edge {
    uint32_t key; /* node << 16 | class, plus 1; 0: free */
    uint32_t node;
};

struct lexicon_node {
    uint32_t output_at;
    uint16_t output_count;
    uint8_t any;    /* 1 when an edge for CLASS_ANY leaves it */
    uint8_t inside; /* 1 when any edge leaves it */
    uint64_t next;  /* which classes may follow: bit class % 64 */
};

/* What a complete phrase means. */
struct lexicon_output {
    int16_t valence, value;
    uint8_t shape, modifier, tag, after;
};

struct lexicon {
    const struct lexicon_header *header; /* NULL: an empty lexicon */
    const struct lexicon_entry *slots;
    const struct lexicon_detail *details;
    const uint16_t *classes;
    const struct lexicon_edge *trie;
    const struct lexicon_node *nodes;
    const struct lexicon_output *outputs;
    const struct lexicon_origin *origins, *output_origins; /* of details and outputs */
    const char *text;
    const uint64_t *filter, *edge_filter;
};

bool lexicon_view(struct lexicon *lexicon, struct span blob) MUST_USE;
/* The node behind `node` by way of `class`, or NODE_NONE. */
uint32_t lexicon_step(const struct lexicon *lexicon, uint32_t node, uint16_t class);

static inline uint32_t lexicon_edge_key(uint32_t node, uint16_t class) {
    return (node << 16 | class) + 1;
}
static inline uint32_t lexicon_edge_slot(uint32_t key) {
    uint32_t mixed = key * 0x9E3779B1u;
    return mixed ^ mixed >> 15;
}

/* The bit of an edge in its filter, which fits into the nearest cache as the table does not. */
static inline uint32_t lexicon_edge_bit(uint32_t key) {
    return (uint32_t)((uint64_t)key * 0x85EBCA6Bu >> 13);
}

/* False when surely no edge with `class` leaves `node`. */
static inline bool lexicon_may_step(const struct lexicon *lexicon, uint32_t node, uint16_t class) {
    uint32_t bit = lexicon_edge_bit(lexicon_edge_key(node, class)) & lexicon->header->edge_mask;
    return lexicon->edge_filter[bit >> 6] >> (bit & 63) & 1;
}

/* Asks for the line of an edge that will soon be stepped over. */
static inline void lexicon_fetch_edge(const struct lexicon *lexicon, uint32_t node,
                                      uint16_t class) {
    uint32_t slot = lexicon_edge_slot(lexicon_edge_key(node, class));
    __builtin_prefetch(&lexicon->trie[slot & lexicon->header->trie_mask]);
}

/* NULL when the lexicon has no such form, which the filter mostly tells. The filter uses the upper
 * half of the hash, the table the lowest bits. */
static inline const struct lexicon_entry *lexicon_find(const struct lexicon *lexicon,
                                                       uint64_t hash) {
    if (!lexicon->header)
        return NULL;
    uint32_t bit = (uint32_t)(hash >> 32) & lexicon->header->filter_mask;
    if (!(lexicon->filter[bit >> 6] >> (bit & 63) & 1))
        return NULL;
    uint32_t mask = lexicon->header->slot_mask;
    for (uint32_t i = (uint32_t)hash & mask;; i = (i + 1) & mask) {
        const struct lexicon_entry *entry = &lexicon->slots[i];
        if (entry->hash == hash)
            return entry;
        if (!entry->hash)
            return NULL;
    }
}

/* Builds the blob for one language of all entries of `source` that are for it. Problems that do
 * not stop the build are told in `messages`. */
enum status lexicon_build(struct lexicon_source *source, enum language language, struct buf *blob,
                          struct buf *messages, struct fault *fault) MUST_USE;

#endif
