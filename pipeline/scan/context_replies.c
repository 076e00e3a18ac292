#include "pipeline/scan/context_replies.h"

#include "stages/common/num.h"

#include <stdlib.h>

bool reply_roots_wanted(const struct brand *brands, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (reply_roots_of(&brands[i]))
            return true;
    return false;
}

/* Of a brand that wants no context: what its accounts wrote and what turns to them. `replies`: not
 * as version 0.1.0 did. */
static bool is_root(const struct mention_rows *m, size_t row, const struct brand *brand,
                    bool replies) {
    if (m->kind[row] == POST_REPOST || (m->kind[row] == POST_REPLY && !replies))
        return false;
    return brand->thread ||
           (brand->account_count &&
            (m->role[row] == ROLE_OWN || m->role[row] == ROLE_ADDRESSED || m->address[row]));
}

/* What is done with each row of a brand whose conversations are wanted; false: out of memory. */
typedef bool use_row(struct reply_roots *roots, const struct mention_rows *m, size_t row,
                     bool replies);

static bool add_row(struct reply_roots *roots, const struct mention_rows *m, size_t row,
                    bool replies) {
    size_t brand = m->brand[row];
    bool news = false;
    if (!is_root(m, row, &roots->brands[brand], replies))
        return true;
    roots->platforms |= UINT64_C(1) << m->platform[row];
    struct root root = {m->id_hash[row], m->created_at_us[row], (uint16_t)brand, ROOT_ROW};
    return root_table_add(&roots->table, &root, &news);
}

/* Of what a link made a root. */
static bool mark_row(struct reply_roots *roots, const struct mention_rows *m, size_t row,
                     bool replies) {
    struct root *root = root_table_find(&roots->table, m->id_hash[row], m->brand[row]);
    (void)replies;
    if (root)
        root->state = ROOT_ROW;
    return true;
}

static enum status read_rows(struct reply_roots *roots, const struct scanned_inputs *inputs,
                             use_row *use, bool replies, struct fault *fault) {
    for (size_t i = 0; i < inputs->shards.count; i++) {
        const struct shard_entry *entry = &inputs->shards.at[i];
        struct shard shard;
        const struct mention_rows *m = &shard.mentions;
        bool ok = true;
        if (!entry->head.rows)
            continue;
        enum status status = shard_read(entry->path, SHARD_ROOTS | SHARD_CHECKED, &shard, fault);
        if (status != STATUS_OK)
            return status;
        for (size_t row = 0; row < m->count && ok; row++)
            if (m->brand[row] < roots->brand_count && reply_roots_of(&roots->brands[m->brand[row]]))
                ok = use(roots, m, row, replies);
        shard_release(&shard);
        if (!ok)
            return fault_memory(fault);
    }
    return STATUS_OK;
}

/* ---- chains ---- */

static bool answers_root(const struct reply_roots *roots, size_t brand, uint64_t hash,
                         int64_t until_us) {
    const struct root *root = hash ? root_table_find(&roots->table, hash, brand) : NULL;
    return root && root->us <= until_us;
}

