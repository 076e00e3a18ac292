/* train_data: labelled files in, posts with their features out, as liblinear wants them.
 *
 * Every post is read by the program's own tokeniser, rules and features, so a model is trained on
 * exactly what it will see. Feature numbers (from 1): steps, then n-gram buckets, then the bias.
 * Memory: a set owns everything; posts of a file that is absent are simply missing. May fail:
 * STATUS_FATAL out of memory. */
#ifndef BURZA_TRAIN_DATA_H
#define BURZA_TRAIN_DATA_H

#include "stages/common/buf.h"
#include "stages/score/scorer_parts.h"

#include <linear.h>

enum {
    FEATURE_NGRAM = STEP_IDS + 1,
    FEATURE_BIAS = FEATURE_NGRAM + (1 << NGRAM_BITS),
    FOLDS = 5,
};

struct train_post {
    struct feature_node *nodes;
    uint32_t *ngrams; /* [ngram_count] */
    uint16_t *steps;  /* [step_count] */
    uint32_t ngram_count, step_count;
    int8_t label;
    uint8_t domain, fold;
    bool journey; /* has intents and stage */
    uint16_t intents;
    uint8_t stage;
};

struct train_set {
    struct train_post *posts;
    size_t count, cap;
    struct arena memory;
};

/* How strongly n-grams and steps are seen by the regularised trainer. */
struct train_scale {
    double ngram, step;
};

struct train_reader {
    const struct scorer *scorer;
    struct score_scratch *scratch;
    struct tokens tokens;
    enum language language;
    struct train_scale scale;
};

/* Adds the posts of `path`. Every `every`-th line only (1: all). */
enum status train_set_read(struct train_set *set, struct train_reader *reader, const char *path,
                           uint8_t domain, unsigned every, struct fault *fault) MUST_USE;
void train_set_release(struct train_set *set);
/* The features of a post as the program's own model code takes them. */
void train_post_features(const struct train_post *post, struct features *out);

#endif
