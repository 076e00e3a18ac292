#include "stages/score/expand_lexicon.h"

#include "stages/text/inflect.h"
#include "stages/text/text.h"

#include <stdio.h>

#define FORM_MAX 96

struct expansion {
    expand_visit *visit;
    void *context;
    bool failed;
};

static void give(struct expansion *expansion, struct span form, enum form_origin origin) {
    struct buf folded;
    buf_init(&folded, 4096);
    if (text_fold(form, false, &folded) != STATUS_OK ||
        !expansion->visit(buf_as_span(&folded), origin, expansion->context))
        expansion->failed = true;
    buf_release(&folded);
}

/* The lemma less `cut` bytes, with `ending`. */
static void give_ending(struct expansion *expansion, struct span lemma, size_t cut,
                        const char *ending) {
    char form[FORM_MAX];
    int len = snprintf(form, sizeof form, "%.*s%s", (int)(lemma.len - cut), lemma.at, ending);
    if (len > 0 && (size_t)len < sizeof form)
        give(expansion, (struct span){form, (size_t)len}, FORM_DERIVED);
}

static bool is_vowel(char letter) {
    return letter != 0 && strchr("aeiouAEIOU", letter) != NULL;
}

static char letter_from_end(struct span word, size_t back) {
    return word.len > back ? word.at[word.len - 1 - back] : 0;
}

static bool ends_consonant_y(struct span word) {
    return letter_from_end(word, 0) == 'y' && word.len > 2 && !is_vowel(letter_from_end(word, 1));
}

static void give_s(struct expansion *expansion, struct span word) {
    bool sibilant = span_ends(word, "s") || span_ends(word, "x") || span_ends(word, "z") ||
                    span_ends(word, "ch") || span_ends(word, "sh");
    if (ends_consonant_y(word))
        give_ending(expansion, word, 1, "ies");
    else
        give_ending(expansion, word, 0, sibilant ? "es" : "s");
}

/* Endings that begin with a vowel: -ed, -ing, -er, -est. */
static void give_vowel_ending(struct expansion *expansion, struct span word, const char *ending) {
    char last = letter_from_end(word, 0), before = letter_from_end(word, 1);
    if (last == 'e' && ending[0] == 'e')
        give_ending(expansion, word, 0, ending + 1);
    else if (last == 'e' && before != 'e')
        give_ending(expansion, word, 1, ending);
    else if (ends_consonant_y(word) && ending[0] == 'e')
        give_ending(expansion, word, 1,
                    ending[1] == 'd'   ? "ied"
                    : ending[1] == 'r' ? "ier"
                                       : "iest");
    else
        give_ending(expansion, word, 0, ending);
    /* stop, plan, refer: the last letter may double behind one vowel between consonants */
    if (word.len > 2 && !is_vowel(last) && !strchr("wxy", last) && is_vowel(before) &&
        !is_vowel(letter_from_end(word, 2))) {
        char doubled[8];
        snprintf(doubled, sizeof doubled, "%c%s", last, ending);
        give_ending(expansion, word, 0, doubled);
    }
}

static void give_english(struct expansion *expansion, struct span lemma, struct span pos) {
    if (span_is(pos, "v")) {
        give_s(expansion, lemma);
        give_vowel_ending(expansion, lemma, "ed");
        give_vowel_ending(expansion, lemma, "ing");
    } else if (span_is(pos, "n")) {
        give_s(expansion, lemma);
        give_ending(expansion, lemma, 0, "'s");
    } else if (span_is(pos, "adj") && (lemma.len <= 6 || letter_from_end(lemma, 0) == 'y')) {
        give_vowel_ending(expansion, lemma, "er");
        give_vowel_ending(expansion, lemma, "est");
    }
}

static bool visit_polish(struct span form, void *context) {
    struct expansion *expansion = context;
    give(expansion, form, FORM_DERIVED);
    return !expansion->failed;
}

struct span expand_listed(struct span note) {
    static const char mark[] = "forms:";
    const char *at = note.len ? memmem(note.at, note.len, mark, sizeof mark - 1) : NULL;
    if (!at)
        return (struct span){NULL, 0};
    at += sizeof mark - 1;
    size_t len = (size_t)(note.at + note.len - at);
    const char *end = memchr(at, ';', len);
    return (struct span){at, end ? (size_t)(end - at) : len};
}

static void give_listed(struct expansion *expansion, struct span list) {
    while (list.len) {
        const char *comma = memchr(list.at, ',', list.len);
        struct span form = {list.at, comma ? (size_t)(comma - list.at) : list.len};
        list = (struct span){form.at + form.len + (comma != NULL),
                             list.len - form.len - (comma != NULL)};
        while (form.len && form.at[0] == ' ')
            form = (struct span){form.at + 1, form.len - 1};
        while (form.len && form.at[form.len - 1] == ' ')
            form.len--;
        if (form.len)
            give(expansion, form, FORM_LISTED);
    }
}

enum status expand_lemma(enum language language, struct span lemma, struct span pos,
                         struct span note, expand_visit *visit, void *context,
                         struct fault *fault) {
    struct expansion expansion = {.visit = visit, .context = context};
    struct span listed = expand_listed(note);
    give(&expansion, lemma, FORM_LEMMA);
    give_listed(&expansion, listed);
    if (language == LANGUAGE_PL && !span_is(pos, "-")) {
        enum status status = inflect_lemma(lemma, visit_polish, &expansion);
        if (status == STATUS_END && !listed.len && span_is(pos, "n"))
            status = inflect_name(lemma, visit_polish, &expansion);
        expansion.failed |= status == STATUS_FATAL;
    } else if (language == LANGUAGE_EN && !listed.len) {
        give_english(&expansion, lemma, pos);
    }
    return expansion.failed ? fault_memory(fault) : STATUS_OK;
}
