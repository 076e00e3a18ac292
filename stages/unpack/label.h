/* label: names out of archives and file systems made fit to be shown and stored: valid UTF-8, no
 * control, line-breaking or direction-changing characters, short. */
#ifndef BURZA_UNPACK_LABEL_H
#define BURZA_UNPACK_LABEL_H

#include "stages/common/span.h"

/* Writes `raw` cleaned and NUL-terminated, cut before `size` bytes at a character. Bytes that are
 * no UTF-8 become U+FFFD, unwanted characters '_'. */
void label_sanitize(struct span raw, char *out, size_t size);

/* A name or a foreign message, cleaned, for use in a message of our own. */
struct shown {
    char text[160];
};
struct shown label_shown(const char *raw);
/* "INPUT: MEMBER", each short enough to leave room for a reason; either may be "". */
struct shown label_subject(const char *input, const char *member);

#endif
