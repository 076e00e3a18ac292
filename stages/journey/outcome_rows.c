/* The table outcomes: what people did after their question was answered, or was not. Landmark
 * design (J. R. Anderson, K. C. Cain, R. D. Gelber 1983): who was answered is decided 24 hours
 * after the question, and only what follows counts, else the time until an answer would favour the
 * answered. */
#include "stages/journey/journey.h"

#include <math.h>
#include <stdlib.h>

enum { LANDMARK_S = SECONDS_PER_DAY, WINDOW_S = 30 * SECONDS_PER_DAY };
enum outcome_kind {
    OUTCOME_ACT,
    OUTCOME_ADVOCATE,
    OUTCOME_ACT_OR_ADVOCATE,
    OUTCOME_DETRACTOR,
    OUTCOME_COMPLAINT,
    OUTCOME_KINDS
};
static const char *const outcome_names[OUTCOME_KINDS] = {"act", "advocate", "act_or_advocate",
                                                         "detractor", "complaint_again"};

static bool shows(const struct care *care, const struct care_post *post, enum outcome_kind kind) {
    enum path_state state = care_path_state(care, post);
    switch (kind) {
    case OUTCOME_ACT:
        return state == PATH_ACT;
    case OUTCOME_ADVOCATE:
        return state == PATH_ADVOCATE;
    case OUTCOME_ACT_OR_ADVOCATE:
        return state == PATH_ACT || state == PATH_ADVOCATE;
    case OUTCOME_DETRACTOR:
        return state == PATH_DETRACTOR;
    default:
        return (care->input.mentions->intents[post->row] & INTENT_COMPLAINT) &&
               post->class != CLASS_REPOST;
    }
}

struct outcome_sum {
    int32_t n[2], yes[2], early; /* not answered, answered */
};

static void add_person(const struct journey *journey, size_t person, const struct care_turn *turn,
                       enum outcome_kind kind, struct outcome_sum *sum) {
    const struct care *care = journey->input.care;
    int64_t landmark_s = turn->start_s + LANDMARK_S, window_s = turn->start_s + WINDOW_S;
    int64_t wait_s = care_wait(care, turn);
    uint32_t place = (uint32_t)(turn - care->turns);
    bool answered = wait_s >= 0 && wait_s <= LANDMARK_S, yes = false;
    if (care_observed_until(care, turn->channel, turn->start_s) < window_s ||
        (turn->answer != CARE_NONE && wait_s < 0))
        return;
    for (size_t i = journey->first[person]; i < journey->first[person + 1]; i++) {
        const struct care_post *post = &care->posts[journey->order[i]];
        if (post->at_s <= turn->start_s || post->at_s > window_s || !shows(care, post, kind))
            continue;
        if (post->at_s > landmark_s) {
            yes = true;
        } else if (post->turn != place) {
            sum->early++;
            return;
        }
    }
    sum->n[answered]++;
    sum->yes[answered] += yes;
}

/* The first turn of each person that asks, or complains; CARE_NONE. */
static uint32_t *first_turns(const struct journey *journey, bool complains) {
    const struct care *care = journey->input.care;
    uint32_t *first = malloc((care->author_count + 1) * sizeof *first);
    if (first)
        memset(first, 0xFF, (care->author_count + 1) * sizeof *first);
    for (uint32_t i = 0; first && i < care->turn_count; i++) {
        const struct care_turn *turn = &care->turns[i];
        bool asks = complains ? (turn->intents & INTENT_COMPLAINT) != 0
                              : (turn->intents & INTENT_QUESTION) || turn->marks & TURN_ASKS;
        uint32_t *of = &first[journey->person[turn->author]];
        if (asks && care_counts(care, turn) && *of == CARE_NONE)
            *of = i;
    }
    return first;
}

static void fill_row(const struct care *care, const struct outcome_sum *sum,
                     struct outcome_row *row) {
    row->answered_n = sum->n[1];
    row->answered_yes = sum->yes[1];
    row->answered_rate = care_share(care, sum->yes[1], sum->n[1]).share;
    row->unanswered_n = sum->n[0];
    row->unanswered_yes = sum->yes[0];
    row->unanswered_rate = care_share(care, sum->yes[0], sum->n[0]).share;
    row->early = sum->early;
    if (care_enough(care, sum->n[0]) && care_enough(care, sum->n[1])) {
        struct proportion difference =
            proportion_difference(sum->yes[1], sum->n[1], sum->yes[0], sum->n[0]);
        row->difference = difference.share;
        row->difference_low = difference.low;
        row->difference_high = difference.high;
    }
    care_note_few(care, row->note, sizeof row->note, sum->n[0] < sum->n[1] ? sum->n[0] : sum->n[1]);
}

static const char *why_missing(const struct care *care) {
    return care->basis == BASIS_REPLIES     ? "parents_missing"
           : care->input.account_count == 0 ? "no_accounts"
                                            : "no_brand_posts";
}

enum status journey_outcomes(const struct journey *journey, struct audit *audit,
                             struct fault *fault) {
    const struct care *care = journey->input.care;
    uint32_t *asked = first_turns(journey, false), *complained = first_turns(journey, true);
    bool ok = asked && complained;
    for (int kind = 0; ok && kind < OUTCOME_KINDS; kind++) {
        const uint32_t *first = kind == OUTCOME_COMPLAINT ? complained : asked;
        struct outcome_sum sum = {0};
        struct outcome_row *row = care_row(care, audit, TABLE_OUTCOMES);
        ok = row != NULL;
        if (!ok)
            break;
        ROW_SET(row, outcome, span_of(outcome_names[kind]));
        for (size_t person = 1; person < care->author_count; person++)
            if (first[person] != CARE_NONE)
                add_person(journey, person, &care->turns[first[person]], (enum outcome_kind)kind,
                           &sum);
        if (care->basis == BASIS_FULL)
            fill_row(care, &sum, row);
        else
            care_note(row->note, sizeof row->note, why_missing(care));
    }
    free(asked);
    free(complained);
    return ok ? STATUS_OK : fault_memory(fault);
}
