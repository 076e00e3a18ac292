/* document: goes through a stream of JSON values without parsing them, and finds the elements of
 * its arrays that are records, at any depth, in bounded memory. Internal to stages/decode.
 *
 * What a container holds is its role, by its path: "messages[]" are the elements of the array
 * `messages`, "chats.list[].messages[]" those of an array in each element of another, "posts.*" the
 * members of the object `posts`, "" the values themselves. Roles are learned from the head
 * (sniff_json.c); an array that it does not name has the role of one with the same last name, and
 * else its elements are records when the first of them is an object. */
#ifndef BURZA_DECODE_DOCUMENT_H
#define BURZA_DECODE_DOCUMENT_H

#include "stages/decode/format.h"

enum document_role {
    ROLE_WRAP,  /* gone into; an element in which no record is found is DOCUMENT_OTHER */
    ROLE_POSTS, /* its elements are records */
    ROLE_OTHER, /* its elements are known to be no posts */
    ROLE_ABOUT, /* gone into: they say what the posts are about (who takes part), and are no records
                 */
};

enum { DOCUMENT_ROLES = 32 };

struct document_plan {
    struct {
        struct span path;
        enum document_role role;
    } roles[DOCUMENT_ROLES];
    int role_count;
    bool explore;              /* go into every container, tell of each */
    const struct row *context; /* of the format: scalars to keep, or NULL */
};

enum document_event {
    DOCUMENT_MORE,   /* the bytes end here */
    DOCUMENT_RECORD, /* a record ended */
    DOCUMENT_OTHER,  /* an element ended that is no post, or something nested too deep to go into */
    DOCUMENT_OPEN,   /* explore: a container began; it is open[depth] of the place */
    DOCUMENT_CLOSE,  /* explore: a container ended; it was open[depth + 1] */
};

/* Goes on from `at` in `place` to the next event and returns where it is. At DOCUMENT_RECORD and
 * _OTHER `*record` is where the record begins, if it began in this call. At DOCUMENT_MORE all
 * before the result is settled in `place` and need not be seen again; inside a record
 * (scan->inside) the result is `end`. With `last` nothing is waited for: a record that the end cuts
 * is given as it is.
 */
const char *document_walk(const struct document_plan *plan, struct decode_place *place,
                          struct record_scan *scan, const char *at, const char *end, bool last,
                          const char **record, enum document_event *event);

/* Forgets values whose object is deeper than `depth`. */
void place_forget(struct decode_place *place, uint32_t depth);

/* Fills fields that the record does not have from the scalars around it, the nearest first. */
void place_fill(const struct decode_place *place, const struct row *context,
                struct value fields[FIELD_COUNT]);

/* Behind what may stand before JSON: a byte order mark, the guard )]}', an assignment such as
 * `window.YTD.tweets.part0 =`, the name and bracket of JSONP. The offset of the first byte of the
 * value, or of the first byte that is not blank when no value follows. */
size_t document_prefix(struct span head);

#endif
