#include "stages/common/date_reading.h"
#include "stages/common/num.h"

enum { FOLDED_SIZE = 96 };
static const int64_t LAST_SECOND = INT64_C(7258118400); /* 2200-01-01 */

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

/* Steps over weekdays and the words between a date and a clock. */
static void skip_fillers(struct reading *in) {
    char word[16];
    for (;;) {
        skip_any(in, " ,.");
        struct reading ahead = *in;
        take(&ahead, '(');
        if (!take_word(&ahead, word) || !when_filler(word))
            return;
        take(&ahead, ')');
        in->at = ahead.at;
    }
}

/* What may stand behind a date: a clock and a zone. */
static bool read_rest(struct reading *in, struct moment *out) {
    if (take(in, 't') || take(in, 'T'))
        ;
    else
        skip_fillers(in);
    if (is_digit(peek(in)) && (in->has_time || in->no_day || !read_clock(in)))
        return false;
    if (!read_zone(in))
        return false;
    skip_fillers(in);
    return reading_finish(in, out);
}

/* "2022-07-28..." "2022/7/28..." "2022-07" */
static bool read_year_first(struct reading *in, struct moment *out) {
    if (!take_number(in, 4, 4, &in->year))
        return false;
    char mark = peek(in);
    if ((mark != '-' && mark != '/' && mark != '.' && mark != ':') || !take(in, mark) ||
        !take_number(in, 1, 2, &in->month))
        return false;
    if (take(in, mark))
        return take_number(in, 1, 2, &in->day) && read_rest(in, out);
    in->no_day = true;
    in->day = 1;
    return mark != ':' && read_rest(in, out);
}

/* "07/2022", "7.2022" */
static bool read_month_year(struct reading *in, struct moment *out) {
    in->no_day = true;
    in->day = 1;
    if (!take_number(in, 1, 2, &in->month))
        return false;
    char mark = peek(in);
    return (mark == '-' || mark == '/' || mark == '.') && take(in, mark) &&
           take_number(in, 4, 4, &in->year) && in->at == in->end && reading_finish(in, out);
}

/* Years of two digits: what spreadsheets show. */
static int64_t whole_year(int64_t year) {
    return year >= 100 ? year : year + (year < 70 ? 2000 : 1900);
}

/* The three numbers of "28.07.2022", "7/28/22"; the last has two or four digits. */
static bool take_places(struct reading *in, int64_t place[3], char *mark, bool *short_year) {
    if (!take_number(in, 1, 2, &place[0]))
        return false;
    *mark = peek(in);
    if ((*mark != '.' && *mark != '/' && *mark != '-') || !take(in, *mark) ||
        !take_number(in, 1, 2, &place[1]) || !take(in, *mark))
        return false;
    *short_year = is_number(in, 2);
    return (*short_year || is_number(in, 4)) && take_number(in, 2, 4, &place[2]);
}

/* What the numbers themselves say, where nothing else does; between dots the day is first. */
static enum date_order order_of(const int64_t place[3], char mark, bool short_year,
                                enum date_order order) {
    if (order == DATE_YEAR_FIRST && short_year)
        return order;
    if (mark == '.')
        return DATE_DAY_FIRST;
    if (order == DATE_SLASHES_MONTH_FIRST)
        return mark == '/' ? DATE_MONTH_FIRST : DATE_DAY_FIRST;
    if (order == DATE_DAY_FIRST || order == DATE_MONTH_FIRST)
        return order;
    if (short_year && place[0] > 31)
        return DATE_YEAR_FIRST;
    if (place[0] > 12 || place[0] == place[1])
        return DATE_DAY_FIRST;
    return place[1] > 12 ? DATE_MONTH_FIRST : DATE_ORDER_UNKNOWN;
}

