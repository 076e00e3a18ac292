/* Tables for people: widths, what is cut, what has no room, and the heads of batches. */
#include "pipeline/commands/aligned_table.h"
#include "tap.h"

static void add_row(struct aligned_table *table, struct buf *out, const char *brand,
                    const char *mentions, const char *note, const char *text) {
    aligned_cell(table, span_of(brand));
    aligned_cell(table, span_of(mentions));
    aligned_cell(table, span_of(note));
    aligned_cell(table, span_of(text));
    aligned_row_end(table, out);
}

static struct aligned_table *begin(int width, const char *preferred) {
    struct aligned_table *table = aligned_new(width, preferred);
    CHECK(table != NULL);
    aligned_heading(table, "brand", false);
    aligned_heading(table, "mentions", true);
    aligned_heading(table, "note", false);
    aligned_heading(table, "text", false);
    return table;
}

static void check(struct aligned_table *table, struct buf *out, const char *want) {
    aligned_end(table, out);
    CHECK_SPAN(buf_as_span(out), want);
    aligned_free(table);
    buf_release(out);
}

/* Letters of two bytes, emoji and East Asian characters, two columns each; what a terminal would
 * obey; an unknown number; a column without a value. */
static void test_widths(void) {
    struct buf out;
    buf_init(&out, 1 << 20);
    struct aligned_table *table = begin(60, "");
    add_row(table, &out, "łąkowianka", "12", "", "zażółć\ngęślą \x1b[31m");
    add_row(table, &out, "日本", "", "", "☕ kawa");
    check(table, &out,
          "brand       mentions  text\n"
          "łąkowianka        12  zażółć gęślą \\x1b[31m\n"
          "日本               -  ☕ kawa\n"
          "\n2 rows. 1 column is empty or without room here: --format csv\n"
          "prints all, burza help columns explains them.\n");
}

/* Preferred columns come first; a long text is cut to what is left of the line. */
static void test_narrow(void) {
    struct buf out;
    buf_init(&out, 1 << 20);
    struct aligned_table *table = begin(30, "mentions text");
    add_row(table, &out, "norvia", "1072", "x", "Hasło do bazy Norvii, obstawiam");
    check(table, &out,
          "mentions  text\n"
          "    1072  Hasło do bazy Norvi…\n"
          "\n1 row. 2 columns are empty or\n"
          "without room here: --format\n"
          "csv prints all, burza help\n"
          "columns explains them.\n");
}

static void test_batches(void) {
    struct buf out;
    buf_init(&out, 1 << 20);
    struct aligned_table *table = begin(80, "");
    for (int i = 0; i <= ALIGNED_BATCH; i++)
        add_row(table, &out, "a", "1", "b", "c");
    aligned_end(table, &out);
    size_t heads = 0, lines = 0;
    buf_char(&out, 0);
    for (const char *at = out.at; (at = strstr(at, "brand  mentions")); at++)
        heads++;
    for (const char *at = out.at; (at = strchr(at, '\n')); at++)
        lines++;
    CHECK_INT(heads, 2);
    CHECK_INT(lines, ALIGNED_BATCH + 1 + 2 + 2);
    CHECK(strstr(out.at, "\n501 rows.\n") != NULL);
    aligned_free(table);
    buf_release(&out);
    buf_init(&out, 1 << 10);
    check(begin(80, ""), &out, "0 rows.\n");
}

int main(void) {
    test_widths();
    test_narrow();
    test_batches();
    return tap_done();
}
