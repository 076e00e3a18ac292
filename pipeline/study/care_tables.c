/* Care and journeys: what the stages find of each brand, into their tables. */
#include "pipeline/study/study.h"
#include "stages/journey/journey.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* What all brands share. */
struct care_work {
    struct study *study;
    uint32_t *rows;    /* all in the time span, by brand */
    size_t *first;     /* [brands + 1] */
    uint8_t *official; /* [authors] */
    uint32_t *person;  /* [authors], or NULL */
    struct platform_span spans[PLATFORM_COUNT];
    struct open_times open;
    struct comparison_part *parts; /* [brands][quarters + 1]; the last: all */
    bool *full;                    /* [brands] */
    int64_t first_quarter;
    size_t quarters;
    struct people *people;
};

/* ---- what the dump shows ---- */

static bool find_gaps(const struct study *study, size_t platform, struct platform_span *span) {
    const struct coverage *coverage = &study->coverage;
    const int32_t *posts = coverage->posts[platform];
    const uint8_t *covered = coverage->covered[platform];
    uint64_t begin = (uint64_t)(coverage->start_s / TALLY_BUCKET_S);
    size_t last = SIZE_MAX, gaps = 0;
    *span = (struct platform_span){.first_s = 0, .last_s = -1};
    for (size_t i = 0; posts && i + 1 < coverage->count; i++)
        gaps += covered[i] && !covered[i + 1];
    span->gaps = malloc((gaps + 1) * sizeof *span->gaps);
    for (size_t i = 0; span->gaps && posts && i < coverage->count; i++) {
        if (!posts[i] || !covered[i])
            continue;
        uint64_t key = (begin + i) << 8 | platform;
        struct tally_edge edge = tally_edge(&study->tally, key);
        if (last == SIZE_MAX)
            span->first_s = edge.first_s;
        else if (!covered[i - 1])
            span->gaps[span->gap_count++] = (struct time_gap){span->last_s, edge.first_s};
        span->last_s = edge.last_s;
        last = i;
    }
    int64_t until_s = study->stated.exported_s[platform]; /* exports are whole until then */
    if (last != SIZE_MAX && until_s != TIME_NONE && until_s > span->last_s)
        span->last_s = until_s;
    return span->gaps != NULL;
}

/* Answers may be to posts from before the dump. */
static bool build_open(struct care_work *work) {
    const struct study *study = work->study;
    const struct mention_table *m = &study->mentions;
    int64_t from_s = study->from_s, to_s = study->to_s + SECONDS_PER_DAY;
    for (size_t i = 0; i < m->link_count; i++) {
        int64_t us = m->links[i].reply_to_time_us;
        if (m->role[m->links[i].row] == ROLE_OWN && us != TIME_NONE && us >= 0 &&
            floor_div(us, US_PER_S) < from_s)
            from_s = floor_div(us, US_PER_S);
    }
    return open_times_build(&work->open, &study->config->care.open, &study->config->zone, from_s,
                            to_s);
}

/* ---- rows and authors ---- */

static bool sort_rows(struct care_work *work) {
    const struct study *study = work->study;
    const struct mention_table *m = &study->mentions;
    size_t brands = study->config->brand_count;
    work->first = calloc(brands + 2, sizeof *work->first);
    work->rows = malloc((m->count + 1) * sizeof *work->rows);
    work->official = calloc(m->author_count + 1, 1);
    size_t *next = calloc(brands + 2, sizeof *next);
    bool ok = work->first && work->rows && work->official && next;
    for (size_t row = 0; ok && row < m->count; row++) {
        if (m->role[row] == ROLE_OWN && m->author[row])
            work->official[m->author[row]] = 1;
        work->first[m->brand[row] + 1] += study_in_span(study, row);
    }
    for (size_t i = 0; ok && i < brands; i++) {
        work->first[i + 1] += work->first[i];
        next[i + 1] = work->first[i + 1];
    }
    for (size_t row = 0; ok && row < m->count; row++)
        if (study_in_span(study, row))
            work->rows[next[m->brand[row]]++] = (uint32_t)row;
    free(next);
    return ok;
}

