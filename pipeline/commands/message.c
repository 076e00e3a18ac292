#include "pipeline/commands/commands.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* C1 controls, bidi marks, zero-width and line separators: U+0080..9F, U+200B..200F, U+2028..202E,
 * U+2060..2069, U+FEFF, all encoded in two or three bytes. */
static size_t hidden_length(const unsigned char *at, size_t left) {
    if (left >= 2 && at[0] == 0xC2 && at[1] >= 0x80 && at[1] <= 0x9F)
        return 2;
    if (left < 3)
        return 0;
    unsigned code = (unsigned)(at[0] & 0x0F) << 12 | (unsigned)(at[1] & 0x3F) << 6 | (at[2] & 0x3F);
    bool three = (at[0] & 0xF0) == 0xE0;
    bool hidden = (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
                  (code >= 0x2060 && code <= 0x2069) || code == 0xFEFF;
    return three && hidden ? 3 : 0;
}

void buf_visible(struct buf *out, struct span text) {
    for (size_t i = 0; i < text.len;) {
        const unsigned char *at = (const unsigned char *)text.at + i;
        size_t hidden = hidden_length(at, text.len - i);
        bool control = (at[0] < 0x20 && at[0] != '\n' && at[0] != '\t') || at[0] == 0x7F;
        if (!hidden && !control) {
            buf_char(out, text.at[i++]);
            continue;
        }
        size_t len = hidden ? hidden : 1;
        for (size_t k = 0; k < len; k++)
            buf_format(out, "\\x%02x", at[k]);
        i += len;
    }
}

static void print_line(struct span text) {
    struct buf line;
    buf_init(&line, 1 << 16);
    buf_text(&line, "burza: ");
    buf_visible(&line, text);
    buf_char(&line, '\n');
    if (line.failed)
        fputs("burza: out of memory\n", stderr);
    else
        fwrite(line.at, 1, line.len, stderr);
    buf_release(&line);
}

void print_message(const char *format, ...) {
    char text[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    print_line(span_of(text));
}

int print_error(const struct fault *fault) {
    print_line(span_of(fault->text[0] ? fault->text : "unknown failure"));
    return fault->exit_code ? fault->exit_code : EXIT_INTERNAL;
}

int close_output(int code) {
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    print_message("cannot write to standard output: %s", strerror(errno));
    return EXIT_IO;
}

int print_buf(const struct buf *text) {
    fwrite(text->at, 1, text->len, stdout);
    return close_output(EXIT_DONE);
}
