#include "stages/decode/member.h"
#include "stages/decode/text_syntax.h"

#include <stdlib.h>

static size_t mark_of(struct span head) {
    return span_starts(head, "\xEF\xBB\xBF") ? 3 : 0;
}

const struct format *text_format(struct span head) {
    size_t at = mark_of(head);
    while (at < head.len && (head.at[at] == '\n' || head.at[at] == '\r'))
        at++;
    const char *feed = at < head.len ? memchr(head.at + at, '\n', head.len - at) : NULL;
    struct span line = {head.at + at, feed ? (size_t)(feed - head.at) - at : head.len - at};
    if (line.len && line.at[line.len - 1] == '\r')
        line.len--;
    for (size_t i = 0; line.len && formats[i]; i++) {
        const struct text_syntax *syntax = formats[i]->syntax;
        if (syntax && (syntax->begins(line) || (syntax->is_record && syntax->is_record(head))))
            return formats[i];
    }
    return NULL;
}

/* Rows are those of the format, each with its column. */
enum status sniff_text(struct decode_member *member, struct span head, struct fault *fault) {
    static const char *const names[TEXT_COLUMNS] = {"time", "author", "text",   "html",  "title",
                                                    "url",  "id",     "parent", "thread"};
    if (!member->format)
        member->format = text_format(head);
    if (encoding_is_utf16(member->encoding))
        return fault_set(fault, STATUS_SKIP, EXIT_DATA, "a chat in UTF-16; convert it to UTF-8");
    struct table *table = member->table = calloc(1, sizeof *table);
    if (!table)
        return fault_memory(fault);
    const struct row *rows = member->format->rows;
    while (rows[table->row_count].path)
        table->row_count++;
    table->answer_at = table->row_count;
    member->row_column = arena_alloc(&member->arena, (size_t)table->row_count * sizeof(int16_t));
    table->rows = arena_alloc(&table->arena, (size_t)table->row_count * sizeof *rows);
    if (!member->row_column || !table->rows)
        return fault_memory(fault);
    memcpy(table->rows, rows, (size_t)table->row_count * sizeof *rows);
    for (int i = 0; i < table->row_count; i++)
        for (int column = 0; column < TEXT_COLUMNS; column++)
            if (strcmp(rows[i].path, names[column]) == 0)
                member->row_column[i] = (int16_t)column;
    member->framing = FRAMING_TEXT;
    member->lead = mark_of(head);
    return STATUS_OK;
}
