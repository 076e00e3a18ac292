/* The joint table: probabilities of labels, the row that goes with a label, slopes. */
#include "stages/score/scorer_parts.h"
#include "stages/score/softmax.h"

#include "tap.h"

#include <stdlib.h>

static struct scorer *hybrid;

/* Whatever the heads say, the row goes with the label, and slopes say what moves its log odds. */
static void test_joint(void) {
    const struct joint_table *table = hybrid->models[LANGUAGE_PL].joint;
    for (uint32_t seed = 1; seed < 200; seed++) {
        struct joint joint = {.use = seed & 1};
        struct score score = {0};
        for (unsigned i = 0; i < HEADS_SENTIMENT; i++)
            joint.sentiment[i] =
                (int32_t)((seed * 2654435761u + i * 9176u * seed) >> 16 & 8191) - 4096;
        for (unsigned i = 0; i < HEADS_JOURNEY; i++)
            joint.journey[i] =
                (int32_t)((seed * 2654435761u + i * 40503u * seed) >> 16 & 8191) - 4096;
        unsigned best = joint_decide(table, &joint, score.p_milli);
        CHECK_INT(score.p_milli[0] + score.p_milli[1] + score.p_milli[2], 1000);
        for (unsigned i = 0; i < 3; i++)
            CHECK(score.p_milli[best] >= score.p_milli[i]);
        for (int label = LABEL_NEGATIVE; label <= LABEL_POSITIVE; label++) {
            score.label = (int8_t)label;
            joint_row(&joint, &score);
            CHECK(stage_is_possible(&score));
        }
        /* a text that is surely about no brand: the sentiment's heads alone */
        joint.journey[HEAD_BRAND] = -16 * LOGIT_ONE;
        joint_decide(table, &joint, score.p_milli);
        int32_t alone[3];
        uint16_t p[3];
        for (unsigned i = 0; i < 3; i++)
            alone[i] =
                (int32_t)((int64_t)joint.sentiment[i] * table->gain / LOGIT_ONE) + table->offset[i];
        softmax_milli(alone, p);
        for (unsigned i = 0; i < 3; i++)
            CHECK(abs(p[i] - score.p_milli[i]) <= 2);
    }
}

/* A row against another: the slopes are the difference of their weights. */
static void test_joint_slopes(void) {
    const struct joint_table *table = hybrid->models[LANGUAGE_EN].joint;
    struct joint joint = {0};
    int32_t slopes[JOINT_HEADS];
    uint16_t p[3];
    joint_decide(table, &joint, p);
    joint_slopes(table, &joint, 1, 3, slopes);
    for (unsigned i = 0; i < JOINT_HEADS; i++)
        CHECK_INT(slopes[i], table->weights[0][i] - table->weights[1][i]);
}

int main(void) {
    struct score_options options = {.engine = ENGINE_HYBRID};
    CHECK_INT(scorer_open(&hybrid, &options, NULL), STATUS_OK);
    test_joint();
    test_joint_slopes();
    scorer_free(hybrid);
    return tap_done();
}
