/* The spread of an event: when did each group (channel, language, topic) leave its own baseline,
 * and which accounts carried it? */
#include "stages/events/period_counts.h"

#include <math.h>
#include <stdlib.h>

enum { LEFT_MENTIONS = 5, RISE_MENTIONS = 2 * LEFT_MENTIONS };
#define RISEN 2.0      /* times the group's own rate */
#define LEFT_TAIL 0.05 /* outside the interval, on each side */

/* group: a CUSUM of its mentions over twice its usual rate (Page 1954). Once that says that it has
 * left its baseline, the mentions of the rise tell since when. */
struct group {
    double rate, sum; /* usual mentions a second; the sum just after the last mention */
    int64_t last_s;
    int64_t mentions, negative, before, run; /* run: mentions since the sum began */
    bool left;
    int64_t rise_s[2 * RISE_MENTIONS]; /* [rises] its mentions until RISE_MENTIONS after it left */
    size_t rises, more;                /* more: of them since it left */
};

/* Of mentions that are about nothing named: no group. */
static size_t group_of(const struct brand_events *b, size_t i, enum spread_dimension dimension) {
    const struct mention_table *m = b->input.mentions;
    size_t row = b->input.rows.at[i];
    bool named = m->topic[row] != TOPIC_NONE && m->topic[row] != TOPIC_OTHER;
    switch (dimension) {
    case SPREAD_LANGUAGES:
        return m->language[row];
    case SPREAD_TOPICS:
        return named ? m->topic[row] : TOPIC_UNKNOWN;
    default:
        return b->input.channel[m->channel[row]];
    }
}

static size_t group_count(const struct brand_events *b, enum spread_dimension dimension) {
    return dimension == SPREAD_LANGUAGES ? LANGUAGE_COUNT
           : dimension == SPREAD_TOPICS  ? TOPIC_COUNT
                                         : b->input.channels;
}

/* The last mentions, of which the oldest are forgotten. */
static void keep_mention(struct group *group, int64_t second) {
    enum { KEPT = 2 * RISE_MENTIONS };
    if (group->rises == KEPT) {
        memmove(group->rise_s, group->rise_s + 1, (KEPT - 1) * sizeof *group->rise_s);
        group->rises--;
    }
    group->rise_s[group->rises++] = second;
}

static void take_mention(struct group *group, int64_t second) {
    double sum = group->sum - RISEN * group->rate * (double)(second - group->last_s);
    group->mentions++;
    if (!group->left && sum <= 0)
        group->run = 0;
    group->sum = fmax(sum, 0) + 1;
    group->last_s = second;
    if (group->more < LEFT_MENTIONS)
        keep_mention(group, second);
    group->more += group->left;
    if (!group->left && ++group->run >= LEFT_MENTIONS && group->sum >= LEFT_MENTIONS / 2.0)
        group->left = true;
}

/* The gap before a mention, as the place of the change: its share of the posterior, and how fast
 * that falls with the time between change and mention. */
struct change_gap {
    double weight, fall;
    int64_t from_s, to_s;
};

/* Where `part` of the posterior lies before. */
static int64_t change_quantile(const struct change_gap *gaps, size_t count, double part) {
    double total = 0, sum = 0;
    for (size_t i = 0; i < count; i++)
        total += gaps[i].weight;
    for (size_t i = 0; i < count; i++) {
        double inside = (part * total - sum) / gaps[i].weight;
        sum += gaps[i].weight;
        if (sum < part * total || gaps[i].weight <= 0)
            continue;
        /* the density is exp(-fall x time to the mention) */
        double width = (double)(gaps[i].to_s - gaps[i].from_s);
        double far = exp(-gaps[i].fall * width);
        double back = -log(far + inside * (1 - far)) / gaps[i].fall;
        return gaps[i].to_s - (int64_t)fmin(back, width);
    }
    return gaps[count - 1].to_s;
}

/* When a group left its baseline: the posterior of a change from its usual rate to the rate of what
 * followed, every moment since `from_s` being as likely beforehand. */
