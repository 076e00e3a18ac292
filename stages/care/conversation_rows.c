/* The tables conversations and hours. */
#include "stages/care/care_parts.h"

#include <math.h>
#include <stdlib.h>

static int32_t crisis_at(const struct care *care, int64_t second) {
    for (size_t i = 0; i < care->input.crisis_count; i++)
        if (second >= care->input.crises[i].onset_s && second < care->input.crises[i].end_s)
            return (int32_t)i + 1;
    return -1;
}

/* The wait of the earliest first turn that has an answer: of each conversation [count], -1. */
static int64_t *first_waits(const struct care *care) {
    int64_t *waits = malloc((care->conversation_count + 1) * sizeof *waits);
    for (size_t i = 0; waits && i < care->conversation_count; i++)
        waits[i] = -1;
    for (size_t i = 0; waits && i < care->turn_count; i++) {
        const struct care_turn *turn = &care->turns[i];
        int64_t wait_s = care_wait(care, turn);
        if (turn->marks & TURN_FIRST && waits[turn->conversation] < 0 && wait_s >= 0)
            waits[turn->conversation] = wait_s;
    }
    return waits;
}

static bool add_conversation(const struct care *care, struct audit *audit,
                             const struct care_conversation *conversation, int64_t frt_s) {
    const struct care_post *first = &care->posts[conversation->first];
    const struct care_post *received = &care->posts[conversation->first_received];
    const struct care_post *last = &care->posts[conversation->last];
    struct conversation_row *row = care_row(care, audit, TABLE_CONVERSATIONS);
    char channel[32];
    bool wanted[CARE_CHANNELS] = {false};
    if (!row)
        return false;
    care_channel_name(received->channel, channel);
    ROW_SET(row, channel, span_of(channel));
    ROW_SET(row, conversation, mention_table_string(care->input.mentions, first->row, STRING_ID));
    ROW_SET(row, state, span_of(care_state_name((enum care_state)conversation->state)));
    row->started = first->at_s;
    row->ended = last->at_s;
    row->customers = (int32_t)conversation->customers;
    row->inbound = (int32_t)conversation->inbound;
    row->outbound = (int32_t)conversation->outbound;
    row->turns = (int32_t)conversation->turns;
    row->answered = (int32_t)conversation->answered;
    row->frt_s = frt_s;
    row->resolved_s = conversation->resolved_s;
    row->crisis = crisis_at(care, received->at_s);
    if (conversation->first_score != SCORE_MISSING) {
        row->sentiment_first = conversation->first_score / 1000.0;
        row->sentiment_last = conversation->last_score / 1000.0;
    }
    wanted[received->channel] = true;
    care_note_channels(care, wanted, first->at_s, last->at_s + 1, row->note, sizeof row->note);
    return true;
}

enum status care_conversations(const struct care *care, struct audit *audit, struct fault *fault) {
    int64_t *waits = first_waits(care);
    bool ok = waits != NULL;
    for (size_t i = 0; ok && i < care->conversation_count; i++) {
        const struct care_conversation *conversation = &care->conversations[i];
        if (conversation->first_received == CARE_NONE ||
            care->channels[care->posts[conversation->first_received].channel].basis != BASIS_FULL)
            continue;
        ok = add_conversation(care, audit, conversation, waits[i]);
    }
    free(waits);
    return ok ? STATUS_OK : fault_memory(fault);
}

/* ---- hours ---- */

/* Platforms on which somebody turned to the brand or the brand wrote. */
static void count_hours(const struct care *care, int32_t exist[HOURS_OF_WEEK]) {
    struct hour_span spans[PLATFORM_COUNT];
    size_t count = 0;
    bool used[PLATFORM_COUNT] = {false};
    for (size_t i = 0; i < CARE_CHANNELS; i++)
        used[i / 2] |= care->channels[i].own > 0;
    for (size_t i = 0; i < care->turn_count; i++)
        if (!(care->turns[i].marks & TURN_UNADDRESSED))
            used[care->turns[i].channel / 2] = true;
    for (size_t i = 0; i < PLATFORM_COUNT; i++) {
        const struct platform_span *span = &care->input.spans[i];
        if (used[i] && span->first_s <= span->last_s)
            spans[count++] =
                (struct hour_span){span->first_s, span->last_s, span->gaps, span->gap_count};
    }
    hours_that_exist(care->input.zone, spans, count, exist);
}

struct week {
    int32_t exist[HOURS_OF_WEEK], turns[HOURS_OF_WEEK], answered[HOURS_OF_WEEK];
    int32_t observed[HOURS_OF_WEEK], answered_1h[HOURS_OF_WEEK], outbound[HOURS_OF_WEEK];
};

static void count_week(const struct care *care, struct week *week) {
    const struct zone *zone = care->input.zone;
    for (size_t i = 0; i < care->turn_count; i++) {
        const struct care_turn *turn = &care->turns[i];
        if (!care_counts(care, turn))
            continue;
        int hour = hour_of_week(zone, turn->start_s);
        int64_t wait_s = care_wait(care, turn);
        bool answered = turn->answer != CARE_NONE;
        week->turns[hour]++;
        week->answered[hour] += answered;
        if ((answered && wait_s < 0) ||
            care_observed_until(care, turn->channel, turn->start_s) - turn->start_s <
                SECONDS_PER_HOUR)
            continue;
        week->observed[hour]++;
        week->answered_1h[hour] += answered && wait_s <= SECONDS_PER_HOUR;
    }
    for (size_t i = 0; i < care->input.count; i++)
        if (care_replies(&care->posts[i], care->input.mentions))
            week->outbound[hour_of_week(zone, care->posts[i].at_s)]++;
}

enum status care_hours(const struct care *care, struct audit *audit, struct fault *fault) {
    struct week week = {0};
    bool wanted[CARE_CHANNELS];
    care_best_channels(care, wanted);
    count_hours(care, week.exist);
    count_week(care, &week);
    for (int i = 0; i < HOURS_OF_WEEK; i++) {
        struct hour_row *row = care_row(care, audit, TABLE_HOURS);
        if (!row)
            return fault_memory(fault);
        row->weekday = i / 24 + 1;
        row->hour = i % 24;
        row->hours_exist = week.exist[i];
        if (care->basis != BASIS_NONE)
            row->outbound = week.outbound[i];
        else
            care_note(row->note, sizeof row->note,
                      care->input.account_count ? "no_brand_posts" : "no_accounts");
        care_note_channels(care, wanted, INT64_MIN, INT64_MAX, row->note, sizeof row->note);
        care_note_left_out(care, row->note, sizeof row->note);
        if (care->basis != BASIS_FULL)
            continue;
        row->turns = week.turns[i];
        row->answered = week.answered[i];
        row->observed_turns_1h = week.observed[i];
        row->answered_1h = week.answered_1h[i];
        row->rr_1h = care_share(care, week.answered_1h[i], week.observed[i]).share;
        if (week.exist[i])
            row->turns_per_hour = (double)week.turns[i] / week.exist[i];
        care_note_few(care, row->note, sizeof row->note, week.observed[i]);
    }
    return STATUS_OK;
}
