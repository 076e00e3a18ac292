/* The table replies: how the brand answers. */
#include "stages/care/care_parts.h"

#include <math.h>
#include <stdlib.h>

enum { CANNED_REPLIES = 3, CANNED_CUSTOMERS = 3 };

/* What the table counts of one own post. */
struct reply {
    uint32_t post, agent; /* number in `agents`; 0: not signed */
    uint32_t characters;
    bool counts; /* not automatic */
    bool named, apology, deflects, canned;
    uint64_t canned_key;
};

struct reading {
    const struct care *care;
    struct reply *replies; /* [count] in order */
    size_t count;
    struct symbols agents; /* the first is "": nobody */
};

/* Who signed, by all replies in their order. */
static bool name_agents(struct reading *reading) {
    const struct care *care = reading->care;
    bool ok = symbols_intern(&reading->agents, SPAN_LITERAL("")) == 0;
    for (size_t i = 0; ok && i < reading->count; i++) {
        struct reply *reply = &reading->replies[i];
        struct reply_cues cues = {0};
        if (!reply->agent)
            continue;
        reply_signature(care_text(care, &care->posts[reply->post]), &cues);
        reply->agent = symbols_intern(&reading->agents, span_of(cues.agent));
        ok = reply->agent != SYMBOL_NONE;
    }
    return ok;
}

static bool read_texts(const struct reading *reading) {
    const struct care *care = reading->care;
    bool failed = false;
#pragma omp parallel reduction(|| : failed)
    {
        struct words words;
        struct reply_cues cues;
        words_init(&words);
#pragma omp for schedule(dynamic, 1024)
        for (size_t i = 0; i < reading->count; i++) {
            struct reply *reply = &reading->replies[i];
            failed |= !reply_cues_read(&words, care_text(care, &care->posts[reply->post]), &cues);
            reply->characters = cues.characters;
            reply->named = cues.named;
            reply->apology = cues.apology;
            reply->deflects = cues.deflects;
            reply->canned_key = cues.canned_key;
            reply->agent = cues.signed_by && reply->counts;
        }
        words_release(&words);
    }
    return !failed;
}

static bool read_replies(struct reading *reading) {
    const struct care *care = reading->care;
    size_t most = 0;
    for (size_t i = 0; i < care->input.count; i++)
        most += care->posts[i].class == CLASS_OWN;
    reading->replies = calloc(most + 1, sizeof *reading->replies);
    for (uint32_t i = 0; reading->replies && i < care->input.count; i++) {
        const struct care_post *post = &care->posts[i];
        if (post->class == CLASS_OWN && !(post->marks & (MARK_BROADCAST | MARK_VOID)))
            reading->replies[reading->count++] =
                (struct reply){.post = i, .counts = !(post->marks & MARK_AUTO)};
    }
    return reading->replies && read_texts(reading) && name_agents(reading);
}

/* ---- one text for many ---- */

/* Of whom the reply is: the author answered, else whom the row names, the thread, the first @name.
 */
static uint64_t customer_of(const struct care *care, const struct care_post *post) {
    const struct mention_link *link = care_link(care, post);
    const struct mention_table *m = care->input.mentions;
    struct names_reader reader = {.text = care_text(care, post)};
    struct span name;
    uint32_t author = post->parent == CARE_NONE ? 0 : m->author[care->posts[post->parent].row];
    if (!author && link)
        author = link->reply_author;
    if (author)
        return m->authors[author];
    if (link && link->reply_author_hash)
        return link->reply_author_hash;
    if (link && link->conversation_hash)
        return link->conversation_hash;
    return names_next(&reader, &name) ? handle_key((enum platform)m->platform[post->row], name) : 0;
}

static bool mark_canned(struct reading *reading) {
    struct counts texts = {0}, pairs = {0}; /* key -> replies | customers << 32 */
    bool ok = true;
    for (size_t i = 0; ok && i < reading->count; i++) {
        const struct reply *reply = &reading->replies[i];
        if (!reply->counts || !reply->canned_key)
            continue;
        uint64_t customer = customer_of(reading->care, &reading->care->posts[reply->post]);
        uint64_t *pair = counts_at(&pairs, hash_sip_u64(reply->canned_key) ^ customer);
        uint64_t *text = pair ? counts_at(&texts, reply->canned_key) : NULL;
        ok = text != NULL;
        if (!ok)
            break;
        *text += 1 + (!*pair && customer ? UINT64_C(1) << 32 : 0);
        *pair = 1;
    }
    for (size_t i = 0; ok && i < reading->count; i++) {
        struct reply *reply = &reading->replies[i];
        const uint64_t *text = reply->canned_key ? counts_find(&texts, reply->canned_key) : NULL;
        reply->canned = reply->counts && text && (uint32_t)*text >= CANNED_REPLIES &&
                        *text >> 32 >= CANNED_CUSTOMERS;
    }
    counts_release(&texts);
    counts_release(&pairs);
    return ok;
}

