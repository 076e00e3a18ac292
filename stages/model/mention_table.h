/* mentions: the mention rows of a study, in as few bytes as its steps need: what is asked of a row
 * many times is a column; its strings lie together in one block per shard, where the row points.
 * Authors are numbers in a table, so that sets of them are arrays.
 *
 * In: rows as shards hold them, put in place by several threads at once. Memory: a mentions owns
 * its columns and blocks. May fail: only out of memory (false). */
#ifndef BURZA_MENTION_TABLE_H
#define BURZA_MENTION_TABLE_H

#include "stages/model/mention_rows.h"

/* X(type, name): one value per row. As in MENTION_COLUMNS, but for: */
#define MENTION_TABLE_COLUMNS(X)                                                                   \
    X(int64_t, created_at_us)                                                                      \
    X(uint64_t, text_hash)                                                                         \
    X(const unsigned char *, strings) /* four lengths, then id, author, URL and text */            \
    X(uint32_t, author)               /* number in `authors`; 0 when unknown */                    \
    X(uint32_t, channel)                                                                           \
    X(int32_t, likes)                                                                              \
    X(int32_t, replies)                                                                            \
    X(int32_t, reposts)                                                                            \
    X(int32_t, views)                                                                              \
    X(int32_t, followers)                                                                          \
    X(int16_t, score_milli)                                                                        \
    X(uint16_t, intents)                                                                           \
    X(uint16_t, brand)                                                                             \
    X(uint8_t, platform)                                                                           \
    X(uint8_t, kind)                                                                               \
    X(uint8_t, flags)                                                                              \
    X(uint8_t, role)                                                                               \
    X(uint8_t, language)                                                                           \
    X(int8_t, label)                                                                               \
    X(uint8_t, stage)                                                                              \
    X(uint8_t, counted) /* 1: a mention that counts */

struct mention_table {
    size_t count;
#define FIELD(type, name) type *name;
    MENTION_TABLE_COLUMNS(FIELD)
#undef FIELD
    uint64_t *id_hash, *author_hash; /* [count] until mention_table_number_authors */
    uint64_t *authors;               /* [author_count] hashes; the first is 0, for unknown */
    size_t author_count;
    unsigned char **blocks; /* [block_count] of strings */
    size_t block_count;
    struct symbols channels;
};

enum mention_string { STRING_ID, STRING_AUTHOR, STRING_URL, STRING_TEXT, STRING_COUNT };

/* Room for `count` rows out of `blocks` shards, all yet to be filled. */
bool mention_table_init(struct mention_table *mentions, size_t count, size_t blocks) MUST_USE;
void mention_table_release(struct mention_table *mentions);
/* Rows `first` and following become those of `from`, whose channel i is our channel number[i].
 * Different threads may fill different rows and blocks. */
bool mention_table_fill(struct mention_table *mentions, size_t first, size_t block,
                        const struct mention_rows *from, const uint32_t *number) MUST_USE;
/* Gives authors their numbers and forgets the hashes of rows. */
bool mention_table_number_authors(struct mention_table *mentions) MUST_USE;
/* Keeps the rows order[0..count) in that order, after mention_table_number_authors. */
bool mention_table_select(struct mention_table *mentions, const uint32_t *order,
                          size_t count) MUST_USE;
struct span mention_table_string(const struct mention_table *mentions, size_t row,
                                 enum mention_string which);

/* Followers of the author, 0 where unknown: how many a post may have reached. */
static inline int64_t mention_reach(const struct mention_table *mentions, size_t row) {
    return mentions->followers[row] > 0 ? mentions->followers[row] : 0;
}

/* Likes, replies and reposts, each 0 where unknown. */
static inline int64_t mention_engagement(const struct mention_table *mentions, size_t row) {
    int64_t sum = mentions->likes[row] > 0 ? mentions->likes[row] : 0;
    sum += mentions->replies[row] > 0 ? mentions->replies[row] : 0;
    return sum + (mentions->reposts[row] > 0 ? mentions->reposts[row] : 0);
}

#endif
