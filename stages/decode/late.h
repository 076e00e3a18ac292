/* late: names of fields that the sampled records did not have, for records that are read by usual
 * names. A record with such a name gets rows of its own. What it reads depends on the record and
 * the sample only. Internal to stages/decode; one per thread. */
#ifndef BURZA_DECODE_LATE_H
#define BURZA_DECODE_LATE_H

#include "stages/decode/member.h"
#include "stages/decode/repair.h"

enum { LATE_KNOWN = 2048, LATE_TABLES = 16 };

struct late_names {
    const struct decode_member *member;
    uint64_t names_hash;        /* of the member that the rest belongs to */
    uint64_t known[LATE_KNOWN]; /* hashes of names; the lowest bit: late */
    size_t known_count;
    bool any; /* the record at hand has a late name */
    struct {
        uint64_t names;      /* of a record; 0: none yet */
        struct table *table; /* NULL: that of the member */
    } tables[LATE_TABLES];
    int next; /* of the tables to be replaced */
    struct buf clean;
};

void late_init(struct late_names *late, size_t max_record_bytes);
void late_release(struct late_names *late);
/* Forgets all that belongs to members with other names. */
void late_begin(struct late_names *late, const struct decode_member *member);
/* The table to read the record by that `fast` has just read: NULL where that of the member is
 * right (or memory is short). */
const struct table *late_table(struct late_names *late, struct json_fast *fast, struct span record);

#endif
