/* context replies: the conversations that begin with a post of or about a brand, so that a second
 * pass over the dumps can take in the replies (brands with "context": "thread").
 *
 * Made from the rows of the first pass; immutable afterwards. A reply belongs to a conversation
 * when the platform's thread id or the post it answers is such a beginning; where a platform gives
 * no thread id, replies to replies are not found. */
#ifndef BURZA_CONTEXT_REPLIES_H
#define BURZA_CONTEXT_REPLIES_H

#include "pipeline/scan/shard_folder.h"
#include "stages/match/match.h"

struct reply_roots {
    const struct brand *brands;
    size_t brand_count;
    struct counts keys;           /* (id hash, brand) of the posts that begin a conversation */
    char digest[DIGEST_HEX_SIZE]; /* of the first pass and the roots: names the second's shards */
};

/* True when some brand asks for its context. */
bool reply_roots_wanted(const struct brand *brands, size_t count);
/* Reads the shards of `scan_digest`. */
enum status reply_roots_build(struct reply_roots *roots, const struct shard_folder *shards,
                              const char *scan_digest, const struct brand *brands, size_t count,
                              struct fault *fault) MUST_USE;
void reply_roots_release(struct reply_roots *roots);
/* True when a post that answers `reply_to_hash` in `conversation_hash` (0: none) lies in one of the
 * brand's conversations. */
bool reply_roots_hold(const struct reply_roots *roots, size_t brand, uint64_t conversation_hash,
                      uint64_t reply_to_hash);

#endif
