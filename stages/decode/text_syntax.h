/* text syntax: how a plain text that is no table holds records (chats, blocks of "Key: value"). A
 * record begins with a line that says so and goes on to the next such line. Internal to
 * stages/decode. */
#ifndef BURZA_DECODE_TEXT_SYNTAX_H
#define BURZA_DECODE_TEXT_SYNTAX_H

#include "stages/decode/format.h"

/* What a record is split into; rows of a format name them as sniff_text.c does. */
enum text_column {
    TEXT_TIME,
    TEXT_AUTHOR,
    TEXT_BODY,
    TEXT_HTML,
    TEXT_TITLE,
    TEXT_URL,
    TEXT_ID,
    TEXT_PARENT,
    TEXT_THREAD,
    TEXT_COLUMNS
};

struct text_syntax {
    /* Whether a record begins with this line, which has no line feed. */
    bool (*begins)(struct span line);
    /* Fills the columns (empty where the record has none); the reason when it is no post. */
    enum reject_reason (*split)(struct span record, struct arena *arena,
                                struct span columns[TEXT_COLUMNS]);
    /* Whether a file that begins so is one record; NULL: never. */
    bool (*is_record)(struct span head);
    bool bytes; /* records state their encodings themselves, each its own */
};

/* The format whose records begin with the first line of `head`, or NULL. */
const struct format *text_format(struct span head);

#endif
