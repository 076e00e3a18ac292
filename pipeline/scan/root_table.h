/* root table: posts whose replies are wanted, by the hash of their id and by brand, in 20 bytes
 * each: one sorted array (hashes are spread evenly, so their first bits lead to the place), beside
 * it a small hash table of those that came later, which is merged in when it is full.
 *
 * In: id hashes, brands, times. Owner: a `struct root_table` owns its arrays; once settled it may
 * be read by all threads. May fail: false when out of memory. Sorting is in place, by digits
 * (American flag sort; McIlroy, Bostic, McIlroy 1993). */
#ifndef BURZA_ROOT_TABLE_H
#define BURZA_ROOT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct __attribute__((packed)) root {
    uint64_t hash; /* of the id; 0: it has none, and answers find nothing */
    int64_t us;    /* when it was written; of several times the first */
    uint16_t brand;
    uint8_t state; /* 0: no root */
};
enum { ROOT_ANSWERED = 1, ROOT_ROW }; /* known by a link, or as a row of its brand */

struct root_table {
    struct root *at; /* [count], by hash, then brand */
    size_t count;
    size_t *first; /* [2^bits + 1]: where the hashes begin that begin with these bits */
    unsigned bits;
    struct root *late; /* [late_cap], a power of two, at most half full */
    size_t late_cap, late_count;
};

void root_table_release(struct root_table *table);
/* *news: the root was not known, or not so early. */
bool root_table_add(struct root_table *table, const struct root *root, bool *news);
/* Nothing is added from now on. */
bool root_table_settle(struct root_table *table);
/* NULL: none. Valid until the next is added. */
struct root *root_table_find(const struct root_table *table, uint64_t hash, size_t brand);
/* Whether some brand has it. */
bool root_table_has(const struct root_table *table, uint64_t hash);

/* What stands for a root in digests, whose order it decides. */
uint64_t root_key(uint64_t hash, size_t brand);
/* Another order of a settled table, in which nothing can be found until it has the first again. */
enum root_order { ROOTS_BY_HASH, ROOTS_BY_TIME, ROOTS_BY_KEY }; /* of one time by key */
void root_table_sort(struct root_table *table, enum root_order order);

#endif
