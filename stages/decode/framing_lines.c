#include "stages/decode/framing.h"

/* Lines of UTF-8 are cut at the last line feed, without looking at what is before it. */
void scan_lines(struct framer *framer, struct span pending, bool at_end) {
    (void)at_end;
    size_t unit = member_unit(framer->member);
    const char *from = pending.at + framer->scanned, *end = pending.at + pending.len, *feed;
    if (unit == 1) {
        feed = memrchr(from, '\n', (size_t)(end - from));
        if (feed)
            framer->boundary = (size_t)(feed - pending.at) + 1;
        framer->scanned = pending.len;
        return;
    }
    end -= (size_t)(end - from) % unit;
    for (; (feed = member_feed(framer->member, from, end)) < end; from = feed + unit)
        framer->boundary = (size_t)(feed - pending.at) + unit;
    framer->scanned = (size_t)(end - pending.at);
}

bool next_line(struct decoder *decoder, struct span *record) {
    const char *at = decoder->block.at + decoder->at, *end = decoder->block.at + decoder->block.len;
    if (at == end)
        return false;
    const char *feed = member_feed(decoder->member, at, end);
    *record = (struct span){at, (size_t)(feed - at)};
    decoder->at += record->len + (feed < end ? member_unit(decoder->member) : 0);
    return true;
}

enum reject_reason read_json(struct decoder *decoder, struct span record) {
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
