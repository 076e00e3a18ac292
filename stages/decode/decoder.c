#include "stages/decode/csv.h"
#include "stages/decode/document.h"
#include "stages/decode/extract.h"

#include <stdlib.h>

struct decoder {
    struct extractor extractor;
    struct buf text; /* the record as UTF-8, when the member is not */
    const struct decode_member *member;
    struct span block;
    size_t at;
    bool out_of_memory;
    bool valid; /* the block is known to be UTF-8 throughout */
    uint64_t repairs[REPAIR_COUNT];
    struct span columns[COLUMN_MAX];
    size_t column_count; /* of the record that was framed last; NOT_SPLIT: not known yet */
};

static const size_t NOT_SPLIT = SIZE_MAX;

enum status decoder_new(struct decoder **out, const struct decode_options *options,
                        struct fault *fault) {
    struct decoder *decoder = calloc(1, sizeof *decoder);
    *out = NULL;
    if (!decoder)
        return fault_memory(fault);
    buf_init(&decoder->text, (size_t)1 << 32);
    if (!extractor_init(&decoder->extractor, options->max_record_bytes)) {
        decoder_free(decoder);
        return fault_memory(fault);
    }
    *out = decoder;
    return STATUS_OK;
}

void decoder_free(struct decoder *decoder) {
    if (!decoder)
        return;
    extractor_release(&decoder->extractor);
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
    decoder->member = decoder->extractor.member = member;
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
        arena_clear(&decoder->extractor.arena);
        feed = csv_next(rest, member->delimiter, member->options.max_record_bytes, decoder->columns,
                        COLUMN_MAX, &decoder->column_count, &decoder->extractor.arena);
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
        if (member->framing != FRAMING_CSV)
            *record = trimmed(*record);
        else if (record->len && record->at[record->len - 1] == '\r')
            record->len--;
    } while (record->len == 0 && !decoder->out_of_memory);
    return true;
}

/* What the fast reader refuses, at once or when it goes into a part, the slow one reads anew. */
static enum reject_reason json_posts(struct decoder *decoder, struct span record,
                                     struct decoded *out) {
    struct extractor *x = &decoder->extractor;
    const struct table *table = decoder->member->table;
    enum reject_reason reason = REJECT_SYNTAX;
    enum json_result result = json_fast_read(x->fast, table, record, x->slots);
    for (int attempt = 0; attempt < 2; attempt++) {
        x->repaired = attempt > 0;
        if (x->repaired && result == JSON_REFUSED)
            result = json_slow_read(&x->slow, table, record, x->slots, decoder->repairs);
        else if (x->repaired)
            break;
        if (result == JSON_READ) {
            reason = extract_json(x, out);
            result = x->trouble;
        }
    }
    switch (result) {
    case JSON_READ:
        return reason;
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

static enum reject_reason row_posts(struct decoder *decoder, struct span record,
                                    struct decoded *out) {
    struct arena *arena = &decoder->extractor.arena;
    if (decoder->column_count == NOT_SPLIT) { /* only framed: bad bytes are repaired first */
        arena_clear(arena);
        if (!utf8_is_valid(record))
            record = utf8_repair(record, arena, &decoder->repairs[REPAIR_ENCODING]);
        decoder->column_count =
            csv_split(record, decoder->member->delimiter, decoder->columns, COLUMN_MAX, arena);
    }
    if (decoder->column_count != decoder->member->column_count)
        return REJECT_RAGGED;
    enum reject_reason reason = extract_row(&decoder->extractor, decoder->columns, out);
    decoder->out_of_memory |= decoder->extractor.trouble == JSON_MEMORY;
    return reason;
}

struct span decoder_post_id(struct decoder *decoder, const struct post *post) {
    struct span id = extract_post_id(&decoder->extractor, post);
    decoder->out_of_memory |= id.at == NULL;
    return id;
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
    bool table = decoder->member->framing == FRAMING_CSV;
    if (!table)
        arena_clear(&decoder->extractor.arena); /* that of a table has its columns in it */
    out->more_count = out->more_reject_count = 0;
    out->deleted_id = (struct span){NULL, 0};
    out->reason = REJECT_TOO_LONG;
    if (!too_long)
        out->reason = table ? row_posts(decoder, record, out) : json_posts(decoder, record, out);
    if (decoder->out_of_memory)
        return STATUS_FATAL;
    return out->reason == REJECT_NONE ? STATUS_OK : STATUS_REJECT;
}
