/* escape: bytes from outside into HTML, the last step before they are written. `escape_text` is
 * right inside elements and inside quoted attributes; never inside a script or a style, which get
 * nothing from outside. Memory: appends to `out`. */
#ifndef BURZA_REPORT_ESCAPE_H
#define BURZA_REPORT_ESCAPE_H

#include "stages/common/buf.h"

/* Invalid UTF-8 becomes U+FFFD; characters that cannot be seen or that turn the direction of text
 * are written as "[U+202E]". Line feeds stay, tabs and carriage returns become blanks. */
void escape_text(struct buf *out, struct span text);

/* True when `url` begins with http:// or https:// and holds no blank and no control character. */
bool escape_url_allowed(struct span url);
/* The address for a quoted href: bytes beyond printable ASCII are percent-encoded. */
void escape_url(struct buf *out, struct span url);

#endif
