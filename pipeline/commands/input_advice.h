/* input advice: what the posts of an input lack, and for what of the audit that matters; what to do
 * when nothing could be read.
 *
 * In: the posts of an input, one by one. Out: short sentences. Plain data. */
#ifndef BURZA_INPUT_ADVICE_H
#define BURZA_INPUT_ADVICE_H

#include "pipeline/scan/record_worker.h"

enum { SEEN_TOOLS = 6, ADVICE_MOST = 8 };

struct input_seen {
    uint64_t posts, authors, linked, replies, reach, rough, private_posts, dated_by_id;
    uint64_t platforms[PLATFORM_COUNT], languages[LANGUAGE_COUNT];
    char tools[SEEN_TOOLS][64];
};

void input_seen_post(struct input_seen *seen, const struct post *post, const char *tool);
/* Up to ADVICE_MOST sentences about what is missing; how many. */
size_t input_advice(const struct input_seen *seen, const char *out[ADVICE_MOST]);
/* The next step for an input without posts, or NULL: it has some, or holds nothing but notices. */
const char *input_next_step(const struct batch *batch, bool damaged);

#endif
