/* One tweet as a JSON line of the v1.1 stream. The tweet borrows text and authors from its caller.
 */
#ifndef GENERATOR_TWITTER_H
#define GENERATOR_TWITTER_H
#include <stdbool.h>
#include <stdint.h>

#include "people.h"
#include "text_buffer.h"

struct tweet {
    int64_t time_ms;
    uint64_t id;
    const char *text;
    size_t text_length;
    enum language language;
    const struct author *author;
    uint64_t reply_id;                 /* 0: no reply */
    const struct author *reply_author; /* NULL: no reply */
    const struct tweet *reposted, *quoted;
    uint32_t likes, reposts;
    unsigned client;              /* index of the program that sent it */
    bool ascii;                   /* \uXXXX instead of UTF-8 */
    const struct text *user_json; /* full form: the profile, already written */
    uint64_t noise;               /* full form: random bits for links and media */
    bool with_link;
};

/* Compact: the real keys that carry information. Full: every usual key of the stream. Ends without
 * line break. */
void twitter_write_compact(struct text *out, const struct tweet *tweet);
void twitter_write_full(struct text *out, const struct tweet *tweet);
void twitter_write_user_full(struct text *out, const struct author *author);
#endif
