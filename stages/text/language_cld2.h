/* language_cld2: the C door to CLD2, the only C++ of this stage. */
#ifndef BURZA_LANGUAGE_CLD2_H
#define BURZA_LANGUAGE_CLD2_H

#include "stages/model/post.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cld2_guess {
    enum language language;
    bool known;    /* CLD2 names a language at all */
    bool reliable; /* and is sure of it */
};

/* The main language of valid UTF-8 text. */
struct cld2_guess language_cld2(const char *text, int len);

#ifdef __cplusplus
}
#endif

#endif
