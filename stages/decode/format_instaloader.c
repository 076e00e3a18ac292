/* instaloader: a file a post, with its node, and a file of its comments with their answers. */
#include "stages/decode/format.h"

static const struct row rows[] = {
    {"node.shortcode", FIELD_NOTE_2, CONVERT_PLAIN},
    {"node.iphone_struct.code", FIELD_NOTE_2, CONVERT_PLAIN},
    {"node.id", FIELD_ID, CONVERT_PLAIN},
    {"node.iphone_struct.pk", FIELD_ID, CONVERT_PLAIN},
    {"node.taken_at_timestamp", FIELD_TIME, CONVERT_PLAIN},
    {"node.iphone_struct.taken_at", FIELD_TIME, CONVERT_PLAIN},
    {"node.edge_media_to_caption.edges[0].node.text", FIELD_TEXT, CONVERT_PLAIN},
    {"node.iphone_struct.caption.text", FIELD_TEXT, CONVERT_PLAIN},
    {"node.owner.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"node.iphone_struct.user.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"node.owner.id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"node.iphone_struct.user.pk", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"node.edge_media_preview_like.count", FIELD_LIKES, CONVERT_PLAIN},
    {"node.iphone_struct.like_count", FIELD_LIKES, CONVERT_PLAIN},
    {"node.edge_media_to_comment.count", FIELD_REPLIES, CONVERT_PLAIN},
    {"node.iphone_struct.comment_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"node.video_view_count", FIELD_VIEWS, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence evidence[] = {
    {"node.shortcode instaloader.version", 95},
    {"node.iphone_struct instaloader.version", 95},
    {NULL, 0},
};

static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    struct span code = draft_span(draft, FIELD_NOTE_2);
    if (code.len)
        post->url = draft_join(draft, SPAN_LITERAL("https://www.instagram.com/p/"), code,
                               SPAN_LITERAL("/"));
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_instaloader = {
    .name = "instaloader",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_INSTAGRAM,
    .rows = rows,
    .evidence = evidence,
    .finish = finish,
};

static const struct row comment_rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"created_at", FIELD_TIME, CONVERT_PLAIN},
    {"text", FIELD_TEXT, CONVERT_PLAIN},
    {"owner.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"user.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"owner.id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"user.pk", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"likes_count", FIELD_LIKES, CONVERT_PLAIN},
    {"comment_like_count", FIELD_LIKES, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct nest comment_nests[] = {
    {"answers[]", NEST_POST, NULL},
    {NULL, 0, NULL},
};

static const struct evidence comment_evidence[] = {
    {"id created_at text owner.username answers", 93},
    {"id created_at text user.username answers", 93},
    {"id created_at text owner.username likes_count", 90},
    {NULL, 0},
};

/* Under a post, whose name only the file has. */
static enum reject_reason finish_comment(struct draft *draft) {
    draft->post->kind = POST_REPLY;
    return REJECT_NONE;
}

const struct format format_instaloader_comments = {
    .name = "instaloader_comments",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_INSTAGRAM,
    .rows = comment_rows,
    .nests = comment_nests,
    .evidence = comment_evidence,
    .text_required = true,
    .finish = finish_comment,
};
