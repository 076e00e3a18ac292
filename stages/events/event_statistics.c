/* The figures of an event that the tables show beside the facts that classify it. */
#include "stages/events/period_counts.h"

#include <math.h>
#include <stdlib.h>

enum {
    STEP_S = 300, /* how finely the hourly rate is followed */
    CALM_S = 6 * SECONDS_PER_HOUR,
};

static double share(int64_t part, int64_t whole) {
    return whole ? (double)part / (double)whole : 0;
}

static double mean_score(const struct period_counts *counts) {
    return counts->scored ? (double)counts->score_sum / (1000.0 * (double)counts->scored) : NAN;
}

/* Mentions in the hour around `middle_s`. */
static int64_t hourly_rate(const struct brand_events *b, int64_t middle_s) {
    int64_t from = middle_s - SECONDS_PER_HOUR / 2;
    struct row_range range = brand_rows(b, from, from + SECONDS_PER_HOUR);
    return (int64_t)(range.last - range.first);
}

/* How it grew, when half of its excess was gone, and when all was as usual. */
static void fill_course(const struct brand_events *b, const struct event *event,
                        struct event_statistics *out) {
    double usual = event->facts.usual_per_day / 24;
    int64_t top = hourly_rate(b, event->peak_s);
    out->doubling_s = out->half_life_s = out->recovered_at_s = -1;
    if (!event->by_share)
        out->doubling_s =
            doubling_time_s(&(struct count_series){.start_s = b->input.series->start_s,
                                                   .interval_s = b->input.series->interval_s,
                                                   .count = b->input.series->count,
                                                   .value = b->input.series->mentions},
                            b->volume.baseline, event->onset_s, event->peak_s);
    for (int64_t at = event->peak_s; !event->by_share && at < event->end_s + SECONDS_PER_DAY;
         at += STEP_S) {
        if ((double)hourly_rate(b, at) - usual <= ((double)top - usual) / 2) {
            out->half_life_s = at - event->peak_s;
            break;
        }
    }
    /* what is usual, give or take a half */
    for (int64_t at = event->end_s; at + CALM_S <= b->input.to_s; at += SECONDS_PER_HOUR) {
        struct row_range range = brand_rows(b, at, at + CALM_S);
        if ((double)(range.last - range.first) <= 1.5 * expected_mentions(b, at, at + CALM_S) + 3) {
            out->recovered_at_s = at;
            break;
        }
    }
}

enum { AUTHOR_HERE = 1, AUTHOR_BEFORE = 2, AUTHOR_CRITIC = 4, AUTHOR_FRIENDLY_LATER = 8 };

/* What the rows of the range tell of the authors of the event. */
static void mark_authors(const struct brand_events *b, const struct event *event,
                         struct row_range range, int when, uint8_t *bits) {
    const struct mention_table *m = b->input.mentions;
    for (size_t i = range.first; i < range.last; i++) {
        size_t row = b->input.rows.at[i];
        if (when == AUTHOR_HERE && !event_has(b, event, i))
            continue;
        bool critic = m->label[row] == LABEL_NEGATIVE;
        uint8_t *author = &bits[m->author[row]];
        if (when == AUTHOR_HERE)
            *author |= critic ? AUTHOR_HERE | AUTHOR_CRITIC : AUTHOR_HERE;
        else if (when == AUTHOR_BEFORE || !critic)
            *author |= (uint8_t)when;
    }
}

/* Authors of the event that the brand never had before, and critics who never said a neutral or
 * positive word about it afterwards. */
static bool fill_authors(const struct brand_events *b, const struct event *event,
                         struct row_range range, struct event_statistics *out) {
    size_t authors = b->input.mentions->author_count;
    uint8_t *bits = calloc(authors + 1, 1);
    if (!bits)
        return false;
    mark_authors(b, event, range, AUTHOR_HERE, bits);
    mark_authors(b, event, (struct row_range){0, range.first}, AUTHOR_BEFORE, bits);
    mark_authors(b, event, (struct row_range){range.last, b->input.rows.count},
                 AUTHOR_FRIENDLY_LATER, bits);
    for (size_t i = 1; i < authors; i++) {
        bool here = bits[i] & AUTHOR_HERE;
        out->new_authors += here && !(bits[i] & AUTHOR_BEFORE);
        out->silent_authors +=
            here && (bits[i] & AUTHOR_CRITIC) && !(bits[i] & AUTHOR_FRIENDLY_LATER);
    }
    free(bits);
    return true;
}

/* The authors with the most followers who took part, largest first. */
static void fill_amplifiers(const struct brand_events *b, const struct event *event,
                            struct row_range range, struct event_statistics *out) {
    const struct mention_table *m = b->input.mentions;
    for (size_t k = 0; k < AMPLIFIERS_MAX; k++) {
        uint32_t best = ROW_NONE;
        for (size_t i = range.first; i < range.last; i++) {
            uint32_t row = b->input.rows.at[i];
            bool passed = m->followers[row] <= 0 || !m->author[row] || !event_has(b, event, i);
            for (size_t j = 0; j < k; j++)
                passed |= m->author[row] == m->author[out->amplifiers[j]];
            if (!passed && (best == ROW_NONE || m->followers[row] > m->followers[best]))
                best = row;
        }
        if (best == ROW_NONE)
            return;
        out->amplifiers[out->amplifier_count++] = best;
    }
}

enum status event_statistics(const struct brand_events *b, const struct event *event,
                             struct event_statistics *out, struct fault *fault) {
    const struct episode_facts *facts = &event->facts;
    const struct mention_table *m = b->input.mentions;
    struct row_range range = brand_rows(b, event->onset_s, event->end_s);
    struct period_counts during = count_period(b, event, range);
    struct period_counts before = count_quiet(b, event->onset_s - BEFORE_S, event->onset_s, event);
    struct period_counts after = count_quiet(b, event->end_s, event->end_s + AFTER_S, event);
    *out = (struct event_statistics){
        .negative_share = share(facts->negative, facts->mentions),
        .negative_share_before = share(facts->before_negative, facts->before_mentions),
        .repost_share = share(during.reposts, during.mentions),
        .top_text_share = share(facts->top_text_mentions, facts->mentions),
        .top_authors_share = share(facts->top_author_excess, facts->mentions),
        .sentiment_before = mean_score(&before),
        .sentiment_during = mean_score(&during),
        .sentiment_after = mean_score(&after)};
    fill_course(b, event, out);
    out->first_row = out->largest_row = ROW_NONE;
    for (size_t i = range.first; i < range.last; i++) {
        uint32_t row = b->input.rows.at[i];
        if (!event_has(b, event, i))
            continue;
        if (out->first_row == ROW_NONE)
            out->first_row = out->largest_row = row;
        if (mention_engagement(m, row) > mention_engagement(m, out->largest_row))
            out->largest_row = row;
    }
    fill_amplifiers(b, event, range, out);
    return fill_authors(b, event, range, out) ? STATUS_OK : fault_memory(fault);
}
