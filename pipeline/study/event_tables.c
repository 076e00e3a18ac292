/* The tables crises, bursts, mood_turns, terms and evidence. */
#include "pipeline/study/study.h"

#include <stdio.h>
#include <stdlib.h>

enum { EVIDENCE_PER_EVENT = 12, SHOWN_TEXT_MAX = 1 << 20 };

/* The rows of one event, but for its terms'. */
struct event_rows {
    struct episode_row episode;
    struct evidence_row evidence[EVIDENCE_PER_EVENT];
    size_t evidence_count;
};

static void fill_figures(const struct event *event, const struct event_statistics *statistics,
                         struct episode_row *row) {
    const struct episode_facts *facts = &event->facts;
    row->severity = event->verdict.severity;
    row->severity_rule = event->verdict.severity_base;
    row->onset = event->onset_s;
    row->onset_low = event->onset_low_s;
    row->onset_high = event->onset_high_s;
    row->peak = event->peak_s;
    row->end = event->end_s;
    row->end_low = event->end_low_s;
    row->end_high = event->end_high_s;
    row->duration_s = event->end_s - event->onset_s;
    row->mentions = (int32_t)facts->mentions;
    row->negative = (int32_t)facts->negative;
    row->neutral = (int32_t)facts->neutral;
    row->positive = (int32_t)facts->positive;
    row->expected = facts->expected;
    row->excess = facts->excess;
    row->ratio = facts->ratio;
    row->score = event->episode.score;
    row->excess_negative = event->verdict.excess_negative;
    row->negative_z = event->verdict.negative_z;
    row->platforms = facts->platforms;
    row->days_of_criticism = event->verdict.days_of_criticism;
    row->waves = event->waves;
    row->authors = (int32_t)facts->distinct_authors;
    row->negative_share = statistics->negative_share;
    row->negative_share_before = statistics->negative_share_before;
    row->repost_share = statistics->repost_share;
    row->top_text_share = statistics->top_text_share;
    row->top_authors_share = statistics->top_authors_share;
    row->sentiment_before = statistics->sentiment_before;
    row->sentiment_during = statistics->sentiment_during;
    row->sentiment_after = statistics->sentiment_after;
    row->doubling_time_s = statistics->doubling_s;
    row->half_life_s = statistics->half_life_s;
    row->recovered_at = statistics->recovered_at_s;
    row->new_authors = statistics->new_authors;
    row->silent_authors = statistics->silent_authors;
}

/* "twitter, reddit +3.1 h": whole entries, as many as fit into the column; hours only where they
 * are more than the onset is uncertain by. */
static void fill_rises(const struct study *study, const struct event *event,
                       const struct spread_list *list, bool languages, char *column, size_t size) {
    size_t len = 0;
    for (size_t i = 0; i < list->count && list->at[i].left_s >= 0; i++) {
        const struct spread *spread = &list->at[i];
        double hours = (double)(spread->left_s - event->onset_s) / SECONDS_PER_HOUR;
        char entry[160], after[32] = "";
        if (spread->left_low_s > event->onset_high_s)
            snprintf(after, sizeof after, " +%.1f h", hours);
        int more = snprintf(entry, sizeof entry, "%s%s%s", i ? ", " : "",
                            languages ? language_name((enum language)spread->group)
                                      : study->audit.channels.at[spread->group],
                            after);
        if (len + (size_t)more >= size)
            return;
        memcpy(column + len, entry, (size_t)more);
        len += (size_t)more;
    }
}

/* Topics of the negative mentions, those that say what they are about. */
static void fill_topics(const struct study *study, size_t brand, const struct event *event,
                        struct episode_row *row) {
    const struct mention_table *m = &study->mentions;
    const struct brand_events *events = &study->brands[brand].events;
    struct row_range range = brand_rows(events, event->onset_s, event->end_s);
    int32_t counts[TOPIC_COUNT] = {0};
    char text[sizeof row->topics];
    for (size_t i = range.first; i < range.last; i++) {
        uint32_t at = events->input.rows.at[i];
        bool counts_here = m->label[at] == LABEL_NEGATIVE && m->topic[at] < TOPIC_COUNT;
        counts[counts_here ? m->topic[at] : TOPIC_NONE]++;
    }
    topics_text(counts, TOPIC_COUNT, 1, text, sizeof text);
    ROW_SET(row, topics, span_of(text));
}

