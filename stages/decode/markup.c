/* Markup whose kind is told by the text itself, and links of Markdown. */
#include "stages/decode/convert.h"
#include "stages/decode/encoding.h"

enum { LINK_TEXT_MAX = 1024, LINK_ADDRESS_MAX = 2048 }; /* so that no text takes long */

/* The '[' that belongs to the ']' at `close`, on its line and not before `from`; NULL if none. */
static const char *bracket_before(const char *from, const char *close) {
    int depth = 1;
    if (close - from > LINK_TEXT_MAX)
        from = close - LINK_TEXT_MAX;
    for (const char *at = close; at > from && at[-1] != '\n'; at--) {
        depth += at[-1] == ']' ? 1 : at[-1] == '[' ? -1 : 0;
        if (depth == 0)
            return at - 1;
    }
    return NULL;
}

static bool begins_address(struct span text) {
    static const char *const begins[] = {"http://", "https://", "ftp://", "mailto:", "www.",
                                         "/",       "#",        "giphy|", "emote|"};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (span_starts(text, begins[i]))
            return true;
    return false;
}

/* Behind the ')' of the link whose '(' stands at `at`; NULL where no link stands. */
static const char *link_end(const char *at, const char *end) {
    int depth = 0;
    bool title = false; /* "in quotation marks" behind the address */
    if (end - at > LINK_ADDRESS_MAX)
        end = at + LINK_ADDRESS_MAX;
    if (!begins_address((struct span){at + 1, (size_t)(end - at) - 1}))
        return NULL;
    for (; at < end && *at != '\n'; at++) {
        depth += !title && *at == '(' ? 1 : !title && *at == ')' ? -1 : 0;
        if (depth == 0)
            return at + 1;
        if (*at == '"')
            title = !title;
        else if (*at == ' ' && !title && !(end - at > 1 && (at[1] == '"' || at[1] == ')')))
            return NULL;
    }
    return NULL;
}

/* The part of a text that was written already, and where it goes on. */
struct links {
    char *out;
    const char *at;
};

static void copy_to(struct links *links, const char *to) {
    memcpy(links->out, links->at, (size_t)(to - links->at));
    links->out += to - links->at;
    links->at = to;
}

/* The "](" at `close` is that of a link from `open` to `stop`: of it the text is written; pictures
 * that have no text of their own (an animation, a sticker) leave none. */
static void write_link(struct links *links, const char *open, const char *close, const char *stop) {
    bool picture = open > links->at && open[-1] == '!';
    bool silent = picture && (close[2] == 'g' || close[2] == 'e');
    copy_to(links, open - picture);
    links->at = open + 1;
    if (!silent)
        copy_to(links, close);
    links->at = stop;
}

/* The next "](" at or behind `at`: by its first byte, as most texts have none. */
static const char *next_close(const char *at, const char *end) {
    for (; at < end && (at = memchr(at, ']', (size_t)(end - at))); at++)
        if (end - at > 1 && at[1] == '(')
            return at;
    return NULL;
}

static struct span links_text(struct arena *arena, struct span text) {
    const char *end = text.at + text.len, *close = next_close(text.at, end);
    if (!close)
        return text;
    char *start = arena_alloc(arena, text.len + 8);
    struct links links = {start, text.at};
    if (!start)
        return text;
    while (close) {
        const char *stop = link_end(close + 1, end);
        const char *open = stop ? bracket_before(links.at, close) : NULL;
        if (open)
            write_link(&links, open, close, stop);
        close = next_close(open ? stop : close + 2, end);
    }
    copy_to(&links, end);
    return (struct span){start, (size_t)(links.out - start)};
}

struct span markdown_text(struct arena *arena, struct span text) {
    struct span once = entities_decode(arena, text);
    return links_text(arena, once.at == text.at ? once : entities_decode(arena, once));
}

/* What stands for characters, and for markup where the whole was escaped once more. */
static struct span unescaped(struct arena *arena, struct span text) {
    for (int round = 0; round < 2 && text.len && memchr(text.at, '&', text.len); round++) {
        text = entities_decode_all(arena, text);
        if (html_tagged(text))
            return html_text(arena, text);
    }
    return text;
}

struct span markup_text(struct arena *arena, struct span text) {
    if (!text.len)
        return text;
    text = twice_text(arena, text);
    if (html_tagged(text))
        text = html_text(arena, text);
    return links_text(arena, unescaped(arena, text));
}
