#include "stages/store/seal.h"

#include "stages/common/digest.h"
#include "stages/common/files.h"
#include "stages/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char mark[] = "burza-sha256:";
enum { MARK_SIZE = sizeof mark - 1, SEAL_SIZE = MARK_SIZE + 64 + 1 };

/* Files whose seals this process made or checked: a study reads what its own scan just wrote, and
 * reading it all once more for the digest would find nothing new. Where a file lies in the table
 * depends on its number; a later one takes the place of an earlier one. */
enum { KNOWN_SLOTS = 1 << 16 };
static struct known {
    dev_t device;
    ino_t number;
    off_t size;
    struct timespec modified;
} known[KNOWN_SLOTS];
static pthread_mutex_t known_mutex = PTHREAD_MUTEX_INITIALIZER;

static struct known *known_slot(const struct stat *st) {
    return &known[(uint64_t)st->st_ino % KNOWN_SLOTS];
}

static bool is_known(const struct stat *st) {
    pthread_mutex_lock(&known_mutex);
    const struct known *at = known_slot(st);
    bool same = at->size && at->device == st->st_dev && at->number == st->st_ino &&
                at->size == st->st_size && at->modified.tv_sec == st->st_mtim.tv_sec &&
                at->modified.tv_nsec == st->st_mtim.tv_nsec;
    pthread_mutex_unlock(&known_mutex);
    return same;
}

static void note_known(int fd) {
    struct stat st;
    if (fstat(fd, &st) != 0)
        return;
    pthread_mutex_lock(&known_mutex);
    *known_slot(&st) = (struct known){st.st_dev, st.st_ino, st.st_size, st.st_mtim};
    pthread_mutex_unlock(&known_mutex);
}

/* Reads a piece as long as it should be; false: errno says why not. */
static bool read_piece(int fd, char *to, size_t want, int64_t at) {
    for (size_t done = 0; done < want;) {
        ssize_t got = pread(fd, to + done, want - done, at + (int64_t)done);
        if (got < 0 && errno == EINTR)
            continue;
        if (!got)
            errno = EIO; /* it became shorter */
        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return true;
}

/* The digest of the first `size` bytes of the file as hex. */
static enum status digest_file(int fd, const char *path, int64_t size, enum digest_kind kind,
                               char hex[DIGEST_HEX_SIZE], struct fault *fault) {
    struct digest digest;
    unsigned char sum[DIGEST_SIZE];
    bool ok = true;
    char *bytes = malloc(DIGEST_PIECE);
    if (!bytes || digest_init(&digest, fault) != STATUS_OK) {
        free(bytes);
        return fault_memory(fault);
    }
    for (int64_t done = 0; ok && done < size;) {
        size_t want = size - done < DIGEST_PIECE ? (size_t)(size - done) : DIGEST_PIECE;
        struct span piece = {bytes, want};
        ok = read_piece(fd, bytes, want, done);
        done += (int64_t)want;
        if (ok && kind == DIGEST_TREE) {
            digest_of(piece, sum);
            digest_add_piece(&digest, sum);
        } else if (ok) {
            digest_add(&digest, piece);
        }
    }
    int error = errno;
    digest_peek(&digest, sum);
    digest_hex(sum, hex);
    digest_release(&digest);
    free(bytes);
    return ok ? STATUS_OK
              : fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot read \"%s\": %s", path,
                          strerror(error));
}

/* HDF5 cuts a file that it opens for writing at the end that its superblock states, also when
 * nothing is written: so the end is stated behind the seal. Only in superblocks of version 0 with
 * addresses of 8 bytes, the ones that burza writes: later versions have a checksum. False: errno
 * says why. */
static bool claim_seal(int fd, int64_t size) {
    static const char kind[] = "\211HDF\r\n\032\n"; /* then the version, 0 */
    enum { OFFSET_SIZE_AT = 13, END_AT = 40, HEAD_SIZE = 48 };
    unsigned char head[HEAD_SIZE], end[8];
    ssize_t got = pread(fd, head, sizeof head, 0);
    if (got < 0)
        return false;
    uint64_t stated = 0;
    for (int i = 7; i >= 0 && got == HEAD_SIZE; i--)
        stated = stated << 8 | head[END_AT + i];
    if (got < HEAD_SIZE || memcmp(head, kind, sizeof kind) != 0 || head[OFFSET_SIZE_AT] != 8 ||
        stated != (uint64_t)size)
        return true;
    stated += SEAL_SIZE;
    for (int i = 0; i < 8; i++)
        end[i] = (unsigned char)(stated >> 8 * i);
    return pwrite(fd, end, sizeof end, END_AT) == sizeof end;
}

