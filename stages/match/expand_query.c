/* Leaves to forms: each word of a term becomes its inflected forms (dictionary words by their
 * paradigm, names by their endings), a phrase also the one word that is written without blanks. A
 * form of a word that is another word too needs a capital where that word decides alone; in a
 * phrase, beside NEAR and AND its neighbours tell. */
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

static bool is_plus_behind(const struct tokens *tokens, uint32_t i) {
    uint32_t end = tokens->at[i].at + tokens->at[i].len;
    return end + 1 == tokens->text.len && tokens->text.at[end] == '+';
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
        shape.plus = token->kind == TOKEN_WORD && is_plus_behind(tokens, i);
        if (prefix && (token->plain_len < 2 || token->plain_len > PREFIX_BYTES_MAX))
            shape.short_prefix = true;
    }
    if (!compound || shape.words > 1)
        shape.parts = 0;
    shape.plain = compound && !shape.plus && tokens->count == 1;
    return shape;
}

#define JOINED_WORD_MIN 4

static bool is_lower(char byte) {
    return byte >= 'a' && byte <= 'z';
}

size_t term_joint(struct span word, enum spelling *spelling) {
    for (size_t i = 2; i + 2 < word.len; i++)
        if (is_lower(word.at[i - 1]) && word.at[i] >= 'A' && word.at[i] <= 'Z' &&
            is_lower(word.at[i + 1])) {
            *spelling = SPELLED_CAMEL;
            return i;
        }
    /* tvn 24 */
    size_t digits = 0;
    while (digits < word.len && word.at[word.len - 1 - digits] >= '0' &&
           word.at[word.len - 1 - digits] <= '9')
        digits++;
    if (digits && word.len - digits >= 3) {
        *spelling = SPELLED_JOINED;
        return word.len - digits;
    }
    if (inflect_kinds_unmarked(word))
        return 0;
    for (size_t i = JOINED_WORD_MIN; i + JOINED_WORD_MIN <= word.len; i++) {
        struct span head = {word.at, i}, tail = {word.at + i, word.len - i};
        if ((inflect_kinds(head) & (WORD_COMMON | WORD_ENGLISH)) &&
            (inflect_kinds(tail) & (WORD_COMMON | WORD_ENGLISH))) {
            *spelling = SPELLED_JOINED;
            return i;
        }
    }
    return 0;
}

/* The word that is being expanded. */
struct expansion {
    struct query_set *set;
    struct fault *fault;
    enum status status;
    uint32_t leaf;
    uint8_t word;
    uint16_t flags;     /* of every form */
    bool single;        /* the leaf is this word alone */
    bool alone;         /* and no other word of the query has to be there */
    bool complete;      /* the dictionary has the endings of this common word */
    struct span before; /* put before every form: the first parts of a compound */
    struct span lemma;  /* as typed, folded */
    uint32_t typed;     /* as typed with its capitals, in the set's strings */
    uint16_t typed_len;
    struct buf form, plain;
};

