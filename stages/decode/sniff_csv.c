#include "stages/decode/csv.h"
#include "stages/decode/post_time.h"
#include "stages/decode/sample.h"

#include <stdlib.h>

enum { SNIFF_RECORDS = 100, PREAMBLE_MAX = 30 };

/* What the head looks like when split at one delimiter. */
struct shape_of {
    char delimiter;
    size_t columns;  /* most frequent number of fields above one */
    size_t agreeing; /* records that have it */
    size_t records;
    size_t header_at; /* offset of the first record that has it */
};

static struct span trim_return(struct span record) {
    if (record.len && record.at[record.len - 1] == '\r')
        record.len--;
    return record;
}

/* The next record from *at on; false at the end. A record that the head cuts is not given unless
 * it is the only one. */
static bool next_record(struct span head, size_t *at, char delimiter, size_t max,
                        struct span *record) {
    if (*at >= head.len)
        return false;
    const char *start = head.at + *at, *end = head.at + head.len;
    enum csv_state state = CSV_FIELD_START;
    const char *stop = csv_record_end(start, start, end, delimiter, max, &state);
    *record = trim_return((struct span){start, (size_t)(stop - start)});
    *at = stop < end ? (size_t)(stop - head.at) + 1 : head.len;
    return stop < end || state != CSV_QUOTED;
}

/* The number that most of `counts` are, ones left out. */
static size_t most_frequent(const size_t *counts, size_t n, size_t *agreeing) {
    size_t best = 0;
    *agreeing = 0;
    for (size_t i = 0; i < n; i++) {
        size_t same = 0;
        for (size_t j = 0; j < n; j++)
            same += counts[j] == counts[i];
        if (counts[i] > 1 && same > *agreeing) {
            *agreeing = same;
            best = counts[i];
        }
    }
    return best;
}

static struct shape_of shape_with(struct span head, size_t start, char delimiter, size_t max,
                                  struct arena *arena) {
    struct shape_of shape = {.delimiter = delimiter};
    size_t counts[SNIFF_RECORDS], offsets[SNIFF_RECORDS];
    struct span record;
    for (size_t at = start, from = start;
         shape.records < SNIFF_RECORDS && next_record(head, &at, delimiter, max, &record);
         from = at) {
        if (record.len == 0)
            continue;
        arena_clear(arena);
        offsets[shape.records] = from;
        counts[shape.records++] = csv_split(record, delimiter, NULL, 0, arena);
    }
    /* the last one may be cut by the end of the head */
    size_t whole = shape.records > 2 ? shape.records - 1 : shape.records;
    shape.columns = most_frequent(counts, whole, &shape.agreeing);
    for (size_t i = 0; i < whole && i <= PREAMBLE_MAX; i++)
        if (counts[i] == shape.columns) {
            shape.header_at = offsets[i];
            return shape;
        }
    shape.columns = 0;
    return shape;
}

static bool better(const struct shape_of *a, const struct shape_of *b) {
    uint64_t share_a = a->records ? a->agreeing * 100 / a->records : 0;
    uint64_t share_b = b->records ? b->agreeing * 100 / b->records : 0;
    if (a->columns == 0 || b->columns == 0)
        return a->columns > b->columns;
    /* consistency first, then the finer split */
    return share_a / 10 != share_b / 10 ? share_a > share_b : a->columns > b->columns;
}

static struct shape_of find_shape(struct span head, size_t start, char forced, size_t max) {
    static const char candidates[] = {',', ';', '\t', '|'};
    struct arena arena = {0};
    struct shape_of best = {0};
    if (forced) {
        best = shape_with(head, start, forced, max, &arena);
    } else {
        for (size_t i = 0; i < sizeof candidates; i++) {
            struct shape_of shape = shape_with(head, start, candidates[i], max, &arena);
            if (better(&shape, &best))
                best = shape;
        }
    }
    arena_release(&arena);
    return best;
}

