/* Parts of a workbook, one after another: each begins with a byte that says which, and ends at a
 * byte 0xFF. What comes out are rows of one width. */
#include "stages/decode/xlsx.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const parts[] = {"xl/workbook.xml",          "xl/_rels/workbook.xml.rels",
                                    "xl/sharedStrings.xml",     "xl/styles.xml",
                                    "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"};

static void show(struct xlsx *book, const uint8_t *data, size_t size) {
    for (size_t i = 0; i < size;) {
        const char *part = parts[data[i++] % (sizeof parts / sizeof *parts)];
        const uint8_t *end = memchr(data + i, 0xFF, size - i);
        size_t len = (end ? (size_t)(end - data) : size) - i;
        if (xlsx_wants(book, part)) {
            struct span piece = {(const char *)data + i, len / 2},
                        rest = {piece.at + piece.len, len - len / 2};
            bool read = (!piece.len || xlsx_take(book, piece, NULL) == STATUS_OK) &&
                        xlsx_take(book, rest, NULL) == STATUS_OK;
            bool ended = xlsx_end(book, NULL) == STATUS_OK;
            if (ended && !read)
                abort();
        }
        i += len + 1;
    }
}

/* Every row that is not empty has as many fields as the widest; quotes are closed. */
static void check_table(const struct xlsx_sheet *sheet, struct span text) {
    uint32_t fields = 1;
    bool quoted = false, empty = true;
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.at[i];
        if (byte == '"')
            quoted = !quoted;
        fields += byte == ',' && !quoted;
        if (byte != '\n' || quoted) {
            empty = false;
            continue;
        }
        if (!empty && fields != sheet->width)
            abort();
        fields = 1;
        empty = true;
    }
    if (quoted || !empty)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct xlsx *book;
    if (xlsx_new(&book, NULL) != STATUS_OK)
        abort();
    show(book, data, size);
    if (xlsx_begin_sheets(book, NULL) == STATUS_OK) {
        show(book, data, size);
        for (size_t i = 0; i < xlsx_sheets(book); i++) {
            struct buf out;
            char name[40];
            uint32_t rows;
            buf_init(&out, 1 << 24);
            if (xlsx_table(book, i, &out, name, sizeof name, &rows))
                check_table(&book->sheets[i], buf_as_span(&out));
            buf_release(&out);
        }
    }
    xlsx_free(book);
    return 0;
}
