/* decide_stage: what a text wants (intents) and how far its writer has come with the brand (5A
 * stage: aware, appeal, ask, act, advocate), by cues and the sentiment found. Definitions follow
 * Kotler, Kartajaya, Setiawan, "Marketing 4.0" (2017), read for single posts. Never fails. */
#ifndef BURZA_SCORE_DECIDE_STAGE_H
#define BURZA_SCORE_DECIDE_STAGE_H

#include "stages/score/model.h"

void stage_by_rules(const struct rules *rules, struct score *score);
void stage_by_model(const int32_t z[HEADS_JOURNEY], struct score *score);

#endif
