#include "stages/score/features.h"

#include "stages/score/decide_stage.h"

enum { STEP_GROUP = 16 };

/* One group of steps for each finding; the order is part of the model files. */
enum group {
    GROUP_SCORE,
    GROUP_POSITIVE,
    GROUP_NEGATIVE,
    GROUP_RAW_POSITIVE,
    GROUP_RAW_NEGATIVE,
    GROUP_MOST,
    GROUP_LEAST,
    GROUP_FINAL,
    GROUP_EMOJI,
    GROUP_IRONY,
    GROUP_REPORT,
    GROUP_COUNT_POSITIVE,
    GROUP_COUNT_NEGATIVE,
    GROUP_NEGATIONS,
    GROUP_CONTRASTS,
    GROUP_CONDITIONALS,
    GROUP_QUESTIONS,
    GROUP_MARKS,
    GROUP_EXCLAMATIONS,
    GROUP_DOTS,
    GROUP_CAPS,
    GROUP_NUMBERS,
    GROUP_PERSONS,
    GROUP_LINKS,
    GROUP_HANDLES,
    GROUP_HASHTAGS,
    GROUP_SENTENCES,
    GROUP_WORDS,
    GROUP_QUOTED,
    GROUP_MIXED,
    GROUP_INTENT, /* INTENT_COUNT groups */
    GROUP_STAGE = GROUP_INTENT + INTENT_COUNT,
    GROUP_RULE_INTENT = GROUP_STAGE + STAGE_COUNT, /* one step an intent */
    GROUP_RULE_STAGE,
    GROUP_END,
};
_Static_assert(GROUP_END *STEP_GROUP <= STEP_IDS, "steps fit");
_Static_assert((int)GROUP_END <= (int)STEPS_MAX, "active steps fit");

static const char *const GROUP_NAMES[GROUP_END] = {"score of the rules",
                                                   "points in favour",
                                                   "points against",
                                                   "favourable words",
                                                   "unfavourable words",
                                                   "strongest praise",
                                                   "strongest criticism",
                                                   "last opinion",
                                                   "emoji",
                                                   "cues of irony",
                                                   "reporting style",
                                                   "number of favourable words",
                                                   "number of unfavourable words",
                                                   "negations",
                                                   "contrast",
                                                   "conditions and wishes",
                                                   "asking words",
                                                   "question mark",
                                                   "exclamation marks",
                                                   "trailing dots",
                                                   "words in capitals",
                                                   "numbers",
                                                   "personal words",
                                                   "links",
                                                   "addressed accounts",
                                                   "hashtags",
                                                   "sentences",
                                                   "length",
                                                   "quoted words",
                                                   "praise beside criticism",
                                                   "cue of complaint",
                                                   "cue of question",
                                                   "cue of purchase",
                                                   "cue of praise",
                                                   "cue of recommendation",
                                                   "cue of warning",
                                                   "cue of thanks",
                                                   "cue of request",
                                                   "cue of leaving",
                                                   "cue of rumor",
                                                   "cue of no stage",
                                                   "cue of awareness",
                                                   "cue of appeal",
                                                   "cue of asking",
                                                   "cue of use",
                                                   "cue of advocacy",
                                                   "intent by the rules",
                                                   "stage by the rules"};

const char *features_step_name(unsigned step) {
    return step / STEP_GROUP < GROUP_END ? GROUP_NAMES[step / STEP_GROUP] : "";
}

bool features_step_absent(unsigned step) {
    unsigned group = step / STEP_GROUP, place = step % STEP_GROUP;
    if (group == GROUP_FINAL || group == GROUP_EMOJI)
        return place == STEP_GROUP / 2;
    return place == 0 && group > GROUP_SCORE && group < GROUP_INTENT;
}

static void add_step(struct features *features, unsigned group, unsigned step) {
    if (step >= STEP_GROUP)
        step = STEP_GROUP - 1;
    features->steps[features->step_count++] = (uint16_t)(group * STEP_GROUP + step);
}

/* Magnitudes in steps that grow by half: 0, <150, <225, ... Points are far below 31 bits. */
static unsigned doubling(int32_t value) {
    static const int32_t limits[16] = {1,    150,  225,  337,  505,   757,   1135,  1702,
                                       2553, 3829, 5743, 8614, 12921, 19381, 29071, INT32_MAX};
    int32_t size = value < 0 ? -value : value, step = 0;
    for (unsigned i = 0; i < 16; i++) /* without branches, so that it becomes vectors */
        step += size >= limits[i];
    return (unsigned)step;
}

static unsigned at_most(uint32_t count, unsigned most) {
    return count < most ? count : most;
}

