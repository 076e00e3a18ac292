#include "stages/store/chunks.h"

#include "stages/store/h5.h"

#include <libdeflate.h>
#include <stdlib.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "chunks are written as they lie in memory, and files are little-endian"
#endif

enum {
    DEFLATE_LEVEL = 1, /* a file as large as zlib's fourth, in a quarter of its time */
    SUM_SIZE = 4,
    SUM_WORDS = 4096, /* summed before the sums are folded */
};

/* What a thread packs with. */
struct packer {
    struct libdeflate_compressor *compressor;
    struct packed shuffled;
};

/* All first bytes of the elements, then all second ones, and so on: where the chunk's elements are,
 * and how far each byte's go. `element` is known to the compiler where this matters. */
static inline void shuffle(const struct chunk *chunk, size_t element, char *to) {
    size_t count = chunk->size / element, distance = chunk->whole / element;
    for (size_t byte = 0; byte < element; byte++) {
        const char *from = chunk->bytes + byte;
        for (size_t i = 0; !chunk->rows && i < count; i++)
            to[byte * distance + i] = from[i * element];
        for (size_t i = 0; chunk->rows && i < count; i++)
            to[byte * distance + i] = from[chunk->rows[i] * element];
    }
}

/* The bytes of the whole chunk, shuffled. */
static const char *arrange(struct packer *packer, const struct chunk *chunk) {
    if (chunk->element == 1 && chunk->size == chunk->whole && !chunk->rows)
        return chunk->bytes;
    char *to = (char *)packer->shuffled.at;
    if (chunk->size < chunk->whole)
        memset(to, 0, chunk->whole);
    switch (chunk->element) {
    case 1:
        shuffle(chunk, 1, to);
        break;
    case 2:
        shuffle(chunk, 2, to);
        break;
    case 4:
        shuffle(chunk, 4, to);
        break;
    case 8:
        shuffle(chunk, 8, to);
        break;
    default:
        shuffle(chunk, chunk->element, to);
        break;
    }
    return to;
}

/* HDF5's Fletcher-32 counts 16-bit words, the high byte first; its sums begin at 0 and are folded
 * so that they are 0 only for no bits at all. (HDF5 1.10 source, H5checksum.c) */
static uint32_t fold(uint64_t sum) {
    return sum ? (uint32_t)((sum - 1) % 65535 + 1) : 0;
}

static uint32_t fletcher32(const unsigned char *bytes, size_t size) {
    uint64_t first = 0, second = 0;
    for (size_t words = size / 2; words;) {
        size_t here = words < SUM_WORDS ? words : SUM_WORDS;
        for (size_t i = 0; i < here; i++, bytes += 2) {
            first += (uint64_t)bytes[0] << 8 | bytes[1];
            second += first;
        }
        first = fold(first);
        second = fold(second);
        words -= here;
    }
    if (size % 2) {
        first += (uint64_t)bytes[0] << 8;
        second += first;
    }
    return fold(second) << 16 | fold(first);
}

static bool packed_reserve(struct packed *packed, size_t cap) {
    packed->size = 0;
    if (cap <= packed->cap)
        return true;
    free(packed->at);
    packed->at = malloc(cap);
    packed->cap = packed->at ? cap : 0;
    return packed->at != NULL;
}

static void pack(struct packer *packer, const struct chunk *chunk, struct packed *out) {
    out->size = 0;
    if (!packer->compressor || !packed_reserve(&packer->shuffled, chunk->whole))
        return;
    const char *bytes = arrange(packer, chunk);
    size_t room = libdeflate_zlib_compress_bound(packer->compressor, chunk->whole);
    if (!packed_reserve(out, room + SUM_SIZE))
        return;
    size_t size = libdeflate_zlib_compress(packer->compressor, bytes, chunk->whole, out->at, room);
    uint32_t sum = fletcher32(out->at, size);
    for (int i = 0; i < SUM_SIZE; i++)
        out->at[size + (size_t)i] = (unsigned char)(sum >> (8 * i));
    out->size = size + SUM_SIZE;
}

static void pack_all(struct chunk_queue *queue) {
#pragma omp parallel if (queue->count > 1)
    {
        struct packer packer = {.compressor = libdeflate_alloc_compressor(DEFLATE_LEVEL)};
#pragma omp for schedule(dynamic)
        for (size_t i = 0; i < queue->count; i++)
            pack(&packer, &queue->at[i], &queue->packed[i]);
        libdeflate_free_compressor(packer.compressor);
        free(packer.shuffled.at);
    }
}

static void forget_bytes(struct chunk_queue *queue, const struct chunk *chunk) {
    if (chunk->spare && queue->spare_count < CHUNK_QUEUE)
        queue->spare[queue->spare_count++] = chunk->owned;
    else
        free(chunk->owned);
}

void chunks_flush(struct h5 *h5) {
    struct chunk_queue *queue = &h5->chunks;
    if (!h5->failed)
        pack_all(queue);
    for (size_t i = 0; i < queue->count; i++) {
        const struct chunk *chunk = &queue->at[i];
        const struct packed *packed = &queue->packed[i];
        if (!packed->size)
            h5_fail(h5, "out of memory");
        if (!h5->failed &&
            H5Dwrite_chunk(chunk->set, H5P_DEFAULT, 0, chunk->at, packed->size, packed->at) < 0)
            h5_fail(h5, "cannot write a chunk");
        forget_bytes(queue, chunk);
        /* after a failure they are closed with the file */
        if (!h5->failed && H5Dclose(chunk->set) < 0)
            h5_fail(h5, "cannot close a dataset");
    }
    queue->count = 0;
}

void chunks_add(struct h5 *h5, const struct chunk *chunk) {
    if (!h5->failed && h5->chunks.count == CHUNK_QUEUE)
        chunks_flush(h5);
    if (!h5->failed && H5Iinc_ref(chunk->set) < 0)
        h5_fail(h5, "cannot hold a dataset");
    if (h5->failed)
        forget_bytes(&h5->chunks, chunk);
    else
        h5->chunks.at[h5->chunks.count++] = *chunk;
}

char *chunks_buffer(struct h5 *h5) {
    struct chunk_queue *queue = &h5->chunks;
    return queue->spare_count ? queue->spare[--queue->spare_count] : malloc(CHUNK_BYTES);
}

void chunks_release(struct h5 *h5) {
    struct chunk_queue *queue = &h5->chunks;
    for (size_t i = 0; i < CHUNK_QUEUE; i++)
        free(queue->packed[i].at);
    for (size_t i = 0; i < queue->spare_count; i++)
        free(queue->spare[i]);
    *queue = (struct chunk_queue){0};
}
