/* The rules' settings, and what their score means: label and probabilities. */
#include "stages/score/rules.h"
#include "stages/score/softmax.h"

static const struct rules_settings SETTINGS[LANGUAGE_COUNT] = {
    [LANGUAGE_PL] = {.negated_positive = 700,
                     .negated_negative = 300,
                     .caps = 1200,
                     .elongated = 1150,
                     .exclamation = 80,
                     .question_positive = 400,
                     .question_negative = 700,
                     .conditional = 800,
                     .report = 1000,
                     .report_personal = 300,
                     .irony_threshold = 700,
                     .irony_flip = 700,
                     .emoji = 1000,
                     .phrase = 1100,
                     .before_contrast = 800,
                     .after_contrast = 800,
                     .negative_weight = 1100,
                     .complaint_cue = 300,
                     .praise_cue = 200,
                     .half = 600,
                     .above = 250,
                     .below = -200,
                     .slope = 4000,
                     .last_sentence = 1100,
                     .negation_alone = 60,
                     .dots = 40,
                     .question_bias = 800,
                     .person_bias = 800},
    [LANGUAGE_EN] = {.negated_positive = 700,
                     .negated_negative = 300,
                     .caps = 1200,
                     .elongated = 1150,
                     .exclamation = 80,
                     .question_positive = 400,
                     .question_negative = 700,
                     .conditional = 800,
                     .report = 1000,
                     .report_personal = 300,
                     .irony_threshold = 700,
                     .irony_flip = 700,
                     .emoji = 1000,
                     .phrase = 1100,
                     .before_contrast = 800,
                     .after_contrast = 800,
                     .negative_weight = 1100,
                     .complaint_cue = 300,
                     .praise_cue = 200,
                     .half = 600,
                     .above = 250,
                     .below = -200,
                     .slope = 4000,
                     .last_sentence = 1100,
                     .negation_alone = 60,
                     .dots = 0,
                     .question_bias = 800,
                     .person_bias = 800},
};

const struct rules_settings *rules_settings_for(enum language language) {
    return &SETTINGS[language];
}

/* Positive and negative overtake neutral exactly at their thresholds; `slope` says how fast. */
void rules_judge(const struct rules *rules, const struct rules_settings *settings,
                 struct score *out) {
    int64_t score = rules->score_milli;
    int32_t z[3] = {(int32_t)((settings->below - score) * settings->slope / 1000), 0,
                    (int32_t)((score - settings->above) * settings->slope / 1000)};
    unsigned best = softmax_milli(z, out->p_milli);
    out->label = (int8_t)((int)best - 1);
    out->score_milli = (int16_t)score;
}
