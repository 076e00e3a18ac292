#include "stages/score/layout.h"

#include <stdlib.h>

bool build_index_words(struct build *build) {
    for (uint32_t i = 0; i < build->source->count; i++) {
        if (build->source->entries[i].shape != SHAPE_WORD)
            continue;
        uint64_t *number =
            counts_at(&build->word_index, token_hash(build->source->entries[i].text));
        if (!number)
            return false;
        *number = i + 1;
    }
    return true;
}

const struct lexicon_source_entry *build_find_word(const struct build *build, struct span lemma) {
    const uint64_t *number = counts_find(&build->word_index, token_hash(lemma));
    return number ? &build->source->entries[*number - 1] : NULL;
}

uint32_t build_add_edge(struct build *build, uint32_t from, uint16_t class) {
    if (build->edge_count == build->edge_cap) {
        size_t cap = build->edge_cap ? build->edge_cap * 2 : 512;
        struct build_edge *edges = realloc(build->edges, cap * sizeof *edges);
        if (!edges)
            return 0;
        build->edges = edges;
        build->edge_cap = cap;
    }
    build->edges[build->edge_count++] = (struct build_edge){from, class};
    return (uint32_t)build->edge_count;
}

bool build_add_output(struct build *build, uint32_t node, uint32_t entry) {
    if (build->output_count == build->output_cap) {
        size_t cap = build->output_cap ? build->output_cap * 2 : 512;
        struct build_output *outputs = realloc(build->outputs, cap * sizeof *outputs);
        if (!outputs)
            return false;
        build->outputs = outputs;
        build->output_cap = cap;
    }
    build->outputs[build->output_count++] = (struct build_output){node, entry};
    return true;
}

void build_release(struct build *build) {
    tokens_release(&build->tokens);
    counts_release(&build->form_index);
    counts_release(&build->word_index);
    counts_release(&build->class_index);
    counts_release(&build->edge_index);
    free(build->edges);
    free(build->forms);
    free(build->outputs);
}

/* The parts of the blob while they are made. */
struct blob_parts {
    struct buf details, keys, classes, origins, output_origins, text;
    struct counts shared_details, known_text;
    uint32_t detail_count;
};

/* The fixed-size tables while they are made. */
struct tables {
    struct lexicon_entry *slots;
    struct lexicon_edge *trie;
    struct lexicon_node *nodes;
    struct lexicon_output *outputs;
    uint64_t *filter, *edge_filter;
};

/* Forms with like keys share their detail. */
struct detail_key {
    uint32_t word, modifier;
    uint16_t classes[FORM_CLASSES];
};

static uint32_t add_text(struct blob_parts *parts, struct span text) {
    uint64_t *place = counts_at(&parts->known_text, token_hash(text));
    if (!place)
        return 0;
    if (!*place) {
        *place = parts->text.len + 1;
        buf_span(&parts->text, text);
        buf_char(&parts->text, 0);
    }
    return (uint32_t)(*place - 1);
}

static void add_origin(const struct build *build, struct blob_parts *parts,
                       const struct lexicon_source_entry *entry, struct buf *out) {
    struct lexicon_origin origin = {0};
    if (entry) {
        const char *path = build->source->files[entry->file].path, *slash = strrchr(path, '/');
        origin.name = add_text(parts, entry->text);
        origin.note = add_text(parts, entry->note.at ? entry->note : (struct span){"", 0});
        origin.file = add_text(parts, span_of(slash ? slash + 1 : path));
    }
    buf_add(out, &origin, sizeof origin);
}

/* An intensifier that follows its word, or a contrast that weakens its own clause. */
static bool stands_after(const struct lexicon_source_entry *entry) {
    const char after[] = "after its word", own[] = "weakens its own clause";
    return entry->note.len && (memmem(entry->note.at, entry->note.len, after, sizeof after - 1) ||
                               memmem(entry->note.at, entry->note.len, own, sizeof own - 1));
}

static void fill_detail(const struct build *build, struct blob_parts *parts,
                        const struct build_form *form, struct lexicon_detail *detail) {
    const struct lexicon_source_entry *word = NULL, *modifier = NULL;
    if (form->word != SOURCE_NONE)
        word = &build->source->entries[form->word];
    if (form->modifier != SOURCE_NONE)
        modifier = &build->source->entries[form->modifier];
    add_origin(build, parts, word ? word : modifier, &parts->origins);
    if (modifier) {
        detail->value = modifier->value;
        detail->modifier = modifier->modifier;
        detail->after = stands_after(modifier);
    }
    detail->irony = word && word->shape == SHAPE_EMOJI ? word->value : 0;
    detail->class_at = (uint32_t)(parts->classes.len / sizeof(uint16_t));
    detail->class_count = form->class_count;
    buf_add(&parts->classes, form->classes, form->class_count * sizeof(uint16_t));
    for (unsigned i = 0; i < form->class_count; i++) {
        const uint64_t *node = counts_find(&build->edge_index, form->classes[i]);
        if (!node || !*node)
            continue;
        uint16_t start = (uint16_t)*node;
        buf_add(&parts->classes, &start, sizeof start);
        detail->start_count++;
    }
}

