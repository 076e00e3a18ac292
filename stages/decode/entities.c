#include "stages/decode/convert.h"

/* Puts a code point; returns the bytes. The reference it replaces is never shorter. */
static size_t put_codepoint(char *out, uint32_t code) {
    struct buf buf = {.at = out, .cap = 8, .max = 8};
    buf_codepoint(&buf, code);
    return buf.len;
}

static bool named(struct span name, uint32_t *code) {
    static const struct {
        const char *name;
        uint32_t code;
    } known[] = {{"amp", '&'},  {"lt", '<'},    {"gt", '>'},
                 {"quot", '"'}, {"apos", '\''}, {"nbsp", 0xA0}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (span_is(name, known[i].name)) {
            *code = known[i].code;
            return true;
        }
    return false;
}

static unsigned digit_of(unsigned char byte) {
    if (byte >= '0' && byte <= '9')
        return byte - (unsigned)'0';
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - (unsigned)'a' + 10 : 99;
}

/* "#39" "#x27" */
static bool numeric(struct span name, uint32_t *code) {
    size_t at = 1;
    uint32_t base = 10, value = 0;
    if (name.len > 2 && (name.at[1] == 'x' || name.at[1] == 'X')) {
        base = 16;
        at = 2;
    }
    if (at >= name.len || name.len - at > 7)
        return false;
    for (; at < name.len; at++) {
        unsigned digit = digit_of((unsigned char)name.at[at]);
        if (digit >= base)
            return false;
        value = value * base + digit;
    }
    *code = value;
    return value > 0;
}

/* The reference at `text` (on '&'): its length and code point, or 0. */
static size_t reference(struct span text, uint32_t *code) {
    size_t look = text.len < 12 ? text.len : 12;
    const char *end = memchr(text.at, ';', look);
    if (!end || end - text.at < 3)
        return 0;
    struct span name = {text.at + 1, (size_t)(end - text.at) - 1};
    if (name.at[0] == '#' ? !numeric(name, code) : !named(name, code))
        return 0;
    return name.len + 2;
}

struct span entities_decode(struct arena *arena, struct span text) {
    if (!text.len || !memchr(text.at, '&', text.len))
        return text;
    char *start = arena_alloc(arena, text.len + 8), *out = start;
    if (!start)
        return text;
    while (text.len) {
        const char *mark = memchr(text.at, '&', text.len);
        size_t plain = mark ? (size_t)(mark - text.at) : text.len;
        memcpy(out, text.at, plain);
        out += plain;
        text = (struct span){text.at + plain, text.len - plain};
        if (!text.len)
            break;
        uint32_t code = '&';
        size_t used = reference(text, &code);
        out += put_codepoint(out, used ? code : '&');
        used = used ? used : 1;
        text = (struct span){text.at + used, text.len - used};
    }
    return (struct span){start, (size_t)(out - start)};
}
