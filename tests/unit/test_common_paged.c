/* Paged memory: what is written stays, whatever was given back meanwhile, and the ceiling holds. */
#include "stages/common/files.h"
#include "stages/common/paged.h"
#include "tap.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/burza-paged-XXXXXX";

static size_t files_left(void) {
    size_t count = 0;
    DIR *entries = opendir(folder);
    for (struct dirent *entry; entries && (entry = readdir(entries));)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    if (entries)
        closedir(entries);
    return count;
}

/* Until this process holds less, 2 s at most: pages are given back by a thread. */
static void wait_below(uint64_t bytes) {
    for (unsigned tries = 0; tries < 1000; tries++) {
        unsigned long all = 0, resident = 0;
        FILE *statm = fopen("/proc/self/statm", "r");
        int got = statm ? fscanf(statm, "%lu %lu", &all, &resident) : 0;
        if (statm)
            fclose(statm);
        if (got == 2 && resident * (uint64_t)sysconf(_SC_PAGESIZE) < bytes)
            return;
        usleep(2000);
    }
}

/* 320 MB in arrays of 8 MB below a ceiling of 128 MB, written once, and read twice in another
 * order. */
static void test_ceiling(void) {
    enum { ARRAYS = 40, SIZE = 8 << 20, STEP = 4096 };
    static const uint64_t ceiling = 128 << 20;
    struct fault fault = {0};
    uint64_t *at[ARRAYS];
    CHECK(!paged_wants(SIZE));
    CHECK_INT(paged_begin(folder, ceiling, &fault), STATUS_OK);
    CHECK(paged_wants(PAGED_MIN) && !paged_wants(PAGED_MIN - 1));
    bool zero = true, kept = true;
    for (size_t i = 0; i < ARRAYS; i++) {
        at[i] = paged_alloc(SIZE, true);
        CHECK(at[i] != NULL);
        for (size_t k = 0; at[i] && k < SIZE / 8; k += STEP / 8) {
            zero &= at[i][k] == 0;
            at[i][k] = i * SIZE + k;
        }
        wait_below(192 << 20); /* as slow as a step that does something with it */
    }
    CHECK(zero);
    for (int round = 0; round < 2; round++)
        for (size_t i = ARRAYS; i-- > 0; wait_below(192 << 20))
            for (size_t k = 0; at[i] && k < SIZE / 8; k += STEP / 8)
                kept &= at[i][k] == i * SIZE + k;
    CHECK(kept);
    CHECK_INT(paged_size(at[3]), SIZE);
    CHECK_INT(paged_size(at[3] + 1), 0);
    CHECK_INT(files_left(), 0); /* they have no names */
    struct paged_peak peak = paged_peak();
    CHECK_INT(peak.files, (uint64_t)ARRAYS * SIZE);
    CHECK(peak.resident > 1 << 20 && peak.resident < 256 << 20);
    paged_end();
    CHECK(!paged_wants(SIZE));
    kept = true;
    for (size_t i = 0; i < ARRAYS; i++) {
        kept &= at[i] && at[i][0] == i * SIZE; /* arrays outlive the ceiling */
        CHECK(paged_free(at[i]));
        CHECK(!paged_free(at[i]));
    }
    CHECK(kept);
    char *other = malloc(PAGED_MIN);
    CHECK(!paged_free(other) && !paged_size(other));
    free(other);
}

/* No room is no memory, and the message says where. */
static void test_no_room(void) {
    struct fault fault = {0};
    struct rlimit before, small = {.rlim_cur = 1 << 20};
    CHECK_INT(getrlimit(RLIMIT_FSIZE, &before), 0);
    small.rlim_max = before.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    CHECK_INT(paged_begin(folder, 64 << 20, &fault), STATUS_OK);
    CHECK(!paged_trouble());
    CHECK_INT(setrlimit(RLIMIT_FSIZE, &small), 0);
    void *fits = paged_alloc(1 << 20, false);
    CHECK(fits != NULL);
    CHECK(paged_alloc(2 << 20, false) == NULL);
    CHECK_INT(setrlimit(RLIMIT_FSIZE, &before), 0);
    CHECK_INT(fault_memory(&fault), STATUS_FATAL);
    CHECK_INT(fault.exit_code, EXIT_IO);
    CHECK(strstr(fault.text, folder) && strstr(fault.text, "--memory"));
    CHECK(paged_free(fits));
    paged_end();
    CHECK_INT(files_left(), 0);
}

/* A freed array serves the next of about its size, with zeros where these are wanted, and what is
 * kept of them is a quarter of the ceiling. */
static void test_spares(void) {
    enum { SIZE = 4 << 20 };
    struct fault fault = {0};
    char *at[6];
    CHECK_INT(paged_begin(folder, 64 << 20, &fault), STATUS_OK);
    char *first = paged_alloc(SIZE, false);
    CHECK(first != NULL);
    memset(first, 7, SIZE);
    CHECK(paged_free(first));
    CHECK(!paged_free(first)); /* it is nobody's */
    CHECK_INT(paged_size(first), 0);
    char *half = paged_alloc(SIZE / 2, false); /* too small for it */
    CHECK(half != first);
    char *next = paged_alloc(SIZE - 100, true);
    CHECK(next == first);
    CHECK_INT(paged_size(next), SIZE);
    bool zero = true;
    for (size_t i = 0; i < SIZE - 100; i++)
        zero &= next[i] == 0;
    CHECK(zero);
    CHECK_INT(paged_peak().files, SIZE + SIZE / 2);
    CHECK(paged_free(next) && paged_free(half));
    for (size_t i = 0; i < 6; i++)
        at[i] = paged_alloc(SIZE, false);
    CHECK_INT(paged_peak().files, 6 * SIZE + SIZE / 2);
    for (size_t i = 0; i < 6; i++)
        CHECK(paged_free(at[i]));
    size_t kept = 0; /* four of them are 16 MB */
    for (size_t i = 0; i < 6; i++)
        at[i] = paged_alloc(SIZE, false);
    CHECK_INT(paged_peak().files, 6 * SIZE + SIZE / 2);
    for (size_t i = 0; i < 6; i++)
        kept += at[i] != NULL && paged_free(at[i]);
    CHECK_INT(kept, 6);
    char *large = paged_alloc(20 << 20, false); /* more than is kept: it goes at once */
    CHECK(large && paged_free(large));
    char *again = paged_alloc(20 << 20, true);
    CHECK(again && again[0] == 0 && paged_free(again));
    paged_end();
    CHECK_INT(files_left(), 0);
}

static void test_no_folder(void) {
    struct fault fault = {0};
    CHECK_INT(paged_begin("/nowhere/at/all", 64 << 20, &fault), STATUS_FATAL);
    CHECK_INT(fault.exit_code, EXIT_CANTCREATE);
    CHECK(strstr(fault.text, "/nowhere/at/all") != NULL);
}

int main(void) {
    CHECK(mkdtemp(folder) != NULL);
    test_ceiling();
    test_no_room();
    test_spares();
    test_no_folder();
    CHECK_INT(rmdir(folder), 0);
    return tap_done();
}
