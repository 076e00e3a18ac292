#include "stages/decode/xlsx.h"

#include "stages/common/num.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#define STRINGS_MAX ((size_t)1 << 29)
enum { STYLES_MAX = 1 << 16, SHEETS_MAX = 1024 };

bool text_list_close(struct text_list *list) {
    if (list->count == list->cap) {
        size_t cap = list->cap ? list->cap * 2 : 64;
        size_t *grown = realloc(list->ends, cap * sizeof *grown);
        if (!grown)
            return false;
        list->ends = grown;
        list->cap = cap;
    }
    list->ends[list->count++] = list->bytes.len;
    return !list->bytes.failed;
}

struct span text_list_at(const struct text_list *list, size_t index) {
    if (index >= list->count)
        return (struct span){NULL, 0};
    size_t from = index ? list->ends[index - 1] : 0;
    return (struct span){list->bytes.at + from, list->ends[index] - from};
}

static bool add_text(struct text_list *list, const char *text) {
    buf_text(&list->bytes, text ? text : "");
    return text_list_close(list);
}

static void text_list_release(struct text_list *list) {
    buf_release(&list->bytes);
    free(list->ends);
}

static void fail(struct xlsx *book, enum status status) {
    if (book->trouble != STATUS_FATAL)
        book->trouble = status;
    XML_StopParser(book->parser, XML_FALSE);
}

static const char *without_prefix(const char *name) {
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

const char *xlsx_attribute(const char **attributes, const char *name) {
    for (; *attributes; attributes += 2)
        if (strcmp(without_prefix(attributes[0]), name) == 0)
            return attributes[1];
    return NULL;
}

static int hex_digit(char byte) {
    return byte >= '0' && byte <= '9'   ? byte - '0'
           : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
           : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10
                                        : -1;
}

/* The unit of _xHHHH_ at `at`, or -1. */
static int32_t escaped_unit(const char *at, size_t len) {
    int32_t unit = 0;
    if (len < 7 || at[0] != '_' || at[1] != 'x' || at[6] != '_')
        return -1;
    for (int i = 2; i < 6; i++) {
        if (hex_digit(at[i]) < 0)
            return -1;
        unit = unit * 16 + hex_digit(at[i]);
    }
    return unit;
}

void xlsx_unescape(struct buf *text, size_t from) {
    char *first = text->len > from ? memmem(text->at + from, text->len - from, "_x", 2) : NULL;
    if (!first)
        return;
    struct buf out;
    size_t begin = (size_t)(first - text->at);
    buf_init(&out, text->max);
    for (size_t i = begin; i < text->len; i++) {
        int32_t unit = escaped_unit(text->at + i, text->len - i), low;
        if (unit < 0) {
            buf_char(&out, text->at[i]);
            continue;
        }
        i += 6;
        low = escaped_unit(text->at + i + 1, text->len - i - 1);
        if (unit >= 0xD800 && unit < 0xDC00 && low >= 0xDC00 && low < 0xE000) {
            unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            i += 7;
        }
        buf_codepoint(&out, (uint32_t)unit);
    }
    text->len = begin;
    buf_span(text, buf_as_span(&out));
    text->failed |= out.failed;
    buf_release(&out);
}

/* ---- styles ---- */

/* Number formats that every workbook knows (18.8.30). */
static enum number_kind known_format(int64_t id) {
    if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47))
        return NUMBER_CLOCK;
    bool date =
        (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
    return date ? NUMBER_DATE : NUMBER_PLAIN;
}

/* By the letters that stand for parts of a date, outside of what is quoted. */
static enum number_kind kind_of_format(const char *code) {
    bool day = false, clock = false, month = false;
    if (strncasecmp(code, "general", 7) == 0)
        return NUMBER_PLAIN;
    for (; *code; code++) {
        char letter = (char)(*code | 0x20);
        if (*code == '"' || *code == '[') {
            bool elapsed = *code == '[' && strchr("hmsHMS", code[1]) && code[1];
            const char *close = strchr(code + 1, *code == '[' ? ']' : '"');
            clock |= elapsed;
            if (!close)
                break;
            code = close;
        } else if ((*code == '\\' || *code == '_' || *code == '*') && code[1]) {
            code++;
        } else {
            day |= letter == 'y' || letter == 'd';
            clock |= letter == 'h' || letter == 's';
            month |= letter == 'm';
        }
    }
    if (day && clock)
        return NUMBER_MOMENT;
    return day || (month && !clock) ? NUMBER_DATE : clock ? NUMBER_CLOCK : NUMBER_PLAIN;
}

static int64_t number_of(const char *text, int64_t otherwise) {
    int64_t number;
    return text && num_i64(span_of(text), &number) ? number : otherwise;
}

static void add_format(struct xlsx *book, const char **attributes) {
    const char *code = xlsx_attribute(attributes, "formatCode");
    size_t most = sizeof book->formats / sizeof book->formats[0];
    if (!code || book->format_count == most)
        return;
    book->formats[book->format_count].id = number_of(xlsx_attribute(attributes, "numFmtId"), -1);
    book->formats[book->format_count++].kind = (uint8_t)kind_of_format(code);
}

