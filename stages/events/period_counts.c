#include "stages/events/period_counts.h"

static void count_row(const struct mention_table *m, size_t row, struct period_counts *out) {
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

struct period_counts count_period(const struct brand_events *events, const struct event *event,
                                  struct row_range range) {
    struct period_counts out = {0};
    for (size_t i = range.first; i < range.last; i++)
        if (event_has(events, event, i))
            count_row(events->input.mentions, events->input.rows.at[i], &out);
    return out;
}

struct period_counts count_quiet(const struct brand_events *events, int64_t from_s, int64_t to_s,
                                 const struct event *self) {
    const struct brand_input *input = &events->input;
    const struct brand_series *series = input->series;
    struct period_counts out = {0};
    if (from_s < input->from_s)
        from_s = input->from_s;
    if (to_s > input->to_s + 1)
        to_s = input->to_s + 1;
    struct row_range range = brand_rows(events, from_s, to_s);
    for (size_t i = range.first; i < range.last; i++) {
        int64_t second = floor_div(input->mentions->created_at_us[input->rows.at[i]], US_PER_S);
        bool inside = second >= self->onset_s && second < self->end_s;
        if (!inside && !in_events(events, second))
            count_row(input->mentions, input->rows.at[i], &out);
    }
    int64_t step = series->interval_s, quiet = 0;
    for (int64_t at = floor_div(from_s, step) * step; at < to_s; at += step) {
        size_t bucket = (size_t)((at - series->start_s) / step);
        bool known = at >= series->start_s && bucket < series->count;
        if (known && !in_events(events, at) && (at < self->onset_s || at >= self->end_s))
            quiet += events->coverage_milli[bucket];
    }
    out.days = (double)quiet * (double)step / 1000 / SECONDS_PER_DAY;
    return out;
}
