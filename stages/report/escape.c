#include "stages/report/escape.h"

#include <utf8proc.h>

static bool hidden(utf8proc_int32_t c) {
    /* what leaves no trace though its category says nothing of it, or is not assigned yet (the
     * property Default_Ignorable_Code_Point of Unicode, without its variation selectors 1 to 16) */
    static const utf8proc_int32_t ignorable[][2] = {
        {0x034F, 0x034F}, {0x115F, 0x1160}, {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x2065, 0x2065},
        {0x2800, 0x2800}, {0x3164, 0x3164}, {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFF8}, {0xE0000, 0xE0FFF}};
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return true;
    default:
        break;
    }
    for (size_t i = 0; i < sizeof ignorable / sizeof *ignorable; i++)
        if (c >= ignorable[i][0] && c <= ignorable[i][1])
            return true;
    return (c & 0xFFFE) == 0xFFFE;
}

static bool pictograph(utf8proc_int32_t c) {
    return utf8proc_get_property(c)->boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

static utf8proc_int32_t next_codepoint(struct span text, size_t *at) {
    utf8proc_int32_t c = 0xFFFD;
    utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *)text.at + *at,
                                            (utf8proc_ssize_t)(text.len - *at), &c);
    *at += len > 0 ? (size_t)len : 1;
    return len > 0 ? c : 0xFFFD;
}

static void put_codepoint(struct buf *out, utf8proc_int32_t c) {
    switch (c) {
    case '&':
        buf_text(out, "&amp;");
        break;
    case '<':
        buf_text(out, "&lt;");
        break;
    case '>':
        buf_text(out, "&gt;");
        break;
    case '"':
        buf_text(out, "&quot;");
        break;
    case '\'':
        buf_text(out, "&#39;");
        break;
    case '\t':
    case '\r':
        buf_char(out, ' ');
        break;
    default:
        buf_codepoint(out, (uint32_t)c);
    }
}

void escape_text(struct buf *out, struct span text) {
    bool after_picture = false;
    for (size_t at = 0; at < text.len;) {
        utf8proc_int32_t c = next_codepoint(text, &at);
        bool plain = c == '\n' || c == '\t' || c == '\r' || !hidden(c);
        /* a joiner between two pictographs makes one picture of them: the only hidden character
         * that stays */
        if (c == 0x200D && after_picture && at < text.len) {
            size_t next = at;
            plain = pictograph(next_codepoint(text, &next));
        }
        if (plain)
            put_codepoint(out, c);
        else
            buf_format(out, "[U+%04X]", (unsigned)c);
        /* skin tones and the emoji presentation selector may stand before a joiner */
        bool part = c == 0xFE0F || (c >= 0x1F3FB && c <= 0x1F3FF);
        after_picture = pictograph(c) || (after_picture && part);
    }
}

bool escape_url_allowed(struct span url) {
    static const char *const schemes[] = {"https://", "http://"};
    for (size_t i = 0; i < url.len; i++)
        if ((unsigned char)url.at[i] <= 0x20 || url.at[i] == 0x7F)
            return false;
    for (int i = 0; i < 2; i++) {
        size_t len = strlen(schemes[i]), same = 0;
        while (same < len && same < url.len &&
               (url.at[same] | (schemes[i][same] >= 'a' ? 0x20 : 0)) == schemes[i][same])
            same++;
        if (same == len && url.len > len)
            return true;
    }
    return false;
}

void escape_url(struct buf *out, struct span url) {
    for (size_t i = 0; i < url.len; i++) {
        unsigned char c = (unsigned char)url.at[i];
        bool unsafe = c <= 0x20 || c >= 0x7F || strchr("\"'<>`{}|\\^", c);
        if (unsafe)
            buf_format(out, "%%%02X", c);
        else if (c == '&')
            buf_text(out, "&amp;");
        else
            buf_char(out, (char)c);
    }
}
