/* The tables alarms (when would a watcher have known, at three numbers of false alarms accepted?),
 * spread (when did each channel, language and topic leave its own baseline?) and carriers (which
 * accounts carried it?). */
#include "pipeline/study/study.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Of the number that the study itself accepts. */
enum { BUDGETS = 3 };
static const double budgets[BUDGETS] = {0.2, 1, 4};

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
    row->mentions_before_peak = told && event ? (double)alarm->to_peak : NAN;
    row->again = alarm->again;
    row->seen = told ? (int32_t)alarm->seen : -1;
    row->seen_negative = told ? (int32_t)alarm->seen_negative : -1;
    fill_channels(study, alarm, row->channels, sizeof row->channels);
    ROW_SET(row, terms, span_of(alarm->terms));
    row->minutes_missing = told ? missing_minutes(&study->brands[brand].events,
                                                  alarm->onset_s - SECONDS_PER_HOUR, alarm->at_s)
                                : -1;
    return true;
}

enum status study_alarm_table(struct study *study, struct fault *fault) {
    size_t cells = study->config->brand_count * BUDGETS;
    struct alarm_list *lists = calloc(cells + 1, sizeof *lists);
    struct outcome outcome = {0};
    if (!lists)
        return fault_memory(fault);
#pragma omp parallel for schedule(dynamic)
    for (size_t i = 0; i < cells; i++) {
        const struct brand_study *b = &study->brands[i / BUDGETS];
        struct fault own = {0};
        double budget = b->detection.false_alarms_per_month * budgets[i % BUDGETS];
        outcome_note(&outcome, i, events_replay(&b->events, budget, &lists[i], &own), &own);
    }
    enum status status = outcome_take(&outcome, fault);
    bool ok = true;
    for (size_t i = 0; i < cells; i++) {
        double accepted = study->brands[i / BUDGETS].detection.false_alarms_per_month;
        for (size_t k = 0; status == STATUS_OK && ok && k < lists[i].count; k++)
            ok =
                add_alarm_row(study, i / BUDGETS, accepted * budgets[i % BUDGETS], &lists[i].at[k]);
        alarm_list_release(&lists[i]);
    }
    free(lists);
    return status != STATUS_OK || ok ? status : fault_memory(fault);
}

static const char *group_name(const struct study *study, enum spread_dimension dimension,
                              size_t group) {
    switch (dimension) {
    case SPREAD_LANGUAGES:
        return language_name((enum language)group);
    case SPREAD_TOPICS:
        return topic_name((enum post_topic)group);
    default:
        return study->audit.channels.at[group];
    }
}

static bool add_spread(struct study *study, size_t brand, const struct event *event,
                       enum spread_dimension dimension, const struct spread_list *list) {
    static const char *const names[SPREAD_DIMENSIONS] = {"channel", "language", "topic"};
    for (size_t i = 0; i < list->count; i++) {
        const struct spread *spread = &list->at[i];
        struct spread_row *row = table_add(&study->audit, TABLE_SPREAD);
        if (!row)
            return false;
        ROW_SET(row, brand, span_of(study->config->brands[brand].id));
        ROW_SET(row, dimension, span_of(names[dimension]));
        ROW_SET(row, name, span_of(group_name(study, dimension, spread->group)));
        row->episode = event->onset_s;
        row->rank = spread->left_s < 0 ? -1 : (int32_t)i + 1;
        row->left = spread->left_s;
        row->left_low = spread->left_low_s;
        row->left_high = spread->left_high_s;
        row->mentions = (int32_t)spread->mentions;
        row->negative = (int32_t)spread->negative;
        row->usual = spread->usual;
    }
    return true;
}

static bool add_carriers(struct study *study, size_t brand, const struct event *event,
                         const struct carrier_list *list) {
    const struct mention_table *m = &study->mentions;
    for (size_t i = 0; i < list->count; i++) {
        const struct carrier *carrier = &list->at[i];
        struct carrier_row *row = table_add(&study->audit, TABLE_CARRIERS);
        if (!row)
            return false;
        ROW_SET(row, brand, span_of(study->config->brands[brand].id));
        ROW_SET(row, platform, span_of(platform_name(m->platform[carrier->row])));
        study_author(study, carrier->row, row->account, sizeof row->account);
        row->episode = event->onset_s;
        row->rank = (int32_t)i + 1;
        row->followers = (int32_t)study_followers(study, m->followers[carrier->row]);
        row->reach = study_followers(study, carrier->reach);
        row->mentions = study_shown_cell(study, carrier->mentions);
        row->negative = study_shown_cell(study, carrier->negative);
        row->reposts = study_shown_cell(study, carrier->reposts);
        row->newcomer = carrier->newcomer;
    }
    return true;
}

enum status study_spread_table(struct study *study, struct fault *fault) {
    enum status status = STATUS_OK;
    bool ok = true;
    for (size_t brand = 0; brand < study->config->brand_count; brand++) {
        const struct brand_events *b = &study->brands[brand].events;
        for (size_t i = 0; i < b->count; i++) {
            const struct event *event = &b->at[i];
            struct carrier_list carriers;
            for (int d = 0; d < SPREAD_DIMENSIONS && ok && status == STATUS_OK; d++) {
                struct spread_list list;
                status = event_spread(b, event, (enum spread_dimension)d, &list, fault);
                ok = status != STATUS_OK ||
                     add_spread(study, brand, event, (enum spread_dimension)d, &list);
                spread_list_release(&list);
            }
            if (ok && status == STATUS_OK)
                status = event_carriers(b, event, &carriers, fault);
            ok = ok && (status != STATUS_OK || add_carriers(study, brand, event, &carriers));
        }
    }
    return status != STATUS_OK || ok ? status : fault_memory(fault);
}
