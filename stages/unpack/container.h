/* container: the members of a tar, zip or 7z archive, one after another. Members that cannot hold
 * posts are passed over: folders and what macOS and Windows add silently, everything else that is
 * no regular file with a reason. */
#ifndef BURZA_UNPACK_CONTAINER_H
#define BURZA_UNPACK_CONTAINER_H

#include "stages/unpack/byte_source.h"
#include "stages/unpack/file_reader.h"

/* Bytes at any place: of a file, in memory, or a part of others with something before and behind.
 */
struct random_bytes {
    const struct file_reader *reader;
    struct span memory; /* when there is no reader, and before a part */
    uint64_t size;
    const struct random_bytes *base; /* of the part */
    uint64_t base_at, base_len;
    struct span behind;
};
/* Reads up to `cap` bytes at `offset`; -1 with errno, 0 at the end. */
int64_t random_read(const struct random_bytes *bytes, char *to, size_t cap,
                    uint64_t offset) MUST_USE;

/* Where a container's bytes come from. */
struct container_bytes {
    struct feed *feed; /* in order, or NULL: at any place */
    struct random_bytes random;
    uint64_t disk_bytes; /* of the file, that stand behind them; 0: those of the feed */
};

struct container_entry {
    char label[256];
    int64_t size;      /* of the data, as declared; -1 when unknown */
    struct feed *data; /* until the next call */
    enum codec method; /* what the container did to it */
    struct content_check check;
    struct disk_share share;
    bool damaged;  /* with STATUS_SKIP: lost by damage, not by being of no use */
    bool harmless; /* with STATUS_SKIP: nobody misses it (a link), but it is said */
};

struct container {
    /* STATUS_OK, STATUS_SKIP (this entry is passed over, the reason in `fault`) or STATUS_END. */
    enum status (*next)(struct container *container, struct container_entry *entry,
                        struct fault *fault);
    /* After STATUS_END: is what follows the last entry in order? STATUS_SKIP when it is not. */
    enum status (*finish)(struct container *container, struct fault *fault);
    void (*close)(struct container *container);
    const char *only; /* a zip passes over members whose names do not end so, unread; or NULL */
};

/* STATUS_REJECT: it is not read, though nothing is damaged. */
enum status container_open(struct container **out, enum shape shape,
                           const struct container_bytes *bytes, struct budget *budget,
                           struct fault *fault) MUST_USE;

/* By libarchive: tar, zip from front to back, 7z. */
enum status archive_container_open(struct container **out, enum shape shape,
                                   const struct container_bytes *bytes, struct budget *budget,
                                   struct fault *fault) MUST_USE;
/* 7z by its own header; what liblzma and the codecs here do not know is given to libarchive. */
enum status seven_container_open(struct container **out, const struct container_bytes *bytes,
                                 struct budget *budget, struct fault *fault) MUST_USE;
/* zip by its central directory. STATUS_END when it has none. */
enum status zip_container_open(struct container **out, const struct container_bytes *bytes,
                               struct budget *budget, struct fault *fault) MUST_USE;

/* Is there a directory of a zip archive at the end of a file that does not begin as one? */
bool zip_ends_here(const struct random_bytes *file);

/* Members that nobody misses: what macOS and Windows leave in folders and add to archives. */
bool label_is_clutter(const char *label);

#endif
