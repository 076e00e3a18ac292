/* timings: where the time of a run goes (burza run --timings).
 *
 * Each thread of the scan has a `stopwatch`. It is read once for each step of a block: reading,
 * records, committing. What the records' time consists of is measured on one record in
 * STOPWATCH_STRIDE, and the exact time of the blocks is shared out in that proportion, so that
 * measuring costs less than a hundredth of a run. Switched off, a mark is one branch.
 *
 * Belongs to its thread; timings_keep hands it in. Never changes results. May fail: a thread's
 * figures are left out when there is no memory for them. */
#ifndef BURZA_TIMINGS_H
#define BURZA_TIMINGS_H

#include "stages/common/buf.h"

#include <stdint.h>

enum { STOPWATCH_STRIDE = 61 };

enum timing {
    TIMING_DECOMPRESS, /* with reading the file */
    TIMING_HASH,       /* of the file's bytes */
    TIMING_PARSE,
    TIMING_TALLY, /* all posts by hour and channel */
    TIMING_MATCH, /* the prefilter and the queries */
    TIMING_TEXT,  /* tokens and language */
    TIMING_SCORE,
    TIMING_ROWS,   /* of mentions */
    TIMING_COMMIT, /* results in order */
    TIMING_WRITE,  /* shards */
    TIMING_WAIT,   /* nothing to do, or a lock */
    TIMING_STEPS
};

/* What a run consists of, one after the other. */
enum phase { PHASE_PREPARE, PHASE_SCAN, PHASE_STUDY, PHASE_AUDIT, PHASE_REPORT, PHASE_COUNT };

struct stopwatch {
    bool on, sampling;
    uint32_t until_sample;
    int64_t lap_ns, mark_ns;          /* when the last lap and mark were taken */
    int64_t spent_ns[TIMING_STEPS];   /* but for records */
    int64_t records_ns;               /* of blocks */
    int64_t sampled_ns[TIMING_STEPS]; /* of the records measured one by one */
};
void stopwatch_start(struct stopwatch *watch, bool on);
/* The time since the last lap went into `step`, or into records. */
void stopwatch_lap(struct stopwatch *watch, enum timing step);
void stopwatch_lap_records(struct stopwatch *watch);
/* Of the last lap, `ns` went into `to` instead of `from`. */
void stopwatch_move(struct stopwatch *watch, enum timing from, enum timing to, int64_t ns);

void stopwatch_sample(struct stopwatch *watch);
void stopwatch_note(struct stopwatch *watch, enum timing step);

/* Before each record. */
static inline void stopwatch_record(struct stopwatch *watch) {
    watch->sampling = false;
    if (watch->on && watch->until_sample-- == 0)
        stopwatch_sample(watch);
}
/* The time since the last mark in this record went into `step`. */
static inline void stopwatch_mark(struct stopwatch *watch, enum timing step) {
    if (watch->sampling)
        stopwatch_note(watch, step);
}

struct timings {
    bool on;
    int threads;
    struct stopwatch *threads_at; /* [threads] */
    int64_t start_ns, lap_ns;
    int64_t phase_ns[PHASE_COUNT];
    int64_t parallel_ns; /* of the scan: how long each thread could have worked */
};
void timings_begin(struct timings *timings, bool on, int threads);
void timings_release(struct timings *timings);
/* The time since the last call went into `phase`. */
void timings_phase(struct timings *timings, enum phase phase);
/* Adds the finished watch of a thread; any thread, each its own number. */
void timings_keep(struct timings *timings, int thread, const struct stopwatch *watch);
/* The tables, for people. */
void timings_text(const struct timings *timings, struct buf *out);

#endif