static enum status store_entry(struct expansion *expansion, uint16_t flags) {
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
    struct form_entry entry = {.leaf = expansion->leaf,
                               .typed = expansion->typed,
                               .typed_len = expansion->typed_len,
                               .word = expansion->word,
                               .flags = flags};
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

/* What else than a mark people write two letters for: Krueger, Mueller, Soerensen. */
static const char *two_letters(uint32_t codepoint) {
    switch (codepoint) {
    case 0xE4: /* ä */
        return "ae";
    case 0xF6: /* ö */
    case 0xF8: /* ø */
        return "oe";
    case 0xFC: /* ü */
        return "ue";
    case 0xE5: /* å */
        return "aa";
    default:
        return NULL;
    }
}

static bool letter_is_polish(uint32_t codepoint) {
    static const uint16_t letters[] = {0xF3,  0x105, 0x107, 0x119, 0x142,
                                       0x144, 0x15B, 0x17A, 0x17C};
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (letters[i] == codepoint)
            return true;
    return false;
}

/* Letters beyond ASCII that are not Polish. */
static bool has_foreign(struct span form, bool *two) {
    bool foreign = false;
    *two = false;
    for (uint32_t codepoint; form.len > 0;) {
        size_t len = text_next_char(form, &codepoint);
        foreign |= codepoint >= 0x80 && !letter_is_polish(codepoint);
        *two |= two_letters(codepoint) != NULL;
        form = (struct span){form.at + len, form.len - len};
    }
    return foreign;
}

static enum status store_two_letters(struct expansion *expansion, uint16_t flags) {
    struct buf spelled;
    buf_init(&spelled, UINT16_MAX);
    struct span rest = buf_as_span(&expansion->form);
    for (uint32_t codepoint; rest.len > 0;) {
        size_t len = text_next_char(rest, &codepoint);
        const char *two = two_letters(codepoint);
        if (two)
            buf_text(&spelled, two);
        else
            buf_add(&spelled, rest.at, len);
        rest = (struct span){rest.at + len, rest.len - len};
    }
    buf_clear(&expansion->form);
    buf_span(&expansion->form, buf_as_span(&spelled));
    buf_clear(&expansion->plain);
    enum status status = spelled.failed || expansion->form.failed
                             ? STATUS_FATAL
                             : text_fold_written(buf_as_span(&spelled), true, &expansion->plain);
    buf_release(&spelled);
    return status == STATUS_OK ? store_entry(expansion, flags | ENTRY_PLAIN)
                               : fault_memory(expansion->fault);
}

/* Whether a form is found without its marks: where that is another word, never for Polish marks
 * (bąk, bak), with a capital where it is but a name. Foreign marks are mostly left out, and what
 * the dictionary knows without them is the same name (skoda). */
static uint16_t plain_flags(struct span whole, struct span plain, bool foreign) {
    unsigned kinds = span_equal(whole, plain) ? 0 : inflect_kinds(plain);
    if (!(kinds & WORD_POLISH) || (foreign && !(kinds & WORD_SEVERAL)))
        return ENTRY_PLAIN;
    return foreign || !(kinds & WORD_COMMON) ? ENTRY_PLAIN_CAPITAL : 0;
}

static enum status add_form(struct expansion *expansion, struct span form, uint16_t flags) {
    bool two;
    buf_clear(&expansion->form);
    buf_clear(&expansion->plain);
    buf_span(&expansion->form, expansion->before);
    buf_span(&expansion->form, form);
    struct span whole = buf_as_span(&expansion->form);
    if (text_fold_written(whole, true, &expansion->plain) != STATUS_OK || expansion->form.failed)
        return fault_memory(expansion->fault);
    bool foreign = has_foreign(whole, &two);
    if (!(flags & ENTRY_PLAIN))
        flags |= plain_flags(whole, buf_as_span(&expansion->plain), foreign);
    enum status status = store_entry(expansion, flags);
    return status == STATUS_OK && two ? store_two_letters(expansion, flags) : status;
}

static bool visit_form(struct span form, void *context) {
    struct expansion *expansion = context;
    uint16_t flags = expansion->flags;
    if (span_equal(form, expansion->lemma))
        return true;
    if (expansion->alone && !expansion->before.len && inflect_kinds(form) & WORD_SEVERAL)
        flags |= ENTRY_CAPITAL;
    expansion->status = add_form(expansion, form, flags);
    return expansion->status == STATUS_OK;
}

/* The kinds of what a form of the word makes together with what stands before it. */
static unsigned whole_kinds(struct expansion *expansion, struct span form) {
    if (expansion->before.len == 0)
        return inflect_kinds(form);
    buf_clear(&expansion->form);
    buf_span(&expansion->form, expansion->before);
    buf_span(&expansion->form, form);
    return inflect_kinds(buf_as_span(&expansion->form));
}

static bool visit_name(struct span form, void *context) {
    struct expansion *expansion = context;
    uint16_t flags = expansion->flags;
    if (span_equal(form, expansion->lemma))
        return true;
    bool other = whole_kinds(expansion, form) & (WORD_COMMON | WORD_ENGLISH);
    if (flags & ENTRY_WHOLE && other)
        flags &= (uint16_t)~ENTRY_WORD;
    else if (expansion->complete || (expansion->alone && other))
        flags |= ENTRY_CAPITAL;
    expansion->status = add_form(expansion, form, flags);
    return expansion->status == STATUS_OK;
}

static bool is_vowel(char byte) {
    return memchr("aeiouy", byte, 6) != NULL;
}

/* Not short names in a vowel, which stay as they are (PKO, PZU, OBI), nor numbers; but words in
 * which digits stand for letters. */
static bool takes_endings(const struct token *token, struct span word) {
    enum { LEET_MIN = 5 };
    bool vowel = word.len > 0 && is_vowel(word.at[word.len - 1]);
    bool acronym = (token->flags & TOKEN_CAPS) && word.len <= 4;
    size_t digits = 0;
    for (size_t i = 0; i < word.len; i++)
        digits += word.at[i] >= '0' && word.at[i] <= '9';
    if (digits && (word.len < LEET_MIN || digits > 2 || !is_lower(word.at[word.len - 1])))
        return false;
    return word.len >= 3 && !memchr(word.at, '&', word.len) &&
           !(vowel && (acronym || (word.len == 3 && word.at[2] != 'a')));
}

/* Names of two letters, or of digits and letters, take their endings behind a capital: HPa, 4Fu;
 * h&m any way. */
static enum status inflect_short(struct expansion *expansion, struct span word) {
    static const char *const short_endings[] = {"a", "u", "owi", "em", "ie", "y"};
    char form[32];
    uint16_t flags = expansion->flags;
    if (!memchr(word.at, '&', word.len))
        flags |= ENTRY_CAPITAL;
    if (word.len < 2 || word.len > 4 || !is_lower(word.at[word.len - 1]) ||
        is_vowel(word.at[word.len - 1]))
        return STATUS_OK;
    memcpy(form, word.at, word.len);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof short_endings / sizeof *short_endings && status == STATUS_OK;
         i++) {
        size_t len = strlen(short_endings[i]);
        memcpy(form + word.len, short_endings[i], len);
        status = add_form(expansion, (struct span){form, word.len + len}, flags);
    }
    return status;
}

