/* Care teams on Twitter: who writes to a brand gets an answer, late, or none, by the brand's
 * habits; some customers thank, some come back, some who asked later buy. */
#ifndef GENERATOR_SUPPORT_REPLIES_H
#define GENERATOR_SUPPORT_REPLIES_H
#include "speaker.h"

void support_follow(struct speaker *speaker, uint32_t index);
#endif
