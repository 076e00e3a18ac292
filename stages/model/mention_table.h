/* mention table: the mention rows of a study, in as few bytes as its steps need: what is asked of a
 * row many times is a column; its strings lie together in one block per shard, where the row
 * points. Authors are numbers in a table, so that sets of them are arrays. Who answers whom stands
 * in a sparse table of links.
 *
 * In: rows as shards hold them, put in place by several threads at once. Memory: a mention table
 * owns its columns, blocks and links. May fail: only out of memory (false). */
#ifndef BURZA_MENTION_TABLE_H
#define BURZA_MENTION_TABLE_H

#include "stages/model/mention_rows.h"

/* X(type, name, how): one value per row. COPY: that of the same name in MENTION_COLUMNS; MADE:
 * fill_NAME in mention_table.c makes it. */
#define MENTION_TABLE_COLUMNS(X)                                                                   \
    X(int64_t, created_at_us, COPY)                                                                \
    X(uint64_t, text_hash, COPY)                                                                   \
    X(const unsigned char *, strings, MADE) /* four lengths, then id, author, URL and text */      \
    X(uint32_t, author, MADE)               /* number in `authors`; 0 when unknown */              \
    X(uint32_t, channel, MADE)                                                                     \
    X(int32_t, likes, COPY)                                                                        \
    X(int32_t, replies, COPY)                                                                      \
    X(int32_t, reposts, COPY)                                                                      \
    X(int32_t, views, COPY)                                                                        \
    X(int32_t, followers, COPY)                                                                    \
    X(int32_t, spread_s, COPY)                                                                     \
    X(int16_t, score_milli, COPY)                                                                  \
    X(uint16_t, intents, COPY)                                                                     \
    X(uint16_t, brand, COPY)                                                                       \
    X(uint8_t, platform, COPY)                                                                     \
    X(uint8_t, kind, COPY)                                                                         \
    X(uint8_t, flags, COPY)                                                                        \
    X(uint8_t, role, COPY)                                                                         \
    X(uint8_t, language, COPY)                                                                     \
    X(int8_t, label, COPY)                                                                         \
    X(int8_t, vendor_sentiment, COPY)                                                              \
    X(uint8_t, stage, COPY)                                                                        \
    X(uint8_t, topic, COPY)                                                                        \
    X(uint16_t, p_milli, COPY)                                                                     \
    X(uint8_t, time_precision, COPY)                                                               \
    X(uint8_t, time_source, COPY)                                                                  \
    X(uint8_t, address, COPY)                                                                      \
    X(uint8_t, counted, MADE) /* 1: a mention that counts */

/* What joins a row to others; only for rows that answer something or somebody, lie in a
 * conversation begun by another post, are the brand's own, turn to it, or are answered or begin a
 * conversation themselves among the rows. Hashes as in MENTION_COLUMNS, 0 when unknown. */
struct mention_link {
    uint32_t row;
    uint32_t reply_author; /* number in `authors` of whom it answers; 0: nobody among the rows */
    uint64_t id_hash, reply_to_hash;
    uint64_t conversation_hash; /* 0 also when the post itself begins it */
    uint64_t reply_author_hash;
    int64_t reply_to_time_us;
};

struct mention_table {
    size_t count;
#define FIELD(type, name, how) type *name;
    MENTION_TABLE_COLUMNS(FIELD)
#undef FIELD
    /* [count], until mention_table_number_authors */
    uint64_t *id_hash, *author_hash;
    uint64_t *repost_of_hash; /* id_hash of the post that it repeats; 0: none */
    uint64_t *copy_hash;      /* copies of a post share it: of platform and id */
    uint32_t *member;         /* number of the row's file in its input */
    uint8_t *id_kind;
    uint64_t *authors; /* [author_count] hashes; the first is 0, for unknown */
    size_t author_count;
    struct mention_link *links; /* [link_count] by row, after mention_table_link */
    size_t link_count;
    struct mention_block { /* what came from one shard */
        unsigned char *strings;
        struct mention_link *links; /* [link_count], until mention_table_link */
        size_t link_count;
    } * blocks; /* [block_count] */
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
/* Gathers the links, before mention_table_number_authors. */
bool mention_table_link(struct mention_table *mentions) MUST_USE;
/* Gives authors their numbers, in the links too, and forgets the hashes of rows. */
bool mention_table_number_authors(struct mention_table *mentions) MUST_USE;
/* Keeps the rows order[0..count) and their links in that order, after mention_table_number_authors.
 */
bool mention_table_select(struct mention_table *mentions, const uint32_t *order,
                          size_t count) MUST_USE;
/* Finds the authors answered of whom only the handle is known, when rows are in their order: of
 * several who had a handle the one who had it first. */
bool mention_table_link_handles(struct mention_table *mentions) MUST_USE;
/* Rows that answer a row of the brand's own turn to it, which their record alone may not tell: what
 * was context is addressed. After mention_table_link. */
bool mention_table_address(struct mention_table *mentions) MUST_USE;
struct span mention_table_string(const struct mention_table *mentions, size_t row,
                                 enum mention_string which);

/* The strings of a row that is looked at soon: they lie far from those of its neighbours. */
static inline void mention_table_expect(const struct mention_table *mentions, size_t row) {
    __builtin_prefetch(mentions->strings[row]);
    __builtin_prefetch(mentions->strings[row] + 64);
}

/* The moment that the post states: of a post that states only its day the day's beginning. */
static inline int64_t mention_stated_us(const struct mention_table *mentions, size_t row) {
    return mentions->created_at_us[row] - mentions->spread_s[row] * INT64_C(1000000);
}

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
