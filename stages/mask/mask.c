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
    bool account; /* an IBAN: a word of two letters, then digits */
    bool number;  /* any other, of seven digits */
    bool page;    /* a host with a path, or with a name before the site's two labels */
    bool lead;    /* "u/name", "u_name" */
    bool words;   /* something that begins with a word, not with an at sign alone */
};

/* Signs that are counted; the others, nearly all, are passed over. */
static const bool counted[256] = {
    ['0'] = true, ['1'] = true, ['2'] = true,           ['3'] = true,
    ['4'] = true, ['5'] = true, ['6'] = true,           ['7'] = true,
    ['8'] = true, ['9'] = true, [SIGN_DOT_WORD] = true, ['.'] = true,
    ['/'] = true, ['_'] = true, ['@'] = true,           [SIGN_AT_WORD] = true,
};

/* A dot that may part two labels of a host: the next follows at once, or it stands apart. */
static bool parts_labels(const struct skeleton *s, size_t at) {
    char next = sign_at(s, at + 1);
    return is_dot(s->at[at]) && (is_name(next) || next == '-' || (at && s->at[at - 1] == ' '));
}

/* A digit before which, perhaps apart, a word of two letters stands: those of a country. */
static bool follows_country(const struct skeleton *s, size_t at) {
    if (!at || !is_digit(s->at[at]))
        return false;
    char before = s->at[at - 1];
    at -= before == ' ' || before == '-' || before == '.';
    return at > 1 && is_letter(s->at[at - 1]) && is_letter(s->at[at - 2]) && begins(s, at - 2);
}

static struct traces find_traces(const struct skeleton *s) {
    size_t digits = 0, dots = 0, slashes = 0, lines = 0, ats = 0, countries = 0;
    for (size_t i = 0; i < s->len; i++) {
        char sign = s->at[i];
        if (!counted[(unsigned char)sign])
            continue;
        digits += is_digit(sign);
        countries += follows_country(s, i);
        dots += parts_labels(s, i);
        slashes += sign == '/';
        lines += sign == '_';
        ats += sign == '@' || sign == SIGN_AT_WORD;
    }
    struct traces traces = {.at = ats,
                            .account = countries,
                            .number = digits >= 7,
                            .page = dots && (slashes || dots > 1),
                            .lead = slashes || lines};
    traces.words = traces.account || traces.number || traces.page || traces.lead;
    return traces;
}

/* Two letters and behind them a check digit, perhaps apart. */
static bool may_be_account(const struct skeleton *s, size_t at) {
    char third = sign_at(s, at + 2);
    return is_digit(third) || third == ' ' || third == '-' || third == '.';
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
    if (traces->account && is_letter(sign) && may_be_account(s, at))
        cover = find_number(s, at);
    if (traces->page && cover.to == cover.from)
        cover = find_page(s, at);
    return cover.to > cover.from || !traces->lead ? cover : find_handle(s, at);
}

/* Behind a place where nothing was found: the next where something may begin. Inside of a word only
 * digits can; in a text without other traces only at signs. */
static size_t next_place(const struct skeleton *s, const struct traces *traces, size_t at) {
    bool inside = is_name(s->at[at++]);
    while (!traces->words && at < s->len && s->at[at] != '@' && s->at[at] != SIGN_AT_WORD)
        at++;
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
    for (size_t at = 0; (traces.at || traces.words) && at < s.len;) {
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
