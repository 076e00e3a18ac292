#include "stages/xlsx/xlsx.h"

#include "stages/common/when.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

enum {
    CELL_UNITS_MAX = 32767,
    LINK_BYTES_MAX = 2000,
    LINKS_MAX = 65000,
    EPOCH_DAY = 25569,
    EXCEL_DAY_LEAST = 61,
    EXCEL_DAY_END = 2958466,
    SHEETS_MAX = 64
};

struct sheet {
    struct workbook *book;
    lxw_worksheet *at;
    uint32_t links;
};

struct workbook {
    lxw_workbook *at;
    lxw_format *formats[CELL_STYLES];
    int file; /* in memory */
    size_t cut;
    struct buf text; /* of the cell that is written */
    bool failed;
    struct sheet sheets[SHEETS_MAX];
    size_t sheet_count;
};

static void make_formats(struct workbook *book) {
    static const char *const numbers[CELL_STYLES] = {
        [CELL_WHOLE] = "0",        [CELL_REAL] = "0.00##",
        [CELL_SHARE] = "0.0%",     [CELL_MOMENT] = "yyyy-mm-dd hh:mm:ss",
        [CELL_DAY] = "yyyy-mm-dd", [CELL_MONTH] = "yyyy-mm"};
    for (int style = CELL_HEADING; style < CELL_STYLES; style++) {
        lxw_format *format = book->formats[style] = workbook_add_format(book->at);
        if (numbers[style])
            format_set_num_format(format, numbers[style]);
        if (style == CELL_HEADING || style == CELL_TITLE)
            format_set_bold(format);
        if (style == CELL_HEADING)
            format_set_bg_color(format, 0xE7E7E7);
        if (style == CELL_TITLE)
            format_set_font_size(format, 15);
        if (style == CELL_WRAPPED) {
            format_set_text_wrap(format);
            format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
        }
        if (style == CELL_LINK) {
            format_set_font_color(format, 0x0563C1);
            format_set_underline(format, LXW_UNDERLINE_SINGLE);
        }
    }
}

/* libxlsxwriter takes strings that it does not change as char *. */
static char *lent(const char *text) {
    return (char *)(uintptr_t)text;
}

enum status book_open(const struct workbook_head *head, struct workbook **out,
                      struct fault *fault) {
    struct workbook *book = calloc(1, sizeof *book);
    char path[64];
    if (!book)
        return fault_memory(fault);
    buf_init(&book->text, 1 << 20);
    book->file = memfd_create("workbook", MFD_CLOEXEC);
    snprintf(path, sizeof path, "/proc/self/fd/%d", book->file);
    lxw_workbook_options options = {
        .constant_memory = LXW_TRUE, .tmpdir = lent(head->folder), .use_zip64 = LXW_FALSE};
    if (book->file >= 0)
        book->at = workbook_new_opt(path, &options);
    if (!book->at) {
        book_drop(book);
        return fault_set(fault, STATUS_FATAL, EXIT_INTERNAL, "cannot begin a workbook: %s",
                         strerror(errno));
    }
    lxw_doc_properties properties = {.title = lent(head->title),
                                     .author = lent(head->author),
                                     .created = head->created_s > 0 ? head->created_s : 1};
    book->failed = workbook_set_properties(book->at, &properties) != LXW_NO_ERROR;
    make_formats(book);
    *out = book;
    return STATUS_OK;
}

struct sheet *book_sheet(struct workbook *book, const char *name) {
    lxw_worksheet *at =
        book->sheet_count < SHEETS_MAX ? workbook_add_worksheet(book->at, name) : NULL;
    if (!at) {
        book->failed = true;
        return NULL;
    }
    struct sheet *sheet = &book->sheets[book->sheet_count++];
    *sheet = (struct sheet){.book = book, .at = at};
    return sheet;
}

static void take(struct sheet *sheet, lxw_error error) {
    sheet->book->failed |= error != LXW_NO_ERROR;
}

/* "_x0041_" is how a cell writes the character A: where a text holds such signs itself, the first
 * is written as a code, which libxlsxwriter leaves to its callers (ECMA-376, ST_Xstring). */
static bool is_code(struct span text) {
    bool is = text.len >= 7 && text.at[0] == '_' && text.at[1] == 'x' && text.at[6] == '_';
    for (int i = 2; is && i < 6; i++)
        is = memchr("0123456789abcdefABCDEF", text.at[i], 22) != NULL;
    return is;
}

