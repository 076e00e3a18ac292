/* Reads forms.bin, which is linked into the program and used where it lies. */
#include "stages/text/inflect.h"
#include "stages/text/dictionary.h"
#include "stages/text/text.h"

#include <stdlib.h>

#define FORMS_MAX 1024

/* In forms_bin.S. */
extern const char burza_forms[];

static const struct dictionary_header *header(void) {
    return (const struct dictionary_header *)burza_forms;
}

static const uint32_t *numbers(uint32_t at) {
    return (const uint32_t *)(burza_forms + at);
}

static const char *text_at(uint32_t at) {
    return burza_forms + header()->text_at + at;
}

/* A word in the dictionary's alphabet. */
struct word {
    char at[DICTIONARY_WORD_MAX + 1];
    size_t len;
};

/* False when it is too long or has letters that ISO 8859-2 lacks. */
static bool word_from(struct span folded, struct word *word) {
    word->len = 0;
    while (folded.len > 0) {
        uint32_t codepoint;
        size_t len = text_next_char(folded, &codepoint);
        unsigned char byte = latin2_from(codepoint);
        if (byte == 0 || word->len == DICTIONARY_WORD_MAX)
            return false;
        word->at[word->len++] = (char)byte;
        folded.at += len;
        folded.len -= len;
    }
    word->at[word->len] = '\0';
    return word->len > 0;
}

/* STATUS_END when the word cannot be in the dictionary. */
static enum status word_fold(struct span text, struct word *word) {
    struct buf folded;
    size_t plain = 0; /* letters that are folded as they stand, which is most words */
    if (text.len > DICTIONARY_WORD_MAX * 4)
        return STATUS_END;
    while (plain < text.len && text.at[plain] >= 'a' && text.at[plain] <= 'z')
        plain++;
    if (plain == text.len)
        return word_from(text, word) ? STATUS_OK : STATUS_END;
    buf_init(&folded, (size_t)DICTIONARY_WORD_MAX * 128);
    enum status status = text_fold_written(text, false, &folded);
    if (status == STATUS_OK && !word_from(buf_as_span(&folded), word))
        status = STATUS_END;
    buf_release(&folded);
    return status;
}

static const uint8_t *kinds(void) {
    return (const uint8_t *)(burza_forms + header()->kinds_at);
}

unsigned inflect_kinds(struct span text) {
    struct word word;
    if (word_fold(text, &word) != STATUS_OK)
        return 0;
    const uint32_t *edges = numbers(header()->edges_at);
    uint32_t state = header()->root, at = 0;
    for (size_t i = 0; i < word.len; i++) {
        if (state == 0)
            return 0;
        /* the edge of that state with this letter */
        while ((unsigned char)edges[at = state++] != (unsigned char)word.at[i])
            if (edges[at] & EDGE_LAST)
                return 0;
        state = edges[at] >> EDGE_TARGET_SHIFT;
    }
    return edges[at] & EDGE_FINAL ? kinds()[at] : 0;
}

/* Kinds of the forms behind `state` that spell `rest` when their marks are left out. */
static unsigned walk_unmarked(uint32_t state, const char *rest) {
    const uint32_t *edges = numbers(header()->edges_at);
    unsigned found = 0;
    for (bool last = state == 0; !last; state++) {
        last = edges[state] & EDGE_LAST;
        if (latin2_plain((unsigned char)edges[state]) != (unsigned char)*rest)
            continue;
        if (rest[1])
            found |= walk_unmarked(edges[state] >> EDGE_TARGET_SHIFT, rest + 1);
        else if (edges[state] & EDGE_FINAL)
            found |= kinds()[state];
    }
    return found;
}

unsigned inflect_kinds_unmarked(struct span plain) {
    struct word word;
    return word_fold(plain, &word) == STATUS_OK ? walk_unmarked(header()->root, word.at) : 0;
}

bool inflect_known(struct span word) {
    return inflect_kinds(word) & WORD_POLISH;
}

/* The forms of one lemma, each once. */
struct paradigm {
    struct buf text;
    uint32_t starts[FORMS_MAX];
    uint32_t count;
};

