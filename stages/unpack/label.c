#include "stages/unpack/label.h"

#include <stdint.h>

/* Length of the well-formed UTF-8 sequence at the front (Unicode 15, table 3-7), 0 when there is
 * none; *codepoint is set with it. */
static size_t utf8_sequence(struct span raw, uint32_t *codepoint) {
    const unsigned char *at = (const unsigned char *)raw.at;
    size_t len = at[0] < 0x80 ? 1 : at[0] < 0xC2 ? 0 : at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : 4;
    if (len == 0 || len > raw.len || at[0] > 0xF4)
        return 0;
    uint32_t value = len == 1 ? at[0] : at[0] & (0x7Fu >> len);
    for (size_t i = 1; i < len; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (at[i] & 0x3F);
    }
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < smallest[len] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *codepoint = value;
    return len;
}

static bool unwanted(uint32_t codepoint) {
    return codepoint < 0x20 || (codepoint >= 0x7F && codepoint < 0xA0) || /* C0, DEL, C1 */
           codepoint == 0x2028 || codepoint == 0x2029 ||                  /* separators */
           codepoint == 0x200E || codepoint == 0x200F || codepoint == 0x061C ||
           (codepoint >= 0x202A && codepoint <= 0x202E) || /* direction */
           (codepoint >= 0x2066 && codepoint <= 0x2069) || codepoint == 0xFEFF;
}

void label_sanitize(struct span raw, char *out, size_t size) {
    size_t used = 0;
    while (raw.len) {
        uint32_t codepoint = 0;
        size_t len = utf8_sequence(raw, &codepoint);
        struct span put = {raw.at, len};
        if (len == 0)
            put = SPAN_LITERAL("\xEF\xBF\xBD");
        else if (unwanted(codepoint))
            put = SPAN_LITERAL("_");
        if (put.len >= size - used)
            break;
        memcpy(out + used, put.at, put.len);
        used += put.len;
        size_t step = len ? len : 1;
        raw = (struct span){raw.at + step, raw.len - step};
    }
    out[used] = '\0';
}

struct shown label_shown(const char *raw) {
    struct shown shown;
    struct span span = span_of(raw);
    while (span.len && span.at[span.len - 1] == '\n') /* as some of libarchive's messages end */
        span.len--;
    label_sanitize(span, shown.text, sizeof shown.text);
    return shown;
}

struct shown label_subject(const char *input, const char *member) {
    struct shown shown;
    size_t room = sizeof shown.text;
    label_sanitize(span_of(input), shown.text, member[0] ? room / 2 : room);
    size_t used = strlen(shown.text);
    if (used && member[0]) {
        memcpy(shown.text + used, ": ", 2);
        used += 2;
    }
    label_sanitize(span_of(member), shown.text + used, room - used);
    return shown;
}
