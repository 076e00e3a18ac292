/* table: a format's JSON rows compiled into a trie of keys, so that one forward pass over an object
 * finds every wanted value and can skip the rest. Immutable once compiled; read by json_fast.cc
 * and json_slow.c. A row has a slot of its number, unless another row has its path; behind them are
 * slots of containers that are gone into afterwards, each with a table of its own: nested posts,
 * arrays to look things up in, elements to pick. The table of a member owns those below it. */
#ifndef BURZA_DECODE_TABLE_H
#define BURZA_DECODE_TABLE_H

#include "stages/decode/format.h"

#define SLOT_MAX 384
#define NODE_MAX 64
#define ENTRY_MAX 1024
enum { NEST_MAX = 8, JOIN_MAX = 8, PICK_MAX = 8, ARRAY_MAX = 4, TABLE_MAX = 24 };

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

struct table_nest {
    const struct table *table;
    int16_t slot;
    uint8_t kind; /* enum nest_kind */
    bool each;    /* the elements of an array; else only an object */
};

struct table_join {
    const struct table *table;
    int16_t by; /* slot of the key */
    uint8_t kind, array;
};

/* refs[type=quoted].id: a table of two rows, `type` and `id`, for the elements of refs. */
struct table_pick {
    const struct table *table;
    struct span wanted;
    int16_t from, to; /* slots of the array and of the value */
};

/* Of the record: what joins look in. */
struct table_array {
    const char *path, *key;
    const struct table *table; /* of one row, the key */
    int16_t slot;
};

enum table_part { PART_POST, PART_ANSWER };

struct table {
    const struct format *format;
    struct arena arena;
    struct table_entry entries[ENTRY_MAX];
    struct table_node nodes[NODE_MAX];
    int entry_count, node_count;
    struct row *rows; /* [row_count], paths owned by the arena */
    int row_count, slot_count;
    int answer_at;              /* rows from here on are those of format->answer */
    int16_t row_slot[SLOT_MAX]; /* slot s -> the slot its path was compiled into */
    int16_t slot_entry[SLOT_MAX];
    struct table_nest nests[NEST_MAX];
    struct table_join joins[JOIN_MAX];
    struct table_pick picks[PICK_MAX];
    int nest_count, join_count, pick_count;
    const struct table *pieces; /* for elements of CONVERT_PIECES; NULL when no row has it */

    /* of the record's table only */
    struct table_array arrays[ARRAY_MAX];
    struct table *below[TABLE_MAX];
    int array_count, below_count;
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

#ifdef __cplusplus
extern "C" {
#endif

/* The table of records of a format, with `rows` for the format's own. */
enum status table_compile(struct table **out, const struct format *format, const struct row *rows,
                          struct fault *fault) MUST_USE;
void table_free(struct table *table);
/* Writes the field values of the post or its answer from the slots. */
void table_resolve(const struct table *table, enum table_part part, const struct slots *slots,
                   struct value fields[FIELD_COUNT]);
/* Clears every value at or below the entry (a key that comes twice: the last one wins). */
void table_clear(const struct table *table, int entry, struct slots *slots);

#ifdef __cplusplus
}
#endif

#endif
