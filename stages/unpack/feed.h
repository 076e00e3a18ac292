/* feed: compressed or raw bytes, pulled chunk by chunk from a file, a packed member, an entry of a
 * container or a decoder. A chunk is borrowed and lives until the next call on the same feed.
 * The end is sticky: once it is STATUS_END or STATUS_SKIP (damage, with its reason) it stays so. */
#ifndef BURZA_UNPACK_FEED_H
#define BURZA_UNPACK_FEED_H

#include "stages/common/span.h"
#include "stages/common/status.h"

#include <stdint.h>

#define FEED_HEAD 1024 /* most that can be peeked: two tar blocks */

struct feed {
    /* STATUS_OK with a chunk that is not empty, STATUS_END, STATUS_SKIP or STATUS_FATAL. */
    enum status (*next)(struct feed *feed, struct span *chunk, struct fault *fault);
    uint64_t taken;           /* bytes handed out by feed_take */
    struct span glued, ready; /* peeked and not taken yet, in this order */
    enum status ended;        /* STATUS_OK while there may be more */
    struct fault ended_fault;
    bool of_file; /* a file, which all threads wait for: worth decoding with all of them */
    char *place;  /* where the next chunk may be put, or NULL; it need not be */
    size_t place_cap;
    char head[FEED_HEAD];
};

void feed_init(struct feed *feed,
               enum status (*next)(struct feed *, struct span *, struct fault *));
enum status feed_take(struct feed *feed, struct span *chunk, struct fault *fault) MUST_USE;
/* The same; a chunk that is read now is put at `to` if the feed can, which saves a copy. */
enum status feed_take_to(struct feed *feed, char *to, size_t cap, struct span *chunk,
                         struct fault *fault) MUST_USE;
/* Gives back bytes that were taken; they must live until they are taken again. */
void feed_put_back(struct feed *feed, struct span bytes);
/* The first bytes without taking them: `want` (at most FEED_HEAD) or fewer when the feed ends
 * before. Only before anything was taken. */
enum status feed_peek(struct feed *feed, size_t want, struct span *head,
                      struct fault *fault) MUST_USE;
/* Takes the rest; *only_zeros says whether it was zeros (or nothing). */
enum status feed_drain(struct feed *feed, bool *only_zeros, struct fault *fault) MUST_USE;

/* A feed over bytes in memory. */
struct span_feed {
    struct feed feed;
    struct span bytes;
};
void span_feed_init(struct span_feed *feed, struct span bytes);

bool span_is_zeros(struct span bytes);

#endif
