/* decide_stage: what a text wants (intents) and how far its writer has come with the brand (5A
 * stage: aware, appeal, ask, act, advocate), by cues and the sentiment found. Definitions follow
 * Kotler, Kartajaya, Setiawan, "Marketing 4.0" (2017), read for single posts. Never fails. */
#ifndef BURZA_SCORE_DECIDE_STAGE_H
#define BURZA_SCORE_DECIDE_STAGE_H

#include "stages/score/rules.h"
#include "stages/score/topic_cues.h"

/* Label, intents and stage that may stand together. */
struct journey_row {
    uint16_t intents;
    int8_t label;
    uint8_t stage;
};
enum { JOURNEY_ROWS = 47 };
extern const struct journey_row JOURNEY_TABLE[JOURNEY_ROWS]; /* negative first */

/* What the rules see by themselves, whether it fits together or not: evidence for the model. Reads
 * score->label. */
void stage_findings(const struct rules *rules, struct score *score);
/* The row of score->label that is nearest to it. */
void stage_by_rules(const struct rules *rules, struct score *score);
/* Whether the writer shows that he uses the brand: by a word of himself or a cue of use. To the
 * rules a neutral text without intents that does not is by one who only knows it. */
bool stage_use_shows(const struct rules *rules);
/* Whether the text complains, asks, wants something, warns, leaves or passes on a scandal. */
bool topic_is_wanted(const struct score *score);
/* What it is about, of ours and of the user's lexicons: the topic with the most weight, or with a
 * model the one that it makes likeliest. */
void topic_by_cues(const struct rules *rules, const struct topic_model *model,
                   const struct topic_cues *cues, struct score *score);
/* Whether label, intents and stage may stand together. */
bool stage_is_possible(const struct score *score);

#endif
