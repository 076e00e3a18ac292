/* piece digest: the tree of SHA-256s of a file that one thread reads (stages/common/digest.h). Its
 * bytes are copied into pieces; a full one waits until any thread takes it and digests it, without
 * the lock under which the file is read. A thread that is alone digests them as they come.
 *
 * Memory: a piece belongs to who took it until it is digested; then its bytes are used again. May
 * fail: out of memory (false). */
#ifndef BURZA_UNPACK_PIECE_DIGEST_H
#define BURZA_UNPACK_PIECE_DIGEST_H

#include "stages/common/digest.h"

#include <pthread.h>

struct input_piece {
    struct input_piece *next;
    size_t number, len;
    struct digest direct; /* of the bytes so far, which then are not kept; or no context */
    char bytes[DIGEST_PIECE];
};

struct piece_digest {
    struct input_piece *filling;
    struct input_piece *waiting; /* full, in no order */
    size_t waiting_count, begun; /* pieces that wait; pieces so far, the one being filled too */
    pthread_mutex_t lock;        /* of what follows: pieces come back from any thread */
    struct input_piece *spare;
    unsigned char (*sums)[DIGEST_SIZE]; /* [begun] */
    size_t cap;
};
void piece_digest_init(struct piece_digest *tree);
void piece_digest_release(struct piece_digest *tree);
/* Who reads the file: the next bytes; a piece that waits; NULL: none. */
bool piece_digest_add(struct piece_digest *tree, struct span bytes) MUST_USE;
struct input_piece *piece_digest_take(struct piece_digest *tree);
/* Any thread: digests a piece that was taken and gives it back. */
void piece_digest_do(struct piece_digest *tree, struct input_piece *piece);
/* The digest of all bytes; every piece that was taken has been given back. */
void piece_digest_end(struct piece_digest *tree, struct digest *out);

#endif
