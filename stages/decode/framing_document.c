#include "stages/decode/framing.h"
#include "stages/decode/topics.h"

/* Goes on to the last record, or to the end of the one that is too long. */
void scan_document(struct framer *framer, struct span pending, bool at_end) {
    const struct document_plan *plan = &framer->member->plan;
    const char *at = pending.at + framer->scanned, *end = pending.at + pending.len;
    const char *record = pending.at + framer->record_at;
    bool more = true;
    while (more) {
        enum document_event event;
        at = document_walk(plan, &framer->now, &framer->scan, at, end, at_end, &record, &event);
        if (event == DOCUMENT_RECORD && framer->member->topics)
            topics_see(framer->member->topics, framer->member->format, &framer->now,
                       (struct span){record, (size_t)(at - record)});
        if (event != DOCUMENT_MORE || !framer->scan.inside)
            framer_settle(framer, (size_t)(at - pending.at), event != DOCUMENT_MORE);
        more = event != DOCUMENT_MORE && !framer->skipping;
        framer->skipping &= event == DOCUMENT_MORE;
    }
    framer->record_at = (size_t)(record - pending.at);
    framer->scanned = (size_t)(at - pending.at);
}

bool next_element(struct decoder *decoder, struct span *record) {
    const char *at = decoder->block.at + decoder->at, *end = decoder->block.at + decoder->block.len;
    struct record_scan scan = {0};
    enum document_event event;
    at = document_walk(&decoder->member->plan, &decoder->place, &scan, at, end, true, &record->at,
                       &event);
    decoder->at = (size_t)(at - decoder->block.at);
    decoder->not_a_post = event == DOCUMENT_OTHER;
    if (event == DOCUMENT_MORE)
        return false;
    record->len = (size_t)(at - record->at);
    return true;
}
