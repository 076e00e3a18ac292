#include "stages/common/arena.h"

#include <stdlib.h>

enum { CHUNK_SIZE = 64 * 1024, ALIGNMENT = 16 };

struct arena_chunk {
    struct arena_chunk *next;
    size_t size;
    _Alignas(ALIGNMENT) char bytes[];
};

void arena_release(struct arena *arena) {
    struct arena_chunk *chunk = arena->first;
    while (chunk) {
        struct arena_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    *arena = (struct arena){0};
}

void arena_clear(struct arena *arena) {
    arena->current = arena->first;
    arena->used = 0;
}

void *arena_alloc(struct arena *arena, size_t size) {
    if (size > (size_t)1 << 40)
        return NULL;
    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (!arena->current || arena->current->size - arena->used < size) {
        /* the next kept chunk if it is large enough, else a new one put before it */
        struct arena_chunk **next = arena->current ? &arena->current->next : &arena->first;
        if (!*next || (*next)->size < size) {
            size_t bytes = size > CHUNK_SIZE ? size : CHUNK_SIZE;
            struct arena_chunk *chunk = malloc(sizeof *chunk + bytes);
            if (!chunk)
                return NULL;
            *chunk = (struct arena_chunk){.next = *next, .size = bytes};
            *next = chunk;
        }
        arena->current = *next;
        arena->used = 0;
    }
    void *at = arena->current->bytes + arena->used;
    arena->used += size;
    return at;
}

struct span arena_copy(struct arena *arena, struct span span) {
    char *at = arena_alloc(arena, span.len + 1);
    if (!at)
        return (struct span){NULL, 0};
    if (span.len)
        memcpy(at, span.at, span.len);
    at[span.len] = 0;
    return (struct span){at, span.len};
}
