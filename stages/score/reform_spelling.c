#include "stages/score/reform_spelling.h"
#include "stages/text/inflect.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const boosters[] = {"super", "mega",  "ekstra", "extra",
                                       "hiper", "ultra", "pseudo"};

static bool is_listed(const struct rules_lexicons *lexicons, struct span form) {
    struct token token = {.hash = token_hash(form), .plain_hash = token_hash(form)};
    for (unsigned i = 0; i < lexicons->count; i++)
        if (lexicon_find(&lexicons->layers[i], lexicon_token_hash(&token)))
            return true;
    return false;
}

static bool is_polish(struct span form) {
    return inflect_kinds_unmarked(form) & WORD_POLISH || inflect_known(form);
}

static bool ends_with_one(struct span form, const char *const *endings, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (span_ends(form, endings[i]))
            return true;
    return false;
}

/* Participles, comparatives and superlatives by their ends, with and without Polish marks. */
static bool is_graded(struct span form) {
    static const char *const endings[] = {
        "ny",  "na",  "ne",  "ni",    "nych",  "nego",  "nej",  "nym",   "nymi",  "nemu", "ną",
        "ty",  "ta",  "te",  "ci",    "tych",  "tego",  "tej",  "tym",   "tymi",  "temu", "tą",
        "ący", "ąca", "ące", "acy",   "ących", "ącego", "ącej", "ącym",  "ącymi", "ącą",  "szy",
        "sza", "sze", "si",  "szych", "szego", "szej",  "szym", "szymi", "szą",   "iej"};
    return span_starts(form, "naj") || ends_with_one(form, endings, COUNT(endings));
}

/* Relational adjectives of a compound noun: supermarketowy. */
static bool is_relational(struct span form) {
    static const char *const endings[] = {"owy",  "owa",   "owe",   "owego", "owej",
                                          "owym", "owych", "owymi", "ową",   "owi"};
    return ends_with_one(form, endings, COUNT(endings));
}

static bool is_adjectival(struct span form) {
    static const char *const endings[] = {"y",  "a",   "e",   "i",   "ego", "ej",  "ym",
                                          "im", "ych", "ich", "ymi", "imi", "emu", "ą"};
    return ends_with_one(form, endings, COUNT(endings)) && !is_relational(form);
}

static uint32_t booster_len(struct span form) {
    for (size_t i = 0; i < COUNT(boosters); i++)
        if (span_starts(form, boosters[i]))
            return (uint32_t)strlen(boosters[i]);
    return 0;
}

/* Which second letters follow a first one in "nie" and in the boosters, as bits: few words begin
 * so, and the others are left as they are. */
#define LETTER(letter) ((letter)&31)
#define SECOND(letter) (1u << LETTER(letter))
static const uint32_t second_letters[32] = {
    [LETTER('n')] = SECOND('i'), [LETTER('s')] = SECOND('u'),
    [LETTER('m')] = SECOND('e'), [LETTER('e')] = SECOND('k') | SECOND('x'),
    [LETTER('h')] = SECOND('i'), [LETTER('u')] = SECOND('l'),
    [LETTER('p')] = SECOND('s')};

/* Forms have readable bytes behind them. */
static inline bool may_change(const struct tokens *tokens, const struct token *token) {
    const char *form = tokens->forms + token->form;
    bool begins = second_letters[LETTER(form[0])] >> LETTER(form[1]) & 1;
    return begins & (token->kind == TOKEN_WORD);
}

static uint32_t next_change(const struct tokens *tokens, uint32_t from) {
    const struct token *at = tokens->at + from, *end = tokens->at + tokens->count;
    while (at < end && !may_change(tokens, at))
        at++;
    return (uint32_t)(at - tokens->at);
}

static bool is_plain_word(const struct token *token) {
    return token->kind == TOKEN_WORD && !(token->flags & (TOKEN_PART | TOKEN_ELONGATED));
}

