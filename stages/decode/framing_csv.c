#include "stages/decode/framing.h"

/* UTF-16: one unit after the other through the same state machine. */
static const char *wide_row_end(const struct decode_member *member, const char *start,
                                const char *at, const char *end, enum csv_state *state) {
    size_t max = member->options.max_record_bytes;
    for (; end - at >= 2; at += 2) {
        char unit = encoding_unit(at, member->encoding);
        if (unit == '\n' && (size_t)(at - start) > max)
            return at;
        bool plain = unit != '"' && unit != member->delimiter && unit != '\n';
        if (plain)
            *state = *state == CSV_QUOTED ? CSV_QUOTED : CSV_PLAIN;
        else if (csv_record_end(&unit, &unit, &unit + 1, member->delimiter, 1, state) == &unit)
            return at;
    }
    return end;
}

/* The line feed that ends the record begun at `start`, looking from `at` on; `end` when it is not
 * there yet. Framer and decoder agree because both ask here. */
static const char *row_end(const struct decode_member *member, const char *start, const char *at,
                           const char *end, enum csv_state *state) {
    if (encoding_is_utf16(member->encoding))
        return wide_row_end(member, start, at, end, state);
    return csv_record_end(start, at, end, member->delimiter, member->options.max_record_bytes,
                          state);
}

void scan_csv(struct framer *framer, struct span pending, bool at_end) {
    (void)at_end;
    size_t unit = member_unit(framer->member);
    const char *at = pending.at + framer->scanned;
    const char *end = pending.at + pending.len - (pending.len - framer->scanned) % unit;
    enum csv_state state = (enum csv_state)framer->state;
    while (at < end) {
        at = row_end(framer->member, pending.at + framer->boundary, at, end, &state);
        if (at == end)
            break;
        at += unit;
        framer->boundary = (size_t)(at - pending.at);
        state = CSV_FIELD_START;
    }
    framer->state = (int)state;
    framer->scanned = (size_t)(end - pending.at);
}

bool next_row(struct decoder *decoder, struct span *record) {
    struct span rest = {decoder->block.at + decoder->at, decoder->block.len - decoder->at};
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
        feed = row_end(member, rest.at, rest.at, end, &state);
        decoder->column_count = NOT_SPLIT;
    }
    *record = (struct span){rest.at, (size_t)(feed - rest.at)};
    decoder->at += record->len + (feed < end ? member_unit(member) : 0);
    return true;
}

enum reject_reason row_posts(struct decoder *decoder, struct span record, struct decoded *out) {
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
