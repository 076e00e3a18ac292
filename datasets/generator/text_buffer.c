#include "text_buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void die(const char *message, const char *subject) {
    fprintf(stderr, "generate: %s: %s\n", message, subject);
    exit(74);
}

void *allocate(size_t count, size_t size) {
    void *memory = calloc(count, size);
    if (!memory)
        die("out of memory", "allocation");
    return memory;
}

void text_reserve(struct text *text, size_t more) {
    size_t capacity = text->capacity ? text->capacity : 256;
    if (more > SIZE_MAX / 4 - text->length)
        die("out of memory", "buffer");
    while (capacity - text->length < more)
        capacity *= 2;
    if (capacity == text->capacity)
        return;
    char *data = realloc(text->data, capacity);
    if (!data)
        die("out of memory", "buffer");
    text->data = data;
    text->capacity = capacity;
}

void text_release(struct text *text) {
    free(text->data);
    *text = (struct text){0};
}

void text_print(struct text *text, const char *format, ...) {
    va_list arguments;
    text_reserve(text, 512);
    va_start(arguments, format);
    int written = vsnprintf(text->data + text->length, 512, format, arguments);
    va_end(arguments);
    if (written < 0 || written >= 512)
        die("line too long", format);
    text->length += (size_t)written;
}

void text_add_number(struct text *text, uint64_t number) {
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    text_add(text, digits + at, sizeof digits - at);
}

static void add_unit(struct text *text, unsigned unit) {
    static const char hex[] = "0123456789abcdef";
    char out[6] = {
        '\\', 'u', hex[unit >> 12 & 15], hex[unit >> 8 & 15], hex[unit >> 4 & 15], hex[unit & 15]};
    text_add(text, out, sizeof out);
}

/* Templates are UTF-8 written by us and checked when they are read, so no error path here. */
static size_t decode(const unsigned char *bytes, size_t left, unsigned *code) {
    size_t length = bytes[0] >= 0xf0 ? 4 : bytes[0] >= 0xe0 ? 3 : 2;
    if (length > left)
        length = left;
    *code = bytes[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++)
        *code = *code << 6 | (bytes[i] & 0x3fu);
    return length;
}

static size_t add_escaped(struct text *text, const char *bytes, size_t left) {
    unsigned code;
    size_t length = decode((const unsigned char *)bytes, left, &code);
    if (code >= 0x10000) {
        add_unit(text, 0xd800 + ((code - 0x10000) >> 10));
        add_unit(text, 0xdc00 + ((code - 0x10000) & 0x3ff));
    } else {
        add_unit(text, code);
    }
    return length;
}

/* One look-up instead of six comparisons per byte */
static const char is_special[128] = {
    [0 ... 0x1f] = 1, ['"'] = 1, ['\\'] = 1, ['&'] = 1, ['<'] = 1, ['>'] = 1};

static int is_plain(unsigned char c) {
    return c < 0x80 && !is_special[c];
}

static void add_special(struct text *text, char c, int html) {
    const char *word = NULL;
    switch (c) {
    case '"':
        word = "\\\"";
        break;
    case '\\':
        word = "\\\\";
        break;
    case '\n':
        word = "\\n";
        break;
    case '\r':
        word = "\\r";
        break;
    case '\t':
        word = "\\t";
        break;
    case '&':
        word = html ? "&amp;" : NULL;
        break;
    case '<':
        word = html ? "&lt;" : NULL;
        break;
    case '>':
        word = html ? "&gt;" : NULL;
        break;
    default:
        break;
    }
    if (word)
        text_add_string(text, word);
    else
        text_add_char(text, c);
}

static void add_json(struct text *text, const char *bytes, size_t length, int ascii, int html) {
    size_t i = 0;
    while (i < length) {
        size_t start = i;
        while (i < length && (is_plain((unsigned char)bytes[i]) || (!ascii && (bytes[i] & 0x80))))
            i++;
        text_add(text, bytes + start, i - start);
        if (i == length)
            break;
        if (bytes[i] & 0x80)
            i += add_escaped(text, bytes + i, length - i);
        else
            add_special(text, bytes[i++], html);
    }
}

void text_add_json(struct text *text, const char *bytes, size_t length, int ascii) {
    add_json(text, bytes, length, ascii, 0);
}

void text_add_html_json(struct text *text, const char *bytes, size_t length, int ascii) {
    add_json(text, bytes, length, ascii, 1);
}

void text_add_csv(struct text *text, const char *bytes, size_t length) {
    const char *quote;
    text_add_char(text, '"');
    while ((quote = memchr(bytes, '"', length)) != NULL) {
        size_t used = (size_t)(quote + 1 - bytes);
        text_add(text, bytes, used);
        text_add_char(text, '"');
        bytes += used;
        length -= used;
    }
    text_add(text, bytes, length);
    text_add_char(text, '"');
}
