/* snscrape's other scrapers are read below. Its tweets: JSON lines, and tables that pandas made of
 * them, where accounts and tweets in a field are Python's notation of an object. `content` became
 * `rawContent` in 2022. */
#include "stages/decode/format.h"

static const struct row rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"date", FIELD_TIME, CONVERT_PLAIN},
    {"rawContent", FIELD_TEXT, CONVERT_ENTITIES},
    {"content", FIELD_TEXT, CONVERT_ENTITIES},
    {"renderedContent", FIELD_TEXT, CONVERT_ENTITIES},
    {"user.id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"user.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"user.followersCount", FIELD_FOLLOWERS, CONVERT_PLAIN},
    {"user", FIELD_NOTE, CONVERT_PLAIN},
    {"username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"lang", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"conversationId", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"inReplyToTweetId", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"inReplyToUser.id", FIELD_REPLY_TO_AUTHOR_ID, CONVERT_PLAIN},
    {"inReplyToUser.username", FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"inReplyToUser", FIELD_NOTE_2, CONVERT_PLAIN},
    {"retweetedTweet.id", FIELD_REPOST_OF, CONVERT_PLAIN},
    {"retweetedTweet", FIELD_NOTE_3, CONVERT_PLAIN},
    {"quotedTweet.id", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"quotedTweet", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"url", FIELD_URL, CONVERT_PLAIN},
    {"likeCount", FIELD_LIKES, CONVERT_PLAIN},
    {"replyCount", FIELD_REPLIES, CONVERT_PLAIN},
    {"retweetCount", FIELD_REPOSTS, CONVERT_PLAIN},
    {"viewCount", FIELD_VIEWS, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct nest nests[] = {
    {"retweetedTweet", NEST_REPOSTED, NULL},
    {"quotedTweet", NEST_QUOTED, NULL},
    {NULL, 0, NULL},
};

static const struct evidence evidence[] = {
    {"id date content replyCount retweetCount likeCount", 90},
    {"id date rawContent replyCount retweetCount likeCount", 90},
    {"id date content user conversationId", 85},
    {"id date rawContent user conversationId", 85},
    {NULL, 0},
};

/* What the tables have as text: {'username': 'ala', 'id': 12, ...} or User(username='ala', ...). */
static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    struct span user = draft_span(draft, FIELD_NOTE), to = draft_span(draft, FIELD_NOTE_2);
    struct span repeated = draft_span(draft, FIELD_NOTE_3);
    if (!post->author_handle.len)
        post->author_handle = python_value(user, "username");
    if (!post->author_id.len)
        post->author_id = python_value(user, "id");
    if (!post->reply_to_author_handle.len)
        post->reply_to_author_handle = python_value(to, "username");
    if (post->kind == POST_ORIGINAL && post->reply_to_author_handle.len)
        post->kind = POST_REPLY;
    if (!post->repost_of.len && repeated.len) {
        post->repost_of = python_value(repeated, "id");
        post->kind = POST_REPOST;
    }
    return REJECT_NONE;
}

const struct format format_snscrape = {
    .name = "snscrape",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_TWITTER,
    .rows = rows,
    .nests = nests,
    .evidence = evidence,
    .text_required = true,
    .finish = finish,
};

const struct format format_snscrape_csv = {
    .name = "snscrape_csv",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_TWITTER,
    .rows = rows,
    .evidence = evidence,
    .text_required = true,
    .finish = finish,
};

/* Telegram, Reddit, Facebook, Instagram, Mastodon, VKontakte, Weibo: a JSON line of the class that
 * `_type` names; the address tells the platform. */
static const struct row post_rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"date", FIELD_TIME, CONVERT_PLAIN},
    {"created", FIELD_TIME, CONVERT_PLAIN},
    {"rawContent", FIELD_TEXT, CONVERT_MARKUP},
    {"content", FIELD_TEXT, CONVERT_MARKUP},
    {"text", FIELD_TEXT, CONVERT_MARKUP},
    {"selftext", FIELD_TEXT, CONVERT_MARKDOWN},
    {"body", FIELD_TEXT, CONVERT_MARKDOWN},
    {"title", FIELD_TITLE, CONVERT_PLAIN},
    {"username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"author", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"user.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"user.account", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"user.screenname", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"user.id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"subreddit", FIELD_CHANNEL, CONVERT_PLAIN},
    {"parentId", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"url", FIELD_URL, CONVERT_PLAIN},
    {"cleanUrl", FIELD_URL, CONVERT_PLAIN},
    {"url", FIELD_PLATFORM, CONVERT_PLAIN},
    {"cleanUrl", FIELD_PLATFORM, CONVERT_PLAIN},
    {"likes", FIELD_LIKES, CONVERT_PLAIN},
    {"likesCount", FIELD_LIKES, CONVERT_PLAIN},
    {"comments", FIELD_REPLIES, CONVERT_PLAIN},
    {"commentsCount", FIELD_REPLIES, CONVERT_PLAIN},
    {"repostsCount", FIELD_REPOSTS, CONVERT_PLAIN},
    {"views", FIELD_VIEWS, CONVERT_PLAIN},
    {"forwarded", FIELD_NOTE_2, CONVERT_PLAIN},
    {"_type", FIELD_NOTE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence post_evidence[] = {
    {"_type date url content", 86},
    {"_type date url rawContent", 86},
    {"_type date cleanUrl content", 86},
    {"_type date url subreddit", 86},
    {"_type created url subreddit", 86},
    {"_type date url text", 84},
    {NULL, 0},
};

/* "channel/101" of https://t.me/s/channel/101: the channel, and the message in it. */
static void name_message(struct draft *draft) {
    struct post *post = draft->post;
    const char *end = post->url.at + post->url.len;
    const char *last = post->url.len ? memrchr(post->url.at, '/', post->url.len) : NULL;
    const char *before = last ? memrchr(post->url.at, '/', (size_t)(last - post->url.at)) : NULL;
    if (!before || last + 1 == end)
        return;
    post->id = (struct span){before + 1, (size_t)(end - before) - 1};
    post->channel = (struct span){before + 1, (size_t)(last - before) - 1};
    if (!post->author_handle.len)
        post->author_handle = post->channel;
}

static enum reject_reason finish_post(struct draft *draft) {
    struct post *post = draft->post;
    struct span type = draft_span(draft, FIELD_NOTE);
    if (type.len && memmem(type.at, type.len, ".mastodon.", 10))
        post->platform = PLATFORM_MASTODON;
    if (post->platform == PLATFORM_TELEGRAM && !post->id.len)
        name_message(draft);
    if (draft->fields[FIELD_NOTE_2].type != VALUE_ABSENT)
        post->kind = POST_REPOST;
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_snscrape_posts = {
    .name = "snscrape_posts",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_OTHER,
    .rows = post_rows,
    .evidence = post_evidence,
    .finish = finish_post,
};
