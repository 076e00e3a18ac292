#include "stages/common/mentions.h"

#include "stages/common/when.h"

#include <stdlib.h>

#define TEXT_COLUMN_MAX ((size_t)1 << 40)
#define KEPT_ROWS 16384

void mentions_init(struct mentions *mentions) {
    *mentions = (struct mentions){0};
#define INIT(name) buf_init(&mentions->name.bytes, TEXT_COLUMN_MAX);
    MENTION_TEXTS(INIT)
#undef INIT
}

void mentions_release(struct mentions *mentions) {
#define RELEASE(type, name) free(mentions->name);
    MENTION_COLUMNS(RELEASE)
#undef RELEASE
#define RELEASE(name) text_column_release(&mentions->name);
    MENTION_TEXTS(RELEASE)
#undef RELEASE
    symbols_release(&mentions->channels);
    mentions_init(mentions);
}

void mentions_clear(struct mentions *mentions) {
    if (mentions->cap > KEPT_ROWS) {
        mentions_release(mentions);
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

static bool mentions_reserve(struct mentions *mentions, size_t more) {
    if (mentions->count + more <= mentions->cap)
        return true;
    size_t cap = mentions->cap ? mentions->cap * 2 : 256;
    if (cap < mentions->count + more)
        cap = mentions->count + more;
    bool ok = true;
#define GROW(type, name) ok = ok && grow((void **)&mentions->name, cap, sizeof(type));
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

bool mentions_append(struct mentions *mentions, const struct mention *row) {
    if (!mentions_reserve(mentions, 1))
        return false;
    uint32_t channel = symbols_intern(&mentions->channels, row->channel_name);
    size_t at = mentions->count;
    bool ok = channel != SYMBOL_NONE;
#define SET(type, name) mentions->name[at] = row->name;
    MENTION_COLUMNS(SET)
#undef SET
    mentions->channel[at] = channel;
#define SET(name) ok = text_column_add(&mentions->name, at, row->name) && ok;
    MENTION_TEXTS(SET)
#undef SET
    mentions->count += ok;
    return ok;
}

struct span mentions_text(const struct text_column *column, size_t index) {
    uint64_t begin = index ? column->end[index - 1] : 0;
    /* never NULL, so that an empty text can be passed to any function */
    const char *bytes = column->bytes.at ? column->bytes.at : "";
    return (struct span){bytes + begin, (size_t)(column->end[index] - begin)};
}

struct mention mentions_row(const struct mentions *mentions, size_t index) {
    struct mention row;
#define GET(type, name) row.name = mentions->name[index];
    MENTION_COLUMNS(GET)
#undef GET
#define GET(name) row.name = mentions_text(&mentions->name, index);
    MENTION_TEXTS(GET)
#undef GET
    row.channel_name = mentions->channels.names[row.channel];
    return row;
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
static bool channels_translate(struct mentions *mentions, const struct symbols *names, size_t first,
                               size_t last) {
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

bool mentions_append_all(struct mentions *mentions, const struct mentions *from) {
    size_t at = mentions->count;
    if (!from->count)
        return true;
    if (!mentions_reserve(mentions, from->count))
        return false;
#define COPY(type, name) memcpy(mentions->name + at, from->name, from->count * sizeof(type));
    MENTION_COLUMNS(COPY)
#undef COPY
    bool ok = channels_translate(mentions, &from->channels, at, at + from->count);
#define COPY(name) ok = ok && text_append_all(&mentions->name, at, &from->name, from->count);
    MENTION_TEXTS(COPY)
#undef COPY
    mentions->count += ok ? from->count : 0;
    return ok;
}

static bool text_select(struct text_column *column, const uint32_t *order, size_t count) {
    struct text_column chosen;
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += mentions_text(column, order[i]).len;
    bool ok = text_column_begin(&chosen, count) && buf_reserve(&chosen.bytes, bytes);
    for (size_t i = 0; ok && i < count; i++)
        ok = text_column_add(&chosen, i, mentions_text(column, order[i]));
    text_column_release(column);
    *column = chosen;
    return ok;
}

/* The macro's loop is written for each type, so that copies are plain moves. */
static bool columns_select(struct mentions *mentions, const uint32_t *order, size_t count) {
    bool ok = true;
#define SELECT(type, name)                                                                         \
    if (ok) {                                                                                      \
        type *chosen = malloc((count + 1) * sizeof *chosen);                                       \
        for (size_t i = 0; chosen && i < count; i++)                                               \
            chosen[i] = mentions->name[order[i]];                                                  \
        free(mentions->name);                                                                      \
        mentions->name = chosen;                                                                   \
        ok = chosen != NULL;                                                                       \
    }
    MENTION_COLUMNS(SELECT)
#undef SELECT
    return ok;
}

bool mentions_select(struct mentions *mentions, const uint32_t *order, size_t count) {
    struct symbols names = mentions->channels;
    bool ok = columns_select(mentions, order, count);
    mentions->channels = (struct symbols){0};
    ok = ok && channels_translate(mentions, &names, 0, count);
#define SELECT(name) ok = ok && text_select(&mentions->name, order, count);
    MENTION_TEXTS(SELECT)
#undef SELECT
    symbols_release(&names);
    mentions->count = ok ? count : 0;
    mentions->cap = count;
    return ok;
}

size_t mentions_bytes(const struct mentions *mentions) {
    size_t bytes = mentions->count * 120;
#define ADD(name) bytes += mentions->name.bytes.len;
    MENTION_TEXTS(ADD)
#undef ADD
    return bytes;
}

void tally_init(struct tally *tally) {
    *tally = (struct tally){.first_us = TIME_NONE, .last_us = TIME_NONE};
}

void tally_release(struct tally *tally) {
    counts_release(&tally->by_platform);
    counts_release(&tally->by_channel);
    counts_release(&tally->deleted);
    symbols_release(&tally->channels);
    tally_init(tally);
}

static bool count_more(struct counts *counts, uint64_t key, uint64_t more) {
    uint64_t *value = counts_at(counts, key);
    if (value)
        *value += more;
    return value != NULL;
}

static void widen(struct tally *tally, int64_t first_us, int64_t last_us) {
    if (first_us == TIME_NONE)
        return;
    if (tally->first_us == TIME_NONE || first_us < tally->first_us)
        tally->first_us = first_us;
    if (tally->last_us == TIME_NONE || last_us > tally->last_us)
        tally->last_us = last_us;
}

static void forget_last(struct tally *tally) {
    tally->last_platform_count = tally->last_channel_count = NULL;
}

/* One more at `key`; remembers where, because a look-up costs more than all the rest. */
static bool count_again(struct counts *counts, uint64_t key, uint64_t *last_key, uint64_t **last) {
    if (!*last || *last_key != key) {
        *last = counts_at(counts, key);
        *last_key = key;
    }
    if (*last)
        ++**last;
    return *last != NULL;
}

/* The number of `channel`, or of the part before '/' when too many are known already. */
static uint32_t tally_channel(struct tally *tally, struct span channel) {
    uint32_t number = tally->last_channel;
    if (number < tally->channels.count && span_equal(tally->channels.names[number], channel))
        return number;
    number = symbols_find(&tally->channels, channel);
    if (number != SYMBOL_NONE)
        return number;
    if (tally->channels.count >= TALLY_CHANNELS_MAX) {
        const char *slash = memchr(channel.at, '/', channel.len);
        if (slash)
            channel.len = (size_t)(slash - channel.at);
    }
    return symbols_intern(&tally->channels, channel);
}

bool tally_post(struct tally *tally, const struct post *post, struct span channel) {
    int64_t second = floor_div(post->created_at_us, US_PER_S);
    uint64_t bucket = (uint64_t)floor_div(second, TALLY_BUCKET_S);
    uint64_t hour = (uint64_t)floor_div(second, SECONDS_PER_HOUR);
    uint32_t number = tally_channel(tally, channel);
    tally->posts++;
    widen(tally, post->created_at_us, post->created_at_us);
    tally->last_channel = number;
    return number != SYMBOL_NONE &&
           count_again(&tally->by_platform, bucket << 8 | post->platform, &tally->last_platform_key,
                       &tally->last_platform_count) &&
           count_again(&tally->by_channel, hour << 32 | number, &tally->last_channel_key,
                       &tally->last_channel_count);
}

static bool add_counts(struct counts *to, const struct counts *from) {
    for (size_t i = 0; i < from->cap; i++)
        if (from->used[i] && !count_more(to, from->entries[i].key, from->entries[i].value))
            return false;
    return true;
}

static bool add_channels(struct tally *tally, const struct tally *other) {
    /* in the other's order of first appearance, so that numbers do not depend on hash order */
    uint32_t *number = malloc((other->channels.count + 1) * sizeof *number);
    bool ok = number != NULL;
    for (uint32_t i = 0; ok && i < other->channels.count; i++) {
        number[i] = tally_channel(tally, other->channels.names[i]);
        ok = number[i] != SYMBOL_NONE;
    }
    for (size_t i = 0; ok && i < other->by_channel.cap; i++) {
        if (!other->by_channel.used[i])
            continue;
        uint64_t key = other->by_channel.entries[i].key;
        ok = count_more(&tally->by_channel, (key >> 32) << 32 | number[key & UINT32_MAX],
                        other->by_channel.entries[i].value);
    }
    free(number);
    return ok;
}

bool tally_add(struct tally *tally, const struct tally *other) {
    forget_last(tally);
    tally->records += other->records;
    tally->posts += other->posts;
    tally->embedded += other->embedded;
    tally->prefiltered += other->prefiltered;
    for (int i = 0; i < TALLY_REASONS; i++)
        tally->rejects[i] += other->rejects[i];
    for (int i = 0; i < TALLY_REPAIRS; i++)
        tally->repairs[i] += other->repairs[i];
    widen(tally, other->first_us, other->last_us);
    return add_counts(&tally->by_platform, &other->by_platform) && add_channels(tally, other) &&
           add_counts(&tally->deleted, &other->deleted);
}
