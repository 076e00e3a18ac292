#include "stages/decode/framing.h"

/* UTF-16: the same rules, one unit after the other; `*odd` when the end of the row is not clear. */
static const char *wide_line(const struct decode_member *member, const char *at, const char *end,
                             bool *odd) {
    bool quoted = false, fresh = true, closed = false;
    *odd = false;
    for (; end - at >= 2; at += 2) {
        char unit = encoding_unit(at, member->encoding);
        bool feed = unit == member->dialect.feed;
        if (feed && !quoted)
            return at;
        *odd |=
            feed || (closed && unit != '"' && unit != member->dialect.delimiter && unit != '\r');
        if (*odd)
            return at;
        bool quote = unit == '"' && (quoted || fresh || closed);
        closed = quote && quoted;
        quoted ^= quote;
        fresh = !quoted && unit == member->dialect.delimiter;
    }
    *odd = quoted;
    return end;
}

static const char *wide_row_end(const struct decode_member *member, struct span rest, bool last) {
    bool odd;
    const char *end = rest.at + rest.len / 2 * 2;
    const char *line = wide_line(member, rest.at, end, &odd);
    const char *rest_end = last ? rest.at + rest.len : NULL; /* with half a unit, if there is one */
    if (!odd)
        return line < end ? line : rest_end;
    struct buf text;
    struct span window = {rest.at, rest.len / 2 * 2};
    bool all = window.len <= member->dialect.max;
    window.len = all ? window.len : member->dialect.max / 2 * 2;
    buf_init(&text, window.len * 3 + 16);
    const char *stop = NULL;
    if (encoding_to_utf8(window, member->encoding, &text)) {
        struct span utf8 = buf_as_span(&text);
        stop = csv_record_end(&member->dialect, utf8, last || !all);
        if (stop)
            utf8.len = (size_t)(stop - utf8.at);
        if (stop)
            stop = rest.at + encoding_raw_bytes(utf8, member->encoding, rest);
    }
    buf_release(&text);
    return stop && stop < end ? stop : rest_end;
}

/* The line feed that ends the row at the beginning of `rest`, or the end of `rest`; NULL when it is
 * not there yet. Framer and decoder agree because both ask here, or what csv_next finds odd. */
static const char *row_end(const struct decode_member *member, struct span rest, bool last) {
    return encoding_is_utf16(member->encoding) ? wide_row_end(member, rest, last)
                                               : csv_record_end(&member->dialect, rest, last);
}

void scan_csv(struct framer *framer, struct span pending, bool at_end) {
    size_t unit = member_unit(framer->member);
    const char *end = pending.at + pending.len, *row = pending.at + framer->boundary, *stop;
    while (row < end &&
           (stop = row_end(framer->member, (struct span){row, (size_t)(end - row)}, at_end)) &&
           stop < end && (size_t)(end - stop) >= unit) {
        row = stop + unit;
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
        feed = row_end(member, rest, true);
        decoder->column_count = NOT_SPLIT;
    }
    *record = (struct span){rest.at, (size_t)(feed - rest.at)};
    decoder->at += record->len + (feed < end ? member_unit(member) : 0);
    return true;
}

/* The fields of a record that was only framed; bad bytes are repaired first. */
static void split_framed(struct decoder *decoder, struct span record) {
    struct arena *arena = &decoder->extractor.arena;
    const struct csv_dialect *dialect = &decoder->member->dialect;
    bool odd;
    arena_clear(arena);
    if (!decoder->valid && !utf8_is_valid(record))
        record = utf8_repair(record, arena, &decoder->repairs[REPAIR_ENCODING]);
    decoder->column_count =
        csv_split(record, dialect->delimiter, decoder->columns, COLUMN_MAX, arena, &odd);
    drop_empty_columns(decoder);
    if (odd || decoder->column_count != dialect->columns)
        recover(decoder, record);
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
    enum reject_reason reason = extract_row(&decoder->extractor, decoder->columns, out);
    decoder->out_of_memory |= decoder->extractor.trouble == JSON_MEMORY;
    return reason;
}
