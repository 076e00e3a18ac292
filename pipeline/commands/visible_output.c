/* What standard output shows: no control or bidi character, whatever a dump, a file name or an
 * audit holds, for a terminal obeys them and a reader is deceived by them. They are written as
 * \u001b, which JSON reads as the same character. Line feeds and tabs are as they are. */
#include "pipeline/commands/commands.h"
#include "stages/common/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { TAIL_MAX = 2, PIECE = 65536 };

/* Bytes at the end of what was written that may begin a character: they wait for the rest. */
static struct {
    unsigned char at[TAIL_MAX];
    size_t len;
} tail;

/* The control or bidi character at `at`; its bytes in *len, 0: it is another. */
static unsigned hidden_char(const unsigned char *at, size_t left, size_t *len) {
    *len = 1;
    if ((at[0] < 0x20 && at[0] != '\n' && at[0] != '\t') || at[0] == 0x7F)
        return at[0];
    *len = 2;
    if (left >= 2 && at[0] == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0)
        return at[1];
    if (left >= 2 && at[0] == 0xD8 && at[1] == 0x9C)
        return 0x61C;
    *len = 3;
    if (left >= 3 && at[0] == 0xE2) {
        unsigned code = 0x2000u | (unsigned)(at[1] & 0x3F) << 6 | (at[2] & 0x3F);
        if (code == 0x200E || code == 0x200F || (code >= 0x2028 && code <= 0x202E) ||
            (code >= 0x2066 && code <= 0x2069))
            return code;
    }
    *len = 0;
    return 0;
}

/* How many of the last bytes may be the beginning of a hidden character. */
static size_t unfinished(const unsigned char *at, size_t len) {
    for (size_t back = 1; back <= TAIL_MAX && back <= len; back++) {
        unsigned char byte = at[len - back];
        if (byte == 0xE2 || (back == 1 && (byte == 0xC2 || byte == 0xD8)))
            return back;
        if (byte < 0x80 || byte >= 0xC0)
            break;
    }
    return 0;
}

static bool write_visible(const unsigned char *at, size_t len) {
    size_t shown = 0, hidden;
    char code[8];
    for (size_t i = 0; i < len; i++) {
        if (at[i] >= 0x20 && at[i] < 0x7F)
            continue;
        unsigned cp = hidden_char(at + i, len - i, &hidden);
        if (!hidden)
            continue;
        snprintf(code, sizeof code, "\\u%04x", cp & 0xFFFF);
        if (!fd_write(STDOUT_FILENO, (struct span){(const char *)at + shown, i - shown}) ||
            !fd_write(STDOUT_FILENO, (struct span){code, 6}))
            return false;
        shown = i + hidden;
        i = shown - 1;
    }
    return fd_write(STDOUT_FILENO, (struct span){(const char *)at + shown, len - shown});
}

static ssize_t take(void *context, const char *bytes, size_t size) {
    static unsigned char piece[TAIL_MAX + PIECE];
    (void)context;
    for (size_t done = 0; done < size;) {
        size_t here = size - done < PIECE ? size - done : PIECE, len = tail.len + here;
        memcpy(piece, tail.at, tail.len);
        memcpy(piece + tail.len, bytes + done, here);
        done += here;
        tail.len = unfinished(piece, len);
        memcpy(tail.at, piece + len - tail.len, tail.len);
        if (!write_visible(piece, len - tail.len))
            return 0; /* which is how a stream is told of a failure */
    }
    return (ssize_t)size;
}

static int finish(void *context) {
    (void)context;
    return fd_write(STDOUT_FILENO, (struct span){(const char *)tail.at, tail.len}) ? 0 : EOF;
}

void show_visibly(void) {
    static char memory[PIECE];
    FILE *stream = fopencookie(NULL, "w", (cookie_io_functions_t){.write = take, .close = finish});
    if (!stream)
        return;
    setvbuf(stream, memory, isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF, sizeof memory);
    stdout = stream;
}
