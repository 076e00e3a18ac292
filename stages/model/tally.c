#include "stages/model/tally.h"

#include "stages/common/when.h"
#include "stages/model/id_time.h"

#include <stdlib.h>

void tally_init(struct tally *tally) {
    *tally = (struct tally){.first_us = TIME_NONE, .last_us = TIME_NONE};
}

void tally_release(struct tally *tally) {
    counts_release(&tally->by_platform);
    counts_release(&tally->edges);
    counts_release(&tally->by_channel);
    counts_release(&tally->deleted);
    counts_release(&tally->files);
    counts_release(&tally->exported);
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

/* 0 stands for none yet; else first + 1 | last + 1 << 16. */
static uint64_t widen_edges(uint64_t edges, uint64_t more) {
    uint64_t first = edges & 0xFFFF, last = edges >> 16;
    if (!edges)
        return more;
    if ((more & 0xFFFF) < first)
        first = more & 0xFFFF;
    if (more >> 16 > last)
        last = more >> 16;
    return first | last << 16;
}

static bool note_edges(struct tally *tally, uint64_t key, bool again, uint64_t second) {
    uint64_t behind = second % TALLY_BUCKET_S + 1;
    if (!again || !tally->last_edges)
        tally->last_edges = counts_at(&tally->edges, key);
    if (tally->last_edges)
        *tally->last_edges = widen_edges(*tally->last_edges, behind | behind << 16);
    return tally->last_edges != NULL;
}

struct tally_edge tally_edge(const struct tally *tally, uint64_t key) {
    const uint64_t *edges = counts_find(&tally->edges, key);
    int64_t begin = (int64_t)(key >> 8) * TALLY_BUCKET_S;
    if (!edges)
        return (struct tally_edge){begin, begin + TALLY_BUCKET_S - 1};
    return (struct tally_edge){begin + (int64_t)(*edges & 0xFFFF) - 1,
                               begin + (int64_t)(*edges >> 16) - 1};
}

/* Eight bytes of a string from a place on; fewer at its end. */
static inline uint64_t some_bytes(struct span text, size_t at) {
    uint64_t value = 0;
    size_t len = text.len - at;
    if (len >= sizeof value) /* a length that is known is no call */
        memcpy(&value, text.at + at, sizeof value);
    else if (len)
        memcpy(&value, text.at + at, len);
    return value;
}

/* The number of a new channel, or of the part before '/' when too many are known already. */
static uint32_t add_channel(struct tally *tally, struct span channel) {
    if (tally->channels.count >= TALLY_CHANNELS_MAX) {
        const char *slash = memchr(channel.at, '/', channel.len);
        if (slash)
            channel.len = (size_t)(slash - channel.at);
    }
    return symbols_intern(&tally->channels, channel);
}

/* The number of `channel`: where it was counted lately, its name is only compared. */
static uint32_t tally_channel(struct tally *tally, struct span channel) {
    uint64_t mixed = some_bytes(channel, channel.len > 8 ? channel.len - 8 : 0) ^ channel.len;
    mixed ^= some_bytes(channel, channel.len > 16 ? channel.len - 16 : 0) * 3;
    uint32_t *known = &tally->known[mixed * 0x9E3779B97F4A7C15ULL >> 32 & (TALLY_KNOWN - 1)];
    uint32_t number = *known - 1;
    if (number < tally->channels.count && span_equal(tally->channels.names[number], channel))
        return number;
    number = symbols_find(&tally->channels, channel);
    if (number == SYMBOL_NONE)
        number = add_channel(tally, channel);
    *known = number + 1; /* 0 of SYMBOL_NONE */
    return number;
}

/* Of a few bytes of each: it must be cheap, for all posts pay for it, and nobody can guess the sum
 * over a dump who has not read all of it. Not of times, which --tz moves. */
static void add_secret(struct tally *tally, const struct post *post) {
    const struct span parts[] = {post->id, post->author_id, post->text};
    uint64_t hash = 0x9E3779B97F4A7C15ULL;
    for (int i = 0; i < 3; i++) {
        size_t len = parts[i].len, last = len > 8 ? len - 8 : 0;
        hash = (hash ^ some_bytes(parts[i], 0) ^ len << 56) * 0xFF51AFD7ED558CCDULL;
        hash = (hash ^ hash >> 32 ^ some_bytes(parts[i], last)) * 0xC2B2AE3D27D4EB4FULL;
    }
    for (int i = 0; i < 4; i++) {
        hash = (hash ^ hash >> 29) * 0xBF58476D1CE4E5B9ULL;
        tally->secret[i] += hash;
    }
}

bool tally_delete(struct tally *tally, uint64_t key) {
    uint64_t *deleted = counts_at(&tally->deleted, key);
    if (deleted)
        *deleted = 1;
    return deleted != NULL;
}

uint64_t tally_deleted_author(uint64_t author_hash) {
    return author_hash ^ 0xD6E8FEB86659FD93ULL;
}

/* Which millisecond of its second the tweet was made in. */
static void note_sample(struct tally *tally, const struct post *post) {
    static const int last[TALLY_SAMPLES] = {666, 756};
    int64_t us = id_time(PLATFORM_TWITTER, post->id);
    if (us == TIME_NONE)
        return;
    int milli = (int)(us / 1000 % 1000);
    tally->snowflakes++;
    for (int i = 0; i < TALLY_SAMPLES; i++)
        tally->sampled[i] += milli >= 657 && milli <= last[i];
}

double tally_sampling(const struct tally *tally) {
    enum { LEAST = 200, ODD = 50 }; /* reposts of ids that a dump rounded, and the like */
    static const double share[TALLY_SAMPLES] = {0.01, 0.1};
    for (int i = 0; i < TALLY_SAMPLES; i++)
        if (tally->snowflakes >= LEAST &&
            (tally->snowflakes - tally->sampled[i]) * ODD <= tally->snowflakes)
            return share[i];
    return 0;
}

bool tally_file(struct tally *tally, enum platform platform, int64_t minute, int minutes) {
    bool ok = true;
    for (int64_t at = minute; ok && at < minute + minutes; at++) {
        uint64_t key = (uint64_t)(at / TALLY_MINUTES) << 8 | (uint64_t)platform;
        uint64_t *value = counts_at(&tally->files, key);
        ok = value != NULL;
        if (ok)
            *value |= UINT64_C(1) << at % TALLY_MINUTES;
    }
    for (size_t i = 0; ok && i < tally->by_platform.cap; i++) {
        const struct counts_entry *entry = &tally->by_platform.entries[i];
        if (!tally->by_platform.used[i] || (entry->key & 0xFF) != (uint64_t)platform)
            continue;
        uint64_t *value = counts_at(&tally->files, entry->key);
        ok = value != NULL;
        if (ok)
            *value += entry->value << 8;
    }
    return ok;
}

struct tally_minutes tally_file_minutes(const struct tally *tally) {
    struct tally_minutes out = {.first = INT64_MAX};
    for (size_t i = 0; i < tally->files.cap; i++) {
        const struct counts_entry *entry = &tally->files.entries[i];
        for (int bit = 0; tally->files.used[i] && bit < TALLY_MINUTES; bit++) {
            int64_t minute = (int64_t)(entry->key >> 8) * TALLY_MINUTES + bit;
            if (!(entry->value >> bit & 1))
                continue;
            out.first = minute < out.first ? minute : out.first;
            out.last = minute > out.last ? minute : out.last;
            out.there++;
        }
    }
    return out;
}

bool tally_exported(struct tally *tally, enum platform platform, int64_t second) {
    uint64_t *until = counts_at(&tally->exported, platform);
    if (until && second > (int64_t)*until)
        *until = (uint64_t)second;
    return until != NULL;
}

bool tally_post(struct tally *tally, const struct post *post, struct span channel) {
    int64_t second = floor_div(post->created_at_us, US_PER_S);
    uint64_t bucket = (uint64_t)floor_div(second, TALLY_BUCKET_S);
    uint64_t hour = (uint64_t)floor_div(second, SECONDS_PER_HOUR);
    uint32_t number = tally_channel(tally, channel);
    tally->posts++;
    add_secret(tally, post);
    if (post->platform == PLATFORM_TWITTER)
        note_sample(tally, post);
    widen(tally, post->created_at_us, post->created_at_us);
    uint64_t key = bucket << 8 | post->platform;
    bool again = tally->last_platform_count && tally->last_platform_key == key;
    return note_edges(tally, key, again, (uint64_t)(second - (int64_t)bucket * TALLY_BUCKET_S)) &&
           number != SYMBOL_NONE &&
           count_again(&tally->by_platform, key, &tally->last_platform_key,
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

static bool add_edges(struct tally *tally, const struct tally *other) {
    for (size_t i = 0; i < other->edges.cap; i++) {
        if (!other->edges.used[i])
            continue;
        uint64_t *value = counts_at(&tally->edges, other->edges.entries[i].key);
        if (!value)
            return false;
        *value = widen_edges(*value, other->edges.entries[i].value);
    }
    return true;
}

static bool add_files(struct tally *tally, const struct tally *other) {
    bool ok = true;
    for (size_t i = 0; ok && i < other->files.cap; i++) {
        if (!other->files.used[i])
            continue;
        uint64_t theirs = other->files.entries[i].value;
        uint64_t *value = counts_at(&tally->files, other->files.entries[i].key);
        ok = value != NULL;
        if (ok)
            *value = ((*value | theirs) & 0xFF) | ((*value >> 8) + (theirs >> 8)) << 8;
    }
    for (size_t i = 0; ok && i < other->exported.cap; i++)
        ok = !other->exported.used[i] ||
             tally_exported(tally, (enum platform)other->exported.entries[i].key,
                            (int64_t)other->exported.entries[i].value);
    tally->snowflakes += other->snowflakes;
    for (int i = 0; i < TALLY_SAMPLES; i++)
        tally->sampled[i] += other->sampled[i];
    return ok;
}

bool tally_add_channels(struct tally *tally, const struct tally *other) {
    /* in the other's order of first appearance, so that numbers do not depend on hash order */
    uint32_t *number = malloc((other->channels.count + 1) * sizeof *number);
    tally->last_channel_count = NULL; /* which may move */
    bool ok = number != NULL;
    for (uint32_t i = 0; ok && i < other->channels.count; i++) {
        number[i] = symbols_find_from(&tally->channels, &other->channels, i);
        if (number[i] == SYMBOL_NONE)
            number[i] = add_channel(tally, other->channels.names[i]);
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

bool tally_add_sums(struct tally *tally, const struct tally *other) {
    tally->last_platform_count = tally->last_channel_count = tally->last_edges =
        NULL; /* which may move */
    tally->records += other->records;
    tally->posts += other->posts;
    tally->embedded += other->embedded;
    tally->prefiltered += other->prefiltered;
    for (int i = 0; i < 4; i++)
        tally->secret[i] += other->secret[i];
    for (int i = 0; i < TALLY_REASONS; i++)
        tally->rejects[i] += other->rejects[i];
    for (int i = 0; i < TALLY_REPAIRS; i++)
        tally->repairs[i] += other->repairs[i];
    widen(tally, other->first_us, other->last_us);
    return add_counts(&tally->by_platform, &other->by_platform) && add_edges(tally, other) &&
           add_files(tally, other) && add_counts(&tally->deleted, &other->deleted);
}

bool tally_add(struct tally *tally, const struct tally *other) {
    return tally_add_sums(tally, other) && tally_add_channels(tally, other);
}

void tally_drop_channels(struct tally *tally) {
    counts_release(&tally->by_channel);
    symbols_release(&tally->channels);
    memset(tally->known, 0, sizeof tally->known);
    tally->last_channel_count = NULL;
}

size_t tally_size(const struct tally *tally) {
    return tally->by_platform.count + tally->by_channel.count + tally->deleted.count +
           tally->channels.count;
}
