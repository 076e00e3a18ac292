/* Terms that set an event apart from the brand's usual talk: log-odds ratio with an informative
 * Dirichlet prior (Monroe, Colaresi, Quinn 2008, "Fightin' Words"), over the share of posts that
 * use a word, a pair of neighbouring words, a hashtag, a handle or a domain. Copies of one text
 * count once, so that a repost chain is not a vocabulary. */
#include "stages/events/events.h"

#include "stages/common/outcome.h"
#include "stages/events/stopwords.h"
#include "stages/mask/mask.h"
#include "stages/text/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    MIN_MENTIONS = 4,       /* in the event */
    BACKGROUND_MAX = 60000, /* usual posts looked at, evenly spread */
    BACKGROUND_PARTS = 16,  /* of these, counted each at once */
    SHOWN_MAX = 1 << 20,
    UNSPOKEN = POST_DELETED | POST_PRIVATE, /* whose words are not shown, not as terms either */
};

struct term {
    char text[TERM_BYTES]; /* as written first */
    uint64_t key;
    uint8_t kind; /* enum token_kind; TOKEN_PUNCT stands for a pair of words */
    uint32_t in_event, usual;
    uint32_t last_post; /* so that a post counts once */
    uint32_t parts[2];  /* of a pair: the numbers of its words + 1 */
    double log_odds, z;
};

/* A word in more than one of so many posts is the brand's own name or the like: pairs with it say
 * nothing new. */
enum { COMMON_SHARE = 4 };

/* The terms of one text after the other. */
struct term_reader {
    struct stopwords stop;
    const struct public_handles *handles;
    struct buf shown; /* the text without what names people */
    struct tokens tokens;
    struct use {
        const struct token *word, *second; /* second: of a pair, else NULL */
        uint64_t key;
    } * uses; /* [count] of the last text */
    size_t count, cap;
};

/* The terms of one event. */
struct vocabulary {
    struct counts index; /* key -> number + 1 */
    struct term *terms;
    size_t count, cap;
    uint32_t posts; /* different texts */
};

/* What the usual talk says of the terms of all events of a brand. */
struct background {
    struct counts wanted; /* key -> number + 1 */
    uint32_t *usual;      /* [wanted.count] posts that use it */
    uint32_t *rows;       /* [row_count] the posts looked at, each text once */
    size_t row_count;
};

/* ---- the terms of a text ---- */

static bool is_word(const struct token *token) {
    return token->kind == TOKEN_WORD && !(token->flags & TOKEN_PART);
}

static bool counts_alone(const struct term_reader *reader, const struct token *token) {
    return (is_word(token) && token->form_len > 2 &&
            !stopwords_hold(&reader->stop, token->plain_hash)) ||
           token->kind == TOKEN_HASHTAG || token->kind == TOKEN_HANDLE || token->kind == TOKEN_URL;
}

static uint64_t term_key(uint64_t hash, uint8_t kind) {
    return hash ^ ((uint64_t)kind << 56);
}

static void add_use(struct term_reader *reader, const struct token *word,
                    const struct token *second) {
    uint64_t key = second
                       ? term_key((word->hash * 0x9E3779B97F4A7C15ULL) ^ second->hash, TOKEN_PUNCT)
                       : term_key(word->hash, word->kind);
    reader->uses[reader->count++] = (struct use){word, second, key};
}

static enum status read_terms(struct term_reader *reader, struct span text, struct fault *fault) {
    buf_clear(&reader->shown);
    if (!reader->handles->all) {
        mask_text(text, reader->handles, &reader->shown);
        text = buf_as_span(&reader->shown);
    }
    enum status status =
        reader->shown.failed ? fault_memory(fault) : tokens_read(&reader->tokens, text, fault);
    size_t count = reader->tokens.count, most = 2 * count + 1;
    reader->count = 0;
    if (status != STATUS_OK)
        return status;
    if (most > reader->cap) {
        struct use *uses = realloc(reader->uses, 2 * most * sizeof *uses);
        if (!uses)
            return fault_memory(fault);
        reader->uses = uses;
        reader->cap = 2 * most;
    }
    bool alone = count && counts_alone(reader, reader->tokens.at);
    for (size_t i = 0; i < count; i++) {
        const struct token *token = &reader->tokens.at[i];
        bool next_alone = i + 1 < count && counts_alone(reader, token + 1);
        if (alone)
            add_use(reader, token, NULL);
        /* two neighbouring words, neither of them a function word, are a term too */
        if (alone && next_alone && is_word(token) && is_word(token + 1) &&
            token->form_len + token[1].form_len + 2 <= TERM_BYTES)
            add_use(reader, token, token + 1);
        alone = next_alone;
    }
    return STATUS_OK;
}

