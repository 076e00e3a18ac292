/* failmalloc: makes the Nth allocation of burza fail. Preloaded by run.sh. Counting begins when
 * main sets TZ: what libraries allocate while they are loaded is not the program's.
 *
 * FAIL_COUNT=FILE  fails nothing and writes the number of allocations into FILE at the end
 * FAIL_AT=N        the Nth allocation fails; with FAIL_PERSIST=1 all after it too
 * FAIL_TRACE=1     says on standard error where it was */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *(*real_malloc)(size_t);
static void *(*real_calloc)(size_t, size_t);
static void *(*real_realloc)(void *, size_t);
static atomic_long allocations;
static long fail_at = -1;
static int persist, ready, counting, trace;

/* dlsym may allocate before the real functions are known. */
static char early[1 << 16];
static size_t early_used;

static void *early_alloc(size_t size) {
    size = (size + 15) & ~(size_t)15;
    if (early_used + size > sizeof early)
        return NULL;
    void *at = early + early_used;
    early_used += size;
    return at;
}

static int is_early(const void *at) {
    return (const char *)at >= early && (const char *)at < early + sizeof early;
}

/* On the first allocation of all; while dlsym runs, its own come from `early`. */
static int prepare(void) {
    if (ready == 2)
        return 1;
    if (ready == 1)
        return 0;
    ready = 1;
    real_malloc = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");
    real_calloc = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "calloc");
    real_realloc = (void *(*)(void *, size_t))dlsym(RTLD_NEXT, "realloc");
    const char *at = getenv("FAIL_AT"), *more = getenv("FAIL_PERSIST");
    fail_at = at ? strtol(at, NULL, 10) : -1;
    persist = more && more[0] == '1';
    trace = getenv("FAIL_TRACE") != NULL;
    ready = 2;
    return 1;
}

__attribute__((destructor)) static void end(void) {
    const char *path = getenv("FAIL_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file)
        return;
    fprintf(file, "%ld\n", atomic_load(&allocations));
    fclose(file);
}

int setenv(const char *name, const char *value, int overwrite) {
    int (*real)(const char *, const char *, int) =
        (int (*)(const char *, const char *, int))dlsym(RTLD_NEXT, "setenv");
    int result = real(name, value, overwrite);
    if (strcmp(name, "TZ") == 0)
        counting = 1;
    return result;
}

static int fails(void) {
    if (!counting)
        return 0;
    long number = atomic_fetch_add(&allocations, 1) + 1;
    int now = fail_at > 0 && (number == fail_at || (persist && number > fail_at));
    if (now && trace && number == fail_at) {
        void *frames[32];
        counting = 0;
        backtrace_symbols_fd(frames, backtrace(frames, 32), 2);
        counting = 1;
    }
    if (now)
        errno = ENOMEM;
    return now;
}

void *malloc(size_t size) {
    if (!prepare())
        return early_alloc(size);
    return fails() ? NULL : real_malloc(size);
}

void *calloc(size_t count, size_t size) {
    if (!prepare())
        return early_alloc(count * size);
    return fails() ? NULL : real_calloc(count, size);
}

void *realloc(void *old, size_t size) {
    if (is_early(old)) {
        void *at = malloc(size);
        if (at)
            memcpy(at, old, size < 4096 ? size : 4096);
        return at;
    }
    if (!prepare())
        return NULL;
    return fails() ? NULL : real_realloc(old, size);
}

void free(void *at) {
    static void (*real_free)(void *);
    if (!at || is_early(at))
        return;
    if (!real_free)
        real_free = (void (*)(void *))dlsym(RTLD_NEXT, "free");
    real_free(at);
}
