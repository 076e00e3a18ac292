#include "stages/score/topic_cues.h"

#include "stages/score/model.h"

enum { READ_TOKENS = NGRAM_TOKENS, FRONTIER = 16, PHRASE_TOKENS = 10 };

/* The tokens that phrases are made of: of a compound the whole where the lexicon has it, else its
 * parts. */
struct reading {
    const struct lexicon *lexicon;
    const struct lexicon_detail *details[READ_TOKENS]; /* NULL: in no phrase */
    uint16_t tokens[READ_TOKENS];
    uint32_t count;
};

static const struct lexicon_entry *find_entry(const struct lexicon *lexicon,
                                              const struct token *token) {
    if (token->kind == TOKEN_HANDLE || token->kind == TOKEN_URL || token->kind == TOKEN_NAME)
        return NULL;
    const struct lexicon_entry *entry = lexicon_find(lexicon, lexicon_token_hash(token));
    return entry || token->kind != TOKEN_HASHTAG ? entry : lexicon_find(lexicon, token->hash);
}

static void fill_word(struct topic_word *word, const struct topic_source *source,
                      const struct tokens *tokens, const struct token *token) {
    const struct lexicon_entry *entry = find_entry(source->lexicon, token);
    *word = (struct topic_word){.known = entry != NULL, .detail = UINT32_MAX};
    if (entry && (entry->flags & ENTRY_PHRASE))
        word->detail = entry->detail;
    if (!source->model)
        return;
    uint32_t ngrams[WORD_NGRAMS_MAX];
    int32_t sums[TOPIC_COUNT] = {0};
    bool strange = word_is_strange(source->language, source->vocabulary, tokens, token);
    word->ngrams = (uint16_t)ngrams_of_word(tokens, token, strange, ngrams);
    topic_model_sum(source->model, ngrams, word->ngrams, sums);
    for (unsigned topic = 0; topic < TOPIC_COUNT; topic++)
        word->sums[topic] = (int16_t)sums[topic];
}

/* Everything that a word says depends on its form, its kind and some flags: of links and accounts
 * only the kind, of numbers also the length. */
static inline uint64_t word_key(const struct topic_source *source, const struct token *token) {
    bool named =
        token->kind == TOKEN_HANDLE || token->kind == TOKEN_URL || token->kind == TOKEN_NAME;
    bool capital = token->flags & (TOKEN_CAPS | TOKEN_CAPITALISED);
    unsigned look = token->kind + 1u;
    look |= named ? 0 : 16u * capital | 32u * (token->repeat > 1);
    look |= (token->flags & TOKEN_PART ? 64u : 0) | 128u * (source->model != NULL);
    if (token->kind == TOKEN_NUMBER)
        look |= 256u * ((token->len > 2) + (token->len > 4));
    look |= 1024u * (unsigned)source->language;
    return (named ? 0 : token->hash) + look * UINT64_C(0x9E3779B97F4A7C15);
}

static inline struct topic_word *word_place(struct topic_words *words, uint64_t key) {
    return &words->entries[(key >> 20) % TOPIC_WORDS_KEPT];
}

/* Tags are not kept: those of mixed scripts may have several plain forms. */
static inline const struct topic_word *find_word(struct topic_words *words,
                                                 const struct topic_source *source,
                                                 const struct tokens *tokens,
                                                 const struct token *token, uint64_t key) {
    struct topic_word *word = word_place(words, key);
    if (token->kind == TOKEN_HASHTAG) {
        word = &words->entries[TOPIC_WORDS_KEPT];
    } else if (word->key == key) {
        return word;
    } else { /* the word that was here makes room, and may be found beside its place */
        struct topic_word *beside = &words->entries[(size_t)(word - words->entries) ^ 1];
        if (beside->key == key)
            return beside;
        *beside = *word;
    }
    fill_word(word, source, tokens, token);
    word->key = key;
    return word;
}

static void read_tokens(struct reading *reading, struct topic_cues *out, struct topic_words *words,
                        const struct topic_source *source, const struct tokens *tokens) {
    bool whole_known = false;
    uint64_t keys[READ_TOKENS];
    uint32_t count = tokens->count < READ_TOKENS ? tokens->count : READ_TOKENS;
    reading->count = 0;
    for (uint32_t i = 0; i < count; i++) { /* the waits for memory overlap */
        keys[i] = word_key(source, &tokens->at[i]);
        __builtin_prefetch(word_place(words, keys[i]));
    }
    memset(out->sums, 0, sizeof out->sums);
    out->ngrams = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct token *token = &tokens->at[i];
        const struct topic_word *word = find_word(words, source, tokens, token, keys[i]);
        bool part = token->flags & TOKEN_PART;
        if (source->model) {
            for (unsigned topic = 0; topic < TOPIC_COUNT; topic++)
                out->sums[topic] += word->sums[topic];
            out->ngrams += word->ngrams;
        }
        if (part && whole_known)
            continue;
        if (!part)
            whole_known = word->known;
        bool in_parts = i + 1 < tokens->count && (tokens->at[i + 1].flags & TOKEN_PART);
        if (!word->known && in_parts && !part)
            continue;
        reading->details[reading->count] =
            word->detail == UINT32_MAX ? NULL : &source->lexicon->details[word->detail];
        reading->tokens[reading->count++] = (uint16_t)i;
    }
}

