#include "stages/decode/framing.h"
#include "stages/decode/text_syntax.h"

static struct span without_return(struct span line) {
    if (line.len && line.at[line.len - 1] == '\r')
        line.len--;
    return line;
}

static struct span line_at(const char *at, const char *end) {
    const char *feed = memchr(at, '\n', (size_t)(end - at));
    return without_return((struct span){at, (size_t)((feed ? feed : end) - at)});
}

/* The next line behind `at`, or `end`. */
static const char *behind_line(const char *at, const char *end) {
    const char *feed = memchr(at, '\n', (size_t)(end - at));
    return feed ? feed + 1 : end;
}

/* A record has ended when the next one begins. */
void scan_text(struct framer *framer, struct span pending, bool at_end) {
    const struct text_syntax *syntax = framer->member->format->syntax;
    const char *at = pending.at + framer->scanned, *end = pending.at + pending.len;
    while (at < end) {
        const char *next = behind_line(at, end);
        if (next == end && end[-1] != '\n' && !at_end)
            break;
        if (at > pending.at + framer->lead && syntax->begins(line_at(at, next))) {
            framer->boundary = (size_t)(at - pending.at);
            framer->boundary_records = ++framer->records;
        }
        at = next;
    }
    framer->records += at_end;
    framer->scanned = (size_t)(at - pending.at);
}

bool next_text(struct decoder *decoder, struct span *record) {
    const struct text_syntax *syntax = decoder->member->format->syntax;
    const char *at = decoder->block.at + decoder->at, *end = decoder->block.at + decoder->block.len;
    if (at == end)
        return false;
    const char *next = behind_line(at, end);
    while (next < end && !syntax->begins(line_at(next, end)))
        next = behind_line(next, end);
    *record = (struct span){at, (size_t)(next - at)};
    decoder->at += record->len;
    while (record->len && (unsigned char)record->at[record->len - 1] <= ' ')
        record->len--;
    return true;
}

enum reject_reason text_posts(struct decoder *decoder, struct span record, struct decoded *out) {
    struct span columns[TEXT_COLUMNS] = {{NULL, 0}};
    struct extractor *x = &decoder->extractor;
    const struct text_syntax *syntax = decoder->member->format->syntax;
    if (!syntax->bytes && !utf8_is_valid(record))
        record = utf8_repair(record, &x->arena, &decoder->repairs[REPAIR_ENCODING]);
    enum reject_reason reason = syntax->split(record, &x->arena, columns);
    return reason == REJECT_NONE ? extract_row(x, columns, out) : reason;
}
