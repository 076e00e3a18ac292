/* reply links: which reply answers which post, kept of all replies whose platform names no
 * conversation, so that chains of replies can be followed without reading the dumps again.
 *
 * In: replies as the scan meets them. Out: the links in that order, and when the last reply was
 * written, of any platform. Owner: a `struct reply_links` owns its links. May fail: only out of
 * memory (false). */
#ifndef BURZA_REPLY_LINKS_H
#define BURZA_REPLY_LINKS_H

#include "stages/common/when.h"

#include <stddef.h>
#include <stdint.h>

/* Shards hold it as three 64-bit numbers. */
struct reply_link {
    uint64_t id_hash, reply_to_hash; /* as in mention rows */
    int64_t created_at_us;
};

struct reply_links {
    struct reply_link *at; /* [count] */
    size_t count, cap;
    int64_t last_us; /* of all replies; TIME_NONE when there are none */
    uint64_t
        threaded; /* a bit for each platform with replies whose conversation is named: no links */
};

void reply_links_init(struct reply_links *links);
void reply_links_release(struct reply_links *links);
void reply_links_saw(struct reply_links *links, int64_t created_at_us);
bool reply_links_append(struct reply_links *links, const struct reply_link *from,
                        size_t count) MUST_USE;
bool reply_links_append_all(struct reply_links *links, const struct reply_links *from) MUST_USE;

#endif
