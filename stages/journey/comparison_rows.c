/* The table comparison: brands beside each other, measured with the same ruler. */
#include "stages/journey/journey.h"

#include <math.h>

/* What makes a brand "socially devoted" (Socialbakers 2012): two of three questions answered; and
 * from how many cases on it is said. */
enum { QUESTIONS_MIN = 50, REPLIES_MIN = 31 };
static const double DEVOTED_RATE = 0.65;

int64_t local_quarter(const struct zone *zone, int64_t second) {
    struct civil local = civil_from_seconds(second + zone_offset(zone, second));
    return local.year * 4 + (local.month - 1) / 3;
}

static void add_turn(struct comparison_part *part, const struct care_turn *turn) {
    bool question = turn->intents & INTENT_QUESTION, answered = turn->answer != CARE_NONE;
    part->turns++;
    part->replies += answered;
    part->questions += question;
    part->questions_answered += question && answered;
}

void comparison_add_turns(const struct care *care, int64_t first, size_t quarters,
                          struct comparison_part *parts) {
    for (size_t i = 0; i < care->turn_count; i++) {
        const struct care_turn *turn = &care->turns[i];
        if (!care_counts(care, turn))
            continue;
        int64_t quarter = local_quarter(care->input.zone, turn->start_s) - first;
        add_turn(&parts[quarters], turn);
        if (quarter >= 0 && quarter < (int64_t)quarters)
            add_turn(&parts[quarter], turn);
    }
}

static struct proportion share(const struct care_settings *settings, int64_t x, int64_t n) {
    return n > 0 && n >= settings->minimum_n ? proportion_wilson(x, n)
                                             : (struct proportion){NAN, NAN, NAN};
}

void comparison_fill(const struct care_settings *settings, const struct comparison_part *part,
                     int64_t all_mentions, size_t brands, bool quarter, bool full,
                     struct comparison_row *row) {
    int64_t opinions = part->positive + part->negative;
    struct proportion health = share(settings, part->positive, opinions);
    row->mentions = (int32_t)part->mentions;
    row->positive = (int32_t)part->positive;
    row->neutral = (int32_t)part->neutral;
    row->negative = (int32_t)part->negative;
    row->share_of_voice = brands > 1 ? share(settings, part->mentions, all_mentions).share : NAN;
    row->bhi = health.share;
    row->bhi_low = health.low;
    row->bhi_high = health.high;
    row->net_sentiment = row->question_rate = row->devoted_net = row->response_rate = NAN;
    if (!isnan(health.share))
        row->net_sentiment = (double)(part->positive - part->negative) / (double)opinions;
    row->questions = row->questions_answered = row->replies = -1;
    if (!full)
        return;
    row->questions = (int32_t)part->questions;
    row->questions_answered = (int32_t)part->questions_answered;
    row->replies = (int32_t)part->replies;
    if (part->replies >= REPLIES_MIN)
        row->response_rate = (double)part->replies / (double)part->turns;
    if (part->questions < QUESTIONS_MIN)
        return;
    row->question_rate = (double)part->questions_answered / (double)part->questions;
    row->devoted_net = (double)(2 * part->questions_answered - part->questions);
    if (quarter)
        ROW_SET(row, socially_devoted, span_of(row->question_rate >= DEVOTED_RATE ? "yes" : "no"));
}
