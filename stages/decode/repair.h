/* repair: a record that simdjson refused in, JSON that jansson accepts out (if its structure is
 * sound). Byte-level and linear: lone surrogates and invalid UTF-8 become U+FFFD, \xHH becomes
 * \u00HH, raw control characters are escaped, NaN and Infinity become null, numbers that jansson
 * would round or refuse become strings of the same digits. Each repair is counted by kind. */
#ifndef BURZA_DECODE_REPAIR_H
#define BURZA_DECODE_REPAIR_H

#include "stages/decode/json_fast.h"

/* Appends the repaired record to `out` (cleared first). JSON_DEEP when it nests too deep,
 * JSON_MEMORY when `out` is full, JSON_READ otherwise. */
enum json_result repair_json(struct span record, struct buf *out, uint64_t counts[REPAIR_COUNT]);

/* The slow reader: repairs, parses with jansson, walks the same table. */
struct json_slow {
    struct buf clean;
    void *parsed;        /* json_t of the last record */
    struct arena digits; /* text of its integers */
    bool out_of_memory;
};
void json_slow_init(struct json_slow *reader, size_t max_record_bytes);
void json_slow_release(struct json_slow *reader);
/* Like json_fast_read, without need of padding. Strings live until the next call. */
enum json_result json_slow_read(struct json_slow *reader, const struct table *table,
                                struct span record, struct slots *slots,
                                uint64_t counts[REPAIR_COUNT]);
/* Like json_fast_next; never refuses. */
enum json_result json_slow_next(struct json_slow *reader, const struct table *table,
                                struct json_cursor *cursor, struct slots *slots,
                                struct value *element);

#endif