static uint32_t word_ngrams(const struct topic_source *source, const struct tokens *tokens,
                            uint32_t number, uint32_t *out) {
    const struct token *token = &tokens->at[number];
    bool strange = word_is_strange(source->language, source->vocabulary, tokens, token);
    return ngrams_of_word(tokens, token, strange, out);
}

int64_t topic_word_pull(const struct topic_source *source, const struct tokens *tokens,
                        uint32_t number, uint32_t ngrams, unsigned topic) {
    uint32_t buckets[WORD_NGRAMS_MAX], count = word_ngrams(source, tokens, number, buckets);
    int32_t sums[TOPIC_COUNT] = {0};
    int64_t others = 0, unit = (int64_t)source->model->header->scale * model_root(ngrams);
    topic_model_sum(source->model, buckets, count, sums);
    for (unsigned i = TOPIC_NONE + 1; i < TOPIC_COUNT; i++)
        others += i != topic ? sums[i] : 0;
    int64_t pull = sums[topic] - others / (TOPIC_COUNT - 2);
    return (pull * unit >> 22) * 1000 / 1024;
}

uint32_t topic_ngrams(const struct topic_source *source, const struct tokens *tokens,
                      uint32_t *out) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < tokens->count && i < READ_TOKENS; i++)
        count += word_ngrams(source, tokens, i, out + count);
    return count;
}

struct walk {
    uint32_t nodes[FRONTIER];
    unsigned count;
};

static void arrive(struct topic_cues *out, const struct reading *reading, uint32_t node,
                   uint32_t first, uint32_t last, struct walk *next) {
    const struct lexicon *lexicon = reading->lexicon;
    const struct lexicon_node *place = &lexicon->nodes[node];
    if (place->inside && next->count < FRONTIER)
        next->nodes[next->count++] = node;
    for (unsigned i = 0; i < place->output_count; i++) {
        const struct lexicon_output *output = &lexicon->outputs[place->output_at + i];
        if (output->shape != SHAPE_CUE || output->tag <= TAG_TOPIC || output->tag >= TAG_COUNT)
            continue;
        out->weights[output->tag - TAG_TOPIC] += output->value;
        if (out->count < TOPIC_CUES_MAX)
            out->at[out->count++] =
                (struct topic_cue){output, reading->tokens[first], reading->tokens[last]};
    }
}

static void walk_from(struct topic_cues *out, const struct reading *reading, uint32_t first) {
    const struct lexicon *lexicon = reading->lexicon;
    const struct lexicon_detail *detail = reading->details[first];
    const uint16_t *starts = lexicon->classes + detail->class_at + detail->class_count;
    struct walk now = {.count = 0};
    for (unsigned i = 0; i < detail->start_count; i++)
        arrive(out, reading, starts[i], first, first, &now);
    for (uint32_t at = first + 1; now.count && at < reading->count && at < first + PHRASE_TOKENS;
         at++) {
        struct walk next = {.count = 0};
        detail = reading->details[at];
        for (unsigned i = 0; i < now.count; i++) {
            uint32_t to = lexicon->nodes[now.nodes[i]].any
                              ? lexicon_step(lexicon, now.nodes[i], CLASS_ANY)
                              : (uint32_t)NODE_NONE;
            if (to != NODE_NONE)
                arrive(out, reading, to, first, at, &next);
            bool may = detail && (lexicon->nodes[now.nodes[i]].next & detail->class_bits);
            for (unsigned k = 0; may && k < detail->class_count; k++) {
                uint16_t class = lexicon->classes[detail->class_at + k];
                if (!lexicon_may_step(lexicon, now.nodes[i], class))
                    continue;
                to = lexicon_step(lexicon, now.nodes[i], class);
                if (to != NODE_NONE)
                    arrive(out, reading, to, first, at, &next);
            }
        }
        now = next;
    }
}

void topic_cues_find(struct topic_cues *out, struct topic_words *words,
                     const struct topic_source *source, const struct tokens *tokens) {
    struct reading reading;
    reading.lexicon = source->lexicon;
    out->count = 0;
    memset(out->weights, 0, sizeof out->weights);
    read_tokens(&reading, out, words, source, tokens);
    for (uint32_t i = 0; i < reading.count; i++) {
        const struct lexicon_detail *detail = reading.details[i];
        if (!detail || !detail->start_count)
            continue;
        const struct lexicon_detail *next = i + 1 < reading.count ? reading.details[i + 1] : NULL;
        uint64_t follows = next ? next->class_bits : 0;
        if (detail->start_next == START_ANYHOW || (detail->start_next & follows))
            walk_from(out, &reading, i);
    }
}
