#include "stages/decode/table.h"

#include "stages/common/buf.h"
#include "stages/common/num.h"
#include "stages/decode/post_time.h"

#include <stdlib.h>

_Static_assert(SLOT_MAX % 64 == 0, "a word of bits for every 64 slots");
_Static_assert(ENTRY_MAX < UINT16_MAX, "buckets hold an entry + 1");
_Static_assert(NODE_FILTER_BITS == 1 << (32 - 22), "table_filter_bit gives ten bits");
_Static_assert(NODE_FILTER_BITS % NODE_BUCKETS == 0, "a bucket is a run of bits");

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
    unsigned bit = table_filter_bit(entry->key, entry->key_len);
    uint16_t *bucket = &table->nodes[node].bucket[table_bucket(bit)];
    entry->next = *bucket;
    *bucket = (uint16_t)(entry - table->entries + 1);
    table->nodes[node].filter[bit / 64] |= UINT64_C(1) << bit % 64;
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

/* The slot of an entry, made if it has none; -1 when the table is full. */
static int slot_ensure(struct table *table, int entry) {
    if (entry < 0 || table->entries[entry].slot >= 0)
        return entry < 0 ? -1 : table->entries[entry].slot;
    if (table->slot_count == SLOT_MAX)
        return -1;
    int slot = table->slot_count++;
    entry_link(table, entry, slot, -1);
    table->slot_entry[slot] = (int16_t)entry;
    table->row_slot[slot] = (int16_t)slot;
    return slot;
}

static struct table *table_new(struct table *root, const struct format *format) {
    if (root && root->below_count == TABLE_MAX)
        return NULL;
    struct table *table = calloc(1, sizeof *table);
    if (!table)
        return NULL;
    table->node_count = 1;
    table->format = format;
    if (root)
        root->below[root->below_count++] = table;
    return table;
}

/* A table of one or two paths, in slots 0 and 1; NULL when something is full. */
static const struct table *table_of_paths(struct table *root, struct span first,
                                          struct span second) {
    struct table *table = table_new(root, NULL);
    if (!table || slot_ensure(table, path_insert(table, 0, -1, first)) != 0)
        return NULL;
    if (second.len && slot_ensure(table, path_insert(table, 0, -1, second)) != 1)
        return NULL;
    return table;
}

/* "refs[type=quoted].id": fills slot `to` with the `id` of the element whose `type` is "quoted". */
static bool insert_pick(struct table *table, struct table *root, int to, const char *path) {
    size_t prefix = strcspn(path, "["), name = prefix + 1 + strcspn(path + prefix + 1, "=");
    size_t close = name + strcspn(path + name, "]");
    if (table->pick_count == PICK_MAX || path[close] != ']' || path[close + 1] != '.')
        return false;
    struct table_pick *pick = &table->picks[table->pick_count++];
    int from = slot_ensure(table, path_insert(table, 0, -1, (struct span){path, prefix}));
    *pick = (struct table_pick){
        .table = table_of_paths(root, (struct span){path + prefix + 1, name - prefix - 1},
                                span_of(path + close + 2)),
        .wanted = arena_copy(&table->arena, (struct span){path + name + 1, close - name - 1}),
        .from = (int16_t)from,
        .to = (int16_t)to};
    return from >= 0 && pick->table && pick->wanted.at;
}

static bool is_pick(const char *path) {
    const char *open = strchr(path, '[');
    return open && open[1 + strcspn(open + 1, "=]")] == '=';
}

static bool insert_row(struct table *table, struct table *root, int row) {
    const char *path = table->rows[row].path;
    table->row_slot[row] = (int16_t)row;
    table->slot_entry[row] = -1;
    if (is_pick(path))
        return insert_pick(table, root, row, path);
    int entry = path_insert(table, 0, -1, span_of(path));
    if (entry < 0)
        return false;
    if (table->entries[entry].slot < 0) {
        entry_link(table, entry, row, -1);
        table->slot_entry[row] = (int16_t)entry;
    }
    table->row_slot[row] = table->entries[entry].slot;
    return true;
}

/* The slot of a path, of a row if one has it; "[]" behind it is left out. */
static int path_slot(struct table *table, struct table *root, const char *path) {
    for (int i = 0; i < table->row_count; i++)
        if (strcmp(table->rows[i].path, path) == 0)
            return table->row_slot[i];
    struct span bare = span_of(path);
    bare.len -= span_ends(bare, "[]") ? 2 : 0;
    if (!is_pick(path))
        return slot_ensure(table, path_insert(table, 0, -1, bare));
    if (table->slot_count == SLOT_MAX)
        return -1;
    int slot = table->slot_count++;
    table->row_slot[slot] = (int16_t)slot;
    table->slot_entry[slot] = -1;
    return insert_pick(table, root, slot, path) ? slot : -1;
}

