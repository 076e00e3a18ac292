/* topic_model: a small linear model of topics, read in place from its file. It weighs what the
 * lexicon of topics found in a text, and beside that 8-bit weights of hashed word and character
 * n-grams (ngrams.h), most buckets pruned away: they decide where the lexicon is silent or in
 * doubt.
 *
 * A logit is bias + sum of the weights of the findings + sum of n-gram weights / sqrt(number of
 * n-grams), in units of 1/1024; one head a topic, that of TOPIC_NONE unused.
 *
 * Memory: the bytes belong to the caller. May fail: topic_model_view returns false for other bytes.
 */
#ifndef BURZA_SCORE_TOPIC_MODEL_H
#define BURZA_SCORE_TOPIC_MODEL_H

#include "stages/score/ngrams.h"

#define TOPIC_MODEL_MAGIC "burzaTM1"

/* What is found of each topic: the sum of its cues, whether it has any, and whether it has the
 * most.
 */
enum topic_finding { FINDING_SUM, FINDING_ANY, FINDING_MOST, FINDING_KINDS };
enum { FINDINGS = FINDING_KINDS * TOPIC_COUNT, FINDING_ONE = 1000 };

/* The findings of a lexicon's weights (thousandths), in units of 1/FINDING_ONE. */
void topic_findings(const int32_t weights[TOPIC_COUNT], int32_t findings[FINDINGS]);

/* Followed by bitmap u64[NGRAM_BLOCKS], ranks u32[NGRAM_BLOCKS], weights i8[count][TOPIC_COUNT]. */
struct topic_model_header {
    char magic[8];
    uint32_t language, count, scale, spare; /* scale: of a weight, in 2^-16 of a logit */
    int32_t bias[TOPIC_COUNT];
    int32_t findings[FINDINGS][TOPIC_COUNT]; /* weights of a finding of FINDING_ONE */
};

struct topic_model {
    const struct topic_model_header *header; /* NULL: no model */
    const uint64_t *bitmap;
    const uint32_t *ranks;
    const int8_t *weights;
};

bool topic_model_view(struct topic_model *model, struct span bytes) MUST_USE;
/* Adds the weights of the buckets to sums[TOPIC_COUNT]. */
void topic_model_sum(const struct topic_model *model, const uint32_t *buckets, uint32_t count,
                     int32_t sums[TOPIC_COUNT]);
/* The logits of the sums over all `ngrams` of a text, and of the lexicon's weights. */
void topic_model_finish(const struct topic_model *model, const int32_t sums[TOPIC_COUNT],
                        uint32_t ngrams, const int32_t weights[TOPIC_COUNT],
                        int32_t z[TOPIC_COUNT]);

#endif
