#include "stages/common/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void buf_init(struct buf *buf, size_t max) {
    *buf = (struct buf){.max = max};
}

void buf_release(struct buf *buf) {
    free(buf->at);
    *buf = (struct buf){.max = buf->max};
}

void buf_clear(struct buf *buf) {
    buf->len = 0;
    buf->failed = false;
}

bool buf_reserve(struct buf *buf, size_t more) {
    if (buf->failed)
        return false;
    if (more <= buf->cap - buf->len)
        return true;
    if (more > buf->max || buf->len > buf->max - more) {
        buf->failed = true;
        return false;
    }
    size_t need = buf->len + more;
    size_t cap = buf->cap ? buf->cap : 64;
    while (cap < need)
        cap = cap > buf->max / 2 ? buf->max : cap * 2;
    char *at = realloc(buf->at, cap);
    if (!at) {
        buf->failed = true;
        return false;
    }
    buf->at = at;
    buf->cap = cap;
    return true;
}

void buf_add(struct buf *buf, const void *bytes, size_t len) {
    if (len == 0 || !buf_reserve(buf, len))
        return;
    memcpy(buf->at + buf->len, bytes, len);
    buf->len += len;
}

void buf_span(struct buf *buf, struct span span) {
    buf_add(buf, span.at, span.len);
}

void buf_text(struct buf *buf, const char *text) {
    buf_add(buf, text, strlen(text));
}

void buf_char(struct buf *buf, char byte) {
    buf_add(buf, &byte, 1);
}

void buf_format(struct buf *buf, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len >= 0 && buf_reserve(buf, (size_t)len + 1)) {
        vsnprintf(buf->at + buf->len, (size_t)len + 1, format, again);
        buf->len += (size_t)len;
    }
    va_end(again);
}

void buf_codepoint(struct buf *buf, uint32_t codepoint) {
    char out[4];
    size_t len;
    if (codepoint > 0x10FFFF || (codepoint >= 0xD800 && codepoint <= 0xDFFF))
        codepoint = 0xFFFD;
    if (codepoint < 0x80) {
        out[0] = (char)codepoint;
        len = 1;
    } else if (codepoint < 0x800) {
        out[0] = (char)(0xC0 | codepoint >> 6);
        out[1] = (char)(0x80 | (codepoint & 0x3F));
        len = 2;
    } else if (codepoint < 0x10000) {
        out[0] = (char)(0xE0 | codepoint >> 12);
        out[1] = (char)(0x80 | (codepoint >> 6 & 0x3F));
        out[2] = (char)(0x80 | (codepoint & 0x3F));
        len = 3;
    } else {
        out[0] = (char)(0xF0 | codepoint >> 18);
        out[1] = (char)(0x80 | (codepoint >> 12 & 0x3F));
        out[2] = (char)(0x80 | (codepoint >> 6 & 0x3F));
        out[3] = (char)(0x80 | (codepoint & 0x3F));
        len = 4;
    }
    buf_add(buf, out, len);
}

/* Bytes of the well-formed sequence at `at` (NUL-terminated), 0 when there is none (Unicode 15,
 * table 3-7). */
static size_t sequence_length(const unsigned char *at) {
    if (at[0] < 0x80)
        return 1;
    if (at[0] < 0xC2 || at[0] > 0xF4)
        return 0;
    size_t len = at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : 4;
    unsigned low = at[0] == 0xE0 ? 0xA0 : at[0] == 0xF0 ? 0x90 : 0x80;
    unsigned high = at[0] == 0xED ? 0x9F : at[0] == 0xF4 ? 0x8F : 0xBF;
    if (at[1] < low || at[1] > high)
        return 0;
    for (size_t i = 2; i < len; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    return len;
}

bool text_is_whole(const char *text) {
    for (size_t len; *text; text += len)
        if (!(len = sequence_length((const unsigned char *)text)))
            return false;
    return true;
}

void utf8_sanitize(char *text) {
    while (*text) {
        size_t len = sequence_length((const unsigned char *)text);
        if (!len)
            *text = '?';
        text += len ? len : 1;
    }
}

void row_text(char *to, size_t size, const char *text, size_t len) {
    if (len > size - 1) {
        len = size - 1;
        while (len && ((unsigned char)text[len] & 0xC0) == 0x80)
            len--;
    }
    if (len)
        memcpy(to, text, len);
    memset(to + len, 0, size - len);
}

bool bytes_are_binary(struct span head) {
    size_t controls = 0, zeros[2] = {0, 0};
    if (head.len > 1024)
        head.len = 1024;
    for (size_t i = 0; i < head.len; i++) {
        unsigned char byte = (unsigned char)head.at[i];
        zeros[i & 1] += byte == 0;
        controls += (byte && byte < 8) || (byte >= 14 && byte < 32 && byte != 26 && byte != 27) ||
                    byte == 127;
    }
    size_t all = zeros[0] + zeros[1];
    bool marked = head.len >= 2 &&
                  (memcmp(head.at, "\xff\xfe", 2) == 0 || memcmp(head.at, "\xfe\xff", 2) == 0);
    if (marked || all == head.len || all > head.len / 4 * 3)
        return false; /* UTF-16 by its mark; zeros are another reason */
    if (all > head.len / 4 && (zeros[0] <= head.len / 50 || zeros[1] <= head.len / 50))
        return false;
    return (controls >= 8 && controls > head.len / 25) || (all >= 8 && all > head.len / 10);
}
