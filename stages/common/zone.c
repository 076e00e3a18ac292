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
enum { SHIFTING_BYTES = 128 };

/* *shifts: its file holds shifts. */
static bool zone_known(const char *name, bool *shifts) {
    char path[512];
    const char *folder = getenv("TZDIR");
    if (!zone_name_safe(name))
        return false;
    if (strcmp(name, "UTC") == 0)
        return true;
    snprintf(path, sizeof path, "%s/%s", folder ? folder : "/usr/share/zoneinfo", name);
    FILE *file = fopen(path, "rb");
    char magic[4] = {0};
    *shifts = false;
    bool known = file && fread(magic, 1, 4, file) == 4 && memcmp(magic, "TZif", 4) == 0;
    *shifts = known && fseek(file, 0, SEEK_END) == 0 && ftell(file) > SHIFTING_BYTES;
    if (file)
        fclose(file);
    return known;
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

/* No zone of the tz database shifts twice within a week in 1900..2100 and back to where it was. */
static bool zone_scan(struct zone *zone) {
    int64_t at = civil_days(1900, 1, 1) * SECONDS_PER_DAY;
    int64_t end = civil_days(2101, 1, 1) * SECONDS_PER_DAY, step = 7 * SECONDS_PER_DAY;
    int32_t offset = libc_offset(at);
    if (!zone_add(zone, INT64_MIN, offset))
        return false;
    while (at < end) {
        if (libc_offset(at + step) == offset) {
            at += step;
            continue;
        }
        at = shift_between(at, at + step);
        offset = libc_offset(at);
        if (!zone_add(zone, at, offset))
            return false;
    }
    return true;
}

static bool zone_scan_with(struct zone *zone, const char *name) {
    char *saved = getenv("TZ") ? strdup(getenv("TZ")) : NULL;
    bool had = getenv("TZ") != NULL;
    char value[80];
    snprintf(value, sizeof value, ":%s", name);
    if ((had && !saved) || setenv("TZ", value, 1) != 0) {
        free(saved);
        return false;
    }
    tzset();
    bool done = zone_scan(zone);
    if (!had)
        unsetenv("TZ");
    else if (setenv("TZ", saved, 1) != 0)
        done = false;
    tzset();
    free(saved);
    return done;
}

enum status zone_open(struct zone *zone, const char *name, struct fault *fault) {
    bool shifts = false;
    *zone = (struct zone){0};
    if (!zone_known(name, &shifts))
        return fault_set(fault, STATUS_FATAL, EXIT_DATA,
                         "unknown time zone \"%s\"; use a name such as \"Europe/Warsaw\" or \"UTC\""
                         " (see /usr/share/zoneinfo)",
                         name);
    snprintf(zone->name, sizeof zone->name, "%s", name);
    bool scanned =
        strcmp(name, "UTC") == 0 ? zone_add(zone, INT64_MIN, 0) : zone_scan_with(zone, name);
    if (!scanned) {
        zone_release(zone);
        return fault_memory(fault);
    }
    /* the C library takes a zone that it cannot read for UTC, without a word */
    if (shifts && zone->count == 1 && zone->shifts[0].offset_s == 0) {
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
