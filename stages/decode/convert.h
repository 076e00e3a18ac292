/* convert: from a record's field values to struct post, and the checks that every format shares. */
#ifndef BURZA_DECODE_CONVERT_H
#define BURZA_DECODE_CONVERT_H

#include "stages/decode/format.h"

/* Fills draft->post from draft->fields, calls the format's `finish` and checks the result.
 * REJECT_NONE: a post. Text that must be made goes to draft->arena. */
enum reject_reason post_make(struct draft *draft, const struct format *format,
                             const struct decode_options *options, enum platform platform);
/* "h" + 16 hexadecimal digits of platform, time, author and text, for posts without an id. */
struct span post_made_id(struct arena *arena, const struct post *post);
/* A platform's name or web domain; PLATFORM_COUNT when it is neither. */
enum platform platform_guess(struct span text);
/* &amp; &lt; &gt; &quot; &apos; &nbsp; and numeric references, once. Without any, `text` itself. */
struct span entities_decode(struct arena *arena, struct span text);

#endif
