#include "stages/decode/framing.h"
#include "stages/decode/topics.h"

const struct framing_row framings[FRAMING_COUNT] = {
    [FRAMING_LINES] = {scan_lines, next_line, json_posts, false},
    [FRAMING_CSV] = {scan_csv, next_row, row_posts, false},
    [FRAMING_DOCUMENT] = {scan_document, next_element, json_posts, true},
    [FRAMING_XML] = {scan_xml, next_xml, xml_posts, true},
    [FRAMING_TEXT] = {scan_text, next_text, text_posts, false},
    [FRAMING_NONE] = {scan_none, next_none, json_posts, false},
};
_Static_assert(FRAMING_COUNT == 6, "a framing has a row of functions");

void framer_init(struct framer *framer, const struct decode_member *member) {
    *framer = (struct framer){.member = member,
                              .scanned = member->lead,
                              .lead = member->lead,
                              .row = member->lead_rows + 1,
                              .line = 1,
                              .boundary = framings[member->framing].enclosed ? 0 : member->lead,
                              .begin = member->begin,
                              .settled = member->begin,
                              .now = member->begin};
}

const char *member_feed(const struct decode_member *member, const char *at, const char *end) {
    const char *feed = at < end ? memchr(at, member->dialect.feed, (size_t)(end - at)) : NULL;
    return feed ? feed : end;
}

void framer_settle(struct framer *framer, size_t at, bool record) {
    framer->boundary = at;
    framer->records += record;
    framer->boundary_records = framer->records;
    if (framer->settled.version != framer->now.version)
        framer->settled = framer->now;
}

/* The block, or what is thrown away, is the first `len` pending bytes. */
static size_t cut(struct framer *framer, struct span pending, size_t len) {
    framer->place = framer->begin;
    framer->place.lead = framer->lead < len ? framer->lead : len;
    framer->place.first = !framer->given;
    framer->place.topics = topics_count(framer->member->topics);
    framer->place.row = framer->row;
    framer->row += framer->boundary_records;
    framer->place.line = framer->line;
    if (framer->member->options.count_lines)
        for (const char *at = pending.at, *end = at + len;
             (at = memchr(at, '\n', (size_t)(end - at))); at++)
            framer->line++;
    framer->given |= !framer->drop;
    framer->begin = framer->settled;
    framer->lead -= framer->place.lead;
    framer->offset += len;
    framer->scanned = framer->scanned > len ? framer->scanned - len : 0;
    framer->record_at = framer->record_at > len ? framer->record_at - len : 0;
    framer->records -= framer->boundary_records;
    framer->boundary = framer->boundary_records = 0;
    return len;
}

/* Inside a record that is too long: throws away up to its end. 0 when it has just ended. */
static size_t skip_rest(struct framer *framer, struct span pending, bool at_end) {
    const struct framing_row *framing = &framings[framer->member->framing];
    framer->drop = true;
    if (framing->enclosed) {
        framing->scan(framer, pending, at_end);
        framer->records = framer->boundary_records = 0; /* this one was given already */
        return cut(framer, pending, framer->skipping ? pending.len : framer->boundary);
    }
    framer->scanned = 0;
    const char *end = pending.at + pending.len;
    const char *feed = member_feed(framer->member, pending.at, end);
    if (feed == end)
        return cut(framer, pending, (size_t)(end - pending.at));
    framer->skipping = false;
    framer->boundary_records = framer->records = 1; /* the row that was too long ends here */
    return cut(framer, pending, (size_t)(feed - pending.at) + 1);
}

bool framer_is_open(const struct framer *framer) {
    return framer->member->framing == FRAMING_DOCUMENT && framer->now.depth > 0;
}

size_t framer_cut(struct framer *framer, struct span pending, bool at_end) {
    const struct framing_row *framing = &framings[framer->member->framing];
    framer->drop = false;
    if (pending.len == 0)
        return 0;
    size_t skipped = 0;
    if (framer->skipping)
        skipped = skip_rest(framer, pending, at_end);
    if (skipped)
        return skipped;
    framer->drop = framer->skipping;
    if (framer->scanned < pending.len)
        framing->scan(framer, pending, at_end);
    size_t begin = framing->enclosed ? framer->record_at : framer->lead;
    if (at_end) {
        framer->boundary_records = framer->records;
        framer->drop |= framing->enclosed && !framer->records && !framer->scan.inside;
        return cut(framer, pending, pending.len);
    }
    if (framer->boundary && framer->boundary <= pending.len) {
        framer->drop = framing->enclosed && !framer->boundary_records;
        return cut(framer, pending, framer->boundary);
    }
    size_t len = pending.len;
    bool recording = !framing->enclosed || framer->scan.inside;
    if (recording && len > begin && len - begin > framer->member->options.max_record_bytes) {
        framer->skipping = true;
        return cut(framer, pending, len);
    }
    return 0;
}
