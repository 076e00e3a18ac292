/* convert: from a record's field values to struct post, and the checks that every format shares. */
#ifndef BURZA_DECODE_CONVERT_H
#define BURZA_DECODE_CONVERT_H

#include "stages/decode/format.h"

/* Fills draft->post from draft->fields, calls the format's `finish` and checks the result.
 * REJECT_NONE: a post. Text that must be made goes to draft->arena. */
enum reject_reason post_make(struct draft *draft, const struct format *format,
                             const struct decode_options *options, enum platform platform);
/* "h" + 16 hexadecimal digits of platform, time, author and text, for posts without an id; {NULL,
 * 0} when out of memory. */
struct span post_made_id(struct arena *arena, const struct post *post);

/* What was guessed last: the records of a dump name the same few sites again and again. Begins
 * as zeros; belongs to one thread. */
enum { GUESS_KNOWN = 64, GUESS_LEN = 30 };
struct guess_memo {
    struct guess {
        char name[GUESS_LEN];
        uint8_t len_address; /* length << 1 | whether it is the host of an address; 0: unused */
        uint8_t platform;
    } known[GUESS_KNOWN];
};
/* A platform's name, web domain or address; PLATFORM_COUNT when it is none of them. */
enum platform platform_guess(struct guess_memo *memo, struct span text);
/* &amp; &lt; &gt; &quot; &apos; &nbsp; and numeric references, once. Without any, `text` itself. */
struct span entities_decode(struct arena *arena, struct span text);

#endif
