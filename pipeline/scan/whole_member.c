#include "pipeline/scan/whole_member.h"

#include <stdlib.h>

#define TEXTS_MAX ((size_t)1 << 30)

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

enum status whole_member_open(struct whole_member *whole, enum whole_kind kind, struct span bytes,
                              struct fault *fault) {
    *whole = (struct whole_member){.texts = NULL};
    enum status status =
        kind == WHOLE_REPOSITORY ? open_repository(whole, bytes, &whole->damage) : STATUS_SKIP;
    bool some = whole->count && whole->texts[0].text.len;
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
