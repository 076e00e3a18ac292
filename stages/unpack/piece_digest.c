#include "stages/unpack/piece_digest.h"

#include <omp.h>
#include <stdlib.h>

/* More wait only while a record longer than them is read; then who reads digests them. */
enum { WAITING_MAX = 4 };

void piece_digest_init(struct piece_digest *tree) {
    *tree = (struct piece_digest){.filling = NULL};
    pthread_mutex_init(&tree->lock, NULL);
}

static void free_pieces(struct input_piece *piece) {
    while (piece) {
        struct input_piece *next = piece->next;
        free(piece);
        piece = next;
    }
}

void piece_digest_release(struct piece_digest *tree) {
    if (tree->filling)
        digest_release(&tree->filling->direct);
    free(tree->filling);
    free_pieces(tree->waiting);
    free_pieces(tree->spare);
    free(tree->sums);
    tree->filling = tree->waiting = tree->spare = NULL;
    tree->sums = NULL;
    pthread_mutex_destroy(&tree->lock);
}

/* Begins the next piece, with a place for its sum. */
static bool begin_piece(struct piece_digest *tree) {
    pthread_mutex_lock(&tree->lock);
    struct input_piece *piece = tree->spare;
    if (piece)
        tree->spare = piece->next;
    if (tree->begun == tree->cap) {
        size_t cap = tree->cap ? 2 * tree->cap : 16;
        unsigned char(*more)[DIGEST_SIZE] = realloc(tree->sums, cap * sizeof *more);
        tree->sums = more ? more : tree->sums;
        tree->cap = more ? cap : tree->cap;
    }
    bool ok = tree->begun < tree->cap;
    pthread_mutex_unlock(&tree->lock);
    if (!piece)
        piece = malloc(sizeof *piece);
    tree->filling = piece;
    if (!ok || !piece)
        return false;
    piece->next = NULL;
    piece->number = tree->begun++;
    piece->len = 0;
    piece->direct.context = NULL;
    /* of the first it is not known yet whether the file is digested as a tree */
    bool kept = piece->number == 0 || omp_get_num_threads() > 1;
    struct fault unused = {0};
    return kept || digest_init(&piece->direct, &unused) == STATUS_OK;
}

static void end_piece(struct piece_digest *tree) {
    struct input_piece *piece = tree->filling;
    tree->filling = NULL;
    if (tree->waiting_count == WAITING_MAX || piece->direct.context) {
        piece_digest_do(tree, piece);
        return;
    }
    piece->next = tree->waiting;
    tree->waiting = piece;
    tree->waiting_count++;
}

bool piece_digest_add(struct piece_digest *tree, struct span bytes) {
    while (bytes.len) {
        if (!tree->filling && !begin_piece(tree))
            return false;
        struct input_piece *piece = tree->filling;
        size_t left = DIGEST_PIECE - piece->len, len = bytes.len < left ? bytes.len : left;
        if (piece->direct.context)
            digest_add(&piece->direct, (struct span){bytes.at, len});
        else
            memcpy(piece->bytes + piece->len, bytes.at, len);
        piece->len += len;
        bytes = (struct span){bytes.at + len, bytes.len - len};
        if (piece->len == DIGEST_PIECE)
            end_piece(tree);
    }
    return true;
}

struct input_piece *piece_digest_take(struct piece_digest *tree) {
    struct input_piece *piece = tree->waiting;
    if (piece) {
        tree->waiting = piece->next;
        tree->waiting_count--;
    }
    return piece;
}

void piece_digest_do(struct piece_digest *tree, struct input_piece *piece) {
    unsigned char sum[DIGEST_SIZE];
    if (piece->direct.context)
        digest_peek(&piece->direct, sum);
    else
        digest_of((struct span){piece->bytes, piece->len}, sum);
    digest_release(&piece->direct);
    pthread_mutex_lock(&tree->lock);
    memcpy(tree->sums[piece->number], sum, DIGEST_SIZE);
    piece->next = tree->spare;
    tree->spare = piece;
    pthread_mutex_unlock(&tree->lock);
}

void piece_digest_end(struct piece_digest *tree, struct digest *out) {
    struct input_piece *piece;
    if (tree->filling)
        end_piece(tree);
    while ((piece = piece_digest_take(tree)))
        piece_digest_do(tree, piece);
    for (size_t i = 0; i < tree->begun; i++)
        digest_add_piece(out, tree->sums[i]);
}
