/* The tables brands and authors. */
#include "pipeline/study/study.h"

#include <stdlib.h>

enum { AUTHORS_PER_BRAND = 50 };

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

/* The authors of one brand. */
struct brand_authors {
    struct author at[AUTHORS_PER_BRAND]; /* [count] the busiest first */
    size_t count;
    size_t known; /* of all authors, how many are not unknown */
};

static bool in_crisis(const struct brand_events *b, int64_t second) {
    for (size_t i = 0; i < b->count; i++)
        if (b->at[i].verdict.kind == KIND_CRISIS && second >= b->at[i].onset_s &&
            second < b->at[i].end_s)
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

/* `sums` [author_count] are all 0, and are so again afterwards. */
static void find_busiest(const struct mention_table *m, const struct brand_events *b,
                         struct author_sum *sums, struct brand_authors *list) {
    for (size_t i = 0; i < b->input.rows.count; i++) {
        struct author_sum *sum = &sums[m->author[b->input.rows.at[i]]];
        sum->mentions++;
        sum->reach += mention_reach(m, b->input.rows.at[i]);
    }
    sums[0] = (struct author_sum){0}; /* the unknown are no author */
    for (size_t i = 0; i < b->input.rows.count; i++) {
        uint32_t number = m->author[b->input.rows.at[i]];
        struct author author = {.hash = m->authors[number],
                                .number = number,
                                .mentions = sums[number].mentions,
                                .reach = sums[number].reach};
        if (!author.mentions)
            continue;
        list->known++;
        sums[number] = (struct author_sum){0};
        size_t at = list->count;
        if (at == AUTHORS_PER_BRAND && !is_busier(&author, &list->at[at - 1]))
            continue;
        list->count += at < AUTHORS_PER_BRAND;
        for (at = list->count - 1; at && is_busier(&author, &list->at[at - 1]); at--)
            list->at[at] = list->at[at - 1];
        list->at[at] = author;
    }
}

/* Everything that the table says of the busiest authors. */
static void fill_busiest(const struct mention_table *m, const struct brand_events *b,
                         struct author_sum *sums, struct brand_authors *list) {
    for (size_t i = 0; i < list->count; i++) {
        struct author *author = &list->at[i];
        *author = (struct author){.hash = author->hash, .number = author->number, .followers = -1};
        sums[author->number].mentions = (uint32_t)i + 1;
    }
    for (size_t i = 0; i < b->input.rows.count; i++) {
        uint32_t row = b->input.rows.at[i], place = sums[m->author[row]].mentions;
        if (!place)
            continue;
        struct author *author = &list->at[place - 1];
        int64_t second = floor_div(m->created_at_us[row], US_PER_S);
        if (!author->mentions) {
            author->row = row;
            author->first = second;
        }
        author->mentions++;
        author->negative += m->label[row] == LABEL_NEGATIVE;
        author->positive += m->label[row] == LABEL_POSITIVE;
        author->in_crises += in_crisis(b, second);
        author->reach += mention_reach(m, row);
        author->engagement += mention_engagement(m, row);
        author->last = second;
        if (m->followers[row] > author->followers)
            author->followers = m->followers[row];
    }
    for (size_t i = 0; i < list->count; i++)
        sums[list->at[i].number].mentions = 0;
}

static bool add_brand(struct study *study, size_t brand, size_t known_authors, int32_t own_posts) {
    const struct mention_table *m = &study->mentions;
    const struct brand_events *b = &study->brands[brand].events;
    const struct row_list *rows = &b->input.rows;
    struct brand_row *row = table_add(&study->audit, TABLE_BRANDS);
    int64_t scored = 0, score_sum = 0;
    if (!row)
        return false;
    ROW_SET(row, brand, span_of(study->config->brands[brand].id));
    ROW_SET(row, name, span_of(study->config->brands[brand].name));
    ROW_SET(row, query, span_of(study->config->brands[brand].query));
    row->authors = (int32_t)known_authors;
    for (size_t i = 0; i < rows->count; i++) {
        size_t at = rows->at[i];
        row->negative += m->label[at] == LABEL_NEGATIVE;
        row->neutral += m->label[at] == LABEL_NEUTRAL;
        row->positive += m->label[at] == LABEL_POSITIVE;
        row->reach += mention_reach(m, at);
        row->engagement += mention_engagement(m, at);
        row->authors += !m->author[at]; /* an unknown author is another each time */
        scored += m->label[at] != LABEL_NONE;
        score_sum += m->label[at] != LABEL_NONE ? m->score_milli[at] : 0;
    }
    row->mentions = (int32_t)rows->count;
    row->sentiment = scored ? (double)score_sum / (1000.0 * (double)scored) : 0;
    row->first = row->last = -1;
    if (rows->count) {
        row->first = floor_div(m->created_at_us[rows->at[0]], US_PER_S);
        row->last = floor_div(m->created_at_us[rows->at[rows->count - 1]], US_PER_S);
    }
    row->own_posts = own_posts;
    for (size_t i = 0; i < b->count; i++) {
        enum episode_kind kind = b->at[i].verdict.kind;
        row->crises += kind == KIND_CRISIS;
        row->bursts += kind == KIND_BURST || kind == KIND_FLOOD;
    }
    return true;
}

static enum status fill_authors(const struct study *study, struct brand_authors *lists,
                                struct fault *fault) {
    struct outcome outcome = {0};
#pragma omp parallel
    {
        struct author_sum *sums = calloc(study->mentions.author_count + 1, sizeof *sums);
#pragma omp for schedule(dynamic)
        for (size_t i = 0; i < study->config->brand_count; i++) {
            const struct brand_events *b = &study->brands[i].events;
            if (sums) {
                find_busiest(&study->mentions, b, sums, &lists[i]);
                fill_busiest(&study->mentions, b, sums, &lists[i]);
            } else {
                struct fault own;
                outcome_note(&outcome, i, fault_memory(&own), &own);
            }
        }
        free(sums);
    }
    return outcome_take(&outcome, fault);
}

enum status study_brand_tables(struct study *study, struct fault *fault) {
    size_t brands = study->config->brand_count;
    struct brand_authors *lists = calloc(brands + 1, sizeof *lists);
    int32_t *own_posts = calloc(brands + 1, sizeof *own_posts);
    enum status status =
        lists && own_posts ? fill_authors(study, lists, fault) : fault_memory(fault);
    for (size_t row = 0; row < study->mentions.count && status == STATUS_OK; row++)
        if (study->mentions.role[row] == ROLE_OWN)
            own_posts[study->mentions.brand[row]] += study_in_span(study, row);
    for (size_t i = 0; i < brands && status == STATUS_OK; i++) {
        for (size_t k = 0; k < lists[i].count; k++) {
            const struct author *author = &lists[i].at[k];
            if (author->mentions < study_smallest_shown(study))
                break; /* the busiest come first */
            struct author_row *row = table_add(&study->audit, TABLE_AUTHORS);
            if (!row) {
                status = fault_memory(fault);
                break;
            }
            ROW_SET(row, brand, span_of(study->config->brands[i].id));
            ROW_SET(row, platform, span_of(platform_name(study->mentions.platform[author->row])));
            study_author(study, author->row, row->author, sizeof row->author);
            row->mentions = (int32_t)author->mentions;
            row->negative = study_shown_cell(study, author->negative);
            row->positive = study_shown_cell(study, author->positive);
            row->in_crises = study_shown_cell(study, author->in_crises);
            row->followers = (int32_t)study_followers(study, author->followers);
            row->reach = study_followers(study, author->reach);
            row->engagement = author->engagement;
            row->first = author->first;
            row->last = author->last;
        }
        if (status == STATUS_OK && !add_brand(study, i, lists[i].known, own_posts[i]))
            status = fault_memory(fault);
    }
    free(lists);
    free(own_posts);
    return status;
}
