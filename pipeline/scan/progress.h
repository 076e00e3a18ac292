/* progress: on a terminal one line with rate, time left and file, no wider than the terminal, drawn
 * again and again; elsewhere, such as in the log of a cluster's job, a line a minute. */
#ifndef BURZA_PROGRESS_H
#define BURZA_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
    bool on, terminal;
    uint64_t total_bytes; /* on disk, 0 when unknown */
    _Atomic uint64_t done_bytes, posts, mentions;
    _Atomic int64_t next_ns; /* when the line may be drawn again */
    int64_t start_ns;
};

void progress_begin(struct progress *progress, uint64_t total_bytes, bool quiet);
/* Draws at most five times a second, or writes once a minute; any thread. `file`: what was read
 * just now. */
void progress_draw(struct progress *progress, const char *file);
/* What is drawn after `seconds`: as much of it as fits into `width` columns, ended by NUL. */
enum { PROGRESS_SIZE = 512 };
void progress_line(const struct progress *progress, double seconds, const char *file, int width,
                   char out[PROGRESS_SIZE]);
void progress_end(struct progress *progress);

/* Monotonic nanoseconds; only for progress and timings, never for results. */
int64_t clock_ns(void);

#endif
