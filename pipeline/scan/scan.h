/* scan: archives in, shards out, in parallel.
 *
 * One OpenMP parallel region. Each thread repeats: take the next item of work (a block read under
 * its input's lock, or a whole packed member), do all per-record work on it, commit the result in
 * the order of the items. Several inputs are open at once, so that threads that would wait for one
 * input's reader work on another. Results do not depend on the number of threads, the order of
 * inputs, or on being interrupted. */
#ifndef BURZA_SCAN_H
#define BURZA_SCAN_H

#include "pipeline/scan/record_worker.h"
#include "pipeline/scan/shard_folder.h"

struct scan_plan {
    const struct scan_input *inputs; /* [count] */
    size_t count;
    size_t listed;                     /* inputs of all shares; 0: not shared */
    const struct shard_folder *shards; /* open and locked */
    struct worker_shared shared;
    const struct scan_id *id;
    const struct scanned_input *const *goals; /* second pass: [count]; NULL in the first */
    enum digest_kind digest;                  /* of plain inputs */
    int threads;
    bool quiet;
    struct timings *timings;
};

struct scan_outcome {
    size_t read, known; /* inputs scanned now; inputs whose shards were there already */
    bool partial;       /* something was damaged or passed over, this time */
    int signal;         /* that interrupted the scan, or 0 */
    uint64_t bytes_out;
    double seconds;
};

/* STATUS_OK also when interrupted (see outcome->signal): finished segments are on disk. */
enum status scan_run(const struct scan_plan *plan, struct scan_outcome *outcome,
                     struct fault *fault) MUST_USE;

#endif
