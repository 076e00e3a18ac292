/* Invented authors: a handle, a name, numbers as a profile shows them, and writing habits.
 * A crowd is an array owned by the caller of people_create. */
#ifndef GENERATOR_PEOPLE_H
#define GENERATOR_PEOPLE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "random.h"
#include "templates.h"

enum platform { PLATFORM_TWITTER, PLATFORM_REDDIT, PLATFORM_LISTENING, PLATFORM_COUNT };

struct author {
    uint64_t id;
    int64_t joined_s;
    char handle[24], name[40];
    uint32_t followers, friends, statuses;
    enum language language;
    bool female, ascii_only, lower_case, likes_emoji, official;
    int brand; /* BRAND_NONE, or the brand whose account this is */
};
struct crowd {
    struct author *authors;
    size_t count;
};

/* count people who write in language mixtures like the demo; brand accounts come first on Twitter
 */
void people_create(struct crowd *crowd, size_t count, enum platform platform, uint64_t seed);
void people_release(struct crowd *crowd);
/* One author of the language; a few write much, most little. Never an official account. */
uint32_t people_pick(const struct crowd *crowd, enum language language, struct random *random);
#endif
