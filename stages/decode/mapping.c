#include "stages/decode/mapping.h"

#include "stages/common/files.h"

#include <jansson.h>
#include <stdlib.h>

/* Names of fields as a mapping file has them, and other spellings of them. */
static const struct {
    const char *name;
    uint8_t field;
} field_names[] = {
    {"id", FIELD_ID},
    {"created_at", FIELD_TIME},
    {"time", FIELD_TIME},
    {"clock", FIELD_CLOCK},
    {"text", FIELD_TEXT},
    {"title", FIELD_TITLE},
    {"author", FIELD_AUTHOR_HANDLE},
    {"author_handle", FIELD_AUTHOR_HANDLE},
    {"author_id", FIELD_AUTHOR_ID},
    {"language", FIELD_LANGUAGE},
    {"country", FIELD_COUNTRY},
    {"reply_to", FIELD_REPLY_TO_ID},
    {"reply_to_id", FIELD_REPLY_TO_ID},
    {"reply_to_author", FIELD_REPLY_TO_AUTHOR_HANDLE},
    {"reply_to_author_handle", FIELD_REPLY_TO_AUTHOR_HANDLE},
    {"reply_to_author_id", FIELD_REPLY_TO_AUTHOR_ID},
    {"conversation", FIELD_CONVERSATION},
    {"repost_of", FIELD_REPOST_OF},
    {"channel", FIELD_CHANNEL},
    {"platform", FIELD_PLATFORM},
    {"url", FIELD_URL},
    {"scope", FIELD_SCOPE},
    {"likes", FIELD_LIKES},
    {"replies", FIELD_REPLIES},
    {"reposts", FIELD_REPOSTS},
    {"views", FIELD_VIEWS},
    {"followers", FIELD_FOLLOWERS},
    {"vendor_sentiment", FIELD_VENDOR},
    {"deleted", FIELD_DELETED},
    {"bot", FIELD_BOT},
};

const char *mapping_field_name(unsigned field) {
    for (size_t i = 0; i < sizeof field_names / sizeof *field_names; i++)
        if (field_names[i].field == field)
            return field_names[i].name;
    return field > FIELD_TIME && field <= FIELD_TIME_LAST ? "created_at" : NULL;
}

struct reader {
    const char *path;
    struct mapping *mapping;
    struct fault *fault;
};

static enum status complain(const struct reader *reader, const char *key, const char *want) {
    return fault_set(reader->fault, STATUS_FATAL, EXIT_DATA, "mapping \"%s\": \"%s\" must be %s",
                     reader->path, key, want);
}

static int field_by_name(const char *name) {
    for (size_t i = 0; i < sizeof field_names / sizeof *field_names; i++)
        if (strcmp(name, field_names[i].name) == 0)
            return field_names[i].field;
    return -1;
}

/* A column, or several of which the first with a value counts. */
static enum status read_column(const struct reader *reader, const char *key, json_t *column,
                               struct row *row) {
    int field = field_by_name(key);
    if (field < 0)
        return fault_set(
            reader->fault, STATUS_FATAL, EXIT_DATA,
            "mapping \"%s\": there is no field \"%s\"; fields are id, "
            "created_at, text, author, author_id, title, reply_to, conversation, "
            "channel, url, likes, replies, reposts, views, followers, vendor_sentiment, ...",
            reader->path, key);
    const char *name = json_string_value(column);
    if (!name || !*name)
        return complain(reader, key, "the name of a column or a JSON path");
    row->path = arena_copy(&reader->mapping->arena, span_of(name)).at;
    row->field = (uint8_t)field;
    bool text = field == FIELD_TEXT || field == FIELD_TITLE;
    row->convert = text ? CONVERT_MARKUP : CONVERT_PLAIN;
    return row->path ? STATUS_OK : fault_memory(reader->fault);
}

static size_t count_columns(json_t *columns) {
    size_t count = 0;
    const char *key;
    json_t *value;
    json_object_foreach(columns, key, value) count +=
        json_is_array(value) ? json_array_size(value) : 1;
    return count;
}

static enum status read_rows(const struct reader *reader, const char *name_of, json_t *columns,
                             struct row **out) {
    if (!json_is_object(columns))
        return complain(reader, name_of, "an object {\"field\": \"column\"}");
    size_t count = count_columns(columns), made = 0;
    struct row *rows =
        count <= 256 ? arena_alloc(&reader->mapping->arena, (count + 1) * sizeof *rows) : NULL;
    if (!rows)
        return fault_memory(reader->fault);
    const char *key;
    json_t *value;
    json_object_foreach(columns, key, value) {
        size_t names = json_is_array(value) ? json_array_size(value) : 1;
        for (size_t i = 0; i < names; i++) {
            json_t *name = json_is_array(value) ? json_array_get(value, i) : value;
            enum status status = read_column(reader, key, name, &rows[made++]);
            if (status != STATUS_OK)
                return status;
        }
    }
    rows[made] = (struct row){NULL, 0, 0};
    *out = rows;
    return STATUS_OK;
}

static enum status read_columns(const struct reader *reader, json_t *columns) {
    return read_rows(reader, "columns", columns, &reader->mapping->rows);
}

