/* Rows whose quotes do not follow the rules. A record is read in one of several ways; the first one
 * in which it has as many fields as the header wins, one line before many lines. */
#include "stages/common/when.h"
#include "stages/decode/csv.h"

/* A field that is only loosely quoted goes on over this many bytes of its record at most. */
enum { LOOSE_MAX = 8192, LINES_SAID = 2 };

/* How the record at the beginning of some bytes looks when it is read in one way. */
struct look {
    const char *end; /* its line feed, or where the bytes end */
    size_t fields;
    bool sound;     /* every quoted field ends as it should */
    bool unclosed;  /* the bytes end in quotes */
    bool many;      /* it has a line break in quotes */
    bool overfull;  /* there is something in the fields behind the last column */
    bool escapes;   /* CSV_ESCAPED: there are some */
    struct span at; /* the field of the time */
};

/* Where fields go that are asked for. */
struct fields_out {
    struct span *at;
    size_t max;
    char *text; /* room for all their bytes */
};

struct field_scan {
    const struct csv_dialect *dialect;
    const char *at, *end;
    enum csv_reading reading;
    char *text; /* or NULL */
};

static inline void put(struct field_scan *scan, char byte) {
    if (scan->text)
        *scan->text++ = byte;
}

/* Whether a field ends at `at`. */
static bool is_stop(const struct field_scan *scan, const char *at) {
    return at == scan->end || *at == scan->dialect->delimiter || *at == scan->dialect->feed ||
           (*at == '\r' && (at + 1 == scan->end || at[1] == scan->dialect->feed));
}

static bool is_last(const struct field_scan *scan, const char *at) {
    return is_stop(scan, at) && (at == scan->end || *at != scan->dialect->delimiter);
}

/* Goes on behind the quote that closes the field that was opened before `at`. */
static void scan_quoted(struct field_scan *scan, struct look *look) {
    while (scan->at < scan->end) {
        char byte = *scan->at++;
        bool more = scan->at < scan->end;
        if (scan->reading == CSV_ESCAPED && byte == '\\' && more &&
            (*scan->at == '"' || *scan->at == '\\')) {
            look->escapes = true;
            put(scan, *scan->at++);
        } else if (byte != '"') {
            look->many |= byte == scan->dialect->feed;
            put(scan, byte);
        } else if (more && *scan->at == '"') {
            put(scan, *scan->at++);
            if (scan->reading == CSV_LOOSE && is_last(scan, scan->at))
                return;
        } else if (is_stop(scan, scan->at)) {
            return;
        } else if (scan->reading == CSV_STRICT) {
            look->sound = false;
            scan->end = scan->at;
            return;
        } else {
            put(scan, byte);
        }
    }
    look->sound = false;
    look->unclosed = true;
}

/* The field at `at`; then `at` is at the delimiter, the line feed or the end. */
static void scan_field(struct field_scan *scan, struct look *look) {
    const char *quote = scan->at;
    bool loose = scan->reading == CSV_ESCAPED || scan->reading == CSV_LOOSE;
    while (loose && scan->dialect->delimiter != ' ' && quote < scan->end && *quote == ' ')
        quote++;
    if (scan->reading != CSV_LITERAL && quote < scan->end && *quote == '"') {
        scan->at = quote + 1;
        scan_quoted(scan, look);
    }
    while (!is_stop(scan, scan->at))
        put(scan, *scan->at++);
    if (scan->at < scan->end && *scan->at == '\r')
        scan->at++;
}

static struct look look_at(const struct csv_dialect *dialect, const char *at, const char *end,
                           enum csv_reading reading, const struct fields_out *out) {
    struct field_scan scan = {dialect, at, end, reading, out ? out->text : NULL};
    struct look look = {.sound = true};
    for (bool more = true; more; scan.at += more) {
        const char *from = scan.at;
        char *text = scan.text;
        scan_field(&scan, &look);
        if (out && look.fields < out->max)
            out->at[look.fields] = (struct span){text, (size_t)(scan.text - text)};
        if ((int)look.fields == dialect->time_column)
            look.at = (struct span){from, (size_t)(scan.at - from)};
        look.overfull |= look.fields >= dialect->columns && scan.at > from && *from != '\r';
        look.fields++;
        more = scan.at < scan.end && *scan.at == dialect->delimiter;
    }
    if (dialect->columns && look.fields > dialect->columns && !look.overfull)
        look.fields = dialect->columns;
    look.end = scan.at;
    return look;
}

static bool fits(const struct csv_dialect *dialect, const struct look *look) {
    return look->sound && (!dialect->columns || look->fields == dialect->columns);
}

static const char *line_end(const struct csv_dialect *dialect, const char *at, const char *end) {
    const char *feed = at < end ? memchr(at, dialect->feed, (size_t)(end - at)) : NULL;
    return feed ? feed : end;
}

/* Whether the line is a row of the table: as many fields, and a time where one should be. */
static bool is_row(const struct csv_dialect *dialect, const char *at, const char *end) {
    struct moment moment;
    if (at == end || !dialect->columns)
        return false;
    struct look look = look_at(dialect, at, end, CSV_LITERAL, NULL);
    if (look.fields != dialect->columns)
        look = look_at(dialect, at, end, CSV_LOOSE, NULL);
    if (look.fields != dialect->columns)
        return false;
    struct span time = look.at;
    while (time.len && strchr("\"\r ", time.at[time.len - 1]))
        time.len--;
    while (time.len && strchr("\" ", *time.at))
        time = (struct span){time.at + 1, time.len - 1};
    return dialect->time_column < 0 ||
           (time.len && (when_parse(time, false, &moment) || when_parse(time, true, &moment)));
}

