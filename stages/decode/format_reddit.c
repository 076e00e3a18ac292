/* Reddit submissions and comments as Pushshift and Arctic Shift publish them (RS_*, RC_*, and per
 * subreddit): one object per line. A record with `link_id` is a comment. */
#include "stages/decode/format.h"

static const struct row rows[] = {
    {"name", FIELD_ID, CONVERT_PLAIN},
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"created_utc", FIELD_TIME, CONVERT_PLAIN},
    {"author", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"body", FIELD_TEXT, CONVERT_MARKDOWN},
    {"selftext", FIELD_TEXT, CONVERT_MARKDOWN},
    {"title", FIELD_TITLE, CONVERT_ENTITIES},
    {"parent_id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"link_id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"crosspost_parent", FIELD_REPOST_OF, CONVERT_PLAIN},
    {"subreddit", FIELD_CHANNEL, CONVERT_PLAIN},
    {"permalink", FIELD_URL, CONVERT_PLAIN},
    {"score", FIELD_LIKES, CONVERT_PLAIN},
    {"ups", FIELD_LIKES, CONVERT_PLAIN},
    {"num_comments", FIELD_REPLIES, CONVERT_PLAIN},
    {"num_crossposts", FIELD_REPOSTS, CONVERT_PLAIN},
    {"_meta.was_deleted_later", FIELD_DELETED, CONVERT_PLAIN},
    {"removed_by_category", FIELD_DELETED, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence evidence[] = {
    {"body link_id created_utc", 90},
    {"title permalink created_utc selftext", 90},
    {"title created_utc num_comments is_self", 85},
    {NULL, 0},
};

static bool removed_text(struct span text) {
    return span_is(text, "[deleted]") || span_is(text, "[removed]") ||
           span_is(text, "[ Removed by Reddit ]");
}

static bool bot_name(struct span name) {
    return span_is(name, "AutoModerator") || span_ends(name, "bot") || span_ends(name, "Bot") ||
           span_ends(name, "BOT");
}

/* Full names as in parent_id and link_id, so that replies find their parents. */
static struct span full_name(struct draft *draft, bool comment) {
    struct span id = draft->post->id;
    if (!id.len || (id.len > 3 && id.at[0] == 't' && id.at[2] == '_'))
        return id;
    return draft_join(draft, comment ? SPAN_LITERAL("t1_") : SPAN_LITERAL("t3_"), id,
                      (struct span){NULL, 0});
}

static struct span without_prefix(struct span name) {
    bool prefixed = name.len > 3 && name.at[0] == 't' && name.at[2] == '_';
    return prefixed ? (struct span){name.at + 3, name.len - 3} : name;
}

/* Early dumps have no permalink. */
static struct span link_to(struct draft *draft, bool comment) {
    struct post *post = draft->post;
    if (span_starts(post->url, "/"))
        return draft_join(draft, SPAN_LITERAL("https://www.reddit.com"), post->url,
                          (struct span){NULL, 0});
    if (post->url.len || !post->channel.len)
        return post->url;
    struct span thread = without_prefix(comment ? post->conversation : post->id);
    struct span url = draft_join(draft, SPAN_LITERAL("https://www.reddit.com/r/"), post->channel,
                                 SPAN_LITERAL("/comments/"));
    if (!comment)
        return draft_join(draft, url, thread, SPAN_LITERAL("/"));
    url = draft_join(draft, url, thread, SPAN_LITERAL("/_/"));
    return draft_join(draft, url, without_prefix(post->id), SPAN_LITERAL("/"));
}

/* What the dump shows of removed posts: the text is gone, the author may be. */
static void note_removal(struct draft *draft) {
    struct post *post = draft->post;
    struct span body = draft->fields[FIELD_TEXT].text;
    bool gone = removed_text(body);
    if (span_is(post->author_handle, "[deleted]")) {
        post->author_handle = post->author_id = (struct span){NULL, 0};
        post->flags |= POST_DELETED;
    }
    if (!gone)
        return;
    post->flags |= POST_DELETED | POST_NO_TEXT;
    post->text = draft_span(draft, FIELD_TITLE); /* a removed submission keeps its title */
    if (!post->text.at)
        post->text = SPAN_LITERAL("");
}

static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    bool comment = draft->fields[FIELD_CONVERSATION].type != VALUE_ABSENT;
    post->id = full_name(draft, comment);
    if (!comment)
        post->conversation = post->id;
    post->url = link_to(draft, comment);
    note_removal(draft);
    if (bot_name(post->author_handle))
        post->flags |= POST_BOT;
    return REJECT_NONE;
}

const struct format format_reddit = {
    .name = "reddit",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_REDDIT,
    .rows = rows,
    .evidence = evidence,
    .text_required = true,
    .finish = finish,
};
