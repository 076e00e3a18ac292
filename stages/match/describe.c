/* What a compiled query became, for people. */
#include "stages/match/query.h"

static const char *leaf_label(const struct leaf *leaf) {
    if (leaf->kind != LEAF_WORDS)
        return "field";
    return leaf->split ? "written apart" : leaf->words > 1 ? "phrase" : "word";
}

static void put_entry(const struct query_set *set, const struct entry *entry, struct buf *out) {
    struct span form = query_string(set, entry->form, entry->form_len);
    buf_span(out, form);
    if (entry->flags & ENTRY_PREFIX)
        buf_char(out, '*');
}

/* Entries are sorted by hash; a reader wants them in the order of the alphabet, so each form looks
 * for its successor. Forms of one word are few. */
static const struct entry *next_form(const struct query_set *set, uint32_t leaf, uint8_t word,
                                     bool whole, const struct entry *after) {
    const struct entry *best = NULL;
    for (uint32_t i = 0; i < set->entry_count; i++) {
        const struct entry *entry = &set->entries[i];
        if (entry->leaf != leaf || entry->word != word ||
            whole != ((entry->flags & ENTRY_WHOLE) != 0))
            continue;
        struct span form = query_string(set, entry->form, entry->form_len);
        if (after && span_compare(form, query_string(set, after->form, after->form_len)) <= 0)
            continue;
        if (!best || span_compare(form, query_string(set, best->form, best->form_len)) < 0)
            best = entry;
    }
    return best;
}

static void put_forms(const struct query_set *set, uint32_t leaf, uint8_t word, bool whole,
                      struct buf *out) {
    const struct entry *entry = next_form(set, leaf, word, whole, NULL);
    if (!entry)
        return;
    buf_text(out, whole ? "      #" : "      ");
    for (const char *gap = ""; entry; gap = ", ") {
        buf_text(out, gap);
        put_entry(set, entry, out);
        entry = next_form(set, leaf, word, whole, entry);
    }
    buf_char(out, '\n');
}

static void put_leaf(const struct query_set *set, uint32_t index, struct buf *out) {
    const struct leaf *leaf = &set->leaves[index];
    const struct query_brand *brand = &set->brands[leaf->brand];
    buf_format(out, "  %s%s: ", leaf->negated ? "without " : "", leaf_label(leaf));
    buf_add(out, brand->query + leaf->at, leaf->len);
    buf_char(out, '\n');
    if (leaf->kind != LEAF_WORDS)
        return;
    for (uint8_t word = 0; word < leaf->words; word++)
        put_forms(set, index, word, false, out);
    if (leaf->words > 1)
        put_forms(set, index, 0, true, out);
}

void query_set_describe(const struct query_set *set, struct buf *out) {
    for (uint32_t i = 0; i < set->brand_count; i++) {
        const struct query_brand *brand = &set->brands[i];
        buf_format(out, "%s: %s\n", brand->id, brand->query);
        if (brand->node_first == brand->node_end)
            continue;
        const struct node *root = &set->nodes[brand->node_end - 1];
        for (uint32_t leaf = root->leaf_first; leaf < root->leaf_end; leaf++)
            put_leaf(set, leaf, out);
    }
}
