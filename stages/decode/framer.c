#include "stages/decode/csv.h"
#include "stages/decode/document.h"
#include "stages/decode/member.h"

void framer_init(struct framer *framer, const struct decode_member *member) {
    *framer = (struct framer){.member = member,
                              .scanned = member->lead,
                              .boundary = member->lead,
                              .lead = member->lead,
                              .depth = member->framing == FRAMING_CSV ? CSV_FIELD_START : 0};
}

static char narrow_unit(const char *at, enum encoding encoding) {
    const char low = encoding == ENCODING_UTF16LE ? at[0] : at[1];
    const char high = encoding == ENCODING_UTF16LE ? at[1] : at[0];
    return high ? 'x' : low;
}

static const char *find_feed(const char *at, const char *end, enum encoding encoding) {
    if (!encoding_is_utf16(encoding)) {
        const char *feed = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
        return feed ? feed : end;
    }
    for (; end - at >= 2; at += 2)
        if (narrow_unit(at, encoding) == '\n')
            return at;
    return end;
}

/* UTF-16: one unit after the other through the same state machine. */
static const char *wide_row_end(const struct decode_member *member, const char *start,
                                const char *at, const char *end, enum csv_state *state) {
    size_t max = member->options.max_record_bytes;
    for (; end - at >= 2; at += 2) {
        char unit = narrow_unit(at, member->encoding);
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

size_t member_unit(const struct decode_member *member) {
    return encoding_is_utf16(member->encoding) ? 2 : 1;
}

const char *member_record_end(const struct decode_member *member, const char *start, const char *at,
                              const char *end, enum csv_state *state) {
    if (member->framing == FRAMING_LINES)
        return find_feed(at, end, member->encoding);
    if (encoding_is_utf16(member->encoding))
        return wide_row_end(member, start, at, end, state);
    return csv_record_end(start, at, end, member->delimiter, member->options.max_record_bytes,
                          state);
}

/* Lines of UTF-8 are cut at the last line feed, without looking at what is before it. */
static void scan_lines(struct framer *framer, struct span pending) {
    const char *from = pending.at + framer->scanned;
    const char *feed = memrchr(from, '\n', pending.len - framer->scanned);
    if (feed)
        framer->boundary = (size_t)(feed - pending.at) + 1;
    framer->scanned = pending.len;
}

static void scan_records(struct framer *framer, struct span pending) {
    size_t unit = member_unit(framer->member);
    const char *at = pending.at + framer->scanned;
    const char *end = pending.at + pending.len - (pending.len - framer->scanned) % unit;
    enum csv_state state = (enum csv_state)framer->depth;
    while (at < end) {
        at = member_record_end(framer->member, pending.at + framer->boundary, at, end, &state);
        if (at == end)
            break;
        at += unit;
        framer->boundary = (size_t)(at - pending.at);
        state = CSV_FIELD_START;
    }
    framer->depth = (int)state;
    framer->scanned = (size_t)(end - pending.at);
}

/* Whether an element ends where document_next stopped. */
static bool element_ends(const struct document_scan *scan, const char *at, const char *end) {
    if (scan->depth || scan->in_string)
        return false;
    return at < end || scan->ended || strchr("}],\n", at[-1]) != NULL;
}

/* Goes on to the last end of an element, or to the first when `skipping`. */
static void scan_document(struct framer *framer, struct span pending) {
    struct document_scan scan = {framer->depth, framer->in_string, framer->escaped, framer->ended};
    const char *at = pending.at + framer->scanned, *end = pending.at + pending.len;
    bool found = false;
    while (at < end && !scan.ended && !(found && framer->skipping)) {
        at = document_next(at, end, &scan);
        if (scan.ended && framer->member->framing == FRAMING_VALUES) {
            scan.ended = false; /* a stray bracket between values */
            at++;
        }
        found = element_ends(&scan, at, end);
        if (found)
            framer->boundary = (size_t)(at - pending.at);
    }
    framer->depth = scan.depth;
    framer->in_string = scan.in_string;
    framer->escaped = scan.escaped;
    framer->ended = scan.ended;
    framer->scanned = (size_t)(at - pending.at);
}

static bool is_document(const struct framer *framer) {
    return framer->member->framing == FRAMING_ELEMENTS || framer->member->framing == FRAMING_VALUES;
}

static void scan(struct framer *framer, struct span pending) {
    if (framer->scanned >= pending.len)
        return;
    if (is_document(framer))
        scan_document(framer, pending);
    else if (framer->member->framing == FRAMING_LINES && member_unit(framer->member) == 1)
        scan_lines(framer, pending);
    else
        scan_records(framer, pending);
}

static size_t cut(struct framer *framer, size_t len) {
    framer->offset += len;
    framer->scanned = framer->scanned > len ? framer->scanned - len : 0;
    framer->boundary = 0;
    return len;
}

/* Whole units of the pending bytes. */
static size_t whole_units(const struct framer *framer, struct span pending) {
    return pending.len - pending.len % member_unit(framer->member);
}

/* Inside a record that is too long: throws away up to its end. */
static size_t skip_rest(struct framer *framer, struct span pending) {
    framer->drop = true;
    if (is_document(framer)) {
        scan(framer, pending);
        framer->skipping = framer->boundary == 0;
        return cut(framer, framer->skipping ? pending.len : framer->boundary);
    }
    framer->scanned = 0;
    const char *end = pending.at + whole_units(framer, pending);
    const char *feed = find_feed(pending.at, end, framer->member->encoding);
    if (feed == end)
        return cut(framer, (size_t)(end - pending.at));
    framer->skipping = false;
    framer->depth = CSV_FIELD_START;
    return cut(framer, (size_t)(feed - pending.at) + member_unit(framer->member));
}

/* Blanks and commas before an element are not part of it. */
static size_t element_begin(struct span pending, size_t at) {
    while (at < pending.len && ((unsigned char)pending.at[at] <= ' ' || pending.at[at] == ','))
        at++;
    return at;
}

/* Whether the record at the beginning of `pending` is already too long. */
static bool too_long(const struct framer *framer, struct span pending) {
    size_t begin = framer->lead, len = whole_units(framer, pending);
    if (len <= begin)
        return false;
    if (is_document(framer))
        begin = element_begin(pending, begin);
    return len - begin > framer->member->options.max_record_bytes;
}

size_t framer_cut(struct framer *framer, struct span pending, bool at_end) {
    framer->drop = false;
    if (pending.len == 0)
        return 0;
    if (framer->skipping && (!at_end || whole_units(framer, pending)))
        return skip_rest(framer, pending);
    framer->drop = framer->skipping;
    if (framer->ended) {
        framer->drop = true;
        return cut(framer, pending.len);
    }
    scan(framer, pending);
    if (at_end && !framer->ended)
        return cut(framer, pending.len);
    if (framer->boundary && framer->boundary <= pending.len) {
        framer->lead = 0;
        return cut(framer, framer->boundary);
    }
    if (framer->ended) {
        framer->drop = true;
        return cut(framer, pending.len);
    }
    if (too_long(framer, pending)) {
        framer->skipping = true;
        framer->lead = 0;
        return cut(framer, whole_units(framer, pending));
    }
    return 0;
}
