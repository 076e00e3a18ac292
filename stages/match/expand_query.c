/* Leaves to forms: each word of a term becomes its inflected forms (dictionary words by their
 * paradigm, other words as names), a phrase also the tag that is written without blanks. */
#include "stages/match/query.h"
#include "stages/text/inflect.h"

#include <stdlib.h>

#define TOTAL_MAX (1u << 24)

bool term_is_word(const struct tokens *tokens, uint32_t i) {
    const struct token *token = &tokens->at[i];
    return token->kind != TOKEN_PUNCT && !(token->flags & TOKEN_PART);
}

bool term_is_prefix(const struct tokens *tokens, uint32_t i) {
    const struct token *token = &tokens->at[i];
    uint32_t end = token->at + token->len;
    return end < tokens->text.len && tokens->text.at[end] == '*';
}

struct term_shape term_shape(const struct tokens *tokens) {
    struct term_shape shape = {0};
    bool compound = false;
    for (uint32_t i = 0; i < tokens->count; i++) {
        const struct token *token = &tokens->at[i];
        shape.parts += (token->flags & TOKEN_PART) != 0;
        if (!term_is_word(tokens, i))
            continue;
        shape.words++;
        bool prefix = term_is_prefix(tokens, i);
        compound = token->kind == TOKEN_WORD && !prefix;
        if (prefix && (token->plain_len < 2 || token->plain_len > PREFIX_BYTES_MAX))
            shape.short_prefix = true;
    }
    if (!compound || shape.words > 1)
        shape.parts = 0;
    return shape;
}

/* The word that is being expanded. */
struct expansion {
    struct query_set *set;
    struct fault *fault;
    enum status status;
    uint32_t leaf;
    uint8_t word, flags;
    struct span before; /* put before every form: the first parts of a compound */
    struct span lemma;  /* as typed, folded */
    bool lone;          /* the dictionary has the lemma, but no endings for it */
    struct buf form, plain;
};

static enum status store_entry(struct expansion *expansion, uint8_t flags) {
    struct query_set *set = expansion->set;
    struct span form = buf_as_span(&expansion->form), plain = buf_as_span(&expansion->plain);
    if (form.len > UINT16_MAX || plain.len > UINT16_MAX)
        return fault_set(expansion->fault, STATUS_FATAL, EXIT_DATA, "a term is too long");
    if (set->entry_count == set->entry_cap) {
        uint32_t cap = set->entry_cap ? set->entry_cap * 2 : 256;
        struct form_entry *entries =
            cap <= TOTAL_MAX ? realloc(set->entries, cap * sizeof *entries) : NULL;
        if (!entries)
            return fault_memory(expansion->fault);
        set->entries = entries;
        set->entry_cap = cap;
    }
    struct form_entry entry = {.leaf = expansion->leaf, .word = expansion->word, .flags = flags};
    enum status status = query_keep(set, form, &entry.form, expansion->fault);
    entry.plain = entry.form;
    if (status == STATUS_OK && !span_equal(form, plain))
        status = query_keep(set, plain, &entry.plain, expansion->fault);
    entry.form_len = (uint16_t)form.len;
    entry.plain_len = (uint16_t)plain.len;
    entry.hash = token_hash(plain);
    set->entries[set->entry_count++] = entry;
    return status;
}

static enum status add_form(struct expansion *expansion, struct span form, uint8_t flags) {
    buf_clear(&expansion->form);
    buf_clear(&expansion->plain);
    buf_span(&expansion->form, expansion->before);
    buf_span(&expansion->form, form);
    struct span whole = buf_as_span(&expansion->form);
    if (text_fold(whole, true, &expansion->plain) != STATUS_OK || expansion->form.failed)
        return fault_memory(expansion->fault);
    /* a form with diacritics is found without them, unless that is another word */
    struct span plain = buf_as_span(&expansion->plain);
    if (!(flags & ENTRY_PLAIN) && (span_equal(whole, plain) || !inflect_known(plain)))
        flags |= ENTRY_PLAIN;
    return store_entry(expansion, flags);
}

static bool visit_form(struct span form, void *context) {
    struct expansion *expansion = context;
    if (span_equal(form, expansion->lemma))
        return true;
    expansion->status = add_form(expansion, form, expansion->flags);
    return expansion->status == STATUS_OK;
}

static bool count_form(struct span form, void *context) {
    (void)form;
    return ++*(int *)context < 2;
}

/* True for dictionary entries without any endings: the dictionary lists odd cases of foreign names
 * (YouTubie) beside the name (YouTube). */
static bool is_lone(struct span word) {
    int count = 0;
    return inflect_lemma(word, count_form, &count) == STATUS_OK && count == 1;
}

/* Forms of a name never include another word that the dictionary knows. */
static bool visit_name(struct span form, void *context) {
    struct expansion *expansion = context;
    bool compound = expansion->before.len > 0;
    if (!compound && inflect_known(form) && !(expansion->lone && is_lone(form)))
        return true;
    return visit_form(form, context);
}

/* Short acronyms take their endings behind a hyphen, which makes them a compound anyway. */
static bool takes_endings(const struct token *token, struct span word) {
    for (size_t i = 0; i < word.len; i++)
        if (word.at[i] >= '0' && word.at[i] <= '9')
            return false;
    return word.len >= 3 && !((token->flags & TOKEN_CAPS) && word.len <= 4);
}

