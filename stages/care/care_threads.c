/* Threads: which posts belong together, where a silence cuts them into conversations, and which
 * replies no human wrote. */
#include "stages/care/care_parts.h"

#include <stdlib.h>

enum { AUTO_WITHIN_S = 60, AUTO_TIMES = 10 };

/* Posts and, behind them, what stands for posts answered that are not there and for threads. */
struct nodes {
    uint32_t *up; /* [cap] union-find, by smallest number */
    size_t count, cap;
};

static uint32_t root_of(struct nodes *nodes, uint32_t node) {
    while (nodes->up[node] != node) {
        nodes->up[node] = nodes->up[nodes->up[node]];
        node = nodes->up[node];
    }
    return node;
}

static void join(struct nodes *nodes, uint32_t a, uint32_t b) {
    a = root_of(nodes, a);
    b = root_of(nodes, b);
    if (a < b)
        nodes->up[b] = a;
    else
        nodes->up[a] = b;
}

/* Joins a post to what stands for `hash`. */
static bool join_to(struct nodes *nodes, struct counts *standing, uint64_t hash, uint32_t post) {
    uint64_t *node = counts_at(standing, hash);
    if (!node)
        return false;
    if (!*node) {
        nodes->up[nodes->count] = (uint32_t)nodes->count;
        *node = ++nodes->count;
    }
    join(nodes, post, (uint32_t)*node - 1);
    return true;
}

/* Comments lie in threads that begin with a comment; elsewhere a thread is its posts' links. */
static bool has_comment_threads(uint8_t platform) {
    return platform == PLATFORM_FACEBOOK || platform == PLATFORM_INSTAGRAM ||
           platform == PLATFORM_YOUTUBE || platform == PLATFORM_TIKTOK;
}

struct threading {
    struct care *care;
    const struct mention_table *m;
    struct nodes nodes;
    struct counts parents, threads; /* hash -> node + 1 */
};

static bool join_parent(struct threading *t, uint32_t i) {
    struct care *care = t->care;
    const struct care_post *post = &care->posts[i];
    const struct mention_link *link = care_link(care, post);
    if (post->parent != CARE_NONE) {
        if (!(care->posts[post->parent].marks & MARK_BROADCAST))
            join(&t->nodes, i, post->parent);
        return true;
    }
    if (!link || !link->reply_to_hash || link->reply_to_hash == link->id_hash ||
        account_find(care, link->reply_author_hash) >= 0)
        return true;
    return join_to(&t->nodes, &t->parents, link->reply_to_hash, i);
}

static bool join_thread(struct threading *t, uint32_t i) {
    struct care *care = t->care;
    const struct care_post *post = &care->posts[i];
    const struct mention_link *link = care_link(care, post);
    bool private = t->m->flags[post->row] & POST_PRIVATE;
    if (!link || !link->conversation_hash)
        return true;
    if (!private) {
        if (t->m->kind[post->row] != POST_REPLY || !has_comment_threads(t->m->platform[post->row]))
            return true;
        uint32_t top = care_find_id(care, link->conversation_hash);
        if (top != CARE_NONE) {
            if (!(care->posts[top].marks & MARK_BROADCAST))
                join(&t->nodes, i, top);
            return true;
        }
    }
    return join_to(&t->nodes, &t->threads, link->conversation_hash, i);
}

static bool join_posts(struct threading *t) {
    size_t count = t->care->input.count;
    size_t linked = 0;
    for (size_t i = 0; i < count; i++)
        linked += t->care->posts[i].link != CARE_NONE;
    t->nodes = (struct nodes){malloc((count + 2 * linked + 1) * sizeof(uint32_t)), count, 0};
    bool ok = t->nodes.up != NULL;
    for (size_t i = 0; ok && i < count; i++)
        t->nodes.up[i] = (uint32_t)i;
    for (size_t i = 0; ok && i < count; i++)
        if (care_kept(&t->care->posts[i]) && t->care->posts[i].link != CARE_NONE)
            ok = join_parent(t, (uint32_t)i) && join_thread(t, (uint32_t)i);
    return ok;
}