/* Signed points in 16 steps around 0. */
static unsigned signed_steps(int32_t points) {
    unsigned size = doubling(points) * 2 / 3;
    if (size > 7)
        size = 7;
    return points < 0 ? 7 - size : 8 + size;
}

static void add_counts(struct features *features, const struct rules *rules,
                       const struct tokens *tokens) {
    add_step(features, GROUP_NEGATIONS, at_most(rules->negations, 5));
    add_step(features, GROUP_CONTRASTS, at_most(rules->contrasts, 3));
    add_step(features, GROUP_CONDITIONALS, at_most(rules->conditionals, 3));
    add_step(features, GROUP_QUESTIONS, at_most(rules->questions, 3));
    add_step(features, GROUP_MARKS,
             rules->question_mark + rules->question_mark * !rules->positives * !rules->negatives);
    add_step(features, GROUP_EXCLAMATIONS, at_most(rules->exclamations, 4));
    add_step(features, GROUP_DOTS, at_most(rules->dots, 3));
    add_step(features, GROUP_CAPS, at_most(rules->caps, 6));
    add_step(features, GROUP_NUMBERS, at_most(rules->numbers, 6));
    add_step(features, GROUP_PERSONS, at_most(rules->persons, 6));
    add_step(features, GROUP_LINKS, at_most(rules->urls, 2));
    add_step(features, GROUP_HANDLES, at_most(rules->handles, 3));
    add_step(features, GROUP_HASHTAGS, at_most(rules->hashtags, 4));
    add_step(features, GROUP_SENTENCES, at_most(rules->sentences, 6));
    add_step(features, GROUP_WORDS, at_most(tokens->words / 3, 14));
    add_step(features, GROUP_QUOTED, at_most(rules->quoted, 4));
    add_step(features, GROUP_MIXED,
             at_most(rules->positives, 2) * 3 + at_most(rules->negatives, 2));
}

void features_steps(struct features *features, const struct rules *rules,
                    const struct rules_settings *settings, const struct tokens *tokens) {
    features->step_count = 0;
    add_step(features, GROUP_SCORE, (unsigned)((rules->score_milli + 1000) * 15 / 2000));
    add_step(features, GROUP_POSITIVE, doubling(rules->positive));
    add_step(features, GROUP_NEGATIVE, doubling(rules->negative));
    add_step(features, GROUP_RAW_POSITIVE, doubling(rules->raw_positive));
    add_step(features, GROUP_RAW_NEGATIVE, doubling(rules->raw_negative));
    add_step(features, GROUP_MOST, doubling(rules->most));
    add_step(features, GROUP_LEAST, doubling(rules->least));
    add_step(features, GROUP_FINAL, signed_steps(rules->final));
    add_step(features, GROUP_EMOJI, signed_steps(rules->emoji));
    add_step(features, GROUP_IRONY, doubling(rules->irony));
    add_step(features, GROUP_REPORT, doubling(1000 - rules->report));
    add_step(features, GROUP_COUNT_POSITIVE, at_most(rules->positives, 6));
    add_step(features, GROUP_COUNT_NEGATIVE, at_most(rules->negatives, 6));
    add_counts(features, rules, tokens);
    for (unsigned i = 0; i < INTENT_COUNT; i++)
        if (rules->intents[i])
            add_step(features, GROUP_INTENT + i, doubling(rules->intents[i]));
    for (unsigned i = 0; i < STAGE_COUNT; i++)
        if (rules->stages[i])
            add_step(features, GROUP_STAGE + i, doubling(rules->stages[i]));
    /* what the rules alone say that the text wants */
    struct score score = {.label = rules_label(rules, settings)};
    stage_findings(rules, &score);
    for (unsigned i = 0; i < INTENT_COUNT; i++)
        if (score.intents >> i & 1)
            add_step(features, GROUP_RULE_INTENT, i);
    add_step(features, GROUP_RULE_STAGE, score.stage);
}

void features_collect(struct features *features, const struct rules *rules,
                      const struct rules_settings *settings, const struct tokens *tokens,
                      enum language language, const struct ngram_vocabulary *vocabulary) {
    uint64_t before = NGRAM_NO_WORD;
    uint32_t count = 0;
    features_steps(features, rules, settings, tokens);
    for (uint32_t i = 0; i < tokens->count && i < NGRAM_TOKENS; i++) {
        const struct token *token = &tokens->at[i];
        bool strange = word_is_strange(language, vocabulary, tokens, token);
        count += ngrams_of_word(tokens, token, strange, &features->ngrams[count]);
        count += ngrams_pair(token, strange, &before, &features->ngrams[count]);
    }
    features->ngram_count = count;
}