static enum status read_context(const struct reader *reader, json_t *context) {
    return read_rows(reader, "context", context, &reader->mapping->context);
}

static enum status read_format(const struct reader *reader, json_t *value) {
    const char *name = json_string_value(value);
    reader->mapping->format = name ? format_find(name) : NULL;
    return reader->mapping->format ? STATUS_OK
                                   : complain(reader, "format",
                                              "\"csv\", \"jsonl\" or another "
                                              "format's name");
}

static enum status read_platform(const struct reader *reader, json_t *value) {
    const char *name = json_string_value(value);
    reader->mapping->platform = name ? platform_find(span_of(name)) : PLATFORM_COUNT;
    return reader->mapping->platform != PLATFORM_COUNT
               ? STATUS_OK
               : complain(reader, "platform", "a known platform, or \"other\"");
}

static enum status read_zone(const struct reader *reader, json_t *value) {
    if (!json_is_string(value))
        return complain(reader, "timezone", "a name such as \"Europe/Warsaw\"");
    enum status status = zone_open(&reader->mapping->zone, json_string_value(value), reader->fault);
    reader->mapping->has_zone = status == STATUS_OK;
    return status;
}

static enum status read_day_first(const struct reader *reader, json_t *value) {
    if (!json_is_boolean(value))
        return complain(reader, "day_first", "true or false");
    reader->mapping->has_day_first = true;
    reader->mapping->day_first = json_is_true(value);
    return STATUS_OK;
}

static enum status read_delimiter(const struct reader *reader, json_t *value) {
    const char *text = json_string_value(value);
    if (!text || strlen(text) != 1 || *text == '"' || *text == '\n' || *text == '\r')
        return complain(reader, "delimiter", "one character, such as \";\" or \"\\t\"");
    reader->mapping->delimiter = *text;
    return STATUS_OK;
}

static enum status read_encoding(const struct reader *reader, json_t *value) {
    const char *name = json_string_value(value);
    reader->mapping->encoding = name ? encoding_by_name(span_of(name)) : ENCODING_UNKNOWN;
    return reader->mapping->encoding != ENCODING_UNKNOWN
               ? STATUS_OK
               : complain(reader, "encoding",
                          "\"utf-8\", \"utf-16le\", \"utf-16be\", \"windows-1250\" or "
                          "\"iso-8859-2\"");
}

static enum status read_skip(const struct reader *reader, json_t *value) {
    if (!json_is_integer(value) || json_integer_value(value) < 0 ||
        json_integer_value(value) > 1000)
        return complain(reader, "skip_lines", "a number from 0 to 1000");
    reader->mapping->skip_lines = (int)json_integer_value(value);
    return STATUS_OK;
}

static enum status read_key(const struct reader *reader, const char *key, json_t *value) {
    static const struct {
        const char *name;
        enum status (*read)(const struct reader *, json_t *);
    } keys[] = {
        {"format", read_format},     {"platform", read_platform},   {"columns", read_columns},
        {"timezone", read_zone},     {"day_first", read_day_first}, {"delimiter", read_delimiter},
        {"encoding", read_encoding}, {"skip_lines", read_skip},     {"context", read_context}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(key, keys[i].name) == 0)
            return keys[i].read(reader, value);
    return fault_set(reader->fault, STATUS_FATAL, EXIT_DATA,
                     "mapping \"%s\": unknown key \"%s\"; keys are format, platform, columns, "
                     "context, timezone, day_first, delimiter, encoding, skip_lines",
                     reader->path, key);
}

static enum status read_object(const struct reader *reader, json_t *root) {
    const char *key;
    json_t *value;
    if (!json_is_object(root))
        return fault_set(reader->fault, STATUS_FATAL, EXIT_DATA,
                         "mapping \"%s\" must be a JSON object", reader->path);
    json_object_foreach(root, key, value) {
        enum status status = read_key(reader, key, value);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

enum status mapping_read(struct mapping **out, const char *path, struct fault *fault) {
    struct buf text;
    buf_init(&text, (size_t)1 << 20);
    *out = NULL;
    enum status status = file_read(path, &text, fault);
    if (status != STATUS_OK) {
        buf_release(&text);
        return status;
    }
    json_error_t error;
    json_t *root = json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES, &error);
    buf_release(&text);
    if (!root)
        return fault_set(fault, STATUS_FATAL, EXIT_DATA, "mapping \"%s\", line %d: %s", path,
                         error.line, error.text);
    struct mapping *mapping = calloc(1, sizeof *mapping);
    if (mapping)
        mapping->platform = PLATFORM_COUNT;
    struct reader reader = {path, mapping, fault};
    status = mapping ? read_object(&reader, root) : fault_memory(fault);
    json_decref(root);
    if (status != STATUS_OK) {
        mapping_free(mapping);
        return status;
    }
    *out = mapping;
    return STATUS_OK;
}

void mapping_free(struct mapping *mapping) {
    if (!mapping)
        return;
    zone_release(&mapping->zone);
    arena_release(&mapping->arena);
    free(mapping);
}
