/* member: what decode_open found out about one archive member; immutable afterwards.
 * Internal to stages/decode. */
#ifndef BURZA_DECODE_MEMBER_H
#define BURZA_DECODE_MEMBER_H

#include "stages/decode/csv.h"
#include "stages/decode/mapping.h"
#include "stages/decode/table.h"

enum framing {
    FRAMING_LINES,
    FRAMING_CSV,
    FRAMING_ELEMENTS, /* of an array */
    FRAMING_VALUES,   /* objects that follow each other, each over several lines */
};

enum { COLUMN_MAX = 512 };

struct decode_member {
    const struct format *format;
    struct table *table;
    enum platform platform;
    enum framing framing;
    enum encoding encoding;
    bool repaired_encoding; /* it has a mark or is not UTF-8: counted once */
    char delimiter;
    size_t column_count;
    int16_t *row_column;           /* [table->row_count]: CSV column of each row */
    size_t lead;                   /* bytes before the first record, as UTF-8 with the mark */
    size_t lead_raw;               /* the same in the member's own encoding */
    struct decode_options options; /* with what the mapping says about time */
    struct arena arena;
};

/* Bytes of a character of the member's syntax: 2 for UTF-16, else 1. */
size_t member_unit(const struct decode_member *member);
/* The line feed that ends the record of lines or CSV begun at `start`, looking from `at` on; `end`
 * when it is not there yet. Framer and decoder agree because both ask here. */
const char *member_record_end(const struct decode_member *member, const char *start, const char *at,
                              const char *end, enum csv_state *state);

/* Chooses format, framing, delimiter and columns from `head`, which is UTF-8 here; so is `lead`
 * until decode_open counts it in the member's own encoding. */
enum status sniff_json(struct decode_member *member, struct span head,
                       struct fault *fault) MUST_USE;
enum status sniff_csv(struct decode_member *member, struct span head, struct fault *fault) MUST_USE;

#endif
