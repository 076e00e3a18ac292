#include "stages/text/text.h"
/* first version */
static bool is_in(const char *const *list, struct span form) {
    for (; *list; list++)
        if (span_is(form, *list))
            return true;
    return false;
}
static const char *const polish[] = {"nie", "i",   "w",  "na",  "z",  "do", "jest", "się",   "sie",
                                     "że",  "ze",  "to", "jak", "za", "po", "dla",  "ale",   "od",
                                     "co",  "o",   "u",  "tak", "mi", "ja", "już",  "tylko", "czy",
                                     "mam", "był", "są", "ten", "ta", NULL};
static const char *const english[] = {
    "the",  "and", "of",  "is",  "you",  "i",  "in", "for",  "it",   "my", "this", "that", "was",
    "with", "on",  "are", "not", "have", "be", "at", "just", "your", "so", "but",  NULL};
enum language language_detect(const struct tokens *tokens, struct span hint) {
    int pl = 0, en = 0;
    for (uint32_t i = 0; i < tokens->count; i++) {
        const struct token *token = &tokens->at[i];
        if (token->kind != TOKEN_WORD)
            continue;
        pl += is_in(polish, token_form(tokens, token));
        en += is_in(english, token_form(tokens, token));
    }
    if (pl == en)
        return span_starts(hint, "pl")   ? LANGUAGE_PL
               : span_starts(hint, "en") ? LANGUAGE_EN
                                         : LANGUAGE_OTHER;
    return pl > en ? LANGUAGE_PL : LANGUAGE_EN;
}
