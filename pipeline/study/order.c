/* Canonical order, and one of each post: the same content in any order of inputs gives the same
 * rows. */
#include "pipeline/study/study.h"

#include <stdlib.h>

static int compare_numbers(int64_t a, int64_t b) {
    return (a > b) - (a < b);
}

static int64_t engagement(const struct mentions *m, size_t row) {
    return (int64_t)m->likes[row] + m->replies[row] + m->reposts[row] + m->views[row];
}

/* Which of two rows of the same post and brand is kept: the one seen itself rather than inside
 * another post, then the later state (more engagement), then the greater text: a total order. */
static int better(const struct mentions *m, size_t a, size_t b) {
    int order = compare_numbers(m->flags[b] & POST_EMBEDDED, m->flags[a] & POST_EMBEDDED);
    if (!order)
        order = compare_numbers(engagement(m, a), engagement(m, b));
    if (!order)
        order = compare_numbers(m->created_at_us[b], m->created_at_us[a]);
    if (!order)
        order = span_compare(mentions_text(&m->text, a), mentions_text(&m->text, b));
    if (!order)
        order = span_compare(m->channels.names[m->channel[a]], m->channels.names[m->channel[b]]);
    return order;
}

static int compare_rows(const void *a, const void *b, void *context) {
    const struct mentions *m = context;
    size_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    int order = compare_numbers(m->created_at_us[x], m->created_at_us[y]);
    if (!order)
        order = compare_numbers(m->platform[x], m->platform[y]);
    if (!order)
        order = span_compare(mentions_text(&m->id, x), mentions_text(&m->id, y));
    if (!order)
        order = compare_numbers(m->brand[x], m->brand[y]);
    return order;
}

/* keep[row] = 1 for the best of each (post, brand). */
static bool choose(const struct mentions *m, uint8_t *keep) {
    struct counts best = {0};
    bool ok = true;
    for (size_t row = 0; row < m->count && ok; row++) {
        uint64_t key = m->id_hash[row] * 0x9E3779B97F4A7C15ULL + m->brand[row];
        uint64_t *at = counts_at(&best, key);
        if (!at) {
            ok = false;
        } else if (!*at) {
            *at = row + 1;
            keep[row] = 1;
        } else if (better(m, row, *at - 1) > 0) {
            keep[*at - 1] = 0;
            keep[row] = 1;
            *at = row + 1;
        }
    }
    counts_release(&best);
    return ok;
}

static bool is_deleted(const struct study *study, size_t row) {
    const struct mentions *m = &study->mentions;
    return (m->flags[row] & POST_DELETED) || counts_find(&study->tally.deleted, m->id_hash[row]);
}

/* Marks deleted posts, and what counts as a mention. */
static void mark_rows(struct study *study) {
    struct mentions *m = &study->mentions;
    for (size_t row = 0; row < m->count; row++) {
        if (is_deleted(study, row))
            m->flags[row] |= POST_DELETED;
        bool dropped = study->config->drop_deleted && (m->flags[row] & POST_DELETED);
        study->counted[row] = m->role[row] == ROLE_MENTION && !dropped;
    }
}

enum status study_order(struct study *study, struct fault *fault) {
    struct mentions *m = &study->mentions;
    if (m->count >= UINT32_MAX)
        return fault_set(fault, STATUS_FATAL, EXIT_DATA,
                         "more than 4 billion mentions: split the audit by brand or by time");
    uint8_t *keep = calloc(m->count + 1, 1);
    uint32_t *order = malloc((m->count + 1) * sizeof *order);
    size_t count = 0;
    bool ok = keep && order && choose(m, keep);
    for (size_t row = 0; ok && row < m->count; row++)
        if (keep[row])
            order[count++] = (uint32_t)row;
    if (ok) {
        study->duplicates = m->count - count;
        qsort_r(order, count, sizeof *order, compare_rows, m);
        study->mention_rows = count;
        ok = mentions_select(m, order, count);
    }
    free(keep);
    free(order);
    study->counted = calloc(m->count + 1, 1);
    study->in_event = calloc(m->count + 1, 1);
    if (!ok || !study->counted || !study->in_event)
        return fault_memory(fault);
    mark_rows(study);
    return STATUS_OK;
}