/* ---- rows ---- */

/* Which replies a row is about: all in [first, last) of `order`. */
struct group {
    int16_t account; /* -1: all */
    uint32_t agent;  /* 0: all */
    const uint32_t *order;
    size_t first, last;
};

static void count_reply(const struct reply *reply, struct reply_row *row) {
    row->automatic += !reply->counts;
    if (!reply->counts)
        return;
    row->replies++;
    row->signed_by += reply->agent != 0;
    row->named += reply->named;
    row->apology += reply->apology;
    row->deflected += reply->deflects;
    row->canned += reply->canned;
}

static void count_turn(const struct care *care, const struct care_turn *turn,
                       struct reply_row *row) {
    const struct mention_table *m = care->input.mentions;
    const struct care_post *answer = &care->posts[turn->answer];
    uint8_t asked = m->language[care->posts[turn->first].row];
    uint8_t answered = m->language[answer->row];
    if (turn->marks & TURN_EMOJI) {
        row->emoji_turns++;
        row->emoji_mirrored += (answer->marks & MARK_EMOJI) != 0;
    }
    if (asked != LANGUAGE_OTHER && answered != LANGUAGE_OTHER) {
        row->language_turns++;
        row->language_matched += asked == answered;
    }
}

/* The counted turns that each reply answers, as lists. */
struct answered_turns {
    uint32_t *head;  /* [replies] turn; CARE_NONE */
    uint32_t *next;  /* [turns] */
    int64_t *values; /* [the more of both], for medians */
};

static void put_medians(const struct reading *reading, const struct answered_turns *turns,
                        const struct group *group, struct reply_row *row) {
    const struct care *care = reading->care;
    size_t count = 0;
    for (size_t i = group->first; i < group->last; i++)
        if (reading->replies[group->order[i]].counts)
            turns->values[count++] = reading->replies[group->order[i]].characters;
    if (care_enough(care, row->replies))
        row->length_median = plain_median(turns->values, count);
    count = 0;
    for (size_t i = group->first; i < group->last; i++)
        for (uint32_t turn = turns->head[group->order[i]]; turn != CARE_NONE;
             turn = turns->next[turn])
            if (care_wait(care, &care->turns[turn]) >= 0)
                turns->values[count++] = care_wait(care, &care->turns[turn]);
    if (care_enough(care, (int64_t)count))
        row->rt_median_s = plain_median(turns->values, count);
}

static bool add_group(const struct reading *reading, const struct answered_turns *turns,
                      struct audit *audit, const struct group *group) {
    const struct care *care = reading->care;
    struct reply_row *row = care_row(care, audit, TABLE_REPLIES);
    if (!row)
        return false;
    ROW_SET(row, account,
            span_of(group->account < 0 ? "all" : care->account_names[group->account]));
    ROW_SET(row, agent, group->agent ? reading->agents.names[group->agent] : SPAN_LITERAL("all"));
    row->replies = row->automatic = row->signed_by = row->named = row->apology = 0;
    row->deflected = row->canned = 0;
    if (care->basis == BASIS_FULL)
        row->emoji_turns = row->emoji_mirrored = row->language_turns = row->language_matched = 0;
    for (size_t i = group->first; i < group->last; i++) {
        uint32_t reply = group->order[i];
        count_reply(&reading->replies[reply], row);
        for (uint32_t turn = turns->head[reply]; turn != CARE_NONE; turn = turns->next[turn])
            count_turn(care, &care->turns[turn], row);
    }
    row->canned_share = care_share(care, row->canned, row->replies).share;
    put_medians(reading, turns, group, row);
    care_note_few(care, row->note, sizeof row->note, row->replies);
    return true;
}