/* False when out of memory. */
static bool detail_of(const struct build *build, struct blob_parts *parts,
                      const struct build_form *form, uint32_t *out) {
    struct detail_key key = {.word = form->word, .modifier = form->modifier};
    memcpy(key.classes, form->classes, form->class_count * sizeof *form->classes);
    uint64_t *shared = counts_at(&parts->shared_details,
                                 token_hash((struct span){(const char *)&key, sizeof key}));
    if (!shared)
        return false;
    if (*shared) {
        const char *known = parts->keys.at + (*shared - 1) * sizeof key;
        *out = (uint32_t)(*shared - 1);
        if (memcmp(known, &key, sizeof key) == 0)
            return true;
    }
    struct lexicon_detail detail = {0};
    fill_detail(build, parts, form, &detail);
    buf_add(&parts->details, &detail, sizeof detail);
    buf_add(&parts->keys, &key, sizeof key);
    *out = parts->detail_count++;
    *shared = parts->detail_count;
    return !parts->details.failed && !parts->keys.failed;
}

static uint32_t power_of_two(uint64_t least) {
    uint32_t size = 64;
    while (size < least)
        size *= 2;
    return size;
}

static bool fill_slots(const struct build *build, struct blob_parts *parts, struct tables *tables,
                       const struct lexicon_header *header) {
    for (size_t i = 0; i < build->form_count; i++) {
        const struct build_form *form = &build->forms[i];
        if (!form->hash)
            continue;
        struct lexicon_entry entry = {.hash = form->hash, .valence = form->valence};
        entry.flags = form->flags | (form->class_count ? ENTRY_PHRASE : 0) |
                      (form->word != SOURCE_NONE ? ENTRY_VALENCE : 0);
        for (unsigned j = 0; j < form->class_count; j++)
            if (counts_find(&build->edge_index, (uint64_t)NODE_ROOT << 16 | form->classes[j]))
                entry.flags |= ENTRY_STARTS;
        if (form->modifier != SOURCE_NONE)
            entry.modifier = build->source->entries[form->modifier].modifier;
        if (!detail_of(build, parts, form, &entry.detail))
            return false;
        uint32_t slot = (uint32_t)form->hash & header->slot_mask;
        while (tables->slots[slot].hash)
            slot = (slot + 1) & header->slot_mask;
        tables->slots[slot] = entry;
        uint32_t bit = (uint32_t)(form->hash >> 32) & header->filter_mask;
        tables->filter[bit >> 6] |= UINT64_C(1) << (bit & 63);
    }
    return true;
}

static void fill_trie(const struct build *build, struct tables *tables,
                      const struct lexicon_header *header) {
    for (size_t i = 0; i < build->edge_count; i++) {
        const struct build_edge *edge = &build->edges[i];
        uint32_t key = lexicon_edge_key(edge->from, edge->class);
        uint32_t slot = lexicon_edge_slot(key) & header->trie_mask;
        while (tables->trie[slot].key)
            slot = (slot + 1) & header->trie_mask;
        tables->trie[slot] = (struct lexicon_edge){key, (uint32_t)i + 1};
        uint32_t bit = lexicon_edge_bit(key) & header->edge_mask;
        tables->edge_filter[bit >> 6] |= UINT64_C(1) << (bit & 63);
        struct lexicon_node *node = &tables->nodes[edge->from];
        node->inside = 1;
        node->next |= UINT64_C(1) << (edge->class & 63);
        if (edge->class == CLASS_ANY)
            node->any = 1;
    }
}

/* What lets a walk of phrases end before it begins. Needs the finished nodes. */
static void fill_signatures(struct blob_parts *parts, const struct lexicon_node *nodes) {
    struct lexicon_detail *details = (void *)parts->details.at;
    const uint16_t *classes = (const void *)parts->classes.at;
    for (uint32_t i = 0; i < parts->detail_count; i++) {
        struct lexicon_detail *detail = &details[i];
        const uint16_t *own = classes + detail->class_at, *starts = own + detail->class_count;
        for (unsigned j = 0; j < detail->class_count; j++)
            detail->class_bits |= UINT64_C(1) << (own[j] & 63);
        for (unsigned j = 0; j < detail->start_count; j++) {
            const struct lexicon_node *node = &nodes[starts[j]];
            detail->start_next |= node->any || node->output_count ? START_ANYHOW : node->next;
        }
    }
}

static int by_node(const void *left, const void *right) {
    const struct build_output *a = left, *b = right;
    if (a->node != b->node)
        return a->node < b->node ? -1 : 1;
    return (a->entry > b->entry) - (a->entry < b->entry);
}

