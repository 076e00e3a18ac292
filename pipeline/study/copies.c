/* One row of each post and brand. Posts that share an id are told apart by what else they say
 * (stages/model/same_post.h). Rows that are equal in everything are one post only when an id says
 * so, or when they lie in different files: what a file without ids holds n times is n posts, and
 * what overlapping files hold is as many as the one has that has most. */
#include "pipeline/study/study.h"
#include "stages/model/same_post.h"

#include <stdlib.h>

enum {
    AHEAD = 16,
    CLOSE_LOOKS = 64, /* different posts of one id that each row is compared with */
};
#define NO_ROW UINT32_MAX

static int compare_numbers(int64_t a, int64_t b) {
    return (a > b) - (a < b);
}

/* All four counters of a post as they are, views too: they only grow, so more means later. */
static int64_t counter_sum(const struct mention_table *m, size_t row) {
    return (int64_t)m->likes[row] + m->replies[row] + m->reposts[row] + m->views[row];
}

/* A copy with another text may lack the words of the query: it must not take a mention away. */
static int role_rank(uint8_t role) {
    return role == ROLE_CONTEXT ? 0 : role == ROLE_ADDRESSED ? 1 : 2;
}

/* Which of two rows of the same post and brand is kept: a mention, then the one seen itself rather
 * than inside another post, then one that states its moment, then the later state (larger
 * counters), then the greater text: a total order. */
int study_better(const struct mention_table *m, size_t a, size_t b) {
    int order = compare_numbers(role_rank(m->role[a]), role_rank(m->role[b]));
    if (!order)
        order = compare_numbers(m->flags[b] & POST_EMBEDDED, m->flags[a] & POST_EMBEDDED);
    if (!order)
        order = compare_numbers(m->spread_s[b] > 0, m->spread_s[a] > 0);
    if (!order)
        order = compare_numbers(counter_sum(m, a), counter_sum(m, b));
    if (!order)
        order = compare_numbers(m->created_at_us[b], m->created_at_us[a]);
    if (!order)
        order = span_compare(mention_table_string(m, a, STRING_TEXT),
                             mention_table_string(m, b, STRING_TEXT));
    if (!order)
        order = span_compare(m->channels.names[m->channel[a]], m->channels.names[m->channel[b]]);
    if (!order)
        order = span_compare(mention_table_string(m, a, STRING_URL),
                             mention_table_string(m, b, STRING_URL));
    if (!order)
        order = span_compare(mention_table_string(m, a, STRING_AUTHOR),
                             mention_table_string(m, b, STRING_AUTHOR));
    return order;
}

/* ---- rows that may be copies ---- */

/* Rows by a key, in chains; keys come from dumps, so places depend on the process. */
struct chains {
    uint32_t *first; /* [mask + 1] row of a slot, or NO_ROW */
    uint32_t *next;  /* [rows] of the same key, or NO_ROW */
    size_t mask;
};

struct choosing {
    struct study *study;
    struct mention_table *m;
    uint8_t *keep;
    uint64_t *key; /* [rows] what copies share; 0: the row has none */
    struct chains chains;
    uint32_t *group; /* the rows of one chain */
    size_t group_cap;
    struct counts renamed; /* id_hash -> that of another copy's row, always a smaller one */
    struct counts owners;  /* (id_hash, brand) -> the kept row + 1 */
    struct counts shared;  /* id_hash that several posts have */
    bool failed;
};

static size_t slot_of(const struct choosing *c, size_t row) {
    uint64_t key = c->key[row] * 0x9E3779B97F4A7C15ULL + c->m->brand[row];
    return (size_t)hash_sip_u64(key) & c->chains.mask;
}

static bool is_of_key(const struct choosing *c, size_t a, size_t b) {
    return c->key[a] == c->key[b] && c->m->brand[a] == c->m->brand[b];
}

/* The slot of the row's key from `slot` on, or a free one. */
static uint32_t *find_chain(const struct choosing *c, size_t slot, size_t row) {
    for (;; slot = (slot + 1) & c->chains.mask) {
        uint32_t *first = &c->chains.first[slot];
        if (*first == NO_ROW || is_of_key(c, *first, row))
            return first;
    }
}

