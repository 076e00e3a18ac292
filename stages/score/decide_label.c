/* The rules' settings, and what their score means: label and probabilities. */
#include "stages/score/rules.h"
#include "stages/score/softmax.h"

static const struct rules_settings SETTINGS[LANGUAGE_COUNT] = {
    [LANGUAGE_PL] = {.negated_positive = 1100,
                     .negated_negative = 400,
                     .caps = 1200,
                     .elongated = 1150,
                     .exclamation = 80,
                     .question_positive = 100,
                     .question_negative = 500,
                     .conditional = 1000,
                     .report = 1300,
                     .report_personal = 300,
                     .irony_threshold = 700,
                     .irony_flip = 800,
                     .emoji = 2200,
                     .phrase = 1200,
                     .before_contrast = 300,
                     .after_contrast = 800,
                     .negative_weight = 1000,
                     .complaint_cue = 250,
                     .praise_cue = 350,
                     .above = 170,
                     .below = -200,
                     .last_sentence = 1100,
                     .negation_alone = 100,
                     .dots = 160,
                     .question_bias = 900,
                     .person_bias = 800,
                     .numbers = 45,
                     .quoted = 180,
                     .shouted = 30,
                     .person = 30,
                     .handle = -30,
                     .asking = 300,
                     .half = 600,
                     .slope = 4000},
    [LANGUAGE_EN] = {.negated_positive = 300,
                     .negated_negative = 600,
                     .caps = 1000,
                     .elongated = 1150,
                     .exclamation = 260,
                     .question_positive = 0,
                     .question_negative = 700,
                     .conditional = 600,
                     .report = 1100,
                     .report_personal = 300,
                     .irony_threshold = 400,
                     .irony_flip = 700,
                     .emoji = 1000,
                     .phrase = 800,
                     .before_contrast = 800,
                     .after_contrast = 800,
                     .negative_weight = 1100,
                     .complaint_cue = 0,
                     .praise_cue = 300,
                     .above = 170,
                     .below = -160,
                     .last_sentence = 1300,
                     .negation_alone = 240,
                     .dots = 0,
                     .question_bias = 600,
                     .person_bias = 800,
                     .numbers = 30,
                     .quoted = 30,
                     .shouted = -15,
                     .person = 30,
                     .handle = 0,
                     .asking = 100,
                     .half = 600,
                     .slope = 4000},
};

const struct rules_settings *rules_settings_for(enum language language) {
    return &SETTINGS[language];
}

static void logits(const struct rules *rules, const struct rules_settings *settings, int32_t z[3]) {
    int64_t score = rules->score_milli;
    z[0] = (int32_t)((settings->below - score) * settings->slope / 1000);
    z[1] = 0;
    z[2] = (int32_t)((score - settings->above) * settings->slope / 1000);
}

/* Positive and negative overtake neutral exactly at their thresholds; `slope` says how fast. */
void rules_decide(const struct rules *rules, const struct rules_settings *settings,
                  struct score *out) {
    int32_t z[3];
    logits(rules, settings, z);
    unsigned best = softmax_milli(z, out->p_milli);
    out->label = (int8_t)((int)best - 1);
    out->score_milli = (int16_t)rules->score_milli;
}

int8_t rules_label(const struct rules *rules, const struct rules_settings *settings) {
    int32_t z[3];
    logits(rules, settings, z);
    return (int8_t)((int)softmax_best(z) - 1);
}
