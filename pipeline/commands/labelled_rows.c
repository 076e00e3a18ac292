/* Reads labelled texts: which columns they are in, and what their labels mean. */
#include "pipeline/commands/labelled_rows.h"

#include "pipeline/commands/plain_word.h"
#include "stages/decode/csv.h"
#include "stages/score/score.h"

#include <inttypes.h>
#include <stdlib.h>

enum { CELLS_MAX = 64, RECORD_MAX = 1 << 24, LINES_NAMED = 5, SPELLINGS_MAX = 12 };
enum labelled_column {
    COLUMN_ROLE_LABEL,
    COLUMN_ROLE_TEXT,
    COLUMN_ROLE_INTENT,
    COLUMN_ROLE_STAGE,
    COLUMN_ROLE_TOPIC,
    COLUMN_ROLE_COUNT
};
enum fate { FATE_NO_LABEL, FATE_EMPTY, FATE_RAGGED, FATE_COUNT };

static const char *const role_words[COLUMN_ROLE_COUNT] = {
    "label|sentiment|polarity|class|gold|annotation|target|etykieta|sentyment|wydzwiek|klasa|"
    "polaryzacja",
    "text|content|tweet|body|message|sentence|review|comment|post|tresc|tekst|wpis|komentarz|"
    "opinia|zdanie|wiadomosc",
    "intent|intents|intencja|intencje|zamiar",
    "stage|etap|faza",
    "topic|topics|temat|tematy",
};
static const char *const extra_names[EXTRA_COUNT] = {"intents", "stages", "topics"};

struct reading {
    struct labelled_rows *rows;
    struct span rest;
    char separator;
    unsigned line;                    /* on which the record last read begins */
    unsigned lines;                   /* read */
    size_t column[COLUMN_ROLE_COUNT]; /* SIZE_MAX: none */
    size_t columns;
    bool header;
    bool with_minus; /* some label is -1, so that 0 and 1 are clear */
    size_t cap, wide;
    uint64_t seen;
    uint64_t left[FATE_COUNT];
    unsigned named[FATE_COUNT][LINES_NAMED];
    struct span spelling[SPELLINGS_MAX]; /* labels other than the program's own words */
    int meaning[SPELLINGS_MAX];
    size_t spellings;
    struct span unknown;       /* the first label that was not understood */
    uint64_t odd[EXTRA_COUNT]; /* intents, stages, topics that were not understood */
    struct span odd_first[EXTRA_COUNT];
};

void labelled_rows_release(struct labelled_rows *rows) {
    free(rows->at);
    buf_release(&rows->notes);
    arena_release(&rows->arena);
    *rows = (struct labelled_rows){0};
}

static struct span trimmed(struct span text) {
    while (text.len && (unsigned char)text.at[0] <= ' ')
        text = (struct span){text.at + 1, text.len - 1};
    while (text.len && (unsigned char)text.at[text.len - 1] <= ' ')
        text.len--;
    return text;
}

/* The cells of the next record; tabs are not quoted, and those behind the last column belong to it.
 * False at the end. */
static bool next_record(struct reading *reading, struct span cells[CELLS_MAX], size_t *count) {
    while (reading->rest.len) {
        struct span rest = reading->rest, line;
        const char *end;
        reading->line = reading->lines + 1;
        if (reading->separator == '\t') {
            end = memchr(rest.at, '\n', rest.len);
            end = end ? end : rest.at + rest.len;
            line = (struct span){rest.at, (size_t)(end - rest.at)};
            if (line.len && line.at[line.len - 1] == '\r')
                line.len--;
            *count = 0;
            struct span left = line;
            while (*count + 1 < CELLS_MAX) {
                const char *tab = left.len ? memchr(left.at, '\t', left.len) : NULL;
                if (!tab)
                    break;
                cells[(*count)++] = (struct span){left.at, (size_t)(tab - left.at)};
                left = (struct span){tab + 1, left.len - (size_t)(tab + 1 - left.at)};
            }
            cells[(*count)++] = left;
        } else {
            struct csv_dialect dialect = {reading->separator, '\n', -1, 0, RECORD_MAX};
            bool odd;
            end = csv_record_end(&dialect, rest, true);
            line = (struct span){rest.at, (size_t)(end - rest.at)};
            csv_next(line, &dialect, cells, CELLS_MAX, count, &reading->rows->arena, &odd);
            *count = *count < CELLS_MAX ? *count : CELLS_MAX;
        }
        for (const char *at = rest.at; at < end; at++)
            reading->lines += *at == '\n';
        bool fed = end < rest.at + rest.len;
        reading->lines += fed;
        size_t used = (size_t)(end - rest.at) + fed;
        reading->rest = (struct span){rest.at + used, rest.len - used};
        if (trimmed(line).len)
            return true;
    }
    return false;
}