/* Bytes of the first word when the token is two that are written as one, else 0. */
static uint32_t split_at(const struct rules_lexicons *lexicons, const struct tokens *tokens,
                         const struct token *token) {
    struct span form = token_form(tokens, token);
    bool negated = span_starts(form, "nie");
    uint32_t len = negated ? 3 : booster_len(form);
    if (!len || form.len < len + 4 || is_listed(lexicons, form))
        return 0;
    struct span rest = {form.at + len, form.len - len};
    if (rest.at[0] == '-' || !is_polish(rest))
        return 0;
    if (negated)
        return is_graded(rest) && !span_is(rest, "mniej") ? len : 0;
    bool word = inflect_kinds(form) & WORD_POLISH;
    return !word || is_listed(lexicons, rest) || is_adjectival(form) ? len : 0;
}

/* The parts of "super-miła" stand for themselves. */
static bool is_boosted_compound(const struct tokens *tokens, uint32_t i) {
    const struct token *token = &tokens->at[i];
    if (!is_plain_word(token) || i + 2 >= tokens->count ||
        !(tokens->at[i + 2].flags & TOKEN_PART) ||
        (i + 3 < tokens->count && tokens->at[i + 3].flags & TOKEN_PART))
        return false;
    struct span first = token_form(tokens, &tokens->at[i + 1]);
    return booster_len(first) == first.len && token_form(tokens, token).at[first.len] == '-';
}

/* "nie" and a word that the lexicon has joined with it. */
static bool is_apart(const struct rules_lexicons *lexicons, const struct tokens *tokens,
                     uint32_t i) {
    char joined[64] = "nie";
    if (i + 1 >= tokens->count || !span_is(token_form(tokens, &tokens->at[i]), "nie"))
        return false;
    const struct token *next = &tokens->at[i + 1];
    struct span rest = token_form(tokens, next);
    bool single = i + 2 >= tokens->count || !(tokens->at[i + 2].flags & TOKEN_PART);
    if (!is_plain_word(next) || !single || next->flags & (TOKEN_SENTENCE | TOKEN_NEWLINE) ||
        rest.len < 4 || rest.len + 3 > sizeof joined || span_is(rest, "mniej"))
        return false;
    memcpy(joined + 3, rest.at, rest.len);
    struct span whole = {joined, rest.len + 3};
    return is_listed(lexicons, whole) && inflect_kinds_unmarked(whole) & WORD_POLISH;
}

/* Appends bytes to the forms; where they are. */
static uint32_t put_form(struct reformed *reformed, struct span bytes) {
    struct tokens *tokens = &reformed->tokens;
    uint32_t at = tokens->forms_len;
    memcpy(reformed->forms + at, bytes.at, bytes.len);
    tokens->forms_len += (uint32_t)bytes.len;
    return at;
}

static struct token *put_token(struct reformed *reformed, struct token token, uint32_t from) {
    uint32_t at = reformed->tokens.count++;
    reformed->moved_from[at] = from;
    reformed->at[at] = token;
    return &reformed->at[at];
}

static void set_hashes(struct reformed *reformed, struct token *token) {
    token->hash = token_hash(token_form(&reformed->tokens, token));
    token->plain_hash = token_hash(token_plain(&reformed->tokens, token));
}

static void put_split(struct reformed *reformed, const struct token *token, uint32_t from,
                      uint32_t len) {
    struct token first = *token, second = *token;
    first.len = first.form_len = first.plain_len = len;
    first.plain = first.form;
    first.flags &= (uint8_t)~TOKEN_DIACRITICS;
    second.at += len;
    second.len -= len;
    second.form += len;
    second.form_len -= len;
    second.plain += len;
    second.plain_len -= len;
    second.flags &= (uint8_t) ~(TOKEN_CAPITALISED | TOKEN_SENTENCE | TOKEN_NEWLINE);
    if (token->flags & TOKEN_CAPS)
        second.flags |= TOKEN_CAPITALISED;
    set_hashes(reformed, put_token(reformed, first, from));
    set_hashes(reformed, put_token(reformed, second, from));
    reformed->tokens.words++;
}

