/* Any bytes as a text: what is shown of it is the text without some of its parts, in its order. */
#include "stages/mask/mask.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct public_handles handles;
    static const char mark[] = "…";
    struct buf out;
    size_t from = 0;
    if (!handles.count && !public_handles_add(&handles, SPAN_LITERAL("norviapl")))
        return 0;
    buf_init(&out, 4 * size + 16);
    mask_text((struct span){(const char *)data, size}, &handles, &out);
    if (out.failed)
        abort();
    for (size_t at = 0; at < out.len; at++, from++) {
        if (out.len - at >= sizeof mark - 1 && memcmp(out.at + at, mark, sizeof mark - 1) == 0) {
            at += sizeof mark - 2;
            from--;
            continue;
        }
        while (from < size && (char)data[from] != out.at[at])
            from++;
        if (from == size)
            abort();
    }
    buf_release(&out);
    return 0;
}