static void fill_sentences(const struct study *study, size_t brand, const struct event *event,
                           const struct event_statistics *statistics, const struct term_list *terms,
                           const char *first_channel, struct episode_row *row) {
    struct summary summary = {.brand = study->config->brands[brand].name,
                              .first_channel = first_channel,
                              .zone_name = study->config->timezone,
                              .zone = &study->config->zone,
                              .event = event,
                              .statistics = statistics,
                              .terms = terms,
                              .missing_minutes = row->minutes_missing};
    struct buf text;
    buf_init(&text, 65536);
    summary_terms(terms, &text);
    ROW_SET(row, terms, buf_as_span(&text));
    buf_clear(&text);
    summary_sentence(&summary, false, &text);
    ROW_SET(row, summary_en, buf_as_span(&text));
    buf_clear(&text);
    summary_sentence(&summary, true, &text);
    ROW_SET(row, summary_pl, buf_as_span(&text));
    buf_clear(&text);
    summary_why(event, false, &text);
    ROW_SET(row, why, buf_as_span(&text));
    buf_clear(&text);
    summary_why(event, true, &text);
    ROW_SET(row, why_pl, buf_as_span(&text));
    buf_release(&text);
}

/* The order in which channels and languages rose is that of the table spread. */
static enum status fill_spread(const struct study *study, size_t brand, const struct event *event,
                               const struct event_statistics *statistics,
                               const struct term_list *terms, struct episode_row *row,
                               struct fault *fault) {
    const struct brand_events *events = &study->brands[brand].events;
    struct spread_list channels = {0}, languages = {0};
    enum status status = event_spread(events, event, SPREAD_CHANNELS, &channels, fault);
    if (status == STATUS_OK)
        status = event_spread(events, event, SPREAD_LANGUAGES, &languages, fault);
    if (status == STATUS_OK) {
        fill_rises(study, event, &channels, false, row->channels, sizeof row->channels);
        fill_rises(study, event, &languages, true, row->languages, sizeof row->languages);
        fill_sentences(
            study, brand, event, statistics, terms,
            spread_first_is_sure(&channels) ? study->audit.channels.at[channels.at[0].group] : "",
            row);
    }
    spread_list_release(&channels);
    spread_list_release(&languages);
    return status;
}

static enum status fill_episode(const struct study *study, size_t brand, const struct event *event,
                                const struct term_list *terms, struct episode_row *row,
                                struct fault *fault) {
    const struct mention_table *m = &study->mentions;
    struct event_statistics statistics;
    enum status status = event_statistics(&study->brands[brand].events, event, &statistics, fault);
    if (status != STATUS_OK)
        return status;
    ROW_SET(row, brand, span_of(study->config->brands[brand].id));
    ROW_SET(row, kind, span_of(episode_kind_name(event->verdict.kind)));
    fill_figures(event, &statistics, row);
    row->minutes_missing = event_missing_minutes(&study->brands[brand].events, event);
    char text[512] = "", author[64];
    for (size_t i = 0, len = 0; i < statistics.amplifier_count; i++) {
        size_t at = statistics.amplifiers[i];
        study_author(study, at, author, sizeof author);
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%s %lld%s", i ? ", " : "", author,
                                (long long)study_followers(study, m->followers[at]),
                                study->config->plain_authors ? "" : "+");
    }
    ROW_SET(row, amplifiers, span_of(text));
    if (statistics.first_row != ROW_NONE) {
        study_post_id(study, statistics.first_row, row->first_post, sizeof row->first_post);
        study_post_id(study, statistics.largest_row, row->largest_post, sizeof row->largest_post);
    }
    fill_topics(study, brand, event, row);
    return fill_spread(study, brand, event, &statistics, terms, row, fault);
}

static void fill_evidence(const struct study *study, size_t brand, const struct event *event,
                          const struct evidence *evidence, int32_t rank, struct evidence_row *row) {
    const struct mention_table *m = &study->mentions;
    size_t at = evidence->row;
    struct buf text;
    ROW_SET(row, brand, span_of(study->config->brands[brand].id));
    ROW_SET(row, why, span_of(evidence->why));
    ROW_SET(row, platform, span_of(platform_name(m->platform[at])));
    ROW_SET(row, channel, m->channels.names[m->channel[at]]);
    ROW_SET(row, language, span_of(language_name(m->language[at])));
    ROW_SET(row, label, span_of(label_name(m->label[at])));
    study_post_id(study, at, row->id, sizeof row->id);
    if (study->config->plain_authors)
        ROW_SET(row, url, mention_table_string(m, at, STRING_URL));
    study_author(study, at, row->author, sizeof row->author);
    if (study->config->keep_text) {
        buf_init(&text, SHOWN_TEXT_MAX);
        study_shown_text(study, at, &text);
        ROW_SET(row, text, buf_as_span(&text));
        buf_release(&text);
    }
    row->episode = event->onset_s;
    row->rank = rank;
    row->created_at = floor_div(mention_stated_us(m, at), US_PER_S);
    row->sentiment = (double)m->score_milli[at] / 1000;
    row->copies = evidence->copies;
    row->engagement =
        (int32_t)(evidence->engagement > INT32_MAX ? INT32_MAX : evidence->engagement);
}

