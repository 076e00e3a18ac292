#include "stages/store/post_columns.h"

#include "stages/store/columns.h"

#include <stdio.h>
#include <stdlib.h>

/* Columns that are plain numbers; what is SHOWN the study made for the audit. Hashes stay in the
 * shards: they could be guessed. */
#define POST_COLUMNS(X, SHOWN)                                                                     \
    X(brand, H5T_NATIVE_UINT16, uint16_t, "number of the brand in brand_name")                     \
    SHOWN(channel, H5T_NATIVE_UINT32, uint32_t, "number of the channel in channel_name")           \
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
    SHOWN(followers, H5T_NATIVE_INT32, int32_t,                                                    \
          "of the author: the lower end of a class (0, 1, 10, 100, ..) unless authors are "        \
          "plain; -1 unknown")

/* What care found, by name of the dataset. */
#define CARE_COLUMNS(X)                                                                            \
    X(class, "care_class", H5T_NATIVE_UINT8, uint8_t,                                              \
      "how it stands to the brand: 0 not at all, 1 own, 2 repost, 3 private, 4 review, 5 reply, "  \
      "6 mention, 7 comment, 8 unaddressed, 9 peer")                                               \
    X(chance, "chance", H5T_NATIVE_UINT8, uint8_t,                                                 \
      "0 none, 1 purchase, 2 question, 3 complaint, 4 praise")                                     \
    X(state, "care_state", H5T_NATIVE_UINT8, uint8_t,                                              \
      "0 asks for nothing, 1 answered, 2 missed (watched for 24 hours), 3 open")                   \
    X(answer, "answer", H5T_NATIVE_UINT32, uint32_t, "row of the answer; 4294967295 none")         \
    X(after_s, "answered_after_s", H5T_NATIVE_INT32, int32_t, "seconds until the answer; -1 none")

const char *const post_care_classes[] = {"",      "own",     "repost",  "private",     "review",
                                         "reply", "mention", "comment", "unaddressed", "peer",
                                         NULL};
const char *const post_care_chances[] = {"", "purchase", "question", "complaint", "praise", NULL};
const char *const post_care_states[] = {"", "answered", "missed", "open", NULL};

/* Columns that came later: NULL when the audit has none. */
#define POST_LATER_COLUMNS(X)                                                                      \
    X(vendor_sentiment, H5T_NATIVE_INT8, int8_t,                                                   \
      "of the tool that exported it: -1 negative, 0 neutral, 1 positive, 2 not said")              \
    X(p_milli, H5T_NATIVE_UINT16, uint16_t, "probability of the label in thousandths, 0 unknown")  \
    X(topic, H5T_NATIVE_UINT8, uint8_t,                                                            \
      "0 none, 1 delivery, 2 price, 3 billing, 4 outage, 5 quality, 6 staff, 7 app, 8 returns, 9 " \
      "availability, 10 privacy, 11 safety, 12 contract, 13 store, 14 advertising, 15 other, 16 "  \
      "not known")

/* The strings, as two datasets each. */
static const struct {
    const char *name, *meaning;
} string_columns[STRING_COUNT] = {
    {"id", "the platform's id"},
    {"author", "pseudonym, or the handle when the configuration says plain"},
    {"url", "address, when authors are plain"},
    {"text", "text; handles of people masked unless authors are plain"},
};

bool post_column_note(size_t index, struct column_note *out) {
    static const struct column_note numbers[] = {
        {"time", "int64", "post", "1", "when it was posted, seconds since 1970-01-01 UTC"},
#define NOTE(name, native, type, meaning) {#name, #type, "post", "1", meaning},
        POST_COLUMNS(NOTE, NOTE) POST_LATER_COLUMNS(NOTE)
#undef NOTE
#define NOTE(field, name, native, type, meaning) {name, #type, "post", "1", meaning},
            CARE_COLUMNS(NOTE)
#undef NOTE
    };
    enum { NUMBERS = sizeof numbers / sizeof *numbers };
    if (index >= NUMBERS + STRING_COUNT)
        return false;
    if (index < NUMBERS)
        *out = numbers[index];
    else
        *out = (struct column_note){string_columns[index - NUMBERS].name, "text", "post", "1",
                                    string_columns[index - NUMBERS].meaning};
    return true;
}

static void describe(struct h5 *h5, hid_t group, const char *name, const char *key,
                     const char *text) {
    hid_t set = h5->failed ? -1 : H5Dopen2(group, name, H5P_DEFAULT);
    if (set < 0)
        return;
    h5_attribute_text(h5, set, key, text);
    H5Dclose(set);
}

