/* intake: the bytes of a feed as a codec needs them: some at once however the feed was cut, a step
 * back after damage, a search for the next place where decoding can begin. */
#ifndef BURZA_UNPACK_INTAKE_H
#define BURZA_UNPACK_INTAKE_H

#include "stages/unpack/feed.h"

#define INTAKE_GATHER_MAX 1024

struct intake {
    struct feed *feed;
    struct span now;   /* not used yet; lives until the next call */
    struct span chunk; /* the feed's last */
    uint64_t at;       /* offset of `now` in the feed */
    uint64_t chunk_at;
    char glue[INTAKE_GATHER_MAX]; /* where `now` is when it reaches over two chunks */
};

void intake_init(struct intake *intake, struct feed *feed);
/* At least one byte in `now`, else STATUS_END or what ended the feed. */
enum status intake_fill(struct intake *intake, struct fault *fault) MUST_USE;
/* At least `want` bytes (at most INTAKE_GATHER_MAX), fewer only before the end: then STATUS_END
 * when there is none, STATUS_OK otherwise. */
enum status intake_gather(struct intake *intake, size_t want, struct fault *fault) MUST_USE;
void intake_skip(struct intake *intake, size_t len);
/* Back to an offset, or as near as the chunk at hand allows. */
void intake_rewind(struct intake *intake, uint64_t to);
/* Passes over zeros; STATUS_END when nothing else is left. */
enum status intake_skip_zeros(struct intake *intake, struct fault *fault) MUST_USE;
/* Passes over bytes until `fits` says yes to what is there, `want` bytes of it or what is left. */
enum status intake_search(struct intake *intake, size_t want,
                          bool (*fits)(const struct intake *intake), struct fault *fault) MUST_USE;

#endif