/* What the tables say of one brand. */
struct event_part {
    struct event_rows *rows; /* [number of events] */
    struct term_list *terms; /* [number of events] */
};

static enum status fill_events(const struct study *study, size_t brand, struct event_part *part,
                               struct fault *fault) {
    const struct brand_events *b = &study->brands[brand].events;
    struct outcome outcome = {0};
    part->rows = calloc(b->count + 1, sizeof *part->rows);
    part->terms = calloc(b->count + 1, sizeof *part->terms);
    if (!part->rows || !part->terms)
        return fault_memory(fault);
    if (!b->count)
        return STATUS_OK;
    enum status status = event_terms(b, TERMS_OF_EVENTS, part->terms, fault);
    if (status != STATUS_OK)
        return status;
#pragma omp taskloop grainsize(1) shared(outcome)
    for (size_t i = 0; i < b->count; i++) {
        struct event_rows *rows = &part->rows[i];
        struct evidence evidence[EVIDENCE_PER_EVENT];
        struct fault own = {0};
        enum status filled = event_evidence(b, &b->at[i], &part->terms[i], evidence,
                                            EVIDENCE_PER_EVENT, &rows->evidence_count, &own);
        for (size_t k = 0; k < rows->evidence_count && filled == STATUS_OK; k++)
            fill_evidence(study, brand, &b->at[i], &evidence[k], (int32_t)k + 1,
                          &rows->evidence[k]);
        if (filled == STATUS_OK)
            filled = fill_episode(study, brand, &b->at[i], &part->terms[i], &rows->episode, &own);
        outcome_note(&outcome, i, filled, &own);
    }
    return outcome_take(&outcome, fault);
}

static enum table_id table_of(enum episode_kind kind) {
    if (kind == KIND_MOOD_TURN || kind == KIND_SLOW_BURN)
        return TABLE_MOOD_TURNS;
    return kind == KIND_CRISIS ? TABLE_CRISES : TABLE_BURSTS;
}

static bool add_row(struct audit *audit, enum table_id id, const void *row) {
    void *to = table_add(audit, id);
    if (to)
        memcpy(to, row, table_layouts[id].row_size);
    return to != NULL;
}

static bool add_terms(struct study *study, size_t brand, const struct event *event,
                      const struct term_list *terms) {
    for (size_t i = 0; i < terms->count; i++) {
        const struct event_term *term = &terms->at[i];
        struct term_row *row = table_add(&study->audit, TABLE_TERMS);
        if (!row)
            return false;
        ROW_SET(row, brand, span_of(study->config->brands[brand].id));
        ROW_SET(row, term, span_of(term->text));
        ROW_SET(row, kind, span_of(term->kind));
        row->episode = event->onset_s;
        row->rank = (int32_t)i + 1;
        row->mentions = (int32_t)term->mentions;
        row->usual_mentions = (int32_t)term->usual_mentions;
        row->log_odds = term->log_odds;
        row->z = term->z;
    }
    return true;
}

enum status study_event_tables(struct study *study, struct fault *fault) {
    size_t brands = study->config->brand_count;
    struct event_part *parts = calloc(brands + 1, sizeof *parts);
    struct outcome outcome = {0};
    if (!parts)
        return fault_memory(fault);
#pragma omp parallel for schedule(dynamic)
    for (size_t i = 0; i < brands; i++) {
        struct fault own = {0};
        enum status filled = fill_events(study, i, &parts[i], &own);
        outcome_note(&outcome, i, filled, &own);
    }
    enum status status = outcome_take(&outcome, fault);
    bool ok = true;
    for (size_t i = 0; i < brands && status == STATUS_OK; i++) {
        const struct brand_events *b = &study->brands[i].events;
        for (size_t e = 0; e < b->count && ok; e++) {
            const struct event_rows *rows = &parts[i].rows[e];
            ok = add_row(&study->audit, table_of(b->at[e].verdict.kind), &rows->episode) &&
                 add_terms(study, i, &b->at[e], &parts[i].terms[e]);
            for (size_t k = 0; k < rows->evidence_count && ok; k++)
                ok = add_row(&study->audit, TABLE_EVIDENCE, &rows->evidence[k]);
        }
        status = ok ? STATUS_OK : fault_memory(fault);
    }
    for (size_t i = 0; i < brands; i++) {
        free(parts[i].rows);
        free(parts[i].terms);
    }
    free(parts);
    return status;
}
