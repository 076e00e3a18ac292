/* The table response: how fast, how often, by whom messages were answered. */
#include "stages/care/care_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* What one row is about. */
struct scope {
    const char *account; /* as the table shows it */
    int16_t only;        /* that account; -1: all */
    char channel[32];
    bool wanted[CARE_CHANNELS];
    bool whole; /* the row of all channels */
    enum care_basis basis;
    char period[32];
    int64_t from_s, to_s;
    const struct care_crisis *crisis; /* NULL: not the time of one */
    const uint32_t *turns;            /* [turn_count] NULL: all in the time */
    size_t turn_count;
    const uint32_t *posts; /* [post_count] */
    size_t post_count;
};

/* Memory that all rows share. */
struct counting {
    const struct care *care;
    const struct mention_table *m;
    struct waiting *first, *all, *open; /* [turn_count] */
    int64_t *resolved;                  /* [conversation_count] */
    uint32_t *conversation, *author;    /* the row in which each was counted last */
    uint32_t row;
};

struct sums {
    size_t first, all;
    int64_t off_observed, off_answered, answered_1h, answered_24h;
    int64_t score[2], scored[2]; /* of turns not answered, answered */
    int64_t change, changed;
    size_t resolved;
};

static bool once(uint32_t *seen, uint32_t row) {
    bool first = *seen != row;
    *seen = row;
    return first;
}

/* ---- turns ---- */

static void add_latency(struct counting *c, const struct care_turn *turn, struct sums *sums,
                        struct response_row *row) {
    const struct care *care = c->care;
    int64_t until = care_observed_until(care, turn->channel, turn->start_s);
    int64_t watched_s = until - turn->start_s, wait_s = care_wait(care, turn);
    bool open = open_at(care->input.open, turn->start_s);
    bool within_1h = wait_s >= 0 && wait_s <= SECONDS_PER_HOUR;
    bool within_24h = wait_s >= 0 && wait_s <= SECONDS_PER_DAY;
    row->turns_off_hours += !open;
    if (turn->answer != CARE_NONE && wait_s < 0)
        return; /* answered, nobody knows when */
    if (watched_s >= SECONDS_PER_HOUR) {
        row->observed_turns_1h++;
        sums->answered_1h += within_1h;
        sums->off_observed += !open;
        sums->off_answered += !open && within_1h;
    }
    if (watched_s >= SECONDS_PER_DAY) {
        row->observed_turns_24h++;
        sums->answered_24h += within_24h;
    }
    bool event = care_seen(care, turn);
    int64_t seconds = event ? wait_s : watched_s;
    struct waiting wait = waiting_make(seconds, event);
    c->all[sums->all++] = wait;
    if (!(turn->marks & TURN_FIRST))
        return;
    c->first[sums->first] = wait;
    c->open[sums->first++] =
        waiting_make(open_between(care->input.open, turn->start_s, turn->start_s + seconds), event);
}

static void add_conversation(struct counting *c, const struct care_conversation *conversation,
                             struct sums *sums, struct response_row *row) {
    row->decided += conversation->state != STATE_PENDING;
    row->thanked += conversation->state == STATE_THANKED;
    if (care_resolved((enum care_state)conversation->state)) {
        row->resolved++;
        c->resolved[sums->resolved++] = conversation->resolved_s;
    }
    if (conversation->scored < 2)
        return;
    sums->changed++;
    sums->change += conversation->last_score - conversation->first_score;
}

