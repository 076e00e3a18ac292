/* Builds a lexicon blob: forms and phrases are gathered first (each form once, with the best claim
 * to it), then laid out. */
#include "stages/score/collect_items.h"
#include "stages/score/expand_lexicon.h"
#include "stages/score/layout.h"

#include "stages/text/inflect.h"

#include <stdlib.h>

static struct build_form *form_at(struct build *build, uint64_t hash) {
    uint64_t *index = counts_at(&build->form_index, hash);
    if (!index)
        return NULL;
    if (*index)
        return &build->forms[*index - 1];
    if (build->form_count == build->form_cap) {
        size_t cap = build->form_cap ? build->form_cap * 2 : 4096;
        struct build_form *forms = realloc(build->forms, cap * sizeof *forms);
        if (!forms)
            return NULL;
        build->forms = forms;
        build->form_cap = cap;
    }
    build->forms[build->form_count] =
        (struct build_form){.hash = hash, .word = SOURCE_NONE, .modifier = SOURCE_NONE};
    *index = ++build->form_count;
    return &build->forms[build->form_count - 1];
}

/* What a visit adds: the source entry, or membership of a class. */
struct adding {
    struct build *build;
    uint32_t entry; /* in source */
    uint16_t class; /* 0: add a valence */
    bool fold;
};

/* Two lemmas may share a form: the better claim wins; of equal claims the weaker valence, so that
 * an ambiguous form does not shout, and none at all when they contradict each other. */
static void claim(struct build_form *form, uint32_t entry, int valence, uint8_t flags,
                  uint8_t rank) {
    if (form->word == SOURCE_NONE || form->rank < rank) {
        form->word = entry;
        form->rank = rank;
        form->valence = (int16_t)valence;
        form->flags = flags;
    } else if (form->word != entry && form->rank == rank) {
        if (form->valence * valence < 0)
            form->valence = 0;
        else if (abs(valence) < abs(form->valence))
            form->valence = (int16_t)valence;
    }
}

static bool add_spelling(struct adding *adding, struct span spelling, uint8_t flags, uint8_t rank) {
    struct build *build = adding->build;
    struct build_form *form = form_at(build, token_hash(spelling));
    if (!form)
        return false;
    if (!adding->class) {
        int valence = build->source->entries[adding->entry].valence;
        if (flags & ENTRY_OPPOSITE)
            valence = valence > 0 ? -valence * 7 / 10 : -valence / 2;
        claim(form, adding->entry, valence, flags, rank);
        return true;
    }
    for (unsigned i = 0; i < form->class_count; i++)
        if (form->classes[i] == adding->class)
            return true;
    if (form->class_count < FORM_CLASSES)
        form->classes[form->class_count++] = adding->class;
    else
        build->crowded++;
    return true;
}

/* dont, don’t: how an apostrophe is typed. The bare spelling is left out where it is a word. */
static bool add_apostrophes(struct adding *adding, struct span form, uint8_t flags) {
    static const char *const words[] = {"were", "well", "shell", "hell", "ill", "id", "its", "wed"};
    char bare[128], curly[384];
    size_t bare_len = 0, curly_len = 0;
    if (form.len > sizeof bare || !memchr(form.at, '\'', form.len))
        return true;
    for (size_t i = 0; i < form.len; i++) {
        if (form.at[i] == '\'') {
            memcpy(curly + curly_len, "\xE2\x80\x99", 3);
            curly_len += 3;
        } else {
            curly[curly_len++] = bare[bare_len++] = form.at[i];
        }
    }
    struct span plain = {bare, bare_len};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (span_is(plain, words[i]))
            plain.len = 0;
    if (span_ends(form, "'s"))
        plain.len = 0;
    return add_spelling(adding, (struct span){curly, curly_len}, flags, RANK_LISTED) &&
           (!plain.len || add_spelling(adding, plain, flags, RANK_FOLDED));
}

