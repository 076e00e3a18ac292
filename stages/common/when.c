#include "stages/common/when.h"

#include "stages/common/num.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const int64_t LAST_SECOND = INT64_C(7258118400); /* 2200-01-01 */

int64_t civil_days(int64_t year, unsigned month, unsigned day) {
    year -= month <= 2;
    int64_t era = floor_div(year, 400);
    unsigned year_of_era = (unsigned)(year - era * 400);
    unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + (int64_t)day_of_era - 719468;
}

struct civil civil_from_seconds(int64_t seconds) {
    int64_t days = floor_div(seconds, SECONDS_PER_DAY);
    unsigned rest = (unsigned)(seconds - days * SECONDS_PER_DAY);
    int64_t shifted = days + 719468;
    int64_t era = floor_div(shifted, 146097);
    unsigned doe = (unsigned)(shifted - era * 146097);
    unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    unsigned mp = (5 * doy + 2) / 153;
    struct civil civil = {.day = doy - (153 * mp + 2) / 5 + 1, .month = mp < 10 ? mp + 3 : mp - 9};
    civil.year = (int64_t)yoe + era * 400 + (civil.month <= 2);
    civil.hour = rest / 3600;
    civil.minute = rest / 60 % 60;
    civil.second = rest % 60;
    civil.weekday = (unsigned)(days + 3 - floor_div(days + 3, 7) * 7);
    return civil;
}

static void put_digits(char *out, unsigned value, int digits) {
    for (int i = digits - 1; i >= 0; i--, value /= 10)
        out[i] = (char)('0' + value % 10);
}

void when_iso(int64_t seconds, char out[ISO_SIZE]) {
    static const int64_t first = INT64_C(-62167219200), last = INT64_C(253402300799);
    seconds = seconds < first ? first : seconds > last ? last : seconds;
    struct civil civil = civil_from_seconds(seconds);
    memcpy(out, "0000-00-00T00:00:00Z", 21);
    put_digits(out, (unsigned)civil.year, 4);
    put_digits(out + 5, civil.month, 2);
    put_digits(out + 8, civil.day, 2);
    put_digits(out + 11, civil.hour, 2);
    put_digits(out + 14, civil.minute, 2);
    put_digits(out + 17, civil.second, 2);
}

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

