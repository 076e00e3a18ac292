/* Replay: what the single-pass detector would have said while the brand's mentions came in. */
#include "stages/events/events.h"

#include <stdlib.h>

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

static void count_seen(const struct brand_events *b, struct alarm *alarm) {
    const struct mention_table *m = b->input.mentions;
    int64_t from_s = alarm->event && alarm->event->onset_s < alarm->at_s ? alarm->event->onset_s
                                                                         : alarm->onset_s;
    struct row_range range = brand_rows(b, from_s, alarm->at_s);
    for (size_t i = range.first; i < range.last; i++) {
        size_t row = b->input.rows.at[i], channel = b->input.channel[m->channel[row]];
        alarm->seen++;
        alarm->seen_negative += m->label[row] == LABEL_NEGATIVE;
        if (channel < ALARM_CHANNELS_MAX)
            alarm->channel[channel]++;
    }
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
    bool ok = status == STATUS_OK;
    int64_t told_s = INT64_MIN;
    for (size_t i = 0; ok && i < series->count; i++) {
        struct causal_row row = causal_push(causal, series->mentions[i], b->coverage_milli[i]);
        if (!row.alert)
            continue;
        struct alarm alarm = {.at_s = bucket_start_s(&counts, i + 1),
                              .onset_s = bucket_start_s(&counts, row.onset),
                              .score = row.score};
        alarm.event = event_at(b, alarm.at_s);
        alarm.again = told_s > alarm.at_s - SECONDS_PER_DAY;
        told_s = alarm.at_s;
        count_seen(b, &alarm);
        ok = add_alarm(out, alarm);
    }
    if (status == STATUS_OK)
        causal_free(causal);
    return status != STATUS_OK        ? status
           : ok && add_missed(b, out) ? STATUS_OK
                                      : fault_memory(fault);
}

void alarm_list_release(struct alarm_list *list) {
    free(list->at);
    *list = (struct alarm_list){0};
}
