/* Polish typography: a word of one letter does not stand at the end of a line. */
#include "stages/report/page.h"

#include <stdio.h>

static bool is_short_word(char c) {
    return c && strchr("aiouwzAIOUWZ", c);
}

/* Whether a word may begin behind this byte. */
static bool opens_word(const char *at, size_t i) {
    return i == 0 || strchr(" \n>(", at[i - 1]) ||
           (i >= 2 && (unsigned char)at[i - 2] == 0xC2 && (unsigned char)at[i - 1] == 0xA0) ||
           (i >= 3 && memcmp(at + i - 3, "\xE2\x80\x9E", 3) == 0);
}

/* The end of the tag that begins at `i`; of code, styles and scripts the end of the element. */
static size_t skip_tag(struct span page, size_t i) {
    static const char *const whole[] = {"style", "script", "pre", "code"};
    const char *close = memchr(page.at + i, '>', page.len - i);
    for (size_t k = 0; k < sizeof whole / sizeof *whole; k++) {
        size_t len = strlen(whole[k]);
        char end[16];
        if (page.len - i <= len + 1 || memcmp(page.at + i + 1, whole[k], len) != 0 ||
            !strchr(" >", page.at[i + 1 + len]))
            continue;
        int size = snprintf(end, sizeof end, "</%s>", whole[k]);
        const char *at = memmem(page.at + i, page.len - i, end, (size_t)size);
        return at ? (size_t)(at - page.at) + (size_t)size : page.len;
    }
    return close ? (size_t)(close - page.at) + 1 : page.len;
}

void bind_words(struct buf *page) {
    struct span from = buf_as_span(page);
    struct buf bound;
    buf_init(&bound, page->max);
    for (size_t i = 0, end; i < from.len; i = end) {
        end = i + 1;
        if (from.at[i] == '<') {
            end = skip_tag(from, i);
            buf_add(&bound, from.at + i, end - i);
        } else if (is_short_word(from.at[i]) && opens_word(from.at, i) && i + 1 < from.len &&
                   (from.at[i + 1] == ' ' || from.at[i + 1] == '\n')) {
            buf_char(&bound, from.at[i]);
            buf_text(&bound, "\xC2\xA0");
            end = i + 2;
        } else {
            buf_char(&bound, from.at[i]);
        }
    }
    if (page->failed)
        bound.failed = true;
    buf_release(page);
    *page = bound;
}
