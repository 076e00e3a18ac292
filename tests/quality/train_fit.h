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
    double step_journey; /* instead of scale.step, for intents and stages */
    double cost_sentiment, cost_journey, cost_brand; /* liblinear's C */
    uint32_t keep_sentiment, keep_journey;           /* buckets that survive */
    uint32_t mass[DOMAINS_MAX];                      /* how many posts a domain shall weigh as */
    unsigned journey_repeats[DOMAINS_MAX]; /* how often a post counts for intents and stages */
    uint32_t joint_mass[DOMAINS_MAX];      /* for the joint table; 0: no posts about brands */
    uint32_t brand_mass[DOMAINS_MAX];      /* for the head that tells which they are */
};

/* Trains on the posts whose fold is not `left_out` (FOLDS: on all) and appends the model. */
enum status fit_model(const struct train_set *set, const struct fit_options *options,
                      const struct train_reader *reader, unsigned left_out,
                      const struct joint_table *joint, struct buf *out,
                      struct fault *fault) MUST_USE;

/* The joint table of logits `z` of models that did not see the posts ([count]), over those whose
 * fold is not `left_out`. For sentiment alone: the gain and offsets that make the labels of texts
 * that are not about brands likeliest, every domain and class weighing the same (Platt 1999). For
 * the rows: multinomial logistic regression by the likelihood of the row, or of the label where no
 * row is known, with weights drawn towards the sum of the heads. */
enum status fit_joint(const struct train_set *set, const struct fit_options *options,
                      const struct joint *z, unsigned left_out, struct joint_table *out,
                      struct fault *fault) MUST_USE;

/* What the program would find from logits, behind its gates. */
void fit_decide(const struct train_post *post, const struct joint *z,
                const struct joint_table *table, struct score *out);

#endif
