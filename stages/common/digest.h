/* digest: SHA-256 (libcrypto, which uses the CPU's SHA instructions where it has them), of all
 * bytes in their order, or as a tree of pieces, which may be digested by several threads. */
#ifndef BURZA_DIGEST_H
#define BURZA_DIGEST_H

#include "stages/common/span.h"
#include "stages/common/status.h"

#define DIGEST_SIZE 32
#define DIGEST_HEX_SIZE 65

struct digest {
    void *context;
};

enum status digest_init(struct digest *digest, struct fault *fault) MUST_USE;
void digest_add(struct digest *digest, struct span bytes);
/* Writes the digest so far; more may be added afterwards. */
void digest_peek(const struct digest *digest, unsigned char out[DIGEST_SIZE]);
void digest_release(struct digest *digest);

/* How a file is digested: by SHA-256 of its bytes, or by SHA-256 over the SHA-256s of its pieces of
 * 1 MiB (the last may be shorter), as hex, a line each: what coreutils give by
 *   split -b 1M --filter=sha256sum FILE | cut -c1-64 | sha256sum */
enum digest_kind { DIGEST_WHOLE, DIGEST_TREE, DIGEST_KINDS };
enum { DIGEST_PIECE = 1 << 20 };
extern const char *const digest_kind_names[DIGEST_KINDS]; /* "sha256" "sha256-tree-1MiB" */
/* By name; what has none was written before there were trees. */
enum digest_kind digest_kind_of(const char *name);
/* Adds the SHA-256 of the next piece to that of a tree. */
void digest_add_piece(struct digest *tree, const unsigned char sum[DIGEST_SIZE]);

void digest_hex(const unsigned char in[DIGEST_SIZE], char out[DIGEST_HEX_SIZE]);
/* Of one span at once. */
void digest_of(struct span bytes, unsigned char out[DIGEST_SIZE]);

#endif
