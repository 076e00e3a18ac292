/* Counts as people and tools write them. */
#include "pipeline/commands/series_value.h"

#include "pipeline/commands/plain_word.h"
#include "stages/common/num.h"

#include <stdio.h>

enum { CELL_MAX = 48 };
static const char mark_bytes[2] = {',', '.'};

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

/* Length of a blank or apostrophe that groups digits: also no-break and thin ones. */
static size_t group_blank(const char *at, size_t left) {
    static const char *const blanks[] = {" ", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89", "'"};
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
        size_t len = strlen(blanks[i]);
        if (left >= len && memcmp(at, blanks[i], len) == 0)
            return len;
    }
    return 0;
}

/* The cell without the blanks between groups of three digits; false when it is too long or its
 * blanks stand elsewhere. */
static bool without_blanks(struct span cell, char out[CELL_MAX], size_t *len) {
    size_t run = 0, kept = 0, groups = 0;
    bool whole = true; /* not yet behind a point or comma */
    for (size_t i = 0, blank; i < cell.len; i += blank ? blank : 1) {
        blank = run ? group_blank(cell.at + i, cell.len - i) : 0;
        bool digit = !blank && is_digit(cell.at[i]);
        if (!digit && groups && whole && run != 3)
            return false;
        if (blank && (!whole || run > 3))
            return false;
        groups += blank != 0;
        whole &= digit || blank || !groups;
        run = digit ? run + 1 : 0;
        if (blank)
            continue;
        if (kept + 1 >= CELL_MAX)
            return false;
        out[kept++] = cell.at[i];
    }
    out[kept] = 0;
    *len = kept;
    return !groups || !whole || run == 3;
}

/* Takes "<" off "<1"; "&lt;1" is how some pages save it. */
static bool take_less_than(struct span *cell) {
    const char *const marks[] = {"<", "&lt;"};
    for (int i = 0; i < 2; i++)
        if (span_starts(*cell, marks[i])) {
            size_t len = strlen(marks[i]);
            *cell = (struct span){cell->at + len, cell->len - len};
            while (cell->len && cell->at[0] == ' ')
                *cell = (struct span){cell->at + 1, cell->len - 1};
            return true;
        }
    return false;
}

/* How often a mark stands in the cell, and whether the digits around a single one allow thousands:
 * one to three before it, three behind it. */
static size_t count_marks(struct span cell, char mark, bool *pattern) {
    size_t count = 0, at = 0;
    for (size_t i = 0; i < cell.len; i++)
        if (cell.at[i] == mark) {
            count++;
            at = i;
        }
    size_t sign = cell.len && (cell.at[0] == '-' || cell.at[0] == '+');
    size_t before = at - (count ? sign : 0), behind = cell.len - at - 1;
    *pattern = count == 1 && before >= 1 && before <= 3 && behind == 3 && cell.at[sign] != '0';
    for (size_t i = at + 1; *pattern && i < cell.len; i++)
        *pattern = is_digit(cell.at[i]);
    return count;
}

void value_marks_see(struct value_marks *marks, struct span cell) {
    bool pattern[2];
    take_less_than(&cell);
    if (!cell.len || !(is_digit(cell.at[cell.len - 1]) || is_digit(cell.at[0])))
        return;
    size_t commas = count_marks(cell, ',', &pattern[0]);
    size_t points = count_marks(cell, '.', &pattern[1]);
    if (!commas && !points) {
        marks->small_plain |= cell.len <= 3;
        marks->large_plain |= cell.len > 3 && is_digit(cell.at[3]);
        return;
    }
    if (commas && points) { /* the last mark is that of the decimals */
        bool point_last = false;
        for (size_t i = 0; i < cell.len; i++)
            if (cell.at[i] == ',' || cell.at[i] == '.')
                point_last = cell.at[i] == '.';
        marks->groups[point_last ? 0 : 1] = true;
        marks->decimal[point_last ? 1 : 0] = true;
        return;
    }
    int which = points > 0;
    if (commas + points > 1) {
        marks->groups[which] = true;
    } else if (!pattern[which]) {
        marks->decimal[which] = true;
    } else {
        marks->pattern[which] = true;
        marks->undecided = cell;
    }
}

bool value_marks_decide(struct value_marks *marks, char separator) {
    for (int i = 0; i < 2; i++) {
        int other = 1 - i;
        if (marks->groups[i] && marks->decimal[i])
            return false;
        if (marks->groups[i] || marks->decimal[i] || !marks->pattern[i])
            marks->thousands[i] = marks->groups[i];
        else if (marks->decimal[other] || marks->groups[other])
            marks->thousands[i] = marks->decimal[other];
        else if (marks->small_plain && !marks->large_plain)
            marks->thousands[i] = true; /* 987 and then 1,012 */
        else if (separator == ';')
            return false; /* either half of Europe's spreadsheets, or the other */
        else
            marks->thousands[i] = mark_bytes[i] == ',';
    }
    return true;
}

int32_t value_read(struct span cell, const struct value_marks *marks, bool *small) {
    char plain[PLAIN_SIZE], bare[CELL_MAX], digits[CELL_MAX];
    size_t len, kept = 0;
    int64_t value;
    plain_text(cell, plain);
    if (!cell.len || span_is(cell, "-") || span_is(cell, "\xE2\x80\x93") || span_is(cell, "..") ||
        plain_is_one_of(plain, "na|nan|n a|null|none|brak|bd|b d"))
        return VALUE_UNKNOWN;
    *small = take_less_than(&cell);
    if (!without_blanks(cell, bare, &len))
        return VALUE_NO_COUNT;
    for (size_t i = 0; i < len; i++) {
        int which = bare[i] == ',' ? 0 : bare[i] == '.' ? 1 : -1;
        if (which < 0)
            digits[kept++] = bare[i];
        else if (!marks->thousands[which])
            digits[kept++] = '.';
    }
    struct span number = {digits, kept};
    if (!num_scaled(number, 0, &value) && !num_count(number, &value)) {
        for (size_t i = 0; i < kept; i++)
            if (!is_digit(digits[i]))
                return VALUE_NO_COUNT;
        return kept ? VALUE_OUT_OF_RANGE : VALUE_NO_COUNT;
    }
    if (*small)
        return value < 0 ? VALUE_OUT_OF_RANGE : 0;
    if (value < 0 || value > INT32_MAX || digits[0] == '-')
        return value == 0 ? 0 : VALUE_OUT_OF_RANGE;
    return (int32_t)value;
}

bool value_likely(struct span cell) {
    static const struct value_marks groups = {.thousands = {true, true}};
    bool small;
    int32_t value = value_read(cell, &groups, &small);
    return cell.len && value != VALUE_NO_COUNT && value != VALUE_UNKNOWN;
}