static bool chain_rows(struct choosing *c) {
    size_t size = 64, rows = c->m->count;
    while (size < 2 * rows)
        size *= 2;
    c->chains = (struct chains){malloc(size * sizeof(uint32_t)),
                                malloc((rows + 1) * sizeof(uint32_t)), size - 1};
    if (!c->chains.first || !c->chains.next)
        return false;
    memset(c->chains.first, 0xFF, size * sizeof(uint32_t));
    size_t ahead[AHEAD]; /* slots of the rows to come, which the processor fetches meanwhile */
    for (size_t row = 0; row < AHEAD && row < rows; row++)
        ahead[row] = slot_of(c, row);
    for (size_t row = 0; row < rows; row++) {
        size_t slot = ahead[row % AHEAD], next = row + AHEAD;
        if (next < rows) {
            ahead[next % AHEAD] = slot_of(c, next);
            __builtin_prefetch(&c->chains.first[ahead[next % AHEAD]]);
        }
        c->chains.next[row] = NO_ROW;
        if (!c->key[row])
            continue;
        uint32_t *first = find_chain(c, slot, row);
        c->chains.next[row] = *first;
        *first = (uint32_t)row;
    }
    return true;
}

static void chains_release(struct choosing *c) {
    free(c->chains.first);
    free(c->chains.next);
    c->chains = (struct chains){0};
}

static bool put(struct choosing *c, struct counts *counts, uint64_t key, uint64_t number) {
    uint64_t *value = counts_at(counts, key);
    if (value)
        *value = number;
    c->failed |= !value;
    return value != NULL;
}

/* A row that is not kept: links to it lead to the one that is. */
static void drop(struct choosing *c, size_t row, size_t kept) {
    uint64_t ours = c->m->id_hash[row], theirs = c->m->id_hash[kept];
    c->keep[row] = 0;
    /* what any copy says of its end counts */
    c->m->flags[kept] |= c->m->flags[row] & POST_DELETED;
    if (ours != theirs)
        put(c, &c->renamed, ours > theirs ? ours : theirs, ours > theirs ? theirs : ours);
}

/* ---- by ids ---- */

/* Links to an id that several posts have lead to none of them. */
static void own(struct choosing *c, size_t row) {
    uint64_t hash = c->m->id_hash[row];
    uint64_t key = (hash ^ c->m->brand[row]) * 0x9E3779B97F4A7C15ULL;
    if (counts_find(&c->owners, key))
        put(c, &c->shared, hash, 1);
    else
        put(c, &c->owners, key, row + 1);
}

static uint64_t exact_key(const struct mention_table *m, size_t row) {
    struct span text = mention_table_string(m, row, STRING_TEXT);
    uint64_t key = hash_sip(text) ^ m->author_hash[row] * 0x9E3779B97F4A7C15ULL;
    return key ^ (uint64_t)mention_stated_us(m, row) * 0xC2B2AE3D27D4EB4FULL;
}

/* The kept row that is the same post; NO_ROW when none is. Of a great many posts with one id only
 * those that are equal are found. */
static uint32_t find_same(struct choosing *c, const uint32_t *kept, size_t count,
                          struct counts *exact, uint32_t row) {
    for (size_t i = 0; i < count && i < CLOSE_LOOKS; i++)
        if (same_post(c->m, kept[i], row))
            return kept[i];
    if (count < CLOSE_LOOKS)
        return NO_ROW;
    uint64_t *place = counts_at(exact, exact_key(c->m, row));
    c->failed |= !place;
    if (place && *place)
        return (uint32_t)*place - 1;
    if (place)
        *place = row + 1;
    return NO_ROW;
}

/* Best rows first, so that each post's first is the one to keep; these gather at the beginning of
 * the group. */
static void settle_ids(struct choosing *c, uint32_t *group, size_t count) {
    struct counts exact = {0};
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t row = group[i], same = find_same(c, group, kept, &exact, row);
        if (same == NO_ROW)
            group[kept++] = row;
        else
            drop(c, row, same);
    }
    for (size_t i = 0; i < kept && kept > 1; i++)
        own(c, group[i]);
    counts_release(&exact);
}

