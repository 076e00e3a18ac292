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
    int8_t sure;    /* a label that the model is not asked for; LABEL_NONE: it is */
    bool mishap;    /* told as a fact: decides close calls */
    bool bare, use; /* says nothing; shows that its writer uses the brand */
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

/* Words of the files, for the vocabulary: plain hash, with bit 0 set in small letters. */
struct train_words {
    uint64_t *at;
    size_t count, cap;
    uint32_t *hashes; /* what train_words_settle chose */
    uint32_t hash_count;
};

struct train_reader {
    const struct scorer *scorer;
    struct score_scratch *scratch;
    struct tokens tokens;
    enum language language;
    struct train_scale scale;
    struct ngram_vocabulary vocabulary;
    struct tokens masked;
    const struct tokens *read; /* the text last read, as a scorer sees it */
};

/* Adds the words of `path`. */
enum status train_words_read(struct train_words *words, struct train_reader *reader,
                             const char *path, struct fault *fault) MUST_USE;
/* Chooses those that stand in small letters twice or more, and mostly so: they are no names. */
enum status train_words_settle(struct train_words *words, struct fault *fault) MUST_USE;
void train_words_release(struct train_words *words);

/* Adds the posts of `path`: label<TAB>text, or columns that a header names: label, intent, stage,
 * text, topic, names (the brands in the text as they stand there, joined with |). Every `every`-th
 * line only (1: all). */
enum status train_set_read(struct train_set *set, struct train_reader *reader, const char *path,
                           uint8_t domain, unsigned every, struct fault *fault) MUST_USE;
void train_set_release(struct train_set *set);
/* The features of a post as the program's own model code takes them. */
void train_post_features(const struct train_post *post, struct features *out);

#endif
