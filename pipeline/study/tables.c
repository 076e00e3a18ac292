/* Fills the tables crises, bursts, terms, evidence, authors and brands. */
#include "pipeline/study/study.h"

#include <stdlib.h>

enum { TERMS_PER_EVENT = 24, EVIDENCE_PER_EVENT = 12, AUTHORS_PER_BRAND = 50 };

static bool add_rows(struct audit *audit, enum table_id id, const void *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        void *row = table_add(audit, id);
        if (!row)
            return false;
        memcpy(row, (const char *)rows + i * table_layouts[id].row_size,
               table_layouts[id].row_size);
    }
    return true;
}

static enum status add_event(struct study *study, size_t brand, const struct event *event,
                             struct fault *fault) {
    struct term_row *terms = calloc(TERMS_PER_EVENT, sizeof *terms);
    struct evidence_row *evidence = calloc(EVIDENCE_PER_EVENT, sizeof *evidence);
    struct episode_row row = {0};
    size_t term_count = 0, evidence_count = 0;
    enum status status = terms && evidence ? STATUS_OK : fault_memory(fault);
    if (status == STATUS_OK)
        status = event_terms(study, brand, event, terms, TERMS_PER_EVENT, &term_count, fault);
    if (status == STATUS_OK)
        status = event_evidence(study, brand, event, terms, term_count, evidence,
                                EVIDENCE_PER_EVENT, &evidence_count, fault);
    if (status == STATUS_OK)
        status = event_row(study, brand, event, &row, fault);
    if (status == STATUS_OK) {
        event_story(study, terms, term_count, &row);
        enum table_id id = event->verdict.kind == KIND_CRISIS ? TABLE_CRISES : TABLE_BURSTS;
        if (!add_rows(&study->audit, id, &row, 1) ||
            !add_rows(&study->audit, TABLE_TERMS, terms, term_count) ||
            !add_rows(&study->audit, TABLE_EVIDENCE, evidence, evidence_count))
            status = fault_memory(fault);
    }
    free(terms);
    free(evidence);
    return status;
}

/* ---- authors ---- */

struct author {
    uint64_t hash;
    uint32_t row; /* the first */
    int64_t mentions, negative, positive, in_crises, reach, engagement, first, last;
    int32_t followers;
};

static int64_t known(int32_t number) {
    return number > 0 ? number : 0;
}

static void count_author(const struct mentions *m, size_t row, bool in_crisis,
                         struct author *author) {
    author->mentions++;
    author->negative += m->label[row] == LABEL_NEGATIVE;
    author->positive += m->label[row] == LABEL_POSITIVE;
    author->in_crises += in_crisis;
    author->reach += known(m->followers[row]);
    author->engagement += known(m->likes[row]) + known(m->replies[row]) + known(m->reposts[row]);
    author->last = floor_div(m->created_at_us[row], US_PER_S);
    if (m->followers[row] > author->followers)
        author->followers = m->followers[row];
}

static bool in_crisis(const struct brand_study *b, int64_t second) {
    for (size_t i = 0; i < b->event_count; i++)
        if (b->events[i].verdict.kind == KIND_CRISIS && second >= b->events[i].onset_s &&
            second < b->events[i].end_s)
            return true;
    return false;
}

static int compare_authors(const void *a, const void *b) {
    const struct author *x = a, *y = b;
    if (x->mentions != y->mentions)
        return x->mentions > y->mentions ? -1 : 1;
    if (x->reach != y->reach)
        return x->reach > y->reach ? -1 : 1;
    return (x->hash > y->hash) - (x->hash < y->hash);
}

static struct author *collect_authors(const struct study *study, const struct brand_study *b,
                                      size_t *count) {
    const struct mentions *m = &study->mentions;
    struct author *authors = malloc((b->row_count + 1) * sizeof *authors);
    struct counts index = {0};
    *count = 0;
    for (size_t i = 0; authors && i < b->row_count; i++) {
        size_t row = b->rows[i];
        int64_t second = floor_div(m->created_at_us[row], US_PER_S);
        uint64_t *number = m->author_hash[row] ? counts_at(&index, m->author_hash[row]) : NULL;
        if (!number)
            continue;
        if (!*number) {
            authors[*count] = (struct author){.hash = m->author_hash[row],
                                              .row = (uint32_t)row,
                                              .first = second,
                                              .followers = -1};
            *number = ++*count;
        }
        count_author(m, row, in_crisis(b, second), &authors[*number - 1]);
    }
    counts_release(&index);
    return authors;
}

