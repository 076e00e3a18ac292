/* input scan: one input being scanned: reading it item by item under its reading lock, and
 * committing results in the order of the items, segment by segment, as shards.
 *
 * A item is a block of a serially decompressed stream, or a whole packed member. Pieces are
 * numbered; the numbering depends only on the input. Results that arrive early wait in a ring of
 * fixed size, so memory is bounded. A segment ends at an item boundary once it holds
 * SEGMENT_ROWS_BYTES of rows, SEGMENT_COUNTS counts or SEGMENT_BYTES of input, or when the scan is
 * interrupted; then its shard is published. A resumed scan passes over the items of segments that
 * are on disk. */
#ifndef BURZA_INPUT_SCAN_H
#define BURZA_INPUT_SCAN_H

#include "pipeline/scan/record_worker.h"
#include "pipeline/scan/scanned_inputs.h"

#include <omp.h>
#include <stdatomic.h>

enum { RING = 16 };
#define SEGMENT_ROWS_BYTES ((size_t)16 << 20)
#define SEGMENT_BYTES ((uint64_t)1 << 30)
#define SEGMENT_COUNTS                                                                             \
    400000 /* of the tally: posts by channel and hour may be as many as posts                      \
            */

struct work_item {
    uint64_t sequence;
    bool packed;
    struct block block; /* when not packed */
    struct buf raw;     /* when packed */
    char label[256];
};
void work_item_init(struct work_item *item, size_t max_record_bytes);
void work_item_release(struct work_item *item);

struct input_scan {
    const struct scan_input *what;
    const struct shard_folder *shards;
    const struct scan_id *id;
    const struct scanned_input *goal; /* second pass: what is looked for; NULL in the first */

    /* reading, under `reading` */
    omp_lock_t reading;
    struct input *input;
    struct member member;
    struct block_reader reader;
    struct decode_options decode; /* those of the input, with its path */
    struct budget *budget;
    bool streaming; /* the reader has a member open */
    bool read_all;
    bool of_many;  /* the scan reads a great many inputs */
    bool replaces; /* its shards may be in the folder already, of another kind or set aside */
    uint64_t next_sequence;
    uint64_t done_pieces; /* items of segments on disk */
    uint32_t members;     /* gathered so far, in all segments */
    uint32_t skipped;     /* members passed over while reading */
    char skip_note[520];
    bool damaged;
    atomic_int trouble; /* the gravest passing one of reading: the input is not done */
    uint64_t position;  /* bytes of the file read so far */

    /* committing, under `committing` */
    omp_lock_t committing;
    struct batch ring[RING];
    int begun;                  /* batches of the ring that were initialised */
    _Atomic uint64_t committed; /* next sequence to commit */
    struct shard shard;         /* the segment being gathered */
    bool minor;                 /* the shard's note is only about a row */
    bool partial;               /* something of the input was damaged or passed over */
};

enum status input_scan_open(struct input_scan *scan, const struct scan_input *what,
                            const struct shard_folder *shards, const struct scan_id *id,
                            const struct scanned_input *goal, const struct shard_list *done,
                            enum digest_kind digest, struct budget *budget,
                            struct fault *fault) MUST_USE;
void input_scan_close(struct input_scan *scan);

/* True when the next item may be read now: the ring has room for it. The caller holds `reading`.
 */
bool input_scan_has_room(struct input_scan *scan);
/* The next item that still needs work; the caller holds `reading`. STATUS_END: no more. */
enum status input_scan_read(struct input_scan *scan, struct work_item *item,
                            struct fault *fault) MUST_USE;
/* Bytes of the file read since the last call; the caller holds `reading`. */
uint64_t input_scan_advance(struct input_scan *scan);
/* Hands in the batch of an item (its content is moved away) and writes shards that became full. */
enum status input_scan_commit(struct input_scan *scan, struct batch *batch, struct stopwatch *watch,
                              struct fault *fault) MUST_USE;
/* Interrupted, after the threads ended: a shard of the items that were committed since the last
 * one, so that the next run goes on behind them. Not of what is read from its beginning again
 * anyway. */
enum status input_scan_checkpoint(struct input_scan *scan, struct fault *fault) MUST_USE;
/* After all items were committed: the last shard, with the input's digest. */
enum status input_scan_finish(struct input_scan *scan, struct stopwatch *watch,
                              struct fault *fault) MUST_USE;

#endif
