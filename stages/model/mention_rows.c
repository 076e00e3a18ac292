#include "stages/model/mention_rows.h"

#include <stdlib.h>

#define TEXT_COLUMN_MAX ((size_t)1 << 40)
#define KEPT_ROWS 16384
#define HANDLE_MAX 256

uint64_t platform_key(enum platform platform, struct span value) {
    if (!value.len)
        return 0;
    struct span fields[2] = {span_of(platform_name(platform)), value};
    return hash_stable_join(fields, 2);
}

uint64_t handle_key(enum platform platform, struct span handle) {
    char small[HANDLE_MAX];
    if (handle.len && handle.at[0] == '@')
        handle = (struct span){handle.at + 1, handle.len - 1};
    if (handle.len > sizeof small)
        return 0;
    for (size_t i = 0; i < handle.len; i++) {
        char byte = handle.at[i];
        small[i] = (char)(byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte);
    }
    return platform_key(platform, (struct span){small, handle.len});
}

void mention_rows_init(struct mention_rows *mentions) {
    *mentions = (struct mention_rows){0};
#define INIT(name) buf_init(&mentions->name.bytes, TEXT_COLUMN_MAX);
    MENTION_TEXTS(INIT)
#undef INIT
}

void mention_rows_release(struct mention_rows *mentions) {
#define RELEASE(type, name, ...) free(mentions->name);
    MENTION_COLUMNS(RELEASE)
#undef RELEASE
#define RELEASE(name) text_column_release(&mentions->name);
    MENTION_TEXTS(RELEASE)
#undef RELEASE
    symbols_release(&mentions->channels);
    mention_rows_init(mentions);
}

void mention_rows_clear(struct mention_rows *mentions) {
    if (mentions->cap > KEPT_ROWS) {
        mention_rows_release(mentions);
        return;
    }
    mentions->count = 0;
#define CLEAR(name) buf_clear(&mentions->name.bytes);
    MENTION_TEXTS(CLEAR)
#undef CLEAR
    symbols_release(&mentions->channels);
}

static bool grow(void **column, size_t cap, size_t size) {
    void *at = realloc(*column, cap * size);
    if (at)
        *column = at;
    return at != NULL;
}

static bool mention_rows_reserve(struct mention_rows *mentions, size_t more) {
    if (mentions->count + more <= mentions->cap)
        return true;
    size_t cap = mentions->cap ? mentions->cap * 2 : 256;
    if (cap < mentions->count + more)
        cap = mentions->count + more;
    bool ok = true;
#define GROW(type, name, ...) ok = ok && grow((void **)&mentions->name, cap, sizeof(type));
    MENTION_COLUMNS(GROW)
#undef GROW
#define GROW(name) ok = ok && grow((void **)&mentions->name.end, cap, sizeof(uint64_t));
    MENTION_TEXTS(GROW)
#undef GROW
    if (ok)
        mentions->cap = cap;
    return ok;
}

bool text_column_begin(struct text_column *column, size_t rows) {
    buf_init(&column->bytes, TEXT_COLUMN_MAX);
    column->end = malloc((rows + 1) * sizeof *column->end);
    return column->end != NULL;
}

bool text_column_add(struct text_column *column, size_t row, struct span text) {
    buf_span(&column->bytes, text);
    column->end[row] = column->bytes.len;
    return !column->bytes.failed;
}

void text_column_release(struct text_column *column) {
    free(column->end);
    buf_release(&column->bytes);
    column->end = NULL;
}

bool mention_rows_append(struct mention_rows *mentions, const struct mention *row) {
    if (!mention_rows_reserve(mentions, 1))
        return false;
    uint32_t channel = symbols_intern(&mentions->channels, row->channel_name);
    size_t at = mentions->count;
    bool ok = channel != SYMBOL_NONE;
#define SET(type, name, ...) mentions->name[at] = row->name;
    MENTION_COLUMNS(SET)
#undef SET
    mentions->channel[at] = channel;
#define SET(name) ok = text_column_add(&mentions->name, at, row->name) && ok;
    MENTION_TEXTS(SET)
#undef SET
    mentions->count += ok;
    return ok;
}

