/* Care teams on Twitter: who writes to a brand gets an answer, late, or none, by the brand's
 * habits; some customers thank, some come back, some who asked later buy. */
#ifndef GENERATOR_SUPPORT_REPLIES_H
#define GENERATOR_SUPPORT_REPLIES_H
#include "speaker.h"

void support_follow(struct speaker *speaker, uint32_t index);
/* Whether the text has the account's @handle. */
bool support_is_addressed(const struct conversation *conversation, const struct post *post,
                          const char *handle);
#endif
