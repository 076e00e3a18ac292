#include "stages/score/word_table.h"

#include "stages/score/simd_i16.h"
#include "stages/text/inflect.h"

#include <endian.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { DETAILS_MAX = 1 << (32 - WORD_FLAG_BITS), WORDS_BESIDE = 4 };

/* Only what our own lexicon says is kept. */
static inline bool are_ours(const struct rules_lexicons *lexicons) {
    return lexicons->count == 1 && lexicons->layers[0].header->details.count < DETAILS_MAX;
}

static bool is_named(const struct token *token) { /* for what it is, not for its spelling */
    return token->kind == TOKEN_URL || token->kind == TOKEN_HANDLE || token->kind == TOKEN_NAME;
}

/* Quotation marks and apostrophes do not end a clause; every other punctuation does. */
static uint32_t punctuation_flags(struct span form) {
    uint32_t word_flags = 0;
    for (size_t i = 0; i < form.len; i++)
        word_flags |= form.at[i] == '!' ? WORD_SHOUTS : form.at[i] == '?' ? WORD_ASKS : 0;
    if (span_starts(form, "...") || span_starts(form, "\xE2\x80\xA6"))
        word_flags |= WORD_DOTS;
    return form.len && !memchr("\"'/*&", form.at[0], 5) ? word_flags | WORD_CLAUSE : word_flags;
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
struct word {
    uint32_t detail, layer;
    uint16_t word_flags;
    int16_t valence;
};

static void look_up(const struct rules_lexicons *lexicons, const struct tokens *tokens,
                    uint32_t number, struct word *out) {
    const struct token *token = &tokens->at[number];
    *out = (struct word){0};
    if (token->kind == TOKEN_PUNCT)
        out->word_flags = (uint16_t)punctuation_flags(token_form(tokens, token));
    if (is_named(token))
        return;
    const struct lexicon_entry *entry =
        find_entry(lexicons, lexicon_token_hash(token), &out->layer);
    bool has_parts = number + 1 < tokens->count && (token[1].flags & TOKEN_PART);
    if (!entry && has_parts) {
        out->word_flags |= WORD_SKIP;
        return;
    }
    if (!entry && token->kind == TOKEN_HASHTAG)
        entry = find_entry(lexicons, token->hash, &out->layer);
    if (!entry)
        return;
    uint32_t word_flags = WORD_ENTRY;
    word_flags |= entry->flags & ENTRY_PHRASE ? WORD_PHRASE : 0;
    word_flags |= entry->flags & ENTRY_STARTS ? WORD_STARTS : 0;
    word_flags |= entry->flags & ENTRY_EMOJI ? WORD_EMOJI : 0;
    if (entry->modifier != MODIFIER_NONE)
        word_flags |= entry->modifier == MODIFIER_PERSON ? WORD_PERSON : WORD_MODIFIES;
    word_flags |= entry->modifier == MODIFIER_NEGATOR ? WORD_NEGATES : 0;
    out->word_flags |= (uint16_t)word_flags;
    out->valence = entry->valence;
    out->detail = entry->detail;
}

/* How tokens of a kind are kept: by their spelling, or just by what they are. */
struct kind_row {
    uint32_t hash_mask;
    uint16_t key, len_mask;
};

#define SPELLED(kind) [kind] = {UINT32_MAX, (kind) << 5, UINT16_MAX}
#define NAMED(kind) [kind] = {0, (kind) << 5, 0}
static const struct kind_row kind_rows[TOKEN_KINDS] = {
    SPELLED(TOKEN_WORD), SPELLED(TOKEN_NUMBER), SPELLED(TOKEN_HASHTAG), NAMED(TOKEN_HANDLE),
    NAMED(TOKEN_URL), SPELLED(TOKEN_EMOJI), SPELLED(TOKEN_EMOTICON), SPELLED(TOKEN_PUNCT),
    /* there are three bits for the kind: a word without letters */
    [TOKEN_NAME] = {0, TOKEN_WORD << 5, 0}};

enum {
    KEY_PART = 1 << 10,
    KEY_VARIANT = 1 << 11,
    KEY_CAPITAL = 1 << 12,
    KEY_SUMMED = 1 << 13,
    KEY_OURS = 1 << 15
};

/* Where a token is kept, and its key: everything that a word says depends on but the spelling.
 * Numbers count by their length, punctuation by its repetition, compounds by whether their parts
 * follow, words with a capital as perhaps names. */
struct look {
    uint32_t place, key;
};

/* A spelling of up to 16 bytes, zeros behind its end. Forms have more readable bytes behind. */
#ifdef __SSE2__
typedef __m128i spelling;

static inline spelling spelling_load(const char *at, uint32_t len) {
    static const uint8_t masks[32] = {255, 255, 255, 255, 255, 255, 255, 255,
                                      255, 255, 255, 255, 255, 255, 255, 255};
    __m128i mask = _mm_loadu_si128((const void *)(masks + 16 - len));
    return _mm_and_si128(_mm_loadu_si128((const void *)at), mask);
}

static inline bool spelling_is(const struct word_table_entry *entry, spelling form) {
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

static inline bool spelling_is(const struct word_table_entry *entry, spelling form) {
    return entry->spelling[0] == form.of[0] && entry->spelling[1] == form.of[1];
}
#endif

bool word_is_strange(enum language language, const struct ngram_vocabulary *vocabulary,
                     const struct tokens *tokens, const struct token *token) {
    bool capital = token->flags & (TOKEN_CAPS | TOKEN_CAPITALISED);
    if (token->kind != TOKEN_HASHTAG && (token->kind != TOKEN_WORD || !capital))
        return false;
    return !ngram_vocabulary_has(vocabulary, token->plain_hash) &&
           (language != LANGUAGE_PL || !inflect_known(token_form(tokens, token)));
}

static void fill_entry(const struct word_table *words, const struct rules_lexicons *lexicons,
                       const struct tokens *tokens, uint32_t number, uint16_t key,
                       struct word_table_entry *entry) {
    const struct token *token = &tokens->at[number];
    struct span form = token_form(tokens, token);
    /* the spelling tells the plain form, but for tags of mixed scripts, which are split */
    bool kept = is_named(token) || form.len <= WORD_BYTES;
    for (size_t i = 0; token->kind == TOKEN_HASHTAG && i < form.len; i++)
        kept &= (unsigned char)form.at[i] < 0xCD;
    entry->key = kept ? key : 0;
    spelling spelled = spelling_load(form.at, key & 31);
    memcpy(entry->spelling, &spelled, sizeof entry->spelling);
    entry->word_flags = 0;
    entry->valence = 0;
    if (are_ours(lexicons)) {
        struct word word;
        look_up(lexicons, tokens, number, &word);
        entry->word_flags = word.detail << WORD_FLAG_BITS | word.word_flags;
        entry->valence = word.valence;
    }
    if (!words->index)
        return;
    uint32_t ngrams[WORD_NGRAMS_MAX];
    int32_t sums[NGRAM_SUMS] = {0};
    bool strange = word_is_strange(lexicons->language, &words->index->vocabulary, tokens, token);
    entry->word_flags |= strange * (unsigned)WORD_STRANGE;
    uint32_t count = ngrams_of_word(tokens, token, strange, ngrams);
    struct ngram_rows rows;
    ngrams_choose(words->index, ngrams, count, &rows);
    ngrams_add(words->index, &rows, sums);
    sums[3] = (int32_t)count;
    for (unsigned i = 0; i < NGRAM_SUMS; i++)
        entry->sums[i] = (int16_t)sums[i];
}

/* A word that is not in its place may be in one beside it, where words go that make room. Now and
 * then it takes its place back: the commonest of those that share it is mostly there. */
static __attribute__((noinline)) const struct word_table_entry *
bring_entry(struct word_table *words, const struct rules_lexicons *lexicons,
            const struct tokens *tokens, uint32_t number, const struct look *look) {
    struct word_table_entry *entry = &words->entries[look->place];
    spelling form = spelling_load(tokens->forms + tokens->at[number].form, look->key & 31);
    if (look->place == WORDS_KEPT) {
        fill_entry(words, lexicons, tokens, number, (uint16_t)look->key, entry);
        return entry;
    }
    uint32_t turn = words->turn++;
    for (uint32_t i = 1; i < WORDS_BESIDE; i++) {
        struct word_table_entry *beside = &words->entries[look->place ^ i];
        if (beside->key != look->key || !spelling_is(beside, form))
            continue;
        if (turn % 4)
            return beside;
        struct word_table_entry moved = *entry;
        *entry = *beside;
        *beside = moved;
        return entry;
    }
    words->entries[look->place ^ (1 + turn % (WORDS_BESIDE - 1))] = *entry;
    fill_entry(words, lexicons, tokens, number, (uint16_t)look->key, entry);
    return entry;
}

/* Keys tell apart what would else share a place: a word of two languages, with and without a
 * capital. */
static inline uint32_t place_of(const struct token *token, const struct kind_row *row,
                                uint32_t key) {
    uint32_t spread = key * 0x9E3779B1u >> 16;
    return (((uint32_t)token->hash & row->hash_mask) ^ spread) % WORDS_KEPT;
}

/* Looks for all tokens before any is read: the waits for memory overlap. */
static unsigned look_ahead(const struct word_table *words, const struct rules_lexicons *lexicons,
                           const struct tokens *tokens, uint32_t from, uint32_t count,
                           struct look *looks, const struct word_table_block *out) {
    uint8_t *kinds = out->kinds, *flags = out->flags;
    uint32_t shared = (uint32_t)lexicons->language << 8 | are_ours(lexicons) * KEY_OURS;
    shared |= words->index ? (uint32_t)KEY_SUMMED : 0;
    const struct token *token = &tokens->at[from + count];
    uint8_t flags_after = from + count < tokens->count ? token->flags : 0, any = 0;
    for (uint32_t i = count; i-- > 0;) {
        token--;
        const struct kind_row *row = &kind_rows[token->kind];
        uint32_t len = token->form_len & row->len_mask, key = shared | row->key;
        key |= (token->flags & TOKEN_PART ? KEY_PART : 0) |
               (flags_after & TOKEN_PART ? KEY_VARIANT : 0) | (token->repeat > 1) * KEY_VARIANT;
        if (token->kind == TOKEN_NUMBER)
            key += ((token->len > 2) + (token->len > 4)) * (unsigned)KEY_VARIANT;
        bool capital = token->flags & (TOKEN_CAPS | TOKEN_CAPITALISED);
        key |= (capital & (token->kind == TOKEN_WORD)) * (unsigned)KEY_CAPITAL;
        uint32_t place = place_of(token, row, key);
        looks[i].place = len > WORD_BYTES ? (uint32_t)WORDS_KEPT : place;
        looks[i].key = key | (len > WORD_BYTES ? 0 : len);
        __builtin_prefetch(&words->entries[looks[i].place]);
        kinds[i] = token->kind;
        flags[i] = flags_after = token->flags;
        any |= flags_after;
    }
    return any;
}

static inline const struct word_table_entry *find_word(struct word_table *words,
                                                       const struct rules_lexicons *lexicons,
                                                       const struct tokens *tokens, uint32_t number,
                                                       const struct look *look) {
    struct word_table_entry *entry = &words->entries[look->place];
    spelling form = spelling_load(tokens->forms + tokens->at[number].form, look->key & 31);
    if (__builtin_expect(!spelling_is(entry, form) | (entry->key != look->key), 0))
        return bring_entry(words, lexicons, tokens, number, look);
    return entry;
}

void word_table_begin(struct word_table *words) {
    memset(words->sums, 0, sizeof words->sums);
    words->before = NGRAM_NO_WORD;
    words->pair_count = 0;
}

/* Details will soon be looked at: the waits for memory overlap. */
static inline void hand_out(const struct word_table_entry *entry, uint32_t i,
                            const struct lexicon_detail *details,
                            const struct word_table_block *out) {
    uint32_t detail = entry->word_flags >> WORD_FLAG_BITS;
    __builtin_prefetch(&details[detail]);
    out->details[i] = detail;
    out->word_flags[i] = entry->word_flags & ((1 << WORD_FLAG_BITS) - 1);
    out->valences[i] = entry->valence;
}

/* Hands out the words, and adds the sums of their n-grams. */
static void sum_words(struct word_table *words, const struct rules_lexicons *lexicons,
                      const struct tokens *tokens, uint32_t from, uint32_t count,
                      const struct look *looks, const struct word_table_block *block) {
    const struct lexicon_detail *details = lexicons->layers[0].details;
    struct word_table_block out = *block;
    simd_i32x4 sums[NGRAM_SUMS / 4];
    uint64_t before = words->before;
    uint32_t pairs = words->pair_count;
    memcpy(sums, words->sums, sizeof sums);
    for (uint32_t i = 0; i < count; i++) {
        const struct word_table_entry *entry =
            find_word(words, lexicons, tokens, from + i, &looks[i]);
        hand_out(entry, i, details, &out);
        for (unsigned j = 0; j < NGRAM_SUMS / 4; j++)
            sums[j] += simd_i16_to_i32(entry->sums + 4 * j);
        uint32_t *pair = &words->pairs[pairs];
        pairs +=
            ngrams_pair(&tokens->at[from + i], entry->word_flags & WORD_STRANGE, &before, pair);
        __builtin_prefetch(&words->index->blocks[*pair >> 6]);
    }
    memcpy(words->sums, sums, sizeof sums);
    words->before = before;
    words->pair_count = pairs;
}

unsigned word_table_read(struct word_table *words, const struct rules_lexicons *lexicons,
                         const struct tokens *tokens, uint32_t from, uint32_t count,
                         const struct word_table_block *out) {
    const struct lexicon_detail *details = lexicons->layers[0].details;
    struct word_table_block rows = *out;
    struct look looks[WORDS_AT_ONCE];
    unsigned flags = look_ahead(words, lexicons, tokens, from, count, looks, out);
    if (!words->index || from >= NGRAM_TOKENS) {
        for (uint32_t i = 0; i < count; i++)
            hand_out(find_word(words, lexicons, tokens, from + i, &looks[i]), i, details, &rows);
    } else {
        sum_words(words, lexicons, tokens, from, count, looks, out);
    }
    memset(rows.layers, 0, WORDS_AT_ONCE);
    if (are_ours(lexicons))
        return flags;
    for (uint32_t i = 0; i < count; i++) { /* nothing of several layers is kept */
        struct word word;
        look_up(lexicons, tokens, from + i, &word);
        rows.details[i] = word.detail;
        rows.word_flags[i] = word.word_flags;
        rows.valences[i] = word.valence;
        rows.layers[i] = (uint8_t)word.layer;
    }
    return flags;
}
_Static_assert(NGRAM_TOKENS % WORDS_AT_ONCE == 0, "what is summed ends with a call");

void word_table_end(struct word_table *words) {
    if (words->index)
        ngrams_choose(words->index, words->pairs, words->pair_count, &words->rows);
}

const int32_t *word_table_sums(struct word_table *words) {
    ngrams_add(words->index, &words->rows, words->sums);
    words->sums[3] += (int32_t)words->pair_count;
    return words->sums;
}
