#include "pipeline/scan/progress.h"

#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

int64_t clock_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void progress_begin(struct progress *progress, uint64_t total_bytes, bool quiet) {
    *progress =
        (struct progress){.on = !quiet && isatty(STDERR_FILENO), .total_bytes = total_bytes};
    progress->start_ns = clock_ns();
    atomic_store(&progress->next_ns, progress->start_ns + 300000000);
}

void progress_draw(struct progress *progress) {
    if (!progress->on)
        return;
    int64_t now = clock_ns(), next = atomic_load(&progress->next_ns);
    if (now < next || !atomic_compare_exchange_strong(&progress->next_ns, &next, now + 200000000))
        return;
    double seconds = (double)(now - progress->start_ns) / 1e9;
    double done = (double)atomic_load(&progress->done_bytes);
    double rate = seconds > 0 ? done / seconds : 0;
    fprintf(stderr, "\r\033[K%.0f MB read, %.0f MB/s, %llu posts, %llu mentions", done / 1e6,
            rate / 1e6, (unsigned long long)atomic_load(&progress->posts),
            (unsigned long long)atomic_load(&progress->mentions));
    if (progress->total_bytes && rate > 0) {
        double left = ((double)progress->total_bytes - done) / rate;
        long whole = left > 0 ? (long)left : 0;
        fprintf(stderr, ", %.0f %%, %ld:%02ld:%02ld left",
                100 * done / (double)progress->total_bytes, whole / 3600, whole / 60 % 60,
                whole % 60);
    }
    fflush(stderr);
}

void progress_end(struct progress *progress) {
    if (progress->on)
        fputs("\r\033[K", stderr);
}
