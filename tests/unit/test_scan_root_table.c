/* The table of roots against a list that is searched from end to end. */
#include "pipeline/scan/root_table.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 30000 };
static struct root list[MOST];
static size_t listed;
static uint64_t state = 88172645463325252u;

static uint64_t next_random(void) {
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

static struct root *in_list(uint64_t hash, size_t brand) {
    for (size_t i = 0; i < listed; i++)
        if (list[i].hash == hash && list[i].brand == brand)
            return &list[i];
    return NULL;
}

/* Into both; whether both say that it is news. */
static bool add(struct root_table *table, struct root root) {
    struct root *known = in_list(root.hash, root.brand);
    bool news = false, wanted = !known || root.us < known->us;
    if (!known)
        list[listed++] = root;
    else {
        known->us = wanted ? root.us : known->us;
        known->state = root.state > known->state ? root.state : known->state;
    }
    return root_table_add(table, &root, &news) && news == wanted;
}

static bool holds_all(const struct root_table *table) {
    for (size_t i = 0; i < listed; i++) {
        const struct root *root = root_table_find(table, list[i].hash, list[i].brand);
        if (!root || root->us != list[i].us || root->state != list[i].state ||
            !root_table_has(table, list[i].hash))
            return false;
    }
    return true;
}

static bool holds_others(const struct root_table *table) {
    for (size_t i = 0; i < 20000; i++) {
        uint64_t hash = next_random();
        if (root_table_has(table, hash) || root_table_find(table, hash, 0))
            return true;
    }
    return false;
}

static bool is_sorted(const struct root_table *table, enum root_order order) {
    for (size_t i = 1; i < table->count; i++) {
        const struct root *a = &table->at[i - 1], *b = &table->at[i];
        uint64_t x = root_key(a->hash, a->brand), y = root_key(b->hash, b->brand);
        bool ok = order == ROOTS_BY_TIME ? a->us < b->us || (a->us == b->us && x < y)
                  : order == ROOTS_BY_KEY
                      ? x < y
                      : a->hash < b->hash || (a->hash == b->hash && a->brand < b->brand);
        if (!ok)
            return false;
    }
    return true;
}

/* Hashes that `mask` leaves; few of them come often, and all begin with the same bits. */
static void check_random(size_t count, uint64_t mask) {
    struct root_table table = {0};
    size_t wrong = 0;
    listed = 0;
    CHECK(!root_table_has(&table, 1));
    CHECK(!root_table_find(&table, 1, 0));
    for (size_t i = 0; i < count; i++) {
        struct root root = {next_random() & mask, (int64_t)(next_random() % 1000) - 500,
                            (uint16_t)(next_random() % 3), (uint8_t)(1 + next_random() % 2)};
        wrong += !add(&table, root);
    }
    CHECK_INT(wrong, 0);
    CHECK(holds_all(&table)); /* while some are late */
    CHECK_INT(table.count + table.late_count, listed);
    CHECK(root_table_settle(&table));
    CHECK_INT(table.count, listed);
    CHECK(!table.late);
    CHECK(is_sorted(&table, ROOTS_BY_HASH));
    CHECK(holds_all(&table));
    CHECK(mask != UINT64_MAX || !holds_others(&table));
    for (enum root_order order = ROOTS_BY_TIME; order <= ROOTS_BY_KEY; order++) {
        root_table_sort(&table, order);
        CHECK(is_sorted(&table, order));
        root_table_sort(&table, ROOTS_BY_HASH);
        CHECK(holds_all(&table));
    }
    root_table_release(&table);
}

int main(void) {
    check_random(0, UINT64_MAX);
    check_random(1, UINT64_MAX);
    check_random(3000, UINT64_MAX);
    check_random(20000, UINT64_MAX);
    check_random(20000, 0xFFF);             /* the same again and again; 0, too */
    check_random(9000, 0xFFFF00000000FFFF); /* few middles */
    return tap_done();
}