static void paradigm_add(struct paradigm *paradigm, const char *form, size_t len) {
    for (uint32_t i = 0; i < paradigm->count; i++) {
        const char *known = paradigm->text.at + paradigm->starts[i];
        if (strlen(known) == len && memcmp(known, form, len) == 0)
            return;
    }
    if (paradigm->count == FORMS_MAX)
        return;
    paradigm->starts[paradigm->count++] = (uint32_t)paradigm->text.len;
    buf_add(&paradigm->text, form, len);
    buf_char(&paradigm->text, '\0');
}

static void paradigm_fill(struct paradigm *paradigm, const char *lemma) {
    const uint32_t *first_rules = numbers(header()->first_rules_at);
    const struct dictionary_rule *rules =
        (const struct dictionary_rule *)(burza_forms + header()->rules_at);
    size_t len = strlen(lemma);
    paradigm_add(paradigm, lemma, len);
    for (const char *flags = lemma + len + 1; *flags; flags++) {
        unsigned char flag = (unsigned char)*flags;
        for (uint32_t i = first_rules[flag]; i < first_rules[flag + 1]; i++) {
            char form[DICTIONARY_WORD_MAX * 2];
            size_t made = rule_apply(text_at(rules[i].strip), text_at(rules[i].add),
                                     text_at(rules[i].condition), lemma, len, form);
            if (made > 0)
                paradigm_add(paradigm, form, made);
        }
    }
}

static enum status give_paradigm(const char *lemma, inflect_visit *visit, void *context) {
    struct paradigm *paradigm = calloc(1, sizeof *paradigm);
    if (!paradigm)
        return STATUS_FATAL;
    struct buf utf8;
    buf_init(&utf8, (size_t)DICTIONARY_WORD_MAX * 8);
    buf_init(&paradigm->text, (size_t)FORMS_MAX * DICTIONARY_WORD_MAX * 2);
    paradigm_fill(paradigm, lemma);
    bool going = !paradigm->text.failed;
    for (uint32_t i = 0; going && i < paradigm->count; i++) {
        buf_clear(&utf8);
        for (const char *at = paradigm->text.at + paradigm->starts[i]; *at; at++)
            buf_codepoint(&utf8, latin2_codepoint((unsigned char)*at));
        going = visit(buf_as_span(&utf8), context);
    }
    enum status status = paradigm->text.failed || utf8.failed ? STATUS_FATAL : STATUS_OK;
    buf_release(&paradigm->text);
    buf_release(&utf8);
    free(paradigm);
    return status;
}

enum status inflect_lemma(struct span lemma, inflect_visit *visit, void *context) {
    struct word word;
    enum status status = word_fold(lemma, &word);
    if (status != STATUS_OK)
        return status;
    const uint32_t *lemmas = numbers(header()->lemmas_at);
    uint32_t low = 0, high = header()->lemma_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const char *found = text_at(lemmas[middle]);
        int order = strcmp(found, word.at);
        if (order == 0)
            return give_paradigm(found, visit, context);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return STATUS_END;
}

static int compare_plain(const char *lemma, const char *plain) {
    for (;; lemma++, plain++) {
        unsigned char letter = latin2_plain((unsigned char)*lemma);
        if (letter != (unsigned char)*plain)
            return letter < (unsigned char)*plain ? -1 : 1;
        if (!letter)
            return 0;
    }
}

enum status inflect_unmarked(struct span plain, inflect_visit *visit, void *context) {
    struct word word;
    enum status status = word_fold(plain, &word);
    if (status != STATUS_OK)
        return status;
    const uint32_t *plains = numbers(header()->plains_at);
    uint32_t low = 0, high = header()->plain_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare_plain(text_at(plains[middle]), word.at) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    status = STATUS_END;
    for (; low < header()->plain_count && status != STATUS_FATAL; low++) {
        if (compare_plain(text_at(plains[low]), word.at) != 0)
            break;
        status = give_paradigm(text_at(plains[low]), visit, context);
    }
    return status;
}
