/* The line of progress: what it says, and that it fits. */
#include "pipeline/scan/progress.h"
#include "tap.h"

#include <stdatomic.h>

static int columns(const char *text) {
    int count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

static void check(struct progress *progress, const char *file, int width, const char *want) {
    char line[PROGRESS_SIZE];
    progress_line(progress, 10, file, width, line);
    const char *shown = line;
    CHECK_STR(shown, want);
    CHECK(columns(line) <= width);
}

int main(void) {
    struct progress progress = {.terminal = true, .total_bytes = 4000000000};
    atomic_store(&progress.done_bytes, 1000000000);
    atomic_store(&progress.posts, 5000000);
    atomic_store(&progress.mentions, 12345);
    check(&progress, "RC_2023-03.zst", 79,
          "25 %, 0:00:30 left, 100 MB/s, of 4.0 GB, 12345 mentions, RC_2023-03.zst");
    check(&progress, "żółw/archiwum/twitter-stream-2023-03.tar", 79,
          "25 %, 0:00:30 left, 100 MB/s, of 4.0 GB, 12345 mentions, …er-stream-2023-03.tar");
    check(&progress, "RC_2023-03.zst", 62,
          "25 %, 0:00:30 left, 100 MB/s, of 4.0 GB, 12345 mentions");
    check(&progress, "łódź-łódź.zst", 66,
          "25 %, 0:00:30 left, 100 MB/s, of 4.0 GB, 12345 mentions, …łódź.zst");
    check(&progress, "a", 30, "25 %, 0:00:30 left, 100 MB/s");
    progress.terminal = false;
    check(&progress, "a.tar", PROGRESS_SIZE - 1,
          "1000 MB read, 100 MB/s, 5000000 posts, 12345 mentions, 25 %, 0:00:30 left, a.tar");
    /* of standard input nobody knows how much will come; a file may grow while it is read */
    progress.total_bytes = 0;
    check(&progress, "-", PROGRESS_SIZE - 1,
          "1000 MB read, 100 MB/s, 5000000 posts, 12345 mentions");
    progress.terminal = true;
    check(&progress, "-", 79, "1.0 GB, 100 MB/s, 12345 mentions");
    progress.total_bytes = 900000000;
    check(&progress, "a", 79, "100 %, 0:00:00 left, 100 MB/s, of 900 MB, 12345 mentions, a");
    atomic_store(&progress.done_bytes, 0);
    check(&progress, "a", 79, "0 MB, 0 MB/s, of 900 MB, 12345 mentions, a");
    return tap_done();
}
