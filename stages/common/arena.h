/* arena: many small allocations that die together. Memory comes in chunks that are kept over
 * arena_clear, so a per-block arena allocates nothing once it is warm. */
#ifndef BURZA_ARENA_H
#define BURZA_ARENA_H

#include "stages/common/span.h"

struct arena {
    struct arena_chunk *first, *current;
    size_t used; /* bytes used of the current chunk */
};

void arena_release(struct arena *arena);
/* Everything handed out becomes invalid; the memory is kept. */
void arena_clear(struct arena *arena);
/* 16-byte aligned, uninitialised; NULL when out of memory. */
void *arena_alloc(struct arena *arena, size_t size);
/* A copy with a NUL behind it; {NULL, 0} when out of memory. */
struct span arena_copy(struct arena *arena, struct span span);

#endif