/* ---- labels ---- */

static bool word_label(struct span cell, int *label) {
    static const struct {
        int label;
        const char *words;
    } known[] = {
        {LABEL_NEGATIVE, "negative|neg|negatywny|negatywna|negatywne|negatyw|negativ"},
        {LABEL_NEUTRAL, "neutral|neu|neut|neutralny|neutralna|neutralne"},
        {LABEL_POSITIVE, "positive|pos|pozytywny|pozytywna|pozytywne|pozytyw|positiv"},
    };
    char plain[PLAIN_SIZE];
    plain_text(cell, plain);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (plain_is_one_of(plain, known[i].words)) {
            *label = known[i].label;
            return true;
        }
    return false;
}

static bool is_minus_one(struct span cell) {
    return span_is(cell, "-1") || span_is(cell, "-1.0") ||
           span_is(cell, "\xE2\x88\x92"
                         "1");
}

/* 0 and 1 alone may be two classes of any order: only beside -1 are they clear. */
static bool number_label(struct span cell, int *label) {
    if (is_minus_one(cell))
        *label = LABEL_NEGATIVE;
    else if (span_is(cell, "0") || span_is(cell, "0.0"))
        *label = LABEL_NEUTRAL;
    else if (span_is(cell, "1") || span_is(cell, "+1") || span_is(cell, "1.0"))
        *label = LABEL_POSITIVE;
    else
        return false;
    return true;
}

static bool looks_like_label(struct span cell) {
    int label;
    cell = trimmed(cell);
    return word_label(cell, &label) || number_label(cell, &label);
}

static bool read_label(struct reading *reading, struct span cell, int *label) {
    cell = trimmed(cell);
    bool number = number_label(cell, label);
    if (number ? !reading->with_minus : !word_label(cell, label))
        return false;
    if (span_is(cell, label_name((enum label) * label)))
        return true;
    for (size_t i = 0; i < reading->spellings; i++)
        if (span_equal(reading->spelling[i], cell))
            return true;
    if (reading->spellings < SPELLINGS_MAX) {
        reading->spelling[reading->spellings] = cell;
        reading->meaning[reading->spellings++] = *label;
    }
    return true;
}

/* ---- intents, stages, topics ---- */

/* In the order of the program's numbers; the first word is the program's own. */
static const char *const intent_words[INTENT_COUNT] = {"complaint|skarga|reklamacja",
                                                       "question|pytanie",
                                                       "purchase|zakup",
                                                       "praise|pochwala",
                                                       "recommend|polecenie|rekomendacja|poleca",
                                                       "dissuade|odradzanie|odradza",
                                                       "thanks|podziekowanie|podziekowania",
                                                       "request|prosba",
                                                       "churn|odejscie|rezygnacja",
                                                       "rumor|rumour|plotka|pogloska"};
static const char *const stage_words[STAGE_COUNT] = {
    "none|brak|zaden",     "aware|awareness|swiadomosc|wie",   "appeal|sympatia|podoba", "ask|pyta",
    "act|dzialanie|uzywa", "advocate|advocacy|rzecznik|poleca"};
