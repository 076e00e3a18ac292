/* Canonical order: the same content in any order of inputs gives the same rows. */
#include "pipeline/study/study.h"

#include <stdlib.h>

enum { BLOCK_ROWS = 32768 }; /* sorted at once, by one thread */

static int compare_numbers(int64_t a, int64_t b) {
    return (a > b) - (a < b);
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
    if (!order)
        order = study_better(m, y, x);
    return order ? order : compare_numbers(x, y);
}

static int compare_times(const struct mention_table *m, uint32_t x, uint32_t y) {
    return compare_numbers(m->created_at_us[x], m->created_at_us[y]);
}

/* ---- sorting ---- */

/* A total order, or that of the moments alone. */
typedef int compare_two(const struct mention_table *m, uint32_t x, uint32_t y);

struct sorting {
    const struct mention_table *m;
    compare_two *compare;
};

static int compare_places(const void *a, const void *b, void *context) {
    const struct sorting *by = context;
    return by->compare(by->m, *(const uint32_t *)a, *(const uint32_t *)b);
}

static bool is_sorted(const struct sorting *by, const uint32_t *order, size_t count) {
    for (size_t i = 1; i < count; i++)
        if (by->compare(by->m, order[i - 1], order[i]) > 0)
            return false;
    return true;
}

static void sort_block(const struct sorting *by, uint32_t *order, size_t count) {
    struct sorting all = *by;
    if (!is_sorted(by, order, count))
        qsort_r(order, count, sizeof *order, compare_places, &all);
}

/* Merges the sorted runs [0, middle) and [middle, count). */
static void merge(const struct sorting *by, const uint32_t *from, size_t middle, size_t count,
                  uint32_t *to) {
    size_t a = 0, b = middle;
    if (middle >= count || by->compare(by->m, from[middle - 1], from[middle]) <= 0) {
        memcpy(to, from, count * sizeof *to);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        bool first = b == count || (a < middle && by->compare(by->m, from[a], from[b]) <= 0);
        to[i] = from[first ? a++ : b++];
    }
}

/* Blocks are sorted and then merged by all threads. `other`: [count] for use meanwhile. */
static void sort_by(const struct sorting *by, uint32_t *order, uint32_t *other, size_t count) {
    uint32_t *from = order, *to = other;
#pragma omp parallel for schedule(dynamic)
    for (size_t at = 0; at < count; at += BLOCK_ROWS)
        sort_block(by, order + at, count - at < BLOCK_ROWS ? count - at : BLOCK_ROWS);
    if (is_sorted(by, order, count))
        return;
    for (size_t run = BLOCK_ROWS; run < count; run *= 2) {
#pragma omp parallel for schedule(dynamic)
        for (size_t at = 0; at < count; at += 2 * run) {
            size_t here = count - at < 2 * run ? count - at : 2 * run;
            merge(by, from + at, here < run ? here : run, here, to + at);
        }
        uint32_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != order)
        memcpy(order, from, count * sizeof *order);
}

static bool same_moment(const struct mention_table *m, uint32_t x, uint32_t y) {
    return m->created_at_us[x] == m->created_at_us[y];
}

/* Cuts sorted rows where moments begin, into parts of about a block. Out: parts + 1 places. */
static void cut_moments(const struct mention_table *m, const uint32_t *order, size_t count,
                        size_t parts, size_t *cut) {
    cut[0] = 0;
    for (size_t i = 1; i <= parts; i++) {
        size_t at = i * BLOCK_ROWS < count ? i * BLOCK_ROWS : count;
        at = at > cut[i - 1] ? at : cut[i - 1];
        while (at && at < count && same_moment(m, order[at - 1], order[at]))
            at++;
        cut[i] = at;
    }
}

/* The posts of each moment of a part, by all else; of more than a block of one moment only if `all`
 * threads do. */
static void sort_moments(const struct sorting *by, uint32_t *order, uint32_t *other, size_t count,
                         bool all) {
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && same_moment(by->m, order[from], order[to]);)
            to++;
        if (all && to - from > BLOCK_ROWS)
            sort_by(by, order + from, other, to - from);
        else if (!all && to - from > 1 && to - from <= BLOCK_ROWS)
            sort_block(by, order + from, to - from);
    }
}

