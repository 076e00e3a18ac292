/* Telegram Desktop's result.json: one chat, or all chats of an account. `date` is the local time of
 * the machine that exported; `date_unixtime` states the moment. Ids count per chat. */
#include "stages/decode/topics.h"

static const struct row rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"date_unixtime", FIELD_TIME, CONVERT_PLAIN},
    {"date", FIELD_TIME, CONVERT_PLAIN},
    {"text", FIELD_TEXT, CONVERT_PIECES},
    {"from", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"author", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"from_id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"reply_to_message_id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"type", FIELD_NOTE, CONVERT_PLAIN},
    {"forwarded_from", FIELD_NOTE_2, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct row context[] = {
    {"id", FIELD_SCOPE, CONVERT_PLAIN},
    {"name", FIELD_CHANNEL, CONVERT_PLAIN},
    {"type", FIELD_NOTE_3, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence evidence[] = {
    {"id type date date_unixtime text", 90},
    {"id type date from from_id text", 85},
    {"type date_unixtime from text", 84},
    {"id type date actor action", 60},
    {NULL, 0},
};

/* Members who join, pinned messages, calls. */
static enum reject_reason notice(struct draft *draft) {
    struct span type = draft->fields[FIELD_NOTE].text;
    return type.len && !span_is(type, "message") ? NOTICE_CONTROL : REJECT_NONE;
}

/* Talks of two; what is said in a group is read by all who are in it. */
static bool is_private(struct span chat) {
    static const char *const kinds[] = {"personal_chat", "bot_chat", "saved_messages",
                                        "verification_codes"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (span_is(chat, kinds[i]))
            return true;
    return false;
}

/* What answers the first message of a topic, which is a notice, begins a thread there. */
static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    if (post->reply_to_id.len &&
        topics_have(draft->topics, draft->topic_count, post->scope, post->reply_to_id)) {
        post->conversation = post->reply_to_id;
        post->reply_to_id = (struct span){NULL, 0};
        post->kind = POST_ORIGINAL;
    }
    if (draft->fields[FIELD_NOTE_2].type != VALUE_ABSENT)
        draft->post->kind = POST_REPOST;
    if (is_private(draft_span(draft, FIELD_NOTE_3))) {
        post->flags |= POST_PRIVATE;
        post->participants = post->channel;
        if (!post->conversation.len)
            post->conversation = post->scope;
    }
    return REJECT_NONE;
}

const struct format format_telegram = {
    .name = "telegram",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_TELEGRAM,
    .rows = rows,
    .context = context,
    .evidence = evidence,
    .topic_mark = "\"topic_created\"",
    .text_required = true,
    .notice = notice,
    .finish = finish,
};