static const char *const topic_words[TOPIC_COUNT] = {
    "none|brak|zaden",      "delivery|dostawa",
    "price|cena|ceny",      "billing|rachunki|platnosci",
    "outage|awaria|awarie", "quality|jakosc",
    "staff|obsluga",        "app|aplikacja",
    "returns|zwroty|zwrot", "availability|dostepnosc",
    "privacy|prywatnosc",   "safety|bezpieczenstwo",
    "contract|umowa",       "store|sklep",
    "advertising|reklama",  "other|inne|inny"};

static int find_word(struct span cell, const char *const *words, int count) {
    char plain[PLAIN_SIZE];
    plain_text(trimmed(cell), plain);
    for (int i = 0; i < count; i++)
        if (plain_is_one_of(plain, words[i]))
            return i;
    return -1;
}

/* Joined with + , ; | or /; "other" and "none" are no intent. */
static int read_intents(struct span cell) {
    char plain[PLAIN_SIZE];
    int bits = 0;
    while (cell.len) {
        size_t len = 0;
        while (len < cell.len && !memchr("+,;|/", cell.at[len], 5))
            len++;
        struct span name = {cell.at, len};
        int bit = find_word(name, intent_words, INTENT_COUNT);
        plain_text(trimmed(name), plain);
        if (bit >= 0)
            bits |= 1 << bit;
        else if (!plain_is_one_of(plain, "other|none|inne|brak|zaden"))
            return -1;
        len += len < cell.len;
        cell = (struct span){cell.at + len, cell.len - len};
    }
    return bits;
}

static int read_extra(struct reading *reading, enum labelled_extra which, struct span cell) {
    cell = trimmed(cell);
    if (!cell.len)
        return -1;
    int value = which == EXTRA_INTENTS ? read_intents(cell)
                : which == EXTRA_STAGE ? find_word(cell, stage_words, STAGE_COUNT)
                                       : find_word(cell, topic_words, TOPIC_COUNT);
    if (value < 0 && !reading->odd[which]++)
        reading->odd_first[which] = cell;
    return value;
}

/* ---- columns ---- */

static void find_roles(const struct span *cells, size_t count, size_t column[COLUMN_ROLE_COUNT]) {
    char plain[PLAIN_SIZE];
    for (int role = 0; role < COLUMN_ROLE_COUNT; role++) {
        column[role] = SIZE_MAX;
        for (size_t i = count; i-- > 0;) {
            plain_text(cells[i], plain);
            if (plain_is_one_of(plain, role_words[role]))
                column[role] = i;
        }
    }
}

/* How well a separator fits the first record: 2 a header with text and something to compare, 1 a
 * label first. */
static int separator_fits(const struct reading *start, char separator) {
    struct reading reading = *start;
    struct span cells[CELLS_MAX];
    size_t count, column[COLUMN_ROLE_COUNT];
    reading.separator = separator;
    if (!next_record(&reading, cells, &count) || count < 2)
        return 0;
    find_roles(cells, count, column);
    bool compares = false;
    for (int role = 0; role < COLUMN_ROLE_COUNT; role++)
        compares |= role != COLUMN_ROLE_TEXT && column[role] != SIZE_MAX;
    return compares && column[COLUMN_ROLE_TEXT] != SIZE_MAX ? 2
           : looks_like_label(cells[0])                     ? 1
                                                            : 0;
}

