/* labelled_rows: texts with the label that people gave them, from TSV or CSV.
 *
 * In: bytes that outlive the rows. A header names the columns (label, text, and optionally intent
 * and stage, in English or Polish, in any order); without one a line is label<TAB>text, or
 * label,text. Labels are the usual words and -1, 0, 1; what is not clear is refused or left out and
 * named, never guessed.
 * Out: rows, owned by the caller (labelled_rows_release), and notes: lines for people that say what
 * was understood and what was left out. May fail: STATUS_FATAL with EXIT_DATA when it is not clear
 * which column is the text or what the labels mean, or when there is no row at all. */
#ifndef BURZA_LABELLED_ROWS_H
#define BURZA_LABELLED_ROWS_H

#include "stages/common/arena.h"
#include "stages/common/buf.h"

struct labelled_row {
    struct span text, intent, stage;
    int label; /* enum label */
    unsigned line;
};

struct labelled_rows {
    struct labelled_row *at; /* [count] */
    size_t count;
    uint64_t left_out;
    bool journeys; /* the file has intents and stages */
    struct buf notes;
    struct arena arena;
};

enum status labelled_rows_read(struct labelled_rows *rows, struct span bytes,
                               struct fault *fault) MUST_USE;
void labelled_rows_release(struct labelled_rows *rows);

#endif
