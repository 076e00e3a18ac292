/* chunks: compressed chunks of datasets, made by all threads and written by one. A chunk is put
 * into the queue of its file with its bytes; a full queue is packed in parallel (shuffled,
 * deflated, summed, as HDF5's own filters would) and written in the order in which it was filled,
 * so the file does not depend on the number of threads. Internal to store.
 *
 * Memory: `owned` bytes are freed once written; borrowed ones must stay until chunks_flush. May
 * fail: as everything on a struct h5. */
#ifndef BURZA_CHUNKS_H
#define BURZA_CHUNKS_H

#include <hdf5.h>
#include <stdbool.h>
#include <stdint.h>

struct h5;

enum { CHUNK_BYTES = 256 * 1024, CHUNK_RANK_MAX = 4, CHUNK_QUEUE = 32 };

struct chunk {
    hid_t set;
    hsize_t at[CHUNK_RANK_MAX]; /* its first element */
    const char *bytes;
    const uint32_t *rows; /* which elements of `bytes`; NULL: those at its beginning */
    size_t size;          /* bytes of the elements there are; behind them the chunk is zeros */
    size_t whole;         /* bytes of a whole chunk */
    size_t element;       /* bytes of one element */
    char *owned;          /* what to free, or NULL when the bytes are borrowed */
    bool spare;           /* `owned` is from chunks_buffer and goes back there */
};

/* A chunk as the file holds it; the memory serves again and again. */
struct packed {
    unsigned char *at;
    size_t size, cap; /* size 0: not packed */
};

struct chunk_queue {
    struct chunk at[CHUNK_QUEUE];
    struct packed packed[CHUNK_QUEUE];
    size_t count;
    char *spare[CHUNK_QUEUE]; /* [spare_count] buffers of CHUNK_BYTES */
    size_t spare_count;
};

/* Takes the chunk over, after a failure too. The dataset stays open until it is written. */
void chunks_add(struct h5 *h5, const struct chunk *chunk);
/* CHUNK_BYTES for a chunk to come; NULL when out of memory. */
char *chunks_buffer(struct h5 *h5);
/* Packs and writes all that wait. */
void chunks_flush(struct h5 *h5);
void chunks_release(struct h5 *h5);

#endif
