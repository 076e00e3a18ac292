#include "stages/common/digest.h"

/* The low-level functions, which OpenSSL 3 would like to retire: unlike EVP they allocate nothing,
 * so a digest of a name or a copy of a running one cannot fail. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <stdio.h>
#include <stdlib.h>

enum status digest_init(struct digest *digest, struct fault *fault) {
    SHA256_CTX *context = malloc(sizeof *context);
    digest->context = context;
    if (!context)
        return fault_memory(fault);
    SHA256_Init(context);
    return STATUS_OK;
}

void digest_add(struct digest *digest, struct span bytes) {
    if (bytes.len)
        SHA256_Update(digest->context, bytes.at, bytes.len);
}

void digest_peek(const struct digest *digest, unsigned char out[DIGEST_SIZE]) {
    SHA256_CTX copy = *(const SHA256_CTX *)digest->context;
    SHA256_Final(out, &copy);
}

const char *const digest_kind_names[DIGEST_KINDS] = {"sha256", "sha256-tree-1MiB"};

enum digest_kind digest_kind_of(const char *name) {
    return strcmp(name, digest_kind_names[DIGEST_TREE]) == 0 ? DIGEST_TREE : DIGEST_WHOLE;
}

void digest_add_piece(struct digest *tree, const unsigned char sum[DIGEST_SIZE]) {
    char line[DIGEST_HEX_SIZE];
    digest_hex(sum, line);
    line[DIGEST_HEX_SIZE - 1] = '\n';
    digest_add(tree, (struct span){line, DIGEST_HEX_SIZE});
}

void digest_release(struct digest *digest) {
    free(digest->context);
    digest->context = NULL;
}

void digest_hex(const unsigned char in[DIGEST_SIZE], char out[DIGEST_HEX_SIZE]) {
    static const char digit[] = "0123456789abcdef";
    for (int i = 0; i < DIGEST_SIZE; i++) {
        out[2 * i] = digit[in[i] >> 4];
        out[2 * i + 1] = digit[in[i] & 15];
    }
    out[2 * DIGEST_SIZE] = 0;
}

void digest_of(struct span bytes, unsigned char out[DIGEST_SIZE]) {
    SHA256_CTX context;
    SHA256_Init(&context);
    if (bytes.len)
        SHA256_Update(&context, bytes.at, bytes.len);
    SHA256_Final(out, &context);
}
