#include "stages/decode/convert.h"
#include "stages/decode/csv.h"
#include "stages/decode/document.h"
#include "stages/decode/member.h"
#include "stages/decode/repair.h"

#include <stdlib.h>

struct decoder {
    struct json_fast *fast;
    struct json_slow slow;
    struct arena arena; /* of the current record */
    struct buf text;    /* the record as UTF-8, when the member is not */
    const struct decode_member *member;
    struct span block;
    size_t at;
    bool out_of_memory;
    bool valid; /* the block is known to be UTF-8 throughout */
    uint64_t repairs[REPAIR_COUNT];
    struct slots slots;
    struct value fields[FIELD_COUNT];
    struct span columns[COLUMN_MAX];
    size_t column_count; /* of the record that was framed last; NOT_SPLIT: not known yet */
    struct guess_memo guesses;
};

static const size_t NOT_SPLIT = SIZE_MAX;

enum status decoder_new(struct decoder **out, const struct decode_options *options,
                        struct fault *fault) {
    struct decoder *decoder = calloc(1, sizeof *decoder);
    *out = NULL;
    if (!decoder)
        return fault_memory(fault);
    decoder->fast = json_fast_new(options->max_record_bytes + 1);
    json_slow_init(&decoder->slow, options->max_record_bytes);
    buf_init(&decoder->text, (size_t)1 << 32);
    if (!decoder->fast) {
        decoder_free(decoder);
        return fault_memory(fault);
    }
    *out = decoder;
    return STATUS_OK;
}

void decoder_free(struct decoder *decoder) {
    if (!decoder)
        return;
    json_fast_free(decoder->fast);
    json_slow_release(&decoder->slow);
    arena_release(&decoder->arena);
    buf_release(&decoder->text);
    free(decoder);
}

/* A record as UTF-8, padded for simdjson. */
static struct span record_as_utf8(struct decoder *decoder, struct span record) {
    enum encoding encoding = decoder->member->encoding;
    if (encoding == ENCODING_UTF8)
        return record;
    if (!encoding_to_utf8(record, encoding, &decoder->text) ||
        !buf_reserve(&decoder->text, BLOCK_PADDING)) {
        decoder->out_of_memory = true;
        return (struct span){NULL, 0};
    }
    memset(decoder->text.at + decoder->text.len, 0, BLOCK_PADDING);
    return buf_as_span(&decoder->text);
}

void decoder_begin(struct decoder *decoder, const struct decode_member *member, struct span block,
                   bool first) {
    decoder->member = member;
    decoder->out_of_memory = false;
    memset(decoder->repairs, 0, sizeof decoder->repairs);
    decoder->block = block;
    decoder->at = 0;
    decoder->valid = member->framing == FRAMING_CSV && member->encoding == ENCODING_UTF8 &&
                     json_fast_is_utf8(block);
    if (!first)
        return;
    decoder->at = member->lead < decoder->block.len ? member->lead : decoder->block.len;
    decoder->repairs[REPAIR_ENCODING] += member->repaired_encoding;
}

void decoder_repairs(const struct decoder *decoder, uint64_t counts[REPAIR_COUNT]) {
    memcpy(counts, decoder->repairs, sizeof decoder->repairs);
}

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static struct span rest_of_block(const struct decoder *decoder) {
    return (struct span){decoder->block.at + decoder->at, decoder->block.len - decoder->at};
}

static bool next_row(struct decoder *decoder, struct span *record) {
    struct span rest = rest_of_block(decoder);
    enum csv_state state = CSV_FIELD_START;
    if (!rest.len)
        return false;
    const struct decode_member *member = decoder->member;
    const char *end = rest.at + rest.len, *feed;
    if (decoder->valid) {
        arena_clear(&decoder->arena);
        feed = csv_next(rest, member->delimiter, member->options.max_record_bytes, decoder->columns,
                        COLUMN_MAX, &decoder->column_count, &decoder->arena);
    } else {
        feed = member_record_end(member, rest.at, rest.at, end, &state);
        decoder->column_count = NOT_SPLIT;
    }
    *record = (struct span){rest.at, (size_t)(feed - rest.at)};
    decoder->at += record->len + (feed < end ? member_unit(member) : 0);
    return true;
}

