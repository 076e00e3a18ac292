/* file_reader: one file (or standard input) as a feed, read once from front to back in large steps;
 * the digest of the file and its secret grow with every byte. Containers that seek (zip, 7z) use
 * file_reader_at instead, and the digest is then made by a pass of its own (file_reader_finish).
 * Whether it is of all bytes or a tree of pieces is settled when what the file is has been seen. */
#ifndef BURZA_UNPACK_FILE_READER_H
#define BURZA_UNPACK_FILE_READER_H

#include "stages/common/digest.h"
#include "stages/unpack/feed.h"
#include "stages/unpack/piece_digest.h"

#include <sys/stat.h>

struct file_reader {
    struct feed feed;
    int fd;
    bool owns_fd, seekable; /* seekable: a regular file read from its beginning */
    char *buffer;
    uint64_t bytes_read; /* in order */
    struct digest digest, secret;
    struct piece_digest tree;
    bool settled, kind_is_tree; /* until settled the first bytes wait in a piece */
    size_t secret_left;         /* bytes of the file that the secret still wants */
    struct stat at_open;
    int64_t hash_ns; /* spent on the digest, for timings */
};

/* STATUS_SKIP when it cannot be opened or is neither a regular file nor standard input. */
enum status file_reader_open(struct file_reader *reader, const char *path,
                             struct fault *fault) MUST_USE;
void file_reader_close(struct file_reader *reader);
/* How the file is digested; before more than its first bytes were read. Only once. */
void file_reader_settle(struct file_reader *reader, enum digest_kind kind);
/* The digest of the bytes so far; nothing may be read afterwards. */
enum digest_kind file_reader_digest(struct file_reader *reader, unsigned char out[DIGEST_SIZE]);
/* Reads up to `cap` bytes at `offset`; -1 with errno, 0 at the end. */
int64_t file_reader_at(const struct file_reader *reader, char *to, size_t cap,
                       uint64_t offset) MUST_USE;
/* Reads a regular file to its end. STATUS_SKIP when it cannot or when the file changed meanwhile.
 */
enum status file_reader_finish(struct file_reader *reader, struct fault *fault) MUST_USE;

#endif
