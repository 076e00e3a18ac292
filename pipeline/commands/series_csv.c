/* Reads the rows of a series: which way its times and values are written, and when they were. */
#include "pipeline/commands/series_csv.h"

#include "pipeline/commands/plain_word.h"
#include "pipeline/commands/series_time.h"
#include "pipeline/commands/series_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

void series_csv_release(struct series_csv *series) {
    free(series->rows);
    free(series->value);
    free(series->coverage_milli);
    free(series->starts_s);
    arena_release(&series->texts);
    *series = (struct series_csv){0};
}

static enum status line_fault(struct fault *fault, uint32_t line, const char *what,
                              struct span text) {
    int len = text.len > 60 ? 60 : (int)text.len;
    return fault_set(fault, STATUS_FATAL, EXIT_DATA, "line %" PRIu32 ": %s: \"%.*s\"", line, what,
                     len, text.len ? text.at : "");
}

/* ---- cells ---- */

/* The digits at the front of "5", "05:30" or "05:00-06:00", as a clock. */
static int clock_text(struct span cell, char *out, size_t size) {
    size_t digits = 0;
    while (digits < cell.len && cell.at[digits] >= '0' && cell.at[digits] <= '9')
        digits++;
    if (digits == cell.len)
        return snprintf(out, size, "%.*s:00", (int)digits, cell.at);
    size_t len = digits;
    while (len < cell.len && ((cell.at[len] >= '0' && cell.at[len] <= '9') || cell.at[len] == ':'))
        len++;
    return snprintf(out, size, "%.*s", (int)len, cell.at);
}

/* Two cells as one time. */
static enum status join_cells(struct series_csv *series, struct span first, struct span second,
                              struct span *out, struct fault *fault) {
    char text[96], clock[32];
    int len;
    if (first.len > 32 || second.len > 24) {
        *out = first;
        return STATUS_OK;
    }
    int a = (int)first.len, b = (int)second.len;
    switch (series->table.second_part) {
    case SECOND_CLOCK:
        clock_text(second, clock, sizeof clock);
        len = snprintf(text, sizeof text, "%.*s %s", a, first.at, clock);
        break;
    case SECOND_QUARTER:
        len = snprintf(text, sizeof text, "%.*s Q %.*s", a, first.at, b, second.at);
        if (second.len && (second.at[0] | 0x20) == 'q')
            len = snprintf(text, sizeof text, "%.*s %.*s", a, first.at, b, second.at);
        break;
    case SECOND_WEEK:
        len = snprintf(text, sizeof text, "%.*s-W%.*s", a, first.at, b, second.at);
        break;
    default:
        len = snprintf(text, sizeof text, "%.*s-%.*s", a, first.at, b, second.at);
    }
    *out = arena_copy(&series->texts, (struct span){text, (size_t)len});
    return out->at ? STATUS_OK : fault_memory(fault);
}

static enum status add_row(struct series_csv *series, const struct span *cells, size_t count,
                           struct span line, size_t *cap, struct fault *fault) {
    const struct series_table *table = &series->table;
    bool second = table->second_column != NO_COLUMN;
    if (count <= table->time_column || count <= table->value_column ||
        (second && count <= table->second_column))
        return line_fault(fault, table->line, "expected timestamp,value", line);
    if (series->row_count == *cap) {
        *cap = *cap ? *cap * 2 : 1024;
        struct series_row *grown = realloc(series->rows, *cap * sizeof *grown);
        if (!grown)
            return fault_memory(fault);
        series->rows = grown;
    }
    struct series_row *row = &series->rows[series->row_count++];
    *row = (struct series_row){
        .text = cells[table->time_column], .cell = cells[table->value_column], .line = table->line};
    return second ? join_cells(series, row->text, cells[table->second_column], &row->text, fault)
                  : STATUS_OK;
}

static enum status read_cells(struct series_csv *series, struct span bytes, struct fault *fault) {
    struct span cells[SERIES_COLUMNS_MAX], line;
    size_t count, cap = 0;
    enum status status = STATUS_OK;
    series_table_open(&series->table, bytes);
    while (status == STATUS_OK && series_table_next(&series->table, cells, &count, &line))
        status = add_row(series, cells, count, line, &cap, fault);
    if (status == STATUS_OK && !series->row_count)
        status =
            fault_set(fault, STATUS_FATAL, EXIT_DATA, "no rows: expected lines of timestamp,value");
    return status;
}

