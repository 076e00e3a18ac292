#include "pipeline/scan/context_replies.h"

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

static bool add_roots(struct reply_roots *roots, const struct mention_rows *m) {
    for (size_t row = 0; row < m->count; row++) {
        size_t brand = m->brand[row];
        if (brand >= roots->brand_count || !roots->brands[brand].thread ||
            m->kind[row] == POST_REPLY || m->kind[row] == POST_REPOST)
            continue;
        uint64_t *root = counts_at(&roots->keys, root_key(m->id_hash[row], brand));
        if (!root)
            return false;
        *root = 1;
    }
    return true;
}

static int compare_keys(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static bool digest_roots(struct reply_roots *roots, const char *scan_digest) {
    uint64_t *keys = malloc((roots->keys.count + 1) * sizeof *keys);
    unsigned char sum[DIGEST_SIZE];
    struct digest digest;
    size_t count = 0;
    if (!keys || digest_init(&digest, NULL) != STATUS_OK) {
        free(keys);
        return false;
    }
    for (size_t i = 0; i < roots->keys.cap; i++)
        if (roots->keys.used[i])
            keys[count++] = roots->keys.entries[i].key;
    qsort(keys, count, sizeof *keys, compare_keys);
    digest_add(&digest, span_of("burza threads 1"));
    digest_add(&digest, span_of(scan_digest));
    digest_add(&digest, (struct span){(const char *)keys, count * sizeof *keys});
    digest_peek(&digest, sum);
    digest_hex(sum, roots->digest);
    digest_release(&digest);
    free(keys);
    return true;
}

enum status reply_roots_build(struct reply_roots *roots, const struct shard_folder *shards,
                              const char *scan_digest, const struct brand *brands, size_t count,
                              struct fault *fault) {
    struct shard_list list;
    *roots = (struct reply_roots){.brands = brands, .brand_count = count};
    enum status status = shard_folder_list(shards, scan_digest, &list, fault);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < list.count && status == STATUS_OK; i++) {
        struct shard shard;
        status = shard_read(list.at[i].path, false, &shard, fault);
        if (status != STATUS_OK)
            break;
        if (!add_roots(roots, &shard.mentions))
            status = fault_memory(fault);
        shard_release(&shard);
    }
    shard_list_release(&list);
    if (status == STATUS_OK && !digest_roots(roots, scan_digest))
        status = fault_memory(fault);
    return status;
}

void reply_roots_release(struct reply_roots *roots) {
    counts_release(&roots->keys);
}

bool reply_roots_hold(const struct reply_roots *roots, size_t brand, uint64_t conversation_hash,
                      uint64_t reply_to_hash) {
    return (conversation_hash && counts_find(&roots->keys, root_key(conversation_hash, brand))) ||
           (reply_to_hash && counts_find(&roots->keys, root_key(reply_to_hash, brand)));
}
