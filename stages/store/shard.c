/* A shard on disk: /head (attributes), /mentions (a dataset per column; texts as bytes + ends),
 * /tally (sorted keys and values). Not compressed: it is read once, soon, by the same machine. */
#include "stages/common/paged.h"
#include "stages/store/columns.h"
#include "stages/store/file_format.h"
#include "stages/store/publish.h"
#include "stages/store/seal.h"
#include "stages/store/store.h"
#include "stages/store/trust.h"

#include <stdlib.h>

#define HEAD_TEXTS(X)                                                                              \
    X(scan_digest)                                                                                 \
    X(input_key)                                                                                   \
    X(label)                                                                                       \
    X(formats)                                                                                     \
    X(container)                                                                                   \
    X(codec)                                                                                       \
    X(note)                                                                                        \
    X(sha256)                                                                                      \
    X(secret)
/* X(field, attribute). "stretch" is the word of 0.1.0 for a segment. */
#define HEAD_NUMBERS(X)                                                                            \
    X(segment, "stretch")                                                                          \
    X(first_block, "first_block")                                                                  \
    X(block_count, "block_count")                                                                  \
    X(last, "last")                                                                                \
    X(damaged, "damaged")                                                                          \
    X(members, "members")                                                                          \
    X(members_skipped, "members_skipped")                                                          \
    X(bytes, "bytes")                                                                              \
    X(bytes_out, "bytes_out")

/* The same, of what older shards have not. */
#define LATER_TEXTS(X)                                                                             \
    X(settings)                                                                                    \
    X(lexicons)                                                                                    \
    X(roots)                                                                                       \
    X(reading)
#define LATER_NUMBERS(X)                                                                           \
    X(revision, "revision")                                                                        \
    X(root_count, "root_count")                                                                    \
    X(trouble, "trouble")                                                                          \
    X(last_reply_us, "last_reply_us")                                                              \
    X(link_count, "link_count")

/* The HDF5 type of a C type named in MENTION_COLUMNS. */
#define TYPE_int64_t H5T_NATIVE_INT64
#define TYPE_uint64_t H5T_NATIVE_UINT64
#define TYPE_int32_t H5T_NATIVE_INT32
#define TYPE_uint32_t H5T_NATIVE_UINT32
#define TYPE_int16_t H5T_NATIVE_INT16
#define TYPE_uint16_t H5T_NATIVE_UINT16
#define TYPE_int8_t H5T_NATIVE_INT8
#define TYPE_uint8_t H5T_NATIVE_UINT8

void shard_init(struct shard *shard) {
    memset(&shard->head, 0, sizeof shard->head);
    mention_rows_init(&shard->mentions);
    tally_init(&shard->tally);
    reply_links_init(&shard->links);
}

void shard_release(struct shard *shard) {
    mention_rows_release(&shard->mentions);
    tally_release(&shard->tally);
    reply_links_release(&shard->links);
}

static void write_head(struct h5 *h5, const struct shard_head *head) {
    hid_t group = h5_group_make(h5, "/head");
    file_format_write(h5, group);
#define WRITE(name) h5_attribute_text(h5, group, #name, head->name);
    HEAD_TEXTS(WRITE)
    LATER_TEXTS(WRITE)
    WRITE(digest)
#undef WRITE
#define WRITE(name, attribute)                                                                     \
    h5_attribute_number(h5, group, attribute, H5T_NATIVE_INT64, &head->name);
    HEAD_NUMBERS(WRITE)
    LATER_NUMBERS(WRITE)
    WRITE(threaded_platforms, "threaded_platforms")
#undef WRITE
    h5_group_close(group);
}

/* Whether every value of a column is the one that stands in for a column that is not there. */
static bool is_absent(const void *column, const void *absent, size_t size, size_t rows) {
    const char *at = column;
    return memcmp(at, absent, size) == 0 && memcmp(at, at + size, (rows - 1) * size) == 0;
}

