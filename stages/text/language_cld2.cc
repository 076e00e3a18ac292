#include "stages/text/language_cld2.h"

#include <stdio.h> /* CLD2's header uses FILE without it */

#include <cld2/public/compact_lang_det.h>

struct cld2_guess language_cld2(const char *text, int len) {
    CLD2::Language languages[3];
    int percents[3], bytes = 0;
    bool reliable = false;
    CLD2::Language top =
        CLD2::DetectLanguageSummary(text, len, true, languages, percents, &bytes, &reliable);
    struct cld2_guess guess = {LANGUAGE_OTHER, top != CLD2::UNKNOWN_LANGUAGE, reliable};
    if (top == CLD2::POLISH)
        guess.language = LANGUAGE_PL;
    else if (top == CLD2::ENGLISH)
        guess.language = LANGUAGE_EN;
    return guess;
}
