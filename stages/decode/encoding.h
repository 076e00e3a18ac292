/* encoding: text of dumps that is not UTF-8. Internal to stages/decode. */
#ifndef BURZA_DECODE_ENCODING_H
#define BURZA_DECODE_ENCODING_H

#include "stages/common/arena.h"
#include "stages/common/buf.h"

#include <stdint.h>

enum encoding {
    ENCODING_UNKNOWN,
    ENCODING_UTF8,
    ENCODING_UTF16LE,
    ENCODING_UTF16BE,
    ENCODING_CP1250,
    ENCODING_LATIN2,
};

enum encoding encoding_by_name(struct span name);
/* By its byte order mark; ENCODING_UNKNOWN when there is none. */
enum encoding encoding_by_mark(struct span head);
/* UTF-8, or windows-1250 when most bytes beyond ASCII cannot be UTF-8. */
enum encoding encoding_guess(struct span head);
bool encoding_is_utf16(enum encoding encoding);
/* The ASCII character that the UTF-16 unit at `at` is, 'x' for any other. */
char encoding_unit(const char *at, enum encoding encoding);
/* Writes UTF-8 to `out` (cleared first); a mark stays U+FEFF. False when `out` is full. */
bool encoding_to_utf8(struct span in, enum encoding encoding, struct buf *out) MUST_USE;
/* How many bytes `text` (UTF-8) has in the encoding it came from. */
size_t encoding_raw_bytes(struct span text, enum encoding encoding);

bool utf8_is_valid(struct span text);
/* A copy with every bad byte replaced by U+FFFD; adds their number to *repairs. */
struct span utf8_repair(struct span text, struct arena *arena, uint64_t *repairs);

#endif
