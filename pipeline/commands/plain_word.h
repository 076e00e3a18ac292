/* plain_word: words of headers and labels as people type them, made comparable: lower case, Polish
 * and German diacritics taken off.
 *
 * In: UTF-8 of any quality. Out: bytes in the caller's array. Nothing here can fail: what is no
 * letter or digit becomes one blank, a longer text is cut. */
#ifndef BURZA_PLAIN_WORD_H
#define BURZA_PLAIN_WORD_H

#include "stages/common/span.h"

#define PLAIN_SIZE 64
/* "Liczba_wzmianek:" as "liczba wzmianek"; returns the length without the NUL. */
size_t plain_text(struct span text, char out[PLAIN_SIZE]);
/* Whether `plain` is one of the words, separated by |, of `list`. */
bool plain_is_one_of(const char *plain, const char *list);
/* Whether a blank-separated word of `plain` is one of `list`. */
bool plain_has_one_of(const char *plain, const char *list);

#endif
