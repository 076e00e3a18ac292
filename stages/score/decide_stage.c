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

/* Which intents and which stage may stand together, and for which labels: nothing else is ever
 * found. Bit 0 negative, bit 1 neutral, bit 2 positive. */
enum { NEGATIVE = 1, NEUTRAL = 2, POSITIVE = 4 };
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
static const struct journey_row {
    uint16_t labels, intents;
    uint8_t stage;
} ROWS[] = {
    {NEGATIVE, COMPLAINT, STAGE_ACT},
    {NEGATIVE, COMPLAINT, STAGE_AWARE}, /* outrage from outside */
    {NEGATIVE, COMPLAINT | REQUEST, STAGE_ACT},
    {NEGATIVE, COMPLAINT | QUESTION, STAGE_ACT},
    {NEGATIVE, COMPLAINT | CHURN, STAGE_ACT},
    {NEGATIVE, COMPLAINT | DISSUADE, STAGE_NONE},
    {NEGATIVE, COMPLAINT | CHURN | REQUEST, STAGE_ACT},
    {NEGATIVE, COMPLAINT | CHURN | DISSUADE, STAGE_NONE},
    {NEGATIVE, CHURN, STAGE_ACT},
    {NEGATIVE, CHURN | RUMOR, STAGE_ACT},
    {NEGATIVE, DISSUADE, STAGE_NONE},
    {NEGATIVE, DISSUADE | CHURN, STAGE_NONE},
    {NEGATIVE, DISSUADE | RUMOR, STAGE_NONE},
    {NEGATIVE | NEUTRAL, RUMOR, STAGE_AWARE},
    {NEUTRAL, 0, STAGE_AWARE},
    {NEUTRAL, 0, STAGE_ACT},
    {NEUTRAL, 0, STAGE_NONE},
    {NEUTRAL, QUESTION, STAGE_ASK},
    {NEUTRAL, QUESTION, STAGE_ACT},
    {NEUTRAL, QUESTION | RUMOR, STAGE_AWARE},
    {NEUTRAL, QUESTION | PURCHASE, STAGE_ASK},
    {NEUTRAL, QUESTION | PURCHASE, STAGE_ACT},
    {NEUTRAL, QUESTION | CHURN, STAGE_ACT},
    {NEUTRAL, QUESTION | REQUEST, STAGE_ACT},
    {NEUTRAL, QUESTION | THANKS, STAGE_ACT},
    {NEUTRAL, REQUEST, STAGE_ACT},
    {NEUTRAL, REQUEST, STAGE_ASK},
    {NEUTRAL, REQUEST | CHURN, STAGE_ACT},
    {NEUTRAL, PURCHASE, STAGE_ACT},
    {NEUTRAL, THANKS, STAGE_ACT},
    {NEUTRAL, CHURN, STAGE_ACT},
    {NEUTRAL, RECOMMEND | DISSUADE, STAGE_ADVOCATE}, /* for one, against another */
    {NEUTRAL, DISSUADE, STAGE_NONE},
    {POSITIVE, PRAISE, STAGE_ACT},
    {POSITIVE, PRAISE, STAGE_APPEAL},
    {POSITIVE, PRAISE | RECOMMEND, STAGE_ADVOCATE},
    {POSITIVE, PRAISE | THANKS, STAGE_ACT},
    {POSITIVE, PRAISE | PURCHASE, STAGE_ACT},
    {POSITIVE, PRAISE | QUESTION, STAGE_ASK},
    {POSITIVE, PRAISE | REQUEST, STAGE_ACT},
    {POSITIVE, RECOMMEND, STAGE_ADVOCATE}, /* also defence against critics */
    {POSITIVE, RECOMMEND | PURCHASE, STAGE_ADVOCATE},
    {POSITIVE, THANKS, STAGE_ACT},
    {POSITIVE, THANKS | PURCHASE, STAGE_ACT},
    {POSITIVE, PURCHASE, STAGE_ACT},
    {POSITIVE, PURCHASE, STAGE_APPEAL},
};

bool stage_is_possible(const struct score *score) {
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        if ((ROWS[i].labels >> (score->label + 1) & 1) && ROWS[i].intents == score->intents &&
            ROWS[i].stage == score->stage)
            return true;
    return false;
}

/* The row that is most likely for the label found. */
void stage_by_model(const int32_t z[HEADS_JOURNEY], struct score *score) {
    const struct journey_row *best = NULL;
    int32_t most = 0;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        const struct journey_row *row = &ROWS[i];
        if (!(row->labels >> (score->label + 1) & 1))
            continue;
        int32_t sum = z[INTENT_COUNT + row->stage];
        for (unsigned left = row->intents; left; left &= left - 1)
            sum += z[__builtin_ctz(left)];
        if (!best || sum > most) {
            best = row;
            most = sum;
        }
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

void topic_by_rules(const struct rules *rules, struct score *score) {
    const unsigned about = COMPLAINT | QUESTION | DISSUADE | REQUEST | CHURN | RUMOR;
    unsigned best = TOPIC_OTHER;
    score->topic = TOPIC_NONE;
    if (!has(score, about))
        return;
    for (unsigned i = TOPIC_OTHER; i-- > TOPIC_NONE + 1;)
        if (rules->topics[i] > 0 && rules->topics[i] >= rules->topics[best])
            best = i;
    score->topic = (uint8_t)best;
}

void stage_need_evidence(const struct rules *rules, struct score *score) {
    bool nothing = score->label == LABEL_NEUTRAL && !score->intents && score->stage == STAGE_ACT;
    if (nothing && !rules->persons && rules->stages[STAGE_ACT] <= 0)
        score->stage = STAGE_AWARE;
}
