#include "stages/decode/csv.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* The first byte in [at, end) that is `a` or `b`, or end. */
static const char *find_either(const char *at, const char *end, char a, char b) {
#if defined(__SSE2__)
    const __m128i va = _mm_set1_epi8(a), vb = _mm_set1_epi8(b);
    for (; end - at >= 16; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)at);
        __m128i hits = _mm_or_si128(_mm_cmpeq_epi8(bytes, va), _mm_cmpeq_epi8(bytes, vb));
        unsigned mask = (unsigned)_mm_movemask_epi8(hits);
        if (mask)
            return at + __builtin_ctz(mask);
    }
#endif
    while (at < end && *at != a && *at != b)
        at++;
    return at;
}

const char *csv_record_end(const char *start, const char *at, const char *end, char delimiter,
                           size_t max, enum csv_state *state) {
    while (at < end) {
        if (*state == CSV_FIELD_START && *at == '"') {
            *state = CSV_QUOTED;
            at++;
        } else if (*state == CSV_QUOTED) {
            at = find_either(at, end, '"', '\n');
            if (at == end)
                return end;
            if (*at == '\n' && (size_t)(at - start) > max)
                return at;
            *state = *at == '"' ? CSV_QUOTE : CSV_QUOTED;
            at++;
        } else if (*state == CSV_QUOTE && *at == '"') {
            *state = CSV_QUOTED; /* "" is a quote */
            at++;
        } else {
            at = find_either(at, end, delimiter, '\n');
            *state = CSV_PLAIN;
            if (at == end)
                return end;
            if (*at == '\n')
                return at;
            *state = CSV_FIELD_START;
            at++;
        }
    }
    return end;
}

/* Copies a quoted field that has "" or bytes behind its closing quote. */
static struct span unquote(struct span raw, struct arena *arena) {
    char *start = arena_alloc(arena, raw.len + 1), *out = start;
    if (!start)
        return (struct span){NULL, 0};
    bool quoted = true;
    for (size_t i = 0; i < raw.len; i++) {
        bool quote = raw.at[i] == '"' && quoted;
        if (quote && i + 1 < raw.len && raw.at[i + 1] == '"')
            i++;
        else if (quote) {
            quoted = false;
            continue;
        }
        *out++ = raw.at[i];
    }
    *out = 0;
    return (struct span){start, (size_t)(out - start)};
}

/* The quoted field that begins behind the quote at `at`; sets *next to its delimiter or the end. */
static struct span quoted_field(const char *at, const char *end, char delimiter,
                                struct arena *arena, const char **next) {
    const char *close = at;
    bool doubled = false;
    while ((close = memchr(close, '"', (size_t)(end - close))) && close + 1 < end &&
           close[1] == '"') {
        close += 2;
        doubled = true;
    }
    const char *stop = close ? memchr(close, delimiter, (size_t)(end - close)) : NULL;
    *next = stop ? stop : end;
    if (!close)
        return doubled ? unquote((struct span){at, (size_t)(end - at)}, arena)
                       : (struct span){at, (size_t)(end - at)};
    if (!doubled && close + 1 == *next)
        return (struct span){at, (size_t)(close - at)};
    return unquote((struct span){at, (size_t)(*next - at)}, arena);
}

size_t csv_split(struct span record, char delimiter, struct span *fields, size_t max,
                 struct arena *arena) {
    const char *at = record.at, *end = record.at + record.len;
    for (size_t count = 0;;) {
        struct span field;
        const char *next;
        if (at < end && *at == '"') {
            field = quoted_field(at + 1, end, delimiter, arena, &next);
        } else {
            next = find_either(at, end, delimiter, delimiter);
            field = (struct span){at, (size_t)(next - at)};
        }
        if (count < max)
            fields[count] = field;
        count++;
        if (next == end)
            return count;
        at = next + 1;
    }
}
