/* expand_lexicon: a lemma and its part of speech in, the forms it takes in a text out, case folded.
 * Polish by the dictionary (text/inflect.h), English by the regular rules of spelling; a note
 * "forms: a, b, c" adds forms to either. The lemma itself always comes first. A form may come more
 * than once. May fail: STATUS_FATAL out of memory. */
#ifndef BURZA_SCORE_EXPAND_LEXICON_H
#define BURZA_SCORE_EXPAND_LEXICON_H

#include "stages/common/buf.h"
#include "stages/model/post.h"

enum form_origin {
    FORM_LEMMA,
    FORM_LISTED,  /* named in the note */
    FORM_DERIVED, /* by dictionary or rule */
};

/* `form` is borrowed for the call. Return false when out of memory. */
typedef bool expand_visit(struct span form, enum form_origin origin, void *context);

/* The forms that a note lists, between commas; {NULL, 0} when it lists none. */
struct span expand_listed(struct span note);

enum status expand_lemma(enum language language, struct span lemma, struct span pos,
                         struct span note, expand_visit *visit, void *context,
                         struct fault *fault) MUST_USE;

#endif
