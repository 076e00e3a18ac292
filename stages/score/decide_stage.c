#include "stages/score/decide_stage.h"

enum { CUE_ENOUGH = 450 };

static bool has(const struct score *score, unsigned intents) {
    return (score->intents & intents) != 0;
}

static enum stage stage_by_intents(const struct rules *rules, const struct score *score) {
    if (has(score, INTENT_DISSUADE))
        return STAGE_NONE;
    if (has(score, INTENT_RECOMMEND))
        return STAGE_ADVOCATE;
    if (has(score, INTENT_RUMOR))
        return STAGE_AWARE;
    enum stage cued = STAGE_NONE; /* by the strongest cue */
    int32_t most = CUE_ENOUGH;
    for (unsigned i = STAGE_NONE + 1; i < STAGE_COUNT; i++)
        if (rules->stages[i] > most) {
            most = rules->stages[i];
            cued = (enum stage)i;
        }
    if (cued != STAGE_NONE)
        return cued;
    if (has(score, INTENT_COMPLAINT | INTENT_THANKS | INTENT_REQUEST | INTENT_CHURN))
        return STAGE_ACT;
    if (has(score, INTENT_QUESTION))
        return STAGE_ASK;
    if (has(score, INTENT_PURCHASE | INTENT_PRAISE))
        return rules->persons ? STAGE_ACT : STAGE_APPEAL;
    return STAGE_AWARE;
}

void stage_by_rules(const struct rules *rules, struct score *score) {
    score->intents = 0;
    for (unsigned i = 0; i < INTENT_COUNT; i++)
        if (rules->intents[i] >= CUE_ENOUGH)
            score->intents |= (uint16_t)(1u << i);
    if (rules->question_mark && (rules->questions || score->label == LABEL_NEUTRAL))
        score->intents |= INTENT_QUESTION;
    unsigned against = INTENT_COMPLAINT | INTENT_DISSUADE | INTENT_CHURN | INTENT_RUMOR;
    if (score->label == LABEL_NEGATIVE && !has(score, against))
        score->intents |= INTENT_COMPLAINT;
    unsigned in_favour = INTENT_PRAISE | INTENT_RECOMMEND | INTENT_THANKS | INTENT_PURCHASE;
    if (score->label == LABEL_POSITIVE && !has(score, in_favour))
        score->intents |= INTENT_PRAISE;
    if (score->label == LABEL_POSITIVE)
        score->intents &= (uint16_t) ~(INTENT_COMPLAINT | INTENT_DISSUADE);
    if (score->label == LABEL_NEGATIVE)
        score->intents &= (uint16_t) ~(INTENT_PRAISE | INTENT_RECOMMEND | INTENT_THANKS);
    score->stage = (uint8_t)stage_by_intents(rules, score);
}

void stage_by_model(const int32_t z[HEADS_JOURNEY], struct score *score) {
    score->intents = 0;
    for (unsigned i = 0; i < INTENT_COUNT; i++)
        if (z[i] > 0)
            score->intents |= (uint16_t)(1u << i);
    const int32_t *stages = z + INTENT_COUNT;
    unsigned best = 0;
    for (unsigned i = 1; i < STAGE_COUNT; i++)
        if (stages[i] > stages[best])
            best = i;
    score->stage = (uint8_t)best;
}
