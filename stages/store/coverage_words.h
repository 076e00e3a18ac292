/* coverage words: what the table coverage says of each source, in sentences of English or Polish.
 * One text for the summary, the report and the methods, so they cannot differ.
 *
 * In: the table's rows, source by source. Out: bytes appended to a buffer; nothing else fails. */
#ifndef BURZA_COVERAGE_WORDS_H
#define BURZA_COVERAGE_WORDS_H

#include "stages/store/rows.h"

/* Appends what is to be said of the source whose rows begin at rows[*at], and moves *at behind
 * them; nothing where the archive has all of its time. False when there are no more rows. */
bool coverage_words(const struct coverage_row *rows, size_t count, size_t *at, bool polish,
                    struct buf *out);

#endif