static void add_turn(struct counting *c, uint32_t place, struct sums *sums,
                     struct response_row *row) {
    const struct care *care = c->care;
    const struct care_turn *turn = &care->turns[place];
    const struct care_post *first = &care->posts[turn->first];
    bool answered = turn->answer != CARE_NONE;
    row->turns_all++;
    row->conversations += once(&c->conversation[turn->conversation], c->row);
    row->customers += once(&c->author[turn->author], c->row);
    if (!(turn->marks & TURN_ACTIONABLE))
        return;
    row->turns++;
    row->answered += answered;
    row->inferred += (turn->marks & TURN_INFERRED) != 0;
    if (answered) {
        int16_t by = care->posts[turn->answer].account;
        row->answered_elsewhere += turn->account >= 0 && by >= 0 && by != turn->account;
        row->deflected += (care->posts[turn->answer].marks & MARK_DEFLECTS) != 0;
    }
    if (c->m->label[first->row] != LABEL_NONE) {
        sums->scored[answered]++;
        sums->score[answered] += c->m->score_milli[first->row];
    }
    add_latency(c, turn, sums, row);
    const struct care_conversation *conversation = &care->conversations[turn->conversation];
    if (conversation->first_turn == place)
        add_conversation(c, conversation, sums, row);
}

static void add_turns(struct counting *c, const struct scope *scope, struct sums *sums,
                      struct response_row *row) {
    const struct care *care = c->care;
    struct care_range range = care_turns_in(care, scope->from_s, scope->to_s);
    size_t count = scope->turns ? scope->turn_count : range.last - range.first;
    c->row++;
    for (size_t i = 0; i < count; i++) {
        uint32_t place = scope->turns ? scope->turns[i] : (uint32_t)(range.first + i);
        const struct care_turn *turn = &care->turns[place];
        if (scope->wanted[turn->channel] && !(turn->marks & TURN_UNADDRESSED))
            add_turn(c, place, sums, row);
    }
}

static void add_posts(const struct counting *c, const struct scope *scope,
                      struct response_row *row) {
    const struct care *care = c->care;
    struct care_range range = care_posts_in(care, scope->from_s, scope->to_s);
    size_t count = scope->posts ? scope->post_count : range.last - range.first;
    for (size_t i = 0; i < count; i++) {
        const struct care_post *post =
            &care->posts[scope->posts ? scope->posts[i] : range.first + i];
        if (!scope->wanted[post->channel])
            continue;
        row->received += care_received(post);
        if (scope->only >= 0 || post->class != CLASS_UNADDRESSED || post->marks & MARK_VOID)
            continue;
        row->unaddressed++;
        row->proactive += post->turn != CARE_NONE && care->turns[post->turn].answer != CARE_NONE;
    }
}

/* ---- figures ---- */

static double ratio(const struct care *care, int64_t x, int64_t n) {
    return care_share(care, x, n).share;
}

static bool put_first(const struct care *care, struct waiting *waits, size_t count,
                      struct response_row *row) {
    struct survival curve;
    row->first_turns = (int32_t)count;
    if (!care_enough(care, (int64_t)count))
        return true;
    if (!survival_fit(&curve, waits, count))
        return false;
    struct quantile half = survival_quantile(&curve, 0.5);
    row->frt_median_s = half.value;
    row->frt_median_low_s = half.low;
    row->frt_median_high_s = half.high;
    row->frt_p75_s = survival_quantile(&curve, 0.75).value;
    row->frt_p90_s = survival_quantile(&curve, 0.9).value;
    row->frt_mean_s = curve.event_count ? curve.event_sum / (double)curve.event_count : NAN;
    row->km_15m = survival_within(&curve, 900);
    row->km_1h = survival_within(&curve, SECONDS_PER_HOUR);
    row->km_4h = survival_within(&curve, 4 * SECONDS_PER_HOUR);
    row->km_24h = survival_within(&curve, SECONDS_PER_DAY);
    survival_release(&curve);
    return true;
}

static bool put_median(const struct care *care, struct waiting *waits, size_t count, double *out) {
    struct survival curve;
    if (!care_enough(care, (int64_t)count))
        return true;
    if (!survival_fit(&curve, waits, count))
        return false;
    *out = survival_quantile(&curve, 0.5).value;
    survival_release(&curve);
    return true;
}

