/* Moments, calendar labels and serial days of a series' time column. */
#include "pipeline/commands/series_time.h"

#include "pipeline/commands/plain_word.h"
#include "stages/common/num.h"

#include <stdio.h>

enum { FIRST_YEAR = 1970, LAST_YEAR = 2199, TOKENS_MAX = 4 };
/* Serial days of 1970-01-01 and 2100-01-01: real counts in every row of a column are rarely so
 * alike, and epoch seconds of that size lie within one day. */
enum { SERIAL_FIRST = 25569, SERIAL_LAST = 73051 };

/* A label cut into numbers and words. */
struct label {
    struct label_token {
        int64_t number; /* -1: a word */
        size_t digits;
        char word[16];
    } token[TOKENS_MAX];
    size_t count;
    bool short_year; /* "Nov-15", "Nov '15": the mark of a year of two digits */
};

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte) {
    return byte >= 'a' && byte <= 'z';
}

static bool label_cut(struct span text, struct label *label) {
    char plain[PLAIN_SIZE];
    *label = (struct label){0};
    for (size_t i = 0; i < text.len; i++) {
        if (strchr(":+()\"#%&*=<>", text.at[i]))
            return false; /* a clock, a zone, a remark (or a NUL) */
        label->short_year |= i && (text.at[i] == '-' || text.at[i] == '\'');
    }
    size_t len = plain_text(text, plain);
    for (size_t i = 0; i < len;) {
        if (plain[i] == ' ') {
            i++;
            continue;
        }
        if (label->count == TOKENS_MAX)
            return false;
        struct label_token *token = &label->token[label->count++];
        size_t from = i;
        if (is_digit(plain[i])) {
            while (i < len && is_digit(plain[i]))
                i++;
            token->digits = i - from;
            if (!num_i64((struct span){plain + from, i - from}, &token->number))
                return false;
        } else {
            while (i < len && is_letter(plain[i]))
                i++;
            token->number = -1;
            snprintf(token->word, sizeof token->word, "%.*s", (int)(i - from), plain + from);
        }
    }
    return label->count > 0;
}

/* English, Polish and German names, whole or short. */
static unsigned month_of_word(const char *word) {
    static const char *const names[12] = {
        "jan|january|sty|stycznia|styczen|januar|janner",
        "feb|february|lut|lutego|luty|februar",
        "mar|march|marca|marzec|marz|mrz",
        "apr|april|kwi|kwietnia|kwiecien",
        "may|maj|maja|mai",
        "jun|june|cze|czerwca|czerwiec|juni",
        "jul|july|lip|lipca|lipiec|juli",
        "aug|august|sie|sierpnia|sierpien",
        "sep|sept|september|wrz|wrzesnia|wrzesien",
        "oct|october|paz|pazdziernika|pazdziernik|oktober|okt",
        "nov|november|lis|listopada|listopad",
        "dec|december|gru|grudnia|grudzien|dezember|dez",
    };
    for (unsigned month = 0; month < 12; month++)
        if (plain_is_one_of(word, names[month]))
            return month + 1;
    return 0;
}

static int64_t roman_number(const char *word) {
    static const char *const numbers[] = {"i",   "ii",   "iii", "iv", "v",  "vi",
                                          "vii", "viii", "ix",  "x",  "xi", "xii"};
    for (int i = 0; i < 12; i++)
        if (strcmp(word, numbers[i]) == 0)
            return i + 1;
    return 0;
}

static int64_t week_start(int64_t year, int64_t week) {
    int64_t fourth = civil_days(year, 1, 4); /* always in week 1 */
    int64_t monday = fourth - (fourth + 3 - floor_div(fourth + 3, 7) * 7);
    return monday + 7 * (week - 1);
}

/* What the tokens of a label add up to. */
struct label_parts {
    int64_t year, number[2]; /* `number`: those that are no year */
    size_t years, numbers;
    unsigned month;
    char kind; /* 'q', 'h', 'w', 'm' or 0 */
};

