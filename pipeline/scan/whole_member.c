#include "pipeline/scan/whole_member.h"

#include <stdlib.h>

#define TEXTS_MAX ((size_t)1 << 30)
/* A sheet of so few rows may be a heading or a summary. */
enum { SHORT_ROWS = 12 };

/* A new text at the end of the list, or NULL. */
static struct whole_text *add_text(struct whole_member *whole) {
    struct whole_text *grown = realloc(whole->texts, (whole->count + 1) * sizeof *grown);
    if (!grown)
        return NULL;
    whole->texts = grown;
    struct whole_text *text = &grown[whole->count++];
    *text = (struct whole_text){.name = ""};
    buf_init(&text->text, TEXTS_MAX);
    return text;
}

static enum status open_repository(struct whole_member *whole, struct span bytes,
                                   struct fault *fault) {
    struct whole_text *text = add_text(whole);
    return text ? decode_repository(bytes, &text->text, fault) : fault_memory(fault);
}

static bool wants_part(void *context, const char *name) {
    return xlsx_wants(context, name);
}

static enum status take_part(void *context, struct span piece, struct fault *fault) {
    return xlsx_take(context, piece, fault);
}

static enum status end_part(void *context, struct fault *fault) {
    return xlsx_end(context, fault);
}

/* What was read of the sheets when one of them broke off is given too. */
static enum status open_workbook(struct whole_member *whole, struct span bytes,
                                 struct budget *budget, struct fault *fault) {
    struct xlsx *book;
    enum status status = xlsx_new(&book, fault), read = STATUS_OK;
    const struct zip_visitor visitor = {book, wants_part, take_part, end_part};
    if (status == STATUS_OK)
        status = zip_parts(bytes, &visitor, budget, fault);
    if (status == STATUS_OK)
        status = xlsx_begin_sheets(book, fault);
    if (status == STATUS_OK)
        read = zip_parts(bytes, &visitor, budget, fault);
    if (status == STATUS_OK && read == STATUS_OK)
        read = xlsx_whole(book, fault);
    for (size_t i = 0; status == STATUS_OK && read != STATUS_FATAL && i < xlsx_sheets(book); i++) {
        struct whole_text *text = add_text(whole);
        uint32_t rows = 0;
        if (!text || !xlsx_table(book, i, &text->text, text->name, sizeof text->name, &rows))
            status = fault_memory(fault);
        else
            text->minor = rows <= SHORT_ROWS;
    }
    xlsx_free(book);
    return status == STATUS_OK ? read : status;
}

enum status whole_member_open(struct whole_member *whole, enum whole_kind kind, struct span bytes,
                              struct budget *budget, struct fault *fault) {
    *whole = (struct whole_member){.texts = NULL};
    enum status status = kind == WHOLE_REPOSITORY
                             ? open_repository(whole, bytes, &whole->damage)
                             : open_workbook(whole, bytes, budget, &whole->damage);
    bool some = false;
    for (size_t i = 0; i < whole->count; i++)
        some |= whole->texts[i].text.len > 0;
    if (status == STATUS_SKIP && some) {
        whole->damaged = true;
        return STATUS_OK;
    }
    if (status != STATUS_OK) {
        *fault = whole->damage;
        whole_member_close(whole);
    }
    return status;
}

bool whole_member_next(struct whole_member *whole) {
    if (whole->next)
        buf_release(&whole->texts[whole->next - 1].text);
    if (whole->next == whole->count)
        return false;
    whole->left = buf_as_span(&whole->texts[whole->next++].text);
    return true;
}

size_t whole_member_read(struct whole_member *whole, char *to, size_t cap) {
    size_t len = whole->left.len < cap ? whole->left.len : cap;
    if (len)
        memcpy(to, whole->left.at, len);
    whole->left = (struct span){whole->left.at + len, whole->left.len - len};
    return len;
}

void whole_member_close(struct whole_member *whole) {
    for (size_t i = 0; i < whole->count; i++)
        buf_release(&whole->texts[i].text);
    free(whole->texts);
    *whole = (struct whole_member){.texts = NULL};
}