/* Dictionary words by their paradigm, also when they were typed without marks or in another form;
 * names, and words for which the dictionary has no endings (Google), by rule. */
static enum status inflect_word(struct expansion *expansion, const struct token *token,
                                struct span word) {
    uint32_t before = expansion->set->entry_count;
    bool known = inflect_known(word), compound = expansion->before.len > 0;
    expansion->lone = is_lone(word);
    enum status status = inflect_lemma(word, visit_form, expansion);
    if (status == STATUS_END && !known)
        status = inflect_unmarked(word, visit_form, expansion);
    if (status != STATUS_FATAL)
        status = inflect_agreeing(word, visit_form, expansion);
    bool found = expansion->set->entry_count > before;
    bool is_name = compound || (!found && (!known || expansion->lone));
    if (status != STATUS_FATAL && is_name && takes_endings(token, word))
        status = inflect_name(word, visit_name, expansion);
    if (status == STATUS_FATAL)
        return fault_memory(expansion->fault);
    return expansion->status;
}

static enum status add_joined(struct expansion *expansion, struct span word) {
    char joined[256];
    size_t len = 0;
    for (size_t i = 0; i < word.len && len < sizeof joined; i++)
        if (word.at[i] != '-' && word.at[i] != '&' && word.at[i] != '\'')
            joined[len++] = word.at[i];
    if (len == word.len || len == sizeof joined)
        return STATUS_OK;
    return add_form(expansion, (struct span){joined, len}, ENTRY_ANY | ENTRY_PLAIN);
}

static enum status expand_word(struct expansion *expansion, const struct tokens *tokens, uint32_t i,
                               bool inflect) {
    const struct token *token = &tokens->at[i];
    struct span word = token_form(tokens, token);
    bool prefix = term_is_prefix(tokens, i), plain_word = token->kind == TOKEN_WORD && !prefix;
    uint8_t flags = token->kind == TOKEN_HASHTAG  ? ENTRY_HASHTAG
                    : token->kind == TOKEN_HANDLE ? ENTRY_HANDLE
                    : token->kind == TOKEN_URL    ? ENTRY_URL
                                                  : ENTRY_ANY;
    expansion->before = (struct span){"", 0};
    expansion->lemma = word;
    expansion->flags = flags;
    if (prefix)
        flags |= ENTRY_PREFIX;
    if (plain_word && inflect)
        flags |= ENTRY_LEMMA;
    enum status status = add_form(expansion, word, flags);
    if (status != STATUS_OK || !plain_word)
        return status;
    status = add_joined(expansion, word);
    if (status != STATUS_OK || !inflect)
        return status;
    /* the first parts of a compound stay as they are; the last is inflected */
    size_t last = word.len;
    while (last > 0 && word.at[last - 1] != '-')
        last--;
    expansion->before = (struct span){word.at, last};
    expansion->lemma = (struct span){word.at + last, word.len - last};
    return inflect_word(expansion, token, expansion->lemma);
}

/* The whole phrase as people write it in a hashtag or handle. */
static enum status add_whole(struct expansion *expansion, const struct tokens *tokens) {
    struct buf whole;
    buf_init(&whole, UINT16_MAX);
    for (uint32_t i = 0; i < tokens->count; i++)
        if (term_is_word(tokens, i))
            buf_span(&whole, token_form(tokens, &tokens->at[i]));
    expansion->before = (struct span){"", 0};
    enum status status = add_form(expansion, buf_as_span(&whole),
                                  ENTRY_HASHTAG | ENTRY_HANDLE | ENTRY_WHOLE | ENTRY_PLAIN);
    buf_release(&whole);
    return status;
}

static enum status expand_leaf(struct expansion *expansion, struct tokens *tokens, bool inflect) {
    struct leaf *leaf = &expansion->set->leaves[expansion->leaf];
    struct span text = {expansion->set->brands[leaf->brand].query + leaf->at, leaf->len};
    enum status status = tokens_read(tokens, text, expansion->fault);
    expansion->word = 0;
    for (uint32_t i = 0; i < tokens->count && status == STATUS_OK; i++) {
        bool part = tokens->at[i].flags & TOKEN_PART;
        if (!(leaf->split ? part : term_is_word(tokens, i)) || expansion->word == leaf->words)
            continue;
        status = expand_word(expansion, tokens, i, inflect);
        expansion->word++;
    }
    if (status == STATUS_OK && leaf->words > 1 && !leaf->split)
        status = add_whole(expansion, tokens);
    return status;
}

enum status query_expand(struct query_set *set, bool inflect, struct fault *fault) {
    struct expansion expansion = {.set = set, .fault = fault, .status = STATUS_OK};
    struct tokens tokens;
    tokens_init(&tokens);
    buf_init(&expansion.form, TEXT_MAX_BYTES * 4);
    buf_init(&expansion.plain, TEXT_MAX_BYTES * 16);
    enum status status = STATUS_OK;
    const struct node *root = &set->nodes[set->node_count - 1]; /* of the brand just parsed */
    for (uint32_t i = root->leaf_first; i < root->leaf_end && status == STATUS_OK; i++) {
        if (set->leaves[i].kind != LEAF_WORDS)
            continue;
        expansion.leaf = i;
        status = expand_leaf(&expansion, &tokens, inflect);
    }
    buf_release(&expansion.form);
    buf_release(&expansion.plain);
    tokens_release(&tokens);
    return status;
}
