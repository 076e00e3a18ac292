#include "stages/store/posts.h"

#include "stages/store/columns.h"

#include <stdio.h>
#include <stdlib.h>

enum { BLOCK_ROWS = 512, BATCH_BLOCKS = 64 };

/* Columns that are plain numbers. Hashes stay in the shards: they could be guessed. */
#define POST_COLUMNS(X)                                                                            \
    X(brand, H5T_NATIVE_UINT16, uint16_t, "number of the brand in brand_name")                     \
    X(channel, H5T_NATIVE_UINT32, uint32_t, "number of the channel in channel_name")               \
    X(platform, H5T_NATIVE_UINT8, uint8_t, "number of the platform in platform_name")              \
    X(kind, H5T_NATIVE_UINT8, uint8_t, "0 original, 1 reply, 2 repost, 3 quote")                   \
    X(flags, H5T_NATIVE_UINT8, uint8_t,                                                            \
      "bits: 1 embedded in another post, 2 deleted later, 4 text removed, 8 automated, 16 "        \
      "private")                                                                                   \
    X(role, H5T_NATIVE_UINT8, uint8_t,                                                             \
      "0 mention, 1 the brand's own voice, 2 thread context, 3 addressed: turns to the brand "     \
      "without a mention")                                                                         \
    X(language, H5T_NATIVE_UINT8, uint8_t, "0 other, 1 pl, 2 en")                                  \
    X(label, H5T_NATIVE_INT8, int8_t, "-1 negative, 0 neutral, 1 positive, 2 none")                \
    X(stage, H5T_NATIVE_UINT8, uint8_t, "0 none, 1 aware, 2 appeal, 3 ask, 4 act, 5 advocate")     \
    X(score_milli, H5T_NATIVE_INT16, int16_t, "sentiment in thousandths")                          \
    X(intents, H5T_NATIVE_UINT16, uint16_t,                                                        \
      "bits: 1 complaint, 2 question, 4 purchase, 8 praise, 16 recommend, 32 dissuade, 64 "        \
      "thanks, "                                                                                   \
      "128 request, 256 churn, 512 rumor")                                                         \
    X(likes, H5T_NATIVE_INT32, int32_t, "-1 unknown")                                              \
    X(replies, H5T_NATIVE_INT32, int32_t, "-1 unknown")                                            \
    X(reposts, H5T_NATIVE_INT32, int32_t, "-1 unknown")                                            \
    X(views, H5T_NATIVE_INT32, int32_t, "-1 unknown")                                              \
    X(followers, H5T_NATIVE_INT32, int32_t, "-1 unknown")

static void describe(struct h5 *h5, hid_t group, const char *name, const char *key,
                     const char *text) {
    hid_t set = h5->failed ? -1 : H5Dopen2(group, name, H5P_DEFAULT);
    if (set < 0)
        return;
    h5_attribute_text(h5, set, key, text);
    H5Dclose(set);
}

static void write_times(struct h5 *h5, hid_t group, const struct post_source *posts) {
    int64_t *seconds = malloc((posts->count + 1) * sizeof *seconds);
    if (!seconds) {
        h5_fail(h5, "out of memory");
        return;
    }
    for (size_t i = 0; i < posts->count; i++)
        seconds[i] = posts->mentions->created_at_us[posts->rows[i]] / 1000000;
    h5_pack(h5, group, "time", H5T_NATIVE_INT64, seconds, posts->count, true);
    describe(h5, group, "time", "units", "seconds since 1970-01-01 00:00:00");
}

