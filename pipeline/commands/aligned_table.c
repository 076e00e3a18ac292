#include "pipeline/commands/aligned_table.h"

#include "pipeline/commands/commands.h"
#include "pipeline/commands/wrap.h"
#include "stages/text/text.h"

#include <stdlib.h>

enum { GAP = 2, TEXT_LEAST = 14, TEXT_MOST = 60 };

struct aligned_table *aligned_new(int width, const char *preferred) {
    struct aligned_table *table = calloc(1, sizeof *table);
    if (!table)
        return NULL;
    table->width = width;
    table->preferred = preferred;
    buf_init(&table->text, 256 << 20);
    return table;
}

void aligned_free(struct aligned_table *table) {
    if (!table)
        return;
    buf_release(&table->text);
    free(table);
}

void aligned_heading(struct aligned_table *table, const char *name, bool right) {
    if (table->column_count < ALIGNED_COLUMNS)
        table->columns[table->column_count++] = (struct aligned_column){name, right};
}

/* What a terminal obeys is shown as a code; a row is one line. */
void aligned_cell(struct aligned_table *table, struct span text) {
    size_t before = table->text.len;
    buf_visible(&table->text, text);
    for (size_t i = before; i < table->text.len; i++)
        if ((unsigned char)table->text.at[i] < ' ')
            table->text.at[i] = ' ';
    if (table->cells < sizeof table->ends / sizeof *table->ends)
        table->ends[table->cells++] = table->text.len;
}

static struct span cell_at(const struct aligned_table *table, size_t row, size_t column) {
    size_t at = row * table->column_count + column, from = at ? table->ends[at - 1] : 0;
    return (struct span){table->text.at + from, table->ends[at] - from};
}

/* Of a column: 0 when none of its cells is known. */
static int natural_width(const struct aligned_table *table, size_t column) {
    int widest = 0;
    for (size_t row = 0; row < table->rows; row++) {
        int wide = text_columns(cell_at(table, row, column));
        widest = wide > widest ? wide : widest;
    }
    int name = widest ? text_columns(span_of(table->columns[column].name)) : 0;
    return name > widest ? name : widest;
}

static bool is_preferred(const char *list, const char *name) {
    size_t len = strlen(name);
    for (const char *at = list; *at; at += strcspn(at, " "), at += *at == ' ')
        if (strcspn(at, " ") == len && memcmp(at, name, len) == 0)
            return true;
    return false;
}

struct layout {
    size_t shown[ALIGNED_COLUMNS], count; /* numbers of columns */
    int wide[ALIGNED_COLUMNS];            /* of each column of the table */
    int left;                             /* columns of the line that are free */
};

/* Takes the column in when it fits; texts as narrow as need be. */
static void try_column(const struct aligned_table *table, struct layout *layout, size_t column) {
    int natural = natural_width(table, column);
    bool right = table->columns[column].right;
    int least = right || natural < TEXT_LEAST ? natural : TEXT_LEAST;
    int gap = layout->count ? GAP : 0;
    if (!natural || least + gap > layout->left)
        return;
    layout->wide[column] = least;
    layout->left -= least + gap;
    layout->shown[layout->count++] = column;
}

/* What is left of the line goes to the texts, first come, first served. */
static void widen(const struct aligned_table *table, struct layout *layout, int most) {
    for (size_t i = 0; i < layout->count; i++) {
        size_t column = layout->shown[i];
        int more = natural_width(table, column);
        more = (more > most ? most : more) - layout->wide[column];
        more = more > layout->left ? layout->left : more;
        layout->wide[column] += more > 0 ? more : 0;
        layout->left -= more > 0 ? more : 0;
    }
}

static void lay_out(const struct aligned_table *table, struct layout *layout) {
    *layout = (struct layout){.left = table->width};
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < table->column_count; i++)
            if (is_preferred(table->preferred, table->columns[i].name) == (pass == 0))
                try_column(table, layout, i);
        widen(table, layout, TEXT_MOST);
    }
    widen(table, layout, table->width);
}

/* The longest beginning that is at most `wide` columns wide. */
static struct span cut_to(struct span text, int wide) {
    size_t len = 0;
    for (size_t i = 1; i <= text.len; i++)
        if ((i == text.len || ((unsigned char)text.at[i] & 0xC0) != 0x80) &&
            text_columns((struct span){text.at, i}) <= wide)
            len = i;
    return (struct span){text.at, len};
}

static void add_cell(struct buf *out, struct span text, int wide, bool right, bool last) {
    bool cut = text_columns(text) > wide;
    if (cut)
        text = cut_to(text, wide - 1);
    int pad = wide - text_columns(text) - cut;
    if (right)
        buf_format(out, "%*s", pad, "");
    buf_span(out, text);
    if (cut)
        buf_text(out, "…");
    if (!right && !last)
        buf_format(out, "%*s", pad, "");
}

static void print_batch(struct aligned_table *table, struct buf *out) {
    struct layout layout;
    lay_out(table, &layout);
    for (size_t row = 0; row <= table->rows; row++) {
        for (size_t i = 0; i < layout.count; i++) {
            size_t column = layout.shown[i];
            struct span text =
                row ? cell_at(table, row - 1, column) : span_of(table->columns[column].name);
            buf_text(out, i ? "  " : "");
            add_cell(out, text.len ? text : SPAN_LITERAL("-"), layout.wide[column],
                     table->columns[column].right, i + 1 == layout.count);
        }
        buf_char(out, '\n');
    }
    table->left_out = table->column_count - layout.count;
    table->rows = table->cells = 0;
    buf_clear(&table->text);
}

void aligned_row_end(struct aligned_table *table, struct buf *out) {
    table->total++;
    if (++table->rows == ALIGNED_BATCH)
        print_batch(table, out);
}

void aligned_end(struct aligned_table *table, struct buf *out) {
    struct buf note;
    if (table->rows)
        print_batch(table, out);
    buf_init(&note, 1 << 16);
    buf_format(&note, "%zu row%s.", table->total, table->total == 1 ? "" : "s");
    if (table->left_out)
        buf_format(&note,
                   " %zu column%s empty or without room here: --format csv prints all, burza help "
                   "columns explains them.",
                   table->left_out, table->left_out == 1 ? " is" : "s are");
    buf_char(&note, 0);
    if (!note.failed) {
        buf_text(out, table->total ? "\n" : "");
        wrap_text(out, note.at, 0, table->width);
    }
    out->failed |= note.failed || table->text.failed;
    buf_release(&note);
}
