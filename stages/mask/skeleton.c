#include "stages/mask/skeleton.h"

#include "stages/text/text.h"

#include <stdlib.h>

#define LETTER SIGN_IS_LETTER
#define DIGIT SIGN_IS_DIGIT
const uint8_t sign_kinds[256] = {
    [SIGN_LETTER] = LETTER, ['_'] = SIGN_IS_LINE, ['0'] = DIGIT,  ['1'] = DIGIT,  ['2'] = DIGIT,
    ['3'] = DIGIT,          ['4'] = DIGIT,        ['5'] = DIGIT,  ['6'] = DIGIT,  ['7'] = DIGIT,
    ['8'] = DIGIT,          ['9'] = DIGIT,        ['a'] = LETTER, ['b'] = LETTER, ['c'] = LETTER,
    ['d'] = LETTER,         ['e'] = LETTER,       ['f'] = LETTER, ['g'] = LETTER, ['h'] = LETTER,
    ['i'] = LETTER,         ['j'] = LETTER,       ['k'] = LETTER, ['l'] = LETTER, ['m'] = LETTER,
    ['n'] = LETTER,         ['o'] = LETTER,       ['p'] = LETTER, ['q'] = LETTER, ['r'] = LETTER,
    ['s'] = LETTER,         ['t'] = LETTER,       ['u'] = LETTER, ['v'] = LETTER, ['w'] = LETTER,
    ['x'] = LETTER,         ['y'] = LETTER,       ['z'] = LETTER,
};

/* ---- one character ---- */

static bool in(uint32_t cp, uint32_t first, uint32_t last) {
    return cp >= first && cp <= last;
}

/* Signs that stand for an ASCII one; 0: none of them. */
static char sign_like(uint32_t cp) {
    static const struct {
        uint16_t first, last;
        char sign;
    } likes[] = {
        {0x00A0, 0x00A0, ' '}, {0x00B7, 0x00B7, '.'},  {0x2000, 0x200A, ' '}, {0x2010, 0x2015, '-'},
        {0x2024, 0x2024, '.'}, {0x2028, 0x2029, '\n'}, {0x202F, 0x202F, ' '}, {0x203F, 0x203F, '_'},
        {0x2044, 0x2044, '/'}, {0x205F, 0x205F, ' '},  {0x2212, 0x2212, '-'}, {0x2215, 0x2215, '/'},
        {0x2236, 0x2236, ':'}, {0x29F8, 0x29F8, '/'},  {0x3000, 0x3000, ' '}, {0x3002, 0x3002, '.'},
        {0xFE4D, 0xFE4F, '_'}, {0xFE52, 0xFE52, '.'},  {0xFE58, 0xFE58, '-'}, {0xFE62, 0xFE62, '+'},
        {0xFE63, 0xFE63, '-'}, {0xFE6B, 0xFE6B, '@'},  {0xFF61, 0xFF61, '.'},
    };
    if (in(cp, 0xFF01, 0xFF5E))
        return (char)(cp - 0xFEE0);
    for (size_t i = 0; i < sizeof likes / sizeof *likes; i++)
        if (in(cp, likes[i].first, likes[i].last))
            return likes[i].sign;
    return 0;
}

/* Letters and digits drawn in another way, and digits of other scripts; 0: none of them. */
static char alnum_like(uint32_t cp) {
    static const uint32_t zeros[] = {0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0xFF10};
    for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++)
        if (in(cp, zeros[i], zeros[i] + 9))
            return (char)('0' + (cp - zeros[i]));
    if (in(cp, 0x1D400, 0x1D6A3))
        return (char)('a' + (cp - 0x1D400) % 26);
    if (in(cp, 0x1D7CE, 0x1D7FF))
        return (char)('0' + (cp - 0x1D7CE) % 10);
    if (in(cp, 0x2460, 0x2468))
        return (char)('1' + (cp - 0x2460));
    if (in(cp, 0x24B6, 0x24E9))
        return (char)('a' + (cp - 0x24B6) % 26);
    if (in(cp, 0x1F130, 0x1F149) || in(cp, 0x1F150, 0x1F169) || in(cp, 0x1F170, 0x1F189))
        return (char)('a' + (cp - 0x1F130) % 32 % 26);
    return 0;
}

/* 0: the character is not seen. */
static char sign_of(uint32_t cp) {
    char plain[TEXT_PLAIN_CHAR_MAX], sign = cp < 0x80 ? (char)cp : 0;
    bool letter = in(cp, 0xC0, 0x65F); /* of Latin and its neighbours: no sign is like them */
    if (!sign && !letter)
        sign = sign_like(cp);
    if (!sign && !letter)
        sign = alnum_like(cp);
    if (sign >= 'A' && sign <= 'Z')
        return (char)(sign + ('a' - 'A'));
    if (sign == '\r' || sign == '\v' || sign == '\f')
        return '\n';
    if (sign)
        return sign == '\t' ? ' ' : sign < ' ' && sign != '\n' ? SIGN_OTHER : sign;
    int len = text_plain_char(cp, plain);
    if (len <= 0)
        return len ? SIGN_OTHER : 0;
    bool ascii = (unsigned char)plain[0] < 0x80;
    return ascii && plain[0] > ' ' ? plain[0] : SIGN_LETTER;
}