static void write_columns(struct h5 *h5, hid_t group, const struct post_source *posts) {
#define WRITE(name, native, type, meaning)                                                         \
    h5_pack_rows(h5, group, #name, native, posts->mentions->name, posts->rows, posts->count);      \
    describe(h5, group, #name, "long_name", meaning);
    POST_COLUMNS(WRITE)
#undef WRITE
}

/* The strings of neighbouring rows. */
struct block {
    size_t first, count;
    struct block_strings {
        struct buf bytes;
        uint64_t end[BLOCK_ROWS]; /* in `bytes` */
    } strings[STRING_COUNT];
};

/* Where a string of the rows goes: its ends and its bytes. */
struct target {
    char end_name[32], bytes_name[32];
    struct h5_stream ends, bytes;
};

static const char *const string_names[STRING_COUNT] = {"id", "author", "url", "text"};

/* Row by row, because a row's strings lie together. */
static void fill_block(struct block *block, const struct post_source *posts) {
    for (int which = 0; which < STRING_COUNT; which++)
        buf_clear(&block->strings[which].bytes);
    for (size_t i = 0; i < block->count; i++) {
        size_t row = posts->rows[block->first + i];
        for (int which = 0; which < STRING_COUNT; which++) {
            struct block_strings *to = &block->strings[which];
            posts->show(posts->context, row, (enum mention_string)which, &to->bytes);
            to->end[i] = to->bytes.len;
        }
    }
}

/* Cuts the rows from `first` on into blocks; how many there are. */
static size_t cut_blocks(struct block *blocks, const struct post_source *posts, size_t first) {
    size_t count = 0;
    for (; count < BATCH_BLOCKS && first < posts->count; first += BLOCK_ROWS, count++) {
        size_t left = posts->count - first;
        blocks[count].first = first;
        blocks[count].count = left < BLOCK_ROWS ? left : BLOCK_ROWS;
    }
    return count;
}

static void append_strings(struct target *target, struct block_strings *strings, size_t count) {
    uint64_t before = target->bytes.count;
    if (strings->bytes.failed)
        h5_fail(target->bytes.h5, "out of memory");
    for (size_t i = 0; i < count; i++)
        strings->end[i] += before;
    h5_stream_add(&target->ends, strings->end, count);
    h5_stream_add(&target->bytes, strings->bytes.at, strings->bytes.len);
}

static void append_blocks(struct target *targets, struct block *blocks, size_t count) {
    for (size_t i = 0; i < count; i++)
        for (int which = 0; which < STRING_COUNT; which++)
            append_strings(&targets[which], &blocks[i].strings[which], blocks[i].count);
}

static struct block *blocks_make(void) {
    struct block *blocks = calloc(BATCH_BLOCKS, sizeof *blocks);
    for (size_t i = 0; blocks && i < BATCH_BLOCKS; i++)
        for (int which = 0; which < STRING_COUNT; which++)
            buf_init(&blocks[i].strings[which].bytes, SIZE_MAX / 2);
    return blocks;
}

static void blocks_free(struct block *blocks) {
    for (size_t i = 0; blocks && i < BATCH_BLOCKS; i++)
        for (int which = 0; which < STRING_COUNT; which++)
            buf_release(&blocks[i].strings[which].bytes);
    free(blocks);
}

/* Strings are made by all threads, a batch of blocks at a time, and appended in order. */
static void stream_strings(struct h5 *h5, struct target *targets, const struct post_source *posts) {
    struct block *blocks = blocks_make();
    if (!blocks)
        h5_fail(h5, "out of memory");
    for (size_t first = 0; !h5->failed && first < posts->count;
         first += (size_t)BLOCK_ROWS * BATCH_BLOCKS) {
        size_t count = cut_blocks(blocks, posts, first);
#pragma omp parallel for schedule(dynamic) if (count > 1)
        for (size_t i = 0; i < count; i++)
            fill_block(&blocks[i], posts);
        append_blocks(targets, blocks, count);
    }
    blocks_free(blocks);
}

static void write_strings(struct h5 *h5, hid_t group, const struct post_source *posts) {
    struct target targets[STRING_COUNT];
    for (int which = 0; which < STRING_COUNT; which++) {
        struct target *to = &targets[which];
        snprintf(to->end_name, sizeof to->end_name, "%s_end", string_names[which]);
        snprintf(to->bytes_name, sizeof to->bytes_name, "%s_bytes", string_names[which]);
        h5_stream_begin(&to->ends, h5, group, to->end_name, H5T_NATIVE_UINT64);
        h5_stream_begin(&to->bytes, h5, group, to->bytes_name, H5T_NATIVE_UINT8);
    }
    stream_strings(h5, targets, posts);
    for (int which = 0; which < STRING_COUNT; which++) {
        h5_stream_end(&targets[which].ends);
        h5_stream_end(&targets[which].bytes);
        describe(h5, group, targets[which].end_name, "long_name",
                 "end of this row's text in the bytes; it begins at the end before");
    }
}

static void write_lists(struct h5 *h5, hid_t group, const struct audit *audit) {
    const char *platforms[PLATFORM_COUNT];
    for (int i = 0; i < PLATFORM_COUNT; i++)
        platforms[i] = platform_name((enum platform)i);
    h5_write_strings(h5, group, "platform_name", platforms, PLATFORM_COUNT);
    column_write_names(h5, group, "brand_name", &audit->brands);
    column_write_symbols(h5, group, "channel_name", &audit->source.mentions->channels);
}

void posts_write(struct h5 *h5, const struct audit *audit) {
    const struct post_source *posts = &audit->source;
    hid_t group = h5_group_make(h5, "/posts");
    write_times(h5, group, posts);
    write_columns(h5, group, posts);
    write_strings(h5, group, posts);
    write_lists(h5, group, audit);
    h5_group_close(group);
}

void posts_read(struct h5 *h5, struct audit *audit) {
    struct mention_rows *posts = &audit->posts;
    size_t rows, count;
    hid_t group = h5_group_open(h5, "/posts");
    posts->created_at_us = h5_read(h5, group, "time", H5T_NATIVE_INT64, sizeof(int64_t), &rows);
    for (size_t i = 0; !h5->failed && i < rows; i++)
        posts->created_at_us[i] *= 1000000;
#define READ(name, native, type, meaning)                                                          \
    posts->name = h5_read(h5, group, #name, native, sizeof(type), &count);                         \
    if (count != rows)                                                                             \
        h5_fail(h5, #name);
    POST_COLUMNS(READ)
#undef READ
#define READ(name) column_read_text(h5, group, #name, &posts->name, rows);
    MENTION_TEXTS(READ)
#undef READ
    column_read_symbols(h5, group, "channel_name", &posts->channels);
    h5_group_close(group);
    posts->count = h5->failed ? 0 : rows;
    audit->keep_posts = true;
    for (size_t i = 0; i < posts->count; i++)
        if (posts->channel[i] >= posts->channels.count || posts->brand[i] >= audit->brands.count)
            h5_fail(h5, "a post's channel or brand");
}
