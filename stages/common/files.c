#include "stages/common/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_STEP = 1 << 16 };

enum status file_read(const char *path, struct buf *out, struct fault *fault) {
    struct stat st;
    buf_clear(out);
    /* O_NONBLOCK: opening a fifo must not wait for a writer */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return fault_set(fault, STATUS_FATAL, EXIT_NOINPUT, "cannot open \"%s\": %s", path,
                         strerror(errno));
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        return fault_set(fault, STATUS_FATAL, EXIT_NOINPUT,
                         "\"%s\" is a folder, a device or a pipe; name a file", path);
    }
    size_t step = st.st_size < READ_STEP ? (size_t)st.st_size + 1 : READ_STEP;
    for (;;) {
        size_t left = out->max - out->len;
        bool fits = out->len < out->cap || buf_reserve(out, step < left ? step : left);
        ssize_t got = fits ? read(fd, out->at + out->len, out->cap - out->len) : 0;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            int error = errno;
            close(fd);
            return fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot read \"%s\": %s", path,
                             strerror(error));
        }
        out->len += (size_t)got;
        if (!fits || out->len >= out->max) {
            close(fd);
            return fault_set(fault, STATUS_FATAL, EXIT_DATA, "\"%s\" is larger than %zu bytes",
                             path, out->max - 1);
        }
        /* less than was asked for, and as long as it was said to be */
        if (got == 0 || (out->len == (size_t)st.st_size && out->len < out->cap))
            break;
    }
    close(fd);
    return STATUS_OK;
}

int uncreated_exit(int error) {
    return error == ENOSPC || error == EDQUOT ? EXIT_IO : EXIT_CANTCREATE;
}

bool fd_write(int fd, struct span bytes) {
    while (bytes.len) {
        ssize_t put = write(fd, bytes.at, bytes.len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        bytes = (struct span){bytes.at + put, bytes.len - (size_t)put};
    }
    return true;
}

const char *file_host(char out[FILES_HOST_SIZE]) {
    char name[256] = {0};
    size_t len = 0;
    if (gethostname(name, sizeof name - 1) != 0)
        name[0] = 0;
    for (const char *at = name; *at && len + 1 < FILES_HOST_SIZE; at++) {
        unsigned char c = (unsigned char)*at;
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        out[len++] = plain ? *at : '.';
    }
    out[len] = 0;
    return out;
}

bool file_temporary(const char *path, char *out, size_t size) {
    char host[FILES_HOST_SIZE];
    const char *slash = strrchr(path, '/');
    int folder = slash ? (int)(slash - path + 1) : 0;
    int len = snprintf(out, size, "%.*s.%s.tmp-%s-%ld", folder, path, path + folder,
                       file_host(host), (long)getpid());
    return len > 0 && (size_t)len < size;
}

static enum status sync_folder_of(const char *path, struct fault *fault) {
    char folder[4096];
    const char *slash = strrchr(path, '/');
    int len = slash ? (int)(slash - path) : 0;
    snprintf(folder, sizeof folder, "%.*s", len, path);
    int fd = open(slash ? (len ? folder : "/") : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot open the folder of \"%s\": %s", path,
                         strerror(errno));
    /* some file systems cannot sync a folder (EINVAL); the rename is still atomic there */
    int failed = fsync(fd) != 0 && errno != EINVAL && errno != ENOTSUP;
    int error = errno;
    close(fd);
    if (failed)
        return fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot sync the folder of \"%s\": %s", path,
                         strerror(error));
    return STATUS_OK;
}

enum status file_commit(const char *temporary, const char *path, struct fault *fault) {
    int fd = open(temporary, O_RDONLY | O_CLOEXEC);
    int failed = fd < 0 || fsync(fd) != 0;
    int error = errno;
    if (fd >= 0)
        close(fd);
    if (!failed && rename(temporary, path) != 0) {
        failed = 1;
        error = errno;
    }
    if (failed) {
        unlink(temporary);
        return fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot write \"%s\": %s", path,
                         strerror(error));
    }
    return sync_folder_of(path, fault);
}

enum status file_publish(const char *path, struct span bytes, struct fault *fault) {
    char temporary[4096];
    if (!file_temporary(path, temporary, sizeof temporary))
        return fault_set(fault, STATUS_FATAL, EXIT_CANTCREATE, "the path \"%s\" is too long", path);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (fd < 0)
        return fault_set(fault, STATUS_FATAL, uncreated_exit(errno), "cannot create \"%s\": %s",
                         path, strerror(errno));
    bool written = fd_write(fd, bytes);
    int error = errno;
    if (close(fd) != 0 && written) {
        written = false;
        error = errno;
    }
    if (!written) {
        unlink(temporary);
        return fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot write \"%s\": %s", path,
                         strerror(error));
    }
    return file_commit(temporary, path, fault);
}

enum status folder_make(const char *path, struct fault *fault) {
    struct stat st;
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return fault_set(fault, STATUS_FATAL, uncreated_exit(errno),
                         "cannot make the folder \"%s\": %s", path, strerror(errno));
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && (errno == ELOOP || errno == ENOTDIR))
        return fault_set(fault, STATUS_FATAL, EXIT_CANTCREATE,
                         "\"%s\" is a link or no folder; what is kept there must lie in a folder "
                         "of its own: move it away or choose another name with -o",
                         path);
    if (fd < 0 || fstat(fd, &st) != 0) {
        int error = errno;
        if (fd >= 0)
            close(fd);
        return fault_set(fault, STATUS_FATAL, EXIT_CANTCREATE, "cannot open the folder \"%s\": %s",
                         path, strerror(error));
    }
    bool ours = st.st_uid == geteuid(), open_to_all = st.st_mode & (S_IWGRP | S_IWOTH);
    /* others may read names and texts no more than they may write */
    bool closed = ours && !open_to_all && (!(st.st_mode & 077) || fchmod(fd, 0700) == 0);
    close(fd);
    if (closed)
        return STATUS_OK;
    return fault_set(fault, STATUS_FATAL, EXIT_CANTCREATE,
                     "the folder \"%s\" %s: it must be yours alone; check what is in it, then %s",
                     path, ours ? "is open to others" : "belongs to somebody else",
                     ours ? "chmod 700 it" : "choose another name with -o");
}