/* Replies to roots become roots, until a look at all links gives none. */
static bool follow_links(struct reply_roots *roots, const struct reply_links *links,
                         int64_t until_us, bool *news) {
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < links->count; i++) {
            const struct reply_link *link = &links->at[i];
            if (!root_table_has(&roots->table, link->reply_to_hash))
                continue;
            for (size_t brand = 0; brand < roots->brand_count; brand++) {
                struct root root = {link->id_hash, link->created_at_us, (uint16_t)brand,
                                    ROOT_ANSWERED};
                if (reply_roots_of(&roots->brands[brand]) &&
                    answers_root(roots, brand, link->reply_to_hash, until_us) &&
                    !root_table_add(&roots->table, &root, &more))
                    return false;
            }
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

/* ---- which inputs hold nothing more ---- */

/* Whether a link shows a reply to a root that is no row yet. Such a reply is a root itself, so
 * roots alone need to be known as rows. */
static bool shows_more(const struct reply_roots *roots, const struct reply_links *links,
                       int64_t until_us) {
    for (size_t i = 0; i < links->count; i++) {
        const struct reply_link *link = &links->at[i];
        if (!root_table_has(&roots->table, link->reply_to_hash))
            continue;
        for (size_t brand = 0; brand < roots->brand_count; brand++) {
            const struct root *root = root_table_find(&roots->table, link->id_hash, brand);
            if (reply_roots_of(&roots->brands[brand]) &&
                answers_root(roots, brand, link->reply_to_hash, until_us) &&
                !(root && root->state == ROOT_ROW))
                return true;
        }
    }
    return false;
}

/* Replies whose conversation is named have no links: only another pass tells of them. */
static enum status may_hold_more(const struct reply_roots *roots, const struct scanned_input *input,
                                 bool *more, struct fault *fault) {
    *more = false;
    for (size_t i = 0; i < input->first.count && !*more; i++) {
        const struct shard_entry *entry = &input->first.at[i];
        struct shard shard;
        *more = ((uint64_t)entry->head.threaded_platforms & roots->platforms) != 0;
        if (*more || !entry->head.link_count)
            continue;
        enum status status = shard_read(entry->path, SHARD_LINKS | SHARD_CHECKED, &shard, fault);
        if (status != STATUS_OK)
            return status;
        *more = shows_more(roots, &shard.links, input->last_reply_us);
        shard_release(&shard);
    }
    return STATUS_OK;
}

/* ---- which inputs were looked through for what ---- */

static int compare_last_replies(const void *a, const void *b) {
    const struct scanned_input *x = *(struct scanned_input *const *)a,
                               *y = *(struct scanned_input *const *)b;
    return (x->last_reply_us > y->last_reply_us) - (x->last_reply_us < y->last_reply_us);
}

/* Adds roots from `at` on to a digest, as times and keys. */
static void digest_times(struct digest *digest, const struct root *at, size_t count) {
    struct {
        int64_t us;
        uint64_t key;
    } block[512];
    for (size_t done = 0, held; done < count; done += held) {
        held = count - done < 512 ? count - done : 512;
        for (size_t i = 0; i < held; i++) {
            const struct root *root = &at[done + i];
            block[i].us = root->us;
            block[i].key = root_key(root->hash, root->brand);
        }
        digest_add(digest, (struct span){(const char *)block, held * sizeof *block});
    }
}

/* Gives every input the digest of the roots that are not younger than its last reply: roots and
 * inputs by time, and one digest over the roots that is looked at where an input ends. */
static bool digest_roots(struct reply_roots *roots, struct scanned_inputs *inputs) {
    struct scanned_input **by_time = malloc((inputs->count + 1) * sizeof(struct scanned_input *));
    struct root_table *table = &roots->table;
    struct digest digest;
    size_t at = 0;
    bool ok = by_time && digest_init(&digest, NULL) == STATUS_OK;
    for (size_t i = 0; ok && i < inputs->count; i++)
        by_time[i] = &inputs->at[i];
    if (ok) {
        root_table_sort(table, ROOTS_BY_TIME);
        qsort(by_time, inputs->count, sizeof *by_time, compare_last_replies);
    }
    for (size_t i = 0; ok && i < inputs->count; i++) {
        unsigned char sum[DIGEST_SIZE];
        size_t from = at;
        while (at < table->count && table->at[at].us <= by_time[i]->last_reply_us)
            at++;
        digest_times(&digest, table->at + from, at - from);
        digest_peek(&digest, sum);
        digest_hex(sum, by_time[i]->roots);
        by_time[i]->root_count = (int64_t)at;
    }
    if (ok) {
        digest_release(&digest);
        root_table_sort(table, ROOTS_BY_HASH);
    }
    free(by_time);
    return ok;
}

/* ---- version 0.1.0: a digest of all roots names the context shards ---- */

static enum status find_old_context(struct reply_roots *roots, struct scanned_inputs *inputs,
                                    const struct shard_folder *shards, const struct scan_id *id,
                                    struct fault *fault) {
    unsigned char sum[DIGEST_SIZE];
    char name[DIGEST_HEX_SIZE];
    struct digest digest;
    if (digest_init(&digest, fault) != STATUS_OK)
        return STATUS_FATAL;
    root_table_sort(&roots->table, ROOTS_BY_KEY);
    digest_add(&digest, span_of("burza threads 1"));
    digest_add(&digest, span_of(id->digest));
    for (size_t i = 0; i < roots->table.count; i++) {
        uint64_t key = root_key(roots->table.at[i].hash, roots->table.at[i].brand);
        digest_add(&digest, (struct span){(const char *)&key, sizeof key});
    }
    root_table_sort(&roots->table, ROOTS_BY_HASH);
    digest_peek(&digest, sum);
    digest_hex(sum, name);
    digest_release(&digest);
    shard_list_release(&inputs->context_shards);
    enum status status = shard_folder_list(shards, name, &inputs->context_shards, fault);
    scanned_inputs_find_context(inputs);
    for (size_t i = 0; i < inputs->count; i++) {
        inputs->at[i].last_reply_us = INT64_MAX;
        inputs->at[i].needs_pass = roots->table.count && !inputs->at[i].context.whole;
    }
    return status;
}

enum status reply_roots_build(struct reply_roots *roots, struct scanned_inputs *inputs,
                              const struct shard_folder *shards, const struct scan_id *id,
                              const struct brand *brands, size_t count, struct fault *fault) {
    *roots = (struct reply_roots){.brands = brands, .brand_count = count};
    enum status status = read_rows(roots, inputs, add_row, id->revision > 0, fault);
    size_t rows = roots->table.count + roots->table.late_count;
    if (status == STATUS_OK && id->revision)
        status = follow_chains(roots, inputs, fault);
    if (status == STATUS_OK && !root_table_settle(&roots->table))
        status = fault_memory(fault);
    if (status == STATUS_OK && !id->revision)
        return find_old_context(roots, inputs, shards, id, fault);
    if (status == STATUS_OK && roots->table.count > rows)
        status = read_rows(roots, inputs, mark_row, true, fault);
    if (status == STATUS_OK && !digest_roots(roots, inputs))
        status = fault_memory(fault);
    for (size_t i = 0; i < inputs->count && status == STATUS_OK; i++) {
        struct scanned_input *input = &inputs->at[i], *original = &inputs->at[input->original];
        const struct segments *context = &input->context;
        bool more = input->root_count > 0;
        if (more && original == input)
            status = may_hold_more(roots, input, &more, fault);
        input->needs_pass = more && !(context->whole && !context->trouble &&
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
    root_table_release(&roots->table);
}

bool reply_roots_hold(const struct reply_roots *roots, size_t brand, uint64_t conversation_hash,
                      uint64_t reply_to_hash, int64_t until_us) {
    return answers_root(roots, brand, conversation_hash, until_us) ||
           answers_root(roots, brand, reply_to_hash, until_us);
}

bool reply_roots_hold_any(const struct reply_roots *roots, uint64_t conversation_hash,
                          uint64_t reply_to_hash) {
    return (conversation_hash && root_table_has(&roots->table, conversation_hash)) ||
           (reply_to_hash && root_table_has(&roots->table, reply_to_hash));
}
