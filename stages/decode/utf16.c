#include "stages/decode/decode.h"

#include "stages/decode/mapping.h"

static enum encoding wide_by_zeros(struct span head) {
    size_t len = head.len < 1024 ? head.len & ~(size_t)1 : 1024, zeros[2] = {0, 0};
    for (size_t i = 0; i < len; i++)
        zeros[i & 1] += head.at[i] == 0;
    if (len < 16)
        return ENCODING_UNKNOWN;
    if (zeros[1] * 4 > len && zeros[0] * 20 < zeros[1])
        return ENCODING_UTF16LE;
    return zeros[0] * 4 > len && zeros[1] * 20 < zeros[0] ? ENCODING_UTF16BE : ENCODING_UNKNOWN;
}

void utf16_begin(struct utf16 *utf16, struct span head, const struct decode_options *options) {
    enum encoding stated = options->mapping ? options->mapping->encoding : ENCODING_UNKNOWN;
    if (span_starts(head, "\xFF\xFE"))
        stated = ENCODING_UTF16LE;
    else if (span_starts(head, "\xFE\xFF"))
        stated = ENCODING_UTF16BE;
    else if (stated == ENCODING_UNKNOWN)
        stated = wide_by_zeros(head);
    *utf16 = (struct utf16){.on = encoding_is_utf16(stated), .big = stated == ENCODING_UTF16BE};
}

static uint32_t unit_at(const struct utf16 *utf16, const char *bytes) {
    const unsigned char *at = (const unsigned char *)bytes;
    return utf16->big ? (uint32_t)(at[0] << 8 | at[1]) : (uint32_t)(at[0] | at[1] << 8);
}

static bool is_high(uint32_t unit) {
    return unit >= 0xD800 && unit < 0xDC00;
}

/* Writes the whole characters of [at, end); where the first that is not whole begins. */
static const char *add_whole(const struct utf16 *utf16, const char *at, const char *end,
                             struct buf *out) {
    for (; end - at >= 2; at += 2) {
        uint32_t unit = unit_at(utf16, at);
        if (is_high(unit)) {
            if (end - at < 4)
                return at;
            uint32_t low = unit_at(utf16, at + 2);
            if (low >= 0xDC00 && low < 0xE000) {
                unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                at += 2;
            }
        }
        buf_codepoint(out, unit);
    }
    return at;
}

void utf16_add(struct utf16 *utf16, struct span bytes, struct buf *out) {
    const char *at = bytes.at, *end = bytes.at + bytes.len;
    while (utf16->held_len && at < end) {
        utf16->held[utf16->held_len++] = *at++;
        const char *whole = add_whole(utf16, utf16->held, utf16->held + utf16->held_len, out);
        utf16->held_len -= (size_t)(whole - utf16->held);
        memmove(utf16->held, whole, utf16->held_len);
    }
    if (at < end) {
        at = add_whole(utf16, at, end, out);
        utf16->held_len = (size_t)(end - at);
        memcpy(utf16->held, at, utf16->held_len);
    }
}
