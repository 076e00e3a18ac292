/* Which terms of a query name its brand, and where a text has them. */
#include "stages/match/scratch.h"

#include <stdlib.h>

enum { ALIKE_BYTES = 4, WORD_MAX = 256 };

static bool is_letter(char byte) {
    return (unsigned char)byte >= 0x80 || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') ||
           (byte >= '0' && byte <= '9');
}

static size_t common_prefix(struct span a, struct span b) {
    size_t len = 0;
    while (len < a.len && len < b.len && a.at[len] == b.at[len])
        len++;
    return len;
}

/* Whether a word of `text` begins like `word`: with ALIKE_BYTES of it, or is the whole of it. */
static bool has_alike(struct span text, struct span word) {
    for (size_t i = 0; i < text.len; i++) {
        if (!is_letter(text.at[i]) || (i > 0 && is_letter(text.at[i - 1])))
            continue;
        struct span rest = {text.at + i, text.len - i};
        size_t same = common_prefix(rest, word);
        bool ends = same == rest.len || !is_letter(rest.at[same]);
        if (same >= ALIKE_BYTES || (ends && same == word.len && same > 1))
            return true;
    }
    return false;
}

static struct span folded(const char *text, struct buf *out) {
    buf_clear(out);
    if (!text || text_fold(span_of(text), true, out) != STATUS_OK)
        return (struct span){"", 0};
    return buf_as_span(out);
}

/* What a brand is called, folded. */
struct callings {
    struct buf id, name, term;
};

static bool looks_like_brand(struct callings *callings, struct span term) {
    char copy[WORD_MAX];
    size_t from = 0;
    while (from < term.len && !is_letter(term.at[from]))
        from++;
    size_t len = term.len - from < sizeof copy ? term.len - from : sizeof copy - 1;
    memcpy(copy, term.at + from, len);
    copy[len] = 0;
    struct span word = folded(copy, &callings->term);
    size_t end = 0;
    while (end < word.len && is_letter(word.at[end]))
        end++;
    word.len = end;
    return word.len && (has_alike(buf_as_span(&callings->id), word) ||
                        has_alike(buf_as_span(&callings->name), word));
}

static bool any_looks_like_brand(const struct query_set *set, const struct node *node,
                                 struct callings *callings) {
    for (uint32_t i = node->leaf_first; i < node->leaf_end; i++) {
        const struct leaf *leaf = &set->leaves[i];
        struct span term = {set->brands[leaf->brand].query + leaf->at, leaf->len};
        if (!leaf->negated && leaf->kind == LEAF_WORDS && looks_like_brand(callings, term))
            return true;
    }
    return false;
}

static bool has_words(const struct query_set *set, const struct node *node) {
    for (uint32_t i = node->leaf_first; i < node->leaf_end; i++)
        if (!set->leaves[i].negated && set->leaves[i].kind <= LEAF_RAW)
            return true;
    return false;
}

/* Both sides of OR may name the brand; of AND and NEAR those that look like it, else the first. */
static void mark(struct query_set *set, uint32_t number, struct callings *callings) {
    const struct node *node = &set->nodes[number];
    if (node->kind == NODE_NOT)
        return;
    if (node->kind == NODE_LEAF) {
        struct leaf *leaf = &set->leaves[node->leaf_first];
        leaf->names = !leaf->negated && leaf->kind <= LEAF_RAW;
        set->has_raw_names |= leaf->names && leaf->kind == LEAF_RAW;
        return;
    }
    const struct node *left = &set->nodes[node->left], *right = &set->nodes[node->right];
    bool both = node->kind == NODE_OR;
    bool first = both || any_looks_like_brand(set, left, callings);
    bool second = both || any_looks_like_brand(set, right, callings);
    if (!first && !second) {
        first = has_words(set, left);
        second = !first;
    }
    if (first)
        mark(set, node->left, callings);
    if (second)
        mark(set, node->right, callings);
}

void query_mark_names(struct query_set *set, const struct brand *brand) {
    struct callings callings;
    buf_init(&callings.id, 1 << 16);
    buf_init(&callings.name, 1 << 16);
    buf_init(&callings.term, 1 << 16);
    folded(brand->id, &callings.id);
    folded(brand->name, &callings.name);
    mark(set, set->node_count - 1, &callings);
    buf_release(&callings.id);
    buf_release(&callings.name);
    buf_release(&callings.term);
}

static void add_raw(const struct query_set *set, struct match_scratch *scratch, struct span text) {
    for (uint32_t i = 0; i < set->leaf_count; i++) {
        const struct leaf *leaf = &set->leaves[i];
        if (!leaf->names || leaf->kind != LEAF_RAW)
            continue;
        struct span body = field_body(set, leaf);
        const char *at = text.at, *end = text.at + text.len;
        while (body.len && (at = memmem(at, (size_t)(end - at), body.at, body.len))) {
            uint32_t from = (uint32_t)(at - text.at);
            scratch_name(scratch, from, from + (uint32_t)body.len);
            at += body.len;
        }
    }
}

static int by_place(const void *left, const void *right) {
    const struct text_place *a = left, *b = right;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return (a->end > b->end) - (a->end < b->end);
}

size_t names_settle(const struct query_set *set, struct match_scratch *scratch, struct span text) {
    struct text_place *names = scratch->names;
    if (set->has_raw_names)
        add_raw(set, scratch, text);
    if (scratch->name_count > 1)
        qsort(names, scratch->name_count, sizeof *names, by_place);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < scratch->name_count; i++) {
        if (kept && names[i].from < names[kept - 1].end) {
            if (names[i].end > names[kept - 1].end)
                names[kept - 1].end = names[i].end;
        } else {
            names[kept++] = names[i];
        }
    }
    scratch->name_count = kept;
    return kept;
}