/* Finds the reply that answers each actionable turn. */
static bool find_turns(const struct reading *reading, struct answered_turns *turns) {
    const struct care *care = reading->care;
    size_t most = reading->count > care->turn_count ? reading->count : care->turn_count;
    *turns = (struct answered_turns){malloc((reading->count + 1) * sizeof(uint32_t)),
                                     malloc((care->turn_count + 1) * sizeof(uint32_t)),
                                     malloc((most + 1) * sizeof(int64_t))};
    if (!turns->head || !turns->next || !turns->values)
        return false;
    memset(turns->head, 0xFF, reading->count * sizeof(uint32_t));
    for (size_t i = care->turn_count; i-- > 0;) {
        const struct care_turn *turn = &care->turns[i];
        size_t low = 0, high = reading->count;
        if (!care_counts(care, turn) || turn->answer == CARE_NONE)
            continue;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (reading->replies[middle].post < turn->answer)
                low = middle + 1;
            else
                high = middle;
        }
        if (low == reading->count || reading->replies[low].post != turn->answer)
            continue;
        turns->next[i] = turns->head[low];
        turns->head[low] = (uint32_t)i;
    }
    return true;
}

static int compare_names(const void *a, const void *b, void *names) {
    const struct span *of = names;
    return span_compare(of[*(const uint32_t *)a], of[*(const uint32_t *)b]);
}

/* The place of each agent by name, so that their order tells nothing. */
static uint32_t *rank_agents(const struct reading *reading) {
    uint32_t count = reading->agents.count;
    uint32_t *by_name = malloc((count + 1) * sizeof *by_name);
    uint32_t *rank = malloc((count + 1) * sizeof *rank);
    for (uint32_t i = 0; by_name && i < count; i++)
        by_name[i] = i;
    if (by_name && rank)
        qsort_r(by_name, count, sizeof *by_name, compare_names, reading->agents.names);
    for (uint32_t i = 0; by_name && rank && i < count; i++)
        rank[by_name[i]] = i;
    free(by_name);
    return rank;
}

/* A row for each account or, with `rank`, for each agent but nobody, who is the first by name. */
static bool add_groups(const struct reading *reading, const struct answered_turns *turns,
                       struct audit *audit, uint32_t *order, const uint32_t *rank) {
    const struct care *care = reading->care;
    size_t groups = rank ? reading->agents.count : care->account_count + 1;
    size_t *end = calloc(groups + 2, sizeof *end);
    bool ok = end != NULL;
    for (int pass = 0; pass < 2 && ok; pass++) {
        for (size_t i = 0; i < reading->count; i++) {
            const struct reply *reply = &reading->replies[i];
            size_t group =
                rank ? rank[reply->agent] : (size_t)(care->posts[reply->post].account + 1);
            if (pass)
                order[end[group]++] = (uint32_t)i;
            else
                end[group + 1]++;
        }
        for (size_t i = 0; !pass && i < groups; i++)
            end[i + 1] += end[i];
    }
    for (size_t i = 1; ok && i < groups; i++) {
        struct group group = {.account = -1, .order = order, .first = end[i - 1], .last = end[i]};
        if (group.first == group.last)
            continue;
        if (rank)
            group.agent = reading->replies[order[group.first]].agent;
        else
            group.account = (int16_t)(i - 1);
        ok = add_group(reading, turns, audit, &group);
    }
    free(end);
    return ok;
}

enum status care_replies_table(const struct care *care, struct audit *audit, struct fault *fault) {
    struct reading reading = {.care = care};
    struct answered_turns turns = {0};
    bool ok = read_replies(&reading) && mark_canned(&reading) && find_turns(&reading, &turns);
    uint32_t *order = malloc((reading.count + 1) * sizeof *order);
    uint32_t *rank = ok ? rank_agents(&reading) : NULL;
    ok = ok && order && rank;
    for (size_t i = 0; ok && i < reading.count; i++)
        order[i] = (uint32_t)i;
    struct group all = {.account = -1, .order = order, .last = reading.count};
    if (ok && reading.count)
        ok = add_group(&reading, &turns, audit, &all) &&
             add_groups(&reading, &turns, audit, order, NULL) &&
             add_groups(&reading, &turns, audit, order, rank);
    free(order);
    free(rank);
    free(turns.head);
    free(turns.next);
    free(turns.values);
    free(reading.replies);
    symbols_release(&reading.agents);
    return ok ? STATUS_OK : fault_memory(fault);
}
