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

static bool leaf_holds(const struct question *question, uint32_t leaf) {
    const struct leaf *asked = &question->set->leaves[leaf];
    if (asked->kind == LEAF_WORDS)
        return question->scratch->leaves[leaf].hit == question->scratch->epoch;
    return field_holds(question->set, asked, question->post, question->tokens, question->language);
}

/* The last place of one operand of NEAR. */
struct place {
    bool known;
    uint32_t from, to;
};

static bool are_near(const struct place *a, const struct place *b, uint32_t near) {
    if (!a->known || !b->known)
        return false;
    const struct place *first = a->to <= b->to ? a : b, *second = first == a ? b : a;
    return second->from > first->to && second->from - first->to <= near;
}

static bool near_holds(const struct question *question, const struct node *node) {
    const struct match_scratch *scratch = question->scratch;
    const struct node *left = &question->set->nodes[node->left];
    struct place places[2] = {{0}, {0}};
    for (uint32_t i = 0; i < scratch->hit_count; i++) {
        const struct near_hit *hit = &scratch->hits[i];
        if (hit->leaf < node->leaf_first || hit->leaf >= node->leaf_end)
            continue;
        places[hit->leaf >= left->leaf_end] = (struct place){true, hit->from, hit->to};
        if (are_near(&places[0], &places[1], node->near))
            return true;
    }
    return false;
}

static bool node_holds(const struct question *question, const struct node *node) {
    const uint8_t *values = question->scratch->values;
    switch (node->kind) {
    case NODE_LEAF:
        return leaf_holds(question, node->leaf_first);
    case NODE_AND:
        return values[node->left] && values[node->right];
    case NODE_OR:
        return values[node->left] || values[node->right];
    case NODE_NOT:
        return !values[node->left];
    default:
        return values[node->left] && values[node->right] && near_holds(question, node);
    }
}

static bool brand_holds(const struct question *question, const struct query_brand *brand) {
    if (brand->node_first == brand->node_end)
        return false;
    for (uint32_t i = brand->node_first; i < brand->node_end; i++)
        question->scratch->values[i] = node_holds(question, &question->set->nodes[i]);
    return question->scratch->values[brand->node_end - 1];
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
    scratch->touched_count = scratch->hit_count = 0;
    for (uint32_t i = 0; set->always_count && i < set->brand_count; i++)
        if (set->brands[i].always)
            scratch_touch(scratch, (uint16_t)i);
}

size_t query_set_match(const struct query_set *set, struct match_scratch *scratch,
                       const struct post *post, const struct tokens *tokens, enum language language,
                       const struct match **out) {
    struct question question = {set, scratch, post, tokens, language};
    begin(scratch, set);
    match_tokens(set, scratch, tokens);
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
