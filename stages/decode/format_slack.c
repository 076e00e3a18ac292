/* Slack's export: one file a channel and day, an array of messages. `ts` is id and time; a message
 * whose thread_ts is another's belongs to that thread. Names are in users.json, here are ids. */
#include "stages/decode/format.h"

static const struct row rows[] = {
    {"ts", FIELD_ID, CONVERT_PLAIN},
    {"ts", FIELD_TIME, CONVERT_PLAIN},
    {"text", FIELD_TEXT, CONVERT_PLAIN},
    {"user", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"bot_id", FIELD_BOT, CONVERT_PLAIN},
    {"username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"user_profile.name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"thread_ts", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"parent_user_id", FIELD_REPLY_TO_AUTHOR_ID, CONVERT_PLAIN},
    {"reply_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"channel", FIELD_SCOPE, CONVERT_PLAIN},
    {"subtype", FIELD_NOTE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence evidence[] = {
    {"type ts text user", 82},
    {"type subtype ts text", 78},
    {NULL, 0},
};

static bool is_said(struct span subtype) {
    static const char *const said[] = {"bot_message", "me_message", "file_share",
                                       "thread_broadcast", "reply_broadcast"};
    bool is = !subtype.len;
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        is |= span_is(subtype, said[i]);
    return is;
}

/* Joins, topics, pins. */
static enum reject_reason notice(struct draft *draft) {
    return is_said(draft->fields[FIELD_NOTE].text) ? REJECT_NONE : NOTICE_CONTROL;
}

/* &amp; &lt; &gt;: all that is escaped. The character, and *used bytes of it. */
static char unescaped(struct span rest, size_t *used) {
    static const struct {
        const char *name;
        char is;
    } known[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}};
    *used = 1;
    for (size_t i = 0; *rest.at == '&' && i < sizeof known / sizeof *known; i++)
        if (span_starts(rest, known[i].name)) {
            *used = strlen(known[i].name);
            return known[i].is;
        }
    return *rest.at;
}

/* <https://a.example|shown>, <@U1>, <#C1|name>, <!here>: what a reader sees. */
static struct span plain_text(struct draft *draft, struct span text) {
    char *out = text.len ? arena_alloc(draft->arena, text.len + 1) : NULL;
    size_t len = 0;
    if (!out)
        return text;
    for (size_t at = 0; at < text.len; at++) {
        const char *close = text.at[at] == '<' ? memchr(text.at + at, '>', text.len - at) : NULL;
        if (!close) {
            size_t used;
            out[len++] = unescaped((struct span){text.at + at, text.len - at}, &used);
            at += used - 1;
            continue;
        }
        const char *from = text.at + at + 1;
        const char *bar = memchr(from, '|', (size_t)(close - from));
        bool mark = *from == '#' || *from == '!';
        from = bar ? bar + 1 : from + mark;
        if (mark)
            out[len++] = text.at[at + 1] == '#' ? '#' : '@';
        memcpy(out + len, from, (size_t)(close - from));
        len += (size_t)(close - from);
        at = (size_t)(close - text.at);
    }
    return (struct span){out, len};
}

static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    if (post->conversation.len && !span_equal(post->conversation, post->id)) {
        post->reply_to_id = post->conversation;
        post->kind = POST_REPLY;
    }
    post->text = plain_text(draft, post->text);
    return REJECT_NONE;
}

const struct format format_slack = {
    .name = "slack",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_SLACK,
    .rows = rows,
    .evidence = evidence,
    .text_required = true,
    .notice = notice,
    .finish = finish,
};
