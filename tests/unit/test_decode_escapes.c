/* Escapes of JSON strings become the characters that they stand for, however these are mixed with
 * plain ones; and what is no escape is refused, wherever it stands. */
#include "stages/common/buf.h"
#include "stages/decode/json_text.h"
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>

static uint64_t state = 3;

static unsigned draw(unsigned below) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(state >> 33) % below;
}

static uint32_t some_letter(unsigned script) {
    static const uint32_t firsts[] = {0x20, 0x80, 0x410, 0x7F0, 0x905, 0x4E00, 0xFFF0, 0x1F600, 0};
    uint32_t letter = firsts[script] + draw(script == 8 ? 0x80 : 32);
    return letter >= 0xD800 && letter < 0xE000 ? 0x4E00 : letter;
}

static void put_escaped(struct buf *out, uint32_t code) {
    const char *form = draw(2) ? "\\u%04x" : "\\u%04X";
    static const char simple[] = "\"\\/\b\f\n\r\t", names[] = "\"\\/bfnrt";
    const char *found = code && code < 0x80 ? strchr(simple, (int)code) : NULL;
    if (found && draw(2)) {
        buf_char(out, '\\');
        buf_char(out, names[found - simple]);
    } else if (code < 0x10000) {
        buf_format(out, form, code);
    } else {
        buf_format(out, form, 0xD7C0 + (code >> 10));
        buf_format(out, form, 0xDC00 + (code & 0x3FF));
    }
}

/* The text, and the same with escapes. */
static void make_text(struct buf *plain, struct buf *escaped) {
    unsigned script = draw(9), how = 1 + draw(3);
    buf_clear(plain);
    buf_clear(escaped);
    for (unsigned i = draw(60); i > 0; i--) {
        uint32_t code = draw(5) ? some_letter(script) : some_letter(draw(9));
        buf_codepoint(plain, code);
        if (code < 0x20 || code == '"' || code == '\\' || draw(how) == 0)
            put_escaped(escaped, code);
        else
            buf_codepoint(escaped, code);
    }
}

/* In memory of exactly as much room as is asked for, so that a sanitizer sees a byte too many. */
static bool unescaped(struct span text, struct buf *out) {
    char *in = malloc(text.len + 7), *to = malloc(text.len + 7);
    size_t len = 0;
    bool read = in && to;
    if (read) {
        memset(in, '\\', text.len + 7);
        memcpy(in, text.at, text.len);
        read = json_unescape((struct span){in, text.len}, to, &len);
    }
    buf_clear(out);
    buf_span(out, (struct span){to, read ? len : 0});
    free(in);
    free(to);
    return read;
}

static void check_texts(void) {
    static const char *const bad[] = {"\\u041",         "\\u04g0", "\\u",     "\\",
                                      "\\x41",          "\\ud83d", "\\udc00", "\\ud83d\\u0041",
                                      "\\ud83d\\ud83d", "\\u 410", "\\U0410", "\\ud83dx"};
    struct buf plain, escaped, out;
    buf_init(&plain, 4096);
    buf_init(&escaped, 4096);
    buf_init(&out, 4096);
    int wrong = 0, taken = 0;
    for (int i = 0; i < 50000; i++) {
        make_text(&plain, &escaped);
        wrong += !unescaped(buf_as_span(&escaped), &out) ||
                 !span_equal(buf_as_span(&out), buf_as_span(&plain));
        buf_text(&escaped, bad[draw(12)]);
        if (escaped.at[escaped.len - 1] != '\\' && draw(2)) /* other letters behind it */
            buf_text(&escaped, draw(2) ? "zz" : "\\u0437\\u0438 ");
        taken += unescaped(buf_as_span(&escaped), &out);
    }
    CHECK_INT(wrong, 0);
    CHECK_INT(taken, 0);
    CHECK_INT(json_hex4("00fF"), 0xFF);
    CHECK_INT(json_hex4("00f/"), -1);
    CHECK_INT(json_hex4("g000"), -1);
    buf_release(&plain);
    buf_release(&escaped);
    buf_release(&out);
}

int main(void) {
    check_texts();
    return tap_done();
}
