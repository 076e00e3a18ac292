/* Hits to brands: every touched brand's nodes are walked once, children first. */
#include "stages/match/scratch.h"

#include <stdlib.h>

enum status match_scratch_new(struct match_scratch **out, const struct query_set *set,
                              struct fault *fault) {
    struct match_scratch *scratch = calloc(1, sizeof *scratch);
    if (!scratch)
        return fault_memory(fault);
    scratch->leaves = calloc(set->leaf_count + 1, sizeof *scratch->leaves);
    scratch->brands = calloc(set->brand_count + 1, sizeof *scratch->brands);
    scratch->touched = calloc(set->brand_count + 1, sizeof *scratch->touched);
    scratch->values = calloc(set->node_count + 1, 1);
    scratch->matches = calloc(set->brand_count + 1, sizeof *scratch->matches);
    *out = scratch;
    if (scratch->leaves && scratch->brands && scratch->touched && scratch->values &&
        scratch->matches)
        return STATUS_OK;
    match_scratch_free(scratch);
    *out = NULL;
    return fault_memory(fault);
}

void match_scratch_free(struct match_scratch *scratch) {
    if (!scratch)
        return;
    free(scratch->leaves);
    free(scratch->brands);
    free(scratch->touched);
    free(scratch->values);
    free(scratch->matches);
    free(scratch);
}

/* What is being matched. */
struct question {
    const struct query_set *set;
    struct match_scratch *scratch;
    const struct post *post;
    const struct tokens *tokens;
    enum language language;
};

/* Whether the two operands were found, in any order, at most `near` words apart. */
static bool near_holds(const struct question *question, const struct node *node) {
    const struct match_scratch *scratch = question->scratch;
    const struct node *left = &question->set->nodes[node->left];
    const struct near_hit *last[2] = {NULL, NULL}; /* of the operands */
    for (uint32_t i = 0; i < scratch->hit_count; i++) {
        const struct near_hit *hit = &scratch->hits[i];
        if (hit->leaf < node->leaf_first || hit->leaf >= node->leaf_end)
            continue;
        last[hit->leaf >= left->leaf_end] = hit;
        if (!last[0] || !last[1])
            continue;
        bool in_order = last[0]->to <= last[1]->to;
        const struct near_hit *first = last[!in_order], *second = last[in_order];
        if (second->from > first->to && second->from - first->to <= node->near)
            return true;
    }
    return false;
}

static bool brand_holds(const struct question *question, const struct query_brand *brand) {
    const struct query_set *set = question->set;
    uint8_t *values = question->scratch->values;
    if (brand->node_first == brand->node_end)
        return false;
    for (uint32_t i = brand->node_first; i < brand->node_end; i++) {
        const struct node *node = &set->nodes[i];
        const struct leaf *leaf = &set->leaves[node->leaf_first];
        bool left = values[node->left], right = values[node->right];
        switch (node->kind) {
        case NODE_LEAF:
            if (leaf->kind == LEAF_WORDS)
                values[i] =
                    question->scratch->leaves[node->leaf_first].hit == question->scratch->epoch;
            else
                values[i] =
                    field_holds(set, leaf, question->post, question->tokens, question->language);
            break;
        case NODE_AND:
            values[i] = left && right;
            break;
        case NODE_OR:
            values[i] = left || right;
            break;
        case NODE_NOT:
            values[i] = !left;
            break;
        default:
            values[i] = left && right && near_holds(question, node);
        }
    }
    return values[brand->node_end - 1];
}

/* The hit that stands for the match: of the first word of the query that was found. */
static void set_evidence(const struct question *question, const struct query_brand *brand,
                         struct match *match) {
    if (brand->node_first == brand->node_end)
        return;
    const struct node *root = &question->set->nodes[brand->node_end - 1];
    for (uint32_t i = root->leaf_first; i < root->leaf_end; i++) {
        const struct leaf_state *state = &question->scratch->leaves[i];
        if (question->set->leaves[i].negated || state->hit != question->scratch->epoch)
            continue;
        match->first = state->first;
        match->last = state->last;
        return;
    }
}

static void touch_account(uint16_t brand, enum address address, void *context) {
    struct match_scratch *scratch = context;
    struct brand_state *state = &scratch->brands[brand];
    scratch_touch(scratch, brand);
    if (!address) {
        state->own = scratch->epoch;
    } else if (state->addressed != scratch->epoch) {
        state->addressed = scratch->epoch;
        state->address = (uint8_t)address;
    } else {
        state->address |= (uint8_t)address;
    }
}

static int by_brand(const void *left, const void *right) {
    const struct match *a = left, *b = right;
    return (a->brand > b->brand) - (a->brand < b->brand);
}

static void begin(struct match_scratch *scratch, const struct query_set *set) {
    if (++scratch->epoch == 0) { /* wrapped: old stamps could look new */
        memset(scratch->leaves, 0, set->leaf_count * sizeof *scratch->leaves);
        memset(scratch->brands, 0, set->brand_count * sizeof *scratch->brands);
        scratch->epoch = 1;
    }
    scratch->touched_count = scratch->hit_count = scratch->name_count = 0;
    for (uint32_t i = 0; set->always_count && i < set->brand_count; i++)
        if (set->brands[i].always)
            scratch_touch(scratch, (uint16_t)i);
}

static void scratch_read(const struct query_set *set, struct match_scratch *scratch,
                         const struct tokens *tokens) {
    begin(scratch, set);
    match_tokens(set, scratch, tokens);
}

size_t query_set_names(const struct query_set *set, struct match_scratch *scratch,
                       const struct tokens *tokens, const struct text_place **out) {
    scratch_read(set, scratch, tokens);
    scratch->read = tokens;
    *out = scratch->names;
    return names_settle(set, scratch, tokens->text);
}

size_t query_set_match(const struct query_set *set, struct match_scratch *scratch,
                       const struct post *post, const struct tokens *tokens, enum language language,
                       const struct match **out) {
    struct question question = {set, scratch, post, tokens, language};
    if (scratch->read != tokens)
        scratch_read(set, scratch, tokens);
    scratch->read = NULL;
    accounts_find(set, post, touch_account, scratch);
    size_t count = 0;
    for (uint32_t i = 0; i < scratch->touched_count; i++) {
        uint16_t index = scratch->touched[i];
        const struct query_brand *brand = &set->brands[index];
        const struct brand_state *state = &scratch->brands[index];
        bool own = state->own == scratch->epoch, addressed = state->addressed == scratch->epoch;
        bool named = !own && brand_holds(&question, brand);
        if (!own && !named && !addressed)
            continue;
        struct match *match = &scratch->matches[count++];
        *match = (struct match){.brand = index,
                                .role = own     ? ROLE_OWN
                                        : named ? ROLE_MENTION
                                                : ROLE_ADDRESSED,
                                .address = own || !addressed ? ADDRESS_NONE : state->address,
                                .first = UINT32_MAX,
                                .last = UINT32_MAX};
        if (own || named)
            set_evidence(&question, brand, match);
    }
    if (count > 1)
        qsort(scratch->matches, count, sizeof *scratch->matches, by_brand);
    *out = scratch->matches;
    return count;
}
