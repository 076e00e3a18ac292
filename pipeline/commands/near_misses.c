#include "pipeline/commands/near_misses.h"

#include "pipeline/scan/input_scan.h"
#include "pipeline/scan/signals.h"

#include <stdlib.h>

/* Later posts and records, and names that first come when so many are known, are not looked at. */
enum { POSTS_MOST = 300000, RECORDS_MOST = 1000000, NAMES_MOST = 400000 };
enum { NAME_MOST = 60, LISTED = 8 };
enum { STEM_LEAST = 3, STEM_MOST = 40, STEMS_MOST = 64, ENDING_MOST = 4 };

/* `names` are spelt as they are shown: @handle, #tag, word, "author x", "channel x". */
struct near_misses {
    struct symbols names;
    uint64_t *posts; /* [names.count] */
    uint64_t *last;  /* [names.count] the post that counted it last */
    size_t cap;
    uint64_t seen, records;
};

enum status near_misses_new(struct near_misses **out, struct fault *fault) {
    *out = calloc(1, sizeof **out);
    return *out ? STATUS_OK : fault_memory(fault);
}

void near_misses_free(struct near_misses *misses) {
    if (!misses)
        return;
    symbols_release(&misses->names);
    free(misses->posts);
    free(misses->last);
    free(misses);
}

uint64_t near_misses_posts(const struct near_misses *misses) {
    return misses->seen;
}

static bool grow(struct near_misses *misses, uint32_t number) {
    if (number < misses->cap)
        return true;
    size_t cap = misses->cap ? misses->cap * 2 : 4096;
    uint64_t *posts = realloc(misses->posts, cap * sizeof *posts);
    misses->posts = posts ? posts : misses->posts;
    uint64_t *last = posts ? realloc(misses->last, cap * sizeof *last) : NULL;
    misses->last = last ? last : misses->last;
    if (!posts || !last)
        return false;
    memset(posts + misses->cap, 0, (cap - misses->cap) * sizeof *posts);
    memset(last + misses->cap, 0, (cap - misses->cap) * sizeof *last);
    misses->cap = cap;
    return true;
}

/* Counts a name once for each post. */
static enum status count(struct near_misses *misses, const char *before, struct span name,
                         struct fault *fault) {
    char text[NAME_MOST + 16];
    size_t len = strlen(before);
    if (name.len < STEM_LEAST || name.len > NAME_MOST)
        return STATUS_OK;
    memcpy(text, before, len);
    memcpy(text + len, name.at, name.len);
    struct span shown = {text, len + name.len};
    uint32_t number = misses->names.count < NAMES_MOST ? symbols_intern(&misses->names, shown)
                                                       : symbols_find(&misses->names, shown);
    if (number == SYMBOL_NONE && misses->names.count >= NAMES_MOST)
        return STATUS_OK;
    if (number == SYMBOL_NONE || !grow(misses, number))
        return fault_memory(fault);
    misses->posts[number] += misses->last[number] != misses->seen;
    misses->last[number] = misses->seen;
    return STATUS_OK;
}

static enum status see_post(struct worker *worker, const struct post *post, struct batch *batch,
                            struct fault *fault) {
    struct near_misses *misses = worker->shared->visitor;
    (void)batch;
    if (misses->seen >= POSTS_MOST)
        return STATUS_OK;
    misses->seen++;
    enum status status = tokens_read(&worker->tokens, post->text, fault);
    for (uint32_t i = 0; i < worker->tokens.count && status == STATUS_OK; i++) {
        const struct token *token = &worker->tokens.at[i];
        if (token->kind != TOKEN_WORD && token->kind != TOKEN_HASHTAG &&
            token->kind != TOKEN_HANDLE)
            continue;
        const char *before = token->kind == TOKEN_HASHTAG  ? "#"
                             : token->kind == TOKEN_HANDLE ? "@"
                                                           : "";
        status = count(misses, before, token_form(&worker->tokens, token), fault);
    }
    if (status == STATUS_OK && post->author_handle.len)
        status = count(misses, "author ", post->author_handle, fault);
    if (status == STATUS_OK && post->channel.len)
        status = count(misses, "channel ", post->channel, fault);
    return status;
}

static enum status read_input(struct near_misses *misses, struct worker *worker,
                              struct work_item *item, const struct scan_input *what,
                              struct budget *budget, struct fault *fault) {
    struct input_scan scan;
    struct batch batch;
    batch_init(&batch);
    enum status status =
        input_scan_open(&scan, what, NULL, NULL, NULL, NULL, DIGEST_WHOLE, budget, fault);
    while (status == STATUS_OK && misses->seen < POSTS_MOST && misses->records < RECORDS_MOST &&
           !signals_pending() && (status = input_scan_read(&scan, item, fault)) == STATUS_OK) {
        status = item->packed
                     ? worker_packed(worker, buf_as_span(&item->raw), item->label, &batch, fault)
                     : worker_block(worker, &item->block, &batch, fault);
        misses->records += batch.tally.records;
        batch_clear(&batch);
    }
    input_scan_close(&scan);
    batch_release(&batch);
    return status == STATUS_END ? STATUS_OK : status;
}

enum status near_misses_read(struct near_misses *misses, const struct inputs *inputs,
                             const struct config *config, struct unpack_limits limits,
                             struct fault *fault) {
    struct budget budget;
    struct worker worker = {0};
    struct work_item item = {0};
    struct worker_shared shared = {.budget = &budget, .visit = see_post, .visitor = misses};
    budget_init(&budget, limits);
    work_item_init(&item, decode_options_default().max_record_bytes);
    enum status status = worker_init(&worker, &shared, fault);
    for (size_t i = 0; i < inputs->count && status == STATUS_OK; i++) {
        struct reading reading = *config_reading(config, &inputs->at[i]);
        struct scan_input what = {.path = &inputs->at[i], .reading = &reading};
        reading.since_us = INT64_MIN;
        reading.until_us = INT64_MAX;
        worker.reading = &reading;
        if (inputs->at[i].size >= 0) /* standard input was read already */
            status = read_input(misses, &worker, &item, &what, &budget, fault);
    }
    worker_release(&worker);
    work_item_release(&item);
    return status;
}