static void add_style(struct xlsx *book, const char **attributes) {
    int64_t id = number_of(xlsx_attribute(attributes, "numFmtId"), 0);
    enum number_kind kind = known_format(id);
    if (book->style_count == STYLES_MAX)
        return;
    if (book->style_count == book->style_cap) {
        size_t cap = book->style_cap ? book->style_cap * 2 : 64;
        uint8_t *grown = realloc(book->styles, cap);
        if (!grown) {
            fail(book, STATUS_FATAL);
            return;
        }
        book->styles = grown;
        book->style_cap = cap;
    }
    for (size_t i = 0; i < book->format_count; i++)
        if (book->formats[i].id == id)
            kind = (enum number_kind)book->formats[i].kind;
    book->styles[book->style_count++] = (uint8_t)kind;
}

/* ---- parts ---- */

static void start_book(struct xlsx *book, const char *name, const char **attributes) {
    bool ok = true;
    if (strcmp(name, "workbookPr") == 0) {
        const char *since = xlsx_attribute(attributes, "date1904");
        book->from_1904 = since && (strcmp(since, "1") == 0 || strcmp(since, "true") == 0);
    } else if (strcmp(name, "sheet") == 0 && book->names.count < SHEETS_MAX) {
        ok = add_text(&book->names, xlsx_attribute(attributes, "name")) &&
             add_text(&book->ids, xlsx_attribute(attributes, "id"));
    }
    if (!ok)
        fail(book, STATUS_FATAL);
}

static void XMLCALL on_start(void *data, const char *full, const char **attributes) {
    struct xlsx *book = data;
    const char *name = without_prefix(full);
    switch (book->part) {
    case PART_BOOK:
        start_book(book, name, attributes);
        break;
    case PART_LINKS:
        if (strcmp(name, "Relationship") == 0 &&
            (!add_text(&book->link_ids, xlsx_attribute(attributes, "Id")) ||
             !add_text(&book->link_targets, xlsx_attribute(attributes, "Target"))))
            fail(book, STATUS_FATAL);
        break;
    case PART_STRINGS:
        book->in_phonetic |= strcmp(name, "rPh") == 0;
        book->in_text = strcmp(name, "t") == 0 && !book->in_phonetic;
        break;
    case PART_STYLES:
        book->in_cell_styles |= strcmp(name, "cellXfs") == 0;
        if (strcmp(name, "numFmt") == 0)
            add_format(book, attributes);
        if (book->in_cell_styles && strcmp(name, "xf") == 0)
            add_style(book, attributes);
        break;
    default:
        xlsx_sheet_start(book, name, attributes);
    }
}

static void XMLCALL on_end(void *data, const char *full) {
    struct xlsx *book = data;
    const char *name = without_prefix(full);
    if (book->part == PART_STRINGS) {
        struct text_list *list = &book->strings;
        book->in_text = false;
        if (strcmp(name, "rPh") == 0)
            book->in_phonetic = false;
        if (strcmp(name, "si") != 0)
            return;
        xlsx_unescape(&list->bytes, list->count ? list->ends[list->count - 1] : 0);
        if (!text_list_close(list))
            fail(book, STATUS_FATAL);
    } else if (book->part == PART_STYLES) {
        if (strcmp(name, "cellXfs") == 0)
            book->in_cell_styles = false;
    } else if (book->part == PART_SHEET) {
        xlsx_sheet_end(book, name);
        if (book->sheet->text.failed || book->sheet->value.failed)
            fail(book, STATUS_SKIP);
    }
}

static void XMLCALL on_text(void *data, const char *at, int len) {
    struct xlsx *book = data;
    if (book->part == PART_STRINGS && book->in_text)
        buf_add(&book->strings.bytes, at, (size_t)len);
    if (book->part == PART_SHEET && book->sheet->in_value)
        buf_add(&book->sheet->value, at, (size_t)len);
}

/* No part of a workbook declares entities. */
static void XMLCALL on_doctype(void *data, const char *name, const char *system, const char *public,
                               int internal) {
    (void)name, (void)system, (void)public, (void)internal;
    fail(data, STATUS_SKIP);
}

enum status xlsx_new(struct xlsx **out, struct fault *fault) {
    struct xlsx *book = *out = calloc(1, sizeof *book);
    if (!book)
        return fault_memory(fault);
    struct text_list *lists[] = {&book->strings, &book->names, &book->ids, &book->link_ids,
                                 &book->link_targets};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        buf_init(&lists[i]->bytes, i ? 1 << 20 : STRINGS_MAX);
    return STATUS_OK;
}

void xlsx_free(struct xlsx *book) {
    if (!book)
        return;
    if (book->parser)
        XML_ParserFree(book->parser);
    for (size_t i = 0; book->sheets && i < book->names.count; i++)
        xlsx_sheet_release(&book->sheets[i]);
    free(book->sheets);
    free(book->styles);
    text_list_release(&book->strings);
    text_list_release(&book->names);
    text_list_release(&book->ids);
    text_list_release(&book->link_ids);
    text_list_release(&book->link_targets);
    free(book);
}

