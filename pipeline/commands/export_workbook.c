#include "pipeline/commands/export_workbook.h"

#include "pipeline/commands/book_charts.h"
#include "pipeline/commands/commands.h"
#include "pipeline/commands/summary.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Hours of many years make a workbook that no spreadsheet opens in reasonable time. */
enum { TOP_POSTS = 100, GRID_ROWS_MAX = 100000, NOTES_MAX = 16 };

struct book_writer {
    struct workbook *book;
    const struct export_view *view;
    bool polish;
    char notes[NOTES_MAX][160]; /* what is not in it */
    size_t note_count;
    bool failed;
};

static const char *say(const struct book_writer *writer, const char *english, const char *polish) {
    return writer->polish ? polish : english;
}

/* Told to whoever runs burza, and in the summary. */
static void note_left_out(struct book_writer *writer, const char *sheet, size_t held, size_t rows) {
    print_message("sheet %s holds %zu of %zu rows; burza export AUDIT.h5 %s has all", sheet, held,
                  rows, sheet);
    if (writer->note_count < NOTES_MAX)
        snprintf(writer->notes[writer->note_count++], sizeof *writer->notes,
                 say(writer, "sheet %s: %zu of %zu rows; burza export has all",
                     "arkusz %s: wierszy %zu z %zu; wszystkie ma burza export"),
                 sheet, held, rows);
}

/* ---- sheets of rows ---- */

/* `rows`: the numbers of the rows that are wanted; NULL: the first `count`. */
static void write_sheet(struct book_writer *writer, struct sheet *sheet,
                        const struct export_source *source, const uint32_t *rows, size_t count) {
    struct table_writer table;
    table_writer_init(&table, TABLE_WRITER_SHEET);
    table.sheet = sheet;
    table.zone = &writer->view->zone;
    export_header(&table, source);
    bool ok = !table.failed;
    for (size_t i = 0; i < count && ok; i++) {
        table_writer_row_begin(&table);
        source->write(&table, writer->view, source->table, rows ? rows[i] : i);
        ok = table_writer_row_end(&table);
    }
    writer->failed |= !ok || !table_writer_end(&table);
    table_writer_release(&table);
}

static void write_table(struct book_writer *writer, const char *name, size_t most) {
    struct export_source source;
    struct sheet *sheet = book_sheet(writer->book, name);
    if (!export_find(name, &source))
        return;
    size_t count = export_count(&source, writer->view), held = count < most ? count : most;
    write_sheet(writer, sheet, &source, NULL, held);
    if (held < count)
        note_left_out(writer, name, held, count);
}

/* ---- the posts that moved most ---- */

struct ranked_post {
    int64_t engagement;
    uint32_t row;
    uint16_t brand;
};

static int64_t known(int32_t count) {
    return count > 0 ? count : 0;
}

