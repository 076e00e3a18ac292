#include "stages/series/series.h"

#include <stdlib.h>

enum { BUCKETS_PER_HOUR = SECONDS_PER_HOUR / TALLY_BUCKET_S, OUTAGE_EXPECTED = 25 };

void coverage_release(struct coverage *coverage) {
    for (int i = 0; i < PLATFORM_COUNT; i++) {
        free(coverage->covered[i]);
        free(coverage->known_by[i]);
        free(coverage->posts[i]);
    }
    *coverage = (struct coverage){0};
}

static bool fill_posts(struct coverage *coverage, const struct tally *tally) {
    uint64_t first = (uint64_t)(coverage->start_s / TALLY_BUCKET_S);
    for (size_t i = 0; i < tally->by_platform.cap; i++) {
        if (!tally->by_platform.used[i])
            continue;
        const struct counts_entry *entry = &tally->by_platform.entries[i];
        size_t platform = entry->key & 0xFF, at = (size_t)((entry->key >> 8) - first);
        if (platform >= PLATFORM_COUNT)
            continue;
        if (!coverage->posts[platform]) {
            coverage->posts[platform] = calloc(coverage->count, sizeof(int32_t));
            coverage->covered[platform] = calloc(coverage->count, 1);
            coverage->known_by[platform] = calloc(coverage->count, 1);
            if (!coverage->posts[platform] || !coverage->covered[platform] ||
                !coverage->known_by[platform])
                return false;
        }
        coverage->posts[platform][at] +=
            (int32_t)(entry->value > INT32_MAX ? INT32_MAX : entry->value);
    }
    return true;
}

