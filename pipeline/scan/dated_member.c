#include "pipeline/scan/dated_member.h"

/* Of a name that states nothing but a minute or an hour, so many posts must agree. */
enum { FEW = 3 };

void dated_member_begin(struct dated_member *member, const char *name) {
    *member =
        (struct dated_member){.name = dated_name_read(span_of(name)), .minute = -1, .hour = -1};
}

static bool fits_minute(const struct dated_name *name, int64_t minute) {
    if (name->year >= 0)
        return name->minute >= 0 && minute == dated_name_minute(name);
    if (name->minute >= 0)
        return minute % 60 == name->minute && minute / 60 % 24 == name->hour;
    return minute % 60 == name->last;
}

static bool fits_hour(const struct dated_name *name, int64_t hour) {
    if (name->year >= 0)
        return name->minute < 0 && hour * 60 == dated_name_minute(name);
    return hour % 24 == name->last;
}

void dated_member_post(struct dated_member *member, int64_t created_at_us) {
    int64_t minute = floor_div(created_at_us, INT64_C(60) * US_PER_S);
    member->posts++;
    if (member->name.last < 0)
        return;
    if (member->minute < 0 && fits_minute(&member->name, minute))
        member->minute = minute;
    if (member->hour < 0 && fits_hour(&member->name, minute / 60))
        member->hour = minute / 60;
    member->in_minute += minute == member->minute;
    member->in_hour += minute / 60 == member->hour;
}

bool dated_member_end(const struct dated_member *member, enum platform platform, bool read,
                      struct tally *tally) {
    const struct dated_name *name = &member->name;
    int64_t stated = dated_name_minute(name);
    uint64_t least = name->year >= 0 ? 1 : FEW;
    /* posts come seconds late, and so into the file of the next minute */
    if (member->in_minute >= least && member->in_minute * 2 > member->posts)
        return tally_file(tally, platform, member->minute, 1);
    if (member->in_hour >= least && member->in_hour * 2 > member->posts)
        return tally_file(tally, platform, member->hour * 60, 60);
    if (!member->posts && read && stated >= 0) /* notices only */
        return tally_file(tally, platform, stated, name->minute < 0 ? 60 : 1);
    return true;
}