/* Teslas, Toyotas: where the plural is no other word. */
static enum status add_english_plural(struct expansion *expansion, struct span word) {
    char form[64];
    if (word.len < 4 || word.len + 1 > sizeof form || memchr("sxz", word.at[word.len - 1], 3))
        return STATUS_OK;
    memcpy(form, word.at, word.len);
    form[word.len] = 's';
    struct span plural = {form, word.len + 1};
    unsigned base = whole_kinds(expansion, word);
    if (base & WORD_ENGLISH || whole_kinds(expansion, plural))
        return STATUS_OK;
    return add_form(expansion, plural, expansion->flags);
}

/* Dictionary words by their paradigm, also when they were typed without marks or in another form;
 * names, and what the dictionary lacks of a name (plurals, the other genitive), by rule. */
static enum status inflect_word(struct expansion *expansion, const struct token *token,
                                struct span word) {
    uint32_t before = expansion->set->entry_count;
    unsigned kinds = inflect_kinds(word);
    enum status status = inflect_lemma(word, visit_form, expansion);
    if (status == STATUS_END && !(kinds & WORD_POLISH))
        status = inflect_unmarked(word, visit_form, expansion);
    if (status != STATUS_FATAL)
        status = inflect_agreeing(word, visit_form, expansion);
    expansion->complete = expansion->set->entry_count > before && kinds & WORD_COMMON;
    if (status != STATUS_FATAL && takes_endings(token, word) &&
        !(expansion->complete && !expansion->single))
        status = inflect_name(word, visit_name, expansion);
    else if (status != STATUS_FATAL && expansion->single)
        status = inflect_short(expansion, word);
    if (status != STATUS_FATAL && expansion->single)
        status = add_english_plural(expansion, word);
    if (status == STATUS_FATAL)
        return fault_memory(expansion->fault);
    return expansion->status;
}

/* The word without its hyphens, apostrophes and ampersands; without them it is itself. */
static struct span join_word(struct span word, char joined[256]) {
    size_t len = 0;
    for (size_t i = 0; i < word.len && len < 256; i++)
        if (word.at[i] != '-' && word.at[i] != '&' && word.at[i] != '\'')
            joined[len++] = word.at[i];
    return len == 256 ? (struct span){joined, 0} : (struct span){joined, len};
}

/* Where the part of a compound begins that is inflected; what stands before stays as it is. */
static size_t last_part(struct span word) {
    size_t last = word.len;
    while (last > 0 && word.at[last - 1] != '-' && word.at[last - 1] != '\'')
        last--;
    return last;
}

/* mcdonalda, mcdonaldzie of mcdonald's: the name's endings without its s. */
static enum status inflect_possessive(struct expansion *expansion, const struct token *token,
                                      struct span word) {
    expansion->before = (struct span){"", 0};
    expansion->lemma = (struct span){word.at, word.len - 2};
    expansion->complete = false;
    if (!takes_endings(token, expansion->lemma) ||
        inflect_name(expansion->lemma, visit_name, expansion) != STATUS_FATAL)
        return expansion->status;
    return fault_memory(expansion->fault);
}

