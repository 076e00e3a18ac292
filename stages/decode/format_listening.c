/* Tables of listening tools: SentiOne, Brandwatch, Talkwalker, Meta's Content Library. Columns that
 * look alike (Created and Added to system, like and likes) are told apart here; the tool's own
 * sentiment is kept beside ours. */
#include "stages/decode/format.h"

static const struct row sentione_rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"Created", FIELD_TIME, CONVERT_PLAIN},
    {"Content of posts", FIELD_TEXT, CONVERT_PLAIN},
    {"Title", FIELD_TITLE, CONVERT_PLAIN},
    {"Author", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"Author id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"Link to the source", FIELD_URL, CONVERT_PLAIN},
    {"Domain", FIELD_PLATFORM, CONVERT_PLAIN},
    {"Domain", FIELD_CHANNEL, CONVERT_PLAIN},
    {"Thread ID", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"Language", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"Country", FIELD_COUNTRY, CONVERT_PLAIN},
    {"Sentiment", FIELD_VENDOR, CONVERT_PLAIN},
    {"likes", FIELD_LIKES, CONVERT_PLAIN},
    {"like", FIELD_LIKES, CONVERT_PLAIN},
    {"favs", FIELD_LIKES, CONVERT_PLAIN},
    {"hearts", FIELD_LIKES, CONVERT_PLAIN},
    {"comments", FIELD_REPLIES, CONVERT_PLAIN},
    {"shares", FIELD_REPOSTS, CONVERT_PLAIN},
    {"retweet", FIELD_REPOSTS, CONVERT_PLAIN},
    {"views", FIELD_VIEWS, CONVERT_PLAIN},
    {"followers", FIELD_FOLLOWERS, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence sentione_evidence[] = {
    {"id Specific?type Author Content?of?posts Created Added?to?system", 95},
    {NULL, 0},
};

const struct format format_sentione = {
    .name = "sentione",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_OTHER,
    .rows = sentione_rows,
    .evidence = sentione_evidence,
    .text_required = true,
};

static const struct row brandwatch_rows[] = {
    {"Resource Id", FIELD_ID, CONVERT_PLAIN},
    {"Date", FIELD_TIME, CONVERT_UTC},
    {"Full Text", FIELD_TEXT, CONVERT_PLAIN},
    {"Snippet", FIELD_TEXT, CONVERT_PLAIN},
    {"Title", FIELD_TITLE, CONVERT_PLAIN},
    {"Author", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"Url", FIELD_URL, CONVERT_PLAIN},
    {"Domain", FIELD_PLATFORM, CONVERT_PLAIN},
    {"Page Type", FIELD_NOTE, CONVERT_PLAIN},
    {"Thread Id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"Thread Entry Type", FIELD_NOTE_2, CONVERT_PLAIN},
    {"Thread Author", FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"X Reply to", FIELD_NOTE_3, CONVERT_PLAIN},
    {"Twitter Reply to", FIELD_NOTE_3, CONVERT_PLAIN},
    {"X Repost of", FIELD_REPOST_OF, CONVERT_PLAIN},
    {"Twitter Retweet of", FIELD_REPOST_OF, CONVERT_PLAIN},
    {"Language", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"Country Code", FIELD_COUNTRY, CONVERT_PLAIN},
    {"Sentiment", FIELD_VENDOR, CONVERT_PLAIN},
    {"X Followers", FIELD_FOLLOWERS, CONVERT_PLAIN},
    {"Twitter Followers", FIELD_FOLLOWERS, CONVERT_PLAIN},
    {"X Likes", FIELD_LIKES, CONVERT_PLAIN},
    {"Twitter Likes", FIELD_LIKES, CONVERT_PLAIN},
    {"X Reposts", FIELD_REPOSTS, CONVERT_PLAIN},
    {"Twitter Retweets", FIELD_REPOSTS, CONVERT_PLAIN},
    {"X Replies", FIELD_REPLIES, CONVERT_PLAIN},
    {"Twitter Reply Count", FIELD_REPLIES, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence brandwatch_evidence[] = {
    {"Query?Id Query?Name Date Snippet Url Resource?Id Thread?Entry?Type", 95},
    {"Query?Id Query?Name Date Snippet Url Page?Type Full?Text", 92},
    {NULL, 0},
};

/* The last part of an address: the number of the post it leads to. */
static struct span number_of(struct span address) {
    const char *slash = address.len ? memrchr(address.at, '/', address.len) : NULL;
    return slash ? (struct span){slash + 1, (size_t)(address.at + address.len - slash) - 1}
                 : address;
}

/* Ids are Brandwatch's own; a post of X has its own in its address, which links lead to. */
static enum reject_reason finish_brandwatch(struct draft *draft) {
    struct post *post = draft->post;
    struct span entry = draft_span(draft, FIELD_NOTE_2), to = draft_span(draft, FIELD_NOTE_3);
    bool answers = span_is(entry, "reply") || span_is(entry, "comment") || to.len;
    if (post->platform == PLATFORM_TWITTER && number_of(post->url).len)
        post->id = number_of(post->url);
    post->reply_to_id = number_of(to);
    if (!post->reply_to_id.len && answers && !span_equal(post->conversation, post->id))
        post->reply_to_id = post->conversation;
    post->repost_of = number_of(post->repost_of);
    if (!answers)
        post->reply_to_author_handle = (struct span){NULL, 0};
    post->kind = post->repost_of.len || span_is(entry, "share") ? POST_REPOST
                 : answers                                      ? POST_REPLY
                                                                : POST_ORIGINAL;
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_brandwatch = {
    .name = "brandwatch",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_OTHER,
    .rows = brandwatch_rows,
    .evidence = brandwatch_evidence,
    .finish = finish_brandwatch,
};

static const struct row library_rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"creation_time", FIELD_TIME, CONVERT_UTC},
    {"text", FIELD_TEXT, CONVERT_PLAIN},
    {"post_owner.id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"owner.id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"post_owner.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"post_owner.name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"owner.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"owner.name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"surface.name", FIELD_CHANNEL, CONVERT_PLAIN},
    {"lang", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"mcl_url", FIELD_URL, CONVERT_PLAIN},
    {"link_url", FIELD_URL, CONVERT_PLAIN},
    {"shared_post_id", FIELD_REPOST_OF, CONVERT_PLAIN},
    {"post_id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"parent_comment_id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"statistics.like_count", FIELD_LIKES, CONVERT_PLAIN},
    {"statistics.comment_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"statistics.share_count", FIELD_REPOSTS, CONVERT_PLAIN},
    {"statistics.views", FIELD_VIEWS, CONVERT_PLAIN},
    {"surface.type", FIELD_NOTE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence library_evidence[] = {
    {"id creation_time post_owner.id surface.type", 94},
    {"id post_id text creation_time owner.id", 90},
    {NULL, 0},
};

/* Text is there only when asked for. */
static enum reject_reason finish_library(struct draft *draft) {
    struct post *post = draft->post;
    if (span_starts(draft_span(draft, FIELD_NOTE), "instagram"))
        post->platform = PLATFORM_INSTAGRAM;
    if (post->repost_of.len)
        post->kind = POST_REPOST;
    if (post->conversation.len && !post->reply_to_id.len)
        post->reply_to_id = post->conversation;
    if (post->reply_to_id.len)
        post->kind = POST_REPLY;
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_meta_library = {
    .name = "meta_content_library",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_FACEBOOK,
    .rows = library_rows,
    .evidence = library_evidence,
    .finish = finish_library,
};

const struct format format_meta_library_json = {
    .name = "meta_content_library_json",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_FACEBOOK,
    .rows = library_rows,
    .evidence = library_evidence,
    .finish = finish_library,
};

static const struct row talkwalker_rows[] = {
    {"url", FIELD_URL, CONVERT_PLAIN},
    {"published", FIELD_TIME, CONVERT_PLAIN},
    {"content", FIELD_TEXT, CONVERT_MARKUP},
    {"title", FIELD_TITLE, CONVERT_MARKUP},
    {"extra_author_attributes.name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"extra_author_attributes.id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"domain_url", FIELD_PLATFORM, CONVERT_PLAIN},
    {"source_type", FIELD_NOTE, CONVERT_PLAIN},
    {"lang", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"country_code", FIELD_COUNTRY, CONVERT_PLAIN},
    {"sentiment", FIELD_VENDOR, CONVERT_PLAIN},
    {"article_extended_attributes.num_likes", FIELD_LIKES, CONVERT_PLAIN},
    {"article_extended_attributes.twitter_likes", FIELD_LIKES, CONVERT_PLAIN},
    {"article_extended_attributes.facebook_likes", FIELD_LIKES, CONVERT_PLAIN},
    {"article_extended_attributes.twitter_shares", FIELD_REPOSTS, CONVERT_PLAIN},
    {"article_extended_attributes.facebook_shares", FIELD_REPOSTS, CONVERT_PLAIN},
    {"article_extended_attributes.url_views", FIELD_VIEWS, CONVERT_PLAIN},
    {"source_extended_attributes.twitter_followers", FIELD_FOLLOWERS, CONVERT_PLAIN},
    {"article_extended_attributes.num_comments", FIELD_REPLIES, CONVERT_PLAIN},
    {"article_extended_attributes.num_shares", FIELD_REPOSTS, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence talkwalker_evidence[] = {
    {"url published content extra_author_attributes.name source_type", 94},
    {NULL, 0},
};

static enum reject_reason finish_talkwalker(struct draft *draft) {
    static const struct {
        const char *mark;
        enum platform platform;
    } kinds[] = {{"TWITTER", PLATFORM_TWITTER},     {"FACEBOOK", PLATFORM_FACEBOOK},
                 {"INSTAGRAM", PLATFORM_INSTAGRAM}, {"YOUTUBE", PLATFORM_YOUTUBE},
                 {"TIKTOK", PLATFORM_TIKTOK},       {"REDDIT", PLATFORM_REDDIT},
                 {"MESSAGEBOARD", PLATFORM_FORUM},  {"ONLINENEWS", PLATFORM_NEWS}};
    struct span type = draft_span(draft, FIELD_NOTE);
    for (size_t i = 0; type.len && i < sizeof kinds / sizeof *kinds; i++)
        if (memmem(type.at, type.len, kinds[i].mark, strlen(kinds[i].mark)))
            draft->post->platform = (uint8_t)kinds[i].platform;
    return draft->post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_talkwalker = {
    .name = "talkwalker",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_OTHER,
    .rows = talkwalker_rows,
    .evidence = talkwalker_evidence,
    .finish = finish_talkwalker,
};
