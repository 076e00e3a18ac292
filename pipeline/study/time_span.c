/* The time span of the dump: from its first to its last post, without the few that a wrong clock
 * put far away. */
#include "pipeline/study/study.h"

#include <stdlib.h>

enum {
    OUTLIER_SHARE = 5000, /* posts beyond a long gap are outliers when fewer than 1 in so many */
    OUTLIER_GAP_S = 60 * SECONDS_PER_DAY,
    /* and beyond a gap of years, which a clock makes rather than a silence: fewer than 1 in so
     * many, or one alone of ten or more */
    FAR_SHARE = 50,
    FAR_ALONE = 10,
    FAR_GAP_DAYS = 5 * 365,
};

struct bucket_count {
    uint64_t bucket, posts;
};

static int compare_buckets(const void *a, const void *b) {
    uint64_t x = ((const struct bucket_count *)a)->bucket;
    uint64_t y = ((const struct bucket_count *)b)->bucket;
    return (x > y) - (x < y);
}

/* How many buckets at one end are few and far from the rest. */
static size_t skip_outliers(const struct bucket_count *buckets, size_t count, bool from_end,
                            uint64_t total, uint64_t *left_out) {
    uint64_t seen = 0, lost = 0;
    size_t cut = 0;
    for (size_t i = 0; i + 1 < count; i++) {
        size_t at = from_end ? count - 1 - i : i, next = from_end ? at - 1 : at + 1;
        uint64_t gap = from_end ? buckets[at].bucket - buckets[next].bucket
                                : buckets[next].bucket - buckets[at].bucket;
        seen += buckets[at].posts;
        bool few = seen * OUTLIER_SHARE <= total;
        bool far = gap * TALLY_BUCKET_S > (uint64_t)FAR_GAP_DAYS * SECONDS_PER_DAY;
        if (seen * FAR_SHARE > total && seen > 1)
            break;
        if (gap * TALLY_BUCKET_S > OUTLIER_GAP_S &&
            (few || (far && (seen * FAR_SHARE <= total || total >= FAR_ALONE)))) {
            cut = i + 1;
            lost = seen;
        }
    }
    *left_out += lost;
    return cut;
}

bool study_in_span(const struct study *study, size_t row) {
    int64_t second = floor_div(study->mentions.created_at_us[row], US_PER_S);
    return second >= study->from_s && second <= study->to_s;
}

/* Drops what was counted outside the time span, so that a clock that went wrong once does not
 * stretch the series over decades. */
static bool clip_tally(struct study *study) {
    struct counts *all = &study->tally.by_platform, kept = {0};
    for (size_t i = 0; i < all->cap; i++) {
        if (!all->used[i])
            continue;
        int64_t second = (int64_t)(all->entries[i].key >> 8) * TALLY_BUCKET_S;
        if (second + TALLY_BUCKET_S <= study->from_s || second > study->to_s)
            continue;
        uint64_t *posts = counts_at(&kept, all->entries[i].key);
        if (!posts) {
            counts_release(&kept);
            return false;
        }
        *posts = all->entries[i].value;
    }
    counts_release(all);
    *all = kept;
    return true;
}

/* Mentions outside the span are in no series, so they count nowhere: outliers, and old posts that
 * are only known because a post of the dump quotes them. */
static void leave_out_mentions(struct study *study) {
    for (size_t row = 0; row < study->mentions.count; row++) {
        study->left_out_mentions += study->mentions.counted[row] && !study_in_span(study, row);
        study->mentions.counted[row] = study->mentions.counted[row] && study_in_span(study, row);
    }
}

enum status study_time_span(struct study *study, struct fault *fault) {
    const struct counts *posts = &study->tally.by_platform;
    size_t count = 0;
    uint64_t total = 0;
    struct bucket_count *buckets = malloc((posts->count + 1) * sizeof *buckets);
    if (!buckets)
        return fault_memory(fault);
    for (size_t i = 0; i < posts->cap; i++) {
        if (!posts->used[i])
            continue;
        buckets[count++] =
            (struct bucket_count){posts->entries[i].key >> 8, posts->entries[i].value};
        total += posts->entries[i].value;
    }
    qsort(buckets, count, sizeof *buckets, compare_buckets);
    /* without any post the grids have no time, and the tables say what was wrong with the inputs */
    study->to_s = -1;
    if (!count) {
        free(buckets);
        leave_out_mentions(study);
        return STATUS_OK;
    }
    size_t first = skip_outliers(buckets, count, false, total, &study->left_out_posts);
    size_t last = count - 1 - skip_outliers(buckets, count, true, total, &study->left_out_posts);
    study->from_s = floor_div(study->tally.first_us, US_PER_S);
    study->to_s = floor_div(study->tally.last_us, US_PER_S);
    if (first > 0)
        study->from_s = (int64_t)buckets[first].bucket * TALLY_BUCKET_S;
    if (last + 1 < count)
        study->to_s = (int64_t)(buckets[last].bucket + 1) * TALLY_BUCKET_S - 1;
    free(buckets);
    leave_out_mentions(study);
    if (study->left_out_posts && !clip_tally(study))
        return fault_memory(fault);
    return coverage_build(&study->coverage, &study->tally, &study->stated, fault);
}
