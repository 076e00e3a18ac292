/* encoding: text of dumps that is not UTF-8. Internal to stages/decode. */
#ifndef BURZA_DECODE_ENCODING_H
#define BURZA_DECODE_ENCODING_H

#include "stages/common/arena.h"
#include "stages/common/buf.h"

#include <stdint.h>

enum encoding {
    ENCODING_UNKNOWN,
    ENCODING_UTF8,
    ENCODING_UTF16LE, /* these two are read before all else: utf16.c */
    ENCODING_UTF16BE,
    ENCODING_UTF8_TWICE, /* its bytes were taken for characters of a code page and encoded again */
    ENCODING_CP1250,     /* from here on: code pages of one byte a character */
    ENCODING_LATIN2,
    ENCODING_CP1252,
    ENCODING_CP852,
};

enum encoding encoding_by_name(struct span name);
/* As a mapping file has it; NULL for those it cannot state. */
const char *encoding_name(enum encoding encoding);
/* By its byte order mark; ENCODING_UNKNOWN when there is none. */
enum encoding encoding_by_mark(struct span head);
/* By the whole head: UTF-8 that is encoded twice; when most bytes beyond
 * ASCII cannot be UTF-8, the code page whose Polish letters fit. `declared`: the syntax is UTF-8 by
 * definition, which takes more to doubt; else windows-1250 when nothing fits. `*clear`: the letters
 * of the head leave no doubt which page it is. */
enum encoding encoding_guess(struct span head, bool declared, bool *clear);
/* Of one record of a member whose page was guessed: files are put together of parts, and a head may
 * have few letters. UTF-8 when it is that, another page when its letters are the better ones and
 * the head was not `clear`. */
enum encoding encoding_of_record(struct span record, enum encoding of_member, bool clear);
/* A record that should be UTF-8 and is not: to `out` by the page whose letters fit, the whole of it
 * when most characters are no UTF-8, else those only. False when no page fits, or out of memory. */
bool encoding_mend(struct span record, bool declared, struct buf *out) MUST_USE;
bool encoding_is_utf16(enum encoding encoding);
/* Writes UTF-8 to `out` (cleared first). False when `out` is full. */
bool encoding_to_utf8(struct span in, enum encoding encoding, struct buf *out) MUST_USE;
/* How many bytes `text` (UTF-8), with which the head begins, has in the encoding it came from. */
size_t encoding_raw_bytes(struct span text, enum encoding encoding, struct span head);
/* A text whose characters beyond ASCII were all encoded twice is turned back; any other is returned
 * as it is. */
struct span twice_text(struct arena *arena, struct span text);

/* The code point of a byte of windows-1252. */
uint32_t windows_code(unsigned char byte);

bool utf8_is_valid(struct span text);
/* A copy with every bad byte replaced by U+FFFD; adds their number to *repairs. */
struct span utf8_repair(struct span text, struct arena *arena, uint64_t *repairs);

#endif
