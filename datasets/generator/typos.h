/* How a person really types: no diacritics, lower case, capitals in anger, doubled letters, typing
 * errors. Brand names stand between KEEP marks: habits change them, typos leave them alone. */
#ifndef GENERATOR_TYPOS_H
#define GENERATOR_TYPOS_H
#include <stdbool.h>

#include "random.h"
#include "templates.h"

enum { TYPOS_KEEP_BEGIN = 1, TYPOS_KEEP_END = 2 };

struct habits {
    enum language language;
    bool angry, tidy, ascii_only, lower_case;
};
/* Appends the sentence without KEEP marks to out */
void typos_apply(const struct habits *habits, struct random *random, const struct text *sentence,
                 struct text *out);
#endif
