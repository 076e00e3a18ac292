#include "pipeline/scan/context_replies.h"

#include "stages/common/num.h"

#include <stdlib.h>

bool reply_roots_wanted(const struct brand *brands, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (brands[i].thread)
            return true;
    return false;
}

static uint64_t root_key(uint64_t hash, size_t brand) {
    return hash ^ (uint64_t)(brand + 1) * 0x9E3779B97F4A7C15ULL;
}

/* A root of several times counts from the first. *news: it was not known, or not so early. */
static bool add_root(struct reply_roots *roots, uint64_t hash, size_t brand, int64_t us,
                     bool *news) {
    size_t before = roots->keys.count;
    uint64_t *time = counts_at(&roots->keys, root_key(hash, brand));
    uint64_t *post = counts_at(&roots->posts, hash);
    if (!time || !post)
        return false;
    bool better = roots->keys.count > before || us < (int64_t)*time;
    if (better)
        *time = (uint64_t)us;
    *news |= better;
    return true;
}

static enum status read_rows(struct reply_roots *roots, const struct scanned_inputs *inputs,
                             bool replies, struct fault *fault) {
    for (size_t i = 0; i < inputs->shards.count; i++) {
        struct shard shard;
        const struct mention_rows *m = &shard.mentions;
        bool ok = true, news = false;
        enum status status =
            shard_read(inputs->shards.at[i].path, SHARD_ROOTS | SHARD_CHECKED, &shard, fault);
        if (status != STATUS_OK)
            return status;
        for (size_t row = 0; row < m->count && ok; row++) {
            size_t brand = m->brand[row];
            bool root = brand < roots->brand_count && roots->brands[brand].thread &&
                        m->kind[row] != POST_REPOST && (m->kind[row] != POST_REPLY || replies);
            ok = !root || add_root(roots, m->id_hash[row], brand, m->created_at_us[row], &news);
        }
        shard_release(&shard);
        if (!ok)
            return fault_memory(fault);
    }
    return STATUS_OK;
}

/* ---- chains ---- */

static const uint64_t *find_root(const struct reply_roots *roots, size_t brand, uint64_t hash,
                                 int64_t until_us) {
    const uint64_t *us = hash ? counts_find(&roots->keys, root_key(hash, brand)) : NULL;
    return us && (int64_t)*us <= until_us ? us : NULL;
}

/* Replies to roots become roots, until a look at all links gives none. */
static bool follow_links(struct reply_roots *roots, const struct reply_links *links,
                         int64_t until_us, bool *news) {
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < links->count; i++) {
            const struct reply_link *link = &links->at[i];
            if (!counts_find(&roots->posts, link->reply_to_hash))
                continue;
            for (size_t brand = 0; brand < roots->brand_count; brand++)
                if (roots->brands[brand].thread &&
                    find_root(roots, brand, link->reply_to_hash, until_us) &&
                    !add_root(roots, link->id_hash, brand, link->created_at_us, &more))
                    return false;
        }
        *news |= more;
    }
    return true;
}

/* One shard's links are held at a time. A chain that goes back and forth between shards costs a
 * look at all of them for each turn; in dumps by time it goes forth only. */
static enum status follow_chains(struct reply_roots *roots, const struct scanned_inputs *inputs,
                                 struct fault *fault) {
    for (bool news = true; news;) {
        news = false;
        for (size_t i = 0; i < inputs->count; i++) {
            const struct scanned_input *input = &inputs->at[i];
            for (size_t j = 0; input->original == i && j < input->first.count; j++) {
                const struct shard_entry *entry = &input->first.at[j];
                struct shard shard;
                if (!entry->head.link_count)
                    continue;
                enum status status =
                    shard_read(entry->path, SHARD_LINKS | SHARD_CHECKED, &shard, fault);
                if (status != STATUS_OK)
                    return status;
                bool ok = follow_links(roots, &shard.links, input->last_reply_us, &news);
                shard_release(&shard);
                if (!ok)
                    return fault_memory(fault);
            }
        }
    }
    return STATUS_OK;
}

/* ---- which inputs were looked through for what ---- */

struct root {
    int64_t us;
    uint64_t key;
};

static int compare_roots(const void *a, const void *b) {
    const struct root *x = a, *y = b;
    if (x->us != y->us)
        return x->us < y->us ? -1 : 1;
    return (x->key > y->key) - (x->key < y->key);
}

static int compare_last_replies(const void *a, const void *b) {
    const struct scanned_input *x = *(struct scanned_input *const *)a,
                               *y = *(struct scanned_input *const *)b;
    return (x->last_reply_us > y->last_reply_us) - (x->last_reply_us < y->last_reply_us);
}

/* Gives every input the digest of the roots that are not younger than its last reply: roots and
 * inputs by time, and one digest over the roots that is looked at where an input ends. */
