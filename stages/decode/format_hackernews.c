/* Hacker News: items of its API and of BigQuery (JSON lines), and what Algolia's search gives
 * (hits, and item trees whose comments are nested in `children`). Texts are HTML. */
#include "stages/decode/format.h"

static const struct row rows[] = {
    {"objectID", FIELD_ID, CONVERT_PLAIN},
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"created_at_i", FIELD_TIME, CONVERT_PLAIN},
    {"time", FIELD_TIME, CONVERT_PLAIN},
    {"author", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"by", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"comment_text", FIELD_TEXT, CONVERT_HTML},
    {"story_text", FIELD_TEXT, CONVERT_HTML},
    {"text", FIELD_TEXT, CONVERT_HTML},
    {"title", FIELD_TITLE, CONVERT_HTML},
    {"parent_id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"parent", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"story_id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"points", FIELD_LIKES, CONVERT_PLAIN},
    {"score", FIELD_LIKES, CONVERT_PLAIN},
    {"num_comments", FIELD_REPLIES, CONVERT_PLAIN},
    {"descendants", FIELD_REPLIES, CONVERT_PLAIN},
    {"deleted", FIELD_DELETED, CONVERT_PLAIN},
    {"dead", FIELD_NOTE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct nest nests[] = {
    {"children[]", NEST_POST, NULL},
    {NULL, 0, NULL},
};

static const struct evidence evidence[] = {
    {"objectID created_at_i author _tags", 90},
    {"id created_at_i author children", 90},
    {"id by time type", 85},
    {"id time type deleted", 80},
    {NULL, 0},
};

static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    if (draft->fields[FIELD_NOTE].type == VALUE_TRUE)
        post->flags |=
            POST_DELETED; /* dead: killed by moderators or readers, the text may be left */
    if (post->flags & POST_DELETED && !post->text.at) {
        post->flags |= POST_NO_TEXT;
        post->text = SPAN_LITERAL("");
    }
    if (!post->conversation.len && !post->reply_to_id.len)
        post->conversation = post->id; /* a story */
    if (post->id.len)
        post->url = draft_join(draft, SPAN_LITERAL("https://news.ycombinator.com/item?id="),
                               post->id, (struct span){NULL, 0});
    return REJECT_NONE;
}

const struct format format_hackernews = {
    .name = "hackernews",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_HACKERNEWS,
    .rows = rows,
    .nests = nests,
    .evidence = evidence,
    .text_required = true,
    .finish = finish,
};
