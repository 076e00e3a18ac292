#include "stages/score/words.h"

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
    int32_t sentiment[16] = {0}, journey[16] = {0};
    features->ngram_count = 0;
    features_word(features, tokens, token);
    model_sum(&model->sentiment, features, sentiment);
    model_sum(&model->journey, features, journey);
    entry->ngrams = (uint16_t)features->ngram_count;
    for (unsigned i = 0; i < 4; i++)
        entry->sentiment[i] = (int16_t)sentiment[i];
    for (unsigned i = 0; i < 16; i++)
        entry->journey[i] = (int16_t)journey[i];
}

static const struct words_entry *find_entry(struct words *words, const struct score_model *model,
                                            enum language language, struct features *features,
                                            const struct tokens *tokens,
                                            const struct token *token) {
    struct words_entry *entry = &words->entries[token->plain_hash % WORDS_CACHED];
    char spelling[WORD_BYTES] = {0};
    uint16_t key = entry_key(token, language);
    bool fits = token->plain_len <= WORD_BYTES;
    if (fits)
        memcpy(spelling, tokens->forms + token->plain, token->plain_len);
    if (fits && entry->key == key && memcmp(entry->spelling, spelling, WORD_BYTES) == 0)
        return entry;
    fill_entry(entry, model, features, tokens, token);
    memcpy(entry->spelling, spelling, WORD_BYTES);
    entry->key = fits ? key : 0;
    return entry;
}

static void add_entry(struct words *words, const struct words_entry *entry) {
    for (unsigned i = 0; i < 4; i++)
        words->sentiment[i] += entry->sentiment[i];
    for (unsigned i = 0; i < 16; i++)
        words->journey[i] += entry->journey[i];
    words->ngrams += entry->ngrams;
}

/* Pairs of words are too many to be cached. */
static void add_pairs(struct words *words, const struct score_model *model,
                      struct features *features, const struct tokens *tokens, uint32_t count) {
    uint64_t before = FEATURES_NO_WORD;
    features->ngram_count = 0;
    for (uint32_t i = 0; i < count; i++)
        features->ngram_count +=
            features_pair(&tokens->at[i], &before, &features->ngrams[features->ngram_count]);
    model_sum(&model->sentiment, features, words->sentiment);
    model_sum(&model->journey, features, words->journey);
    words->ngrams += features->ngram_count;
}

void words_sum(struct words *words, const struct score_model *model, enum language language,
               struct features *features, const struct tokens *tokens) {
    memset(words->sentiment, 0, sizeof words->sentiment);
    memset(words->journey, 0, sizeof words->journey);
    words->ngrams = 0;
    uint32_t count = tokens->count < NGRAM_TOKENS ? tokens->count : NGRAM_TOKENS;
    for (uint32_t i = 0; i < count; i++)
        __builtin_prefetch(&words->entries[tokens->at[i].plain_hash % WORDS_CACHED]);
    for (uint32_t i = 0; i < count; i++)
        add_entry(words, find_entry(words, model, language, features, tokens, &tokens->at[i]));
    add_pairs(words, model, features, tokens, count);
}
