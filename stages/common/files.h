/* files: reading small files whole, publishing files by rename, and locks (lock.c). A file that is
 * published is there whole or not at all: it is written under a temporary name beside its target,
 * flushed, synced, renamed, and its folder is synced. */
#ifndef BURZA_FILES_H
#define BURZA_FILES_H

#include "stages/common/buf.h"

#include <sys/types.h>

/* Reads the file into `out` (cleared first), at most out->max bytes. */
enum status file_read(const char *path, struct buf *out, struct fault *fault) MUST_USE;
/* Writes `bytes` to `path` by way of a temporary file. */
enum status file_publish(const char *path, struct span bytes, struct fault *fault) MUST_USE;
/* This machine's name, shortened, letters, digits and dots only; returns `out`. */
enum { FILES_HOST_SIZE = 24 };
const char *file_host(char out[FILES_HOST_SIZE]);
/* The temporary name for `path`: same folder, ".NAME.tmp-HOST-PID": folders may be shared by
 * machines. False when it does not fit. */
bool file_temporary(const char *path, char *out, size_t size) MUST_USE;
/* fsync(temporary), rename to `path`, fsync of the folder; on failure the temporary is unlinked. */
enum status file_commit(const char *temporary, const char *path, struct fault *fault) MUST_USE;
/* mkdir, for the owner alone, unless it is there already: then it must be the user's own folder, no
 * link, and open to nobody else. */
enum status folder_make(const char *path, struct fault *fault) MUST_USE;
/* The exit code when a file or folder cannot be made for the reason `error` (errno): EXIT_IO where
 * the disk or a quota is full, since the same command goes on once there is room; else
 * EXIT_CANTCREATE. */
int uncreated_exit(int error);
/* Writes all of `bytes` to the descriptor; false with errno set when it cannot. */
bool fd_write(int fd, struct span bytes) MUST_USE;

/* Takes the exclusive lock at `path` (made when absent; no link to another file); the kernel frees
 * it when the process ends. Where the file system has no locks, a lease does their work: the file
 * PATH.lease with process, host and time, which is renewed every few seconds and ends when it was
 * not for a minute, or at once when its process of this host is gone. Who loses a lease (a machine
 * that was suspended) is asked to stop. STATUS_FATAL with EXIT_LOCKED when another process holds
 * the lock or renews the lease, named by process and host. */
struct lock;
enum status lock_take(const char *path, struct lock **out, struct fault *fault) MUST_USE;
/* Whether somebody else holds it now; asks without taking it for long. */
bool lock_is_held(const char *path);
void lock_drop(struct lock *lock); /* NULL: nothing */

#endif
