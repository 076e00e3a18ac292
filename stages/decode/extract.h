/* extract: from the values of one record to its posts: its own, the originals that posts repeat or
 * quote, posts nested in it at any depth, answers in the same object, and fields that are looked up
 * elsewhere in the record. Internal to stages/decode; one per thread.
 *
 * Nested posts wait in a queue and are made one after the other, so that depth costs no stack; only
 * originals, which their post needs, are made before it, down to ORIGINAL_DEPTH. */
#ifndef BURZA_DECODE_EXTRACT_H
#define BURZA_DECODE_EXTRACT_H

#include "stages/decode/convert.h"
#include "stages/decode/member.h"
#include "stages/decode/post_time.h"
#include "stages/decode/repair.h"

/* A quoted post of a reposted one is the deepest. */
enum { ORIGINAL_DEPTH = 2 };

/* An array of the record by the keys of its elements, sorted when it is first asked for. */
struct array_index {
    struct value container;
    struct array_key {
        struct span key;
        struct value element;
        uint32_t order;
    } * at;
    size_t count, cap;
    bool sorted;
};

/* A container of nested posts whose turn will come. */
struct waiting {
    struct value container;
    const struct table *table;
    struct heritage from;
};

struct extractor {
    struct json_fast *fast;
    struct json_slow slow;
    bool repaired;      /* the record is with the slow reader */
    struct arena arena; /* of the current record */
    const struct decode_member *member;
    const struct table *table;        /* of the record */
    const struct decode_place *place; /* where in a document the record lies */
    struct guess_memo guesses;
    struct time_reader time;
    struct slots slots[ORIGINAL_DEPTH + 1], side; /* of posts in work; of their parts */
    struct buf pieces;
    struct post *more;
    uint8_t *rejects;
    struct waiting *waiting;
    size_t more_count, more_cap, reject_count, reject_cap, waiting_count, waiting_cap;
    struct array_index arrays[ARRAY_MAX];
    enum json_result trouble; /* JSON_READ; JSON_REFUSED, JSON_MEMORY: what was made is void */
};

bool extractor_init(struct extractor *extractor, size_t max_record_bytes) MUST_USE;
void extractor_release(struct extractor *extractor);
/* Both fill `out` and return the reason of the record's own reject. From slots[0], as a reader left
 * them: */
enum reject_reason extract_slots(struct extractor *extractor, struct decoded *out);
/* From the columns of a table's row: */
enum reject_reason extract_row(struct extractor *extractor, const struct span *columns,
                               struct decoded *out);
/* As decoder_post_id. */
struct span extract_post_id(struct extractor *extractor, const struct post *post);

#endif
