/* Classes of characters: ASCII from a table, the rest from utf8proc's Unicode data. */
#include "stages/text/fold.h"
#include "stages/text/latin.h"
#include "stages/text/text.h"

#include <stdatomic.h>
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

uint32_t utf8_next_long(const unsigned char *text, uint32_t len, uint32_t *at) {
    const unsigned char *bytes = text + *at;
    uint32_t need = bytes[0] >= 0xF0 ? 4 : bytes[0] >= 0xE0 ? 3 : 2, left = len - *at;
    uint32_t cp = bytes[0] & (0x7Fu >> need);
    ++*at; /* what begins no well-formed sequence is passed byte by byte */
    if (bytes[0] < 0xC2 || bytes[0] > 0xF4 || left < need)
        return 0xFFFD;
    for (uint32_t i = 1; i < need; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return 0xFFFD;
        cp = cp << 6 | (bytes[i] & 0x3F);
    }
    bool overlong = (need == 3 && cp < 0x800) || (need == 4 && cp < 0x10000);
    if (overlong || cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        return 0xFFFD;
    *at += need - 1;
    return cp;
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

/* Letters in circles and squares, which posts are dressed up in: the plain letter, else 0. */
uint32_t char_dressed(uint32_t cp) {
    if (cp == 0x24C2 || cp == 0x1F170 || cp == 0x1F171 || cp == 0x1F17E || cp == 0x1F17F)
        return 0; /* the metro, blood groups and the parking sign: emoji */
    if (in(cp, 0x24B6, 0x24E9))
        return 'a' + (cp - 0x24B6) % 26;
    if (in(cp, 0x1F130, 0x1F149) || in(cp, 0x1F150, 0x1F169) || in(cp, 0x1F170, 0x1F189))
        return 'a' + (cp - 0x1F130) % 32;
    return 0;
}

/* By utf8proc's category; CHAR_OTHER for those left out. */
static const uint8_t category_class[] = {
    [UTF8PROC_CATEGORY_LU] = CHAR_UPPER,   [UTF8PROC_CATEGORY_LT] = CHAR_UPPER,
    [UTF8PROC_CATEGORY_LL] = CHAR_LOWER,   [UTF8PROC_CATEGORY_LM] = CHAR_LOWER,
    [UTF8PROC_CATEGORY_LO] = CHAR_LOWER,   [UTF8PROC_CATEGORY_MN] = CHAR_MARK,
    [UTF8PROC_CATEGORY_MC] = CHAR_MARK,    [UTF8PROC_CATEGORY_ME] = CHAR_MARK,
    [UTF8PROC_CATEGORY_ND] = CHAR_DIGIT,   [UTF8PROC_CATEGORY_NL] = CHAR_DIGIT,
    [UTF8PROC_CATEGORY_NO] = CHAR_DIGIT,   [UTF8PROC_CATEGORY_PC] = CHAR_PUNCT,
    [UTF8PROC_CATEGORY_PD] = CHAR_PUNCT,   [UTF8PROC_CATEGORY_PS] = CHAR_PUNCT,
    [UTF8PROC_CATEGORY_PE] = CHAR_PUNCT,   [UTF8PROC_CATEGORY_PI] = CHAR_PUNCT,
    [UTF8PROC_CATEGORY_PF] = CHAR_PUNCT,   [UTF8PROC_CATEGORY_PO] = CHAR_PUNCT,
    [UTF8PROC_CATEGORY_SM] = CHAR_PUNCT,   [UTF8PROC_CATEGORY_SC] = CHAR_PUNCT,
    [UTF8PROC_CATEGORY_SK] = CHAR_PUNCT,   [UTF8PROC_CATEGORY_SO] = CHAR_PUNCT,
    [UTF8PROC_CATEGORY_ZS] = CHAR_SPACE,   [UTF8PROC_CATEGORY_ZL] = CHAR_NEWLINE,
    [UTF8PROC_CATEGORY_ZP] = CHAR_NEWLINE, [UTF8PROC_CATEGORY_CF] = CHAR_IGNORED,
    [UTF8PROC_CATEGORY_CO] = CHAR_OTHER, /* the last one */
};

static enum char_class find_class(uint32_t cp) {
    if (cp < LATIN_END && latin_rows[cp - LATIN_FIRST].kind == LATIN_LOWER)
        return CHAR_LOWER;
    if (cp < LATIN_END && latin_rows[cp - LATIN_FIRST].kind == LATIN_UPPER)
        return CHAR_UPPER;
    if (in(cp, 0xFE00, 0xFE0F) || in(cp, 0xE0000, 0xE0FFF))
        return CHAR_IGNORED; /* variation selectors and tags: marks that change no letter */
    if (char_dressed(cp))
        return in(cp, 0x24D0, 0x24E9) ? CHAR_LOWER : CHAR_UPPER;
    const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)cp);
    if (is_emoji(cp, property))
        return CHAR_EMOJI;
    if (cp == 0xFFFD)
        return CHAR_OTHER;
    if (cp == 0x85)
        return CHAR_NEWLINE;
    enum char_class class = category_class[property->category];
    bool letter = class == CHAR_UPPER || class == CHAR_LOWER;
    return letter && is_cjk(cp) ? CHAR_CJK : class;
}

enum char_class char_class(uint32_t cp) {
    /* what was found before, plus 1; threads that find the same one write the same */
    enum { KEPT_CLASSES = 0x10000 };
    static _Atomic uint8_t kept_classes[KEPT_CLASSES];
    if (cp < 0x80)
        return (enum char_class)ascii_class[cp];
    if (cp >= KEPT_CLASSES)
        return find_class(cp);
    uint8_t kept = atomic_load_explicit(&kept_classes[cp], memory_order_relaxed);
    if (!kept) {
        kept = (uint8_t)(find_class(cp) + 1);
        atomic_store_explicit(&kept_classes[cp], kept, memory_order_relaxed);
    }
    return (enum char_class)(kept - 1);
}

int text_columns(struct span text) {
    int columns = 0;
    uint32_t code;
    while (text.len) {
        size_t bytes = text_next_char(text, &code);
        columns += utf8proc_charwidth((utf8proc_int32_t)code);
        text = (struct span){text.at + bytes, text.len - bytes};
    }
    return columns;
}
