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

void stage_findings(const struct rules *rules, struct score *score) {
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

/* Which intents and which stage may stand together, for each label: nothing else is ever found. */
#define ROW(label, stage, a, b, c)                                                                 \
    { (a) | (b) | (c), LABEL_##label, STAGE_##stage }
#define COMPLAINT INTENT_COMPLAINT
#define QUESTION INTENT_QUESTION
#define PURCHASE INTENT_PURCHASE
#define PRAISE INTENT_PRAISE
#define RECOMMEND INTENT_RECOMMEND
#define DISSUADE INTENT_DISSUADE
#define THANKS INTENT_THANKS
#define REQUEST INTENT_REQUEST
#define CHURN INTENT_CHURN
#define RUMOR INTENT_RUMOR
const struct journey_row JOURNEY_TABLE[JOURNEY_ROWS] = {
    ROW(NEGATIVE, ACT, COMPLAINT, 0, 0),
    ROW(NEGATIVE, AWARE, COMPLAINT, 0, 0), /* outrage from outside */
    ROW(NEGATIVE, ACT, COMPLAINT, REQUEST, 0),
    ROW(NEGATIVE, ACT, COMPLAINT, QUESTION, 0),
    ROW(NEGATIVE, ACT, COMPLAINT, CHURN, 0),
    ROW(NEGATIVE, NONE, COMPLAINT, DISSUADE, 0),
    ROW(NEGATIVE, ACT, COMPLAINT, CHURN, REQUEST),
    ROW(NEGATIVE, NONE, COMPLAINT, CHURN, DISSUADE),
    ROW(NEGATIVE, ACT, CHURN, 0, 0),
    ROW(NEGATIVE, ACT, CHURN, RUMOR, 0),
    ROW(NEGATIVE, NONE, DISSUADE, 0, 0),
    ROW(NEGATIVE, NONE, DISSUADE, CHURN, 0),
    ROW(NEGATIVE, NONE, DISSUADE, RUMOR, 0),
    ROW(NEGATIVE, AWARE, RUMOR, 0, 0),
    ROW(NEUTRAL, AWARE, RUMOR, 0, 0),
    ROW(NEUTRAL, AWARE, 0, 0, 0),
    ROW(NEUTRAL, ACT, 0, 0, 0),
    ROW(NEUTRAL, NONE, 0, 0, 0),
    ROW(NEUTRAL, ASK, QUESTION, 0, 0),
    ROW(NEUTRAL, ACT, QUESTION, 0, 0),
    ROW(NEUTRAL, AWARE, QUESTION, RUMOR, 0),
    ROW(NEUTRAL, ASK, QUESTION, PURCHASE, 0),
    ROW(NEUTRAL, ACT, QUESTION, PURCHASE, 0),
    ROW(NEUTRAL, ACT, QUESTION, CHURN, 0),
    ROW(NEUTRAL, ACT, QUESTION, REQUEST, 0),
    ROW(NEUTRAL, ACT, QUESTION, THANKS, 0),
    ROW(NEUTRAL, ACT, REQUEST, 0, 0),
    ROW(NEUTRAL, ASK, REQUEST, 0, 0),
    ROW(NEUTRAL, ACT, REQUEST, CHURN, 0),
    ROW(NEUTRAL, ACT, PURCHASE, 0, 0),
    ROW(NEUTRAL, ACT, THANKS, 0, 0),
    ROW(NEUTRAL, ACT, CHURN, 0, 0),
    ROW(NEUTRAL, ADVOCATE, RECOMMEND, DISSUADE, 0), /* for one, against another */
    ROW(NEUTRAL, NONE, DISSUADE, 0, 0),
    ROW(POSITIVE, ACT, PRAISE, 0, 0),
    ROW(POSITIVE, APPEAL, PRAISE, 0, 0),
    ROW(POSITIVE, ADVOCATE, PRAISE, RECOMMEND, 0),
    ROW(POSITIVE, ACT, PRAISE, THANKS, 0),
    ROW(POSITIVE, ACT, PRAISE, PURCHASE, 0),
    ROW(POSITIVE, ASK, PRAISE, QUESTION, 0),
    ROW(POSITIVE, ACT, PRAISE, REQUEST, 0),
    ROW(POSITIVE, ADVOCATE, RECOMMEND, 0, 0), /* also defence against critics */
    ROW(POSITIVE, ADVOCATE, RECOMMEND, PURCHASE, 0),
    ROW(POSITIVE, ACT, THANKS, 0, 0),
    ROW(POSITIVE, ACT, THANKS, PURCHASE, 0),
    ROW(POSITIVE, ACT, PURCHASE, 0, 0),
    ROW(POSITIVE, APPEAL, PURCHASE, 0, 0),
};

bool stage_is_possible(const struct score *score) {
    for (unsigned i = 0; i < JOURNEY_ROWS; i++)
        if (JOURNEY_TABLE[i].label == score->label && JOURNEY_TABLE[i].intents == score->intents &&
            JOURNEY_TABLE[i].stage == score->stage)
            return true;
    return false;
}

bool stage_use_shows(const struct rules *rules) {
    return rules->persons || rules->stages[STAGE_ACT] > 0;
}

void stage_by_rules(const struct rules *rules, struct score *score) {
    enum { FOUND = 1000, STAGE_FOUND = 700 };
    const struct journey_row *best = NULL;
    int32_t most = INT32_MIN;
    stage_findings(rules, score);
    for (const struct journey_row *row = JOURNEY_TABLE; row < JOURNEY_TABLE + JOURNEY_ROWS; row++) {
        int32_t sum = row->stage == score->stage ? STAGE_FOUND : 0;
        for (unsigned i = 0; i < INTENT_COUNT; i++)
            if (row->intents >> i & 1)
                sum += score->intents >> i & 1 ? FOUND + rules->intents[i] / 4 : -FOUND;
        if (row->label != score->label || sum <= most)
            continue;
        best = row;
        most = sum;
    }
    score->intents = best->intents;
    score->stage = best->stage;
    bool nothing = score->label == LABEL_NEUTRAL && !score->intents && score->stage == STAGE_ACT;
    if (nothing && !stage_use_shows(rules))
        score->stage = STAGE_AWARE;
}

bool topic_is_wanted(const struct score *score) {
    return has(score, COMPLAINT | QUESTION | DISSUADE | REQUEST | CHURN | RUMOR);
}

void topic_by_cues(const struct rules *rules, const struct topic_model *model,
                   const struct topic_cues *cues, struct score *score) {
    unsigned best = TOPIC_OTHER;
    int32_t weights[TOPIC_COUNT], z[TOPIC_COUNT] = {0};
    for (unsigned i = 0; i < TOPIC_COUNT; i++)
        weights[i] = cues->weights[i] + rules->topics[i];
    if (model)
        topic_model_finish(model, cues->sums, cues->ngrams, weights, z);
    const int32_t *says = model ? z : weights;
    for (unsigned i = TOPIC_NONE + 1; i < TOPIC_OTHER; i++)
        best = says[i] > says[best] ? i : best;
    score->topic = (uint8_t)best;
}
