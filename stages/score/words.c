#include "stages/score/words.h"

#include "stages/score/lanes.h"

#include <endian.h>

enum { DETAILS_MAX = 1 << (32 - SAYS_BITS) };

/* Only what our own lexicon says is kept. */
static inline bool are_ours(const struct rules_lexicons *lexicons) {
    return lexicons->count == 1 && lexicons->layers[0].header->details.count < DETAILS_MAX;
}

static bool is_named(const struct token *token) { /* for what it is, not for its spelling */
    return token->kind == TOKEN_URL || token->kind == TOKEN_HANDLE;
}

static bool has_parts(const struct tokens *tokens, uint32_t number) {
    return number + 1 < tokens->count && (tokens->at[number + 1].flags & TOKEN_PART);
}

/* Quotation marks and apostrophes do not end a clause; every other punctuation does. */
static uint32_t says_punctuation(struct span form) {
    uint32_t says = 0;
    for (size_t i = 0; i < form.len; i++)
        says |= form.at[i] == '!' ? SAYS_SHOUTS : form.at[i] == '?' ? SAYS_ASKS : 0;
    if (span_starts(form, "...") || span_starts(form, "\xE2\x80\xA6"))
        says |= SAYS_DOTS;
    return form.len && !memchr("\"'/*&", form.at[0], 5) ? says | SAYS_CLAUSE : says;
}

static uint32_t says_entry(const struct lexicon_entry *entry) {
    uint32_t says = SAYS_ENTRY;
    says |= entry->flags & ENTRY_PHRASE ? SAYS_PHRASE : 0;
    says |= entry->flags & ENTRY_STARTS ? SAYS_STARTS : 0;
    says |= entry->flags & ENTRY_EMOJI ? SAYS_EMOJI : 0;
    if (entry->modifier != MODIFIER_NONE)
        says |= entry->modifier == MODIFIER_PERSON ? SAYS_PERSON : SAYS_MODIFIES;
    says |= entry->modifier == MODIFIER_NEGATOR ? SAYS_NEGATES : 0;
    return says;
}

static const struct lexicon_entry *find_entry(const struct rules_lexicons *lexicons, uint64_t hash,
                                              uint32_t *layer) {
    for (*layer = 0; *layer < lexicons->count; ++*layer) {
        const struct lexicon_entry *entry = lexicon_find(&lexicons->layers[*layer], hash);
        if (entry)
            return entry;
    }
    *layer = 0;
    return NULL;
}

/* What the lexicons have of a token. */
static void look_up(const struct rules_lexicons *lexicons, const struct tokens *tokens,
                    uint32_t number, struct word *out) {
    const struct token *token = &tokens->at[number];
    *out = (struct word){0};
    if (token->kind == TOKEN_PUNCT)
        out->says = (uint16_t)says_punctuation(token_form(tokens, token));
    if (is_named(token))
        return;
    const struct lexicon_entry *entry =
        find_entry(lexicons, lexicon_token_hash(token), &out->layer);
    if (!entry && has_parts(tokens, number)) {
        out->says |= SAYS_SKIP;
        return;
    }
    if (!entry && token->kind == TOKEN_HASHTAG)
        entry = find_entry(lexicons, token->hash, &out->layer);
    if (!entry)
        return;
    out->says |= (uint16_t)says_entry(entry);
    out->valence = entry->valence;
    out->detail = entry->detail;
}

/* Everything that a word says depends on, but the spelling: numbers count by their length,
 * punctuation by its repetition, compounds by whether their parts follow. */
static inline uint16_t entry_key(const struct words *words, const struct rules_lexicons *lexicons,
                                 const struct tokens *tokens, uint32_t number, uint32_t len) {
    const struct token *token = &tokens->at[number];
    unsigned variant = token->kind == TOKEN_NUMBER
                           ? (unsigned)(token->len > 2) + (token->len > 4)
                           : (unsigned)has_parts(tokens, number) | (token->repeat > 1);
    unsigned summed = words->index ? 1u + words->journey : 0;
    return (uint16_t)(len | (unsigned)token->kind << 5 | (unsigned)lexicons->language << 8 |
                      ((token->flags & TOKEN_PART) != 0) << 10 | variant << 11 | summed << 13 |
                      are_ours(lexicons) << 15);
}

/* Whether the spelling tells the plain form: not where tags of mixed scripts are split. */
static bool tells_plain(struct span form, const struct token *token) {
    for (size_t i = 0; token->kind == TOKEN_HASHTAG && i < form.len; i++)
        if ((unsigned char)form.at[i] >= 0xCD)
            return false;
    return true;
}

static void sum_word(const struct words *words, const struct tokens *tokens,
                     const struct token *token, int16_t out[NGRAM_SUMS]) {
    uint32_t ngrams[WORD_NGRAMS_MAX];
    int32_t sums[NGRAM_SUMS] = {0};
    uint32_t count = ngrams_of_word(tokens, token, ngrams);
    ngrams_sum(words->index, ngrams, count, words->journey, sums);
    sums[3] = (int32_t)count;
    for (unsigned i = 0; i < NGRAM_SUMS; i++)
        out[i] = (int16_t)sums[i];
}

