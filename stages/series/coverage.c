#include "stages/series/series.h"

#include <stdlib.h>

enum { BUCKETS_PER_HOUR = SECONDS_PER_HOUR / TALLY_BUCKET_S, OUTAGE_EXPECTED = 25 };

void coverage_release(struct coverage *coverage) {
    for (int i = 0; i < PLATFORM_COUNT; i++) {
        free(coverage->covered[i]);
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
            if (!coverage->posts[platform] || !coverage->covered[platform])
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

/* Everything in the platform's span is covered but runs without posts, where the rhythm expects
 * many. */
static bool find_outages(struct coverage *coverage, size_t platform) {
    const int32_t *posts = coverage->posts[platform];
    uint8_t *covered = coverage->covered[platform];
    size_t first = 0, last = coverage->count - 1;
    int32_t rhythm[24];
    while (!posts[first])
        first++;
    while (!posts[last])
        last--;
    if (!usual_rhythm(coverage, posts, first, last, rhythm))
        return false;
    memset(covered + first, 1, last - first + 1);
    for (size_t i = first; i <= last;) {
        size_t to = i;
        int64_t expected = 0; /* in the hours of all the buckets */
        for (; !posts[to]; to++) {
            int64_t second = coverage->start_s + (int64_t)to * TALLY_BUCKET_S;
            expected += rhythm[floor_div(second, SECONDS_PER_HOUR) % 24];
        }
        if (to > i && expected / BUCKETS_PER_HOUR >= OUTAGE_EXPECTED)
            memset(covered + i, 0, to - i);
        i = to + 1;
    }
    return true;
}

enum status coverage_build(struct coverage *coverage, const struct tally *tally,
                           struct fault *fault) {
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
            ok = find_outages(coverage, i);
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
        sum += i >= 0 && i < (int64_t)coverage->count && covered[i];
    return to < from ? 0 : (uint16_t)(sum * 1000 / (to - from + 1));
}