static struct spread left_at(const struct group *group, int64_t from_s, double least_rate) {
    struct change_gap gaps[2 * RISE_MENTIONS];
    double best = -INFINITY, likelihood[2 * RISE_MENTIONS], usual = fmax(group->rate, least_rate);
    size_t rises = group->rises, gap_count = 0;
    int64_t last_s = group->rise_s[rises - 1];
    if (group->mentions > (int64_t)rises && rises == 2 * RISE_MENTIONS)
        from_s = group->rise_s[0]; /* what came before is forgotten */
    for (size_t i = 0; i + LEFT_MENTIONS <= rises; i++) {
        int64_t at_s = group->rise_s[i], before_s = i ? group->rise_s[i - 1] : from_s;
        double after = (double)(rises - i);
        double rate = after / fmax((double)(last_s - at_s), 1);
        if (rate <= RISEN * usual)
            continue;
        double log_usual = (double)i * log(usual) - usual * (double)(at_s - from_s);
        likelihood[gap_count] = log_usual + after * log(rate) - after;
        best = fmax(best, likelihood[gap_count]);
        gaps[gap_count++] = (struct change_gap){
            .fall = rate - usual, .from_s = before_s < at_s ? before_s : at_s, .to_s = at_s};
    }
    if (!gap_count)
        return (struct spread){.left_s = last_s, .left_low_s = from_s, .left_high_s = last_s};
    for (size_t i = 0; i < gap_count; i++) {
        double width = (double)(gaps[i].to_s - gaps[i].from_s) + 1; /* of a second each */
        gaps[i].weight =
            exp(likelihood[i] - best) * (1 - exp(-gaps[i].fall * width)) / gaps[i].fall;
    }
    return (struct spread){.left_s = change_quantile(gaps, gap_count, 0.5),
                           .left_low_s = change_quantile(gaps, gap_count, LEFT_TAIL),
                           .left_high_s = change_quantile(gaps, gap_count, 1 - LEFT_TAIL)};
}

static int compare_spread(const void *a, const void *b) {
    const struct spread *x = a, *y = b;
    if ((x->left_s < 0) != (y->left_s < 0))
        return x->left_s < 0 ? 1 : -1;
    if (x->left_s != y->left_s)
        return x->left_s < y->left_s ? -1 : 1;
    return (x->group > y->group) - (x->group < y->group);
}

static void run_groups(const struct brand_events *b, const struct event *event,
                       enum spread_dimension dimension, struct group *groups, size_t count) {
    const struct mention_table *m = b->input.mentions;
    const int64_t *time = m->created_at_us;
    struct row_range before = brand_rows(b, event->onset_s - BEFORE_S, event->onset_s);
    double days = count_quiet(b, event->onset_s - BEFORE_S, event->onset_s, event).days;
    for (size_t i = before.first; i < before.last; i++) {
        size_t group = group_of(b, i, dimension);
        if (group < count && !in_events(b, floor_div(time[b->input.rows.at[i]], US_PER_S)))
            groups[group].before++;
    }
    for (size_t g = 0; g < count; g++) {
        groups[g].last_s = event->onset_low_s;
        groups[g].rate = days > 0 ? (double)groups[g].before / (days * SECONDS_PER_DAY) : 0;
    }
    struct row_range range = brand_rows(b, event->onset_low_s, event->end_s);
    for (size_t i = range.first; i < range.last; i++) {
        size_t group = group_of(b, i, dimension);
        if (group >= count || !event_has(b, event, i))
            continue;
        take_mention(&groups[group], floor_div(time[b->input.rows.at[i]], US_PER_S));
        groups[group].negative += m->label[b->input.rows.at[i]] == LABEL_NEGATIVE;
    }
}

