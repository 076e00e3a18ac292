/* table: a format's JSON rows compiled into a trie of keys, so that one forward pass over a record
 * finds every wanted value and can skip the rest. Immutable once compiled; read by json_fast.cc
 * and json_slow.c. Slot s = embed * row_count + row: embed 0 is the record itself. */
#ifndef BURZA_DECODE_TABLE_H
#define BURZA_DECODE_TABLE_H

#include "stages/decode/format.h"

#define SLOT_MAX 384
#define NODE_MAX 64
#define ENTRY_MAX 1024

/* Buckets of a node's hash table. */
#define NODE_BUCKETS 64

struct table_entry {
    const char *key;  /* as in JSON, with its closing quote */
    uint64_t word;    /* its first eight bytes, zeros behind the name */
    uint32_t key_len; /* with the quote */
    int32_t index;    /* array element, or -1 */
    int16_t slot;     /* or -1 */
    int16_t child;    /* node, or -1 */
    int16_t node;     /* the node that it belongs to */
    int16_t parent;   /* entry that leads to this node, or -1 */
    uint16_t next;    /* next entry of the bucket + 1, or 0 */
    bool spelling;    /* another spelling of the entry before it */
};

struct table_node {
    uint16_t bucket[NODE_BUCKETS]; /* entry + 1 or 0 */
    bool array;                    /* its entries are array elements */
};

struct table {
    struct arena arena;
    struct table_entry entries[ENTRY_MAX];
    struct table_node nodes[NODE_MAX];
    int entry_count, node_count;
    struct row *rows;                       /* [row_count], paths owned by the arena */
    int row_count, embed_count, slot_count; /* slots of rows, then one per embedded post */
    int16_t row_slot[SLOT_MAX];             /* slot s -> the slot its path was compiled into */
    int16_t slot_entry[SLOT_MAX];
};

static inline unsigned table_bucket(uint64_t word) {
    return (unsigned)(word * UINT64_C(0x9E3779B97F4A7C15) >> 58);
}

/* The first eight bytes of a key up to its closing quote. */
static inline uint64_t table_word(uint64_t raw) {
    uint64_t quotes = raw ^ UINT64_C(0x2222222222222222);
    uint64_t found =
        (quotes - UINT64_C(0x0101010101010101)) & ~quotes & UINT64_C(0x8080808080808080);
    return found ? raw & (((found & (~found + 1)) >> 7) - 1) : raw;
}

/* The slot that says whether the embedded post is there. */
static inline int table_embed_slot(const struct table *table, int embed) {
    return table->row_count * (table->embed_count + 1) + embed;
}

#ifdef __cplusplus
extern "C" {
#endif

enum status table_compile(struct table **out, const struct row *rows, const char *const *embeds,
                          struct fault *fault) MUST_USE;
void table_free(struct table *table);
/* Writes field values of the record (embed 0) or an embedded post from the slots. */
void table_resolve(const struct table *table, int embed, const struct value *slots,
                   struct value fields[FIELD_COUNT]);
/* Forgets every value at or below the entry (a key that comes twice: the last one wins). */
void table_forget(const struct table *table, int entry, struct value *slots);

#ifdef __cplusplus
}
#endif

#endif
