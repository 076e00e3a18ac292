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

static const uint16_t windows_1252[128] = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178, 0x00A0, 0x00A1, 0x00A2, 0x00A3,
    0x00A4, 0x00A5, 0x00A6, 0x00A7, 0x00A8, 0x00A9, 0x00AA, 0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x00AF,
    0x00B0, 0x00B1, 0x00B2, 0x00B3, 0x00B4, 0x00B5, 0x00B6, 0x00B7, 0x00B8, 0x00B9, 0x00BA, 0x00BB,
    0x00BC, 0x00BD, 0x00BE, 0x00BF, 0x00C0, 0x00C1, 0x00C2, 0x00C3, 0x00C4, 0x00C5, 0x00C6, 0x00C7,
    0x00C8, 0x00C9, 0x00CA, 0x00CB, 0x00CC, 0x00CD, 0x00CE, 0x00CF, 0x00D0, 0x00D1, 0x00D2, 0x00D3,
    0x00D4, 0x00D5, 0x00D6, 0x00D7, 0x00D8, 0x00D9, 0x00DA, 0x00DB, 0x00DC, 0x00DD, 0x00DE, 0x00DF,
    0x00E0, 0x00E1, 0x00E2, 0x00E3, 0x00E4, 0x00E5, 0x00E6, 0x00E7, 0x00E8, 0x00E9, 0x00EA, 0x00EB,
    0x00EC, 0x00ED, 0x00EE, 0x00EF, 0x00F0, 0x00F1, 0x00F2, 0x00F3, 0x00F4, 0x00F5, 0x00F6, 0x00F7,
    0x00F8, 0x00F9, 0x00FA, 0x00FB, 0x00FC, 0x00FD, 0x00FE, 0x00FF,
};
static const uint16_t dos_852[128] = {
    0x00C7, 0x00FC, 0x00E9, 0x00E2, 0x00E4, 0x016F, 0x0107, 0x00E7, 0x0142, 0x00EB, 0x0150, 0x0151,
    0x00EE, 0x0179, 0x00C4, 0x0106, 0x00C9, 0x0139, 0x013A, 0x00F4, 0x00F6, 0x013D, 0x013E, 0x015A,
    0x015B, 0x00D6, 0x00DC, 0x0164, 0x0165, 0x0141, 0x00D7, 0x010D, 0x00E1, 0x00ED, 0x00F3, 0x00FA,
    0x0104, 0x0105, 0x017D, 0x017E, 0x0118, 0x0119, 0x00AC, 0x017A, 0x010C, 0x015F, 0x00AB, 0x00BB,
    0x2591, 0x2592, 0x2593, 0x2502, 0x2524, 0x00C1, 0x00C2, 0x011A, 0x015E, 0x2563, 0x2551, 0x2557,
    0x255D, 0x017B, 0x017C, 0x2510, 0x2514, 0x2534, 0x252C, 0x251C, 0x2500, 0x253C, 0x0102, 0x0103,
    0x255A, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550, 0x256C, 0x00A4, 0x0111, 0x0110, 0x010E, 0x00CB,
    0x010F, 0x0147, 0x00CD, 0x00CE, 0x011B, 0x2518, 0x250C, 0x2588, 0x2584, 0x0162, 0x016E, 0x2580,
    0x00D3, 0x00DF, 0x00D4, 0x0143, 0x0144, 0x0148, 0x0160, 0x0161, 0x0154, 0x00DA, 0x0155, 0x0170,
    0x00FD, 0x00DD, 0x0163, 0x00B4, 0x00AD, 0x02DD, 0x02DB, 0x02C7, 0x02D8, 0x00A7, 0x00F7, 0x00B8,
    0x00B0, 0x00A8, 0x02D9, 0x0171, 0x0158, 0x0159, 0x25A0, 0x00A0,
};

/* By enum encoding, from ENCODING_CP1250 on; on equal scores the first is the guess. */
static const uint16_t *const pages[] = {windows_1250, iso_8859_2, windows_1252, dos_852};
enum { PAGES = sizeof pages / sizeof *pages };
_Static_assert(ENCODING_CP852 == ENCODING_CP1250 + PAGES - 1, "an encoding has a page");

uint32_t windows_code(unsigned char byte) {
    return byte < 0x80 ? byte : windows_1252[byte - 0x80];
}

