/* The table touchpoints: where people stand when they post, and how they are met there. */
#include "stages/journey/journey.h"

#include <math.h>
#include <stdlib.h>

struct cell {
    int32_t posts, authors, scored, negative, questions, complaints, turns, answered;
    int32_t topics[TOPIC_COUNT];
    size_t first_wait, waits; /* of its turns, in all waits */
};
typedef struct cell cells[CARE_CHANNELS][PATH_COUNT];

/* A bit for each state, in public and in private: an author is on one platform. */
static bool count_posts(const struct care *care, cells sums) {
    const struct mention_table *m = care->input.mentions;
    uint16_t *seen = calloc(care->author_count + 1, sizeof *seen);
    for (size_t i = 0; seen && i < care->input.count; i++) {
        const struct care_post *post = &care->posts[i];
        if (!care_on_path(post))
            continue;
        enum path_state state = care_path_state(care, post);
        struct cell *cell = &sums[post->channel][state];
        int bit = (int)state + post->channel % 2 * PATH_COUNT;
        cell->posts++;
        if (post->author) {
            cell->authors += !(seen[post->author] >> bit & 1);
            seen[post->author] |= (uint16_t)(1 << bit);
        }
        cell->scored += m->label[post->row] != LABEL_NONE;
        cell->negative += m->label[post->row] == LABEL_NEGATIVE;
        cell->questions += (m->intents[post->row] & INTENT_QUESTION) != 0;
        cell->complaints += (m->intents[post->row] & INTENT_COMPLAINT) != 0;
        if (m->topic[post->row] < TOPIC_COUNT)
            cell->topics[m->topic[post->row]]++;
    }
    free(seen);
    return seen != NULL;
}

/* Counts turns, then puts their waits in order of cell. */
static struct waiting *count_turns(const struct care *care, cells sums) {
    struct waiting *waits = malloc((care->turn_count + 1) * sizeof *waits);
    size_t before = 0;
    for (size_t i = 0; i < care->turn_count; i++) {
        const struct care_turn *turn = &care->turns[i];
        if (!care_counts(care, turn))
            continue;
        struct cell *cell = &sums[turn->channel][turn->state];
        cell->turns++;
        cell->answered += turn->answer != CARE_NONE;
    }
    for (size_t c = 0; c < CARE_CHANNELS; c++)
        for (size_t state = 0; state < PATH_COUNT; state++) {
            sums[c][state].first_wait = before;
            before += (size_t)sums[c][state].turns;
        }
    for (size_t i = 0; waits && i < care->turn_count; i++) {
        const struct care_turn *turn = &care->turns[i];
        int64_t wait_s = care_wait(care, turn);
        if (!care_counts(care, turn) || (turn->answer != CARE_NONE && wait_s < 0))
            continue;
        struct cell *cell = &sums[turn->channel][turn->state];
        bool event = care_seen(care, turn);
        int64_t watched_s = care_observed_until(care, turn->channel, turn->start_s) - turn->start_s;
        waits[cell->first_wait + cell->waits++] = waiting_make(event ? wait_s : watched_s, event);
    }
    return waits;
}

static bool add_cell(const struct care *care, struct audit *audit, size_t channel, size_t state,
                     const struct cell *cell, struct waiting *waits) {
    struct touchpoint_row *row = care_row(care, audit, TABLE_TOUCHPOINTS);
    struct survival curve;
    char name[32];
    if (!row)
        return false;
    care_channel_name(channel, name);
    ROW_SET(row, channel, span_of(name));
    ROW_SET(row, stage, span_of(path_state_name((enum path_state)state)));
    row->posts = cell->posts;
    row->authors = cell->authors;
    row->scored = cell->scored;
    row->negative = cell->negative;
    row->negative_share = care_share(care, cell->negative, cell->scored).share;
    row->questions = cell->questions;
    row->complaints = cell->complaints;
    topics_text(cell->topics, CELL_TOPICS, CELL_TOPIC_POSTS, row->topics, sizeof row->topics);
    if (care->channels[channel].basis != BASIS_FULL) {
        care_note(row->note, sizeof row->note,
                  care->channels[channel].basis == BASIS_REPLIES ? "parents_missing"
                  : care->input.account_count == 0               ? "no_accounts"
                                                                 : "no_brand_posts");
        return true;
    }
    row->turns = cell->turns;
    row->answered = cell->answered;
    row->answered_share = care_share(care, cell->answered, cell->turns).share;
    care_note_few(care, row->note, sizeof row->note, cell->scored);
    if (!care_enough(care, cell->turns))
        return true;
    if (!survival_fit(&curve, waits + cell->first_wait, cell->waits))
        return false;
    row->rt_median_s = survival_quantile(&curve, 0.5).value;
    survival_release(&curve);
    return true;
}

enum status journey_touchpoints(const struct journey *journey, struct audit *audit,
                                struct fault *fault) {
    const struct care *care = journey->input.care;
    cells sums = {{{0}}};
    bool ok = count_posts(care, sums);
    struct waiting *waits = ok ? count_turns(care, sums) : NULL;
    ok = waits != NULL;
    for (size_t c = 0; ok && c < CARE_CHANNELS; c++)
        for (size_t state = 0; ok && state < PATH_COUNT; state++)
            if (sums[c][state].posts)
                ok = add_cell(care, audit, c, state, &sums[c][state], waits);
    free(waits);
    return ok ? STATUS_OK : fault_memory(fault);
}
