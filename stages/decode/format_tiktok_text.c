/* The data of a TikTok account as text: blocks of "Key: value" with an empty line between; keys are
 * in the account's language, the first is the date, in UTC, the second the comment. */
#include "stages/decode/text_syntax.h"

/* "Date: 2026-03-02 08:20:00 UTC": where the date begins, or 0. */
static size_t date_at(struct span line) {
    static const char form[] = "dddd-dd-dd dd:dd:dd UTC";
    const char *colon = line.len ? memchr(line.at, ':', line.len < 40 ? line.len : 40) : NULL;
    size_t at = colon ? (size_t)(colon - line.at) + 2 : 0;
    if (!at || line.len != at + sizeof form - 1 || colon[1] != ' ')
        return 0;
    for (size_t i = 0; i < sizeof form - 1; i++) {
        char byte = line.at[at + i];
        if (form[i] == 'd' ? byte < '0' || byte > '9' : byte != form[i])
            return 0;
    }
    return at;
}

static bool begins(struct span line) {
    return date_at(line) > 0;
}

/* "Photo: N/A", "Url: https://...": what may stand behind the comment. */
static bool is_next_key(struct span line, struct span *value) {
    const char *colon = line.len ? memchr(line.at, ':', line.len < 24 ? line.len : 24) : NULL;
    if (!colon || memchr(line.at, ' ', (size_t)(colon - line.at)))
        return false;
    *value = (struct span){colon + 1, (size_t)(line.at + line.len - colon) - 1};
    while (value->len && (unsigned char)*value->at <= ' ')
        *value = (struct span){value->at + 1, value->len - 1};
    while (value->len && (unsigned char)value->at[value->len - 1] <= ' ')
        value->len--;
    return !value->len || span_is(*value, "N/A") || span_starts(*value, "https://");
}

static struct span take_line(struct span *rest) {
    const char *feed = rest->len ? memchr(rest->at, '\n', rest->len) : NULL;
    size_t len = feed ? (size_t)(feed - rest->at) : rest->len;
    struct span line = {rest->at, len};
    *rest = (struct span){rest->at + len + (feed != NULL), rest->len - len - (feed != NULL)};
    if (line.len && line.at[line.len - 1] == '\r')
        line.len--;
    return line;
}

static enum reject_reason split(struct span record, struct arena *arena,
                                struct span columns[TEXT_COLUMNS]) {
    (void)arena;
    struct span date = take_line(&record), value;
    size_t at = date_at(date);
    const char *colon = record.len ? memchr(record.at, ':', record.len) : NULL;
    if (!at || !colon)
        return REJECT_NOT_A_POST;
    columns[TEXT_TIME] = (struct span){date.at + at, date.len - at};
    const char *from = colon + 1, *end = from;
    for (struct span rest = record; rest.len;) {
        struct span line = take_line(&rest);
        if (line.at > colon && is_next_key(line, &value)) {
            if (span_starts(value, "https://"))
                columns[TEXT_URL] = value;
            continue;
        }
        end = line.at + line.len;
    }
    while (from < end && (unsigned char)*from <= ' ')
        from++;
    while (end > from && (unsigned char)end[-1] <= ' ')
        end--;
    columns[TEXT_BODY] = (struct span){from, (size_t)(end - from)};
    return end > from ? REJECT_NONE : REJECT_NO_TEXT;
}

static const struct text_syntax syntax = {.begins = begins, .split = split};

static const struct row rows[] = {
    {"time", FIELD_TIME, CONVERT_UTC},
    {"text", FIELD_TEXT, CONVERT_PLAIN},
    {"url", FIELD_URL, CONVERT_PLAIN},
    {NULL, 0, 0},
};

/* A comment lies under the video of its address. */
static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    const char *slash = post->url.len ? memrchr(post->url.at, '/', post->url.len) : NULL;
    size_t at = slash ? (size_t)(slash - post->url.at) + 1 : 0;
    if (at && at < post->url.len)
        post->conversation = post->reply_to_id =
            (struct span){post->url.at + at, post->url.len - at};
    post->kind = POST_REPLY;
    return REJECT_NONE;
}

const struct format format_tiktok_text = {
    .name = "tiktok_text",
    .shape = SHAPE_TEXT,
    .platform = PLATFORM_TIKTOK,
    .own_account = true,
    .syntax = &syntax,
    .rows = rows,
    .text_required = true,
    .finish = finish,
};
