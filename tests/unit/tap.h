/* tap.h: the whole test harness. A test program calls CHECK_* and ends with `return tap_done();`.
 * Output is TAP; a failed check prints the place and both values and the program exits with 1. */
#ifndef BURZA_TAP_H
#define BURZA_TAP_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

static inline int tap_result(int ok, const char *file, int line, const char *what) {
    tap_count++;
    if (!ok)
        tap_failed++;
    printf("%sok %d - %s:%d %s\n", ok ? "" : "not ", tap_count, file, line, what);
    return ok;
}

static inline int tap_int(int64_t got, int64_t want, const char *file, int line, const char *what) {
    int ok = tap_result(got == want, file, line, what);
    if (!ok)
        printf("# got %" PRId64 ", want %" PRId64 "\n", got, want);
    return ok;
}

static inline int tap_str(const char *got, size_t len, const char *want, const char *file, int line,
                          const char *what) {
    int same = got && strlen(want) == len && memcmp(got, want, len) == 0;
    int ok = tap_result(same, file, line, what);
    if (!ok)
        printf("# got \"%.*s\", want \"%s\"\n", got ? (int)len : 6, got ? got : "(null)", want);
    return ok;
}

#define CHECK(condition) tap_result(!!(condition), __FILE__, __LINE__, #condition)
#define CHECK_INT(got, want) tap_int((int64_t)(got), (int64_t)(want), __FILE__, __LINE__, #got)
#define CHECK_STR(got, want)                                                                       \
    tap_str((got), (got) ? strlen(got) : 0, (want), __FILE__, __LINE__, #got)
#define CHECK_SPAN(got, want) tap_str((got).at, (got).len, (want), __FILE__, __LINE__, #got)

static inline int tap_done(void) {
    printf("1..%d\n", tap_count);
    if (tap_failed)
        printf("# %d of %d checks failed\n", tap_failed, tap_count);
    return tap_failed || tap_count == 0;
}

#endif
