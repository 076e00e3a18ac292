/* The data of a TikTok account: its comments, its own videos, its chats. The clock is UTC's. What
 * was watched, liked or searched is no post. */
#include "stages/decode/format.h"

static const struct row rows[] = {
    {"Date", FIELD_TIME, CONVERT_UTC},
    {"date", FIELD_TIME, CONVERT_UTC},
    {"Comment", FIELD_TEXT, CONVERT_PLAIN},
    {"comment", FIELD_TEXT, CONVERT_PLAIN},
    {"Content", FIELD_TEXT, CONVERT_PLAIN},
    {"content", FIELD_TEXT, CONVERT_PLAIN},
    {"Title", FIELD_TEXT, CONVERT_PLAIN},
    {"title", FIELD_TEXT, CONVERT_PLAIN},
    {"Likes", FIELD_LIKES, CONVERT_PLAIN},
    {"likes", FIELD_LIKES, CONVERT_PLAIN},
    {"Link", FIELD_URL, CONVERT_PLAIN},
    {"link", FIELD_URL, CONVERT_PLAIN},
    {"Url", FIELD_URL, CONVERT_PLAIN},
    {"url", FIELD_URL, CONVERT_PLAIN},
    {"From", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"from", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"Comment", FIELD_NOTE, CONVERT_PLAIN},
    {"comment", FIELD_NOTE, CONVERT_PLAIN},
    {"From", FIELD_NOTE_2, CONVERT_PLAIN},
    {"from", FIELD_NOTE_2, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence evidence[] = {
    {"Date Comment", 86},      {"date comment", 86},
    {"Date From Content", 86}, {"date from content", 86},
    {"Date Link Likes", 86},   {"date link likes", 86},
    {"Date Link", 60},         {NULL, 0},
};

static bool is_there(const struct draft *draft, enum field field) {
    return draft->fields[field].type != VALUE_ABSENT;
}

static enum reject_reason notice(struct draft *draft) {
    return is_there(draft, FIELD_TEXT) || is_there(draft, FIELD_LIKES) ? REJECT_NONE
                                                                       : NOTICE_CONTROL;
}

/* A comment lies under the video of its address. */
static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    if (is_there(draft, FIELD_NOTE_2))
        post->flags |= POST_PRIVATE;
    if (is_there(draft, FIELD_NOTE)) {
        const char *slash = post->url.len ? memrchr(post->url.at, '/', post->url.len) : NULL;
        post->kind = POST_REPLY;
        if (slash && slash + 1 < post->url.at + post->url.len)
            post->conversation = post->reply_to_id =
                (struct span){slash + 1, (size_t)(post->url.at + post->url.len - slash) - 1};
    }
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_tiktok_archive = {
    .own_account = true,
    .name = "tiktok_archive",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_TIKTOK,
    .rows = rows,
    .evidence = evidence,
    .notice = notice,
    .finish = finish,
};