/* sign_of for ASCII; 0: it may begin a code, or must be looked at, as all bytes beyond. */
static const char ascii_signs[256] = {
    0,          SIGN_OTHER, SIGN_OTHER, SIGN_OTHER, SIGN_OTHER, SIGN_OTHER, SIGN_OTHER, SIGN_OTHER,
    SIGN_OTHER, ' ',        '\n',       '\n',       '\n',       '\n',       SIGN_OTHER, SIGN_OTHER,
    SIGN_OTHER, SIGN_OTHER, SIGN_OTHER, SIGN_OTHER, SIGN_OTHER, SIGN_OTHER, SIGN_OTHER, SIGN_OTHER,
    SIGN_OTHER, SIGN_OTHER, SIGN_OTHER, SIGN_OTHER, SIGN_OTHER, SIGN_OTHER, SIGN_OTHER, SIGN_OTHER,
    ' ',        '!',        '"',        '#',        '$',        0,          0,          '\'',
    '(',        ')',        '*',        '+',        ',',        '-',        '.',        '/',
    '0',        '1',        '2',        '3',        '4',        '5',        '6',        '7',
    '8',        '9',        ':',        ';',        '<',        '=',        '>',        '?',
    '@',        'a',        'b',        'c',        'd',        'e',        'f',        'g',
    'h',        'i',        'j',        'k',        'l',        'm',        'n',        'o',
    'p',        'q',        'r',        's',        't',        'u',        'v',        'w',
    'x',        'y',        'z',        '[',        0,          ']',        '^',        '_',
    '`',        'a',        'b',        'c',        'd',        'e',        'f',        'g',
    'h',        'i',        'j',        'k',        'l',        'm',        'n',        'o',
    'p',        'q',        'r',        's',        't',        'u',        'v',        'w',
    'x',        'y',        'z',        '{',        '|',        '}',        '~',        0x7F,
};

/* ---- characters written as codes ---- */

static int hex_value(char byte) {
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* Digits of a base from `at` on; their number. */
static size_t read_code(struct span text, size_t at, int base, size_t most, uint32_t *cp) {
    size_t count = 0;
    *cp = 0;
    for (; count < most && at + count < text.len; count++) {
        int value = hex_value(text.at[at + count]);
        if (value < 0 || value >= base)
            break;
        *cp = *cp * (uint32_t)base + (uint32_t)value;
    }
    return count;
}

/* "&#64;", "&#x40;", "&commat;", also behind "&amp;"; bytes read, 0: it is none. */
static size_t read_entity(struct span text, size_t at, uint32_t *cp) {
    static const struct {
        const char *name;
        uint16_t cp;
    } names[] = {{"commat;", '@'}, {"period;", '.'},  {"sol;", '/'},      {"lowbar;", '_'},
                 {"colon;", ':'},  {"plus;", '+'},    {"nbsp;", ' '},     {"shy;", 0xAD},
                 {"zwj;", 0x200D}, {"zwnj;", 0x200C}, {"NewLine;", '\n'}, {"hyphen;", '-'}};
    size_t begin = at++;
    struct span rest = {text.at + at, text.len - at};
    if (span_starts(rest, "amp;") && rest.len > 4) {
        at += 4;
        rest = (struct span){rest.at + 4, rest.len - 4};
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (span_starts(rest, names[i].name)) {
            *cp = names[i].cp;
            return at + strlen(names[i].name) - begin;
        }
    if (!span_starts(rest, "#"))
        return 0;
    bool hex = rest.len > 1 && (rest.at[1] | 0x20) == 'x';
    size_t first = at + 1 + hex, digits = read_code(text, first, hex ? 16 : 10, 7, cp);
    at = first + digits;
    return digits ? at + (at < text.len && text.at[at] == ';') - begin : 0;
}

/* "%40" of an address, "\u0040", a mark behind a backslash; bytes read, 0: it is none. */
static size_t read_escape(struct span text, size_t at, uint32_t *cp) {
    bool percent = text.at[at] == '%';
    if (percent && read_code(text, at + 1, 16, 2, cp) == 2 && *cp >= ' ' && *cp < 0x7F)
        return 3;
    if (percent || at + 1 >= text.len)
        return 0;
    if (text.at[at + 1] == 'u' && read_code(text, at + 2, 16, 4, cp) == 4)
        return 6;
    *cp = (unsigned char)text.at[at + 1];
    return strchr("_/@.-:~*", text.at[at + 1]) ? 2 : 0;
}

/* The character that begins at `at`; how many bytes it takes. */
static size_t next_char(struct span text, size_t at, uint32_t *cp) {
    char byte = text.at[at];
    size_t coded = 0;
    if (byte == '&')
        coded = read_entity(text, at, cp);
    else if (byte == '%' || byte == '\\')
        coded = read_escape(text, at, cp);
    if (coded)
        return coded;
    if ((unsigned char)byte < 0x80) {
        *cp = (unsigned char)byte;
        return 1;
    }
    return text_next_char((struct span){text.at + at, text.len - at}, cp);
}

/* ---- signs spelled as words ---- */

/* "at", "małpa": an at sign; "dot", "kropka": a dot; 0 for any other word. */
static char spelled(const char *word, size_t len) {
    static const struct {
        const char *word;
        char sign;
    } words[] = {{"at", SIGN_AT_WORD},
                 {"malpa", SIGN_AT_WORD},
                 {"malpka", SIGN_AT_WORD},
                 {"dot", SIGN_DOT_WORD},
                 {"kropka", SIGN_DOT_WORD}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].word) == len && memcmp(words[i].word, word, len) == 0)
            return words[i].sign;
    return 0;
}