/* ---- what looks alike ---- */

static int least(int a, int b, int c) {
    int smaller = a < b ? a : b;
    return smaller < c ? smaller : c;
}

/* Letters to change, add, drop or swap (Damerau 1964, adjacent swaps) to make of `stem` some
 * beginning of `name` behind which at most ENDING_MOST bytes stand: endings are no difference. */
static int distance(struct span stem, struct span name) {
    int row[3][STEM_MOST + 1], best = STEM_MOST;
    for (size_t j = 0; j <= stem.len; j++)
        row[0][j] = (int)j;
    for (size_t i = 1; i <= name.len; i++) {
        int *now = row[i % 3];
        const int *before = row[(i + 2) % 3], *earlier = row[(i + 1) % 3];
        now[0] = (int)i;
        for (size_t j = 1; j <= stem.len; j++) {
            int cost = name.at[i - 1] != stem.at[j - 1];
            now[j] = least(before[j] + 1, now[j - 1] + 1, before[j - 1] + cost);
            bool swapped = i > 1 && j > 1 && name.at[i - 1] == stem.at[j - 2] &&
                           name.at[i - 2] == stem.at[j - 1];
            if (swapped && earlier[j - 2] + 1 < now[j])
                now[j] = earlier[j - 2] + 1;
        }
        if (name.len - i <= ENDING_MOST && now[stem.len] < best)
            best = now[stem.len];
    }
    return best;
}

static bool looks_alike(struct span stem, struct span name) {
    if (name.len >= stem.len && memmem(name.at, name.len, stem.at, stem.len))
        return true;
    if (stem.len < 5 || name.len + 2 < stem.len || name.len > stem.len + 2 + ENDING_MOST)
        return false;
    return distance(stem, name) <= (stem.len < 7 ? 1 : 2);
}

struct stems {
    char text[STEMS_MOST][STEM_MOST];
    size_t len[STEMS_MOST], count;
};

static bool is_operator(struct span word) {
    return span_equal(word, SPAN_LITERAL("and")) || span_equal(word, SPAN_LITERAL("not")) ||
           span_equal(word, SPAN_LITERAL("near"));
}

/* The words of a query, plain: letters only are compared, so that norvia_pl is norviapl. */
static void add_stem(struct stems *stems, struct span word) {
    struct buf plain;
    buf_init(&plain, 1 << 12);
    if (text_fold(word, true, &plain) == STATUS_OK && plain.len >= STEM_LEAST &&
        plain.len < STEM_MOST && stems->count < STEMS_MOST && !is_operator(buf_as_span(&plain))) {
        memcpy(stems->text[stems->count], plain.at, plain.len);
        stems->len[stems->count++] = plain.len;
    }
    buf_release(&plain);
}

static void find_stems(const char *query, struct stems *stems) {
    stems->count = 0;
    for (const char *at = query; *at;) {
        size_t len = strcspn(at, " \t\n\"()*:#@/+-.");
        bool field = at[len] == ':'; /* author:, raw: */
        if (len && !field)
            add_stem(stems, (struct span){at, len});
        at += len + (at[len] != 0);
    }
}

/* The name without its mark, plain, without what joins words. */
static size_t plain_name(struct span shown, char out[2 * NAME_MOST]) {
    struct buf plain;
    size_t len = 0;
    const char *behind = memchr(shown.at, ' ', shown.len);
    if (behind)
        shown = (struct span){behind + 1, (size_t)(shown.at + shown.len - behind) - 1};
    buf_init(&plain, 1 << 12);
    if (text_fold(shown, true, &plain) == STATUS_OK)
        for (size_t i = 0; i < plain.len && len < 2 * NAME_MOST; i++)
            if (!strchr("@#_-.'/ ", plain.at[i]))
                out[len++] = plain.at[i];
    buf_release(&plain);
    return len;
}

struct listed {
    uint32_t name;
    uint64_t posts;
};

static void insert(struct listed list[LISTED], size_t *count, const struct symbols *names,
                   struct listed found) {
    size_t at = *count;
    for (; at && (list[at - 1].posts < found.posts ||
                  (list[at - 1].posts == found.posts &&
                   span_compare(names->names[found.name], names->names[list[at - 1].name]) < 0));
         at--)
        if (at < LISTED)
            list[at] = list[at - 1];
    if (at < LISTED)
        list[at] = found;
    *count += *count < LISTED;
}

void near_misses_list(const struct near_misses *misses, const char *query, struct buf *out) {
    struct stems stems;
    struct listed list[LISTED];
    size_t found = 0;
    find_stems(query, &stems);
    for (uint32_t i = 0; i < misses->names.count; i++) {
        char plain[2 * NAME_MOST];
        struct span name = {plain, plain_name(misses->names.names[i], plain)};
        bool alike = false;
        for (size_t k = 0; k < stems.count && !alike; k++)
            alike = looks_alike((struct span){stems.text[k], stems.len[k]}, name);
        if (alike)
            insert(list, &found, &misses->names, (struct listed){i, misses->posts[i]});
    }
    for (size_t i = 0; i < found; i++) {
        struct span name = misses->names.names[list[i].name];
        buf_format(out, "%s%.*s (%llu)", i ? ", " : "", (int)name.len, name.at,
                   (unsigned long long)list[i].posts);
    }
}
