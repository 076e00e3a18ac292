/* Compiling and freeing a query set. */
#include "stages/match/query.h"

#include <stdlib.h>

#define BRANDS_MAX 60000
#define STRINGS_MAX ((size_t)1 << 30)

struct span query_string(const struct query_set *set, uint32_t at, uint32_t len) {
    return (struct span){set->strings.at + at, len};
}

enum status query_keep(struct query_set *set, struct span bytes, uint32_t *at,
                       struct fault *fault) {
    *at = (uint32_t)set->strings.len;
    buf_span(&set->strings, bytes);
    return set->strings.failed ? fault_memory(fault) : STATUS_OK;
}

/* What each node can be in a post in which no word of the queries was found: 1 true, 2 false. Every
 * field is possibly true. */
static void fill_may(const struct query_set *set, uint8_t *may) {
    for (uint32_t i = 0; i < set->node_count; i++) {
        const struct node *node = &set->nodes[i];
        uint8_t a = may[node->left], b = may[node->right];
        if (node->kind == NODE_LEAF)
            may[i] = set->leaves[node->leaf_first].kind == LEAF_WORDS ? 2 : 3;
        else if (node->kind == NODE_NOT)
            may[i] = (uint8_t)((a & 1) << 1 | a >> 1);
        else if (node->kind == NODE_OR)
            may[i] = (uint8_t)(((a | b) & 1) | (a & b & 2));
        else
            may[i] = (uint8_t)((a & b & 1) | ((a | b) & 2));
    }
}

/* Marks the words that can make their query true alone: no other word has to be there. */
static void mark_deciding(struct query_set *set, const struct query_brand *brand,
                          const uint8_t *may, uint8_t *decides) {
    if (brand->node_first < brand->node_end)
        decides[brand->node_end - 1] = 1;
    for (uint32_t i = brand->node_end; i-- > brand->node_first;) {
        const struct node *node = &set->nodes[i];
        bool here = decides[i];
        if (node->kind == NODE_LEAF)
            set->leaves[node->leaf_first].decides = here;
        if (!here)
            continue;
        if (node->kind == NODE_OR) {
            decides[node->left] = decides[node->right] = 1;
        } else if (node->kind == NODE_AND) {
            decides[node->left] = may[node->right] & 1;
            decides[node->right] = may[node->left] & 1;
        }
    }
}

/* Marks the brands whose query can hold for a post in which no word of it was found, and the words
 * that decide alone. */
static enum status mark_queries(struct query_set *set, struct fault *fault) {
    uint8_t *may = calloc(set->node_count + 1, 2);
    if (!may)
        return fault_memory(fault);
    fill_may(set, may);
    for (uint32_t i = 0; i < set->brand_count; i++) {
        struct query_brand *brand = &set->brands[i];
        brand->always = brand->node_first < brand->node_end && may[brand->node_end - 1] & 1;
        set->always_count += brand->always;
        mark_deciding(set, brand, may, may + set->node_count);
    }
    free(may);
    return STATUS_OK;
}

static enum status add_brand(struct query_set *set, const struct brand *brand, uint16_t index,
                             struct fault *fault) {
    struct query_brand *made = &set->brands[index];
    const char *query = brand->query ? brand->query : "";
    made->id = strdup(brand->id ? brand->id : "");
    made->query = strdup(query);
    if (!made->id || !made->query)
        return fault_memory(fault);
    made->node_first = made->node_end = set->node_count;
    /* a brand may be followed by its accounts alone */
    if (!*query && brand->account_count > 0)
        return STATUS_OK;
    enum status status = query_parse(set, index, made->id, made->query, fault);
    made->node_end = set->node_count;
    if (status == STATUS_OK)
        query_mark_names(set, brand);
    return status;
}

static enum status compile(struct query_set *set, const struct brand *brands, size_t count,
                           struct fault *fault) {
    if (count > BRANDS_MAX)
        return fault_set(fault, STATUS_FATAL, EXIT_DATA, "too many brands: %zu", count);
    set->brands = calloc(count + 1, sizeof *set->brands);
    if (!set->brands)
        return fault_memory(fault);
    set->brand_count = (uint32_t)count;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = add_brand(set, &brands[i], (uint16_t)i, fault);
    if (status == STATUS_OK)
        status = mark_queries(set, fault);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = query_expand(set, &set->brands[i], brands[i].inflect, fault);
    if (status == STATUS_OK)
        status = forms_index(set, fault);
    if (status == STATUS_OK)
        status = accounts_index(set, brands, count, fault);
    return status == STATUS_OK ? filter_build(set, fault) : status;
}

enum status query_set_compile(struct query_set **out, const struct brand *brands, size_t count,
                              struct fault *fault) {
    struct query_set *set = calloc(1, sizeof *set);
    *out = NULL;
    if (!set)
        return fault_memory(fault);
    buf_init(&set->strings, STRINGS_MAX);
    enum status status = compile(set, brands, count, fault);
    if (status == STATUS_OK)
        *out = set;
    else
        query_set_free(set);
    return status;
}

void query_set_free(struct query_set *set) {
    if (!set)
        return;
    for (uint32_t i = 0; set->brands && i < set->brand_count; i++) {
        free(set->brands[i].id);
        free(set->brands[i].query);
    }
    free(set->brands);
    free(set->nodes);
    free(set->leaves);
    free(set->entries);
    free(set->accounts);
    free(set->slots);
    buf_release(&set->strings);
    filter_free(set->filter);
    free(set);
}
