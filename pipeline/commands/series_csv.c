#include "pipeline/commands/series_csv.h"

#include "stages/common/num.h"

#include <inttypes.h>
#include <stdlib.h>

enum { COLUMNS_MAX = 64 };
static const size_t buckets_max = (size_t)1 << 27;

struct table {
    struct span rest;
    uint32_t line;
    char separator;
    size_t time_column, value_column;
};

void series_csv_release(struct series_csv *series) {
    free(series->rows);
    free(series->value);
    free(series->coverage_milli);
    *series = (struct series_csv){0};
}

static struct span trimmed(struct span text) {
    while (text.len && (text.at[0] == ' ' || text.at[0] == '\t'))
        text = (struct span){text.at + 1, text.len - 1};
    while (text.len && (text.at[text.len - 1] == ' ' || text.at[text.len - 1] == '\t' ||
                        text.at[text.len - 1] == '\r'))
        text.len--;
    return text;
}

static struct span unquoted(struct span field) {
    field = trimmed(field);
    if (field.len >= 2 && field.at[0] == '"' && field.at[field.len - 1] == '"')
        return trimmed((struct span){field.at + 1, field.len - 2});
    return field;
}

/* The next line that holds something; false at the end. */
static bool next_line(struct table *table, struct span *line) {
    while (table->rest.len) {
        const char *end = memchr(table->rest.at, '\n', table->rest.len);
        size_t len = end ? (size_t)(end - table->rest.at) : table->rest.len;
        *line = (struct span){table->rest.at, len};
        size_t used = end ? len + 1 : len;
        table->rest = (struct span){table->rest.at + used, table->rest.len - used};
        table->line++;
        struct span text = trimmed(*line);
        if (text.len && text.at[0] != '#')
            return true;
    }
    return false;
}

/* Cuts a line into fields; a separator inside quotes does not cut. */
static size_t split(struct span line, char separator, struct span fields[COLUMNS_MAX]) {
    size_t count = 0, from = 0;
    bool quoted = false;
    for (size_t i = 0; i <= line.len && count < COLUMNS_MAX; i++) {
        if (i < line.len && line.at[i] == '"')
            quoted = !quoted;
        if (i < line.len && (line.at[i] != separator || quoted))
            continue;
        fields[count++] = unquoted((struct span){line.at + from, i - from});
        from = i + 1;
    }
    return count;
}

static bool equal_ignoring_case(struct span text, const char *word) {
    size_t len = strlen(word);
    if (text.len != len)
        return false;
    for (size_t i = 0; i < len; i++) {
        char byte = text.at[i];
        if (byte >= 'A' && byte <= 'Z')
            byte = (char)(byte - 'A' + 'a');
        if (byte != word[i])
            return false;
    }
    return true;
}

static bool one_of(struct span text, const char *const *words) {
    for (; *words; words++)
        if (equal_ignoring_case(text, *words))
            return true;
    return false;
}

/* -1 for unknown, -2 for what is no count, -3 for one that is too large or negative. */
static int32_t read_value(struct span text) {
    static const char *const unknown[] = {"", "na", "nan", "n/a", "null", "none", "-", NULL};
    int64_t value;
    if (one_of(text, unknown))
        return -1;
    if (!num_scaled(text, 0, &value) && !num_count(text, &value)) {
        size_t digits = 0;
        while (digits < text.len && text.at[digits] >= '0' && text.at[digits] <= '9')
            digits++;
        return digits == text.len ? -3 : -2;
    }
    if (value < 0 || value > INT32_MAX || text.at[0] == '-')
        return value == 0 ? 0 : -3;
    return (int32_t)value;
}

/* A header names its columns: finds the time and the value by their usual names. */
static void read_header(struct table *table, const struct span *fields, size_t count) {
    static const char *const times[] = {"timestamp", "time", "date",       "datetime",
                                        "ds",        "hour", "created_at", NULL};
    static const char *const values[] = {"value",  "count", "mentions", "volume",
                                         "counts", "n",     "y",        NULL};
    for (size_t i = count; i-- > 0;)
        if (one_of(fields[i], times))
            table->time_column = i;
    table->value_column = table->time_column == 0 ? 1 : 0;
    for (size_t i = count; i-- > 0;)
        if (i != table->time_column && one_of(fields[i], values))
            table->value_column = i;
}

static char find_separator(struct span line) {
    static const char separators[] = {',', ';', '\t'};
    for (size_t i = 0; i < sizeof separators; i++)
        if (memchr(line.at, separators[i], line.len))
            return separators[i];
    return ',';
}

