/* shard fields: what of a shard's head is stored, and its counts in an order that does not depend
 * on their hash. Internal to store. */
#ifndef BURZA_SHARD_FIELDS_H
#define BURZA_SHARD_FIELDS_H

#include "stages/store/store.h"

#define HEAD_TEXTS(X)                                                                              \
    X(scan_digest)                                                                                 \
    X(input_key)                                                                                   \
    X(label)                                                                                       \
    X(formats)                                                                                     \
    X(container)                                                                                   \
    X(codec)                                                                                       \
    X(note)                                                                                        \
    X(sha256)                                                                                      \
    X(secret)
/* X(field, attribute). "stretch" is the word of 0.1.0 for a segment. */
#define HEAD_NUMBERS(X)                                                                            \
    X(segment, "stretch")                                                                          \
    X(first_block, "first_block")                                                                  \
    X(block_count, "block_count")                                                                  \
    X(last, "last")                                                                                \
    X(damaged, "damaged")                                                                          \
    X(members, "members")                                                                          \
    X(members_skipped, "members_skipped")                                                          \
    X(bytes, "bytes")                                                                              \
    X(bytes_out, "bytes_out")

/* The same, of what older shards have not. */
#define LATER_TEXTS(X)                                                                             \
    X(settings)                                                                                    \
    X(lexicons)                                                                                    \
    X(roots)                                                                                       \
    X(reading)
#define LATER_NUMBERS(X)                                                                           \
    X(revision, "revision")                                                                        \
    X(root_count, "root_count")                                                                    \
    X(trouble, "trouble")                                                                          \
    X(last_reply_us, "last_reply_us")                                                              \
    X(link_count, "link_count")

/* [count] by ascending key, malloc'ed; NULL when out of memory. */
struct counts_entry *counts_sorted(const struct counts *counts);

#endif
