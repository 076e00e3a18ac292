/* Fills the tables crises, bursts, terms, evidence, authors and brands. */
#include "pipeline/study/study.h"

#include <stdlib.h>

enum { EVIDENCE_PER_EVENT = 12, AUTHORS_PER_BRAND = 50 };

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

struct author {
    uint64_t hash;
    uint32_t number; /* in the mentions */
    uint32_t row;    /* the first */
    int64_t mentions, negative, positive, in_crises, reach, engagement, first, last;
    int32_t followers;
};

/* What decides who the busiest are. */
struct author_sum {
    int64_t reach;
    uint32_t mentions;
};

/* ---- events ---- */

/* What the tables tell of one event. */
struct event_part {
    struct episode_row row;
    struct evidence_row evidence[EVIDENCE_PER_EVENT];
    size_t evidence_count;
};

/* What the tables tell of one brand. */
struct brand_part {
    struct event_part *events;                /* [event_count] */
    struct term_list *terms;                  /* [event_count] */
    struct author authors[AUTHORS_PER_BRAND]; /* [author_count] the busiest first */
    size_t author_count;
    size_t known_authors;
};

static enum status tell_event(const struct study *study, size_t brand, const struct event *event,
                              const struct term_list *terms, struct event_part *part,
                              struct fault *fault) {
    enum status status =
        event_evidence(study, brand, event, terms->rows, terms->count, part->evidence,
                       EVIDENCE_PER_EVENT, &part->evidence_count, fault);
    if (status == STATUS_OK)
        status = event_row(study, brand, event, &part->row, fault);
    if (status == STATUS_OK)
        event_story(study, terms->rows, terms->count, &part->row);
    return status;
}

static enum status tell_events(const struct study *study, size_t brand, struct brand_part *part,
                               struct fault *fault) {
    const struct brand_study *b = &study->brands[brand];
    struct outcome outcome = {0};
    if (!b->event_count)
        return STATUS_OK;
    part->events = calloc(b->event_count, sizeof *part->events);
    part->terms = calloc(b->event_count, sizeof *part->terms);
    if (!part->events || !part->terms)
        return fault_memory(fault);
    enum status status = brand_terms(study, brand, part->terms, fault);
    if (status != STATUS_OK)
        return status;
#pragma omp taskloop grainsize(1) shared(outcome)
    for (size_t i = 0; i < b->event_count; i++) {
        struct fault own = {0};
        enum status told =
            tell_event(study, brand, &b->events[i], &part->terms[i], &part->events[i], &own);
        outcome_note(&outcome, i, told, &own);
    }
    return outcome_take(&outcome, fault);
}

static bool add_event(struct audit *audit, const struct event *event, const struct term_list *terms,
                      const struct event_part *part) {
    enum table_id id = event->verdict.kind == KIND_CRISIS ? TABLE_CRISES : TABLE_BURSTS;
    return add_rows(audit, id, &part->row, 1) &&
           add_rows(audit, TABLE_TERMS, terms->rows, terms->count) &&
           add_rows(audit, TABLE_EVIDENCE, part->evidence, part->evidence_count);
}

/* ---- authors ---- */

static int64_t known(int32_t number) {
    return number > 0 ? number : 0;
}

