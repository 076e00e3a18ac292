#include "stages/store/seal.h"

#include "stages/common/digest.h"
#include "stages/common/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char mark[] = "burza-sha256:";
enum { MARK_SIZE = sizeof mark - 1, SEAL_SIZE = MARK_SIZE + 64 + 1, READ_SIZE = 1 << 20 };

/* SHA-256 of the first `size` bytes of the file as hex. */
static enum status digest_file(int fd, const char *path, int64_t size, char hex[DIGEST_HEX_SIZE],
                               struct fault *fault) {
    struct digest digest;
    char *bytes = malloc(READ_SIZE);
    if (!bytes || digest_init(&digest, fault) != STATUS_OK) {
        free(bytes);
        return fault_memory(fault);
    }
    int64_t done = 0;
    while (done < size) {
        size_t want = size - done < READ_SIZE ? (size_t)(size - done) : READ_SIZE;
        ssize_t got = pread(fd, bytes, want, done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        digest_add(&digest, (struct span){bytes, (size_t)got});
        done += got;
    }
    unsigned char sum[DIGEST_SIZE];
    digest_peek(&digest, sum);
    digest_hex(sum, hex);
    digest_release(&digest);
    free(bytes);
    if (done < size)
        return fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot read \"%s\": %s", path,
                         strerror(errno));
    return STATUS_OK;
}

enum status seal_write(const char *path, struct fault *fault) {
    struct stat st;
    char hex[DIGEST_HEX_SIZE], line[SEAL_SIZE + 1];
    int fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0) {
        int error = errno;
        lock_drop(fd);
        return fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot open \"%s\": %s", path,
                         strerror(error));
    }
    enum status status = digest_file(fd, path, st.st_size, hex, fault);
    snprintf(line, sizeof line, "%s%s\n", mark, hex);
    if (status == STATUS_OK && !fd_write(fd, (struct span){line, SEAL_SIZE}))
        status = fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot write \"%s\": %s", path,
                           strerror(errno));
    if (close(fd) != 0 && status == STATUS_OK)
        status = fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot write \"%s\": %s", path,
                           strerror(errno));
    return status;
}

static enum status check_open_file(int fd, const char *path, struct fault *fault) {
    struct stat st;
    char hex[DIGEST_HEX_SIZE], line[SEAL_SIZE];
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size <= SEAL_SIZE ||
        pread(fd, line, SEAL_SIZE, st.st_size - SEAL_SIZE) != SEAL_SIZE ||
        memcmp(line, mark, MARK_SIZE) != 0)
        return fault_set(fault, STATUS_FATAL, EXIT_DATA,
                         "\"%s\" is not a whole burza file: its seal is missing; it was cut, "
                         "changed by another program, or is something else",
                         path);
    enum status status = digest_file(fd, path, st.st_size - SEAL_SIZE, hex, fault);
    if (status == STATUS_OK && memcmp(line + MARK_SIZE, hex, 64) != 0)
        status = fault_set(fault, STATUS_FATAL, EXIT_DATA,
                           "\"%s\" is damaged: its bytes do not fit its seal (SHA-256); restore it "
                           "from a copy or run the audit again",
                           path);
    return status;
}

enum status seal_check(const char *path, struct fault *fault) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fault_set(fault, STATUS_FATAL, EXIT_NOINPUT, "cannot open \"%s\": %s", path,
                         strerror(errno));
    enum status status = check_open_file(fd, path, fault);
    close(fd);
    return status;
}

bool seal_present(const char *path) {
    struct stat st;
    char line[SEAL_SIZE];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool present = fd >= 0 && fstat(fd, &st) == 0 && st.st_size > SEAL_SIZE &&
                   pread(fd, line, SEAL_SIZE, st.st_size - SEAL_SIZE) == SEAL_SIZE &&
                   memcmp(line, mark, MARK_SIZE) == 0;
    lock_drop(fd);
    return present;
}
