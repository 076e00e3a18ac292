/* Table records: the end of a record is the same however many bytes are seen of it and of what
 * comes behind it, and splitting stays within bounds. */
#include "stages/decode/csv.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Only behind a record that is shorter than the rest of `end` may a block end. */
static void check_block(const struct csv_dialect *dialect, struct span text, const char *want) {
    struct span next = {want + 1, (size_t)(text.at + text.len - want) - 1};
    const char *stop = next.len ? csv_record_end(dialect, next, true) : next.at;
    text.len = (size_t)(stop - text.at) + (stop < text.at + text.len);
    if (csv_record_end(dialect, text, true) != want)
        abort();
    const char *early = csv_record_end(dialect, text, false);
    if (early && early != want)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    enum { FIELDS = 8 };
    if (size < 2)
        return 0;
    struct csv_dialect dialect = {",;\t|"[data[0] & 3], '\n', 1 - (data[0] >> 2 & 2), data[0] >> 4,
                                  data[1]};
    const char *at = (const char *)data + 2, *end = (const char *)data + size;
    struct arena arena = {0};
    while (at < end) {
        struct span fields[FIELDS], text = {at, (size_t)(end - at)};
        enum csv_reading reading;
        const char *stop = csv_record_end(&dialect, text, true);
        if (stop < end)
            check_block(&dialect, text, stop);
        struct span record = {at, (size_t)(stop - at)};
        csv_recover(&dialect, record, true, &reading);
        size_t count = csv_split_as(&dialect, record, reading, fields, FIELDS, &arena), total = 0;
        for (size_t i = 0; i < count && i < FIELDS; i++)
            total += fields[i].len;
        if (count == 0 || total > record.len)
            abort();
        at = stop + 1;
    }
    arena_release(&arena);
    return 0;
}
