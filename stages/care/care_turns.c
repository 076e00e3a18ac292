/* Turns: what somebody said before the brand spoke, and the answer to it. */
#include "stages/care/care_parts.h"

#include <stdlib.h>

enum { CLOCK_SKEW_S = 60 };

/* Turns of which an answer is still awaited, in lists by who asked and by conversation. */
struct waiting_turns {
    struct counts by_author;        /* (conversation, author) -> turn + 1 */
    uint32_t *next;                 /* [turn] in the author's list; CARE_NONE */
    uint32_t *next_in_conversation; /* [turn] */
    uint32_t *in_conversation;      /* [conversation] turn; CARE_NONE */
};

struct turning {
    struct care *care;
    const struct mention_table *m;
    size_t cap;
    struct waiting_turns waiting;
};

static uint64_t pair_key(uint32_t conversation, uint64_t key) {
    return (key ^ ((uint64_t)conversation + 1) * UINT64_C(0x9E3779B97F4A7C15)) *
           UINT64_C(0xFF51AFD7ED558CCD);
}

/* ---- turns ---- */

static struct care_turn *new_turn(struct turning *t, uint32_t i) {
    struct care *care = t->care;
    if (care->turn_count == t->cap) {
        size_t more = t->cap + t->cap / 2 + 64;
        struct care_turn *turns = realloc(care->turns, more * sizeof *turns);
        if (!turns)
            return NULL;
        care->turns = turns;
        t->cap = more;
    }
    struct care_post *post = &care->posts[i];
    post->turn = (uint32_t)care->turn_count;
    care->turns[care->turn_count] = (struct care_turn){.start_s = post->at_s,
                                                       .first = i,
                                                       .last = i,
                                                       .conversation = post->conversation,
                                                       .author = post->author,
                                                       .answer = CARE_NONE,
                                                       .account = post->account,
                                                       .channel = post->channel};
    return &care->turns[care->turn_count++];
}

/* What a further post makes of a turn. */
static void add_to_turn(const struct turning *t, struct care_turn *turn, uint32_t i) {
    const struct care *care = t->care;
    struct care_post *post = &care->posts[i];
    uint16_t intents = t->m->intents[post->row];
    uint8_t stage = t->m->stage[post->row];
    post->turn = (uint32_t)(turn - care->turns);
    turn->last = i;
    turn->intents |= intents;
    turn->marks |= stage == STAGE_ASK ? TURN_ASKS : 0;
    if ((intents & INTENT_PURCHASE) && (stage == STAGE_APPEAL || stage == STAGE_ASK))
        turn->marks |= TURN_BUYS;
    turn->marks |= post->marks & MARK_EMOJI ? TURN_EMOJI : 0;
    if (post->marks & MARK_IDLE)
        return;
    if (!(turn->marks & TURN_ACTIONABLE))
        turn->state = (uint8_t)care_path_state(care, post);
    turn->marks |= TURN_ACTIONABLE;
}

/* All rows in their order: each author's last turn goes on until the brand has spoken. */
static bool find_turns(struct turning *t) {
    struct care *care = t->care;
    struct counts open = {0};
    int64_t burst_s = care->input.settings->burst_s;
    bool ok = true;
    for (uint32_t i = 0; ok && i < care->input.count; i++) {
        struct care_post *post = &care->posts[i];
        if (post->conversation == CARE_NONE)
            continue;
        struct care_conversation *conversation = &care->conversations[post->conversation];
        if (post->class == CLASS_OWN) {
            if (!(post->marks & MARK_AUTO))
                conversation->last_reply = i;
            continue;
        }
        if (post->class == CLASS_UNADDRESSED && !(post->marks & MARK_VOID)) {
            struct care_turn *alone = new_turn(t, i);
            ok = alone != NULL;
            if (ok) {
                add_to_turn(t, alone, i);
                alone->marks |= TURN_UNADDRESSED;
                alone->marks &= (uint8_t)~TURN_ACTIONABLE;
            }
        }
        if (!care_received(post) || !post->author)
            continue;
        uint64_t *last = counts_at(&open, pair_key(post->conversation, post->author));
        ok = last != NULL;
        if (!ok)
            break;
        struct care_turn *turn = *last ? &care->turns[*last - 1] : NULL;
        bool spoken =
            turn && conversation->last_reply != CARE_NONE && conversation->last_reply > turn->last;
        if (!turn || spoken || post->at_s - care->posts[turn->last].at_s > burst_s)
            turn = new_turn(t, i);
        ok = turn != NULL;
        if (ok) {
            add_to_turn(t, turn, i);
            *last = (uint64_t)(turn - care->turns) + 1;
        }
    }
    counts_release(&open);
    return ok;
}

