/* topics: the service messages that a forum's topics begin with. A message that answers one begins
 * a thread in the topic and is no reply. Internal to stages/decode.
 *
 * They are found while a document is cut, one thread at a time, and only added to; blocks are
 * decoded by others, which look at those that the block's place says were known when it was cut:
 * all that stand before it. */
#ifndef BURZA_DECODE_TOPICS_H
#define BURZA_DECODE_TOPICS_H

#include "stages/decode/format.h"

struct topics;
struct topics *topics_new(void); /* NULL when out of memory */
void topics_free(struct topics *topics);
uint32_t topics_count(const struct topics *topics);
/* Adds the message `record` if it has the format's mark of one; what cannot be added is a message
 * like others. */
void topics_see(struct topics *topics, const struct format *format,
                const struct decode_place *place, struct span record);
/* Whether an id within a scope is one of the first `count` topics. */
bool topics_have(const struct topics *topics, uint32_t count, struct span scope, struct span id);

#endif
