/* Words that are typed as some other form than the lemma, as names often are: adjectives in the
 * feminine (Poczta Polska), neuter or plural (Koleje Mazowieckie), nouns in the plural. */
#include "stages/text/inflect.h"

#define BYTES_MAX 128

struct agreeing {
    struct span stem, word;
    const char *const *endings; /* NULL-terminated: forms are given when they end so */
    inflect_visit *visit;
    void *context;
    bool found, stopped;
};

static bool note_word(struct span form, void *context) {
    struct agreeing *agreeing = context;
    agreeing->found |= span_equal(form, agreeing->word);
    return !agreeing->found;
}

static bool give_ending(struct span form, void *context) {
    struct agreeing *agreeing = context;
    if (form.len <= agreeing->stem.len ||
        memcmp(form.at, agreeing->stem.at, agreeing->stem.len) != 0)
        return true;
    struct span rest = {form.at + agreeing->stem.len, form.len - agreeing->stem.len};
    for (size_t i = 0; agreeing->endings[i] && !agreeing->stopped; i++)
        if (span_is(rest, agreeing->endings[i])) {
            agreeing->stopped = !agreeing->visit(form, agreeing->context);
        }
    return !agreeing->stopped;
}

/* If stem + ending is an adjective that has the word among its forms: its forms that agree. */
static enum status try_adjective(struct agreeing *agreeing, const char *ending) {
    char lemma[BYTES_MAX + 4];
    size_t len = strlen(ending);
    memcpy(lemma, agreeing->stem.at, agreeing->stem.len);
    memcpy(lemma + agreeing->stem.len, ending, len);
    struct span whole = {lemma, agreeing->stem.len + len};
    agreeing->found = false;
    enum status status = inflect_lemma(whole, note_word, agreeing);
    if (status != STATUS_OK || !agreeing->found)
        return status == STATUS_FATAL ? status : STATUS_END;
    return inflect_lemma(whole, give_ending, agreeing);
}

static enum status try_adjectives(struct agreeing *agreeing, const char *first,
                                  const char *second) {
    enum status status = try_adjective(agreeing, first);
    return status == STATUS_END ? try_adjective(agreeing, second) : status;
}

/* Plural of a noun: given when dative, instrumental and locative are all words. */
static enum status try_plural(struct agreeing *agreeing) {
    static const char *const endings[] = {"om", "ami", "ach"};
    char forms[3][BYTES_MAX + 4];
    struct span spans[3];
    for (int i = 0; i < 3; i++) {
        memcpy(forms[i], agreeing->stem.at, agreeing->stem.len);
        memcpy(forms[i] + agreeing->stem.len, endings[i], strlen(endings[i]));
        spans[i] = (struct span){forms[i], agreeing->stem.len + strlen(endings[i])};
        if (!inflect_known(spans[i]))
            return STATUS_END;
    }
    for (int i = 0; i < 3 && !agreeing->stopped; i++)
        agreeing->stopped = !agreeing->visit(spans[i], agreeing->context);
    return STATUS_OK;
}

enum status inflect_agreeing(struct span word, inflect_visit *visit, void *context) {
    static const char *const feminine[] = {"ej", "iej", "ą", NULL};
    static const char *const plural[] = {"ego", "emu", "ym",  "im", "m",  "ych", "ich",
                                         "ch",  "ymi", "imi", "mi", "go", "mu",  NULL};
    struct agreeing agreeing = {.word = word, .visit = visit, .context = context};
    if (word.len < 4 || word.len > BYTES_MAX || !inflect_known(word))
        return STATUS_END;
    agreeing.stem = (struct span){word.at, word.len - 1};
    enum status status = STATUS_END;
    char last = word.at[word.len - 1];
    if (last == 'a') {
        agreeing.endings = feminine;
        status = try_adjectives(&agreeing, "y", "i");
    } else if (last == 'e') {
        agreeing.endings = plural;
        status = try_adjectives(&agreeing, "y", "");
    }
    if (status == STATUS_END && memchr("aeiy", last, 4))
        status = try_plural(&agreeing);
    return status;
}
