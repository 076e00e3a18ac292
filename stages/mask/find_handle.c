/* Handles and mail addresses: what stands before an at sign and behind it. */
#include "stages/mask/skeleton.h"

static const struct cover nothing = {0, 0};

static bool is_public(const struct skeleton *s, size_t from, size_t to) {
    return public_handles_hold(s->handles, (struct span){s->at + from, to - from});
}

static bool is_hyphen(char sign) {
    return sign == '.' || sign == '-';
}

/* The end of a name; dots and hyphens only inside, and one @server. */
static size_t name_end(const struct skeleton *s, size_t at) {
    bool server = false;
    for (;; at++) {
        char sign = sign_at(s, at);
        bool joins = is_hyphen(sign) || (sign == '@' && !server);
        if (!is_name(sign) && !(joins && is_name(sign_at(s, at + 1))))
            return at;
        server |= sign == '@';
    }
}

/* "j a n _ k": single signs with a blank between, from `at` on; where they end. */
static size_t spaced_end(const struct skeleton *s, size_t at, size_t *count) {
    *count = 0;
    while (is_name(sign_at(s, at)) && !is_name(sign_at(s, at + 1))) {
        ++*count;
        if (sign_at(s, at + 1) != ' ' || !is_name(sign_at(s, at + 2)))
            return at + 1;
        at += 2;
    }
    return *count ? at - 1 : at;
}

/* "jan_ kowalski", "jan _kowalski": the name goes on behind the blank. */
static size_t joined_end(const struct skeleton *s, size_t at, size_t end) {
    while (end > at && sign_at(s, end) == ' ' && is_name(sign_at(s, end + 1)) &&
           (s->at[end - 1] == '_' || s->at[end + 1] == '_'))
        end = name_end(s, end + 1);
    return end;
}

/* The name behind a lead; nothing when it may be named. */
static struct cover cover_name(const struct skeleton *s, size_t from) {
    size_t end = name_end(s, from), first = from;
    /* a sentence goes on behind the brand's own name without a blank */
    while (first < end && is_name(s->at[first]))
        first++;
    if (end == from || is_public(s, from, end) || is_public(s, from, first))
        return nothing;
    size_t count, spaced = spaced_end(s, from, &count);
    if (count > 2)
        return (struct cover){from, spaced};
    return (struct cover){from, joined_end(s, from, end)};
}

static bool has_letter(const struct skeleton *s, struct cover cover) {
    for (size_t i = cover.from; i < cover.to; i++)
        if (is_letter(s->at[i]))
            return true;
    return false;
}

/* Behind an at sign, perhaps with a blank between: "lunch @ 5" names nobody. */
static struct cover find_at_name(const struct skeleton *s, size_t at) {
    if (sign_at(s, at + 1) != ' ')
        return cover_name(s, at + 1);
    size_t from = at + 1;
    while (sign_at(s, from) == ' ' && from < at + 3)
        from++;
    struct cover cover = cover_name(s, from);
    bool doubled = at && s->at[at - 1] == '@';
    return doubled || cover.to < cover.from + 2 || !has_letter(s, cover) ? nothing : cover;
}

/* "u/name", "r/u_name", "u_name": names on Reddit. */
static size_t reddit_lead(const struct skeleton *s, size_t at) {
    if (s->at[at] != 'u' && s->at[at] != 'r')
        return 0;
    if (sign_starts(s, at, "r/u_"))
        return 4;
    if (sign_starts(s, at, "user/") && at && s->at[at - 1] == '/')
        return 5;
    if (sign_starts(s, at, "u_"))
        return 2;
    if (sign_at(s, at) != 'u')
        return 0;
    size_t end = at + 1;
    bool apart = sign_at(s, end) == ' ';
    if (sign_at(s, end + apart) != '/')
        return 0;
    end += apart + 1;
    if (sign_at(s, end) == ' ' && (apart || (at && s->at[at - 1] == '/')))
        end++;
    return end - at;
}

struct cover find_handle(const struct skeleton *s, size_t at) {
    if (s->at[at] == '@')
        return find_at_name(s, at);
    /* "menu-u/x" is none */
    size_t lead = at && s->at[at - 1] == '-' ? 0 : reddit_lead(s, at);
    return lead ? cover_name(s, at + lead) : nothing;
}

/* ---- mail ---- */

static bool is_local(char sign) {
    return is_name(sign) || (sign > ' ' && strchr(".%+-'!#$&*=~", sign)) || sign == SIGN_DOT_WORD;
}

/* Where what stands before the at sign begins. */
static size_t local_begin(const struct skeleton *s, size_t at) {
    size_t from = at;
    while (from > s->given && is_local(s->at[from - 1]))
        from--;
    while (from < at && !is_name(s->at[from]))
        from++; /* marks before it are no part of it */
    return from;
}

/* "j a n": single signs with blanks between before `at`; at least three, else `at`. */
static size_t spaced_begin(const struct skeleton *s, size_t at) {
    size_t from = at, count = 0;
    while (from > s->given + 1 && s->at[from - 1] == ' ' && is_local(s->at[from - 2]) &&
           (from < s->given + 3 || !is_local(s->at[from - 3]))) {
        from -= 2;
        count++;
    }
    return count > 2 ? from : at;
}

/* Providers that a domain needs no ending for to be one. */
static bool is_provider(const struct skeleton *s, size_t at) {
    static const char *const names[] = {
        "gmail",  "googlemail", "wp",      "o2",        "onet",      "op",     "interia",
        "poczta", "tlen",       "outlook", "hotmail",   "yahoo",     "proton", "icloud",
        "gazeta", "live",       "gmx",     "buziaczek", "protonmail"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (sign_starts(s, at, names[i]) && !is_name(sign_at(s, at + strlen(names[i]))))
            return true;
    return false;
}

/* A domain behind an at sign: it has an ending; `spelled`: its dot is a word. */
struct domain {
    bool whole, spelled;
    bool usual; /* the ending is a usual one */
};

static struct domain read_domain(const struct skeleton *s, size_t at) {
    struct domain domain = {false, false, false};
    while (is_name(sign_at(s, at)) || sign_at(s, at) == '-') {
        at++;
        bool apart = sign_at(s, at) == ' ' && sign_at(s, at + 1) == '.';
        size_t dot = at + apart;
        if (!is_dot(sign_at(s, dot)))
            continue;
        apart &= sign_at(s, dot + 1) == ' ';
        if (!is_letter(sign_at(s, dot + 1 + apart)))
            break;
        domain.whole = true;
        domain.spelled |= s->at[dot] == SIGN_DOT_WORD;
        at = dot + 1 + apart;
        domain.usual = is_ending(s, at);
    }
    return domain;
}

struct cover find_mail(const struct skeleton *s, size_t at) {
    bool word = s->at[at] == SIGN_AT_WORD;
    size_t behind = at + 1, from = local_begin(s, at), end = at;
    while (sign_at(s, behind) == ' ' && behind < at + 3)
        behind++;
    struct domain domain = read_domain(s, behind);
    if (from == at && at > s->given && s->at[at - 1] == ' ') {
        size_t before = spaced_begin(s, at);
        if (before < at)
            return (struct cover){before, at - 1};
        end = at - 1;
        from = domain.usual || is_provider(s, behind) ? local_begin(s, end) : end;
    }
    if (from == end || !is_name(sign_at(s, behind)))
        return nothing;
    /* "look at norvia.pl" is no address */
    if (word && !domain.spelled && !is_provider(s, behind))
        return nothing;
    return (struct cover){from, end};
}
