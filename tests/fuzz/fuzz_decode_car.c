/* A repository: the names of changed blocks are made right again, in all that links to them, so
 * that the tree is reached; what comes out are lines of JSON, as many as fit. */
#include "stages/common/digest.h"
#include "stages/decode/decode.h"
#include "stages/decode/repair.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OUT_MAX = 1 << 20, ROUNDS = 6 };

/* Gives `to` where `from` stands. */
static void rename_all(char *at, size_t len, const char *from, const unsigned char *to) {
    char old[DIGEST_SIZE];
    memcpy(old, from, DIGEST_SIZE);
    for (size_t i = 0; i + DIGEST_SIZE <= len; i++)
        if (memcmp(at + i, old, DIGEST_SIZE) == 0)
            memcpy(at + i, to, DIGEST_SIZE);
}

static void mend(char *at, size_t len) {
    size_t next = 0, size = 0;
    for (size_t i = 0; i < len; i = next) {
        unsigned char digest[DIGEST_SIZE];
        unsigned shift = 0;
        size = 0;
        while (i < len && shift < 28) {
            unsigned char byte = (unsigned char)at[i++];
            size |= (size_t)(byte & 127) << shift;
            shift += 7;
            if (byte < 128)
                break;
        }
        next = size <= len - i ? i + size : len;
        if (next - i < 4 + DIGEST_SIZE || memcmp(at + i, "\x01\x71\x12\x20", 4) != 0)
            continue;
        digest_of((struct span){at + i + 4 + DIGEST_SIZE, next - i - 4 - DIGEST_SIZE}, digest);
        if (memcmp(digest, at + i + 4, DIGEST_SIZE) != 0)
            rename_all(at, len, at + i + 4, digest);
    }
}

static void read(const char *at, size_t len) {
    struct buf out, clean;
    uint64_t counts[REPAIR_COUNT] = {0};
    buf_init(&out, OUT_MAX);
    buf_init(&clean, 4 * OUT_MAX);
    if (decode_repository((struct span){at, len}, &out, NULL) == STATUS_FATAL || out.len > OUT_MAX)
        abort();
    for (const char *line = out.at, *end; out.len && line < out.at + out.len; line = end + 1) {
        end = memchr(line, '\n', (size_t)(out.at + out.len - line));
        buf_clear(&clean);
        if (!end ||
            repair_json((struct span){line, (size_t)(end - line)}, &clean, counts) != JSON_READ)
            abort();
    }
    buf_release(&out);
    buf_release(&clean);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *copy = malloc(size ? size : 1);
    if (!copy)
        abort();
    memcpy(copy, data, size);
    read(copy, size);
    for (int round = 0; round < ROUNDS; round++)
        mend(copy, size);
    read(copy, size);
    free(copy);
    return 0;
}