/* ---- by content ---- */

static const struct loaded *loaded_at(const struct study *study, size_t row) {
    size_t low = 0, high = study->loaded_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (study->loaded[middle].first <= row)
            low = middle;
        else
            high = middle;
    }
    return &study->loaded[low];
}

static uint64_t file_of(const struct choosing *c, size_t row) {
    const struct study *study = c->study;
    uint64_t input = study->loaded_count ? loaded_at(study, row)->input : 0;
    return input << 32 | c->m->member[row];
}

/* By file, best first. Originals inside other posts are no records: all are of no file, and one. */
static int compare_by_file(const void *a, const void *b, void *context) {
    struct choosing *c = context;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    int order = compare_numbers(c->m->flags[x] & POST_EMBEDDED, c->m->flags[y] & POST_EMBEDDED);
    if (!order)
        order = compare_numbers((int64_t)file_of(c, x), (int64_t)file_of(c, y));
    if (!order)
        order = study_better(c->m, y, x);
    return order ? order : compare_numbers(x, y);
}

/* The nth row of each file is the nth post. */
static void settle_content(struct choosing *c, uint32_t *group, size_t count) {
    size_t posts = 0, nth = 0;
    uint32_t *best = malloc((count + 1) * sizeof *best);
    c->failed |= !best;
    qsort_r(group, count, sizeof *group, compare_by_file, c);
    for (size_t i = 0; best && i < count; i++) {
        uint32_t row = group[i];
        bool inside = c->m->flags[row] & POST_EMBEDDED;
        nth = i && !inside && file_of(c, row) == file_of(c, group[i - 1]) ? nth + 1 : 0;
        if (nth == posts) {
            best[posts++] = row;
            continue;
        }
        bool better = study_better(c->m, row, best[nth]) > 0;
        drop(c, better ? best[nth] : row, better ? row : best[nth]);
        best[nth] = better ? row : best[nth];
    }
    free(best);
}

/* ---- both ---- */

static int compare_best_first(const void *a, const void *b, void *context) {
    struct choosing *c = context;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    int order = study_better(c->m, y, x);
    return order ? order : compare_numbers(x, y);
}

static size_t read_chain(struct choosing *c, uint32_t first) {
    size_t count = 0;
    for (uint32_t row = first; row != NO_ROW; row = c->chains.next[row]) {
        if (count == c->group_cap) {
            size_t cap = c->group_cap * 2 + 64;
            uint32_t *group = realloc(c->group, cap * sizeof *group);
            c->failed |= !group;
            if (!group)
                return 0;
            c->group = group;
            c->group_cap = cap;
        }
        c->group[count++] = row;
    }
    return count;
}

/* Every chain of more than one row, in the order of their last rows. */
static bool settle(struct choosing *c, bool by_content) {
    if (!chain_rows(c))
        return false;
    for (size_t row = c->m->count; row-- > 0 && !c->failed;) {
        if (!c->key[row] || c->chains.next[row] == NO_ROW ||
            *find_chain(c, slot_of(c, row), row) != row)
            continue;
        size_t count = read_chain(c, (uint32_t)row);
        if (by_content || c->m->id_kind[row] == ID_MADE) {
            settle_content(c, c->group, count);
            continue;
        }
        qsort_r(c->group, count, sizeof *c->group, compare_best_first, c);
        settle_ids(c, c->group, count);
    }
    chains_release(c);
    return !c->failed;
}

/* Numbers of rows are no ids: overlapping exports number the same posts otherwise, and counters
 * differ where one export states the chat or thread and another does not. Where author, moment and
 * text are the same in another file it is the same post. */
static bool is_numbered(const struct choosing *c, size_t row) {
    const struct mention_table *m = c->m;
    enum id_kind kind = m->id_kind[row];
    return c->keep[row] && (kind == ID_ROW || kind == ID_COUNTED) && m->author_hash[row] &&
           has_fine_time(m, row) && !(m->flags[row] & POST_EMBEDDED);
}

