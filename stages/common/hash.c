#include "stages/common/hash.h"

#include "stages/common/arena.h"

#include <endian.h>
#include <stdlib.h>
#include <sys/random.h>

struct sip_key {
    uint64_t k0, k1;
};

static const struct sip_key stable_key = {0x62757a7261206964ULL, 0x7374616263652031ULL};

#define ROTATE(x, b) (((x) << (b)) | ((x) >> (64 - (b))))

static inline void sip_round(uint64_t v[4]) {
    v[0] += v[1];
    v[1] = ROTATE(v[1], 13) ^ v[0];
    v[0] = ROTATE(v[0], 32);
    v[2] += v[3];
    v[3] = ROTATE(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = ROTATE(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = ROTATE(v[1], 17) ^ v[2];
    v[2] = ROTATE(v[2], 32);
}

static uint64_t siphash13(struct sip_key key, struct span span) {
    uint64_t v[4] = {key.k0 ^ 0x736f6d6570736575ULL, key.k1 ^ 0x646f72616e646f6dULL,
                     key.k0 ^ 0x6c7967656e657261ULL, key.k1 ^ 0x7465646279746573ULL};
    const unsigned char *at = (const unsigned char *)span.at;
    size_t left = span.len;
    for (; left >= 8; left -= 8, at += 8) {
        uint64_t m;
        memcpy(&m, at, sizeof m);
        m = le64toh(m);
        v[3] ^= m;
        sip_round(v);
        v[0] ^= m;
    }
    uint64_t last = (uint64_t)(span.len & 0xFF) << 56;
    for (size_t i = 0; i < left; i++)
        last |= (uint64_t)at[i] << (8 * i);
    v[3] ^= last;
    sip_round(v);
    v[0] ^= last;
    v[2] ^= 0xFF;
    for (int i = 0; i < 3; i++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static struct sip_key process_key;
static uint64_t process_factor[2], process_term[2]; /* 128 bits each, low ones first */

/* Before main, so that no thread can see half a key. */
__attribute__((constructor)) static void draw_process_key(void) {
    if (getrandom(&process_key, sizeof process_key, GRND_NONBLOCK) != (ssize_t)sizeof process_key)
        process_key = (struct sip_key){(uint64_t)(uintptr_t)&process_key, stable_key.k1};
    for (uint64_t i = 0; i < 2; i++) {
        process_factor[i] = hash_sip_u64(i);
        process_term[i] = hash_sip_u64(2 + i);
    }
}

uint64_t hash_sip(struct span span) {
    return siphash13(process_key, span);
}

uint64_t hash_sip_u64(uint64_t number) {
    return siphash13(process_key, (struct span){(const char *)&number, sizeof number});
}

uint64_t hash_stable(struct span span) {
    return siphash13(stable_key, span);
}

uint64_t hash_stable_join(const struct span *fields, size_t count) {
    struct sip_key key = stable_key;
    for (size_t i = 0; i < count; i++) {
        key.k0 = siphash13(key, fields[i]);
        key.k1 += fields[i].len + 1;
    }
    return key.k0;
}

struct symbol_memory {
    struct arena arena;
};

void symbols_release(struct symbols *symbols) {
    if (symbols->memory) {
        arena_release(&symbols->memory->arena);
        free(symbols->memory);
    }
    free(symbols->names);
    free(symbols->slots);
    free(symbols->hashes);
    *symbols = (struct symbols){0};
}

static void symbols_place(struct symbols *symbols, uint32_t number) {
    uint32_t mask = symbols->slot_count - 1;
    uint32_t slot = (uint32_t)symbols->hashes[number] & mask;
    while (symbols->slots[slot])
        slot = (slot + 1) & mask;
    symbols->slots[slot] = number + 1;
}

static bool symbols_grow(struct symbols *symbols) {
    if (!symbols->memory && !(symbols->memory = calloc(1, sizeof *symbols->memory)))
        return false;
    uint32_t cap = symbols->cap ? symbols->cap * 2 : 32;
    if (cap > UINT32_MAX / 4)
        return false;
    struct span *names = realloc(symbols->names, cap * sizeof *names);
    if (names)
        symbols->names = names;
    uint64_t *hashes = realloc(symbols->hashes, cap * sizeof *hashes);
    if (hashes)
        symbols->hashes = hashes;
    uint32_t *slots = calloc((size_t)cap * 2, sizeof *slots);
    if (!names || !hashes || !slots) {
        free(slots);
        return false;
    }
    free(symbols->slots);
    symbols->slots = slots;
    symbols->slot_count = cap * 2;
    symbols->cap = cap;
    for (uint32_t i = 0; i < symbols->count; i++)
        symbols_place(symbols, i);
    return true;
}

static uint32_t symbols_lookup(const struct symbols *symbols, struct span name, uint64_t hash) {
    if (!symbols->slot_count)
        return SYMBOL_NONE;
    uint32_t mask = symbols->slot_count - 1;
    for (uint32_t slot = (uint32_t)hash & mask; symbols->slots[slot]; slot = (slot + 1) & mask) {
        uint32_t number = symbols->slots[slot] - 1;
        if (symbols->hashes[number] == hash && span_equal(symbols->names[number], name))
            return number;
    }
    return SYMBOL_NONE;
}

uint32_t symbols_find(const struct symbols *symbols, struct span name) {
    return symbols_lookup(symbols, name, hash_sip(name));
}

static uint32_t intern_hashed(struct symbols *symbols, struct span name, uint64_t hash) {
    uint32_t number = symbols_lookup(symbols, name, hash);
    if (number != SYMBOL_NONE)
        return number;
    if (symbols->count == symbols->cap && !symbols_grow(symbols))
        return SYMBOL_NONE;
    struct span copy = arena_copy(&symbols->memory->arena, name);
    if (!copy.at)
        return SYMBOL_NONE;
    number = symbols->count++;
    symbols->names[number] = copy;
    symbols->hashes[number] = hash;
    symbols_place(symbols, number);
    return number;
}

uint32_t symbols_intern(struct symbols *symbols, struct span name) {
    return intern_hashed(symbols, name, hash_sip(name));
}

uint32_t symbols_find_from(const struct symbols *symbols, const struct symbols *other,
                           uint32_t number) {
    return symbols_lookup(symbols, other->names[number], other->hashes[number]);
}

void counts_release(struct counts *counts) {
    free(counts->entries);
    free(counts->used);
    *counts = (struct counts){0};
}

/* Multiply-add-shift (Dietzfelbinger 1996): any two keys fall into one slot as rarely as by chance,
 * over the keys that a process may draw, at a tenth of the cost of SipHash. */
static uint64_t hash_number(uint64_t number) {
    unsigned __int128 low = (unsigned __int128)process_factor[0] * number + process_term[0];
    return process_factor[1] * number + process_term[1] + (uint64_t)(low >> 64);
}

static size_t counts_slot(const struct counts *counts, uint64_t key) {
    size_t slot = (size_t)hash_number(key) & (counts->cap - 1);
    while (counts->used[slot] && counts->entries[slot].key != key)
        slot = (slot + 1) & (counts->cap - 1);
    return slot;
}

static bool counts_grow(struct counts *counts) {
    struct counts old = *counts;
    size_t cap = old.cap ? old.cap * 2 : 64;
    struct counts grown = {.cap = cap, .count = old.count};
    grown.entries = malloc(cap * sizeof *grown.entries);
    grown.used = calloc(cap, 1);
    if (!grown.entries || !grown.used) {
        counts_release(&grown);
        return false;
    }
    for (size_t i = 0; i < old.cap; i++) {
        if (!old.used[i])
            continue;
        size_t slot = counts_slot(&grown, old.entries[i].key);
        grown.entries[slot] = old.entries[i];
        grown.used[slot] = 1;
    }
    counts_release(&old);
    *counts = grown;
    return true;
}

uint64_t *counts_at(struct counts *counts, uint64_t key) {
    if (counts->count * 2 >= counts->cap && !counts_grow(counts))
        return NULL;
    size_t slot = counts_slot(counts, key);
    if (!counts->used[slot]) {
        counts->used[slot] = 1;
        counts->entries[slot] = (struct counts_entry){.key = key};
        counts->count++;
    }
    return &counts->entries[slot].value;
}

const uint64_t *counts_find(const struct counts *counts, uint64_t key) {
    if (!counts->cap)
        return NULL;
    size_t slot = counts_slot(counts, key);
    return counts->used[slot] ? &counts->entries[slot].value : NULL;
}
