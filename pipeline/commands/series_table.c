/* Finds the table in a file of counts: its separator, where it begins, and its columns. */
#include "pipeline/commands/series_table.h"

#include "pipeline/commands/plain_word.h"
#include "pipeline/commands/series_time.h"
#include "pipeline/commands/series_value.h"

enum { PREAMBLE_MAX = 1000 };

static struct span trimmed(struct span text) {
    while (text.len && (text.at[0] == ' ' || text.at[0] == '\t'))
        text = (struct span){text.at + 1, text.len - 1};
    while (text.len && (text.at[text.len - 1] == ' ' || text.at[text.len - 1] == '\t' ||
                        text.at[text.len - 1] == '\r'))
        text.len--;
    return text;
}

static struct span unquoted(struct span cell) {
    cell = trimmed(cell);
    if (cell.len >= 2 && cell.at[0] == '"' && cell.at[cell.len - 1] == '"')
        return trimmed((struct span){cell.at + 1, cell.len - 2});
    return cell;
}

/* The next line that holds something; false at the end. */
static bool next_line(struct series_table *table, struct span *line) {
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

/* Cuts a line into cells; a separator inside quotes does not cut. */
static size_t split(struct span line, char separator, struct span cells[SERIES_COLUMNS_MAX]) {
    size_t count = 0, from = 0;
    bool quoted = false;
    for (size_t i = 0; i <= line.len && count < SERIES_COLUMNS_MAX; i++) {
        if (i < line.len && line.at[i] == '"')
            quoted = !quoted;
        if (i < line.len && (line.at[i] != separator || quoted))
            continue;
        cells[count++] = unquoted((struct span){line.at + from, i - from});
        from = i + 1;
    }
    return count;
}

bool series_table_next(struct series_table *table, struct span cells[SERIES_COLUMNS_MAX],
                       size_t *count, struct span *line) {
    struct span text;
    if (!next_line(table, &text))
        return false;
    *count = split(text, table->separator, cells);
    if (line)
        *line = trimmed(text);
    return true;
}

/* The column that looks most like a time: text before bare numbers. */
static size_t time_cell(const struct span *cells, size_t count) {
    size_t found = NO_COLUMN;
    for (size_t i = count; i-- > 0;)
        if (series_time_likely(cells[i]) &&
            (found == NO_COLUMN || !value_likely(cells[i]) || value_likely(cells[found])))
            found = i;
    return found;
}

/* A time, and a count or one that is not known. */
static bool is_row(const struct span *cells, size_t count) {
    static const struct value_marks marks = {0};
    size_t time = time_cell(cells, count);
    bool small;
    for (size_t i = 0; i < count && time != NO_COLUMN; i++)
        if (i != time &&
            (value_likely(cells[i]) || value_read(cells[i], &marks, &small) == VALUE_UNKNOWN))
            return true;
    return false;
}

static bool is_header(const struct span *cells, size_t count) {
    bool named = false;
    for (size_t i = 0; i < count; i++) {
        if (series_time_likely(cells[i]) || value_likely(cells[i]))
            return false;
        named |= cells[i].len > 0;
    }
    return named;
}

/* Where the table begins, for one separator. */
struct beginning {
    struct series_table header, row; /* before that line is read */
    bool has_header, has_row;
    bool certain; /* a header stands right before the row, or a second row behind it */
    uint32_t line;
};

/* The first row; one that neither a header announces nor a row of the same shape follows may be
 * part of a preamble, so that a later one that is certain wins. */
static struct beginning find_beginning(const struct series_table *start, char separator) {
    struct beginning found = {0};
    struct series_table table = *start, before = *start, last = *start;
    struct span line, cells[SERIES_COLUMNS_MAX], next[SERIES_COLUMNS_MAX];
    size_t last_count = 0;
    bool last_header = false;
    while (table.line < PREAMBLE_MAX && next_line(&table, &line)) {
        size_t count = split(line, separator, cells);
        if (count > 1 && is_row(cells, count)) {
            struct series_table ahead = table;
            bool header = last_header && last_count == count;
            bool again = next_line(&ahead, &line) && split(line, separator, next) == count &&
                         is_row(next, count);
            if (!found.has_row || (header && again))
                found = (struct beginning){.header = last,
                                           .row = before,
                                           .has_header = header,
                                           .has_row = true,
                                           .certain = header || again,
                                           .line = table.line};
            if (found.certain)
                return found;
        }
        last = before;
        last_count = count;
        last_header = is_header(cells, count);
        before = table;
    }
    return found;
}

/* ---- columns ---- */

static const char value_words[] =
    "value|count|mentions|volume|counts|n|y|total|sum|hits|posts|tweets|comments|number|frequency|"
    "freq|liczba|wzmianki|wzmianek|wartosc|ilosc|suma|wpisy|wpisow|posty|postow|komentarze|anzahl|"
    "wert|summe";
static const char time_words[] =
    "timestamp|time|date|datetime|ds|hour|created at|created|day|week|month|quarter|year|period|"
    "data|godzina|dzien|tydzien|miesiac|kwartal|polrocze|rok|okres|czas|datum|zeit|tag|woche|"
    "monat|quartal|jahr|stunde";
static const char year_words[] = "year|rok|jahr";

static bool second_part_of(const char *plain, enum second_part *part) {
    static const char *const words[] = {
        [SECOND_CLOCK] = "hour|time|godzina|godz|czas|uhrzeit|stunde|zeit",
        [SECOND_MONTH] = "month|miesiac|monat|nr miesiaca",
        [SECOND_QUARTER] = "quarter|kwartal|quartal",
        [SECOND_WEEK] = "week|tydzien|woche|iso week|nr tygodnia",
    };
    for (int i = 0; i < 4; i++)
        if (plain_is_one_of(plain, words[i])) {
            *part = (enum second_part)i;
            return true;
        }
    return false;
}

/* A year with a month beside it, or a date with a clock beside it, by the words of the header. */
static void find_second(struct series_table *table, const struct span *cells) {
    char first[PLAIN_SIZE], plain[PLAIN_SIZE];
    struct series_time time;
    enum second_part part;
    plain_text(table->header[table->time_column], first);
    bool year = plain_is_one_of(first, year_words) && cells[table->time_column].len == 4;
    bool date = series_time_read(cells[table->time_column], STYLE_DAY_FIRST, &time) ||
                series_time_read(cells[table->time_column], STYLE_MONTH_FIRST, &time);
    date = date && time.day_only && !time.months;
    for (size_t i = 0; i < table->columns; i++) {
        plain_text(table->header[i], plain);
        if (i == table->time_column || !second_part_of(plain, &part))
            continue;
        bool fits = part == SECOND_CLOCK ? date : year;
        if (fits && !(year && series_time_likely(cells[i]) && cells[i].len > 3)) {
            table->second_column = i;
            table->second_part = part;
            return;
        }
    }
}

static size_t named_time(const struct series_table *table, const struct span *cells) {
    char plain[PLAIN_SIZE];
    size_t year = NO_COLUMN, found = NO_COLUMN;
    bool part = false;
    for (size_t i = table->columns; i-- > 0;) {
        enum second_part which;
        plain_text(table->header[i], plain);
        part |= second_part_of(plain, &which) && which != SECOND_CLOCK;
        if (plain_is_one_of(plain, year_words))
            year = i;
        /* a clock alone, or the number of a month, is no time */
        if (plain_has_one_of(plain, time_words) && series_time_likely(cells[i]))
            found = i;
    }
    return year != NO_COLUMN && part && cells[year].len == 4 ? year : found;
}

/* How well a name says that its column is the count: 3 is one of the words, 2 holds one, 1 a name
 * that says nothing, 0 the number of the row. */
static int value_rank(const struct series_table *table, size_t column) {
    char plain[PLAIN_SIZE];
    plain_text(table->header[column], plain);
    if (plain_is_one_of(plain, value_words))
        return 3;
    if (plain_has_one_of(plain, value_words))
        return 2;
    bool row_number = plain_is_one_of(plain, "index|id|lp|nr|row|unnamed 0|rowid");
    return row_number || (!plain[0] && column < table->time_column && table->columns > 2) ? 0 : 1;
}

/* Columns by the header's words first, by what the first row holds otherwise; behind the time
 * before in front of it. */
static void find_columns(struct series_table *table, const struct span *cells) {
    size_t named = named_time(table, cells), looks = time_cell(cells, table->columns);
    table->time_column = named != NO_COLUMN ? named : looks != NO_COLUMN ? looks : 0;
    find_second(table, cells);
    int best = -1;
    table->value_column = table->time_column == 0 ? 1 : 0;
    for (size_t k = 0; k < table->columns; k++) {
        size_t i = (table->time_column + 1 + k) % table->columns;
        if (i == table->time_column || i == table->second_column)
            continue;
        int rank = value_rank(table, i);
        bool holds = value_likely(cells[i]);
        int score = rank >= 2 ? rank * 2 + holds : holds ? rank + 1 : 0;
        if (score > best) {
            best = score;
            table->value_column = i;
        }
    }
    for (size_t i = 0; i < table->columns; i++)
        if (i != table->time_column && i != table->second_column && i != table->value_column &&
            value_likely(cells[i]) && value_rank(table, i) > 0)
            table->others[table->other_count++] = i;
}

void series_table_open(struct series_table *table, struct span bytes) {
    static const char separators[] = {',', ';', '\t', '|'};
    struct span line, cells[SERIES_COLUMNS_MAX];
    if (span_starts(bytes, "\xEF\xBB\xBF"))
        bytes = (struct span){bytes.at + 3, bytes.len - 3};
    *table = (struct series_table){
        .rest = bytes, .separator = ',', .value_column = 1, .second_column = NO_COLUMN};
    struct beginning best = {0};
    for (size_t i = 0; i < sizeof separators; i++) {
        struct beginning found = find_beginning(table, separators[i]);
        if (found.has_row && (!best.has_row || found.certain > best.certain ||
                              (found.certain == best.certain && found.line < best.line))) {
            best = found;
            table->separator = separators[i];
        }
    }
    if (!best.has_row) { /* no row anywhere: the first line is taken for a header */
        next_line(table, &line);
        return;
    }
    char separator = table->separator;
    struct series_table *from = best.has_header ? &best.header : &best.row;
    from->separator = separator;
    *table = *from;
    if (best.has_header && next_line(table, &line))
        split(line, separator, table->header);
    struct series_table peek = *table, start = {.rest = bytes};
    next_line(&peek, &line);
    table->columns = split(line, separator, cells);
    find_columns(table, cells);
    uint32_t first = best.has_header ? table->line : peek.line;
    /* empty lines and remarks alone are no preamble */
    if (next_line(&start, &line) && start.line < first)
        table->preamble = first - 1;
}
