/* mention links: how the sparse links of a mention table are made and kept. Internal to model.
 *
 * In: rows of shards, by several threads at once. Out: table->links by row. Owner: the table. May
 * fail: only out of memory (false). */
#ifndef BURZA_MENTION_LINKS_H
#define BURZA_MENTION_LINKS_H

#include "stages/model/mention_table.h"

/* The links that the rows of a shard have by themselves go into their block. */
bool mention_links_fill(struct mention_table *mentions, size_t first, size_t block,
                        const struct mention_rows *from) MUST_USE;
/* Links of the rows order[0..count), which become rows 0, 1, 2, .. */
bool mention_links_select(struct mention_table *mentions, const uint32_t *order,
                          size_t count) MUST_USE;

#endif