static bool next_element(struct decoder *decoder, struct span *record) {
    struct span rest = rest_of_block(decoder);
    while (rest.len && (is_blank(*rest.at) || *rest.at == ','))
        rest = (struct span){rest.at + 1, rest.len - 1};
    bool array = decoder->member->framing == FRAMING_ELEMENTS;
    if (!rest.len || (array && (*rest.at == ']' || *rest.at == '}'))) {
        decoder->at = decoder->block.len;
        return false;
    }
    *record = document_value(rest);
    if (record->len == 0)
        record->len = 1; /* a stray bracket */
    decoder->at = (size_t)(record->at - decoder->block.at) + record->len;
    return true;
}

static struct span trimmed(struct span record) {
    while (record.len && is_blank(record.at[0]))
        record = (struct span){record.at + 1, record.len - 1};
    while (record.len && is_blank(record.at[record.len - 1]))
        record.len--;
    return record;
}

static struct span without_return(struct span record) {
    if (record.len && record.at[record.len - 1] == '\r')
        record.len--;
    return record;
}

/* The next record that is not blank, as UTF-8; `*too_long` by its length as it stands in the dump.
 */
static bool next_record(struct decoder *decoder, struct span *record, uint64_t *offset,
                        bool *too_long) {
    const struct decode_member *member = decoder->member;
    bool document = member->framing == FRAMING_ELEMENTS || member->framing == FRAMING_VALUES;
    bool more;
    do {
        more = document ? next_element(decoder, record) : next_row(decoder, record);
        if (!more)
            return false;
        *offset = (uint64_t)(record->at - decoder->block.at);
        *too_long = record->len > member->options.max_record_bytes;
        if (*too_long)
            return true;
        *record = record_as_utf8(decoder, *record);
        *record = member->framing == FRAMING_CSV ? without_return(*record) : trimmed(*record);
    } while (record->len == 0 && !decoder->out_of_memory);
    return true;
}

static enum reject_reason read_json(struct decoder *decoder, struct span record) {
    const struct table *table = decoder->member->table;
    enum json_result result = json_fast_read(decoder->fast, table, record, &decoder->slots);
    if (result == JSON_REFUSED)
        result = json_slow_read(&decoder->slow, table, record, &decoder->slots, decoder->repairs);
    switch (result) {
    case JSON_READ:
        return REJECT_NONE;
    case JSON_DEEP:
        return REJECT_TOO_DEEP;
    case JSON_NO_OBJECT:
        return REJECT_NOT_A_POST;
    case JSON_MEMORY:
        decoder->out_of_memory = true;
        return REJECT_SYNTAX;
    default:
        return REJECT_SYNTAX;
    }
}

/* What exports write for nothing. */
static bool is_nothing(struct span field) {
    if (field.len > 4)
        return false;
    if (field.len == 0)
        return true;
    if (*field.at != 'N' && *field.at != 'n')
        return false;
    return span_is(field, "NULL") || span_is(field, "null") || span_is(field, "NaN") ||
           span_is(field, "nan") || span_is(field, "None") || span_is(field, "N/A");
}

/* Columns of a record that was only framed; bad bytes are repaired first. */
static void split_row(struct decoder *decoder, struct span record) {
    arena_clear(&decoder->arena);
    if (!utf8_is_valid(record))
        record = utf8_repair(record, &decoder->arena, &decoder->repairs[REPAIR_ENCODING]);
    decoder->column_count = csv_split(record, decoder->member->delimiter, decoder->columns,
                                      COLUMN_MAX, &decoder->arena);
}

