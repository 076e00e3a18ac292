/* buf: owned, growing bytes with a mandatory cap. Appending beyond the cap or out of memory sets
 * `failed` and changes nothing more, so that a writer may append many times and ask once. */
#ifndef BURZA_BUF_H
#define BURZA_BUF_H

#include "stages/common/span.h"
#include "stages/common/status.h"

#include <stdint.h>

struct buf {
    char *at;
    size_t len, cap, max;
    bool failed;
};

void buf_init(struct buf *buf, size_t max);
void buf_release(struct buf *buf);
/* Empties it, keeps the memory, forgets a failure. */
void buf_clear(struct buf *buf);
/* Makes room for `more` bytes beyond `len`. */
bool buf_reserve(struct buf *buf, size_t more) MUST_USE;
void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_span(struct buf *buf, struct span span);
void buf_text(struct buf *buf, const char *text);
void buf_char(struct buf *buf, char byte);
void buf_format(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Encodes a code point as UTF-8; anything that is no scalar value becomes U+FFFD. */
void buf_codepoint(struct buf *buf, uint32_t codepoint);

/* True when all of it is well-formed UTF-8. */
bool text_is_whole(const char *text);
/* Copies text into a field of `size` bytes, cut between characters and padded with NUL. */
void row_text(char *to, size_t size, const char *text, size_t len);
/* Puts '?' for every byte of a message that is no part of well-formed UTF-8: a name in it may have
 * been cut inside a character, or come from a dump. */
void utf8_sanitize(char *text);

static inline struct span buf_as_span(const struct buf *buf) {
    return (struct span){buf->at, buf->len};
}

/* Can these bytes be no text of any encoding? Compressed and encrypted data hold a tenth of control
 * characters, UTF-16 a NUL in every second place. */
bool bytes_are_binary(struct span head);

#endif
