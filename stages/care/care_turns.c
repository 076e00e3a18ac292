/* Turns: what somebody said before the brand spoke, and the answer to it. */
#include "stages/care/care_parts.h"

#include <stdlib.h>

enum { CLOCK_SKEW_S = 60 };

/* Turns of which an answer is still awaited, in lists by who asked and by conversation. */
struct waiting_turns {
    uint32_t *of_pair;              /* [pair] turn; CARE_NONE */
    uint32_t *next;                 /* [turn] in the pair's list; CARE_NONE */
    uint32_t *next_in_conversation; /* [turn] */
    uint32_t *in_conversation;      /* [conversation] turn; CARE_NONE */
};

/* An author in a conversation. Most go on where they were last, so that is looked at first. */
struct pairs {
    struct counts numbers; /* (conversation, author) -> pair + 1 */
    struct recent_pair {
        uint32_t conversation, pair;
    } * recent; /* [authors] */
    struct pair {
        uint32_t turn; /* the last one of messages; CARE_NONE */
        bool asked;    /* an actionable turn is there */
        uint64_t name; /* key of the handle of the last turn */
    } * at;            /* [count] */
    size_t count, cap;
};

struct turning {
    struct care *care;
    const struct mention_table *m;
    size_t cap;
    struct pairs pairs;
    struct counts ids;   /* key of an author -> its number with the brand */
    struct counts names; /* (conversation, key of a handle) -> pair + 1 */
    struct waiting_turns waiting;
};

static uint64_t pair_key(uint32_t conversation, uint64_t key) {
    return (key ^ ((uint64_t)conversation + 1) * UINT64_C(0x9E3779B97F4A7C15)) *
           UINT64_C(0xFF51AFD7ED558CCD);
}

static bool pairs_begin(struct turning *t) {
    size_t authors = t->care->author_count + 1;
    t->pairs.recent = malloc(authors * sizeof *t->pairs.recent);
    if (t->pairs.recent)
        memset(t->pairs.recent, 0xFF, authors * sizeof *t->pairs.recent);
    return t->pairs.recent != NULL;
}

/* CARE_NONE: there is none. */
static uint32_t pair_find(struct turning *t, uint32_t conversation, uint32_t author) {
    struct recent_pair *recent = &t->pairs.recent[author];
    if (recent->conversation == conversation)
        return recent->pair;
    const uint64_t *number = counts_find(&t->pairs.numbers, pair_key(conversation, author));
    if (!number)
        return CARE_NONE;
    *recent = (struct recent_pair){conversation, (uint32_t)*number - 1};
    return recent->pair;
}

