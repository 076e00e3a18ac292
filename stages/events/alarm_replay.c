/* Replay: what the single-pass detector would have said while the brand's mentions came in. */
#include "stages/events/period_counts.h"

#include <stdlib.h>

/* An alarm has a dozen mentions to read: a term passes by chance once in forty, and the prior does
 * not weigh more than they do. */
#define TERMS_OF_ALARMS ((struct term_rule){1.96, 20})

static bool add_alarm(struct alarm_list *list, struct alarm alarm) {
    if (list->count == list->cap) {
        size_t cap = list->cap ? list->cap * 2 : 16;
        struct alarm *grown = realloc(list->at, cap * sizeof *grown);
        if (!grown)
            return false;
        list->at = grown;
        list->cap = cap;
    }
    list->at[list->count++] = alarm;
    return true;
}

/* The event of the mentions that the alarm falls into; its onset may lie a little before. */
static const struct event *event_at(const struct brand_events *b, int64_t at_s) {
    for (size_t i = 0; i < b->count; i++)
        if (!b->at[i].by_share && at_s > b->at[i].onset_low_s && at_s <= b->at[i].end_s)
            return &b->at[i];
    return NULL;
}

static int64_t seen_from(const struct alarm *alarm) {
    return alarm->event && alarm->event->onset_s < alarm->at_s ? alarm->event->onset_s
                                                               : alarm->onset_s;
}

static int64_t mentions_between(const struct brand_events *b, int64_t from_s, int64_t to_s) {
    struct row_range range = brand_rows(b, from_s, to_s);
    return (int64_t)(range.last - range.first);
}

static void count_seen(const struct brand_events *b, struct alarm *alarm) {
    const struct mention_table *m = b->input.mentions;
    struct row_range range = brand_rows(b, seen_from(alarm), alarm->at_s);
    for (size_t i = range.first; i < range.last; i++) {
        size_t row = b->input.rows.at[i], channel = b->input.channel[m->channel[row]];
        alarm->seen++;
        alarm->seen_negative += m->label[row] == LABEL_NEGATIVE;
        if (channel < ALARM_CHANNELS_MAX)
            alarm->channel[channel]++;
    }
    if (alarm->event)
        alarm->to_peak = mentions_between(b, alarm->at_s, alarm->event->peak_s) -
                         mentions_between(b, alarm->event->peak_s, alarm->at_s);
}

/* What could be read at the alarm: the terms of the mentions seen against those of the 28 days
 * before, and nothing that came later. */
static enum status alarm_terms(const struct brand_events *b, struct alarm *alarm,
                               struct fault *fault) {
    int64_t from_s = seen_from(alarm);
    struct row_range known = brand_rows(b, from_s - BEFORE_S, alarm->at_s);
    struct event seen = {.onset_s = from_s, .end_s = alarm->at_s};
    struct interval busy = {from_s, alarm->at_s};
    struct brand_events then = {.input = b->input, .at = &seen, .count = 1, .busy = {&busy, 1}};
    then.input.rows = (struct row_list){b->input.rows.at + known.first, known.last - known.first};
    struct term_list list = {.count = 0};
    struct buf text;
    enum status status = event_terms(&then, TERMS_OF_ALARMS, &list, fault);
    if (status != STATUS_OK)
        return status;
    buf_init(&text, ALARM_TERMS_BYTES * TERMS_PER_EVENT);
    summary_terms(&list, &text);
    row_text(alarm->terms, sizeof alarm->terms, text.at, text.len);
    status = text.failed ? fault_memory(fault) : STATUS_OK;
    buf_release(&text);
    return status;
}

static bool is_first(const struct alarm_list *list, const struct event *event) {
    bool first = event != NULL;
    for (size_t i = 0; i < list->count; i++)
        first &= list->at[i].event != event;
    return first;
}

static bool add_missed(const struct brand_events *b, struct alarm_list *out) {
    size_t alarms = out->count;
    for (size_t i = 0; i < b->count; i++) {
        bool told = b->at[i].verdict.kind != KIND_CRISIS;
        for (size_t k = 0; k < alarms && !told; k++)
            told = out->at[k].event == &b->at[i];
        if (!told && !add_alarm(out, (struct alarm){.event = &b->at[i], .at_s = -1, .onset_s = -1}))
            return false;
    }
    return true;
}

enum status events_replay(const struct brand_events *b, double false_alarms_per_month,
                          struct alarm_list *out, struct fault *fault) {
    const struct brand_series *series = b->input.series;
    struct count_series counts = {.start_s = series->start_s,
                                  .interval_s = series->interval_s,
                                  .count = series->count,
                                  .zone = b->input.zone};
    struct detect_options options = *b->input.detection;
    struct causal *causal;
    *out = (struct alarm_list){0};
    options.false_alarms_per_month = false_alarms_per_month;
    enum status status = causal_new(&causal, &counts, &options, fault);
    if (status != STATUS_OK)
        return status;
    bool ok = true;
    int64_t told_s = INT64_MIN;
    for (size_t i = 0; ok && status == STATUS_OK && i < series->count; i++) {
        struct causal_row row = causal_push(causal, series->mentions[i], b->coverage_milli[i]);
        if (!row.alert)
            continue;
        struct alarm alarm = {.at_s = bucket_start_s(&counts, i + 1),
                              .onset_s = bucket_start_s(&counts, row.onset),
                              .score = row.score};
        alarm.event = event_at(b, alarm.at_s);
        alarm.again = told_s > alarm.at_s - SECONDS_PER_DAY;
        told_s = alarm.at_s;
        alarm.first = is_first(out, alarm.event);
        count_seen(b, &alarm);
        if (alarm.first)
            status = alarm_terms(b, &alarm, fault);
        ok = add_alarm(out, alarm);
    }
    causal_free(causal);
    return status != STATUS_OK        ? status
           : ok && add_missed(b, out) ? STATUS_OK
                                      : fault_memory(fault);
}

void alarm_list_release(struct alarm_list *list) {
    free(list->at);
    *list = (struct alarm_list){0};
}
