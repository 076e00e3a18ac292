/* span: borrowed bytes. Never owned, not NUL-terminated, may hold NUL bytes. Whoever hands out a
 * span says how long it lives. */
#ifndef BURZA_SPAN_H
#define BURZA_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct span {
    const char *at;
    size_t len;
};

#define SPAN_LITERAL(text) ((struct span){(text), sizeof(text) - 1})

static inline struct span span_of(const char *text) {
    return (struct span){text, text ? strlen(text) : 0};
}

static inline bool span_equal(struct span a, struct span b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static inline bool span_is(struct span a, const char *text) {
    return span_equal(a, span_of(text));
}

static inline bool span_starts(struct span a, const char *prefix) {
    size_t len = strlen(prefix);
    return a.len >= len && memcmp(a.at, prefix, len) == 0;
}

static inline bool span_ends(struct span a, const char *suffix) {
    size_t len = strlen(suffix);
    return a.len >= len && memcmp(a.at + a.len - len, suffix, len) == 0;
}

/* -1, 0, 1 by bytes, shorter first when one is a prefix of the other. */
static inline int span_compare(struct span a, struct span b) {
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len ? memcmp(a.at, b.at, len) : 0;
    if (order != 0)
        return order < 0 ? -1 : 1;
    return (a.len > b.len) - (a.len < b.len);
}

#endif