static bool put_figures(struct counting *c, const struct sums *sums, struct response_row *row) {
    const struct care *care = c->care;
    struct proportion rate = care_share(care, row->answered, row->turns);
    row->response_rate = rate.share;
    row->response_rate_low = rate.low;
    row->response_rate_high = rate.high;
    row->rr_1h = ratio(care, sums->answered_1h, row->observed_turns_1h);
    row->rr_24h = ratio(care, sums->answered_24h, row->observed_turns_24h);
    row->rr_1h_off_hours = ratio(care, sums->off_answered, sums->off_observed);
    row->resolved_rate = ratio(care, row->resolved, row->decided);
    if (care_enough(care, row->resolved))
        row->resolution_median_s = plain_median(c->resolved, sums->resolved);
    if (care_enough(care, sums->scored[1]))
        row->sentiment_answered = (double)sums->score[1] / 1000 / (double)sums->scored[1];
    if (care_enough(care, sums->scored[0]))
        row->sentiment_unanswered = (double)sums->score[0] / 1000 / (double)sums->scored[0];
    if (care_enough(care, sums->changed))
        row->sentiment_change = (double)sums->change / 1000 / (double)sums->changed;
    return put_first(care, c->first, sums->first, row) &&
           put_median(care, c->open, sums->first, &row->business_median_s) &&
           put_median(care, c->all, sums->all, &row->rt_median_s);
}

/* ---- the three bases ---- */

static bool fill_full(struct counting *c, const struct scope *scope, struct response_row *row) {
    struct sums sums = {0};
    row->received = row->turns_all = row->turns = row->conversations = row->customers = 0;
    row->answered = row->inferred = row->answered_elsewhere = row->deflected = 0;
    row->observed_turns_1h = row->observed_turns_24h = row->turns_off_hours = 0;
    row->decided = row->resolved = row->thanked = 0;
    if (scope->only < 0)
        row->unaddressed = row->proactive = 0;
    add_turns(c, scope, &sums, row);
    add_posts(c, scope, row);
    care_note_few(c->care, row->note, sizeof row->note, row->turns);
    return put_figures(c, &sums, row);
}

/* Only the posts answered are known: how long they waited, not how many wait. */
static bool fill_replies(struct counting *c, const struct scope *scope, struct response_row *row) {
    const struct care *care = c->care;
    size_t count = 0;
    for (size_t i = 0; i < care->parent_count; i++) {
        const struct answered_parent *parent = &care->parents[i];
        const struct care_post *answer = &care->posts[parent->answer];
        if (parent->at_s < scope->from_s || parent->at_s >= scope->to_s ||
            !scope->wanted[answer->channel] || (scope->only >= 0 && answer->account != scope->only))
            continue;
        c->first[count] = waiting_make(parent->wait_s, true);
        c->open[count++] = waiting_make(
            open_between(care->input.open, parent->at_s, parent->at_s + parent->wait_s), true);
    }
    row->answered = (int32_t)count;
    care_note_few(care, row->note, sizeof row->note, (int64_t)count);
    return put_first(care, c->first, count, row) &&
           put_median(care, c->open, count, &row->business_median_s);
}

static void fill_none(const struct counting *c, const struct scope *scope,
                      struct response_row *row) {
    const struct care *care = c->care;
    struct response_row counted = {0};
    add_posts(c, scope, &counted);
    if (!scope->crisis)
        row->unaddressed = counted.unaddressed;
    care_note(row->note, sizeof row->note,
              care->input.account_count ? "no_brand_posts" : "no_accounts");
}

/* When the brand first spoke after a crisis began. */
static void put_first_words(const struct care *care, const struct scope *scope,
                            struct response_row *row) {
    struct care_range range = care_posts_in(care, scope->crisis->onset_s, INT64_MAX);
    for (size_t i = range.first; i < range.last; i++) {
        const struct care_post *post = &care->posts[i];
        bool public = post->channel % 2 == 0;
        if (post->class != CLASS_OWN || post->marks & (MARK_AUTO | MARK_VOID) || !public ||
            (!scope->whole && !scope->wanted[post->channel]))
            continue;
        int64_t after_s = post->at_s - scope->crisis->onset_s;
        if (row->first_reply_s < 0)
            row->first_reply_s = after_s;
        if (post->marks & MARK_BROADCAST) {
            row->first_statement_s = after_s;
            return;
        }
    }
}

