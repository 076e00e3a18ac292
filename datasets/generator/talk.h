/* The conversation itself: every post in one array, replies and reposts as
 * indices. talk_create fills it from the plan; the writers only read it. Posts end up ordered by
 * time. */
#ifndef GENERATOR_TALK_H
#define GENERATOR_TALK_H
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
    uint32_t reply_to, repost_of, quote_of, thread; /* indices before sorting, see talk_at */
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
struct talk {
    const struct plan *plan; /* of the caller */
    struct post *posts;
    size_t count, capacity;
    uint32_t *order; /* posts sorted by time, then by index */
    struct text texts;
    struct crowd crowds[PLATFORM_COUNT];
    struct templates templates;
};
void talk_create(struct talk *talk, const char *template_folder, const struct plan *plan,
                 uint64_t seed);
void talk_release(struct talk *talk);
/* Brands a reader of this post sees: the own text, or the reposted one */
unsigned talk_mask(const struct talk *talk, const struct post *post);
const struct author *talk_author(const struct talk *talk, const struct post *post);
#endif