/* By the moment first, since all else lies far away. The order is total, so how it is found does
 * not show. */
static bool sort_rows(struct mention_table *m, uint32_t *order, size_t count) {
    const struct sorting time = {m, compare_times}, all = {m, compare_rows};
    size_t parts = (count + BLOCK_ROWS - 1) / BLOCK_ROWS;
    uint32_t *other = malloc((count + 1) * sizeof *other);
    size_t *cut = malloc((parts + 1) * sizeof *cut);
    if (other && cut) {
        sort_by(&time, order, other, count);
        cut_moments(m, order, count, parts, cut);
#pragma omp parallel for schedule(dynamic)
        for (size_t i = 0; i < parts; i++)
            sort_moments(&all, order + cut[i], NULL, cut[i + 1] - cut[i], false);
        for (size_t i = 0; i < parts; i++)
            if (cut[i + 1] - cut[i] > BLOCK_ROWS)
                sort_moments(&all, order + cut[i], other, cut[i + 1] - cut[i], true);
    }
    free(other);
    free(cut);
    return other && cut;
}

/* A post that was deleted or withheld: by a notice, by a later copy of it, by its author's end. */
static bool is_deleted(const struct mention_table *m, const struct counts *deleted, size_t row) {
    return (m->flags[row] & POST_DELETED) || counts_find(deleted, m->copy_hash[row]) ||
           counts_find(deleted, m->id_hash[row]) ||
           (m->author_hash[row] && counts_find(deleted, tally_deleted_author(m->author_hash[row])));
}

/* Reposts repeat the words of the post: with it these are gone too; where the dump does not say
 * what is repeated, by the words. */
static bool mark_deleted(struct mention_table *m, const struct counts *deleted) {
    struct counts words = {0};
    bool ok = true;
    for (size_t row = 0; ok && row < m->count; row++) {
        if (!is_deleted(m, deleted, row))
            continue;
        m->flags[row] |= POST_DELETED;
        if (m->text_hash[row])
            ok = counts_at(&words, m->text_hash[row]) != NULL;
    }
    for (size_t row = 0; ok && row < m->count; row++)
        if (m->kind[row] == POST_REPOST &&
            (m->repost_of_hash[row] ? counts_find(deleted, m->repost_of_hash[row]) != NULL
                                    : m->text_hash[row] && counts_find(&words, m->text_hash[row])))
            m->flags[row] |= POST_DELETED;
    counts_release(&words);
    return ok;
}

enum status study_order(struct study *study, struct fault *fault) {
    struct mention_table *m = &study->mentions;
    const struct counts *deleted = &study->tally.deleted;
    if (m->count >= UINT32_MAX)
        return fault_set(fault, STATUS_FATAL, EXIT_DATA,
                         "more than 4 billion mentions: split the audit by brand or by time");
    uint8_t *keep = calloc(m->count + 1, 1);
    size_t count = 0;
    bool ok = keep && study_choose(study, keep) && mark_deleted(m, deleted);
    uint32_t *order = ok ? malloc((m->count + 1) * sizeof *order) : NULL;
    ok = order != NULL;
    for (size_t row = 0; ok && row < m->count; row++) {
        bool dropped = study->config->drop_deleted && (m->flags[row] & POST_DELETED);
        dropped |= (m->flags[row] & POST_PRIVATE) != 0;
        m->counted[row] = m->role[row] == ROLE_MENTION && !dropped;
        if (keep[row])
            order[count++] = (uint32_t)row;
    }
    study->duplicates = m->count - count;
    study->mention_rows = count;
    free(keep);
    ok = ok && mention_table_link(m) && mention_table_number_authors(m) &&
         sort_rows(m, order, count);
    bool same = count == m->count; /* already in order, and one of each */
    for (size_t i = 0; ok && same && i < count; i++)
        same = order[i] == i;
    ok = ok && (same || mention_table_select(m, order, count)) && mention_table_link_handles(m) &&
         mention_table_address(m);
    free(order);
    return ok ? STATUS_OK : fault_memory(fault);
}
