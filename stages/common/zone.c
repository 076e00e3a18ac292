/* Time zones: from the tz database to the offsets of one zone, and between UTC and local clocks. */
#include "stages/common/when.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static bool is_name_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || (byte && strchr("/_+-", byte));
}

/* Names of the tz database: no way out of its folder, nothing hidden. */
static bool zone_name_safe(const char *name) {
    size_t len = strlen(name);
    if (len == 0 || len >= sizeof((struct zone *)0)->name || name[0] == '/')
        return false;
    for (const char *at = name; *at; at++)
        if (!is_name_byte(*at))
            return false;
    return true;
}

/* Files of zones that never shift are shorter. */
enum { SHIFTING_BYTES = 128, MAX_LISTED = 4096 };

/* What a zone's file says: its shifts, and that there are some. Later ones follow a rule, which the
 * C library reads. */
struct zone_file {
    bool shifts;
    int count;
    int64_t listed_s[MAX_LISTED];
};

static int64_t big_endian(const unsigned char *bytes, int count) {
    uint64_t value = 0;
    for (int i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return (int64_t)value;
}

/* Reads a TZif header (RFC 9636, section 3.1): the number of shifts, -1 when it is none. `bytes`:
 * that of the data behind it, whose times take `wide` bytes each. */
static int64_t read_header(FILE *file, int wide, long *bytes) {
    unsigned char header[44];
    int64_t count[6]; /* of UT flags, standard flags, leap seconds, shifts, types, name bytes */
    if (fread(header, sizeof header, 1, file) != 1 || memcmp(header, "TZif", 4) != 0)
        return -1;
    for (int i = 0; i < 6; i++)
        count[i] = big_endian(header + 20 + 4 * i, 4);
    *bytes = (long)(count[0] + count[1] + count[2] * (wide + 4) + count[3] * (wide + 1) +
                    count[4] * 6 + count[5]);
    return count[3];
}

/* Skips the times of 32 bits and reads those of 64. False for a file that is not of version 2. */
static bool read_listed(FILE *file, struct zone_file *known) {
    unsigned char shift[8];
    long bytes = 0;
    if (read_header(file, 4, &bytes) < 0 || fseek(file, bytes, SEEK_CUR) != 0)
        return false;
    int64_t count = read_header(file, 8, &bytes);
    if (count < 0 || count > MAX_LISTED)
        return false;
    while (known->count < count && fread(shift, sizeof shift, 1, file) == 1)
        known->listed_s[known->count++] = big_endian(shift, 8);
    return known->count == count;
}

static bool zone_known(const char *name, struct zone_file *known) {
    char path[512];
    const char *folder = getenv("TZDIR");
    known->shifts = false;
    known->count = 0;
    if (!zone_name_safe(name))
        return false;
    if (strcmp(name, "UTC") == 0)
        return true;
    snprintf(path, sizeof path, "%s/%s", folder ? folder : "/usr/share/zoneinfo", name);
    FILE *file = fopen(path, "rb");
    bool found = file && read_listed(file, known);
    known->shifts = found && fseek(file, 0, SEEK_END) == 0 && ftell(file) > SHIFTING_BYTES;
    if (file)
        fclose(file);
    return found;
}

static int32_t libc_offset(int64_t utc_s) {
    time_t time = (time_t)utc_s;
    struct tm local;
    return localtime_r(&time, &local) ? (int32_t)local.tm_gmtoff : 0;
}

/* The first second in (low, high] whose offset is not that of `low`. */
static int64_t shift_between(int64_t low, int64_t high) {
    int32_t before = libc_offset(low);
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (libc_offset(middle) == before)
            low = middle;
        else
            high = middle;
    }
    return high;
}

static bool zone_add(struct zone *zone, int64_t from_s, int32_t offset_s) {
    if ((zone->count & (zone->count + 1)) == 0) {
        size_t cap = ((size_t)zone->count + 1) * 2;
        struct zone_shift *shifts = realloc(zone->shifts, cap * sizeof *shifts);
        if (!shifts)
            return false;
        zone->shifts = shifts;
    }
    zone->shifts[zone->count++] = (struct zone_shift){from_s, offset_s};
    return true;
}

/* The first second after `at` whose offset is another one, `end` when there is none. No rule shifts
 * twice within a week. */
static int64_t next_shift(int64_t at, int64_t end) {
    const int64_t step = 7 * SECONDS_PER_DAY;
    int32_t offset = libc_offset(at);
    for (; at < end; at += step)
        if (libc_offset(at + step) != offset)
            return shift_between(at, at + step);
    return end;
}

/* Summer time by rule ("the last Sunday of March") shifts 52 or 53 weeks after the year before: two
 * probes instead of fifty, each of which costs the C library a reading of the rule. 0: not so. */
