/* The prefilter: a post can only match when some anchor, four bytes of a form (or fewer when the
 * form is short), stands in its text. Text and anchors go through the same stream: plain letters
 * and digits, neighbours that are alike written once (elongations), zero for every separator.
 * Each window of the stream is looked up in a bitmap. False positives are harmless. */
#include "stages/match/query.h"

#include <stdlib.h>

#define GRAM_BITS 16
#define GRAM_WORDS ((1u << GRAM_BITS) / 64)
#define FOLD_SKIP 0xFF
#define PAIR_END 0x800 /* code points of two bytes have a table */
#define PAIR_SKIP 0xFFFF
#define PAIR_LONG 0xFFFE

struct filter {
    bool always; /* some query can match any text */
    bool wants_url;
    bool has[5]; /* [2..4]: there are anchors of that length */
    uint8_t fold[128];
    uint16_t pair[PAIR_END]; /* plain bytes of a code point, first one low; 0 is a separator */
    uint64_t grams[5][GRAM_WORDS];
};

static uint32_t gram_hash(uint32_t window, unsigned len) {
    uint32_t gram = len == 4 ? window : window & ((1u << 8 * len) - 1);
    return gram * UINT32_C(0x9E3779B1) >> (32 - GRAM_BITS);
}

static void gram_set(struct filter *filter, uint32_t window, unsigned len) {
    uint32_t hash = gram_hash(window, len);
    filter->grams[len][hash / 64] |= UINT64_C(1) << hash % 64;
    filter->has[len] = true;
}

static bool gram_has(const struct filter *filter, uint32_t window, unsigned len) {
    uint32_t hash = gram_hash(window, len);
    return filter->grams[len][hash / 64] >> hash % 64 & 1;
}

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

/* The stream as it is read, and the last bytes of it. */
struct stream {
    const struct filter *filter;
    uint32_t window;
    uint8_t last;
};

static inline bool stream_put(struct stream *stream, uint8_t byte) {
    if (byte == stream->last)
        return false;
    stream->last = byte;
    stream->window = stream->window << 8 | byte;
    const struct filter *filter = stream->filter;
    if (gram_has(filter, stream->window, 4))
        return true;
    return (filter->has[3] && gram_has(filter, stream->window, 3)) ||
           (filter->has[2] && gram_has(filter, stream->window, 2));
}

static bool put_plain(struct stream *stream, uint32_t codepoint) {
    char plain[TEXT_PLAIN_CHAR_MAX];
    int len = text_plain_char(codepoint, plain);
    bool found = len < 0 && stream_put(stream, 0);
    for (int i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)plain[i];
        uint8_t folded = byte < 0x80 ? stream->filter->fold[byte] : byte;
        if (folded != FOLD_SKIP || byte >= 0x80)
            found |= stream_put(stream, folded);
    }
    return found;
}

/* The sequence beyond ASCII at text[*at]. */
static bool put_long(struct stream *stream, const unsigned char *text, size_t len, size_t *at) {
    uint32_t codepoint;
    *at += text_next_char((struct span){(const char *)text + *at, len - *at}, &codepoint);
    if (codepoint >= PAIR_END)
        return put_plain(stream, codepoint);
    uint16_t pair = stream->filter->pair[codepoint];
    if (pair == PAIR_SKIP)
        return false;
    if (pair == PAIR_LONG)
        return put_plain(stream, codepoint);
    bool found = stream_put(stream, (uint8_t)pair);
    if (pair >> 8)
        found |= stream_put(stream, (uint8_t)(pair >> 8));
    return found;
}

bool filter_passes(const struct filter *filter, struct span text) {
    if (filter->always)
        return true;
    const unsigned char *bytes = (const unsigned char *)text.at;
    size_t len = text.len < TEXT_MAX_BYTES ? text.len : TEXT_MAX_BYTES;
    struct stream stream = {.filter = filter};
    for (size_t at = 0; at < len;) {
        if (bytes[at] >= 0x80) {
            if (put_long(&stream, bytes, len, &at))
                return true;
            continue;
        }
        uint8_t folded = filter->fold[bytes[at++]];
        if (folded != FOLD_SKIP && stream_put(&stream, folded))
            return true;
    }
    return stream_put(&stream, 0);
}