static bool add_row(struct counting *c, struct audit *audit, const struct scope *scope) {
    const struct care *care = c->care;
    struct response_row *row = care_row(care, audit, TABLE_RESPONSE);
    bool ok = true;
    if (!row)
        return false;
    ROW_SET(row, account, span_of(scope->account));
    ROW_SET(row, channel, span_of(scope->channel));
    ROW_SET(row, period, span_of(scope->period));
    ROW_SET(row, basis, span_of(care_basis_name(scope->basis)));
    if (scope->basis == BASIS_FULL)
        ok = fill_full(c, scope, row);
    else if (scope->basis == BASIS_REPLIES)
        ok = fill_replies(c, scope, row);
    else
        fill_none(c, scope, row);
    care_note_channels(care, scope->wanted, scope->from_s, scope->to_s, row->note,
                       sizeof row->note);
    if (scope->whole && scope->only < 0)
        care_note_left_out(care, row->note, sizeof row->note);
    if (scope->crisis)
        put_first_words(care, scope, row);
    return ok;
}

/* ---- periods ---- */

/* The months of `times` [count], ascending moments, for which the scope's rows are added. */
static bool add_months(struct counting *c, struct audit *audit, struct scope *scope) {
    const struct care *care = c->care;
    size_t at = 0;
    size_t count = scope->basis == BASIS_FULL ? care->input.count : care->parent_count;
    while (scope->basis != BASIS_NONE && at < count) {
        int64_t second = 0;
        bool found = false;
        for (; at < count && !found; at++) {
            const struct care_post *post = &care->posts[at];
            if (scope->basis == BASIS_FULL) {
                found = care_received(post) && care->channels[post->channel].basis == BASIS_FULL;
                second = post->at_s;
            } else {
                found = scope->wanted[care->posts[care->parents[at].answer].channel];
                second = care->parents[at].at_s;
            }
        }
        if (!found)
            break;
        struct civil local = civil_from_seconds(second + zone_offset(care->input.zone, second));
        care_month(care->input.zone, second, &scope->from_s, &scope->to_s);
        snprintf(scope->period, sizeof scope->period, "%04d-%02u", (int)local.year, local.month);
        if (!add_row(c, audit, scope))
            return false;
        while (at < count && (scope->basis == BASIS_FULL ? care->posts[at].at_s
                                                         : care->parents[at].at_s) < scope->to_s)
            at++;
    }
    return true;
}

static bool add_periods(struct counting *c, struct audit *audit, struct scope *scope) {
    const struct care *care = c->care;
    scope->from_s = INT64_MIN;
    scope->to_s = INT64_MAX;
    snprintf(scope->period, sizeof scope->period, "all");
    if (!add_row(c, audit, scope) || !add_months(c, audit, scope))
        return false;
    for (size_t i = 0; i < care->input.crisis_count; i++) {
        scope->crisis = &care->input.crises[i];
        scope->from_s = scope->crisis->onset_s;
        scope->to_s = scope->crisis->end_s;
        snprintf(scope->period, sizeof scope->period, "crisis:%zu", i + 1);
        if (!add_row(c, audit, scope))
            return false;
    }
    scope->crisis = NULL;
    return true;
}

static bool add_channels(struct counting *c, struct audit *audit) {
    const struct care *care = c->care;
    struct scope scope = {.account = "all", .only = -1, .whole = true, .basis = care->basis};
    care_best_channels(care, scope.wanted);
    snprintf(scope.channel, sizeof scope.channel, "all");
    bool ok = add_periods(c, audit, &scope);
    scope.whole = false;
    for (size_t i = 0; ok && i < CARE_CHANNELS; i++) {
        if (!care->channels[i].posts)
            continue;
        memset(scope.wanted, 0, sizeof scope.wanted);
        scope.wanted[i] = true;
        scope.basis = (enum care_basis)care->channels[i].basis;
        care_channel_name(i, scope.channel);
        ok = add_periods(c, audit, &scope);
    }
    return ok;
}