/* ---- conversations ---- */

static struct care_conversation *begin(struct care *care, size_t *cap, uint32_t component,
                                       uint32_t first) {
    if (care->conversation_count == *cap) {
        size_t more = *cap + *cap / 2 + 64;
        struct care_conversation *at = realloc(care->conversations, more * sizeof *at);
        if (!at)
            return NULL;
        care->conversations = at;
        *cap = more;
    }
    struct care_conversation *conversation = &care->conversations[care->conversation_count++];
    *conversation = (struct care_conversation){.component = component,
                                               .first = first,
                                               .last = first,
                                               .first_received = CARE_NONE,
                                               .last_received = CARE_NONE,
                                               .first_turn = CARE_NONE,
                                               .last_turn = CARE_NONE,
                                               .last_reply = CARE_NONE,
                                               .first_answer = CARE_NONE,
                                               .last_answer = CARE_NONE,
                                               .resolved_s = -1,
                                               .first_score = SCORE_MISSING,
                                               .last_score = SCORE_MISSING};
    return conversation;
}

static void take_post(const struct care *care, struct care_conversation *conversation, uint32_t i) {
    const struct care_post *post = &care->posts[i];
    const struct mention_table *m = care->input.mentions;
    conversation->last = i;
    conversation->outbound += post->class == CLASS_OWN;
    if (post->class == CLASS_OWN || post->marks & MARK_VOID)
        return;
    if (m->label[post->row] != LABEL_NONE) {
        int16_t score = m->score_milli[post->row];
        if (!conversation->scored)
            conversation->first_score = score;
        conversation->last_score = score;
        conversation->scored = conversation->scored ? 2 : 1;
    }
    if (!care_received(post))
        return;
    conversation->inbound++;
    conversation->last_received = i;
    if (conversation->first_received == CARE_NONE)
        conversation->first_received = i;
}

/* `open` [count]: of each component 0: of no interest, else 1 + its conversation now, 1: none. */
static bool cut_threads(struct threading *t, uint32_t *open) {
    struct care *care = t->care;
    size_t cap = 0;
    for (uint32_t i = 0; i < care->input.count; i++)
        if (care_received(&care->posts[i]) || care->posts[i].class == CLASS_OWN)
            open[root_of(&t->nodes, i)] = 1;
    for (uint32_t i = 0; i < care->input.count; i++) {
        struct care_post *post = &care->posts[i];
        uint32_t *now = &open[root_of(&t->nodes, i)];
        if (!care_kept(post) || !*now)
            continue;
        struct care_conversation *conversation = *now > 1 ? &care->conversations[*now - 2] : NULL;
        bool silent = conversation && post->at_s - care->posts[conversation->last].at_s >
                                          care->input.settings->idle_s;
        if (!conversation || (silent && post->class != CLASS_OWN)) {
            conversation = begin(care, &cap, root_of(&t->nodes, i), i);
            if (!conversation)
                return false;
            *now = (uint32_t)care->conversation_count + 1;
        }
        post->conversation = *now - 2;
        take_post(care, conversation, i);
    }
    return true;
}

/* ---- automatic replies ---- */

static bool holds_text(struct span text, struct span part) {
    return part.len && part.len <= text.len && memmem(text.at, text.len, part.at, part.len);
}

/* When what it answers was written; TIME_NONE: not known. `received`: the last message before it in
 * the conversation. */
static int64_t answered_at(const struct care *care, const struct care_post *post,
                           uint32_t received) {
    const struct mention_link *link = care_link(care, post);
    if (post->parent != CARE_NONE)
        return care->posts[post->parent].at_s;
    if (link && link->reply_to_hash && link->reply_to_hash != link->id_hash)
        return link->reply_to_time_us == TIME_NONE ? TIME_NONE
                                                   : floor_div(link->reply_to_time_us, US_PER_S);
    return received == CARE_NONE ? TIME_NONE : care->posts[received].at_s;
}

