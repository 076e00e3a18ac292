/* json_text: the small pieces of JSON's grammar that the fast reader, the repairer and the framer
 * share. */
#ifndef BURZA_DECODE_JSON_TEXT_H
#define BURZA_DECODE_JSON_TEXT_H

#include "stages/common/span.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Whether the whole span is a JSON number. */
bool json_number_valid(struct span text);
/* Four hexadecimal digits at `at`, or -1. */
int32_t json_hex4(const char *at);
/* Unescapes what stands between the quotes (no raw control characters, valid UTF-8) into `out`,
 * which has room for text.len bytes. False for a bad escape or a lone surrogate. Seven bytes more
 * are read behind the text and written behind what `out` gets. */
bool json_unescape(struct span text, char *out, size_t *out_len);
/* Bytes of the valid UTF-8 sequence at `at`, 0 when it is none. */
int utf8_length(const unsigned char *at, const unsigned char *end);

#ifdef __cplusplus
}
#endif

#endif