/* Separator, header and columns, from the first record. */
static void find_table(struct reading *reading) {
    static const char separators[] = {'\t', ',', ';'};
    int best = 0;
    reading->separator = '\t';
    for (size_t i = 0; i < sizeof separators; i++) {
        int fits = separator_fits(reading, separators[i]);
        if (fits > best) {
            best = fits;
            reading->separator = separators[i];
        }
    }
    reading->header = best == 2;
    reading->column[COLUMN_ROLE_LABEL] = 0;
    reading->column[COLUMN_ROLE_TEXT] = 1;
    for (int role = COLUMN_ROLE_INTENT; role < COLUMN_ROLE_COUNT; role++)
        reading->column[role] = SIZE_MAX;
    reading->columns = 2;
    struct span cells[CELLS_MAX];
    if (!reading->header || !next_record(reading, cells, &reading->columns))
        return;
    find_roles(cells, reading->columns, reading->column);
    for (int extra = 0; extra < EXTRA_COUNT; extra++)
        reading->rows->has[extra] = reading->column[COLUMN_ROLE_INTENT + extra] != SIZE_MAX;
    struct buf *notes = &reading->rows->notes;
    const char *before = "columns that are not used: \"";
    for (size_t i = 0; i < reading->columns; i++) {
        bool used = false;
        for (int role = 0; role < COLUMN_ROLE_COUNT; role++)
            used |= reading->column[role] == i;
        if (used)
            continue;
        buf_text(notes, before);
        buf_span(notes, trimmed(cells[i]));
        buf_char(notes, '"');
        before = ", \"";
    }
    if (before[0] == ',')
        buf_char(notes, '\n');
}

/* One pass over the labels: is there a -1, and do records without a header have further columns? */
static void look_ahead(struct reading *reading) {
    struct reading ahead = *reading;
    struct span cells[CELLS_MAX];
    size_t count;
    while (next_record(&ahead, cells, &count)) {
        reading->seen++;
        reading->wide += count > reading->columns;
        if (count > reading->column[COLUMN_ROLE_LABEL])
            reading->with_minus |= is_minus_one(trimmed(cells[reading->column[COLUMN_ROLE_LABEL]]));
    }
}

/* ---- rows ---- */

static void leave_out(struct reading *reading, enum fate fate) {
    if (reading->left[fate] < LINES_NAMED)
        reading->named[fate][reading->left[fate]] = reading->line;
    reading->left[fate]++;
    reading->rows->left_out++;
}

static enum status add_row(struct reading *reading, struct span *cells, size_t count,
                           struct fault *fault) {
    struct labelled_rows *rows = reading->rows;
    const size_t *column = reading->column;
    int label;
    bool text_last = column[COLUMN_ROLE_TEXT] + 1 == reading->columns && reading->separator == '\t';
    if (count > reading->columns && text_last) { /* tabs of the text */
        struct span *text = &cells[column[COLUMN_ROLE_TEXT]];
        struct span last = cells[count - 1];
        text->len = (size_t)(last.at + last.len - text->at);
        count = reading->columns;
    }
    if (count != reading->columns) {
        leave_out(reading, FATE_RAGGED);
        return STATUS_OK;
    }
    if (column[COLUMN_ROLE_LABEL] == SIZE_MAX) {
        label = LABEL_NONE;
    } else if (!read_label(reading, cells[column[COLUMN_ROLE_LABEL]], &label)) {
        if (!reading->unknown.at)
            reading->unknown = trimmed(cells[column[COLUMN_ROLE_LABEL]]);
        leave_out(reading, FATE_NO_LABEL);
        return STATUS_OK;
    }
    if (!trimmed(cells[column[COLUMN_ROLE_TEXT]]).len) {
        leave_out(reading, FATE_EMPTY);
        return STATUS_OK;
    }
    if (rows->count == reading->cap) {
        reading->cap = reading->cap ? reading->cap * 2 : 1024;
        struct labelled_row *grown = realloc(rows->at, reading->cap * sizeof *grown);
        if (!grown)
            return fault_memory(fault);
        rows->at = grown;
    }
    rows->at[rows->count] = (struct labelled_row){
        .text = cells[column[COLUMN_ROLE_TEXT]], .label = label, .line = reading->line};
    for (int extra = 0; extra < EXTRA_COUNT; extra++)
        rows->at[rows->count].extra[extra] =
            rows->has[extra] ? read_extra(reading, (enum labelled_extra)extra,
                                          cells[column[COLUMN_ROLE_INTENT + extra]])
                             : -1;
    rows->count++;
    return STATUS_OK;
}

