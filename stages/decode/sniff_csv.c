#include "stages/decode/sniff_csv.h"
#include "stages/common/when.h"
#include "stages/decode/csv.h"
#include "stages/decode/post_time.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum { SNIFF_RECORDS = 100, PREAMBLE_MAX = 30, NAME_MAX = 100 };

/* What the head looks like when its records are split in one way. */
struct shape_of {
    struct csv_dialect dialect;
    size_t columns;  /* of most records */
    size_t agreeing; /* records that have as many */
    size_t header;   /* number of the record with the names of the columns */
    bool named;      /* these names lead to a text and a time */
    struct span at[SNIFF_RECORDS];
    size_t counts[SNIFF_RECORDS], records;
};

/* The next record from *at on; false at the end. */
static bool next_record(struct span head, size_t *at, const struct csv_dialect *dialect,
                        struct span *record) {
    struct span rest = {head.at + *at, head.len - *at};
    if (!rest.len)
        return false;
    const char *stop = csv_record_end(dialect, rest, true);
    *record = (struct span){rest.at, (size_t)(stop - rest.at)};
    *at += record->len + (stop < rest.at + rest.len);
    if (record->len && record->at[record->len - 1] == '\r')
        record->len--;
    return true;
}

static size_t split_record(struct span record, const struct csv_dialect *dialect,
                           struct span *fields, size_t max, struct arena *arena) {
    enum csv_reading reading;
    bool odd;
    size_t count = csv_split(record, dialect->delimiter, fields, max, arena, &odd);
    if (!odd)
        return count;
    csv_recover(dialect, record, true, &reading);
    return csv_split_as(dialect, record, reading, fields, max, arena);
}

/* The number that most of `counts` are, ones left out; `wanted` if as many are that. */
static size_t most_frequent(const size_t *counts, size_t n, size_t wanted, size_t *agreeing) {
    size_t best = 0;
    *agreeing = 0;
    for (size_t i = 0; i < n; i++) {
        size_t same = 0;
        for (size_t j = 0; j < n; j++)
            same += counts[j] == counts[i];
        if (counts[i] > 1 && same + (counts[i] == wanted) > *agreeing) {
            *agreeing = same + (counts[i] == wanted);
            best = counts[i];
        }
    }
    *agreeing -= best && best == wanted;
    return best;
}

static struct span trim_name(struct span name) {
    while (name.len && (unsigned char)name.at[0] <= ' ')
        name = (struct span){name.at + 1, name.len - 1};
    while (name.len && (unsigned char)name.at[name.len - 1] <= ' ')
        name.len--;
    return name;
}

/* "user/name", "user__name" and "user[0]name" are user.name and user.0.name, unless the user named
 * the columns. */
static struct span name_path(const struct decode_member *member, struct span name,
                             struct arena *arena) {
    const struct mapping *mapping = member->options.mapping;
    char *path = arena_alloc(arena, name.len + 1);
    size_t len = 0;
    name = trim_name(name);
    if (mapping && mapping->rows)
        return name;
    for (size_t i = 0; path && i < name.len; i++) {
        bool twice = i && i + 2 < name.len && name.at[i] == '_' && name.at[i + 1] == '_';
        bool part = twice || name.at[i] == '/' || name.at[i] == '[' || name.at[i] == ']';
        i += twice;
        if (!part)
            path[len++] = name.at[i];
        else if (len && path[len - 1] != '.' && i + 1 < name.len)
            path[len++] = '.';
    }
    return path && memchr(name.at, ' ', name.len) == NULL && len ? (struct span){path, len} : name;
}

/* The column of that name, else the one that differs from it only in capitals. */
static int column_of(const struct span *names, size_t count, struct span name) {
    int like = -1;
    for (size_t i = 0; i < count; i++) {
        if (names[i].len != name.len || strncasecmp(names[i].at, name.at, name.len) != 0)
            continue;
        if (memcmp(names[i].at, name.at, name.len) == 0)
            return (int)i;
        like = like < 0 ? (int)i : like;
    }
    return like;
}

struct header {
    const struct span *names;
    size_t count;
    bool any_case;
};

static bool header_has(const void *data, struct span pattern) {
    const struct header *header = data;
    for (size_t i = 0; i < header->count; i++)
        if (header->any_case ? pattern_fits(pattern, header->names[i])
                             : pattern_matches(pattern, header->names[i]))
            return true;
    return false;
}

