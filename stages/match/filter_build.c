/* Building the prefilter: which leaves of a query set any match needs, and their literals. */
#include "stages/match/filter.h"

#include <stdlib.h>

#define LITERAL_BITS_EACH 32
#define LITERAL_BITS_MIN 13
#define LITERAL_BITS_MAX 26

static void init_fold(struct filter *filter) {
    for (unsigned c = 0; c < 128; c++) {
        bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
        filter->fold[c] = (uint8_t)(word ? c : c >= 'A' && c <= 'Z' ? c + 32 : 0);
    }
    /* handles and tags are also read without these */
    filter->fold['_'] = filter->fold['.'] = FOLD_SKIP;
    for (uint32_t cp = 0x80; cp < PAIR_END; cp++) {
        char plain[TEXT_PLAIN_CHAR_MAX];
        int len = text_plain_char(cp, plain);
        uint16_t pair = len < 0 ? 0 : len == 0 ? PAIR_SKIP : PAIR_LONG;
        if (len == 1 || len == 2)
            pair =
                (uint16_t)((unsigned char)plain[0] | (len == 2 ? (unsigned char)plain[1] << 8 : 0));
        filter->pair[cp] = pair;
    }
}

/* Literal lengths of a leaf (0 when it needs none) and which word of its phrase gives them. */
struct leaf_literal {
    uint8_t len, word;
};

struct builder {
    struct query_set *set;
    struct filter *filter;
    uint32_t *first_entry; /* [leaf_count + 1]: where a leaf's entries begin in `order` */
    uint32_t *order;       /* [entry_count]: entries by leaf */
    struct leaf_literal *leaves;
    uint8_t *nodes;              /* [node_count]: literal length of a node */
    uint8_t *wanted;             /* [node_count]: a brand needs it */
    fragment_letters *fragments; /* [entry_count + leaf_count] of the literals chosen */
    size_t fragment_count;
};

static struct literal entry_literal(const struct builder *builder, const struct form_entry *entry) {
    struct span plain = query_string(builder->set, entry->plain, entry->plain_len);
    /* dominos is also found as Domino's */
    bool possessive = entry->flags & ENTRY_LEMMA && span_ends(plain, "s");
    plain.len -= possessive;
    struct literal literal = literal_of(builder->filter, plain);
    literal.whole &= !(entry->flags & ENTRY_PREFIX) && !possessive;
    return literal;
}

/* Counting sort of the entries by leaf. */
static void order_entries(struct builder *builder) {
    const struct query_set *set = builder->set;
    for (uint32_t i = 0; i < set->entry_count; i++)
        builder->first_entry[set->entries[i].leaf + 1]++;
    for (uint32_t i = 0; i < set->leaf_count; i++)
        builder->first_entry[i + 1] += builder->first_entry[i];
    for (uint32_t i = set->entry_count; i-- > 0;) {
        uint32_t leaf = set->entries[i].leaf;
        builder->order[--builder->first_entry[leaf + 1]] = i;
    }
    /* the loop moved every start to where it belongs, one leaf to the right */
    for (uint32_t i = 0; i < set->leaf_count; i++)
        builder->first_entry[i] = builder->first_entry[i + 1];
    builder->first_entry[set->leaf_count] = set->entry_count;
}

static struct leaf_literal words_literal(const struct builder *builder, uint32_t leaf) {
    uint8_t shortest[PHRASE_WORDS_MAX], whole = LITERAL_MAX;
    memset(shortest, LITERAL_MAX, sizeof shortest);
    uint32_t end = builder->first_entry[leaf + 1];
    for (uint32_t i = builder->first_entry[leaf]; i < end; i++) {
        const struct form_entry *entry = &builder->set->entries[builder->order[i]];
        uint8_t len = entry_literal(builder, entry).len;
        uint8_t *least = entry->flags & ENTRY_WHOLE ? &whole : &shortest[entry->word];
        *least = len < *least ? len : *least;
    }
    struct leaf_literal best = {0, 0};
    for (uint8_t word = 0; word < builder->set->leaves[leaf].words; word++)
        if (shortest[word] > best.len)
            best = (struct leaf_literal){shortest[word], word};
    best.len = best.len < whole ? best.len : whole;
    return best;
}

static struct literal text_literal(const struct builder *builder, const struct leaf *leaf) {
    struct literal literal = literal_of(builder->filter, field_body(builder->set, leaf));
    literal.whole = false; /* a field holds also for longer words */
    return literal;
}

/* Literal lengths from the leaves up: a node's children stand before it. */
static void measure_nodes(struct builder *builder) {
    const struct query_set *set = builder->set;
    for (uint32_t i = 0; i < set->node_count; i++) {
        const struct node *node = &set->nodes[i];
        uint8_t a = builder->nodes[node->left], b = builder->nodes[node->right];
        const struct leaf *leaf = &set->leaves[node->leaf_first];
        struct leaf_literal *literal = &builder->leaves[node->leaf_first];
        switch (node->kind) {
        case NODE_LEAF:
            if (leaf->kind == LEAF_WORDS)
                *literal = words_literal(builder, node->leaf_first);
            else if (leaf->kind == LEAF_RAW || leaf->kind == LEAF_URL)
                literal->len = text_literal(builder, leaf).len;
            builder->nodes[i] = literal->len;
            break;
        case NODE_NOT:
            builder->nodes[i] = 0;
            break;
        case NODE_OR:
            builder->nodes[i] = a < b ? a : b;
            break;
        default:
            builder->nodes[i] = a > b ? a : b;
        }
    }
}

