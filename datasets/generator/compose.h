/* Writes one post: picks a template, fills its slots, adds openers, closers, emoji, habits and
 * typos of the author. The result says which brands the text names, so the truth needs no search.
 */
#ifndef GENERATOR_COMPOSE_H
#define GENERATOR_COMPOSE_H
#include "brands.h"
#include "people.h"
#include "random.h"
#include "templates.h"

struct composer {
    const struct templates *templates;
    struct random *random;
    struct text scratch; /* reused between posts */
};
struct occasion {
    enum topic topic;
    int brand; /* the brand talked about, or BRAND_NONE */
    enum stance stance;
    enum language language;
    enum platform platform;
    const struct author *author;
    bool tidy;      /* official answers: no typos, no emoji, no openers */
    bool long_form; /* two sentences */
};

/* Appends the text to out; returns the set of MASK_ bits of the brands named in it */
unsigned compose_post(struct composer *composer, const struct occasion *occasion, struct text *out);
void composer_release(struct composer *composer);
#endif