static void fill_outputs(struct build *build, struct blob_parts *parts, struct tables *tables) {
    if (build->output_count)
        qsort(build->outputs, build->output_count, sizeof *build->outputs, by_node);
    for (uint32_t i = 0; i < build->output_count; i++) {
        const struct lexicon_source_entry *entry = &build->source->entries[build->outputs[i].entry];
        struct lexicon_node *node = &tables->nodes[build->outputs[i].node];
        tables->outputs[i] = (struct lexicon_output){.valence = entry->valence,
                                                     .value = entry->value,
                                                     .shape = entry->shape,
                                                     .modifier = entry->modifier,
                                                     .tag = entry->tag,
                                                     .after = stands_after(entry)};
        add_origin(build, parts, entry, &parts->output_origins);
        if (!node->output_count++)
            node->output_at = i;
    }
}

static struct lexicon_section add_section(struct buf *blob, const void *bytes, size_t count,
                                          size_t item) {
    while (blob->len % 16 && !blob->failed)
        buf_char(blob, 0);
    struct lexicon_section section = {(uint32_t)blob->len, (uint32_t)count};
    buf_add(blob, bytes, count * item);
    return section;
}

static bool tables_make(const struct build *build, struct tables *tables,
                        struct lexicon_header *header) {
    header->slots.count = power_of_two(build->form_count * 2 + 1);
    header->trie.count = power_of_two(build->edge_count * 3 / 2 + 1);
    header->filter.count = power_of_two(build->form_count * 8 + 1) / 64;
    header->edge_filter.count = power_of_two(build->edge_count * 8 + 1) / 64;
    header->slot_mask = header->slots.count - 1;
    header->trie_mask = header->trie.count - 1;
    header->filter_mask = header->filter.count * 64 - 1;
    header->edge_mask = header->edge_filter.count * 64 - 1;
    tables->slots = calloc(header->slots.count, sizeof *tables->slots);
    tables->trie = calloc(header->trie.count, sizeof *tables->trie);
    tables->filter = calloc(header->filter.count, sizeof *tables->filter);
    tables->edge_filter = calloc(header->edge_filter.count, sizeof *tables->edge_filter);
    tables->nodes = calloc(build->edge_count + 1, sizeof *tables->nodes);
    tables->outputs = calloc(build->output_count + 1, sizeof *tables->outputs);
    return tables->slots && tables->trie && tables->filter && tables->edge_filter &&
           tables->nodes && tables->outputs;
}

static void write_sections(const struct build *build, const struct blob_parts *parts,
                           const struct tables *tables, struct lexicon_header *header,
                           struct buf *blob) {
    buf_clear(blob);
    buf_add(blob, header, sizeof *header);
    header->slots = add_section(blob, tables->slots, header->slots.count, sizeof *tables->slots);
    header->filter = add_section(blob, tables->filter, header->filter.count, sizeof(uint64_t));
    header->edge_filter =
        add_section(blob, tables->edge_filter, header->edge_filter.count, sizeof(uint64_t));
    header->details =
        add_section(blob, parts->details.at, parts->detail_count, sizeof(struct lexicon_detail));
    header->classes = add_section(blob, parts->classes.at, parts->classes.len / sizeof(uint16_t),
                                  sizeof(uint16_t));
    header->trie = add_section(blob, tables->trie, header->trie.count, sizeof *tables->trie);
    header->nodes = add_section(blob, tables->nodes, build->edge_count + 1, sizeof *tables->nodes);
    header->outputs =
        add_section(blob, tables->outputs, build->output_count, sizeof *tables->outputs);
    header->origins =
        add_section(blob, parts->origins.at, parts->detail_count, sizeof(struct lexicon_origin));
    header->output_origins = add_section(blob, parts->output_origins.at, build->output_count,
                                         sizeof(struct lexicon_origin));
    header->text = add_section(blob, parts->text.at, parts->text.len, 1);
    buf_char(blob, 0);
    header->size = (uint32_t)blob->len;
    if (!blob->failed)
        memcpy(blob->at, header, sizeof *header);
}

enum status build_layout(struct build *build, struct buf *blob, struct fault *fault) {
    struct blob_parts parts = {0};
    struct tables tables = {0};
    struct lexicon_header header = {.magic = LEXICON_MAGIC};
    struct buf *const bufs[] = {&parts.details, &parts.keys,           &parts.classes,
                                &parts.origins, &parts.output_origins, &parts.text};
    enum { BUFS = sizeof bufs / sizeof *bufs };
    for (unsigned i = 0; i < BUFS; i++)
        buf_init(bufs[i], 256u << 20);
    buf_char(&parts.text, 0);
    bool good = tables_make(build, &tables, &header) && fill_slots(build, &parts, &tables, &header);
    if (good) {
        fill_trie(build, &tables, &header);
        fill_outputs(build, &parts, &tables);
        for (unsigned i = 0; i < BUFS; i++)
            good &= !bufs[i]->failed;
    }
    if (good) {
        fill_signatures(&parts, tables.nodes);
        write_sections(build, &parts, &tables, &header, blob);
        good = !blob->failed;
    }
    free(tables.slots);
    free(tables.trie);
    free(tables.nodes);
    free(tables.outputs);
    free(tables.filter);
    free(tables.edge_filter);
    for (unsigned i = 0; i < BUFS; i++)
        buf_release(bufs[i]);
    counts_release(&parts.shared_details);
    counts_release(&parts.known_text);
    return good ? STATUS_OK : fault_memory(fault);
}
