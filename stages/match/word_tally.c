/* Counts of words on a sample: what a query found, what it refused, what looks like its names. */
#include "stages/match/scratch.h"
#include "stages/text/inflect.h"

#include <stdlib.h>

#define TALLY_WORDS_MAX (1u << 20)

void word_tally_release(struct word_tally *tally) {
    symbols_release(&tally->words);
    free(tally->counts);
    *tally = (struct word_tally){0};
}

void word_tally_add(struct word_tally *tally, struct span word) {
    uint32_t number = SYMBOL_NONE;
    if (tally->words.count < TALLY_WORDS_MAX || symbols_find(&tally->words, word) != SYMBOL_NONE)
        number = symbols_intern(&tally->words, word);
    if (number != SYMBOL_NONE && number >= tally->cap) {
        uint32_t cap = tally->cap ? tally->cap * 2 : 256;
        uint64_t *counts = realloc(tally->counts, cap * sizeof *counts);
        if (counts) {
            memset(counts + tally->cap, 0, (cap - tally->cap) * sizeof *counts);
            tally->counts = counts;
            tally->cap = cap;
        }
    }
    if (number == SYMBOL_NONE || number >= tally->cap)
        tally->failed = true;
    else
        tally->counts[number]++;
}

void match_tally_release(struct match_tally *tally) {
    word_tally_release(&tally->found);
    word_tally_release(&tally->small);
    word_tally_release(&tally->counted);
    word_tally_release(&tally->near);
}

void match_scratch_tally(struct match_scratch *scratch, struct match_tally *tally) {
    scratch->tally = tally;
}

bool query_set_wants_capitals(const struct query_set *set, size_t brand, struct span *term) {
    const struct query_brand *made = &set->brands[brand];
    if (made->node_first == made->node_end)
        return false;
    const struct node *root = &set->nodes[made->node_end - 1];
    for (uint32_t i = root->leaf_first; i < root->leaf_end; i++) {
        const struct leaf *leaf = &set->leaves[i];
        bool wants = leaf->kind == LEAF_RAW || (leaf->kind == LEAF_WORDS && leaf->cased);
        struct span rest = {made->query + leaf->at, leaf->len};
        *term = rest;
        for (uint32_t codepoint; wants && !leaf->negated && rest.len > 0;) {
            size_t len = text_next_char(rest, &codepoint);
            if (text_is_upper(codepoint))
                return true;
            rest = (struct span){rest.at + len, rest.len - len};
        }
    }
    return false;
}

/* Digits as the letters that they stand for in leet. */
static size_t without_leet(struct span plain, char *out, size_t size) {
    static const char letters[] = "oizeasgtb";
    size_t len = plain.len < size ? plain.len : size;
    bool digit = false, letter = false;
    for (size_t i = 0; i < len; i++) {
        bool is_digit = plain.at[i] >= '0' && plain.at[i] <= '8';
        digit |= is_digit;
        letter |= plain.at[i] > '9';
        out[i] = is_digit ? letters[plain.at[i] - '0'] : plain.at[i];
    }
    return digit && letter ? len : 0;
}

/* Whether one letter more, less, other or two exchanged make `b` of `a`. */
static bool one_slip(struct span a, struct span b) {
    if (a.len > b.len) {
        struct span swapped = a;
        a = b;
        b = swapped;
    }
    size_t head = 0, tail = 0;
    while (head < a.len && a.at[head] == b.at[head])
        head++;
    while (tail < a.len - head && a.at[a.len - 1 - tail] == b.at[b.len - 1 - tail])
        tail++;
    size_t left = a.len - head - tail;
    if (b.len - a.len == 1)
        return left == 0;
    return a.len == b.len && (left == 1 || (left == 2 && a.at[head] == b.at[head + 1] &&
                                            a.at[head + 1] == b.at[head]));
}

enum { NEAR_WORD_MIN = 5, NEAR_STEM_MIN = 4 };

/* A slip, leet, or another word of the same stem: lidlowski, biedronkowy. */
static bool is_near(struct span name, struct span plain) {
    char letters[64];
    size_t len = without_leet(plain, letters, sizeof letters);
    if (len && span_equal((struct span){letters, len}, name))
        return true;
    if (name.len >= NEAR_WORD_MIN && one_slip(name, plain))
        return true;
    bool vowel = memchr("aeioy", name.at[name.len - 1], 5) != NULL;
    struct span stem = {name.at, name.len - vowel};
    return stem.len >= NEAR_STEM_MIN && plain.len > stem.len + 1 &&
           memcmp(plain.at, stem.at, stem.len) == 0;
}

void query_set_tally_near(const struct query_set *set, const struct tokens *tokens,
                          struct word_tally *near) {
    for (uint32_t i = 0; i < tokens->count; i++) {
        const struct token *token = &tokens->at[i];
        struct span plain = token_plain(tokens, token);
        if (token->kind != TOKEN_WORD || token->flags & TOKEN_PART || plain.len < NEAR_STEM_MIN ||
            forms_have(set, token->plain_hash) ||
            inflect_kinds(token_form(tokens, token)) & (WORD_COMMON | WORD_ENGLISH))
            continue;
        bool found = false;
        for (uint32_t leaf = 0; leaf < set->leaf_count && !found; leaf++) {
            const struct leaf *at = &set->leaves[leaf];
            struct span name = query_string(set, at->text, at->text_len);
            found = at->kind == LEAF_WORDS && at->decides && !at->negated &&
                    name.len >= NEAR_STEM_MIN && is_near(name, plain);
        }
        if (found)
            word_tally_add(near, token_form(tokens, token));
    }
}

struct tally_row {
    struct span word;
    uint64_t count;
};

static int by_count(const void *left, const void *right) {
    const struct tally_row *a = left, *b = right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return span_compare(a->word, b->word);
}

void word_tally_print(const struct word_tally *tally, const char *title, struct buf *out) {
    enum { SHOWN_MAX = 20 };
    uint32_t count = tally->words.count;
    struct tally_row *rows = calloc((size_t)count + 1, sizeof *rows);
    out->failed |= !rows || tally->failed;
    for (uint32_t i = 0; rows && i < count; i++)
        rows[i] = (struct tally_row){tally->words.names[i], tally->counts[i]};
    if (rows && count) {
        qsort(rows, count, sizeof *rows, by_count);
        buf_format(out, "%s: ", title);
        for (uint32_t i = 0; i < count && i < SHOWN_MAX; i++)
            buf_format(out, "%s%.*s %llu", i ? ", " : "", (int)rows[i].word.len, rows[i].word.at,
                       (unsigned long long)rows[i].count);
        if (count > SHOWN_MAX)
            buf_format(out, " and %u more", count - SHOWN_MAX);
        buf_char(out, '\n');
    }
    free(rows);
}