static bool add_form(struct span form, enum form_origin origin, void *context) {
    static const uint8_t ranks[] = {
        [FORM_LEMMA] = RANK_LEMMA, [FORM_LISTED] = RANK_LISTED, [FORM_DERIVED] = RANK_DERIVED};
    struct adding *adding = context;
    struct span lemma = adding->build->source->entries[adding->entry].text;
    uint8_t flags = origin == FORM_DERIVED ? ENTRY_DERIVED : 0;
    if (!adding->class && origin == FORM_DERIVED && span_starts(form, "nie") &&
        !span_starts(lemma, "nie"))
        flags |= ENTRY_OPPOSITE;
    if (!add_spelling(adding, form, flags, ranks[origin]) || !add_apostrophes(adding, form, flags))
        return false;
    if (!adding->fold)
        return true;
    struct buf folded;
    buf_init(&folded, 4096);
    bool good = text_fold(form, true, &folded) == STATUS_OK;
    struct span plain = buf_as_span(&folded);
    /* within a phrase the neighbours tell words apart; alone, another word must not be meant */
    if (good && !span_equal(plain, form) && (adding->class || !inflect_known(plain)))
        good = add_spelling(adding, plain, flags | ENTRY_FOLDED, RANK_FOLDED);
    buf_release(&folded);
    return good;
}

static enum status add_word(struct build *build, uint32_t number, struct fault *fault) {
    const struct lexicon_source_entry *entry = &build->source->entries[number];
    struct adding adding = {build, number, 0, build->language == LANGUAGE_PL};
    return expand_lemma(build->language, entry->text, entry->pos, entry->note, add_form, &adding,
                        fault);
}

/* One token as it stands: a single-word modifier or an emoji. */
static enum status add_token(struct build *build, uint32_t number, const struct token *token,
                             struct fault *fault) {
    const struct lexicon_source_entry *entry = &build->source->entries[number];
    struct build_form *form = form_at(build, lexicon_token_hash(token));
    if (!form)
        return fault_memory(fault);
    if (entry->shape == SHAPE_EMOJI) {
        claim(form, number, entry->valence, ENTRY_EMOJI, RANK_LEMMA);
        return STATUS_OK;
    }
    form->modifier = number;
    struct span spelling = token_form(&build->tokens, token);
    struct buf plain;
    buf_init(&plain, 4096);
    enum status status = text_fold(spelling, true, &plain);
    if (status == STATUS_OK && !span_equal(spelling, buf_as_span(&plain)) &&
        !inflect_known(buf_as_span(&plain))) {
        form = form_at(build, token_hash(buf_as_span(&plain)));
        if (form && form->modifier == SOURCE_NONE)
            form->modifier = number;
    }
    buf_release(&plain);
    return form && status == STATUS_OK ? STATUS_OK : fault_memory(fault);
}

/* The class of one exact form or of a lemma (`lemma` tells them apart). */
static enum status class_of(struct build *build, uint32_t number, struct span text, bool lemma,
                            uint16_t *out, struct fault *fault) {
    uint64_t *class = counts_at(&build->class_index, token_hash(text) ^ (lemma ? 1 : 0));
    if (!class)
        return fault_memory(fault);
    *out = (uint16_t) * class;
    if (*class)
        return STATUS_OK;
    if (build->class_count >= UINT16_MAX)
        return fault_set(fault, STATUS_FATAL, EXIT_DATA, "too many different words in phrases");
    *class = *out = ++build->class_count;
    struct adding adding = {build, number, *out, true};
    if (!lemma)
        return add_form(text, FORM_LEMMA, &adding) ? STATUS_OK : fault_memory(fault);
    struct span pos = SPAN_LITERAL("v"), noun = SPAN_LITERAL("n"), note = {"", 0};
    const struct lexicon_source_entry *known = build_find_word(build, text);
    if (known) {
        pos = known->pos;
        note = known->note;
    }
    enum status status = expand_lemma(build->language, text, pos, note, add_form, &adding, fault);
    if (status == STATUS_OK && !known)
        status = expand_lemma(build->language, text, noun, note, add_form, &adding, fault);
    return status;
}

