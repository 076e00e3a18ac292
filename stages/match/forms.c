/* The table of all forms of all brands: one look-up per word of a text, by the hash of its plain
 * form; then the letters with diacritics decide. */
#include "stages/match/query.h"

#include <stdlib.h>

static int by_hash(const void *left, const void *right) {
    const struct form_entry *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    if (a->leaf != b->leaf)
        return a->leaf < b->leaf ? -1 : 1;
    return (a->word > b->word) - (a->word < b->word);
}

enum status forms_index(struct query_set *set, struct fault *fault) {
    uint32_t size = 16;
    while (size < set->entry_count * 2)
        size *= 2;
    set->slots = calloc(size, sizeof *set->slots);
    if (!set->slots)
        return fault_memory(fault);
    set->slot_mask = size - 1;
    if (set->entry_count)
        qsort(set->entries, set->entry_count, sizeof *set->entries, by_hash);
    for (uint32_t i = 0; i < set->entry_count; i++) {
        const struct form_entry *entry = &set->entries[i];
        if (entry->flags & ENTRY_PREFIX)
            set->prefix_lengths |= UINT64_C(1) << entry->plain_len;
        if (i > 0 && entry->hash == entry[-1].hash)
            continue;
        uint32_t slot = (uint32_t)entry->hash & set->slot_mask;
        while (set->slots[slot])
            slot = (slot + 1) & set->slot_mask;
        set->slots[slot] = i + 1;
    }
    return STATUS_OK;
}

static uint32_t decode(struct span text, size_t *at) {
    unsigned char lead = (unsigned char)text.at[*at];
    size_t len = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    uint32_t codepoint = lead;
    for (size_t i = 1; i < len && *at + i < text.len; i++)
        codepoint = codepoint << 8 | (unsigned char)text.at[*at + i];
    *at += len;
    return codepoint;
}

/* The letters only Polish writing puts marks on, as packed UTF-8. */
static bool is_polish(uint32_t packed) {
    switch (packed) {
    case 0xC485: /* ą */
    case 0xC487: /* ć */
    case 0xC499: /* ę */
    case 0xC582: /* ł */
    case 0xC584: /* ń */
    case 0xC3B3: /* ó */
    case 0xC59B: /* ś */
    case 0xC5BA: /* ź */
    case 0xC5BC: /* ż */
        return true;
    default:
        return false;
    }
}

/* Writers drop marks, they do not add any: each Polish letter of the text must be in the form. */
static bool letters_fit(struct span entry, struct span text) {
    size_t a = 0, b = 0;
    while (a < entry.len && b < text.len) {
        uint32_t wanted = decode(entry, &a), letter = decode(text, &b);
        if (letter != wanted && is_polish(letter))
            return false;
    }
    return true;
}

static bool entry_fits(const struct query_set *set, const struct form_entry *entry,
                       const struct probe *probe) {
    if (!(entry->flags & probe->want))
        return false;
    struct span form = query_string(set, entry->form, entry->form_len);
    struct span plain = query_string(set, entry->plain, entry->plain_len);
    if (span_equal(form, probe->form))
        return true;
    if (!span_equal(plain, probe->plain))
        return false;
    if (span_equal(probe->form, probe->plain))
        return entry->flags & (ENTRY_PLAIN | ENTRY_PLAIN_CAPITAL) || span_equal(form, plain);
    return letters_fit(form, probe->form);
}

static const struct form_entry *find_hash(const struct query_set *set, uint64_t hash) {
    uint32_t slot = (uint32_t)hash & set->slot_mask;
    for (; set->slots[slot]; slot = (slot + 1) & set->slot_mask) {
        const struct form_entry *entry = &set->entries[set->slots[slot] - 1];
        if (entry->hash == hash)
            return entry;
    }
    return NULL;
}

bool forms_have(const struct query_set *set, uint64_t hash) {
    return find_hash(set, hash) != NULL;
}

void forms_find(const struct query_set *set, const struct probe *probe, forms_visit *visit,
                void *context) {
    const struct form_entry *entry = find_hash(set, probe->hash);
    if (!entry)
        return;
    const struct form_entry *end = set->entries + set->entry_count;
    for (; entry < end && entry->hash == probe->hash; entry++)
        if (!(entry->flags & ENTRY_PREFIX) && entry_fits(set, entry, probe))
            visit(entry, context);
}

void forms_find_prefix(const struct query_set *set, const struct probe *probe, forms_visit *visit,
                       void *context) {
    const struct form_entry *end = set->entries + set->entry_count;
    for (uint64_t left = set->prefix_lengths; left; left &= left - 1) {
        struct span plain = {probe->plain.at, (size_t)__builtin_ctzll(left)};
        if (plain.len > probe->plain.len)
            return;
        uint64_t hash = token_hash(plain);
        const struct form_entry *entry = find_hash(set, hash);
        for (; entry && entry < end && entry->hash == hash; entry++) {
            if (!(entry->flags & ENTRY_PREFIX) || !(entry->flags & probe->want) ||
                !span_equal(query_string(set, entry->plain, entry->plain_len), plain))
                continue;
            if (letters_fit(query_string(set, entry->form, entry->form_len), probe->form))
                visit(entry, context);
        }
    }
}