static const struct format *format_of_header(const struct decode_member *member,
                                             struct header header) {
    const struct format *best = NULL;
    int best_bid = 0;
    for (size_t i = 0; formats[i]; i++) {
        if (formats[i]->shape != SHAPE_CSV || !formats[i]->evidence)
            continue;
        for (const struct evidence *e = formats[i]->evidence; e->paths; e++)
            if (e->bid > best_bid && evidence_holds(member, e->paths, header_has, &header)) {
                best = formats[i];
                best_bid = e->bid;
            }
    }
    return best;
}

/* Capitals are those of the tool, unless only others fit: spreadsheets and scripts change them. */
static const struct format *best_format(const struct decode_member *member,
                                        const struct span *names, size_t count) {
    const struct format *best = format_of_header(member, (struct header){names, count, false});
    return best ? best : format_of_header(member, (struct header){names, count, true});
}

/* The rows to use: of the mapping, of the format, or guessed from the names, where `times` says
 * which columns have times. NULL when out of memory. */
static const struct row *rows_for(const struct decode_member *member, const struct format *format,
                                  const struct span *names, size_t count, const bool *times,
                                  struct arena *arena) {
    const struct mapping *mapping = member->options.mapping;
    if (mapping && mapping->rows)
        return mapping->rows;
    return format && format->rows
               ? format->rows
               : mapping_guess(arena, &(struct name_list){names, count, times}, NULL);
}

/* Whether the names lead to a text and a time. */
static bool is_enough(const struct row *rows, const struct span *names, size_t count) {
    bool text = false, time = false;
    for (; rows && rows->path; rows++) {
        bool there = column_of(names, count, span_of(rows->path)) >= 0;
        text |= there && (rows->field == FIELD_TEXT || rows->field == FIELD_TITLE);
        time |= there && rows->field == FIELD_TIME;
    }
    return text && time;
}

static bool is_header(const struct decode_member *member, const struct csv_dialect *dialect,
                      struct span record, struct arena *arena) {
    struct span names[COLUMN_MAX];
    size_t count = split_record(record, dialect, names, COLUMN_MAX, arena);
    if (count < 2 || count > COLUMN_MAX)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (names[i].len > NAME_MAX)
            return false;
        names[i] = name_path(member, names[i], arena);
    }
    const struct mapping *mapping = member->options.mapping;
    const struct format *format = member->format;
    if (!format && !(mapping && mapping->rows))
        format = best_format(member, names, count);
    return (format && format->json_cells) ||
           is_enough(rows_for(member, format, names, count, NULL, arena), names, count);
}

/* The header is the first of the first records whose names are known, and else the first one that
 * has as many fields as most. */
static void find_header(const struct decode_member *member, struct shape_of *shape,
                        struct arena *arena) {
    size_t first = shape->records, limit = PREAMBLE_MAX + 1;
    limit = shape->records < limit ? shape->records : limit;
    for (size_t i = 0; i < limit && !shape->named; i++) {
        if (first == shape->records && shape->counts[i] == shape->columns)
            first = i;
        arena_clear(arena);
        shape->named = is_header(member, &shape->dialect, shape->at[i], arena);
        shape->header = i;
    }
    if (!shape->named)
        shape->header = first;
    if (shape->header == shape->records)
        shape->columns = 0;
}

static void take_shape(const struct decode_member *member, struct span head, size_t start,
                       char delimiter, char feed, struct shape_of *shape) {
    struct arena arena = {0};
    struct span record;
    *shape = (struct shape_of){.dialect = {delimiter, feed, -1, 0, member->dialect.max}};
    for (size_t at = start;
         shape->records < SNIFF_RECORDS && next_record(head, &at, &shape->dialect, &record);) {
        if (record.len == 0)
            continue;
        arena_clear(&arena);
        shape->at[shape->records] = record;
        shape->counts[shape->records++] = split_record(record, &shape->dialect, NULL, 0, &arena);
    }
    /* the last one may be cut by the end of the head */
    bool cut = shape->records > 2 && record.at + record.len == head.at + head.len;
    shape->records -= cut;
    shape->columns = most_frequent(shape->counts, shape->records, 0, &shape->agreeing);
    if (shape->columns)
        find_header(member, shape, &arena);
    if (shape->named) {
        size_t behind = shape->header + 1, names = shape->counts[shape->header];
        size_t most =
            most_frequent(shape->counts + behind, shape->records - behind, names, &shape->agreeing);
        shape->columns = most ? most : names;
        shape->agreeing += behind; /* what stands before the rows is no disagreement */
    }
    arena_release(&arena);
}

