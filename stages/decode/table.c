#include "stages/decode/table.h"

#include "stages/common/buf.h"
#include "stages/common/num.h"

#include <stdlib.h>

/* A key in up to three spellings: as UTF-8, and with \u escapes as JSON writers make them. */
enum spelling { SPELL_RAW, SPELL_LOWER, SPELL_UPPER, SPELL_COUNT };

static bool has_high_bytes(struct span name) {
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.at[i] >= 0x80)
            return true;
    return false;
}

/* Code point of valid UTF-8; `name` comes from tables, headers or parsed JSON. */
static uint32_t next_codepoint(struct span name, size_t *at) {
    unsigned char lead = (unsigned char)name.at[(*at)++];
    int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    uint32_t code = more ? lead & (0x3Fu >> more) : lead;
    for (; more && *at < name.len; more--)
        code = code << 6 | ((unsigned char)name.at[(*at)++] & 0x3F);
    return code;
}

static void spell_escape(struct buf *out, uint32_t unit, enum spelling spelling) {
    buf_format(out, spelling == SPELL_LOWER ? "\\u%04x" : "\\u%04X", unit & 0xFFFF);
}

static void spell(struct buf *out, struct span name, enum spelling spelling) {
    for (size_t at = 0; at < name.len;) {
        uint32_t code = next_codepoint(name, &at);
        if (code == '"' || code == '\\') {
            buf_char(out, '\\');
            buf_char(out, (char)code);
        } else if (code < 0x80 || spelling == SPELL_RAW) {
            buf_codepoint(out, code);
        } else if (code < 0x10000) {
            spell_escape(out, code, spelling);
        } else {
            spell_escape(out, 0xD7C0 + (code >> 10), spelling);
            spell_escape(out, 0xDC00 + (code & 0x3FF), spelling);
        }
    }
    buf_char(out, '"');
}

static struct table_entry *entry_new(struct table *table, int node, int parent) {
    if (table->entry_count == ENTRY_MAX)
        return NULL;
    struct table_entry *entry = &table->entries[table->entry_count++];
    *entry = (struct table_entry){
        .index = -1, .slot = -1, .child = -1, .node = (int16_t)node, .parent = (int16_t)parent};
    return entry;
}

/* Makes the entry known to its node. */
static void entry_file(struct table *table, struct table_entry *entry) {
    struct table_node *node = &table->nodes[entry->node];
    unsigned bit = table_filter_bit(entry->key, entry->key_len);
    uint16_t *bucket = &node->bucket[table_bucket(bit)];
    entry->next = *bucket;
    *bucket = (uint16_t)(entry - table->entries + 1);
    node->filter[bit / 64] |= UINT64_C(1) << bit % 64;
}

static bool entry_add_spelling(struct table *table, int node, int parent, struct span name,
                               enum spelling spelling) {
    struct buf key;
    buf_init(&key, 4096);
    spell(&key, name, spelling);
    struct span copy = key.failed ? (struct span){0} : arena_copy(&table->arena, buf_as_span(&key));
    buf_release(&key);
    struct table_entry *entry = copy.at ? entry_new(table, node, parent) : NULL;
    if (!entry)
        return false;
    entry->key = copy.at;
    entry->key_len = (uint32_t)copy.len;
    entry->spelling = spelling != SPELL_RAW;
    size_t first = copy.len < 8 ? copy.len : 8;
    memcpy(&entry->word, copy.at, first);
    memset(&entry->mask, 0xFF, first);
    if (copy.len > 8)
        memcpy(&entry->last, copy.at + copy.len - 8, 8);
    entry_file(table, entry);
    return true;
}

/* The entry of `name` or element `index` in the node; -1 when absent. */
static int entry_find(const struct table *table, int node, struct span name, int32_t index) {
    for (int i = 0; i < table->entry_count; i++) {
        const struct table_entry *entry = &table->entries[i];
        if (entry->node != node || entry->spelling || entry->index != index)
            continue;
        if (index >= 0 ||
            (entry->key_len == name.len + 1 && memcmp(entry->key, name.at, name.len) == 0))
            return i;
    }
    return -1;
}

/* Finds or makes an entry; -1 when the table is full or memory is. */
static int entry_ensure(struct table *table, int node, int parent, struct span name,
                        int32_t index) {
    int found = entry_find(table, node, name, index);
    if (found >= 0)
        return found;
    int first = table->entry_count;
    if (index >= 0) {
        struct table_entry *entry = entry_new(table, node, parent);
        if (!entry)
            return -1;
        entry->index = index;
        table->nodes[node].array = true;
        return first;
    }
    int spellings = has_high_bytes(name) ? SPELL_COUNT : 1;
    for (int i = 0; i < spellings; i++)
        if (!entry_add_spelling(table, node, parent, name, (enum spelling)i))
            return -1;
    return first;
}

/* Sets slot or child of an entry and of its other spellings. */
static void entry_link(struct table *table, int at, int slot, int child) {
    do {
        if (slot >= 0)
            table->entries[at].slot = (int16_t)slot;
        if (child >= 0)
            table->entries[at].child = (int16_t)child;
        at++;
    } while (at < table->entry_count && table->entries[at].spelling);
}