static void write_mentions(struct h5 *h5, const struct mention_rows *mentions) {
    hid_t group = h5_group_make(h5, "/mentions");
    if (!mentions->count) { /* there may be a great many such inputs: only that there are none */
        h5_write(h5, group, "created_at_us", H5T_NATIVE_INT64, NULL, 0);
        h5_group_close(group);
        return;
    }
#define WRITE(type, name, ...)                                                                     \
    h5_write(h5, group, #name, TYPE_##type, mentions->name, mentions->count);
    MENTION_FIRST_COLUMNS(WRITE)
#undef WRITE
    /* without those that a reader would make the same; of "address" its absence says more */
#define WRITE(type, name, set, absent)                                                             \
    if (strcmp(#name, "address") == 0 ||                                                           \
        !is_absent(mentions->name, &(type){absent}, sizeof(type), mentions->count))                \
        h5_write(h5, group, #name, TYPE_##type, mentions->name, mentions->count);
    MENTION_LATER_COLUMNS(WRITE)
#undef WRITE
#define WRITE(name) column_write_text(h5, group, #name, &mentions->name, mentions->count, false);
    MENTION_TEXTS(WRITE)
#undef WRITE
    column_write_symbols(h5, group, "channels", &mentions->channels);
    h5_group_close(group);
}

static int compare_entries(const void *a, const void *b) {
    uint64_t x = ((const struct counts_entry *)a)->key, y = ((const struct counts_entry *)b)->key;
    return (x > y) - (x < y);
}

/* Keys in ascending order, so that the hash's own order never shows. */
static void write_counts(struct h5 *h5, hid_t group, const char *name,
                         const struct counts *counts) {
    struct counts_entry *entries = malloc((counts->count + 1) * sizeof *entries);
    if (!entries) {
        h5_fail(h5, "out of memory");
        return;
    }
    size_t count = 0;
    for (size_t i = 0; i < counts->cap; i++)
        if (counts->used[i])
            entries[count++] = counts->entries[i];
    qsort(entries, count, sizeof *entries, compare_entries);
    h5_write(h5, group, name, H5T_NATIVE_UINT64, entries, count * 2);
    free(entries);
}

static void write_tally(struct h5 *h5, const struct tally *tally) {
    hid_t group = h5_group_make(h5, "/tally");
    /* all unsigned: HDF5 clamps negative values when it converts between signs */
    uint64_t numbers[6] = {tally->records,
                           tally->posts,
                           tally->embedded,
                           tally->prefiltered,
                           (uint64_t)tally->first_us,
                           (uint64_t)tally->last_us};
    h5_write(h5, group, "numbers", H5T_NATIVE_UINT64, numbers, 6);
    h5_write(h5, group, "secret", H5T_NATIVE_UINT64, tally->secret, 4);
    h5_write(h5, group, "rejects", H5T_NATIVE_UINT64, tally->rejects, TALLY_REASONS);
    h5_write(h5, group, "repairs", H5T_NATIVE_UINT64, tally->repairs, TALLY_REPAIRS);
    column_write_symbols(h5, group, "channels", &tally->channels);
    write_counts(h5, group, "by_platform", &tally->by_platform);
    write_counts(h5, group, "edges", &tally->edges);
    write_counts(h5, group, "by_channel", &tally->by_channel);
    write_counts(h5, group, "deleted", &tally->deleted);
    if (tally->files.count)
        write_counts(h5, group, "files", &tally->files);
    if (tally->exported.count)
        write_counts(h5, group, "exported", &tally->exported);
    if (tally->snowflakes)
        h5_write(h5, group, "sampled", H5T_NATIVE_UINT64,
                 (uint64_t[]){tally->snowflakes, tally->sampled[0], tally->sampled[1]},
                 1 + TALLY_SAMPLES);
    h5_group_close(group);
}

static void write_all(struct h5 *h5, const void *context) {
    const struct shard *shard = context;
    const struct reply_links *links = &shard->links;
    struct shard_head head = shard->head;
    head.last_reply_us = links->last_us;
    head.link_count = (int64_t)links->count;
    head.threaded_platforms = (int64_t)links->threaded;
    write_head(h5, &head);
    write_mentions(h5, &shard->mentions);
    write_tally(h5, &shard->tally);
    /* three numbers a link: whose they are, whom they answer, when */
    _Static_assert(sizeof *links->at == 3 * sizeof(uint64_t), "a link is three numbers");
    if (links->count) {
        hid_t group = h5_group_make(h5, "/links");
        h5_write(h5, group, "replies", H5T_NATIVE_UINT64, links->at, links->count * 3);
        h5_group_close(group);
    }
}

enum status shard_write(const char *path, const struct shard *shard, struct fault *fault) {
    return publish(path, write_all, shard, EXIT_IO, fault);
}

static bool h5_has_attribute(struct h5 *h5, hid_t object, const char *name) {
    return !h5->failed && H5Aexists(object, name) > 0;
}

static void read_attribute_text(struct h5 *h5, hid_t group, const char *name, char *to,
                                size_t size) {
    if (h5->failed)
        return;
    char *text = NULL;
    hid_t attribute = trust_attribute(h5, group, name);
    hid_t type = attribute >= 0 ? H5Aget_type(attribute) : -1;
    if (type < 0 || H5Tis_variable_str(type) <= 0 || H5Aread(attribute, type, &text) < 0 || !text)
        h5_fail(h5, name);
    else
        row_text(to, size, text, strlen(text));
    if (text)
        H5free_memory(text);
    if (type >= 0)
        H5Tclose(type);
    if (attribute >= 0)
        H5Aclose(attribute);
}

static void read_attribute_number(struct h5 *h5, hid_t group, const char *name, int64_t *to) {
    if (h5->failed)
        return;
    hid_t attribute = trust_attribute(h5, group, name);
    if (attribute < 0 || H5Aread(attribute, H5T_NATIVE_INT64, to) < 0)
        h5_fail(h5, name);
    if (attribute >= 0)
        H5Aclose(attribute);
}

static void read_head(struct h5 *h5, struct shard_head *head) {
    hid_t group = h5_group_open(h5, "/head");
    file_format_check(h5, group);
#define READ(name) read_attribute_text(h5, group, #name, head->name, sizeof head->name);
    HEAD_TEXTS(READ)
    if (h5_has_attribute(h5, group, "revision")) {
        LATER_TEXTS(READ)
    }
    if (h5_has_attribute(h5, group, "digest")) {
        READ(digest)
    }
#undef READ
#define READ(name, attribute) read_attribute_number(h5, group, attribute, &head->name);
    HEAD_NUMBERS(READ)
    if (h5_has_attribute(h5, group, "revision")) {
        LATER_NUMBERS(READ)
    }
#undef READ
    head->threaded_platforms = -1;
    if (h5_has_attribute(h5, group, "threaded_platforms"))
        read_attribute_number(h5, group, "threaded_platforms", &head->threaded_platforms);
    h5_group_close(group);
}

/* A column of `rows` values; NULL where the file must have it and has not. */
static void *read_column(struct h5 *h5, hid_t group, const char *name, hid_t type, size_t size,
                         size_t rows) {
    size_t count;
    void *column = h5_read(h5, group, name, type, size, &count);
    if (!h5->failed && count != rows)
        h5_fail(h5, name);
    return column;
}

/* What stands in for a column that the file is too old to have. */
static void *absent_column(struct h5 *h5, const void *absent, size_t size, size_t rows) {
    char *column = malloc(rows * size);
    if (!column)
        h5_fail(h5, "out of memory");
    for (size_t row = 0; column && row < rows; row++)
        memcpy(column + row * size, absent, size);
    return column;
}

/* What tells of a row whether replies to it are wanted. */
static void read_roots(struct h5 *h5, size_t rows, struct mention_rows *mentions) {
    hid_t group = h5_group_open(h5, "/mentions");
#define READ(type, name)                                                                           \
    mentions->name = read_column(h5, group, #name, TYPE_##type, sizeof(type), rows);
    READ(uint16_t, brand)
    READ(uint8_t, kind)
    READ(uint8_t, role)
    READ(uint8_t, platform)
    READ(uint64_t, id_hash)
    READ(int64_t, created_at_us)
#undef READ
    mentions->address = h5_has(h5, group, "address")
                            ? read_column(h5, group, "address", TYPE_uint8_t, 1, rows)
                            : absent_column(h5, &(uint8_t){0}, 1, rows);
    h5_group_close(group);
    mentions->count = h5->failed ? 0 : rows;
}

static void read_mentions(struct h5 *h5, unsigned parts, size_t rows,
                          struct mention_rows *mentions) {
    hid_t group = h5_group_open(h5, "/mentions");
#define WANTED(set) ((parts & SHARD_REST) || SET_##set != SET_REST)
#define READ(type, name, set)                                                                      \
    if (WANTED(set))                                                                               \
        mentions->name = read_column(h5, group, #name, TYPE_##type, sizeof(type), rows);
    MENTION_FIRST_COLUMNS(READ)
#undef READ
#define READ(type, name, set, absent)                                                              \
    if (WANTED(set))                                                                               \
        mentions->name = h5_has(h5, group, #name)                                                  \
                             ? read_column(h5, group, #name, TYPE_##type, sizeof(type), rows)      \
                             : absent_column(h5, &(type){absent}, sizeof(type), rows);
    MENTION_LATER_COLUMNS(READ)
#undef READ
#undef WANTED
    /* before there were addresses it was of the handle even where ids are known: of no use */
    if (!h5->failed && !h5_has(h5, group, "address"))
        memset(mentions->reply_author_hash, 0, rows * sizeof *mentions->reply_author_hash);
#define READ(name)                                                                                 \
    if ((parts & SHARD_URLS) || strcmp(#name, "url") != 0)                                         \
        column_read_text(h5, group, #name, &mentions->name, rows);
    MENTION_TEXTS(READ)
#undef READ
    column_read_symbols(h5, group, "channels", &mentions->channels);
    h5_group_close(group);
    mentions->count = mentions->cap = h5->failed ? 0 : rows;
    for (size_t i = 0; i < mentions->count; i++)
        if (mentions->channel[i] >= mentions->channels.count)
            h5_fail(h5, "channel");
}

static void read_counts(struct h5 *h5, hid_t group, const char *name, struct counts *counts) {
    size_t count;
    uint64_t *pairs = h5_read(h5, group, name, H5T_NATIVE_UINT64, sizeof *pairs, &count);
    for (size_t i = 0; pairs && i + 1 < count; i += 2) {
        uint64_t *value = counts_at(counts, pairs[i]);
        if (value)
            *value = pairs[i + 1];
        else
            h5_fail(h5, "out of memory");
    }
    free(pairs);
}

static void read_fixed(struct h5 *h5, hid_t group, const char *name, uint64_t *to, size_t want) {
    size_t count;
    uint64_t *numbers = h5_read(h5, group, name, H5T_NATIVE_UINT64, sizeof *numbers, &count);
    if (numbers && count == want)
        memcpy(to, numbers, want * sizeof *to);
    else
        h5_fail(h5, name);
    free(numbers);
}

static void read_tally(struct h5 *h5, struct tally *tally) {
    hid_t group = h5_group_open(h5, "/tally");
    uint64_t numbers[6] = {0};
    read_fixed(h5, group, "numbers", numbers, 6);
    if (h5_has(h5, group, "secret"))
        read_fixed(h5, group, "secret", tally->secret, 4);
    tally->records = numbers[0];
    tally->posts = numbers[1];
    tally->embedded = numbers[2];
    tally->prefiltered = numbers[3];
    tally->first_us = (int64_t)numbers[4];
    tally->last_us = (int64_t)numbers[5];
    read_fixed(h5, group, "rejects", tally->rejects, TALLY_REASONS);
    read_fixed(h5, group, "repairs", tally->repairs, TALLY_REPAIRS);
    read_counts(h5, group, "by_platform", &tally->by_platform);
    if (h5_has(h5, group, "edges"))
        read_counts(h5, group, "edges", &tally->edges);
    read_counts(h5, group, "deleted", &tally->deleted);
    if (h5_has(h5, group, "files"))
        read_counts(h5, group, "files", &tally->files);
    if (h5_has(h5, group, "exported"))
        read_counts(h5, group, "exported", &tally->exported);
    uint64_t sampled[1 + TALLY_SAMPLES] = {0};
    if (h5_has(h5, group, "sampled"))
        read_fixed(h5, group, "sampled", sampled, 1 + TALLY_SAMPLES);
    tally->snowflakes = sampled[0];
    memcpy(tally->sampled, sampled + 1, sizeof tally->sampled);
    h5_group_close(group);
}

static void read_channels(struct h5 *h5, struct tally *tally) {
    hid_t group = h5_group_open(h5, "/tally");
    column_read_symbols(h5, group, "channels", &tally->channels);
    read_counts(h5, group, "by_channel", &tally->by_channel);
    h5_group_close(group);
    for (size_t i = 0; i < tally->by_channel.cap && !h5->failed; i++)
        if (tally->by_channel.used[i] &&
            (tally->by_channel.entries[i].key & UINT32_MAX) >= tally->channels.count)
            h5_fail(h5, "by_channel");
}

static void read_links(struct h5 *h5, const struct shard_head *head, struct reply_links *links) {
    size_t count;
    if (head->link_count <= 0)
        return;
    hid_t group = h5_group_open(h5, "/links");
    links->at = h5_read(h5, group, "replies", H5T_NATIVE_UINT64, sizeof(uint64_t), &count);
    h5_group_close(group);
    if (!h5->failed && count != 3 * (uint64_t)head->link_count)
        h5_fail(h5, "replies");
    links->count = links->cap = h5->failed ? 0 : count / 3;
}

enum status shard_read(const char *path, unsigned parts, struct shard *out, struct fault *fault) {
    struct h5 h5;
    shard_init(out);
    enum status status = parts & SHARD_CHECKED ? STATUS_OK : seal_check(path, fault);
    if (status != STATUS_OK)
        return status;
    h5_lock();
    h5_open(&h5, path);
    if (!(parts & SHARD_HEADLESS))
        read_head(&h5, &out->head);
    hid_t mentions = h5_group_open(&h5, "/mentions");
    size_t rows = h5_count(&h5, mentions, "created_at_us");
    h5_group_close(mentions);
    out->head.rows = (int64_t)rows;
    if ((parts & SHARD_STUDY) && rows)
        read_mentions(&h5, parts, rows, &out->mentions);
    else if ((parts & SHARD_ROOTS) && rows)
        read_roots(&h5, rows, &out->mentions);
    if (parts & SHARD_STUDY)
        read_tally(&h5, &out->tally);
    if (parts & SHARD_CHANNELS)
        read_channels(&h5, &out->tally);
    if (parts & SHARD_LINKS)
        read_links(&h5, &out->head, &out->links);
    out->links.last_us = out->head.last_reply_us;
    bool ok = h5_close(&h5);
    h5_unlock();
    if (ok)
        return STATUS_OK;
    shard_release(out);
    if (paged_trouble())
        return fault_memory(fault);
    return fault_set(fault, STATUS_FATAL, h5.system ? EXIT_IO : EXIT_DATA, "cannot read \"%s\": %s",
                     path, h5.what);
}