static const struct {
    const char *name;
    enum encoding encoding;
} known[] = {{"utf-8", ENCODING_UTF8},          {"utf8", ENCODING_UTF8},
             {"utf-16le", ENCODING_UTF16LE},    {"utf-16be", ENCODING_UTF16BE},
             {"windows-1250", ENCODING_CP1250}, {"cp1250", ENCODING_CP1250},
             {"iso-8859-2", ENCODING_LATIN2},   {"latin2", ENCODING_LATIN2},
             {"windows-1252", ENCODING_CP1252}, {"cp1252", ENCODING_CP1252},
             {"iso-8859-1", ENCODING_CP1252},   {"latin1", ENCODING_CP1252},
             {"cp852", ENCODING_CP852},         {"ibm852", ENCODING_CP852}};

enum encoding encoding_by_name(struct span name) {
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (name.len == strlen(known[i].name) && strncasecmp(name.at, known[i].name, name.len) == 0)
            return known[i].encoding;
    return ENCODING_UNKNOWN;
}

const char *encoding_name(enum encoding encoding) {
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].encoding == encoding)
            return known[i].name;
    return NULL;
}

enum encoding encoding_by_mark(struct span head) {
    return span_starts(head, "\xEF\xBB\xBF") ? ENCODING_UTF8 : ENCODING_UNKNOWN;
}