static void term_reader_init(struct term_reader *reader, const struct public_handles *handles) {
    *reader = (struct term_reader){.handles = handles};
    buf_init(&reader->shown, SHOWN_MAX);
    tokens_init(&reader->tokens);
    stopwords_init(&reader->stop);
}

static void term_reader_release(struct term_reader *reader) {
    tokens_release(&reader->tokens);
    buf_release(&reader->shown);
    free(reader->uses);
}

/* ---- the event's side ---- */

static struct term *term_at(struct vocabulary *v, const struct tokens *tokens,
                            const struct use *use) {
    uint64_t *number = counts_at(&v->index, use->key);
    if (!number)
        return NULL;
    if (*number)
        return &v->terms[*number - 1];
    if (v->count == v->cap) {
        size_t cap = v->cap ? v->cap * 2 : 4096;
        struct term *terms = realloc(v->terms, cap * sizeof *terms);
        if (!terms)
            return NULL;
        v->terms = terms;
        v->cap = cap;
    }
    struct term *term = &v->terms[v->count];
    struct span text = token_form(tokens, use->word);
    char pair[2 * TERM_BYTES];
    *term = (struct term){.key = use->key, .kind = use->second ? TOKEN_PUNCT : use->word->kind};
    if (use->second) {
        struct span second = token_form(tokens, use->second);
        int len = snprintf(pair, sizeof pair, "%.*s %.*s", (int)text.len, text.at, (int)second.len,
                           second.at);
        text = (struct span){pair, (size_t)len};
    }
    row_text(term->text, sizeof term->text, text.at, text.len);
    *number = ++v->count;
    return term;
}

static uint32_t word_number(const struct vocabulary *v, const struct token *token) {
    const uint64_t *number = counts_find(&v->index, term_key(token->hash, token->kind));
    return number ? (uint32_t)*number : 0;
}

static bool count_uses(struct vocabulary *v, const struct term_reader *reader) {
    v->posts++;
    for (size_t i = 0; i < reader->count; i++) {
        const struct use *use = &reader->uses[i];
        struct term *term = term_at(v, &reader->tokens, use);
        if (!term)
            return false;
        /* the second word of a pair may be met for the first time just behind it */
        if (use->second && !term->parts[0])
            term->parts[0] = word_number(v, use->word);
        if (use->second && !term->parts[1])
            term->parts[1] = word_number(v, use->second);
        term->in_event += term->last_post != v->posts;
        term->last_post = v->posts;
    }
    return true;
}

/* Keeps the terms that are frequent enough to be shown. A pair's words are at least as frequent. */
static bool drop_rare(struct vocabulary *v) {
    uint32_t *number = calloc(v->count + 1, sizeof *number);
    size_t kept = 0;
    for (size_t i = 0; number && i < v->count; i++) {
        if (v->terms[i].in_event < MIN_MENTIONS)
            continue;
        v->terms[kept] = v->terms[i];
        number[i + 1] = (uint32_t)++kept;
    }
    for (size_t i = 0; number && i < kept; i++)
        for (int part = 0; part < 2; part++)
            v->terms[i].parts[part] = number[v->terms[i].parts[part]];
    counts_release(&v->index);
    v->count = kept;
    struct term *fitting = realloc(v->terms, (kept + 1) * sizeof *fitting);
    v->terms = fitting ? fitting : v->terms;
    free(number);
    return number != NULL;
}

/* True when a row's text is new to `texts`; -1 when out of memory. */
static int is_new_text(struct counts *texts, uint64_t hash) {
    uint64_t *seen = hash ? counts_at(texts, hash) : NULL;
    if (hash && !seen)
        return -1;
    return !seen || !(*seen)++;
}

