#include "tests/quality/train_data.h"

#include "stages/common/files.h"
#include "stages/common/hash.h"

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

static bool take_field(struct span *line, struct span *field) {
    const char *tab = memchr(line->at, '\t', line->len);
    if (!tab)
        return false;
    *field = (struct span){line->at, (size_t)(tab - line->at)};
    *line = (struct span){tab + 1, line->len - field->len - 1};
    return true;
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

static bool read_columns(struct train_post *post, struct span *line, bool wide) {
    struct span label, intents = {0}, stage = {0};
    if (!take_field(line, &label) ||
        (wide && (!take_field(line, &intents) || !take_field(line, &stage))))
        return false;
    for (int i = LABEL_NEGATIVE; i <= LABEL_POSITIVE + 1; i++) {
        if (i > LABEL_POSITIVE)
            return false;
        post->label = (int8_t)i;
        if (span_is(label, label_name((enum label)i)))
            break;
    }
    post->journey = wide;
    if (!wide)
        return true;
    post->intents = (uint16_t)read_intents(intents);
    for (unsigned i = 0; i < STAGE_COUNT; i++)
        if (span_is(stage, stage_name((enum stage)i)))
            post->stage = (uint8_t)i;
    return true;
}

static enum status read_post(struct train_set *set, struct train_reader *reader, struct span line,
                             uint8_t domain, bool wide, struct fault *fault) {
    struct train_post *post = add_post(set);
    if (!post)
        return fault_memory(fault);
    if (!read_columns(post, &line, wide)) {
        set->count--;
        return STATUS_OK;
    }
    post->domain = domain;
    post->fold = (uint8_t)(hash_stable(line) % FOLDS);
    struct score_scratch *scratch = reader->scratch;
    enum status status = tokens_read(&reader->tokens, line, fault);
    if (status != STATUS_OK)
        return status;
    rules_run(&scratch->rules, &reader->scorer->lexicons[reader->language],
              rules_settings_for(reader->language), &reader->tokens, SCORE_WHOLE);
    features_collect(&scratch->features, &scratch->rules, rules_settings_for(reader->language),
                     &reader->tokens);
    return take_features(set, post, &scratch->features, &reader->scale) ? STATUS_OK
                                                                        : fault_memory(fault);
}

enum status train_set_read(struct train_set *set, struct train_reader *reader, const char *path,
                           uint8_t domain, unsigned every, struct fault *fault) {
    struct buf text;
    buf_init(&text, FILE_MAX);
    enum status status = file_read(path, &text, fault);
    struct span rest = buf_as_span(&text);
    bool wide = false;
    for (unsigned number = 0; status == STATUS_OK && rest.len; number++) {
        const char *end = memchr(rest.at, '\n', rest.len);
        struct span line = {rest.at, end ? (size_t)(end - rest.at) : rest.len};
        size_t used = line.len + (end != NULL);
        rest = (struct span){rest.at + used, rest.len - used};
        if (number == 0 && span_starts(line, "label\t"))
            wide = span_starts(line, "label\tintent");
        else if (number % every == 0)
            status = read_post(set, reader, line, domain, wide, fault);
    }
    buf_release(&text);
    return status;
}
