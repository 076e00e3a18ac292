/* The most telling posts of an event: the first, the most engaged, and the most typical (those that
 * use most of the terms that set it apart), each text once. */
#include "stages/events/events.h"

#include "stages/events/near_duplicates.h"
#include "stages/text/text.h"

#include <stdlib.h>

enum { ENGAGED_MAX = 3, FOLDED_MAX = 1 << 20, CONFIDENT_MILLI = 700 };

struct candidate {
    uint32_t row;
    int32_t copies;
    int64_t engagement;
    int64_t weight; /* sum over the event's terms that the text holds of z in hundredths */
    bool taken;
};

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
        struct candidate *to = &found[kept];
        *to = (struct candidate){.row = rows[i], .copies = 1, .engagement = engagement};
        buf_clear(&folded);
        bool whole =
            text_fold(mention_table_string(m, rows[i], STRING_TEXT), false, &folded) == STATUS_OK;
        for (size_t k = 0; k < terms->count && whole; k++)
            if (memmem(folded.at, folded.len, terms->at[k].text, strlen(terms->at[k].text)))
                to->weight += (int64_t)(terms->at[k].z * 100);
        number[i] = (uint32_t)kept++;
    }
    buf_release(&folded);
    return kept;
}

static bool is_of_criticism(const struct event *event) {
    return event->verdict.kind == KIND_CRISIS || event->verdict.kind == KIND_MOOD_TURN ||
           event->verdict.kind == KIND_SLOW_BURN;
}

/* What a typical post is chosen by: its terms; but first those whose label is sure (or whose
 * probability an earlier scan did not keep) and, where criticism drives the event, agrees with it,
 * and never one that seems to praise: that is irony, or no part of it. */
static int64_t typical_value(const struct mention_table *m, const struct candidate *candidate,
                             bool criticism) {
    unsigned p_milli = m->p_milli[candidate->row];
    int8_t label = m->label[candidate->row];
    bool confident = !p_milli || p_milli >= CONFIDENT_MILLI;
    bool agrees = !criticism || label == LABEL_NEGATIVE;
    if (criticism && label == LABEL_POSITIVE)
        return 0;
    return candidate->weight > 0 ? candidate->weight + ((int64_t)(confident + 2 * agrees) << 48)
                                 : candidate->weight;
}

/* First the earliest that uses one of the event's terms (else the earliest), then those with the
 * most engagement, then the typical ones; ties go to the earlier. */
static size_t choose_evidence(const struct mention_table *m, struct candidate *found, size_t count,
                              bool criticism, struct evidence *out, size_t max) {
    size_t chosen = 0;
    for (int step = 0; count && chosen < max; step++) {
        bool engaged = step && step <= ENGAGED_MAX;
        struct candidate *next = NULL;
        int64_t most = 0;
        for (size_t i = 0; i < count; i++) {
            int64_t value = engaged ? found[i].engagement
                            : step  ? typical_value(m, &found[i], criticism)
                                    : found[i].weight;
            if (!found[i].taken && value > most) {
                next = &found[i];
                most = value;
            }
            if (!step && next)
                break;
        }
        if (!next && !step)
            next = found;
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
    for (size_t i = range.first; i < range.last && status == STATUS_OK; i++) {
        uint32_t row = b->input.rows.at[i];
        if (event_has(b, event, i) && mention_table_string(m, row, STRING_TEXT).len &&
            !(m->flags[row] & (POST_NO_TEXT | POST_DELETED | POST_PRIVATE)))
            own[shown++] = row;
    }
    uint32_t *group = own + shown, *number = group + shown;
    if (status == STATUS_OK)
        status = near_duplicates(m, own, shown, group, fault);
    if (status == STATUS_OK) {
        size_t kept = collect_candidates(m, own, group, shown, terms, found, number);
        *count = choose_evidence(m, found, kept, is_of_criticism(event), out, max);
    }
    free(own);
    free(found);
    return status;
}
