#include "stages/decode/repair.h"

#include <jansson.h>

/* A record can grow threefold as UTF-8 and then sixfold (control characters become \u00HH): so the
 * cap is never met, and meeting it is out of memory. */
enum { GROWTH = 18 };

void json_slow_init(struct json_slow *reader, size_t max_record_bytes) {
    *reader = (struct json_slow){0};
    buf_init(&reader->clean, max_record_bytes * GROWTH + 64);
}

void json_slow_release(struct json_slow *reader) {
    json_decref(reader->parsed);
    buf_release(&reader->clean);
    arena_release(&reader->digits);
    reader->parsed = NULL;
}

/* Integers that jansson kept as such are at most 18 digits. */
static struct span integer_text(struct json_slow *reader, const json_t *value) {
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    struct span text = arena_copy(&reader->digits, (struct span){digits, (size_t)len});
    reader->out_of_memory |= !text.at;
    return text;
}

static void value_from(struct json_slow *reader, const json_t *json, struct value *value) {
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
        value->text = integer_text(reader, json);
    else if (json_is_boolean(json))
        value->text = json_is_true(json) ? SPAN_LITERAL("true") : SPAN_LITERAL("false");
    else
        value->text = (struct span){(const char *)json, 0};
}

static const json_t *entry_value(const struct table_entry *entry, const json_t *container) {
    if (entry->index >= 0)
        return json_array_get(container, (size_t)entry->index);
    /* without the closing quote */
    return json_object_getn(container, entry->key, entry->key_len - 1);
}

/* Entries come after the entry that leads to their node, so one pass in order sees parents first.
 */
static void walk_table(struct json_slow *reader, const struct table *table, const json_t *root,
                       struct slots *slots) {
    slots_clear(slots);
    const json_t *nodes[NODE_MAX] = {root};
    for (int i = 0; i < table->entry_count; i++) {
        const struct table_entry *entry = &table->entries[i];
        if (entry->spelling)
            continue;
        const json_t *value = entry_value(entry, nodes[entry->node]);
        if (entry->slot >= 0)
            value_from(reader, value, slots_set(slots, entry->slot));
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
    reader->out_of_memory = false;
    arena_clear(&reader->digits);
    uint64_t made[REPAIR_COUNT] = {0};
    enum json_result result = repair_json(record, &reader->clean, made);
    if (result != JSON_READ)
        return result;
    reader->parsed = json_loadb(reader->clean.at, reader->clean.len, JSON_ALLOW_NUL, NULL);
    if (!reader->parsed)
        return JSON_REFUSED;
    if (!json_is_object((json_t *)reader->parsed))
        return JSON_NO_OBJECT;
    walk_table(reader, table, reader->parsed, slots);
    if (reader->out_of_memory)
        return JSON_MEMORY;
    for (int i = 0; i < REPAIR_COUNT; i++)
        counts[i] += made[i];
    return JSON_READ;
}

enum json_result json_slow_next(struct json_slow *reader, const struct table *table,
                                struct json_cursor *cursor, struct slots *slots,
                                struct value *element) {
    const json_t *container = cursor->at;
    if (cursor->state == CURSOR_END)
        return JSON_END;
    bool array = cursor->state != CURSOR_OBJECT;
    const json_t *json = array ? json_array_get(container, cursor->index++) : container;
    if (!json)
        return JSON_END;
    if (!array)
        cursor->state = CURSOR_END;
    value_from(reader, json, element);
    walk_table(reader, table, json, slots); /* of what is no object nothing is found */
    return reader->out_of_memory ? JSON_MEMORY : JSON_READ;
}