static bool read_year_last(struct reading *in, enum date_order order, struct moment *out,
                           bool *unordered) {
    int64_t place[3];
    char mark;
    bool short_year;
    if (!take_places(in, place, &mark, &short_year))
        return false;
    order = order_of(place, mark, short_year, order);
    bool year_first = order == DATE_YEAR_FIRST, day_first = order == DATE_DAY_FIRST;
    in->year = whole_year(year_first ? place[0] : place[2]);
    in->day = year_first ? place[2] : day_first ? place[0] : place[1];
    in->month = year_first || day_first ? place[1] : place[0];
    *unordered = order == DATE_ORDER_UNKNOWN && read_rest(in, out);
    return !*unordered && order != DATE_ORDER_UNKNOWN && read_rest(in, out);
}

bool when_date_places(struct span text, int place[3]) {
    struct reading in = {.at = text.at, .end = text.at + text.len};
    int64_t found[3];
    char mark;
    bool short_year;
    skip_any(&in, " ");
    if (!take_places(&in, found, &mark, &short_year) || (mark == '.' && !short_year))
        return false;
    for (int i = 0; i < 3; i++)
        place[i] = (int)found[i];
    return true;
}

/* A number in a date that names its month: the clock, the year, the day or the hour. */
static bool read_named_number(struct reading *in) {
    struct reading ahead = *in;
    int64_t value;
    if (!take_number(&ahead, 1, 4, &value))
        return false;
    size_t digits = (size_t)(ahead.at - in->at);
    struct reading clock = *in;
    bool dated = in->day && in->month && in->year;
    if (!in->has_time && digits <= 2 && read_clock(&clock) &&
        (clock.has_minute || clock.at > ahead.at || dated)) {
        *in = clock;
        return read_zone(in);
    }
    if (digits == 4 || (in->day && in->month && digits == 2)) {
        if (in->year)
            return false;
        in->year = digits == 4 ? value : whole_year(value);
    } else {
        if (in->day || digits > 2)
            return false;
        in->day = value;
    }
    char suffix[16];
    struct reading behind = ahead;
    if (digits <= 2 && take_word(&behind, suffix) &&
        (!strcmp(suffix, "st") || !strcmp(suffix, "nd") || !strcmp(suffix, "rd") ||
         !strcmp(suffix, "th")))
        ahead = behind;
    in->at = ahead.at;
    return true;
}

static bool read_named_word(struct reading *in) {
    char word[16];
    struct reading ahead = *in;
    take_word(&ahead, word);
    int month = in->month ? 0 : when_month(word);
    if (month)
        in->month = month;
    else if (in->has_time && !in->has_zone && abbreviation_offset(word, &in->offset_s))
        in->has_zone = true;
    else if (!when_filler(word))
        return false;
    in->at = ahead.at;
    return true;
}

/* "Thu, 28 Jul 2022 16:10:07 +0200", "28 lipca 2022 r., godz. 16.10", "Jul 28, 2022, 4:10 PM",
 * "28-Jul-22", "lipiec 2022", and the order of ctime "Thu Jul 28 16:10:07 +0000 2022". */
