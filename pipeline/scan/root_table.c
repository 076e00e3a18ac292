#include "pipeline/scan/root_table.h"

#include "stages/common/hash.h"

#include <stdlib.h>

enum {
    LATE_MIN = 4096,
    SHARE_LATE = 4,    /* the late ones have room for half of this part of all, or more */
    ROOTS_A_PLACE = 8, /* of `first` */
    DIGITS = 256,
    SHORT = 32, /* sorted by insertion */
};

void root_table_release(struct root_table *table) {
    free(table->at);
    free(table->first);
    free(table->late);
    *table = (struct root_table){0};
}

uint64_t root_key(uint64_t hash, size_t brand) {
    return hash ^ (uint64_t)(brand + 1) * 0x9E3779B97F4A7C15ULL;
}

/* ---- order ---- */

/* What is compared, in two parts. */
struct rank {
    uint64_t high, low;
};

static struct rank rank_of(const struct root *root, enum root_order order) {
    if (order == ROOTS_BY_HASH)
        return (struct rank){root->hash, root->brand};
    uint64_t key = root_key(root->hash, root->brand);
    return order == ROOTS_BY_KEY ? (struct rank){key, 0}
                                 : (struct rank){(uint64_t)root->us ^ UINT64_C(1) << 63, key};
}

static bool is_less(struct rank a, struct rank b) {
    return a.high != b.high ? a.high < b.high : a.low < b.low;
}

static unsigned digit_of(const struct root *root, enum root_order order, unsigned depth) {
    struct rank rank = rank_of(root, order);
    return (unsigned)((depth < 8 ? rank.high : rank.low) >> (56 - 8 * (depth & 7))) & (DIGITS - 1);
}

static void insert_all(struct root *at, size_t count, enum root_order order) {
    for (size_t i = 1; i < count; i++) {
        struct root root = at[i];
        struct rank rank = rank_of(&root, order);
        size_t to = i;
        for (; to > 0 && is_less(rank, rank_of(&at[to - 1], order)); to--)
            at[to] = at[to - 1];
        at[to] = root;
    }
}

/* From the digit `depth` on, of 16. */
static void sort_from(struct root *at, size_t count, enum root_order order, unsigned depth) {
    size_t end[DIGITS] = {0}, next[DIGITS];
    if (count <= SHORT) {
        insert_all(at, count, order);
        return;
    }
    for (size_t i = 0; i < count; i++)
        end[digit_of(&at[i], order, depth)]++;
    for (size_t digit = 0, sum = 0; digit < DIGITS; digit++) {
        next[digit] = sum;
        sum = end[digit] += sum;
    }
    /* each root found out of place takes the next place of its digit, whose root goes on */
    for (size_t digit = 0; digit < DIGITS; digit++)
        while (next[digit] < end[digit]) {
            struct root root = at[next[digit]];
            unsigned its = digit_of(&root, order, depth);
            for (; its != digit; its = digit_of(&root, order, depth)) {
                struct root other = at[next[its]];
                at[next[its]++] = root;
                root = other;
            }
            at[next[digit]++] = root;
        }
    for (size_t digit = 0, from = 0; depth < 15 && digit < DIGITS; from = end[digit++])
        if (end[digit] - from > 1)
            sort_from(&at[from], end[digit] - from, order, depth + 1);
}

void root_table_sort(struct root_table *table, enum root_order order) {
    sort_from(table->at, table->count, order, 0);
}

/* ---- places ---- */

/* 0 bits: no places, all roots lie between the first and the end. */
static size_t place_of(const struct root_table *table, uint64_t hash) {
    return table->bits ? (size_t)(hash >> (64 - table->bits)) : 0;
}

static bool find_places(struct root_table *table) {
    unsigned bits = 0;
    while ((size_t)ROOTS_A_PLACE << bits < table->count)
        bits++;
    size_t count = (size_t)1 << bits, place = 0;
    size_t *first = realloc(table->first, (count + 1) * sizeof *first);
    if (!first)
        return false;
    table->first = first;
    table->bits = bits;
    for (size_t i = 0; i < table->count; i++)
        while (place <= place_of(table, table->at[i].hash))
            first[place++] = i;
    while (place <= count)
        first[place++] = table->count;
    return true;
}