/* The text as XML may hold it and a cell of Excel too; NUL-terminated, until the next call. */
static const char *cell_text(struct workbook *book, struct span text) {
    static const char escape[] = "_x005F";
    struct buf *to = &book->text;
    size_t units = 0;
    buf_clear(to);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        bool code = is_code((struct span){text.at + i, text.len - i});
        units += (byte & 0xC0) != 0x80 ? 1 + (byte >= 0xF0) : 0;
        units += code ? sizeof escape - 1 : 0;
        if (units > CELL_UNITS_MAX) {
            book->cut++;
            break;
        }
        if (code)
            buf_text(to, escape);
        /* U+FFFE and U+FFFF are no characters of XML; nor is NUL, which would be the end */
        bool odd = i + 2 < text.len && byte == 0xEF && (unsigned char)text.at[i + 1] == 0xBF &&
                   (unsigned char)text.at[i + 2] >= 0xBE;
        if (odd || !byte)
            buf_codepoint(to, 0xFFFD);
        else
            buf_char(to, text.at[i]);
        i += odd ? 2 : 0;
    }
    buf_char(to, 0);
    book->failed |= to->failed;
    if (to->failed)
        return "";
    utf8_sanitize(to->at);
    return to->at;
}

void sheet_text(struct sheet *sheet, uint32_t row, uint16_t column, enum cell_style style,
                struct span text) {
    if (!sheet || !text.len)
        return;
    const char *cell = cell_text(sheet->book, text);
    take(sheet, worksheet_write_string(sheet->at, row, column, cell, sheet->book->formats[style]));
}

void sheet_link(struct sheet *sheet, uint32_t row, uint16_t column, struct span text) {
    bool web = (span_starts(text, "https://") || span_starts(text, "http://")) &&
               text.len < LINK_BYTES_MAX && sheet && sheet->links < LINKS_MAX;
    for (size_t i = 0; web && i < text.len; i++)
        web = text.at[i] > ' ' && text.at[i] < 0x7F;
    if (!web) {
        sheet_text(sheet, row, column, CELL_PLAIN, text);
        return;
    }
    sheet->links++;
    const char *address = cell_text(sheet->book, text);
    take(sheet,
         worksheet_write_url(sheet->at, row, column, address, sheet->book->formats[CELL_LINK]));
}

void sheet_number(struct sheet *sheet, uint32_t row, uint16_t column, enum cell_style style,
                  double value) {
    if (sheet && isfinite(value))
        take(sheet,
             worksheet_write_number(sheet->at, row, column, value, sheet->book->formats[style]));
}

/* Days since 1900 as Excel counts them; what it cannot count is a text. */
void sheet_date(struct sheet *sheet, uint32_t row, uint16_t column, enum cell_style style,
                int64_t local_s) {
    double serial = EPOCH_DAY + (double)local_s / SECONDS_PER_DAY;
    char iso[ISO_SIZE];
    if (serial >= EXCEL_DAY_LEAST && serial < EXCEL_DAY_END) {
        sheet_number(sheet, row, column, style, serial);
    } else {
        when_iso(local_s, iso);
        sheet_text(sheet, row, column, CELL_PLAIN, (struct span){iso, 19});
    }
}

void sheet_is_table(struct sheet *sheet, uint32_t rows, uint16_t columns) {
    if (!sheet || !columns)
        return;
    worksheet_freeze_panes(sheet->at, 1, 0);
    take(sheet,
         worksheet_autofilter(sheet->at, 0, 0, rows > 1 ? rows - 1 : 0, (lxw_col_t)(columns - 1)));
}

void sheet_prose(struct sheet *sheet, uint32_t row, uint16_t column, uint16_t last, int lines,
                 struct span text) {
    if (!sheet)
        return;
    const char *cell = cell_text(sheet->book, text);
    take(sheet, worksheet_set_row(sheet->at, row, 15.0 * lines, NULL));
    take(sheet, worksheet_merge_range(sheet->at, row, column, row, last, cell,
                                      sheet->book->formats[CELL_WRAPPED]));
}

void sheet_is_page(struct sheet *sheet) {
    enum { PAPER_A4 = 9 };
    if (!sheet)
        return;
    worksheet_set_landscape(sheet->at);
    worksheet_set_paper(sheet->at, PAPER_A4);
    worksheet_fit_to_pages(sheet->at, 1, 0);
}

