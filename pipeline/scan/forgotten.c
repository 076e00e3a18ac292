#include "pipeline/scan/forgotten.h"

#include "stages/common/files.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { FILE_MAX = 64 << 20, KEY_DIGITS = 16, NAME_MAX_BYTES = 1000 };

static void file_path(const char *folder, char *out, size_t size) {
    snprintf(out, size, "%s/forgotten", folder);
}

enum status forgotten_read(struct forgotten *forgotten, const char *folder, struct fault *fault) {
    char path[4100];
    struct buf text;
    file_path(folder, path, sizeof path);
    if (access(path, F_OK) != 0)
        return STATUS_OK;
    buf_init(&text, FILE_MAX);
    enum status status = file_read(path, &text, fault);
    for (size_t at = 0; status == STATUS_OK && at + KEY_DIGITS < text.len; at += KEY_DIGITS + 1) {
        char line[KEY_DIGITS + 1] = {0}, *end;
        memcpy(line, text.at + at, KEY_DIGITS);
        uint64_t key = strtoull(line, &end, 16), *value = NULL;
        if (*end || text.at[at + KEY_DIGITS] != '\n')
            status = fault_set(fault, STATUS_FATAL, EXIT_DATA,
                               "\"%s\" is damaged: restore it, or remove it and give burza forget "
                               "all ids again",
                               path);
        else if (!(value = counts_at(&forgotten->keys, key)))
            status = fault_memory(fault);
        else
            *value = 1;
    }
    buf_release(&text);
    return status;
}

static int compare_keys(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

enum status forgotten_write(const struct forgotten *forgotten, const char *folder,
                            struct fault *fault) {
    char path[4100];
    struct buf text;
    size_t count = 0;
    uint64_t *keys = malloc((forgotten->keys.count + 1) * sizeof *keys);
    if (!keys)
        return fault_memory(fault);
    for (size_t i = 0; i < forgotten->keys.cap; i++)
        if (forgotten->keys.used[i])
            keys[count++] = forgotten->keys.entries[i].key;
    qsort(keys, count, sizeof *keys, compare_keys);
    buf_init(&text, FILE_MAX);
    for (size_t i = 0; i < count; i++)
        buf_format(&text, "%016" PRIx64 "\n", keys[i]);
    file_path(folder, path, sizeof path);
    enum status status =
        text.failed ? fault_memory(fault) : file_publish(path, buf_as_span(&text), fault);
    buf_release(&text);
    free(keys);
    return status;
}

/* Posts and authors with one name have different keys. */
static uint64_t author_key(uint64_t hash) {
    return hash ? tally_deleted_author(hash) : 0;
}

static bool add_key(struct forgotten *forgotten, uint64_t key) {
    uint64_t *value = key ? counts_at(&forgotten->keys, key) : NULL;
    if (value)
        *value = 1;
    return value || !key;
}

bool forgotten_add(struct forgotten *forgotten, struct span name) {
    char full[NAME_MAX_BYTES + 4];
    size_t lead = span_starts(name, "@") ? 1 : span_starts(name, "u/") ? 2 : 0;
    bool ok = name.len > lead && name.len <= NAME_MAX_BYTES;
    struct span author = {name.at + lead, name.len - lead};
    for (int i = 0; ok && lead && i < PLATFORM_COUNT; i++)
        ok = add_key(forgotten, author_key(platform_key((enum platform)i, author))) &&
             add_key(forgotten, author_key(handle_key((enum platform)i, author)));
    for (int i = 0; ok && !lead && i < PLATFORM_COUNT; i++)
        ok = add_key(forgotten, platform_key((enum platform)i, name));
    /* Reddit's dumps write ids without what they are of */
    for (int kind = 1; ok && !lead && kind <= 3; kind += 2) {
        int len = snprintf(full, sizeof full, "t%d_%.*s", kind, (int)name.len, name.at);
        ok = add_key(forgotten, platform_key(PLATFORM_REDDIT, (struct span){full, (size_t)len}));
    }
    return ok;
}

void forgotten_release(struct forgotten *forgotten) {
    counts_release(&forgotten->keys);
}

static bool is_forgotten(const struct forgotten *f, const struct mention_rows *rows, size_t row) {
    enum platform platform = (enum platform)rows->platform[row];
    struct span id = mention_rows_text(&rows->id, row);
    struct span author = mention_rows_text(&rows->author, row);
    if (!id.len && !author.len)
        return false; /* blank already */
    const uint64_t keys[] = {
        rows->id_hash[row], platform_key(platform, id), author_key(rows->author_hash[row]),
        author_key(platform_key(platform, author)), author_key(handle_key(platform, author))};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i] && counts_find(&f->keys, keys[i]))
            return true;
    return false;
}

static void drop_texts(struct text_column *column, size_t count, const uint8_t *gone) {
    size_t from = 0, to = 0;
    for (size_t row = 0; column->end && row < count; row++) {
        size_t len = column->end[row] - from;
        if (!gone[row]) {
            memmove(column->bytes.at + to, column->bytes.at + from, len);
            to += len;
        }
        from = column->end[row];
        column->end[row] = to;
    }
    if (column->end)
        column->bytes.len = to;
}

size_t forgotten_blank(const struct forgotten *forgotten, struct mention_rows *rows) {
    size_t count = 0;
    uint8_t *gone = forgotten->keys.count ? calloc(rows->count + 1, 1) : NULL;
    for (size_t row = 0; gone && row < rows->count; row++) {
        gone[row] = is_forgotten(forgotten, rows, row);
        if (!gone[row])
            continue;
        count++;
        rows->flags[row] |= POST_DELETED | POST_NO_TEXT;
        rows->author_hash[row] = rows->text_hash[row] = 0;
        rows->likes[row] = rows->replies[row] = rows->reposts[row] = rows->views[row] = -1;
        rows->followers[row] = -1;
    }
    if (count) {
        drop_texts(&rows->id, rows->count, gone);
        drop_texts(&rows->author, rows->count, gone);
        drop_texts(&rows->url, rows->count, gone);
        drop_texts(&rows->text, rows->count, gone);
    }
    free(gone);
    return count;
}