/* The first root in order that is not before this one. */
static size_t lower_bound(const struct root_table *table, uint64_t hash, size_t brand) {
    if (!table->count)
        return 0;
    size_t place = place_of(table, hash), from = table->first[place], end = table->first[place + 1];
    while (from < end) {
        size_t middle = from + (end - from) / 2;
        const struct root *root = &table->at[middle];
        if (root->hash < hash || (root->hash == hash && root->brand < brand))
            from = middle + 1;
        else
            end = middle;
    }
    return from;
}

/* Where a late root lies, or would; all roots of one hash follow one another. */
static size_t late_slot(const struct root_table *table, uint64_t hash) {
    return (size_t)hash_sip_u64(hash) & (table->late_cap - 1);
}

static struct root *find_late(const struct root_table *table, uint64_t hash, size_t brand) {
    size_t slot = late_slot(table, hash);
    while (table->late[slot].state &&
           (table->late[slot].hash != hash || table->late[slot].brand != brand))
        slot = (slot + 1) & (table->late_cap - 1);
    return &table->late[slot];
}

struct root *root_table_find(const struct root_table *table, uint64_t hash, size_t brand) {
    size_t at = lower_bound(table, hash, brand);
    if (at < table->count && table->at[at].hash == hash && table->at[at].brand == brand)
        return &table->at[at];
    struct root *late = table->late_count ? find_late(table, hash, brand) : NULL;
    return late && late->state ? late : NULL;
}

bool root_table_has(const struct root_table *table, uint64_t hash) {
    size_t at = lower_bound(table, hash, 0);
    if (at < table->count && table->at[at].hash == hash)
        return true;
    if (!table->late_count)
        return false;
    size_t slot = late_slot(table, hash);
    while (table->late[slot].state && table->late[slot].hash != hash)
        slot = (slot + 1) & (table->late_cap - 1);
    return table->late[slot].state != 0;
}

/* ---- growth ---- */

/* The late ones into the array, from its new end on, so that nothing is held twice. */
static bool merge_late(struct root_table *table) {
    size_t count = 0, left = table->count, all = table->count + table->late_count;
    if (!table->late_count)
        return true;
    struct root *at = realloc(table->at, all * sizeof *at);
    if (!at)
        return false;
    table->at = at;
    for (size_t i = 0; i < table->late_cap; i++)
        if (table->late[i].state)
            table->late[count++] = table->late[i];
    sort_from(table->late, count, ROOTS_BY_HASH, 0);
    for (size_t to = all; count > 0;) {
        bool late = !left || is_less(rank_of(&at[left - 1], ROOTS_BY_HASH),
                                     rank_of(&table->late[count - 1], ROOTS_BY_HASH));
        at[--to] = late ? table->late[--count] : at[--left];
    }
    table->count = all;
    table->late_count = 0;
    return find_places(table);
}

static bool make_room(struct root_table *table) {
    if (!merge_late(table))
        return false;
    size_t cap = LATE_MIN;
    while (cap * SHARE_LATE < table->count)
        cap *= 2;
    free(table->late);
    table->late = calloc(cap, sizeof *table->late);
    table->late_cap = table->late ? cap : 0;
    return table->late != NULL;
}

bool root_table_add(struct root_table *table, const struct root *root, bool *news) {
    struct root *known = root_table_find(table, root->hash, root->brand);
    if (!known) {
        *news = true;
        if (table->late_count * 2 >= table->late_cap && !make_room(table))
            return false;
        *find_late(table, root->hash, root->brand) = *root;
        table->late_count++;
        return true;
    }
    if (root->us < known->us) {
        known->us = root->us;
        *news = true;
    }
    if (root->state > known->state)
        known->state = root->state;
    return true;
}

bool root_table_settle(struct root_table *table) {
    bool ok = merge_late(table);
    free(table->late);
    table->late = NULL;
    table->late_cap = 0;
    return ok;
}
