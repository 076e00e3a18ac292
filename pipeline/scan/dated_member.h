/* dated member: whether a file's or member's name states the time of what it holds.
 *
 * A stream that was kept as a file for each minute or hour shows by their names what is missing. A
 * name is believed when the posts inside agree with it. In: the name, and the posts one by one.
 * Out: the minutes that are there, in the tally of that file. Owner: plain data, of one thread. May
 * fail: out of memory (false). */
#ifndef BURZA_DATED_MEMBER_H
#define BURZA_DATED_MEMBER_H

#include "stages/model/dated_name.h"
#include "stages/model/tally.h"

struct dated_member {
    struct dated_name name;
    uint64_t posts, in_minute, in_hour;
    int64_t minute, hour; /* since 1970, of the first post that fits; -1: none yet */
};

void dated_member_begin(struct dated_member *member, const char *name);
void dated_member_post(struct dated_member *member, int64_t created_at_us);
/* `read`: some record of it could be read. `tally` is of this file alone. */
bool dated_member_end(const struct dated_member *member, enum platform platform, bool read,
                      struct tally *tally) MUST_USE;

#endif
