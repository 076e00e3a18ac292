/* What the compiler of the dictionary and its reader share: ISO 8859-2 and hunspell's rules. */
#include "stages/text/dictionary.h"

#include <string.h>

/* Code points of the bytes 0xA0..0xFF (ISO/IEC 8859-2). */
static const uint16_t high_half[96] = {
    0x00A0, 0x0104, 0x02D8, 0x0141, 0x00A4, 0x013D, 0x015A, 0x00A7, 0x00A8, 0x0160, 0x015E, 0x0164,
    0x0179, 0x00AD, 0x017D, 0x017B, 0x00B0, 0x0105, 0x02DB, 0x0142, 0x00B4, 0x013E, 0x015B, 0x02C7,
    0x00B8, 0x0161, 0x015F, 0x0165, 0x017A, 0x02DD, 0x017E, 0x017C, 0x0154, 0x00C1, 0x00C2, 0x0102,
    0x00C4, 0x0139, 0x0106, 0x00C7, 0x010C, 0x00C9, 0x0118, 0x00CB, 0x011A, 0x00CD, 0x00CE, 0x010E,
    0x0110, 0x0143, 0x0147, 0x00D3, 0x00D4, 0x0150, 0x00D6, 0x00D7, 0x0158, 0x016E, 0x00DA, 0x0170,
    0x00DC, 0x00DD, 0x0162, 0x00DF, 0x0155, 0x00E1, 0x00E2, 0x0103, 0x00E4, 0x013A, 0x0107, 0x00E7,
    0x010D, 0x00E9, 0x0119, 0x00EB, 0x011B, 0x00ED, 0x00EE, 0x010F, 0x0111, 0x0144, 0x0148, 0x00F3,
    0x00F4, 0x0151, 0x00F6, 0x00F7, 0x0159, 0x016F, 0x00FA, 0x0171, 0x00FC, 0x00FD, 0x0163, 0x02D9,
};

uint32_t latin2_codepoint(unsigned char byte) {
    return byte < 0xA0 ? byte : high_half[byte - 0xA0];
}

unsigned char latin2_from(uint32_t codepoint) {
    if (codepoint < 0x80)
        return (unsigned char)codepoint;
    for (unsigned i = 0; i < 96; i++)
        if (high_half[i] == codepoint)
            return (unsigned char)(0xA0 + i);
    return 0;
}

unsigned char latin2_lower(unsigned char byte) {
    if (byte >= 'A' && byte <= 'Z')
        return byte + 32;
    if (byte >= 0xC0 && byte <= 0xDE && byte != 0xD7)
        return byte + 32;
    bool upper = byte == 0xA1 || byte == 0xA3 || byte == 0xA5 || byte == 0xA6 ||
                 (byte >= 0xA9 && byte <= 0xAC) || byte == 0xAE || byte == 0xAF;
    return upper ? byte + 16 : byte;
}

unsigned char latin2_plain(unsigned char byte) {
    switch (byte) {
    case 0xB1: /* ą */
        return 'a';
    case 0xE6: /* ć */
        return 'c';
    case 0xEA: /* ę */
        return 'e';
    case 0xB3: /* ł */
        return 'l';
    case 0xF1: /* ń */
        return 'n';
    case 0xF3: /* ó */
        return 'o';
    case 0xB6: /* ś */
        return 's';
    case 0xBC: /* ź */
    case 0xBF: /* ż */
        return 'z';
    default:
        return byte;
    }
}

/* A hunspell condition ("[^aei]ka", ".") at the end of `word`. */
static bool condition_holds(const char *condition, const char *word, size_t len) {
    size_t need = 0; /* letters that it asks for */
    for (const char *at = condition; *at; at++, need++)
        if (*at == '[')
            while (at[1] && *at != ']')
                at++;
    if (need > len)
        return false;
    for (word += len - need; *condition; word++) {
        if (*condition != '[') {
            if (*condition != '.' && *condition != *word)
                return false;
            condition++;
            continue;
        }
        bool negated = *++condition == '^', listed = false;
        for (condition += negated; *condition && *condition != ']'; condition++)
            listed |= *condition == *word;
        if (listed == negated)
            return false;
        condition += *condition != '\0';
    }
    return true;
}

size_t rule_apply(const char *strip, const char *add, const char *condition, const char *word,
                  size_t len, char out[DICTIONARY_WORD_MAX * 2]) {
    size_t strip_len = strlen(strip), add_len = strlen(add);
    if (strip_len >= len || add_len > DICTIONARY_WORD_MAX || len > DICTIONARY_WORD_MAX)
        return 0;
    if (memcmp(word + len - strip_len, strip, strip_len) != 0)
        return 0;
    if (!condition_holds(condition, word, len))
        return 0;
    memcpy(out, word, len - strip_len);
    memcpy(out + len - strip_len, add, add_len);
    return len - strip_len + add_len;
}
