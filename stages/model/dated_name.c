#include "stages/model/dated_name.h"

#include "stages/common/when.h"

#include <string.h>

enum { GROUPS = 6 }; /* year, month, day, hour, minute, second */

struct group {
    int value, digits;
};

/* Behind the name and before its endings: ".json.bz2". */
static size_t stem_length(struct span name) {
    size_t from = name.len;
    while (from && name.at[from - 1] != '/')
        from--;
    for (size_t at = from; at + 1 < name.len; at++) {
        char next = name.at[at + 1];
        if (name.at[at] == '.' && (next < '0' || next > '9'))
            return at;
    }
    return name.len;
}

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static bool is_joint(char byte) {
    return byte && strchr("/-_.:T", byte);
}

/* The digits that end at `end`. */
static size_t digits_from(struct span name, size_t end) {
    size_t from = end;
    while (from && is_digit(name.at[from - 1]))
        from--;
    return from;
}

/* Whether a date stands before the digits at `from`: then they are a time of day. */
static bool is_dated(struct span name, size_t from) {
    if (from < 2 || !is_joint(name.at[from - 1]))
        return false;
    size_t len = from - 1 - digits_from(name, from - 1);
    return len == 8 || len == 2;
}

/* Puts a group before those that are there: of more than two digits as the parts of a time. */
static bool add_group(struct group *groups, int *count, const char *digits, size_t len,
                      bool clock) {
    bool year = len >= 8 || !clock;
    int parts = len <= 2 ? 1 : (int)len / 2 - year;
    if (len > 14 || len == 13 || (len > 2 && len % 2) || *count + parts > GROUPS)
        return false;
    memmove(groups + parts, groups, (size_t)*count * sizeof *groups);
    *count += parts;
    for (int i = 0; i < parts; i++) {
        int wide = len <= 2 ? (int)len : i == 0 && year ? 4 : 2;
        groups[i] = (struct group){.digits = wide};
        for (int k = 0; k < wide; k++)
            groups[i].value = groups[i].value * 10 + (*digits++ - '0');
    }
    return true;
}

/* The groups of digits with which the name ends, one sign between them, back to a year. */
static int read_groups(struct span name, struct group groups[GROUPS]) {
    size_t end = stem_length(name), from;
    int count = 0;
    while ((from = digits_from(name, end)) < end) {
        bool clock = !count && is_dated(name, from);
        if (!add_group(groups, &count, name.at + from, end - from, clock) ||
            groups[0].digits == 4 || !from || !is_joint(name.at[from - 1]))
            break;
        end = from - 1;
    }
    return count;
}

static int within(const struct group *group, int low, int high) {
    return group->digits == 2 && group->value >= low && group->value <= high ? group->value : -1;
}

struct dated_name dated_name_read(struct span name) {
    struct dated_name out = {-1, -1, -1, -1, -1, -1};
    struct group groups[GROUPS];
    int count = read_groups(name, groups);
    if (!count)
        return out;
    out.last = within(&groups[count - 1], 0, 59);
    if (groups[0].digits != 4 || groups[0].value < 1990 || groups[0].value > 2100) {
        if (count > 1 && out.last >= 0 && (out.hour = within(&groups[count - 2], 0, 23)) >= 0)
            out.minute = out.last;
        return out;
    }
    out.year = groups[0].value;
    if (count > 1 && (out.month = within(&groups[1], 1, 12)) >= 0 && count > 2 &&
        (out.day = within(&groups[2], 1, 31)) >= 0 && count > 3 &&
        (out.hour = within(&groups[3], 0, 23)) >= 0 && count > 4)
        out.minute = within(&groups[4], 0, 59);
    return out;
}

int64_t dated_name_minute(const struct dated_name *name) {
    if (name->year < 0 || name->hour < 0)
        return -1;
    int64_t day = civil_days(name->year, (unsigned)name->month, (unsigned)name->day);
    return (day * 24 + name->hour) * 60 + (name->minute < 0 ? 0 : name->minute);
}

bool dated_name_days(const struct dated_name *name, int64_t *from_s, int64_t *to_s) {
    if (name->year < 0 || name->month < 0 || name->hour >= 0)
        return false;
    int next = name->month % 12 + 1, year = name->year + (name->month == 12);
    int64_t from =
        civil_days(name->year, (unsigned)name->month, (unsigned)(name->day < 0 ? 1 : name->day));
    *from_s = from * SECONDS_PER_DAY;
    *to_s = (name->day < 0 ? civil_days(year, (unsigned)next, 1) : from + 1) * SECONDS_PER_DAY;
    return true;
}
