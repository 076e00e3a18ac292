/* near duplicates: texts whose sets of words overlap by at least four fifths (Jaccard) are copies
 * of each other; a chain of copies is one group. Texts under four words have no copies but those of
 * equal words. Internal to events.
 *
 * In: rows of the mention table. Out: group[i] (all [count]) = the place in `rows` of the earliest
 * of them that row i is a copy of, through others too; i itself when there is none. The caller owns
 * both arrays. May fail: STATUS_FATAL out of memory. */
#ifndef BURZA_NEAR_DUPLICATES_H
#define BURZA_NEAR_DUPLICATES_H

#include "stages/common/status.h"
#include "stages/model/mention_table.h"

enum status near_duplicates(const struct mention_table *mentions, const uint32_t *rows,
                            size_t count, uint32_t *group, struct fault *fault) MUST_USE;

#endif
