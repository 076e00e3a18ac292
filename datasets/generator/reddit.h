/* Reddit comments and submissions as Pushshift stores them, one JSON object per call, no line
 * break. */
#ifndef GENERATOR_REDDIT_H
#define GENERATOR_REDDIT_H
#include <stdbool.h>
#include <stdint.h>

#include "people.h"
#include "text_buffer.h"

enum { REDDIT_KEY_ORDERS = 3 };
struct reddit_post {
    int64_t created_s;
    uint64_t id, parent_id, link_id;
    bool parent_is_link, deleted, robot, created_as_text, ascii, full;
    const char *subreddit, *body, *title;
    size_t body_length, title_length;
    const struct author *author;
    uint32_t score, comments;
    int64_t edited_s;   /* 0: never */
    unsigned key_order; /* below REDDIT_KEY_ORDERS */
};
void reddit_write_comment(struct text *out, const struct reddit_post *post);
void reddit_write_submission(struct text *out, const struct reddit_post *post);
const char *reddit_subreddit(enum topic topic, enum language language);
#endif
