/* What people download of Facebook: posts, comments, and the messages of a person or a page's
 * inbox. UTF-8 encoded twice; no ids; the title of a post says only what was done. */
#include "stages/decode/format.h"

static const struct row post_rows[] = {
    {"timestamp", FIELD_TIME, CONVERT_PLAIN},
    {"data[0].post", FIELD_TEXT, CONVERT_MOJIBAKE},
    {"data[1].post", FIELD_TEXT, CONVERT_MOJIBAKE},
    {"data[0].comment.comment", FIELD_TEXT, CONVERT_MOJIBAKE},
    {"data[0].comment.author", FIELD_AUTHOR_HANDLE, CONVERT_MOJIBAKE},
    {"data[0].comment.group", FIELD_CHANNEL, CONVERT_MOJIBAKE},
    {"data[0].post.group", FIELD_CHANNEL, CONVERT_MOJIBAKE},
    {"data[0].comment", FIELD_NOTE, CONVERT_PLAIN},
    {"data[0].comment.timestamp", FIELD_NOTE_2, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence post_evidence[] = {
    {"timestamp data[0].post", 90},
    {"timestamp data[0].comment.comment", 95},
    {"timestamp data title attachments", 80},
    {"timestamp data attachments", 75},
    {NULL, 0},
};

/* Likes, shares without a word, albums. */
static enum reject_reason notice(struct draft *draft) {
    return draft->fields[FIELD_TEXT].type == VALUE_ABSENT ? NOTICE_CONTROL : REJECT_NONE;
}

static enum reject_reason finish(struct draft *draft) {
    if (draft->fields[FIELD_NOTE].type != VALUE_ABSENT)
        draft->post->kind = POST_REPLY; /* to what is told only in words */
    return REJECT_NONE;
}

const struct format format_facebook = {
    .name = "facebook_archive",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_FACEBOOK,
    .own_account = true,
    .rows = post_rows,
    .evidence = post_evidence,
    .text_required = true,
    .notice = notice,
    .finish = finish,
};

/* A photo, a sticker, a voice is a message without words. */
static const struct row message_rows[] = {
    {"timestamp_ms", FIELD_TIME, CONVERT_PLAIN},
    {"content", FIELD_TEXT, CONVERT_MOJIBAKE},
    {"sender_name", FIELD_AUTHOR_HANDLE, CONVERT_MOJIBAKE},
    {"is_unsent", FIELD_NOTE, CONVERT_PLAIN},
    {"photos", FIELD_TEXT, CONVERT_PLAIN},
    {"videos", FIELD_TEXT, CONVERT_PLAIN},
    {"audio_files", FIELD_TEXT, CONVERT_PLAIN},
    {"gifs", FIELD_TEXT, CONVERT_PLAIN},
    {"files", FIELD_TEXT, CONVERT_PLAIN},
    {"sticker", FIELD_TEXT, CONVERT_PLAIN},
    {"share", FIELD_TEXT, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct row message_context[] = {
    {"thread_path", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"thread_path", FIELD_SCOPE, CONVERT_PLAIN},
    {"participants[].name", FIELD_NOTE_2, CONVERT_LINES},
    {NULL, 0, 0},
};

static const struct evidence message_evidence[] = {
    {"sender_name timestamp_ms content", 92},
    {"sender_name timestamp_ms", 80},
    {NULL, 0},
};

/* Where one other takes part, it is the one who was written to. */
static void find_receiver(struct post *post) {
    struct span rest = post->participants, other = {NULL, 0};
    size_t others = 0;
    while (rest.len) {
        const char *stop = memchr(rest.at, '\n', rest.len);
        size_t len = stop ? (size_t)(stop - rest.at) : rest.len;
        struct span name = {rest.at, len};
        if (name.len && !span_equal(name, post->author_handle)) {
            other = name;
            others++;
        }
        rest = stop ? (struct span){stop + 1, rest.len - len - 1} : (struct span){NULL, 0};
    }
    if (others == 1)
        post->reply_to_author_handle = other;
}

static enum reject_reason finish_message(struct draft *draft) {
    struct post *post = draft->post;
    post->flags |= POST_PRIVATE;
    post->participants = draft_span(draft, FIELD_NOTE_2);
    find_receiver(post);
    if (draft->fields[FIELD_NOTE].type == VALUE_TRUE)
        post->flags |= POST_DELETED;
    if (!post->text.len) {
        post->text = SPAN_LITERAL("");
        post->flags |= POST_NO_TEXT;
    }
    return REJECT_NONE;
}

/* Calls, polls, whoever joined. */
static enum reject_reason message_notice(struct draft *draft) {
    return draft->fields[FIELD_TEXT].type == VALUE_ABSENT ? NOTICE_CONTROL : REJECT_NONE;
}

/* Instagram's download is the same; only its folder says so. */
static const struct evidence instagram_evidence[] = {
    {"path:*instagram*messages/* sender_name timestamp_ms content", 94},
    {"path:*instagram*messages/* sender_name timestamp_ms", 82},
    {NULL, 0},
};

const struct format format_instagram_messages = {
    .name = "instagram_messages",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_INSTAGRAM,
    .rows = message_rows,
    .context = message_context,
    .evidence = instagram_evidence,
    .text_required = true,
    .notice = message_notice,
    .finish = finish_message,
};

const struct format format_facebook_messages = {
    .name = "facebook_messages",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_FACEBOOK,
    .rows = message_rows,
    .context = message_context,
    .evidence = message_evidence,
    .text_required = true,
    .notice = message_notice,
    .finish = finish_message,
};
