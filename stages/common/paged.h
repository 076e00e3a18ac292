/* paged memory: large arrays in temporary files that the system reads and writes as they are used,
 * so that a process keeps below a ceiling of resident memory whatever it holds. Between
 * paged_begin and paged_end whoever allocates PAGED_MIN bytes or more gets such an array; what the
 * program then does with it is the same, byte for byte.
 *
 * pipeline/large_arrays.c puts these functions in the place of malloc, calloc, realloc and free for
 * all of burza's own code; libraries keep theirs.
 *
 * In: a folder with room for all that is held, and the ceiling. Owner: whoever allocates frees with
 * paged_free, also after paged_end. May fail: NULL, when memory or the folder's disk is out (then
 * paged_trouble says so). Files have no name once they are open: whatever ends the process, they
 * are gone. */
#ifndef BURZA_PAGED_H
#define BURZA_PAGED_H

#include "stages/common/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PAGED_MIN = 128 << 10 };

/* One at a time. EXIT_CANTCREATE: the folder cannot hold such files. */
enum status paged_begin(const char *folder, uint64_t ceiling, struct fault *fault) MUST_USE;
void paged_end(void);
/* No new paged arrays; those that are there are still kept below the ceiling. */
void paged_hold(void);
/* Whether an array of `size` bytes is to be a paged one now. */
bool paged_wants(size_t size);
/* All zeros. */
void *paged_alloc(size_t size) MUST_USE;
/* False when `at` is no paged array. */
bool paged_free(void *at);
/* Bytes of a paged array; 0: it is none. */
size_t paged_size(const void *at);

/* What was held since paged_begin, at most. */
struct paged_peak {
    uint64_t resident; /* bytes of memory, of the whole process */
    uint64_t files;    /* bytes of temporary files */
};
struct paged_peak paged_peak(void);
/* Why an array could not be had; NULL: none failed. */
const char *paged_trouble(void);

#endif
