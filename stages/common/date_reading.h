/* date reading: a date and time of day, read piece by piece from a text. Internal to when_parse.
 *
 * In: a text between `at` and `end`. Out: its numbers. Nothing is allocated; false where something
 * else stands there. */
#ifndef BURZA_DATE_READING_H
#define BURZA_DATE_READING_H

#include "stages/common/when.h"

#include <string.h>

/* A date and time of day being read. */
struct reading {
    const char *at, *end;
    int64_t year, month, day, hour, minute, second, fraction_us, offset_s;
    int fraction_digits;
    bool has_time, has_minute, has_second, has_zone, no_day;
};

static inline bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static inline bool is_letter(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static inline char peek(const struct reading *in) {
    return in->at < in->end ? *in->at : 0;
}

static inline void skip_any(struct reading *in, const char *set) {
    while (in->at < in->end && *in->at && strchr(set, *in->at))
        in->at++;
}

static inline bool take(struct reading *in, char byte) {
    bool is = peek(in) == byte;
    in->at += is;
    return is;
}

/* Reads min..max digits. */
static inline bool take_number(struct reading *in, int min, int max, int64_t *out) {
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
static inline size_t take_word(struct reading *in, char out[16]) {
    size_t len = 0;
    for (; is_letter(peek(in)); in->at++)
        if (len < 15)
            out[len++] = (char)(*in->at | 0x20);
    out[len] = 0;
    return len;
}

static inline bool is_number(const struct reading *in, size_t digits) {
    for (size_t i = 0; i < digits; i++)
        if ((size_t)(in->end - in->at) <= i || !is_digit(in->at[i]))
            return false;
    return (size_t)(in->end - in->at) == digits || !is_digit(in->at[digits]);
}

/* An abbreviation ("cet"), in small letters. */
bool abbreviation_offset(const char *word, int64_t *offset_s);
/* ",123" behind seconds. */
void read_fraction(struct reading *in);
/* "+01:00" "+0100" "+01" behind the sign. */
bool read_offset(struct reading *in, bool minus);
/* Nothing, "Z", "+hh:mm" or an abbreviation, also both ("GMT+0200", Go's "+0100 CET"), and behind
 * it a remark in brackets (the name of the zone) or Go's "m=+0.012". */
bool read_zone(struct reading *in);
/* "16:10[:07[.123]][ PM]", "16.10", "16h10", "4 PM", "16" */
bool read_clock(struct reading *in);
/* The moment, when all was read and is a date. Second 60 is a leap second and becomes the next
 * minute's first. */
bool reading_finish(const struct reading *in, struct moment *out);

#endif