static bool better(const struct shape_of *a, const struct shape_of *b) {
    uint64_t share_a = a->records ? a->agreeing * 100 / a->records : 0;
    uint64_t share_b = b->records ? b->agreeing * 100 / b->records : 0;
    if (a->columns == 0 || b->columns == 0)
        return a->columns > b->columns;
    if (a->named != b->named)
        return a->named;
    /* consistency first, then the finer split */
    return share_a / 10 != share_b / 10 ? share_a > share_b : a->columns > b->columns;
}

/* Whether rows end with carriage returns alone: there are more of them than line feeds. */
static bool ends_with_returns(struct span head) {
    size_t returns = 0, feeds = 0;
    const char *at = head.at, *end = head.at + head.len;
    for (; at < end && (at = memchr(at, '\r', (size_t)(end - at))); at++)
        returns += at + 1 == end || at[1] != '\n';
    at = head.at;
    for (; returns > feeds && at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++)
        feeds++;
    return returns > feeds;
}

static void find_shape(const struct decode_member *member, struct span head, size_t start,
                       char feed, struct shape_of *best, struct shape_of *other) {
    static const char candidates[] = {',', ';', '\t', '|'};
    const struct mapping *mapping = member->options.mapping;
    char forced = mapping ? mapping->delimiter : 0;
    for (size_t i = 0; i < (forced ? 1 : sizeof candidates); i++) {
        take_shape(member, head, start, forced ? forced : candidates[i], feed, other);
        if (better(other, best))
            *best = *other;
    }
    if (forced || best->named)
        return;
    take_shape(member, head, start, ' ', feed, other); /* R's write.table: texts are in quotes */
    if (other->named && other->agreeing == other->records && *other->at[other->header].at == '"')
        *best = *other;
}

static size_t skip_lines(struct span head, size_t at, int lines, char feed) {
    for (; lines > 0 && at < head.len; lines--) {
        const char *stop = memchr(head.at + at, feed, head.len - at);
        at = stop ? (size_t)(stop - head.at) + 1 : head.len;
    }
    return at;
}

/* Takes over those of `rows` that name a column; they are `count` at most. */
static void link_columns(struct decode_member *member, const struct row *rows,
                         const struct span *names, size_t count) {
    struct table *table = member->table;
    for (; rows && rows->path; rows++) {
        int column = column_of(names, count, span_of(rows->path));
        if (column < 0)
            continue;
        member->row_column[table->row_count] = (int16_t)column;
        table->rows[table->row_count++] = *rows;
    }
}

/* A table without a trie: row r takes its value from row_column[r]. */
static enum status link_rows(struct decode_member *member, const struct row *rows,
                             const struct span *names, size_t count, struct fault *fault) {
    const struct row *answer = member->format->answer ? member->format->answer->rows : NULL;
    struct table *table = member->table = calloc(1, sizeof *table);
    size_t most = 1;
    for (const struct row *row = rows; row->path; row++)
        most++;
    for (const struct row *row = answer; row && row->path; row++)
        most++;
    member->row_column = arena_alloc(&member->arena, most * sizeof(int16_t));
    if (!table || !member->row_column || most > SLOT_MAX)
        return fault_memory(fault);
    table->rows = arena_alloc(&table->arena, most * sizeof *rows);
    if (!table->rows)
        return fault_memory(fault);
    link_columns(member, rows, names, count);
    table->answer_at = table->row_count;
    link_columns(member, answer, names, count);
    time_rows(table->rows, table->answer_at);
    time_rows(table->rows + table->answer_at, table->row_count - table->answer_at);
    return STATUS_OK;
}

