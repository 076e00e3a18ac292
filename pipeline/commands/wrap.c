#include "pipeline/commands/wrap.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDTH_LEAST = 40, WIDTH_MOST = 100, WIDTH_OF_FILES = 90 };

int terminal_columns(void) {
    struct winsize size;
    return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

int wrap_width(bool *terminal) {
    int columns = terminal_columns();
    *terminal = columns > 0;
    if (!*terminal)
        return WIDTH_OF_FILES;
    return columns < WIDTH_LEAST ? WIDTH_LEAST : columns > WIDTH_MOST ? WIDTH_MOST : columns;
}

static int characters(const char *at, size_t len) {
    int count = 0;
    for (size_t i = 0; i < len; i++)
        count += ((unsigned char)at[i] & 0xC0) != 0x80;
    return count;
}

void wrap_text(struct buf *out, const char *text, int indent, int width) {
    int column = indent;
    for (const char *at = text + strspn(text, " \n"); *at;) {
        size_t len = strcspn(at, " \n");
        int wide = characters(at, len);
        if (column > indent && column + 1 + wide > width) {
            buf_format(out, "\n%*s", indent, "");
            column = indent;
        } else if (column > indent) {
            buf_char(out, ' ');
            column++;
        }
        buf_add(out, at, len);
        column += wide;
        at += len;
        at += strspn(at, " \n");
    }
    buf_char(out, '\n');
}

static bool is_item(struct span line) {
    return line.len > 2 && line.at[0] == '-' && line.at[1] == ' ';
}

/* Lines that stand for themselves: blank, a heading, a table, an example. */
static bool is_fixed(struct span line) {
    return !line.len || line.at[0] == '#' || line.at[0] == '|' ||
           (line.len >= 4 && memcmp(line.at, "    ", 4) == 0);
}

static void end_paragraph(struct buf *out, struct buf *paragraph, int width) {
    if (!paragraph->len)
        return;
    bool item = is_item(buf_as_span(paragraph));
    buf_char(paragraph, 0);
    buf_text(out, item ? "- " : "");
    if (!paragraph->failed)
        wrap_text(out, paragraph->at + (item ? 2 : 0), item ? 2 : 0, width);
    paragraph->len = 0;
}

void wrap_page(struct buf *out, struct span page, int width) {
    struct buf paragraph;
    buf_init(&paragraph, 1 << 20);
    while (page.len) {
        const char *end = memchr(page.at, '\n', page.len);
        size_t len = end ? (size_t)(end - page.at) : page.len;
        struct span line = {page.at, len};
        if (is_fixed(line) || is_item(line))
            end_paragraph(out, &paragraph, width);
        if (is_fixed(line)) {
            buf_add(out, line.at, line.len);
            buf_char(out, '\n');
        } else {
            buf_add(&paragraph, line.at, line.len);
            buf_char(&paragraph, '\n');
        }
        page.at += len + (end != NULL);
        page.len -= len + (end != NULL);
    }
    end_paragraph(out, &paragraph, width);
    buf_release(&paragraph);
}
