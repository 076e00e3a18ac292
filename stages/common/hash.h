/* hash: two hash functions and one table.
 * hash_sip is SipHash-1-3 (Aumasson, Bernstein 2012) for anything whose keys come from a dump; its
 * key is drawn once per process and must never show in a result: sort before writing.
 * hash_stable is the same function with a fixed key, for values that are stored (ids, authors). */
#ifndef BURZA_HASH_H
#define BURZA_HASH_H

#include "stages/common/span.h"

#include <stdint.h>

uint64_t hash_sip(struct span span);
/* Of the eight bytes of a number. */
uint64_t hash_sip_u64(uint64_t number);
uint64_t hash_stable(struct span span);
/* hash_stable of several fields, each length-prefixed, so that ("ab","c") differs from ("a","bc").
 */
uint64_t hash_stable_join(const struct span *fields, size_t count);

/* symbols: interns byte strings: each distinct string gets the next number from 0. Owns copies. */
struct symbols {
    struct span *names; /* [count], in order of first appearance, NUL-terminated */
    uint32_t count;
    uint32_t cap, slot_count;
    uint32_t *slots; /* [slot_count], number + 1 or 0 */
    uint64_t *hashes;
    struct symbol_memory *memory;
};

#define SYMBOL_NONE UINT32_MAX

void symbols_release(struct symbols *symbols);
/* Returns the number of `name`, adding it if new; SYMBOL_NONE when out of memory. */
uint32_t symbols_intern(struct symbols *symbols, struct span name);
/* Returns the number of `name` or SYMBOL_NONE. */
uint32_t symbols_find(const struct symbols *symbols, struct span name);
/* The same of a name of other symbols, which is not hashed anew. */
uint32_t symbols_find_from(const struct symbols *symbols, const struct symbols *other,
                           uint32_t number);

/* counts: a map uint64 key -> uint64 value for counters; open addressing. Key order is lost. */
struct counts {
    struct counts_entry {
        uint64_t key, value;
    } * entries; /* [cap]; unused entries have used[i] == 0 */
    uint8_t *used;
    size_t cap, count;
};

void counts_release(struct counts *counts);
/* The value of `key`, made with 0 when new; NULL when out of memory. Valid until the next call. */
uint64_t *counts_at(struct counts *counts, uint64_t key);
/* NULL when absent. */
const uint64_t *counts_find(const struct counts *counts, uint64_t key);

#endif
