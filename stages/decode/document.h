/* document: finds the elements of a JSON array, or of values that follow each other, in a stream
 * of bytes, without parsing them. Internal to stages/decode. */
#ifndef BURZA_DECODE_DOCUMENT_H
#define BURZA_DECODE_DOCUMENT_H

#include "stages/common/span.h"

/* Where a scan is: depth 0 is between elements. */
struct document_scan {
    int depth;
    bool in_string, escaped;
    bool ended; /* met the bracket that closes the array */
};

/* Goes on from `at` to behind the next place where an element ends: its closing bracket, or a
 * comma or line feed between elements. `end` when there is none, or when `ended` (then the result
 * is the place of the closing bracket). */
const char *document_next(const char *at, const char *end, struct document_scan *scan);

/* The value that begins at text.at (an object, array, string or word), with the blanks
 * behind a word, as far as `text` goes. */
struct span document_value(struct span text);

/* Looks into an object at the beginning of `text` for the first member whose value is an array of
 * objects. Returns the offset of its first element, or 0. */
size_t document_find_array(struct span text);

#endif