static enum status step(struct build *build, uint32_t *node, uint16_t class, struct fault *fault) {
    uint64_t *next = counts_at(&build->edge_index, (uint64_t)*node << 16 | class);
    if (!next)
        return fault_memory(fault);
    if (!*next) {
        if (build->edge_count >= UINT16_MAX - 1)
            return fault_set(fault, STATUS_FATAL, EXIT_DATA, "too many phrases");
        *next = build_add_edge(build, *node, class);
        if (!*next)
            return fault_memory(fault);
    }
    *node = (uint32_t)*next;
    return STATUS_OK;
}

/* Walks the blank-separated pieces of a phrase: "_", "word~" or plain text (perhaps several
 * tokens). */
static enum status add_phrase(struct build *build, uint32_t number, struct fault *fault) {
    struct span rest = build->source->entries[number].text;
    uint32_t node = NODE_ROOT;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && rest.len) {
        const char *blank = memchr(rest.at, ' ', rest.len);
        struct span piece = {rest.at, blank ? (size_t)(blank - rest.at) : rest.len};
        rest = (struct span){piece.at + piece.len + (blank != NULL),
                             rest.len - piece.len - (blank != NULL)};
        if (span_is(piece, "_")) {
            status = step(build, &node, CLASS_ANY, fault);
            continue;
        }
        bool lemma = piece.len > 1 && piece.at[piece.len - 1] == '~';
        piece.len -= lemma;
        status = tokens_read(&build->tokens, piece, fault);
        for (uint32_t i = 0; status == STATUS_OK && i < build->tokens.count; i++) {
            const struct token *token = &build->tokens.at[i];
            uint16_t class = CLASS_ANY;
            if (token->flags & TOKEN_PART)
                continue;
            status =
                class_of(build, number, token_form(&build->tokens, token), lemma, &class, fault);
            if (status == STATUS_OK)
                status = step(build, &node, class, fault);
        }
    }
    if (status != STATUS_OK || node == NODE_ROOT)
        return status;
    return build_add_output(build, node, number) ? STATUS_OK : fault_memory(fault);
}

static enum status add_entry(struct build *build, uint32_t number, struct fault *fault) {
    const struct lexicon_source_entry *entry = &build->source->entries[number];
    bool phrase = entry->shape == SHAPE_PHRASE || entry->shape == SHAPE_CUE ||
                  memchr(entry->text.at, ' ', entry->text.len) ||
                  memchr(entry->text.at, '~', entry->text.len);
    if (phrase)
        return add_phrase(build, number, fault);
    if (entry->shape == SHAPE_WORD && !span_is(entry->pos, "-"))
        return add_word(build, number, fault);
    enum status status = tokens_read(&build->tokens, entry->text, fault);
    if (status != STATUS_OK)
        return status;
    if (build->tokens.count != 1)
        return add_phrase(build, number, fault);
    if (entry->shape == SHAPE_WORD && build->tokens.at[0].kind == TOKEN_WORD)
        return add_word(build, number, fault);
    return add_token(build, number, &build->tokens.at[0], fault);
}

enum status lexicon_build(struct lexicon_source *source, enum language language, struct buf *blob,
                          struct buf *messages, struct fault *fault) {
    struct build build = {.source = source, .language = language};
    tokens_init(&build.tokens);
    enum status status = build_index_words(&build) ? STATUS_OK : fault_memory(fault);
    for (uint32_t i = 0; status == STATUS_OK && i < source->count; i++) {
        enum language own = source->files[source->entries[i].file].language;
        if (own == LANGUAGE_OTHER || own == language)
            status = add_entry(&build, i, fault);
    }
    if (status == STATUS_OK && build.crowded)
        buf_format(messages, "%zu forms belong to more than %d phrase classes\n", build.crowded,
                   FORM_CLASSES);
    if (status == STATUS_OK)
        status = build_layout(&build, blob, fault);
    build_release(&build);
    return status;
}
