/* Messages that show the query with a caret under the place. */
#include "stages/match/query.h"

#include <stdarg.h>
#include <stdio.h>

#define SHOWN_BEFORE 40
#define SHOWN_AFTER 24

static bool is_continuation(char byte) {
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* The beginning of the character at `at`; bytes that are no UTF-8 are cut anywhere. */
static size_t to_boundary(struct span text, size_t at) {
    size_t back = 0;
    while (back < 3 && back < at && at < text.len && is_continuation(text.at[at - back]))
        back++;
    return at - back;
}

enum status query_error(struct fault *fault, const char *id, struct span query, size_t at,
                        const char *format, ...) {
    char what[160], line[SHOWN_BEFORE + SHOWN_AFTER + 8];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    size_t from = to_boundary(query, at > SHOWN_BEFORE ? at - SHOWN_BEFORE : 0);
    size_t end = query.len - at > SHOWN_AFTER ? at + SHOWN_AFTER : query.len;
    end = to_boundary(query, end);
    size_t len = end - from;
    memcpy(line, query.at + from, len);
    line[len] = '\0';
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)line[i] < ' ')
            line[i] = ' ';
    const char *dots = from > 0 ? "..." : "";
    int indent = (int)strlen(dots); /* in characters, of which each is a column */
    for (size_t i = 0; i < at - from; i++)
        indent += !is_continuation(line[i]);
    return fault_set(fault, STATUS_FATAL, EXIT_DATA,
                     "query of brand '%s': %s\n    %s%s%s\n    %*s^", id, what, dots, line,
                     end < query.len ? "..." : "", indent, "");
}
