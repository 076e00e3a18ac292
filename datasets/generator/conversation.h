/* The conversation itself: every post in one array, replies and reposts as indices.
 * conversation_create fills it from the plan; the writers only read it, in the order of time. */
#ifndef GENERATOR_CONVERSATION_H
#define GENERATOR_CONVERSATION_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compose.h"
#include "people.h"
#include "plan.h"

enum { NO_POST = UINT32_MAX };

struct post {
    int64_t time_ms;
    uint64_t id;
    size_t text_at;
    uint32_t text_length, author, likes;
    uint32_t reply_to, repost_of, quote_of, thread; /* indices into posts, not into order */
    enum platform platform;
    enum language language;
    enum topic topic;
    enum stance stance;
    uint8_t mask; /* brands named in the own text */
    int8_t event; /* index into the plan's events or -1 */
    bool inbound; /* addressed to a care account */
    bool from_brand, title, lost, deleted, robot;
    int8_t brand;   /* whose care account it is from or addressed to */
    int8_t subject; /* the brand it is about or BRAND_NONE */
};
struct conversation {
    const struct plan *plan; /* of the caller */
    struct post *posts;
    size_t count, capacity;
    uint32_t *order; /* posts sorted by time, then by index */
    struct text texts;
    struct crowd crowds[PLATFORM_COUNT];
    struct templates templates;
};
void conversation_create(struct conversation *conversation, const char *template_folder,
                         const struct plan *plan, uint64_t seed);
void conversation_release(struct conversation *conversation);
/* Brands a reader of this post sees: the own text, or the reposted one */
unsigned conversation_mask(const struct conversation *conversation, const struct post *post);
const struct author *conversation_author(const struct conversation *conversation,
                                         const struct post *post);
#endif
