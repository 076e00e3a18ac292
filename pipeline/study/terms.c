/* Terms that set an event apart from the brand's usual talk: log-odds ratio with an informative
 * Dirichlet prior (Monroe, Colaresi, Quinn 2008, "Fightin' Words"), over the share of posts that
 * use a word, a pair of neighbouring words, a hashtag, a handle or a domain. Copies of one text
 * count once, so that a repost chain is not a vocabulary. */
#include "pipeline/study/study.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    PRIOR_WEIGHT = 500,     /* posts that the prior is worth */
    MIN_MENTIONS = 4,       /* in the event */
    BACKGROUND_MAX = 60000, /* usual posts looked at, evenly spread */
    TERM_BYTES = 96,
};

/* Z from which a term is shown: one in a thousand by chance for a single term. */
static const double min_z = 3.09;

struct term {
    char text[TERM_BYTES]; /* as written first */
    uint8_t kind;          /* enum token_kind; TOKEN_PUNCT stands for a pair of words */
    uint32_t in_event, usual;
    uint32_t last_post; /* so that a post counts once */
    uint32_t parts[2];  /* of a pair: the numbers of its words + 1 */
    double log_odds, z;
};

/* A word in more than one of so many posts is the brand's own name or the like: pairs with it say
 * nothing new. */
enum { COMMON_SHARE = 4 };

struct vocabulary {
    struct stopwords stop;
    struct counts index; /* hash -> number + 1 */
    struct term *terms;
    size_t count, cap;
    struct tokens tokens;
    struct counts texts; /* text hashes seen on this side */
    uint32_t post;       /* running number */
    int64_t posts[2];    /* usual, event */
};

static const char *kind_name(uint8_t kind) {
    return kind == TOKEN_HASHTAG  ? "hashtag"
           : kind == TOKEN_HANDLE ? "handle"
           : kind == TOKEN_URL    ? "domain"
           : kind == TOKEN_PUNCT  ? "phrase"
                                  : "word";
}

static struct term *term_at(struct vocabulary *v, uint64_t hash, uint8_t kind) {
    uint64_t *number = counts_at(&v->index, hash ^ ((uint64_t)kind << 56));
    if (!number)
        return NULL;
    if (!*number) {
        if (v->count == v->cap) {
            size_t cap = v->cap ? v->cap * 2 : 4096;
            struct term *terms = realloc(v->terms, cap * sizeof *terms);
            if (!terms)
                return NULL;
            v->terms = terms;
            v->cap = cap;
        }
        v->terms[v->count] = (struct term){.kind = kind};
        *number = ++v->count;
    }
    return &v->terms[*number - 1];
}

static bool count_term(struct vocabulary *v, uint64_t hash, uint8_t kind, const char *text, int len,
                       bool event) {
    struct term *term = term_at(v, hash, kind);
    if (!term)
        return false;
    if (term->last_post == v->post)
        return true;
    term->last_post = v->post;
    if (!term->text[0])
        row_text(term->text, sizeof term->text, text, (size_t)len);
    *(event ? &term->in_event : &term->usual) += 1;
    return true;
}

static bool is_word(const struct token *token) {
    return token->kind == TOKEN_WORD && !(token->flags & TOKEN_PART);
}

static bool counts_alone(const struct vocabulary *v, const struct token *token) {
    return (is_word(token) && token->form_len > 2 &&
            !stopwords_hold(&v->stop, token->plain_hash)) ||
           token->kind == TOKEN_HASHTAG || token->kind == TOKEN_HANDLE || token->kind == TOKEN_URL;
}

static uint32_t word_number(struct vocabulary *v, const struct token *token) {
    const uint64_t *number = counts_find(&v->index, token->hash ^ ((uint64_t)token->kind << 56));
    return number ? (uint32_t)*number : 0;
}

/* Two neighbouring words, neither of them a function word. */
static bool count_pair(struct vocabulary *v, const struct token *a, const struct token *b,
                       bool event) {
    char text[256];
    struct span x = token_form(&v->tokens, a), y = token_form(&v->tokens, b);
    if (x.len + y.len + 2 > TERM_BYTES || !counts_alone(v, a) || !counts_alone(v, b))
        return true;
    int len = snprintf(text, sizeof text, "%.*s %.*s", (int)x.len, x.at, (int)y.len, y.at);
    uint64_t hash = (a->hash * 0x9E3779B97F4A7C15ULL) ^ b->hash;
    if (!count_term(v, hash, TOKEN_PUNCT, text, len, event))
        return false;
    struct term *term = term_at(v, hash, TOKEN_PUNCT);
    term->parts[0] = word_number(v, a);
    term->parts[1] = word_number(v, b);
    return true;
}

static bool count_tokens(struct vocabulary *v, bool event) {
    for (uint32_t i = 0; i < v->tokens.count; i++) {
        const struct token *token = &v->tokens.at[i];
        struct span form = token_form(&v->tokens, token);
        if (counts_alone(v, token) &&
            !count_term(v, token->hash, token->kind, form.at, (int)form.len, event))
            return false;
        const struct token *next = i + 1 < v->tokens.count ? token + 1 : NULL;
        if (next && is_word(token) && is_word(next) && !count_pair(v, token, next, event))
            return false;
    }
    return true;
}

