/* fold: classes of code points and the two foldings of a word (normal form, plain form), shared by
 * the tokenizer, the query compiler and the compiler of the Polish forms.
 *
 * `forms` is a growing byte store that the caller owns. Offsets into it stay valid, pointers do
 * not. May fail: only out of memory (false). Linear in bytes for any input: a base character keeps
 * at most 30 combining marks (Unicode's Stream-Safe limit), the rest is dropped. */
#ifndef BURZA_FOLD_H
#define BURZA_FOLD_H

#include "stages/common/span.h"

#include <stdint.h>

enum char_class {
    CHAR_OTHER, /* invalid, unassigned, private: separates, gives no token */
    CHAR_SPACE,
    CHAR_NEWLINE,
    CHAR_UPPER,
    CHAR_LOWER, /* any letter that is not upper case */
    CHAR_DIGIT,
    CHAR_MARK,    /* combining */
    CHAR_IGNORED, /* zero width, bidi control, soft hyphen: not there at all */
    CHAR_CJK,     /* scripts written without blanks */
    CHAR_PUNCT,
    CHAR_EMOJI,
};

/* enum char_class of the ASCII characters; CHAR_OTHER for the bytes above. */
extern const uint8_t ascii_class[256];
/* Lower case of ASCII letters and digits themselves; 0 for every other byte. */
extern const uint8_t ascii_word[256];

/* What utf8_next does beyond ASCII. */
uint32_t utf8_next_long(const unsigned char *text, uint32_t len, uint32_t *at);
/* Decodes the code point at text[*at] and moves on; U+FFFD for one invalid byte. */
static inline uint32_t utf8_next(const unsigned char *text, uint32_t len, uint32_t *at) {
    return text[*at] < 0x80 ? text[(*at)++] : utf8_next_long(text, len, at);
}
enum char_class char_class(uint32_t codepoint);
/* The class of the character at text[at]; its length in bytes into *len. */
static inline enum char_class char_class_at(const unsigned char *text, uint32_t end, uint32_t at,
                                            uint32_t *len) {
    uint32_t next = at;
    if (text[at] < 0x80) {
        *len = 1;
        return (enum char_class)ascii_class[text[at]];
    }
    uint32_t cp = utf8_next_long(text, end, &next);
    *len = next - at;
    return char_class(cp);
}
/* The plain letter of one in a circle or square, else 0. */
uint32_t char_dressed(uint32_t codepoint);
/* ' and its typographic and mistyped twins. */
bool char_is_apostrophe(uint32_t codepoint);

enum { FORMS_SLACK = 24 };

struct forms {
    char *at;
    uint32_t len, cap;
};
/* Room for `more` bytes beyond len, and FORMS_SLACK readable bytes behind them. */
bool forms_room(struct forms *forms, uint32_t more);

struct folded {
    uint32_t letters, upper; /* letters in the text and how many are upper case */
    bool first_upper, elongated;
};

/* Appends the normal form of a word: NFC, case folded, letter runs of three or more shortened to
 * one, apostrophes and hyphens unified, ignorable characters left out. */
bool fold_form(struct forms *forms, struct span word, struct folded *folded);
/* The same without shortening. */
bool fold_written(struct forms *forms, struct span word, struct folded *folded);
/* Appends the plain form of the normal form at [at, at + len) of `forms`: no diacritics, letters
 * of other scripts that imitate Latin ones replaced in words of mixed script. */
bool fold_plain(struct forms *forms, uint32_t at, uint32_t len);

#endif
