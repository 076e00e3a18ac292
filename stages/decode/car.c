/* CAR: a Bluesky repository as servers hand it out (com.atproto.sync.getRepo), which is all that an
 * account has written: blocks of DAG-CBOR named by their SHA-256 (ipld.io/specs/transport/car/
 * carv1), among them a commit, the nodes of a tree of keys, and records (atproto.com/specs/
 * repository). Collection and key of a record stand only in the tree, the author only in the
 * commit. The records come out in the order of their keys, with the body of posts only:
 * {"did","rev","collection","rkey","record":{}}. Blocks whose bytes are not what their names say
 * are not used. */
#include "stages/decode/decode.h"

#include "stages/decode/dag_cbor.h"

#include <stdlib.h>

/* A key is at most 256 bytes of a collection's name and 512 of a record's key. */
enum { KEY_MAX = 1024, TREE_DEPTH_MAX = 128, DIGEST_AT = 4 };
static const char CID_HEAD[] = "\x01\x71\x12\x20"; /* version 1, DAG-CBOR, SHA-256 of 32 bytes */

struct car_block {
    struct span digest, data;
    bool walked; /* a node of the tree that was gone through */
};

struct repository {
    struct car_block *blocks;
    size_t count, cap;
    uint64_t damaged, missing; /* blocks; what the tree names and is not there */
    struct span did, rev, root;
    char key[KEY_MAX];
    size_t key_len;
    struct buf *out;
};

/* LEB128. */
static bool take_number(struct span *bytes, uint64_t *number) {
    *number = 0;
    for (unsigned shift = 0; bytes->len && shift < 63; shift += 7) {
        unsigned char byte = (unsigned char)*bytes->at++;
        bytes->len--;
        *number |= (uint64_t)(byte & 127) << shift;
        if (byte < 128)
            return true;
    }
    return false;
}

/* The piece that the next number tells the length of. */
static bool take_piece(struct span *bytes, struct span *piece) {
    uint64_t len;
    if (!take_number(bytes, &len) || len > bytes->len)
        return false;
    *piece = (struct span){bytes->at, (size_t)len};
    *bytes = (struct span){bytes->at + len, bytes->len - (size_t)len};
    return true;
}

static bool car_begins(struct span head) {
    uint64_t len;
    struct span begin = {head.at, head.len < 200 ? head.len : 200};
    return take_number(&begin, &len) && len >= 11 && len <= 4096 && begin.len >= 7 &&
           begin.at[0] == '\xa2' &&
           (memcmp(begin.at + 1, "\x65roots", 6) == 0 ||
            (begin.len >= 9 && memcmp(begin.at + 1, "\x67version", 8) == 0));
}

static bool read_header(struct span *car, struct repository *repository) {
    struct span header;
    struct cbor roots;
    enum cbor_kind kind;
    uint64_t count;
    return take_piece(car, &header) && cbor_member(cbor_of(header), "roots", &roots) &&
           cbor_head(&roots, &kind, &count) && kind == CBOR_ARRAY && count >= 1 &&
           cbor_link(&roots, &repository->root);
}

static int compare_blocks(const void *a, const void *b) {
    const struct car_block *x = a, *y = b;
    return memcmp(x->digest.at, y->digest.at, DIGEST_SIZE);
}

static struct car_block *find_block(struct repository *repository, struct span digest) {
    struct car_block key = {.digest = digest};
    struct car_block *found =
        repository->count
            ? bsearch(&key, repository->blocks, repository->count, sizeof key, compare_blocks)
            : NULL;
    repository->missing += !found;
    return found;
}

static bool add_block(struct repository *repository, struct span piece) {
    unsigned char digest[DIGEST_SIZE];
    struct car_block block = {.digest = {piece.at + DIGEST_AT, DIGEST_SIZE}};
    if (piece.len < DIGEST_AT + DIGEST_SIZE || memcmp(piece.at, CID_HEAD, DIGEST_AT) != 0)
        return true; /* a picture or another kind of data, which the tree does not name */
    block.data = (struct span){block.digest.at + DIGEST_SIZE, piece.len - DIGEST_AT - DIGEST_SIZE};
    digest_of(block.data, digest);
    if (memcmp(digest, block.digest.at, DIGEST_SIZE) != 0) {
        repository->damaged++;
        return true;
    }
    if (repository->count == repository->cap) {
        size_t cap = repository->cap ? repository->cap * 2 : 1024;
        struct car_block *grown = realloc(repository->blocks, cap * sizeof *grown);
        if (!grown)
            return false;
        repository->blocks = grown;
        repository->cap = cap;
    }
    repository->blocks[repository->count++] = block;
    return true;
}

/* Only posts are given in full; likes, follows and the like are counted. */
static void add_record(struct repository *repository, struct span digest) {
    struct buf *out = repository->out;
    struct span key = {repository->key, repository->key_len};
    const char *slash = memchr(key.at, '/', key.len);
    struct car_block *block = find_block(repository, digest);
    size_t before = out->len;
    if (!block || !slash) {
        repository->missing += block != NULL;
        return;
    }
    struct span collection = {key.at, (size_t)(slash - key.at)};
    const char *names[] = {"{\"did\":", ",\"rev\":", ",\"collection\":", ",\"rkey\":"};
    const struct span values[] = {
        repository->did, repository->rev, collection, {slash + 1, key.len - collection.len - 1}};
    for (size_t i = 0; i < 4; i++) {
        buf_text(out, names[i]);
        json_text_add(out, values[i]);
    }
    struct cbor record = cbor_of(block->data);
    buf_text(out, ",\"record\":");
    bool whole = true;
    if (span_is(collection, "app.bsky.feed.post"))
        whole = cbor_to_json(&record, out);
    else
        buf_text(out, "{}");
    buf_text(out, "}\n");
    if (!whole || out->failed) {
        out->len = before;
        repository->damaged++;
    }
}