static enum status count_post(struct vocabulary *v, const struct ledger *m, size_t row, bool event,
                              struct fault *fault) {
    uint64_t hash = m->text_hash[row];
    if (hash) {
        uint64_t *seen = counts_at(&v->texts, hash);
        if (!seen)
            return fault_memory(fault);
        if ((*seen)++)
            return STATUS_OK;
    }
    v->post++;
    v->posts[event]++;
    enum status status = tokens_read(&v->tokens, ledger_string(m, row, LEDGER_TEXT), fault);
    if (status == STATUS_OK && !count_tokens(v, event))
        status = fault_memory(fault);
    return status;
}

static bool is_in_event(const struct study *study, const struct brand_study *b, size_t row) {
    return in_events(b, floor_div(study->ledger.created_at_us[row], US_PER_S));
}

static enum status count_sides(struct study *study, const struct brand_study *b,
                               const struct event *event, struct vocabulary *v,
                               struct fault *fault) {
    enum status status = STATUS_OK;
    size_t first, last, usual = 0, seen = 0;
    brand_rows(study, b, event->onset_s, event->end_s, &first, &last);
    for (size_t i = first; i < last && status == STATUS_OK; i++)
        status = count_post(v, &study->ledger, b->rows[i], true, fault);
    counts_release(&v->texts);
    for (size_t i = 0; i < b->row_count; i++)
        usual += !is_in_event(study, b, b->rows[i]);
    size_t step = usual / BACKGROUND_MAX + 1;
    for (size_t i = 0; i < b->row_count && status == STATUS_OK; i++)
        if (!is_in_event(study, b, b->rows[i]) && seen++ % step == 0)
            status = count_post(v, &study->ledger, b->rows[i], false, fault);
    return status;
}

/* Log-odds of using the term, event against usual, with the usual talk as the prior. */
static void weigh(struct term *term, double usual_posts, double event_posts) {
    double all = usual_posts + event_posts;
    double prior = ((double)term->usual + (double)term->in_event) / all * PRIOR_WEIGHT;
    double y1 = (double)term->in_event + prior, n1 = event_posts + PRIOR_WEIGHT;
    double y0 = (double)term->usual + prior, n0 = usual_posts + PRIOR_WEIGHT;
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

/* True when a stronger term holds this one, or it holds a stronger one. */
static bool told_already(const struct term_row *rows, size_t count, const char *text) {
    for (size_t i = 0; i < count; i++)
        if (strstr(rows[i].term, text) || strstr(text, rows[i].term))
            return true;
    return false;
}

/* True for a pair with a word that nearly every post has. */
static bool is_trivial(const struct vocabulary *v, const struct term *term) {
    for (int i = 0; i < 2; i++) {
        if (term->kind != TOKEN_PUNCT || !term->parts[i])
            continue;
        const struct term *word = &v->terms[term->parts[i] - 1];
        if ((int64_t)(word->usual + word->in_event) * COMMON_SHARE > v->posts[0] + v->posts[1])
            return true;
    }
    return false;
}

static size_t pick(struct vocabulary *v, const struct study *study, size_t brand,
                   const struct event *event, struct term_row *rows, size_t max) {
    size_t count = 0;
    for (size_t i = 0; i < v->count; i++) {
        weigh(&v->terms[i], (double)v->posts[0], (double)v->posts[1]);
        if (is_trivial(v, &v->terms[i]))
            v->terms[i].z = 0;
    }
    if (v->count)
        qsort(v->terms, v->count, sizeof *v->terms, compare_terms);
    for (size_t i = 0; i < v->count && count < max && v->terms[i].z >= min_z; i++) {
        const struct term *term = &v->terms[i];
        if (term->in_event < MIN_MENTIONS || told_already(rows, count, term->text) ||
            (term->kind == TOKEN_HANDLE && !study_may_name(study, span_of(term->text))))
            continue;
        struct term_row *row = &rows[count++];
        memset(row, 0, sizeof *row);
        ROW_SET(row, brand, span_of(study->config->brands[brand].id));
        ROW_SET(row, term, span_of(term->text));
        ROW_SET(row, kind, span_of(kind_name(term->kind)));
        row->episode = event->onset_s;
        row->rank = (int32_t)count;
        row->mentions = (int32_t)term->in_event;
        row->usual_mentions = (int32_t)term->usual;
        row->log_odds = term->log_odds;
        row->z = term->z;
    }
    return count;
}

enum status event_terms(struct study *study, size_t brand, const struct event *event,
                        struct term_row *rows, size_t max, size_t *count, struct fault *fault) {
    struct vocabulary v = {0};
    tokens_init(&v.tokens);
    stopwords_init(&v.stop);
    enum status status = count_sides(study, &study->brands[brand], event, &v, fault);
    *count = status == STATUS_OK ? pick(&v, study, brand, event, rows, max) : 0;
    counts_release(&v.index);
    counts_release(&v.texts);
    tokens_release(&v.tokens);
    free(v.terms);
    return status;
}
