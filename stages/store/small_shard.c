/* A small shard on disk: a line that says what it is, then items: a byte with the length of the
 * name, the name, eight bytes with the length of the value, the value; little-endian, as in memory.
 * Names are those of the HDF5 shard, behind h (head), m (mentions), t (tally), l (links). What an
 * item's absence means is the same as there. */
#include "stages/store/small_shard.h"

#include "stages/common/files.h"
#include "stages/store/seal.h"
#include "stages/store/shard_fields.h"

#include <stdlib.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "values are stored as they are");

static const char first_line[] = "burza rows 1\n";
enum { FIRST_LINE = sizeof first_line - 1 };
#define SMALL_SHARD_MAX ((size_t)256 << 20)

bool small_shard_named(const char *path) {
    return span_ends(span_of(path), SMALL_SHARD_ENDING);
}

/* ---- writing ---- */

static void put(struct buf *out, const char *name, const void *value, size_t size) {
    uint64_t len = size;
    buf_char(out, (char)strlen(name));
    buf_text(out, name);
    buf_add(out, &len, sizeof len);
    if (size)
        buf_add(out, value, size);
}

static void put_symbols(struct buf *out, const char *name, const struct symbols *symbols) {
    size_t size = 0;
    for (uint32_t i = 0; i < symbols->count; i++)
        size += symbols->names[i].len + 1;
    put(out, name, NULL, 0);
    uint64_t len = size;
    if (out->len >= sizeof len)
        memcpy(out->at + out->len - sizeof len, &len, sizeof len);
    for (uint32_t i = 0; i < symbols->count; i++)
        buf_add(out, symbols->names[i].at, symbols->names[i].len + 1);
}

static void put_counts(struct buf *out, const char *name, const struct counts *counts) {
    struct counts_entry *entries = counts_sorted(counts);
    if (entries)
        put(out, name, entries, counts->count * sizeof *entries);
    out->failed |= !entries;
    free(entries);
}

static void put_head(struct buf *out, const struct shard *shard) {
    struct shard_head head = shard->head;
    head.last_reply_us = shard->links.last_us;
    head.link_count = (int64_t)shard->links.count;
    head.threaded_platforms = (int64_t)shard->links.threaded;
    head.rows = (int64_t)shard->mentions.count;
#define PUT(name) put(out, "h" #name, head.name, strlen(head.name));
    HEAD_TEXTS(PUT)
    LATER_TEXTS(PUT)
    PUT(digest)
#undef PUT
#define PUT(name, attribute) put(out, "h" #name, &head.name, sizeof head.name);
    HEAD_NUMBERS(PUT)
    LATER_NUMBERS(PUT)
    PUT(threaded_platforms, )
    PUT(rows, )
#undef PUT
}

