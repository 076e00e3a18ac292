/* The tables alarms (when would a watcher have known, at three numbers of false alarms accepted?)
 * and spread (when did each channel and language leave its own baseline?). */
#include "pipeline/study/study.h"

#include <math.h>
#include <stdio.h>

/* Of the number that the study itself accepts. */
static const double budgets[] = {0.2, 1, 4};

/* "twitter 12, reddit 3": the busiest first, as many as fit. */
static void fill_channels(const struct study *study, const struct alarm *alarm, char *column,
                          size_t size) {
    uint32_t left[ALARM_CHANNELS_MAX];
    size_t len = 0;
    memcpy(left, alarm->channel, sizeof left);
    for (;;) {
        size_t best = 0;
        for (size_t c = 1; c < ALARM_CHANNELS_MAX; c++)
            if (left[c] > left[best])
                best = c;
        char entry[160];
        if (!left[best] || best >= study->audit.channels.count)
            return;
        int more = snprintf(entry, sizeof entry, "%s%s %u", len ? ", " : "",
                            study->audit.channels.at[best], left[best]);
        if (len + (size_t)more >= size)
            return;
        memcpy(column + len, entry, (size_t)more);
        len += (size_t)more;
        left[best] = 0;
    }
}

static const char *verdict_of(const struct alarm *alarm) {
    if (alarm->at_s < 0)
        return "missed";
    return alarm->event ? "right" : "false";
}

static bool add_alarm_row(struct study *study, size_t brand, double budget,
                          const struct alarm *alarm) {
    struct alarm_row *row = table_add(&study->audit, TABLE_ALARMS);
    if (!row)
        return false;
    const struct event *event = alarm->event;
    bool told = alarm->at_s >= 0;
    ROW_SET(row, brand, span_of(study->config->brands[brand].id));
    ROW_SET(row, verdict, span_of(verdict_of(alarm)));
    ROW_SET(row, kind, span_of(event ? episode_kind_name(event->verdict.kind) : ""));
    row->false_alarms_per_month = budget;
    row->at = alarm->at_s;
    row->estimated_onset = alarm->onset_s;
    row->score = told ? alarm->score : NAN;
    row->episode = event ? event->onset_s : -1;
    row->after_onset_s = told && event && alarm->at_s >= event->onset_s
                             ? alarm->at_s - event->onset_s
                             : (told && event ? 0 : -1);
    row->before_peak =
        told && event ? (double)(event->peak_s - alarm->at_s) / SECONDS_PER_HOUR : NAN;
    row->again = alarm->again;
    row->seen = told ? (int32_t)alarm->seen : -1;
    row->seen_negative = told ? (int32_t)alarm->seen_negative : -1;
    fill_channels(study, alarm, row->channels, sizeof row->channels);
    return true;
}

enum status study_alarm_table(struct study *study, struct fault *fault) {
    for (size_t brand = 0; brand < study->config->brand_count; brand++) {
        const struct brand_study *b = &study->brands[brand];
        for (size_t k = 0; k < sizeof budgets / sizeof *budgets; k++) {
            double budget = b->detection.false_alarms_per_month * budgets[k];
            struct alarm_list alarms;
            enum status status = events_replay(&b->events, budget, &alarms, fault);
            bool ok = true;
            for (size_t i = 0; status == STATUS_OK && ok && i < alarms.count; i++)
                ok = add_alarm_row(study, brand, budget, &alarms.at[i]);
            alarm_list_release(&alarms);
            if (status != STATUS_OK)
                return status;
            if (!ok)
                return fault_memory(fault);
        }
    }
    return STATUS_OK;
}

static bool add_spread(struct study *study, size_t brand, const struct event *event, bool languages,
                       const struct spread_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        const struct spread *spread = &list->at[i];
        struct spread_row *row = table_add(&study->audit, TABLE_SPREAD);
        if (!row)
            return false;
        ROW_SET(row, brand, span_of(study->config->brands[brand].id));
        ROW_SET(row, dimension, span_of(languages ? "language" : "channel"));
        ROW_SET(row, name,
                span_of(languages ? language_name((enum language)spread->group)
                                  : study->audit.channels.at[spread->group]));
        row->episode = event->onset_s;
        row->rank = spread->left_high_s < 0 ? -1 : (int32_t)i + 1;
        row->left_low = spread->left_low_s;
        row->left_high = spread->left_high_s;
        row->mentions = (int32_t)spread->mentions;
        row->usual = spread->usual;
    }
    return true;
}

enum status study_spread_table(struct study *study, struct fault *fault) {
    for (size_t brand = 0; brand < study->config->brand_count; brand++) {
        const struct brand_events *b = &study->brands[brand].events;
        for (size_t i = 0; i < 2 * b->count; i++) {
            const struct event *event = &b->at[i / 2];
            struct spread_list list;
            enum status status = event_spread(b, event, i % 2, &list, fault);
            bool ok = status != STATUS_OK || add_spread(study, brand, event, i % 2, &list);
            spread_list_release(&list);
            if (status != STATUS_OK || !ok)
                return status != STATUS_OK ? status : fault_memory(fault);
        }
    }
    return STATUS_OK;
}
