/* labelled_rows: texts with the label that people gave them, from TSV or CSV.
 *
 * In: bytes that outlive the rows. A header names the columns (text and one or more of label,
 * intent, stage and topic, in English or Polish, in any order); without one a line is
 * label<TAB>text, or label,text. Labels are the usual words and -1, 0, 1; what is not clear is
 * refused or left out and named, never guessed. An empty intent, stage or topic is one that nobody
 * gave. Out: rows, owned by the caller (labelled_rows_release), and notes: lines for people that
 * say what was understood and what was left out. May fail: STATUS_FATAL with EXIT_DATA when it is
 * not clear which column is the text or what the labels mean, or when there is no row at all. */
#ifndef BURZA_LABELLED_ROWS_H
#define BURZA_LABELLED_ROWS_H

#include "stages/common/arena.h"
#include "stages/common/buf.h"

enum labelled_extra { EXTRA_INTENTS, EXTRA_STAGE, EXTRA_TOPIC, EXTRA_COUNT };

struct labelled_row {
    struct span text;
    int label;              /* enum label; LABEL_NONE: the file has no such column */
    int extra[EXTRA_COUNT]; /* enum intent bits, enum stage, enum post_topic; -1: not given */
    unsigned line;
};

struct labelled_rows {
    struct labelled_row *at; /* [count] */
    size_t count;
    uint64_t left_out;
    bool has[EXTRA_COUNT]; /* the file has such a column */
    struct buf notes;
    struct arena arena;
};

enum status labelled_rows_read(struct labelled_rows *rows, struct span bytes,
                               struct fault *fault) MUST_USE;
void labelled_rows_release(struct labelled_rows *rows);

#endif
