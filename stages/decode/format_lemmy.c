/* Lemmy: pages of its API, 0.19 (`published`) and 1.0 (`published_at`). A row holds the comment
 * beside the post it lies under; `path` tells the parent: 0.101.102 is comment 102, an answer to
 * 101. Removed ones are empty. */
#include "stages/decode/format.h"

static const struct row comment_rows[] = {
    {"comment.id", FIELD_ID, CONVERT_PLAIN},
    {"comment.published_at", FIELD_TIME, CONVERT_PLAIN},
    {"comment.published", FIELD_TIME, CONVERT_PLAIN},
    {"comment.content", FIELD_TEXT, CONVERT_MARKDOWN},
    {"creator.name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"creator.id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"creator.bot_account", FIELD_BOT, CONVERT_PLAIN},
    {"comment.post_id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"community.name", FIELD_CHANNEL, CONVERT_PLAIN},
    {"comment.ap_id", FIELD_URL, CONVERT_PLAIN},
    {"comment.score", FIELD_LIKES, CONVERT_PLAIN},
    {"counts.score", FIELD_LIKES, CONVERT_PLAIN},
    {"comment.child_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"counts.child_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"comment.deleted", FIELD_DELETED, CONVERT_PLAIN},
    {"comment.path", FIELD_NOTE, CONVERT_PLAIN},
    {"comment.removed", FIELD_NOTE_2, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct row post_rows[] = {
    {"post.id", FIELD_ID, CONVERT_PLAIN},
    {"post.published_at", FIELD_TIME, CONVERT_PLAIN},
    {"post.published", FIELD_TIME, CONVERT_PLAIN},
    {"post.body", FIELD_TEXT, CONVERT_MARKDOWN},
    {"post.name", FIELD_TITLE, CONVERT_PLAIN},
    {"creator.name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"creator.id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"creator.bot_account", FIELD_BOT, CONVERT_PLAIN},
    {"community.name", FIELD_CHANNEL, CONVERT_PLAIN},
    {"post.ap_id", FIELD_URL, CONVERT_PLAIN},
    {"post.score", FIELD_LIKES, CONVERT_PLAIN},
    {"counts.score", FIELD_LIKES, CONVERT_PLAIN},
    {"post.comments", FIELD_REPLIES, CONVERT_PLAIN},
    {"counts.comments", FIELD_REPLIES, CONVERT_PLAIN},
    {"post.deleted", FIELD_DELETED, CONVERT_PLAIN},
    {"post.removed", FIELD_NOTE_2, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence comment_evidence[] = {
    {"comment.id comment.content comment.path creator.name", 95},
    {NULL, 0},
};

static const struct evidence post_evidence[] = {
    {"post.id post.name post.published creator.name community.name", 90},
    {"post.id post.name post.published_at creator.name community.name", 90},
    {NULL, 0},
};

static struct span named(struct draft *draft, const char *kind, struct span id) {
    return id.len ? draft_join(draft, span_of(kind), SPAN_LITERAL("/"), id)
                  : (struct span){NULL, 0};
}

static enum reject_reason removed(struct draft *draft) {
    struct post *post = draft->post;
    if (draft->fields[FIELD_NOTE_2].type == VALUE_TRUE)
        post->flags |= POST_DELETED;
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

/* The last but one part of the path; 0: the post itself. */
static enum reject_reason finish_comment(struct draft *draft) {
    struct post *post = draft->post;
    struct span path = draft->fields[FIELD_NOTE].text;
    const char *last = path.len ? memrchr(path.at, '.', path.len) : NULL;
    size_t before = last ? (size_t)(last - path.at) : 0;
    const char *dot = before ? memrchr(path.at, '.', before) : NULL;
    struct span parent =
        dot ? (struct span){dot + 1, (size_t)(last - dot) - 1} : (struct span){NULL, 0};
    post->id = named(draft, "comment", post->id);
    post->conversation = named(draft, "post", post->conversation);
    post->reply_to_id = parent.len ? named(draft, "comment", parent) : post->conversation;
    post->kind = POST_REPLY;
    return removed(draft);
}

static enum reject_reason finish_post(struct draft *draft) {
    draft->post->id = named(draft, "post", draft->post->id);
    return removed(draft);
}

const struct format format_lemmy_comment = {
    .name = "lemmy_comment",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_LEMMY,
    .rows = comment_rows,
    .evidence = comment_evidence,
    .text_required = true,
    .finish = finish_comment,
};

const struct format format_lemmy_post = {
    .name = "lemmy",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_LEMMY,
    .rows = post_rows,
    .evidence = post_evidence,
    .text_required = true,
    .finish = finish_post,
};
