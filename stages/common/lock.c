/* Locks of audits: flock where the file system has it, else a lease. */
#include "stages/common/files.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { RENEW_S = 5, LEASE_S = 60, HOLDER_SIZE = 96, LEASE_PATH = 4200 };

struct lock {
    int fd;                 /* of the file that is locked */
    char lease[LEASE_PATH]; /* "": the file system has locks */
    pthread_t renewing;
    pthread_mutex_t mutex;
    pthread_cond_t ending;
    bool ends; /* under `mutex` */
};

/* "PID HOST": who holds it; a lease says behind it since when, and how often it was renewed. */
static int write_holder(char out[HOLDER_SIZE]) {
    char host[FILES_HOST_SIZE];
    return snprintf(out, HOLDER_SIZE, "%ld %s", (long)getpid(), file_host(host));
}

static void read_holder(const char *path, char out[HOLDER_SIZE]) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    ssize_t len = fd >= 0 ? read(fd, out, HOLDER_SIZE - 1) : 0;
    out[len > 0 ? len : 0] = 0;
    out[strcspn(out, "\n")] = 0;
    if (fd >= 0)
        close(fd);
}

static enum status held_by(const char *path, const char *holder, struct fault *fault) {
    int pid = (int)strcspn(holder, " "),
        host = holder[pid] ? (int)strcspn(holder + pid + 1, " ") : 0;
    return fault_set(
        fault, STATUS_FATAL, EXIT_LOCKED,
        "another run (process %.*s%s%.*s) is using this audit (\"%.200s\"); wait for it "
        "or choose another -o",
        pid ? pid : 1, pid ? holder : "?", host ? " on " : "", host, host ? holder + pid + 1 : "",
        path);
}

/* ---- leases ---- */

static bool same_lease(const struct lock *lock, const char *holder) {
    char now[HOLDER_SIZE];
    read_holder(lock->lease, now);
    return strncmp(now, holder, strlen(holder)) == 0;
}

/* Writes the lease again every few seconds, so that others see that its holder is alive. */
static void *renew(void *context) {
    struct lock *lock = context;
    char holder[HOLDER_SIZE], text[2 * HOLDER_SIZE];
    write_holder(holder);
    long since = (long)time(NULL);
    pthread_mutex_lock(&lock->mutex);
    for (unsigned long count = 1; !lock->ends; count++) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += RENEW_S;
        pthread_cond_timedwait(&lock->ending, &lock->mutex, &until);
        if (lock->ends)
            break;
        if (!same_lease(lock, holder)) {
            stop_want(SIGTERM); /* somebody took us for dead: two must not write */
            break;
        }
        int fd = open(lock->lease, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
        int len = snprintf(text, sizeof text, "%s %ld %lu\n", holder, since, count);
        if (fd >= 0) {
            (void)!write(fd, text, (size_t)len); /* the next renewal tries again */
            close(fd);
        }
    }
    pthread_mutex_unlock(&lock->mutex);
    return NULL;
}

