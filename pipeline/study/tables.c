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

static void count_author(const struct ledger *m, size_t row, bool in_crisis,
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

/* `number` [author_count] is all 0, and is so again afterwards. */
static struct author *collect_authors(const struct study *study, const struct brand_study *b,
                                      uint32_t *number, size_t *count) {
    const struct ledger *m = &study->ledger;
    struct author *authors = malloc((b->row_count + 1) * sizeof *authors);
    *count = 0;
    for (size_t i = 0; authors && i < b->row_count; i++) {
        size_t row = b->rows[i];
        int64_t second = floor_div(m->created_at_us[row], US_PER_S);
        uint32_t author = m->author[row];
        if (!author)
            continue;
        if (!number[author]) {
            authors[*count] = (struct author){
                .hash = m->authors[author], .row = (uint32_t)row, .first = second, .followers = -1};
            number[author] = (uint32_t)++ * count;
        }
        count_author(m, row, in_crisis(b, second), &authors[number[author] - 1]);
    }
    for (size_t i = 0; authors && i < *count; i++)
        number[m->author[authors[i].row]] = 0;
    return authors;
}

static bool add_author(struct study *study, size_t brand, const struct author *author) {
    struct author_row *row = table_add(&study->audit, TABLE_AUTHORS);
    if (!row)
        return false;
    ROW_SET(row, brand, span_of(study->config->brands[brand].id));
    ROW_SET(row, platform, span_of(platform_name(study->ledger.platform[author->row])));
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

static void count_mentions(const struct study *study, const struct brand_study *b,
                           struct brand_row *row) {
    const struct ledger *m = &study->ledger;
    int64_t scored = 0, score_sum = 0;
    for (size_t i = 0; i < b->row_count; i++) {
        size_t at = b->rows[i];
        row->negative += m->label[at] == LABEL_NEGATIVE;
        row->neutral += m->label[at] == LABEL_NEUTRAL;
        row->positive += m->label[at] == LABEL_POSITIVE;
        row->reach += known(m->followers[at]);
        row->engagement += known(m->likes[at]) + known(m->replies[at]) + known(m->reposts[at]);
        row->authors += !m->author[at];
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
                             int32_t own_posts, struct fault *fault) {
    const struct brand_study *b = &study->brands[brand];
    struct brand_row *row = table_add(&study->audit, TABLE_BRANDS);
    if (!row)
        return fault_memory(fault);
    ROW_SET(row, brand, span_of(study->config->brands[brand].id));
    ROW_SET(row, name, span_of(study->config->brands[brand].name));
    ROW_SET(row, query, span_of(study->config->brands[brand].query));
    count_mentions(study, b, row);
    row->own_posts = own_posts;
    row->authors += (int32_t)known_authors;
    for (size_t i = 0; i < b->event_count; i++)
        *(b->events[i].verdict.kind == KIND_CRISIS ? &row->crises : &row->bursts) += 1;
    return STATUS_OK;
}

/* What the tables of all brands are made with. */
struct scratch {
    uint32_t *number;   /* [author_count] 0 */
    int32_t *own_posts; /* [brands] posts by the brand itself */
};

/* The busiest authors, and the brand's own row, which needs their number. */
static enum status add_authors(struct study *study, size_t brand, const struct scratch *scratch,
                               struct fault *fault) {
    size_t count;
    struct author *authors = collect_authors(study, &study->brands[brand], scratch->number, &count);
    bool ok = authors != NULL;
    if (ok && count)
        qsort(authors, count, sizeof *authors, compare_authors);
    for (size_t i = 0; ok && i < count && i < AUTHORS_PER_BRAND; i++)
        ok = add_author(study, brand, &authors[i]);
    free(authors);
    return ok ? add_brand(study, brand, count, scratch->own_posts[brand], fault)
              : fault_memory(fault);
}

static void count_own(const struct study *study, int32_t *own_posts) {
    const struct ledger *m = &study->ledger;
    for (size_t row = 0; row < m->count; row++)
        if (m->role[row] == ROLE_OWN)
            own_posts[m->brand[row]] += in_span(study, row);
}

static enum status add_all(struct study *study, const struct scratch *scratch,
                           struct fault *fault) {
    enum status status = STATUS_OK;
    for (size_t brand = 0; brand < study->config->brand_count && status == STATUS_OK; brand++) {
        const struct brand_study *b = &study->brands[brand];
        for (size_t i = 0; i < b->event_count && status == STATUS_OK; i++)
            status = add_event(study, brand, &b->events[i], fault);
        if (status == STATUS_OK)
            status = add_authors(study, brand, scratch, fault);
    }
    return status;
}

enum status study_tables(struct study *study, struct fault *fault) {
    struct scratch scratch = {
        .number = calloc(study->ledger.author_count + 1, sizeof *scratch.number),
        .own_posts = calloc(study->config->brand_count + 1, sizeof *scratch.own_posts)};
    enum status status = scratch.number && scratch.own_posts ? STATUS_OK : fault_memory(fault);
    if (status == STATUS_OK) {
        count_own(study, scratch.own_posts);
        status = add_all(study, &scratch, fault);
    }
    free(scratch.number);
    free(scratch.own_posts);
    return status;
}
