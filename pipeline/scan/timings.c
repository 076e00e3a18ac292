#include "pipeline/scan/timings.h"

#include "pipeline/scan/progress.h"

#include <stdlib.h>

/* No step of a record takes as long: another program had the processor. */
enum { INTERRUPTED_NS = 2000000 };

static const char *const step_names[TIMING_STEPS] = {
    [TIMING_DECOMPRESS] = "decompress", [TIMING_HASH] = "hash",    [TIMING_PARSE] = "parse",
    [TIMING_TALLY] = "tally",           [TIMING_MATCH] = "match",  [TIMING_TEXT] = "text",
    [TIMING_SCORE] = "score",           [TIMING_ROWS] = "rows",    [TIMING_COMMIT] = "commit",
    [TIMING_WRITE] = "write",           [TIMING_WAIT] = "waiting",
};

static const char *const phase_names[PHASE_COUNT] = {
    [PHASE_PREPARE] = "prepare", [PHASE_SCAN] = "scan",     [PHASE_STUDY] = "study",
    [PHASE_AUDIT] = "audit",     [PHASE_REPORT] = "report",
};

void stopwatch_start(struct stopwatch *watch, bool on) {
    *watch = (struct stopwatch){.on = on, .until_sample = STOPWATCH_STRIDE / 2};
    if (on)
        watch->lap_ns = clock_ns();
}

static int64_t lap(struct stopwatch *watch) {
    int64_t before = watch->lap_ns;
    watch->lap_ns = clock_ns();
    return watch->lap_ns - before;
}

void stopwatch_lap(struct stopwatch *watch, enum timing step) {
    if (watch->on)
        watch->spent_ns[step] += lap(watch);
}

void stopwatch_lap_records(struct stopwatch *watch) {
    if (watch->on)
        watch->records_ns += lap(watch);
}

void stopwatch_move(struct stopwatch *watch, enum timing from, enum timing to, int64_t ns) {
    if (!watch->on)
        return;
    watch->spent_ns[from] -= ns;
    watch->spent_ns[to] += ns;
}

void stopwatch_sample(struct stopwatch *watch) {
    watch->until_sample = STOPWATCH_STRIDE - 1;
    watch->sampling = true;
    watch->mark_ns = clock_ns();
}

void stopwatch_note(struct stopwatch *watch, enum timing step) {
    int64_t before = watch->mark_ns;
    watch->mark_ns = clock_ns();
    if (watch->mark_ns - before < INTERRUPTED_NS)
        watch->sampled_ns[step] += watch->mark_ns - before;
}

void timings_begin(struct timings *timings, bool on, int threads) {
    *timings = (struct timings){.on = on};
    if (!on)
        return;
    timings->start_ns = timings->lap_ns = clock_ns();
    timings->threads_at = calloc((size_t)threads, sizeof *timings->threads_at);
    timings->threads = timings->threads_at ? threads : 0;
}

void timings_release(struct timings *timings) {
    free(timings->threads_at);
    *timings = (struct timings){0};
}

void timings_phase(struct timings *timings, enum phase phase) {
    if (!timings->on)
        return;
    int64_t before = timings->lap_ns;
    timings->lap_ns = clock_ns();
    timings->phase_ns[phase] += timings->lap_ns - before;
}

void timings_keep(struct timings *timings, int thread, const struct stopwatch *watch) {
    if (!timings->on || thread >= timings->threads)
        return;
    struct stopwatch *sum = &timings->threads_at[thread];
    sum->records_ns += watch->records_ns;
    for (int i = 0; i < TIMING_STEPS; i++) {
        sum->spent_ns[i] += watch->spent_ns[i];
        sum->sampled_ns[i] += watch->sampled_ns[i];
    }
}

/* What went into `step`, with its share of the records. */
static double step_s(const struct stopwatch *watch, enum timing step) {
    double sampled = 0, ns = (double)watch->spent_ns[step];
    for (int i = 0; i < TIMING_STEPS; i++)
        sampled += (double)watch->sampled_ns[i];
    if (sampled > 0)
        ns += (double)watch->records_ns * (double)watch->sampled_ns[step] / sampled;
    return ns / 1e9;
}

/* One line: the sum over the threads, its share, each thread. */
static void add_line(const struct timings *timings, const char *name, const double *seconds,
                     double whole, struct buf *out) {
    double sum = 0;
    for (int i = 0; i < timings->threads; i++)
        sum += seconds[i];
    buf_format(out, "%-12s %8.3f %6.1f %%", name, sum, whole > 0 ? 100 * sum / whole : 0);
    for (int i = 0; i < timings->threads; i++)
        buf_format(out, " %8.3f", seconds[i]);
    buf_char(out, '\n');
}

void timings_text(const struct timings *timings, struct buf *out) {
    double *seconds = calloc((size_t)timings->threads + 1, sizeof *seconds);
    double *busy = calloc((size_t)timings->threads + 1, sizeof *busy);
    double parallel = (double)timings->parallel_ns / 1e9, whole = parallel * timings->threads;
    if (seconds && busy && timings->threads) {
        buf_text(out, "scan, s           all   share");
        for (int i = 0; i < timings->threads; i++)
            buf_format(out, "  thread%2d", i + 1);
        buf_char(out, '\n');
        for (int step = 0; step < TIMING_WAIT; step++) {
            for (int i = 0; i < timings->threads; i++) {
                seconds[i] = step_s(&timings->threads_at[i], (enum timing)step);
                busy[i] += seconds[i];
            }
            add_line(timings, step_names[step], seconds, whole, out);
        }
        add_line(timings, "busy", busy, whole, out);
        for (int i = 0; i < timings->threads; i++)
            seconds[i] = parallel - busy[i];
        add_line(timings, step_names[TIMING_WAIT], seconds, whole, out);
    }
    free(seconds);
    free(busy);
    buf_text(out, "phase, s\n");
    for (int i = 0; i < PHASE_COUNT; i++)
        buf_format(out, "%-12s %8.3f\n", phase_names[i], (double)timings->phase_ns[i] / 1e9);
    buf_format(out, "%-12s %8.3f\n", "whole", (double)(timings->lap_ns - timings->start_ns) / 1e9);
}
