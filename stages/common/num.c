#include "stages/common/num.h"

#include <stdlib.h>

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static bool push_digit(int64_t *value, int digit) {
    return !__builtin_mul_overflow(*value, 10, value) &&
           !__builtin_add_overflow(*value, digit, value);
}

static struct span trim(struct span text) {
    while (text.len && (text.at[0] == ' ' || text.at[0] == '\t'))
        text = (struct span){text.at + 1, text.len - 1};
    while (text.len && (text.at[text.len - 1] == ' ' || text.at[text.len - 1] == '\t' ||
                        text.at[text.len - 1] == '\r'))
        text.len--;
    return text;
}

/* Takes a sign off the front; true when it was a minus. */
static bool take_sign(struct span *text) {
    if (!text->len || (text->at[0] != '-' && text->at[0] != '+'))
        return false;
    bool minus = text->at[0] == '-';
    *text = (struct span){text->at + 1, text->len - 1};
    return minus;
}

bool num_i64(struct span text, int64_t *out) {
    bool minus = take_sign(&text);
    int64_t value = 0;
    if (text.len == 0)
        return false;
    size_t i = 0;
    for (; i < text.len && i < 18; i++) { /* that many digits always fit */
        if (!is_digit(text.at[i]))
            return false;
        value = value * 10 + (text.at[i] - '0');
    }
    for (; i < text.len; i++)
        if (!is_digit(text.at[i]) || !push_digit(&value, text.at[i] - '0'))
            return false;
    *out = minus ? -value : value;
    return true;
}

/* "e+05" behind a number: the power of ten, or false. */
static bool take_exponent(struct span text, int *exponent) {
    int64_t value;
    if (text.len < 2 || (text.at[0] != 'e' && text.at[0] != 'E'))
        return false;
    if (!num_i64((struct span){text.at + 1, text.len - 1}, &value) || value < -30 || value > 30)
        return false;
    *exponent = (int)value;
    return true;
}

bool num_scaled(struct span text, int digits, int64_t *out) {
    text = trim(text);
    bool minus = take_sign(&text), point = false, any = false;
    int64_t value = 0;
    int dropped = 0, exponent = 0;
    size_t i = 0;
    for (; i < text.len; i++) {
        char byte = text.at[i];
        if (byte == '.' && !point) {
            point = true;
        } else if (!is_digit(byte)) {
            break;
        } else {
            any = true;
            /* further digits of a fraction are below the resolution asked for */
            if (point && dropped >= digits + 6)
                continue;
            if (!push_digit(&value, byte - '0'))
                return false;
            dropped += point;
        }
    }
    struct span rest = {text.at + i, text.len - i};
    if (!any || (rest.len && !take_exponent(rest, &exponent)))
        return false;
    int power = digits - dropped + exponent;
    for (; power > 0; power--)
        if (__builtin_mul_overflow(value, 10, &value))
            return false;
    for (; power < 0; power++)
        value /= 10;
    *out = minus ? -value : value;
    return true;
}

/* "1,234,567": digits in groups of three between `mark`s. */
static bool grouped(struct span text, char mark, int64_t *out) {
    int64_t value = 0;
    size_t run = 0, groups = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == mark) {
            if (run == 0 || run > 3 || (groups && run != 3))
                return false;
            groups++;
            run = 0;
        } else if (!is_digit(text.at[i]) || !push_digit(&value, text.at[i] - '0')) {
            return false;
        } else {
            run++;
        }
    }
    *out = value;
    return groups > 0 && run == 3;
}

bool num_count(struct span text, int64_t *out) {
    text = trim(text);
    struct span digits = text;
    bool minus = take_sign(&digits);
    int64_t value, power = 0;
    static const char marks[] = {',', ' ', '.', '\''};
    for (size_t i = 0; i < sizeof marks; i++) {
        if (grouped(digits, marks[i], &value)) {
            *out = minus ? -value : value;
            return true;
        }
    }
    if (digits.len > 1) {
        char unit = digits.at[digits.len - 1] | 0x20;
        power = unit == 'k' ? 3 : unit == 'm' ? 6 : 0;
        digits.len -= power != 0;
    }
    if (!num_scaled(digits, (int)power, &value))
        return false;
    *out = minus ? -value : value;
    return true;
}

int num_compare_u64(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* ---- sorting ---- */

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, FEW = 600 };

static int compare_i64(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static size_t digit_at(int64_t number, int shift) {
    uint64_t ordered = (uint64_t)number ^ UINT64_C(1) << 63; /* negative ones first */
    return (size_t)(ordered >> shift) & (DIGITS - 1);
}

/* Puts the numbers in order of one digit; equal ones stay in theirs. */
static void sort_digit(const int64_t *from, int64_t *to, size_t count, int shift) {
    size_t place[DIGITS] = {0}, before = 0;
    for (size_t i = 0; i < count; i++)
        place[digit_at(from[i], shift)]++;
    for (size_t digit = 0; digit < DIGITS; digit++) {
        size_t here = place[digit];
        place[digit] = before;
        before += here;
    }
    for (size_t i = 0; i < count; i++)
        to[place[digit_at(from[i], shift)]++] = from[i];
}

void num_sort_i64(int64_t *numbers, size_t count) {
    int64_t *from = numbers, *to = count < FEW ? NULL : malloc(count * sizeof *to), *spare = to;
    uint64_t differs = 0;
    if (!to) {
        qsort(numbers, count, sizeof *numbers, compare_i64);
        return;
    }
    for (size_t i = 1; i < count; i++)
        differs |= (uint64_t)(numbers[i] ^ numbers[0]);
    for (int shift = 0; shift < 64 && differs >> shift; shift += DIGIT_BITS) {
        if (!(differs >> shift & (DIGITS - 1)))
            continue;
        sort_digit(from, to, count, shift);
        int64_t *sorted = to;
        to = from;
        from = sorted;
    }
    if (from != numbers)
        memcpy(numbers, from, count * sizeof *numbers);
    free(spare);
}
