/* skeleton: a text with its disguises taken off, one byte for each character that is seen, so that
 * what is looked for is compared in small ASCII letters. Internal to mask.
 *
 * In: a text, borrowed. Out: bytes and where in the text each begins; a range of the skeleton is a
 * range of the text. Owner: a `struct skeleton` owns its arrays. May fail: out of memory (false).
 */
#ifndef BURZA_SKELETON_H
#define BURZA_SKELETON_H

#include "stages/common/span.h"
#include "stages/model/public_handles.h"

#include <stdint.h>

/* Bytes of a skeleton that are no character of the text: a letter that no ASCII letter resembles,
 * any other sign, an at sign or a dot that is spelled as a word or put in brackets. */
enum { SIGN_LETTER = 0x01, SIGN_OTHER = 0x02, SIGN_AT_WORD = 0x03, SIGN_DOT_WORD = 0x04 };

struct skeleton {
    char *at;       /* [len] */
    uint32_t *from; /* [len + 1] bytes before it in the text; the last is the text's length */
    size_t len;
    size_t given; /* what lies before was looked at */
    size_t path;  /* where the last address that was read ends */
    const struct public_handles *handles;
};

bool skeleton_make(struct skeleton *skeleton, struct span text) MUST_USE;
void skeleton_release(struct skeleton *skeleton);

/* The byte at a place; a line break before the first and behind the last. */
static inline char sign_at(const struct skeleton *s, size_t at) {
    return at < s->len ? s->at[at] : '\n';
}

static inline bool is_digit(char sign) {
    return sign >= '0' && sign <= '9';
}

/* What names are made of, by the sign; 0 for all others. */
enum { SIGN_IS_LETTER = 1, SIGN_IS_DIGIT = 2, SIGN_IS_LINE = 4 };
extern const uint8_t sign_kinds[256];

static inline bool is_letter(char sign) {
    return sign_kinds[(unsigned char)sign] == SIGN_IS_LETTER;
}

static inline bool is_name(char sign) {
    return sign_kinds[(unsigned char)sign] != 0;
}

static inline bool is_dot(char sign) {
    return (sign == '.') | (sign == SIGN_DOT_WORD);
}

/* Bytes of the skeleton from a place on that are this word. */
static inline bool sign_starts(const struct skeleton *s, size_t at, const char *word) {
    size_t len = strlen(word);
    return at <= s->len && s->len - at >= len && memcmp(s->at + at, word, len) == 0;
}

/* The usual endings of hosts: with blanks around the signs only these make one. */
bool is_ending(const struct skeleton *s, size_t at);

/* A part of the skeleton that is not shown. */
struct cover {
    size_t from, to; /* empty: nothing was found */
};

/* Each looks whether what it knows stands at `at`; covers begin at or behind s->given. */
struct cover find_mail(const struct skeleton *s, size_t at);   /* at an at sign */
struct cover find_handle(const struct skeleton *s, size_t at); /* at an at sign or a word */
struct cover find_page(struct skeleton *s, size_t at);         /* at the beginning of a host */
struct cover find_number(const struct skeleton *s, size_t at); /* at a digit, a letter or + */

#endif
