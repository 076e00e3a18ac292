#include "stages/score/words.h"

#include "stages/score/lanes.h"

#include <endian.h>

/* Everything that features_word looks at but the spelling: numbers by their length, punctuation by
 * its repetition. */
static uint16_t entry_key(const struct token *token, enum language language) {
    unsigned size = token->kind == TOKEN_NUMBER ? (token->len > 2) + (token->len > 4u) : 0;
    return (uint16_t)(1u | (unsigned)language << 1 | (unsigned)token->kind << 3 |
                      ((token->flags & TOKEN_PART) != 0) << 7 | (token->repeat > 1) << 8 |
                      size << 9);
}

static void fill_entry(struct words_entry *entry, const struct score_model *model,
                       struct features *features, const struct tokens *tokens,
                       const struct token *token) {
    int32_t sums[WORD_SUMS] = {0};
    features->ngram_count = 0;
    features_word(features, tokens, token);
    model_sum(&model->sentiment, features, sums);
    model_sum(&model->journey, features, sums + 4);
    entry->ngrams = (uint16_t)features->ngram_count;
    for (unsigned i = 0; i < WORD_SUMS; i++)
        entry->sums[i] = (int16_t)sums[i];
}

/* Eight bytes of a spelling that has `left` more, zeros behind its end. */
static inline uint64_t load_part(const char *at, uint32_t left) {
    static const uint64_t masks[8] = {0,          0xFF,         0xFFFF,         0xFFFFFF,
                                      UINT32_MAX, 0xFFFFFFFFFF, 0xFFFFFFFFFFFF, 0xFFFFFFFFFFFFFF};
    uint64_t part;
    memcpy(&part, at, sizeof part);
    return left < 8 ? le64toh(part) & masks[left] : le64toh(part);
}

static const struct words_entry *find_entry(struct words *words, const struct score_model *model,
                                            enum language language, struct features *features,
                                            const struct tokens *tokens,
                                            const struct token *token) {
    struct words_entry *entry = &words->entries[token->plain_hash % WORDS_CACHED];
    const char *plain = tokens->forms + token->plain;
    uint32_t len = token->plain_len;
    uint16_t key = entry_key(token, language);
    uint64_t begin = load_part(plain, len);
    uint64_t middle = len > 8 ? load_part(plain + 8, len - 8) : 0;
    uint32_t end = len > 16 ? (uint32_t)load_part(plain + 16, len - 16) : 0;
    bool fits = len <= WORD_BYTES;
    if (fits && entry->key == key && entry->spelling[0] == begin && entry->spelling[1] == middle &&
        entry->spelling_end == end)
        return entry;
    fill_entry(entry, model, features, tokens, token);
    entry->spelling[0] = begin;
    entry->spelling[1] = middle;
    entry->spelling_end = end;
    entry->key = fits ? key : 0;
    return entry;
}

/* Pairs of words are too many to be cached. */
static void add_pairs(struct words *words, const struct score_model *model,
                      struct features *features, const struct tokens *tokens, uint32_t count,
                      bool journey) {
    uint64_t before = FEATURES_NO_WORD;
    features->ngram_count = 0;
    for (uint32_t i = 0; i < count; i++)
        features->ngram_count +=
            features_pair(&tokens->at[i], &before, &features->ngrams[features->ngram_count]);
    model_sum(&model->sentiment, features, words->sums);
    if (journey)
        model_sum(&model->journey, features, words->sums + 4);
    words->ngrams += features->ngram_count;
}

void words_sum(struct words *words, const struct score_model *model, enum language language,
               struct features *features, const struct tokens *tokens, bool journey) {
    lanes_4x32 sums[WORD_SUMS / 4] = {{0}};
    uint32_t count = tokens->count < NGRAM_TOKENS ? tokens->count : NGRAM_TOKENS;
    words->ngrams = 0;
    for (uint32_t i = 0; i < count; i++)
        __builtin_prefetch(&words->entries[tokens->at[i].plain_hash % WORDS_CACHED]);
    for (uint32_t i = 0; i < count; i++) {
        const struct words_entry *entry =
            find_entry(words, model, language, features, tokens, &tokens->at[i]);
        for (unsigned j = 0; j < (journey ? WORD_SUMS / 4 : 1); j++)
            sums[j] += lanes_widen(entry->sums + 4 * j);
        words->ngrams += entry->ngrams;
    }
    memcpy(words->sums, sums, sizeof sums);
    add_pairs(words, model, features, tokens, count, journey);
}
