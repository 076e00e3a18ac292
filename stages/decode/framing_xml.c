#include "stages/decode/framing.h"
#include "stages/decode/xml_scan.h"

/* Goes on to the last record, or to the end of the one that is too long. */
void scan_xml(struct framer *framer, struct span pending, bool at_end) {
    const char *at = pending.at + framer->scanned, *end = pending.at + pending.len;
    const char *record = pending.at + framer->record_at;
    bool more = true;
    while (more) {
        bool found = xml_walk(&framer->now, &framer->scan, framer->member->record_depth, &at, end,
                              at_end, &record);
        if (found || !framer->scan.inside)
            framer_settle(framer, (size_t)(at - pending.at), found);
        more = found && !framer->skipping;
        framer->skipping &= !found;
    }
    framer->record_at = (size_t)(record - pending.at);
    framer->scanned = (size_t)(at - pending.at);
}

bool next_xml(struct decoder *decoder, struct span *record) {
    const char *at = decoder->block.at + decoder->at, *end = decoder->block.at + decoder->block.len;
    struct record_scan scan = {0};
    bool found = xml_walk(&decoder->place, &scan, decoder->member->record_depth, &at, end, true,
                          &record->at);
    decoder->at = (size_t)(at - decoder->block.at);
    record->len = found ? (size_t)(at - record->at) : 0;
    return found;
}

/* Bytes that XML does not allow even as references become blanks. */
static struct span without_controls(struct decoder *decoder, struct span record) {
    char *copy = NULL;
    for (size_t i = 0; i < record.len; i++) {
        unsigned char byte = (unsigned char)record.at[i];
        if (byte >= 0x20 || byte == '\t' || byte == '\n' || byte == '\r')
            continue;
        if (!copy && !(copy = (char *)arena_copy(&decoder->extractor.arena, record).at))
            break;
        copy[i] = ' ';
        decoder->repairs[REPAIR_ESCAPE]++;
    }
    return copy ? (struct span){copy, record.len} : record;
}

enum reject_reason xml_posts(struct decoder *decoder, struct span record, struct decoded *out) {
    struct extractor *x = &decoder->extractor;
    enum reject_reason reason;
    if (!decoder->xml && !(decoder->xml = xml_record_new()))
        decoder->out_of_memory = true;
    if (decoder->out_of_memory)
        return REJECT_SYNTAX;
    if (!decoder_mend(decoder, &record) && !utf8_is_valid(record))
        record = utf8_repair(record, &decoder->extractor.arena, &decoder->repairs[REPAIR_ENCODING]);
    record = without_controls(decoder, record);
    switch (xml_record_read(decoder->xml, decoder->member->table, record, x->slots, &x->arena)) {
    case JSON_READ:
        reason = extract_slots(x, out);
        decoder->out_of_memory |= x->trouble == JSON_MEMORY;
        return reason;
    case JSON_DEEP:
        return REJECT_TOO_DEEP;
    case JSON_MEMORY:
        decoder->out_of_memory = true;
        return REJECT_SYNTAX;
    default:
        return REJECT_SYNTAX;
    }
}
