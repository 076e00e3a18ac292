/* Tweets as tables: twarc-csv (columns as paths of version 2 of the interface), and what json2csv
 * and its like make of version 1.1 and 2 (user.name, user__name, user/name are one path here). */
#include "stages/decode/format.h"

static const struct row rows[] = {
    {"id_str", FIELD_ID, CONVERT_PLAIN},
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"created_at", FIELD_TIME, CONVERT_PLAIN},
    {"created_at.$date", FIELD_TIME, CONVERT_PLAIN},
    {"extended_tweet.full_text", FIELD_TEXT, CONVERT_ENTITIES},
    {"note_tweet.text", FIELD_TEXT, CONVERT_ENTITIES},
    {"full_text", FIELD_TEXT, CONVERT_ENTITIES},
    {"text", FIELD_TEXT, CONVERT_ENTITIES},
    {"author_id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"author.id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"user.id_str", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"user.id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"author.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"user.screen_name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"author.public_metrics.followers_count", FIELD_FOLLOWERS, CONVERT_PLAIN},
    {"user.followers_count", FIELD_FOLLOWERS, CONVERT_PLAIN},
    {"lang", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"geo.country_code", FIELD_COUNTRY, CONVERT_PLAIN},
    {"place.country_code", FIELD_COUNTRY, CONVERT_PLAIN},
    {"conversation_id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"referenced_tweets.replied_to.id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"in_reply_to_status_id_str", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"in_reply_to_status_id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"in_reply_to_user_id_str", FIELD_REPLY_TO_AUTHOR_ID, CONVERT_PLAIN},
    {"in_reply_to_user_id", FIELD_REPLY_TO_AUTHOR_ID, CONVERT_PLAIN},
    {"in_reply_to_username", FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"in_reply_to_user.username", FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"in_reply_to_screen_name", FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"referenced_tweets.retweeted.id", FIELD_REPOST_OF, CONVERT_PLAIN},
    {"retweeted_status.id_str", FIELD_REPOST_OF, CONVERT_PLAIN},
    {"retweeted_status.id", FIELD_REPOST_OF, CONVERT_PLAIN},
    {"referenced_tweets.quoted.id", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"quoted_status_id_str", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"quoted_status_id", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"referenced_tweets.0.type", FIELD_NOTE, CONVERT_PLAIN},
    {"referenced_tweets.0.id", FIELD_NOTE_2, CONVERT_PLAIN},
    {"public_metrics.like_count", FIELD_LIKES, CONVERT_PLAIN},
    {"favorite_count", FIELD_LIKES, CONVERT_PLAIN},
    {"public_metrics.retweet_count", FIELD_REPOSTS, CONVERT_PLAIN},
    {"retweet_count", FIELD_REPOSTS, CONVERT_PLAIN},
    {"public_metrics.reply_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"reply_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"public_metrics.impression_count", FIELD_VIEWS, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence evidence[] = {
    {"id created_at text referenced_tweets.replied_to.id", 90},
    {"id created_at text author_id public_metrics.retweet_count", 90},
    {"id created_at text author_id referenced_tweets.0.id", 90},
    {"id_str created_at user.screen_name", 90},
    {"id_str created_at.$date user.screen_name", 90},
    {"id created_at text user.screen_name", 80},
    {"id created_at full_text user.screen_name", 80},
    {NULL, 0},
};

/* The list of referred tweets as columns: the first one is kind and id. */
static void read_reference(struct draft *draft) {
    struct post *post = draft->post;
    struct span type = draft_span(draft, FIELD_NOTE), id = draft_span(draft, FIELD_NOTE_2);
    if (span_is(type, "retweeted")) {
        post->repost_of = id;
        post->kind = POST_REPOST;
    } else if (span_is(type, "quoted")) {
        post->kind = POST_QUOTE;
    } else if (span_is(type, "replied_to")) {
        post->reply_to_id = id;
        post->kind = POST_REPLY;
    }
}

static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    read_reference(draft);
    if (post->author_handle.len && post->id.len) {
        struct span user = draft_join(draft, SPAN_LITERAL("https://twitter.com/"),
                                      post->author_handle, SPAN_LITERAL("/status/"));
        post->url = draft_join(draft, user, post->id, (struct span){NULL, 0});
    }
    return REJECT_NONE;
}

const struct format format_tweet_table = {
    .name = "tweet_table",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_TWITTER,
    .rows = rows,
    .evidence = evidence,
    .text_required = true,
    .finish = finish,
};