/* Sets up the columns from the first line; that line is given back unless it is a header. */
static void open_table(struct table *table, struct span bytes, bool day_first) {
    if (span_starts(bytes, "\xEF\xBB\xBF"))
        bytes = (struct span){bytes.at + 3, bytes.len - 3};
    *table = (struct table){.rest = bytes, .separator = ',', .value_column = 1};
    struct table peek = *table;
    struct span line, fields[COLUMNS_MAX];
    if (!next_line(&peek, &line))
        return;
    table->separator = find_separator(line);
    size_t count = split(line, table->separator, fields);
    struct moment moment;
    for (size_t i = 0; i < count; i++)
        if (when_parse(fields[i], day_first, &moment))
            return; /* a row: no header */
    peek.separator = table->separator;
    peek.value_column = table->value_column;
    read_header(&peek, fields, count);
    *table = peek;
}

/* Naive local time to UTC; the second telling of an autumn hour follows the first. */
static int64_t to_utc(const struct zone *zone, int64_t local_s, int64_t previous_s) {
    if (!zone)
        return local_s;
    int64_t utc_s = zone_to_utc(zone, local_s);
    int64_t later_s = utc_s + SECONDS_PER_HOUR;
    if (utc_s <= previous_s && later_s > previous_s &&
        later_s + zone_offset(zone, later_s) == local_s)
        return later_s;
    return utc_s;
}

static enum status line_fault(struct fault *fault, uint32_t line, const char *what,
                              struct span text) {
    int len = text.len > 60 ? 60 : (int)text.len;
    return fault_set(fault, STATUS_FATAL, EXIT_DATA, "line %" PRIu32 ": %s: \"%.*s\"", line, what,
                     len, text.len ? text.at : "");
}

static enum status read_row(const struct table *table, struct span line,
                            const struct series_csv_options *options, int64_t previous_s,
                            struct series_row *row, struct fault *fault) {
    struct span fields[COLUMNS_MAX];
    size_t count = split(line, table->separator, fields);
    if (count <= table->time_column || count <= table->value_column)
        return line_fault(fault, table->line, "expected timestamp,value", trimmed(line));
    struct moment moment;
    row->text = fields[table->time_column];
    if (!when_parse(row->text, options->day_first, &moment))
        return line_fault(fault, table->line, "not a time that can be read", row->text);
    row->value = read_value(fields[table->value_column]);
    if (row->value == -2)
        return line_fault(fault, table->line, "not a count", fields[table->value_column]);
    if (row->value == -3)
        return line_fault(fault, table->line, "a count must be 0 to 2147483647",
                          fields[table->value_column]);
    row->line = table->line;
    row->at_s = floor_div(moment.us, US_PER_S);
    if (moment.naive) {
        int64_t local_s = row->at_s;
        row->at_s = to_utc(options->zone, local_s, previous_s);
        row->skipped =
            options->zone && row->at_s + zone_offset(options->zone, row->at_s) != local_s;
    }
    return STATUS_OK;
}

static enum status read_rows(struct series_csv *series, struct span bytes,
                             const struct series_csv_options *options, struct fault *fault) {
    struct table table;
    struct span line;
    size_t cap = 0;
    open_table(&table, bytes, options->day_first);
    while (next_line(&table, &line)) {
        if (series->row_count == cap) {
            cap = cap ? cap * 2 : 1024;
            struct series_row *grown = realloc(series->rows, cap * sizeof *grown);
            if (!grown)
                return fault_memory(fault);
            series->rows = grown;
        }
        struct series_row *row = &series->rows[series->row_count];
        *row = (struct series_row){0};
        int64_t previous_s = series->row_count ? row[-1].at_s : INT64_MIN;
        enum status status = read_row(&table, line, options, previous_s, row, fault);
        if (status != STATUS_OK)
            return status;
        series->out_of_order += row->at_s < previous_s;
        series->skipped += row->skipped;
        series->row_count++;
    }
    return STATUS_OK;
}

