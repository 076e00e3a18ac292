/* Table records: the end of a record found in one go or byte by byte is the same, and splitting
 * stays within bounds. */
#include "stages/decode/csv.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t end_bytewise(const char *start, const char *end, char delimiter, size_t max) {
    enum csv_state state = CSV_FIELD_START;
    for (const char *at = start; at < end; at++)
        if (csv_record_end(start, at, at + 1, delimiter, max, &state) == at)
            return (size_t)(at - start);
    return (size_t)(end - start);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    enum { FIELDS = 8 };
    if (size < 2)
        return 0;
    char delimiter = ",;\t|"[data[0] & 3];
    const char *at = (const char *)data + 2, *end = (const char *)data + size;
    struct arena arena = {0};
    while (at < end) {
        enum csv_state state = CSV_FIELD_START;
        const char *stop = csv_record_end(at, at, end, delimiter, data[1], &state);
        if ((size_t)(stop - at) != end_bytewise(at, end, delimiter, data[1]))
            abort();
        struct span fields[FIELDS], record = {at, (size_t)(stop - at)};
        size_t count = csv_split(record, delimiter, fields, FIELDS, &arena), total = 0;
        for (size_t i = 0; i < count && i < FIELDS; i++)
            total += fields[i].len;
        if (count == 0 || total > record.len)
            abort();
        at = stop + 1;
    }
    arena_release(&arena);
    return 0;
}
