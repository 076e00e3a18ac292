/* digest: SHA-256 (libcrypto, which uses the CPU's SHA instructions where it has them). */
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

void digest_hex(const unsigned char in[DIGEST_SIZE], char out[DIGEST_HEX_SIZE]);
/* Of one span at once. */
void digest_of(struct span bytes, unsigned char out[DIGEST_SIZE]);

#endif
