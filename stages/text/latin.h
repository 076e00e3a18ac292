/* latin: direct folding of U+0080..U+024F, so that Polish and most other Latin letters never reach
 * utf8proc. One row per code point, from UnicodeData and CaseFolding 15.0: U and L are letters
 * (upper, lower) with their case folding and the ASCII letters that remain without diacritics; S
 * are letters whose folding is longer or outside the block (left to utf8proc); N are no letters.
 * Letters that have no decomposition (ł, ø, đ, æ ...) are given their usual ASCII spelling. */
#ifndef BURZA_LATIN_H
#define BURZA_LATIN_H

#include <stdint.h>

#define LATIN_FIRST 0x80
#define LATIN_END 0x250

enum latin_kind { LATIN_NONE, LATIN_LOWER, LATIN_UPPER, LATIN_SLOW };

struct latin {
    uint16_t lower; /* in the block: two bytes of UTF-8 */
    char plain[2];  /* second may be 0 */
    uint8_t kind;
};

/* clang-format off */
#define U(lower, a, b) {lower, {a, b}, LATIN_UPPER}
#define L(lower, a, b) {lower, {a, b}, LATIN_LOWER}
#define S {0, {0, 0}, LATIN_SLOW}
#define N {0, {0, 0}, LATIN_NONE}
static const struct latin latin_rows[LATIN_END - LATIN_FIRST] = {
    N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
    N, N, N, N, N, N, N, N, N, N, L(0x0aa, 'a', 0), N, N, N, N, N, N, N, N, N, N, S, N, N, N, N,
    L(0x0ba, 'o', 0), N, N, N, N, N, U(0x0e0, 'a', 0), U(0x0e1, 'a', 0), U(0x0e2, 'a', 0),
    U(0x0e3, 'a', 0), U(0x0e4, 'a', 0), U(0x0e5, 'a', 0), U(0x0e6, 'a', 'e'), U(0x0e7, 'c', 0),
    U(0x0e8, 'e', 0), U(0x0e9, 'e', 0), U(0x0ea, 'e', 0), U(0x0eb, 'e', 0), U(0x0ec, 'i', 0),
    U(0x0ed, 'i', 0), U(0x0ee, 'i', 0), U(0x0ef, 'i', 0), U(0x0f0, 'd', 0), U(0x0f1, 'n', 0),
    U(0x0f2, 'o', 0), U(0x0f3, 'o', 0), U(0x0f4, 'o', 0), U(0x0f5, 'o', 0), U(0x0f6, 'o', 0), N,
    U(0x0f8, 'o', 0), U(0x0f9, 'u', 0), U(0x0fa, 'u', 0), U(0x0fb, 'u', 0), U(0x0fc, 'u', 0),
    U(0x0fd, 'y', 0), U(0x0fe, 't', 'h'), S, L(0x0e0, 'a', 0), L(0x0e1, 'a', 0), L(0x0e2, 'a', 0),
    L(0x0e3, 'a', 0), L(0x0e4, 'a', 0), L(0x0e5, 'a', 0), L(0x0e6, 'a', 'e'), L(0x0e7, 'c', 0),
    L(0x0e8, 'e', 0), L(0x0e9, 'e', 0), L(0x0ea, 'e', 0), L(0x0eb, 'e', 0), L(0x0ec, 'i', 0),
    L(0x0ed, 'i', 0), L(0x0ee, 'i', 0), L(0x0ef, 'i', 0), L(0x0f0, 'd', 0), L(0x0f1, 'n', 0),
    L(0x0f2, 'o', 0), L(0x0f3, 'o', 0), L(0x0f4, 'o', 0), L(0x0f5, 'o', 0), L(0x0f6, 'o', 0), N,
    L(0x0f8, 'o', 0), L(0x0f9, 'u', 0), L(0x0fa, 'u', 0), L(0x0fb, 'u', 0), L(0x0fc, 'u', 0),
    L(0x0fd, 'y', 0), L(0x0fe, 't', 'h'), L(0x0ff, 'y', 0), U(0x101, 'a', 0), L(0x101, 'a', 0),
    U(0x103, 'a', 0), L(0x103, 'a', 0), U(0x105, 'a', 0), L(0x105, 'a', 0), U(0x107, 'c', 0),
    L(0x107, 'c', 0), U(0x109, 'c', 0), L(0x109, 'c', 0), U(0x10b, 'c', 0), L(0x10b, 'c', 0),
    U(0x10d, 'c', 0), L(0x10d, 'c', 0), U(0x10f, 'd', 0), L(0x10f, 'd', 0), U(0x111, 'd', 0),
    L(0x111, 'd', 0), U(0x113, 'e', 0), L(0x113, 'e', 0), U(0x115, 'e', 0), L(0x115, 'e', 0),
    U(0x117, 'e', 0), L(0x117, 'e', 0), U(0x119, 'e', 0), L(0x119, 'e', 0), U(0x11b, 'e', 0),
    L(0x11b, 'e', 0), U(0x11d, 'g', 0), L(0x11d, 'g', 0), U(0x11f, 'g', 0), L(0x11f, 'g', 0),
    U(0x121, 'g', 0), L(0x121, 'g', 0), U(0x123, 'g', 0), L(0x123, 'g', 0), U(0x125, 'h', 0),
    L(0x125, 'h', 0), U(0x127, 'h', 0), L(0x127, 'h', 0), U(0x129, 'i', 0), L(0x129, 'i', 0),
    U(0x12b, 'i', 0), L(0x12b, 'i', 0), U(0x12d, 'i', 0), L(0x12d, 'i', 0), U(0x12f, 'i', 0),
    L(0x12f, 'i', 0), S, L(0x131, 'i', 0), U(0x133, 'i', 'j'), L(0x133, 'i', 'j'), U(0x135, 'j', 0),
    L(0x135, 'j', 0), U(0x137, 'k', 0), L(0x137, 'k', 0), L(0x138, 'k', 0), U(0x13a, 'l', 0),
    L(0x13a, 'l', 0), U(0x13c, 'l', 0), L(0x13c, 'l', 0), U(0x13e, 'l', 0), L(0x13e, 'l', 0), S, S,
    U(0x142, 'l', 0), L(0x142, 'l', 0), U(0x144, 'n', 0), L(0x144, 'n', 0), U(0x146, 'n', 0),
    L(0x146, 'n', 0), U(0x148, 'n', 0), L(0x148, 'n', 0), S, U(0x14b, 'n', 0), L(0x14b, 'n', 0),
    U(0x14d, 'o', 0), L(0x14d, 'o', 0), U(0x14f, 'o', 0), L(0x14f, 'o', 0), U(0x151, 'o', 0),
    L(0x151, 'o', 0), U(0x153, 'o', 'e'), L(0x153, 'o', 'e'), U(0x155, 'r', 0), L(0x155, 'r', 0),
    U(0x157, 'r', 0), L(0x157, 'r', 0), U(0x159, 'r', 0), L(0x159, 'r', 0), U(0x15b, 's', 0),
    L(0x15b, 's', 0), U(0x15d, 's', 0), L(0x15d, 's', 0), U(0x15f, 's', 0), L(0x15f, 's', 0),
    U(0x161, 's', 0), L(0x161, 's', 0), U(0x163, 't', 0), L(0x163, 't', 0), U(0x165, 't', 0),
    L(0x165, 't', 0), U(0x167, 't', 0), L(0x167, 't', 0), U(0x169, 'u', 0), L(0x169, 'u', 0),
    U(0x16b, 'u', 0), L(0x16b, 'u', 0), U(0x16d, 'u', 0), L(0x16d, 'u', 0), U(0x16f, 'u', 0),
    L(0x16f, 'u', 0), U(0x171, 'u', 0), L(0x171, 'u', 0), U(0x173, 'u', 0), L(0x173, 'u', 0),
    U(0x175, 'w', 0), L(0x175, 'w', 0), U(0x177, 'y', 0), L(0x177, 'y', 0), U(0x0ff, 'y', 0),
    U(0x17a, 'z', 0), L(0x17a, 'z', 0), U(0x17c, 'z', 0), L(0x17c, 'z', 0), U(0x17e, 'z', 0),
    L(0x17e, 'z', 0), S, L(0x180, 'b', 0), S, S, S, S, S, S, S, S, S, S, U(0x18c, 'd', 0),
    L(0x18c, 'd', 0), S, S, S, S, U(0x192, 'f', 0), L(0x192, 'f', 0), S, S, S, S, S,
    U(0x199, 'k', 0), L(0x199, 'k', 0), L(0x19a, 'l', 0), S, S, S, S, S, U(0x1a1, 'o', 0),
    L(0x1a1, 'o', 0), S, S, U(0x1a5, 'p', 0), L(0x1a5, 'p', 0), S, S, S, S, S, S, U(0x1ad, 't', 0),
    L(0x1ad, 't', 0), S, U(0x1b0, 'u', 0), L(0x1b0, 'u', 0), S, S, U(0x1b4, 'y', 0),
    L(0x1b4, 'y', 0), U(0x1b6, 'z', 0), L(0x1b6, 'z', 0), S, S, S, S, S, S, S, S, S, S, S, S, S,
    U(0x1c6, 'd', 'z'), U(0x1c6, 'd', 'z'), L(0x1c6, 'd', 'z'), U(0x1c9, 'l', 'j'),
    U(0x1c9, 'l', 'j'), L(0x1c9, 'l', 'j'), U(0x1cc, 'n', 'j'), U(0x1cc, 'n', 'j'),
    L(0x1cc, 'n', 'j'), U(0x1ce, 'a', 0), L(0x1ce, 'a', 0), U(0x1d0, 'i', 0), L(0x1d0, 'i', 0),
    U(0x1d2, 'o', 0), L(0x1d2, 'o', 0), U(0x1d4, 'u', 0), L(0x1d4, 'u', 0), U(0x1d6, 'u', 0),
    L(0x1d6, 'u', 0), U(0x1d8, 'u', 0), L(0x1d8, 'u', 0), U(0x1da, 'u', 0), L(0x1da, 'u', 0),
    U(0x1dc, 'u', 0), L(0x1dc, 'u', 0), S, U(0x1df, 'a', 0), L(0x1df, 'a', 0), U(0x1e1, 'a', 0),
    L(0x1e1, 'a', 0), U(0x1e3, 'a', 'e'), L(0x1e3, 'a', 'e'), U(0x1e5, 'g', 0), L(0x1e5, 'g', 0),
    U(0x1e7, 'g', 0), L(0x1e7, 'g', 0), U(0x1e9, 'k', 0), L(0x1e9, 'k', 0), U(0x1eb, 'o', 0),
    L(0x1eb, 'o', 0), U(0x1ed, 'o', 0), L(0x1ed, 'o', 0), S, S, L(0x1f0, 'j', 0),
    U(0x1f3, 'd', 'z'), U(0x1f3, 'd', 'z'), L(0x1f3, 'd', 'z'), U(0x1f5, 'g', 0), L(0x1f5, 'g', 0),
    S, S, U(0x1f9, 'n', 0), L(0x1f9, 'n', 0), U(0x1fb, 'a', 0), L(0x1fb, 'a', 0),
    U(0x1fd, 'a', 'e'), L(0x1fd, 'a', 'e'), U(0x1ff, 'o', 0), L(0x1ff, 'o', 0), U(0x201, 'a', 0),
    L(0x201, 'a', 0), U(0x203, 'a', 0), L(0x203, 'a', 0), U(0x205, 'e', 0), L(0x205, 'e', 0),
    U(0x207, 'e', 0), L(0x207, 'e', 0), U(0x209, 'i', 0), L(0x209, 'i', 0), U(0x20b, 'i', 0),
    L(0x20b, 'i', 0), U(0x20d, 'o', 0), L(0x20d, 'o', 0), U(0x20f, 'o', 0), L(0x20f, 'o', 0),
    U(0x211, 'r', 0), L(0x211, 'r', 0), U(0x213, 'r', 0), L(0x213, 'r', 0), U(0x215, 'u', 0),
    L(0x215, 'u', 0), U(0x217, 'u', 0), L(0x217, 'u', 0), U(0x219, 's', 0), L(0x219, 's', 0),
    U(0x21b, 't', 0), L(0x21b, 't', 0), S, S, U(0x21f, 'h', 0), L(0x21f, 'h', 0), S, S, S, S,
    U(0x225, 'z', 0), L(0x225, 'z', 0), U(0x227, 'a', 0), L(0x227, 'a', 0), U(0x229, 'e', 0),
    L(0x229, 'e', 0), U(0x22b, 'o', 0), L(0x22b, 'o', 0), U(0x22d, 'o', 0), L(0x22d, 'o', 0),
    U(0x22f, 'o', 0), L(0x22f, 'o', 0), U(0x231, 'o', 0), L(0x231, 'o', 0), U(0x233, 'y', 0),
    L(0x233, 'y', 0), S, S, S, L(0x237, 'j', 0), S, S, S, S, S, U(0x19a, 'l', 0), S, S, S, S, S,
    U(0x180, 'b', 0), S, S, S, S, S, S, S, S, S, S, S, S,
};
#undef U
#undef L
#undef S
#undef N
/* clang-format on */

#endif