/* Authors that the identity file joins get the number of the first of them. */
static bool join_persons(struct care_work *work) {
    const struct config *config = work->study->config;
    const struct mention_table *m = &work->study->mentions;
    struct counts accounts = {0}, first = {0}; /* key -> person + 1; person -> author */
    struct symbols persons = {0};
    bool ok = true;
    if (!config->identity_count)
        return true;
    work->person = malloc((m->author_count + 1) * sizeof *work->person);
    ok = work->person != NULL;
    for (size_t i = 0; ok && i < config->identity_count; i++) {
        const struct identity *identity = &config->identity[i];
        uint32_t person = symbols_intern(&persons, span_of(identity->person));
        uint64_t keys[2] = {platform_key(identity->platform, span_of(identity->account)),
                            handle_key(identity->platform, span_of(identity->account))};
        for (int k = 0; k < 2 && ok; k++) {
            uint64_t *value = counts_at(&accounts, keys[k]);
            ok = value && person != SYMBOL_NONE;
            if (ok)
                *value = (uint64_t)person + 1;
        }
    }
    for (size_t i = 0; ok && i < m->author_count; i++)
        work->person[i] = UINT32_MAX;
    for (size_t row = 0; ok && row < m->count; row++) {
        uint32_t author = m->author[row];
        if (work->person[author] != UINT32_MAX)
            continue;
        const uint64_t *person = counts_find(&accounts, m->authors[author]);
        if (!person)
            person =
                counts_find(&accounts, handle_key((enum platform)m->platform[row],
                                                  mention_table_string(m, row, STRING_AUTHOR)));
        work->person[author] = author;
        uint64_t *of = person && author ? counts_at(&first, *person) : NULL;
        ok = of || !person || !author;
        if (of) {
            *of = *of ? *of : author;
            work->person[author] = (uint32_t)*of;
        }
    }
    counts_release(&accounts);
    counts_release(&first);
    symbols_release(&persons);
    return ok;
}

/* ---- comparison ---- */

static bool count_mentions(struct care_work *work) {
    const struct study *study = work->study;
    const struct mention_table *m = &study->mentions;
    const struct zone *zone = &study->config->zone;
    size_t brands = study->config->brand_count;
    work->first_quarter = local_quarter(zone, study->from_s);
    work->quarters = study->to_s < study->from_s
                         ? 0
                         : (size_t)(local_quarter(zone, study->to_s) - work->first_quarter + 1);
    work->parts = calloc(brands * (work->quarters + 1) + 1, sizeof *work->parts);
    work->full = calloc(brands + 1, sizeof *work->full);
    if (!work->parts || !work->full)
        return false;
    for (size_t i = 0; i < brands; i++) {
        const struct row_list *list = &study->lists[i];
        struct comparison_part *parts = &work->parts[i * (work->quarters + 1)];
        for (size_t k = 0; k < list->count; k++) {
            size_t row = list->at[k];
            int64_t second = floor_div(m->created_at_us[row], US_PER_S);
            struct comparison_part *at[2] = {
                &parts[local_quarter(zone, second) - work->first_quarter], &parts[work->quarters]};
            for (int j = 0; j < 2; j++) {
                at[j]->mentions++;
                at[j]->positive += m->label[row] == LABEL_POSITIVE;
                at[j]->neutral += m->label[row] == LABEL_NEUTRAL;
                at[j]->negative += m->label[row] == LABEL_NEGATIVE;
            }
        }
    }
    return true;
}

static bool add_comparison(struct care_work *work, size_t brand, size_t quarter) {
    struct study *study = work->study;
    size_t brands = study->config->brand_count;
    int64_t all = 0;
    for (size_t i = 0; i < brands; i++)
        all += work->parts[i * (work->quarters + 1) + quarter].mentions;
    bool whole = quarter == work->quarters;
    if (!all && !whole)
        return true;
    struct comparison_row *row = table_add(&study->audit, TABLE_COMPARISON);
    char period[16] = "all";
    int64_t number = work->first_quarter + (int64_t)quarter;
    if (!row)
        return false;
    if (!whole)
        snprintf(period, sizeof period, "%04d-Q%d", (int)(number / 4), (int)(number % 4) + 1);
    ROW_SET(row, brand, span_of(study->config->brands[brand].id));
    ROW_SET(row, period, span_of(period));
    comparison_fill(&study->config->care, &work->parts[brand * (work->quarters + 1) + quarter], all,
                    brands, !whole, work->full[brand], row);
    if (!work->full[brand])
        care_note(row->note, sizeof row->note,
                  study->config->brands[brand].account_count ? "no_brand_posts" : "no_accounts");
    return true;
}

/* ---- people ---- */

static bool add_people(struct study *study, size_t brand, const struct people *people) {
    char name[32];
    for (int kind = 0; kind < PERSON_KINDS; kind++)
        for (size_t i = 0; i < people->count[kind]; i++) {
            const struct person_view *view = &people->at[kind][i];
            struct person_row *row = table_add(&study->audit, TABLE_PEOPLE);
            size_t len = 0;
            if (!row)
                return false;
            ROW_SET(row, brand, span_of(study->config->brands[brand].id));
            ROW_SET(row, kind, span_of(person_kind_name((enum person_kind)kind)));
            study_author(study, view->row, row->author, sizeof row->author);
            for (size_t c = 0; c < CARE_CHANNELS; c++) {
                if (!(view->channels >> c & 1))
                    continue;
                care_channel_name(c, name);
                len += (size_t)snprintf(row->channels + len, sizeof row->channels - len, "%s%s",
                                        len ? ", " : "", name);
                if (len >= sizeof row->channels)
                    len = sizeof row->channels - 1;
            }
            row->rank = (int32_t)i + 1;
            row->posts = (int32_t)view->posts;
            row->kind_posts = (int32_t)view->kind_posts;
            row->positive = (int32_t)view->positive;
            row->negative = (int32_t)view->negative;
            row->reach = view->reach;
            row->engagement = view->engagement;
            row->first = view->first_s;
            row->last = view->last_s;
        }
    return true;
}

