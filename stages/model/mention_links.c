#include "stages/model/mention_links.h"

#include <stdlib.h>

_Static_assert(sizeof(struct mention_link) == 48, "there may be as many as rows");

bool mention_links_fill(struct mention_table *mentions, size_t first, size_t block,
                        const struct mention_rows *from) {
    size_t count = 0;
    struct mention_link *links = malloc((from->count + 1) * sizeof *links);
    for (size_t row = 0; links && row < from->count; row++) {
        uint64_t conversation = from->conversation_hash[row];
        if (conversation == from->id_hash[row])
            conversation = 0; /* its own */
        bool linked = from->reply_to_hash[row] || from->reply_author_hash[row] ||
                      from->address[row] || from->role[row] == ROLE_OWN || conversation;
        if (!linked)
            continue;
        links[count++] = (struct mention_link){.row = (uint32_t)(first + row),
                                               .id_hash = from->id_hash[row],
                                               .reply_to_hash = from->reply_to_hash[row],
                                               .conversation_hash = conversation,
                                               .reply_author_hash = from->reply_author_hash[row],
                                               .reply_to_time_us = from->reply_to_time_us[row]};
    }
    struct mention_link *cut = links ? realloc(links, (count + 1) * sizeof *links) : NULL;
    mentions->blocks[block].links = cut ? cut : links;
    mentions->blocks[block].link_count = count;
    return links != NULL;
}

/* ---- all shards' links ---- */

static bool note_hash(struct counts *named, uint64_t hash) {
    uint64_t *value = hash ? counts_at(named, hash) : NULL;
    if (value)
        *value = 1;
    return value || !hash;
}

static bool add_link(struct mention_table *mentions, size_t *cap, const struct mention_link *link) {
    if (mentions->link_count == *cap) {
        size_t more = *cap + *cap / 2 + 64;
        struct mention_link *links = realloc(mentions->links, more * sizeof *links);
        if (!links)
            return false;
        mentions->links = links;
        *cap = more;
    }
    mentions->links[mentions->link_count++] = *link;
    return true;
}

/* Walks the rows and the blocks' links together, both by row; parents that have no link of their
 * own get one. */
static bool merge_links(struct mention_table *mentions, const struct counts *named) {
    size_t cap = 0, block = 0, next = 0;
    bool ok = true;
    for (size_t row = 0; ok && row < mentions->count; row++) {
        while (block < mentions->block_count && next == mentions->blocks[block].link_count) {
            block++;
            next = 0;
        }
        const struct mention_link *link =
            block < mentions->block_count ? &mentions->blocks[block].links[next] : NULL;
        const struct mention_link parent = {
            .row = (uint32_t)row, .id_hash = mentions->id_hash[row], .reply_to_time_us = TIME_NONE};
        if (link && link->row == row) {
            ok = add_link(mentions, &cap, link);
            next++;
        } else if (named->count && counts_find(named, parent.id_hash)) {
            ok = add_link(mentions, &cap, &parent);
        }
    }
    return ok;
}

bool mention_table_link(struct mention_table *mentions) {
    struct counts named = {0}; /* what is answered, or the beginning of a conversation */
    bool ok = true;
    for (size_t i = 0; i < mentions->block_count; i++)
        for (size_t j = 0; ok && j < mentions->blocks[i].link_count; j++) {
            const struct mention_link *link = &mentions->blocks[i].links[j];
            ok = note_hash(&named, link->reply_to_hash) &&
                 note_hash(&named, link->conversation_hash);
        }
    ok = ok && merge_links(mentions, &named);
    for (size_t i = 0; i < mentions->block_count; i++) {
        free(mentions->blocks[i].links);
        mentions->blocks[i].links = NULL;
        mentions->blocks[i].link_count = 0;
    }
    counts_release(&named);
    return ok;
}

/* ---- authors known by their handles ---- */

static bool is_sought(const struct mention_link *link) {
    return !link->reply_author && link->reply_author_hash;
}

/* The handles of all authors, each as their first row has it. */
static bool find_owners(const struct mention_table *mentions, struct counts *owners) {
    uint8_t *seen = calloc(mentions->author_count + 1, 1);
    for (size_t row = 0; seen && row < mentions->count; row++) {
        uint32_t author = mentions->author[row];
        if (!author || seen[author])
            continue;
        seen[author] = 1;
        uint64_t handle = handle_key((enum platform)mentions->platform[row],
                                     mention_table_string(mentions, row, STRING_AUTHOR));
        uint64_t *owner = counts_find(owners, handle) ? counts_at(owners, handle) : NULL;
        if (owner && !*owner)
            *owner = author;
    }
    free(seen);
    return seen != NULL;
}

bool mention_table_link_handles(struct mention_table *mentions) {
    struct counts owners = {0}; /* of the handles sought */
    bool ok = true;
    for (size_t i = 0; ok && i < mentions->link_count; i++)
        if (is_sought(&mentions->links[i]))
            ok = counts_at(&owners, mentions->links[i].reply_author_hash) != NULL;
    ok = ok && (!owners.count || find_owners(mentions, &owners));
    for (size_t i = 0; ok && i < mentions->link_count; i++) {
        struct mention_link *link = &mentions->links[i];
        if (is_sought(link))
            link->reply_author = (uint32_t)*counts_find(&owners, link->reply_author_hash);
    }
    counts_release(&owners);
    return ok;
}

/* ---- answers to the brand ---- */

static uint64_t own_key(uint64_t hash, uint16_t brand) {
    return (hash ^ brand) * 0x9E3779B97F4A7C15ULL;
}

bool mention_table_address(struct mention_table *mentions) {
    struct counts own = {0}; /* the brands' posts */
    bool ok = true;
    for (size_t i = 0; ok && i < mentions->link_count; i++) {
        const struct mention_link *link = &mentions->links[i];
        if (mentions->role[link->row] == ROLE_OWN && link->id_hash)
            ok = counts_at(&own, own_key(link->id_hash, mentions->brand[link->row])) != NULL;
    }
    for (size_t i = 0; ok && own.count && i < mentions->link_count; i++) {
        const struct mention_link *link = &mentions->links[i];
        uint8_t *role = &mentions->role[link->row];
        if (*role == ROLE_OWN || mentions->kind[link->row] == POST_REPOST || !link->reply_to_hash ||
            !counts_find(&own, own_key(link->reply_to_hash, mentions->brand[link->row])))
            continue;
        mentions->address[link->row] |= ADDRESS_REPLY;
        *role = *role == ROLE_CONTEXT ? ROLE_ADDRESSED : *role;
    }
    counts_release(&own);
    return ok;
}

/* ---- order ---- */

bool mention_links_select(struct mention_table *mentions, const uint32_t *order, size_t count) {
    size_t chosen = 0;
    uint32_t *link_of = calloc(mentions->count + 1, sizeof *link_of); /* [row] its link + 1 */
    struct mention_link *links = malloc((mentions->link_count + 1) * sizeof *links);
    bool ok = link_of && links;
    for (size_t i = 0; ok && i < mentions->link_count; i++)
        link_of[mentions->links[i].row] = (uint32_t)i + 1;
    for (size_t i = 0; ok && i < count; i++) {
        uint32_t link = link_of[order[i]];
        if (!link)
            continue;
        links[chosen] = mentions->links[link - 1];
        links[chosen++].row = (uint32_t)i;
    }
    free(link_of);
    free(ok ? mentions->links : links);
    if (ok) {
        mentions->links = links;
        mentions->link_count = chosen;
    }
    return ok;
}
