/* An audit on disk: /hourly and /daily (grids.c), /tables (compounds), /posts (columns), and
 * /provenance (texts). */
#include "stages/common/files.h"
#include "stages/store/columns.h"
#include "stages/store/grids.h"
#include "stages/store/seal.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char format_version[] = "1";

static void write_tables(struct h5 *h5, const struct audit *audit) {
    hid_t group = h5_group_make(h5, "/tables");
    for (int i = 0; i < TABLE_COUNT; i++)
        h5_write_rows(h5, group, &table_layouts[i], audit->tables[i].rows, audit->tables[i].count);
    h5_group_close(group);
}

static void write_provenance(struct h5 *h5, const struct audit *audit) {
    hid_t group = h5_group_make(h5, "/provenance");
    for (size_t i = 0; i < audit->provenance_count; i++) {
        const char *text = audit->provenance[i].text;
        h5_write_strings(h5, group, audit->provenance[i].name, &text, 1);
    }
    h5_group_close(group);
}

/* Columns of /posts that are plain numbers. Hashes stay in the shards: they could be guessed. */
#define POST_COLUMNS(X)                                                                            \
    X(brand, H5T_NATIVE_UINT16, uint16_t, "number of the brand in brand_name")                     \
    X(channel, H5T_NATIVE_UINT32, uint32_t, "number of the channel in channel_name")               \
    X(platform, H5T_NATIVE_UINT8, uint8_t, "number of the platform in platform_name")              \
    X(kind, H5T_NATIVE_UINT8, uint8_t, "0 original, 1 reply, 2 repost, 3 quote")                   \
    X(flags, H5T_NATIVE_UINT8, uint8_t,                                                            \
      "bits: 1 embedded in another post, 2 deleted later, 4 text removed, 8 automated, 16 "        \
      "private")                                                                                   \
    X(role, H5T_NATIVE_UINT8, uint8_t, "0 mention, 1 the brand's own voice, 2 thread context")     \
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

static void write_times(struct h5 *h5, hid_t group, const struct mentions *posts) {
    int64_t *seconds = malloc((posts->count + 1) * sizeof *seconds);
    if (!seconds) {
        h5_fail(h5, "out of memory");
        return;
    }
    for (size_t i = 0; i < posts->count; i++)
        seconds[i] = posts->created_at_us[i] / 1000000;
    h5_pack(h5, group, "time", H5T_NATIVE_INT64, seconds, posts->count, true);
    describe(h5, group, "time", "units", "seconds since 1970-01-01 00:00:00");
}

static void write_text(struct h5 *h5, hid_t group, const char *name, const struct text_column *text,
                       size_t rows) {
    char part[64];
    column_write_text(h5, group, name, text, rows, true);
    snprintf(part, sizeof part, "%s_end", name);
    describe(h5, group, part, "long_name",
             "end of this row's text in the bytes; it begins at the end before");
}

static void write_lists(struct h5 *h5, hid_t group, const struct audit *audit) {
    const char *platforms[PLATFORM_COUNT];
    for (int i = 0; i < PLATFORM_COUNT; i++)
        platforms[i] = platform_name((enum platform)i);
    h5_write_strings(h5, group, "platform_name", platforms, PLATFORM_COUNT);
    column_write_names(h5, group, "brand_name", &audit->brands);
    column_write_symbols(h5, group, "channel_name", &audit->posts.channels);
}