static int64_t shift_by_rule(const struct zone *zone) {
    const struct zone_shift *last = &zone->shifts[zone->count - 1];
    if (last[-2].offset_s != last->offset_s)
        return 0;
    for (int weeks = 52; weeks <= 53; weeks++) {
        int64_t guess = last[-1].from_s + weeks * 7 * SECONDS_PER_DAY;
        if (libc_offset(guess - 1) == last->offset_s && libc_offset(guess) == last[-1].offset_s)
            return guess;
    }
    return 0;
}

/* From 1900 to 2100: the shifts that the zone's file lists, and those of its rule. */
static bool zone_scan(struct zone *zone, const struct zone_file *known) {
    int64_t at = civil_days(1900, 1, 1) * SECONDS_PER_DAY;
    const int64_t end = civil_days(2101, 1, 1) * SECONDS_PER_DAY;
    bool added = zone_add(zone, INT64_MIN, libc_offset(at));
    for (int i = 0; added && i < known->count; i++) {
        if (known->listed_s[i] <= at || known->listed_s[i] >= end)
            continue;
        at = known->listed_s[i];
        int32_t offset = libc_offset(at);
        if (offset != zone->shifts[zone->count - 1].offset_s)
            added = zone_add(zone, at, offset);
    }
    int listed = zone->count;
    while (added) {
        int64_t guess = zone->count > listed + 1 ? shift_by_rule(zone) : 0;
        at = guess ? guess : next_shift(at, end);
        if (at >= end)
            return true;
        added = zone_add(zone, at, libc_offset(at));
    }
    return false;
}

static bool zone_scan_with(struct zone *zone, const char *name, const struct zone_file *known) {
    char *saved = getenv("TZ") ? strdup(getenv("TZ")) : NULL;
    bool had = getenv("TZ") != NULL;
    char value[80];
    snprintf(value, sizeof value, ":%s", name);
    if ((had && !saved) || setenv("TZ", value, 1) != 0) {
        free(saved);
        return false;
    }
    tzset();
    bool done = zone_scan(zone, known);
    if (!had)
        unsetenv("TZ");
    else if (setenv("TZ", saved, 1) != 0)
        done = false;
    tzset();
    free(saved);
    return done;
}

enum status zone_open(struct zone *zone, const char *name, struct fault *fault) {
    struct zone_file known;
    *zone = (struct zone){0};
    if (!zone_known(name, &known))
        return fault_set(fault, STATUS_FATAL, EXIT_DATA,
                         "unknown time zone \"%s\"; use a name such as \"Europe/Warsaw\" or \"UTC\""
                         " (see /usr/share/zoneinfo)",
                         name);
    snprintf(zone->name, sizeof zone->name, "%s", name);
    bool scanned = strcmp(name, "UTC") == 0 ? zone_add(zone, INT64_MIN, 0)
                                            : zone_scan_with(zone, name, &known);
    if (!scanned) {
        zone_release(zone);
        return fault_memory(fault);
    }
    /* the C library takes a zone that it cannot read for UTC, without a word */
    if (known.shifts && zone->count == 1 && zone->shifts[0].offset_s == 0) {
        zone_release(zone);
        return fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot read the time zone \"%s\"", name);
    }
    return STATUS_OK;
}

void zone_release(struct zone *zone) {
    free(zone->shifts);
    *zone = (struct zone){0};
}

/* Index of the last shift at or before `utc_s`. */
static int zone_index(const struct zone *zone, int64_t utc_s) {
    int low = 0, high = zone->count;
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        if (zone->shifts[middle].from_s <= utc_s)
            low = middle;
        else
            high = middle;
    }
    return low;
}

int32_t zone_offset(const struct zone *zone, int64_t utc_s) {
    return zone->count ? zone->shifts[zone_index(zone, utc_s)].offset_s : 0;
}

enum local_clock zone_from_local(const struct zone *zone, int64_t local_s, int64_t utc[2]) {
    const int64_t reach = 26 * SECONDS_PER_HOUR; /* no offset is larger */
    utc[0] = utc[1] = local_s;
    for (int i = zone->count ? zone_index(zone, local_s - reach) : 0; i < zone->count; i++) {
        const struct zone_shift *shift = &zone->shifts[i];
        bool last = i + 1 == zone->count;
        utc[0] = utc[1] = local_s - shift->offset_s;
        if (i && utc[0] < shift->from_s) {
            utc[0] = shift->from_s;
            utc[1] = local_s - shift[-1].offset_s;
            return LOCAL_SKIPPED;
        }
        if (last)
            break;
        if (utc[0] < shift[1].from_s) {
            int64_t again = local_s - shift[1].offset_s;
            bool twice = again >= shift[1].from_s;
            utc[1] = twice ? again : utc[0];
            return twice ? LOCAL_TWICE : LOCAL_ONCE;
        }
    }
    return LOCAL_ONCE;
}

int64_t zone_to_utc(const struct zone *zone, int64_t local_s) {
    int64_t utc[2];
    zone_from_local(zone, local_s, utc);
    return utc[0];
}
