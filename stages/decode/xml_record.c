#include "stages/decode/xml_record.h"

#include "stages/common/buf.h"

#include <expat.h>
#include <stdlib.h>

enum { TEXT_CAP = 1 << 28 };

struct xml_level {
    int node;     /* of the table that its members are looked up in, or -1 */
    int slot;     /* that its text goes to, or -1 */
    json_t *json; /* its members, when the record is made JSON */
    size_t text;  /* where its text begins */
};

struct xml_record {
    XML_Parser parser;
    const struct table *table; /* NULL: to JSON */
    struct slots *slots;
    struct arena *arena;
    struct buf text; /* of the open elements, one behind the other */
    struct xml_level levels[JSON_DEPTH_MAX];
    int depth;
    json_t *root;
    enum json_result result;
};

struct xml_record *xml_record_new(void) {
    struct xml_record *reader = calloc(1, sizeof *reader);
    if (!reader)
        return NULL;
    buf_init(&reader->text, TEXT_CAP);
    reader->parser = XML_ParserCreate("UTF-8");
    if (!reader->parser) {
        xml_record_free(reader);
        return NULL;
    }
    return reader;
}

void xml_record_free(struct xml_record *reader) {
    if (!reader)
        return;
    if (reader->parser)
        XML_ParserFree(reader->parser);
    buf_release(&reader->text);
    free(reader);
}

static void fail(struct xml_record *reader, enum json_result result) {
    reader->result = result;
    XML_StopParser(reader->parser, XML_FALSE);
}

/* The entry of the node for a member's name, or NULL. */
static const struct table_entry *find_member(const struct xml_record *reader, int node,
                                             const char *name) {
    size_t len = strlen(name);
    for (int i = 0; node >= 0 && i < reader->table->entry_count; i++) {
        const struct table_entry *entry = &reader->table->entries[i];
        if (entry->node == node && !entry->spelling && entry->index < 0 &&
            entry->key_len == len + 1 && memcmp(entry->key, name, len) == 0)
            return entry;
    }
    return NULL;
}

static void put_value(struct xml_record *reader, int slot, struct span text) {
    if (slot < 0 || slots_get(reader->slots, slot)->type == VALUE_STRING)
        return;
    struct span copy = arena_copy(reader->arena, text);
    if (copy.at)
        *slots_set(reader->slots, slot) = (struct value){copy, VALUE_STRING, 0};
    else
        fail(reader, JSON_MEMORY);
}

static void put_json(json_t *object, const char *name, struct span text) {
    if (!json_object_get(object, name))
        json_object_set_new(object, name, json_stringn(text.at, text.len));
}

static void put_attributes(struct xml_record *reader, const struct xml_level *level,
                           const char **attributes) {
    for (; *attributes; attributes += 2) {
        if (!reader->table) {
            put_json(level->json, attributes[0], span_of(attributes[1]));
            continue;
        }
        const struct table_entry *entry = find_member(reader, level->node, attributes[0]);
        if (entry)
            put_value(reader, entry->slot, span_of(attributes[1]));
    }
}

static void XMLCALL on_start(void *data, const char *name, const char **attributes) {
    struct xml_record *reader = data;
    if (reader->depth == JSON_DEPTH_MAX) {
        fail(reader, JSON_DEEP);
        return;
    }
    struct xml_level level = {.node = 0, .slot = -1, .text = reader->text.len};
    if (!reader->table) {
        level.json = json_object();
    } else if (reader->depth) {
        const struct table_entry *entry =
            find_member(reader, reader->levels[reader->depth - 1].node, name);
        level.node = entry ? entry->child : -1;
        level.slot = entry ? entry->slot : -1;
    }
    reader->levels[reader->depth++] = level;
    put_attributes(reader, &level, attributes);
}

static void XMLCALL on_end(void *data, const char *name) {
    struct xml_record *reader = data;
    struct xml_level level = reader->levels[--reader->depth];
    struct span text = {reader->text.at + level.text, reader->text.len - level.text};
    if (reader->table) {
        put_value(reader, level.slot, text);
    } else if (reader->depth == 0) {
        reader->root = level.json;
    } else {
        json_t *outer = reader->levels[reader->depth - 1].json;
        bool empty = json_object_size(level.json) == 0;
        if (empty)
            put_json(outer, name, text);
        else if (!json_object_get(outer, name))
            json_object_set(outer, name, level.json);
        json_decref(level.json);
    }
    reader->text.len = level.text;
}

static void XMLCALL on_text(void *data, const char *text, int len) {
    struct xml_record *reader = data;
    buf_add(&reader->text, text, (size_t)len);
    if (reader->text.failed)
        fail(reader, JSON_MEMORY);
}

/* A record has no document type: one that states its own is refused. */
static void XMLCALL on_doctype(void *data, const char *name, const char *system, const char *public,
                               int internal) {
    (void)name, (void)system, (void)public, (void)internal;
    fail(data, JSON_REFUSED);
}

static enum json_result parse(struct xml_record *reader, struct span record) {
    XML_ParserReset(reader->parser, "UTF-8");
    XML_SetUserData(reader->parser, reader);
    XML_SetElementHandler(reader->parser, on_start, on_end);
    XML_SetCharacterDataHandler(reader->parser, on_text);
    XML_SetStartDoctypeDeclHandler(reader->parser, on_doctype);
    buf_clear(&reader->text);
    reader->depth = 0;
    reader->root = NULL;
    reader->result = JSON_READ;
    if (!buf_reserve(&reader->text, 1))
        return JSON_MEMORY;
    if (record.len > INT32_MAX)
        return JSON_REFUSED;
    if (XML_Parse(reader->parser, record.at, (int)record.len, 1) == XML_STATUS_OK)
        return JSON_READ;
    if (XML_GetErrorCode(reader->parser) == XML_ERROR_NO_MEMORY)
        return JSON_MEMORY;
    return reader->result == JSON_READ ? JSON_REFUSED : reader->result;
}

enum json_result xml_record_read(struct xml_record *reader, const struct table *table,
                                 struct span record, struct slots *slots, struct arena *arena) {
    reader->table = table;
    reader->slots = slots;
    reader->arena = arena;
    slots_clear(slots);
    return parse(reader, record);
}

json_t *xml_record_as_json(struct xml_record *reader, struct span record) {
    reader->table = NULL;
    if (parse(reader, record) == JSON_READ)
        return reader->root;
    while (reader->depth)
        json_decref(reader->levels[--reader->depth].json);
    json_decref(reader->root);
    return NULL;
}
