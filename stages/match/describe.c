/* What a compiled query became, for people: each leaf with its forms in the order of the alphabet.
 */
#include "stages/match/query.h"

#include <stdlib.h>

/* A form as it is printed; `whole` forms (tags of a phrase) come behind those of its words. */
struct line {
    uint32_t leaf;
    uint8_t word;
    bool whole, prefix, capital;
    struct span form;
};

static int by_place(const void *left, const void *right) {
    const struct line *a = left, *b = right;
    if (a->leaf != b->leaf)
        return a->leaf < b->leaf ? -1 : 1;
    if (a->whole != b->whole)
        return a->whole ? 1 : -1;
    if (a->word != b->word)
        return a->word < b->word ? -1 : 1;
    int order = span_compare(a->form, b->form);
    return order ? order : a->capital - b->capital;
}

/* With a capital where the text must have one. */
static void put_form(const struct line *line, struct buf *out) {
    uint32_t codepoint;
    size_t len = line->capital && line->form.len ? text_next_char(line->form, &codepoint) : 0;
    if (len)
        buf_codepoint(out, text_upper(codepoint));
    buf_add(out, line->form.at + len, line->form.len - len);
}

/* The forms of one word, from lines[at] on; returns where the next word begins. */
static uint32_t put_forms(const struct line *lines, uint32_t at, uint32_t count, struct buf *out) {
    const struct line *first = &lines[at];
    buf_text(out, first->whole ? "      #" : "      ");
    for (; at < count; at++) {
        const struct line *line = &lines[at];
        if (line->leaf != first->leaf || line->word != first->word || line->whole != first->whole)
            break;
        if (line > first && span_equal(line->form, line[-1].form)) /* the free one stands first */
            continue;
        buf_text(out, line > first ? ", " : "");
        put_form(line, out);
        buf_text(out, line->prefix ? "*" : "");
    }
    buf_char(out, '\n');
    return at;
}

static void put_leaf(const struct query_set *set, const struct leaf *leaf, struct buf *out) {
    const char *label = leaf->kind != LEAF_WORDS ? "field"
                        : leaf->spelling         ? "written apart"
                        : leaf->cased            ? "with its capitals"
                        : leaf->words > 1        ? "phrase"
                                                 : "word";
    buf_format(out, "  %s%s: ", leaf->negated ? "without " : "", label);
    buf_add(out, set->brands[leaf->brand].query + leaf->at, leaf->len);
    buf_char(out, '\n');
}

void query_set_describe(const struct query_set *set, struct buf *out) {
    struct line *lines = calloc((size_t)set->entry_count + 1, sizeof *lines);
    if (!lines) {
        out->failed = true;
        return;
    }
    for (uint32_t i = 0; i < set->entry_count; i++) {
        const struct form_entry *entry = &set->entries[i];
        lines[i] = (struct line){.leaf = entry->leaf,
                                 .word = entry->word,
                                 .whole = (entry->flags & ENTRY_WHOLE) != 0,
                                 .prefix = (entry->flags & ENTRY_PREFIX) != 0,
                                 .capital = (entry->flags & ENTRY_CAPITAL) != 0,
                                 .form = query_string(set, entry->form, entry->form_len)};
    }
    qsort(lines, set->entry_count, sizeof *lines, by_place);
    uint32_t line = 0, brand = UINT32_MAX;
    for (uint32_t i = 0; i < set->leaf_count; i++) {
        const struct leaf *leaf = &set->leaves[i];
        if (leaf->brand != brand)
            buf_format(out, "%s: %s\n", set->brands[leaf->brand].id,
                       set->brands[leaf->brand].query);
        brand = leaf->brand;
        put_leaf(set, leaf, out);
        while (line < set->entry_count && lines[line].leaf == i)
            line = put_forms(lines, line, set->entry_count, out);
    }
    free(lines);
}
