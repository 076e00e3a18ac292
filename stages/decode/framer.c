#include "stages/decode/csv.h"
#include "stages/decode/document.h"
#include "stages/decode/member.h"

void framer_init(struct framer *framer, const struct decode_member *member) {
    *framer = (struct framer){.member = member,
                              .scanned = member->lead_raw,
                              .boundary = member->lead_raw,
                              .lead = member->lead_raw,
                              .depth = member->framing == FRAMING_CSV ? CSV_FIELD_START : 0};
}

/* A record of UTF-16 has at least half as many bytes in UTF-8, where its length is judged. */
static size_t record_limit(const struct decode_member *member) {
    size_t max = member->options.max_record_bytes;
    return encoding_is_utf16(member->encoding) ? 2 * max : max;
}

static void scan_lines(struct framer *framer, struct span pending) {
    const char *from = pending.at + framer->scanned;
    const char *feed = memrchr(from, '\n', pending.len - framer->scanned);
    if (feed)
        framer->boundary = (size_t)(feed - pending.at) + 1;
    framer->scanned = pending.len;
}

static void scan_csv(struct framer *framer, struct span pending) {
    const char *end = pending.at + pending.len;
    enum csv_state state = (enum csv_state)framer->depth;
    const char *at = pending.at + framer->scanned;
    while (at < end) {
        at = csv_record_end(pending.at + framer->boundary, at, end, framer->member->delimiter,
                            record_limit(framer->member), &state);
        if (at == end)
            break;
        framer->boundary = (size_t)(++at - pending.at);
        state = CSV_FIELD_START;
    }
    framer->depth = (int)state;
    framer->scanned = pending.len;
}

static char narrow_unit(const char *at, enum encoding encoding) {
    const char low = encoding == ENCODING_UTF16LE ? at[0] : at[1];
    const char high = encoding == ENCODING_UTF16LE ? at[1] : at[0];
    return high ? 'x' : low;
}

/* UTF-16: one unit after the other through the same state machine. */
static void scan_utf16(struct framer *framer, struct span pending) {
    const struct decode_member *member = framer->member;
    enum csv_state state = (enum csv_state)framer->depth;
    bool lines = member->framing == FRAMING_LINES;
    size_t at = framer->scanned;
    for (; at + 1 < pending.len; at += 2) {
        char unit = narrow_unit(pending.at + at, member->encoding);
        bool long_enough = at - framer->boundary > record_limit(member);
        const char *stop = &unit;
        if (lines)
            stop = unit == '\n' ? &unit : &unit + 1;
        else if (unit == '\n' && long_enough)
            stop = &unit;
        else
            stop = csv_record_end(&unit, &unit, &unit + 1, member->delimiter, 1, &state);
        if (stop == &unit) {
            framer->boundary = at + 2;
            state = CSV_FIELD_START;
        }
    }
    framer->depth = (int)state;
    framer->scanned = at;
}

static void scan_document(struct framer *framer, struct span pending) {
    struct document_scan scan = {framer->depth, framer->in_string, framer->escaped, framer->ended};
    const char *at = pending.at + framer->scanned, *end = pending.at + pending.len;
    bool array = framer->member->framing == FRAMING_ELEMENTS;
    while (at < end && !scan.ended) {
        at = document_next(at, end, &scan);
        if (scan.ended && !array) {
            scan.ended = false; /* a stray bracket between values */
            at++;
        }
        if (scan.depth == 0 && !scan.in_string &&
            (at < end || scan.ended || at[-1] == '}' || at[-1] == ']' || at[-1] == ',' ||
             at[-1] == '\n'))
            framer->boundary = (size_t)(at - pending.at);
    }
    framer->depth = scan.depth;
    framer->in_string = scan.in_string;
    framer->escaped = scan.escaped;
    framer->ended = scan.ended;
    framer->scanned = (size_t)(at - pending.at);
}

static void scan(struct framer *framer, struct span pending) {
    if (framer->scanned >= pending.len)
        return;
    if (encoding_is_utf16(framer->member->encoding))
        scan_utf16(framer, pending);
    else if (framer->member->framing == FRAMING_LINES)
        scan_lines(framer, pending);
    else if (framer->member->framing == FRAMING_CSV)
        scan_csv(framer, pending);
    else
        scan_document(framer, pending);
}

static size_t cut(struct framer *framer, size_t len) {
    framer->offset += len;
    framer->scanned = framer->scanned > len ? framer->scanned - len : 0;
    framer->boundary = 0;
    return len;
}

static bool is_document(const struct framer *framer) {
    return framer->member->framing == FRAMING_ELEMENTS || framer->member->framing == FRAMING_VALUES;
}

/* The first line feed ends a given-up record of lines or CSV; -1 when there is none. */
static ptrdiff_t first_feed(const struct framer *framer, struct span pending) {
    enum encoding encoding = framer->member->encoding;
    if (!encoding_is_utf16(encoding)) {
        const char *feed = memchr(pending.at, '\n', pending.len);
        return feed ? feed - pending.at : -1;
    }
    for (size_t i = 0; i + 1 < pending.len; i += 2)
        if (narrow_unit(pending.at + i, encoding) == '\n')
            return (ptrdiff_t)i + 1;
    return -1;
}

/* Inside a record that is too long: throws away up to its end. */
static size_t skip_rest(struct framer *framer, struct span pending) {
    framer->drop = true;
    if (is_document(framer)) {
        scan(framer, pending);
        framer->skipping = framer->boundary == 0;
        return cut(framer, framer->skipping ? pending.len : framer->boundary);
    }
    ptrdiff_t feed = first_feed(framer, pending);
    if (feed < 0) {
        size_t whole =
            encoding_is_utf16(framer->member->encoding) ? pending.len & ~(size_t)1 : pending.len;
        framer->scanned = 0;
        return cut(framer, whole);
    }
    framer->skipping = false;
    framer->scanned = 0;
    framer->depth = framer->member->framing == FRAMING_CSV ? CSV_FIELD_START : 0;
    return cut(framer, (size_t)feed + 1);
}

/* Blanks and commas before an element are not part of it. */
static size_t element_begin(struct span pending, size_t at) {
    while (at < pending.len && ((unsigned char)pending.at[at] <= ' ' || pending.at[at] == ','))
        at++;
    return at;
}

/* Whether the record at the beginning of `pending` is already too long. */
static bool too_long(const struct framer *framer, struct span pending) {
    size_t begin = framer->lead;
    if (pending.len <= begin)
        return false;
    if (is_document(framer))
        begin = element_begin(pending, begin);
    return pending.len - begin > record_limit(framer->member);
}

size_t framer_cut(struct framer *framer, struct span pending, bool at_end) {
    framer->drop = false;
    if (pending.len == 0)
        return 0;
    if (framer->skipping)
        return skip_rest(framer, pending);
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
        size_t whole =
            encoding_is_utf16(framer->member->encoding) ? pending.len & ~(size_t)1 : pending.len;
        return cut(framer, whole);
    }
    return 0;
}
