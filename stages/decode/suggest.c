/* A mapping file that reads a member as it was understood, to be corrected by hand. */
#include "stages/decode/member.h"

#include <jansson.h>
#include <stdlib.h>

/* One path, or the list of those that are tried one after another. */
static void add_path(json_t *columns, const char *field, const char *path) {
    json_t *known = json_object_get(columns, field);
    json_t *text = json_string(path);
    if (!known)
        json_object_set_new(columns, field, text);
    else if (json_is_array(known))
        json_array_append_new(known, text);
    else
        json_object_set_new(columns, field, json_pack("[O, o]", known, text));
}

static json_t *columns_of(const struct decode_member *member) {
    json_t *columns = json_object();
    for (int i = 0; i < member->table->answer_at; i++) {
        const struct row *row = &member->table->rows[i];
        const char *field = mapping_field_name(row->field);
        bool there = member->framing != FRAMING_CSV || member->row_column[i] >= 0;
        if (field && there)
            add_path(columns, field, row->path);
    }
    return columns;
}

enum status decode_suggest(const struct decode_member *member, struct buf *out,
                           struct fault *fault) {
    bool generic = !member->format->rows, table = member->framing == FRAMING_CSV;
    json_t *mapping = json_pack("{s:s}", "format", member->format->name);
    if (generic && member->platform != PLATFORM_OTHER)
        json_object_set_new(mapping, "platform", json_string(platform_name(member->platform)));
    if (generic)
        json_object_set_new(mapping, "columns", columns_of(member));
    if (generic && table) {
        const char delimiter[] = {member->dialect.delimiter, '\0'};
        json_object_set_new(mapping, "delimiter", json_string(delimiter));
        if (member->encoding != ENCODING_UTF8 && encoding_name(member->encoding))
            json_object_set_new(mapping, "encoding", json_string(encoding_name(member->encoding)));
    }
    if (generic && member->times.order == DATE_DAY_FIRST)
        json_object_set_new(mapping, "day_first", json_true());
    if (generic && member->times.order == DATE_MONTH_FIRST)
        json_object_set_new(mapping, "day_first", json_false());
    char *text = mapping ? json_dumps(mapping, JSON_INDENT(2) | JSON_SORT_KEYS) : NULL;
    if (text) {
        buf_text(out, text);
        buf_char(out, '\n');
    }
    free(text);
    json_decref(mapping);
    return text ? STATUS_OK : fault_memory(fault);
}
