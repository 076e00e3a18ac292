/* The most telling posts of an event: the first, the most engaged, and the most typical (those that
 * use most of the terms that set it apart), each text once. */
#include "stages/events/events.h"

#include "stages/events/near_duplicates.h"
#include "stages/text/text.h"

#include <stdlib.h>

enum { ENGAGED_MAX = 3, FOLDED_MAX = 1 << 20 };

struct candidate {
    uint32_t row;
    int32_t copies;
    int64_t engagement, weight;
    bool taken;
};

/* Sum over the event's terms that the text holds of z in hundredths. */
static int64_t text_weight(struct span text, const struct term_list *terms, struct buf *folded) {
    int64_t weight = 0;
    buf_clear(folded);
    if (text_fold(text, false, folded) != STATUS_OK)
        return 0;
    for (size_t i = 0; i < terms->count; i++)
        if (memmem(folded->at, folded->len, terms->at[i].text, strlen(terms->at[i].text)))
            weight += (int64_t)(terms->at[i].z * 100);
    return weight;
}

static bool may_be_shown(const struct mention_table *m, size_t row) {
    return mention_table_string(m, row, STRING_TEXT).len &&
           !(m->flags[row] & (POST_NO_TEXT | POST_DELETED | POST_PRIVATE));
}

/* One candidate per group of copies, in time order. `number` [count] is used for the work. */
static size_t collect_candidates(const struct mention_table *m, const uint32_t *rows,
                                 const uint32_t *group, size_t count, const struct term_list *terms,
                                 struct candidate *found, uint32_t *number) {
    struct buf folded;
    size_t kept = 0;
    buf_init(&folded, FOLDED_MAX);
    for (size_t i = 0; i < count; i++) {
        int64_t engagement = mention_engagement(m, rows[i]);
        if (group[i] != i) {
            struct candidate *leader = &found[number[group[i]]];
            leader->copies++;
            if (engagement > leader->engagement)
                leader->engagement = engagement;
            continue;
        }
        struct span text = mention_table_string(m, rows[i], STRING_TEXT);
        number[i] = (uint32_t)kept;
        found[kept++] =
            (struct candidate){rows[i], 1, engagement, text_weight(text, terms, &folded), false};
    }
    buf_release(&folded);
    return kept;
}

/* The untaken candidate with the greatest engagement or weight; ties go to the earlier. */
static struct candidate *best(struct candidate *found, size_t count, bool by_engagement) {
    struct candidate *top = NULL;
    for (size_t i = 0; i < count; i++) {
        int64_t value = by_engagement ? found[i].engagement : found[i].weight;
        int64_t limit = top ? (by_engagement ? top->engagement : top->weight) : 0;
        if (!found[i].taken && value > limit)
            top = &found[i];
    }
    return top;
}

/* The earliest that uses one of the event's terms, else the earliest. */
static struct candidate *first_telling(struct candidate *found, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (found[i].weight > 0)
            return &found[i];
    return found;
}

static size_t choose_evidence(struct candidate *found, size_t count, struct evidence *out,
                              size_t max) {
    size_t chosen = 0;
    for (int step = 0; count && chosen < max; step++) {
        bool engaged = step && step <= ENGAGED_MAX;
        struct candidate *next = step ? best(found, count, engaged) : first_telling(found, count);
        if (!next && !engaged)
            break;
        if (!next)
            continue;
        next->taken = true;
        out[chosen++] = (struct evidence){.row = next->row,
                                          .why = !step     ? "first"
                                                 : engaged ? "most engaged"
                                                           : "typical",
                                          .copies = next->copies,
                                          .engagement = next->engagement};
    }
    return chosen;
}

enum status event_evidence(const struct brand_events *b, const struct event *event,
                           const struct term_list *terms, struct evidence *out, size_t max,
                           size_t *count, struct fault *fault) {
    const struct mention_table *m = b->input.mentions;
    struct row_range range = brand_rows(b, event->onset_s, event->end_s);
    size_t posts = range.last - range.first, shown = 0;
    uint32_t *own = malloc((posts + 1) * 3 * sizeof *own);
    struct candidate *found = malloc((posts + 1) * sizeof *found);
    enum status status = own && found ? STATUS_OK : fault_memory(fault);
    *count = 0;
    for (size_t i = range.first; i < range.last && status == STATUS_OK; i++)
        if (may_be_shown(m, b->input.rows.at[i]))
            own[shown++] = b->input.rows.at[i];
    uint32_t *group = own + shown, *number = group + shown;
    if (status == STATUS_OK)
        status = near_duplicates(m, own, shown, group, fault);
    if (status == STATUS_OK) {
        size_t kept = collect_candidates(m, own, group, shown, terms, found, number);
        *count = choose_evidence(found, kept, out, max);
    }
    free(own);
    free(found);
    return status;
}
