#include "stages/decode/framing.h"

#include <stdlib.h>

enum status decoder_new(struct decoder **out, const struct decode_options *options,
                        struct fault *fault) {
    struct decoder *decoder = calloc(1, sizeof *decoder);
    *out = NULL;
    if (!decoder)
        return fault_memory(fault);
    buf_init(&decoder->text, (size_t)1 << 32);
    buf_init(&decoder->unwrapped, (size_t)1 << 32);
    late_init(&decoder->late, options->max_record_bytes);
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
    xml_record_free(decoder->xml);
    buf_release(&decoder->text);
    buf_release(&decoder->unwrapped);
    late_release(&decoder->late);
    free(decoder);
}

/* What was written to decoder->text, padded for simdjson. */
static struct span padded_text(struct decoder *decoder, bool written) {
    if (!written || !buf_reserve(&decoder->text, BLOCK_PADDING)) {
        decoder->out_of_memory = true;
        return (struct span){NULL, 0};
    }
    memset(decoder->text.at + decoder->text.len, 0, BLOCK_PADDING);
    return buf_as_span(&decoder->text);
}

static struct span record_as_utf8(struct decoder *decoder, struct span record) {
    const struct decode_member *member = decoder->member;
    enum encoding encoding = member->encoding;
    if (encoding >= ENCODING_CP1250 && member->repaired_encoding)
        encoding = encoding_of_record(record, encoding, member->clear_encoding);
    decoder->repairs[REPAIR_ENCODING] += encoding != member->encoding;
    return encoding == ENCODING_UTF8
               ? record
               : padded_text(decoder, encoding_to_utf8(record, encoding, &decoder->text));
}

bool decoder_mend(struct decoder *decoder, struct span *record) {
    bool declared = decoder->member->framing != FRAMING_CSV;
    if (record->at == decoder->text.at || utf8_is_valid(*record) ||
        !encoding_mend(*record, declared, &decoder->text))
        return false;
    *record = padded_text(decoder, true);
    decoder->repairs[REPAIR_ENCODING]++;
    return !decoder->out_of_memory;
}

void decoder_begin(struct decoder *decoder, const struct decode_member *member, struct span block,
                   const struct decode_place *place) {
    decoder->member = decoder->extractor.member = member;
    decoder->extractor.place = &decoder->place;
    decoder->extractor.table = member->table;
    late_begin(&decoder->late, member);
    decoder->out_of_memory = false;
    memset(decoder->repairs, 0, sizeof decoder->repairs);
    decoder->extractor.time = (struct time_reader){.rules = &member->times,
                                                   .learn = decoder->extractor.time.learn,
                                                   .repairs = decoder->repairs,
                                                   .last_local_s = TIME_NONE};
    decoder->block = block;
    decoder->at = place->lead < block.len ? place->lead : block.len;
    decoder->place = *place;
    decoder->next_row = place->row;
    decoder->odd_row = decoder->odd_fields = 0;
    decoder->valid = member->framing == FRAMING_CSV && member->encoding == ENCODING_UTF8 &&
                     json_fast_is_utf8(block);
    decoder->repairs[REPAIR_ENCODING] += place->first && member->repaired_encoding;
}

bool decoder_odd_row(const struct decoder *decoder, char *text, size_t size) {
    unsigned long long row = decoder->odd_row;
    if (row && decoder->odd_fields)
        snprintf(text, size, "row %llu has %zu fields, the header %zu", row, decoder->odd_fields,
                 decoder->member->dialect.columns);
    else if (row)
        snprintf(text, size,
                 "the quotes of row %llu do not follow the rules; it was read as it is "
                 "most likely meant",
                 row);
    return row > 0;
}

void decoder_repairs(const struct decoder *decoder, uint64_t counts[REPAIR_COUNT]) {
    memcpy(counts, decoder->repairs, sizeof decoder->repairs);
}

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
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
                        size_t *length, bool *too_long) {
    const struct decode_member *member = decoder->member;
    decoder->not_a_post = false;
    do {
        if (!framings[member->framing].next(decoder, record))
            return false;
        *offset = (uint64_t)(record->at - decoder->block.at);
        *length = record->len;
        *too_long = record->len > member->options.max_record_bytes;
        if (*too_long)
            return true;
        *record = record_as_utf8(decoder, *record);
        *record = member->framing == FRAMING_CSV ? without_return(*record) : trimmed(*record);
    } while (record->len == 0 && !decoder->out_of_memory);
    return true;
}

struct span decoder_post_id(struct decoder *decoder, const struct post *post) {
    struct span id = extract_post_id(&decoder->extractor, post);
    decoder->out_of_memory |= id.at == NULL;
    return id;
}

/* Behind a record of so many bytes the memory for its posts is given back. */
enum { LONG_RECORD = 4 << 20 };

enum status decoder_next(struct decoder *decoder, struct decoded *out) {
    struct span record;
    bool too_long;
    if (decoder->out_of_memory)
        return STATUS_FATAL;
    if (!next_record(decoder, &record, &out->offset, &out->length, &too_long))
        return STATUS_END;
    if (decoder->out_of_memory)
        return STATUS_FATAL;
    if (decoder->long_before)
        arena_release(&decoder->extractor.arena);
    else if (decoder->member->framing != FRAMING_CSV)
        arena_clear(&decoder->extractor.arena); /* that of a table has its columns in it */
    decoder->long_before = record.len > LONG_RECORD && decoder->member->framing != FRAMING_CSV;
    out->more_count = out->more_reject_count = 0;
    out->deleted_id = out->deleted_author = (struct span){NULL, 0};
    out->reason = decoder->not_a_post ? REJECT_NOT_A_POST : REJECT_TOO_LONG;
    if (!too_long && !decoder->not_a_post)
        out->reason = framings[decoder->member->framing].posts(decoder, record, out);
    if (decoder->out_of_memory)
        return STATUS_FATAL;
    return out->reason == REJECT_NONE ? STATUS_OK : STATUS_REJECT;
}

int64_t decoder_exported_s(const struct decoder *decoder) {
    const struct row *context = decoder->member->plan.context;
    const struct decode_place *place = &decoder->place;
    int64_t exported_s = decoder->member->options.exported_s;
    struct moment moment;
    for (int i = 0; context && i < place->value_count; i++) {
        const struct place_value *value = &place->values[i];
        struct span text = {place->text + value->at, value->len};
        if (context[value->row].field != FIELD_EXPORTED ||
            when_read(text, DATE_YEAR_FIRST, &moment) != WHEN_READ || moment.naive)
            continue;
        int64_t second = floor_div(moment.us, US_PER_S);
        if (exported_s <= 0 || second < exported_s)
            exported_s = second;
    }
    return exported_s;
}
