/* post time: from a record's time fields to the moment of its post. Internal to stages/decode.
 *
 * In: up to TIME_FIELDS values (FIELD_TIME and the three behind it, better names first), a time of
 * day, and what the head of the member told about how its times are written (struct time_rules).
 * Out: post->created_at_us with its source and precision, or the reason why there is none. The
 * first value that can be used counts: nothing, 0 and moments before 1990 are passed over, and a
 * later value that tells the same moment better (with its zone, or more exactly) is preferred.
 *
 * A post that states only its hour, day or month gets a moment within it that its id and text
 * decide (post->spread_s after its beginning), so that many of them spread evenly over it. */
#ifndef BURZA_DECODE_POST_TIME_H
#define BURZA_DECODE_POST_TIME_H

#include "stages/decode/format.h"

enum { TIME_FIELDS = FIELD_TIME_LAST - FIELD_TIME + 1 };

/* How the member writes its times: from its own head, or from the user. */
struct time_rules {
    enum date_order order;
    bool serial_days;    /* 44986.5: days since 1899-12-30, as spreadsheets count */
    uint8_t round_stamp; /* what 00:00:00 stands for: TIME_EXACT_S itself, _DAY or _MONTH only the
                            date; _HOUR: full hours are all there is */
    int8_t row_order;    /* 1: oldest first, -1: newest first, 0: neither */
};

/* Of the times in a member's head. */
struct time_evidence {
    uint32_t records;                    /* seen */
    uint32_t numbers, serials;           /* plain numbers; those that may be serial days */
    uint32_t dates;                      /* three numbers whose order matters */
    uint32_t over_12[3];                 /* of them with a larger number in this place */
    uint32_t over_31[3];                 /* likewise */
    uint64_t seen[3][2];                 /* bits of the numbers of each place, 0..127 */
    uint32_t fine, on_hour, at_midnight; /* stated to the minute or better; among them round ones */
    uint32_t midnights;                  /* different ones, one after another */
    int64_t last_midnight_us;
    uint32_t on_first;           /* at midnight of the first of a month */
    uint32_t rises[2], falls[2]; /* from one time to the next; 1: both told twice */
    int64_t last_us;             /* TIME_NONE: none yet */
    bool last_twice;
};
void time_evidence_init(struct time_evidence *evidence);
/* What it proves; `order` as the user gave it. */
struct time_rules time_rules_of(const struct time_evidence *evidence, enum date_order order);
/* Whether more records may prove more than those that were seen. */
bool time_evidence_open(const struct time_evidence *evidence);

/* What one decoder knows of times; begins anew with every block. */
struct time_reader {
    const struct time_rules *rules;
    struct time_evidence *learn; /* NULL: nothing is learned */
    uint64_t *repairs;           /* [REPAIR_COUNT], or NULL */
    uint64_t unnamed;            /* posts without an id so far */
    int64_t last_local_s;        /* of the last time without a zone; TIME_NONE: none yet */
    bool later;                  /* in the hour that the clock shows twice: the later */
};

/* Fills the post's time. REJECT_NO_TIME leaves created_at_us at TIME_NONE. */
enum reject_reason time_fill(struct draft *draft, const struct decode_options *options);
/* Once the post is whole: spreads what it states only roughly. */
void time_spread(struct draft *draft, const struct decode_options *options);

/* Rows of one object: of several for FIELD_TIME the second and later get fields of their own, and
 * columns that say so ("created_utc", "date_gmt") state UTC. */
void time_rows(struct row *rows, int count);
/* Whether a column's name says UTC. */
bool time_name_is_utc(struct span name);

#endif
