#include "stages/decode/convert.h"

#include "stages/decode/encoding.h"

/* Those that platforms make come first, and are all that plain text is unescaped by. */
static const struct {
    const char *name;
    uint32_t code;
} known[] = {{"amp", 0x26},      {"lt", 0x3C},       {"gt", 0x3E},       {"quot", 0x22},
             {"apos", 0x27},     {"nbsp", 0xA0},     {"iexcl", 0xA1},    {"cent", 0xA2},
             {"pound", 0xA3},    {"curren", 0xA4},   {"yen", 0xA5},      {"brvbar", 0xA6},
             {"sect", 0xA7},     {"uml", 0xA8},      {"copy", 0xA9},     {"ordf", 0xAA},
             {"laquo", 0xAB},    {"not", 0xAC},      {"shy", 0xAD},      {"reg", 0xAE},
             {"macr", 0xAF},     {"deg", 0xB0},      {"plusmn", 0xB1},   {"sup2", 0xB2},
             {"sup3", 0xB3},     {"acute", 0xB4},    {"micro", 0xB5},    {"para", 0xB6},
             {"middot", 0xB7},   {"cedil", 0xB8},    {"sup1", 0xB9},     {"ordm", 0xBA},
             {"raquo", 0xBB},    {"frac14", 0xBC},   {"frac12", 0xBD},   {"frac34", 0xBE},
             {"iquest", 0xBF},   {"Agrave", 0xC0},   {"Aacute", 0xC1},   {"Acirc", 0xC2},
             {"Atilde", 0xC3},   {"Auml", 0xC4},     {"Aring", 0xC5},    {"AElig", 0xC6},
             {"Ccedil", 0xC7},   {"Egrave", 0xC8},   {"Eacute", 0xC9},   {"Ecirc", 0xCA},
             {"Euml", 0xCB},     {"Igrave", 0xCC},   {"Iacute", 0xCD},   {"Icirc", 0xCE},
             {"Iuml", 0xCF},     {"ETH", 0xD0},      {"Ntilde", 0xD1},   {"Ograve", 0xD2},
             {"Oacute", 0xD3},   {"Ocirc", 0xD4},    {"Otilde", 0xD5},   {"Ouml", 0xD6},
             {"times", 0xD7},    {"Oslash", 0xD8},   {"Ugrave", 0xD9},   {"Uacute", 0xDA},
             {"Ucirc", 0xDB},    {"Uuml", 0xDC},     {"Yacute", 0xDD},   {"THORN", 0xDE},
             {"szlig", 0xDF},    {"agrave", 0xE0},   {"aacute", 0xE1},   {"acirc", 0xE2},
             {"atilde", 0xE3},   {"auml", 0xE4},     {"aring", 0xE5},    {"aelig", 0xE6},
             {"ccedil", 0xE7},   {"egrave", 0xE8},   {"eacute", 0xE9},   {"ecirc", 0xEA},
             {"euml", 0xEB},     {"igrave", 0xEC},   {"iacute", 0xED},   {"icirc", 0xEE},
             {"iuml", 0xEF},     {"eth", 0xF0},      {"ntilde", 0xF1},   {"ograve", 0xF2},
             {"oacute", 0xF3},   {"ocirc", 0xF4},    {"otilde", 0xF5},   {"ouml", 0xF6},
             {"divide", 0xF7},   {"oslash", 0xF8},   {"ugrave", 0xF9},   {"uacute", 0xFA},
             {"ucirc", 0xFB},    {"uuml", 0xFC},     {"yacute", 0xFD},   {"thorn", 0xFE},
             {"yuml", 0xFF},     {"Aogon", 0x104},   {"aogon", 0x105},   {"Cacute", 0x106},
             {"cacute", 0x107},  {"Eogon", 0x118},   {"eogon", 0x119},   {"Lstrok", 0x141},
             {"lstrok", 0x142},  {"Nacute", 0x143},  {"nacute", 0x144},  {"Sacute", 0x15A},
             {"sacute", 0x15B},  {"Zacute", 0x179},  {"zacute", 0x17A},  {"Zdot", 0x17B},
             {"zdot", 0x17C},    {"Scaron", 0x160},  {"scaron", 0x161},  {"Zcaron", 0x17D},
             {"zcaron", 0x17E},  {"Ccaron", 0x10C},  {"ccaron", 0x10D},  {"OElig", 0x152},
             {"oelig", 0x153},   {"Yuml", 0x178},    {"ndash", 0x2013},  {"mdash", 0x2014},
             {"lsquo", 0x2018},  {"rsquo", 0x2019},  {"sbquo", 0x201A},  {"ldquo", 0x201C},
             {"rdquo", 0x201D},  {"bdquo", 0x201E},  {"dagger", 0x2020}, {"Dagger", 0x2021},
             {"bull", 0x2022},   {"hellip", 0x2026}, {"permil", 0x2030}, {"prime", 0x2032},
             {"lsaquo", 0x2039}, {"rsaquo", 0x203A}, {"euro", 0x20AC},   {"trade", 0x2122},
             {"larr", 0x2190},   {"uarr", 0x2191},   {"rarr", 0x2192},   {"darr", 0x2193},
             {"minus", 0x2212},  {"infin", 0x221E},  {"ne", 0x2260},     {"le", 0x2264},
             {"ge", 0x2265},     {"hearts", 0x2665}, {"ensp", 0x2002},   {"emsp", 0x2003},
             {"thinsp", 0x2009}, {"zwnj", 0x200C},   {"zwj", 0x200D},    {"lrm", 0x200E},
             {"rlm", 0x200F}};
enum { KNOWN_PLAIN = 6, KNOWN = sizeof known / sizeof *known };

static bool named(struct span name, bool html, uint32_t *code) {
    for (size_t i = 0; i < (html ? (size_t)KNOWN : (size_t)KNOWN_PLAIN); i++)
        if (*known[i].name == *name.at && span_is(name, known[i].name)) {
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
    if (value >= 0x80 && value < 0xA0)
        value = windows_code((unsigned char)value); /* as browsers read them */
    *code = value;
    return value > 0;
}

static size_t reference(struct span text, bool html, uint32_t *code) {
    size_t look = text.len < 12 ? text.len : 12;
    const char *end = memchr(text.at, ';', look);
    if (!end || end - text.at < 3)
        return 0;
    struct span name = {text.at + 1, (size_t)(end - text.at) - 1};
    if (name.at[0] == '#' ? !numeric(name, code) : !named(name, html, code))
        return 0;
    return name.len + 2;
}

size_t entity_read(struct span text, uint32_t *code) {
    return reference(text, true, code);
}

static struct span decode(struct arena *arena, struct span text, bool html) {
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
        size_t used = reference(text, html, &code);
        /* a reference is never shorter than the character */
        struct buf character = {.at = out, .cap = 8, .max = 8};
        buf_codepoint(&character, used ? code : '&');
        out += character.len;
        used = used ? used : 1;
        text = (struct span){text.at + used, text.len - used};
    }
    return (struct span){start, (size_t)(out - start)};
}

struct span entities_decode(struct arena *arena, struct span text) {
    return decode(arena, text, false);
}

struct span entities_decode_all(struct arena *arena, struct span text) {
    return decode(arena, text, true);
}
