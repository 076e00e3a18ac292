/* scanned inputs: the shards of a folder, put together by input: which inputs are whole, which are
 * there twice, and whose replies were looked for with all the roots that are known today.
 *
 * In: a folder of shards, a scan. Out: the inputs in canonical order (by label, then digest).
 * Owner: a `struct scanned_inputs` owns its lists. May fail: STATUS_FATAL. */
#ifndef BURZA_SCANNED_INPUTS_H
#define BURZA_SCANNED_INPUTS_H

#include "pipeline/scan/scan_id.h"
#include "pipeline/scan/shard_folder.h"

/* Shards of one input and one pass. */
struct segments {
    const struct shard_entry *at;
    size_t count;
    bool whole;  /* from the input's beginning to its end, for the same roots */
    int trouble; /* the gravest passing one that kept bytes from being read; 0: none */
};

struct scanned_input {
    struct segments first, context; /* passes; the second may be missing */
    size_t original;                /* where the same bytes come first; itself when no duplicate */
    int64_t last_reply_us;          /* TIME_NONE: no reply, so nothing to look for */
    char roots[DIGEST_HEX_SIZE];    /* of the posts known today that it could answer */
    int64_t root_count;
    bool needs_pass; /* it was not looked through for all of them */
};

struct scanned_inputs {
    struct shard_list shards, context_shards;
    struct scanned_input *at; /* [count] */
    size_t count;
    size_t older; /* inputs that only an older revision of the program scanned, with our settings */
    size_t others; /* inputs that were only scanned with other settings */
    size_t lost;   /* inputs of which nothing but a damaged shard is left */
};

enum status scanned_inputs_read(struct scanned_inputs *inputs, const struct shard_folder *shards,
                                const struct scan_id *id, struct fault *fault) MUST_USE;
/* Looks for every input's context shards in `context_shards`. */
void scanned_inputs_find_context(struct scanned_inputs *inputs);
void scanned_inputs_release(struct scanned_inputs *inputs);
const struct shard_head *scanned_input_head(const struct scanned_input *input); /* the last */
/* Whether two inputs that were read to their ends are the same bytes, by the heads of their last
 * shards: by their digests; where these are of two kinds by size, the digest of the first 64 KiB
 * and what was read. */
bool scanned_input_same(const struct shard_head *a, const struct shard_head *b);
/* Puts together the shards of `list` that begin at `from`. */
struct segments segments_at(const struct shard_list *list, size_t from);

#endif
