/* Lines that an author quotes: behind '>' as mail, Reddit and Markdown have it. */
#include "stages/text/text.h"

#include <string.h>

struct quoted_line {
    struct span text; /* with its line feed */
    size_t mark;      /* blanks and marks it begins with */
    bool quoted, amount, empty;
};

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* The length of the mark at `at`, in its entity too; 0 where none stands, or where an emoticon, an
 * arrow or a comparison does. */
static size_t mark_at(struct span line, size_t at) {
    struct span rest = {line.at + at, line.len - at};
    size_t len = span_starts(rest, ">") ? 1 : span_starts(rest, "&gt;") ? 4 : 0;
    return len && rest.len > len && memchr(":;=_.<^-'", rest.at[len], 9) ? 0 : len;
}

static bool next_line(struct span *rest, struct quoted_line *line) {
    if (!rest->len)
        return false;
    const char *feed = memchr(rest->at, '\n', rest->len);
    size_t len = feed ? (size_t)(feed - rest->at) + 1 : rest->len, at = 0, mark;
    *line = (struct quoted_line){.text = {rest->at, len}};
    while (at < len && is_blank(rest->at[at]))
        at++;
    line->empty = at == len;
    while ((mark = mark_at(line->text, at)) || (line->quoted && at < len && rest->at[at] == ' ')) {
        line->quoted |= mark > 0;
        at += mark ? mark : 1;
    }
    line->mark = at;
    line->amount = line->quoted && at < len && (unsigned)(rest->at[at] - '0') <= 9;
    *rest = (struct span){rest->at + len, rest->len - len};
    return true;
}

bool text_own_words(struct span text, struct buf *own) {
    struct quoted_line line;
    bool quoted = false, spoken = false;
    if (!text.len || (!memchr(text.at, '>', text.len) && !memchr(text.at, '&', text.len)))
        return false;
    for (struct span rest = text; next_line(&rest, &line);) {
        quoted |= line.quoted;
        spoken |= !line.quoted && !line.empty;
    }
    if (!quoted)
        return false;
    buf_clear(own);
    bool any = false;
    for (struct span rest = text; next_line(&rest, &line);) {
        /* alone, "> 3 days" is an amount and nothing that someone else said */
        bool drop = line.quoted && (spoken || !line.amount);
        size_t kept = !drop ? line.text.len : spoken ? 0 : line.mark;
        any |= drop;
        buf_add(own, line.text.at, kept);
        for (size_t i = kept; i < line.text.len; i++)
            buf_char(own, line.text.at[i] == '\n' ? '\n' : ' ');
    }
    return any && !own->failed;
}
