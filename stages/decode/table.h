/* table: a format's JSON rows compiled into a trie of keys, so that one forward pass over a record
 * finds every wanted value and can skip the rest. Immutable once compiled; read by json_fast.cc
 * and json_slow.c. Slot s = embed * row_count + row: embed 0 is the record itself. */
#ifndef BURZA_DECODE_TABLE_H
#define BURZA_DECODE_TABLE_H

#include "stages/decode/format.h"

#define SLOT_MAX 384
#define NODE_MAX 64
#define ENTRY_MAX 1024

/* Buckets of a node's hash table, and bits of its filter. */
#define NODE_BUCKETS 64
#define NODE_FILTER_BITS 1024

struct table_entry {
    const char *key;  /* as in JSON, with its closing quote */
    uint64_t word;    /* its first eight bytes, zeros behind it */
    uint64_t mask;    /* ones where `word` has bytes of the key */
    uint64_t last;    /* its last eight bytes, if it has more than eight */
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
    uint64_t filter[NODE_FILTER_BITS / 64];
    bool array; /* its entries are array elements */
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

/* The values that were found in a record; what is not there is not cleared either. */
struct slots {
    uint64_t there[SLOT_MAX / 64];
    struct value at[SLOT_MAX];
};

static inline void slots_clear(struct slots *slots) {
    memset(slots->there, 0, sizeof slots->there);
}

static inline struct value *slots_set(struct slots *slots, int slot) {
    slots->there[slot >> 6] |= UINT64_C(1) << (slot & 63);
    return &slots->at[slot];
}

/* The value, absent where none was found. */
static inline const struct value *slots_get(const struct slots *slots, int slot) {
    static const struct value absent = {{NULL, 0}, VALUE_ABSENT, 0};
    return slots->there[slot >> 6] >> (slot & 63) & 1 ? &slots->at[slot] : &absent;
}

/* The bit of a node's filter for keys that begin with these two bytes and have this length with
 * their quote: nearly all keys that are not wanted end here. */
static inline unsigned table_filter_bit(const char *key, size_t len) {
    uint16_t two;
    memcpy(&two, key, sizeof two);
    if (len == 1)
        two = 0; /* the empty name: what follows its quote may be anything */
    uint32_t mixed = two | (uint32_t)len << 16;
    return mixed * 0x9E3779B1u >> 22;
}

/* The bucket of the keys that have this bit. */
static inline unsigned table_bucket(unsigned bit) {
    return bit * NODE_BUCKETS / NODE_FILTER_BITS;
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
void table_resolve(const struct table *table, int embed, const struct slots *slots,
                   struct value fields[FIELD_COUNT]);
/* Clears every value at or below the entry (a key that comes twice: the last one wins). */
void table_clear(const struct table *table, int entry, struct slots *slots);

#ifdef __cplusplus
}
#endif

#endif
