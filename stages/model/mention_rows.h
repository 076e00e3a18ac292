/* mention rows: the columns in which mentions travel from the scan through the shards to the study.
 *
 * A row is a post together with one brand it belongs to, in one role. In: rows as the scan makes
 * them, one by one or all of a block. Out: columns, in the order of appending. Columns are listed
 * once, in MENTION_*_COLUMNS and MENTION_TEXTS; appending, storing and reading follow those lists.
 * Owner: a `struct mention_rows` owns its columns. May fail: only out of memory (false). */
#ifndef BURZA_MENTION_ROWS_H
#define BURZA_MENTION_ROWS_H

#include "stages/common/buf.h"
#include "stages/common/hash.h"
#include "stages/model/post.h"

/* What of the columns a reader asks for: what every step of a study needs, what links rows to one
 * another, what nothing but the shard itself keeps. */
enum mention_set { SET_CORE, SET_LINK, SET_REST };

/* X(type, name, set): one value per row.
 *
 * Hashes are hash_stable_join of the platform's name and the value; between them stands the scope
 * where ids have one. Two rows are of one author when their author_hash is the same. Whom a post
 * answers is the author with that author_hash; but where the dump names only a handle it is whoever
 * has that handle_key. mention_table_number_authors and mention_table_link_handles join both. */
#define MENTION_FIRST_COLUMNS(X)                                                                   \
    X(int64_t, created_at_us, CORE)                                                                \
    X(uint64_t, id_hash, CORE)           /* of (platform, scope, id): links lead to it */          \
    X(uint64_t, author_hash, CORE)       /* of the id, else of the handle as written; 0 unknown */ \
    X(uint64_t, reply_to_hash, LINK)     /* as id_hash, of the post answered; 0 when none */       \
    X(uint64_t, conversation_hash, LINK) /* as id_hash */                                          \
    X(uint64_t, repost_of_hash, LINK)    /* as id_hash */                                          \
    X(uint64_t, reply_author_hash, LINK) /* of whom it answers */                                  \
    X(uint64_t, text_hash, CORE)         /* of the plain words: near-identical texts share it */   \
    X(int32_t, likes, CORE)              /* -1 unknown, in all five */                             \
    X(int32_t, replies, CORE)                                                                      \
    X(int32_t, reposts, CORE)                                                                      \
    X(int32_t, views, CORE)                                                                        \
    X(int32_t, followers, CORE)                                                                    \
    X(uint32_t, channel, CORE) /* number in `channels` */                                          \
    X(int16_t, score_milli, CORE)                                                                  \
    X(uint16_t, intents, CORE)                                                                     \
    X(uint16_t, brand, CORE)                                                                       \
    X(uint8_t, platform, CORE)                                                                     \
    X(uint8_t, kind, CORE)                                                                         \
    X(uint8_t, flags, CORE)                                                                        \
    X(uint8_t, role, CORE)                                                                         \
    X(uint8_t, language, CORE)                                                                     \
    X(int8_t, label, CORE)                                                                         \
    X(uint8_t, stage, CORE)                                                                        \
    X(uint8_t, time_precision, CORE)

/* X(type, name, set, absent): columns that came later; in a shard without them every row has
 * `absent`. New ones go here. */
#define MENTION_LATER_COLUMNS(X)                                                                   \
    X(int64_t, reply_to_time_us, LINK, TIME_NONE) /* when the post answered was made */            \
    X(uint8_t, time_source, CORE, TIME_FROM_FIELD)                                                 \
    X(uint8_t, address, CORE, 0)                  /* enum address bits */                          \
    X(int32_t, spread_s, CORE, 0)                 /* as in struct post */                          \
    X(uint32_t, member, CORE, 0)                  /* number of its file in the input, from 1 */    \
    X(uint8_t, id_kind, CORE, ID_GIVEN)           /* enum id_kind */                               \
    X(uint32_t, id_company, CORE, 0)              /* as in struct post */                          \
    X(uint8_t, topic, CORE, TOPIC_UNKNOWN)        /* enum post_topic */                            \
    X(int8_t, vendor_sentiment, CORE, LABEL_NONE) /* enum label, as in struct post */              \
    X(uint16_t, p_milli, CORE, 0) /* probability of the label, thousandths; 0 unknown */

#define MENTION_COLUMNS(X) MENTION_FIRST_COLUMNS(X) MENTION_LATER_COLUMNS(X)

/* X(name): one byte string per row. */
#define MENTION_TEXTS(X)                                                                           \
    X(id)                                                                                          \
    X(author) /* handle, or id where there is no handle */                                         \
    X(url)                                                                                         \
    X(text)

/* One row, for appending; strings are borrowed. */
struct mention {
#define FIELD(type, name, ...) type name;
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
#define FIELD(type, name, ...) type *name;
    MENTION_COLUMNS(FIELD)
#undef FIELD
#define FIELD(name) struct text_column name;
    MENTION_TEXTS(FIELD)
#undef FIELD
    struct symbols channels;
};

/* The stored hash of a platform's value; 0 for an empty one. */
uint64_t platform_key(enum platform platform, struct span value);
/* Of a handle without @ and in small ASCII letters, so that it is the same however it is written; 0
 * for what is too long to be one. */
uint64_t handle_key(enum platform platform, struct span handle);

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
/* How many rows are mentions: not the brand's own, addressed or context. */
size_t mention_rows_counted(const struct mention_rows *mentions);
/* Bytes held, for deciding when a segment is full. */
size_t mention_rows_bytes(const struct mention_rows *mentions);

#endif
