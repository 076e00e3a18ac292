/* threads: the conversations that begin with a post of or about a brand, so that a second pass over
 * the dumps can take in the replies (brands with "context": "thread").
 *
 * Made from the rows of the first pass; immutable afterwards. A reply belongs to a conversation
 * when the platform's thread id or the post it answers is such a beginning; where a platform gives
 * no thread id, replies to replies are not found. */
#ifndef BURZA_THREADS_H
#define BURZA_THREADS_H

#include "pipeline/engine/parts.h"
#include "stages/match/match.h"

struct threads {
    const struct brand *brands;
    size_t brand_count;
    struct counts roots;          /* (id hash, brand) of the posts that begin a conversation */
    char digest[DIGEST_HEX_SIZE]; /* of the first pass and the roots: names the second's shards */
};

/* True when some brand asks for its threads. */
bool threads_wanted(const struct brand *brands, size_t count);
/* Reads the shards of `scan_digest`. */
enum status threads_build(struct threads *threads, const struct parts *parts,
                          const char *scan_digest, const struct brand *brands, size_t count,
                          struct fault *fault) MUST_USE;
void threads_release(struct threads *threads);
/* True when a post that answers `reply_to_hash` in `conversation_hash` (0: none) lies in one of the
 * brand's conversations. */
bool threads_hold(const struct threads *threads, size_t brand, uint64_t conversation_hash,
                  uint64_t reply_to_hash);

#endif