static bool take_word(struct label_parts *parts, const char *word) {
    static const struct {
        char kind;
        const char *words;
    } kinds[] = {
        {'q', "q|qtr|quarter|kw|kwartal|kwartalu"},
        {'h', "h|half|hy|polrocze|polrocza"},
        {'w', "w|wk|week|tydz|tydzien|t"},
        {'m', "m|month|miesiac"},
        {0, "r|rok|roku|year"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (plain_is_one_of(word, kinds[i].words)) {
            bool again = parts->kind && kinds[i].kind;
            parts->kind = kinds[i].kind ? kinds[i].kind : parts->kind;
            return !again;
        }
    unsigned month = month_of_word(word);
    int64_t roman = roman_number(word);
    if (month) {
        bool again = parts->month != 0;
        parts->month = month;
        return !again;
    }
    if (!roman || parts->numbers == 2)
        return false;
    parts->number[parts->numbers++] = roman;
    return true;
}

static bool label_add_up(const struct label *label, struct label_parts *parts) {
    *parts = (struct label_parts){0};
    for (size_t i = 0; i < label->count; i++) {
        const struct label_token *token = &label->token[i];
        if (token->number < 0) {
            if (!take_word(parts, token->word))
                return false;
        } else if (token->digits == 4) {
            parts->year = token->number;
            parts->years++;
        } else if (token->digits == 6 && label->count == 1) { /* 201511 */
            parts->year = token->number / 100;
            parts->number[parts->numbers++] = token->number % 100;
            parts->years++;
        } else if (token->digits <= 2 && parts->numbers < 2) {
            parts->number[parts->numbers++] = token->number;
        } else {
            return false;
        }
    }
    /* "Nov-15": a month's name and what can only be its year */
    if (!parts->years && parts->month && parts->numbers == 1 && label->count == 2 &&
        label->short_year && label->token[1].digits == 2) {
        parts->year = (parts->number[0] < 70 ? 2000 : 1900) + parts->number[0];
        parts->years = 1;
        parts->numbers = 0;
    }
    return parts->years == 1 && parts->year >= FIRST_YEAR && parts->year <= LAST_YEAR;
}

static bool period(struct series_time *out, const struct label_parts *parts, int64_t number,
                   int months) {
    if (number < 1 || number > 12 / months)
        return false;
    unsigned month = (unsigned)((number - 1) * months + 1);
    *out = (struct series_time){.at_s = civil_days(parts->year, month, 1) * SECONDS_PER_DAY,
                                .naive = true,
                                .day_only = true,
                                .months = (uint8_t)months};
    return true;
}

/* 2015-W05, and 2015-W05-3 for its Wednesday. */
static bool week_label(struct series_time *out, const struct label_parts *parts) {
    int64_t week = parts->number[0], day = parts->numbers == 2 ? parts->number[1] : 1;
    if (parts->numbers < 1 || week < 1 || week > 53 || day < 1 || day > 7)
        return false;
    if (week == 53 && week_start(parts->year, 53) == week_start(parts->year + 1, 1))
        return false;
    *out = (struct series_time){.at_s = (week_start(parts->year, week) + day - 1) * SECONDS_PER_DAY,
                                .naive = true,
                                .day_only = true};
    return true;
}

static bool label_read(struct span text, enum series_style style, struct series_time *out) {
    struct label label;
    struct label_parts parts;
    if (text.len > 40 || !label_cut(text, &label) || !label_add_up(&label, &parts))
        return false;
    if (parts.month)
        return !parts.numbers && !parts.kind && period(out, &parts, parts.month, 1);
    if (parts.kind == 'w' || (style == STYLE_YEAR_WEEK && !parts.kind && parts.numbers == 1))
        return week_label(out, &parts);
    if (parts.numbers == 0)
        return !parts.kind && period(out, &parts, 1, 12);
    if (parts.numbers != 1)
        return false;
    int months = parts.kind == 'q' ? 3 : parts.kind == 'h' ? 6 : 1;
    return period(out, &parts, parts.number[0], months);
}

static bool serial_read(struct span text, struct series_time *out) {
    char point[32];
    int64_t nano_days;
    if (text.len >= sizeof point)
        return false;
    for (size_t i = 0; i < text.len; i++)
        point[i] = text.at[i] == ',' ? '.' : text.at[i];
    if (!num_scaled((struct span){point, text.len}, 9, &nano_days) ||
        nano_days < SERIAL_FIRST * INT64_C(1000000000) ||
        nano_days >= SERIAL_LAST * INT64_C(1000000000))
        return false;
    int64_t day = nano_days / 1000000000, rest = nano_days % 1000000000;
    *out = (struct series_time){.at_s = (day - SERIAL_FIRST) * SECONDS_PER_DAY +
                                        (rest * SECONDS_PER_DAY + 500000000) / 1000000000,
                                .naive = true,
                                .day_only = rest == 0};
    return true;
}

static bool moment_read(struct span text, bool day_first, struct series_time *out) {
    struct moment moment;
    if (!when_parse(text, day_first, &moment))
        return false;
    *out = (struct series_time){.at_s = floor_div(moment.us, US_PER_S),
                                .naive = moment.naive,
                                .day_only = moment.precision == TIME_EXACT_DAY};
    return true;
}

/* "2015-11-03T05": hours without minutes. */
static bool hour_read(struct span text, struct series_time *out) {
    char whole[32];
    if (text.len != 13 || (text.at[10] != 'T' && text.at[10] != ' ') || !is_digit(text.at[11]) ||
        !is_digit(text.at[12]))
        return false;
    int len = snprintf(whole, sizeof whole, "%.13s:00", text.at);
    return moment_read((struct span){whole, (size_t)len}, false, out);
}

/* "2015-01-04 - 2015-01-10": the first of two days. */
static bool range_read(struct span text, bool day_first, struct series_time *out) {
    static const char *const marks[] = {" - ", " \xE2\x80\x93 ", "/", " to ", " do "};
    for (size_t m = 0; m < sizeof marks / sizeof *marks; m++) {
        size_t len = strlen(marks[m]);
        for (size_t i = 6; i + len + 6 <= text.len; i++) {
            struct series_time last;
            if (memcmp(text.at + i, marks[m], len) == 0 &&
                moment_read((struct span){text.at, i}, day_first, out) && out->day_only &&
                moment_read((struct span){text.at + i + len, text.len - i - len}, day_first,
                            &last) &&
                last.day_only && last.at_s >= out->at_s)
                return true;
        }
    }
    return false;
}

bool series_time_read(struct span text, enum series_style style, struct series_time *out) {
    if (style == STYLE_SERIAL)
        return serial_read(text, out);
    bool day_first = style == STYLE_DAY_FIRST;
    /* most cells are whole moments, and no label is so long that a moment is read from it */
    if (text.len >= 16 && moment_read(text, day_first, out))
        return true;
    return label_read(text, style, out) || hour_read(text, out) ||
           moment_read(text, day_first, out) || range_read(text, day_first, out);
}

bool series_time_likely(struct span text) {
    struct series_time time;
    int64_t number;
    if (num_scaled(text, 0, &number) && number < 19000000)
        return series_time_read(text, STYLE_SERIAL, &time) ||
               label_read(text, STYLE_MONTH_FIRST, &time);
    return series_time_read(text, STYLE_MONTH_FIRST, &time) ||
           series_time_read(text, STYLE_DAY_FIRST, &time) ||
           series_time_read(text, STYLE_YEAR_WEEK, &time);
}
