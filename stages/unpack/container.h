/* container: tar, zip or 7z by libarchive, one entry after another. Entries that cannot hold posts
 * are passed over: folders and the resource forks that macOS adds silently, everything else that is
 * no regular file with a reason. */
#ifndef BURZA_UNPACK_CONTAINER_H
#define BURZA_UNPACK_CONTAINER_H

#include "stages/unpack/budget.h"
#include "stages/unpack/file_reader.h"
#include "stages/unpack/sniff.h"

struct container;

/* Where the bytes come from: `feed` in order, or `reader` at any place (zip, 7z). One is NULL. */
struct container_bytes {
    struct feed *feed;
    const struct file_reader *reader;
};
enum status container_open(struct container **out, enum shape shape, struct container_bytes bytes,
                           struct budget *budget, struct fault *fault) MUST_USE;
void container_close(struct container *container);

struct container_entry {
    char label[256];
    int64_t size;      /* as declared; -1 when unknown */
    struct feed *data; /* until the next call */
    bool damaged;      /* with STATUS_SKIP: lost by damage, not by being of no use */
};
/* STATUS_OK, STATUS_SKIP (this entry is passed over, the reason in `fault`) or STATUS_END. */
enum status container_next(struct container *container, struct container_entry *entry,
                           struct fault *fault) MUST_USE;
/* After STATUS_END: is what follows the last entry in order? STATUS_SKIP when it is not. */
enum status container_finish(struct container *container, struct fault *fault) MUST_USE;

#endif