/* CARE_NONE: out of memory. */
static uint32_t pair_at(struct turning *t, uint32_t conversation, uint32_t author) {
    struct pairs *pairs = &t->pairs;
    uint32_t found = pair_find(t, conversation, author);
    if (found != CARE_NONE)
        return found;
    if (pairs->count == pairs->cap) {
        size_t cap = pairs->cap + pairs->cap / 2 + 64;
        struct pair *at = realloc(pairs->at, cap * sizeof *at);
        if (!at)
            return CARE_NONE;
        pairs->at = at;
        pairs->cap = cap;
    }
    uint64_t *number = counts_at(&pairs->numbers, pair_key(conversation, author));
    if (!number)
        return CARE_NONE;
    pairs->at[pairs->count] = (struct pair){.turn = CARE_NONE};
    pairs->recent[author] = (struct recent_pair){conversation, (uint32_t)pairs->count};
    *number = ++pairs->count;
    return (uint32_t)pairs->count - 1;
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
    uint32_t pair = post->author ? pair_at(t, post->conversation, post->author) : CARE_NONE;
    if (post->author && pair == CARE_NONE)
        return NULL;
    post->turn = (uint32_t)care->turn_count;
    care->turns[care->turn_count] = (struct care_turn){.start_s = post->at_s,
                                                       .pair = pair,
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

static bool add_unaddressed(struct turning *t, uint32_t i) {
    struct care_turn *alone = new_turn(t, i);
    if (!alone)
        return false;
    add_to_turn(t, alone, i);
    alone->marks |= TURN_UNADDRESSED;
    alone->marks &= (uint8_t)~TURN_ACTIONABLE;
    return true;
}

/* A message goes on with its author's last turn unless the brand spoke or it comes late. */
static bool add_message(struct turning *t, uint32_t i) {
    struct care *care = t->care;
    const struct care_post *post = &care->posts[i];
    uint32_t pair = pair_at(t, post->conversation, post->author);
    if (pair == CARE_NONE)
        return false;
    uint32_t last = t->pairs.at[pair].turn,
             reply = care->conversations[post->conversation].last_reply;
    struct care_turn *turn = last == CARE_NONE ? NULL : &care->turns[last];
    bool spoken = turn && reply != CARE_NONE && reply > turn->last;
    if (!turn || spoken ||
        post->at_s - care->posts[turn->last].at_s > care->input.settings->burst_s)
        turn = new_turn(t, i);
    if (!turn)
        return false;
    add_to_turn(t, turn, i);
    t->pairs.at[pair].turn = (uint32_t)(turn - care->turns);
    return true;
}

/* All rows in their order. */
static bool find_turns(struct turning *t) {
    struct care *care = t->care;
    bool ok = true;
    for (uint32_t i = 0; ok && i < care->input.count; i++) {
        struct care_post *post = &care->posts[i];
        if (post->conversation == CARE_NONE)
            continue;
        if (post->class == CLASS_OWN && !(post->marks & MARK_AUTO))
            care->conversations[post->conversation].last_reply = i;
        else if (post->class == CLASS_UNADDRESSED && !(post->marks & MARK_VOID))
            ok = add_unaddressed(t, i);
        else if (care_received(post) && post->author)
            ok = add_message(t, i);
    }
    return ok;
}

/* A turn whose beginning has no exact time has no latency and is only counted; who asked first. */
static void mark_first(struct turning *t) {
    struct care *care = t->care;
    for (size_t i = 0; i < care->turn_count; i++) {
        struct care_turn *turn = &care->turns[i];
        if (care->posts[turn->first].marks & MARK_UNTIMED)
            turn->marks &= (uint8_t)~TURN_ACTIONABLE;
        if (!(turn->marks & TURN_ACTIONABLE))
            continue;
        if (!t->pairs.at[turn->pair].asked)
            turn->marks |= TURN_FIRST;
        t->pairs.at[turn->pair].asked = true;
    }
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

static void await(struct turning *t, uint32_t turn) {
    const struct care_turn *at = &t->care->turns[turn];
    struct waiting_turns *waiting = &t->waiting;
    waiting->next_in_conversation[turn] = waiting->in_conversation[at->conversation];
    waiting->in_conversation[at->conversation] = turn;
    if (at->pair == CARE_NONE)
        return;
    waiting->next[turn] = waiting->of_pair[at->pair];
    waiting->of_pair[at->pair] = turn;
}

static void answer_pair(struct turning *t, uint32_t pair, uint32_t post) {
    if (pair == CARE_NONE)
        return;
    for (uint32_t turn = t->waiting.of_pair[pair]; turn != CARE_NONE; turn = t->waiting.next[turn])
        answer(&t->care->turns[turn], post, 0);
    t->waiting.of_pair[pair] = CARE_NONE;
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

/* Of authors with turns: their keys, and their handles in each conversation. */
static bool index_names(struct turning *t) {
    struct care *care = t->care;
    for (size_t i = 0; i < care->turn_count; i++) {
        const struct care_turn *turn = &care->turns[i];
        const struct care_post *post = &care->posts[turn->first];
        if (turn->pair == CARE_NONE)
            continue;
        struct pair *pair = &t->pairs.at[turn->pair];
        uint64_t key = handle_key((enum platform)t->m->platform[post->row],
                                  mention_table_string(t->m, post->row, STRING_AUTHOR));
        if (!key || key == pair->name)
            continue;
        uint64_t *number = counts_at(&t->names, pair_key(turn->conversation, key));
        if (!number)
            return false;
        if (!*number)
            *number = (uint64_t)turn->pair + 1;
        pair->name = key;
    }
    for (size_t i = 1; i < care->author_count; i++) {
        uint64_t key = t->m->authors[care->authors[i]];
        uint64_t *author = key ? counts_at(&t->ids, key) : NULL;
        if (key && !author)
            return false;
        if (author)
            *author = i;
    }
    return true;
}

/* Who has this key, an author's or a handle's, in the conversation; CARE_NONE: nobody with a turn.
 */
static uint32_t pair_named(struct turning *t, uint32_t conversation, uint64_t key) {
    const uint64_t *author = key ? counts_find(&t->ids, key) : NULL;
    uint32_t pair = author ? pair_find(t, conversation, (uint32_t)*author) : CARE_NONE;
    if (pair != CARE_NONE || !key)
        return pair;
    const uint64_t *number = counts_find(&t->names, pair_key(conversation, key));
    return number ? (uint32_t)*number - 1 : CARE_NONE;
}

static void answer_name(struct turning *t, uint32_t i, struct span name) {
    const struct care_post *post = &t->care->posts[i];
    enum platform platform = (enum platform)t->m->platform[post->row];
    uint64_t keys[2] = {platform_key(platform, name), handle_key(platform, name)};
    for (int k = 0; k < 2; k++)
        answer_pair(t, pair_named(t, post->conversation, keys[k]), i);
}

static void answer_names(struct turning *t, uint32_t i) {
    struct names_reader reader = {.text = care_text(t->care, &t->care->posts[i])};
    struct span name;
    while (names_next(&reader, &name))
        answer_name(t, i, name);
}

/* Whom the row names: the author of the post answered, or by number or key. */
static void answer_named(struct turning *t, uint32_t i) {
    const struct care *care = t->care;
    const struct care_post *post = &care->posts[i];
    const struct mention_link *link = care_link(care, post);
    if (post->parent != CARE_NONE && care->posts[post->parent].author)
        answer_pair(t, pair_find(t, post->conversation, care->posts[post->parent].author), i);
    if (!link || !link->reply_author_hash)
        return;
    uint32_t pair = pair_named(t, post->conversation, link->reply_author_hash);
    if (pair == CARE_NONE && link->reply_author)
        pair = pair_named(t, post->conversation, t->m->authors[link->reply_author]);
    answer_pair(t, pair, i);
}

/* Only when no reply is found that names somebody: one that names nobody. */
static void answer_nobody(struct turning *t, uint32_t i) {
    const struct care_post *post = &t->care->posts[i];
    const struct mention_link *link = care_link(t->care, post);
    struct names_reader reader = {.text = care_text(t->care, post)};
    struct span name;
    if (!(link && link->reply_to_hash) && !names_next(&reader, &name))
        answer_all(t, post->conversation, i, TURN_INFERRED);
}

static void find_addressed(struct turning *t, bool inferring) {
    struct care *care = t->care;
    uint32_t begun = 0;
    memset(t->waiting.in_conversation, 0xFF,
           care->conversation_count * sizeof *t->waiting.in_conversation);
    memset(t->waiting.of_pair, 0xFF, t->pairs.count * sizeof *t->waiting.of_pair);
    for (uint32_t i = 0; i < care->input.count; i++) {
        const struct care_post *post = &care->posts[i];
        if (!care_replies(post, t->m) || post->conversation == CARE_NONE)
            continue;
        for (; begun < care->turn_count && care->turns[begun].start_s <= post->at_s; begun++)
            await(t, begun);
        if (inferring) {
            answer_nobody(t, i);
            continue;
        }
        if (t->m->flags[post->row] & POST_PRIVATE || post->marks & MARK_DEVELOPER)
            answer_all(t, post->conversation, i, 0);
        answer_named(t, i);
        answer_names(t, i);
    }
}

static bool find_answers(struct turning *t) {
    struct care *care = t->care;
    t->waiting = (struct waiting_turns){
        .of_pair = malloc((t->pairs.count + 1) * sizeof(uint32_t)),
        .next = malloc((care->turn_count + 1) * sizeof(uint32_t)),
        .next_in_conversation = malloc((care->turn_count + 1) * sizeof(uint32_t)),
        .in_conversation = malloc((care->conversation_count + 1) * sizeof(uint32_t))};
    if (!t->waiting.of_pair || !t->waiting.next || !t->waiting.next_in_conversation ||
        !t->waiting.in_conversation || !index_names(t))
        return false;
    take_direct(t);
    find_addressed(t, false);
    find_addressed(t, true);
    return true;
}

static void turning_release(struct turning *t) {
    counts_release(&t->pairs.numbers);
    counts_release(&t->ids);
    counts_release(&t->names);
    free(t->pairs.recent);
    free(t->pairs.at);
    free(t->waiting.of_pair);
    free(t->waiting.next);
    free(t->waiting.next_in_conversation);
    free(t->waiting.in_conversation);
}

enum status care_find_turns(struct care *care, struct fault *fault) {
    struct turning t = {.care = care, .m = care->input.mentions};
    bool ok = pairs_begin(&t) && find_turns(&t);
    if (ok) {
        mark_first(&t);
        ok = find_answers(&t);
    }
    care->pair_count = t.pairs.count;
    turning_release(&t);
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
