#include "stages/common/paged.h"

#include "stages/common/files.h"
#include "stages/common/num.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    ARRAYS_MAX = 60000,  /* the system maps 65,530 files at most */
    PAGE = 4096,         /* the least that a page is */
    LOOK_NS = 3000000,   /* how often the memory is looked at */
    LOOKS_BETWEEN = 80,  /* a quarter of a second, since pages that are needed come again */
    STEP_MIN = 64 << 20, /* between two times that it is given back */
    PATH_SIZE = 4200,
};

static struct {
    atomic_bool on;
    pthread_mutex_t mutex; /* of all but `on` */
    pthread_cond_t end;
    pthread_t watcher;
    bool watching, ending;
    char folder[PATH_SIZE];
    uint64_t ceiling;
    int statm;       /* /proc/self/statm */
    uint64_t number; /* of the next file */
    struct array {
        void *at;
        size_t size;
    } arrays[ARRAYS_MAX]; /* [count], the latest last */
    atomic_size_t count;
    uint64_t files;
    struct paged_peak peak;
    uint64_t before; /* the process's peak when this began */
    int error;       /* errno of the first array that could not be had */
    char trouble[PATH_SIZE + 200];
} paged = {.mutex = PTHREAD_MUTEX_INITIALIZER, .end = PTHREAD_COND_INITIALIZER, .statm = -1};

/* ---- files ---- */

/* A file that never had a name or, where the file system knows none such, has lost it at once. */
static int open_nameless(void) {
    char name[PATH_SIZE + 64], path[PATH_SIZE + 200];
    int fd = open(paged.folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL && errno != ENOENT))
        return fd;
    snprintf(name, sizeof name, "%s/memory-%llu", paged.folder, (unsigned long long)paged.number++);
    if (!file_temporary(name, path, sizeof path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0)
        unlink(path);
    return fd;
}

/* All zeros; its room on the disk is its own: a page of it can always be written. -1: errno says
 * why. */
static int make_file(size_t size) {
    int fd = open_nameless();
    if (fd < 0)
        return -1;
    int error;
    do {
        error = posix_fallocate(fd, 0, (off_t)size);
    } while (error == EINTR);
    if (!error)
        return fd;
    close(fd);
    errno = error;
    return -1;
}

static void *map_file(size_t size) {
    int fd = make_file(size);
    if (fd < 0)
        return NULL;
    void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    int error = errno;
    close(fd);
    errno = error;
    return at == MAP_FAILED ? NULL : at;
}

/* ---- the ceiling ---- */

/* The second number of /proc/self/statm, in pages. */
static uint64_t resident_now(void) {
    char text[128];
    int64_t pages;
    ssize_t got = pread(paged.statm, text, sizeof text - 1, 0);
    text[got > 0 ? got : 0] = 0;
    const char *from = strchr(text, ' ');
    size_t len = from ? strcspn(from + 1, " ") : 0;
    return len && num_i64((struct span){from + 1, len}, &pages)
               ? (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE)
               : 0;
}

/* The most that the process ever held. */
static uint64_t resident_ever(void) {
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (uint64_t)usage.ru_maxrss * 1024 : 0;
}

/* What the pages hold stays, in the system's cache as long as memory is free, else in the files. */
static void give_back(void) {
    for (size_t i = 0; i < paged.count; i++)
        madvise(paged.arrays[i].at, paged.arrays[i].size, MADV_DONTNEED);
}

/* Gives pages back when three quarters of the ceiling are in use; while what was read again or
 * other memory keeps it there, each time some more is, and now and then. */
static void *watch(void *unused) {
    uint64_t high = paged.ceiling - paged.ceiling / 4, next = high;
    unsigned looks = 0;
    (void)unused;
    pthread_mutex_lock(&paged.mutex);
    while (!paged.ending) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += LOOK_NS;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&paged.end, &paged.mutex, &until);
        uint64_t resident = resident_now();
        if (resident > paged.peak.resident)
            paged.peak.resident = resident;
        bool due = ++looks >= LOOKS_BETWEEN && resident > high;
        if (resident <= next && !due)
            continue;
        give_back();
        looks = 0;
        uint64_t kept = resident_now() + STEP_MIN;
        next = kept > high ? kept : high;
    }
    pthread_mutex_unlock(&paged.mutex);
    return NULL;
}

/* A page that cannot be read or written again leaves nothing to go on with. */
static void lose_page(int number) {
    static const char text[] =
        "burza: a temporary file of --memory could not be read or written: is its disk failing, or "
        "its server gone? nothing was written; give the same command again\n";
    (void)number;
    ssize_t put = write(STDERR_FILENO, text, sizeof text - 1);
    (void)put;
    _exit(EXIT_IO);
}

