#include "stages/care/care_parts.h"

#include <stdlib.h>

const struct mention_link *care_link(const struct care *care, const struct care_post *post) {
    return post->link == CARE_NONE ? NULL : &care->input.mentions->links[post->link];
}

/* Keys come from dumps, so where they lie depends on the process. */
static struct id_slot *find_slot(const struct care *care, uint64_t hash, uint64_t mixed) {
    const struct id_index *index = &care->ids;
    uint32_t tag = (uint32_t)(mixed >> 32);
    size_t at = (size_t)mixed & index->mask;
    for (; index->slots[at].place; at = (at + 1) & index->mask)
        if (index->slots[at].tag == tag &&
            care_link(care, &care->posts[index->slots[at].place - 1])->id_hash == hash)
            break;
    return &index->slots[at];
}

bool care_index_ids(struct care *care) {
    struct id_index *index = &care->ids;
    size_t linked = 0, slots = 16;
    for (size_t i = 0; i < care->input.count; i++)
        linked += care->posts[i].link != CARE_NONE;
    while (slots < linked + linked / 2 + 1)
        slots *= 2;
    *index = (struct id_index){calloc(slots, sizeof *index->slots), slots - 1};
    for (size_t i = 0; index->slots && i < care->input.count; i++) {
        const struct mention_link *link = care_link(care, &care->posts[i]);
        if (!link || !link->id_hash)
            continue;
        uint64_t mixed = hash_sip_u64(link->id_hash);
        struct id_slot *slot = find_slot(care, link->id_hash, mixed);
        if (!slot->place)
            *slot = (struct id_slot){(uint32_t)i + 1, (uint32_t)(mixed >> 32)};
    }
    return index->slots != NULL;
}

uint32_t care_find_id(const struct care *care, uint64_t hash) {
    return hash ? find_slot(care, hash, hash_sip_u64(hash))->place - 1 : CARE_NONE;
}
