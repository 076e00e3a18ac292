/* TikTok's Research API: videos, and comments, which have no author. */
#include "stages/decode/format.h"

static const struct row rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"create_time", FIELD_TIME, CONVERT_PLAIN},
    {"video_description", FIELD_TEXT, CONVERT_PLAIN},
    {"text", FIELD_TEXT, CONVERT_PLAIN},
    {"username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"region_code", FIELD_COUNTRY, CONVERT_PLAIN},
    {"video_id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"parent_comment_id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"like_count", FIELD_LIKES, CONVERT_PLAIN},
    {"comment_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"reply_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"share_count", FIELD_REPOSTS, CONVERT_PLAIN},
    {"view_count", FIELD_VIEWS, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence evidence[] = {
    {"id create_time video_description username", 95},
    {"id create_time video_description region_code", 93},
    {"id video_id text create_time parent_comment_id", 95},
    {NULL, 0},
};

const struct format format_tiktok_research = {
    .name = "tiktok_research",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_TIKTOK,
    .rows = rows,
    .evidence = evidence,
};