/* The table of the objects that the rows are made into, and the names of their members. */
static enum status link_cells(struct decode_member *member, const struct span *names, size_t count,
                              struct fault *fault) {
    member->names = arena_alloc(&member->arena, (count + 1) * sizeof *names);
    if (!member->names)
        return fault_memory(fault);
    memcpy(member->names, names, count * sizeof *names);
    member->name_count = count;
    for (size_t i = 0; i < count; i++)
        if (!(member->names[i] = arena_copy(&member->arena, names[i])).at)
            return fault_memory(fault);
    return table_compile(&member->table, member->format, member->format->rows, fault);
}

static enum status missing_columns(const struct decode_member *member, struct fault *fault) {
    bool text = false, time = false;
    for (int i = 0; i < member->table->answer_at; i++) {
        uint8_t field = member->table->rows[i].field;
        text |= field == FIELD_TEXT || field == FIELD_TITLE;
        time |= field == FIELD_TIME;
    }
    if (text && time)
        return STATUS_OK;
    return fault_set(fault, STATUS_SKIP, EXIT_DATA,
                     "its header has no column that the mapping names for %s; check the names and "
                     "the delimiter",
                     text ? "created_at" : "text");
}

static void split_few(const struct shape_of *shape, struct few_rows *rows, struct arena *arena) {
    for (size_t i = shape->header + 1; i < shape->records && rows->count < TIMES_SAMPLED; i++) {
        size_t count = split_record(shape->at[i], &shape->dialect, rows->fields[rows->count],
                                    COLUMN_MAX, arena);
        if (count <= COLUMN_MAX)
            rows->counts[rows->count++] = count;
    }
}

/* Rows that have a time in this column; `*said` counts those that have anything there. */
static size_t times_in(const struct few_rows *rows, size_t column, size_t *said) {
    size_t times = 0;
    *said = 0;
    for (size_t i = 0; i < rows->count; i++) {
        struct moment moment;
        struct span field = column < rows->counts[i] ? rows->fields[i][column] : (struct span){0};
        if (!field.len)
            continue;
        ++*said;
        times += field.len >= 6 &&
                 (when_parse(field, false, &moment) || when_parse(field, true, &moment));
    }
    return times;
}

static int first_time(const struct row *rows, const struct span *names, size_t count) {
    for (; rows && rows->path; rows++) {
        int column = rows->field == FIELD_TIME ? column_of(names, count, span_of(rows->path)) : -1;
        if (column >= 0)
            return column;
    }
    return -1;
}

/* Rows may have one field more than the header has names: a name of their own before them (R), or
 * nothing behind them. */
static void fit_columns(struct decode_member *member, struct shape_of *shape,
                        const struct few_rows *few, struct span *names, size_t *count) {
    size_t said, before, behind, extra = 0;
    while (*count > 2 && *count > shape->columns && !names[*count - 1].len)
        --*count;
    for (size_t i = 0; i < few->count; i++)
        for (size_t k = *count; k < few->counts[i]; k++)
            extra += few->fields[i][k].len > 0;
    if (shape->columns <= *count || shape->columns > COLUMN_MAX)
        return;
    int time = first_time(rows_for(member, member->format, names, *count, NULL, &member->arena),
                          names, *count);
    if (!extra || time < 0) {
        while (!extra && *count < shape->columns)
            names[(*count)++] = (struct span){"", 0};
        return;
    }
    before = times_in(few, (size_t)time + 1, &said);
    behind = times_in(few, (size_t)time, &said);
    if (shape->columns != *count + 1 || before <= behind)
        return;
    memmove(names + 1, names, *count * sizeof *names);
    names[0] = (struct span){"", 0};
    ++*count;
}

/* Names the columns, and what each was understood as: the rest is for a mapping file. */
static enum status unknown_names(const struct row *rows, const struct span *names, size_t count,
                                 struct fault *fault) {
    enum { SHOWN = 16, NAME_SHOWN = 24, LIST_SIZE = 170 };
    char list[LIST_SIZE] = "";
    size_t len = 0, shown = 0;
    for (; shown < count && shown < SHOWN && len < LIST_SIZE - 64; shown++) {
        const char *known = NULL;
        for (const struct row *row = rows; row && row->path && !known; row++)
            if (column_of(&names[shown], 1, span_of(row->path)) == 0)
                known = mapping_field_name(row->field);
        size_t wide = names[shown].len < NAME_SHOWN ? names[shown].len : NAME_SHOWN;
        while (wide && wide < names[shown].len && (names[shown].at[wide] & 0xC0) == 0x80)
            wide--;
        len += (size_t)snprintf(list + len, sizeof list - len, "%s%.*s%s%s", shown ? ", " : "",
                                (int)wide, names[shown].at, known ? " = " : "", known ? known : "");
    }
    if (shown < count)
        snprintf(list + len, sizeof list - len, ", and %zu more", count - shown);
    return fault_set(
        fault, STATUS_SKIP, EXIT_DATA,
        "a table whose text and time are not known by name; give a mapping file (burza help "
        "mapping). Its columns, as understood: %s",
        list);
}