/* What stands in brackets: "[at]" "(.)" "{dot}" "<małpa>". */
static char bracketed(const char *inside, size_t len) {
    while (len && *inside == ' ') {
        inside++;
        len--;
    }
    while (len && inside[len - 1] == ' ')
        len--;
    char sign = len == 1 && strchr("@./", *inside) ? *inside : spelled(inside, len);
    return sign == SIGN_AT_WORD ? '@' : sign == '.' ? SIGN_DOT_WORD : sign;
}

/* Puts one sign in the place of the signs from `from` on, and of the blanks before them. */
static void put_spelled(struct skeleton *s, size_t from, char sign) {
    while (from && s->at[from - 1] == ' ')
        from--;
    s->at[from] = sign;
    s->len = from + 1;
}

/* Called when a bracket was closed, or a blank ended a word. True: blanks that follow are dropped.
 */
static bool join_spelled(struct skeleton *s) {
    enum { LONGEST = 12 };
    char last = s->at[s->len - 1], open = last == ')'   ? '('
                                          : last == ']' ? '['
                                          : last == '}' ? '{'
                                                        : '<';
    size_t from = s->len - 1, least = from > LONGEST ? from - LONGEST : 0;
    if (last == ' ') {
        if (!from || (s->at[from - 1] != 't' && s->at[from - 1] != 'a'))
            return false; /* every spelled word ends so */
        while (from > least && (is_letter(s->at[from - 1])))
            from--;
        bool apart = from && s->at[from - 1] == ' ';
        char sign = apart ? spelled(s->at + from, s->len - 1 - from) : 0;
        if (sign)
            put_spelled(s, from, sign);
        return sign;
    }
    while (from > least && s->at[from - 1] != open)
        from--;
    if (!from || s->at[from - 1] != open)
        return false;
    char sign = bracketed(s->at + from, s->len - 1 - from);
    if (sign)
        put_spelled(s, from - 1, sign);
    return sign;
}

/* Signs behind which a spelled word or a bracket may be closed. */
static const bool closing_signs[256] = {
    [' '] = true, [')'] = true, [']'] = true, ['}'] = true, ['>'] = true};

/* The run from `at` on of bytes that are a sign each and close nothing, which is most of a text;
 * where it ends. */
static size_t take_run(struct skeleton *s, struct span text, size_t at) {
    char *signs = s->at + s->len, sign;
    uint32_t *from = s->from + s->len;
    size_t begin = at;
    for (; at < text.len; at++) {
        sign = ascii_signs[(unsigned char)text.at[at]];
        if (!sign || closing_signs[(unsigned char)sign])
            break;
        *signs++ = sign;
        *from++ = (uint32_t)at;
    }
    s->len += at - begin;
    return at;
}

bool skeleton_make(struct skeleton *s, struct span text) {
    bool dropping = false;
    *s = (struct skeleton){.at = malloc(text.len + 1),
                           .from = malloc((text.len + 1) * sizeof *s->from)};
    if (!s->at || !s->from) {
        skeleton_release(s);
        return false;
    }
    for (size_t at = 0, len; at < text.len; at += len) {
        uint32_t cp;
        char sign = ascii_signs[(unsigned char)text.at[at]];
        len = 1;
        if (sign && !closing_signs[(unsigned char)sign]) {
            len = take_run(s, text, at) - at;
            dropping = false;
            continue;
        }
        if (!sign) {
            len = next_char(text, at, &cp);
            sign = sign_of(cp);
        }
        if (!sign || (dropping && sign == ' '))
            continue;
        s->at[s->len] = sign;
        s->from[s->len++] = (uint32_t)at;
        dropping = closing_signs[(unsigned char)sign] && join_spelled(s);
    }
    s->from[s->len] = (uint32_t)text.len;
    return true;
}

void skeleton_release(struct skeleton *s) {
    free(s->at);
    free(s->from);
    *s = (struct skeleton){0};
}