/* Whether a record of many lines that is sound as it stands is made of rows by chance: one begins
 * with a quote, and a later one ends with one. */
static bool is_many_rows(const struct csv_dialect *dialect, const char *at, const char *end) {
    const char *feed = line_end(dialect, at, end);
    int lines = 0;
    size_t delimiters = 0;
    const char *look = at;
    while (look < feed && (look = memchr(look, dialect->delimiter, (size_t)(feed - look)))) {
        delimiters++;
        look++;
    }
    if (delimiters + 1 < dialect->columns)
        return false;
    if (look_at(dialect, at, feed, CSV_LITERAL, NULL).fields != dialect->columns)
        return false;
    for (; feed < end; lines++) {
        at = feed + 1;
        feed = line_end(dialect, at, end);
        if (!is_row(dialect, at, feed))
            return false;
    }
    return lines >= LINES_SAID || dialect->delimiter == '\t';
}

bool csv_is_whole(const struct csv_dialect *dialect, struct span record, size_t fields) {
    const char *end = record.at + record.len;
    return fields == dialect->columns && record.len < dialect->max &&
           !is_many_rows(dialect, record.at, end);
}

/* The first reading in which the bytes are one record; CSV_LITERAL when they are in none. */
static enum csv_reading reading_of(const struct csv_dialect *dialect, const char *at,
                                   const char *end, struct look *look) {
    *look = look_at(dialect, at, end, CSV_ESCAPED, NULL);
    if (look->escapes && fits(dialect, look) && look->end == end)
        return CSV_ESCAPED;
    *look = look_at(dialect, at, end, CSV_STRICT, NULL);
    if (fits(dialect, look) && look->end == end)
        return CSV_STRICT;
    *look = look_at(dialect, at, end, CSV_LOOSE, NULL);
    if (fits(dialect, look) && look->end == end)
        return CSV_LOOSE;
    *look = look_at(dialect, at, end, CSV_LITERAL, NULL);
    return CSV_LITERAL;
}

/* How far a loosely quoted record may go: to the first line that is a row of its own. `*waits` when
 * the bytes end before that is known. */
static const char *loose_limit(const struct csv_dialect *dialect, const char *at, const char *end,
                               bool last, bool *waits) {
    const char *limit = end - at > LOOSE_MAX ? at + LOOSE_MAX : end;
    const char *feed = line_end(dialect, at, end);
    *waits = limit == end && !last;
    while (feed < limit) {
        const char *next = line_end(dialect, feed + 1, end);
        if (next == end && !last) {
            *waits = true;
            break;
        }
        if (is_row(dialect, feed + 1, next)) {
            *waits = false;
            return feed;
        }
        feed = next;
    }
    return limit;
}

/* A record of many lines, loosely quoted; its end, or NULL. `open`: no row ends at the limit. */
static const char *many_lines(const struct csv_dialect *dialect, const char *at, const char *limit,
                              bool open, enum csv_reading *reading) {
    static const enum csv_reading ways[] = {CSV_ESCAPED, CSV_LOOSE};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct look look = look_at(dialect, at, limit, ways[i], NULL);
        *reading = ways[i];
        if (look.many && fits(dialect, &look) && dialect->columns && !(open && look.end == limit))
            return look.end;
    }
    return NULL;
}

const char *csv_recover(const struct csv_dialect *dialect, struct span text, bool last,
                        enum csv_reading *reading) {
    const char *start = text.at, *end = start + text.len;
    const char *most = text.len > dialect->max ? start + dialect->max : end, *limit;
    struct look strict = look_at(dialect, start, most, CSV_STRICT, NULL), line;
    bool waits, whole = last || most < end, cut = strict.end == most && most < end;
    *reading = CSV_STRICT;
    if (strict.unclosed && !whole)
        return NULL;
    if (!last && strict.sound && strict.end == end)
        return NULL;
    if (fits(dialect, &strict) && !cut &&
        !(strict.many && is_many_rows(dialect, start, strict.end)))
        return strict.end;
    const char *feed = line_end(dialect, start, end);
    if (feed == end)
        return last ? (*reading = reading_of(dialect, start, end, &line), end) : NULL;
    *reading = reading_of(dialect, start, feed, &line);
    if (*reading != CSV_LITERAL && fits(dialect, &line))
        return feed;
    limit = loose_limit(dialect, start, end, last, &waits);
    enum csv_reading loose;
    bool open = limit < end ? *limit != dialect->feed : !last;
    const char *many = limit > feed ? many_lines(dialect, start, limit, open, &loose) : NULL;
    if (!many && waits)
        return NULL;
    if (many)
        *reading = loose;
    bool ragged = !many && !fits(dialect, &line) && strict.sound && !cut &&
                  loose_limit(dialect, start, strict.end, true, &waits) == strict.end;
    if (ragged) /* many lines, but not as many fields as columns */
        *reading = CSV_STRICT;
    return many ? many : ragged ? strict.end : feed;
}

size_t csv_split_as(const struct csv_dialect *dialect, struct span record, enum csv_reading reading,
                    struct span *fields, size_t max, struct arena *arena) {
    struct fields_out out = {fields, max, arena_alloc(arena, record.len + 1)};
    if (!out.text)
        return 0;
    return look_at(dialect, record.at, record.at + record.len, reading, &out).fields;
}
