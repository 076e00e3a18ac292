#include "stages/mask/mask.h"

#include "stages/mask/skeleton.h"

/* A word begins here: a host, a name, a number may. */
static bool begins(const struct skeleton *s, size_t at) {
    char before = at ? s->at[at - 1] : '\n';
    return !is_name(before);
}

static struct cover find_at(struct skeleton *s, size_t at) {
    struct cover cover = {0, 0};
    char sign = s->at[at];
    if (sign == '@' || sign == SIGN_AT_WORD) {
        cover = find_mail(s, at);
        return cover.to > cover.from || sign != '@' ? cover : find_handle(s, at);
    }
    if (sign == '+' || sign == '(' || is_digit(sign))
        cover = find_number(s, at);
    if (cover.to > cover.from || !is_name(sign) || !begins(s, at))
        return cover;
    if (is_letter(sign))
        cover = find_number(s, at);
    if (cover.to == cover.from)
        cover = find_page(s, at);
    return cover.to > cover.from ? cover : find_handle(s, at);
}

void mask_text(struct span text, const struct public_handles *handles, struct buf *out) {
    struct skeleton s;
    size_t shown = 0;
    if (!text.len)
        return;
    if (!skeleton_make(&s, text)) {
        out->failed = true;
        return;
    }
    s.handles = handles;
    for (size_t at = 0; at < s.len;) {
        struct cover cover = find_at(&s, at);
        if (cover.to <= cover.from) {
            at++;
            continue;
        }
        size_t from = s.from[cover.from];
        buf_add(out, text.at + shown, from - shown);
        buf_text(out, "…");
        shown = s.from[cover.to];
        s.given = cover.to;
        at = cover.to > at ? cover.to : at + 1;
    }
    buf_add(out, text.at + shown, text.len - shown);
    skeleton_release(&s);
}
