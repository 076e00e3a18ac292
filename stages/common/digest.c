#include "stages/common/digest.h"

#include <openssl/evp.h>
#include <stdio.h>

enum status digest_init(struct digest *digest, struct fault *fault) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!context || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1) {
        EVP_MD_CTX_free(context);
        return fault_memory(fault);
    }
    digest->context = context;
    return STATUS_OK;
}

void digest_add(struct digest *digest, struct span bytes) {
    if (bytes.len)
        EVP_DigestUpdate(digest->context, bytes.at, bytes.len);
}

void digest_peek(const struct digest *digest, unsigned char out[DIGEST_SIZE]) {
    memset(out, 0, DIGEST_SIZE);
    EVP_MD_CTX *copy = EVP_MD_CTX_new();
    if (copy && EVP_MD_CTX_copy_ex(copy, digest->context) == 1)
        EVP_DigestFinal_ex(copy, out, NULL);
    EVP_MD_CTX_free(copy);
}

void digest_release(struct digest *digest) {
    EVP_MD_CTX_free(digest->context);
    digest->context = NULL;
}

void digest_hex(const unsigned char in[DIGEST_SIZE], char out[DIGEST_HEX_SIZE]) {
    for (int i = 0; i < DIGEST_SIZE; i++)
        snprintf(out + 2 * i, 3, "%02x", in[i]);
}

void digest_of(struct span bytes, unsigned char out[DIGEST_SIZE]) {
    memset(out, 0, DIGEST_SIZE);
    EVP_Digest(bytes.at ? bytes.at : "", bytes.len, out, NULL, EVP_sha256(), NULL);
}