static enum status read_header(struct decode_member *member, struct span head,
                               struct shape_of *shape, struct few_rows *few, struct fault *fault) {
    struct span names[COLUMN_MAX + 1], record = shape->at[shape->header];
    const struct mapping *mapping = member->options.mapping;
    size_t count = split_record(record, &shape->dialect, names, COLUMN_MAX, &member->arena);
    if (count > COLUMN_MAX)
        return fault_set(fault, STATUS_SKIP, EXIT_DATA, "it has more than %d columns", COLUMN_MAX);
    for (size_t i = 0; i < count; i++)
        names[i] = name_path(member, names[i], &member->arena);
    if (!member->format && !(mapping && mapping->rows))
        member->format = best_format(member, names, count);
    split_few(shape, few, &member->arena);
    if (!member->format && !(mapping && mapping->rows)) {
        takeout_columns(few, names, count);
        member->format = best_format(member, names, count);
    }
    fit_columns(member, shape, few, names, &count);
    if (!member->format)
        member->format = &format_csv;
    bool times[COLUMN_MAX + 1];
    for (size_t i = 0; i < count; i++) {
        size_t said, there = times_in(few, i, &said);
        times[i] = there * 2 >= said;
    }
    const struct row *rows = rows_for(member, member->format, names, count, times, &member->arena);
    if (!rows)
        return fault_memory(fault);
    if (!(mapping && mapping->rows) && !member->format->rows && !mapping_is_enough(rows))
        return unknown_names(rows, names, count, fault);
    bool cells = member->format->json_cells && !(mapping && mapping->rows);
    enum status status = cells ? link_cells(member, names, count, fault)
                               : link_rows(member, rows, names, count, fault);
    if (status != STATUS_OK)
        return status;
    member->dialect = shape->dialect;
    member->dialect.columns = count;
    member->dialect.time_column = first_time(rows, names, count);
    const char *header = record.at;
    for (size_t at = 0; record.at <= header && next_record(head, &at, &shape->dialect, &record);) {
        bool before = record.at <= header;
        member->lead = before ? at : member->lead;
        member->lead_rows += before;
    }
    member->framing = FRAMING_CSV;
    return cells ? STATUS_OK : missing_columns(member, fault);
}

static enum status sniff_with(struct decode_member *member, struct span head,
                              struct shape_of *shapes, struct few_rows *few, struct fault *fault) {
    const struct mapping *mapping = member->options.mapping;
    size_t start = span_starts(head, "\xEF\xBB\xBF") ? 3 : 0;
    bool returns = ends_with_returns(head);
    char feed = returns && !memchr(head.at, '\n', head.len) ? '\r' : '\n';
    if (mapping)
        start = skip_lines(head, start, mapping->skip_lines, feed);
    find_shape(member, head, start, feed, &shapes[0], &shapes[1]);
    if (returns && feed == '\n')
        find_shape(member, head, start, '\r', &shapes[0], &shapes[1]);
    if (shapes->columns < 2)
        return fault_set(fault, STATUS_SKIP, EXIT_DATA,
                         "neither JSON nor a table with a header (no delimiter , ; tab or | "
                         "splits its lines alike)");
    return read_header(member, head, &shapes[0], few, fault);
}

enum status sniff_csv(struct decode_member *member, struct span head, struct fault *fault) {
    struct shape_of *shapes = calloc(2, sizeof *shapes); /* the best, and one to try */
    struct few_rows *few = calloc(1, sizeof *few);
    enum status status =
        shapes && few ? sniff_with(member, head, shapes, few, fault) : fault_memory(fault);
    free(shapes);
    free(few);
    return status;
}
