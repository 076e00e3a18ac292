/* Canonical order, and one of each post: the same content in any order of inputs gives the same
 * rows. */
#include "pipeline/study/study.h"

#include <stdlib.h>

enum {
    BLOCK_ROWS = 32768, /* sorted at once, by one thread */
    AHEAD = 16,
};

static int compare_numbers(int64_t a, int64_t b) {
    return (a > b) - (a < b);
}

/* All four counters of a post as they are, views too: they only grow, so more means later. */
static int64_t counter_sum(const struct mention_table *m, size_t row) {
    return (int64_t)m->likes[row] + m->replies[row] + m->reposts[row] + m->views[row];
}

/* A copy with another text may lack the words of the query: it must not take a mention away. */
static int role_rank(uint8_t role) {
    return role == ROLE_CONTEXT ? 0 : role == ROLE_ADDRESSED ? 1 : 2;
}

/* Which of two rows of the same post and brand is kept: a mention, then the one seen itself rather
 * than inside another post, then one that states its moment, then the later state (larger
 * counters), then the greater text: a total order. */
static int better(const struct mention_table *m, size_t a, size_t b) {
    int order = compare_numbers(role_rank(m->role[a]), role_rank(m->role[b]));
    if (!order)
        order = compare_numbers(m->flags[b] & POST_EMBEDDED, m->flags[a] & POST_EMBEDDED);
    if (!order)
        order = compare_numbers(m->spread_s[b] > 0, m->spread_s[a] > 0);
    if (!order)
        order = compare_numbers(counter_sum(m, a), counter_sum(m, b));
    if (!order)
        order = compare_numbers(m->created_at_us[b], m->created_at_us[a]);
    if (!order)
        order = span_compare(mention_table_string(m, a, STRING_TEXT),
                             mention_table_string(m, b, STRING_TEXT));
    if (!order)
        order = span_compare(m->channels.names[m->channel[a]], m->channels.names[m->channel[b]]);
    return order;
}

static int compare_rows(const struct mention_table *m, uint32_t x, uint32_t y) {
    int order = compare_numbers(m->created_at_us[x], m->created_at_us[y]);
    if (!order)
        order = compare_numbers(m->platform[x], m->platform[y]);
    if (!order)
        order = span_compare(mention_table_string(m, x, STRING_ID),
                             mention_table_string(m, y, STRING_ID));
    if (!order)
        order = compare_numbers(m->brand[x], m->brand[y]);
    return order ? order : compare_numbers(x, y);
}

static int compare_places(const void *a, const void *b, void *context) {
    return compare_rows(context, *(const uint32_t *)a, *(const uint32_t *)b);
}

/* ---- one of each ---- */

/* A table of rows by post and brand; keys come from dumps, so places depend on the process. */
static size_t first_slot(const struct mention_table *m, size_t mask, size_t row) {
    uint64_t key = m->id_hash[row] * 0x9E3779B97F4A7C15ULL + m->brand[row];
    return (size_t)hash_sip((struct span){(const char *)&key, sizeof key}) & mask;
}

static size_t find_post(const struct mention_table *m, const uint32_t *slots, size_t mask,
                        size_t slot, size_t row) {
    for (; slots[slot]; slot = (slot + 1) & mask) {
        size_t other = slots[slot] - 1;
        if (m->id_hash[other] == m->id_hash[row] && m->brand[other] == m->brand[row])
            break;
    }
    return slot;
}

/* keep[row] = 1 for the best of each (post, brand). */
static bool choose(const struct mention_table *m, uint8_t *keep) {
    size_t size = 64;
    while (size < 2 * m->count)
        size *= 2;
    uint32_t *slots = calloc(size, sizeof *slots);
    size_t ahead[AHEAD]; /* slots of the rows to come, which the processor fetches meanwhile */
    for (size_t row = 0; row < AHEAD && row < m->count; row++)
        ahead[row] = first_slot(m, size - 1, row);
    for (size_t row = 0; slots && row < m->count; row++) {
        size_t slot = ahead[row % AHEAD], next = row + AHEAD;
        if (next < m->count) {
            ahead[next % AHEAD] = first_slot(m, size - 1, next);
            __builtin_prefetch(&slots[ahead[next % AHEAD]]);
        }
        uint32_t *best = &slots[find_post(m, slots, size - 1, slot, row)];
        if (*best && better(m, row, *best - 1) <= 0)
            continue;
        if (*best)
            keep[*best - 1] = 0;
        keep[row] = 1;
        *best = (uint32_t)row + 1;
    }
    free(slots);
    return slots != NULL;
}

static bool is_deleted(const struct study *study, size_t row) {
    const struct mention_table *m = &study->mentions;
    return (m->flags[row] & POST_DELETED) ||
           (study->tally.deleted.count && counts_find(&study->tally.deleted, m->id_hash[row]));
}

