#include "pipeline/scan/progress.h"

#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define FIRST_DRAWN_NS INT64_C(300000000)
#define DRAWN_NS INT64_C(200000000)
#define MINUTE_NS INT64_C(60000000000)

int64_t clock_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void progress_begin(struct progress *progress, uint64_t total_bytes, bool quiet) {
    *progress = (struct progress){
        .on = !quiet, .terminal = isatty(STDERR_FILENO), .total_bytes = total_bytes};
    progress->start_ns = clock_ns();
    atomic_store(&progress->next_ns,
                 progress->start_ns + (progress->terminal ? FIRST_DRAWN_NS : MINUTE_NS));
}

void progress_draw(struct progress *progress) {
    if (!progress->on)
        return;
    int64_t now = clock_ns(), next = atomic_load(&progress->next_ns);
    int64_t after = now + (progress->terminal ? DRAWN_NS : MINUTE_NS);
    if (now < next || !atomic_compare_exchange_strong(&progress->next_ns, &next, after))
        return;
    double seconds = (double)(now - progress->start_ns) / 1e9;
    double done = (double)atomic_load(&progress->done_bytes);
    double rate = seconds > 0 ? done / seconds : 0;
    char left[64] = "";
    if (progress->total_bytes && rate > 0) {
        double rest = ((double)progress->total_bytes - done) / rate;
        long whole = rest > 0 ? (long)rest : 0;
        snprintf(left, sizeof left, ", %.0f %%, %ld:%02ld:%02ld left",
                 100 * done / (double)progress->total_bytes, whole / 3600, whole / 60 % 60,
                 whole % 60);
    }
    fprintf(stderr, "%s%.0f MB read, %.0f MB/s, %llu posts, %llu mentions%s%s",
            progress->terminal ? "\r\033[K" : "burza: ", done / 1e6, rate / 1e6,
            (unsigned long long)atomic_load(&progress->posts),
            (unsigned long long)atomic_load(&progress->mentions), left,
            progress->terminal ? "" : "\n");
    fflush(stderr);
}

void progress_end(struct progress *progress) {
    if (progress->on && progress->terminal)
        fputs("\r\033[K", stderr);
}
