/* Posts: whose each row is, to whom it turns, and its class. */
#include "stages/care/care_parts.h"

#include <stdlib.h>

enum { AHEAD = 8 }; /* posts whose texts are fetched meanwhile */

/* What the steps of this file share. */
struct sorting {
    struct care *care;
    const struct mention_table *m;
    struct counts threads; /* private thread -> 1 + the brand's account in it, 1: it is not told */
};

/* ---- rows ---- */

/* The link of a row, at or behind `from`; links are sparse, rows ascend. */
static size_t seek_link(const struct mention_table *m, size_t from, uint32_t row) {
    size_t step = 1, low = from;
    while (low + step < m->link_count && m->links[low + step].row < row) {
        low += step;
        step *= 2;
    }
    size_t high = low + step < m->link_count ? low + step : m->link_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (m->links[middle].row < row)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void read_rows(struct care *care) {
    const struct care_input *input = &care->input;
    const struct mention_table *m = input->mentions;
    size_t link = 0;
    for (size_t i = 0; i < input->count; i++) {
        uint32_t row = input->rows[i];
        struct care_post *post = &care->posts[i];
        *post = (struct care_post){.at_s = floor_div(m->created_at_us[row], US_PER_S),
                                   .row = row,
                                   .link = CARE_NONE,
                                   .parent = CARE_NONE,
                                   .conversation = CARE_NONE,
                                   .turn = CARE_NONE,
                                   .account = -1};
        link = seek_link(m, link, row);
        if (link < m->link_count && m->links[link].row == row)
            post->link = (uint32_t)link;
        bool private = m->flags[row] & POST_PRIVATE;
        post->channel = (uint8_t)(m->platform[row] * 2 + private);
        if (m->time_precision[row] > TIME_EXACT_MINUTE || m->spread_s[row] > 0)
            post->marks |= MARK_UNTIMED;
    }
}

/* Authors get numbers of the brand's own, so that what is kept of each is as long as they are
 * many. */
static bool number_authors(struct care *care) {
    const struct mention_table *m = care->input.mentions;
    size_t count = care->input.count;
    bool dense = m->author_count / 4 < count + 256;
    uint32_t *place = dense ? calloc(m->author_count + 1, sizeof *place) : NULL;
    struct counts sparse = {0};
    bool ok = (place || !dense);
    care->authors = malloc((count + 1) * sizeof *care->authors);
    ok = ok && care->authors;
    if (ok)
        care->authors[0] = 0;
    care->author_count = 1;
    for (size_t i = 0; ok && i < count; i++) {
        uint32_t author = m->author[care->posts[i].row];
        uint64_t *value = dense || !author ? NULL : counts_at(&sparse, author);
        if (!author)
            continue;
        ok = dense || value;
        uint32_t number = !ok ? 0 : dense ? place[author] : (uint32_t)*value;
        if (ok && !number) {
            number = (uint32_t)care->author_count++;
            care->authors[number] = author;
            *(dense ? &place[author] : &number) = number;
            if (value)
                *value = number;
        }
        care->posts[i].author = number;
    }
    free(place);
    counts_release(&sparse);
    return ok;
}

/* ---- own posts ---- */

static int16_t own_account(const struct sorting *sorting, const struct care_post *post) {
    const struct mention_table *m = sorting->m;
    int16_t by_id = account_find(sorting->care, m->authors[m->author[post->row]]);
    if (by_id >= 0)
        return by_id;
    return account_find(sorting->care,
                        handle_key((enum platform)m->platform[post->row],
                                   mention_table_string(m, post->row, STRING_AUTHOR)));
}

static void mark_own(const struct sorting *sorting) {
    struct care *care = sorting->care;
    const struct mention_table *m = sorting->m;
    int16_t developer = -1;
    for (size_t i = 0; i < care->input.count; i++) {
        struct care_post *post = &care->posts[i];
        uint8_t flags = m->flags[post->row];
        if (m->role[post->row] != ROLE_OWN) {
            if (flags & (POST_DELETED | POST_BOT))
                post->marks |= MARK_VOID;
            continue;
        }
        if (flags & POST_NOTE)
            continue; /* no customer read it */
        post->class = CLASS_OWN;
        post->account = own_account(sorting, post);
        if (flags & POST_DELETED)
            post->marks |= MARK_VOID;
        if (post->account >= 0 || m->platform[post->row] != PLATFORM_REVIEWS)
            continue;
        if (developer < 0) {
            care->account_names[care->account_count] = "developer";
            developer = (int16_t)care->account_count++;
        }
        post->account = developer;
        post->marks |= MARK_DEVELOPER;
    }
}

static void find_parents(const struct sorting *sorting) {
    struct care *care = sorting->care;
    for (size_t i = 0; i < care->input.count; i++) {
        const struct mention_link *link = care_link(care, &care->posts[i]);
        uint32_t parent = link ? care_find_id(care, link->reply_to_hash) : CARE_NONE;
        care->posts[i].parent = parent == i ? CARE_NONE : parent;
    }
}

/* Whether the row names somebody as answered; by account, if one of the brand's. */
static bool names_somebody(const struct sorting *sorting, const struct care_post *post,
                           int16_t *account) {
    const struct mention_link *link = care_link(sorting->care, post);
    *account = -1;
    if (!link || !link->reply_author_hash)
        return false;
    *account = account_find(sorting->care, link->reply_author_hash);
    return true;
}

/* Answers a post that is neither itself nor, as far as it is known, there. */
static bool answers_absent(const struct sorting *sorting, const struct care_post *post) {
    const struct mention_link *link = care_link(sorting->care, post);
    return link && link->reply_to_hash && link->reply_to_hash != link->id_hash &&
           post->parent == CARE_NONE;
}

enum { CHAIN_NEW, CHAIN_YES, CHAIN_NO, CHAIN_OPEN };

/* Of one post, as far as it says so without the one that it answers. */
static int broadcast_alone(const struct sorting *sorting, const struct care_post *post) {
    const struct care_post *posts = sorting->care->posts;
    int16_t account;
    bool names = names_somebody(sorting, post, &account);
    if (sorting->m->flags[post->row] & POST_PRIVATE)
        return CHAIN_NO;
    if (post->parent != CARE_NONE)
        return posts[post->parent].class == CLASS_OWN ? CHAIN_OPEN : CHAIN_NO;
    if (names)
        return account >= 0 ? CHAIN_YES : CHAIN_NO;
    return answers_absent(sorting, post) ? CHAIN_NO : CHAIN_YES;
}

/* Own posts whose chain of posts answered is the brand's alone. Each chain is walked once. */
static void mark_broadcasts(const struct sorting *sorting, uint8_t *chain) {
    struct care *care = sorting->care;
    for (size_t i = 0; i < care->input.count; i++) {
        if (care->posts[i].class != CLASS_OWN || chain[i] != CHAIN_NEW)
            continue;
        uint32_t at = (uint32_t)i;
        int found = CHAIN_NEW;
        while (chain[at] == CHAIN_NEW) {
            found = broadcast_alone(sorting, &care->posts[at]);
            chain[at] = CHAIN_OPEN;
            if (found != CHAIN_OPEN)
                break;
            at = care->posts[at].parent;
        }
        if (found == CHAIN_OPEN)
            found = chain[at] == CHAIN_OPEN ? CHAIN_YES : chain[at]; /* a circle is alone too */
        for (at = (uint32_t)i; at != CARE_NONE && chain[at] == CHAIN_OPEN;
             at = care->posts[at].parent) {
            chain[at] = (uint8_t)found;
            if (found == CHAIN_YES)
                care->posts[at].marks |= MARK_BROADCAST;
            if (care->posts[at].parent == CARE_NONE ||
                care->posts[care->posts[at].parent].class != CLASS_OWN)
                break;
        }
    }
}

/* ---- private threads ---- */

static bool find_threads(struct sorting *sorting) {
    struct care *care = sorting->care;
    for (size_t i = 0; i < care->input.count; i++) {
        const struct care_post *post = &care->posts[i];
        const struct mention_link *link = care_link(care, post);
        int16_t account;
        bool private = sorting->m->flags[post->row] & POST_PRIVATE;
        if (!private || !link || !link->conversation_hash)
            continue;
        names_somebody(sorting, post, &account);
        if (post->class == CLASS_OWN)
            account = post->account;
        if (post->class != CLASS_OWN && !(sorting->m->address[post->row] & ADDRESS_REPLY))
            continue;
        uint64_t *thread = counts_at(&sorting->threads, link->conversation_hash);
        if (!thread)
            return false;
        if (*thread < 2)
            *thread = (uint64_t)(account < 0 ? 1 : account + 2);
    }
    return true;
}

/* The brand's account on the platform where it has but one; -1: it has several. */
static int16_t only_account(const struct care *care, enum platform platform) {
    int16_t only = -1;
    for (size_t i = 0; i < care->input.account_count; i++) {
        const struct care_account *account = &care->input.accounts[i];
        const char *name = account->handle ? account->handle : account->id;
        if (account->platform != PLATFORM_COUNT && account->platform != platform)
            continue;
        int16_t number =
            account_find(care, account->handle ? handle_key(platform, span_of(name))
                                               : platform_key(platform, span_of(name)));
        if (only >= 0 && number != only)
            return -1;
        only = number;
    }
    return only;
}

static enum care_class private_class(const struct sorting *sorting, struct care_post *post) {
    const struct mention_link *link = care_link(sorting->care, post);
    int16_t account;
    names_somebody(sorting, post, &account);
    const uint64_t *thread = link && link->conversation_hash
                                 ? counts_find(&sorting->threads, link->conversation_hash)
                                 : NULL;
    if (!thread && !(sorting->m->address[post->row] & ADDRESS_REPLY))
        return CLASS_NONE;
    if (account < 0 && thread)
        account = (int16_t)((int)*thread - 2);
    if (account < 0)
        account = only_account(sorting->care, (enum platform)sorting->m->platform[post->row]);
    post->account = account;
    return CLASS_PRIVATE;
}

/* ---- classes of customers' posts ---- */

/* The first account whose @handle the text has. */
static int16_t handle_account(const struct sorting *sorting, const struct care_post *post) {
    struct names_reader reader = {.text = care_text(sorting->care, post)};
    struct span name;
    while (names_next(&reader, &name)) {
        int16_t account = account_find(
            sorting->care, handle_key((enum platform)sorting->m->platform[post->row], name));
        if (account >= 0)
            return account;
    }
    return -1;
}

static bool same_author(const struct sorting *sorting, const struct care_post *post) {
    const struct mention_link *link = care_link(sorting->care, post);
    const struct mention_table *m = sorting->m;
    uint32_t author = m->author[post->row];
    if (link->reply_author)
        return link->reply_author == author;
    return handle_key((enum platform)m->platform[post->row],
                      mention_table_string(m, post->row, STRING_AUTHOR)) == link->reply_author_hash;
}

/* Steps 6 to 9: what the text and the place say. */
static enum care_class place_class(const struct sorting *sorting, struct care_post *post,
                                   bool peer) {
    const struct mention_table *m = sorting->m;
    const struct mention_link *link = care_link(sorting->care, post);
    bool quote = m->kind[post->row] == POST_QUOTE;
    if (m->address[post->row] & ADDRESS_HANDLE) {
        post->account = handle_account(sorting, post);
        return CLASS_MENTION;
    }
    if (!quote && !peer) {
        uint32_t root = link ? care_find_id(sorting->care, link->conversation_hash) : CARE_NONE;
        bool under_own = root != CARE_NONE && sorting->care->posts[root].class == CLASS_OWN;
        if (under_own || (m->address[post->row] & ADDRESS_CHANNEL))
            return CLASS_COMMENT;
    }
    if (m->role[post->row] == ROLE_MENTION)
        return CLASS_UNADDRESSED;
    return peer ? CLASS_PEER : CLASS_NONE;
}

/* The class of a customer's post; of the post that it answers, if by the same author, it is known.
 */
static enum care_class find_class(const struct sorting *sorting, struct care_post *post) {
    const struct care *care = sorting->care;
    const struct mention_table *m = sorting->m;
    bool matched = m->role[post->row] == ROLE_MENTION, peer = false;
    int16_t named;
    if (care->input.official[m->author[post->row]])
        return CLASS_NONE;
    if (m->kind[post->row] == POST_REPOST)
        return matched ? CLASS_REPOST : CLASS_NONE;
    if (m->flags[post->row] & POST_PRIVATE)
        return private_class(sorting, post);
    if (m->platform[post->row] == PLATFORM_REVIEWS && matched)
        return CLASS_REVIEW;
    if (m->kind[post->row] == POST_QUOTE)
        return place_class(sorting, post, false);
    if (post->parent != CARE_NONE) {
        const struct care_post *parent = &care->posts[post->parent];
        if (parent->class == CLASS_OWN) {
            post->account = parent->account;
            return CLASS_REPLY;
        }
        bool same = post->author && parent->author == post->author;
        if (same && care_inbound(parent)) {
            if (m->address[post->row] & ADDRESS_HANDLE)
                post->account = handle_account(sorting, post);
            return parent->class;
        }
        peer = !same;
    } else if (names_somebody(sorting, post, &named)) {
        if (named >= 0) {
            post->account = named;
            return CLASS_REPLY;
        }
        peer = !same_author(sorting, post);
    }
    return place_class(sorting, post, peer);
}

/* Whether the class follows from that of the post answered, which must be found before. */
static bool waits_for_parent(const struct care *care, uint32_t at, const uint8_t *chain) {
    const struct care_post *post = &care->posts[at];
    return post->parent != CARE_NONE && chain[post->parent] == CHAIN_NEW && post->author &&
           care->posts[post->parent].author == post->author;
}

/* Threads with oneself are followed to their beginning first, then classed on the way back. */
static void find_classes(const struct sorting *sorting, uint8_t *chain, uint32_t *path) {
    struct care *care = sorting->care;
    for (size_t i = 0; i < care->input.count; i++) {
        uint32_t at = (uint32_t)i;
        size_t depth = 0;
        if (chain[i] != CHAIN_NEW || care->posts[i].class == CLASS_OWN)
            continue;
        path[depth++] = at;
        chain[at] = CHAIN_OPEN;
        while (waits_for_parent(care, at, chain) && care->posts[at].class != CLASS_OWN) {
            at = care->posts[at].parent;
            path[depth++] = at;
            chain[at] = CHAIN_OPEN;
        }
        while (depth--) {
            struct care_post *post = &care->posts[path[depth]];
            if (post->class != CLASS_OWN)
                post->class = (uint8_t)find_class(sorting, post);
            chain[path[depth]] = CHAIN_YES;
        }
    }
}

/* Of a post answered that is none of the kept, no more is known than the row and the id tell. */
static void drop_parents(struct care *care) {
    for (size_t i = 0; i < care->input.count; i++) {
        uint32_t *parent = &care->posts[i].parent;
        if (*parent != CARE_NONE && !care_kept(&care->posts[*parent]))
            *parent = CARE_NONE;
    }
}

/* ---- texts ---- */

static bool read_texts(struct care *care) {
    const struct mention_table *m = care->input.mentions;
    bool failed = false;
#pragma omp parallel reduction(|| : failed)
    {
        struct words words;
        words_init(&words);
#pragma omp for schedule(dynamic, 4096)
        for (size_t i = 0; i < care->input.count; i++) {
            struct care_post *post = &care->posts[i];
            if (i + AHEAD < care->input.count)
                mention_table_expect(m, care->posts[i + AHEAD].row);
            if (!care_kept(post))
                continue;
            struct span text = care_text(care, post);
            if (text_has_emoji(text))
                post->marks |= MARK_EMOJI;
            if (post->class == CLASS_OWN) {
                bool deflects;
                failed |= !reply_deflects(&words, text, &deflects);
                post->marks |= deflects ? MARK_DEFLECTS : 0;
            } else if (text_is_idle(&words, text, m->intents[post->row], &failed)) {
                post->marks |= MARK_IDLE;
            }
        }
        words_release(&words);
    }
    return !failed;
}

enum status care_find_posts(struct care *care, struct fault *fault) {
    struct sorting sorting = {.care = care, .m = care->input.mentions};
    size_t count = care->input.count;
    care->posts = malloc((count + 1) * sizeof *care->posts);
    uint8_t *chain = calloc(count + 1, 1);
    uint32_t *path = malloc((count + 1) * sizeof *path);
    bool ok = care->posts && chain && path;
    if (ok)
        read_rows(care);
    ok = ok && number_authors(care) && care_index_accounts(care) && care_index_ids(care);
    if (ok) {
        mark_own(&sorting);
        find_parents(&sorting);
        mark_broadcasts(&sorting, chain);
        memset(chain, CHAIN_NEW, count + 1);
    }
    ok = ok && find_threads(&sorting);
    if (ok) {
        find_classes(&sorting, chain, path);
        drop_parents(care);
    }
    ok = ok && read_texts(care);
    free(chain);
    free(path);
    counts_release(&sorting.threads);
    return ok ? STATUS_OK : fault_memory(fault);
}
