#include "stages/decode/encoding.h"

#include "stages/decode/json_text.h"

#include <strings.h>

/* Code points of the bytes 0x80..0xFF (mappings published by the Unicode Consortium). */
static const uint16_t windows_1250[128] = {
    0x20AC, 0xFFFD, 0x201A, 0xFFFD, 0x201E, 0x2026, 0x2020, 0x2021, 0xFFFD, 0x2030, 0x0160, 0x2039,
    0x015A, 0x0164, 0x017D, 0x0179, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0xFFFD, 0x2122, 0x0161, 0x203A, 0x015B, 0x0165, 0x017E, 0x017A, 0x00A0, 0x02C7, 0x02D8, 0x0141,
    0x00A4, 0x0104, 0x00A6, 0x00A7, 0x00A8, 0x00A9, 0x015E, 0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x017B,
    0x00B0, 0x00B1, 0x02DB, 0x0142, 0x00B4, 0x00B5, 0x00B6, 0x00B7, 0x00B8, 0x0105, 0x015F, 0x00BB,
    0x013D, 0x02DD, 0x013E, 0x017C, 0x0154, 0x00C1, 0x00C2, 0x0102, 0x00C4, 0x0139, 0x0106, 0x00C7,
    0x010C, 0x00C9, 0x0118, 0x00CB, 0x011A, 0x00CD, 0x00CE, 0x010E, 0x0110, 0x0143, 0x0147, 0x00D3,
    0x00D4, 0x0150, 0x00D6, 0x00D7, 0x0158, 0x016E, 0x00DA, 0x0170, 0x00DC, 0x00DD, 0x0162, 0x00DF,
    0x0155, 0x00E1, 0x00E2, 0x0103, 0x00E4, 0x013A, 0x0107, 0x00E7, 0x010D, 0x00E9, 0x0119, 0x00EB,
    0x011B, 0x00ED, 0x00EE, 0x010F, 0x0111, 0x0144, 0x0148, 0x00F3, 0x00F4, 0x0151, 0x00F6, 0x00F7,
    0x0159, 0x016F, 0x00FA, 0x0171, 0x00FC, 0x00FD, 0x0163, 0x02D9,
};
static const uint16_t iso_8859_2[128] = {
    0x0080, 0x0081, 0x0082, 0x0083, 0x0084, 0x0085, 0x0086, 0x0087, 0x0088, 0x0089, 0x008A, 0x008B,
    0x008C, 0x008D, 0x008E, 0x008F, 0x0090, 0x0091, 0x0092, 0x0093, 0x0094, 0x0095, 0x0096, 0x0097,
    0x0098, 0x0099, 0x009A, 0x009B, 0x009C, 0x009D, 0x009E, 0x009F, 0x00A0, 0x0104, 0x02D8, 0x0141,
    0x00A4, 0x013D, 0x015A, 0x00A7, 0x00A8, 0x0160, 0x015E, 0x0164, 0x0179, 0x00AD, 0x017D, 0x017B,
    0x00B0, 0x0105, 0x02DB, 0x0142, 0x00B4, 0x013E, 0x015B, 0x02C7, 0x00B8, 0x0161, 0x015F, 0x0165,
    0x017A, 0x02DD, 0x017E, 0x017C, 0x0154, 0x00C1, 0x00C2, 0x0102, 0x00C4, 0x0139, 0x0106, 0x00C7,
    0x010C, 0x00C9, 0x0118, 0x00CB, 0x011A, 0x00CD, 0x00CE, 0x010E, 0x0110, 0x0143, 0x0147, 0x00D3,
    0x00D4, 0x0150, 0x00D6, 0x00D7, 0x0158, 0x016E, 0x00DA, 0x0170, 0x00DC, 0x00DD, 0x0162, 0x00DF,
    0x0155, 0x00E1, 0x00E2, 0x0103, 0x00E4, 0x013A, 0x0107, 0x00E7, 0x010D, 0x00E9, 0x0119, 0x00EB,
    0x011B, 0x00ED, 0x00EE, 0x010F, 0x0111, 0x0144, 0x0148, 0x00F3, 0x00F4, 0x0151, 0x00F6, 0x00F7,
    0x0159, 0x016F, 0x00FA, 0x0171, 0x00FC, 0x00FD, 0x0163, 0x02D9,
};

