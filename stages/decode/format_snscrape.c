/* snscrape's tweets: JSON lines, and tables that pandas made of them, where accounts and tweets in
 * a field are Python's notation of an object. `content` became `rawContent` in 2022. */
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
