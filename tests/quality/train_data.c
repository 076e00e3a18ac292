#include "tests/quality/train_data.h"

#include "stages/common/files.h"
#include "stages/common/hash.h"
#include "stages/score/decide_stage.h"

#include <math.h>
#include <stdlib.h>

enum { FILE_MAX = 256 << 20 };

void train_set_release(struct train_set *set) {
    free(set->posts);
    arena_release(&set->memory);
    *set = (struct train_set){0};
}

static struct train_post *add_post(struct train_set *set) {
    if (set->count == set->cap) {
        size_t cap = set->cap ? set->cap * 2 : 4096;
        struct train_post *posts = realloc(set->posts, cap * sizeof *posts);
        if (!posts)
            return NULL;
        set->posts = posts;
        set->cap = cap;
    }
    set->posts[set->count] = (struct train_post){0};
    return &set->posts[set->count++];
}

static int by_number(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static int by_step(const void *left, const void *right) {
    uint16_t a = *(const uint16_t *)left, b = *(const uint16_t *)right;
    return (a > b) - (a < b);
}

/* Steps, n-grams in rising order with their counts over the root of their number, bias, end. */
static void fill_nodes(struct train_post *post, const struct train_scale *scale) {
    struct feature_node *nodes = post->nodes;
    size_t count = 0;
    for (uint32_t i = 0; i < post->step_count; i++)
        nodes[count++] = (struct feature_node){post->steps[i] + 1, scale->step};
    double one = post->ngram_count ? scale->ngram / sqrt(post->ngram_count) : 0;
    for (uint32_t i = 0; i < post->ngram_count; i++) {
        int index = (int)post->ngrams[i] + FEATURE_NGRAM;
        if (count && nodes[count - 1].index == index)
            nodes[count - 1].value += one;
        else
            nodes[count++] = (struct feature_node){index, one};
    }
    nodes[count++] = (struct feature_node){FEATURE_BIAS, 1};
    nodes[count++] = (struct feature_node){-1, 0};
}

static bool take_features(struct train_set *set, struct train_post *post,
                          const struct features *features, const struct train_scale *scale) {
    post->ngram_count = features->ngram_count;
    post->step_count = features->step_count;
    size_t nodes = features->step_count + features->ngram_count + 2;
    post->nodes = arena_alloc(&set->memory, nodes * sizeof *post->nodes);
    post->ngrams = arena_alloc(&set->memory, features->ngram_count * sizeof(uint32_t) + 1);
    post->steps = arena_alloc(&set->memory, features->step_count * sizeof(uint16_t) + 1);
    if (!post->nodes || !post->ngrams || !post->steps)
        return false;
    memcpy(post->ngrams, features->ngrams, features->ngram_count * sizeof(uint32_t));
    memcpy(post->steps, features->steps, features->step_count * sizeof(uint16_t));
    qsort(post->ngrams, post->ngram_count, sizeof *post->ngrams, by_number);
    qsort(post->steps, post->step_count, sizeof *post->steps, by_step);
    fill_nodes(post, scale);
    return true;
}

void train_post_features(const struct train_post *post, struct features *out) {
    memcpy(out->ngrams, post->ngrams, post->ngram_count * sizeof(uint32_t));
    memcpy(out->steps, post->steps, post->step_count * sizeof(uint16_t));
    out->ngram_count = post->ngram_count;
    out->step_count = post->step_count;
}

static unsigned read_intents(struct span field) {
    unsigned bits = 0;
    while (field.len) {
        const char *plus = memchr(field.at, '+', field.len);
        struct span name = {field.at, plus ? (size_t)(plus - field.at) : field.len};
        for (unsigned i = 0; i < INTENT_COUNT; i++)
            if (span_is(name, intent_name(i)))
                bits |= 1u << i;
        size_t used = name.len + (plus != NULL);
        field = (struct span){field.at + used, field.len - used};
    }
    return bits;
}

enum column { COLUMN_LABEL, COLUMN_INTENT, COLUMN_STAGE, COLUMN_TEXT, COLUMN_NAMES, COLUMN_COUNT };
enum { FIELDS_MAX = 16, NAMES_MAX = 64 };

/* A file and where its columns are; -1: absent. */
struct columns {
    int at[COLUMN_COUNT];
};

static unsigned split(struct span line, char by, struct span *fields) {
    unsigned count = 0;
    for (bool more = true; more && count < FIELDS_MAX;) {
        const char *end = count + 1 < FIELDS_MAX ? memchr(line.at, by, line.len) : NULL;
        size_t len = end ? (size_t)(end - line.at) : line.len;
        fields[count++] = (struct span){line.at, len};
        more = end != NULL;
        line = (struct span){line.at + len + more, line.len - len - more};
    }
    return count;
}

static void read_header(struct columns *columns, struct span line) {
    static const char *const names[COLUMN_COUNT] = {"label", "intent", "stage", "text", "names"};
    struct span fields[FIELDS_MAX];
    unsigned count = split(line, '\t', fields);
    for (int i = 0; i < COLUMN_COUNT; i++) {
        columns->at[i] = -1;
        for (unsigned k = 0; k < count; k++)
            if (span_is(fields[k], names[i]))
                columns->at[i] = (int)k;
    }
}

static bool read_columns(struct train_post *post, const struct columns *columns, struct span line,
                         struct span *text, struct span *names) {
    struct span fields[FIELDS_MAX], none = {"", 0}, field[COLUMN_COUNT];
    unsigned count = split(line, '\t', fields);
    for (int i = 0; i < COLUMN_COUNT; i++) {
        bool there = columns->at[i] >= 0 && (unsigned)columns->at[i] < count;
        field[i] = there ? fields[columns->at[i]] : none;
    }
    for (int i = LABEL_NEGATIVE; i <= LABEL_POSITIVE + 1; i++) {
        if (i > LABEL_POSITIVE)
            return false;
        post->label = (int8_t)i;
        if (span_is(field[COLUMN_LABEL], label_name((enum label)i)))
            break;
    }
    *text = field[COLUMN_TEXT];
    *names = field[COLUMN_NAMES];
    post->journey = columns->at[COLUMN_INTENT] >= 0;
    post->intents = (uint16_t)read_intents(field[COLUMN_INTENT]);
    for (unsigned i = 0; i < STAGE_COUNT; i++)
        if (span_is(field[COLUMN_STAGE], stage_name((enum stage)i)))
            post->stage = (uint8_t)i;
    return true;
}

static int by_place(const void *left, const void *right) {
    const struct text_place *a = left, *b = right;
    return (a->from > b->from) - (a->from < b->from);
}

/* Where the names stand in the text. */
static size_t find_names(struct span text, struct span names, struct text_place *places) {
    struct span each[FIELDS_MAX];
    size_t count = 0, kept = 0;
    unsigned name_count = names.len ? split(names, '|', each) : 0;
    for (unsigned i = 0; i < name_count; i++) {
        const char *at = text.at, *end = text.at + text.len;
        while (each[i].len && count < NAMES_MAX &&
               (at = memmem(at, (size_t)(end - at), each[i].at, each[i].len))) {
            uint32_t from = (uint32_t)(at - text.at);
            places[count++] = (struct text_place){from, from + (uint32_t)each[i].len};
            at += each[i].len;
        }
    }
    qsort(places, count, sizeof *places, by_place);
    for (size_t i = 0; i < count; i++)
        if (!kept || places[i].from >= places[kept - 1].end)
            places[kept++] = places[i];
    return kept;
}

/* Leaves in reader->read what a scorer would see. */
static enum status read_tokens(struct train_reader *reader, struct span text, struct span names,
                               struct fault *fault) {
    struct text_place places[NAMES_MAX];
    struct score_focus focus = SCORE_WHOLE;
    const struct rules_lexicons *lexicons = &reader->scorer->lexicons[reader->language];
    enum status status = tokens_read(&reader->tokens, text, fault);
    if (status == STATUS_OK)
        status = tokens_mask(&reader->tokens, places, find_names(text, names, places),
                             &reader->masked, fault);
    reader->read = &reader->masked;
    if (status == STATUS_OK && reader->language == LANGUAGE_PL)
        reader->read =
            reform_spelling(&reader->scratch->reformed, lexicons, &reader->masked, &focus);
    return status;
}

/* Posts that one writer wrote in a row, and sentences of one review, stay together: the model that
 * tests a post has not seen its neighbours. */
static uint8_t fold_of(size_t number, uint8_t domain) {
    enum { IN_A_ROW = 100 };
    uint32_t block = (uint32_t)(number / IN_A_ROW) * 5 + domain;
    return (uint8_t)((block * 2654435761u >> 8) % FOLDS);
}

static enum status read_post(struct train_set *set, struct train_reader *reader, struct span line,
                             uint8_t domain, const struct columns *columns, struct fault *fault) {
    struct train_post *post = add_post(set);
    struct span text, names;
    if (!post)
        return fault_memory(fault);
    if (!read_columns(post, columns, line, &text, &names)) {
        set->count--;
        return STATUS_OK;
    }
    post->domain = domain;
    post->fold = fold_of(set->count, domain);
    enum status status = read_tokens(reader, text, names, fault);
    if (status != STATUS_OK)
        return status;
    struct score_scratch *scratch = reader->scratch;
    const struct rules_settings *settings = rules_settings_for(reader->language);
    const struct rules_lexicons *lexicons = &reader->scorer->lexicons[reader->language];
    rules_run(&scratch->rules, lexicons, settings, reader->read, SCORE_WHOLE);
    features_collect(&scratch->features, &scratch->rules, settings, reader->read, reader->language,
                     &reader->vocabulary);
    post->bare = scorer_is_bare(reader->scorer, &reader->masked);
    post->sure = (int8_t)scorer_sure_label(&scratch->rules, settings, reader->read);
    post->mishap = scorer_tells_mishap(&scratch->rules, settings);
    post->use = stage_use_shows(&scratch->rules);
    return take_features(set, post, &scratch->features, &reader->scale) ? STATUS_OK
                                                                        : fault_memory(fault);
}

static enum status count_words(struct train_words *words, struct train_reader *reader,
                               struct span line, const struct columns *columns,
                               struct fault *fault) {
    struct train_post post;
    struct span text, names;
    if (!read_columns(&post, columns, line, &text, &names))
        return STATUS_OK;
    enum status status = read_tokens(reader, text, names, fault);
    for (uint32_t i = 0; status == STATUS_OK && i < reader->read->count; i++) {
        const struct token *token = &reader->read->at[i];
        if (token->kind != TOKEN_WORD && token->kind != TOKEN_HASHTAG)
            continue;
        if (words->count == words->cap) {
            size_t cap = words->cap ? words->cap * 2 : 1 << 16;
            uint64_t *at = realloc(words->at, cap * sizeof *at);
            if (!at)
                return fault_memory(fault);
            words->at = at;
            words->cap = cap;
        }
        bool small = !(token->flags & (TOKEN_CAPS | TOKEN_CAPITALISED));
        words->at[words->count++] = token->plain_hash >> 32 << 1 | small;
    }
    return status;
}

static int by_word(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

enum status train_words_settle(struct train_words *words, struct fault *fault) {
    words->hashes = malloc((words->count + 1) * sizeof *words->hashes);
    if (!words->hashes)
        return fault_memory(fault);
    if (words->count)
        qsort(words->at, words->count, sizeof *words->at, by_word);
    for (size_t i = 0, end; i < words->count; i = end) {
        size_t small = 0;
        for (end = i; end < words->count && words->at[end] >> 1 == words->at[i] >> 1; end++)
            small += words->at[end] & 1;
        if (small >= 2 && small * 2 >= end - i)
            words->hashes[words->hash_count++] = (uint32_t)(words->at[i] >> 1);
    }
    return STATUS_OK;
}

void train_words_release(struct train_words *words) {
    free(words->at);
    free(words->hashes);
    *words = (struct train_words){0};
}

/* Each line of a file to the set, or to the words. */
static enum status read_lines(struct train_set *set, struct train_words *words,
                              struct train_reader *reader, const char *path, uint8_t domain,
                              unsigned every, struct fault *fault) {
    struct columns columns = {{0, -1, -1, 1, -1}};
    struct buf text;
    buf_init(&text, FILE_MAX);
    enum status status = file_read(path, &text, fault);
    struct span rest = buf_as_span(&text);
    for (unsigned number = 0; status == STATUS_OK && rest.len; number++) {
        const char *end = memchr(rest.at, '\n', rest.len);
        struct span line = {rest.at, end ? (size_t)(end - rest.at) : rest.len};
        size_t used = line.len + (end != NULL);
        rest = (struct span){rest.at + used, rest.len - used};
        if (number == 0 && span_starts(line, "label\t"))
            read_header(&columns, line);
        else if (words)
            status = count_words(words, reader, line, &columns, fault);
        else if (number % every == 0)
            status = read_post(set, reader, line, domain, &columns, fault);
    }
    buf_release(&text);
    return status;
}

enum status train_words_read(struct train_words *words, struct train_reader *reader,
                             const char *path, struct fault *fault) {
    return read_lines(NULL, words, reader, path, 0, 1, fault);
}

enum status train_set_read(struct train_set *set, struct train_reader *reader, const char *path,
                           uint8_t domain, unsigned every, struct fault *fault) {
    return read_lines(set, NULL, reader, path, domain, every, fault);
}