/* The compound written as one word (tmobile, loreal, epodróżnik), in all its forms. */
static enum status add_joined(struct expansion *expansion, const struct token *token,
                              struct span word, bool inflect) {
    char joined[256];
    struct span whole = join_word(word, joined);
    if (whole.len == word.len || whole.len == 0)
        return STATUS_OK;
    bool amp = memchr(word.at, '&', word.len); /* hm is no H&M */
    uint16_t flags = amp ? ENTRY_HASHTAG | ENTRY_HANDLE | ENTRY_DOMAIN : ENTRY_ANY;
    expansion->before = (struct span){"", 0};
    enum status status = add_form(expansion, whole, flags | ENTRY_PLAIN);
    if (status != STATUS_OK || !inflect || amp)
        return status;
    size_t tail = word.len - last_part(word);
    bool possessive = span_ends(word, "'s");
    expansion->before = (struct span){joined, possessive ? 0 : whole.len - tail};
    expansion->lemma =
        (struct span){joined + expansion->before.len, whole.len - expansion->before.len};
    status = inflect_word(expansion, token, expansion->lemma);
    return status == STATUS_OK && possessive ? inflect_possessive(expansion, token, word) : status;
}

/* Units, which are counted in small letters. */
static bool is_unit(struct span word) {
    static const char *const units[] = {
        "wolt",   "volt", "amper",  "wat",    "om",   "tesla", "weber",  "henr",   "kelwin",
        "newton", "dżul", "paskal", "pascal", "herc", "farad", "simens", "lumen",  "luks",
        "gram",   "metr", "litr",   "bar",    "mol",  "bit",   "bajt",   "karat",  "kaloria",
        "funt",   "mila", "uncja",  "cal",    "euro", "frank", "dolar",  "korona", "rubel"};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (span_is(word, units[i]))
            return true;
    return false;
}

static enum status expand_word(struct expansion *expansion, const struct tokens *tokens, uint32_t i,
                               bool inflect, uint16_t more) {
    const struct token *token = &tokens->at[i];
    struct span word = token_written(tokens, token);
    bool prefix = term_is_prefix(tokens, i), plain_word = token->kind == TOKEN_WORD && !prefix;
    uint16_t flags = token->kind == TOKEN_HASHTAG  ? ENTRY_HASHTAG
                     : token->kind == TOKEN_HANDLE ? ENTRY_HANDLE
                     : token->kind == TOKEN_URL    ? ENTRY_URL
                     : more & ENTRY_PLUS           ? ENTRY_WORD
                                                   : ENTRY_ANY;
    flags |= more;
    if (expansion->single && is_unit(word))
        flags |= ENTRY_UNIT;
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
    if (inflect && !span_ends(word, "'s")) {
        size_t last = last_part(word);
        expansion->before = (struct span){word.at, last};
        expansion->lemma = (struct span){word.at + last, word.len - last};
        status = inflect_word(expansion, token, expansion->lemma);
    }
    return status == STATUS_OK ? add_joined(expansion, token, word, inflect) : status;
}

#define WHOLE_WORD_MIN 5 /* bytes of a phrase that is looked for as a word when written as one */

/* The whole phrase as people write it in a hashtag or handle, and as a word in its forms. */
static enum status add_whole(struct expansion *expansion, const struct tokens *tokens,
                             bool inflect) {
    struct buf whole;
    uint32_t last = 0;
    size_t before = 0;
    buf_init(&whole, UINT16_MAX);
    for (uint32_t i = 0; i < tokens->count; i++)
        if (term_is_word(tokens, i)) {
            last = i;
            before = whole.len;
            buf_span(&whole, token_written(tokens, &tokens->at[i]));
        }
    struct span all = buf_as_span(&whole);
    uint16_t flags = ENTRY_HASHTAG | ENTRY_HANDLE | ENTRY_WHOLE | ENTRY_DOMAIN;
    bool word =
        all.len >= WHOLE_WORD_MIN && !(inflect_kinds_unmarked(all) & (WORD_COMMON | WORD_ENGLISH));
    if (word)
        flags |= ENTRY_WORD;
    expansion->before = (struct span){"", 0};
    enum status status = add_form(expansion, all, flags | ENTRY_PLAIN);
    if (status == STATUS_OK && word && inflect && tokens->at[last].kind == TOKEN_WORD &&
        !term_is_prefix(tokens, last)) {
        expansion->flags = flags;
        expansion->before = (struct span){all.at, before};
        expansion->lemma = (struct span){all.at + before, all.len - before};
        status = inflect_word(expansion, &tokens->at[last], expansion->lemma);
    }
    buf_release(&whole);
    return status;
}

