#include "stages/decode/convert.h"

#include "stages/decode/json_text.h"

#include <strings.h>

/* Text being made of marked-up text; it is never longer than that. */
struct writer {
    char *start, *at;
    int breaks; /* line feeds to write before the next character */
    bool blank; /* a blank to write before it */
    int quotes; /* blockquotes that are open */
};

static bool is_letter(char byte) {
    return ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

static bool is_blank(char byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* One character: blanks run together, and none stands beside a line feed or at the ends. */
static void put(struct writer *out, struct span bytes) {
    if (bytes.len == 1 && is_blank(*bytes.at)) {
        out->blank = true;
        return;
    }
    bool line = out->at == out->start || out->breaks;
    if (!line && out->blank)
        *out->at++ = ' ';
    for (; out->at > out->start && out->breaks; out->breaks--)
        *out->at++ = '\n';
    if (line && out->quotes) { /* shorter than the tags that opened quote and line */
        memcpy(out->at, "> ", 2);
        out->at += 2;
    }
    out->breaks = out->blank = 0;
    memcpy(out->at, bytes.at, bytes.len);
    out->at += bytes.len;
}

static bool name_in(struct span name, const char *const *names) {
    for (; *names; names++)
        if (strlen(*names) == name.len && strncasecmp(*names, name.at, name.len) == 0)
            return true;
    return false;
}

/* Where the tag ends, behind its '>'; NULL when it does not before the next '<' outside of quotes.
 * A quote counts behind '=' only, and not when there is no other of its kind (`single`, kept over
 * calls). So no byte is looked at more than a few times, whatever the text. */
static const char *tag_end(const char *at, const char *end, bool single[2]) {
    char before = 0;
    for (; at < end; at++) {
        bool quote = *at == '"' || *at == '\'';
        if (*at == '<' || *at == '>')
            return *at == '>' ? at + 1 : NULL;
        if (quote && before == '=' && !single[*at == '"']) {
            const char *close = memchr(at + 1, *at, (size_t)(end - at) - 1);
            single[*at == '"'] = close == NULL;
            at = close ? close : at;
        }
        before = is_blank(*at) ? before : *at;
    }
    return NULL;
}

/* Elements that posts are marked up with: those that begin a line of their own, and the others. */
static const char *const block_names[] = {
    "p",  "div",  "li",      "ul",      "ol",         "tr",     "table",  "h1", "h2",
    "h3", "h4",   "h5",      "h6",      "blockquote", "pre",    "hr",     "dd", "dt",
    "dl", "body", "article", "section", "header",     "footer", "figure", NULL};
static const char *const inline_names[] = {
    "a",      "b",       "i",       "u",      "s",       "em",     "strong", "span",  "font",
    "small",  "big",     "sub",     "sup",    "q",       "del",    "ins",    "tt",    "code",
    "cite",   "kbd",     "mark",    "abbr",   "time",    "strike", "bdi",    "wbr",   "img",
    "video",  "audio",   "iframe",  "source", "picture", "label",  "button", "input", "form",
    "nobr",   "details", "summary", "aside",  "main",    "nav",    "td",     "th",    "tbody",
    "thead",  "html",    "head",    "meta",   "link",    "br",     "svg",    "path",  "figcaption",
    "script", "style",   NULL};

static bool is_known(struct span name) {
    return name_in(name, inline_names) || name_in(name, block_names);
}

/* The end of a text that was cut inside a tag with attributes. */
static bool tag_is_cut(struct span name, const char *behind, const char *end) {
    size_t left = (size_t)(end - behind);
    return left && is_blank(*behind) && is_known(name) && !memchr(behind, '<', left) &&
           memchr(behind, '=', left);
}

/* Behind the closing tag of a script or style, or the end. */
static const char *skip_raw(const char *at, const char *end, struct span name) {
    while (at < end && (at = memchr(at, '<', (size_t)(end - at)))) {
        size_t left = (size_t)(end - at);
        if (left > name.len + 1 && at[1] == '/' && strncasecmp(at + 2, name.at, name.len) == 0)
            return at;
        at++;
    }
    return end;
}

/* The tag or comment at `at` (a '<'): behind it, or `at` when it is only a sign of the text. */
static const char *read_tag(struct writer *out, const char *at, const char *end, bool single[2]) {
    static const char *const raw[] = {"script", "style", "template", "title", NULL};
    if (end - at >= 4 && memcmp(at, "<!--", 4) == 0) {
        const char *close = memmem(at + 4, (size_t)(end - at) - 4, "-->", 3);
        return close ? close + 3 : end;
    }
    bool closing = end - at > 2 && at[1] == '/';
    const char *name = at + 1 + closing, *behind = name;
    if (name >= end || !(is_letter(*name) || (!closing && (*name == '!' || *name == '?'))))
        return at;
    while (behind < end && (is_letter(*behind) || (*behind >= '0' && *behind <= '9')))
        behind++;
    struct span tag = {name, (size_t)(behind - name)};
    const char *next = tag_end(behind, end, single);
    if (!next)
        return tag_is_cut(tag, behind, end) ? end : at;
    if (tag.len == 10 && strncasecmp(tag.at, "blockquote", 10) == 0)
        out->quotes += closing ? -(out->quotes > 0) : 1;
    if (tag.len == 2 && strncasecmp(tag.at, "br", 2) == 0)
        out->breaks += out->breaks < 2;
    else if (name_in(tag, block_names))
        out->breaks += out->breaks == 0;
    else if (!closing && name_in(tag, raw))
        return skip_raw(next, end, tag);
    return next;
}

/* Names of the open tags so far, by their first bytes: a closing one makes a pair with them. */
struct opened {
    struct span names[16];
    unsigned count;
};

static bool closes_one(const struct opened *opened, struct span name) {
    unsigned kept = opened->count < 16 ? opened->count : 16;
    for (unsigned i = 0; i < kept; i++)
        if (opened->names[i].len == name.len &&
            strncasecmp(opened->names[i].at, name.at, name.len) == 0)
            return true;
    return false;
}

/* Whether nothing but a slash stands between name and '>'. */
static bool is_bare(const char *behind, const char *next) {
    while (behind < next - 1 && (is_blank(*behind) || *behind == '/'))
        behind++;
    return behind == next - 1;
}

static bool has_quoted_value(const char *behind, const char *next) {
    size_t len = (size_t)(next - behind);
    return memmem(behind, len, "=\"", 2) || memmem(behind, len, "='", 2);
}

bool html_tagged(struct span text) {
    static const char *const alone[] = {"br", "p", "hr", "div", "li", NULL};
    struct opened opened = {.count = 0};
    bool single[2] = {false, false}, comments = true;
    const char *at = text.at, *end = text.at + text.len;
    while (at < end && (at = memchr(at, '<', (size_t)(end - at)))) {
        if (comments && span_starts((struct span){at, (size_t)(end - at)}, "<!--")) {
            if (memmem(at + 4, (size_t)(end - at) - 4, "-->", 3))
                return true;
            comments = false;
        }
        bool closing = end - at > 2 && at[1] == '/';
        const char *name = at + 1 + closing, *behind = name;
        while (behind < end && (is_letter(*behind) || (*behind >= '0' && *behind <= '9')))
            behind++;
        struct span tag = {name, (size_t)(behind - name)};
        const char *next = tag.len && is_known(tag) ? tag_end(behind, end, single) : NULL;
        at++;
        if (!next)
            continue;
        bool bare = is_bare(behind, next);
        if ((bare && name_in(tag, alone)) || (closing && bare && closes_one(&opened, tag)) ||
            (!closing && has_quoted_value(behind, next)))
            return true;
        if (!closing)
            opened.names[opened.count++ % 16] = tag;
        at = next;
    }
    return false;
}

struct span html_text(struct arena *arena, struct span text) {
    if (!text.len)
        return text;
    struct writer out = {.start = arena_alloc(arena, text.len + 8)};
    const char *at = text.at, *end = text.at + text.len;
    bool single[2] = {false, false};
    if (!out.start)
        return text;
    out.at = out.start;
    while (at < end) {
        uint32_t code;
        size_t used = 1;
        const char *next = *at == '<' ? read_tag(&out, at, end, single) : at;
        if (next > at) {
            at = next;
            continue;
        }
        if (*at == '&' && (used = entity_read((struct span){at, (size_t)(end - at)}, &code))) {
            char bytes[8];
            struct buf character = {.at = bytes, .cap = sizeof bytes, .max = sizeof bytes};
            buf_codepoint(&character, code);
            put(&out, buf_as_span(&character));
        } else {
            used = 1;
            put(&out, (struct span){at, 1});
        }
        at += used;
    }
    return (struct span){out.start, (size_t)(out.at - out.start)};
}

struct span mojibake_text(struct arena *arena, struct span text) {
    char *start = arena_alloc(arena, text.len + 8), *out = start;
    const char *end = text.at + text.len;
    if (!start)
        return text;
    for (const char *at = text.at; at < end; at++) {
        unsigned char lead = (unsigned char)*at;
        if (lead > 0xC3 || (lead >= 0x80 && end - at < 2))
            return text;
        *out++ = (char)(lead < 0x80 ? lead : (lead & 3) << 6 | (*++at & 0x3F));
    }
    bool turned = out < start + text.len;
    for (const char *at = start; turned && at < out;) {
        int len = utf8_length((const unsigned char *)at, (const unsigned char *)out);
        turned = len > 0;
        at += len;
    }
    return turned ? (struct span){start, (size_t)(out - start)} : text;
}
