/* What the archive contains of each source, hour by hour: what its inputs say of their times, and
 * the table coverage. */
#include "pipeline/study/study.h"
#include "stages/model/dated_name.h"

#include <math.h>
#include <stdlib.h>

/* ---- what inputs say ---- */

static bool was_damaged(const struct scanned_input *input) {
    bool damaged = !input->first.whole;
    for (size_t i = 0; i < input->first.count; i++)
        damaged |= input->first.at[i].head.damaged != 0;
    return damaged;
}

/* The days that the name of the input states, when no post contradicts it. A damaged file holds
 * them up to its last post only. */
static bool stated_days_of(const struct scanned_input *input, const struct tally *tally,
                           struct stated_days *days) {
    const char *label = scanned_input_head(input)->label;
    struct dated_name name = dated_name_read(span_of(label));
    if (!dated_name_days(&name, &days->from_s, &days->to_s) || tally->first_us == TIME_NONE ||
        tally->first_us < days->from_s * US_PER_S || tally->last_us >= days->to_s * US_PER_S)
        return false;
    if (was_damaged(input))
        days->to_s = floor_div(tally->last_us, US_PER_S) + 1;
    return true;
}

static bool add_days(struct stated_times *stated, const struct stated_days *days) {
    struct stated_days *grown =
        realloc(stated->days, (stated->day_count + 1) * sizeof *stated->days);
    if (!grown)
        return false;
    stated->days = grown;
    grown[stated->day_count++] = *days;
    return true;
}

bool study_take_stated(struct study *study, const struct scanned_input *input,
                       const struct tally *tally) {
    struct stated_times *stated = &study->stated;
    bool there[PLATFORM_COUNT] = {false}, ok = true;
    struct stated_days days;
    bool dated = stated_days_of(input, tally, &days);
    for (size_t i = 0; i < tally->by_platform.cap; i++)
        if (tally->by_platform.used[i] &&
            (tally->by_platform.entries[i].key & 0xFF) < PLATFORM_COUNT)
            there[tally->by_platform.entries[i].key & 0xFF] = true;
    for (int i = 0; ok && i < PLATFORM_COUNT; i++) {
        if (!there[i])
            continue;
        const uint64_t *said = counts_find(&tally->exported, (uint64_t)i);
        int64_t until_s = said && !was_damaged(input) ? (int64_t)*said : 0;
        if (stated->exported_s[i] == TIME_NONE || until_s < stated->exported_s[i])
            stated->exported_s[i] = until_s;
        stated->undated[i] |= !dated;
        days.platform = (uint8_t)i;
        ok = !dated || add_days(stated, &days);
    }
    return ok;
}

/* ---- the table ---- */

/* An hour, or hours that are alike. */
struct stretch {
    int64_t from_s, to_s, posts;
    int32_t minutes, there;
    enum known_by known_by;
};

static const char *state_of(const struct stretch *stretch) {
    return !stretch->there ? "missing" : stretch->there < stretch->minutes ? "partly" : "whole";
}

static bool add_row(struct study *study, size_t platform, const struct stretch *stretch) {
    static const char *const words[KNOWN_BY_COUNT] = {"posts", "silence", "names", "files",
                                                      "export"};
    struct coverage_row *row = table_add(&study->audit, TABLE_COVERAGE);
    double sampling = platform == PLATFORM_TWITTER ? tally_sampling(&study->tally) : 0;
    if (!row)
        return false;
    ROW_SET(row, source, span_of(platform_name((enum platform)platform)));
    ROW_SET(row, state, span_of(state_of(stretch)));
    ROW_SET(row, known_by, span_of(words[stretch->known_by]));
    row->started = stretch->from_s;
    row->ended = stretch->to_s;
    row->minutes = stretch->minutes;
    row->minutes_there = stretch->there;
    row->posts = stretch->posts;
    row->sampling = sampling > 0 ? sampling : (double)NAN;
    return true;
}

/* Of hours that are whole or missing one row says all; of others each has its own number. */
static bool is_alike(const struct stretch *a, const struct stretch *b) {
    return a->known_by == b->known_by && a->to_s == b->from_s && state_of(a) == state_of(b) &&
           (a->there == 0 || a->there == a->minutes);
}

/* The hour from bucket `*at` on, which is moved behind it; up to `end`. */
static struct stretch take_hour(const struct coverage *coverage, size_t platform, size_t *at,
                                size_t end) {
    int64_t from_s = coverage->start_s + (int64_t)*at * TALLY_BUCKET_S;
    int64_t hour = floor_div(from_s, SECONDS_PER_HOUR);
    struct stretch out = {.from_s = from_s, .to_s = from_s, .known_by = KNOWN_BY_POSTS};
    while (*at < end && floor_div(out.to_s, SECONDS_PER_HOUR) == hour) {
        out.minutes += TALLY_MINUTES;
        out.there += coverage->covered[platform][*at];
        out.posts += coverage->posts[platform][*at];
        if (coverage->known_by[platform][*at] > out.known_by)
            out.known_by = coverage->known_by[platform][*at];
        out.to_s += TALLY_BUCKET_S;
        ++*at;
    }
    return out;
}

static bool add_source(struct study *study, size_t platform) {
    const struct coverage *coverage = &study->coverage;
    const uint8_t *covered = coverage->covered[platform];
    size_t at = 0, end = coverage->count;
    struct stretch stretch = {0};
    while (at < end && !covered[at] && !coverage->posts[platform][at])
        at++;
    while (end > at && !covered[end - 1] && !coverage->posts[platform][end - 1])
        end--;
    bool ok = true, begun = false;
    while (ok && at < end) {
        struct stretch hour = take_hour(coverage, platform, &at, end);
        if (begun && is_alike(&stretch, &hour)) {
            stretch.to_s = hour.to_s;
            stretch.minutes += hour.minutes;
            stretch.there += hour.there;
            stretch.posts += hour.posts;
            continue;
        }
        ok = !begun || add_row(study, platform, &stretch);
        stretch = hour;
        begun = true;
    }
    return ok && (!begun || add_row(study, platform, &stretch));
}

enum status study_coverage_table(struct study *study, struct fault *fault) {
    bool ok = true;
    for (size_t i = 0; ok && i < PLATFORM_COUNT; i++)
        ok = !study->coverage.posts[i] || add_source(study, i);
    return ok ? STATUS_OK : fault_memory(fault);
}
