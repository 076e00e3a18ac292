/* member: what decode_open found out about one archive member; immutable afterwards.
 * Internal to stages/decode. */
#ifndef BURZA_DECODE_MEMBER_H
#define BURZA_DECODE_MEMBER_H

#include "stages/decode/csv.h"
#include "stages/decode/document.h"
#include "stages/decode/mapping.h"
#include "stages/decode/post_time.h"
#include "stages/decode/table.h"

enum framing {
    FRAMING_LINES,
    FRAMING_CSV,
    FRAMING_DOCUMENT, /* JSON values and elements of their arrays */
    FRAMING_XML,
    FRAMING_TEXT, /* records that begin with lines of their own kind */
    FRAMING_NONE, /* no records */
    FRAMING_COUNT
};

enum { COLUMN_MAX = 512 };

struct decode_member {
    const struct format *format;
    struct table *table;
    enum platform platform;
    enum framing framing;
    enum encoding encoding;
    bool repaired_encoding; /* it was guessed and is not UTF-8: counted once */
    bool clear_encoding;    /* ... and the head leaves no doubt which it is */
    struct csv_dialect dialect;
    int16_t *row_column;       /* [table->row_count]: CSV column of each row */
    struct span label;         /* as decode_open was told */
    uint64_t lead_rows;        /* of a table: the header, and what is before it */
    size_t lead;               /* bytes before the first record, in the member's encoding */
    struct document_plan plan; /* JSON document: which arrays hold posts */
    struct decode_place begin; /* where the member begins in a document */
    uint32_t record_depth;     /* XML: elements around a record */
    struct span name;          /* file name, without folders; only while it is opened */
    struct span file;          /* stands for the file in the scope of ids: of its first bytes, so
                                  that it is the same wherever and however packed it lies */
    struct span *names;        /* JSON by usual names: those of the sampled records */
    size_t name_count;
    uint64_t names_hash;
    bool guessed;                  /* the rows come from them */
    bool torn;                     /* the beginning of the document is missing */
    bool wrapped;                  /* JSON records are those of a database: unwrap.h */
    int sampled;                   /* records of the head that were parsed to choose the format */
    struct topics *topics;         /* found while it is cut; NULL: none can be */
    struct time_rules times;       /* how its times are written */
    struct decode_options options; /* with what the mapping says about time */
    char tool[64];                 /* that wrote it, with its version; "" where nothing tells */
    struct arena arena;
};

/* The end of line (a line feed; in a table perhaps a carriage return) at or behind `at`; `end` when
 * there is none. */
const char *member_feed(const struct decode_member *member, const char *at, const char *end);

/* Sets member->tool once its format is known. */
void name_tool(struct decode_member *member, struct span head);

/* Chooses format, framing, delimiter and columns from `head`, which is UTF-8 here; so is `lead`
 * until decode_open counts it in the member's own encoding. */
enum status sniff_json(struct decode_member *member, struct span head,
                       struct fault *fault) MUST_USE;
enum status sniff_csv(struct decode_member *member, struct span head, struct fault *fault) MUST_USE;
enum status sniff_xml(struct decode_member *member, struct span head, struct fault *fault) MUST_USE;
enum status sniff_text(struct decode_member *member, struct span head,
                       struct fault *fault) MUST_USE;

#endif