struct squeezed {
    struct buf text;
    struct buf *literal; /* [auto_count] of the settings */
};

/* Said once as it is, compared as it is without handles, addresses and case. */
static bool squeeze_literals(const struct care *care, struct squeezed *squeezed) {
    const struct care_settings *settings = care->input.settings;
    squeezed->literal = calloc(settings->auto_count + 1, sizeof *squeezed->literal);
    bool ok = squeezed->literal != NULL;
    buf_init(&squeezed->text, 1 << 20);
    for (size_t i = 0; ok && i < settings->auto_count; i++) {
        buf_init(&squeezed->literal[i], 1 << 20);
        text_squeeze(span_of(settings->auto_replies[i]), &squeezed->literal[i]);
        ok = !squeezed->literal[i].failed;
    }
    return ok;
}

/* Marks what the bot flag and the settings say; fast replies get the hash of their text in `fast`
 * and are counted in `times`. */
static bool mark_known(struct care *care, struct squeezed *squeezed, uint64_t *fast,
                       struct counts *times) {
    const struct mention_table *m = care->input.mentions;
    uint32_t *received = malloc((care->conversation_count + 1) * sizeof *received);
    bool ok = received != NULL;
    if (ok)
        memset(received, 0xFF, care->conversation_count * sizeof *received);
    for (uint32_t i = 0; ok && i < care->input.count; i++) {
        struct care_post *post = &care->posts[i];
        if (care_received(post) && post->conversation != CARE_NONE)
            received[post->conversation] = i;
        if (post->class != CLASS_OWN || post->marks & MARK_BROADCAST)
            continue;
        int64_t since = answered_at(care, post, received[post->conversation]);
        bool soon = since != TIME_NONE && post->at_s >= since &&
                    post->at_s - since < AUTO_WITHIN_S && !(post->marks & MARK_UNTIMED);
        if (soon || care->input.settings->auto_count)
            text_squeeze(care_text(care, post), &squeezed->text);
        ok = !squeezed->text.failed;
        if (m->flags[post->row] & POST_BOT)
            post->marks |= MARK_AUTO;
        for (size_t k = 0; k < care->input.settings->auto_count; k++)
            if (holds_text(buf_as_span(&squeezed->text), buf_as_span(&squeezed->literal[k])))
                post->marks |= MARK_AUTO;
        if (!soon)
            continue;
        fast[i] = hash_stable(buf_as_span(&squeezed->text)) | 1;
        uint64_t *count = ok ? counts_at(times, fast[i]) : NULL;
        ok = count != NULL;
        if (ok)
            ++*count;
    }
    free(received);
    return ok;
}

static bool mark_auto(struct care *care) {
    struct squeezed squeezed;
    struct counts times = {0};
    uint64_t *fast = calloc(care->input.count + 1, sizeof *fast);
    bool ok =
        squeeze_literals(care, &squeezed) && fast && mark_known(care, &squeezed, fast, &times);
    for (size_t i = 0; ok && i < care->input.count; i++)
        if (fast[i] && *counts_find(&times, fast[i]) >= AUTO_TIMES)
            care->posts[i].marks |= MARK_AUTO;
    for (size_t i = 0; squeezed.literal && i < care->input.settings->auto_count; i++)
        buf_release(&squeezed.literal[i]);
    free(squeezed.literal);
    buf_release(&squeezed.text);
    counts_release(&times);
    free(fast);
    return ok;
}

enum status care_find_threads(struct care *care, struct fault *fault) {
    struct threading t = {.care = care, .m = care->input.mentions};
    bool ok = join_posts(&t);
    uint32_t *open = calloc(t.nodes.count + 1, sizeof *open);
    ok = ok && open && cut_threads(&t, open) && mark_auto(care);
    free(open);
    free(t.nodes.up);
    counts_release(&t.parents);
    counts_release(&t.threads);
    free(care->ids.slots);
    care->ids.slots = NULL;
    return ok ? STATUS_OK : fault_memory(fault);
}
