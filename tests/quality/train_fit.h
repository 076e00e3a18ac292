/* train_fit: posts in, a model file of integers out. L2-regularised logistic regression, one head
 * against the rest (liblinear, solver 0, which is deterministic); the weakest n-gram buckets are
 * pruned, the others become 8-bit numbers. Domains and classes are balanced by repeating posts.
 * Memory: buffers belong to the caller. May fail: STATUS_FATAL out of memory. */
#ifndef BURZA_TRAIN_FIT_H
#define BURZA_TRAIN_FIT_H

#include "tests/quality/train_data.h"

enum { DOMAINS_MAX = 8 };

struct fit_options {
    struct train_scale scale;
    double step_journey;                   /* instead of scale.step, for intents and stages */
    double cost_sentiment, cost_journey;   /* liblinear's C */
    uint32_t keep_sentiment, keep_journey; /* buckets that survive */
    uint32_t mass[DOMAINS_MAX];            /* how many posts a domain shall weigh as */
    int32_t intent_offset;                 /* added to every intent's logit, 1/1024 */
};

/* Calibration of the sentiment heads: z * gain / 1024 + offset. */
struct fit_calibration {
    int32_t gain, offset[HEADS_SENTIMENT];
};

/* Trains on the posts whose fold is not `left_out` (FOLDS: on all) and appends the model. */
enum status fit_model(const struct train_set *set, const struct fit_options *options,
                      enum language language, unsigned left_out,
                      const struct fit_calibration *calibration, struct buf *out,
                      struct fault *fault) MUST_USE;

/* Chooses the calibration that makes `z` (uncalibrated logits [count][3]) most likely, every
 * domain and class weighing the same, over the posts whose fold is not `left_out`. */
void fit_calibrate(const struct train_set *set, const int32_t (*z)[HEADS_SENTIMENT],
                   unsigned left_out, struct fit_calibration *out);

#endif