/* The term as its spelling writes it. */
static void spell_term(const struct leaf *leaf, struct span text, struct buf *out) {
    bool joint = leaf->spelling == SPELLED_CAMEL || leaf->spelling == SPELLED_JOINED;
    buf_clear(out);
    if (joint) {
        buf_add(out, text.at, leaf->joined);
        buf_char(out, ' ');
        buf_add(out, text.at + leaf->joined, text.len - leaf->joined);
    } else if (leaf->spelling == SPELLED_PLUS) {
        buf_add(out, text.at, text.len - 1);
        buf_text(out, " plus");
    } else {
        buf_span(out, text);
    }
}

/* In Post, of InPost, is an English phrase too: where a word is short both need their capitals. */
static uint16_t joint_flags(const struct leaf *leaf) {
    bool is_short = leaf->joined < JOINED_WORD_MIN || leaf->len - leaf->joined < JOINED_WORD_MIN;
    return leaf->spelling == SPELLED_CAMEL && is_short ? ENTRY_CAPITAL : 0;
}

static enum status keep_typed(struct expansion *expansion, const struct tokens *tokens,
                              uint32_t i) {
    const struct token *token = &tokens->at[i];
    expansion->typed_len = (uint16_t)token->len;
    return query_keep(expansion->set, (struct span){tokens->text.at + token->at, token->len},
                      &expansion->typed, expansion->fault);
}

static enum status expand_leaf(struct expansion *expansion, struct tokens *tokens,
                               struct buf *spelled, bool inflect) {
    struct leaf *leaf = &expansion->set->leaves[expansion->leaf];
    struct span text = {expansion->set->brands[leaf->brand].query + leaf->at, leaf->len};
    bool parts = leaf->spelling == SPELLED_APART || leaf->spelling == SPELLED_AMP;
    spell_term(leaf, text, spelled);
    enum status status = spelled->failed
                             ? fault_memory(expansion->fault)
                             : tokens_read(tokens, buf_as_span(spelled), expansion->fault);
    bool plus = leaf->spelling == SPELLED_TYPED && text.len > 1 && text.at[text.len - 1] == '+';
    expansion->word = 0;
    expansion->typed_len = 0;
    expansion->single = leaf->words == 1;
    expansion->alone = expansion->single && leaf->decides && !leaf->cased;
    for (uint32_t i = 0; i < tokens->count && status == STATUS_OK; i++) {
        bool part = tokens->at[i].flags & TOKEN_PART;
        if (!(parts ? part : term_is_word(tokens, i)) || expansion->word == leaf->words)
            continue;
        bool last = expansion->word + 1 == leaf->words;
        struct span plain = token_plain(tokens, &tokens->at[i]);
        leaf->text_len = leaf->words == 1 ? (uint32_t)plain.len : 0;
        if (leaf->words == 1)
            status = query_keep(expansion->set, plain, &leaf->text, expansion->fault);
        if (leaf->cased)
            status = keep_typed(expansion, tokens, i);
        if (status != STATUS_OK)
            break;
        status = expand_word(expansion, tokens, i, inflect,
                             plus && last ? ENTRY_PLUS : joint_flags(leaf));
        expansion->word++;
    }
    expansion->single = expansion->alone = false;
    if (leaf->words > 1)
        expansion->typed_len = 0; /* written as one, its first capitals are what tags have */
    if (status == STATUS_OK && leaf->words > 1 && !parts && !plus &&
        leaf->spelling != SPELLED_CAMEL && leaf->spelling != SPELLED_JOINED)
        status = add_whole(expansion, tokens, inflect);
    return status;
}

enum status query_expand(struct query_set *set, const struct query_brand *brand, bool inflect,
                         struct fault *fault) {
    if (brand->node_first == brand->node_end)
        return STATUS_OK;
    struct expansion expansion = {.set = set, .fault = fault, .status = STATUS_OK};
    struct tokens tokens;
    struct buf spelled;
    tokens_init(&tokens);
    buf_init(&spelled, TEXT_MAX_BYTES);
    buf_init(&expansion.form, TEXT_MAX_BYTES * 4);
    buf_init(&expansion.plain, TEXT_MAX_BYTES * 16);
    enum status status = STATUS_OK;
    const struct node *root = &set->nodes[brand->node_end - 1];
    for (uint32_t i = root->leaf_first; i < root->leaf_end && status == STATUS_OK; i++) {
        if (set->leaves[i].kind != LEAF_WORDS)
            continue;
        expansion.leaf = i;
        status = expand_leaf(&expansion, &tokens, &spelled, inflect);
    }
    buf_release(&expansion.form);
    buf_release(&expansion.plain);
    buf_release(&spelled);
    tokens_release(&tokens);
    return status;
}