/* Marks deleted posts, and what counts as a mention. */
static void mark_rows(struct study *study) {
    struct mention_table *m = &study->mentions;
    for (size_t row = 0; row < m->count; row++) {
        if (is_deleted(study, row))
            m->flags[row] |= POST_DELETED;
        bool dropped = study->config->drop_deleted && (m->flags[row] & POST_DELETED);
        m->counted[row] = m->role[row] == ROLE_MENTION && !dropped;
    }
}

/* ---- sorting ---- */

static bool is_sorted(const struct mention_table *m, const uint32_t *order, size_t count) {
    for (size_t i = 1; i < count; i++)
        if (compare_rows(m, order[i - 1], order[i]) > 0)
            return false;
    return true;
}

static bool is_by_time(const struct mention_table *m, const uint32_t *order, size_t count) {
    for (size_t i = 1; i < count; i++)
        if (m->created_at_us[order[i]] < m->created_at_us[order[i - 1]])
            return false;
    return true;
}

/* Dumps are often by time already; then only posts of the same moment need sorting. */
static void sort_block(struct mention_table *m, uint32_t *order, size_t count) {
    bool by_time = is_by_time(m, order, count);
    for (size_t from = 0, to; from < count; from = to) {
        to = from + 1;
        while (to < count &&
               (!by_time || m->created_at_us[order[to]] == m->created_at_us[order[from]]))
            to++;
        if (!is_sorted(m, order + from, to - from))
            qsort_r(order + from, to - from, sizeof *order, compare_places, m);
    }
}

/* Merges the sorted runs [0, middle) and [middle, count). */
static void merge(const struct mention_table *m, const uint32_t *from, size_t middle, size_t count,
                  uint32_t *to) {
    size_t a = 0, b = middle;
    if (middle >= count || compare_rows(m, from[middle - 1], from[middle]) < 0) {
        memcpy(to, from, count * sizeof *to);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        bool first = b == count || (a < middle && compare_rows(m, from[a], from[b]) < 0);
        to[i] = from[first ? a++ : b++];
    }
}

static void merge_runs(const struct mention_table *m, const uint32_t *from, size_t count,
                       size_t run, uint32_t *to) {
#pragma omp parallel for schedule(dynamic)
    for (size_t at = 0; at < count; at += 2 * run) {
        size_t here = count - at < 2 * run ? count - at : 2 * run;
        merge(m, from + at, here < run ? here : run, here, to + at);
    }
}

/* Blocks are sorted and then merged by all threads; the order is total, so how it is found does not
 * show. */
static bool sort_rows(struct mention_table *m, uint32_t **order, size_t count) {
#pragma omp parallel for schedule(dynamic)
    for (size_t at = 0; at < count; at += BLOCK_ROWS) {
        size_t here = count - at < BLOCK_ROWS ? count - at : BLOCK_ROWS;
        sort_block(m, *order + at, here);
    }
    if (is_sorted(m, *order, count))
        return true;
    uint32_t *other = malloc((count + 1) * sizeof *other);
    for (size_t run = BLOCK_ROWS; other && run < count; run *= 2) {
        merge_runs(m, *order, count, run, other);
        uint32_t *swap = *order;
        *order = other;
        other = swap;
    }
    free(other);
    return other != NULL;
}

static bool is_whole(const uint32_t *order, size_t count, size_t rows) {
    if (count != rows)
        return false;
    for (size_t i = 0; i < count; i++)
        if (order[i] != i)
            return false;
    return true;
}

static bool order_rows(struct study *study) {
    struct mention_table *m = &study->mentions;
    uint8_t *keep = calloc(m->count + 1, 1);
    bool ok = keep && choose(m, keep);
    if (ok)
        mark_rows(study);
    ok = ok && mention_table_link(m) && mention_table_number_authors(m);
    uint32_t *order = malloc((m->count + 1) * sizeof *order);
    size_t count = 0;
    for (size_t row = 0; ok && order && row < m->count; row++)
        if (keep[row])
            order[count++] = (uint32_t)row;
    study->duplicates = m->count - count;
    study->mention_rows = count;
    free(keep);
    ok = ok && order && sort_rows(m, &order, count) &&
         (is_whole(order, count, m->count) || mention_table_select(m, order, count)) &&
         mention_table_link_handles(m);
    free(order);
    return ok;
}

enum status study_order(struct study *study, struct fault *fault) {
    if (study->mentions.count >= UINT32_MAX)
        return fault_set(fault, STATUS_FATAL, EXIT_DATA,
                         "more than 4 billion mentions: split the audit by brand or by time");
    return order_rows(study) ? STATUS_OK : fault_memory(fault);
}