static int child_ensure(struct table *table, int entry) {
    if (table->entries[entry].child < 0) {
        if (table->node_count == NODE_MAX)
            return -1;
        entry_link(table, entry, -1, table->node_count++);
    }
    return table->entries[entry].child;
}

/* One step of a path: a name up to '.' or '[', or "[3]". */
static bool path_step(struct span *path, struct span *name, int32_t *index) {
    int64_t number;
    *index = -1;
    if (path->len && path->at[0] == '[') {
        const char *close = memchr(path->at, ']', path->len);
        if (!close ||
            !num_i64((struct span){path->at + 1, (size_t)(close - path->at) - 1}, &number) ||
            number < 0 || number > 1000)
            return false;
        *index = (int32_t)number;
        *name = (struct span){0};
        size_t used = (size_t)(close - path->at) + 1;
        *path = (struct span){path->at + used, path->len - used};
    } else {
        size_t len = 0;
        while (len < path->len && path->at[len] != '.' && path->at[len] != '[')
            len++;
        *name = (struct span){path->at, len};
        *path = (struct span){path->at + len, path->len - len};
    }
    if (path->len && path->at[0] == '.')
        *path = (struct span){path->at + 1, path->len - 1};
    return true;
}

/* Walks `path` down from `*node`, making what is missing; the last entry, or -1. */
static int path_insert(struct table *table, int node, int parent, struct span path) {
    int entry = parent;
    while (path.len) {
        struct span name;
        int32_t index;
        if (!path_step(&path, &name, &index))
            return -1;
        entry = entry_ensure(table, node, entry, name, index);
        if (entry < 0)
            return -1;
        if (path.len && (node = child_ensure(table, entry)) < 0)
            return -1;
    }
    return entry;
}

static bool insert_row(struct table *table, int node, int parent, int slot, const char *path) {
    int entry = path_insert(table, node, parent, span_of(path));
    if (entry < 0)
        return false;
    if (table->entries[entry].slot < 0) {
        entry_link(table, entry, slot, -1);
        table->slot_entry[slot] = (int16_t)entry;
    }
    table->row_slot[slot] = table->entries[entry].slot;
    return true;
}

static bool insert_embed(struct table *table, int embed, const char *path) {
    int node = 0, entry = -1;
    if (path) {
        entry = path_insert(table, 0, -1, span_of(path));
        int slot = table_embed_slot(table, embed - 1);
        if (entry < 0 || (node = child_ensure(table, entry)) < 0)
            return false;
        entry_link(table, entry, slot, -1);
        table->slot_entry[slot] = (int16_t)entry;
        table->row_slot[slot] = (int16_t)slot;
    }
    for (int i = 0; i < table->row_count; i++)
        if (!insert_row(table, node, entry, embed * table->row_count + i, table->rows[i].path))
            return false;
    return true;
}

static bool copy_rows(struct table *table, const struct row *rows) {
    while (rows[table->row_count].path)
        table->row_count++;
    table->rows = arena_alloc(&table->arena, ((size_t)table->row_count + 1) * sizeof *rows);
    for (int i = 0; table->rows && i < table->row_count; i++) {
        table->rows[i] = rows[i];
        table->rows[i].path = arena_copy(&table->arena, span_of(rows[i].path)).at;
        if (!table->rows[i].path)
            return false;
    }
    return table->rows != NULL;
}

enum status table_compile(struct table **out, const struct row *rows, const char *const *embeds,
                          struct fault *fault) {
    struct table *table = calloc(1, sizeof *table);
    if (!table)
        return fault_memory(fault);
    *out = table;
    table->node_count = 1;
    table->embed_count = 0;
    while (embeds && embeds[table->embed_count])
        table->embed_count++;
    if (!copy_rows(table, rows))
        return fault_memory(fault);
    table->slot_count = table_embed_slot(table, table->embed_count);
    bool fits = table->slot_count <= SLOT_MAX && insert_embed(table, 0, NULL);
    for (int i = 0; fits && i < table->embed_count; i++)
        fits = insert_embed(table, i + 1, embeds[i]);
    if (!fits)
        return fault_set(fault, STATUS_SKIP, EXIT_DATA,
                         "the column mapping has a path that cannot be read, or too many columns");
    return STATUS_OK;
}

void table_free(struct table *table) {
    if (!table)
        return;
    arena_release(&table->arena);
    free(table);
}

void table_resolve(const struct table *table, int embed, const struct slots *slots,
                   struct value fields[FIELD_COUNT]) {
    values_clear(fields);
    int first = embed * table->row_count;
    for (int i = 0; i < table->row_count; i++) {
        const struct row *row = &table->rows[i];
        const struct value *value = slots_get(slots, table->row_slot[first + i]);
        if (fields[row->field].type == VALUE_ABSENT && value->type != VALUE_ABSENT) {
            fields[row->field] = *value;
            fields[row->field].convert = row->convert;
        }
    }
}

void table_clear(const struct table *table, int entry, struct slots *slots) {
    for (int slot = 0; slot < table->slot_count; slot++) {
        if (table->row_slot[slot] != slot)
            continue;
        int at = table->slot_entry[slot];
        while (at >= 0 && at != entry)
            at = table->entries[at].parent;
        if (at == entry)
            slots->there[slot >> 6] &= ~(UINT64_C(1) << (slot & 63));
    }
}
