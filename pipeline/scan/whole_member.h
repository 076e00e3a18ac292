/* whole member: a member that is no text (a Bluesky repository, an Excel workbook) in, the texts
 * that it holds out, one after another, each to be read like a member of its own.
 *
 * Its bytes are held until its texts are made, and these until they are read: MEMBER_MAX and
 * TEXTS_MAX bound both. Belongs to one thread at a time. */
#ifndef BURZA_WHOLE_MEMBER_H
#define BURZA_WHOLE_MEMBER_H

#include "stages/decode/decode.h"
#include "stages/unpack/unpack.h"

struct whole_text {
    struct buf text;
    char name[128]; /* what it is called within the member, or "" */
    bool minor;     /* short: need not hold posts when another one does */
};

struct whole_member {
    struct whole_text *texts;
    size_t count, next; /* texts; the one that is read next */
    struct span left;   /* of the text at hand */
    bool damaged;       /* something is missing, as `damage` says */
    struct fault damage;
};

/* Takes `bytes` apart. STATUS_SKIP when there is nothing to read in it. */
enum status whole_member_open(struct whole_member *whole, enum whole_kind kind, struct span bytes,
                              struct budget *budget, struct fault *fault) MUST_USE;
/* Goes on to the next text; false when there is none. */
bool whole_member_next(struct whole_member *whole);
/* Moves up to `cap` bytes of the text at hand to `to`; 0 at its end. */
size_t whole_member_read(struct whole_member *whole, char *to, size_t cap);
void whole_member_close(struct whole_member *whole);

/* Bytes of a member that is held whole. */
#define MEMBER_MAX ((size_t)1 << 29)

#endif
