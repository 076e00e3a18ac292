/* The most telling posts of an event: the first, the most engaged, and the most typical (those that
 * use most of the terms that set it apart), each text once. */
#include "pipeline/study/study.h"

#include <stdio.h>
#include <stdlib.h>

enum { ENGAGED_MAX = 3, SHOWN_TEXT_MAX = 1 << 20 };

struct candidate {
    uint32_t row;
    int32_t copies;
    int64_t engagement, weight;
    bool taken;
};

static int64_t known(int32_t number) {
    return number > 0 ? number : 0;
}

/* Sum over the event's terms that the text holds of z in hundredths. */
static int64_t text_weight(struct span text, const struct term_row *terms, size_t term_count,
                           struct buf *folded) {
    int64_t weight = 0;
    buf_clear(folded);
    if (text_fold(text, false, folded) != STATUS_OK)
        return 0;
    for (size_t i = 0; i < term_count; i++)
        if (memmem(folded->at, folded->len, terms[i].term, strlen(terms[i].term)))
            weight += (int64_t)(terms[i].z * 100);
    return weight;
}

static bool may_be_shown(const struct mention_table *m, size_t row) {
    return mention_table_string(m, row, STRING_TEXT).len &&
           !(m->flags[row] & (POST_NO_TEXT | POST_DELETED | POST_PRIVATE));
}

static int64_t engagement(const struct mention_table *m, size_t row) {
    return known(m->likes[row]) + known(m->replies[row]) + known(m->reposts[row]);
}

/* One candidate per group of copies, in time order. */
static size_t collect(const struct study *study, const uint32_t *rows, const uint32_t *group,
                      size_t count, const struct term_row *terms, size_t term_count,
                      struct candidate *found, uint32_t *number) {
    const struct mention_table *m = &study->mentions;
    struct buf folded;
    size_t kept = 0;
    buf_init(&folded, SHOWN_TEXT_MAX);
    for (size_t i = 0; i < count; i++) {
        if (group[i] != i) {
            struct candidate *leader = &found[number[group[i]]];
            leader->copies++;
            if (engagement(m, rows[i]) > leader->engagement)
                leader->engagement = engagement(m, rows[i]);
            continue;
        }
        struct span text = mention_table_string(m, rows[i], STRING_TEXT);
        number[i] = (uint32_t)kept;
        found[kept++] = (struct candidate){rows[i], 1, engagement(m, rows[i]),
                                           text_weight(text, terms, term_count, &folded), false};
    }
    buf_release(&folded);
    return kept;
}

static void fill(const struct study *study, size_t brand, const struct event *event,
                 const struct candidate *candidate, const char *why, int32_t rank,
                 struct evidence_row *row) {
    const struct mention_table *m = &study->mentions;
    size_t at = candidate->row;
    struct buf text;
    memset(row, 0, sizeof *row);
    ROW_SET(row, brand, span_of(study->config->brands[brand].id));
    ROW_SET(row, why, span_of(why));
    ROW_SET(row, platform, span_of(platform_name(m->platform[at])));
    ROW_SET(row, channel, m->channels.names[m->channel[at]]);
    ROW_SET(row, language, span_of(language_name(m->language[at])));
    ROW_SET(row, label, span_of(label_name(m->label[at])));
    ROW_SET(row, id, mention_table_string(m, at, STRING_ID));
    if (study->config->plain_authors)
        ROW_SET(row, url, mention_table_string(m, at, STRING_URL));
    study_author(study, at, row->author, sizeof row->author);
    if (study->config->keep_text) {
        buf_init(&text, SHOWN_TEXT_MAX);
        study_shown_text(study, at, &text);
        ROW_SET(row, text, buf_as_span(&text));
        buf_release(&text);
    }
    row->episode = event->onset_s;
    row->rank = rank;
    row->created_at = floor_div(m->created_at_us[at], US_PER_S);
    row->sentiment = (double)m->score_milli[at] / 1000;
    row->copies = candidate->copies;
    row->engagement =
        (int32_t)(candidate->engagement > INT32_MAX ? INT32_MAX : candidate->engagement);
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

static size_t choose(const struct study *study, size_t brand, const struct event *event,
                     struct candidate *found, size_t count, struct evidence_row *rows, size_t max) {
    size_t shown = 0;
    if (count && max) {
        struct candidate *first = first_telling(found, count);
        first->taken = true;
        fill(study, brand, event, first, "first", 1, &rows[shown++]);
    }
    for (int step = 0; shown < max; step++) {
        bool engaged = step < ENGAGED_MAX;
        struct candidate *next = best(found, count, engaged);
        if (!next && !engaged)
            break;
        if (!next)
            continue;
        next->taken = true;
        fill(study, brand, event, next, engaged ? "most engaged" : "typical", (int32_t)shown + 1,
             &rows[shown]);
        shown++;
    }
    return shown;
}

enum status event_evidence(const struct study *study, size_t brand, const struct event *event,
                           const struct term_row *terms, size_t term_count,
                           struct evidence_row *rows, size_t max, size_t *count,
                           struct fault *fault) {
    const struct brand_study *b = &study->brands[brand];
    size_t first, last, shown = 0;
    brand_rows(study, b, event->onset_s, event->end_s, &first, &last);
    size_t posts = last - first;
    uint32_t *own = malloc((posts + 1) * 3 * sizeof *own);
    struct candidate *found = malloc((posts + 1) * sizeof *found);
    enum status status = own && found ? STATUS_OK : fault_memory(fault);
    *count = 0;
    for (size_t i = first; i < last && status == STATUS_OK; i++)
        if (may_be_shown(&study->mentions, b->rows[i]))
            own[shown++] = b->rows[i];
    uint32_t *group = own + shown;
    if (status == STATUS_OK)
        status = study_copies(study, own, shown, group, fault);
    if (status == STATUS_OK) {
        size_t kept = collect(study, own, group, shown, terms, term_count, found, group + shown);
        *count = choose(study, brand, event, found, kept, rows, max);
    }
    free(own);
    free(found);
    return status;
}
