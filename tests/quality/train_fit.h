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
    unsigned journey_repeats[DOMAINS_MAX]; /* how often a post counts for intents and stages */
    unsigned worth[DOMAINS_MAX];           /* and when their offsets are chosen */
};

/* Calibration of the sentiment heads: z * gain / 1024 + offset; of the others: z + journey. */
struct fit_calibration {
    int32_t gain, offset[HEADS_SENTIMENT], journey[HEADS_JOURNEY];
};

/* Trains on the posts whose fold is not `left_out` (FOLDS: on all) and appends the model. */
enum status fit_model(const struct train_set *set, const struct fit_options *options,
                      const struct train_reader *reader, unsigned left_out,
                      const struct fit_calibration *calibration, struct buf *out,
                      struct fault *fault) MUST_USE;

/* Chooses the calibration that makes `z` (uncalibrated logits [count][3]) most likely, every
 * domain and class weighing the same, over the posts whose fold is not `left_out`. */
void fit_calibrate(const struct train_set *set, const int32_t (*z)[HEADS_SENTIMENT],
                   unsigned left_out, struct fit_calibration *out);

/* The label of calibrated logits, with its probabilities, behind the gates that the program has. */
void fit_label(const struct train_post *post, const int32_t z[HEADS_SENTIMENT],
               const struct fit_calibration *calibration, struct score *out);
/* Intents and stage of calibrated logits for the label in `out`, behind its gates. */
void fit_stage(const struct train_post *post, const int32_t z[HEADS_JOURNEY],
               const struct fit_calibration *calibration, struct score *out);
/* Chooses out->journey, behind fit_calibrate: the offsets with which most posts get exactly their
 * intents and their stage, each post counting `worth` of its domain. */
void fit_calibrate_journey(const struct train_set *set, const int32_t (*sentiment)[HEADS_SENTIMENT],
                           const int32_t (*journey)[HEADS_JOURNEY],
                           const unsigned worth[DOMAINS_MAX], unsigned left_out,
                           struct fit_calibration *out);

#endif
