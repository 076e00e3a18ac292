/* What came of each conversation. */
#include "stages/care/care_parts.h"

#include <stdlib.h>

enum { AFTER_S = 7 * SECONDS_PER_DAY };

const char *care_state_name(enum care_state state) {
    static const char *const names[] = {[STATE_NOTHING_ASKED] = "nothing_asked",
                                        [STATE_THANKED] = "thanked",
                                        [STATE_UNANSWERED] = "unanswered",
                                        [STATE_UNRESOLVED] = "unresolved",
                                        [STATE_DEFLECTED] = "deflected",
                                        [STATE_PRESUMED_CLOSED] = "presumed_closed",
                                        [STATE_PENDING] = "pending"};
    return names[state];
}

/* A customer in a conversation. */
struct visit {
    uint32_t conversation, before; /* of the same customer in the same thread; CARE_NONE */
};

struct settling {
    struct care *care;
    uint8_t *seen; /* [pairs] 1: a message by that author in that conversation */
    uint8_t *cut;  /* [posts] of a thread's first post: how many conversations it holds, 0..2 */
    struct counts last; /* (thread, author) -> visit + 1, of threads with several */
    struct visit *visits;
    size_t count, cap;
    uint8_t *returned; /* [conversation] 1: a customer asked again soon after its end */
};

static bool add_visit(struct settling *s, uint64_t *last, uint32_t conversation) {
    if (*last && s->visits[*last - 1].conversation == conversation)
        return true;
    if (s->count == s->cap) {
        size_t cap = s->cap + s->cap / 2 + 64;
        struct visit *visits = realloc(s->visits, cap * sizeof *visits);
        if (!visits)
            return false;
        s->visits = visits;
        s->cap = cap;
    }
    s->visits[s->count] = (struct visit){conversation, *last ? (uint32_t)(*last - 1) : CARE_NONE};
    *last = ++s->count;
    return true;
}

/* An actionable turn in a thread whose earlier conversations ended not long ago. */
static void note_return(struct settling *s, uint64_t last, int64_t start_s) {
    const struct care *care = s->care;
    for (uint32_t at = s->visits[last - 1].before; at != CARE_NONE; at = s->visits[at].before) {
        uint32_t conversation = s->visits[at].conversation;
        if (start_s - care->posts[care->conversations[conversation].last].at_s > AFTER_S)
            return;
        s->returned[conversation] = 1;
    }
}

static bool add_to_visits(struct settling *s, uint32_t i, const struct care_turn *turn) {
    const struct care_post *post = &s->care->posts[i];
    uint64_t thread = s->care->conversations[post->conversation].component;
    uint64_t *last =
        counts_at(&s->last, (thread << 32 | post->author) * UINT64_C(0x9E3779B97F4A7C15));
    if (!last || !add_visit(s, last, post->conversation))
        return false;
    if (turn->first == i && turn->marks & TURN_ACTIONABLE)
        note_return(s, *last, turn->start_s);
    return true;
}

static bool find_visits(struct settling *s) {
    struct care *care = s->care;
    for (size_t i = 0; i < care->conversation_count; i++) {
        uint8_t *cut = &s->cut[care->conversations[i].component];
        *cut += *cut < 2;
    }
    for (uint32_t i = 0; i < care->input.count; i++) {
        const struct care_post *post = &care->posts[i];
        if (!care_received(post) || !post->author)
            continue;
        struct care_conversation *conversation = &care->conversations[post->conversation];
        const struct care_turn *turn = &care->turns[post->turn];
        conversation->customers += !s->seen[turn->pair];
        s->seen[turn->pair] = 1;
        if (s->cut[conversation->component] > 1 && !add_to_visits(s, i, turn))
            return false;
    }
    return true;
}

static void add_turns(struct care *care) {
    for (uint32_t i = 0; i < care->turn_count; i++) {
        const struct care_turn *turn = &care->turns[i];
        struct care_conversation *conversation = &care->conversations[turn->conversation];
        if (!(turn->marks & TURN_ACTIONABLE))
            continue;
        if (conversation->first_turn == CARE_NONE)
            conversation->first_turn = i;
        conversation->last_turn = i;
        conversation->turns++;
        if (turn->answer == CARE_NONE)
            continue;
        conversation->answered++;
        conversation->deflected |= (care->posts[turn->answer].marks & MARK_DEFLECTS) != 0;
        if (conversation->first_answer == CARE_NONE || turn->answer < conversation->first_answer)
            conversation->first_answer = turn->answer;
        if (conversation->last_answer == CARE_NONE || turn->answer > conversation->last_answer)
            conversation->last_answer = turn->answer;
    }
}

static bool is_thanked(const struct care *care, const struct care_conversation *conversation) {
    const struct care_post *last = &care->posts[conversation->last_received];
    uint16_t intents = care->input.mentions->intents[last->row];
    return conversation->answered && (intents & INTENT_THANKS) &&
           !(intents & (INTENT_QUESTION | INTENT_COMPLAINT)) &&
           last->at_s >= care->posts[conversation->first_answer].at_s;
}

static enum care_state find_state(const struct care *care,
                                  const struct care_conversation *conversation, bool returned) {
    const struct care_post *end = &care->posts[conversation->last];
    if (!conversation->turns)
        return STATE_NOTHING_ASKED;
    if (is_thanked(care, conversation))
        return STATE_THANKED;
    if (!conversation->answered)
        return STATE_UNANSWERED;
    if (care->turns[conversation->last_turn].answer == CARE_NONE || returned)
        return STATE_UNRESOLVED;
    if (conversation->deflected)
        return STATE_DEFLECTED;
    if (care_observed_until(care, end->channel, end->at_s) - end->at_s >= AFTER_S)
        return STATE_PRESUMED_CLOSED;
    return STATE_PENDING;
}

static void settle(struct care *care, struct care_conversation *conversation, bool returned) {
    if (conversation->first_received == CARE_NONE)
        return;
    enum care_state state = find_state(care, conversation, returned);
    /* an answer may stand in a later conversation of the thread */
    uint32_t reply = conversation->last_reply == CARE_NONE ? conversation->last_answer
                                                           : conversation->last_reply;
    uint32_t by = state == STATE_THANKED           ? conversation->last_received
                  : state == STATE_PRESUMED_CLOSED ? reply
                                                   : CARE_NONE;
    conversation->state = (uint8_t)state;
    if (by == CARE_NONE)
        return;
    int64_t took_s = care->posts[by].at_s - care->posts[conversation->first_received].at_s;
    conversation->resolved_s = took_s > 0 ? took_s : 0;
}

enum status care_settle(struct care *care, struct fault *fault) {
    struct settling s = {.care = care,
                         .seen = calloc(care->pair_count + 1, 1),
                         .cut = calloc(care->input.count + 1, 1),
                         .returned = calloc(care->conversation_count + 1, 1)};
    bool ok = s.seen && s.cut && s.returned && find_visits(&s);
    if (ok)
        add_turns(care);
    for (size_t i = 0; ok && i < care->conversation_count; i++)
        settle(care, &care->conversations[i], s.returned[i]);
    free(s.seen);
    free(s.cut);
    free(s.returned);
    free(s.visits);
    counts_release(&s.last);
    return ok ? STATUS_OK : fault_memory(fault);
}
