/* The table transitions: which state follows which. */
#include "stages/journey/journey.h"

#include <math.h>
#include <stdlib.h>

/* From PATH_NONE, start, to a state or, at PATH_NONE, silence. */
enum { PAIRS = PATH_COUNT * PATH_COUNT };

struct step {
    uint8_t pair;
    int64_t took_s; /* -1: of start and silence */
};

struct steps {
    struct step *at; /* [count] */
    size_t count, cap;
    int64_t persons[PAIRS];
};

static bool add_step(struct steps *steps, enum path_state from, enum path_state to, int64_t took_s,
                     uint64_t *seen) {
    if (steps->count == steps->cap) {
        size_t cap = steps->cap + steps->cap / 2 + 64;
        struct step *at = realloc(steps->at, cap * sizeof *at);
        if (!at)
            return false;
        steps->at = at;
        steps->cap = cap;
    }
    int pair = (int)from * PATH_COUNT + (int)to;
    steps->at[steps->count++] = (struct step){(uint8_t)pair, took_s};
    steps->persons[pair] += !(*seen >> pair & 1);
    *seen |= UINT64_C(1) << pair;
    return true;
}

/* One person's path. */
static bool walk(const struct journey *journey, size_t person, struct steps *steps) {
    const struct care *care = journey->input.care;
    enum path_state before = PATH_NONE;
    int64_t began_s = 0;
    uint64_t seen = 0;
    bool ok = true;
    _Static_assert(PAIRS <= 64, "a bit each");
    size_t first = journey->first[person], end = journey->first[person + 1];
    for (size_t i = first; ok && i < end; i++) {
        const struct care_post *post = &care->posts[journey->order[i]];
        enum path_state state = care_path_state(care, post);
        if (state == PATH_NONE || state == before)
            continue;
        ok = add_step(steps, before, state, before ? post->at_s - began_s : -1, &seen);
        before = state;
        began_s = post->at_s;
    }
    if (!ok || !before)
        return ok;
    const struct care_post *last = &care->posts[journey->order[end - 1]];
    int64_t end_s = care->input.spans[last->channel / 2].last_s;
    if (end_s - last->at_s >= care->input.settings->silence_s)
        ok = add_step(steps, before, PATH_NONE, -1, &seen);
    return ok;
}

/* The times of each pair's steps, in order of pair: of pair p at[end[p - 1]] .. at[end[p] - 1]. */
static int64_t *sort_times(const struct steps *steps, size_t end[PAIRS + 1]) {
    int64_t *at = malloc((steps->count + 1) * sizeof *at);
    memset(end, 0, (PAIRS + 1) * sizeof *end);
    for (size_t i = 0; i < steps->count; i++)
        end[steps->at[i].pair + 1]++;
    for (size_t pair = 0; pair < PAIRS; pair++)
        end[pair + 1] += end[pair];
    for (size_t i = 0; at && i < steps->count; i++)
        at[end[steps->at[i].pair]++] = steps->at[i].took_s;
    return at;
}

/* `times` [count] of the pair's steps. */
static bool add_pair(const struct care *care, struct audit *audit, const struct steps *steps,
                     int pair, int64_t *times, size_t count, int64_t leaving) {
    enum path_state from = (enum path_state)(pair / PATH_COUNT);
    enum path_state to = (enum path_state)(pair % PATH_COUNT);
    struct transition_row *row = care_row(care, audit, TABLE_TRANSITIONS);
    if (!row)
        return false;
    ROW_SET(row, from_stage, span_of(from ? path_state_name(from) : "start"));
    ROW_SET(row, to_stage, span_of(to ? path_state_name(to) : "silence"));
    struct proportion share = care_share(care, (int64_t)count, leaving);
    row->transitions = (int32_t)count;
    row->authors = (int32_t)steps->persons[pair];
    row->share = share.share;
    row->share_low = share.low;
    row->share_high = share.high;
    if (from && to && care_enough(care, row->transitions))
        row->median_s = plain_median(times, count);
    care_note_few(care, row->note, sizeof row->note, leaving);
    return true;
}

enum status journey_transitions(const struct journey *journey, struct audit *audit,
                                struct fault *fault) {
    const struct care *care = journey->input.care;
    struct steps steps = {0};
    int64_t leaving[PATH_COUNT] = {0};
    bool ok = true;
    for (size_t person = 1; ok && person < care->author_count; person++)
        ok = walk(journey, person, &steps);
    size_t end[PAIRS + 1];
    int64_t *times = ok ? sort_times(&steps, end) : NULL;
    ok = times != NULL;
    for (int pair = 0; ok && pair < PAIRS; pair++)
        leaving[pair / PATH_COUNT] += (int64_t)(end[pair] - (pair ? end[pair - 1] : 0));
    for (int pair = 0; ok && pair < PAIRS; pair++) {
        size_t first = pair ? end[pair - 1] : 0;
        if (end[pair] > first)
            ok = add_pair(care, audit, &steps, pair, times + first, end[pair] - first,
                          leaving[pair / PATH_COUNT]);
    }
    free(times);
    free(steps.at);
    return ok ? STATUS_OK : fault_memory(fault);
}