static bool ends_in(const char *name, struct span end) {
    size_t len = strlen(name);
    return end.len && len >= end.len && strncasecmp(name + len - end.len, end.at, end.len) == 0 &&
           (len == end.len || name[len - end.len - 1] == '/');
}

/* The sheet whose part has this name, or NULL. */
static struct xlsx_sheet *sheet_of(const struct xlsx *book, const char *name) {
    for (size_t i = 0; i < book->names.count; i++)
        for (size_t k = 0; k < book->link_ids.count; k++) {
            struct span target = text_list_at(&book->link_targets, k);
            while (target.len && *target.at == '/')
                target = (struct span){target.at + 1, target.len - 1};
            if (span_equal(text_list_at(&book->ids, i), text_list_at(&book->link_ids, k)) &&
                ends_in(name, target))
                return &book->sheets[i];
        }
    return NULL;
}

bool xlsx_wants(struct xlsx *book, const char *name) {
    static const struct {
        const char *end;
        enum xlsx_part part;
    } parts[] = {{"workbook.xml", PART_BOOK},
                 {"_rels/workbook.xml.rels", PART_LINKS},
                 {"sharedStrings.xml", PART_STRINGS},
                 {"styles.xml", PART_STYLES}};
    book->part = PART_NONE;
    if (book->sheets_now) {
        book->sheet = sheet_of(book, name);
        book->part = book->sheet && !book->sheet->seen ? PART_SHEET : PART_NONE;
        if (book->part == PART_SHEET)
            book->sheet->seen = true;
    }
    for (size_t i = 0; !book->sheets_now && i < sizeof parts / sizeof *parts; i++)
        if (ends_in(name, span_of(parts[i].end)))
            book->part = parts[i].part;
    return book->part != PART_NONE;
}

static enum status damaged(struct xlsx *book, struct fault *fault) {
    static const char *const parts[] = {"?",     "list of sheets", "list of parts",
                                        "texts", "styles",         "sheet"};
    if (book->trouble == STATUS_FATAL)
        return fault_memory(fault);
    return fault_set(fault, STATUS_SKIP, EXIT_DATA,
                     "the %s of the workbook cannot be read to its end; save it again, or its "
                     "sheet as CSV",
                     parts[book->part]);
}

static enum status parse(struct xlsx *book, struct span piece, bool last, struct fault *fault) {
    if (!book->parser) {
        book->parser = XML_ParserCreate(NULL);
        if (!book->parser)
            return fault_memory(fault);
        book->trouble = STATUS_OK;
        book->in_text = book->in_phonetic = book->in_cell_styles = false;
        XML_SetUserData(book->parser, book);
        XML_SetElementHandler(book->parser, on_start, on_end);
        XML_SetCharacterDataHandler(book->parser, on_text);
        XML_SetStartDoctypeDeclHandler(book->parser, on_doctype);
    }
    bool read = piece.len <= INT32_MAX &&
                XML_Parse(book->parser, piece.at, (int)piece.len, last) == XML_STATUS_OK;
    return read ? STATUS_OK : damaged(book, fault);
}

enum status xlsx_take(struct xlsx *book, struct span piece, struct fault *fault) {
    return parse(book, piece, false, fault);
}

enum status xlsx_end(struct xlsx *book, struct fault *fault) {
    enum status status = parse(book, SPAN_LITERAL(""), true, fault);
    XML_ParserFree(book->parser);
    book->parser = NULL;
    return status;
}

enum status xlsx_begin_sheets(struct xlsx *book, struct fault *fault) {
    if (!book->names.count)
        return fault_set(fault, STATUS_SKIP, EXIT_DATA,
                         "an office document without sheets; save the table with the posts as CSV "
                         "or as an Excel workbook (.xlsx)");
    book->sheets = calloc(book->names.count, sizeof *book->sheets);
    if (!book->sheets)
        return fault_memory(fault);
    for (size_t i = 0; i < book->names.count; i++) {
        buf_init(&book->sheets[i].text, STRINGS_MAX);
        buf_init(&book->sheets[i].value, 1 << 24);
    }
    book->sheets_now = true;
    return STATUS_OK;
}

size_t xlsx_sheets(const struct xlsx *book) {
    return book->names.count;
}

enum status xlsx_whole(const struct xlsx *book, struct fault *fault) {
    for (size_t i = 0; i < book->names.count; i++) {
        struct span name = text_list_at(&book->names, i);
        if (!book->sheets[i].seen)
            return fault_set(fault, STATUS_SKIP, EXIT_DATA,
                             "the sheet \"%.*s\" is not in the file, which may be cut short; save "
                             "or fetch it again",
                             name.len < 60 ? (int)name.len : 60, name.at);
    }
    return STATUS_OK;
}

bool xlsx_table(const struct xlsx *book, size_t index, struct buf *out, char *name, size_t size,
                uint32_t *rows) {
    struct span called = text_list_at(&book->names, index);
    row_text(name, size, called.at, called.len < size - 1 ? called.len : size - 1);
    *rows = book->sheets[index].filled;
    return xlsx_sheet_table(&book->sheets[index], out);
}
