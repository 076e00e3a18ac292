/* share sources: the folders that an audit's shards come from, and what is missing of their shares.
 *
 * In: folders with a manifest. Out: messages that name every share that never ran, is not finished,
 * is being scanned, or was scanned otherwise. Owner: a `struct share_sources` owns its manifests.
 * May fail: STATUS_FATAL. */
#ifndef BURZA_SHARE_SOURCES_H
#define BURZA_SHARE_SOURCES_H

#include "pipeline/scan/scanned_inputs.h"
#include "pipeline/scan/shares.h"

struct share_source {
    struct shard_folder shards; /* with its shares; not locked */
    struct manifest manifest;
    struct symbols foreign; /* folders of shares that are none of the manifest's */
};
struct share_sources {
    struct share_source *at;
    size_t count;
};

/* Adds the folder when it has a manifest, and to `shards` the folders of its shares. */
enum status share_sources_add(struct share_sources *sources, struct shard_folder *shards,
                              struct fault *fault) MUST_USE;
/* Names what is missing; how many shares, or inputs of a merge, are. */
size_t share_sources_say(const struct share_sources *sources, const struct scanned_inputs *inputs,
                         const struct scan_id *id);
/* Fault when a task scans a share of them now. */
enum status share_sources_idle(const struct share_sources *sources, struct fault *fault) MUST_USE;
void share_sources_release(struct share_sources *sources);

#endif
