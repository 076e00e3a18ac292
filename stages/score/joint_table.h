/* joint_table: the last layer of a model. Label, intents and stage are decided together: every row
 * of JOURNEY_TABLE gets a logit from the logits of all heads (stacked generalisation, Wolpert
 * 1992), trained on posts about brands. Texts that are no such posts (the head HEAD_BRAND says how
 * likely) take their label from the heads of sentiment alone, as a mixture of two experts (Jacobs,
 * Jordan, Nowlan, Hinton 1991). Integers only, so the same on every machine.
 *
 * In: logits of the heads in units of 1/1024. Out: probabilities in thousandths, a row.
 * Memory: the table belongs to the model's bytes. Never fails. */
#ifndef BURZA_SCORE_JOINT_TABLE_H
#define BURZA_SCORE_JOINT_TABLE_H

#include "stages/score/decide_stage.h"

enum {
    HEADS_SENTIMENT = 3,
    HEADS_JOURNEY = INTENT_COUNT + STAGE_COUNT,
    /* no stage is told by its intents; its place among the heads is this one's */
    HEAD_BRAND = INTENT_COUNT + STAGE_NONE,
    JOINT_HEADS = HEADS_SENTIMENT + HEADS_JOURNEY,
    JOINT_ONE = JOINT_HEADS, /* the input that is always one */
    JOINT_USE,               /* whether the writer shows that he uses the brand */
    JOINT_INPUTS = 24,
};

struct joint_table {
    int32_t gain, offset[HEADS_SENTIMENT];       /* of sentiment alone: z * gain / 1024 + offset */
    int16_t weights[JOURNEY_ROWS][JOINT_INPUTS]; /* in 1/1024 */
    int16_t spare[JOINT_INPUTS];                 /* keeps what follows at a multiple of 16 */
};

/* What the rows are decided by, and what came of it. */
struct joint {
    int32_t sentiment[HEADS_SENTIMENT], journey[HEADS_JOURNEY]; /* in */
    bool use;                                                   /* in: stage_use_shows */
    int32_t rows[JOURNEY_ROWS];                                 /* out: logits */
    uint32_t brand;                                             /* out: in 2^-16 */
};

/* Fills the rows and the probabilities of the labels; returns the likeliest label + 1. */
unsigned joint_decide(const struct joint_table *table, struct joint *joint, uint16_t p_milli[3]);
/* The likeliest row of score->label, which sets intents and stage. */
void joint_row(const struct joint *joint, struct score *score);
/* How much each head's logit moves the log odds of some rows against others, in 1/1024: those whose
 * bit is set in `in_favour` against the others of `among`. For explanations. */
void joint_slopes(const struct joint_table *table, const struct joint *joint, uint64_t in_favour,
                  uint64_t among, int32_t slopes[JOINT_HEADS]);

#endif
