#include "stages/score/joint_table.h"

#include "stages/score/simd_i16.h"
#include "stages/score/softmax.h"

#include <string.h>

enum {
    INPUT_BITS = 8,
    INPUT_ONE = 1 << INPUT_BITS,
    INPUT_MOST = 16 * INPUT_ONE - 1,
    MIX_BITS = 16
};

_Static_assert(sizeof(struct joint_table) % 16 == 0, "what follows is aligned");
_Static_assert(JOURNEY_ROWS <= 64, "rows fit into bits");
_Static_assert(JOINT_INPUTS % 8 == 0, "rows are read by eight");

static int16_t clamped(int32_t z) {
    z >>= 2; /* of 1/1024 to 1/256, so that 24 products fit into 32 bits */
    return (int16_t)(z > INPUT_MOST ? INPUT_MOST : z < -INPUT_MOST ? -INPUT_MOST : z);
}

static void fill_rows(const struct joint_table *table, struct joint *joint) {
    int16_t inputs[JOINT_INPUTS] = {0};
    for (unsigned i = 0; i < HEADS_SENTIMENT; i++)
        inputs[i] = clamped(joint->sentiment[i]);
    for (unsigned i = 0; i < HEADS_JOURNEY; i++)
        inputs[HEADS_SENTIMENT + i] = clamped(joint->journey[i]);
    inputs[JOINT_ONE] = INPUT_ONE;
    inputs[JOINT_USE] = joint->use ? INPUT_ONE : 0;
    for (unsigned done = 0; done < JOURNEY_ROWS; done += 4) {
        /* the last four overlap those before */
        unsigned row = done + 4 < JOURNEY_ROWS ? done : JOURNEY_ROWS - 4;
        simd_i32x4 parts[4] = {{0}};
        for (unsigned i = 0; i < 4; i++)
            for (unsigned j = 0; j < JOINT_INPUTS; j += 8)
                parts[i] += simd_products(inputs + j, table->weights[row + i] + j);
        simd_i32x4 sums = simd_sums(parts);
        sums = (sums + (sums >> 31 & (INPUT_ONE - 1))) >> INPUT_BITS; /* towards zero */
        memcpy(joint->rows + row, &sums, sizeof sums);
    }
}

/* The shares of the labels by the rows, and by sentiment alone, each in 2^-16. */
static void share_rows(const struct joint *joint, uint64_t shares[3]) {
    int32_t most = joint->rows[0];
    uint64_t sums[3] = {0}, all = 0;
    for (unsigned row = 1; row < JOURNEY_ROWS; row++)
        most = joint->rows[row] > most ? joint->rows[row] : most;
    for (unsigned row = 0; row < JOURNEY_ROWS; row++)
        sums[JOURNEY_TABLE[row].label + 1] += softmax_exp_below((int64_t)most - joint->rows[row]);
    all = sums[0] + sums[1] + sums[2];
    for (unsigned i = 0; i < 3; i++)
        shares[i] = (sums[i] << MIX_BITS) / all;
}

static void share_sentiment(const struct joint_table *table, const struct joint *joint,
                            uint64_t shares[3]) {
    int32_t z[3];
    uint64_t e[3], all = 0;
    for (unsigned i = 0; i < 3; i++)
        z[i] = (int32_t)((int64_t)joint->sentiment[i] * table->gain / LOGIT_ONE) + table->offset[i];
    int32_t most = z[softmax_best(z)];
    for (unsigned i = 0; i < 3; i++)
        all += e[i] = softmax_exp_below((int64_t)most - z[i]);
    for (unsigned i = 0; i < 3; i++)
        shares[i] = (e[i] << MIX_BITS) / all;
}

/* 1 / (1 + exp(-z)) in 2^-16 */
static uint32_t logistic(int32_t z) {
    uint64_t below = softmax_exp_below(z < 0 ? -(int64_t)z : z), one = UINT64_C(1) << 30;
    return (uint32_t)(((z < 0 ? below : one) << MIX_BITS) / (one + below));
}

unsigned joint_decide(const struct joint_table *table, struct joint *joint, uint16_t p_milli[3]) {
    uint64_t rows[3], alone[3], mixed[3], all = 0;
    unsigned best = 0, rest = 1000;
    fill_rows(table, joint);
    joint->brand = logistic(joint->journey[HEAD_BRAND]);
    share_rows(joint, rows);
    share_sentiment(table, joint, alone);
    for (unsigned i = 0; i < 3; i++) {
        mixed[i] = rows[i] * joint->brand + alone[i] * ((1u << MIX_BITS) - joint->brand);
        all += mixed[i];
        best = mixed[i] > mixed[best] ? i : best;
    }
    for (unsigned i = 0; i < 3; i++) {
        p_milli[i] = (uint16_t)(mixed[i] * 1000 / all);
        rest -= p_milli[i];
    }
    p_milli[best] = (uint16_t)(p_milli[best] + rest);
    return best;
}

void joint_row(const struct joint *joint, struct score *score) {
    unsigned best = JOURNEY_ROWS;
    for (unsigned row = 0; row < JOURNEY_ROWS; row++)
        if (JOURNEY_TABLE[row].label == score->label &&
            (best == JOURNEY_ROWS || joint->rows[row] > joint->rows[best]))
            best = row;
    score->intents = JOURNEY_TABLE[best].intents;
    score->stage = JOURNEY_TABLE[best].stage;
}

/* Adds the mean weights of some rows, each as likely as it is among them, times `sign`. */
static void add_mean(const struct joint_table *table, const struct joint *joint, uint64_t rows,
                     int32_t sign, int32_t slopes[JOINT_HEADS]) {
    int64_t sums[JOINT_HEADS] = {0}, all = 0;
    int32_t most = INT32_MIN;
    for (unsigned row = 0; row < JOURNEY_ROWS; row++)
        if (rows >> row & 1 && joint->rows[row] > most)
            most = joint->rows[row];
    for (unsigned row = 0; row < JOURNEY_ROWS; row++) {
        if (!(rows >> row & 1))
            continue;
        int64_t weight = (int64_t)(softmax_exp_below((int64_t)most - joint->rows[row]) >> 10);
        all += weight;
        for (unsigned i = 0; i < JOINT_HEADS; i++)
            sums[i] += weight * table->weights[row][i];
    }
    for (unsigned i = 0; all && i < JOINT_HEADS; i++)
        slopes[i] += sign * (int32_t)(sums[i] / all);
}

void joint_slopes(const struct joint_table *table, const struct joint *joint, uint64_t in_favour,
                  uint64_t among, int32_t slopes[JOINT_HEADS]) {
    memset(slopes, 0, JOINT_HEADS * sizeof *slopes);
    add_mean(table, joint, in_favour, 1, slopes);
    add_mean(table, joint, among & ~in_favour, -1, slopes);
}
