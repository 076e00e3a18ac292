#include "stages/decode/csv.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* The bytes that mean something in a table (quotes, delimiters, line feeds), one after the other.
 * They are looked for in chunks of 64 bytes, whose hits are the bits of `found`. */
struct marks {
    const char *chunk, *end;
    uint64_t found;
    char delimiter, feed;
};

/* The hits among the first `len` (up to 64) bytes at `at`. */
static uint64_t marks_bytewise(const struct marks *marks, const char *at, size_t len) {
    uint64_t found = 0;
    for (size_t i = 0; i < len; i++) {
        bool hit = at[i] == '"' || at[i] == marks->delimiter || at[i] == marks->feed;
        found |= (uint64_t)hit << i;
    }
    return found;
}

#if defined(__SSE2__)
static inline uint64_t marks_in_64(const struct marks *marks, const char *at) {
    const __m128i quote = _mm_set1_epi8('"'), delimiter = _mm_set1_epi8(marks->delimiter),
                  feed = _mm_set1_epi8(marks->feed);
    uint64_t found = 0;
    for (int i = 0; i < 64; i += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(at + i));
        __m128i hits = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, delimiter));
        hits = _mm_or_si128(hits, _mm_cmpeq_epi8(bytes, feed));
        found |= (uint64_t)(unsigned)_mm_movemask_epi8(hits) << i;
    }
    return found;
}
#else
static uint64_t marks_in_64(const struct marks *marks, const char *at) {
    return marks_bytewise(marks, at, 64);
}
#endif

static void marks_look(struct marks *marks) {
    size_t left = (size_t)(marks->end - marks->chunk);
    marks->found =
        left >= 64 ? marks_in_64(marks, marks->chunk) : marks_bytewise(marks, marks->chunk, left);
}

static struct marks marks_from(const char *at, const char *end, char delimiter, char feed) {
    struct marks marks = {at, end, 0, delimiter, feed};
    marks_look(&marks);
    return marks;
}

/* The next mark, or the end. */
static inline const char *next_mark(struct marks *marks) {
    while (!marks->found) {
        if (marks->end - marks->chunk <= 64)
            return marks->end;
        marks->chunk += 64;
        marks_look(marks);
    }
    const char *at = marks->chunk + __builtin_ctzll(marks->found);
    marks->found &= marks->found - 1;
    return at;
}

static struct span between(const char *at, const char *end) {
    return (struct span){at, (size_t)(end - at)};
}