/* The key of an entry: a beginning of the key before it, and the rest. */
static bool read_key(struct repository *repository, struct cbor entry) {
    struct cbor at;
    enum cbor_kind kind;
    uint64_t shared;
    struct span rest;
    if (!cbor_member(entry, "p", &at) || !cbor_head(&at, &kind, &shared) || kind != CBOR_UNSIGNED ||
        shared > repository->key_len || !cbor_member(entry, "k", &at) || !cbor_string(&at, &rest) ||
        rest.len > KEY_MAX - shared)
        return false;
    memcpy(repository->key + shared, rest.at, rest.len);
    repository->key_len = (size_t)shared + rest.len;
    return true;
}

static void walk_tree(struct repository *repository, struct span digest, int depth);

static void walk_link(struct repository *repository, struct cbor map, const char *name, int depth) {
    struct span digest;
    struct cbor link;
    if (cbor_member(map, name, &link) && cbor_link(&link, &digest))
        walk_tree(repository, digest, depth);
}

/* Keys below `l` come first, then each entry and the keys below it. No node is gone through twice,
 * so that a file of a few nodes cannot name a record without end. */
static void walk_tree(struct repository *repository, struct span digest, int depth) {
    struct car_block *node = find_block(repository, digest);
    struct cbor entries, link;
    enum cbor_kind kind;
    uint64_t count = 0;
    if (!node)
        return;
    if (node->walked || depth == TREE_DEPTH_MAX) {
        repository->damaged++;
        return;
    }
    node->walked = true;
    struct cbor map = cbor_of(node->data);
    walk_link(repository, map, "l", depth + 1);
    bool whole =
        cbor_member(map, "e", &entries) && cbor_head(&entries, &kind, &count) && kind == CBOR_ARRAY;
    repository->key_len = 0;
    for (uint64_t i = 0; whole && i < count; i++) {
        struct cbor entry = entries;
        char key[KEY_MAX];
        whole = cbor_skip(&entries) && read_key(repository, entry) &&
                cbor_member(entry, "v", &link) && cbor_link(&link, &digest);
        if (!whole)
            break;
        size_t len = repository->key_len;
        memcpy(key, repository->key, len);
        add_record(repository, digest);
        walk_link(repository, entry, "t", depth + 1);
        memcpy(repository->key, key, len);
        repository->key_len = len;
    }
    repository->damaged += !whole;
}

static bool read_commit(struct repository *repository, struct span *tree) {
    struct car_block *block = find_block(repository, repository->root);
    struct cbor map = block ? cbor_of(block->data) : (struct cbor){NULL, NULL}, at;
    if (!block || !cbor_member(map, "did", &at) || !cbor_string(&at, &repository->did) ||
        !cbor_member(map, "data", &at) || !cbor_link(&at, tree))
        return false;
    if (!cbor_member(map, "rev", &at) || !cbor_string(&at, &repository->rev))
        repository->rev = SPAN_LITERAL("");
    return true;
}

static enum status walk(struct repository *repository, bool cut, struct fault *fault) {
    struct span tree;
    if (!read_commit(repository, &tree))
        return fault_set(fault, STATUS_SKIP, EXIT_DATA,
                         "a CAR file without the commit of a repository: whose records these are "
                         "is not known; fetch the repository again (com.atproto.sync.getRepo)");
    walk_tree(repository, tree, 0);
    if (!cut && !repository->missing && !repository->damaged)
        return STATUS_OK;
    return fault_set(fault, STATUS_SKIP, EXIT_DATA,
                     "the repository is not whole%s: %llu records or parts of its tree are not in "
                     "the file, %llu are damaged; fetch it again",
                     cut ? " (cut short)" : "", (unsigned long long)repository->missing,
                     (unsigned long long)repository->damaged);
}

enum status decode_repository(struct span car, struct buf *out, struct fault *fault) {
    struct repository repository = {.out = out};
    struct span piece;
    bool memory = true;
    if (!read_header(&car, &repository))
        return fault_set(fault, STATUS_SKIP, EXIT_DATA, "a CAR file whose header cannot be read");
    while (memory && car.len && take_piece(&car, &piece))
        memory = add_block(&repository, piece);
    if (memory && repository.count)
        qsort(repository.blocks, repository.count, sizeof *repository.blocks, compare_blocks);
    enum status status = memory ? walk(&repository, car.len > 0, fault) : fault_memory(fault);
    free(repository.blocks);
    return status;
}

enum whole_kind decode_whole(struct span head) {
    if (car_begins(head))
        return WHOLE_REPOSITORY;
    /* what unpack hands on as a file though it is a zip */
    return span_starts(head, "PK\x03\x04") ? WHOLE_WORKBOOK : WHOLE_NONE;
}
