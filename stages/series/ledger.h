/* ledger: the mention rows of a study, in as few bytes as its steps need: what is asked of a row
 * many times is a column; its strings lie together in one block per shard, where the row points.
 * Authors are numbers in a table, so that sets of them are arrays.
 *
 * In: rows as shards hold them, put in place by several threads at once. Memory: a ledger owns its
 * columns and blocks. May fail: only out of memory (false). */
#ifndef BURZA_LEDGER_H
#define BURZA_LEDGER_H

#include "stages/common/mentions.h"

/* X(type, name): one value per row. As in MENTION_COLUMNS, but for: */
#define LEDGER_COLUMNS(X)                                                                          \
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

struct ledger {
    size_t count;
#define FIELD(type, name) type *name;
    LEDGER_COLUMNS(FIELD)
#undef FIELD
    uint64_t *id_hash, *author_hash; /* [count] until ledger_settle */
    uint64_t *authors;               /* [author_count] hashes; the first is 0, for unknown */
    size_t author_count;
    unsigned char **blocks; /* [block_count] of strings */
    size_t block_count;
    struct symbols channels;
};

enum ledger_string { LEDGER_ID, LEDGER_AUTHOR, LEDGER_URL, LEDGER_TEXT, LEDGER_STRINGS };

/* Room for `count` rows out of `blocks` shards, all yet to be filled. */
bool ledger_init(struct ledger *ledger, size_t count, size_t blocks) MUST_USE;
void ledger_release(struct ledger *ledger);
/* Rows `first` and following become those of `from`, whose channel i is our channel number[i].
 * Different threads may fill different rows and blocks. */
bool ledger_fill(struct ledger *ledger, size_t first, size_t block, const struct mentions *from,
                 const uint32_t *number) MUST_USE;
/* Gives authors their numbers and forgets the hashes of rows. */
bool ledger_settle(struct ledger *ledger) MUST_USE;
/* Keeps the rows order[0..count) in that order, after ledger_settle. */
bool ledger_select(struct ledger *ledger, const uint32_t *order, size_t count) MUST_USE;
struct span ledger_string(const struct ledger *ledger, size_t row, enum ledger_string which);

#endif