/* Field values straight from the columns: of several for one field, the first that is there. */
static enum reject_reason read_row(struct decoder *decoder, struct span record) {
    const struct decode_member *member = decoder->member;
    if (decoder->column_count == NOT_SPLIT)
        split_row(decoder, record);
    if (decoder->column_count != member->column_count)
        return REJECT_RAGGED;
    values_clear(decoder->fields);
    for (int i = 0; i < member->table->row_count; i++) {
        const struct row *row = &member->table->rows[i];
        struct value *value = &decoder->fields[row->field];
        struct span column = decoder->columns[member->row_column[i]];
        /* an empty text is a text: the column is there */
        bool there = !is_nothing(column) || (row->field == FIELD_TEXT && column.len == 0);
        if (there && value->type == VALUE_ABSENT)
            *value = (struct value){column, VALUE_STRING, row->convert};
    }
    return REJECT_NONE;
}

_Static_assert(sizeof((struct decoded){0}.embedded) / sizeof(struct post) == EMBED_MAX,
               "a decoded record has room for every embedded post");

static bool already_embedded(const struct decoded *out, struct span id) {
    for (int i = 0; i < out->embedded_count; i++)
        if (span_equal(out->embedded[i].id, id))
            return true;
    return false;
}

struct span decoder_post_id(struct decoder *decoder, const struct post *post) {
    if (post->id.len)
        return post->id;
    struct span id = post_made_id(&decoder->arena, post);
    decoder->out_of_memory |= id.at == NULL;
    return id;
}

/* Posts inside the record; the draft gets them by their place in the format. */
static void make_embedded(struct decoder *decoder, struct draft *draft, struct decoded *out) {
    const struct decode_member *member = decoder->member;
    for (int i = 0; i < member->table->embed_count; i++) {
        int slot = table_embed_slot(member->table, i);
        if (slots_get(&decoder->slots, slot)->type != VALUE_OBJECT)
            continue;
        struct post *post = &out->embedded[out->embedded_count];
        struct draft inner = {.arena = draft->arena,
                              .fields = draft->fields,
                              .post = post,
                              .guesses = draft->guesses};
        table_resolve(member->table, i + 1, &decoder->slots, decoder->fields);
        if (post_make(&inner, member->format, &member->options, member->platform) != REJECT_NONE)
            continue;
        post->id = decoder_post_id(decoder, post);
        if (already_embedded(out, post->id))
            continue;
        post->flags |= POST_EMBEDDED;
        draft->embedded[i] = post;
        out->embedded_count++;
    }
}

static enum reject_reason make_posts(struct decoder *decoder, struct decoded *out) {
    const struct decode_member *member = decoder->member;
    struct draft draft = {.arena = &decoder->arena,
                          .fields = decoder->fields,
                          .post = &out->post,
                          .guesses = &decoder->guesses};
    if (member->framing != FRAMING_CSV) {
        make_embedded(decoder, &draft, out);
        table_resolve(member->table, 0, &decoder->slots, decoder->fields);
    }
    enum reject_reason reason =
        post_make(&draft, member->format, &member->options, member->platform);
    if (reason == NOTICE_DELETE)
        out->deleted_id = decoder->fields[FIELD_DELETED_ID].text;
    if (reason != REJECT_NONE)
        out->embedded_count = 0;
    return reason;
}

enum status decoder_next(struct decoder *decoder, struct decoded *out) {
    struct span record;
    bool too_long;
    if (decoder->out_of_memory)
        return STATUS_FATAL;
    if (!next_record(decoder, &record, &out->offset, &too_long))
        return STATUS_END;
    if (decoder->out_of_memory)
        return STATUS_FATAL;
    if (decoder->member->framing != FRAMING_CSV)
        arena_clear(&decoder->arena); /* that of a table has its columns in it */
    out->embedded_count = 0;
    out->deleted_id = (struct span){NULL, 0};
    out->reason = REJECT_TOO_LONG;
    if (!too_long)
        out->reason = decoder->member->framing == FRAMING_CSV ? read_row(decoder, record)
                                                              : read_json(decoder, record);
    if (decoder->out_of_memory)
        return STATUS_FATAL;
    if (out->reason == REJECT_NONE)
        out->reason = make_posts(decoder, out);
    return out->reason == REJECT_NONE ? STATUS_OK : STATUS_REJECT;
}