static void add_literal(struct builder *builder, struct literal literal) {
    struct filter *filter = builder->filter;
    builder->fragments[builder->fragment_count++] = literal.fragment;
    if (literal.len == 0) { /* out of memory for it */
        filter->always = true;
        return;
    }
    filter->latin &= !(literal.bytes & UINT64_C(0x8080808080808080));
    unsigned suffix = literal.len < SUFFIX_MAX ? literal.len : SUFFIX_MAX;
    bits_set(filter->suffixes[suffix], suffix_hash(literal.bytes, suffix));
    if (suffix < SUFFIX_MAX)
        filter->has[suffix] = true;
    filter->lengths[literal.whole] |= (uint16_t)(1u << literal.len);
    bits_set(filter->literals[literal.whole], literal_hash(filter, literal.bytes, literal.len));
}

static void add_leaf(struct builder *builder, uint32_t index) {
    const struct leaf *leaf = &builder->set->leaves[index];
    if (leaf->kind != LEAF_WORDS) {
        add_literal(builder, text_literal(builder, leaf));
        builder->filter->wants_url |= leaf->kind == LEAF_URL;
        return;
    }
    for (uint32_t i = builder->first_entry[index]; i < builder->first_entry[index + 1]; i++) {
        const struct form_entry *entry = &builder->set->entries[builder->order[i]];
        if (entry->word != builder->leaves[index].word && !(entry->flags & ENTRY_WHOLE))
            continue;
        add_literal(builder, entry_literal(builder, entry));
    }
}

/* Walks down from a brand's root: of an AND one side is enough. */
static void add_brand(struct builder *builder, const struct query_brand *brand) {
    uint8_t *wanted = builder->wanted;
    if (brand->node_first == brand->node_end)
        return;
    wanted[brand->node_end - 1] = 1;
    for (uint32_t i = brand->node_end; i-- > brand->node_first;) {
        const struct node *node = &builder->set->nodes[i];
        if (!wanted[i])
            continue;
        if (node->kind == NODE_LEAF) {
            add_leaf(builder, node->leaf_first);
        } else if (node->kind == NODE_OR) {
            wanted[node->left] = wanted[node->right] = 1;
        } else {
            bool left = builder->nodes[node->left] >= builder->nodes[node->right];
            wanted[left ? node->left : node->right] = 1;
        }
    }
}

static bool builder_init(struct builder *builder, struct query_set *set) {
    size_t most = (size_t)set->entry_count + set->leaf_count;
    *builder = (struct builder){.set = set};
    builder->first_entry = calloc(set->leaf_count + 2, sizeof *builder->first_entry);
    builder->order = calloc(set->entry_count + 1, sizeof *builder->order);
    builder->leaves = calloc(set->leaf_count + 1, sizeof *builder->leaves);
    builder->nodes = calloc(set->node_count + 1, sizeof *builder->nodes);
    builder->wanted = calloc(set->node_count + 1, sizeof *builder->wanted);
    builder->fragments = calloc(most + 1, sizeof *builder->fragments);
    struct filter *filter = calloc(1, sizeof *filter);
    builder->filter = set->filter = filter;
    if (!filter)
        return false;
    filter->latin = true;
    /* a power of two of bits that literals leave mostly clear */
    unsigned bits = LITERAL_BITS_MIN;
    while (bits < LITERAL_BITS_MAX && most * LITERAL_BITS_EACH > (size_t)1 << bits)
        bits++;
    filter->literal_shift = (uint8_t)(64 - bits);
    for (int whole = 0; whole < 2; whole++)
        filter->literals[whole] = calloc(((size_t)1 << bits) / 64, sizeof *filter->literals[whole]);
    return filter->literals[0] && filter->literals[1] && builder->first_entry && builder->order &&
           builder->leaves && builder->nodes && builder->wanted && builder->fragments;
}

enum status filter_build(struct query_set *set, struct fault *fault) {
    struct builder builder;
    bool ok = builder_init(&builder, set);
    if (ok) {
        struct filter *filter = builder.filter;
        init_fold(filter);
        order_entries(&builder);
        measure_nodes(&builder);
        for (uint32_t i = 0; i < set->brand_count; i++) {
            const struct query_brand *brand = &set->brands[i];
            bool has_query = brand->node_end > brand->node_first;
            filter->always |= brand->always || (has_query && !builder.nodes[brand->node_end - 1]);
        }
        for (uint32_t i = 0; !filter->always && i < set->brand_count; i++)
            add_brand(&builder, &set->brands[i]);
        filter_set_fragments(filter, builder.fragments, builder.fragment_count);
    }
    free(builder.first_entry);
    free(builder.order);
    free(builder.leaves);
    free(builder.nodes);
    free(builder.wanted);
    free(builder.fragments);
    return ok ? STATUS_OK : fault_memory(fault);
}

void filter_free(struct filter *filter) {
    if (!filter)
        return;
    free(filter->literals[0]);
    free(filter->literals[1]);
    free(filter);
}