/* Makes the lease; false with errno EEXIST when there is one. */
static bool make_lease(struct lock *lock) {
    char holder[HOLDER_SIZE], text[2 * HOLDER_SIZE];
    int fd = open(lock->lease, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return false;
    write_holder(holder);
    int len = snprintf(text, sizeof text, "%s %ld 0\n", holder, (long)time(NULL));
    bool ok = fd_write(fd, (struct span){text, (size_t)len});
    int error = errno;
    if (close(fd) == 0 && ok)
        return true;
    unlink(lock->lease);
    errno = ok ? errno : error;
    return false;
}

/* Whether the lease's process is of this host and gone. */
static bool holder_is_gone(const char *holder) {
    char host[FILES_HOST_SIZE];
    char *rest;
    long pid = strtol(holder, &rest, 10);
    file_host(host);
    size_t len = strlen(host);
    bool ours = *rest == ' ' && strncmp(rest + 1, host, len) == 0 && rest[1 + len] == ' ';
    return ours && pid > 0 && (pid == getpid() || (kill((pid_t)pid, 0) != 0 && errno == ESRCH));
}

/* Whether nobody renews the lease: watched for a minute, since clocks of machines differ. */
static bool lease_is_dead(const struct lock *lock, const char *holder) {
    char now[HOLDER_SIZE];
    if (holder_is_gone(holder))
        return true;
    for (int second = 0; second < LEASE_S && !stop_wanted(); second++) {
        nanosleep(&(struct timespec){.tv_sec = 1}, NULL);
        read_holder(lock->lease, now);
        if (strcmp(now, holder) != 0)
            return !now[0]; /* given back meanwhile */
    }
    return !stop_wanted();
}

/* Takes a dead lease away. Of two that do so, the later puts back what is no longer the dead one.
 */
static void remove_dead(const struct lock *lock, const char *holder) {
    char aside[LEASE_PATH + 64], taken[HOLDER_SIZE], host[FILES_HOST_SIZE];
    snprintf(aside, sizeof aside, "%s.%s-%ld", lock->lease, file_host(host), (long)getpid());
    if (rename(lock->lease, aside) != 0)
        return;
    read_holder(aside, taken);
    if (strcmp(taken, holder) != 0)
        (void)!link(aside, lock->lease);
    unlink(aside);
}

static enum status take_lease(struct lock *lock, const char *path, struct fault *fault) {
    char holder[HOLDER_SIZE];
    snprintf(lock->lease, sizeof lock->lease, "%s.lease", path);
    bool made = make_lease(lock);
    int error = errno;
    if (!made && error == EEXIST) {
        read_holder(lock->lease, holder);
        if (!lease_is_dead(lock, holder))
            return held_by(path, holder, fault);
        remove_dead(lock, holder);
        made = make_lease(lock);
        error = errno;
    }
    if (!made && error == EEXIST) {
        read_holder(lock->lease, holder);
        return held_by(path, holder, fault);
    }
    if (!made)
        return fault_set(fault, STATUS_FATAL, uncreated_exit(error), "cannot create \"%s\": %s",
                         lock->lease, strerror(error));
    pthread_mutex_init(&lock->mutex, NULL);
    pthread_cond_init(&lock->ending, NULL);
    if (pthread_create(&lock->renewing, NULL, renew, lock) == 0)
        return STATUS_OK;
    unlink(lock->lease);
    return fault_set(fault, STATUS_FATAL, EXIT_INTERNAL, "cannot start a thread");
}

static void drop_lease(struct lock *lock) {
    char holder[HOLDER_SIZE];
    pthread_mutex_lock(&lock->mutex);
    lock->ends = true;
    pthread_cond_signal(&lock->ending);
    pthread_mutex_unlock(&lock->mutex);
    pthread_join(lock->renewing, NULL);
    write_holder(holder);
    if (same_lease(lock, holder))
        unlink(lock->lease);
}

/* ---- locks ---- */

static enum status open_lock(const char *path, int *fd, struct fault *fault) {
    struct stat st;
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (*fd < 0)
        return fault_set(fault, STATUS_FATAL, uncreated_exit(errno), "cannot create \"%s\": %s",
                         path, strerror(errno));
    /* its content is replaced: it must be no other file under a second name */
    if (fstat(*fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink == 1)
        return STATUS_OK;
    close(*fd);
    *fd = -1;
    return fault_set(fault, STATUS_FATAL, EXIT_CANTCREATE,
                     "\"%s\" is not a file of its own: it has another name or is none; remove "
                     "it",
                     path);
}

/* Lustre without -o flock says ENOSYS, NFS without its lock service ENOLCK. */
static bool has_no_locks(int error) {
    return error == ENOSYS || error == ENOLCK || error == EOPNOTSUPP || error == ENOTSUP ||
           error == EINVAL;
}

enum status lock_take(const char *path, struct lock **out, struct fault *fault) {
    char holder[HOLDER_SIZE];
    struct lock *lock = calloc(1, sizeof *lock);
    *out = NULL;
    if (!lock)
        return fault_memory(fault);
    enum status status = open_lock(path, &lock->fd, fault);
    if (status == STATUS_OK && flock(lock->fd, LOCK_EX | LOCK_NB) != 0) {
        int error = errno;
        read_holder(path, holder);
        if (error == EWOULDBLOCK)
            status = held_by(path, holder, fault);
        else if (has_no_locks(error))
            status = take_lease(lock, path, fault);
        else
            status = fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot lock \"%s\": %s", path,
                               strerror(error));
    }
    if (status != STATUS_OK) {
        if (lock->fd >= 0)
            close(lock->fd);
        free(lock);
        return status;
    }
    int len = write_holder(holder);
    holder[len++] = '\n';
    /* it is only for the message of a second run */
    if (ftruncate(lock->fd, 0) == 0)
        (void)!pwrite(lock->fd, holder, (size_t)len, 0);
    *out = lock;
    return STATUS_OK;
}

bool lock_is_held(const char *path) {
    char lease[LEASE_PATH], holder[HOLDER_SIZE];
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return false;
    bool failed = flock(fd, LOCK_EX | LOCK_NB) != 0;
    bool held = failed && errno == EWOULDBLOCK;
    close(fd);
    if (!failed || held)
        return held;
    snprintf(lease, sizeof lease, "%s.lease", path);
    read_holder(lease, holder);
    return holder[0] && !holder_is_gone(holder);
}

void lock_drop(struct lock *lock) {
    if (!lock)
        return;
    if (lock->lease[0])
        drop_lease(lock);
    close(lock->fd);
    free(lock);
}