static bool copy_rows(struct table *table, const struct row *rows, const struct row *answer) {
    int own = 0, more = 0;
    while (rows && rows[own].path)
        own++;
    while (answer && answer[more].path)
        more++;
    table->row_count = table->slot_count = own + more;
    table->answer_at = own;
    if (table->row_count > SLOT_MAX)
        return false;
    table->rows = arena_alloc(&table->arena, ((size_t)table->row_count + 1) * sizeof *rows);
    for (int i = 0; table->rows && i < table->row_count; i++) {
        table->rows[i] = i < own ? rows[i] : answer[i - own];
        table->rows[i].path = arena_copy(&table->arena, span_of(table->rows[i].path)).at;
        if (!table->rows[i].path)
            return false;
    }
    if (table->rows) {
        time_rows(table->rows, own);
        time_rows(table->rows + own, more);
    }
    return table->rows != NULL;
}

/* For the elements of a text in pieces. */
static const struct row piece_rows[] = {{"text", FIELD_TEXT, CONVERT_PLAIN}, {NULL, 0, 0}};
static const struct format pieces = {.rows = piece_rows};

static const struct table *table_below(struct table *root, const struct format *format);

static bool add_nests(struct table *table, struct table *root, const struct nest *nests) {
    for (; nests && nests->path; nests++) {
        if (table->nest_count == NEST_MAX)
            return false;
        struct table_nest *nest = &table->nests[table->nest_count++];
        int slot = path_slot(table, root, nests->path);
        nest->slot = (int16_t)slot;
        nest->kind = nests->kind;
        nest->each = span_ends(span_of(nests->path), "[]");
        nest->table = nests->as ? table_below(root, nests->as) : table;
        if (slot < 0 || !nest->table)
            return false;
    }
    return true;
}

/* The number of the record's array with this key; -1 when something is full. */
static int array_ensure(struct table *root, const struct join *join) {
    for (int i = 0; i < root->array_count; i++)
        if (strcmp(root->arrays[i].path, join->array) == 0 &&
            strcmp(root->arrays[i].key, join->key) == 0)
            return i;
    if (root->array_count == ARRAY_MAX)
        return -1;
    struct table_array *array = &root->arrays[root->array_count];
    int slot = path_slot(root, root, join->array);
    *array = (struct table_array){
        .path = join->array,
        .key = join->key,
        .table = table_of_paths(root, span_of(join->key), (struct span){NULL, 0}),
        .slot = (int16_t)slot};
    return slot >= 0 && array->table ? root->array_count++ : -1;
}

static bool add_joins(struct table *table, struct table *root, const struct join *joins) {
    for (; joins && joins->by; joins++) {
        if (table->join_count == JOIN_MAX)
            return false;
        struct table_join *join = &table->joins[table->join_count++];
        int by = path_slot(table, root, joins->by), array = array_ensure(root, joins);
        join->by = (int16_t)by;
        join->array = (uint8_t)array;
        join->kind = joins->kind;
        join->table = joins->as ? table_below(root, joins->as) : table;
        if (by < 0 || array < 0 || !join->table)
            return false;
    }
    return true;
}

static bool table_fill(struct table *table, struct table *root, const struct row *rows) {
    const struct format *format = table->format;
    if (!copy_rows(table, rows, format->answer ? format->answer->rows : NULL))
        return false;
    for (int i = 0; i < table->row_count; i++) {
        if (!insert_row(table, root, i))
            return false;
        if (table->rows[i].convert == CONVERT_PIECES && !table->pieces &&
            !(table->pieces = table_below(root, &pieces)))
            return false;
    }
    return add_nests(table, root, format->nests) && add_joins(table, root, format->joins);
}

/* The table of a format, made once; known before it is filled, for what is nested in itself. */
static const struct table *table_below(struct table *root, const struct format *format) {
    if (format == root->format)
        return root;
    for (int i = 0; i < root->below_count; i++)
        if (root->below[i]->format == format)
            return root->below[i];
    struct table *table = table_new(root, format);
    return table && table_fill(table, root, format->rows) ? table : NULL;
}

enum status table_compile(struct table **out, const struct format *format, const struct row *rows,
                          struct fault *fault) {
    struct table *table = *out = table_new(NULL, format);
    if (!table)
        return fault_memory(fault);
    return table_fill(table, table, rows)
               ? STATUS_OK
               : fault_set(
                     fault, STATUS_SKIP, EXIT_DATA,
                     "the column mapping has a path that cannot be read, or too many columns");
}

void table_free(struct table *table) {
    if (!table)
        return;
    for (int i = 0; i < table->below_count; i++) {
        arena_release(&table->below[i]->arena);
        free(table->below[i]);
    }
    arena_release(&table->arena);
    free(table);
}

void table_resolve(const struct table *table, enum table_part part, const struct slots *slots,
                   struct value fields[FIELD_COUNT]) {
    values_clear(fields);
    int first = part == PART_ANSWER ? table->answer_at : 0;
    int end = part == PART_ANSWER ? table->row_count : table->answer_at;
    for (int i = first; i < end; i++) {
        const struct row *row = &table->rows[i];
        const struct value *value = slots_get(slots, table->row_slot[i]);
        const struct value *has = &fields[row->field];
        bool open = has->type == VALUE_ABSENT || (row->field == FIELD_TEXT && !has->text.len &&
                                                  has->type == VALUE_STRING && value->text.len);
        if (open && value->type != VALUE_ABSENT) {
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