const char *csv_record_end(const struct csv_dialect *dialect, struct span text, bool last) {
    const char *start = text.at, *end = start + text.len, *at, *fresh = start;
    struct marks marks = marks_from(start, end, dialect->delimiter, dialect->feed);
    enum csv_reading reading;
    size_t fields = 1;
    bool quoted = false, closed = false, lines = false; /* closed: by the quote before `fresh` */
    while ((at = next_mark(&marks)) < end) {
        if (quoted || (*at == '"' && at == fresh)) {
            if (*at == dialect->feed && (size_t)(at - start) >= dialect->max)
                break;
            lines |= *at == dialect->feed;
            closed = quoted && *at == '"';
            quoted ^= *at == '"';
            fresh = *at == '"' ? at + 1 : fresh;
            continue;
        }
        bool returned = *at == '\n' && at == fresh + 1 && *fresh == '\r';
        if (closed && at != fresh && !returned)
            break;
        if (*at == dialect->feed)
            return !lines || csv_is_whole(dialect, between(start, at), fields)
                       ? at
                       : csv_recover(dialect, text, last, &reading);
        fields += *at == dialect->delimiter;
        fresh = *at == dialect->delimiter ? at + 1 : fresh;
        closed = false;
    }
    bool open = at == end && (quoted ? text.len <= dialect->max || !lines : true);
    if (open && !last)
        return NULL;
    bool odd = at < end || quoted || lines || (closed && end != fresh);
    return odd ? csv_recover(dialect, text, last, &reading) : end;
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

/* A record being split. */
struct splitter {
    struct marks marks;
    const char *record, *end; /* of the record; the end once it is found, else of the text */
    const char *stop;         /* the delimiter or line feed behind the field, or the text's end */
    bool broken, lines;       /* a quoted field does not end as it should; has a line break */
    struct arena *arena;
};

/* At `stop`, which is no delimiter: the record ends before it and before a carriage return. */
static void end_record(struct splitter *in, const char *stop) {
    in->stop = in->end = stop;
    if (in->marks.feed == '\n' && stop > in->record && stop[-1] == '\r')
        in->end--;
}

static bool ends_field(struct splitter *in, const char *at) {
    bool text_ends = at == in->marks.end;
    if (!text_ends && *at == in->marks.delimiter)
        in->stop = at;
    else if (text_ends || *at == in->marks.feed)
        end_record(in, at);
    else
        return false;
    return true;
}

/* Goes on to the end of the field; its length from `from` on. */
static size_t rest_of_field(struct splitter *in, const char *from) {
    while (!ends_field(in, next_mark(&in->marks)))
        ;
    const char *end = in->stop < in->end ? in->stop : in->end;
    return end > from ? (size_t)(end - from) : 0;
}

/* The field behind the quote before `at`. */
static struct span quoted_field(struct splitter *in, const char *at) {
    bool doubled = false;
    for (;;) {
        const char *mark = next_mark(&in->marks), *text_end = in->marks.end;
        if (mark == text_end) {
            in->broken = true;
            end_record(in, mark);
            struct span raw = {at, in->end > at ? (size_t)(in->end - at) : 0};
            return doubled ? unquote(raw, in->arena) : raw;
        }
        if (*mark != '"') {
            in->lines |= *mark == in->marks.feed && in->marks.feed != in->marks.delimiter;
            continue;
        }
        if (mark + 1 < text_end && mark[1] == '"') {
            next_mark(&in->marks);
            doubled = true;
            continue;
        }
        size_t behind = rest_of_field(in, mark + 1);
        in->broken |= behind != 0;
        if (!doubled && behind == 0)
            return (struct span){at, (size_t)(mark - at)};
        return unquote((struct span){at, (size_t)(mark + 1 - at) + behind}, in->arena);
    }
}

static const char *split(struct splitter *in, struct span *fields, size_t max, size_t *count) {
    const char *at = in->record;
    for (*count = 0;;) {
        struct span field = {at, 0};
        if (at < in->marks.end && *at == '"') {
            next_mark(&in->marks);
            field = quoted_field(in, at + 1);
        } else {
            field.len = rest_of_field(in, at);
        }
        if (*count < max)
            fields[*count] = field;
        ++*count;
        if (in->stop == in->marks.end || *in->stop != in->marks.delimiter)
            return in->stop;
        at = in->stop + 1;
    }
}

const char *csv_next(struct span text, const struct csv_dialect *dialect, struct span *fields,
                     size_t max, size_t *count, struct arena *arena, bool *odd) {
    const char *end = text.at + text.len;
    struct splitter in = {.marks = marks_from(text.at, end, dialect->delimiter, dialect->feed),
                          .record = text.at,
                          .end = end,
                          .arena = arena};
    const char *stop = split(&in, fields, max, count);
    *odd = in.broken || (in.lines && !csv_is_whole(dialect, between(text.at, stop), *count));
    return stop;
}

size_t csv_split(struct span record, char delimiter, struct span *fields, size_t max,
                 struct arena *arena, bool *odd) {
    const char *end = record.at + record.len;
    struct splitter in = {.marks = marks_from(record.at, end, delimiter, delimiter),
                          .record = record.at,
                          .end = end,
                          .arena = arena};
    size_t count;
    split(&in, fields, max, &count);
    *odd = in.broken;
    return count;
}
