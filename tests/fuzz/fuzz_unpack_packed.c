/* One packed member of any bytes, read in chunks of a size that the first byte chooses: the bytes
 * that come out may not depend on it, only how many come before a damage. */
#include "stages/unpack/unpack.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct unpack_limits limits = {
    .max_output_bytes = 0, .max_ratio = 250, .max_members = 0, .zstd_window_log = 20};

/* How the source ended, its bytes appended to `out` up to 1 MiB. */
static enum status read_all(struct span packed, size_t chunk_size, struct buf *out) {
    struct budget budget;
    struct source *source;
    struct fault fault;
    budget_init(&budget, limits);
    enum status status = source_open_packed(&source, packed, "x", &budget, &fault);
    if (status != STATUS_OK)
        return status;
    char *chunk = malloc(chunk_size);
    size_t got;
    while (chunk && out->len < 1 << 20 &&
           (status = source_read(source, chunk, chunk_size, &got, &fault)) == STATUS_OK)
        buf_add(out, chunk, got);
    free(chunk);
    source_close(source);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 1)
        return 0;
    struct span packed = {(const char *)data + 1, size - 1};
    struct buf a, b;
    buf_init(&a, 4 << 20);
    buf_init(&b, 4 << 20);
    enum status first = read_all(packed, 1 << 20, &a);
    enum status second = read_all(packed, 1 + (size_t)data[0] * 37, &b);
    size_t common = a.len < b.len ? a.len : b.len;
    if (common && memcmp(a.at, b.at, common) != 0)
        abort();
    if (common < 1 << 20 && (first != second || (first == STATUS_END && a.len != b.len)))
        abort();
    buf_release(&a);
    buf_release(&b);
    return 0;
}