static bool zone_known(const char *name) {
    char path[512];
    const char *folder = getenv("TZDIR");
    if (!zone_name_safe(name))
        return false;
    if (strcmp(name, "UTC") == 0)
        return true;
    snprintf(path, sizeof path, "%s/%s", folder ? folder : "/usr/share/zoneinfo", name);
    FILE *file = fopen(path, "rb");
    char magic[4] = {0};
    bool known = file && fread(magic, 1, 4, file) == 4 && memcmp(magic, "TZif", 4) == 0;
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
    *zone = (struct zone){0};
    if (!zone_known(name))
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

int64_t zone_to_utc(const struct zone *zone, int64_t local_s) {
    const int64_t reach = 26 * SECONDS_PER_HOUR; /* no offset is larger */
    if (!zone->count)
        return local_s;
    for (int i = zone_index(zone, local_s - reach); i < zone->count; i++) {
        const struct zone_shift *shift = &zone->shifts[i];
        int64_t utc = local_s - shift->offset_s;
        bool last = i + 1 == zone->count;
        if (utc < shift->from_s)
            return shift->from_s; /* in the gap before this shift */
        if (last || utc < shift[1].from_s)
            return utc;
    }
    return local_s; /* not reached: the last shift has no end */
}

static bool moment_in_range(const struct moment *moment) {
    return moment->us >= 0 && moment->us < LAST_SECOND * US_PER_S;
}

bool when_from_epoch(int64_t number, struct moment *out) {
    static const int64_t S = 100000000000, MS = S * 1000, US = MS * 1000;
    if (number < 0)
        return false;
    *out = (struct moment){.precision = TIME_EXACT_US};
    if (number < S) {
        out->us = number * US_PER_S;
        out->precision = TIME_EXACT_S;
    } else if (number < MS) {
        out->us = number * 1000;
        out->precision = TIME_EXACT_MS;
    } else {
        out->us = number < US ? number : number / 1000;
    }
    return moment_in_range(out);
}

/* A date and time of day being read. */
struct reading {
    const char *at, *end;
    int64_t year, month, day, hour, minute, second, fraction_us, offset_s;
    int fraction_digits;
    bool has_time, has_second, has_zone;
};

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static char peek(const struct reading *in) {
    return in->at < in->end ? *in->at : 0;
}

static void skip_any(struct reading *in, const char *set) {
    while (in->at < in->end && *in->at && strchr(set, *in->at))
        in->at++;
}

static bool take(struct reading *in, char byte) {
    bool is = peek(in) == byte;
    in->at += is;
    return is;
}

/* Reads min..max digits. */
static bool take_number(struct reading *in, int min, int max, int64_t *out) {
    int count = 0;
    int64_t value = 0;
    while (count < max && is_digit(peek(in))) {
        value = value * 10 + (*in->at++ - '0');
        count++;
    }
    *out = value;
    return count >= min && !is_digit(peek(in));
}

/* Reads a word into lower case; its length. */
static size_t take_word(struct reading *in, char out[16]) {
    size_t len = 0;
    for (; is_letter(peek(in)); in->at++)
        if (len < 15)
            out[len++] = (char)(*in->at | 0x20);
    out[len] = 0;
    return len;
}

static int64_t month_number(const char *word) {
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (strlen(word) < 3)
        return 0;
    for (int i = 0; i < 12; i++)
        if (memcmp(word, names + 3 * i, 3) == 0)
            return i + 1;
    return 0;
}

static bool abbreviation_offset(const char *word, int64_t *offset_s) {
    static const struct {
        char name[5];
        int8_t hours;
    } known[] = {{"z", 0},    {"utc", 0},  {"gmt", 0},  {"ut", 0},   {"wet", 0},
                 {"cet", 1},  {"west", 1}, {"bst", 1},  {"cest", 2}, {"eet", 2},
                 {"eest", 3}, {"msk", 3},  {"est", -5}, {"edt", -4}, {"cst", -6},
                 {"cdt", -5}, {"mst", -7}, {"mdt", -6}, {"pst", -8}, {"pdt", -7}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(word, known[i].name) == 0) {
            *offset_s = known[i].hours * INT64_C(3600);
            return true;
        }
    return false;
}

/* "+01:00" "+0100" "+01" behind the sign. */
static bool read_offset(struct reading *in, bool minus) {
    int64_t hours = 0, minutes = 0;
    if (in->end - in->at < 2 || !is_digit(in->at[0]) || !is_digit(in->at[1]))
        return false;
    hours = (in->at[0] - '0') * 10 + (in->at[1] - '0');
    in->at += 2;
    take(in, ':');
    if (is_digit(peek(in)) && !take_number(in, 2, 2, &minutes))
        return false;
    if (hours > 15 || minutes > 59)
        return false;
    in->offset_s = (hours * 60 + minutes) * (minus ? -60 : 60);
    in->has_zone = true;
    return true;
}

/* Nothing, "Z", "+hh:mm" or an abbreviation, also "GMT+0200" and a remark in brackets. */
static bool read_zone(struct reading *in) {
    char word[16];
    skip_any(in, " ");
    if (take_word(in, word)) {
        if (!abbreviation_offset(word, &in->offset_s))
            return false;
        in->has_zone = true;
    }
    bool minus = peek(in) == '-';
    if (minus || peek(in) == '+') {
        in->at++;
        if (!read_offset(in, minus))
            return false;
    }
    skip_any(in, " ");
    if (take(in, '('))
        in->at = in->end;
    return true;
}

static void read_fraction(struct reading *in) {
    if (peek(in) != '.' && peek(in) != ',')
        return;
    int64_t unit = 100000;
    for (in->at++; is_digit(peek(in)); in->at++) {
        in->fraction_us += unit * (*in->at - '0');
        unit /= 10;
        in->fraction_digits++;
    }
}

static bool read_half_day(struct reading *in) {
    struct reading ahead = *in;
    char word[16];
    skip_any(&ahead, " ");
    size_t len = take_word(&ahead, word);
    if (len != 2 || word[1] != 'm' || (word[0] != 'a' && word[0] != 'p'))
        return true;
    if (in->hour < 1 || in->hour > 12)
        return false;
    in->hour = in->hour % 12 + (word[0] == 'p' ? 12 : 0);
    in->at = ahead.at;
    return true;
}

/* "16:10[:07[.123]][ PM]" */
static bool read_clock(struct reading *in) {
    in->has_time = true;
    if (!take_number(in, 1, 2, &in->hour) || !take(in, ':') || !take_number(in, 2, 2, &in->minute))
        return false;
    if (take(in, ':')) {
        if (!take_number(in, 2, 2, &in->second))
            return false;
        in->has_second = true;
        read_fraction(in);
    }
    return read_half_day(in);
}

static bool date_valid(const struct reading *in) {
    static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (in->month < 1 || in->month > 12 || in->day < 1)
        return false;
    bool leap = (in->year % 4 == 0 && in->year % 100 != 0) || in->year % 400 == 0;
    return in->day <= days[in->month - 1] + (leap && in->month == 2);
}

static uint8_t reading_precision(const struct reading *in) {
    if (!in->has_time)
        return TIME_EXACT_DAY;
    if (!in->has_second)
        return TIME_EXACT_MINUTE;
    if (in->fraction_digits == 0)
        return TIME_EXACT_S;
    return in->fraction_digits <= 3 ? TIME_EXACT_MS : TIME_EXACT_US;
}

/* Second 60 is a leap second and becomes the next minute's first. */
static bool reading_finish(const struct reading *in, struct moment *out) {
    if (in->at != in->end || !date_valid(in) || in->hour > 24 || in->minute > 59 ||
        in->second > 60 || (in->hour == 24 && (in->minute || in->second)))
        return false;
    int64_t seconds =
        civil_days(in->year, (unsigned)in->month, (unsigned)in->day) * SECONDS_PER_DAY +
        in->hour * 3600 + in->minute * 60 + in->second - in->offset_s;
    *out = (struct moment){.us = seconds * US_PER_S + in->fraction_us,
                           .precision = reading_precision(in),
                           .naive = !in->has_zone};
    return moment_in_range(out);
}

/* What may stand behind a date: a clock and a zone. */
static bool read_rest(struct reading *in, struct moment *out) {
    skip_any(in, " ,");
    if (peek(in) == 'T' || peek(in) == 't')
        in->at++;
    if (in->at < in->end && is_digit(*in->at) && (!read_clock(in) || !read_zone(in)))
        return false;
    if (!in->has_time && !read_zone(in))
        return false;
    return reading_finish(in, out);
}

/* "2022-07-28..." "2022/7/28..." */
static bool read_year_first(struct reading *in, struct moment *out) {
    if (!take_number(in, 4, 4, &in->year))
        return false;
    char mark = peek(in);
    return (mark == '-' || mark == '/' || mark == '.') && take(in, mark) &&
           take_number(in, 1, 2, &in->month) && take(in, mark) && take_number(in, 1, 2, &in->day) &&
           read_rest(in, out);
}

/* "28.07.2022 16:10" (always the day first), "7/28/2022" or "28/7/2022", "28-07-2022" */
static bool read_year_last(struct reading *in, bool day_first, struct moment *out) {
    int64_t first, second;
    if (!take_number(in, 1, 2, &first))
        return false;
    char mark = peek(in);
    if ((mark != '.' && mark != '/' && mark != '-') || !take(in, mark) ||
        !take_number(in, 1, 2, &second) || !take(in, mark) || !take_number(in, 4, 4, &in->year))
        return false;
    bool day_is_first = mark != '/' || day_first;
    in->day = day_is_first ? first : second;
    in->month = day_is_first ? second : first;
    return read_rest(in, out);
}

static bool read_day_and_month(struct reading *in) {
    char word[16];
    for (int part = 0; part < 3 && !(in->month && in->day); part++) {
        skip_any(in, " ,.-");
        if (is_digit(peek(in))) {
            if (in->day || !take_number(in, 1, 2, &in->day))
                return false;
        } else if (take_word(in, word)) {
            in->month = month_number(word);
        }
    }
    skip_any(in, " ,.-");
    return in->month && in->day;
}

/* "Thu, 28 Jul 2022 16:10:07 +0200", "28 Jul 2022", "Jul 28, 2022, 4:10 PM", and the order of
 * ctime and Twitter "Thu Jul 28 16:10:07 +0000 2022". */
static bool read_month_name(struct reading *in, struct moment *out) {
    if (!read_day_and_month(in))
        return false;
    bool clock = in->end - in->at >= 3 && (in->at[2] == ':' || in->at[1] == ':');
    if (!clock)
        return take_number(in, 4, 4, &in->year) && read_rest(in, out);
    return read_clock(in) && read_zone(in) && take_number(in, 4, 4, &in->year) &&
           reading_finish(in, out);
}

static int two_digits(const char *at) {
    return is_digit(at[0]) && is_digit(at[1]) ? (at[0] - '0') * 10 + (at[1] - '0') : -1;
}

/* Both fixed forms have day and clock at the same places: "........28.16:10:07". */
static bool read_fixed(struct reading *in, const char *at, const char *year) {
    int high = two_digits(year), low = two_digits(year + 2);
    in->year = high * 100 + low;
    in->day = two_digits(at + 8);
    in->hour = two_digits(at + 11);
    in->minute = two_digits(at + 14);
    in->second = two_digits(at + 17);
    in->has_time = in->has_second = true;
    return at[13] == ':' && at[16] == ':' && high >= 0 && low >= 0 && in->day >= 0 &&
           in->hour >= 0 && in->minute >= 0 && in->second >= 0;
}

/* The most frequent timestamp of all dumps, at fixed places: "Thu Jul 28 16:10:07 +0000 2022". */
static bool parse_twitter(struct span text, struct moment *out) {
    const char *at = text.at;
    if (text.len != 30 || at[3] != ' ' || at[7] != ' ' || at[10] != ' ' ||
        memcmp(at + 19, " +0000 ", 7) != 0)
        return false;
    const char month[] = {(char)(at[4] | 0x20), (char)(at[5] | 0x20), (char)(at[6] | 0x20), 0};
    struct reading in = {.end = at + 30, .at = at + 30, .has_zone = true};
    in.month = month_number(month);
    return read_fixed(&in, at, at + 26) && reading_finish(&in, out);
}

/* "Z", "+01:00" or "+0100", and then the end: what nearly all machines write. */
static bool read_plain_zone(struct reading *in) {
    if (in->at == in->end)
        return true;
    if (*in->at == 'Z') {
        in->has_zone = true;
        return ++in->at == in->end;
    }
    bool minus = *in->at == '-';
    return (minus || *in->at == '+') && (++in->at, read_offset(in, minus)) && in->at == in->end;
}

/* ISO 8601 at fixed places: "2022-07-28T16:10:07.123+02:00". What it does not read is left to the
 * general reader, and what it reads that one would read alike. */
static bool parse_iso(struct span text, struct moment *out) {
    const char *at = text.at;
    if (text.len < 19 || at[4] != '-' || at[7] != '-' || (at[10] != 'T' && at[10] != ' '))
        return false;
    struct reading in = {.at = at + 19, .end = at + text.len, .month = two_digits(at + 5)};
    if (!read_fixed(&in, at, at))
        return false;
    read_fraction(&in);
    return read_plain_zone(&in) && reading_finish(&in, out);
}

/* "20220728": as an epoch number it would lie in 1970, before anything this program reads. */
static bool parse_compact_date(struct span text, struct moment *out) {
    struct reading in = {.at = text.at + 8, .end = text.at + 8};
    int64_t value;
    if (text.len != 8 || !num_i64(text, &value) || value < 19900000 || value > 21991231)
        return false;
    in.year = value / 10000;
    in.month = value / 100 % 100;
    in.day = value % 100;
    return reading_finish(&in, out);
}

/* "1700000000.25", "1.7e9": seconds with a fraction. */
static bool parse_epoch(struct span text, struct moment *out) {
    int64_t number, us;
    if (num_i64(text, &number))
        return when_from_epoch(number, out);
    if (!num_scaled(text, 0, &number) || number < 0)
        return false;
    if (number >= 100000000000)
        return when_from_epoch(number, out);
    if (!num_scaled(text, 6, &us))
        return false;
    *out = (struct moment){.us = us, .precision = TIME_EXACT_US};
    if (us % US_PER_S == 0)
        out->precision = TIME_EXACT_S;
    else if (us % 1000 == 0)
        out->precision = TIME_EXACT_MS;
    return moment_in_range(out);
}

static bool parse_digits_first(struct span text, bool day_first, struct moment *out) {
    const struct reading in = {.at = text.at, .end = text.at + text.len};
    struct reading attempt = in;
    if (text.len >= 8 && !is_digit(text.at[4]) && read_year_first(&attempt, out))
        return true;
    if (parse_compact_date(text, out) || parse_epoch(text, out))
        return true;
    attempt = in;
    if (read_year_last(&attempt, day_first, out))
        return true;
    attempt = in;
    return read_month_name(&attempt, out);
}

bool when_parse(struct span text, bool day_first, struct moment *out) {
    while (text.len && (unsigned char)text.at[0] <= ' ')
        text = (struct span){text.at + 1, text.len - 1};
    while (text.len && (unsigned char)text.at[text.len - 1] <= ' ')
        text.len--;
    if (text.len == 0 || text.len > 80)
        return false;
    if (parse_twitter(text, out) || parse_iso(text, out))
        return true;
    if (is_digit(text.at[0]))
        return parse_digits_first(text, day_first, out);
    struct reading in = {.at = text.at, .end = text.at + text.len};
    return is_letter(text.at[0]) && read_month_name(&in, out);
}