static bool add_author(struct study *study, size_t brand, const struct author *author) {
    struct author_row *row = table_add(&study->audit, TABLE_AUTHORS);
    if (!row)
        return false;
    ROW_SET(row, brand, span_of(study->config->brands[brand].id));
    ROW_SET(row, platform, span_of(platform_name(study->mentions.platform[author->row])));
    study_author(study, author->row, row->author, sizeof row->author);
    row->mentions = (int32_t)author->mentions;
    row->negative = (int32_t)author->negative;
    row->positive = (int32_t)author->positive;
    row->in_crises = (int32_t)author->in_crises;
    row->followers = author->followers;
    row->reach = author->reach;
    row->engagement = author->engagement;
    row->first = author->first;
    row->last = author->last;
    return true;
}

/* ---- brands ---- */

static void count_own(const struct study *study, size_t brand, struct brand_row *row) {
    const struct mentions *m = &study->mentions;
    for (size_t i = 0; i < m->count; i++)
        row->own_posts += m->brand[i] == brand && m->role[i] == ROLE_OWN && in_span(study, i);
}

static void count_mentions(const struct study *study, const struct brand_study *b,
                           struct brand_row *row) {
    const struct mentions *m = &study->mentions;
    int64_t scored = 0, score_sum = 0;
    for (size_t i = 0; i < b->row_count; i++) {
        size_t at = b->rows[i];
        row->negative += m->label[at] == LABEL_NEGATIVE;
        row->neutral += m->label[at] == LABEL_NEUTRAL;
        row->positive += m->label[at] == LABEL_POSITIVE;
        row->reach += known(m->followers[at]);
        row->engagement += known(m->likes[at]) + known(m->replies[at]) + known(m->reposts[at]);
        row->authors += !m->author_hash[at];
        scored += m->label[at] != LABEL_NONE;
        score_sum += m->label[at] != LABEL_NONE ? m->score_milli[at] : 0;
    }
    row->mentions = (int32_t)b->row_count;
    row->sentiment = scored ? (double)score_sum / (1000.0 * (double)scored) : 0;
    row->first = row->last = -1;
    if (b->row_count) {
        row->first = floor_div(m->created_at_us[b->rows[0]], US_PER_S);
        row->last = floor_div(m->created_at_us[b->rows[b->row_count - 1]], US_PER_S);
    }
}

static enum status add_brand(struct study *study, size_t brand, size_t known_authors,
                             struct fault *fault) {
    const struct brand_study *b = &study->brands[brand];
    struct brand_row *row = table_add(&study->audit, TABLE_BRANDS);
    if (!row)
        return fault_memory(fault);
    ROW_SET(row, brand, span_of(study->config->brands[brand].id));
    ROW_SET(row, name, span_of(study->config->brands[brand].name));
    ROW_SET(row, query, span_of(study->config->brands[brand].query));
    count_mentions(study, b, row);
    count_own(study, brand, row);
    row->authors += (int32_t)known_authors;
    for (size_t i = 0; i < b->event_count; i++)
        *(b->events[i].verdict.kind == KIND_CRISIS ? &row->crises : &row->bursts) += 1;
    return STATUS_OK;
}

/* The busiest authors, and the brand's own row, which needs their number. */
static enum status add_authors(struct study *study, size_t brand, struct fault *fault) {
    size_t count;
    struct author *authors = collect_authors(study, &study->brands[brand], &count);
    bool ok = authors != NULL;
    if (ok && count)
        qsort(authors, count, sizeof *authors, compare_authors);
    for (size_t i = 0; ok && i < count && i < AUTHORS_PER_BRAND; i++)
        ok = add_author(study, brand, &authors[i]);
    free(authors);
    return ok ? add_brand(study, brand, count, fault) : fault_memory(fault);
}

enum status study_tables(struct study *study, struct fault *fault) {
    enum status status = STATUS_OK;
    for (size_t brand = 0; brand < study->config->brand_count && status == STATUS_OK; brand++) {
        const struct brand_study *b = &study->brands[brand];
        for (size_t i = 0; i < b->event_count && status == STATUS_OK; i++)
            status = add_event(study, brand, &b->events[i], fault);
        if (status == STATUS_OK)
            status = add_authors(study, brand, fault);
    }
    return status;
}
