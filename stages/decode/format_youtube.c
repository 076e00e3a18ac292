/* YouTube: comment threads of the Data API (pages), and the info.json of yt-dlp, where the video
 * holds its comments, whose times are told in words ("1 year ago") and therefore rough. */
#include "stages/decode/format.h"

static const struct row comment_rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"snippet.publishedAt", FIELD_TIME, CONVERT_PLAIN},
    {"snippet.textOriginal", FIELD_TEXT, CONVERT_PLAIN},
    {"snippet.textDisplay", FIELD_TEXT, CONVERT_HTML},
    {"snippet.authorDisplayName", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"snippet.authorChannelId.value", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"snippet.authorChannelId", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"snippet.parentId", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"snippet.videoId", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"snippet.likeCount", FIELD_LIKES, CONVERT_PLAIN},
    {NULL, 0, 0},
};

/* Under the video where no comment is answered. */
static enum reject_reason finish_comment(struct draft *draft) {
    struct post *post = draft->post;
    if (!post->reply_to_id.len)
        post->reply_to_id = post->conversation;
    if (post->reply_to_id.len)
        post->kind = POST_REPLY;
    return REJECT_NONE;
}

static const struct format comment = {
    .rows = comment_rows, .text_required = true, .finish = finish_comment};

static const struct row thread_rows[] = {
    {"snippet.videoId", FIELD_CONVERSATION, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct nest thread_nests[] = {
    {"snippet.topLevelComment", NEST_POST, &comment},
    {"replies.comments[]", NEST_POST, &comment},
    {NULL, 0, NULL},
};

static const struct evidence thread_evidence[] = {
    {"snippet.topLevelComment.snippet snippet.videoId", 95},
    {NULL, 0},
};

const struct format format_youtube_threads = {
    .name = "youtube_threads",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_YOUTUBE,
    .rows = thread_rows,
    .nests = thread_nests,
    .evidence = thread_evidence,
    .holder = true,
};

static const struct evidence comment_evidence[] = {
    {"id snippet.textOriginal snippet.parentId", 95},
    {"id snippet.textOriginal snippet.authorDisplayName", 93},
    {NULL, 0},
};

const struct format format_youtube_comments = {
    .name = "youtube_comments",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_YOUTUBE,
    .rows = comment_rows,
    .evidence = comment_evidence,
    .text_required = true,
    .finish = finish_comment,
};

static const struct row said_rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"timestamp", FIELD_TIME, CONVERT_PLAIN},
    {"text", FIELD_TEXT, CONVERT_PLAIN},
    {"html", FIELD_TEXT, CONVERT_HTML},
    {"author", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"author_id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"parent", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"like_count", FIELD_LIKES, CONVERT_PLAIN},
    {"_time_text", FIELD_NOTE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

/* How exact a time is that was counted back from words such as "2 months ago". */
static uint8_t exactness_of(struct span ago) {
    static const struct {
        const char *word;
        uint8_t precision;
    } words[] = {{"second", TIME_EXACT_MINUTE},
                 {"minute", TIME_EXACT_MINUTE},
                 {"hour", TIME_EXACT_HOUR},
                 {"day", TIME_EXACT_DAY}};
    for (size_t i = 0; ago.len && i < sizeof words / sizeof *words; i++)
        if (memmem(ago.at, ago.len, words[i].word, strlen(words[i].word)))
            return words[i].precision;
    return ago.len ? TIME_EXACT_MONTH : TIME_EXACT_DAY;
}

/* "root": under the video. */
static enum reject_reason finish_said(struct draft *draft) {
    struct post *post = draft->post;
    post->time_precision = exactness_of(draft_span(draft, FIELD_NOTE));
    draft->about = true;
    if (!post->reply_to_id.len || span_is(post->reply_to_id, "root"))
        post->reply_to_id = post->conversation;
    if (post->reply_to_id.len)
        post->kind = POST_REPLY;
    return REJECT_NONE;
}

static const struct format said = {.rows = said_rows, .text_required = true, .finish = finish_said};

/* The comments of a file that is too long to be one record, without the video. */
static const struct row said_context[] = {
    {"id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"extractor", FIELD_PLATFORM, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence said_evidence[] = {
    {"id text timestamp author author_id parent author_is_uploader", 91},
    {"id text timestamp author author_id parent like_count", 90},
    {NULL, 0},
};

const struct format format_yt_dlp_comments = {
    .name = "yt_dlp_comments",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_YOUTUBE,
    .rows = said_rows,
    .evidence = said_evidence,
    .context = said_context,
    .text_required = true,
    .finish = finish_said,
};

static const struct row video_rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"timestamp", FIELD_TIME, CONVERT_PLAIN},
    {"upload_date", FIELD_TIME, CONVERT_PLAIN},
    {"description", FIELD_TEXT, CONVERT_PLAIN},
    {"title", FIELD_TITLE, CONVERT_PLAIN},
    {"uploader_id", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"uploader", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"channel_id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"webpage_url", FIELD_URL, CONVERT_PLAIN},
    {"view_count", FIELD_VIEWS, CONVERT_PLAIN},
    {"like_count", FIELD_LIKES, CONVERT_PLAIN},
    {"comment_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"channel_follower_count", FIELD_FOLLOWERS, CONVERT_PLAIN},
    {"extractor", FIELD_PLATFORM, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct nest video_nests[] = {
    {"comments[]", NEST_POST, &said},
    {NULL, 0, NULL},
};

static const struct evidence video_evidence[] = {
    {"id title description uploader webpage_url", 92},
    {"id title extractor webpage_url comments", 94},
    {"id title uploader upload_date comments", 94},
    {NULL, 0},
};

const struct format format_yt_dlp = {
    .name = "yt_dlp",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_YOUTUBE,
    .rows = video_rows,
    .nests = video_nests,
    .evidence = video_evidence,
};

static const struct row ytdt_rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"publishedAt", FIELD_TIME, CONVERT_UTC},
    {"text", FIELD_TEXT, CONVERT_MARKUP},
    {"authorName", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"authorChannelId", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"isReplyTo", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"videoId", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"likeCount", FIELD_LIKES, CONVERT_PLAIN},
    {"replyCount", FIELD_REPLIES, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence ytdt_evidence[] = {
    {"id authorName text publishedAt isReplyTo", 94},
    {"id authorName text publishedAt isReply", 93},
    {"id authorName text publishedAt replyCount likeCount", 92},
    {NULL, 0},
};

/* Comments of one video, which the table does not name. */
static enum reject_reason finish_ytdt(struct draft *draft) {
    draft->post->kind = POST_REPLY;
    return REJECT_NONE;
}

const struct format format_ytdt = {
    .name = "youtube_data_tools",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_YOUTUBE,
    .rows = ytdt_rows,
    .evidence = ytdt_evidence,
    .text_required = true,
    .finish = finish_ytdt,
};

/* Videos of the Data API: lists, searches, playlists (whose own ids are no videos'). */
static const struct row api_video_rows[] = {
    {"snippet.resourceId.videoId", FIELD_ID, CONVERT_PLAIN},
    {"id.videoId", FIELD_ID, CONVERT_PLAIN},
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"contentDetails.videoPublishedAt", FIELD_TIME, CONVERT_PLAIN},
    {"snippet.publishedAt", FIELD_TIME, CONVERT_PLAIN},
    {"snippet.description", FIELD_TEXT, CONVERT_MARKUP},
    {"snippet.title", FIELD_TITLE, CONVERT_MARKUP},
    {"snippet.videoOwnerChannelId", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"snippet.videoOwnerChannelTitle", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"snippet.channelId", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"snippet.channelTitle", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"snippet.defaultAudioLanguage", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"snippet.defaultLanguage", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"statistics.viewCount", FIELD_VIEWS, CONVERT_PLAIN},
    {"statistics.likeCount", FIELD_LIKES, CONVERT_PLAIN},
    {"statistics.commentCount", FIELD_REPLIES, CONVERT_PLAIN},
    {"id.kind", FIELD_NOTE, CONVERT_PLAIN},
    {"kind", FIELD_NOTE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence api_video_evidence[] = {
    {"id snippet.publishedAt snippet.channelId snippet.title snippet.channelTitle", 92},
    {NULL, 0},
};

/* Playlists and channels are no posts. */
static enum reject_reason api_video_notice(struct draft *draft) {
    struct span kind = draft->fields[FIELD_NOTE].text;
    return span_is(kind, "youtube#playlist") || span_is(kind, "youtube#channel") ? NOTICE_CONTROL
                                                                                 : REJECT_NONE;
}

static enum reject_reason finish_video(struct draft *draft) {
    struct post *post = draft->post;
    post->conversation = post->id;
    post->url = draft_join(draft, SPAN_LITERAL("https://www.youtube.com/watch?v="), post->id,
                           (struct span){NULL, 0});
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_youtube_videos = {
    .name = "youtube_videos",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_YOUTUBE,
    .rows = api_video_rows,
    .evidence = api_video_evidence,
    .notice = api_video_notice,
    .finish = finish_video,
};

static const struct row ytdt_video_rows[] = {
    {"videoId", FIELD_ID, CONVERT_PLAIN},
    {"publishedAt", FIELD_TIME, CONVERT_UTC},
    {"publishedAtSQL", FIELD_TIME, CONVERT_UTC},
    {"videoDescription", FIELD_TEXT, CONVERT_MARKUP},
    {"videoTitle", FIELD_TITLE, CONVERT_MARKUP},
    {"channelId", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"channelTitle", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"defaultLanguage", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"viewCount", FIELD_VIEWS, CONVERT_PLAIN},
    {"likeCount", FIELD_LIKES, CONVERT_PLAIN},
    {"commentCount", FIELD_REPLIES, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence ytdt_video_evidence[] = {
    {"videoId videoTitle publishedAt channelId", 94},
    {NULL, 0},
};

const struct format format_ytdt_videos = {
    .name = "youtube_data_tools_videos",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_YOUTUBE,
    .rows = ytdt_video_rows,
    .evidence = ytdt_video_evidence,
    .finish = finish_video,
};
