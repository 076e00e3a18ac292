/* csv: RFC 4180 with the leniency of dumps. Internal to stages/decode. A quote is special only at
 * the start of a field; inside quotes "" is a quote and line breaks belong to the field.
 *
 * csv_next reads the records that follow the rules, and says of the others that they are odd:
 * csv_recover (csv_recover.c) finds out how such a record is meant, so that a stray quote costs no
 * other row. What it says depends on the bytes of the record only, or on the end of the text coming
 * first: framer and decoder agree, wherever a block was cut between two records. */
#ifndef BURZA_DECODE_CSV_H
#define BURZA_DECODE_CSV_H

#include "stages/decode/format.h"

/* How the tables of a member are written. */
struct csv_dialect {
    char delimiter, feed; /* feed: '\n', or '\r' where there are no line feeds */
    int time_column;      /* in it a row has a time; -1: not known */
    size_t columns;       /* 0: not known */
    size_t max;           /* bytes of a record */
};

enum csv_reading {
    CSV_STRICT,  /* RFC 4180 */
    CSV_ESCAPED, /* \" is a quote in quotes */
    CSV_LOOSE,   /* only a quote before a delimiter or the end of the row closes a field */
    CSV_LITERAL, /* quotes are characters like others */
};

/* The end of the first record of `text`, which is odd, or the end of the text; NULL when more bytes
 * are needed, which cannot be with `last`. `*reading` says how the record is read. */
const char *csv_recover(const struct csv_dialect *dialect, struct span text, bool last,
                        enum csv_reading *reading);
/* Whether a record of many lines whose quotes follow the rules, with so many fields, is not made of
 * several rows by stray quotes. */
bool csv_is_whole(const struct csv_dialect *dialect, struct span record, size_t fields);
/* Splits a record read so; as csv_split. */
size_t csv_split_as(const struct csv_dialect *dialect, struct span record, enum csv_reading reading,
                    struct span *fields, size_t max, struct arena *arena);

/* The end of the first record of `text`, or the end of the text; NULL when more bytes are needed,
 * which cannot be with `last`. */
const char *csv_record_end(const struct csv_dialect *dialect, struct span text, bool last);

/* Splits a record (without its line break) into at most `max` fields; returns how many there are
 * (may be more than max). Unquoted fields are spans into the record, others may be copied. `*odd`
 * when a quoted field does not end as it should. */
size_t csv_split(struct span record, char delimiter, struct span *fields, size_t max,
                 struct arena *arena, bool *odd);

/* Both in one pass over the bytes, and without the carriage return before the line feed: splits the
 * record at the beginning of `text`; the position of its line feed, or the end of the text. `*odd`
 * when a quoted field does not end as it should, or the record may not be one. */
const char *csv_next(struct span text, const struct csv_dialect *dialect, struct span *fields,
                     size_t max, size_t *count, struct arena *arena, bool *odd);

#endif