static void count_author(const struct mention_table *m, size_t row, bool in_crisis,
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

static bool is_busier(const struct author *x, const struct author *y) {
    if (x->mentions != y->mentions)
        return x->mentions > y->mentions;
    if (x->reach != y->reach)
        return x->reach > y->reach;
    return x->hash < y->hash;
}

/* Puts the author among the busiest [*count], if it belongs there. */
static void offer(struct author *busiest, size_t *count, const struct author *author) {
    size_t at = *count;
    if (at == AUTHORS_PER_BRAND && !is_busier(author, &busiest[at - 1]))
        return;
    *count += at < AUTHORS_PER_BRAND;
    for (at = *count - 1; at && is_busier(author, &busiest[at - 1]); at--)
        busiest[at] = busiest[at - 1];
    busiest[at] = *author;
}

/* `sums` [author_count] are all 0, and are so again afterwards. */
static void find_busiest(const struct mention_table *m, const struct brand_study *b,
                         struct author_sum *sums, struct brand_part *part) {
    for (size_t i = 0; i < b->row_count; i++) {
        struct author_sum *sum = &sums[m->author[b->rows[i]]];
        sum->mentions++;
        sum->reach += known(m->followers[b->rows[i]]);
    }
    sums[0] = (struct author_sum){0}; /* the unknown are no author */
    for (size_t i = 0; i < b->row_count; i++) {
        uint32_t number = m->author[b->rows[i]];
        struct author author = {.hash = m->authors[number],
                                .number = number,
                                .mentions = sums[number].mentions,
                                .reach = sums[number].reach};
        if (author.mentions) {
            offer(part->authors, &part->author_count, &author);
            part->known_authors++;
            sums[number] = (struct author_sum){0};
        }
    }
}

/* Everything that the table says of the busiest authors. */
static void tell_busiest(const struct mention_table *m, const struct brand_study *b,
                         struct author_sum *sums, struct brand_part *part) {
    for (size_t i = 0; i < part->author_count; i++) {
        struct author *author = &part->authors[i];
        *author = (struct author){.hash = author->hash, .number = author->number, .followers = -1};
        sums[author->number].mentions = (uint32_t)i + 1;
    }
    for (size_t i = 0; i < b->row_count; i++) {
        uint32_t row = b->rows[i], place = sums[m->author[row]].mentions;
        if (!place)
            continue;
        struct author *author = &part->authors[place - 1];
        int64_t second = floor_div(m->created_at_us[row], US_PER_S);
        if (!author->mentions) {
            author->row = row;
            author->first = second;
        }
        count_author(m, row, in_crisis(b, second), author);
    }
    for (size_t i = 0; i < part->author_count; i++)
        sums[part->authors[i].number].mentions = 0;
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

static void count_mentions(const struct study *study, const struct brand_study *b,
                           struct brand_row *row) {
    const struct mention_table *m = &study->mentions;
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

static enum status tell_all(const struct study *study, struct brand_part *parts,
                            struct fault *fault) {
    struct outcome outcome = {0};
#pragma omp parallel
    {
        struct author_sum *sums = calloc(study->mentions.author_count + 1, sizeof *sums);
#pragma omp for schedule(dynamic)
        for (size_t i = 0; i < study->config->brand_count; i++) {
            struct fault own = {0};
            enum status status = sums ? tell_events(study, i, &parts[i], &own) : fault_memory(&own);
            if (sums) {
                find_busiest(&study->mentions, &study->brands[i], sums, &parts[i]);
                tell_busiest(&study->mentions, &study->brands[i], sums, &parts[i]);
            }
            outcome_note(&outcome, i, status, &own);
        }
        free(sums);
    }
    return outcome_take(&outcome, fault);
}

static enum status add_part(struct study *study, size_t brand, const struct brand_part *part,
                            int32_t own_posts, struct fault *fault) {
    const struct brand_study *b = &study->brands[brand];
    bool ok = true;
    for (size_t i = 0; i < b->event_count && ok; i++)
        ok = add_event(&study->audit, &b->events[i], &part->terms[i], &part->events[i]);
    for (size_t i = 0; i < part->author_count && ok; i++)
        ok = add_author(study, brand, &part->authors[i]);
    return ok ? add_brand(study, brand, part->known_authors, own_posts, fault)
              : fault_memory(fault);
}

static void count_own(const struct study *study, int32_t *own_posts) {
    const struct mention_table *m = &study->mentions;
    for (size_t row = 0; row < m->count; row++)
        if (m->role[row] == ROLE_OWN)
            own_posts[m->brand[row]] += in_span(study, row);
}

static void parts_free(struct brand_part *parts, size_t count) {
    for (size_t i = 0; parts && i < count; i++) {
        free(parts[i].events);
        free(parts[i].terms);
    }
    free(parts);
}

enum status study_tables(struct study *study, struct fault *fault) {
    size_t brands = study->config->brand_count;
    struct brand_part *parts = calloc(brands + 1, sizeof *parts);
    int32_t *own_posts = calloc(brands + 1, sizeof *own_posts);
    enum status status = parts && own_posts ? tell_all(study, parts, fault) : fault_memory(fault);
    if (status == STATUS_OK)
        count_own(study, own_posts);
    for (size_t i = 0; i < brands && status == STATUS_OK; i++)
        status = add_part(study, i, &parts[i], own_posts[i], fault);
    parts_free(parts, brands);
    free(own_posts);
    return status;
}
