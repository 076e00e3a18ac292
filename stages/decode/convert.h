/* convert: from a record's field values to struct post, and the checks that every format shares. */
#ifndef BURZA_DECODE_CONVERT_H
#define BURZA_DECODE_CONVERT_H

#include "stages/decode/format.h"

/* Fills draft->post from draft->fields, takes over what it inherits, calls the
 * format's functions and checks the result. REJECT_NONE: a post. Also of other rejects the post has
 * what could be filled in; of notices nothing. Text that must be made goes to draft->arena. */
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
/* The reference at the beginning of `text` (an '&'), also by the names that only HTML has: its
 * length and code point, or 0. */
size_t entity_read(struct span text, uint32_t *code);
/* The same by the names that only HTML has, too. */
struct span entities_decode_all(struct arena *arena, struct span text);
/* Text of marked-up text: no tags, comments, scripts and styles; a line feed for every break and
 * between blocks, blanks as one; what it quotes (blockquote) in lines behind "> ". `text` itself
 * where there is nothing to do. In linear time. */
struct span html_text(struct arena *arena, struct span text);
/* Whether the tags in it are those of marked-up text and not signs of plain text: one with an
 * attribute in quotation marks, a pair, or one that stands alone (<br>, <p>); or a comment. In
 * linear time. */
bool html_tagged(struct span text);
/* Reddit: the entities that its API and its Markdown escape; [text](link) shows its text. */
struct span markdown_text(struct arena *arena, struct span text);
/* Of an unknown source. HTML, also escaped once more, becomes its text; entities become characters,
 * links of Markdown their text, what was encoded twice is turned back. Plain text stays. */
struct span markup_text(struct arena *arena, struct span text);
/* UTF-8 of which every byte was taken for a character of Latin-1 and encoded again is turned back;
 * other text is left as it is. */
struct span mojibake_text(struct arena *arena, struct span text);

#endif
