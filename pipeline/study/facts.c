/* Counted facts of an event, and its row in the tables crises and bursts. */
#include "pipeline/study/study.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    BEFORE_S = 28 * SECONDS_PER_DAY,
    AFTER_S = 30 * SECONDS_PER_DAY,
    TOP_AUTHORS = 4,
    AMPLIFIERS = 5
};

/* What is counted over a stretch of time. */
struct stretch {
    int64_t mentions, negative, neutral, positive, reposts, scored, score_sum;
    int64_t platform[PLATFORM_COUNT];
    int64_t distinct_authors, top_authors;
    double days; /* covered time without events */
};

static int compare_numbers(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Sorts the authors and finds the number of distinct ones and the mentions of the most active; 0 is
 * "unknown": each such counts as an author of its own. */
static void group_sizes(uint32_t *authors, size_t count, int64_t *distinct, int64_t *top) {
    int64_t largest[TOP_AUTHORS] = {0};
    *distinct = 0;
    qsort(authors, count, sizeof *authors, compare_numbers);
    for (size_t i = 0; i < count;) {
        size_t to = i + 1;
        while (authors[i] && to < count && authors[to] == authors[i])
            to++;
        int64_t size = (int64_t)(to - i);
        ++*distinct;
        for (int k = 0; k < TOP_AUTHORS && authors[i]; k++) {
            if (size > largest[k]) {
                int64_t swap = largest[k];
                largest[k] = size;
                size = swap;
            }
        }
        i = to;
    }
    *top = 0;
    for (int k = 0; k < TOP_AUTHORS; k++)
        *top += largest[k];
}

static void count_rows(const struct mention_table *m, const uint32_t *rows, size_t count,
                       struct stretch *out) {
    for (size_t i = 0; i < count; i++) {
        size_t row = rows[i];
        out->mentions++;
        out->negative += m->label[row] == LABEL_NEGATIVE;
        out->neutral += m->label[row] == LABEL_NEUTRAL;
        out->positive += m->label[row] == LABEL_POSITIVE;
        out->reposts += m->kind[row] == POST_REPOST;
        out->platform[m->platform[row]]++;
        if (m->label[row] != LABEL_NONE) {
            out->scored++;
            out->score_sum += m->score_milli[row];
        }
    }
}

/* Distinct and most active authors. */
static bool count_authors(const struct mention_table *m, const uint32_t *rows, size_t count,
                          struct stretch *out) {
    uint32_t *authors = malloc((count + 1) * sizeof *authors);
    if (!authors)
        return false;
    for (size_t i = 0; i < count; i++)
        authors[i] = m->author[rows[i]];
    group_sizes(authors, count, &out->distinct_authors, &out->top_authors);
    free(authors);
    return true;
}

/* The most repeated text among posts that are no reposts. */
static enum status count_copies(const struct study *study, const uint32_t *rows, size_t count,
                                int64_t *top, struct fault *fault) {
    const struct mention_table *m = &study->mentions;
    uint32_t *own = malloc((count + 1) * sizeof *own), *group = malloc((count + 1) * sizeof *group);
    uint32_t *sizes = calloc(count + 1, sizeof *sizes);
    enum status status = own && group && sizes ? STATUS_OK : fault_memory(fault);
    size_t texts = 0;
    *top = 0;
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        if (m->kind[rows[i]] != POST_REPOST)
            own[texts++] = rows[i];
    if (status == STATUS_OK)
        status = study_copies(study, own, texts, group, fault);
    for (size_t i = 0; i < texts && status == STATUS_OK; i++)
        if ((int64_t)++sizes[group[i]] > *top)
            *top = sizes[group[i]];
    free(own);
    free(group);
    free(sizes);
    return status;
}

/* Everything in [from_s, to_s) outside known events (but for `self`). */
static bool count_quiet(const struct study *study, const struct brand_study *b, int64_t from_s,
                        int64_t to_s, const struct event *self, struct stretch *out) {
    size_t first, last;
    if (from_s < study->from_s)
        from_s = study->from_s;
    if (to_s > study->to_s + 1)
        to_s = study->to_s + 1;
    *out = (struct stretch){0};
    brand_rows(study, b, from_s, to_s, &first, &last);
    for (size_t i = first; i < last; i++) {
        int64_t second = floor_div(study->mentions.created_at_us[b->rows[i]], US_PER_S);
        bool inside = second >= self->onset_s && second < self->end_s;
        if (!inside && !in_events(b, second))
            count_rows(&study->mentions, &b->rows[i], 1, out);
    }
    int64_t step = b->series.interval_s, quiet = 0;
    for (int64_t at = floor_div(from_s, step) * step; at < to_s; at += step) {
        size_t bucket = (size_t)((at - b->series.start_s) / step);
        bool known = at >= b->series.start_s && bucket < b->series.count;
        if (known && !in_events(b, at) && (at < self->onset_s || at >= self->end_s))
            quiet += b->coverage_milli[bucket];
    }
    out->days = (double)quiet * (double)step / 1000 / SECONDS_PER_DAY;
    return true;
}

/* Mean number of distinct authors in stretches as long as the event over the 28 days before. */
static bool usual_authors(const struct study *study, const struct brand_study *b,
                          const struct event *event, int64_t *out) {
    int64_t length = event->end_s - event->onset_s, sum = 0, windows = 0;
    for (int64_t to = event->onset_s; to - length >= event->onset_s - BEFORE_S && windows < 200;
         to -= length) {
        struct stretch stretch = {0};
        size_t first, last;
        if (to - length < study->from_s)
            break;
        if (in_events(b, to - length) || in_events(b, to - 1))
            continue;
        brand_rows(study, b, to - length, to, &first, &last);
        if (!count_authors(&study->mentions, b->rows + first, last - first, &stretch))
            return false;
        sum += stretch.distinct_authors;
        windows++;
    }
    *out = windows ? (sum + windows / 2) / windows : 0;
    return true;
}

/* Platforms with at least ten mentions and twice what they usually have in so much time. */
static int rising_platforms(const struct stretch *during, const struct stretch *before,
                            double days) {
    int count = 0;
    for (int p = 0; p < PLATFORM_COUNT; p++) {
        double usual = before->days > 0 ? (double)before->platform[p] / before->days * days : 0;
        count += during->platform[p] >= 10 && (double)during->platform[p] >= 2 * usual;
    }
    return count;
}

static bool negative_overlaps(const struct brand_study *b, const struct event *event) {
    for (size_t i = 0; i < b->negative.episode_count; i++) {
        int64_t from =
            b->series.start_s + (int64_t)b->negative.episodes[i].onset * b->series.interval_s;
        int64_t to =
            b->series.start_s + (int64_t)(b->negative.episodes[i].end + 1) * b->series.interval_s;
        if (from < event->end_s && event->onset_s < to)
            return true;
    }
    return false;
}

/* What the baseline of the total volume expects in the event. */
static double expected_mentions(const struct brand_study *b, const struct event *event) {
    double sum = 0;
    int64_t step = b->series.interval_s;
    int64_t from = (event->onset_s - b->series.start_s) / step;
    int64_t to = (event->end_s - b->series.start_s) / step;
    for (int64_t i = from < 0 ? 0 : from; i < to && i < (int64_t)b->series.count; i++)
        sum += (double)b->volume.baseline[i];
    return sum;
}

/* Comparing texts is most of the work, so it is done again only for a stretch that has changed. */
static enum status fill_copies(const struct study *study, const struct brand_study *b, size_t first,
                               size_t last, struct event *event, struct fault *fault) {
    if (event->copies_from_s == event->onset_s && event->copies_to_s == event->end_s)
        return STATUS_OK;
    event->copies_from_s = event->onset_s;
    event->copies_to_s = event->end_s;
    return count_copies(study, b->rows + first, last - first, &event->facts.top_text_mentions,
                        fault);
}

enum status event_facts(const struct study *study, size_t brand, struct event *event,
                        struct fault *fault) {
    const struct brand_study *b = &study->brands[brand];
    struct episode_facts *facts = &event->facts;
    struct stretch during = {0}, before;
    size_t first, last;
    brand_rows(study, b, event->onset_s, event->end_s, &first, &last);
    count_rows(&study->mentions, b->rows + first, last - first, &during);
    enum status status = fill_copies(study, b, first, last, event, fault);
    if (status != STATUS_OK)
        return status;
    if (!count_authors(&study->mentions, b->rows + first, last - first, &during) ||
        !count_quiet(study, b, event->onset_s - BEFORE_S, event->onset_s, event, &before) ||
        !usual_authors(study, b, event, &facts->usual_authors))
        return fault_memory(fault);
    if (before.days < 1 &&
        !count_quiet(study, b, event->onset_s - BEFORE_S, event->end_s + BEFORE_S, event, &before))
        return fault_memory(fault);
    double days = (double)(event->end_s - event->onset_s) / SECONDS_PER_DAY;
    facts->mentions = during.mentions;
    facts->negative = during.negative;
    facts->neutral = during.neutral;
    facts->positive = during.positive;
    facts->before_mentions = before.mentions;
    facts->before_negative = before.negative;
    facts->expected = expected_mentions(b, event);
    facts->excess = (double)during.mentions - facts->expected;
    facts->expected_negative =
        before.mentions ? facts->expected * (double)before.negative / (double)before.mentions : 0;
    facts->negative_episode = negative_overlaps(b, event);
    facts->top_author_excess = during.top_authors;
    facts->distinct_authors = during.distinct_authors;
    facts->platforms = rising_platforms(&during, &before, days);
    facts->ratio = event->episode.ratio;
    facts->duration_hours = days * 24;
    facts->usual_per_day = before.days > 0 ? (double)before.mentions / before.days : 0;
    return STATUS_OK;
}

/* ---- the row ---- */

static double share(int64_t part, int64_t whole) {
    return whole ? (double)part / (double)whole : 0;
}

static double mean_score(const struct stretch *stretch) {
    return stretch->scored ? (double)stretch->score_sum / (1000.0 * (double)stretch->scored) : NAN;
}

/* Mentions in the hour that begins at `from_s`. */
static int64_t hour_count(const struct study *study, const struct brand_study *b, int64_t from_s) {
    size_t first, last;
    brand_rows(study, b, from_s, from_s + SECONDS_PER_HOUR, &first, &last);
    return (int64_t)(last - first);
}

/* Busiest hour, half of it before the peak, and half of its excess after it. */
static void fill_dynamics(const struct study *study, const struct brand_study *b,
                          const struct event *event, struct episode_row *row) {
    double usual = event->facts.usual_per_day / 24;
    int64_t top = hour_count(study, b, event->peak_s - SECONDS_PER_HOUR / 2);
    row->doubling_time_s = row->half_life_s = row->recovered_at = -1;
    for (int64_t at = event->peak_s; at > event->onset_s - SECONDS_PER_HOUR; at -= 300) {
        if (2 * hour_count(study, b, at - SECONDS_PER_HOUR / 2) <= top) {
            row->doubling_time_s = event->peak_s - at;
            break;
        }
    }
    for (int64_t at = event->peak_s; at < event->end_s + SECONDS_PER_DAY; at += 300) {
        double excess = (double)hour_count(study, b, at - SECONDS_PER_HOUR / 2) - usual;
        if (excess <= ((double)top - usual) / 2) {
            row->half_life_s = at - event->peak_s;
            break;
        }
    }
    /* six hours in a row within what is usual, give or take a half */
    for (int64_t at = event->end_s; at + 6 * SECONDS_PER_HOUR <= study->to_s;
         at += SECONDS_PER_HOUR) {
        size_t first, last;
        brand_rows(study, b, at, at + 6 * SECONDS_PER_HOUR, &first, &last);
        double expected = 0;
        for (int64_t i = (at - b->series.start_s) / b->series.interval_s, k = 0;
             k < 6 * SECONDS_PER_HOUR / b->series.interval_s && i + k < (int64_t)b->series.count;
             k++)
            expected += (double)b->volume.baseline[i + k];
        if ((double)(last - first) <= 1.5 * expected + 3) {
            row->recovered_at = at;
            break;
        }
    }
}

enum { AUTHOR_HERE = 1, AUTHOR_BEFORE = 2, AUTHOR_CRITIC = 4, AUTHOR_FRIENDLY_LATER = 8 };

/* What the rows [from, to) of the brand tell of the authors of the event. */
static void note_authors(const struct mention_table *m, const struct brand_study *b, size_t from,
                         size_t to, int when, uint8_t *bits) {
    for (size_t i = from; i < to; i++) {
        size_t at = b->rows[i];
        bool critic = m->label[at] == LABEL_NEGATIVE;
        uint8_t *author = &bits[m->author[at]];
        if (when == AUTHOR_HERE)
            *author |= critic ? AUTHOR_HERE | AUTHOR_CRITIC : AUTHOR_HERE;
        else if (when == AUTHOR_BEFORE || !critic)
            *author |= (uint8_t)when;
    }
}

/* Authors of the event that the brand never had before, and critics who never said a neutral or
 * positive word about it afterwards. */
static bool fill_authors(const struct study *study, const struct brand_study *b, size_t first,
                         size_t last, struct episode_row *row) {
    const struct mention_table *m = &study->mentions;
    uint8_t *bits = calloc(m->author_count + 1, 1);
    if (!bits)
        return false;
    note_authors(m, b, first, last, AUTHOR_HERE, bits);
    note_authors(m, b, 0, first, AUTHOR_BEFORE, bits);
    note_authors(m, b, last, b->row_count, AUTHOR_FRIENDLY_LATER, bits);
    for (size_t i = 1; i < m->author_count; i++) {
        bool here = bits[i] & AUTHOR_HERE;
        row->new_authors += here && !(bits[i] & AUTHOR_BEFORE);
        row->silent_authors +=
            here && (bits[i] & AUTHOR_CRITIC) && !(bits[i] & AUTHOR_FRIENDLY_LATER);
    }
    free(bits);
    return true;
}

/* When a group (channel column or language) had the fifth of its mentions that are over its usual.
 */
struct rise {
    int64_t at_s;
    size_t group;
    int64_t count;
};

static int compare_rises(const void *a, const void *b) {
    const struct rise *x = a, *y = b;
    if (x->at_s != y->at_s)
        return x->at_s < y->at_s ? -1 : 1;
    return (x->group > y->group) - (x->group < y->group);
}

/* Groups in the order in which they joined: by the time of their fifth mention in the event. */
static size_t order_rises(const struct study *study, const struct brand_study *b, size_t first,
                          size_t last, bool languages, struct rise *rises, size_t groups) {
    const struct mention_table *m = &study->mentions;
    size_t count = 0;
    for (size_t i = 0; i < groups; i++)
        rises[i] = (struct rise){.group = i};
    for (size_t i = first; i < last; i++) {
        size_t row = b->rows[i];
        size_t group = languages ? m->language[row] : study->channel[m->channel[row]];
        if (group < groups && ++rises[group].count == 5)
            rises[group].at_s = floor_div(m->created_at_us[row], US_PER_S);
    }
    for (size_t i = 0; i < groups; i++)
        if (rises[i].count >= 5)
            rises[count++] = rises[i];
    qsort(rises, count, sizeof *rises, compare_rises);
    return count;
}

static bool fill_order(const struct study *study, const struct brand_study *b,
                       const struct event *event, size_t first, size_t last,
                       struct episode_row *row) {
    size_t groups = study->audit.channels.count;
    struct rise *rises = malloc((groups + LANGUAGE_COUNT + 1) * sizeof *rises);
    if (!rises)
        return false;
    for (int languages = 0; languages < 2; languages++) {
        char text[512];
        size_t len = 0, count = order_rises(study, b, first, last, languages, rises,
                                            languages ? LANGUAGE_COUNT : groups);
        text[0] = 0;
        size_t room = languages ? sizeof row->languages : sizeof row->channels;
        for (size_t i = 0; i < count; i++) {
            double hours = (double)(rises[i].at_s - event->onset_s) / SECONDS_PER_HOUR;
            const char *name = languages ? language_name((enum language)rises[i].group)
                                         : study->audit.channels.at[rises[i].group];
            int more = snprintf(text + len, sizeof text - len, "%s%s +%.1f h", i ? ", " : "", name,
                                hours < 0 ? 0 : hours);
            /* whole entries only */
            if (len + (size_t)more >= room)
                break;
            len += (size_t)more;
        }
        if (languages)
            row_text(row->languages, sizeof row->languages, text, len);
        else
            row_text(row->channels, sizeof row->channels, text, len);
    }
    free(rises);
    return true;
}

static int64_t row_engagement(const struct mention_table *m, size_t row) {
    int64_t sum = 0;
    sum += m->likes[row] > 0 ? m->likes[row] : 0;
    sum += m->replies[row] > 0 ? m->replies[row] : 0;
    return sum + (m->reposts[row] > 0 ? m->reposts[row] : 0);
}

static void fill_posts(const struct study *study, const struct brand_study *b, size_t first,
                       size_t last, struct episode_row *row) {
    const struct mention_table *m = &study->mentions;
    size_t largest = SIZE_MAX;
    for (size_t i = first; i < last; i++) {
        size_t at = b->rows[i];
        if (largest == SIZE_MAX || row_engagement(m, at) > row_engagement(m, largest))
            largest = at;
    }
    if (largest == SIZE_MAX)
        return;
    ROW_SET(row, first_post, mention_table_string(m, b->rows[first], STRING_ID));
    ROW_SET(row, largest_post, mention_table_string(m, largest, STRING_ID));
}

/* The authors with the most followers who took part, largest first. */
static void fill_amplifiers(const struct study *study, const struct brand_study *b, size_t first,
                            size_t last, struct episode_row *row) {
    const struct mention_table *m = &study->mentions;
    size_t taken[AMPLIFIERS];
    char text[512] = "";
    for (int k = 0, len = 0; k < AMPLIFIERS; k++) {
        size_t best = SIZE_MAX;
        for (size_t i = first; i < last; i++) {
            size_t at = b->rows[i];
            bool passed = m->followers[at] <= 0 || !m->author[at];
            for (int j = 0; j < k; j++)
                passed |= m->author[at] == m->author[taken[j]];
            if (!passed && (best == SIZE_MAX || m->followers[at] > m->followers[best]))
                best = at;
        }
        if (best == SIZE_MAX)
            break;
        char author[64];
        taken[k] = best;
        study_author(study, best, author, sizeof author);
        len += snprintf(text + len, sizeof text - (size_t)len, "%s%s %d", k ? ", " : "", author,
                        m->followers[best]);
    }
    ROW_SET(row, amplifiers, span_of(text));
}

static void fill_numbers(const struct event *event, struct episode_row *row) {
    const struct episode_facts *facts = &event->facts;
    row->severity = event->verdict.severity;
    row->severity_rule = event->verdict.severity_base;
    row->onset = event->onset_s;
    row->onset_low = event->onset_low_s;
    row->onset_high = event->onset_high_s;
    row->peak = event->peak_s;
    row->end = event->end_s;
    row->duration_s = event->end_s - event->onset_s;
    row->mentions = (int32_t)facts->mentions;
    row->negative = (int32_t)facts->negative;
    row->neutral = (int32_t)facts->neutral;
    row->positive = (int32_t)facts->positive;
    row->expected = facts->expected;
    row->excess = facts->excess;
    row->ratio = facts->ratio;
    row->score = event->episode.score;
    row->negative_share = share(facts->negative, facts->mentions);
    row->negative_share_before = share(facts->before_negative, facts->before_mentions);
    row->days_of_criticism = event->verdict.days_of_criticism;
    row->waves = event->waves;
    row->authors = (int32_t)facts->distinct_authors;
    row->top_text_share = share(facts->top_text_mentions, facts->mentions);
    row->top_authors_share = share(facts->top_author_excess, facts->mentions);
}

enum status event_row(const struct study *study, size_t brand, const struct event *event,
                      struct episode_row *row, struct fault *fault) {
    const struct brand_study *b = &study->brands[brand];
    struct stretch during = {0}, before, after;
    size_t first, last;
    brand_rows(study, b, event->onset_s, event->end_s, &first, &last);
    count_rows(&study->mentions, b->rows + first, last - first, &during);
    ROW_SET(row, brand, span_of(study->config->brands[brand].id));
    ROW_SET(row, kind,
            span_of(event->slow_burn && event->verdict.kind != KIND_CRISIS
                        ? "slow_burn"
                        : episode_kind_name(event->verdict.kind)));
    ROW_SET(row, why, span_of(event->verdict.why));
    fill_numbers(event, row);
    fill_dynamics(study, b, event, row);
    fill_posts(study, b, first, last, row);
    fill_amplifiers(study, b, first, last, row);
    row->repost_share = share(during.reposts, during.mentions);
    if (!count_quiet(study, b, event->onset_s - BEFORE_S, event->onset_s, event, &before) ||
        !count_quiet(study, b, event->end_s, event->end_s + AFTER_S, event, &after) ||
        !fill_authors(study, b, first, last, row) || !fill_order(study, b, event, first, last, row))
        return fault_memory(fault);
    row->sentiment_before = mean_score(&before);
    row->sentiment_during = mean_score(&during);
    row->sentiment_after = mean_score(&after);
    return STATUS_OK;
}