void sheet_width(struct sheet *sheet, uint16_t column, double characters) {
    if (sheet)
        take(sheet, worksheet_set_column(sheet->at, column, column, characters, NULL));
}

static void add_series(lxw_chart *chart, const struct chart_plan *plan, uint16_t number) {
    /* of the readers' own order: told apart without colours, too */
    static const uint8_t markers[] = {LXW_CHART_MARKER_CIRCLE, LXW_CHART_MARKER_SQUARE,
                                      LXW_CHART_MARKER_DIAMOND, LXW_CHART_MARKER_TRIANGLE};
    uint32_t first = plan->row + 1, last = plan->row + plan->count;
    uint16_t column = (uint16_t)(plan->column + 1 + number);
    lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
    chart_series_set_categories(series, plan->sheet, first, plan->column, last, plan->column);
    chart_series_set_values(series, plan->sheet, first, column, last, column);
    chart_series_set_name_range(series, plan->sheet, plan->row, column);
    if (plan->kind == CHART_KIND_CURVE || (plan->kind == CHART_KIND_LINES && plan->count < 40)) {
        chart_series_set_marker_type(series, markers[number % 4]);
        chart_series_set_marker_size(series, 5);
    }
}

void sheet_chart(struct workbook *book, struct sheet *at, uint32_t row, uint16_t column,
                 const struct chart_plan *plan) {
    static const uint8_t types[] = {[CHART_KIND_LINES] = LXW_CHART_LINE,
                                    [CHART_KIND_SHARES] = LXW_CHART_COLUMN_STACKED_PERCENT,
                                    [CHART_KIND_BARS] = LXW_CHART_COLUMN,
                                    [CHART_KIND_CURVE] = LXW_CHART_SCATTER_STRAIGHT_WITH_MARKERS};
    lxw_chart *chart = at ? workbook_add_chart(book->at, types[plan->kind]) : NULL;
    if (!chart)
        return;
    for (uint16_t i = 0; i < plan->series; i++)
        add_series(chart, plan, i);
    chart_title_set_name(chart, plan->title);
    lxw_chart_axis *x = chart_axis_get(chart, LXW_CHART_AXIS_TYPE_X);
    lxw_chart_axis *y = chart_axis_get(chart, LXW_CHART_AXIS_TYPE_Y);
    chart_axis_set_name(x, plan->x_name);
    chart_axis_set_name(y, plan->y_name);
    chart_axis_set_min(y, 0);
    if (plan->kind == CHART_KIND_CURVE)
        chart_axis_set_min(x, 0);
    if (plan->dates)
        chart_axis_set_num_format(x, "yyyy-mm-dd");
    if (plan->shares && plan->kind != CHART_KIND_SHARES)
        chart_axis_set_num_format(y, "0%");
    chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
    chart_show_blanks_as(chart, LXW_CHART_BLANKS_AS_GAP);
    lxw_chart_options options = {.x_scale = 1.9, .y_scale = 1.35, .description = lent(plan->title)};
    take(at, worksheet_insert_chart_opt(at->at, row, column, chart, &options));
}

size_t book_cut_texts(const struct workbook *book) {
    return book->cut;
}

static bool read_file(int file, struct buf *out) {
    off_t size = lseek(file, 0, SEEK_END);
    if (size < 0 || !buf_reserve(out, (size_t)size))
        return false;
    for (off_t done = 0; done < size;) {
        ssize_t got = pread(file, out->at + out->len, (size_t)(size - done), done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        out->len += (size_t)got;
        done += got;
    }
    return true;
}

void book_drop(struct workbook *book) {
    if (book->at)
        lxw_workbook_free(book->at);
    if (book->file >= 0)
        close(book->file);
    buf_release(&book->text);
    free(book);
}

enum status book_close(struct workbook *book, struct buf *out, struct fault *fault) {
    errno = 0;
    lxw_error error = workbook_close(book->at); /* releases it, too */
    book->at = NULL;
    const char *why = error != LXW_NO_ERROR ? lxw_strerror(error) : NULL;
    if (!why && book->failed)
        why = "out of memory, or more than a spreadsheet holds";
    if (!why && !read_file(book->file, out))
        why = errno ? strerror(errno) : "out of memory";
    book_drop(book);
    return why ? fault_set(fault, STATUS_FATAL, EXIT_IO, "cannot make the workbook: %s", why)
               : STATUS_OK;
}
