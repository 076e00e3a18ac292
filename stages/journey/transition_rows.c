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

static int compare_steps(const void *a, const void *b) {
    const struct step *x = a, *y = b;
    if (x->pair != y->pair)
        return x->pair < y->pair ? -1 : 1;
    return (x->took_s > y->took_s) - (x->took_s < y->took_s);
}

/* Steps [first, end) are of one pair, by time. */
static double median_of(const struct steps *steps, size_t first, size_t end) {
    size_t count = end - first;
    const struct step *at = steps->at + first;
    if (count % 2)
        return (double)at[count / 2].took_s;
    return ((double)at[count / 2 - 1].took_s + (double)at[count / 2].took_s) / 2;
}

static bool add_pair(const struct care *care, struct audit *audit, const struct steps *steps,
                     size_t first, size_t end, int64_t leaving) {
    int pair = steps->at[first].pair;
    enum path_state from = (enum path_state)(pair / PATH_COUNT);
    enum path_state to = (enum path_state)(pair % PATH_COUNT);
    struct transition_row *row = care_row(care, audit, TABLE_TRANSITIONS);
    if (!row)
        return false;
    ROW_SET(row, from_stage, span_of(from ? path_state_name(from) : "start"));
    ROW_SET(row, to_stage, span_of(to ? path_state_name(to) : "silence"));
    struct proportion share = care_share(care, (int64_t)(end - first), leaving);
    row->transitions = (int32_t)(end - first);
    row->authors = (int32_t)steps->persons[pair];
    row->share = share.share;
    row->share_low = share.low;
    row->share_high = share.high;
    if (from && to && care_enough(care, row->transitions))
        row->median_s = median_of(steps, first, end);
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
    if (ok && steps.count)
        qsort(steps.at, steps.count, sizeof *steps.at, compare_steps);
    for (size_t i = 0; ok && i < steps.count; i++)
        leaving[steps.at[i].pair / PATH_COUNT]++;
    for (size_t first = 0, end; ok && first < steps.count; first = end) {
        for (end = first; end < steps.count && steps.at[end].pair == steps.at[first].pair;)
            end++;
        ok = add_pair(care, audit, &steps, first, end, leaving[steps.at[first].pair / PATH_COUNT]);
    }
    free(steps.at);
    return ok ? STATUS_OK : fault_memory(fault);
}
