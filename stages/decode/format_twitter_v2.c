/* Twitter's API v2 as twarc2 saves it: pages (`data` as an array), the stream (`data` as an
 * object), both with authors and originals apart in `includes`, and flattened tweets that hold
 * them. A repost says what its original says. */
#include "stages/decode/format.h"

#define TWEET_ROWS                                                                                 \
    {"id", FIELD_ID, CONVERT_PLAIN}, {"created_at", FIELD_TIME, CONVERT_PLAIN},                    \
        {"note_tweet.text", FIELD_TEXT, CONVERT_ENTITIES}, {"text", FIELD_TEXT, CONVERT_ENTITIES}, \
        {"author_id", FIELD_AUTHOR_ID, CONVERT_PLAIN},                                             \
        {"author.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},                                   \
        {"author_user.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},                              \
        {"author.public_metrics.followers_count", FIELD_FOLLOWERS, CONVERT_PLAIN},                 \
        {"author_user.public_metrics.followers_count", FIELD_FOLLOWERS, CONVERT_PLAIN},            \
        {"conversation_id", FIELD_CONVERSATION, CONVERT_PLAIN},                                    \
        {"in_reply_to_user_id", FIELD_REPLY_TO_AUTHOR_ID, CONVERT_PLAIN},                          \
        {"in_reply_to_user.username", FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN},                \
        {"referenced_tweets[type=replied_to].id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},               \
        {"referenced_tweets[type=retweeted].id", FIELD_REPOST_OF, CONVERT_PLAIN},                  \
        {"referenced_tweets[type=quoted].id", FIELD_QUOTE_OF, CONVERT_PLAIN},                      \
        {"lang", FIELD_LANGUAGE, CONVERT_PLAIN},                                                   \
        {"geo.country_code", FIELD_COUNTRY, CONVERT_PLAIN},                                        \
        {"public_metrics.like_count", FIELD_LIKES, CONVERT_PLAIN},                                 \
        {"public_metrics.reply_count", FIELD_REPLIES, CONVERT_PLAIN},                              \
        {"public_metrics.retweet_count", FIELD_REPOSTS, CONVERT_PLAIN}, {                          \
        "public_metrics.impression_count", FIELD_VIEWS, CONVERT_PLAIN                              \
    }

static const struct row tweet_rows[] = {TWEET_ROWS, {NULL, 0, 0}};

static const struct row user_rows[] = {
    {"username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"public_metrics.followers_count", FIELD_FOLLOWERS, CONVERT_PLAIN},
    {NULL, 0, 0},
};
static const struct format user = {.rows = user_rows};

static const struct join joins[] = {
    {"author_id", "includes.users[]", "id", JOIN_FIELDS, &user},
    {"referenced_tweets[type=retweeted].id", "includes.tweets[]", "id", NEST_REPOSTED, NULL},
    {"referenced_tweets[type=quoted].id", "includes.tweets[]", "id", NEST_QUOTED, NULL},
    {NULL, NULL, NULL, 0, NULL},
};

static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    if (post->author_handle.len && post->id.len) {
        struct span user_page = draft_join(draft, SPAN_LITERAL("https://twitter.com/"),
                                           post->author_handle, SPAN_LITERAL("/status/"));
        post->url = draft_join(draft, user_page, post->id, (struct span){NULL, 0});
    }
    return REJECT_NONE;
}

static const struct format tweet = {
    .rows = tweet_rows, .joins = joins, .text_required = true, .finish = finish};

/* "data[]" takes the object itself where there is no array. */
static const struct nest page_nests[] = {{"data[]", NEST_POST, &tweet}, {NULL, 0, NULL}};
static const struct row page_rows[] = {
    {"delete", FIELD_CONTROL, CONVERT_PLAIN},
    {NULL, 0, 0},
};
static const struct evidence page_evidence[] = {
    {"data includes __twarc", 95},
    {"data[0].id data[0].text data[0].author_id includes", 95},
    {"data.id data.text data.author_id includes", 95},
    {"data[0].id data[0].text data[0].public_metrics", 90},
    {"data.id data.text data.public_metrics", 90},
    {NULL, 0},
};

const struct format format_twitter_v2 = {
    .name = "twitter_v2",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_TWITTER,
    .rows = page_rows,
    .nests = page_nests,
    .evidence = page_evidence,
    .holder = true,
};

/* The originals lie where the post names them. */
static const struct join flat_joins[] = {
    {"referenced_tweets[type=retweeted].id", "referenced_tweets[]", "id", NEST_REPOSTED, NULL},
    {"referenced_tweets[type=quoted].id", "referenced_tweets[]", "id", NEST_QUOTED, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
static const struct evidence flat_evidence[] = {
    {"id text created_at author_id public_metrics edit_history_tweet_ids", 92},
    {"id text created_at author_id public_metrics conversation_id", 92},
    {"id text created_at author_id author.username", 90},
    {NULL, 0},
};

const struct format format_twitter_v2_flat = {
    .name = "twitter_v2_flat",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_TWITTER,
    .rows = tweet_rows,
    .joins = flat_joins,
    .evidence = flat_evidence,
    .text_required = true,
    .finish = finish,
};