static bool digest_roots(const struct reply_roots *roots, struct scanned_inputs *inputs) {
    struct scanned_input **by_time = malloc((inputs->count + 1) * sizeof(struct scanned_input *));
    struct root *sorted = malloc((roots->keys.count + 1) * sizeof *sorted);
    struct digest digest;
    size_t count = 0, at = 0;
    bool ok = by_time && sorted && digest_init(&digest, NULL) == STATUS_OK;
    for (size_t i = 0; ok && i < roots->keys.cap; i++)
        if (roots->keys.used[i])
            sorted[count++] =
                (struct root){(int64_t)roots->keys.entries[i].value, roots->keys.entries[i].key};
    for (size_t i = 0; ok && i < inputs->count; i++)
        by_time[i] = &inputs->at[i];
    if (ok) {
        qsort(sorted, count, sizeof *sorted, compare_roots);
        qsort(by_time, inputs->count, sizeof *by_time, compare_last_replies);
    }
    for (size_t i = 0; ok && i < inputs->count; i++) {
        unsigned char sum[DIGEST_SIZE];
        size_t from = at;
        while (at < count && sorted[at].us <= by_time[i]->last_reply_us)
            at++;
        digest_add(&digest,
                   (struct span){(const char *)&sorted[from], (at - from) * sizeof *sorted});
        digest_peek(&digest, sum);
        digest_hex(sum, by_time[i]->roots);
        by_time[i]->root_count = (int64_t)at;
    }
    if (ok)
        digest_release(&digest);
    free(by_time);
    free(sorted);
    return ok;
}

/* ---- version 0.1.0: a digest of all roots names the context shards ---- */

static enum status find_old_context(const struct reply_roots *roots, struct scanned_inputs *inputs,
                                    const struct shard_folder *shards, const struct scan_id *id,
                                    struct fault *fault) {
    uint64_t *keys = malloc((roots->keys.count + 1) * sizeof *keys);
    unsigned char sum[DIGEST_SIZE];
    char name[DIGEST_HEX_SIZE];
    struct digest digest;
    size_t count = 0;
    if (!keys || digest_init(&digest, NULL) != STATUS_OK) {
        free(keys);
        return fault_memory(fault);
    }
    for (size_t i = 0; i < roots->keys.cap; i++)
        if (roots->keys.used[i])
            keys[count++] = roots->keys.entries[i].key;
    qsort(keys, count, sizeof *keys, num_compare_u64);
    digest_add(&digest, span_of("burza threads 1"));
    digest_add(&digest, span_of(id->digest));
    digest_add(&digest, (struct span){(const char *)keys, count * sizeof *keys});
    digest_peek(&digest, sum);
    digest_hex(sum, name);
    digest_release(&digest);
    free(keys);
    shard_list_release(&inputs->context_shards);
    enum status status = shard_folder_list(shards, name, &inputs->context_shards, fault);
    scanned_inputs_find_context(inputs);
    for (size_t i = 0; i < inputs->count; i++) {
        inputs->at[i].last_reply_us = INT64_MAX;
        inputs->at[i].needs_pass = !inputs->at[i].context.whole;
    }
    return status;
}

enum status reply_roots_build(struct reply_roots *roots, struct scanned_inputs *inputs,
                              const struct shard_folder *shards, const struct scan_id *id,
                              const struct brand *brands, size_t count, struct fault *fault) {
    *roots = (struct reply_roots){.brands = brands, .brand_count = count};
    enum status status = read_rows(roots, inputs, id->revision > 0, fault);
    if (status == STATUS_OK && !id->revision)
        return find_old_context(roots, inputs, shards, id, fault);
    if (status == STATUS_OK)
        status = follow_chains(roots, inputs, fault);
    if (status == STATUS_OK && !digest_roots(roots, inputs))
        status = fault_memory(fault);
    for (size_t i = 0; i < inputs->count && status == STATUS_OK; i++) {
        struct scanned_input *input = &inputs->at[i], *original = &inputs->at[input->original];
        const struct segments *context = &input->context;
        input->needs_pass =
            input->root_count && !(context->whole && !context->trouble &&
                                   strcmp(context->at->head.roots, input->roots) == 0);
        if (original == input)
            continue;
        /* of an input that is there twice either copy may have been looked through */
        if (original->needs_pass && !input->needs_pass) {
            original->context = input->context;
            original->needs_pass = false;
        }
        input->needs_pass = false;
    }
    return status;
}

void reply_roots_release(struct reply_roots *roots) {
    counts_release(&roots->keys);
    counts_release(&roots->posts);
}

bool reply_roots_hold(const struct reply_roots *roots, size_t brand, uint64_t conversation_hash,
                      uint64_t reply_to_hash, int64_t until_us) {
    return find_root(roots, brand, conversation_hash, until_us) ||
           find_root(roots, brand, reply_to_hash, until_us);
}

bool reply_roots_hold_any(const struct reply_roots *roots, uint64_t conversation_hash,
                          uint64_t reply_to_hash) {
    return (conversation_hash && counts_find(&roots->posts, conversation_hash)) ||
           (reply_to_hash && counts_find(&roots->posts, reply_to_hash));
}