/* An anchor: the first window of the longest run of the stream of some bytes. */
struct anchor {
    uint32_t window;
    unsigned len; /* 0: none */
};

static void anchor_offer(struct anchor *best, uint32_t window, unsigned len) {
    if (len < 2 || len <= best->len)
        return;
    best->window = window;
    best->len = len;
}

static struct anchor stream_anchor(const struct filter *filter, struct span plain) {
    static const struct filter nothing; /* no gram is set: the stream only folds */
    struct stream stream = {.filter = &nothing};
    struct anchor best = {0, 0};
    unsigned run = 0;
    for (size_t at = 0; at < plain.len && best.len < 4; at++) {
        unsigned char byte = (unsigned char)plain.at[at];
        uint8_t folded = byte < 0x80 ? filter->fold[byte] : byte;
        if (byte < 0x80 && folded == FOLD_SKIP)
            folded = 0;
        if (folded == stream.last)
            continue;
        stream_put(&stream, folded);
        run = folded ? run + 1 : 0;
        anchor_offer(&best, stream.window, run < 4 ? run : 4);
    }
    return best;
}

static struct anchor anchor_of(const struct filter *filter, struct span text) {
    struct buf plain;
    buf_init(&plain, (size_t)UINT16_MAX * TEXT_PLAIN_CHAR_MAX);
    while (text.len > 0) {
        uint32_t codepoint;
        char bytes[TEXT_PLAIN_CHAR_MAX];
        size_t step = text_next_char(text, &codepoint);
        int len = text_plain_char(codepoint, bytes);
        if (len < 0)
            buf_char(&plain, ' ');
        else
            buf_add(&plain, bytes, (size_t)len);
        text = (struct span){text.at + step, text.len - step};
    }
    struct anchor anchor = {0, 0}; /* also when out of memory: no anchor is always right */
    if (!plain.failed)
        anchor = stream_anchor(filter, buf_as_span(&plain));
    buf_release(&plain);
    return anchor;
}

/* Anchor lengths of a leaf (0 when it needs none) and which word of its phrase gives them. */
struct leaf_anchor {
    uint8_t len, word;
};

struct builder {
    struct query_set *set;
    struct filter *filter;
    uint32_t *first_entry; /* [leaf_count + 1]: where a leaf's entries begin in `order` */
    uint32_t *order;       /* [entry_count]: entries by leaf */
    struct leaf_anchor *leaves;
    uint8_t *nodes; /* [node_count]: anchor length of a node */
};

