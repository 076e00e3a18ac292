/* csv: RFC 4180 with the leniency of dumps. Internal to stages/decode. A quote is special only at
 * the start of a field; inside quotes "" is a quote and line breaks belong to the field. A line
 * break more than `max` bytes behind the start of a record ends it whatever the quotes say, so that
 * a quote that is never closed costs one record. */
#ifndef BURZA_DECODE_CSV_H
#define BURZA_DECODE_CSV_H

#include "stages/decode/format.h"

enum csv_state { CSV_FIELD_START, CSV_PLAIN, CSV_QUOTED, CSV_QUOTE /* seen inside quotes */ };

/* Looks for the end of the record that began at `start`, from `at` on, in state `*state`. Returns
 * the position of its line feed, or `end` with the state to go on from. */
const char *csv_record_end(const char *start, const char *at, const char *end, char delimiter,
                           size_t max, enum csv_state *state);

/* Splits a record (without its line break) into at most `max` fields; returns how many there are
 * (may be more than max). Unquoted fields are spans into the record, others may be copied. */
size_t csv_split(struct span record, char delimiter, struct span *fields, size_t max,
                 struct arena *arena);

/* Both in one pass over the bytes, and without the carriage return before the line feed: splits the
 * record at the beginning of `text`; the position of its line feed, or the end of the text.
 * `max_record` is the `max` of csv_record_end. */
const char *csv_next(struct span text, char delimiter, size_t max_record, struct span *fields,
                     size_t max, size_t *count, struct arena *arena);

#endif