/* By brand; most likes, replies and reposts first, then in the order of the posts. */
static int compare_posts(const void *a, const void *b) {
    const struct ranked_post *x = a, *y = b;
    if (x->brand != y->brand)
        return x->brand < y->brand ? -1 : 1;
    if (x->engagement != y->engagement)
        return x->engagement > y->engagement ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static void write_top_posts(struct book_writer *writer, struct sheet *sheet) {
    const struct mention_rows *posts = &writer->view->audit.posts;
    struct ranked_post *ranked = malloc((posts->count + 1) * sizeof *ranked);
    uint32_t *rows = malloc((posts->count + 1) * sizeof *rows);
    struct export_source source;
    size_t count = 0, held = 0, of_brand = 0;
    writer->failed |= !ranked || !rows || !export_find("posts", &source);
    for (size_t row = 0; !writer->failed && row < posts->count; row++)
        if (posts->role[row] == ROLE_MENTION)
            ranked[count++] = (struct ranked_post){
                known(posts->likes[row]) + known(posts->replies[row]) + known(posts->reposts[row]),
                (uint32_t)row, posts->brand[row]};
    if (!writer->failed)
        qsort(ranked, count, sizeof *ranked, compare_posts);
    for (size_t i = 0; i < count; i++) {
        of_brand = i && ranked[i].brand == ranked[i - 1].brand ? of_brand + 1 : 0;
        if (of_brand < TOP_POSTS)
            rows[held++] = ranked[i].row;
    }
    if (!writer->failed)
        write_sheet(writer, sheet, &source, rows, held);
    free(ranked);
    free(rows);
}

/* ---- summary ---- */

static void put(struct sheet *sheet, uint32_t row, uint16_t column, enum cell_style style,
                const char *text) {
    sheet_text(sheet, row, column, style, span_of(text));
}

static uint32_t put_brands(struct book_writer *writer, struct sheet *sheet, uint32_t row) {
    static const char *const heads[2][10] = {
        {"brand", "mentions", "share of voice", "scored", "negative", "negative / scored",
         "net sentiment", "authors", "crises", "bursts"},
        {"marka", "wzmianki", "udział w głosie", "ocenione", "negatywne", "negatywne / ocenione",
         "sentyment netto", "autorzy", "kryzysy", "wzrosty"}};
    const struct audit_table *table = &writer->view->audit.tables[TABLE_BRANDS];
    const struct brand_row *brands = table->rows;
    double all = 0;
    for (uint16_t i = 0; i < 10; i++)
        put(sheet, row, i, CELL_HEADING, heads[writer->polish][i]);
    for (size_t i = 0; i < table->count; i++)
        all += brands[i].mentions;
    for (size_t i = 0; i < table->count; i++) {
        const struct brand_row *brand = &brands[i];
        int32_t scored = brand->negative + brand->neutral + brand->positive;
        row++;
        put(sheet, row, 0, CELL_PLAIN, brand->name);
        sheet_number(sheet, row, 1, CELL_WHOLE, brand->mentions);
        sheet_number(sheet, row, 2, CELL_SHARE, all > 0 ? brand->mentions / all : NAN);
        sheet_number(sheet, row, 3, CELL_WHOLE, scored);
        sheet_number(sheet, row, 4, CELL_WHOLE, brand->negative);
        sheet_number(sheet, row, 5, CELL_SHARE, scored ? (double)brand->negative / scored : NAN);
        sheet_number(sheet, row, 6, CELL_REAL,
                     (double)grid_net_sentiment(brand->positive, brand->negative));
        sheet_number(sheet, row, 7, CELL_WHOLE, brand->authors);
        sheet_number(sheet, row, 8, CELL_WHOLE, brand->crises);
        sheet_number(sheet, row, 9, CELL_WHOLE, brand->bursts);
    }
    return row + 2;
}

static uint32_t put_crises(struct book_writer *writer, struct sheet *sheet, uint32_t row) {
    const struct audit_table *table = &writer->view->audit.tables[TABLE_CRISES];
    const struct episode_row *crises = table->rows;
    const struct zone *zone = &writer->view->zone;
    put(sheet, row++, 0, CELL_TITLE, say(writer, "Crises", "Kryzysy"));
    if (!table->count)
        put(sheet, row++, 0, CELL_PLAIN,
            say(writer, "None was found; the report says whether one could have been.",
                "Nie znaleziono; raport mówi, czy można było."));
    for (size_t i = 0; i < table->count; i++, row++) {
        put(sheet, row, 0, CELL_PLAIN, crises[i].brand);
        sheet_date(sheet, row, 1, CELL_MOMENT,
                   crises[i].onset + zone_offset(zone, crises[i].onset));
        sheet_prose(sheet, row, 2, 9, 4,
                    span_of(writer->polish ? crises[i].summary_pl : crises[i].summary_en));
    }
    return row + 1;
}

static uint32_t put_line(struct sheet *sheet, uint32_t row, const char *name, const char *value) {
    put(sheet, row, 0, CELL_PLAIN, name);
    put(sheet, row, 1, CELL_PLAIN, value);
    return row + 1;
}

static uint32_t put_count(struct sheet *sheet, uint32_t row, const char *name, int64_t value) {
    put(sheet, row, 0, CELL_PLAIN, name);
    sheet_number(sheet, row, 1, CELL_WHOLE, (double)value);
    return row + 1;
}

static uint32_t put_data(struct book_writer *writer, struct sheet *sheet, uint32_t row) {
    const struct audit *audit = &writer->view->audit;
    struct record_counts counts = count_records(audit);
    const char *zone = audit_noted(audit, "timezone");
    put(sheet, row++, 0, CELL_TITLE, say(writer, "Data", "Dane"));
    row = put_line(sheet, row, say(writer, "first post", "pierwszy wpis"),
                   audit_noted(audit, "first_post"));
    row = put_line(sheet, row, say(writer, "last post", "ostatni wpis"),
                   audit_noted(audit, "last_post"));
    row = put_line(sheet, row, say(writer, "all times", "wszystkie czasy"), *zone ? zone : "UTC");
    row = put_count(sheet, row, say(writer, "records read", "rekordy"), counts.records);
    row = put_count(sheet, row, say(writer, "posts", "wpisy"), counts.posts);
    row = put_count(sheet, row, say(writer, "duplicates", "duplikaty"), counts.duplicates);
    row = put_count(sheet, row, say(writer, "notices", "zawiadomienia"), counts.notices);
    row = put_count(sheet, row, say(writer, "rejects", "odrzucone"), counts.rejects);
    row = put_line(sheet, row, say(writer, "made by", "program"), audit_noted(audit, "program"));
    put(sheet, row++, 0, CELL_PLAIN,
        say(writer, "Columns are explained by: burza help columns. Empty cells are not known.",
            "Kolumny objaśnia: burza help columns. Puste komórki: nie wiadomo."));
    return row;
}

/* The summary is the first sheet and is filled last, when it is known what did not fit. */
static void write_summary(struct book_writer *writer, struct sheet *sheet) {
    static const double widths[] = {24, 20, 16, 12, 12, 20, 15, 12, 10, 10};
    for (uint16_t i = 0; i < sizeof widths / sizeof *widths; i++)
        sheet_width(sheet, i, widths[i]);
    sheet_is_page(sheet);
    put(sheet, 0, 0, CELL_TITLE, say(writer, "Brand audit", "Audyt marek"));
    uint32_t row = put_brands(writer, sheet, 2);
    row = put_crises(writer, sheet, row);
    row = put_data(writer, sheet, row);
    if (!writer->view->audit.keep_posts)
        put(sheet, row++, 0, CELL_PLAIN,
            say(writer, "No posts: the privacy settings of the audit keep none.",
                "Bez wpisów: ustawienia prywatności audytu ich nie zachowują."));
    if (book_cut_texts(writer->book))
        row = put_count(
            sheet, row,
            say(writer, "texts cut to 32,767 characters", "teksty skrócone do 32 767 znaków"),
            (int64_t)book_cut_texts(writer->book));
    for (size_t i = 0; i < writer->note_count; i++)
        put(sheet, row++, 0, CELL_PLAIN, writer->notes[i]);
}

/* ---- the whole ---- */

static void write_all(struct book_writer *writer) {
    struct sheet *summary = book_sheet(writer->book, "summary");
    struct sheet *charts = book_sheet(writer->book, "charts");
    const struct audit *audit = &writer->view->audit;
    write_table(writer, "monthly", SHEET_ROWS_MAX - 1);
    if (audit->keep_posts)
        write_top_posts(writer, book_sheet(writer->book, "top_posts"));
    for (int i = 0; i < TABLE_COUNT; i++)
        write_table(writer, table_layouts[i].name, SHEET_ROWS_MAX - 1);
    write_table(writer, "daily", GRID_ROWS_MAX);
    write_table(writer, "hourly", GRID_ROWS_MAX);
    writer->failed |= !book_charts(writer->book, charts, writer->view, writer->polish);
    write_summary(writer, summary);
}

/* The folder of a file, in the caller's memory. */
static const char *folder_of(const char *path, struct buf *out) {
    const char *slash = strrchr(path, '/');
    if (strcmp(path, "-") == 0)
        return NULL;
    if (!slash)
        return ".";
    buf_add(out, path, slash == path ? 1 : (size_t)(slash - path));
    buf_char(out, 0);
    return out->failed ? NULL : out->at;
}

enum status export_workbook(const struct export_view *view, const struct export_source *only,
                            const char *language, const char *path, struct buf *out,
                            struct fault *fault) {
    struct book_writer writer = {.view = view, .polish = language && strcmp(language, "pl") == 0};
    const struct grid *hourly = &view->audit.grids[GRID_HOURLY];
    struct buf folder;
    buf_init(&folder, 1 << 16);
    struct workbook_head head = {.title = say(&writer, "Brand audit", "Audyt marek"),
                                 .author = audit_noted(&view->audit, "program"),
                                 .created_s = hourly->times ? hourly->edges_s[hourly->times] : 0,
                                 .folder = folder_of(path, &folder)};
    enum status status = book_open(&head, &writer.book, fault);
    if (status == STATUS_OK) {
        if (only)
            write_table(&writer, only->name, SHEET_ROWS_MAX - 1);
        else
            write_all(&writer);
        size_t cut = book_cut_texts(writer.book);
        if (cut)
            print_message("%zu texts are longer than a cell may be and were cut to 32,767 "
                          "characters; burza export AUDIT.h5 posts has all of them",
                          cut);
        status = book_close(writer.book, out, fault);
        if (status == STATUS_OK && writer.failed)
            status = fault_memory(fault);
    }
    buf_release(&folder);
    return status;
}
