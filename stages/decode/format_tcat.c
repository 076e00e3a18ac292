/* DMI-TCAT's full export of tweets: `time` is the moment, `created_at` the same as text in UTC. A
 * repost is one by its text only. */
#include "stages/decode/format.h"

static const struct row rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"time", FIELD_TIME, CONVERT_PLAIN},
    {"created_at", FIELD_TIME, CONVERT_UTC},
    {"text", FIELD_TEXT, CONVERT_ENTITIES},
    {"from_user_id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"from_user_name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"lang", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"to_user_name", FIELD_NOTE, CONVERT_PLAIN},
    {"in_reply_to_status_id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"quoted_status_id", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"retweet_id", FIELD_REPOST_OF, CONVERT_PLAIN},
    {"retweet_count", FIELD_REPOSTS, CONVERT_PLAIN},
    {"favorite_count", FIELD_LIKES, CONVERT_PLAIN},
    {"from_user_followercount", FIELD_FOLLOWERS, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence evidence[] = {
    {"id created_at from_user_name text to_user_name in_reply_to_status_id", 94},
    {"id time created_at from_user_name text from_user_id", 92},
    {NULL, 0},
};

static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    post->reply_to_author_handle =
        post->reply_to_id.len ? draft_span(draft, FIELD_NOTE) : (struct span){NULL, 0};
    if (post->kind != POST_REPOST && span_starts(post->text, "RT @"))
        post->kind = POST_REPOST;
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_tcat = {
    .name = "tcat",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_TWITTER,
    .rows = rows,
    .evidence = evidence,
    .text_required = true,
    .finish = finish,
};
