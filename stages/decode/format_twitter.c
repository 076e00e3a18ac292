/* Twitter API v1.1 as the stream and search gave it (Internet Archive "twitterstream" and
 * collected JSONL): one tweet or control message per line, or an array of tweets. */
#include "stages/decode/format.h"

#include "stages/model/id_time.h"

static const struct row rows[] = {
    {"id_str", FIELD_ID, CONVERT_PLAIN},
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"timestamp_ms", FIELD_TIME, CONVERT_PLAIN},
    {"created_at", FIELD_TIME, CONVERT_PLAIN},
    {"extended_tweet.full_text", FIELD_TEXT, CONVERT_ENTITIES},
    {"full_text", FIELD_TEXT, CONVERT_ENTITIES},
    {"text", FIELD_TEXT, CONVERT_ENTITIES},
    {"user.id_str", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"user.id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"user.screen_name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"user.followers_count", FIELD_FOLLOWERS, CONVERT_PLAIN},
    {"in_reply_to_status_id_str", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"in_reply_to_status_id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"in_reply_to_user_id_str", FIELD_REPLY_TO_AUTHOR_ID, CONVERT_PLAIN},
    {"in_reply_to_user_id", FIELD_REPLY_TO_AUTHOR_ID, CONVERT_PLAIN},
    {"in_reply_to_screen_name", FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"retweeted_status.id_str", FIELD_REPOST_OF, CONVERT_PLAIN},
    {"retweeted_status.id", FIELD_REPOST_OF, CONVERT_PLAIN},
    {"quoted_status_id_str", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"quoted_status_id", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"lang", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"place.country_code", FIELD_COUNTRY, CONVERT_PLAIN},
    {"favorite_count", FIELD_LIKES, CONVERT_PLAIN},
    {"retweet_count", FIELD_REPOSTS, CONVERT_PLAIN},
    {"reply_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"delete.status.id_str", FIELD_DELETED_ID, CONVERT_PLAIN},
    {"delete.status.id", FIELD_DELETED_ID, CONVERT_PLAIN},
    {"status_withheld.id", FIELD_DELETED_ID, CONVERT_PLAIN},
    {"status_withheld.status.id_str", FIELD_DELETED_ID, CONVERT_PLAIN},
    {"status_withheld.status.id", FIELD_DELETED_ID, CONVERT_PLAIN},
    {"user_withheld.id", FIELD_DELETED_AUTHOR, CONVERT_PLAIN},
    {"user_withheld.user.id", FIELD_DELETED_AUTHOR, CONVERT_PLAIN},
    {"user_delete.id", FIELD_DELETED_AUTHOR, CONVERT_PLAIN},
    {"user_protect.id", FIELD_DELETED_AUTHOR, CONVERT_PLAIN},
    {"user_suspend.id", FIELD_DELETED_AUTHOR, CONVERT_PLAIN},
    {"withheld_copyright", FIELD_DELETED, CONVERT_PLAIN},
    {"delete", FIELD_CONTROL, CONVERT_PLAIN},
    {"limit", FIELD_CONTROL, CONVERT_PLAIN},
    {"scrub_geo", FIELD_CONTROL, CONVERT_PLAIN},
    {"status_withheld", FIELD_CONTROL, CONVERT_PLAIN},
    {"user_withheld", FIELD_CONTROL, CONVERT_PLAIN},
    {"user_undelete", FIELD_CONTROL, CONVERT_PLAIN},
    {"user_unprotect", FIELD_CONTROL, CONVERT_PLAIN},
    {"user_unsuspend", FIELD_CONTROL, CONVERT_PLAIN},
    {"warning", FIELD_CONTROL, CONVERT_PLAIN},
    {"disconnect", FIELD_CONTROL, CONVERT_PLAIN},
    {"friends", FIELD_CONTROL, CONVERT_PLAIN},
    {"event", FIELD_CONTROL, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct nest nests[] = {
    {"retweeted_status", NEST_REPOSTED, NULL},
    {"quoted_status", NEST_QUOTED, NULL},
    {NULL, 0, NULL},
};

static const struct evidence evidence[] = {
    {"id_str created_at user.screen_name", 90},
    {"id created_at text user.screen_name", 80},
    {"delete.status.id", 70},
    {"status_withheld.id", 60},
    {"status_withheld.status.id", 60},
    {"user_withheld.id", 60},
    {"user_withheld.user.id", 60},
    {"user_delete.id", 60},
    {"user_protect.id", 60},
    {"user_suspend.id", 60},
    {"limit.track", 60},
    {"scrub_geo.up_to_status_id", 60},
    {NULL, 0},
};

static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    if (post->created_at_us == TIME_NONE) {
        post->created_at_us = id_time(PLATFORM_TWITTER, post->id);
        post->time_precision = TIME_EXACT_MS;
        post->time_source = TIME_FROM_ID;
    }
    if (post->author_handle.len && post->id.len) {
        struct span user = draft_join(draft, SPAN_LITERAL("https://twitter.com/"),
                                      post->author_handle, SPAN_LITERAL("/status/"));
        post->url = draft_join(draft, user, post->id, (struct span){NULL, 0});
    }
    return REJECT_NONE;
}

const struct format format_twitter = {
    .name = "twitter",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_TWITTER,
    .rows = rows,
    .nests = nests,
    .evidence = evidence,
    .text_required = true,
    .finish = finish,
};
