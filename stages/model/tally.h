/* tally: what the scan counts over all posts, mentions or not: records by fate, posts by platform
 * and channel over time, and the ids that notices declared deleted.
 *
 * In: posts as they are decoded. Out: sums that add up over blocks, shards and inputs in any order.
 * Owner: a `struct tally` owns its tables. May fail: only out of memory (false). */
#ifndef BURZA_TALLY_H
#define BURZA_TALLY_H

#include "stages/common/hash.h"
#include "stages/common/status.h"
#include "stages/model/post.h"

#define TALLY_BUCKET_S 300
/* Channels counted by name; later ones count for the platform. */
#define TALLY_CHANNELS_MAX 200000
#define TALLY_KNOWN 512
#define TALLY_REASONS 16 /* >= REJECT_COUNT */
#define TALLY_REPAIRS 8  /* >= REPAIR_COUNT */
#define TALLY_MINUTES (TALLY_BUCKET_S / 60)
enum { TALLY_SAMPLES = 2 };

struct tally {
    uint64_t records, posts, embedded, prefiltered; /* prefiltered: posts passed to the tokeniser */
    uint64_t rejects[TALLY_REASONS], repairs[TALLY_REPAIRS];
    int64_t first_us, last_us; /* of posts not embedded; TIME_NONE when there are none */
    struct counts by_platform; /* key: bucket << 8 | platform; bucket = seconds / TALLY_BUCKET_S */
    struct counts edges;       /* same keys: the first and the last post in the bucket, in seconds
                                  behind its beginning: read by tally_edge */
    struct counts by_channel;  /* key: hour << 32 | number in `channels` */
    struct symbols channels;   /* "reddit/Polska" */
    /* What files named by minute or hour hold (tally_file). Same keys as by_platform; value: a bit
     * for each minute of the bucket that has such a file, and posts << 8 that came from these */
    struct counts files;
    struct counts exported; /* key: platform; second until which an export says it is whole */
    /* tweets by the millisecond in their ids, which tells Twitter's samples (tally_sampling) */
    uint64_t snowflakes, sampled[TALLY_SAMPLES];
    /* key: id_hash of posts that a notice, or a copy of theirs, says were deleted or withheld;
     * tally_deleted_author of authors all of whose posts were */
    struct counts deleted;
    /* sums of hashes of all posts not embedded: only who has the dump knows them, and they are the
     * same however it is packed, ordered or cut into files */
    uint64_t secret[4];

    /* private: numbers + 1 of channels counted lately, by a few bytes of their names; and where the
     * last post was counted, for the next one often belongs there too */
    uint32_t known[TALLY_KNOWN];
    uint64_t last_platform_key, last_channel_key;
    uint64_t *last_platform_count, *last_channel_count, *last_edges;
};

void tally_init(struct tally *tally);
void tally_release(struct tally *tally);
/* Counts one post that is not embedded. `channel` as in struct mention. */
bool tally_post(struct tally *tally, const struct post *post, struct span channel) MUST_USE;
/* Notes a deletion by the key that struct tally tells of. */
bool tally_delete(struct tally *tally, uint64_t key) MUST_USE;
uint64_t tally_deleted_author(uint64_t author_hash);
bool tally_add(struct tally *tally, const struct tally *other) MUST_USE;
/* The same in two parts: all but the channels, and the channels. */
bool tally_add_sums(struct tally *tally, const struct tally *other) MUST_USE;
bool tally_add_channels(struct tally *tally, const struct tally *other) MUST_USE;
void tally_drop_channels(struct tally *tally);
/* Notes that a file named by its time, of minutes since 1970 from `minute` on, is there, and that
 * all posts of the platform in `tally` came from it: once for a tally of one file. */
bool tally_file(struct tally *tally, enum platform platform, int64_t minute, int minutes) MUST_USE;
/* Which minutes the files named by their times span, and how many of them are there. */
struct tally_minutes {
    int64_t first, last; /* since 1970 */
    uint64_t there;      /* 0: no such file */
};
struct tally_minutes tally_file_minutes(const struct tally *tally);
/* Notes until when an export of the platform's posts is whole. */
bool tally_exported(struct tally *tally, enum platform platform, int64_t second) MUST_USE;
/* The share of all tweets that the tweets were sampled with, 0.01 or 0.1; 0 where nothing tells.
 * Twitter's sample streams take the tweets of fixed milliseconds of each second: 657 to 666 the one
 * of 1 %, 657 to 756 the one of 10 % (D. Kergl, R. Roedler, S. Seeber, "On the endogenesis of
 * Twitter's Spritzer and Gardenhose sample streams", ASONAM 2014). */
double tally_sampling(const struct tally *tally);
/* How many counts it holds. */
size_t tally_size(const struct tally *tally);

/* When the bucket with that key of by_platform had its first and last post; its whole length where
 * that was not kept (shards of versions before 0.2.0). */
struct tally_edge {
    int64_t first_s, last_s;
};
struct tally_edge tally_edge(const struct tally *tally, uint64_t key);

#endif
