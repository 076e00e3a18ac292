/* job: one input being scanned: reading it piece by piece under its reading lock, and committing
 * results in the order of the pieces, stretch by stretch, as shards.
 *
 * A piece is a block of a serially decompressed stream, or a whole packed member. Pieces are
 * numbered; the numbering depends only on the input. Results that arrive early wait in a ring of
 * fixed size, so memory is bounded. A stretch ends at a piece boundary once it holds
 * STRETCH_ROWS_BYTES of rows or STRETCH_BYTES of input; then its shard is published. A resumed job
 * passes over the pieces of stretches that are on disk. */
#ifndef BURZA_JOB_H
#define BURZA_JOB_H

#include "pipeline/engine/parts.h"
#include "pipeline/engine/worker.h"

#include <omp.h>

enum { RING = 16 };
#define STRETCH_ROWS_BYTES ((size_t)48 << 20)
#define STRETCH_BYTES ((uint64_t)1 << 30)

struct piece {
    uint64_t sequence;
    bool packed;
    struct block block; /* when not packed */
    struct buf raw;     /* when packed */
    char label[256];
};
void piece_init(struct piece *piece, size_t max_record_bytes);
void piece_release(struct piece *piece);

struct job {
    const struct input_path *path;
    const struct parts *parts;
    const char *scan_digest;
    char key[72];

    /* reading, under `reading` */
    omp_lock_t reading;
    struct input *input;
    struct member member;
    struct cutter cutter;
    bool streaming; /* the cutter has a member open */
    bool read_all;
    uint64_t next_sequence;
    uint64_t done_pieces; /* pieces of stretches on disk */
    uint32_t skipped;     /* members passed over while reading */
    char skip_note[520];
    bool damaged;
    uint64_t position; /* bytes of the file read so far */

    /* committing, under `committing` */
    omp_lock_t committing;
    struct batch ring[RING];
    _Atomic uint64_t committed; /* next sequence to commit */
    struct shard shard;         /* the stretch being gathered */
    bool partial;               /* something of the input was damaged or passed over */
};

enum status job_open(struct job *job, const struct input_path *path, const struct parts *parts,
                     const char *scan_digest, const struct shard_list *done, struct budget *budget,
                     struct fault *fault) MUST_USE;
void job_close(struct job *job);

/* True when the next piece may be read now: the ring has room for it. The caller holds `reading`.
 */
bool job_has_room(struct job *job);
/* The next piece that still needs work; the caller holds `reading`. STATUS_END: no more. */
enum status job_read(struct job *job, const struct decode_options *decode, struct piece *piece,
                     struct fault *fault) MUST_USE;
/* Bytes of the file read since the last call; the caller holds `reading`. */
uint64_t job_advance(struct job *job);
/* Hands in the batch of a piece (its content is moved away) and writes shards that became full. */
enum status job_commit(struct job *job, struct batch *batch, struct stopwatch *watch,
                       struct fault *fault) MUST_USE;
/* After all pieces were committed: the last shard, with the input's digest. */
enum status job_finish(struct job *job, struct stopwatch *watch, struct fault *fault) MUST_USE;

#endif