enum status event_spread(const struct brand_events *b, const struct event *event,
                         enum spread_dimension dimension, struct spread_list *out,
                         struct fault *fault) {
    size_t count = group_count(b, dimension);
    struct group *groups = calloc(count + 1, sizeof *groups);
    *out = (struct spread_list){malloc((count + 1) * sizeof *out->at), 0};
    if (groups && out->at) {
        double seconds = (double)(event->end_s - event->onset_low_s);
        run_groups(b, event, dimension, groups, count);
        for (size_t g = 0; g < count; g++) {
            if (!groups[g].mentions)
                continue;
            struct spread spread = {.left_s = -1, .left_low_s = -1, .left_high_s = -1};
            if (groups[g].left)
                spread = left_at(&groups[g], event->onset_low_s, 1 / (double)BEFORE_S);
            spread.group = g;
            spread.mentions = groups[g].mentions;
            spread.negative = groups[g].negative;
            spread.usual = groups[g].rate * seconds;
            out->at[out->count++] = spread;
        }
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

bool spread_first_is_sure(const struct spread_list *list) {
    if (!list->count || list->at[0].left_s < 0)
        return false;
    return list->count == 1 || list->at[1].left_s < 0 ||
           list->at[0].left_high_s <= list->at[1].left_s;
}

/* ---- carriers ---- */

struct author_post {
    uint32_t author, row;
};

static int by_author(const void *a, const void *b) {
    const struct author_post *x = a, *y = b;
    if (x->author != y->author)
        return x->author < y->author ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static bool carries_more(const struct mention_table *m, const struct carrier *x,
                         const struct carrier *y) {
    if (x->reach != y->reach)
        return x->reach > y->reach;
    if (x->mentions != y->mentions)
        return x->mentions > y->mentions;
    return m->authors[m->author[x->row]] < m->authors[m->author[y->row]];
}

/* The sum of one author's posts. */
static struct carrier carrier_of(const struct mention_table *m, const struct author_post *posts,
                                 size_t count) {
    struct carrier carrier = {.row = posts->row, .newcomer = true};
    for (size_t i = 0; i < count; i++) {
        uint32_t row = posts[i].row;
        carrier.mentions++;
        carrier.negative += m->label[row] == LABEL_NEGATIVE;
        carrier.reposts += m->kind[row] == POST_REPOST;
        carrier.reach += mention_reach(m, row);
        if (m->followers[row] > m->followers[carrier.row])
            carrier.row = row;
    }
    return carrier;
}

static void insert_carrier(const struct mention_table *m, struct carrier carrier,
                           struct carrier_list *list) {
    size_t at = list->count;
    if (at == CARRIERS_MAX && !carries_more(m, &carrier, &list->at[at - 1]))
        return;
    list->count += at < CARRIERS_MAX;
    for (at = list->count - 1; at && carries_more(m, &carrier, &list->at[at - 1]); at--)
        list->at[at] = list->at[at - 1];
    list->at[at] = carrier;
}

enum status event_carriers(const struct brand_events *b, const struct event *event,
                           struct carrier_list *out, struct fault *fault) {
    const struct mention_table *m = b->input.mentions;
    struct row_range range = brand_rows(b, event->onset_s, event->end_s);
    struct author_post *posts = malloc((range.last - range.first + 1) * sizeof *posts);
    size_t count = 0;
    out->count = 0;
    if (!posts)
        return fault_memory(fault);
    for (size_t i = range.first; i < range.last; i++) {
        uint32_t row = b->input.rows.at[i];
        if (m->author[row] && event_has(b, event, i)) /* the unknown are no author */
            posts[count++] = (struct author_post){m->author[row], row};
    }
    if (count)
        qsort(posts, count, sizeof *posts, by_author);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && posts[to].author == posts[from].author; to++)
            ;
        insert_carrier(m, carrier_of(m, &posts[from], to - from), out);
    }
    for (size_t i = 0; i < range.first; i++)
        for (size_t k = 0; k < out->count; k++)
            if (m->author[b->input.rows.at[i]] == m->author[out->at[k].row])
                out->at[k].newcomer = false;
    free(posts);
    return STATUS_OK;
}