/* A turn whose beginning has no exact time has no latency and is only counted; who asked first. */
static bool mark_first(struct turning *t) {
    struct care *care = t->care;
    struct counts seen = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < care->turn_count; i++) {
        struct care_turn *turn = &care->turns[i];
        if (care->posts[turn->first].marks & MARK_UNTIMED)
            turn->marks &= (uint8_t)~TURN_ACTIONABLE;
        if (!(turn->marks & TURN_ACTIONABLE))
            continue;
        uint64_t *known = counts_at(&seen, pair_key(turn->conversation, turn->author));
        ok = known != NULL;
        if (ok && !*known)
            turn->marks |= TURN_FIRST;
        if (ok)
            *known = 1;
    }
    counts_release(&seen);
    return ok;
}

/* ---- answers ---- */

/* The earlier of two; `post` is later in the rows than nothing. */
static void answer(struct care_turn *turn, uint32_t post, uint8_t mark) {
    if (turn->answer != CARE_NONE && turn->answer <= post)
        return;
    turn->answer = post;
    turn->marks = (uint8_t)((turn->marks & ~TURN_INFERRED) | mark);
}

/* Replies to a post of the turn itself. */
static void take_direct(struct turning *t) {
    struct care *care = t->care;
    for (uint32_t i = 0; i < care->input.count; i++) {
        const struct care_post *post = &care->posts[i];
        if (!care_replies(post, t->m) || post->parent == CARE_NONE)
            continue;
        uint32_t turn = care->posts[post->parent].turn;
        if (turn != CARE_NONE && post->at_s - care->turns[turn].start_s >= -CLOCK_SKEW_S)
            answer(&care->turns[turn], i, 0);
    }
}

static bool await(struct turning *t, uint32_t turn) {
    const struct care_turn *at = &t->care->turns[turn];
    t->waiting.next_in_conversation[turn] = t->waiting.in_conversation[at->conversation];
    t->waiting.in_conversation[at->conversation] = turn;
    if (!at->author)
        return true;
    uint64_t *head = counts_at(&t->waiting.by_author, pair_key(at->conversation, at->author));
    if (!head)
        return false;
    t->waiting.next[turn] = *head ? (uint32_t)(*head - 1) : CARE_NONE;
    *head = (uint64_t)turn + 1;
    return true;
}

static void answer_author(struct turning *t, uint32_t conversation, uint32_t author,
                          uint32_t post) {
    uint64_t key = pair_key(conversation, author);
    if (!author || !counts_find(&t->waiting.by_author, key))
        return;
    uint64_t *head = counts_at(&t->waiting.by_author, key);
    for (uint32_t turn = *head ? (uint32_t)(*head - 1) : CARE_NONE; turn != CARE_NONE;
         turn = t->waiting.next[turn])
        answer(&t->care->turns[turn], post, 0);
    *head = 0;
}

static void answer_all(struct turning *t, uint32_t conversation, uint32_t post, uint8_t mark) {
    for (uint32_t turn = t->waiting.in_conversation[conversation]; turn != CARE_NONE;
         turn = t->waiting.next_in_conversation[turn]) {
        bool alone = t->care->turns[turn].marks & TURN_UNADDRESSED;
        if (!mark || (!alone && t->care->turns[turn].answer == CARE_NONE))
            answer(&t->care->turns[turn], post, mark);
    }
    t->waiting.in_conversation[conversation] = CARE_NONE;
}

/* ---- who is addressed by an @name ---- */

/* (conversation, key of a handle or id) -> the brand's number of the author */
static bool index_names(struct turning *t, struct counts *names) {
    struct care *care = t->care;
    for (size_t i = 0; i < care->turn_count; i++) {
        const struct care_turn *turn = &care->turns[i];
        const struct care_post *post = &care->posts[turn->first];
        uint64_t keys[2] = {t->m->authors[t->m->author[post->row]],
                            handle_key((enum platform)t->m->platform[post->row],
                                       mention_table_string(t->m, post->row, STRING_AUTHOR))};
        for (int k = 0; turn->author && k < 2; k++) {
            uint64_t *author =
                keys[k] ? counts_at(names, pair_key(turn->conversation, keys[k])) : NULL;
            if (keys[k] && !author)
                return false;
            if (author && !*author)
                *author = turn->author;
        }
    }
    return true;
}