static bool read_month_name(struct reading *in, struct moment *out) {
    for (;;) {
        skip_any(in, " ,.-/'");
        if (in->at == in->end)
            break;
        if (!(is_digit(peek(in)) ? read_named_number(in)
                                 : is_letter(peek(in)) && read_named_word(in)))
            return false;
    }
    if (!in->month || !in->year || (!in->day && in->has_time))
        return false;
    in->no_day = !in->day;
    in->day += in->no_day;
    return reading_finish(in, out);
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
    in->has_time = in->has_minute = in->has_second = true;
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
    in.month = when_month(month);
    return in.month && read_fixed(&in, at, at + 26) && reading_finish(&in, out);
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

/* "20220728", "202207281610", "20220728161007", with a T before the clock: as epoch numbers they
 * would lie in 1970, or after all that this program reads. */
static bool parse_compact(struct span text, struct moment *out) {
    struct reading in = {.at = text.at, .end = text.at + text.len};
    int64_t date, clock = 0;
    size_t digits = 0;
    if (!is_number(&in, 8) && !is_number(&in, 12) && !is_number(&in, 14))
        return false;
    struct span head = {text.at, 8};
    if (!num_i64(head, &date) || date < 19700000 || date > 21991231)
        return false;
    in.at += 8;
    if (in.at < in.end && (*in.at == 't' || *in.at == 'T'))
        in.at++;
    while (in.at + digits < in.end && is_digit(in.at[digits]))
        digits++;
    if (digits && ((digits != 4 && digits != 6) || !num_i64((struct span){in.at, digits}, &clock)))
        return false;
    in.at += digits;
    clock *= digits == 4 ? 100 : 1;
    in.year = date / 10000;
    in.month = date / 100 % 100;
    in.day = date % 100;
    in.hour = clock / 10000;
    in.minute = clock / 100 % 100;
    in.second = clock % 100;
    in.has_time = in.has_minute = digits > 0;
    in.has_second = digits == 6;
    return read_zone(&in) && reading_finish(&in, out);
}

/* A number that a spreadsheet shortened (1.67766E+12) is as exact as its last digit. */
static uint8_t shortened_precision(struct span text, int64_t number, uint8_t precision) {
    const char *mark = memchr(text.at, 'e', text.len);
    mark = mark ? mark : memchr(text.at, 'E', text.len);
    if (!mark)
        return precision;
    const char *point = memchr(text.at, '.', (size_t)(mark - text.at));
    int64_t digits = point ? mark - point - 1 : 0, exponent = 0, unit = 1;
    struct span power = {mark + 1, text.len - (size_t)(mark - text.at) - 1};
    if (power.len && *power.at == '+')
        power = (struct span){power.at + 1, power.len - 1};
    if (!num_i64(power, &exponent) || exponent > 18)
        return precision;
    for (int64_t i = digits; i < exponent; i++)
        unit *= 10;
    static const int64_t per_second[] = {1, 1000, 1000000, 1000000000};
    int scale = number < INT64_C(100000000000)         ? 0
                : number < INT64_C(100000000000000)    ? 1
                : number < INT64_C(100000000000000000) ? 2
                                                       : 3;
    int64_t seconds = unit / per_second[scale];
    if (seconds <= 1)
        return precision;
    return seconds <= 60      ? TIME_EXACT_MINUTE
           : seconds <= 3600  ? TIME_EXACT_HOUR
           : seconds <= 86400 ? TIME_EXACT_DAY
                              : UINT8_MAX;
}

/* "1700000000.25", "1.7e9": seconds with a fraction. */
static bool parse_epoch(struct span text, struct moment *out) {
    int64_t number, us;
    if (num_i64(text, &number))
        return when_from_epoch(number, out);
    if (!num_scaled(text, 0, &number) || number < 0)
        return false;
    if (number >= 100000000000) {
        if (!when_from_epoch(number, out))
            return false;
    } else {
        if (!num_scaled(text, 6, &us))
            return false;
        *out = (struct moment){.us = us, .precision = TIME_EXACT_US};
        if (us % US_PER_S == 0)
            out->precision = TIME_EXACT_S;
        else if (us % 1000 == 0)
            out->precision = TIME_EXACT_MS;
    }
    out->precision = shortened_precision(text, number, out->precision);
    if (out->precision == TIME_EXACT_HOUR || out->precision == TIME_EXACT_DAY) {
        int64_t unit = (out->precision == TIME_EXACT_DAY ? 86400 : 3600) * US_PER_S;
        out->us = floor_div(out->us, unit) * unit;
    }
    return out->precision != UINT8_MAX && moment_in_range(out);
}

/* "16:10 28.07.2022" */
static bool read_clock_first(struct reading *in, enum date_order order, struct moment *out,
                             bool *unordered) {
    if (!read_clock(in) || !in->has_minute || !read_zone(in))
        return false;
    skip_fillers(in);
    skip_any(in, " -,");
    struct reading date = *in;
    return read_year_first(&date, out) || read_year_last(in, order, out, unordered);
}

static bool parse_digits_first(struct span text, enum date_order order, struct moment *out,
                               bool *unordered) {
    const struct reading in = {.at = text.at, .end = text.at + text.len};
    struct reading attempt = in;
    if (text.len >= 6 && !is_digit(text.at[4]) && read_year_first(&attempt, out))
        return true;
    if (parse_compact(text, out))
        return true;
    attempt = in;
    if (read_month_year(&attempt, out) || parse_epoch(text, out))
        return true;
    attempt = in;
    if (read_year_last(&attempt, order, out, unordered) || *unordered)
        return !*unordered;
    attempt = in;
    if (read_clock_first(&attempt, order, out, unordered) || *unordered)
        return !*unordered;
    attempt = in;
    return read_month_name(&attempt, out);
}

/* Quotes, "/Date(1677664800000+0100)/", "ISODate(...)", "Timestamp(...)", {"$date": ...}: what is
 * inside. A .NET number is UTC whatever zone it names. */
static struct span unwrapped(struct span text) {
    static const char *const calls[] = {
        "/date(",     "date(",       "new date(", "isodate(",
        "timestamp(", "{\"$date\":", "{$date:",   "{\"$numberlong\":"};
    for (int round = 0; round < 3; round++) {
        bool date = span_starts(text, "/date(");
        for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
            if (span_starts(text, calls[i])) {
                size_t len = strlen(calls[i]);
                text = (struct span){text.at + len, text.len - len};
                break;
            }
        while (text.len && memchr("\"'` ", *text.at, 4))
            text = (struct span){text.at + 1, text.len - 1};
        while (text.len && memchr("\"'` )}/", text.at[text.len - 1], 7))
            text.len--;
        for (size_t i = 1; date && i < text.len; i++)
            if (text.at[i] == '+' || text.at[i] == '-')
                text.len = i;
    }
    return text;
}

static bool is_nothing(struct span text) {
    static const char *const words[] = {"null", "none", "nan",  "nat",       "n/a",
                                        "na",   "nil",  "brak", "undefined", "unknown"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (span_is(text, words[i]))
            return true;
    int64_t number;
    if (num_i64(text, &number) && number <= 0)
        return true;
    for (size_t i = 0; i < text.len; i++)
        if (!memchr("0-:/., tz?", text.at[i], 10))
            return false;
    return true;
}

/* Of a folded text: a weekday may stand in front. */
static bool parse_folded(struct span text, enum date_order order, struct moment *out,
                         bool *unordered) {
    struct reading in = {.at = text.at, .end = text.at + text.len};
    skip_fillers(&in);
    struct span rest = {in.at, (size_t)(in.end - in.at)};
    if (is_digit(peek(&in)) && parse_digits_first(rest, order, out, unordered))
        return true;
    struct reading named = {.at = text.at, .end = text.at + text.len};
    return !*unordered && text.len && is_letter(*text.at) && read_month_name(&named, out);
}

static enum when_result range_of(const struct moment *moment) {
    if (moment->us < 0)
        return WHEN_NOTHING;
    return moment_in_range(moment) ? WHEN_READ : WHEN_UNREADABLE;
}

enum when_result when_read(struct span text, enum date_order order, struct moment *out) {
    char folded[FOLDED_SIZE];
    bool unordered = false;
    int64_t number;
    while (text.len && (unsigned char)text.at[0] <= ' ')
        text = (struct span){text.at + 1, text.len - 1};
    while (text.len && (unsigned char)text.at[text.len - 1] <= ' ')
        text.len--;
    if (parse_twitter(text, out) || parse_iso(text, out))
        return range_of(out);
    if (!text.len)
        return WHEN_NOTHING;
    if ((text.len == 10 || text.len == 13) && num_i64(text, &number) &&
        when_from_epoch(number, out))
        return WHEN_READ;
    if (!when_fold(text, folded, sizeof folded))
        return WHEN_UNREADABLE;
    struct span plain = unwrapped(span_of(folded));
    if (is_nothing(plain))
        return WHEN_NOTHING;
    if (parse_folded(plain, order, out, &unordered))
        return range_of(out);
    if (unordered)
        return WHEN_UNORDERED;
    return when_relative(folded) ? WHEN_RELATIVE : WHEN_UNREADABLE;
}

bool when_parse(struct span text, bool day_first, struct moment *out) {
    return when_read(text, day_first ? DATE_DAY_FIRST : DATE_SLASHES_MONTH_FIRST, out) == WHEN_READ;
}
