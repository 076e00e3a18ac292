/* context replies: which replies belong to conversations about a brand although they do not name
 * it, for a second pass over the dumps (brands with "context": "thread"), and which belong to
 * conversations with it (brands with accounts): where a dump names only the post answered, nothing
 * else tells that somebody answers the brand.
 *
 * Roots are the posts whose replies are wanted: the rows of the first pass (of a brand without
 * "thread" those by or to its accounts), and, where a platform names no conversation, the replies
 * to them, the replies to those, and so on, as far as the links of the first pass lead. An input
 * needs no second pass when all replies to roots that its links show are rows already. A reply is
 * context when its conversation or the post that it answers is a root. An input can answer only
 * what was written before its own last reply: it is looked through for these roots alone, and a
 * later root does not make its shards out of date. So what is found depends on the set of inputs,
 * not on when each was scanned.
 *
 * Memory: 20 bytes a root (root_table.h), half as much again while it is found, and the largest
 * shard's columns; nothing for rows that are no roots.
 *
 * In: the inputs of a scan. Owner: a `struct reply_roots` owns its table; immutable once built.
 * May fail: STATUS_FATAL. Limits: in a conversation with an id, replies to a row that is a reply
 * itself are found, but not replies to these; times are trusted. */
#ifndef BURZA_CONTEXT_REPLIES_H
#define BURZA_CONTEXT_REPLIES_H

#include "pipeline/scan/root_table.h"
#include "pipeline/scan/scanned_inputs.h"
#include "stages/match/match.h"

struct reply_roots {
    const struct brand *brands;
    size_t brand_count;
    struct root_table table;
    uint64_t platforms; /* of the roots, a bit each */
};

/* Whether replies in conversations of the brand are looked for. */
static inline bool reply_roots_of(const struct brand *brand) {
    return brand->thread || brand->account_count;
}
/* True for some brand. */
bool reply_roots_wanted(const struct brand *brands, size_t count);
/* Reads the rows of `inputs`, and says of each whether it needs a pass. With `id` of version 0.1.0
 * by its rules, and the context shards in `shards` are looked up. */
enum status reply_roots_build(struct reply_roots *roots, struct scanned_inputs *inputs,
                              const struct shard_folder *shards, const struct scan_id *id,
                              const struct brand *brands, size_t count,
                              struct fault *fault) MUST_USE;
void reply_roots_release(struct reply_roots *roots);
/* True when a post that answers `reply_to_hash` in `conversation_hash` (0: none) has a root of the
 * brand, or of any, not younger than `until_us`. */
bool reply_roots_hold(const struct reply_roots *roots, size_t brand, uint64_t conversation_hash,
                      uint64_t reply_to_hash, int64_t until_us);
bool reply_roots_hold_any(const struct reply_roots *roots, uint64_t conversation_hash,
                          uint64_t reply_to_hash);

#endif