static bool settle_counters(struct choosing *c) {
    size_t count = c->m->count, first = 0;
    while (first < count && !is_numbered(c, first))
        first++;
    if (first == count)
        return true;
    uint64_t *key = calloc(count, sizeof *key);
    if (!key)
        return false;
    for (size_t row = first; row < count; row++)
        key[row] = is_numbered(c, row) ? exact_key(c->m, row) : 0;
    c->key = key;
    bool ok = settle(c, true);
    free(key);
    return ok;
}

/* ---- links ---- */

static uint64_t new_name(const struct choosing *c, uint64_t hash) {
    const uint64_t *name;
    while (hash && (name = counts_find(&c->renamed, hash)))
        hash = *name;
    return hash;
}

static uint64_t new_id(const struct choosing *c, uint64_t hash) {
    return counts_find(&c->shared, hash) ? 0 : new_name(c, hash);
}

static void rename_links(struct choosing *c) {
    struct mention_table *m = c->m;
    if (!c->renamed.count && !c->shared.count)
        return;
    for (size_t row = 0; row < m->count; row++)
        m->id_hash[row] = new_id(c, m->id_hash[row]);
    for (size_t i = 0; i < m->block_count; i++)
        for (size_t j = 0; j < m->blocks[i].link_count; j++) {
            struct mention_link *link = &m->blocks[i].links[j];
            link->id_hash = new_id(c, link->id_hash);
            link->reply_to_hash = new_name(c, link->reply_to_hash);
            link->conversation_hash = new_name(c, link->conversation_hash);
        }
}

/* ---- counting ---- */

/* Whether both rows are of one record: a record's rows lie together, one a brand. */
static bool same_record(const struct mention_table *m, size_t before, size_t row) {
    return m->copy_hash[before] == m->copy_hash[row] && m->member[before] == m->member[row] &&
           m->created_at_us[before] == m->created_at_us[row] && m->brand[before] < m->brand[row] &&
           ((m->flags[before] ^ m->flags[row]) & POST_EMBEDDED) == 0 &&
           span_equal(mention_table_string(m, before, STRING_TEXT),
                      mention_table_string(m, row, STRING_TEXT));
}

/* Records of which no row is kept. What the second pass finds was counted with the first where
 * the record had rows there; else it is counted here. */
static uint64_t count_copies(struct choosing *c, const struct loaded *loaded,
                             struct counts *dropped) {
    const struct mention_table *m = c->m;
    uint64_t copies = 0;
    size_t end = loaded->first + loaded->count, to;
    for (size_t row = loaded->first; row < end; row = to) {
        bool kept = c->keep[row];
        for (to = row + 1; to < end && same_record(m, to - 1, to); to++)
            kept |= c->keep[to];
        if (kept || m->flags[row] & POST_EMBEDDED)
            continue;
        uint64_t key = m->copy_hash[row] ^ file_of(c, row) * 0x9E3779B97F4A7C15ULL;
        if (loaded->context && counts_find(dropped, key))
            continue;
        copies++;
        if (!loaded->context)
            put(c, dropped, key, 1);
    }
    return copies;
}

static void count_duplicates(struct choosing *c) {
    struct study *study = c->study;
    struct input_row *inputs = study->audit.tables[TABLE_INPUTS].rows;
    struct counts dropped = {0};
    for (size_t i = 0; i < study->loaded_count; i++) {
        const struct loaded *loaded = &study->loaded[i];
        if (!loaded->count)
            continue;
        uint64_t copies = count_copies(c, loaded, &dropped);
        inputs[loaded->input].duplicates += (int64_t)copies;
        inputs[loaded->input].posts -= (int64_t)copies;
        study->duplicate_posts += copies;
    }
    counts_release(&dropped);
}

bool study_choose(struct study *study, uint8_t *keep) {
    struct mention_table *m = &study->mentions;
    struct choosing c = {.study = study, .m = m, .keep = keep, .key = m->copy_hash};
    memset(keep, 1, m->count);
    bool ok = settle(&c, false);
    ok = ok && settle_counters(&c);
    if (ok)
        count_duplicates(&c);
    if (ok)
        rename_links(&c);
    chains_release(&c);
    free(c.group);
    counts_release(&c.renamed);
    counts_release(&c.owners);
    counts_release(&c.shared);
    return ok && !c.failed;
}