bool encoding_is_utf16(enum encoding encoding) {
    return encoding == ENCODING_UTF16LE || encoding == ENCODING_UTF16BE;
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

/* The byte that a character was made of when bytes were taken for those of `page`; -1 for others.
 */
static int byte_in_page(uint32_t code, const uint16_t *page) {
    if (code >= 0x80 && code < 0xA0)
        return (int)code; /* a byte that the page leaves free, or Latin-1 */
    for (int i = 0; i < 128; i++)
        if (page[i] == code)
            return 0x80 + i;
    return -1;
}

/* Of a valid sequence of two or three bytes. */
static uint32_t code_at(const unsigned char *at, int len) {
    return len == 2 ? (uint32_t)((at[0] & 0x1F) << 6 | (at[1] & 0x3F))
                    : (uint32_t)((at[0] & 0x0F) << 12 | (at[1] & 0x3F) << 6 | (at[2] & 0x3F));
}

/* First bytes of what is encoded twice in dumps: Latin letters, punctuation, emoji. Read as
 * characters none of them is a Polish letter, so Polish words are never taken for it. */
static int twice_length(int lead) {
    if (lead >= 0xC2 && lead <= 0xC5)
        return 2;
    return lead == 0xE2 || lead == 0xEF ? 3 : lead == 0xF0 ? 4 : 0;
}

/* One character whose bytes were each encoded again, at `at`: how many bytes it takes up, or 0. */
static size_t twice_read(const unsigned char *at, const unsigned char *end, const uint16_t *page,
                         unsigned char bytes[4], int *len) {
    const unsigned char *begin = at;
    *len = 1;
    for (int i = 0; i < *len; i++) {
        int used = at < end ? utf8_length(at, end) : 0, byte;
        if (used < 2 || used > 3 || (byte = byte_in_page(code_at(at, used), page)) < 0)
            return 0;
        if (i == 0)
            *len = twice_length(byte);
        bytes[i] = (unsigned char)byte;
        at += used;
    }
    return *len > 1 && utf8_length(bytes, bytes + *len) == *len ? (size_t)(at - begin) : 0;
}

/* Whether a character can be such a first byte: one of ÂÃÄÅâïð ĂĹďđ. Nearly all others end here. */
static bool may_begin_twice(const unsigned char *at, const unsigned char *end) {
    static const char c3[] = "\x82\x83\x84\x85\xA2\xAF\xB0", c4[] = "\x82\x8F\x91\xB9";
    return end - at >= 4 && ((at[0] == 0xC3 && memchr(c3, at[1], sizeof c3 - 1)) ||
                             (at[0] == 0xC4 && memchr(c4, at[1], sizeof c4 - 1)));
}

/* The same with the pages that bytes are usually taken for. */
static size_t twice_at(const unsigned char *at, const unsigned char *end, unsigned char bytes[4],
                       int *len) {
    if (!may_begin_twice(at, end))
        return 0;
    size_t used = twice_read(at, end, windows_1252, bytes, len);
    return used ? used : twice_read(at, end, windows_1250, bytes, len);
}

static bool twice_to_utf8(struct span in, struct buf *out) {
    const unsigned char *at = (const unsigned char *)in.at, *end = at + in.len, *plain;
    while ((plain = skip_ascii(at, end)) < end) {
        unsigned char bytes[4];
        int len = 0, whole = utf8_length(plain, end);
        size_t used = twice_at(plain, end, bytes, &len);
        buf_add(out, at, (size_t)(plain - at));
        if (used)
            buf_add(out, bytes, (size_t)len);
        else
            buf_add(out, plain, used = whole > 1 ? (size_t)whole : 1);
        at = plain + used;
    }
    buf_add(out, at, (size_t)(end - at));
    return !out->failed;
}

bool encoding_to_utf8(struct span in, enum encoding encoding, struct buf *out) {
    buf_clear(out);
    if (encoding == ENCODING_UTF8_TWICE)
        return twice_to_utf8(in, out);
    const uint16_t *table = pages[encoding - ENCODING_CP1250];
    for (size_t i = 0; i < in.len; i++) {
        unsigned char byte = (unsigned char)in.at[i];
        buf_codepoint(out, byte < 0x80 ? byte : table[byte - 0x80]);
    }
    return !out->failed;
}

/* A lead begins with the mark, if there is one, and ends behind a character of ASCII. */
static size_t twice_raw_bytes(struct span text, struct span head) {
    static const char mark[] = "\xEF\xBB\xBF", again[] = "\xC3\xAF\xC2\xBB\xC2\xBF";
    size_t at = span_starts(head, mark) ? 3 : span_starts(head, again) ? 6 : 0, ascii = 0;
    for (size_t i = 0; i < text.len; i++)
        ascii += (unsigned char)text.at[i] < 0x80;
    for (; ascii && at < head.len; at++)
        ascii -= (unsigned char)head.at[at] < 0x80;
    return at;
}

size_t encoding_raw_bytes(struct span text, enum encoding encoding, struct span head) {
    size_t bytes = 0;
    if (encoding == ENCODING_UTF8)
        return text.len;
    if (encoding == ENCODING_UTF8_TWICE)
        return twice_raw_bytes(text, head);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        bool lead = (byte & 0xC0) != 0x80;
        bytes += lead;
    }
    return bytes;
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

/* The letters that Polish has beyond ASCII, and those that other Western texts have. */
static bool is_letter_of(uint32_t code, const char *letters) {
    char bytes[4] = {(char)(0xC0 | code >> 6), (char)(0x80 | (code & 0x3F)), 0, 0};
    return code >= 0x80 && code < 0x800 && strstr(letters, bytes) != NULL;
}

/* How well a character fits into a text; `within`: right beside a letter. */
static int fitness(uint32_t code, bool within) {
    static const char polish[] = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ";
    static const char western[] = "éèàçäöüßíáôêâîûñåøæïìòùÉÄÖÜ";
    static const char marks[] = "\xC2\xA0«»°§·";
    if (is_letter_of(code, polish))
        return within ? 3 : 1;
    if (is_letter_of(code, western))
        return within;
    if (code == 0xFFFD)
        return -5;
    if (code < 0xA0 || (code >= 0x2500 && code < 0x2600))
        return -3; /* controls, frames of tables */
    if (is_letter_of(code, marks) || (code >= 0x2010 && code < 0x2120))
        return 1; /* dashes, quotation marks, the euro */
    return within ? -2 : 0;
}

static bool is_letter_byte(const unsigned char *at) {
    return (*at | 0x20u) - 'a' < 26 || *at >= 0x80;
}

/* How well a text fits each page. Without `all` only by the bytes that are no part of UTF-8.
 * Returns how many bytes were looked at. */
static int64_t score_pages(struct span text, bool all, int64_t scores[PAGES]) {
    const unsigned char *begin = (const unsigned char *)text.at, *end = begin + text.len;
    int64_t letters = 0;
    for (const unsigned char *at = begin; (at = skip_ascii(at, end)) < end; at++) {
        int len = all ? 0 : utf8_length(at, end);
        if (len) {
            at += len - 1;
            continue;
        }
        letters++;
        bool within =
            (at > begin && is_letter_byte(at - 1)) || (at + 1 < end && is_letter_byte(at + 1));
        for (int i = 0; i < PAGES; i++)
            scores[i] += fitness(pages[i][*at - 0x80], within);
    }
    return letters;
}

/* The same of its characters as UTF-8. One of three or four bytes hardly comes about by chance. */
static int64_t score_utf8(struct span text) {
    const unsigned char *begin = (const unsigned char *)text.at, *end = begin + text.len,
                        *at = begin;
    int64_t score = 0;
    while ((at = skip_ascii(at, end)) < end) {
        int len = utf8_length(at, end);
        bool within = (at > begin && is_letter_byte(at - 1)) ||
                      (len && end - at > len && is_letter_byte(at + len));
        score += len == 0 ? -5 : len > 2 ? 5 : fitness(code_at(at, 2), within);
        at += len ? len : 1;
    }
    return score;
}

/* The page that fits best with `least` points a letter; ENCODING_UNKNOWN when none does. `*clear`:
 * no other comes near, by two letters or more. */
static enum encoding best_page(struct span text, bool all, int64_t least, bool *clear) {
    int64_t scores[PAGES] = {0}, letters = score_pages(text, all, scores);
    int best = 0;
    *clear = true;
    for (int i = 1; i < PAGES; i++)
        if (scores[i] > scores[best])
            best = i;
    for (int i = 0; i < PAGES; i++)
        *clear &= i == best || scores[i] + 8 <= scores[best];
    return scores[best] > 0 && scores[best] >= least * letters
               ? (enum encoding)(ENCODING_CP1250 + best)
               : ENCODING_UNKNOWN;
}

/* How many characters beyond ASCII are UTF-8, are UTF-8 twice, are none. */
struct sequences {
    size_t valid, twice, invalid;
};

static struct sequences count_sequences(struct span text) {
    const unsigned char *at = (const unsigned char *)text.at, *end = at + text.len;
    struct sequences count = {0};
    while ((at = skip_ascii(at, end)) < end) {
        unsigned char bytes[4];
        int len = utf8_length(at, end), ignored;
        size_t used = len > 0 ? twice_at(at, end, bytes, &ignored) : 0;
        if (len == 0 && end - at < 4)
            break; /* a character that the end of the head cut */
        count.twice += used > 0;
        count.valid += len > 0 && !used;
        count.invalid += len == 0;
        at += used ? used : len ? (size_t)len : 1;
    }
    return count;
}

enum encoding encoding_guess(struct span head, bool declared, bool *clear) {
    struct sequences count = count_sequences(head);
    *clear = true;
    if (count.invalid <= count.valid + count.twice)
        return count.twice > 1 && count.twice > count.valid ? ENCODING_UTF8_TWICE : ENCODING_UTF8;
    if (declared && count.invalid < 2)
        return ENCODING_UTF8;
    enum encoding page = best_page(head, true, declared, clear);
    return page != ENCODING_UNKNOWN ? page : declared ? ENCODING_UTF8 : ENCODING_CP1250;
}

enum encoding encoding_of_record(struct span record, enum encoding of_member, bool clear) {
    int64_t scores[PAGES] = {0};
    int best = (int)(of_member - ENCODING_CP1250), other = best;
    if (!score_pages(record, true, scores))
        return of_member;
    if (utf8_is_valid(record)) {
        struct sequences count = count_sequences(record);
        if (count.valid + count.twice > 2 || score_utf8(record) > scores[best])
            return ENCODING_UTF8;
    }
    for (int i = 0; !clear && i < PAGES; i++)
        if (scores[i] > scores[other])
            other = i;
    return scores[other] >= scores[best] + 3 ? (enum encoding)(ENCODING_CP1250 + other) : of_member;
}

bool encoding_mend(struct span record, bool declared, struct buf *out) {
    struct sequences count = count_sequences(record);
    bool clear, all = count.invalid > count.valid + count.twice;
    int64_t least = all && (count.invalid > 1 || !declared) ? 1 : 2;
    enum encoding page = best_page(record, all, least, &clear);
    if (page == ENCODING_UNKNOWN)
        return false;
    if (all)
        return encoding_to_utf8(record, page, out);
    const unsigned char *at = (const unsigned char *)record.at, *end = at + record.len, *bad;
    buf_clear(out);
    for (; (bad = skip_valid(at, end)) < end; at = bad + 1) {
        buf_add(out, at, (size_t)(bad - at));
        buf_codepoint(out, pages[page - ENCODING_CP1250][*bad - 0x80]);
    }
    buf_add(out, at, (size_t)(end - at));
    return !out->failed;
}

struct span twice_text(struct arena *arena, struct span text) {
    const unsigned char *begin = (const unsigned char *)text.at, *end = begin + text.len;
    const unsigned char *at = skip_ascii(begin, end), *plain = begin;
    unsigned char bytes[4];
    int len = 0;
    size_t used = 0;
    char *start = NULL, *out = NULL;
    for (; at < end; plain = at, at = skip_ascii(at, end)) {
        if (!(used = twice_at(at, end, bytes, &len)))
            return text; /* a character that is right as it stands: so are the others */
        if (!start && !(start = out = arena_alloc(arena, text.len + 8)))
            return text;
        memcpy(out, plain, (size_t)(at - plain));
        out += at - plain;
        memcpy(out, bytes, (size_t)len);
        out += len;
        at += used;
    }
    if (!start)
        return text;
    memcpy(out, plain, (size_t)(end - plain));
    return (struct span){start, (size_t)(out - start) + (size_t)(end - plain)};
}
