/* Classes of characters: ASCII from a table, the rest from utf8proc's Unicode data. */
#include "stages/text/fold.h"
#include "stages/text/latin.h"

#include <utf8proc.h>

#define SP CHAR_SPACE
#define NL CHAR_NEWLINE
#define UP CHAR_UPPER
#define LO CHAR_LOWER
#define DI CHAR_DIGIT
#define PU CHAR_PUNCT

/* clang-format off */
const uint8_t ascii_class[256] = {
    SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, NL, NL, NL, NL, SP, SP,
    SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP,
    SP, PU, PU, PU, PU, PU, PU, PU, PU, PU, PU, PU, PU, PU, PU, PU,
    DI, DI, DI, DI, DI, DI, DI, DI, DI, DI, PU, PU, PU, PU, PU, PU,
    PU, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP,
    UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, PU, PU, PU, PU, PU,
    PU, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO,
    LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, PU, PU, PU, PU, SP,
};
const uint8_t ascii_word[256] = {
    ['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4', ['5'] = '5', ['6'] = '6',
    ['7'] = '7', ['8'] = '8', ['9'] = '9',
    ['A'] = 'a', ['B'] = 'b', ['C'] = 'c', ['D'] = 'd', ['E'] = 'e', ['F'] = 'f', ['G'] = 'g',
    ['H'] = 'h', ['I'] = 'i', ['J'] = 'j', ['K'] = 'k', ['L'] = 'l', ['M'] = 'm', ['N'] = 'n',
    ['O'] = 'o', ['P'] = 'p', ['Q'] = 'q', ['R'] = 'r', ['S'] = 's', ['T'] = 't', ['U'] = 'u',
    ['V'] = 'v', ['W'] = 'w', ['X'] = 'x', ['Y'] = 'y', ['Z'] = 'z',
    ['a'] = 'a', ['b'] = 'b', ['c'] = 'c', ['d'] = 'd', ['e'] = 'e', ['f'] = 'f', ['g'] = 'g',
    ['h'] = 'h', ['i'] = 'i', ['j'] = 'j', ['k'] = 'k', ['l'] = 'l', ['m'] = 'm', ['n'] = 'n',
    ['o'] = 'o', ['p'] = 'p', ['q'] = 'q', ['r'] = 'r', ['s'] = 's', ['t'] = 't', ['u'] = 'u',
    ['v'] = 'v', ['w'] = 'w', ['x'] = 'x', ['y'] = 'y', ['z'] = 'z',
};
/* clang-format on */

static bool is_continuation(unsigned char byte) {
    return (byte & 0xC0) == 0x80;
}

/* Length of the well-formed sequence at text[at], or 1 with *codepoint U+FFFD. */
static uint32_t decode_long(const unsigned char *text, uint32_t left, uint32_t *codepoint) {
    uint32_t need = text[0] >= 0xF0 ? 4 : text[0] >= 0xE0 ? 3 : 2;
    uint32_t cp = text[0] & (0x7Fu >> need);
    *codepoint = 0xFFFD;
    if (text[0] < 0xC2 || text[0] > 0xF4 || left < need)
        return 1;
    for (uint32_t i = 1; i < need; i++) {
        if (!is_continuation(text[i]))
            return 1;
        cp = cp << 6 | (text[i] & 0x3F);
    }
    bool overlong = (need == 3 && cp < 0x800) || (need == 4 && cp < 0x10000);
    if (overlong || cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        return 1;
    *codepoint = cp;
    return need;
}

uint32_t utf8_next_long(const unsigned char *text, uint32_t len, uint32_t *at) {
    uint32_t codepoint;
    *at += decode_long(text + *at, len - *at, &codepoint);
    return codepoint;
}

bool char_is_apostrophe(uint32_t cp) {
    return cp == '\'' || cp == 0x2019 || cp == 0x2018 || cp == '`' || cp == 0xB4 || cp == 0x2BC ||
           cp == 0x2B9 || cp == 0x2032 || cp == 0xFF07;
}

static bool in(uint32_t cp, uint32_t first, uint32_t last) {
    return cp >= first && cp <= last;
}

static bool is_cjk(uint32_t cp) {
    return in(cp, 0x2E80, 0x31FF) || in(cp, 0x3400, 0x4DBF) || in(cp, 0x4E00, 0x9FFF) ||
           in(cp, 0xF900, 0xFAFF) || in(cp, 0x20000, 0x3FFFF) || in(cp, 0x0E00, 0x0EFF) ||
           in(cp, 0x1780, 0x17FF) || in(cp, 0x1000, 0x109F);
}

/* Emoji modifiers, regional indicators and whatever is pictographic, but not the ASCII-age signs
 * (c), (r), tm, which people write as text. */
static bool is_emoji(uint32_t cp, const utf8proc_property_t *property) {
    if (in(cp, 0x1F3FB, 0x1F3FF) || in(cp, 0x1F1E6, 0x1F1FF))
        return true;
    return property->boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC && cp > 0x200D &&
           cp != 0x2122;
}

static enum char_class letter_class(uint32_t cp, unsigned category) {
    if (is_cjk(cp))
        return CHAR_CJK;
    bool upper = category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT;
    return upper ? CHAR_UPPER : CHAR_LOWER;
}

static enum char_class class_of_category(unsigned category) {
    if (category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME)
        return CHAR_MARK;
    if (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO)
        return CHAR_DIGIT;
    if (category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_SO)
        return CHAR_PUNCT;
    if (category == UTF8PROC_CATEGORY_ZS)
        return CHAR_SPACE;
    if (category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP)
        return CHAR_NEWLINE;
    return category == UTF8PROC_CATEGORY_CF ? CHAR_IGNORED : CHAR_OTHER;
}

enum char_class char_class(uint32_t cp) {
    if (cp < 0x80)
        return ascii_class[cp];
    if (cp < LATIN_END && latin_rows[cp - LATIN_FIRST].kind == LATIN_LOWER)
        return CHAR_LOWER;
    if (cp < LATIN_END && latin_rows[cp - LATIN_FIRST].kind == LATIN_UPPER)
        return CHAR_UPPER;
    if (in(cp, 0xFE00, 0xFE0F) || in(cp, 0xE0000, 0xE0FFF))
        return CHAR_IGNORED; /* variation selectors and tags: marks that change no letter */
    const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)cp);
    if (is_emoji(cp, property))
        return CHAR_EMOJI;
    unsigned category = property->category;
    if (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO)
        return letter_class(cp, category);
    if (cp == 0xFFFD)
        return CHAR_OTHER;
    return cp == 0x85 ? CHAR_NEWLINE : class_of_category(category);
}