static void note_left_out(struct reading *reading, enum fate fate, const char *what) {
    struct buf *notes = &reading->rows->notes;
    uint64_t left = reading->left[fate];
    if (!left)
        return;
    buf_format(notes, "%" PRIu64 " row%s left out, %s", left, left == 1 ? "" : "s", what);
    if (fate == FATE_NO_LABEL) {
        buf_text(notes, " (such as \"");
        size_t len = reading->unknown.len < 40 ? reading->unknown.len : 40;
        buf_span(notes, (struct span){reading->unknown.at, len});
        buf_text(notes, "\")");
    }
    for (uint64_t i = 0; i < left && i < LINES_NAMED; i++)
        buf_format(notes, "%s%u",
                   i           ? ", "
                   : left == 1 ? ": line "
                               : ": lines ",
                   reading->named[fate][i]);
    buf_text(notes, left > LINES_NAMED ? ", ...\n" : "\n");
}

static void note_spellings(struct reading *reading) {
    struct buf *notes = &reading->rows->notes;
    for (size_t i = 0; i < reading->spellings; i++) {
        buf_text(notes, i ? ", \"" : "labels understood: \"");
        buf_span(notes, reading->spelling[i]);
        buf_format(notes, "\" as %s", label_name((enum label)reading->meaning[i]));
    }
    if (reading->spellings)
        buf_char(notes, '\n');
}

static void note_odd(struct reading *reading) {
    struct buf *notes = &reading->rows->notes;
    for (int extra = 0; extra < EXTRA_COUNT; extra++) {
        struct span first = reading->odd_first[extra];
        if (reading->odd[extra])
            buf_format(notes, "%" PRIu64 " %s not understood (such as \"%.*s\"): not compared\n",
                       reading->odd[extra], extra_names[extra],
                       (int)(first.len < 40 ? first.len : 40), first.at);
    }
}

static enum status read_all(struct reading *reading, struct fault *fault) {
    struct span cells[CELLS_MAX];
    size_t count;
    enum status status = STATUS_OK;
    find_table(reading);
    look_ahead(reading);
    if (!reading->header && reading->wide * 2 > reading->seen)
        return fault_set(fault, STATUS_FATAL, EXIT_DATA,
                         "most rows have more than two columns, and no header says which is the "
                         "text: put a first line with the names label and text");
    while (status == STATUS_OK && next_record(reading, cells, &count))
        status = add_row(reading, cells, count, fault);
    if (status != STATUS_OK)
        return status;
    note_spellings(reading);
    note_odd(reading);
    note_left_out(reading, FATE_NO_LABEL, "without a label that is clear");
    note_left_out(reading, FATE_EMPTY, "without a text");
    note_left_out(reading, FATE_RAGGED, "with more or fewer columns than the others");
    if (reading->rows->count)
        return STATUS_OK;
    int label;
    if (reading->unknown.at && number_label(reading->unknown, &label))
        return fault_set(fault, STATUS_FATAL, EXIT_DATA,
                         "the labels are numbers and none is -1: write negative, neutral and "
                         "positive");
    return fault_set(fault, STATUS_FATAL, EXIT_DATA, "no line label<TAB>text%s%.*s%s",
                     reading->unknown.at ? "; the first label is \"" : "",
                     (int)(reading->unknown.len < 40 ? reading->unknown.len : 40),
                     reading->unknown.at ? reading->unknown.at : "",
                     reading->unknown.at ? "\"" : "");
}

enum status labelled_rows_read(struct labelled_rows *rows, struct span bytes, struct fault *fault) {
    *rows = (struct labelled_rows){0};
    buf_init(&rows->notes, 1 << 20);
    if (span_starts(bytes, "\xEF\xBB\xBF"))
        bytes = (struct span){bytes.at + 3, bytes.len - 3};
    struct reading reading = {.rows = rows, .rest = bytes};
    return read_all(&reading, fault);
}