static enum status decide_marks(const struct series_csv *series, struct value_marks *marks,
                                struct fault *fault) {
    *marks = (struct value_marks){0};
    for (size_t i = 0; i < series->row_count; i++)
        value_marks_see(marks, series->rows[i].cell);
    if (value_marks_decide(marks, series->table.separator))
        return STATUS_OK;
    return fault_set(fault, STATUS_FATAL, EXIT_DATA,
                     "\"%.*s\" may be thousands or a fraction: write the counts without marks",
                     (int)(marks->undecided.len < 40 ? marks->undecided.len : 40),
                     marks->undecided.len ? marks->undecided.at : "1.234");
}

static enum status read_value(struct series_csv *series, struct series_row *row,
                              const struct value_marks *marks, struct fault *fault) {
    bool small = false;
    row->value = value_read(row->cell, marks, &small);
    if (row->value == VALUE_NO_COUNT)
        return line_fault(fault, row->line, "not a count", row->cell);
    if (row->value == VALUE_OUT_OF_RANGE)
        return line_fault(fault, row->line, "a count must be 0 to 2147483647", row->cell);
    series->notes.small += small;
    return STATUS_OK;
}

/* ---- times ---- */

static int int64_order(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Whether the style reads the whole column, and how regular it then is (in 1/1000). */
static enum status try_style(const struct series_csv *series, enum series_style style, bool *reads,
                             unsigned *regularity, struct fault *fault) {
    struct series_time time;
    int64_t *at_s = malloc((series->row_count + 1) * sizeof *at_s);
    if (!at_s)
        return fault_memory(fault);
    size_t i = 0;
    for (; i < series->row_count && series_time_read(series->rows[i].text, style, &time); i++)
        at_s[i] = time.at_s;
    *reads = i == series->row_count;
    qsort(at_s, i, sizeof *at_s, int64_order);
    *regularity = series_regularity(at_s, i);
    free(at_s);
    return STATUS_OK;
}

static bool styles_differ(const struct series_csv *series) {
    struct series_time a, b;
    for (size_t i = 0; i < series->row_count; i++)
        if (series_time_read(series->rows[i].text, STYLE_MONTH_FIRST, &a) &&
            series_time_read(series->rows[i].text, STYLE_DAY_FIRST, &b) && a.at_s != b.at_s)
            return true;
    return false;
}

/* The order of day and month: what can be read at all, else --day-first, else which way the steps
 * are more regular, else the month first. */
static enum status choose_order(struct series_csv *series, bool day_first, enum series_style *style,
                                struct fault *fault) {
    bool reads[2];
    unsigned regularity[2];
    for (int i = 0; i < 2; i++)
        if (try_style(series, (enum series_style)i, &reads[i], &regularity[i], fault) != STATUS_OK)
            return STATUS_FATAL;
    struct series_notes *notes = &series->notes;
    *style = day_first ? STYLE_DAY_FIRST : STYLE_MONTH_FIRST;
    if (reads[STYLE_DAY_FIRST] != reads[STYLE_MONTH_FIRST]) {
        *style = reads[STYLE_DAY_FIRST] ? STYLE_DAY_FIRST : STYLE_MONTH_FIRST;
        notes->order_proved = true;
    } else if (!day_first && regularity[STYLE_DAY_FIRST] > regularity[STYLE_MONTH_FIRST]) {
        *style = STYLE_DAY_FIRST;
    }
    bool matters = styles_differ(series);
    notes->day_first = matters && *style == STYLE_DAY_FIRST;
    notes->month_first = matters && *style == STYLE_MONTH_FIRST;
    return STATUS_OK;
}

/* The whole column decides how its cells are read. */
static enum status choose_style(struct series_csv *series, bool day_first, enum series_style *style,
                                struct fault *fault) {
    char header[PLAIN_SIZE];
    bool reads = false, slash = false;
    unsigned regularity;
    plain_text(series->table.header[series->table.time_column], header);
    *style = STYLE_SERIAL;
    if (try_style(series, STYLE_SERIAL, &reads, &regularity, fault) != STATUS_OK)
        return STATUS_FATAL;
    series->notes.serial = reads;
    if (reads)
        return STATUS_OK;
    for (size_t i = 0; i < series->row_count && !slash; i++)
        slash = memchr(series->rows[i].text.at, '/', series->rows[i].text.len) != NULL;
    if (slash)
        return choose_order(series, day_first, style, fault);
    *style = day_first ? STYLE_DAY_FIRST : STYLE_MONTH_FIRST;
    if (try_style(series, *style, &reads, &regularity, fault) != STATUS_OK)
        return STATUS_FATAL;
    if (!reads || plain_has_one_of(header, "week|tydzien|woche")) {
        if (try_style(series, STYLE_YEAR_WEEK, &reads, &regularity, fault) != STATUS_OK)
            return STATUS_FATAL;
        *style = reads ? STYLE_YEAR_WEEK : *style;
    }
    return STATUS_OK;
}

/* Naive local time to UTC; the second telling of an autumn hour follows the first. */
static int64_t to_utc(const struct zone *zone, int64_t local_s, int64_t previous_s, bool *twice) {
    if (!zone)
        return local_s;
    int64_t utc_s = zone_to_utc(zone, local_s);
    int64_t later_s = utc_s + SECONDS_PER_HOUR;
    *twice = later_s + zone_offset(zone, later_s) == local_s;
    return *twice && utc_s <= previous_s && later_s > previous_s ? later_s : utc_s;
}

/* `row->at_s` is local where naive; rows from the newest to the oldest are gone through backwards.
 */
static void times_to_utc(struct series_csv *series, const struct zone *zone) {
    size_t count = series->row_count, falling = 0, rising = 0;
    for (size_t i = 1; i < count; i++) {
        falling += series->rows[i].at_s < series->rows[i - 1].at_s;
        rising += series->rows[i].at_s > series->rows[i - 1].at_s;
    }
    int64_t previous_s = INT64_MIN;
    for (size_t k = 0; k < count; k++) {
        struct series_row *row = &series->rows[falling > rising ? count - 1 - k : k];
        if (row->naive) {
            int64_t local_s = row->at_s;
            bool twice = false;
            row->at_s = to_utc(zone, local_s, previous_s, &twice);
            /* a day that begins in the gap begins at its end, and is there */
            row->skipped =
                zone && !row->day_only && row->at_s + zone_offset(zone, row->at_s) != local_s;
            series->notes.autumn += twice && !row->day_only;
            series->notes.skipped += row->skipped;
        }
        previous_s = row->at_s;
    }
}

static int row_order(const void *a, const void *b) {
    const struct series_row *x = a, *y = b;
    if (x->at_s != y->at_s)
        return x->at_s < y->at_s ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

static enum status read_rows(struct series_csv *series, const struct series_csv_options *options,
                             struct fault *fault) {
    enum series_style style;
    struct value_marks marks;
    if (choose_style(series, options->day_first, &style, fault) != STATUS_OK ||
        decide_marks(series, &marks, fault) != STATUS_OK)
        return STATUS_FATAL;
    for (size_t i = 0; i < series->row_count; i++) {
        struct series_row *row = &series->rows[i];
        struct series_time time;
        if (!series_time_read(row->text, style, &time))
            return line_fault(fault, row->line, "not a time that can be read", row->text);
        if (read_value(series, row, &marks, fault) != STATUS_OK)
            return STATUS_FATAL;
        row->at_s = time.at_s;
        row->naive = time.naive;
        row->day_only = time.day_only;
        row->months = time.months;
    }
    times_to_utc(series, options->zone);
    for (size_t i = 1; i < series->row_count; i++)
        series->notes.out_of_order += series->rows[i].at_s < series->rows[i - 1].at_s;
    if (series->notes.out_of_order)
        qsort(series->rows, series->row_count, sizeof *series->rows, row_order);
    return STATUS_OK;
}

enum status series_csv_read(struct series_csv *series, struct span bytes,
                            const struct series_csv_options *options, struct fault *fault) {
    *series = (struct series_csv){0};
    enum status status = read_cells(series, bytes, fault);
    if (status == STATUS_OK)
        status = read_rows(series, options, fault);
    if (status == STATUS_OK)
        status = series_steps(series, options->zone, fault);
    if (status != STATUS_OK)
        series_csv_release(series);
    return status;
}