/* ---- accounts ---- */

/* Places in order of account; end[account] where its places end. */
struct by_account {
    uint32_t *at;
    size_t *end; /* [accounts] */
};

static bool sort_accounts(const struct care *care, bool turns, struct by_account *out) {
    size_t count = turns ? care->turn_count : care->input.count;
    *out = (struct by_account){malloc((count + 1) * sizeof *out->at),
                               calloc(care->account_count + 2, sizeof *out->end)};
    if (!out->at || !out->end)
        return false;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < count; i++) {
            int16_t account = turns ? care->turns[i].account : care->posts[i].account;
            bool counts =
                turns ? !(care->turns[i].marks & TURN_UNADDRESSED) : care_received(&care->posts[i]);
            if (account < 0 || !counts)
                continue;
            if (pass)
                out->at[out->end[account]++] = (uint32_t)i;
            else
                out->end[account + 1]++;
        }
        for (size_t i = 0; !pass && i < care->account_count; i++)
            out->end[i + 1] += out->end[i];
    }
    return true;
}

static bool add_accounts(struct counting *c, struct audit *audit) {
    const struct care *care = c->care;
    struct by_account turns, posts;
    bool ok = sort_accounts(care, true, &turns);
    ok = sort_accounts(care, false, &posts) && ok;
    for (size_t i = 0; ok && i < care->account_count; i++) {
        size_t turn = i ? turns.end[i - 1] : 0, post = i ? posts.end[i - 1] : 0;
        struct scope scope = {.account = care->account_names[i],
                              .only = (int16_t)i,
                              .whole = true,
                              .channel = "all",
                              .period = "all",
                              .basis = BASIS_FULL,
                              .from_s = INT64_MIN,
                              .to_s = INT64_MAX,
                              .turns = turns.at + turn,
                              .turn_count = turns.end[i] - turn,
                              .posts = posts.at + post,
                              .post_count = posts.end[i] - post};
        bool full = false, replies = false;
        for (size_t k = 0; k < scope.turn_count; k++)
            full |= care->channels[care->turns[scope.turns[k]].channel].basis == BASIS_FULL;
        for (size_t k = 0; k < care->parent_count; k++)
            replies |= care->posts[care->parents[k].answer].account == (int16_t)i;
        if (!full && !replies)
            continue;
        scope.basis = full ? BASIS_FULL : BASIS_REPLIES;
        for (size_t k = 0; k < CARE_CHANNELS; k++)
            scope.wanted[k] = care->channels[k].posts && care->channels[k].basis == scope.basis;
        ok = add_row(c, audit, &scope);
    }
    free(turns.at);
    free(turns.end);
    free(posts.at);
    free(posts.end);
    return ok;
}

enum status care_response(const struct care *care, struct audit *audit, struct fault *fault) {
    size_t waits = care->turn_count > care->parent_count ? care->turn_count : care->parent_count;
    struct counting c = {.care = care,
                         .m = care->input.mentions,
                         .first = malloc((waits + 1) * sizeof *c.first),
                         .all = malloc((waits + 1) * sizeof *c.all),
                         .open = malloc((waits + 1) * sizeof *c.open),
                         .resolved = malloc((care->conversation_count + 1) * sizeof *c.resolved),
                         .conversation =
                             calloc(care->conversation_count + 1, sizeof *c.conversation),
                         .author = calloc(care->author_count + 1, sizeof *c.author)};
    bool ok = c.first && c.all && c.open && c.resolved && c.conversation && c.author &&
              add_channels(&c, audit) && add_accounts(&c, audit);
    free(c.first);
    free(c.all);
    free(c.open);
    free(c.resolved);
    free(c.conversation);
    free(c.author);
    return ok ? STATUS_OK : fault_memory(fault);
}