static struct anchor entry_anchor(const struct builder *builder, const struct entry *entry) {
    return anchor_of(builder->filter, query_string(builder->set, entry->plain, entry->plain_len));
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

static struct leaf_anchor words_anchor(const struct builder *builder, uint32_t leaf) {
    uint8_t shortest[PHRASE_WORDS_MAX], whole = 4;
    memset(shortest, 4, sizeof shortest);
    uint32_t end = builder->first_entry[leaf + 1];
    for (uint32_t i = builder->first_entry[leaf]; i < end; i++) {
        const struct entry *entry = &builder->set->entries[builder->order[i]];
        uint8_t len = (uint8_t)entry_anchor(builder, entry).len;
        uint8_t *least = entry->flags & ENTRY_WHOLE ? &whole : &shortest[entry->word];
        *least = len < *least ? len : *least;
    }
    struct leaf_anchor best = {0, 0};
    for (uint8_t word = 0; word < builder->set->leaves[leaf].words; word++)
        if (shortest[word] > best.len)
            best = (struct leaf_anchor){shortest[word], word};
    best.len = best.len < whole ? best.len : whole;
    return best;
}

static struct anchor text_anchor(const struct builder *builder, const struct leaf *leaf) {
    return anchor_of(builder->filter, query_string(builder->set, leaf->text, leaf->text_len));
}

static void measure_leaves(struct builder *builder) {
    const struct query_set *set = builder->set;
    for (uint32_t i = 0; i < set->leaf_count; i++) {
        const struct leaf *leaf = &set->leaves[i];
        if (leaf->kind == LEAF_WORDS)
            builder->leaves[i] = words_anchor(builder, i);
        else if (leaf->kind == LEAF_RAW || leaf->kind == LEAF_URL)
            builder->leaves[i].len = (uint8_t)text_anchor(builder, leaf).len;
    }
}

static void measure_nodes(struct builder *builder) {
    for (uint32_t i = 0; i < builder->set->node_count; i++) {
        const struct node *node = &builder->set->nodes[i];
        uint8_t a = builder->nodes[node->left], b = builder->nodes[node->right];
        switch (node->kind) {
        case NODE_LEAF:
            builder->nodes[i] = builder->leaves[node->leaf_first].len;
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

static void set_leaf_grams(struct builder *builder, uint32_t index) {
    const struct leaf *leaf = &builder->set->leaves[index];
    if (leaf->kind != LEAF_WORDS) {
        struct anchor anchor = text_anchor(builder, leaf);
        gram_set(builder->filter, anchor.window, anchor.len);
        builder->filter->wants_url |= leaf->kind == LEAF_URL;
        return;
    }
    for (uint32_t i = builder->first_entry[index]; i < builder->first_entry[index + 1]; i++) {
        const struct entry *entry = &builder->set->entries[builder->order[i]];
        if (entry->word != builder->leaves[index].word && !(entry->flags & ENTRY_WHOLE))
            continue;
        struct anchor anchor = entry_anchor(builder, entry);
        gram_set(builder->filter, anchor.window, anchor.len);
    }
}

/* Walks down from a brand's root: of an AND one side is enough. `wanted` marks nodes. */
static void set_brand_grams(struct builder *builder, const struct query_brand *brand,
                            uint8_t *wanted) {
    if (brand->node_first == brand->node_end)
        return;
    wanted[brand->node_end - 1] = 1;
    for (uint32_t i = brand->node_end; i-- > brand->node_first;) {
        const struct node *node = &builder->set->nodes[i];
        if (!wanted[i])
            continue;
        if (node->kind == NODE_LEAF) {
            set_leaf_grams(builder, node->leaf_first);
        } else if (node->kind == NODE_OR) {
            wanted[node->left] = wanted[node->right] = 1;
        } else {
            bool left = builder->nodes[node->left] >= builder->nodes[node->right];
            wanted[left ? node->left : node->right] = 1;
        }
    }
}

static void fill(struct builder *builder, uint8_t *wanted) {
    order_entries(builder);
    measure_leaves(builder);
    measure_nodes(builder);
    const struct query_set *set = builder->set;
    for (uint32_t i = 0; i < set->brand_count; i++) {
        const struct query_brand *brand = &set->brands[i];
        bool has_query = brand->node_end > brand->node_first;
        if (brand->always || (has_query && builder->nodes[brand->node_end - 1] == 0))
            builder->filter->always = true;
    }
    for (uint32_t i = 0; !builder->filter->always && i < set->brand_count; i++)
        set_brand_grams(builder, &set->brands[i], wanted);
}

enum status filter_build(struct query_set *set, struct fault *fault) {
    struct builder builder = {.set = set};
    builder.filter = set->filter = calloc(1, sizeof *set->filter);
    builder.first_entry = calloc(set->leaf_count + 2, sizeof *builder.first_entry);
    builder.order = calloc(set->entry_count + 1, sizeof *builder.order);
    builder.leaves = calloc(set->leaf_count + 1, sizeof *builder.leaves);
    builder.nodes = calloc(set->node_count + 1, 1);
    uint8_t *wanted = calloc(set->node_count + 1, 1);
    bool ok = set->filter && builder.first_entry && builder.order && builder.leaves &&
              builder.nodes && wanted;
    if (ok) {
        init_fold(builder.filter);
        fill(&builder, wanted);
    }
    free(builder.first_entry);
    free(builder.order);
    free(builder.leaves);
    free(builder.nodes);
    free(wanted);
    return ok ? STATUS_OK : fault_memory(fault);
}

void filter_free(struct filter *filter) {
    free(filter);
}

static void note_account(uint16_t brand, void *context) {
    (void)brand;
    *(bool *)context = true;
}

bool query_set_may_match(const struct query_set *set, const struct post *post) {
    if (filter_passes(set->filter, post->text))
        return true;
    if (set->filter->wants_url && post->url.len && filter_passes(set->filter, post->url))
        return true;
    bool own = false;
    accounts_find(set, post, note_account, &own);
    return own;
}
