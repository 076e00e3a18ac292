#include "stages/mask/mask.h"

#include "stages/mask/skeleton.h"

/* A word begins here: a host, a name, a number may. */
static bool begins(const struct skeleton *s, size_t at) {
    char before = at ? s->at[at - 1] : '\n';
    return !is_name(before);
}

/* What a text must have for what is looked for to stand in it anywhere. */
struct traces {
    bool at;      /* a mail address or a handle */
    bool account; /* an IBAN, which has two check digits */
    bool number;  /* any other, of seven digits */
    bool page;    /* a host with a path, or with a name before the site's two labels */
    bool lead;    /* "u/name", "u_name" */
};

/* How often signs of a kind stand in up to COUNT_MOST signs: counts of one byte become vectors. */
enum { COUNT_MOST = UINT8_MAX };
struct sign_counts {
    uint8_t digits, dots, slashes, lines, ats;
};

static struct sign_counts count_signs(const char *signs, size_t len) {
    uint8_t digits = 0, dots = 0, slashes = 0, lines = 0, ats = 0;
    for (size_t i = 0; i < len; i++) {
        char sign = signs[i];
        digits += is_digit(sign);
        dots += is_dot(sign);
        slashes += sign == '/';
        lines += sign == '_';
        ats += (sign == '@') | (sign == SIGN_AT_WORD);
    }
    return (struct sign_counts){digits, dots, slashes, lines, ats};
}

static struct traces find_traces(const struct skeleton *s) {
    size_t digits = 0, dots = 0, slashes = 0, lines = 0, ats = 0;
    for (size_t from = 0; from < s->len; from += COUNT_MOST) {
        size_t len = s->len - from < COUNT_MOST ? s->len - from : COUNT_MOST;
        struct sign_counts counts = count_signs(s->at + from, len);
        digits += counts.digits;
        dots += counts.dots;
        slashes += counts.slashes;
        lines += counts.lines;
        ats += counts.ats;
    }
    return (struct traces){.at = ats,
                           .account = digits >= 2,
                           .number = digits >= 7,
                           .page = dots && (slashes || dots > 1),
                           .lead = slashes || lines};
}

static struct cover find_at(struct skeleton *s, const struct traces *traces, size_t at) {
    struct cover cover = {0, 0};
    char sign = s->at[at];
    if (sign == '@' || sign == SIGN_AT_WORD) {
        cover = find_mail(s, at);
        return cover.to > cover.from || sign != '@' ? cover : find_handle(s, at);
    }
    if (traces->number && (sign == '+' || sign == '(' || is_digit(sign)))
        cover = find_number(s, at);
    if (cover.to > cover.from || !is_name(sign) || !begins(s, at))
        return cover;
    /* behind the two letters of an account no third one stands */
    if (traces->account && is_letter(sign) && !is_letter(sign_at(s, at + 2)))
        cover = find_number(s, at);
    if (traces->page && cover.to == cover.from)
        cover = find_page(s, at);
    return cover.to > cover.from || !traces->lead ? cover : find_handle(s, at);
}

/* Behind a place where nothing was found: the next where something may begin. Inside of a word only
 * digits can. */
static size_t next_place(const struct skeleton *s, const struct traces *traces, size_t at) {
    bool inside = is_name(s->at[at++]);
    while (inside && at < s->len && is_name(s->at[at]) && !(traces->number && is_digit(s->at[at])))
        at++;
    return at;
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
    struct traces traces = find_traces(&s);
    bool any = traces.at || traces.account || traces.page || traces.lead;
    for (size_t at = 0; any && at < s.len;) {
        struct cover cover = find_at(&s, &traces, at);
        if (cover.to <= cover.from) {
            at = next_place(&s, &traces, at);
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
