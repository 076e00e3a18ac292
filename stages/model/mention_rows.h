/* mention rows: the columns in which mentions travel from the scan through the shards to the study.
 *
 * A row is a post together with one brand it belongs to, in one role. In: rows as the scan makes
 * them, one by one or all of a block. Out: columns, in the order of appending. Columns are listed
 * once, in MENTION_COLUMNS and MENTION_TEXTS; appending, storing and reading follow those lists.
 * Owner: a `struct mention_rows` owns its columns. May fail: only out of memory (false). */
#ifndef BURZA_MENTION_ROWS_H
#define BURZA_MENTION_ROWS_H

#include "stages/common/buf.h"
#include "stages/common/hash.h"
#include "stages/model/post.h"

/* X(type, name): one value per row. Hashes are hash_stable of "platform NUL value". */
#define MENTION_COLUMNS(X)                                                                         \
    X(int64_t, created_at_us)                                                                      \
    X(uint64_t, id_hash)       /* of (platform, id): duplicates share it */                        \
    X(uint64_t, author_hash)   /* of (platform, author id or handle); 0 when unknown */            \
    X(uint64_t, reply_to_hash) /* as id_hash, of the post answered; 0 when none */                 \
    X(uint64_t, conversation_hash)                                                                 \
    X(uint64_t, repost_of_hash)                                                                    \
    X(uint64_t, reply_author_hash)                                                                 \
    X(uint64_t, text_hash) /* of the plain words: near-identical texts share it */                 \
    X(int32_t, likes)      /* -1 unknown, in all five */                                           \
    X(int32_t, replies)                                                                            \
    X(int32_t, reposts)                                                                            \
    X(int32_t, views)                                                                              \
    X(int32_t, followers)                                                                          \
    X(uint32_t, channel) /* number in `channels` */                                                \
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
    X(uint8_t, time_precision)

/* X(name): one byte string per row. */
#define MENTION_TEXTS(X)                                                                           \
    X(id)                                                                                          \
    X(author) /* handle, or id where there is no handle */                                         \
    X(url)                                                                                         \
    X(text)

/* One row, for appending; strings are borrowed. */
struct mention {
#define FIELD(type, name) type name;
    MENTION_COLUMNS(FIELD)
#undef FIELD
    struct span channel_name; /* "twitter", "reddit/Polska": used instead of `channel` */
#define FIELD(name) struct span name;
    MENTION_TEXTS(FIELD)
#undef FIELD
};

struct text_column {
    uint64_t *end; /* [rows], end of row's text in bytes */
    struct buf bytes;
};

struct mention_rows {
    size_t count, cap;
#define FIELD(type, name) type *name;
    MENTION_COLUMNS(FIELD)
#undef FIELD
#define FIELD(name) struct text_column name;
    MENTION_TEXTS(FIELD)
#undef FIELD
    struct symbols channels;
};

void mention_rows_init(struct mention_rows *mentions);
void mention_rows_release(struct mention_rows *mentions);
/* Forgets all rows and keeps memory for as many as a block usually gives. */
void mention_rows_clear(struct mention_rows *mentions);
bool mention_rows_append(struct mention_rows *mentions, const struct mention *row) MUST_USE;
/* Appends all rows of `from`, translating channel numbers. */
bool mention_rows_append_all(struct mention_rows *mentions,
                             const struct mention_rows *from) MUST_USE;
/* Drops the rows whose keep[row] is 0; columns that were not read stay NULL. */
void mention_rows_keep(struct mention_rows *mentions, const uint8_t *keep);
/* A text column of its own, for `rows` rows, filled from row 0 on. */
bool text_column_begin(struct text_column *column, size_t rows) MUST_USE;
bool text_column_add(struct text_column *column, size_t row, struct span text) MUST_USE;
void text_column_release(struct text_column *column);
struct span mention_rows_text(const struct text_column *column, size_t index);
/* Bytes held, for deciding when a segment is full. */
size_t mention_rows_bytes(const struct mention_rows *mentions);

#endif
