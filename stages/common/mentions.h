/* mentions: the columns in which mention rows travel from the scan through the shards to the
 * study, and `tally`, what the scan counts over all posts, mentions or not.
 *
 * A mention is a post together with one brand it belongs to. Columns are listed once, in
 * MENTION_COLUMNS; appending, permuting, storing and reading all follow that list. Memory: a
 * `struct mentions` owns its columns. May fail: only out of memory (false). */
#ifndef BURZA_MENTIONS_H
#define BURZA_MENTIONS_H

#include "stages/common/buf.h"
#include "stages/common/hash.h"
#include "stages/common/post.h"

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

struct mentions {
    size_t count, cap;
#define FIELD(type, name) type *name;
    MENTION_COLUMNS(FIELD)
#undef FIELD
#define FIELD(name) struct text_column name;
    MENTION_TEXTS(FIELD)
#undef FIELD
    struct symbols channels;
};

void mentions_init(struct mentions *mentions);
void mentions_release(struct mentions *mentions);
/* Forgets all rows and keeps memory for as many as a block usually gives. */
void mentions_clear(struct mentions *mentions);
bool mentions_append(struct mentions *mentions, const struct mention *row) MUST_USE;
/* Appends all rows of `from`, translating channel numbers. */
bool mentions_append_all(struct mentions *mentions, const struct mentions *from) MUST_USE;
/* Keeps the rows order[0..count) in that order; channels are numbered as they appear. Only one
 * column is there twice at a time. After false the rows can only be released. */
bool mentions_select(struct mentions *mentions, const uint32_t *order, size_t count) MUST_USE;
/* A text column of its own, for `rows` rows, filled from row 0 on. */
bool text_column_begin(struct text_column *column, size_t rows) MUST_USE;
bool text_column_add(struct text_column *column, size_t row, struct span text) MUST_USE;
void text_column_release(struct text_column *column);
/* Row `index` with borrowed strings. */
struct mention mentions_row(const struct mentions *mentions, size_t index);
struct span mentions_text(const struct text_column *column, size_t index);
/* Bytes held, for deciding when a stretch is full. */
size_t mentions_bytes(const struct mentions *mentions);

/* --- what is counted over all posts --- */

#define TALLY_BUCKET_S 300
/* Channels counted by name; later ones count for the platform. */
#define TALLY_CHANNELS_MAX 200000
#define TALLY_REASONS 16 /* >= REJECT_COUNT */
#define TALLY_REPAIRS 8  /* >= REPAIR_COUNT */

struct tally {
    uint64_t records, posts, embedded, prefiltered; /* prefiltered: posts passed to the tokeniser */
    uint64_t rejects[TALLY_REASONS], repairs[TALLY_REPAIRS];
    int64_t first_us, last_us; /* of posts not embedded; TIME_NONE when there are none */
    struct counts by_platform; /* key: bucket << 8 | platform; bucket = seconds / TALLY_BUCKET_S */
    struct counts by_channel;  /* key: hour << 32 | number in `channels` */
    struct symbols channels;   /* "reddit/Polska" */
    struct counts deleted;     /* key: id_hash of posts that a notice declared deleted */

    /* private: where the last post was counted; the next one often belongs there too */
    uint32_t last_channel;
    uint64_t last_platform_key, last_channel_key;
    uint64_t *last_platform_count, *last_channel_count;
};

void tally_init(struct tally *tally);
void tally_release(struct tally *tally);
/* Counts one post that is not embedded. `channel` as in struct mention. */
bool tally_post(struct tally *tally, const struct post *post, struct span channel) MUST_USE;
bool tally_add(struct tally *tally, const struct tally *other) MUST_USE;

#endif
