/* level: a container being read, and the layers that it is read through. */
#ifndef BURZA_UNPACK_LEVEL_H
#define BURZA_UNPACK_LEVEL_H

#include "stages/unpack/container.h"

struct level {
    struct container *container;
    struct source *source; /* owned; what the container is read through, or NULL */
    struct source_feed feed;
    struct buf coded;               /* what `source` decodes, when it is not read from below */
    struct buf held;                /* a container that is read at any place, but is no file */
    char label[256];                /* of the member that it is; "" for the file itself */
    int codecs;                     /* around its members */
    const struct file_reader *file; /* what all layers come from */
    struct budget *budget;
    struct fault note; /* what is wrong though it can be read; "" for nothing */
};

/* Opens the container: over the whole file, over what `source` gives (set before), or else over
 * `feed`. What was set stays to be closed whatever happens. STATUS_REJECT: it is not read, though
 * nothing is damaged. */
enum status level_open(struct level *level, enum shape shape, struct feed *feed, bool whole_file,
                       struct fault *fault) MUST_USE;
/* At the end of a tar: looks for its next header behind a loss in `source`, at any byte. */
enum status level_resume(struct level *level, bool *resumed, struct fault *fault) MUST_USE;
void level_close(struct level *level);

/* Bytes of the file that stand behind `len` bytes that are read through the level. */
uint64_t level_disk_bytes(const struct level *level, uint64_t len);

#endif
