#include "stages/unpack/file_reader.h"
#include "stages/unpack/label.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define READER_BUFFER (512 * 1024)
#define READER_PLACE_MIN (64 * 1024) /* less is not worth a call of the system */
#define SECRET_BYTES (64 * 1024)
#define SECRET_PREFIX "burza pseudonym key 1"

static ssize_t read_retry(int fd, char *to, size_t cap) {
    ssize_t got;
    do
        got = read(fd, to, cap);
    while (got < 0 && errno == EINTR);
    return got;
}

/* Waits for a pipe; false when the program is asked to stop meanwhile. Any thread may have got the
 * signal, so it does not end a read. */
static bool wait_for_bytes(int fd) {
    enum { LOOK_MS = 100 };
    struct pollfd poll_for = {.fd = fd, .events = POLLIN};
    while (!stop_wanted()) {
        int ready = poll(&poll_for, 1, LOOK_MS);
        if (ready > 0 || (ready < 0 && errno != EINTR))
            return true;
    }
    return false;
}

static int64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* False when out of memory. */
static bool reader_account(struct file_reader *reader, struct span bytes) {
    int64_t begin_ns = now_ns();
    bool whole = reader->settled && !reader->kind_is_tree;
    bool ok = whole || piece_digest_add(&reader->tree, bytes);
    reader->bytes_read += bytes.len;
    if (whole)
        digest_add(&reader->digest, bytes);
    reader->hash_ns += now_ns() - begin_ns;
    if (bytes.len > reader->secret_left)
        bytes.len = reader->secret_left;
    digest_add(&reader->secret, bytes);
    reader->secret_left -= bytes.len;
    return ok;
}

void file_reader_settle(struct file_reader *reader, enum digest_kind kind) {
    struct input_piece *first = reader->tree.filling;
    if (reader->settled)
        return;
    reader->settled = true;
    reader->kind_is_tree = kind == DIGEST_TREE;
    if (!reader->kind_is_tree && first) {
        digest_add(&reader->digest, (struct span){first->bytes, first->len});
        free(first);
        reader->tree.filling = NULL;
    }
}

enum digest_kind file_reader_digest(struct file_reader *reader, unsigned char out[DIGEST_SIZE]) {
    file_reader_settle(reader, DIGEST_WHOLE);
    if (reader->kind_is_tree)
        piece_digest_end(&reader->tree, &reader->digest);
    digest_peek(&reader->digest, out);
    return reader->kind_is_tree ? DIGEST_TREE : DIGEST_WHOLE;
}

static enum status file_reader_next(struct feed *feed, struct span *chunk, struct fault *fault) {
    struct file_reader *reader = (struct file_reader *)feed;
    bool placed = feed->place && feed->place_cap >= READER_PLACE_MIN;
    char *to = placed ? feed->place : reader->buffer;
    size_t cap = placed && feed->place_cap < READER_BUFFER ? feed->place_cap : READER_BUFFER;
    if (!reader->seekable && !wait_for_bytes(reader->fd))
        return fault_passing(fault, EXIT_PARTIAL, "interrupted");
    ssize_t got = read_retry(reader->fd, to, cap);
    if (got < 0)
        return fault_passing(fault, EXIT_IO, "cannot be read beyond byte %llu: %s",
                             (unsigned long long)reader->bytes_read, strerror(errno));
    if (got == 0)
        return STATUS_END;
    *chunk = (struct span){to, (size_t)got};
    return reader_account(reader, *chunk) ? STATUS_OK : fault_memory(fault);
}

static enum status reader_open_fd(struct file_reader *reader, const char *path,
                                  struct fault *fault) {
    bool standard_input = strcmp(path, "-") == 0;
    reader->owns_fd = !standard_input;
    /* O_NONBLOCK: opening a fifo must not wait for a writer; regular files do not care */
    reader->fd =
        standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (reader->fd < 0 || fstat(reader->fd, &reader->at_open) != 0)
        return fault_passing(fault, EXIT_IO, "cannot open \"%s\": %s", label_shown(path).text,
                             strerror(errno));
    bool regular = S_ISREG(reader->at_open.st_mode);
    if (!regular && !standard_input)
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "\"%s\" is not a regular file",
                         label_shown(path).text);
    reader->seekable = regular && (!standard_input || lseek(reader->fd, 0, SEEK_CUR) == 0);
    if (reader->seekable)
        posix_fadvise(reader->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    return STATUS_OK;
}

enum status file_reader_open(struct file_reader *reader, const char *path, struct fault *fault) {
    *reader = (struct file_reader){.fd = -1, .secret_left = SECRET_BYTES};
    feed_init(&reader->feed, file_reader_next);
    piece_digest_init(&reader->tree);
    reader->feed.of_file = true;
    enum status status = reader_open_fd(reader, path, fault);
    if (status == STATUS_OK)
        status = digest_init(&reader->digest, fault);
    if (status == STATUS_OK)
        status = digest_init(&reader->secret, fault);
    if (status == STATUS_OK && !(reader->buffer = malloc(READER_BUFFER)))
        status = fault_memory(fault);
    if (status != STATUS_OK) {
        file_reader_close(reader);
        return status;
    }
    digest_add(&reader->secret, SPAN_LITERAL(SECRET_PREFIX));
    return STATUS_OK;
}

void file_reader_close(struct file_reader *reader) {
    if (reader->owns_fd && reader->fd >= 0)
        close(reader->fd);
    digest_release(&reader->digest);
    digest_release(&reader->secret);
    piece_digest_release(&reader->tree);
    free(reader->buffer);
    *reader = (struct file_reader){.fd = -1};
}

int64_t file_reader_at(const struct file_reader *reader, char *to, size_t cap, uint64_t offset) {
    ssize_t got;
    do
        got = pread(reader->fd, to, cap, (off_t)offset);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        trouble_note(EXIT_IO); /* containers take what they cannot read for damage */
    return got;
}

static enum status reader_unchanged(const struct file_reader *reader, struct fault *fault) {
    struct stat now;
    const struct stat *then = &reader->at_open;
    if (fstat(reader->fd, &now) != 0 || now.st_size != then->st_size ||
        now.st_mtim.tv_sec != then->st_mtim.tv_sec ||
        now.st_mtim.tv_nsec != then->st_mtim.tv_nsec ||
        reader->bytes_read != (uint64_t)then->st_size)
        return fault_passing(fault, EXIT_PARTIAL, "changed while it was read");
    return STATUS_OK;
}

enum status file_reader_finish(struct file_reader *reader, struct fault *fault) {
    struct span chunk;
    enum status status = STATUS_OK;
    if (!reader->seekable)
        return STATUS_OK;
    while (status == STATUS_OK)
        status = feed_take(&reader->feed, &chunk, fault);
    return status == STATUS_END ? reader_unchanged(reader, fault) : status;
}
