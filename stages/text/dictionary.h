/* dictionary: the layout of forms.bin, which compile_forms writes when the program is built and
 * inflect.c reads in place. All numbers are little-endian uint32; words are ISO 8859-2, lower case,
 * so that one letter is one byte, in the rules too. The automaton also holds the English word list;
 * what a form is, its kinds say.
 *
 *   header
 *   lemma index  [lemma_count]  offsets of "lemma\0flags\0" in the text, in byte order of lemmas
 *   plain index  [plain_count]  offsets of those lemmas that have diacritics, in the byte order of
 *                               their plain spelling
 *   rules        [rule_count]   struct dictionary_rule, by flag
 *   first rule   [257]          where each flag's rules begin
 *   edges        [edge_count]   the minimal automaton of all forms: letter | final << 8 |
 *                               last << 9 | target << 10; a state is a run of edges up to `last`
 *   kinds        [edge_count]   a byte for each edge: enum word_kind bits of the form that ends
 * there text                        lemmas, flags, endings and conditions, NUL-terminated */
#ifndef BURZA_DICTIONARY_H
#define BURZA_DICTIONARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DICTIONARY_MAGIC UINT32_C(0x32464C50) /* "PLF2" */
#define DICTIONARY_WORD_MAX 64

struct dictionary_header {
    uint32_t magic;
    uint32_t lemma_count, plain_count, rule_count, edge_count, root;
    uint32_t lemmas_at, plains_at, rules_at, first_rules_at, edges_at, kinds_at, text_at, size;
};

struct dictionary_rule {
    uint32_t strip, add, condition; /* offsets in the text */
};

#define EDGE_FINAL UINT32_C(0x100)
#define EDGE_LAST UINT32_C(0x200)
#define EDGE_TARGET_SHIFT 10

/* ISO 8859-2 byte of a code point, 0 when it has none. */
unsigned char latin2_from(uint32_t codepoint);
uint32_t latin2_codepoint(unsigned char byte);
/* Lower case; plain: Polish letters without their marks as well. */
unsigned char latin2_lower(unsigned char byte);
unsigned char latin2_plain(unsigned char byte);

/* Writes the form that the rule makes of `word`; its length, or 0 when the rule does not fit. */
size_t rule_apply(const char *strip, const char *add, const char *condition, const char *word,
                  size_t len, char out[DICTIONARY_WORD_MAX * 2]);

#endif
