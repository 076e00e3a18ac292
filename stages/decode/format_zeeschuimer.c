/* Zeeschuimer: what a browser saw of a platform, one object a line: the platform's own object below
 * `data`, or, after 4CAT, lifted to the top with `__import_meta`. The outer `id` is a number of the
 * browser and `item_id` may be rounded. Partial records never have a time. */
#include "stages/decode/format.h"

#include "stages/model/id_time.h"

static const struct row x_rows[] = {
    {"data.rest_id", FIELD_ID, CONVERT_PLAIN},
    {"rest_id", FIELD_ID, CONVERT_PLAIN},
    {"data.legacy.id_str", FIELD_ID, CONVERT_PLAIN},
    {"legacy.id_str", FIELD_ID, CONVERT_PLAIN},
    {"data.note_tweet.note_tweet_results.result.text", FIELD_TEXT, CONVERT_ENTITIES},
    {"note_tweet.note_tweet_results.result.text", FIELD_TEXT, CONVERT_ENTITIES},
    {"data.legacy.full_text", FIELD_TEXT, CONVERT_ENTITIES},
    {"legacy.full_text", FIELD_TEXT, CONVERT_ENTITIES},
    {"data.legacy.created_at", FIELD_TIME, CONVERT_PLAIN},
    {"legacy.created_at", FIELD_TIME, CONVERT_PLAIN},
    {"data.legacy.conversation_id_str", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"legacy.conversation_id_str", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"data.legacy.in_reply_to_status_id_str", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"legacy.in_reply_to_status_id_str", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"data.legacy.in_reply_to_screen_name", FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"legacy.in_reply_to_screen_name", FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.legacy.in_reply_to_user_id_str", FIELD_REPLY_TO_AUTHOR_ID, CONVERT_PLAIN},
    {"legacy.in_reply_to_user_id_str", FIELD_REPLY_TO_AUTHOR_ID, CONVERT_PLAIN},
    {"data.legacy.user_id_str", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"legacy.user_id_str", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"data.legacy.lang", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"legacy.lang", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"data.legacy.favorite_count", FIELD_LIKES, CONVERT_PLAIN},
    {"legacy.favorite_count", FIELD_LIKES, CONVERT_PLAIN},
    {"data.legacy.retweet_count", FIELD_REPOSTS, CONVERT_PLAIN},
    {"legacy.retweet_count", FIELD_REPOSTS, CONVERT_PLAIN},
    {"data.legacy.reply_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"legacy.reply_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"data.views.count", FIELD_VIEWS, CONVERT_PLAIN},
    {"views.count", FIELD_VIEWS, CONVERT_PLAIN},
    {"data.core.user_results.result.core.screen_name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"core.user_results.result.core.screen_name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.core.user_results.result.legacy.screen_name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"core.user_results.result.legacy.screen_name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.user.legacy.screen_name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"user.legacy.screen_name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.core.user_results.result.legacy.followers_count", FIELD_FOLLOWERS, CONVERT_PLAIN},
    {"core.user_results.result.legacy.followers_count", FIELD_FOLLOWERS, CONVERT_PLAIN},
    {"data.legacy.retweeted_status_result.result.rest_id", FIELD_REPOST_OF, CONVERT_PLAIN},
    {"legacy.retweeted_status_result.result.rest_id", FIELD_REPOST_OF, CONVERT_PLAIN},
    {"data.legacy.retweeted_status_result.result.tweet.rest_id", FIELD_REPOST_OF, CONVERT_PLAIN},
    {"legacy.retweeted_status_result.result.tweet.rest_id", FIELD_REPOST_OF, CONVERT_PLAIN},
    {"data.legacy.quoted_status_id_str", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"legacy.quoted_status_id_str", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct nest x_nests[] = {
    {"data.legacy.retweeted_status_result.result", NEST_REPOSTED, NULL},
    {"data.legacy.retweeted_status_result.result.tweet", NEST_REPOSTED, NULL},
    {"data.quoted_status_result.result", NEST_QUOTED, NULL},
    {"data.quoted_status_result.result.tweet", NEST_QUOTED, NULL},
    {"legacy.retweeted_status_result.result", NEST_REPOSTED, NULL},
    {"legacy.retweeted_status_result.result.tweet", NEST_REPOSTED, NULL},
    {"quoted_status_result.result", NEST_QUOTED, NULL},
    {"quoted_status_result.result.tweet", NEST_QUOTED, NULL},
    {NULL, 0, NULL},
};

static const struct evidence x_evidence[] = {
    {"source_platform data.legacy.full_text", 95},
    {"__import_meta legacy.full_text", 95},
    {"source_platform data.legacy", 90},
    {NULL, 0},
};

static enum reject_reason finish_x(struct draft *draft) {
    struct post *post = draft->post;
    if (post->author_handle.len && post->id.len) {
        struct span user = draft_join(draft, SPAN_LITERAL("https://twitter.com/"),
                                      post->author_handle, SPAN_LITERAL("/status/"));
        post->url = draft_join(draft, user, post->id, (struct span){NULL, 0});
    }
    return REJECT_NONE;
}

const struct format format_zeeschuimer_x = {
    .name = "zeeschuimer_x",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_TWITTER,
    .rows = x_rows,
    .nests = x_nests,
    .evidence = x_evidence,
    .text_required = true,
    .finish = finish_x,
};

static const struct row instagram_rows[] = {
    {"data.pk", FIELD_ID, CONVERT_PLAIN},
    {"pk", FIELD_ID, CONVERT_PLAIN},
    {"data.id", FIELD_ID, CONVERT_PLAIN},
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"data.taken_at", FIELD_TIME, CONVERT_PLAIN},
    {"taken_at", FIELD_TIME, CONVERT_PLAIN},
    {"data.taken_at_timestamp", FIELD_TIME, CONVERT_PLAIN},
    {"taken_at_timestamp", FIELD_TIME, CONVERT_PLAIN},
    {"data.caption.text", FIELD_TEXT, CONVERT_PLAIN},
    {"caption.text", FIELD_TEXT, CONVERT_PLAIN},
    {"data.edge_media_to_caption.edges[0].node.text", FIELD_TEXT, CONVERT_PLAIN},
    {"edge_media_to_caption.edges[0].node.text", FIELD_TEXT, CONVERT_PLAIN},
    {"data.user.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"user.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.owner.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"owner.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.user.pk", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"user.pk", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"data.user.id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"user.id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"data.owner.id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"owner.id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"data.like_count", FIELD_LIKES, CONVERT_PLAIN},
    {"like_count", FIELD_LIKES, CONVERT_PLAIN},
    {"data.edge_media_preview_like.count", FIELD_LIKES, CONVERT_PLAIN},
    {"edge_media_preview_like.count", FIELD_LIKES, CONVERT_PLAIN},
    {"data.comment_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"comment_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"data.edge_media_to_comment.count", FIELD_REPLIES, CONVERT_PLAIN},
    {"edge_media_to_comment.count", FIELD_REPLIES, CONVERT_PLAIN},
    {"data.play_count", FIELD_VIEWS, CONVERT_PLAIN},
    {"play_count", FIELD_VIEWS, CONVERT_PLAIN},
    {"data.view_count", FIELD_VIEWS, CONVERT_PLAIN},
    {"view_count", FIELD_VIEWS, CONVERT_PLAIN},
    {"data.like_and_view_counts_disabled", FIELD_NOTE, CONVERT_PLAIN},
    {"like_and_view_counts_disabled", FIELD_NOTE, CONVERT_PLAIN},
    {"data.code", FIELD_NOTE_2, CONVERT_PLAIN},
    {"code", FIELD_NOTE_2, CONVERT_PLAIN},
    {"data.shortcode", FIELD_NOTE_2, CONVERT_PLAIN},
    {"shortcode", FIELD_NOTE_2, CONVERT_PLAIN},
    {"data._zs_partial", FIELD_NOTE_3, CONVERT_PLAIN},
    {"_zs_partial", FIELD_NOTE_3, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence instagram_evidence[] = {
    {"source_platform data.pk data.media_type data.user", 92},
    {"__import_meta pk media_type user", 92},
    {"source_platform data.__typename data._zs_partial", 90},
    {"__import_meta __typename _zs_partial", 90},
    {"source_platform data.edge_media_to_caption", 92},
    {"__import_meta edge_media_to_caption", 92},
    {"source_platform data._zs_instagram_view data.pk", 90},
    {"__import_meta _zs_instagram_view pk", 90},
    {NULL, 0},
};

/* Behind 41 bits of milliseconds since a day of 2011; marked as derived. */
static void date_by_key(struct post *post) {
    if (post->created_at_us != TIME_NONE)
        return;
    post->created_at_us = id_time(PLATFORM_INSTAGRAM, post->id);
    post->time_precision = TIME_EXACT_MS;
    post->time_source = TIME_FROM_ID;
}

static void name_page(struct draft *draft, const char *site) {
    struct span code = draft_span(draft, FIELD_NOTE_2);
    if (code.len)
        draft->post->url = draft_join(draft, span_of(site), code, SPAN_LITERAL("/"));
}

static enum reject_reason finish_instagram(struct draft *draft) {
    struct post *post = draft->post;
    if (draft->fields[FIELD_NOTE].type == VALUE_TRUE) /* hidden, not 0 */
        post->likes = post->views = -1;
    if (draft->fields[FIELD_NOTE_3].type == VALUE_TRUE && !post->text.len)
        return NOTICE_CONTROL; /* a tile of a grid */
    if (!post->text.len)
        return REJECT_NO_TEXT;
    date_by_key(post);
    name_page(draft, "https://www.instagram.com/p/");
    return REJECT_NONE;
}

const struct format format_zeeschuimer_instagram = {
    .name = "zeeschuimer_instagram",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_INSTAGRAM,
    .rows = instagram_rows,
    .evidence = instagram_evidence,
    .finish = finish_instagram,
};

static const struct row threads_rows[] = {
    {"data.pk", FIELD_ID, CONVERT_PLAIN},
    {"pk", FIELD_ID, CONVERT_PLAIN},
    {"data.taken_at", FIELD_TIME, CONVERT_PLAIN},
    {"taken_at", FIELD_TIME, CONVERT_PLAIN},
    {"data.caption.text", FIELD_TEXT, CONVERT_PLAIN},
    {"caption.text", FIELD_TEXT, CONVERT_PLAIN},
    {"data.user.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"user.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.user.pk", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"user.pk", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"data.like_count", FIELD_LIKES, CONVERT_PLAIN},
    {"like_count", FIELD_LIKES, CONVERT_PLAIN},
    {"data.text_post_app_info.direct_reply_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"text_post_app_info.direct_reply_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"data.text_post_app_info.repost_count", FIELD_REPOSTS, CONVERT_PLAIN},
    {"text_post_app_info.repost_count", FIELD_REPOSTS, CONVERT_PLAIN},
    {"data.text_post_app_info.reply_to_author.username", FIELD_REPLY_TO_AUTHOR_HANDLE,
     CONVERT_PLAIN},
    {"text_post_app_info.reply_to_author.username", FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.text_post_app_info.is_reply", FIELD_NOTE, CONVERT_PLAIN},
    {"text_post_app_info.is_reply", FIELD_NOTE, CONVERT_PLAIN},
    {"data.code", FIELD_NOTE_2, CONVERT_PLAIN},
    {"code", FIELD_NOTE_2, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence threads_evidence[] = {
    {"source_platform data.pk data.text_post_app_info", 95},
    {"__import_meta pk text_post_app_info", 95},
    {NULL, 0},
};

static enum reject_reason finish_threads(struct draft *draft) {
    struct post *post = draft->post;
    if (draft->fields[FIELD_NOTE].type == VALUE_TRUE)
        post->kind = POST_REPLY; /* whose parent is not told */
    if (!post->text.len)
        return REJECT_NO_TEXT;
    date_by_key(post);
    struct span code = draft_span(draft, FIELD_NOTE_2);
    struct span user = draft_join(draft, SPAN_LITERAL("https://www.threads.net/@"),
                                  post->author_handle, SPAN_LITERAL("/post/"));
    if (code.len && post->author_handle.len)
        post->url = draft_join(draft, user, code, (struct span){NULL, 0});
    return REJECT_NONE;
}

const struct format format_zeeschuimer_threads = {
    .name = "zeeschuimer_threads",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_THREADS,
    .rows = threads_rows,
    .evidence = threads_evidence,
    .finish = finish_threads,
};

static const struct row tiktok_rows[] = {
    {"data.id", FIELD_ID, CONVERT_PLAIN},
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"data.createTime", FIELD_TIME, CONVERT_PLAIN},
    {"createTime", FIELD_TIME, CONVERT_PLAIN},
    {"data.desc", FIELD_TEXT, CONVERT_PLAIN},
    {"desc", FIELD_TEXT, CONVERT_PLAIN},
    {"data.author.uniqueId", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"author.uniqueId", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.author.id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"author.id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"data.author", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"author", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.stats.diggCount", FIELD_LIKES, CONVERT_PLAIN},
    {"stats.diggCount", FIELD_LIKES, CONVERT_PLAIN},
    {"data.statsV2.diggCount", FIELD_LIKES, CONVERT_PLAIN},
    {"statsV2.diggCount", FIELD_LIKES, CONVERT_PLAIN},
    {"data.stats.commentCount", FIELD_REPLIES, CONVERT_PLAIN},
    {"stats.commentCount", FIELD_REPLIES, CONVERT_PLAIN},
    {"data.statsV2.commentCount", FIELD_REPLIES, CONVERT_PLAIN},
    {"statsV2.commentCount", FIELD_REPLIES, CONVERT_PLAIN},
    {"data.stats.shareCount", FIELD_REPOSTS, CONVERT_PLAIN},
    {"stats.shareCount", FIELD_REPOSTS, CONVERT_PLAIN},
    {"data.stats.playCount", FIELD_VIEWS, CONVERT_PLAIN},
    {"stats.playCount", FIELD_VIEWS, CONVERT_PLAIN},
    {"data.statsV2.playCount", FIELD_VIEWS, CONVERT_PLAIN},
    {"statsV2.playCount", FIELD_VIEWS, CONVERT_PLAIN},
    {"data.authorStats.followerCount", FIELD_FOLLOWERS, CONVERT_PLAIN},
    {"authorStats.followerCount", FIELD_FOLLOWERS, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence tiktok_evidence[] = {
    {"source_platform data.id data.desc data.createTime", 93},
    {"__import_meta id desc createTime", 93},
    {NULL, 0},
};

static enum reject_reason finish_tiktok(struct draft *draft) {
    struct post *post = draft->post;
    struct span user = draft_join(draft, SPAN_LITERAL("https://www.tiktok.com/@"),
                                  post->author_handle, SPAN_LITERAL("/video/"));
    if (post->author_handle.len && post->id.len)
        post->url = draft_join(draft, user, post->id, (struct span){NULL, 0});
    return REJECT_NONE;
}

const struct format format_zeeschuimer_tiktok = {
    .name = "zeeschuimer_tiktok",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_TIKTOK,
    .rows = tiktok_rows,
    .evidence = tiktok_evidence,
    .text_required = true,
    .finish = finish_tiktok,
};

static const struct row comment_rows[] = {
    {"data.cid", FIELD_ID, CONVERT_PLAIN},
    {"cid", FIELD_ID, CONVERT_PLAIN},
    {"data.create_time", FIELD_TIME, CONVERT_PLAIN},
    {"create_time", FIELD_TIME, CONVERT_PLAIN},
    {"data.text", FIELD_TEXT, CONVERT_PLAIN},
    {"text", FIELD_TEXT, CONVERT_PLAIN},
    {"data.user.unique_id", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"user.unique_id", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.user.uid", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"user.uid", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"data.aweme_id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"aweme_id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"data.reply_id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"reply_id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"data.digg_count", FIELD_LIKES, CONVERT_PLAIN},
    {"digg_count", FIELD_LIKES, CONVERT_PLAIN},
    {"data.reply_comment_total", FIELD_REPLIES, CONVERT_PLAIN},
    {"reply_comment_total", FIELD_REPLIES, CONVERT_PLAIN},
    {"data.comment_language", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"comment_language", FIELD_LANGUAGE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence comment_evidence[] = {
    {"source_platform data.cid data.aweme_id data.text", 95},
    {"__import_meta cid aweme_id text", 95},
    {NULL, 0},
};

/* 0: the comment lies under the video itself. */
static enum reject_reason finish_comment(struct draft *draft) {
    struct post *post = draft->post;
    if (!post->reply_to_id.len || span_is(post->reply_to_id, "0"))
        post->reply_to_id = post->conversation;
    post->kind = POST_REPLY;
    return REJECT_NONE;
}

const struct format format_zeeschuimer_tiktok_comments = {
    .name = "zeeschuimer_tiktok_comments",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_TIKTOK,
    .rows = comment_rows,
    .evidence = comment_evidence,
    .text_required = true,
    .finish = finish_comment,
};
