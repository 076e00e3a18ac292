#include "stages/decode/repair.h"

#include <jansson.h>

/* A record can grow threefold as UTF-8 and then sixfold (control characters become \u00HH); the
 * digits of integers need room too. So the cap is never met, and meeting it is out of memory. */
enum { GROWTH = 18, INTEGER_SIZE = 24 };

void json_slow_init(struct json_slow *reader, size_t max_record_bytes) {
    *reader = (struct json_slow){0};
    buf_init(&reader->clean, max_record_bytes * GROWTH + SLOT_MAX * INTEGER_SIZE + 64);
}

void json_slow_release(struct json_slow *reader) {
    json_decref(reader->parsed);
    buf_release(&reader->clean);
    reader->parsed = NULL;
}

/* Integers that jansson kept as such are at most 18 digits: their text goes to the buffer. */
static struct span integer_text(struct buf *out, const json_t *value) {
    size_t start = out->len;
    buf_format(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return (struct span){out->at + start, out->len - start};
}

static void value_from(struct buf *out, const json_t *json, struct value *value) {
    static const uint8_t types[] = {
        [JSON_OBJECT] = VALUE_OBJECT,  [JSON_ARRAY] = VALUE_ARRAY, [JSON_STRING] = VALUE_STRING,
        [JSON_INTEGER] = VALUE_NUMBER, [JSON_TRUE] = VALUE_TRUE,   [JSON_FALSE] = VALUE_FALSE,
    };
    *value = (struct value){0};
    if (!json || json_is_null(json) || json_is_real(json))
        return;
    value->type = types[json_typeof(json)];
    if (json_is_string(json))
        value->text = (struct span){json_string_value(json), json_string_length(json)};
    else if (json_is_integer(json))
        value->text = integer_text(out, json);
    else if (json_is_true(json))
        value->text = SPAN_LITERAL("true");
    else if (json_is_false(json))
        value->text = SPAN_LITERAL("false");
}

static const json_t *entry_value(const struct table_entry *entry, const json_t *container) {
    if (entry->index >= 0)
        return json_array_get(container, (size_t)entry->index);
    /* without the closing quote */
    return json_object_getn(container, entry->key, entry->key_len - 1);
}

/* Entries come after the entry that leads to their node, so one pass in order sees parents first.
 */
static void walk_table(struct buf *out, const struct table *table, const json_t *root,
                       struct slots *slots) {
    const json_t *nodes[NODE_MAX] = {root};
    for (int i = 0; i < table->entry_count; i++) {
        const struct table_entry *entry = &table->entries[i];
        if (entry->spelling)
            continue;
        const json_t *value = entry_value(entry, nodes[entry->node]);
        if (entry->slot >= 0)
            value_from(out, value, slots_set(slots, entry->slot));
        if (entry->child >= 0)
            nodes[entry->child] = value;
    }
}

/* Too-deep JSON never gets here, so jansson's recursion is bounded. */
enum json_result json_slow_read(struct json_slow *reader, const struct table *table,
                                struct span record, struct slots *slots,
                                uint64_t counts[REPAIR_COUNT]) {
    json_decref(reader->parsed);
    reader->parsed = NULL;
    slots_clear(slots);
    uint64_t made[REPAIR_COUNT] = {0};
    enum json_result result = repair_json(record, &reader->clean, made);
    if (result != JSON_READ)
        return result;
    reader->parsed = json_loadb(reader->clean.at, reader->clean.len, JSON_ALLOW_NUL, NULL);
    if (!reader->parsed)
        return JSON_REFUSED;
    if (!json_is_object((json_t *)reader->parsed))
        return JSON_NO_OBJECT;
    /* the text is parsed: its buffer now takes the digits of integers, and must not move */
    buf_clear(&reader->clean);
    if (!buf_reserve(&reader->clean, (size_t)table->slot_count * INTEGER_SIZE))
        return JSON_MEMORY;
    walk_table(&reader->clean, table, reader->parsed, slots);
    for (int i = 0; i < REPAIR_COUNT; i++)
        counts[i] += made[i];
    return JSON_READ;
}
