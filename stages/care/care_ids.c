#include "stages/care/care_parts.h"

#include <stdlib.h>

const struct mention_link *care_link(const struct care *care, const struct care_post *post) {
    return post->link == CARE_NONE ? NULL : &care->input.mentions->links[post->link];
}

/* Keys come from dumps, so where they lie depends on the process. */
static size_t find_slot(const struct care *care, uint64_t hash) {
    const struct id_index *index = &care->ids;
    size_t slot = (size_t)hash_sip_u64(hash) & index->mask;
    for (; index->slots[slot]; slot = (slot + 1) & index->mask)
        if (care_link(care, &care->posts[index->slots[slot] - 1])->id_hash == hash)
            break;
    return slot;
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
        size_t slot = find_slot(care, link->id_hash);
        if (!index->slots[slot])
            index->slots[slot] = (uint32_t)i + 1;
    }
    return index->slots != NULL;
}

uint32_t care_find_id(const struct care *care, uint64_t hash) {
    return hash ? care->ids.slots[find_slot(care, hash)] - 1 : CARE_NONE;
}
