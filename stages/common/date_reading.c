#include "stages/common/date_reading.h"

bool abbreviation_offset(const char *word, int64_t *offset_s) {
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

bool read_offset(struct reading *in, bool minus) {
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

/* An abbreviation, if one stands here. */
static bool take_abbreviation(struct reading *in, int64_t *offset_s) {
    struct reading ahead = *in;
    char word[16];
    if (!take_word(&ahead, word) || !abbreviation_offset(word, offset_s))
        return false;
    in->at = ahead.at;
    return true;
}

bool read_zone(struct reading *in) {
    int64_t named = 0;
    skip_any(in, " ");
    if (take_abbreviation(in, &in->offset_s))
        in->has_zone = true;
    bool minus = peek(in) == '-';
    if ((minus || peek(in) == '+') && in->end - in->at > 1 && is_digit(in->at[1])) {
        in->at++;
        if (!read_offset(in, minus))
            return false;
        skip_any(in, " ");
        take_abbreviation(in, &named);
    }
    skip_any(in, " ");
    if (peek(in) == '(' || peek(in) == '[' ||
        (peek(in) == 'm' && in->at + 1 < in->end && in->at[1] == '='))
        in->at = in->end;
    return true;
}

void read_fraction(struct reading *in) {
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

/* What stands between hours and minutes: "16:10", "16.10", "16h10". */
static bool take_colon(struct reading *in, char mark) {
    struct reading ahead = *in;
    if (peek(in) != mark)
        return false;
    ahead.at++;
    if (mark != ':' && !is_number(&ahead, 2))
        return false;
    in->at = ahead.at;
    return true;
}

bool read_clock(struct reading *in) {
    in->has_time = true;
    if (!take_number(in, 1, 2, &in->hour))
        return false;
    char mark = peek(in) == '.' || peek(in) == 'h' ? peek(in) : ':';
    if (take_colon(in, mark)) {
        if (!take_number(in, 2, 2, &in->minute))
            return false;
        in->has_minute = true;
    } else if (take(in, 'h')) {
        return true;
    }
    if (in->has_minute && take_colon(in, mark)) {
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
        return in->no_day ? TIME_EXACT_MONTH : TIME_EXACT_DAY;
    if (!in->has_minute)
        return TIME_EXACT_HOUR;
    if (!in->has_second)
        return TIME_EXACT_MINUTE;
    if (in->fraction_digits == 0)
        return TIME_EXACT_S;
    return in->fraction_digits <= 3 ? TIME_EXACT_MS : TIME_EXACT_US;
}

bool reading_finish(const struct reading *in, struct moment *out) {
    if (in->at != in->end || !date_valid(in) || in->hour > 24 || in->minute > 59 ||
        in->second > 60 || (in->hour == 24 && (in->minute || in->second)))
        return false;
    int64_t seconds =
        civil_days(in->year, (unsigned)in->month, (unsigned)in->day) * SECONDS_PER_DAY +
        in->hour * 3600 + in->minute * 60 + in->second - in->offset_s;
    *out = (struct moment){.us = seconds * US_PER_S + in->fraction_us,
                           .precision = reading_precision(in),
                           .naive = !in->has_zone,
                           .clocked = in->has_time,
                           .midnight = in->has_time && !in->hour && !in->minute && !in->second &&
                                       !in->fraction_us};
    return true;
}