/* ---- posts ---- */

static bool begin_marks(struct study *study) {
    struct post_care *marks = &study->post_care;
    size_t count = study->mentions.count + 1;
    if (!study->config->keep_text)
        return true;
    *marks = (struct post_care){calloc(count, 1), calloc(count, 1), calloc(count, 1),
                                malloc(count * sizeof *marks->answer),
                                malloc(count * sizeof *marks->after_s)};
    if (!marks->class || !marks->chance || !marks->state || !marks->answer || !marks->after_s)
        return false;
    memset(marks->answer, 0xFF, count * sizeof *marks->answer);
    memset(marks->after_s, 0xFF, count * sizeof *marks->after_s);
    return true;
}

/* ---- a brand ---- */

static struct care_crisis *list_crises(const struct study *study, size_t brand, size_t *count) {
    const struct brand_events *events = &study->brands[brand].events;
    struct care_crisis *crises = malloc((events->count + 1) * sizeof *crises);
    *count = 0;
    for (size_t i = 0; crises && i < events->count; i++)
        if (events->at[i].verdict.kind == KIND_CRISIS)
            crises[(*count)++] = (struct care_crisis){events->at[i].onset_s, events->at[i].end_s};
    return crises;
}

static enum status add_tables(struct care_work *work, const struct care *care, size_t brand,
                              struct fault *fault) {
    struct study *study = work->study;
    struct journey_input input = {.care = care, .person = work->person};
    struct journey journey;
    enum status status = journey_find(&input, &journey, fault);
    if (status == STATUS_OK)
        status = journey_tables(&journey, &study->audit, fault);
    if (status == STATUS_OK)
        status = journey_people(&journey, work->people, fault);
    if (status == STATUS_OK && !add_people(study, brand, work->people))
        status = fault_memory(fault);
    journey_release(&journey);
    comparison_add_turns(care, work->first_quarter, work->quarters,
                         &work->parts[brand * (work->quarters + 1)]);
    work->full[brand] = care->basis == BASIS_FULL;
    return status;
}

static enum status add_brand(struct care_work *work, size_t brand, struct fault *fault) {
    const struct study *study = work->study;
    const struct brand *of = &study->config->brands[brand];
    struct care_account *accounts = malloc((of->account_count + 1) * sizeof *accounts);
    size_t crisis_count;
    struct care_crisis *crises = list_crises(study, brand, &crisis_count);
    struct care care = {0};
    enum status status = accounts && crises ? STATUS_OK : fault_memory(fault);
    for (size_t i = 0; accounts && i < of->account_count; i++)
        accounts[i] = (struct care_account){of->accounts[i].platform, of->accounts[i].id,
                                            of->accounts[i].handle};
    const struct care_input input = {.mentions = &study->mentions,
                                     .rows = work->rows + work->first[brand],
                                     .count = work->first[brand + 1] - work->first[brand],
                                     .accounts = accounts,
                                     .account_count = of->account_count,
                                     .official = work->official,
                                     .settings = &study->config->care,
                                     .spans = work->spans,
                                     .open = &work->open,
                                     .zone = &study->config->zone,
                                     .crises = crises,
                                     .crisis_count = crisis_count,
                                     .brand = span_of(of->id)};
    if (status == STATUS_OK)
        status = care_find(&input, &care, fault);
    if (status == STATUS_OK && study->config->keep_text)
        care_mark_posts(&care, &work->study->post_care);
    if (status == STATUS_OK)
        status = add_tables(work, &care, brand, fault);
    care_release(&care);
    free(accounts);
    free(crises);
    return status;
}

enum status study_care_tables(struct study *study, struct fault *fault) {
    struct care_work work = {.study = study, .people = malloc(sizeof *work.people)};
    size_t brands = study->config->brand_count;
    bool ok = work.people && sort_rows(&work) && join_persons(&work) && count_mentions(&work) &&
              begin_marks(study) && build_open(&work);
    for (size_t i = 0; ok && i < PLATFORM_COUNT; i++)
        ok = find_gaps(study, i, &work.spans[i]);
    enum status status = ok ? STATUS_OK : fault_memory(fault);
    for (size_t i = 0; i < brands && status == STATUS_OK; i++)
        status = add_brand(&work, i, fault);
    for (size_t i = 0; i < brands && status == STATUS_OK; i++)
        for (size_t k = 0; k <= work.quarters && status == STATUS_OK; k++)
            if (!add_comparison(&work, i, k ? k - 1 : work.quarters)) /* all first */
                status = fault_memory(fault);
    for (size_t i = 0; i < PLATFORM_COUNT; i++)
        free(work.spans[i].gaps);
    open_times_release(&work.open);
    free(work.rows);
    free(work.first);
    free(work.official);
    free(work.person);
    free(work.parts);
    free(work.full);
    free(work.people);
    return status;
}
