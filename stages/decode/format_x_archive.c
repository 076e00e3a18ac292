/* The archive of an account at Twitter or X: tweets.js and its kin, an assignment of an array.
 * Every number is a string; there is no author, for all is the account's own, and a repost is told
 * by its first letters. note-tweet.js holds the whole text of posts that are cut in tweets.js. */
#include "stages/decode/format.h"

static const struct row rows[] = {
    {"tweet.id_str", FIELD_ID, CONVERT_PLAIN},
    {"id_str", FIELD_ID, CONVERT_PLAIN},
    {"tweet.id", FIELD_ID, CONVERT_PLAIN},
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"tweet.created_at", FIELD_TIME, CONVERT_PLAIN},
    {"created_at", FIELD_TIME, CONVERT_PLAIN},
    {"tweet.full_text", FIELD_TEXT, CONVERT_ENTITIES},
    {"full_text", FIELD_TEXT, CONVERT_ENTITIES},
    {"tweet.text", FIELD_TEXT, CONVERT_ENTITIES},
    {"text", FIELD_TEXT, CONVERT_ENTITIES},
    {"tweet.in_reply_to_status_id_str", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"in_reply_to_status_id_str", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"tweet.in_reply_to_status_id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"in_reply_to_status_id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"tweet.in_reply_to_user_id_str", FIELD_REPLY_TO_AUTHOR_ID, CONVERT_PLAIN},
    {"in_reply_to_user_id_str", FIELD_REPLY_TO_AUTHOR_ID, CONVERT_PLAIN},
    {"tweet.in_reply_to_user_id", FIELD_REPLY_TO_AUTHOR_ID, CONVERT_PLAIN},
    {"in_reply_to_user_id", FIELD_REPLY_TO_AUTHOR_ID, CONVERT_PLAIN},
    {"tweet.in_reply_to_screen_name", FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"in_reply_to_screen_name", FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"tweet.lang", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"lang", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"tweet.favorite_count", FIELD_LIKES, CONVERT_PLAIN},
    {"favorite_count", FIELD_LIKES, CONVERT_PLAIN},
    {"tweet.retweet_count", FIELD_REPOSTS, CONVERT_PLAIN},
    {"retweet_count", FIELD_REPOSTS, CONVERT_PLAIN},
    {"tweet.deleted_at", FIELD_DELETED, CONVERT_PLAIN},
    {"deleted_at", FIELD_DELETED, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence evidence[] = {
    {"tweet.id_str tweet.created_at tweet.full_text", 95},
    {"tweet.id tweet.created_at tweet.full_text", 94},
    {"name:*tweet*.js id_str created_at full_text", 92},
    {"id_str created_at full_text favorited display_text_range", 62},
    {NULL, 0},
};

static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    if (span_starts(post->text, "RT @"))
        post->kind = POST_REPOST;
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_x_archive = {
    .name = "x_archive",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_TWITTER,
    .own_account = true,
    .rows = rows,
    .evidence = evidence,
    .text_required = true,
    .finish = finish,
};

static const struct row message_rows[] = {
    {"messageCreate.id", FIELD_ID, CONVERT_PLAIN},
    {"messageCreate.createdAt", FIELD_TIME, CONVERT_PLAIN},
    {"messageCreate.text", FIELD_TEXT, CONVERT_PLAIN},
    {"messageCreate.senderId", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"messageCreate.recipientId", FIELD_REPLY_TO_AUTHOR_ID, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static enum reject_reason finish_message(struct draft *draft) {
    draft->post->flags |= POST_PRIVATE;
    return draft->post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

/* Reactions, joins, names of conversations. */
static enum reject_reason message_notice(struct draft *draft) {
    return draft->fields[FIELD_TEXT].type == VALUE_ABSENT ? NOTICE_CONTROL : REJECT_NONE;
}

static const struct format message = {.rows = message_rows,
                                      .text_required = true,
                                      .notice = message_notice,
                                      .finish = finish_message};

static const struct row talk_rows[] = {
    {"dmConversation.conversationId", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"dmConversation.conversationId", FIELD_SCOPE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct nest talk_nests[] = {
    {"dmConversation.messages[]", NEST_POST, &message},
    {NULL, 0, NULL},
};

static const struct evidence talk_evidence[] = {
    {"dmConversation.messages", 95},
    {NULL, 0},
};

const struct format format_x_messages = {
    .name = "x_archive_messages",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_TWITTER,
    .rows = talk_rows,
    .nests = talk_nests,
    .evidence = talk_evidence,
    .holder = true,
};

static const struct row note_rows[] = {
    {"noteTweet.noteTweetId", FIELD_CONTROL, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence note_evidence[] = {
    {"noteTweet.core.text", 95},
    {NULL, 0},
};

const struct format format_x_notes = {
    .name = "x_archive_notes",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_TWITTER,
    .rows = note_rows,
    .evidence = note_evidence,
};
