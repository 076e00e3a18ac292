#include "stages/score/lexicon.h"

static const void *section(const struct lexicon_header *header, struct lexicon_section place,
                           size_t item, bool *good) {
    uint64_t end = place.at + (uint64_t)place.count * item;
    if (place.at % 8 != 0 || end > header->size)
        *good = false;
    return (const char *)header + place.at;
}

bool lexicon_view(struct lexicon *lexicon, struct span blob) {
    const struct lexicon_header *header = (const void *)blob.at;
    *lexicon = (struct lexicon){0};
    if (blob.len < sizeof *header || (uintptr_t)blob.at % 8 != 0 ||
        memcmp(header->magic, LEXICON_MAGIC, 8) != 0 || header->size > blob.len)
        return false;
    bool good = header->slots.count == (uint64_t)header->slot_mask + 1 &&
                header->origins.count == header->details.count &&
                header->output_origins.count == header->outputs.count &&
                header->trie.count == (uint64_t)header->trie_mask + 1 &&
                header->edge_filter.count * 64ull == (uint64_t)header->edge_mask + 1 &&
                header->filter.count * 64ull == (uint64_t)header->filter_mask + 1;
    lexicon->slots = section(header, header->slots, sizeof(struct lexicon_entry), &good);
    lexicon->details = section(header, header->details, sizeof(struct lexicon_detail), &good);
    lexicon->classes = section(header, header->classes, sizeof(uint16_t), &good);
    lexicon->trie = section(header, header->trie, sizeof(struct lexicon_edge), &good);
    lexicon->nodes = section(header, header->nodes, sizeof(struct lexicon_node), &good);
    lexicon->outputs = section(header, header->outputs, sizeof(struct lexicon_output), &good);
    lexicon->origins = section(header, header->origins, sizeof(struct lexicon_origin), &good);
    lexicon->output_origins =
        section(header, header->output_origins, sizeof(struct lexicon_origin), &good);
    lexicon->text = section(header, header->text, 1, &good);
    lexicon->filter = section(header, header->filter, sizeof(uint64_t), &good);
    lexicon->edge_filter = section(header, header->edge_filter, sizeof(uint64_t), &good);
    if (good)
        lexicon->header = header;
    return good;
}

uint32_t lexicon_step(const struct lexicon *lexicon, uint32_t node, uint16_t class) {
    uint32_t key = lexicon_edge_key(node, class), mask = lexicon->header->trie_mask;
    for (uint32_t i = lexicon_edge_slot(key) & mask;; i = (i + 1) & mask) {
        if (lexicon->trie[i].key == key)
            return lexicon->trie[i].node;
        if (!lexicon->trie[i].key)
            return NODE_NONE;
    }
}