void posts_begin(struct post_writer *writer, struct h5 *h5, const struct audit *audit) {
    const struct post_source *posts = &audit->source;
    hid_t group = h5_group_make(h5, "/posts");
    writer->audit = audit;
    writer->group = group;
    int64_t *seconds = malloc((posts->count + 1) * sizeof *seconds);
    if (!seconds)
        h5_fail(h5, "out of memory");
    for (size_t i = 0; seconds && i < posts->count; i++)
        seconds[i] = mention_stated_us(posts->mentions, posts->rows[i]) / 1000000;
    h5_pack(h5, group, "time", H5T_NATIVE_INT64, seconds, posts->count, true);
    describe(h5, group, "time", "long_name", "when it was posted");
    describe(h5, group, "time", "units", "seconds since 1970-01-01 00:00:00");
#define WRITE(name, native, type, meaning)                                                         \
    h5_pack_rows(h5, group, #name, native, posts->mentions->name, posts->rows, posts->count);      \
    describe(h5, group, #name, "long_name", meaning);
#define WRITE_SHOWN(name, native, type, meaning)                                                   \
    h5_pack(h5, group, #name, native, posts->name, posts->count, false);                           \
    describe(h5, group, #name, "long_name", meaning);
    POST_COLUMNS(WRITE, WRITE_SHOWN)
    POST_LATER_COLUMNS(WRITE)
#undef WRITE
#undef WRITE_SHOWN
#define WRITE(field, name, native, type, meaning)                                                  \
    if (posts->care.field) {                                                                       \
        h5_pack_rows(h5, group, name, native, posts->care.field, posts->rows, posts->count);       \
        describe(h5, group, name, "long_name", meaning);                                           \
    }
    CARE_COLUMNS(WRITE)
#undef WRITE
    for (int which = 0; which < STRING_COUNT; which++) {
        struct post_target *to = &writer->targets[which];
        snprintf(to->end_name, sizeof to->end_name, "%s_end", string_columns[which].name);
        snprintf(to->bytes_name, sizeof to->bytes_name, "%s_bytes", string_columns[which].name);
        h5_stream_begin(&to->ends, h5, group, to->end_name, H5T_NATIVE_INT64);
        h5_stream_begin(&to->bytes, h5, group, to->bytes_name, H5T_NATIVE_UINT8);
    }
}

void posts_add(struct post_writer *writer, const struct post_block *block) {
    uint64_t ends[POST_BLOCK_ROWS];
    for (int which = 0; which < STRING_COUNT; which++) {
        struct post_target *to = &writer->targets[which];
        const struct post_strings *strings = &block->strings[which];
        if (strings->bytes.failed)
            h5_fail(to->bytes.h5, "out of memory");
        for (size_t i = 0; i < block->count; i++)
            ends[i] = to->bytes.count + strings->end[i];
        h5_stream_add(&to->ends, ends, block->count);
        h5_stream_add(&to->bytes, strings->bytes.at, strings->bytes.len);
    }
}

void posts_end(struct post_writer *writer, struct h5 *h5) {
    const char *platforms[PLATFORM_COUNT];
    for (int which = 0; which < STRING_COUNT; which++) {
        struct post_target *to = &writer->targets[which];
        if (to->ends.count != writer->audit->source.count)
            h5_fail(h5, "strings of posts are missing");
        h5_stream_end(&to->ends);
        h5_stream_end(&to->bytes);
        describe(h5, writer->group, to->end_name, "long_name",
                 "end of this row's text in the bytes; it begins at the end before");
        describe(h5, writer->group, to->bytes_name, "long_name", string_columns[which].meaning);
    }
    for (int i = 0; i < PLATFORM_COUNT; i++)
        platforms[i] = platform_name((enum platform)i);
    h5_write_strings(h5, writer->group, "platform_name", platforms, PLATFORM_COUNT);
    column_write_names(h5, writer->group, "brand_name", &writer->audit->brands);
    column_write_symbols(h5, writer->group, "channel_name", writer->audit->source.channels);
    h5_group_close(writer->group);
}

/* All or none of them, and only words and rows that there are. */
static void check_care(struct h5 *h5, const struct post_care *care, size_t count) {
    bool whole = care->class && care->chance && care->state && care->answer && care->after_s;
    if (h5->failed || (!whole && !care->class))
        return;
    for (size_t i = 0; whole && i < count; i++)
        whole = care->class[i] < 10 && care->chance[i] < 5 && care->state[i] < 4 &&
                (care->answer[i] == UINT32_MAX || care->answer[i] < count);
    if (!whole)
        h5_fail(h5, "what care says of a post");
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
    POST_COLUMNS(READ, READ)
#define READ_LATER(name, native, type, meaning)                                                    \
    if (!h5->failed && H5Lexists(group, #name, H5P_DEFAULT) > 0) {                                 \
        READ(name, native, type, meaning)                                                          \
    }
    POST_LATER_COLUMNS(READ_LATER)
#undef READ_LATER
#undef READ
#define READ(name) column_read_text(h5, group, #name, &posts->name, rows);
    MENTION_TEXTS(READ)
#undef READ
#define READ(field, name, native, type, meaning)                                                   \
    if (h5_has(h5, group, name)) {                                                                 \
        audit->post_care.field = h5_read(h5, group, name, native, sizeof(type), &count);           \
        if (count != rows)                                                                         \
            h5_fail(h5, name);                                                                     \
    }
    CARE_COLUMNS(READ)
#undef READ
    column_read_symbols(h5, group, "channel_name", &posts->channels);
    h5_group_close(group);
    posts->count = h5->failed ? 0 : rows;
    audit->keep_posts = true;
    for (size_t i = 0; i < posts->count; i++)
        if (posts->channel[i] >= posts->channels.count || posts->brand[i] >= audit->brands.count)
            h5_fail(h5, "a post's channel or brand");
    check_care(h5, &audit->post_care, posts->count);
}
