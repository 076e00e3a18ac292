/* methods: what a thesis says of an audit: data, queries, scoring, detection, privacy, versions and
 * digests, in whole sentences, and the sources of the methods.
 *
 * In: an audit (its posts are not needed), the digest that seals its file, and that of the lexicons
 * of this program: measured quality is told only of an audit that was scored with them. Out:
 * paragraphs, divided by blank lines. All figures are the audit's own. May fail: STATUS_FATAL out
 * of memory, or with EXIT_DATA when its configuration cannot be read. */
#ifndef BURZA_METHODS_H
#define BURZA_METHODS_H

#include "stages/store/store.h"

enum status methods_text(const struct audit *audit, const char *seal, const char *lexicons,
                         bool polish, struct buf *out, struct fault *fault) MUST_USE;

#endif
