/* The spread of an event over groups (channels, languages): when did each leave its own baseline?
 */
#include "stages/events/period_counts.h"

#include <stdlib.h>

enum { LEFT_MENTIONS = 5 };
#define RISEN 2.0 /* times the group's own rate */

/* group: a CUSUM of its mentions over twice its usual rate (Page 1954), and where it last began. */
struct group {
    double rate, sum; /* usual mentions a second; the sum just after the last mention */
    int64_t last_s, low_s, high_s;
    int64_t mentions, before, run; /* run: mentions since the sum began */
    bool left;
};

static size_t group_of(const struct brand_events *b, size_t i, bool languages) {
    const struct mention_table *m = b->input.mentions;
    size_t row = b->input.rows.at[i];
    return languages ? m->language[row] : b->input.channel[m->channel[row]];
}

static void take_mention(struct group *group, int64_t second) {
    double sum = group->sum - RISEN * group->rate * (double)(second - group->last_s);
    group->mentions++;
    if (!group->left && sum <= 0) {
        group->low_s = group->last_s; /* it may have begun right after the mention before */
        group->run = 0;
        sum = 0;
    }
    group->sum = sum + 1;
    group->last_s = second;
    if (!group->left && ++group->run >= LEFT_MENTIONS && group->sum >= LEFT_MENTIONS / 2.0) {
        group->left = true;
        group->high_s = second;
    }
}

static int compare_spread(const void *a, const void *b) {
    const struct spread *x = a, *y = b;
    if ((x->left_high_s < 0) != (y->left_high_s < 0))
        return x->left_high_s < 0 ? 1 : -1;
    if (x->left_high_s != y->left_high_s)
        return x->left_high_s < y->left_high_s ? -1 : 1;
    return (x->group > y->group) - (x->group < y->group);
}

static void run_groups(const struct brand_events *b, const struct event *event, bool languages,
                       struct group *groups, size_t count) {
    const int64_t *time = b->input.mentions->created_at_us;
    struct row_range before = brand_rows(b, event->onset_s - BEFORE_S, event->onset_s);
    double days = count_quiet(b, event->onset_s - BEFORE_S, event->onset_s, event).days;
    for (size_t i = before.first; i < before.last; i++) {
        size_t group = group_of(b, i, languages);
        if (group < count && !in_events(b, floor_div(time[b->input.rows.at[i]], US_PER_S)))
            groups[group].before++;
    }
    for (size_t g = 0; g < count; g++) {
        groups[g].last_s = event->onset_low_s;
        groups[g].rate = days > 0 ? (double)groups[g].before / (days * SECONDS_PER_DAY) : 0;
    }
    struct row_range range = brand_rows(b, event->onset_low_s, event->end_s);
    for (size_t i = range.first; i < range.last; i++) {
        size_t group = group_of(b, i, languages);
        if (group < count && event_has(b, event, i))
            take_mention(&groups[group], floor_div(time[b->input.rows.at[i]], US_PER_S));
    }
}

enum status event_spread(const struct brand_events *b, const struct event *event, bool languages,
                         struct spread_list *out, struct fault *fault) {
    size_t count = languages ? LANGUAGE_COUNT : b->input.channels;
    struct group *groups = calloc(count + 1, sizeof *groups);
    *out = (struct spread_list){malloc((count + 1) * sizeof *out->at), 0};
    if (groups && out->at) {
        double seconds = (double)(event->end_s - event->onset_low_s);
        run_groups(b, event, languages, groups, count);
        for (size_t g = 0; g < count; g++)
            if (groups[g].mentions)
                out->at[out->count++] =
                    (struct spread){.group = g,
                                    .left_low_s = groups[g].left ? groups[g].low_s : -1,
                                    .left_high_s = groups[g].left ? groups[g].high_s : -1,
                                    .mentions = groups[g].mentions,
                                    .usual = groups[g].rate * seconds};
        if (out->count)
            qsort(out->at, out->count, sizeof *out->at, compare_spread);
    }
    bool ok = groups && out->at;
    free(groups);
    return ok ? STATUS_OK : fault_memory(fault);
}

void spread_list_release(struct spread_list *list) {
    free(list->at);
    *list = (struct spread_list){0};
}