static size_t skip_lines(struct span head, size_t at, int lines) {
    for (; lines > 0 && at < head.len; lines--) {
        const char *feed = memchr(head.at + at, '\n', head.len - at);
        at = feed ? (size_t)(feed - head.at) + 1 : head.len;
    }
    return at;
}

static struct span trim_name(struct span name) {
    while (name.len && (unsigned char)name.at[0] <= ' ')
        name = (struct span){name.at + 1, name.len - 1};
    while (name.len && (unsigned char)name.at[name.len - 1] <= ' ')
        name.len--;
    return name;
}

static int column_of(const struct span *names, size_t count, struct span name) {
    for (size_t i = 0; i < count; i++)
        if (span_equal(names[i], name))
            return (int)i;
    return -1;
}

struct header {
    const struct span *names;
    size_t count;
};

static bool header_has(const void *data, struct span pattern) {
    const struct header *header = data;
    for (size_t i = 0; i < header->count; i++)
        if (pattern_matches(pattern, header->names[i]))
            return true;
    return false;
}

static const struct format *best_format(const struct decode_member *member,
                                        const struct span *names, size_t count) {
    struct header header = {names, count};
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

/* The rows to use: of the mapping, of the format, or guessed from the names. */
static enum status choose_rows(struct decode_member *member, const struct span *names, size_t count,
                               const struct row **rows, struct fault *fault) {
    const struct mapping *mapping = member->options.mapping;
    if (!member->format && !(mapping && mapping->rows))
        member->format = best_format(member, names, count);
    if (!member->format)
        member->format = &format_csv;
    *rows = mapping && mapping->rows ? mapping->rows : member->format->rows;
    if (*rows)
        return STATUS_OK;
    *rows = mapping_guess(&member->arena, names, count);
    if (!*rows)
        return fault_memory(fault);
    if (mapping_is_enough(*rows))
        return STATUS_OK;
    return fault_set(fault, STATUS_SKIP, EXIT_DATA,
                     "a table of %zu columns (\"%.*s\", ...) whose columns of text and time are "
                     "not known by their names; give a mapping file",
                     count, count ? (int)(names[0].len < 40 ? names[0].len : 40) : 0,
                     count ? names[0].at : "");
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

static enum status read_header(struct decode_member *member, struct span head,
                               const struct shape_of *shape, struct fault *fault) {
    struct span names[COLUMN_MAX], record = {0};
    size_t at = shape->header_at;
    if (!next_record(head, &at, shape->delimiter, member->options.max_record_bytes, &record))
        return fault_set(fault, STATUS_SKIP, EXIT_DATA, "the header of its table never ends");
    size_t count = csv_split(record, shape->delimiter, names, COLUMN_MAX, &member->arena);
    if (count > COLUMN_MAX)
        return fault_set(fault, STATUS_SKIP, EXIT_DATA, "it has more than %d columns", COLUMN_MAX);
    for (size_t i = 0; i < count; i++)
        names[i] = trim_name(names[i]);
    const struct row *rows;
    enum status status = choose_rows(member, names, count, &rows, fault);
    if (status == STATUS_OK)
        status = link_rows(member, rows, names, count, fault);
    if (status != STATUS_OK)
        return status;
    member->column_count = count;
    member->delimiter = shape->delimiter;
    member->lead = at;
    member->framing = FRAMING_CSV;
    return missing_columns(member, fault);
}

enum status sniff_csv(struct decode_member *member, struct span head, struct fault *fault) {
    const struct mapping *mapping = member->options.mapping;
    size_t start = span_starts(head, "\xEF\xBB\xBF") ? 3 : 0;
    if (mapping)
        start = skip_lines(head, start, mapping->skip_lines);
    struct shape_of shape =
        find_shape(head, start, mapping ? mapping->delimiter : 0, member->options.max_record_bytes);
    if (shape.columns < 2)
        return fault_set(fault, STATUS_SKIP, EXIT_DATA,
                         "neither JSON nor a table with a header (no delimiter , ; tab or | "
                         "splits its lines alike)");
    return read_header(member, head, &shape, fault);
}
