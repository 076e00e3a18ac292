/* mask: what a text says of people's addresses, out of it. Handles, mail addresses, pages under a
 * person's name, telephone, card and account numbers and PESEL are replaced by "…", also where they
 * are disguised: full-width or mathematical letters, entities, percent signs, invisible characters,
 * spelled dots and at signs, blanks between the signs. Names that a text spells out stay.
 *
 * In: a text and the handles that may be named, borrowed. Out: the text as it may be shown,
 * appended to the caller's buffer. Linear in bytes for any input. May fail: out of memory, which
 * the buffer says; then nothing is appended. */
#ifndef BURZA_MASK_H
#define BURZA_MASK_H

#include "stages/common/buf.h"
#include "stages/model/public_handles.h"

/* The first part of a file's path, or of a text that quotes it, that is named after a person, in
 * the exports of private messages: a folder below "inbox", what follows "Czat WhatsApp z ". Empty:
 * there is none. */
struct span mask_label_person(struct span label);
/* The label with "…" for such parts, NUL-terminated and cut to `size`. */
void mask_label(struct span label, char *out, size_t size);

void mask_text(struct span text, const struct public_handles *handles, struct buf *out);

#endif