enum encoding encoding_by_name(struct span name) {
    static const struct {
        const char *name;
        enum encoding encoding;
    } known[] = {{"utf-8", ENCODING_UTF8},          {"utf8", ENCODING_UTF8},
                 {"utf-16le", ENCODING_UTF16LE},    {"utf-16be", ENCODING_UTF16BE},
                 {"windows-1250", ENCODING_CP1250}, {"cp1250", ENCODING_CP1250},
                 {"iso-8859-2", ENCODING_LATIN2},   {"latin2", ENCODING_LATIN2}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (name.len == strlen(known[i].name) && strncasecmp(name.at, known[i].name, name.len) == 0)
            return known[i].encoding;
    return ENCODING_UNKNOWN;
}

enum encoding encoding_by_mark(struct span head) {
    if (span_starts(head, "\xFF\xFE"))
        return ENCODING_UTF16LE;
    if (span_starts(head, "\xFE\xFF"))
        return ENCODING_UTF16BE;
    return span_starts(head, "\xEF\xBB\xBF") ? ENCODING_UTF8 : ENCODING_UNKNOWN;
}

bool encoding_is_utf16(enum encoding encoding) {
    return encoding == ENCODING_UTF16LE || encoding == ENCODING_UTF16BE;
}

char encoding_unit(const char *at, enum encoding encoding) {
    const char low = encoding == ENCODING_UTF16LE ? at[0] : at[1];
    const char high = encoding == ENCODING_UTF16LE ? at[1] : at[0];
    return high ? 'x' : low;
}

static uint32_t unit_at(const unsigned char *at, enum encoding encoding) {
    return encoding == ENCODING_UTF16LE ? (uint32_t)(at[0] | at[1] << 8)
                                        : (uint32_t)(at[0] << 8 | at[1]);
}

static void utf16_to_utf8(struct span in, enum encoding encoding, struct buf *out) {
    const unsigned char *at = (const unsigned char *)in.at, *end = at + (in.len & ~(size_t)1);
    while (at < end) {
        uint32_t unit = unit_at(at, encoding);
        at += 2;
        if (unit >= 0xD800 && unit < 0xDC00 && at < end) {
            uint32_t low = unit_at(at, encoding);
            if (low >= 0xDC00 && low < 0xE000) {
                at += 2;
                unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            }
        }
        buf_codepoint(out, unit);
    }
}

bool encoding_to_utf8(struct span in, enum encoding encoding, struct buf *out) {
    buf_clear(out);
    if (encoding_is_utf16(encoding)) {
        utf16_to_utf8(in, encoding, out);
        return !out->failed;
    }
    const uint16_t *table = encoding == ENCODING_LATIN2 ? iso_8859_2 : windows_1250;
    for (size_t i = 0; i < in.len; i++) {
        unsigned char byte = (unsigned char)in.at[i];
        buf_codepoint(out, byte < 0x80 ? byte : table[byte - 0x80]);
    }
    return !out->failed;
}

size_t encoding_raw_bytes(struct span text, enum encoding encoding) {
    size_t bytes = 0;
    if (encoding == ENCODING_UTF8)
        return text.len;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        bool lead = (byte & 0xC0) != 0x80;
        bytes += lead + (byte >= 0xF0 && encoding_is_utf16(encoding));
    }
    return encoding_is_utf16(encoding) ? bytes * 2 : bytes;
}

/* First byte of [at, end) that is not ASCII. */
static const unsigned char *skip_ascii(const unsigned char *at, const unsigned char *end) {
    uint64_t eight;
    for (; end - at >= 8; at += 8) {
        memcpy(&eight, at, 8);
        if (eight & UINT64_C(0x8080808080808080))
            break;
    }
    while (at < end && *at < 0x80)
        at++;
    return at;
}

static const unsigned char *skip_valid(const unsigned char *at, const unsigned char *end) {
    while ((at = skip_ascii(at, end)) < end) {
        int len = utf8_length(at, end);
        if (len == 0)
            return at;
        at += len;
    }
    return end;
}

bool utf8_is_valid(struct span text) {
    const unsigned char *at = (const unsigned char *)text.at;
    return skip_valid(at, at + text.len) == at + text.len;
}

struct span utf8_repair(struct span text, struct arena *arena, uint64_t *repairs) {
    const unsigned char *at = (const unsigned char *)text.at, *end = at + text.len;
    char *start = arena_alloc(arena, text.len * 3 + 1), *out = start;
    if (!start)
        return (struct span){"", 0};
    while (at < end) {
        const unsigned char *bad = skip_valid(at, end);
        memcpy(out, at, (size_t)(bad - at));
        out += bad - at;
        at = bad;
        if (at < end) {
            memcpy(out, "\xEF\xBF\xBD", 3);
            out += 3;
            at++;
            ++*repairs;
        }
    }
    *out = 0;
    return (struct span){start, (size_t)(out - start)};
}

enum encoding encoding_guess(struct span head) {
    const unsigned char *at = (const unsigned char *)head.at, *end = at + head.len;
    size_t valid = 0, invalid = 0;
    while ((at = skip_ascii(at, end)) < end) {
        int len = utf8_length(at, end);
        if (len == 0 && end - at < 4)
            break; /* a character that the end of the head cut */
        valid += len > 0;
        invalid += len == 0;
        at += len ? len : 1;
    }
    return invalid > valid ? ENCODING_CP1250 : ENCODING_UTF8;
}