/* A spelling of up to 16 bytes, zeros behind its end. Forms have more readable bytes behind. */
#ifdef __SSE2__
typedef __m128i spelling;

static inline spelling spelling_load(const char *at, uint32_t len) {
    static const uint8_t masks[32] = {255, 255, 255, 255, 255, 255, 255, 255,
                                      255, 255, 255, 255, 255, 255, 255, 255};
    __m128i mask = _mm_loadu_si128((const void *)(masks + 16 - len));
    return _mm_and_si128(_mm_loadu_si128((const void *)at), mask);
}

static inline bool spelling_is(const struct words_entry *entry, spelling form) {
    __m128i kept = _mm_loadu_si128((const void *)entry->spelling);
    return _mm_movemask_epi8(_mm_cmpeq_epi8(kept, form)) == 0xFFFF;
}
#else
typedef struct {
    uint64_t of[2];
} spelling;

static inline spelling spelling_load(const char *at, uint32_t len) {
    spelling form = {{0, 0}};
    memcpy(form.of, at, len);
    return form;
}

static inline bool spelling_is(const struct words_entry *entry, spelling form) {
    return entry->spelling[0] == form.of[0] && entry->spelling[1] == form.of[1];
}
#endif

static __attribute__((noinline)) void fill_entry(const struct words *words,
                                                 const struct rules_lexicons *lexicons,
                                                 const struct tokens *tokens, uint32_t number,
                                                 uint16_t key, struct words_entry *entry) {
    const struct token *token = &tokens->at[number];
    struct span form = token_form(tokens, token);
    uint32_t len = key & 31;
    bool fits = is_named(token) || form.len <= WORD_BYTES;
    entry->key = fits && tells_plain(form, token) ? key : 0;
    spelling spelled = spelling_load(form.at, len);
    memcpy(entry->spelling, &spelled, sizeof entry->spelling);
    entry->says = 0;
    entry->valence = 0;
    if (are_ours(lexicons)) {
        struct word word;
        look_up(lexicons, tokens, number, &word);
        entry->says = word.detail << SAYS_BITS | word.says;
        entry->valence = word.valence;
    }
    if (words->index)
        sum_word(words, tokens, token, entry->sums);
}

static inline struct words_entry *place_of(struct words *words, const struct token *token) {
    uint32_t place = is_named(token) ? token->kind : token->hash % WORDS_KEPT;
    return &words->entries[is_named(token) || token->form_len <= WORD_BYTES ? place : WORDS_KEPT];
}

static inline const struct words_entry *find_word(struct words *words,
                                                  const struct rules_lexicons *lexicons,
                                                  const struct tokens *tokens, uint32_t number) {
    const struct token *token = &tokens->at[number];
    struct words_entry *entry = place_of(words, token);
    uint32_t len = is_named(token) || token->form_len > WORD_BYTES ? 0 : token->form_len;
    uint16_t key = entry_key(words, lexicons, tokens, number, len);
    spelling form = spelling_load(tokens->forms + token->form, len);
    if (entry->key != key || !spelling_is(entry, form))
        fill_entry(words, lexicons, tokens, number, key, entry);
    return entry;
}

void words_begin(struct words *words) {
    memset(words->sums, 0, sizeof words->sums);
    words->before = NGRAM_NO_WORD;
    words->pair_count = 0;
}

static inline void take_sums(struct words *words, lanes_4x32 sums[NGRAM_SUMS / 4],
                             const struct words_entry *entry, const struct token *token) {
    for (unsigned i = 0; i < (words->journey ? NGRAM_SUMS / 4 : 1); i++)
        sums[i] += lanes_widen(entry->sums + 4 * i);
    words->pair_count += ngrams_pair(token, &words->before, &words->pairs[words->pair_count]);
}

void words_read(struct words *words, const struct rules_lexicons *lexicons,
                const struct tokens *tokens, uint32_t from, uint32_t count, struct word *out) {
    bool ours = are_ours(lexicons), summed = words->index && from < NGRAM_TOKENS;
    lanes_4x32 sums[NGRAM_SUMS / 4];
    memcpy(sums, words->sums, sizeof sums);
    for (uint32_t i = 0; i < count; i++)
        __builtin_prefetch(place_of(words, &tokens->at[from + i]));
    for (uint32_t i = 0; i < count; i++) {
        const struct words_entry *entry = find_word(words, lexicons, tokens, from + i);
        out[i] = (struct word){entry->says >> SAYS_BITS, entry->says & ((1 << SAYS_BITS) - 1),
                               entry->valence, 0};
        if (summed)
            take_sums(words, sums, entry, &tokens->at[from + i]);
        if (!ours)
            look_up(lexicons, tokens, from + i, &out[i]);
    }
    memcpy(words->sums, sums, sizeof sums);
}
_Static_assert(NGRAM_TOKENS % WORDS_AT_ONCE == 0, "what is summed ends with a call");

void words_end(struct words *words) {
    if (!words->index)
        return;
    ngrams_sum(words->index, words->pairs, words->pair_count, words->journey, words->sums);
    words->sums[3] += (int32_t)words->pair_count;
}
