#include "pipeline/scan/progress.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
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

static int terminal_width(const struct progress *progress) {
    struct winsize size;
    if (!progress->terminal)
        return PROGRESS_SIZE - 1;
    bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col;
    /* in the last column a terminal may begin a new line */
    return (known ? size.ws_col : 80) - 1;
}

/* "512 MB", "2.8 GB" */
static void add_size(char *out, size_t size, double bytes) {
    if (bytes < 1e9)
        snprintf(out, size, "%.0f MB", bytes / 1e6);
    else
        snprintf(out, size, "%.1f GB", bytes / 1e9);
}

static int columns_of(const char *text) {
    int columns = 0;
    for (; *text; text++)
        columns += ((unsigned char)*text & 0xC0) != 0x80;
    return columns;
}

/* Adds ", TEXT" when it fits. */
static void add_part(char out[PROGRESS_SIZE], int width, const char *text) {
    size_t len = strlen(out);
    if (columns_of(out) + 2 + columns_of(text) <= width)
        snprintf(out + len, PROGRESS_SIZE - len, ", %s", text);
}

/* The name of the file; its beginning gives way when there is too little room. */
static void add_file(char out[PROGRESS_SIZE], int width, const char *file) {
    enum { LEAST = 8 };
    char text[PROGRESS_SIZE];
    int room = width - columns_of(out) - 2, wide = columns_of(file);
    if (!wide || (wide > room && room < LEAST))
        return;
    bool cut = wide > room;
    for (; columns_of(file) + cut > room; file++)
        while (((unsigned char)file[1] & 0xC0) == 0x80)
            file++;
    snprintf(text, sizeof text, "%s%.400s", cut ? "…" : "", file);
    add_part(out, width, text);
}

/* For a log: everything, in a fixed order. */
static void log_line(const struct progress *progress, double rate, const char *left,
                     const char *file, char out[PROGRESS_SIZE]) {
    double done = (double)atomic_load(&progress->done_bytes);
    snprintf(out, PROGRESS_SIZE, "%.0f MB read, %.0f MB/s, %llu posts, %llu mentions%s%s%s%.300s",
             done / 1e6, rate / 1e6, (unsigned long long)atomic_load(&progress->posts),
             (unsigned long long)atomic_load(&progress->mentions), *left ? ", " : "", left,
             *file ? ", " : "", file);
}

void progress_line(const struct progress *progress, double seconds, const char *file, int width,
                   char out[PROGRESS_SIZE]) {
    if (strcmp(file, "-") == 0)
        file = ""; /* standard input has no name */
    char part[64], size[32], left[64] = "";
    double done = (double)atomic_load(&progress->done_bytes);
    double whole = (double)progress->total_bytes, rate = seconds > 0 ? done / seconds : 0;
    if (progress->total_bytes && rate > 0) {
        long rest = done < whole ? (long)((whole - done) / rate) : 0;
        snprintf(left, sizeof left, "%.0f %%, %ld:%02ld:%02ld left",
                 100 * (done < whole ? done / whole : 1), rest / 3600, rest / 60 % 60, rest % 60);
    }
    if (!progress->terminal) {
        log_line(progress, rate, left, file, out);
        return;
    }
    add_size(size, sizeof size, done);
    snprintf(out, PROGRESS_SIZE, "%s", *left ? left : size);
    snprintf(part, sizeof part, "%.0f MB/s", rate / 1e6);
    add_part(out, width, part);
    add_size(size, sizeof size, whole);
    snprintf(part, sizeof part, "of %s", size);
    if (progress->total_bytes)
        add_part(out, width, part);
    snprintf(part, sizeof part, "%llu mentions",
             (unsigned long long)atomic_load(&progress->mentions));
    add_part(out, width, part);
    add_file(out, width, file);
}

void progress_draw(struct progress *progress, const char *file) {
    if (!progress->on)
        return;
    char line[PROGRESS_SIZE];
    int64_t now = clock_ns(), next = atomic_load(&progress->next_ns);
    int64_t after = now + (progress->terminal ? DRAWN_NS : MINUTE_NS);
    if (now < next || !atomic_compare_exchange_strong(&progress->next_ns, &next, after))
        return;
    progress_line(progress, (double)(now - progress->start_ns) / 1e9, file,
                  terminal_width(progress), line);
    fprintf(stderr, "%s%s%s", progress->terminal ? "\r\033[K" : "burza: ", line,
            progress->terminal ? "" : "\n");
    fflush(stderr);
}

void progress_end(struct progress *progress) {
    if (progress->on && progress->terminal)
        fputs("\r\033[K", stderr);
}