static void write_posts(struct h5 *h5, const struct audit *audit) {
    const struct mentions *posts = &audit->posts;
    hid_t group = h5_group_make(h5, "/posts");
    write_times(h5, group, posts);
#define WRITE(name, native, type, meaning)                                                         \
    h5_pack(h5, group, #name, native, posts->name, posts->count, false);                           \
    describe(h5, group, #name, "long_name", meaning);
    POST_COLUMNS(WRITE)
#undef WRITE
#define WRITE(name) write_text(h5, group, #name, &posts->name, posts->count);
    MENTION_TEXTS(WRITE)
#undef WRITE
    write_lists(h5, group, audit);
    h5_group_close(group);
}

static void write_root(struct h5 *h5, const struct audit *audit) {
    if (h5->failed)
        return;
    hid_t root = h5_group_open(h5, "/");
    h5_attribute_text(h5, root, "Conventions", "CF-1.8");
    h5_attribute_text(h5, root, "title", "burza brand audit");
    h5_attribute_text(h5, root, "source", audit_noted(audit, "program"));
    h5_attribute_text(h5, root, "references", "see /provenance; times are UTC");
    h5_attribute_text(h5, root, "burza_format", format_version);
    h5_group_close(root);
}

static void write_brand_names(struct h5 *h5, const struct audit *audit) {
    hid_t group = h5_group_open(h5, "/provenance");
    column_write_names(h5, group, "brand_names", &audit->brand_names);
    h5_group_close(group);
}

enum status audit_write(const char *path, const struct audit *audit, struct fault *fault) {
    char temporary[4096];
    struct h5 h5;
    if (!file_temporary(path, temporary, sizeof temporary))
        return fault_set(fault, STATUS_FATAL, EXIT_CANTCREATE, "the path \"%s\" is too long", path);
    h5_lock();
    h5_create(&h5, temporary);
    bool created = !h5.failed;
    write_root(&h5, audit);
    for (int i = 0; i < GRID_COUNT && !h5.failed; i++)
        grid_write(&h5, audit, (enum grid_id)i);
    write_tables(&h5, audit);
    if (audit->keep_posts)
        write_posts(&h5, audit);
    write_provenance(&h5, audit);
    write_brand_names(&h5, audit);
    bool ok = h5_close(&h5);
    h5_unlock();
    if (!ok || seal_write(temporary, fault) != STATUS_OK) {
        unlink(temporary);
        return ok ? STATUS_FATAL
                  : fault_set(fault, STATUS_FATAL, created ? EXIT_IO : EXIT_CANTCREATE,
                              "cannot write \"%s\": %s", path, h5.what);
    }
    return file_commit(temporary, path, fault);
}

/* ---- reading ---- */

static void read_names(struct h5 *h5, const char *path, const char *name, struct names *names) {
    size_t count;
    hid_t group = h5_group_open(h5, path);
    char **texts = h5_read_strings(h5, group, name, &count);
    for (size_t i = 0; texts && i < count; i++) {
        if (!texts[i] || !names_add(names, span_of(texts[i])))
            h5_fail(h5, name);
        H5free_memory(texts[i]);
    }
    free(texts);
    h5_group_close(group);
}

static void read_tables(struct h5 *h5, struct audit *audit) {
    hid_t group = h5_group_open(h5, "/tables");
    for (int i = 0; i < TABLE_COUNT; i++)
        audit->tables[i].rows = h5_read_rows(h5, group, &table_layouts[i], &audit->tables[i].count);
    h5_group_close(group);
}

static herr_t read_entry(hid_t group, const char *name, const H5L_info_t *info, void *context) {
    void **pair = context;
    struct h5 *h5 = pair[0];
    struct audit *audit = pair[1];
    size_t count;
    (void)info;
    if (strcmp(name, "brand_names") == 0)
        return 0;
    char **texts = h5_read_strings(h5, group, name, &count);
    if (texts && count == 1 && texts[0] && !audit_note(audit, name, texts[0]))
        h5_fail(h5, "out of memory");
    for (size_t i = 0; texts && i < count; i++)
        H5free_memory(texts[i]);
    free(texts);
    return h5->failed ? -1 : 0;
}

static void read_provenance(struct h5 *h5, struct audit *audit) {
    hid_t group = h5_group_open(h5, "/provenance");
    void *pair[2] = {h5, audit};
    if (!h5->failed)
        H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, NULL, read_entry, pair);
    h5_group_close(group);
}

static void read_posts(struct h5 *h5, struct audit *audit) {
    struct mentions *posts = &audit->posts;
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

static void read_all(struct h5 *h5, bool with_posts, struct audit *audit) {
    read_names(h5, "/hourly", "brand", &audit->brands);
    read_names(h5, "/hourly", "channel", &audit->channels);
    read_names(h5, "/provenance", "brand_names", &audit->brand_names);
    if (audit->brand_names.count != audit->brands.count)
        h5_fail(h5, "brand_names");
    for (int i = 0; i < GRID_COUNT && !h5->failed; i++)
        grid_read(h5, audit, (enum grid_id)i);
    read_tables(h5, audit);
    read_provenance(h5, audit);
    if (!h5->failed && with_posts && H5Lexists(h5->file, "/posts", H5P_DEFAULT) > 0)
        read_posts(h5, audit);
}

enum status audit_read(const char *path, bool with_posts, struct audit *out, struct fault *fault) {
    struct h5 h5;
    audit_init(out);
    enum status status = seal_check(path, fault);
    if (status != STATUS_OK)
        return status;
    h5_lock();
    h5_open(&h5, path);
    if (!h5.failed && H5Lexists(h5.file, "/hourly", H5P_DEFAULT) <= 0)
        h5_fail(&h5, "it is not an audit (a shard?)");
    read_all(&h5, with_posts, out);
    bool ok = h5_close(&h5);
    h5_unlock();
    if (ok)
        return STATUS_OK;
    audit_release(out);
    return fault_set(fault, STATUS_FATAL, EXIT_DATA, "cannot read \"%s\": %s", path, h5.what);
}
