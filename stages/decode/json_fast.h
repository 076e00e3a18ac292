/* json_fast: one record of JSON in, the values of a table's paths out, in one forward pass over
 * the structural index that simdjson's first stage makes (its SIMD kernels are chosen for the CPU
 * at run time). Unknown values are skipped; only wanted strings are unescaped, and strings without
 * escapes are spans into the record itself. What is not wanted is not validated beyond UTF-8,
 * quotes, control characters and matching brackets.
 * Needs BLOCK_PADDING readable bytes behind the record. One reader per thread. */
#ifndef BURZA_DECODE_JSON_FAST_H
#define BURZA_DECODE_JSON_FAST_H

#include "stages/decode/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Nesting allowed in a record, itself included. */
#define JSON_DEPTH_MAX 64

enum json_result {
    JSON_READ,
    JSON_REFUSED, /* malformed: try to repair it */
    JSON_DEEP,
    JSON_NO_OBJECT, /* well-formed, but no object */
    JSON_MEMORY,
    JSON_END, /* no more elements */
};

/* Goes through the elements of a container that a read found, while its record is read. */
struct json_cursor {
    const void *at; /* in terms of the reader */
    uint32_t index;
    uint8_t state; /* of the reader */
};
enum { CURSOR_OBJECT, CURSOR_FIRST, CURSOR_NEXT, CURSOR_END };

/* An object is a container of itself alone. */
static inline struct json_cursor json_cursor_of(const struct value *container) {
    uint8_t state = container->type == VALUE_ARRAY    ? CURSOR_FIRST
                    : container->type == VALUE_OBJECT ? CURSOR_OBJECT
                                                      : CURSOR_END;
    struct json_cursor cursor = {container->text.at, 0, state};
    return cursor;
}

struct json_fast;
/* For records of at most `most` bytes; NULL when out of memory. */
struct json_fast *json_fast_new(size_t most);
void json_fast_free(struct json_fast *reader);
/* Fills the slots of the table; strings live until the next call or as long as the record. */
enum json_result json_fast_read(struct json_fast *reader, const struct table *table,
                                struct span record, struct slots *slots);
/* Reads the next element: of an object the slots of `table`, of a scalar its value. Containers can
 * be gone through again and again, also within each other. Strings live as those of the record;
 * JSON_REFUSED when it is malformed or when too many were unescaped more than once. */
enum json_result json_fast_next(struct json_fast *reader, const struct table *table,
                                struct json_cursor *cursor, struct slots *slots,
                                struct value *element);
/* A name in the record read last, and those of the objects around it: "user.name" has two parts. */
enum { NAME_DEPTH = 3 };
struct json_name {
    struct span parts[NAME_DEPTH]; /* as they stand in JSON */
    int depth;
    bool object;   /* its value is an object */
    uint64_t hash; /* of all that */
};
/* Tells of every name outside of arrays, down to NAME_DEPTH; the sum of the hashes. */
uint64_t json_fast_names(const struct json_fast *reader,
                         void (*see)(void *data, const struct json_name *name), void *data);
/* Whether all of it is valid UTF-8 (no surrogates, no overlong forms), at the speed of memory. */
bool json_fast_is_utf8(struct span text);

#ifdef __cplusplus
}
#endif

#endif