enum status paged_begin(const char *folder, uint64_t ceiling, struct fault *fault) {
    if (strlen(folder) >= sizeof paged.folder)
        return fault_set(fault, STATUS_FATAL, EXIT_CANTCREATE, "the path \"%.100s...\" is too long",
                         folder);
    memcpy(paged.folder, folder, strlen(folder) + 1);
    paged.ceiling = ceiling;
    paged.ending = false;
    paged.peak = (struct paged_peak){0};
    paged.before = resident_ever();
    paged.error = 0;
    void *probe = map_file(PAGE);
    if (!probe)
        return fault_set(fault, STATUS_FATAL, EXIT_CANTCREATE,
                         "the temporary files of --memory cannot lie in \"%s\": %s", folder,
                         strerror(errno));
    munmap(probe, PAGE);
    paged.statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    /* what libraries free goes back to the system at once */
    mallopt(M_MMAP_THRESHOLD, PAGED_MIN);
    mallopt(M_TRIM_THRESHOLD, PAGED_MIN);
    struct sigaction lost = {.sa_handler = lose_page};
    sigaction(SIGBUS, &lost, NULL);
    /* signals are for the thread that waits for them */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    paged.watching = paged.statm >= 0 && pthread_create(&paged.watcher, NULL, watch, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!paged.watching) {
        paged_end();
        return fault_set(fault, STATUS_FATAL, EXIT_CANTCREATE,
                         "--memory needs /proc and a thread to see how much memory is in use");
    }
    atomic_store(&paged.on, true);
    return STATUS_OK;
}

void paged_hold(void) {
    atomic_store(&paged.on, false);
}

void paged_end(void) {
    atomic_store(&paged.on, false);
    pthread_mutex_lock(&paged.mutex);
    paged.ending = true;
    pthread_cond_signal(&paged.end);
    pthread_mutex_unlock(&paged.mutex);
    if (paged.watching)
        pthread_join(paged.watcher, NULL);
    paged.watching = false;
    if (paged.statm >= 0)
        close(paged.statm);
    paged.statm = -1;
    paged.error = 0;
    signal(SIGBUS, SIG_DFL);
}

/* ---- arrays ---- */

bool paged_wants(size_t size) {
    return size >= PAGED_MIN && atomic_load_explicit(&paged.on, memory_order_relaxed);
}

void *paged_alloc(size_t size) {
    void *at = NULL;
    pthread_mutex_lock(&paged.mutex);
    errno = ENOMEM;
    if (paged.count < ARRAYS_MAX)
        at = map_file(size);
    if (at) {
        paged.arrays[paged.count++] = (struct array){at, size};
        paged.files += size;
        if (paged.files > paged.peak.files)
            paged.peak.files = paged.files;
    } else if (!paged.error) {
        paged.error = errno;
        snprintf(paged.trouble, sizeof paged.trouble,
                 "no room for %llu MB more of the temporary files of --memory in \"%s\": %s",
                 (unsigned long long)((paged.files + size) >> 20), paged.folder, strerror(errno));
    }
    pthread_mutex_unlock(&paged.mutex);
    return at;
}

/* Mapped files begin with a page, and nearly nothing else does. */
static bool may_be_paged(const void *at) {
    return at && (uintptr_t)at % PAGE == 0 && atomic_load(&paged.count);
}

/* The array's place among all, or their count. */
static size_t find(const void *at) {
    size_t i = paged.count;
    while (i > 0 && paged.arrays[i - 1].at != at)
        i--;
    return i ? i - 1 : paged.count;
}

bool paged_free(void *at) {
    if (!may_be_paged(at))
        return false;
    pthread_mutex_lock(&paged.mutex);
    size_t i = find(at), count = paged.count;
    struct array array = {0};
    if (i < count) {
        array = paged.arrays[i];
        paged.files -= array.size;
        memmove(&paged.arrays[i], &paged.arrays[i + 1], (count - i - 1) * sizeof array);
        paged.count--;
        munmap(array.at, array.size);
    }
    pthread_mutex_unlock(&paged.mutex);
    return i < count;
}

size_t paged_size(const void *at) {
    if (!may_be_paged(at))
        return 0;
    pthread_mutex_lock(&paged.mutex);
    size_t i = find(at), size = i < paged.count ? paged.arrays[i].size : 0;
    pthread_mutex_unlock(&paged.mutex);
    return size;
}

struct paged_peak paged_peak(void) {
    pthread_mutex_lock(&paged.mutex);
    struct paged_peak peak = paged.peak;
    uint64_t ever = resident_ever();
    if (ever > paged.before && ever > peak.resident)
        peak.resident = ever;
    pthread_mutex_unlock(&paged.mutex);
    return peak;
}

const char *paged_trouble(void) {
    return paged.error ? paged.trouble : NULL;
}