static void put_mentions(struct buf *out, const struct mention_rows *rows) {
    if (!rows->count)
        return;
#define PUT(type, name, ...) put(out, "m" #name, rows->name, rows->count * sizeof(type));
    MENTION_COLUMNS(PUT)
#undef PUT
#define PUT(name)                                                                                  \
    put(out, "m" #name "_end", rows->name.end, rows->count * sizeof *rows->name.end);              \
    put(out, "m" #name "_bytes", rows->name.bytes.at, rows->name.bytes.len);
    MENTION_TEXTS(PUT)
#undef PUT
    put_symbols(out, "mchannels", &rows->channels);
}

/* X(field of struct tally that is a number). */
#define TALLY_NUMBERS(X)                                                                           \
    X(records) X(posts) X(embedded) X(prefiltered) X(first_us) X(last_us) X(snowflakes)
/* X(field that is an array of numbers). */
#define TALLY_ARRAYS(X) X(secret) X(rejects) X(repairs) X(sampled)
/* X(field that is a map), for a study; by_channel goes with the channels. */
#define TALLY_MAPS(X) X(by_platform) X(edges) X(deleted) X(files) X(exported)

static void put_tally(struct buf *out, const struct tally *tally) {
#define PUT(name) put(out, "t" #name, &tally->name, sizeof tally->name);
    TALLY_NUMBERS(PUT)
    TALLY_ARRAYS(PUT)
#undef PUT
#define PUT(name) put_counts(out, "t" #name, &tally->name);
    TALLY_MAPS(PUT)
    PUT(by_channel)
#undef PUT
    put_symbols(out, "tchannels", &tally->channels);
}

enum status small_shard_write(const char *path, const struct shard *shard, struct fault *fault) {
    struct buf out;
    buf_init(&out, SMALL_SHARD_MAX);
    buf_text(&out, first_line);
    put_head(&out, shard);
    put_mentions(&out, &shard->mentions);
    put_tally(&out, &shard->tally);
    put(&out, "lreplies", shard->links.at, shard->links.count * sizeof *shard->links.at);
    enum status status = seal_publish(path, &out, fault);
    buf_release(&out);
    return status;
}

/* ---- reading ---- */

struct items {
    struct span bytes; /* of all items */
    size_t at;         /* where the next one begins: they are asked for in their order */
    const char *bad;   /* the first item that is not as it should be; NULL: none */
};

static void refuse(struct items *items, const char *name) {
    if (!items->bad)
        items->bad = name;
}

/* The item at `at`; false when it would end behind the last byte. *at is then the next one's. */
static bool read_item(struct span bytes, size_t *at, struct span *name, struct span *value) {
    uint64_t size;
    size_t left = bytes.len - *at;
    size_t len = left ? (unsigned char)bytes.at[*at] : 0;
    if (left < 1 + len + sizeof size)
        return false;
    *name = (struct span){bytes.at + *at + 1, len};
    memcpy(&size, name->at + len, sizeof size);
    left -= 1 + len + sizeof size;
    if (size > left)
        return false;
    *value = (struct span){name->at + len + sizeof size, (size_t)size};
    *at += 1 + len + sizeof size + (size_t)size;
    return true;
}

/* False when there is none. */
static bool find(struct items *items, const char *want, struct span *value) {
    struct span name;
    size_t begun = items->at, len = strlen(want);
    for (int round = 0; round < 2; round++) {
        size_t end = round ? begun : items->bytes.len;
        while (items->at < end) {
            if (!read_item(items->bytes, &items->at, &name, value)) {
                refuse(items, want);
                return false;
            }
            if (name.len == len && memcmp(name.at, want, len) == 0)
                return true;
        }
        items->at = 0;
    }
    items->at = begun;
    return false;
}

/* A value of just this size into `to`; false when there is none. */
static bool take(struct items *items, const char *name, void *to, size_t size) {
    struct span value;
    if (!find(items, name, &value))
        return false;
    if (value.len == size)
        memcpy(to, value.at, size);
    else
        refuse(items, name);
    return true;
}

static void take_text(struct items *items, const char *name, char *to, size_t size) {
    struct span value = {"", 0};
    if (!find(items, name, &value) || value.len >= size || memchr(value.at, 0, value.len))
        refuse(items, name);
    else
        row_text(to, size, value.at, value.len);
}

static void read_head(struct items *items, struct shard_head *head) {
#define TAKE(name) take_text(items, "h" #name, head->name, sizeof head->name);
    HEAD_TEXTS(TAKE)
    LATER_TEXTS(TAKE)
    TAKE(digest)
#undef TAKE
#define TAKE(name, attribute)                                                                      \
    if (!take(items, "h" #name, &head->name, sizeof head->name))                                   \
        refuse(items, #name);
    HEAD_NUMBERS(TAKE)
    LATER_NUMBERS(TAKE)
    TAKE(threaded_platforms, )
    TAKE(rows, )
#undef TAKE
    if (head->rows < 0 || (uint64_t)head->rows > items->bytes.len)
        refuse(items, "rows"); /* each has a byte at least */
}

/* A copy of the value, malloc'ed; NULL when it has another size. */
static void *copy(struct items *items, const char *name, size_t size) {
    void *to = malloc(size + 1);
    if (!to || !take(items, name, to, size))
        refuse(items, name);
    return to;
}

static void *copy_column(struct items *items, const char *name, const void *absent, size_t size,
                         size_t rows) {
    struct span value;
    size_t at = items->at;
    bool there = find(items, name, &value);
    items->at = at;
    if (there || !absent)
        return copy(items, name, rows * size);
    char *column = malloc(rows * size);
    if (!column)
        refuse(items, name);
    for (size_t row = 0; column && row < rows; row++)
        memcpy(column + row * size, absent, size);
    return column;
}

/* Every text ends at or behind its beginning, and the last with the bytes. */
static void read_texts(struct items *items, const char *end, const char *bytes, size_t rows,
                       struct text_column *column) {
    struct span value = {NULL, 0};
    column->end = copy(items, end, rows * sizeof *column->end);
    if (!find(items, bytes, &value))
        refuse(items, bytes);
    if (items->bad)
        return;
    bool sound = column->end[rows - 1] == value.len;
    for (size_t i = 1; sound && i < rows; i++)
        sound = column->end[i - 1] <= column->end[i];
    column->bytes.at = sound ? malloc(value.len + 1) : NULL;
    if (!column->bytes.at) {
        refuse(items, bytes);
        return;
    }
    memcpy(column->bytes.at, value.at, value.len);
    column->bytes.len = column->bytes.cap = value.len;
}

static void read_symbols(struct items *items, const char *name, struct symbols *symbols) {
    struct span rest = {NULL, 0};
    if (!find(items, name, &rest))
        refuse(items, name);
    for (uint32_t i = 0; rest.len && !items->bad; i++) {
        const char *end = memchr(rest.at, 0, rest.len);
        size_t len = end ? (size_t)(end - rest.at) : rest.len;
        if (!end || symbols_intern(symbols, (struct span){rest.at, len}) != i)
            refuse(items, name);
        len += end != NULL;
        rest = (struct span){rest.at + len, rest.len - len};
    }
}

static void read_mentions(struct items *items, size_t rows, struct mention_rows *out) {
#define TAKE(type, name, ...) out->name = copy_column(items, "m" #name, NULL, sizeof(type), rows);
    MENTION_FIRST_COLUMNS(TAKE)
#undef TAKE
#define TAKE(type, name, set, absent)                                                              \
    out->name = copy_column(items, "m" #name, &(type){absent}, sizeof(type), rows);
    MENTION_LATER_COLUMNS(TAKE)
#undef TAKE
#define TAKE(name) read_texts(items, "m" #name "_end", "m" #name "_bytes", rows, &out->name);
    MENTION_TEXTS(TAKE)
#undef TAKE
    read_symbols(items, "mchannels", &out->channels);
    out->count = out->cap = items->bad ? 0 : rows;
    for (size_t i = 0; i < out->count; i++)
        if (out->channel[i] >= out->channels.count)
            refuse(items, "channel");
}

static void read_counts(struct items *items, const char *name, struct counts *counts) {
    struct span value = {NULL, 0};
    struct counts_entry entry;
    if (!find(items, name, &value) || value.len % sizeof entry)
        refuse(items, name);
    for (size_t at = 0; at < value.len && !items->bad; at += sizeof entry) {
        memcpy(&entry, value.at + at, sizeof entry);
        uint64_t *count = counts_at(counts, entry.key);
        if (count)
            *count = entry.value;
        else
            refuse(items, name);
    }
}

static void read_tally(struct items *items, unsigned parts, struct tally *tally) {
#define TAKE(name)                                                                                 \
    if (!take(items, "t" #name, &tally->name, sizeof tally->name))                                 \
        refuse(items, #name);
    if (parts & SHARD_STUDY) {
        TALLY_NUMBERS(TAKE)
        TALLY_ARRAYS(TAKE)
    }
#undef TAKE
#define TAKE(name) read_counts(items, "t" #name, &tally->name);
    if (parts & SHARD_STUDY) {
        TALLY_MAPS(TAKE)
    }
    if (!(parts & SHARD_CHANNELS))
        return;
    TAKE(by_channel)
#undef TAKE
    read_symbols(items, "tchannels", &tally->channels);
    for (size_t i = 0; i < tally->by_channel.cap && !items->bad; i++)
        if (tally->by_channel.used[i] &&
            (tally->by_channel.entries[i].key & UINT32_MAX) >= tally->channels.count)
            refuse(items, "by_channel");
}

static void read_links(struct items *items, const struct shard_head *head,
                       struct reply_links *links) {
    size_t size = (size_t)head->link_count * sizeof *links->at;
    if (head->link_count < 0 || (uint64_t)head->link_count > items->bytes.len)
        refuse(items, "link_count");
    if (items->bad || !head->link_count)
        return;
    links->at = copy(items, "lreplies", size);
    links->count = links->cap = items->bad ? 0 : (size_t)head->link_count;
}

enum status small_shard_read(const char *path, unsigned parts, struct shard *out,
                             struct fault *fault) {
    struct buf bytes;
    buf_init(&bytes, SMALL_SHARD_MAX);
    enum status status = file_read(path, &bytes, fault);
    bool ours =
        bytes.len >= FIRST_LINE + SEAL_LINE && memcmp(bytes.at, first_line, FIRST_LINE) == 0;
    struct items items = {.bad = ours ? NULL : "its first line"};
    if (ours)
        items.bytes = (struct span){bytes.at + FIRST_LINE, bytes.len - FIRST_LINE - SEAL_LINE};
    if (status == STATUS_OK && ours) {
        read_head(&items, &out->head);
        bool rows = parts & (SHARD_STUDY | SHARD_ROOTS) && out->head.rows && !items.bad;
        if (rows)
            read_mentions(&items, (size_t)out->head.rows, &out->mentions);
        if (parts & (SHARD_STUDY | SHARD_CHANNELS))
            read_tally(&items, parts, &out->tally);
        if (parts & SHARD_LINKS)
            read_links(&items, &out->head, &out->links);
        out->links.last_us = out->head.last_reply_us;
    }
    buf_release(&bytes);
    if (status == STATUS_OK && !items.bad)
        return STATUS_OK;
    shard_release(out);
    return status != STATUS_OK
               ? status
               : fault_set(fault, STATUS_FATAL, EXIT_DATA,
                           "cannot read \"%s\": %s is not as burza writes it", path, items.bad);
}