static void put_joined(struct reformed *reformed, const struct token *nie, uint32_t from) {
    const struct token *next = nie + 1;
    struct token whole = *nie;
    struct tokens *tokens = &reformed->tokens;
    whole.len = next->at + next->len - nie->at;
    whole.form = put_form(reformed, token_form(tokens, nie));
    put_form(reformed, token_form(tokens, next));
    whole.form_len = tokens->forms_len - whole.form;
    whole.plain = put_form(reformed, token_form(tokens, nie));
    put_form(reformed, token_plain(tokens, next));
    whole.plain_len = tokens->forms_len - whole.plain;
    whole.flags |= next->flags & TOKEN_DIACRITICS;
    if (!(next->flags & TOKEN_CAPS))
        whole.flags &= (uint8_t)~TOKEN_CAPS;
    set_hashes(reformed, put_token(reformed, whole, from));
    tokens->words--;
}

enum change { CHANGE_NONE, CHANGE_SPLIT, CHANGE_JOIN, CHANGE_UNBIND };

static enum change change_of(const struct rules_lexicons *lexicons, const struct tokens *tokens,
                             uint32_t i, uint32_t *len) {
    const struct token *token = &tokens->at[i];
    if (!is_plain_word(token) || token->form_len < 3)
        return CHANGE_NONE;
    if (token->form_len == 3)
        return is_apart(lexicons, tokens, i) ? CHANGE_JOIN : CHANGE_NONE;
    if (is_boosted_compound(tokens, i))
        return CHANGE_UNBIND;
    bool whole = i + 1 >= tokens->count || !(tokens->at[i + 1].flags & TOKEN_PART);
    *len = whole ? split_at(lexicons, tokens, token) : 0;
    return *len ? CHANGE_SPLIT : CHANGE_NONE;
}

static bool begin(struct reformed *reformed, const struct tokens *tokens) {
    enum { SLACK = 32 };
    /* each change adds one token and fewer bytes than its two words have */
    if (tokens->count * 2 > REFORM_TOKENS_MAX || tokens->forms_len * 2 + SLACK > REFORM_BYTES_MAX)
        return false;
    reformed->tokens = *tokens;
    reformed->tokens.at = reformed->at;
    reformed->tokens.forms = reformed->forms;
    reformed->tokens.count = 0;
    memcpy(reformed->forms, tokens->forms, tokens->forms_len);
    return true;
}

static void move_focus(const struct reformed *reformed, struct score_focus *focus) {
    uint32_t first = focus->first, last = focus->last, count = reformed->tokens.count;
    uint32_t at = 0;
    if (last == UINT32_MAX)
        return;
    while (at + 1 < count && reformed->moved_from[at + 1] <= first)
        at++;
    while (at > 0 && reformed->moved_from[at - 1] == reformed->moved_from[at])
        at--;
    focus->first = at;
    while (at + 1 < count && reformed->moved_from[at + 1] <= last)
        at++;
    focus->last = at;
}

const struct tokens *reform_spelling(struct reformed *reformed,
                                     const struct rules_lexicons *lexicons,
                                     const struct tokens *tokens, struct score_focus *focus) {
    bool begun = false;
    uint32_t len = 0;
    for (uint32_t i = next_change(tokens, 0); i < tokens->count;
         i = begun ? i + 1 : next_change(tokens, i + 1)) {
        enum change change =
            may_change(tokens, &tokens->at[i]) ? change_of(lexicons, tokens, i, &len) : CHANGE_NONE;
        if (change == CHANGE_NONE) {
            if (begun)
                put_token(reformed, tokens->at[i], i);
            continue;
        }
        if (!begun) {
            if (!begin(reformed, tokens))
                return tokens;
            for (uint32_t j = 0; j < i; j++)
                put_token(reformed, tokens->at[j], j);
            begun = true;
        }
        if (change == CHANGE_SPLIT) {
            put_split(reformed, &tokens->at[i], i, len);
        } else if (change == CHANGE_JOIN) {
            put_joined(reformed, &tokens->at[i], i);
            i++;
        } else {
            for (uint32_t part = 1; part <= 2; part++) {
                struct token *word = put_token(reformed, tokens->at[i + part], i + part);
                word->flags &= (uint8_t)~TOKEN_PART;
            }
            reformed->at[reformed->tokens.count - 2].flags |=
                tokens->at[i].flags & (TOKEN_SENTENCE | TOKEN_NEWLINE);
            reformed->tokens.words++;
            i += 2;
        }
    }
    if (!begun)
        return tokens;
    move_focus(reformed, focus);
    return &reformed->tokens;
}