static void answer_name(struct turning *t, const struct counts *names, uint32_t i,
                        struct span name) {
    const struct care_post *post = &t->care->posts[i];
    enum platform platform = (enum platform)t->m->platform[post->row];
    uint64_t keys[2] = {platform_key(platform, name), handle_key(platform, name)};
    for (int k = 0; k < 2; k++) {
        const uint64_t *author =
            keys[k] ? counts_find(names, pair_key(post->conversation, keys[k])) : NULL;
        if (author)
            answer_author(t, post->conversation, (uint32_t)*author, i);
    }
}

static void answer_names(struct turning *t, const struct counts *names, uint32_t i) {
    struct names_reader reader = {.text = care_text(t->care, &t->care->posts[i])};
    struct span name;
    while (names_next(&reader, &name))
        answer_name(t, names, i, name);
}

/* Whom the row names, by number or, where only the handle is told, by its key. */
static void answer_named(struct turning *t, const struct counts *names, uint32_t i) {
    const struct care_post *post = &t->care->posts[i];
    const struct mention_link *link = care_link(t->care, post);
    if (post->parent != CARE_NONE)
        answer_author(t, post->conversation, t->care->posts[post->parent].author, i);
    if (!link || !link->reply_author_hash)
        return;
    const uint64_t *author =
        counts_find(names, pair_key(post->conversation, link->reply_author_hash));
    if (!author && link->reply_author)
        author =
            counts_find(names, pair_key(post->conversation, t->m->authors[link->reply_author]));
    if (author)
        answer_author(t, post->conversation, (uint32_t)*author, i);
}

static bool find_addressed(struct turning *t, bool inferring, const struct counts *names) {
    struct care *care = t->care;
    size_t begun = 0;
    memset(t->waiting.in_conversation, 0xFF,
           care->conversation_count * sizeof *t->waiting.in_conversation);
    for (uint32_t i = 0; i < care->input.count; i++) {
        const struct care_post *post = &care->posts[i];
        if (!care_replies(post, t->m) || post->conversation == CARE_NONE)
            continue;
        for (; begun < care->turn_count && care->turns[begun].start_s <= post->at_s; begun++)
            if (!await(t, (uint32_t)begun))
                return false;
        const struct mention_link *link = care_link(care, post);
        if (inferring) {
            struct names_reader reader = {.text = care_text(care, post)};
            struct span name;
            if (!(link && link->reply_to_hash) && !names_next(&reader, &name))
                answer_all(t, post->conversation, i, TURN_INFERRED);
            continue;
        }
        bool all = (t->m->flags[post->row] & POST_PRIVATE) || post->marks & MARK_DEVELOPER;
        if (all)
            answer_all(t, post->conversation, i, 0);
        answer_named(t, names, i);
        answer_names(t, names, i);
    }
    return true;
}

static bool find_answers(struct turning *t) {
    struct care *care = t->care;
    struct counts names = {0};
    t->waiting.next = malloc((care->turn_count + 1) * sizeof(uint32_t));
    t->waiting.next_in_conversation = malloc((care->turn_count + 1) * sizeof(uint32_t));
    t->waiting.in_conversation = malloc((care->conversation_count + 1) * sizeof(uint32_t));
    bool ok = t->waiting.next && t->waiting.next_in_conversation && t->waiting.in_conversation;
    if (ok)
        take_direct(t);
    ok = ok && index_names(t, &names) && find_addressed(t, false, &names);
    counts_release(&t->waiting.by_author);
    t->waiting.by_author = (struct counts){0};
    ok = ok && find_addressed(t, true, &names);
    counts_release(&t->waiting.by_author);
    counts_release(&names);
    free(t->waiting.next);
    free(t->waiting.next_in_conversation);
    free(t->waiting.in_conversation);
    return ok;
}

enum status care_find_turns(struct care *care, struct fault *fault) {
    struct turning t = {.care = care, .m = care->input.mentions};
    bool ok = find_turns(&t) && mark_first(&t) && find_answers(&t);
    return ok ? STATUS_OK : fault_memory(fault);
}

int64_t care_wait(const struct care *care, const struct care_turn *turn) {
    if (turn->answer == CARE_NONE || care->posts[turn->answer].marks & MARK_UNTIMED)
        return -1;
    int64_t wait_s = care->posts[turn->answer].at_s - turn->start_s;
    return wait_s > 0 ? wait_s : 0;
}

bool care_seen(const struct care *care, const struct care_turn *turn) {
    return care_wait(care, turn) >= 0 &&
           care->posts[turn->answer].at_s <=
               care_observed_until(care, turn->channel, turn->start_s);
}
