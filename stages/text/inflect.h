/* inflect: a Polish lemma or name in, its inflected forms out.
 *
 * Words that the Polish hunspell dictionary knows are expanded by its affix rules, from a compiled
 * file that is part of the program (forms.bin, made at build time by text/compile_forms.c). Other
 * words, foreign and invented names, get Polish endings by rule (Orange'u, Samsungiem, mBankowi,
 * Norvii). Forms are given case folded, with diacritics, each once, the lemma first.
 *
 * Memory: nothing is kept. May fail: STATUS_FATAL out of memory. */
#ifndef BURZA_INFLECT_H
#define BURZA_INFLECT_H

#include "stages/common/buf.h"

/* Called for every form (borrowed for the call). Return false to stop. */
typedef bool inflect_visit(struct span form, void *context);

/* What the dictionaries say of a form, in any case. */
enum word_kind {
    WORD_POLISH = 1 << 0, /* a lemma or a form */
    WORD_COMMON = 1 << 1, /* of a lemma that is written small */
    WORD_SEVERAL =
        1 << 2, /* of several lemmas, one of them written small: dacie of dać and Dacia */
    WORD_ENGLISH = 1 << 3, /* in the English list, written small */
};
unsigned inflect_kinds(struct span word);
/* The same for all forms that give `plain` when their Polish marks are left out. */
unsigned inflect_kinds_unmarked(struct span plain);
/* True when the Polish dictionary knows `word` (any case) as a lemma or a form. */
bool inflect_known(struct span word);
/* Forms of a dictionary lemma; STATUS_END (and no call) when the dictionary has no such lemma. */
enum status inflect_lemma(struct span lemma, inflect_visit *visit, void *context) MUST_USE;
/* Forms of all dictionary lemmas that give `plain` when their Polish marks are left out (zabka:
 * żabka). STATUS_END when there is none. */
enum status inflect_unmarked(struct span plain, inflect_visit *visit, void *context) MUST_USE;
/* Forms that agree with a word that is itself an inflected form, without the word: adjectives
 * (Polska: Polskiej, Polską; Mazowieckie: Mazowieckich) and plural nouns. `word` is folded.
 * STATUS_END when it is neither. */
enum status inflect_agreeing(struct span word, inflect_visit *visit, void *context) MUST_USE;
/* Forms of a name by ending rules, whether the dictionary knows it or not. */
enum status inflect_name(struct span name, inflect_visit *visit, void *context) MUST_USE;

#endif
