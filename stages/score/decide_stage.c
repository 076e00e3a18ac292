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
struct journey_row {
    uint16_t intents;
    uint8_t stage, heads[3]; /* of the intents; HEADS_JOURNEY: none */
};
#define HEAD(intent)                                                                               \
    ((intent) ? (uint8_t)__builtin_ctz((intent) | 1u << 31) : (uint8_t)HEADS_JOURNEY)
#define ROW(stage, a, b, c)                                                                        \
    {                                                                                              \
        (a) | (b) | (c), STAGE_##stage, {                                                          \
            HEAD(a), HEAD(b), HEAD(c)                                                              \
        }                                                                                          \
    }
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
static const struct journey_row NEGATIVE_ROWS[] = {
    ROW(ACT, COMPLAINT, 0, 0),
    ROW(AWARE, COMPLAINT, 0, 0), /* outrage from outside */
    ROW(ACT, COMPLAINT, REQUEST, 0),
    ROW(ACT, COMPLAINT, QUESTION, 0),
    ROW(ACT, COMPLAINT, CHURN, 0),
    ROW(NONE, COMPLAINT, DISSUADE, 0),
    ROW(ACT, COMPLAINT, CHURN, REQUEST),
    ROW(NONE, COMPLAINT, CHURN, DISSUADE),
    ROW(ACT, CHURN, 0, 0),
    ROW(ACT, CHURN, RUMOR, 0),
    ROW(NONE, DISSUADE, 0, 0),
    ROW(NONE, DISSUADE, CHURN, 0),
    ROW(NONE, DISSUADE, RUMOR, 0),
    ROW(AWARE, RUMOR, 0, 0),
};
static const struct journey_row NEUTRAL_ROWS[] = {
    ROW(AWARE, RUMOR, 0, 0),
    ROW(AWARE, 0, 0, 0),
    ROW(ACT, 0, 0, 0),
    ROW(NONE, 0, 0, 0),
    ROW(ASK, QUESTION, 0, 0),
    ROW(ACT, QUESTION, 0, 0),
    ROW(AWARE, QUESTION, RUMOR, 0),
    ROW(ASK, QUESTION, PURCHASE, 0),
    ROW(ACT, QUESTION, PURCHASE, 0),
    ROW(ACT, QUESTION, CHURN, 0),
    ROW(ACT, QUESTION, REQUEST, 0),
    ROW(ACT, QUESTION, THANKS, 0),
    ROW(ACT, REQUEST, 0, 0),
    ROW(ASK, REQUEST, 0, 0),
    ROW(ACT, REQUEST, CHURN, 0),
    ROW(ACT, PURCHASE, 0, 0),
    ROW(ACT, THANKS, 0, 0),
    ROW(ACT, CHURN, 0, 0),
    ROW(ADVOCATE, RECOMMEND, DISSUADE, 0), /* for one, against another */
    ROW(NONE, DISSUADE, 0, 0),
};
static const struct journey_row POSITIVE_ROWS[] = {
    ROW(ACT, PRAISE, 0, 0),
    ROW(APPEAL, PRAISE, 0, 0),
    ROW(ADVOCATE, PRAISE, RECOMMEND, 0),
    ROW(ACT, PRAISE, THANKS, 0),
    ROW(ACT, PRAISE, PURCHASE, 0),
    ROW(ASK, PRAISE, QUESTION, 0),
    ROW(ACT, PRAISE, REQUEST, 0),
    ROW(ADVOCATE, RECOMMEND, 0, 0), /* also defence against critics */
    ROW(ADVOCATE, RECOMMEND, PURCHASE, 0),
    ROW(ACT, THANKS, 0, 0),
    ROW(ACT, THANKS, PURCHASE, 0),
    ROW(ACT, PURCHASE, 0, 0),
    ROW(APPEAL, PURCHASE, 0, 0),
};

struct journey_rows {
    const struct journey_row *at;
    size_t count;
};
#define ROWS(array)                                                                                \
    { array, sizeof array / sizeof *array }
static const struct journey_rows ROWS_OF[3] = {ROWS(NEGATIVE_ROWS), ROWS(NEUTRAL_ROWS),
                                               ROWS(POSITIVE_ROWS)};

bool stage_is_possible(const struct score *score) {
    const struct journey_rows *rows = &ROWS_OF[score->label + 1];
    for (size_t i = 0; i < rows->count; i++)
        if (rows->at[i].intents == score->intents && rows->at[i].stage == score->stage)
            return true;
    return false;
}

/* The row that is most likely for the label found. */
void stage_by_model(const int32_t z[HEADS_JOURNEY], struct score *score) {
    const struct journey_rows *rows = &ROWS_OF[score->label + 1];
    const struct journey_row *best = rows->at;
    int32_t padded[HEADS_JOURNEY + 1], most = INT32_MIN;
    memcpy(padded, z, HEADS_JOURNEY * sizeof *z);
    padded[HEADS_JOURNEY] = 0;
    for (size_t i = 0; i < rows->count; i++) {
        const struct journey_row *row = &rows->at[i];
        int32_t sum = padded[INTENT_COUNT + row->stage] + padded[row->heads[0]] +
                      padded[row->heads[1]] + padded[row->heads[2]];
        best = sum > most ? row : best;
        most = sum > most ? sum : most;
    }
    score->intents = best->intents;
    score->stage = best->stage;
}

void stage_by_rules(const struct rules *rules, struct score *score) {
    enum { FOUND = 1000, STAGE_FOUND = 700 };
    int32_t z[HEADS_JOURNEY] = {0};
    stage_findings(rules, score);
    for (unsigned i = 0; i < INTENT_COUNT; i++)
        z[i] = score->intents >> i & 1 ? FOUND + rules->intents[i] / 4 : -FOUND;
    z[INTENT_COUNT + score->stage] = STAGE_FOUND;
    stage_by_model(z, score);
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

bool stage_use_shows(const struct rules *rules) {
    return rules->persons || rules->stages[STAGE_ACT] > 0;
}

void stage_need_evidence(bool use_shows, struct score *score) {
    bool nothing = score->label == LABEL_NEUTRAL && !score->intents && score->stage == STAGE_ACT;
    if (nothing && !use_shows)
        score->stage = STAGE_AWARE;
}