enum status seal_write(const char *path, struct fault *fault) {
    struct stat st;
    char hex[DIGEST_HEX_SIZE], line[SEAL_SIZE + 1];
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0) {
        int error = errno;
        if (fd >= 0)
            close(fd);
        return fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot open \"%s\": %s", path,
                         strerror(error));
    }
    enum status status = STATUS_OK;
    if (!claim_seal(fd, st.st_size) || lseek(fd, 0, SEEK_END) < 0)
        status = fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot write \"%s\": %s", path,
                           strerror(errno));
    if (status == STATUS_OK)
        status = digest_file(fd, path, st.st_size, DIGEST_WHOLE, hex, fault);
    if (status == STATUS_OK)
        snprintf(line, sizeof line, "%s%s\n", mark, hex);
    if (status == STATUS_OK && !fd_write(fd, (struct span){line, SEAL_SIZE}))
        status = fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot write \"%s\": %s", path,
                           strerror(errno));
    if (status == STATUS_OK)
        note_known(fd);
    if (close(fd) != 0 && status == STATUS_OK)
        status = fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot write \"%s\": %s", path,
                           strerror(errno));
    return status;
}

static enum status check_open_file(int fd, const char *path, struct fault *fault) {
    struct stat st;
    char hex[DIGEST_HEX_SIZE], line[SEAL_SIZE];
    if (fstat(fd, &st) != 0)
        return fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot read \"%s\": %s", path,
                         strerror(errno));
    bool sized = S_ISREG(st.st_mode) && st.st_size > SEAL_SIZE;
    ssize_t got = sized ? pread(fd, line, SEAL_SIZE, st.st_size - SEAL_SIZE) : SEAL_SIZE;
    if (got != SEAL_SIZE) /* that says nothing about the bytes */
        return fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot read \"%s\": %s", path,
                         got < 0 ? strerror(errno) : "it became shorter");
    if (!sized || memcmp(line, mark, MARK_SIZE) != 0)
        return fault_set(fault, STATUS_FATAL, EXIT_DATA,
                         "\"%s\" is not a whole burza file: its seal is missing; it was cut, "
                         "changed by another program (h5repack drops the seal), or is something "
                         "else: take a copy from before, or make it again with burza study",
                         path);
    if (is_known(&st))
        return STATUS_OK;
    enum status status = digest_file(fd, path, st.st_size - SEAL_SIZE, DIGEST_WHOLE, hex, fault);
    if (status == STATUS_OK && memcmp(line + MARK_SIZE, hex, 64) != 0)
        status = fault_set(fault, STATUS_FATAL, EXIT_DATA,
                           "\"%s\" is damaged: its bytes do not fit its seal (SHA-256); restore it "
                           "from a copy or run the audit again",
                           path);
    if (status == STATUS_OK)
        note_known(fd);
    return status;
}

enum status seal_check(const char *path, struct fault *fault) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return fault_set(fault, STATUS_FATAL, EXIT_NOINPUT, "cannot open \"%s\": %s", path,
                         strerror(errno));
    enum status status = check_open_file(fd, path, fault);
    close(fd);
    return status;
}

enum status store_file_digest(const char *path, enum digest_kind kind, char hex[DIGEST_HEX_SIZE],
                              struct fault *fault) {
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        enum status status = fault_set(fault, STATUS_FATAL, EXIT_NOINPUT, "cannot open \"%s\": %s",
                                       path, fd < 0 ? strerror(errno) : "it is no regular file");
        if (fd >= 0)
            close(fd);
        return status;
    }
    enum status status = digest_file(fd, path, st.st_size, kind, hex, fault);
    close(fd);
    return status;
}

bool seal_read(const char *path, char hex[DIGEST_HEX_SIZE]) {
    struct stat st;
    char line[SEAL_SIZE];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    bool present = fd >= 0 && fstat(fd, &st) == 0 && st.st_size > SEAL_SIZE &&
                   pread(fd, line, SEAL_SIZE, st.st_size - SEAL_SIZE) == SEAL_SIZE &&
                   memcmp(line, mark, MARK_SIZE) == 0;
    if (fd >= 0)
        close(fd);
    if (present)
        snprintf(hex, DIGEST_HEX_SIZE, "%.64s", line + MARK_SIZE);
    return present;
}

bool seal_present(const char *path) {
    char hex[DIGEST_HEX_SIZE];
    return seal_read(path, hex);
}