struct span mention_rows_text(const struct text_column *column, size_t index) {
    uint64_t begin = index ? column->end[index - 1] : 0;
    /* never NULL, so that an empty text can be passed to any function */
    const char *bytes = column->bytes.at ? column->bytes.at : "";
    return (struct span){bytes + begin, (size_t)(column->end[index] - begin)};
}

static bool text_append_all(struct text_column *column, size_t rows, const struct text_column *from,
                            size_t count) {
    uint64_t before = column->bytes.len;
    buf_span(&column->bytes, buf_as_span(&from->bytes));
    for (size_t i = 0; i < count; i++)
        column->end[rows + i] = before + from->end[i];
    return !column->bytes.failed;
}

/* Turns the channel numbers of rows [first, last) from those of `names` into our own, in the order
 * in which the rows name them. */
static bool channels_translate(struct mention_rows *mentions, const struct symbols *names,
                               size_t first, size_t last) {
    uint32_t *number = malloc(((size_t)names->count + 1) * sizeof *number);
    bool ok = number != NULL;
    for (uint32_t i = 0; ok && i < names->count; i++)
        number[i] = SYMBOL_NONE;
    for (size_t row = first; ok && row < last; row++) {
        uint32_t *ours = &number[mentions->channel[row]];
        if (*ours == SYMBOL_NONE)
            *ours = symbols_intern(&mentions->channels, names->names[mentions->channel[row]]);
        ok = *ours != SYMBOL_NONE;
        mentions->channel[row] = *ours;
    }
    free(number);
    return ok;
}

bool mention_rows_append_all(struct mention_rows *mentions, const struct mention_rows *from) {
    size_t at = mentions->count;
    if (!from->count)
        return true;
    if (!mention_rows_reserve(mentions, from->count))
        return false;
#define COPY(type, name, ...) memcpy(mentions->name + at, from->name, from->count * sizeof(type));
    MENTION_COLUMNS(COPY)
#undef COPY
    bool ok = channels_translate(mentions, &from->channels, at, at + from->count);
#define COPY(name) ok = ok && text_append_all(&mentions->name, at, &from->name, from->count);
    MENTION_TEXTS(COPY)
#undef COPY
    mentions->count += ok ? from->count : 0;
    return ok;
}

static void text_keep(struct text_column *column, size_t rows, const uint8_t *keep) {
    size_t kept = 0, bytes = 0;
    for (size_t row = 0, begin = 0; column->end && row < rows; row++) {
        size_t end = (size_t)column->end[row];
        if (keep[row]) {
            if (end > begin)
                memmove(column->bytes.at + bytes, column->bytes.at + begin, end - begin);
            bytes += end - begin;
            column->end[kept++] = bytes;
        }
        begin = end;
    }
    column->bytes.len = bytes;
}

void mention_rows_keep(struct mention_rows *mentions, const uint8_t *keep) {
    size_t kept = 0, rows = mentions->count;
    for (size_t row = 0; row < rows; row++) {
        if (!keep[row])
            continue;
#define KEEP(type, name, ...)                                                                      \
    if (mentions->name)                                                                            \
        mentions->name[kept] = mentions->name[row];
        MENTION_COLUMNS(KEEP)
#undef KEEP
        kept++;
    }
#define KEEP(name) text_keep(&mentions->name, rows, keep);
    MENTION_TEXTS(KEEP)
#undef KEEP
    mentions->count = kept;
}

size_t mention_rows_bytes(const struct mention_rows *mentions) {
#define ADD(type, name, ...) +sizeof(type)
    size_t bytes = mentions->count * (0 MENTION_COLUMNS(ADD));
#undef ADD
#define ADD(name) bytes += mentions->name.bytes.len + mentions->count * sizeof(uint64_t);
    MENTION_TEXTS(ADD)
#undef ADD
    return bytes;
}

size_t mention_rows_counted(const struct mention_rows *mentions) {
    size_t count = 0;
    for (size_t row = 0; row < mentions->count; row++)
        count += mentions->role[row] == ROLE_MENTION;
    return count;
}
