/* Reddit's answer to a request for one's data: comments.csv and posts.csv of the account, whose
 * name stands in neither; messages.csv and chat_history.csv are private. */
#include "stages/decode/format.h"

static const struct row rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"date", FIELD_TIME, CONVERT_UTC},
    {"body", FIELD_TEXT, CONVERT_MARKDOWN},
    {"title", FIELD_TITLE, CONVERT_PLAIN},
    {"subreddit", FIELD_CHANNEL, CONVERT_PLAIN},
    {"permalink", FIELD_URL, CONVERT_PLAIN},
    {"parent", FIELD_NOTE, CONVERT_PLAIN},
    {"link", FIELD_NOTE_2, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence evidence[] = {
    {"id permalink date subreddit gildings link parent body", 95},
    {"id permalink date subreddit gildings title body", 95},
    {NULL, 0},
};

/* "abc" of https://www.reddit.com/r/x/comments/abc/title/ */
static struct span thread_of(struct span address) {
    const char *at = address.len ? memmem(address.at, address.len, "/comments/", 10) : NULL;
    if (!at)
        return (struct span){NULL, 0};
    at += 10;
    size_t left = (size_t)(address.at + address.len - at);
    const char *slash = memchr(at, '/', left);
    return (struct span){at, slash ? (size_t)(slash - at) : left};
}

/* Ids are those of the other dumps: t1_ of a comment, t3_ of a post. */
static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    struct span none = {NULL, 0}, parent = draft_span(draft, FIELD_NOTE);
    bool comment = draft->fields[FIELD_NOTE_2].type != VALUE_ABSENT || parent.len;
    struct span thread = thread_of(comment ? draft_span(draft, FIELD_NOTE_2) : post->url);
    post->id =
        draft_join(draft, comment ? SPAN_LITERAL("t1_") : SPAN_LITERAL("t3_"), post->id, none);
    if (thread.len)
        post->conversation = draft_join(draft, SPAN_LITERAL("t3_"), thread, none);
    if (comment) {
        post->kind = POST_REPLY;
        post->reply_to_id =
            parent.len ? draft_join(draft, SPAN_LITERAL("t1_"), parent, none) : post->conversation;
    }
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

static const struct row message_rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"message_id", FIELD_ID, CONVERT_PLAIN},
    {"date", FIELD_TIME, CONVERT_UTC},
    {"created_at", FIELD_TIME, CONVERT_UTC},
    {"body", FIELD_TEXT, CONVERT_MARKDOWN},
    {"message", FIELD_TEXT, CONVERT_MARKDOWN},
    {"subject", FIELD_TITLE, CONVERT_PLAIN},
    {"from", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"to", FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"thread_id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"channel_url", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"thread_parent_message_id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"permalink", FIELD_URL, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence message_evidence[] = {
    {"id permalink thread_id date from to subject body", 95},
    {"message_id created_at username message channel_url", 95},
    {NULL, 0},
};

static enum reject_reason finish_message(struct draft *draft) {
    draft->post->flags |= POST_PRIVATE;
    return draft->post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_reddit_messages = {
    .name = "reddit_messages",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_REDDIT,
    .rows = message_rows,
    .evidence = message_evidence,
    .finish = finish_message,
};

const struct format format_reddit_archive = {
    .own_account = true,
    .name = "reddit_archive",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_REDDIT,
    .rows = rows,
    .evidence = evidence,
    .finish = finish,
};
