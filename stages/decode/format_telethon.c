/* Telethon's messages as its to_json writes them, a line each, and 4CAT's collection of them. Ids
 * count per chat. */
#include "stages/decode/format.h"

static const struct row rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"date", FIELD_TIME, CONVERT_PLAIN},
    {"message", FIELD_TEXT, CONVERT_PLAIN},
    {"from_id.user_id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"from_id.channel_id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"_sender.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"_sender.first_name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"_sender.bot", FIELD_BOT, CONVERT_PLAIN},
    {"post_author", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"peer_id.channel_id", FIELD_SCOPE, CONVERT_PLAIN},
    {"peer_id.chat_id", FIELD_SCOPE, CONVERT_PLAIN},
    {"peer_id.user_id", FIELD_SCOPE, CONVERT_PLAIN},
    {"_chat.title", FIELD_CHANNEL, CONVERT_PLAIN},
    {"_chat.username", FIELD_CHANNEL, CONVERT_PLAIN},
    {"peer_id.channel_id", FIELD_CHANNEL, CONVERT_PLAIN},
    {"peer_id.chat_id", FIELD_CHANNEL, CONVERT_PLAIN},
    {"reply_to.reply_to_msg_id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"reply_to.reply_to_top_id", FIELD_NOTE_2, CONVERT_PLAIN},
    {"fwd_from", FIELD_NOTE, CONVERT_PLAIN},
    {"views", FIELD_VIEWS, CONVERT_PLAIN},
    {"forwards", FIELD_REPOSTS, CONVERT_PLAIN},
    {"replies.replies", FIELD_REPLIES, CONVERT_PLAIN},
    {"peer_id.user_id", FIELD_NOTE_3, CONVERT_PLAIN},
    {"reply_to.forum_topic", FIELD_NOTE_4, CONVERT_PLAIN},
    {"action", FIELD_CONTROL, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence evidence[] = {
    {"_ id peer_id date message", 94},
    {"_type id peer_id date message", 94},
    {"_ id peer_id date action", 80},
    {NULL, 0},
};

/* A message of a forum that answers nothing but its topic's first is no reply. */
static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    if (draft->fields[FIELD_NOTE].type == VALUE_OBJECT) {
        post->kind = POST_REPOST;
        post->reply_to_id = (struct span){NULL, 0};
    }
    if (draft->fields[FIELD_NOTE_4].type == VALUE_TRUE &&
        draft->fields[FIELD_NOTE_2].type == VALUE_ABSENT) {
        post->reply_to_id = (struct span){NULL, 0};
        post->kind = post->kind == POST_REPLY ? POST_ORIGINAL : post->kind;
    }
    if (draft->fields[FIELD_NOTE_3].type != VALUE_ABSENT)
        post->flags |= POST_PRIVATE;
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_telethon = {
    .name = "telethon",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_TELEGRAM,
    .rows = rows,
    .evidence = evidence,
    .text_required = true,
    .finish = finish,
};
