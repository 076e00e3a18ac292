#include "stages/decode/json_text.h"

/* Behind the digits at `at`; NULL when there are none. */
static const char *take_digits(const char *at, const char *end) {
    const char *start = at;
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return at > start ? at : NULL;
}

/* Behind "e+12", or `at` itself where there is no exponent; NULL when it is cut. */
static const char *take_exponent(const char *at, const char *end) {
    if (at == end || (*at != 'e' && *at != 'E'))
        return at;
    at++;
    if (at < end && (*at == '+' || *at == '-'))
        at++;
    return take_digits(at, end);
}

bool json_number_valid(struct span text) {
    const char *at = text.at, *end = text.at + text.len;
    if (at < end && *at == '-')
        at++;
    const char *first = at;
    at = take_digits(at, end);
    if (!at || (*first == '0' && at - first > 1))
        return false;
    if (at < end && *at == '.' && !(at = take_digits(at + 1, end)))
        return false;
    return take_exponent(at, end) == end;
}

/* A hexadecimal digit's value + 1, so that other bytes are 0. */
static const int8_t digits[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
    ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

static inline int32_t digit(char byte) {
    return digits[(unsigned char)byte] - 1;
}

/* Negative when one of them is no digit: that part is below 0, whatever it is joined with. */
static inline int32_t hex4(const char *at) {
    return digit(at[0]) * 4096 | digit(at[1]) * 256 | digit(at[2]) * 16 | digit(at[3]);
}

int32_t json_hex4(const char *at) {
    int32_t unit = hex4(at);
    return unit < 0 ? -1 : unit;
}

static inline size_t put_utf8(char *out, uint32_t code) {
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

/* "\uXXXX" or a pair at `at` (on the backslash): bytes used, 0 when it is bad. */
static inline size_t unicode_escape(const char *at, const char *end, uint32_t *code) {
    int32_t unit = end - at >= 6 ? hex4(at + 2) : -1;
    if (unit < 0 || (unit >= 0xDC00 && unit <= 0xDFFF))
        return 0;
    *code = (uint32_t)unit;
    if (unit < 0xD800 || unit > 0xDBFF)
        return 6;
    if (end - at < 12 || at[6] != '\\' || at[7] != 'u')
        return 0;
    int32_t low = hex4(at + 8);
    if (low < 0xDC00 || low > 0xDFFF)
        return 0;
    *code = 0x10000 + (((uint32_t)unit - 0xD800) << 10) + ((uint32_t)low - 0xDC00);
    return 12;
}

static char simple_escape(char byte) {
    static const char to[128] = {['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
                                 ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t'};
    return byte < 0 ? 0 : to[(unsigned char)byte];
}

/* The escape at `at`: bytes used, 0 when it is bad. */
static inline size_t escape(const char *at, const char *end, uint32_t *code) {
    if (end - at < 2)
        return 0;
    if (at[1] == 'u')
        return unicode_escape(at, end, code);
    *code = (unsigned char)simple_escape(at[1]);
    return *code ? 2 : 0;
}

/* Copies up to the next backslash or the end, eight bytes at a time; how many there were. */
static inline size_t copy_plain(char *out, const char *at, size_t len) {
    for (size_t i = 0; i < len; i += 8) {
        uint64_t word;
        memcpy(&word, at + i, sizeof word);
        memcpy(out + i, &word, sizeof word);
        word ^= UINT64_C(0x5C5C5C5C5C5C5C5C);
        word = (word - UINT64_C(0x0101010101010101)) & ~word & UINT64_C(0x8080808080808080);
        if (word) {
            size_t plain = i + (size_t)__builtin_ctzll(word) / 8;
            return plain < len ? plain : len;
        }
    }
    return len;
}

/* Where a run of \uXXXX ends that are neither ASCII nor surrogates, with single bytes between them:
 * letters of other scripts, and the spaces between their words. */
static inline const char *letter_escapes(const char *at, const char *end, char **to) {
    char *out = *to;
    while (end - at >= 7) {
        if (at[1] == '\\' && at[0] != '\\')
            *out++ = *at++;
        int32_t code = at[0] == '\\' && at[1] == 'u' ? hex4(at + 2) : -1;
        if (code < 0x80 || (code >= 0xD800 && code <= 0xDFFF))
            break;
        at += 6;
        out += put_utf8(out, (uint32_t)code);
    }
    *to = out;
    return at;
}

bool json_unescape(struct span text, char *out, size_t *out_len) {
    const char *at = text.at, *end = text.at + text.len;
    char *start = out;
    while (at < end) {
        at = letter_escapes(at, end, &out);
        if (at == end)
            break;
        if (*at == '\\') {
            uint32_t code;
            size_t used = escape(at, end, &code);
            if (!used)
                return false;
            out += put_utf8(out, code);
            at += used;
        } else {
            size_t plain = copy_plain(out, at, (size_t)(end - at));
            out += plain;
            at += plain;
        }
    }
    *out_len = (size_t)(out - start);
    return true;
}

static bool continues(unsigned char byte) {
    return (byte & 0xC0) == 0x80;
}

/* Three bytes: overlong forms and surrogates are out. */
static bool valid_three(const unsigned char *at) {
    bool overlong = at[0] == 0xE0 && at[1] < 0xA0;
    bool surrogate = at[0] == 0xED && at[1] > 0x9F;
    return continues(at[2]) && !overlong && !surrogate;
}

/* Four bytes: overlong forms and what lies beyond U+10FFFF are out. */
static bool valid_four(const unsigned char *at) {
    bool overlong = at[0] == 0xF0 && at[1] < 0x90;
    bool beyond = at[0] == 0xF4 && at[1] > 0x8F;
    return continues(at[2]) && continues(at[3]) && !overlong && !beyond;
}

int utf8_length(const unsigned char *at, const unsigned char *end) {
    ptrdiff_t left = end - at;
    if (at[0] < 0x80)
        return 1;
    if (at[0] < 0xC2 || at[0] > 0xF4 || left < 2 || !continues(at[1]))
        return 0;
    if (at[0] < 0xE0)
        return 2;
    if (at[0] < 0xF0)
        return left >= 3 && valid_three(at) ? 3 : 0;
    return left >= 4 && valid_four(at) ? 4 : 0;
}
