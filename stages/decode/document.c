#include "stages/decode/document.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* The first quote or backslash in [at, end), or end. */
static const char *string_stop(const char *at, const char *end) {
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');
    for (; end - at >= 16; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)at);
        __m128i hits = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, slash));
        unsigned mask = (unsigned)_mm_movemask_epi8(hits);
        if (mask)
            return at + __builtin_ctz(mask);
    }
#endif
    while (at < end && *at != '"' && *at != '\\')
        at++;
    return at;
}

/* Goes on inside a string; behind its closing quote, or at the end. */
static const char *leave_string(const char *at, const char *end, struct document_scan *scan) {
    while (at < end) {
        if (scan->escaped) {
            scan->escaped = false;
            at++;
            continue;
        }
        at = string_stop(at, end);
        if (at == end)
            break;
        if (*at == '"') {
            scan->in_string = false;
            return at + 1;
        }
        scan->escaped = true;
        at++;
    }
    return end;
}

/* On a closing bracket: whether an element ends with it. */
static bool close_bracket(struct document_scan *scan) {
    if (scan->depth == 0) {
        scan->ended = true;
        return false;
    }
    return --scan->depth == 0;
}

const char *document_next(const char *at, const char *end, struct document_scan *scan) {
    while (at < end && !scan->ended) {
        if (scan->in_string) {
            at = leave_string(at, end, scan);
            continue;
        }
        char byte = *at++;
        if (byte == '"')
            scan->in_string = true;
        else if (byte == '{' || byte == '[')
            scan->depth++;
        else if ((byte == '}' || byte == ']') && close_bracket(scan))
            return at;
        else if (scan->depth == 0 && (byte == ',' || byte == '\n'))
            return at;
        if (scan->ended)
            return at - 1;
    }
    return at;
}

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

struct span document_value(struct span text) {
    struct document_scan scan = {0};
    const char *end = text.at + text.len;
    const char *stop = document_next(text.at, end, &scan);
    if (stop > text.at && (stop[-1] == ',' || stop[-1] == '\n') && *text.at != '{' &&
        *text.at != '[')
        stop--;
    return (struct span){text.at, (size_t)(stop - text.at)};
}

static const char *skip_blanks(const char *at, const char *end) {
    while (at < end && is_blank(*at))
        at++;
    return at;
}

/* The value of the member that begins at `at`: behind the first colon outside of strings. */
static const char *member_value(const char *at, const char *end) {
    struct document_scan key = {0};
    while (at < end && (*at != ':' || key.in_string)) {
        if (key.in_string) {
            at = leave_string(at, end, &key);
        } else {
            key.in_string = *at == '"';
            at++;
        }
    }
    return skip_blanks(at < end ? at + 1 : end, end);
}

/* The first element of an array of objects at `value`; NULL when it is something else. */
static const char *first_object(const char *value, const char *end) {
    if (value == end || *value != '[')
        return NULL;
    const char *element = skip_blanks(value + 1, end);
    return element < end && *element == '{' ? element : NULL;
}

size_t document_find_array(struct span text) {
    const char *end = text.at + text.len, *at = skip_blanks(text.at, end);
    struct document_scan scan = {0};
    if (at == end || *at != '{')
        return 0;
    at++;
    while (at < end && !scan.ended) {
        at = member_value(at, end);
        const char *element = first_object(at, end);
        if (element)
            return (size_t)(element - text.at);
        do {
            at = document_next(at, end, &scan);
        } while (at < end && !scan.ended && (at[-1] != ',' || scan.depth));
    }
    return 0;
}
