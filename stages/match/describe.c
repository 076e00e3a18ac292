/* What a compiled query became, for people: each leaf with its forms in the order of the alphabet.
 */
#include "stages/match/query.h"

#include <stdlib.h>

/* A form as it is printed; `whole` forms (tags of a phrase) come behind those of its words. */
struct line {
    uint32_t leaf;
    uint8_t word;
    bool whole, prefix;
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
    return span_compare(a->form, b->form);
}

static void fill_lines(const struct query_set *set, struct line *lines) {
    for (uint32_t i = 0; i < set->entry_count; i++) {
        const struct form_entry *entry = &set->entries[i];
        lines[i] = (struct line){.leaf = entry->leaf,
                                 .word = entry->word,
                                 .whole = (entry->flags & ENTRY_WHOLE) != 0,
                                 .prefix = (entry->flags & ENTRY_PREFIX) != 0,
                                 .form = query_string(set, entry->form, entry->form_len)};
    }
    if (set->entry_count)
        qsort(lines, set->entry_count, sizeof *lines, by_place);
}

static bool same_word(const struct line *a, const struct line *b) {
    return a->leaf == b->leaf && a->word == b->word && a->whole == b->whole;
}

/* The forms of one word, from lines[at] on; returns where the next word begins. */
static uint32_t put_forms(const struct line *lines, uint32_t at, uint32_t count, struct buf *out) {
    uint32_t first = at;
    buf_text(out, lines[at].whole ? "      #" : "      ");
    for (; at < count && same_word(&lines[at], &lines[first]); at++) {
        if (at > first && span_equal(lines[at].form, lines[at - 1].form))
            continue;
        buf_text(out, at > first ? ", " : "");
        buf_span(out, lines[at].form);
        buf_text(out, lines[at].prefix ? "*" : "");
    }
    buf_char(out, '\n');
    return at;
}

static const char *leaf_label(const struct leaf *leaf) {
    if (leaf->kind != LEAF_WORDS)
        return "field";
    return leaf->split ? "written apart" : leaf->words > 1 ? "phrase" : "word";
}

static void put_leaf(const struct query_set *set, const struct leaf *leaf, struct buf *out) {
    const struct query_brand *brand = &set->brands[leaf->brand];
    buf_format(out, "  %s%s: ", leaf->negated ? "without " : "", leaf_label(leaf));
    buf_add(out, brand->query + leaf->at, leaf->len);
    buf_char(out, '\n');
}

void query_set_describe(const struct query_set *set, struct buf *out) {
    struct line *lines = calloc((size_t)set->entry_count + 1, sizeof *lines);
    if (!lines) {
        out->failed = true;
        return;
    }
    fill_lines(set, lines);
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
