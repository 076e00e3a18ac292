/* near misses: what posts write that looks like a brand nobody mentioned: words, tags, handles,
 * authors and channels, with the number of posts, so that a query can be mended.
 *
 * In: the inputs, read once more up to a number of posts; the brands with nothing found. Out: lines
 * of text. Looks alike: contains the query's word, or, from five letters on, differs from it in one
 * (from seven on in two), endings apart. May fail: as reading does; out of memory. */
#ifndef BURZA_NEAR_MISSES_H
#define BURZA_NEAR_MISSES_H

#include "pipeline/config.h"
#include "pipeline/scan/record_worker.h"
#include "stages/unpack/unpack.h"

struct near_misses;
enum status near_misses_new(struct near_misses **out, struct fault *fault) MUST_USE;
void near_misses_free(struct near_misses *misses);
/* Counts what the posts of an input say. */
enum status near_misses_read(struct near_misses *misses, const struct inputs *inputs,
                             const struct config *config, struct unpack_limits limits,
                             struct fault *fault) MUST_USE;
/* The looks-alikes of the words of a query, most posts first: "@norvia_pl (31 posts), ..."; adds
 * nothing when there are none. */
void near_misses_list(const struct near_misses *misses, const char *query, struct buf *out);
/* Posts looked at. */
uint64_t near_misses_posts(const struct near_misses *misses);

#endif