static int row_order(const void *a, const void *b) {
    const struct series_row *x = a, *y = b;
    if (x->at_s != y->at_s)
        return x->at_s < y->at_s ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

static int int64_order(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The most common difference of neighbouring times, the shorter one of two equally common. */
static enum status find_interval(struct series_csv *series, struct fault *fault) {
    int64_t *step = malloc((series->row_count + 1) * sizeof *step);
    if (!step)
        return fault_memory(fault);
    size_t steps = 0, best = 0;
    int64_t interval_s = 0;
    for (size_t i = 1; i < series->row_count; i++)
        if (series->rows[i].at_s > series->rows[i - 1].at_s)
            step[steps++] = series->rows[i].at_s - series->rows[i - 1].at_s;
    qsort(step, steps, sizeof *step, int64_order);
    for (size_t i = 0, run; i < steps; i += run) {
        for (run = 1; i + run < steps && step[i + run] == step[i];)
            run++;
        if (run > best) {
            best = run;
            interval_s = step[i];
        }
    }
    free(step);
    if (!steps)
        return fault_set(fault, STATUS_FATAL, EXIT_DATA,
                         "%zu rows: a series needs at least two different times",
                         series->row_count);
    if (interval_s > INT32_MAX)
        return fault_set(fault, STATUS_FATAL, EXIT_DATA, "times are too far apart: %" PRId64 " s",
                         interval_s);
    series->interval_s = (int32_t)interval_s;
    return STATUS_OK;
}

/* The second within the interval at which most rows lie, so that a few odd rows do not shift the
 * grid: the start is the first row's bucket on the grid of the first pair one interval apart. */
static void find_start(struct series_csv *series) {
    int64_t first_s = series->rows[0].at_s, on_grid_s = first_s;
    for (size_t i = 1; i < series->row_count; i++)
        if (series->rows[i].at_s - series->rows[i - 1].at_s == series->interval_s) {
            on_grid_s = series->rows[i - 1].at_s;
            break;
        }
    int64_t steps = (on_grid_s - first_s + series->interval_s / 2) / series->interval_s;
    series->start_s = on_grid_s - steps * series->interval_s;
}

static size_t bucket_of(const struct series_csv *series, int64_t at_s) {
    int64_t off = at_s - series->start_s + series->interval_s / 2;
    return off < 0 ? 0 : (size_t)(off / series->interval_s);
}

/* Whether row i has the time of the row before it. */
static bool comes_again(const struct series_csv *series, size_t i) {
    const struct series_row *row = &series->rows[i];
    return i && !row->skipped && !row[-1].skipped && row->at_s == row[-1].at_s;
}

/* True when every time that comes again comes with the value it had. */
static bool repetitions_agree(const struct series_csv *series) {
    for (size_t i = 1; i < series->row_count; i++)
        if (comes_again(series, i) && series->rows[i].value != series->rows[i - 1].value)
            return false;
    return true;
}

static void fill_bucket(struct series_csv *series, struct series_row *row) {
    int32_t *value = &series->value[row->bucket];
    if (row->value < 0)
        return;
    series->added += series->coverage_milli[row->bucket] != 0;
    series->coverage_milli[row->bucket] = 1000;
    *value = *value > INT32_MAX - row->value ? INT32_MAX : *value + row->value;
}

static enum status fill_buckets(struct series_csv *series, struct fault *fault) {
    series->bucket_count = bucket_of(series, series->rows[series->row_count - 1].at_s) + 1;
    if (series->bucket_count > buckets_max)
        return fault_set(fault, STATUS_FATAL, EXIT_DATA,
                         "the series spans %zu buckets of %" PRId32
                         " s: more than %zu; check the first and the last time",
                         series->bucket_count, series->interval_s, buckets_max);
    series->value = calloc(series->bucket_count, sizeof *series->value);
    series->coverage_milli = calloc(series->bucket_count, sizeof *series->coverage_milli);
    if (!series->value || !series->coverage_milli)
        return fault_memory(fault);
    bool once = repetitions_agree(series);
    for (size_t i = 0; i < series->row_count; i++) {
        struct series_row *row = &series->rows[i];
        row->bucket = bucket_of(series, row->at_s);
        row->repeated = once && comes_again(series, i);
        series->repeated += row->repeated;
        if (!row->repeated && !row->skipped)
            fill_bucket(series, row);
    }
    for (size_t b = 0; b < series->bucket_count; b++)
        series->unknown += series->coverage_milli[b] == 0;
    return STATUS_OK;
}

enum status series_csv_read(struct series_csv *series, struct span bytes,
                            const struct series_csv_options *options, struct fault *fault) {
    *series = (struct series_csv){0};
    enum status status = read_rows(series, bytes, options, fault);
    if (status == STATUS_OK && !series->row_count)
        status =
            fault_set(fault, STATUS_FATAL, EXIT_DATA, "no rows: expected lines of timestamp,value");
    if (status == STATUS_OK) {
        if (series->out_of_order)
            qsort(series->rows, series->row_count, sizeof *series->rows, row_order);
        status = find_interval(series, fault);
    }
    if (status == STATUS_OK) {
        find_start(series);
        status = fill_buckets(series, fault);
    }
    if (status != STATUS_OK)
        series_csv_release(series);
    return status;
}