static int compare_i32(const void *a, const void *b) {
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* Median posts per hour for each UTC hour of the day, over the platform's own span. */
static bool usual_rhythm(const struct coverage *coverage, const int32_t *posts, size_t first,
                         size_t last, int32_t rhythm[24]) {
    int64_t start_hour =
        floor_div(coverage->start_s + (int64_t)first * TALLY_BUCKET_S, SECONDS_PER_HOUR);
    size_t hours = (last - first) / BUCKETS_PER_HOUR + 2, days = hours / 24 + 1;
    int32_t *sums = calloc(hours, sizeof *sums), *column = malloc((days + 1) * sizeof *column);
    for (size_t i = first; sums && i <= last; i++) {
        int64_t second = coverage->start_s + (int64_t)i * TALLY_BUCKET_S;
        sums[floor_div(second, SECONDS_PER_HOUR) - start_hour] += posts[i];
    }
    for (size_t hour = 0; sums && column && hour < 24; hour++) {
        size_t count = 0;
        for (size_t i = 0; i < hours; i++)
            if ((size_t)((start_hour + (int64_t)i) % 24) == hour)
                column[count++] = sums[i];
        qsort(column, count, sizeof *column, compare_i32);
        rhythm[hour] = count ? column[count / 2] : 0;
    }
    bool ok = sums && column;
    free(sums);
    free(column);
    return ok;
}

/* The buckets of a platform from its first to its last post. */
struct post_span {
    size_t first, last;
};

static struct post_span span_of_posts(const struct coverage *coverage, size_t platform) {
    const int32_t *posts = coverage->posts[platform];
    struct post_span span = {0, coverage->count - 1};
    while (!posts[span.first])
        span.first++;
    while (!posts[span.last])
        span.last--;
    return span;
}

/* ---- what inputs say ---- */

/* The bucket of a second, cut to those there are; of the end of an interval the one behind it. */
static size_t bucket_at(const struct coverage *coverage, int64_t second, bool end) {
    int64_t bucket =
        floor_div(second - coverage->start_s + (end ? TALLY_BUCKET_S - 1 : 0), TALLY_BUCKET_S);
    return bucket < 0 ? 0 : bucket > (int64_t)coverage->count ? coverage->count : (size_t)bucket;
}

/* Everything in the platform's span is covered but days that no file is of, where all files say of
 * which days they are. */
static bool cover_span(struct coverage *coverage, size_t platform,
                       const struct stated_times *stated) {
    bool dated = stated && !stated->undated[platform];
    uint8_t *named = dated ? calloc(coverage->count, 1) : NULL;
    struct post_span span = span_of_posts(coverage, platform);
    memset(coverage->covered[platform] + span.first, TALLY_MINUTES, span.last - span.first + 1);
    for (size_t i = 0; named && i < stated->day_count; i++) {
        const struct stated_days *days = &stated->days[i];
        size_t from = bucket_at(coverage, days->from_s, false);
        size_t to = bucket_at(coverage, days->to_s, true);
        if (days->platform == platform && to > from)
            memset(named + from, 1, to - from);
    }
    for (size_t i = span.first; named && i <= span.last; i++)
        if (!named[i] && !coverage->posts[platform][i]) {
            coverage->covered[platform][i] = 0;
            coverage->known_by[platform][i] = KNOWN_BY_NAMES;
        }
    bool ok = named || !dated;
    free(named);
    return ok;
}

/* Runs without posts of time that is covered, where the rhythm expects many. */
static bool find_outages(struct coverage *coverage, size_t platform) {
    const int32_t *posts = coverage->posts[platform];
    uint8_t *covered = coverage->covered[platform];
    struct post_span span = span_of_posts(coverage, platform);
    int32_t rhythm[24];
    if (!usual_rhythm(coverage, posts, span.first, span.last, rhythm))
        return false;
    for (size_t i = span.first; i <= span.last;) {
        size_t to = i;
        int64_t expected = 0; /* in the hours of all the buckets */
        for (; !posts[to] && covered[to]; to++) {
            int64_t second = coverage->start_s + (int64_t)to * TALLY_BUCKET_S;
            expected += rhythm[floor_div(second, SECONDS_PER_HOUR) % 24];
        }
        if (to > i && expected / BUCKETS_PER_HOUR >= OUTAGE_EXPECTED) {
            memset(covered + i, 0, to - i);
            memset(coverage->known_by[platform] + i, KNOWN_BY_SILENCE, to - i);
        }
        i = to + 1;
    }
    return true;
}

/* Where files are named by minute or hour, the minutes that have one are what there is; but not
 * where posts came from elsewhere too. */
static void take_files(struct coverage *coverage, const struct tally *tally) {
    size_t first[PLATFORM_COUNT], last[PLATFORM_COUNT] = {0};
    uint64_t start = (uint64_t)(coverage->start_s / TALLY_BUCKET_S);
    memset(first, 0xFF, sizeof first);
    for (size_t i = 0; i < tally->files.cap; i++) {
        size_t platform = tally->files.entries[i].key & 0xFF;
        uint64_t at = (tally->files.entries[i].key >> 8) - start;
        if (!tally->files.used[i] || platform >= PLATFORM_COUNT || at >= coverage->count)
            continue;
        if (first[platform] == SIZE_MAX)
            first[platform] = last[platform] = (size_t)at;
        first[platform] = at < first[platform] ? (size_t)at : first[platform];
        last[platform] = at > last[platform] ? (size_t)at : last[platform];
    }
    for (size_t platform = 0; platform < PLATFORM_COUNT; platform++)
        for (size_t i = first[platform]; coverage->posts[platform] && i != SIZE_MAX; i++) {
            if (i > last[platform])
                break;
            const uint64_t *file = counts_find(&tally->files, (start + i) << 8 | platform);
            uint64_t value = file ? *file : 0;
            if ((uint64_t)coverage->posts[platform][i] > value >> 8)
                continue;
            coverage->covered[platform][i] =
                (uint8_t)__builtin_popcountll(value & ((1U << TALLY_MINUTES) - 1));
            coverage->known_by[platform][i] = KNOWN_BY_FILES;
        }
}

/* Nothing was written between the last post and the moment of the export. */
static void take_export(struct coverage *coverage, size_t platform, int64_t until_s) {
    size_t to =
        until_s > coverage->start_s ? (size_t)((until_s - coverage->start_s) / TALLY_BUCKET_S) : 0;
    for (size_t i = span_of_posts(coverage, platform).last + 1; i < to && i < coverage->count;
         i++) {
        coverage->covered[platform][i] = TALLY_MINUTES;
        coverage->known_by[platform][i] = KNOWN_BY_EXPORT;
    }
}

enum status coverage_build(struct coverage *coverage, const struct tally *tally,
                           const struct stated_times *stated, struct fault *fault) {
    *coverage = (struct coverage){0};
    uint64_t first = UINT64_MAX, last = 0;
    for (size_t i = 0; i < tally->by_platform.cap; i++) {
        if (!tally->by_platform.used[i])
            continue;
        uint64_t bucket = tally->by_platform.entries[i].key >> 8;
        first = bucket < first ? bucket : first;
        last = bucket > last ? bucket : last;
    }
    if (first > last)
        return STATUS_OK; /* no posts */
    coverage->start_s = (int64_t)first * TALLY_BUCKET_S;
    coverage->count = (size_t)(last - first + 1);
    if (coverage->count > SERIES_MAX_BUCKETS)
        return fault_set(fault, STATUS_FATAL, EXIT_DATA,
                         "the posts span %zu days, too long for a series: give --since and --until",
                         coverage->count * TALLY_BUCKET_S / SECONDS_PER_DAY);
    bool ok = fill_posts(coverage, tally);
    for (size_t i = 0; ok && i < PLATFORM_COUNT; i++)
        if (coverage->posts[i])
            ok = cover_span(coverage, i, stated) && find_outages(coverage, i);
    if (ok)
        take_files(coverage, tally);
    for (size_t i = 0; ok && stated && i < PLATFORM_COUNT; i++)
        if (coverage->posts[i] && stated->exported_s[i] != TIME_NONE)
            take_export(coverage, i, stated->exported_s[i]);
    if (ok)
        return STATUS_OK;
    coverage_release(coverage);
    return fault_memory(fault);
}

uint16_t coverage_share(const struct coverage *coverage, enum platform platform, int64_t from_s,
                        int64_t to_s) {
    const uint8_t *covered = coverage->covered[platform];
    int64_t from = floor_div(from_s - coverage->start_s, TALLY_BUCKET_S);
    int64_t to = floor_div(to_s - 1 - coverage->start_s, TALLY_BUCKET_S);
    int64_t sum = 0;
    for (int64_t i = from; covered && i <= to; i++)
        sum += i >= 0 && i < (int64_t)coverage->count ? covered[i] : 0;
    return to < from ? 0 : (uint16_t)(sum * 1000 / ((to - from + 1) * TALLY_MINUTES));
}
