#include "typos.h"

/* Polish letters as pairs of bytes: capital, small, plain capital, plain small */
static const struct {
    unsigned char capital[2], small[2];
    char plain;
} polish[] = {{{0xc4, 0x84}, {0xc4, 0x85}, 'a'}, {{0xc4, 0x86}, {0xc4, 0x87}, 'c'},
              {{0xc4, 0x98}, {0xc4, 0x99}, 'e'}, {{0xc5, 0x81}, {0xc5, 0x82}, 'l'},
              {{0xc5, 0x83}, {0xc5, 0x84}, 'n'}, {{0xc3, 0x93}, {0xc3, 0xb3}, 'o'},
              {{0xc5, 0x9a}, {0xc5, 0x9b}, 's'}, {{0xc5, 0xb9}, {0xc5, 0xba}, 'z'},
              {{0xc5, 0xbb}, {0xc5, 0xbc}, 'z'}};

enum casing { CASING_AS_IS, CASING_LOWER, CASING_UPPER };

/* Adds one character with the casing and folding; returns the bytes used */
static size_t add_folded(struct text *out, const unsigned char *at, size_t left, enum casing casing,
                         bool ascii_only) {
    if (at[0] < 0x80) {
        char c = (char)at[0];
        if (casing == CASING_LOWER && c >= 'A' && c <= 'Z')
            c = (char)(c + 32);
        if (casing == CASING_UPPER && c >= 'a' && c <= 'z')
            c = (char)(c - 32);
        text_add_char(out, c);
        return 1;
    }
    for (unsigned i = 0; left > 1 && i < sizeof polish / sizeof *polish; i++) {
        bool capital = !memcmp(at, polish[i].capital, 2);
        if (!capital && memcmp(at, polish[i].small, 2) != 0)
            continue;
        bool write_capital = casing == CASING_UPPER || (capital && casing == CASING_AS_IS);
        if (ascii_only)
            text_add_char(out, (char)(write_capital ? polish[i].plain - 32 : polish[i].plain));
        else
            text_add(out, (const char *)(write_capital ? polish[i].capital : polish[i].small), 2);
        return 2;
    }
    text_add_char(out, (char)at[0]);
    return 1;
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A place between two ASCII letters inside a word of the author, or 0 */
static size_t find_slip(const struct text *sentence, struct random *random) {
    size_t at = 2 + random_below(random, (uint32_t)sentence->length);
    bool kept = false;
    for (size_t i = 0; i + 2 < sentence->length; i++) {
        char c = sentence->data[i];
        if (c == TYPOS_KEEP_BEGIN)
            kept = true;
        if (c == TYPOS_KEEP_END)
            kept = false;
        if (c == '#' || c == '@' || c == '/')
            return 0;
        if (kept || i < at || !i)
            continue;
        if (is_letter(sentence->data[i - 1]) && is_letter(c) && is_letter(sentence->data[i + 1]))
            return i;
    }
    return 0;
}

static bool is_vowel(char c) {
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

enum slip { SLIP_NONE, SLIP_SWAP, SLIP_DROP, SLIP_STRETCH };

static enum slip draw_slip(const struct habits *habits, struct random *random) {
    if (habits->tidy || habits->language > LANG_EN)
        return SLIP_NONE;
    uint32_t draw = random_below(random, 1000);
    return draw < 22                            ? SLIP_SWAP
           : draw < 40                          ? SLIP_DROP
           : draw < (habits->angry ? 75u : 50u) ? SLIP_STRETCH
                                                : SLIP_NONE;
}

static void strip_end(struct text *out, size_t begin, struct random *random, bool angry) {
    if (out->length <= begin + 1 || out->data[out->length - 1] != '.')
        return;
    uint32_t draw = random_below(random, 100);
    if (angry && draw < 14) {
        out->data[out->length - 1] = '!';
        if (draw < 8)
            text_add_string(out, draw < 4 ? "!!" : "!");
    } else if (draw < 45) {
        out->length--;
    }
}

/* Copies without marks; the common case of a careful writer, as fast as memcpy allows */
static void copy_unmarked(struct text *out, const char *data, size_t length) {
    size_t start = 0;
    for (size_t i = 0; i <= length; i++) {
        if (i < length && data[i] != TYPOS_KEEP_BEGIN && data[i] != TYPOS_KEEP_END)
            continue;
        text_add(out, data + start, i - start);
        start = i + 1;
    }
}

/* Writes the slip that begins at data[0]; returns the bytes it used up */
static size_t add_slip(struct text *out, enum slip slip, const char *data, struct random *random) {
    if (slip == SLIP_SWAP) {
        text_add_char(out, data[1]);
        text_add_char(out, data[0]);
        return 2;
    }
    if (slip == SLIP_STRETCH && is_vowel(data[0]))
        text_add(out, (char[]){data[0], data[0], data[0]}, 2 + random_below(random, 2));
    return slip == SLIP_DROP;
}

static void copy_folded(struct text *out, const char *data, size_t length, enum casing casing,
                        bool ascii_only) {
    if (casing == CASING_AS_IS && !ascii_only) {
        copy_unmarked(out, data, length);
        return;
    }
    for (size_t i = 0; i < length;) {
        if (data[i] == TYPOS_KEEP_BEGIN || data[i] == TYPOS_KEEP_END)
            i++;
        else
            i += add_folded(out, (const unsigned char *)data + i, length - i, casing, ascii_only);
    }
}

static enum casing draw_casing(const struct habits *habits, struct random *random) {
    if (habits->tidy)
        return CASING_AS_IS;
    if (habits->angry && random_chance(random, 12))
        return CASING_UPPER;
    return habits->lower_case || random_chance(random, 50) ? CASING_LOWER : CASING_AS_IS;
}

void typos_apply(const struct habits *habits, struct random *random, const struct text *sentence,
                 struct text *out) {
    enum slip slip = draw_slip(habits, random);
    size_t place = slip && sentence->length > 8 ? find_slip(sentence, random) : 0;
    size_t begin = out->length, rest = place;
    enum casing casing = draw_casing(habits, random);
    bool ascii_only = habits->ascii_only && !habits->tidy;
    copy_folded(out, sentence->data, place, casing, ascii_only);
    if (place)
        rest += add_slip(out, slip, sentence->data + place, random);
    copy_folded(out, sentence->data + rest, sentence->length - rest, casing, ascii_only);
    if (!habits->tidy)
        strip_end(out, begin, random, habits->angry);
}
