/* framing: how records lie in a member, one row of functions each (framer.c). A new framing is one
 * file framing_NAME.c, one constant here and one row there. Internal to stages/decode. */
#ifndef BURZA_DECODE_FRAMING_H
#define BURZA_DECODE_FRAMING_H

#include "stages/decode/extract.h"
#include "stages/decode/late.h"
#include "stages/decode/member.h"
#include "stages/decode/xml_record.h"

struct decoder {
    struct extractor extractor;
    struct late_names late;
    struct xml_record *xml; /* made when the first XML record comes */
    struct buf text;        /* the record as UTF-8, when the member is not */
    struct buf unwrapped;   /* the record without what a database put around its values */
    const struct decode_member *member;
    struct span block;
    size_t at;
    struct decode_place place; /* of `at` in a document */
    bool out_of_memory;
    bool long_before; /* the record before was long */
    bool valid;       /* the block is known to be UTF-8 throughout */
    bool not_a_post;  /* the record was framed as an element of another array */
    uint64_t repairs[REPAIR_COUNT];
    struct span columns[COLUMN_MAX];
    uint64_t row, next_row; /* of a table: numbers of the record and of the next one */
    uint64_t odd_row;       /* the first one that breaks the rules; 0: none yet */
    size_t odd_fields;      /* that it has instead of those of the header; 0: as many */
    size_t column_count;    /* of the record that was framed last; NOT_SPLIT: not known yet */
};

static const size_t NOT_SPLIT = SIZE_MAX;

struct framing_row {
    /* framer: looks at what is new of the pending bytes, moves `scanned` and `boundary`. */
    void (*scan)(struct framer *framer, struct span pending, bool at_end);
    /* decoder: the next record of the block in the member's own encoding, moves `at`; false when
     * there is none. */
    bool (*next)(struct decoder *decoder, struct span *record);
    /* decoder: the record's posts to `out`; the reason of its own reject. */
    enum reject_reason (*posts)(struct decoder *decoder, struct span record, struct decoded *out);
    /* A record is enclosed by its own syntax: the rest of one that is too long is passed over by
     * `scan`; else it ends at the next line feed. */
    bool enclosed;
};
extern const struct framing_row framings[FRAMING_COUNT];

/* A record that is no UTF-8, by the code page whose letters fit, padded for simdjson; false when
 * none does. */
bool decoder_mend(struct decoder *decoder, struct span *record);

/* Sets member->times from the records of its head, once its framing and rows are known. */
enum status learn_times(struct decode_member *member, struct span head,
                        struct fault *fault) MUST_USE;

void scan_lines(struct framer *framer, struct span pending, bool at_end);
bool next_line(struct decoder *decoder, struct span *record);
enum reject_reason json_posts(struct decoder *decoder, struct span record, struct decoded *out);

void scan_csv(struct framer *framer, struct span pending, bool at_end);
bool next_row(struct decoder *decoder, struct span *record);
enum reject_reason row_posts(struct decoder *decoder, struct span record, struct decoded *out);

void scan_document(struct framer *framer, struct span pending, bool at_end);
bool next_element(struct decoder *decoder, struct span *record);

void scan_xml(struct framer *framer, struct span pending, bool at_end);
bool next_xml(struct decoder *decoder, struct span *record);
enum reject_reason xml_posts(struct decoder *decoder, struct span record, struct decoded *out);

void scan_text(struct framer *framer, struct span pending, bool at_end);
bool next_text(struct decoder *decoder, struct span *record);
enum reject_reason text_posts(struct decoder *decoder, struct span record, struct decoded *out);

void scan_none(struct framer *framer, struct span pending, bool at_end);
bool next_none(struct decoder *decoder, struct span *record);

/* Framer: a record, or what lies between records, ended at `at` of the pending bytes: the block may
 * be cut here. */
void framer_settle(struct framer *framer, size_t at, bool record);

#endif