static enum status read_event(const struct brand_events *b, const struct event *event,
                              struct vocabulary *v, struct fault *fault) {
    const struct mention_table *m = b->input.mentions;
    struct row_range range = brand_rows(b, event->onset_s, event->end_s);
    struct term_reader reader;
    struct counts texts = {0};
    enum status status = STATUS_OK;
    term_reader_init(&reader, b->input.handles);
    for (size_t i = range.first; i < range.last && status == STATUS_OK; i++) {
        uint32_t row = b->input.rows.at[i];
        if (m->flags[row] & UNSPOKEN || !event_has(b, event, i))
            continue;
        int fresh = is_new_text(&texts, m->text_hash[row]);
        if (fresh < 0)
            status = fault_memory(fault);
        if (fresh > 0)
            status = read_terms(&reader, mention_table_string(m, row, STRING_TEXT), fault);
        if (fresh > 0 && status == STATUS_OK && !count_uses(v, &reader))
            status = fault_memory(fault);
    }
    counts_release(&texts);
    term_reader_release(&reader);
    return status == STATUS_OK && !drop_rare(v) ? fault_memory(fault) : status;
}

/* ---- the usual side ---- */

static bool is_in_event(const struct brand_events *b, size_t row) {
    return in_events(b, floor_div(b->input.mentions->created_at_us[row], US_PER_S));
}

/* Posts outside all events, evenly spread, each text once. */
static bool sample_usual(const struct brand_events *b, struct background *background) {
    const struct row_list *rows = &b->input.rows;
    size_t usual = 0, seen = 0;
    struct counts texts = {0};
    for (size_t i = 0; i < rows->count; i++)
        usual += !is_in_event(b, rows->at[i]);
    size_t step = usual / BACKGROUND_MAX + 1;
    background->rows = malloc((usual / step + 2) * sizeof *background->rows);
    bool ok = background->rows != NULL;
    for (size_t i = 0; ok && i < rows->count; i++) {
        uint32_t row = rows->at[i];
        if (is_in_event(b, row) || seen++ % step != 0 || (b->input.mentions->flags[row] & UNSPOKEN))
            continue;
        int fresh = is_new_text(&texts, b->input.mentions->text_hash[row]);
        if (fresh > 0)
            background->rows[background->row_count++] = row;
        ok = fresh >= 0;
    }
    counts_release(&texts);
    return ok;
}

/* Counts the wanted terms in one part of the rows, with counters of its own, added to all under a
 * lock: sums of integers. */
static enum status count_usual(const struct brand_input *input, struct background *background,
                               size_t part, struct fault *fault) {
    size_t wanted = background->wanted.count, rows = background->row_count;
    size_t to = rows * (part + 1) / BACKGROUND_PARTS;
    uint32_t *usual = calloc(2 * wanted + 1, sizeof *usual);
    struct term_reader reader;
    enum status status = STATUS_OK;
    if (!usual)
        return fault_memory(fault);
    uint32_t *last = usual + wanted; /* in which post a term was last */
    term_reader_init(&reader, input->handles);
    for (size_t i = rows * part / BACKGROUND_PARTS; i < to && status == STATUS_OK; i++) {
        struct span text = mention_table_string(input->mentions, background->rows[i], STRING_TEXT);
        status = read_terms(&reader, text, fault);
        for (size_t k = 0; k < reader.count && status == STATUS_OK; k++) {
            const uint64_t *number = counts_find(&background->wanted, reader.uses[k].key);
            if (!number)
                continue;
            usual[*number - 1] += last[*number - 1] != i + 1;
            last[*number - 1] = (uint32_t)(i + 1);
        }
    }
#pragma omp critical(events_usual)
    for (size_t i = 0; i < wanted; i++)
        background->usual[i] += usual[i];
    term_reader_release(&reader);
    free(usual);
    return status;
}

static enum status read_usual(const struct brand_events *b, const struct vocabulary *events,
                              struct background *background, struct fault *fault) {
    struct counts *wanted = &background->wanted;
    for (size_t i = 0; i < b->count; i++) {
        for (size_t k = 0; k < events[i].count; k++) {
            uint64_t *number = counts_at(wanted, events[i].terms[k].key);
            if (!number)
                return fault_memory(fault);
            if (!*number)
                *number = wanted->count;
        }
    }
    background->usual = calloc(wanted->count + 1, sizeof *background->usual);
    if (!background->usual || !sample_usual(b, background))
        return fault_memory(fault);
    struct outcome outcome = {0};
#pragma omp taskloop grainsize(1) shared(outcome)
    for (size_t part = 0; part < BACKGROUND_PARTS; part++) {
        struct fault own = {0};
        enum status status = count_usual(&b->input, background, part, &own);
        outcome_note(&outcome, part, status, &own);
    }
    return outcome_take(&outcome, fault);
}

/* ---- both sides together ---- */

