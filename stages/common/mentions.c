#include "stages/common/mentions.h"

#include "stages/common/when.h"

#include <stdlib.h>

#define TEXT_COLUMN_MAX ((size_t)1 << 40)

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
#define RELEASE(name)                                                                              \
    free(mentions->name.end);                                                                      \
    buf_release(&mentions->name.bytes);
    MENTION_TEXTS(RELEASE)
#undef RELEASE
    symbols_release(&mentions->channels);
    mentions_init(mentions);
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

static bool text_append(struct text_column *column, size_t row, struct span text) {
    buf_span(&column->bytes, text);
    column->end[row] = column->bytes.len;
    return !column->bytes.failed;
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
#define SET(name) ok = text_append(&mentions->name, at, row->name) && ok;
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

bool mentions_append_all(struct mentions *mentions, const struct mentions *from) {
    if (!mentions_reserve(mentions, from->count))
        return false;
    for (size_t i = 0; i < from->count; i++) {
        struct mention row = mentions_row(from, i);
        if (!mentions_append(mentions, &row))
            return false;
    }
    return true;
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

/* The number of `channel`, or of the part before '/' when too many are known already. */
static uint32_t tally_channel(struct tally *tally, struct span channel) {
    uint32_t number = symbols_find(&tally->channels, channel);
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
    return number != SYMBOL_NONE &&
           count_more(&tally->by_platform, bucket << 8 | post->platform, 1) &&
           count_more(&tally->by_channel, hour << 32 | number, 1);
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
