#include "stages/decode/framing.h"

void scan_csv(struct framer *framer, struct span pending, bool at_end) {
    const char *end = pending.at + pending.len, *row = pending.at + framer->boundary, *stop;
    while (row < end &&
           (stop = csv_record_end(&framer->member->dialect, (struct span){row, (size_t)(end - row)},
                                  at_end)) &&
           stop < end) {
        row = stop + 1;
        framer->records++;
    }
    framer->boundary_records = framer->records;
    framer->boundary = (size_t)(row - pending.at);
    framer->scanned = pending.len;
}

/* Fields behind the last column that say nothing are left out. */
static void drop_empty_columns(struct decoder *decoder) {
    size_t count = decoder->column_count, columns = decoder->member->dialect.columns;
    while (count > columns && count <= COLUMN_MAX && !decoder->columns[count - 1].len)
        count--;
    decoder->column_count = count;
}

/* Splits the record anew, as it is meant. */
static void split_recovered(struct decoder *decoder, struct span record, enum csv_reading reading) {
    decoder->column_count = csv_split_as(&decoder->member->dialect, record, reading,
                                         decoder->columns, COLUMN_MAX, &decoder->extractor.arena);
    decoder->out_of_memory |= !decoder->column_count;
    drop_empty_columns(decoder);
    bool repaired =
        reading != CSV_STRICT && decoder->column_count == decoder->member->dialect.columns;
    decoder->repairs[REPAIR_QUOTE] += repaired;
    if (repaired && !decoder->odd_row)
        decoder->odd_row = decoder->row;
}

/* A row that has too many or too few fields for the rules, or breaks them. */
static const char *recover(struct decoder *decoder, struct span rest) {
    enum csv_reading reading;
    const char *end = csv_recover(&decoder->member->dialect, rest, true, &reading);
    split_recovered(decoder, (struct span){rest.at, (size_t)(end - rest.at)}, reading);
    return end;
}

bool next_row(struct decoder *decoder, struct span *record) {
    struct span rest = {decoder->block.at + decoder->at, decoder->block.len - decoder->at};
    if (!rest.len)
        return false;
    const struct decode_member *member = decoder->member;
    const char *end = rest.at + rest.len, *feed;
    bool odd;
    decoder->row = decoder->next_row++;
    if (decoder->valid) {
        arena_clear(&decoder->extractor.arena);
        feed = csv_next(rest, &member->dialect, decoder->columns, COLUMN_MAX,
                        &decoder->column_count, &decoder->extractor.arena, &odd);
        if (odd)
            feed = recover(decoder, rest);
        else if (decoder->column_count != member->dialect.columns)
            decoder->column_count = NOT_SPLIT;
    } else {
        feed = csv_record_end(&member->dialect, rest, true);
        decoder->column_count = NOT_SPLIT;
    }
    *record = (struct span){rest.at, (size_t)(feed - rest.at)};
    decoder->at += record->len + (feed < end);
    return true;
}

/* The fields of a record that was only framed; bad bytes are repaired first. */
static void split_framed(struct decoder *decoder, struct span record) {
    struct arena *arena = &decoder->extractor.arena;
    const struct csv_dialect *dialect = &decoder->member->dialect;
    bool odd;
    arena_clear(arena);
    if (!decoder->valid && !decoder_mend(decoder, &record) && !utf8_is_valid(record))
        record = utf8_repair(record, arena, &decoder->repairs[REPAIR_ENCODING]);
    decoder->column_count =
        csv_split(record, dialect->delimiter, decoder->columns, COLUMN_MAX, arena, &odd);
    drop_empty_columns(decoder);
    if (odd || decoder->column_count != dialect->columns)
        recover(decoder, record);
}

static void put_string(struct buf *out, struct span text) {
    buf_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        if (byte == '"' || byte == '\\')
            buf_char(out, '\\');
        if (byte < 0x20)
            buf_format(out, "\\u%04x", byte);
        else
            buf_char(out, text.at[i]);
    }
    buf_char(out, '"');
}

/* The row as an object, its cells as they are where they are JSON. */
static enum reject_reason cells_posts(struct decoder *decoder, struct decoded *out) {
    const struct decode_member *member = decoder->member;
    struct buf *text = &decoder->text;
    buf_clear(text);
    for (size_t i = 0; i < member->name_count; i++) {
        struct span cell = decoder->columns[i];
        buf_char(text, i ? ',' : '{');
        put_string(text, member->names[i]);
        buf_char(text, ':');
        if (cell.len && (*cell.at == '[' || *cell.at == '{'))
            buf_span(text, cell);
        else
            put_string(text, cell);
    }
    buf_char(text, '}');
    struct span record = buf_as_span(text);
    if (text->failed || !buf_reserve(text, BLOCK_PADDING)) {
        decoder->out_of_memory = true;
        return REJECT_SYNTAX;
    }
    record.at = text->at; /* it may have moved */
    memset(text->at + text->len, 0, BLOCK_PADDING);
    return json_posts(decoder, record, out);
}

enum reject_reason row_posts(struct decoder *decoder, struct span record, struct decoded *out) {
    if (decoder->column_count == NOT_SPLIT)
        split_framed(decoder, record);
    if (decoder->column_count != decoder->member->dialect.columns) {
        if (!decoder->odd_row)
            decoder->odd_fields = decoder->column_count;
        decoder->odd_row = decoder->odd_row ? decoder->odd_row : decoder->row;
        return REJECT_RAGGED;
    }
    if (decoder->member->format->json_cells && decoder->member->name_count)
        return cells_posts(decoder, out);
    enum reject_reason reason = extract_row(&decoder->extractor, decoder->columns, out);
    decoder->out_of_memory |= decoder->extractor.trouble == JSON_MEMORY;
    return reason;
}
