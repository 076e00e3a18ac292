#include "stages/unpack/level.h"

/* A zip or 7z that is no file of its own is held in memory, to be read at any place. */
#define HELD_MAX (64 << 20)
#define RESUME_STEP (64 << 10)

uint64_t level_disk_bytes(const struct level *level, uint64_t len) {
    uint64_t in = level->file->bytes_read ? level->file->bytes_read : 1;
    const struct source *source = level->source;
    return source && source->decoded > in ? len / (source->decoded / in) + 1 : len;
}

/* Takes a whole zip or 7z into memory. STATUS_END when it is too large for that: then the feed has
 * it all again. */
static enum status level_hold(struct level *level, struct feed *feed, struct fault *fault) {
    struct span chunk;
    enum status status = STATUS_OK;
    buf_init(&level->held, HELD_MAX + (1 << 20));
    while (status == STATUS_OK && level->held.len <= HELD_MAX) {
        status = feed_take(feed, &chunk, fault);
        if (status == STATUS_OK)
            buf_span(&level->held, chunk);
        if (level->held.failed)
            return fault_memory(fault);
    }
    if (status == STATUS_OK) {
        feed_put_back(feed, buf_as_span(&level->held));
        return STATUS_END;
    }
    bool cut = status == STATUS_SKIP && level->held.len; /* what is there may be read */
    return status == STATUS_END || cut ? STATUS_OK : status;
}

static enum status open_in_order(struct level *level, enum shape shape, struct feed *feed,
                                 struct fault *fault) {
    struct container_bytes bytes = {.feed = feed};
    if (shape == SHAPE_7Z)
        return fault_set(fault, STATUS_REJECT, EXIT_PARTIAL,
                         "a 7z archive of more than %d MiB can only be read as a file of its own; "
                         "unpack it first",
                         HELD_MAX >> 20);
    return archive_container_open(&level->container, shape, &bytes, level->budget, fault);
}

/* A zip whose directory is missing is read from front to back. */
static enum status open_anywhere(struct level *level, enum shape shape, struct feed *feed,
                                 const struct container_bytes *bytes, struct fault *fault) {
    enum status status = container_open(&level->container, shape, bytes, level->budget, fault);
    char magic[4] = {0};
    if (status != STATUS_END)
        return status;
    if (random_read(&bytes->random, magic, sizeof magic, 0) == 4 &&
        memcmp(magic, "PK\x07\x08", 4) == 0)
        return fault_set(fault, STATUS_REJECT, EXIT_PARTIAL,
                         "the first part of a split zip archive; join its parts first "
                         "(zip -s 0 x.zip --out whole.zip) and run again");
    fault_set(&level->note, STATUS_SKIP, EXIT_PARTIAL,
              "the zip archive has no central directory: it is cut short; what is there was read");
    if (level->held.len)
        feed_put_back(feed, buf_as_span(&level->held));
    return open_in_order(level, shape, feed, fault);
}

enum status level_open(struct level *level, enum shape shape, struct feed *feed, bool whole_file,
                       struct fault *fault) {
    struct container_bytes bytes = {.feed = NULL};
    enum status status = STATUS_OK;
    if (level->source) {
        level->source->inner = true;
        level->source->ends_at_loss = shape == SHAPE_TAR;
        status = source_feed_init(&level->feed, level->source, fault);
        feed = &level->feed.feed;
    }
    if (status != STATUS_OK || shape == SHAPE_TAR)
        return status == STATUS_OK ? open_in_order(level, shape, feed, fault) : status;
    if (whole_file) {
        bytes.random = (struct random_bytes){.reader = level->file,
                                             .size = (uint64_t)level->file->at_open.st_size};
        return open_anywhere(level, shape, feed, &bytes, fault);
    }
    status = level_hold(level, feed, fault);
    if (status == STATUS_END)
        return open_in_order(level, shape, feed, fault);
    if (status != STATUS_OK)
        return status;
    bytes.random =
        (struct random_bytes){.memory = buf_as_span(&level->held), .size = level->held.len};
    bytes.disk_bytes = level_disk_bytes(level, level->held.len);
    return open_anywhere(level, shape, feed, &bytes, fault);
}

/* Reads until `held` begins with a tar header; false when there is none any more. */
static enum status find_header(struct level *level, bool *found, struct fault *fault) {
    struct buf *held = &level->held;
    enum status status = STATUS_OK;
    buf_release(held);
    buf_init(held, 4 * RESUME_STEP);
    while (status == STATUS_OK) {
        size_t at = 0, got = 0;
        if (!buf_reserve(held, RESUME_STEP))
            return fault_memory(fault);
        status = source_read(level->source, held->at + held->len, RESUME_STEP, &got, fault);
        held->len += got;
        for (; at + SNIFF_HEAD <= held->len && !*found; at += !*found) {
            struct span head = {held->at + at, SNIFF_HEAD};
            *found = memcmp(head.at + 257, "ustar", 5) == 0 && tar_header_is_valid(head);
        }
        memmove(held->at, held->at + at, held->len - at);
        held->len -= at;
        if (*found)
            return STATUS_OK;
    }
    return status == STATUS_FATAL ? status : STATUS_OK;
}

enum status level_resume(struct level *level, bool *resumed, struct fault *fault) {
    *resumed = false;
    while (!*resumed && level->source && source_resume(level->source)) {
        enum status status = find_header(level, resumed, fault);
        if (status != STATUS_OK)
            return status;
    }
    if (!*resumed)
        return STATUS_OK;
    level->container->close(level->container);
    level->container = NULL;
    source_feed_release(&level->feed);
    enum status status = source_feed_init(&level->feed, level->source, fault);
    if (status != STATUS_OK)
        return status;
    feed_put_back(&level->feed.feed, buf_as_span(&level->held));
    return open_in_order(level, SHAPE_TAR, &level->feed.feed, fault);
}

void level_close(struct level *level) {
    if (level->container)
        level->container->close(level->container);
    source_feed_release(&level->feed);
    source_free(level->source);
    buf_release(&level->held);
    buf_release(&level->coded);
    *level = (struct level){.container = NULL};
}
