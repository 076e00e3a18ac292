#include "stages/decode/framing.h"
#include "stages/decode/unwrap.h"

/* Lines are cut at the last line feed, without looking at what is before it. */
void scan_lines(struct framer *framer, struct span pending, bool at_end) {
    (void)at_end;
    const char *from = pending.at + framer->scanned;
    const char *feed = memrchr(from, '\n', pending.len - framer->scanned);
    if (feed)
        framer->boundary = (size_t)(feed - pending.at) + 1;
    framer->scanned = pending.len;
}

bool next_line(struct decoder *decoder, struct span *record) {
    const char *at = decoder->block.at + decoder->at, *end = decoder->block.at + decoder->block.len;
    if (at == end)
        return false;
    const char *feed = member_feed(decoder->member, at, end);
    *record = (struct span){at, (size_t)(feed - at)};
    decoder->at += record->len + (feed < end);
    return true;
}

/* Padded for simdjson. */
static struct span unwrapped(struct decoder *decoder, struct span record) {
    struct buf *out = &decoder->unwrapped;
    struct span inner = unwrap_record(record, out);
    if (inner.at && inner.at != out->at)
        return inner;
    if (!inner.at || !buf_reserve(out, BLOCK_PADDING)) {
        decoder->out_of_memory = true;
        return (struct span){"", 0};
    }
    memset(out->at + out->len, 0, BLOCK_PADDING);
    return buf_as_span(out);
}

/* What the fast reader refuses, at once or when it goes into a part, the slow one reads anew. */
enum reject_reason json_posts(struct decoder *decoder, struct span record, struct decoded *out) {
    struct extractor *x = &decoder->extractor;
    const struct table *table = decoder->member->table;
    enum reject_reason reason = REJECT_SYNTAX;
    if (decoder->member->wrapped)
        record = unwrapped(decoder, record);
    enum json_result result = json_fast_read(x->fast, table, record, x->slots);
    if (result == JSON_REFUSED && decoder_mend(decoder, &record))
        result = json_fast_read(x->fast, table, record, x->slots);
    const struct table *late = result == JSON_READ && decoder->member->guessed
                                   ? late_table(&decoder->late, x->fast, record)
                                   : NULL;
    if (late) {
        table = late;
        result = json_fast_read(x->fast, table, record, x->slots);
    }
    x->table = table;
    for (int attempt = 0; attempt < 2; attempt++) {
        x->repaired = attempt > 0;
        if (x->repaired && result == JSON_REFUSED)
            result = json_slow_read(&x->slow, table, record, x->slots, decoder->repairs);
        else if (x->repaired)
            break;
        if (result == JSON_READ) {
            reason = extract_slots(x, out);
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
