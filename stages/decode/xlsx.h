/* xlsx: the sheets of an Excel workbook (.xlsx, ECMA-376 part 1) as tables. Internal to
 * stages/decode: the public half is in decode.h. XML goes through expat, part by part. */
#ifndef BURZA_DECODE_XLSX_H
#define BURZA_DECODE_XLSX_H

#include "stages/decode/decode.h"

#include <expat.h>

/* What a cell's number means by its style. */
enum number_kind { NUMBER_PLAIN, NUMBER_DATE, NUMBER_CLOCK, NUMBER_MOMENT };

/* Texts one behind the other. */
struct text_list {
    struct buf bytes;
    size_t *ends; /* [count] */
    size_t count, cap;
};
/* What was added to `bytes` since the last one is a text; false when out of memory. */
bool text_list_close(struct text_list *list) MUST_USE;
struct span text_list_at(const struct text_list *list, size_t index);

/* A sheet on its way to a table. Rows stand in `text` as CSV, every field in quotes. */
struct xlsx_sheet {
    struct buf text;
    struct xlsx_row {
        size_t end;      /* in `text` */
        uint32_t fields; /* 0: an empty row */
    } * rows;
    size_t row_count, row_cap;
    uint32_t width;  /* of the widest row */
    uint32_t filled; /* rows that are not empty */
    bool seen;       /* its part was there */

    /* the row and the cell at hand */
    uint32_t fields, column;
    char type[12];
    uint32_t style;
    bool in_value, in_row;
    struct buf value;
};

struct xlsx {
    XML_Parser parser; /* of the part at hand, or NULL */
    enum xlsx_part { PART_NONE, PART_BOOK, PART_LINKS, PART_STRINGS, PART_STYLES, PART_SHEET } part;
    enum status trouble; /* of the part at hand: STATUS_SKIP, STATUS_FATAL */
    bool sheets_now;     /* the second time that parts are shown */
    bool from_1904;      /* days are counted from then */
    bool in_text, in_phonetic, in_cell_styles;
    struct text_list strings;
    struct text_list names, ids, link_ids, link_targets; /* of sheets; where ids lead */
    uint8_t *styles;                                     /* [style_count] enum number_kind */
    size_t style_count, style_cap;
    struct {
        int64_t id;
        uint8_t kind;
    } formats[256]; /* number formats that the workbook defines */
    size_t format_count;
    struct xlsx_sheet *sheets; /* of `names`, in their order */
    struct xlsx_sheet *sheet;  /* the one at hand */
};

/* Handlers of a sheet's elements, whose names come without a prefix. */
void xlsx_sheet_start(struct xlsx *book, const char *name, const char **attributes);
void xlsx_sheet_end(struct xlsx *book, const char *name);
void xlsx_sheet_release(struct xlsx_sheet *sheet);
/* The sheet as CSV, all rows of one width. */
bool xlsx_sheet_table(const struct xlsx_sheet *sheet, struct buf *out) MUST_USE;
/* The value of an attribute, whose prefix does not matter, or NULL. */
const char *xlsx_attribute(const char **attributes, const char *name);
/* Takes _xHHHH_, which stands for characters that XML cannot hold, out of a text. */
void xlsx_unescape(struct buf *text, size_t from);

#endif
