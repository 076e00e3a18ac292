#include "stages/decode/unwrap.h"

#include <string.h>

enum { WRAP_DEPTH = 4 }; /* {"$date": {"$numberLong": "1"}} */

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static const char *skip_blanks(const char *at, const char *end) {
    while (at < end && is_blank(*at))
        at++;
    return at;
}

/* Behind the string that begins at `at`; the end when it is not closed. */
static const char *skip_string(const char *at, const char *end) {
    for (at++; at < end && *at != '"'; at++)
        at += *at == '\\' && at + 1 < end;
    return at < end ? at + 1 : end;
}

/* Behind the value at `at`. */
static const char *skip_value(const char *at, const char *end) {
    size_t depth = 0;
    while (at < end) {
        if (*at == '"') {
            at = skip_string(at, end);
        } else {
            bool open = *at == '{' || *at == '[', close = *at == '}' || *at == ']';
            if (!depth && (close || *at == ','))
                return at;
            depth += open;
            depth -= close;
            at++;
            if (depth || !close)
                continue;
        }
        if (!depth)
            return at;
    }
    return end;
}

/* The value of the member `name` of the object at `at`, or {NULL, 0}. */
static struct span member_of(const char *at, const char *end, const char *name) {
    size_t len = strlen(name);
    for (at++; at < end; at++) {
        const char *key = skip_blanks(at, end);
        if (key == end || *key != '"')
            break;
        const char *colon = skip_blanks(skip_string(key, end), end);
        if (colon == end || *colon != ':')
            break;
        const char *value = skip_blanks(colon + 1, end), *behind = skip_value(value, end);
        if ((size_t)(end - key) > len + 1 && memcmp(key + 1, name, len) == 0 && key[len + 1] == '"')
            return (struct span){value, (size_t)(behind - value)};
        at = skip_blanks(behind, end);
        if (at == end || *at != ',')
            break;
    }
    return (struct span){NULL, 0};
}

/* Whether an object of one member begins at `at`, whose name is a type of MongoDB. */
static bool is_typed(const char *at, const char *end, struct span *value) {
    static const char *const types[] = {"$date",      "$oid",           "$numberLong",
                                        "$numberInt", "$numberDecimal", "$numberDouble",
                                        "$uuid",      "$symbol"};
    const char *key = skip_blanks(at + 1, end);
    if (end - key < 3 || key[0] != '"' || key[1] != '$')
        return false;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        *value = member_of(at, end, types[i]);
        const char *close = value->at ? skip_blanks(value->at + value->len, end) : end;
        if (close < end && *close == '}')
            return true;
    }
    return false;
}

/* The value in it, of which blanks behind are left out. */
static struct span innermost(struct span value) {
    for (int i = 0; i < WRAP_DEPTH; i++) {
        struct span inner;
        if (!value.len || *value.at != '{' || !is_typed(value.at, value.at + value.len, &inner))
            break;
        value = inner;
    }
    while (value.len && is_blank(value.at[value.len - 1]))
        value.len--;
    return value;
}

static struct span write_values(struct span record, struct buf *out) {
    const char *at = record.at, *end = at + record.len, *from = at;
    struct span value;
    buf_clear(out);
    while (at < end) {
        if (*at == '"') {
            at = skip_string(at, end);
        } else if (*at == '{' && is_typed(at, end, &value)) {
            buf_span(out, (struct span){from, (size_t)(at - from)});
            buf_span(out, innermost(value));
            at = from = skip_blanks(value.at + value.len, end) + 1;
        } else {
            at++;
        }
    }
    buf_span(out, (struct span){from, (size_t)(end - from)});
    return out->failed ? (struct span){NULL, 0} : buf_as_span(out);
}

struct span unwrap_record(struct span record, struct buf *out) {
    const char *at = skip_blanks(record.at, record.at + record.len), *end = record.at + record.len;
    if (at < end && *at == '{' && memmem(at, (size_t)(end - at), "\"_source\"", 9)) {
        struct span source = member_of(at, end, "_source");
        bool named = member_of(at, end, "_index").at || member_of(at, end, "_id").at;
        if (source.len && *source.at == '{' && named)
            record = source;
    }
    return memmem(record.at, record.len, "\"$", 2) ? write_values(record, out) : record;
}