/* Log-odds of using the term, event against usual, with the usual talk as the prior. A term of all
 * posts, such as the brand's only name, sets nothing apart and has no odds. */
static void score_term(struct term *term, double usual_posts, double event_posts, double weight) {
    double all = usual_posts + event_posts;
    double prior = ((double)term->usual + (double)term->in_event) / all * weight;
    double y1 = (double)term->in_event + prior, n1 = event_posts + weight;
    double y0 = (double)term->usual + prior, n0 = usual_posts + weight;
    term->log_odds = term->z = 0;
    if (y1 >= n1 || y0 >= n0)
        return;
    term->log_odds = log(y1 / (n1 - y1)) - log(y0 / (n0 - y0));
    term->z = term->log_odds / sqrt(1 / y1 + 1 / y0);
}

static int compare_terms(const void *a, const void *b) {
    const struct term *x = a, *y = b;
    if (x->z != y->z)
        return x->z > y->z ? -1 : 1;
    int order = strcmp(x->text, y->text);
    return order ? order : (x->kind > y->kind) - (x->kind < y->kind);
}

static void score_terms(struct vocabulary *v, const struct background *background, double weight) {
    int64_t usual_posts = (int64_t)background->row_count, posts = usual_posts + v->posts;
    for (size_t i = 0; i < v->count; i++)
        v->terms[i].usual =
            background->usual[*counts_find(&background->wanted, v->terms[i].key) - 1];
    for (size_t i = 0; i < v->count; i++) {
        struct term *term = &v->terms[i];
        score_term(term, (double)usual_posts, (double)v->posts, weight);
        for (int part = 0; part < 2; part++) {
            if (term->kind != TOKEN_PUNCT || !term->parts[part])
                continue;
            const struct term *word = &v->terms[term->parts[part] - 1];
            if ((int64_t)(word->usual + word->in_event) * COMMON_SHARE > posts)
                term->z = 0;
        }
    }
    if (v->count)
        qsort(v->terms, v->count, sizeof *v->terms, compare_terms);
}

static void pick_terms(const struct vocabulary *v, const struct public_handles *handles,
                       double least_z, struct term_list *list) {
    for (size_t i = 0; i < v->count && list->count < TERMS_PER_EVENT && v->terms[i].z >= least_z;
         i++) {
        const struct term *term = &v->terms[i];
        bool passed =
            term->kind == TOKEN_HANDLE && !public_handles_hold(handles, span_of(term->text));
        /* a stronger term that holds this one, or that this one holds, has said it */
        for (size_t k = 0; k < list->count; k++)
            passed |= strstr(list->at[k].text, term->text) || strstr(term->text, list->at[k].text);
        if (passed)
            continue;
        struct event_term *to = &list->at[list->count++];
        *to = (struct event_term){.kind = term->kind == TOKEN_HASHTAG  ? "hashtag"
                                          : term->kind == TOKEN_HANDLE ? "handle"
                                          : term->kind == TOKEN_URL    ? "domain"
                                          : term->kind == TOKEN_PUNCT  ? "phrase"
                                                                       : "word",
                                  .mentions = term->in_event,
                                  .usual_mentions = term->usual,
                                  .log_odds = term->log_odds,
                                  .z = term->z};
        memcpy(to->text, term->text, sizeof to->text);
    }
}

enum status event_terms(const struct brand_events *b, struct term_rule rule,
                        struct term_list *lists, struct fault *fault) {
    struct background background = {0};
    struct vocabulary *events = calloc(b->count + 1, sizeof *events);
    struct outcome outcome = {0};
    enum status status = events ? STATUS_OK : fault_memory(fault);
    if (events) {
#pragma omp taskloop grainsize(1) shared(outcome)
        for (size_t i = 0; i < b->count; i++) {
            struct fault own = {0};
            enum status read = read_event(b, &b->at[i], &events[i], &own);
            outcome_note(&outcome, i, read, &own);
        }
        status = outcome_take(&outcome, fault);
    }
    if (status == STATUS_OK)
        status = read_usual(b, events, &background, fault);
    for (size_t i = 0; i < b->count && status == STATUS_OK; i++) {
        score_terms(&events[i], &background, rule.prior);
        pick_terms(&events[i], b->input.handles, rule.least_z, &lists[i]);
    }
    for (size_t i = 0; events && i < b->count; i++) {
        counts_release(&events[i].index);
        free(events[i].terms);
    }
    counts_release(&background.wanted);
    free(background.usual);
    free(background.rows);
    free(events);
    return status;
}
