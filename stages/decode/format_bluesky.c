/* Bluesky: Jetstream in its first shape (`commit` below `kind`) and that of 2026 (`payload`), Tap,
 * records of a repository (car.c), and posts as the AppView gives them. The author is a DID;
 * handles are told by other messages. Times are the server's where it states one: `createdAt` is
 * what the client says. */
#include "stages/decode/format.h"

static const struct row rows[] = {
    {"commit.rkey", FIELD_ID, CONVERT_PLAIN},
    {"payload.rkey", FIELD_ID, CONVERT_PLAIN},
    {"record.rkey", FIELD_ID, CONVERT_PLAIN},
    {"time_us", FIELD_TIME, CONVERT_PLAIN},
    {"payload.time", FIELD_TIME, CONVERT_PLAIN},
    {"commit.record.createdAt", FIELD_TIME, CONVERT_PLAIN},
    {"payload.record.createdAt", FIELD_TIME, CONVERT_PLAIN},
    {"record.record.createdAt", FIELD_TIME, CONVERT_PLAIN},
    {"commit.record.text", FIELD_TEXT, CONVERT_PLAIN},
    {"payload.record.text", FIELD_TEXT, CONVERT_PLAIN},
    {"record.record.text", FIELD_TEXT, CONVERT_PLAIN},
    {"did", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"payload.did", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"record.did", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"commit.record.reply.parent.uri", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"payload.record.reply.parent.uri", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"record.record.reply.parent.uri", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"commit.record.reply.root.uri", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"payload.record.reply.root.uri", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"record.record.reply.root.uri", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"commit.record.embed.record.record.uri", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"commit.record.embed.record.uri", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"payload.record.embed.record.record.uri", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"payload.record.embed.record.uri", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"commit.record.langs[0]", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"payload.record.langs[0]", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"record.record.langs[0]", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"commit.operation", FIELD_NOTE, CONVERT_PLAIN},
    {"payload.operation", FIELD_NOTE, CONVERT_PLAIN},
    {"record.action", FIELD_NOTE, CONVERT_PLAIN},
    {"commit.collection", FIELD_NOTE_2, CONVERT_PLAIN},
    {"payload.collection", FIELD_NOTE_2, CONVERT_PLAIN},
    {"record.collection", FIELD_NOTE_2, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence evidence[] = {
    {"did time_us kind commit.collection", 95},
    {"payload.did payload.collection payload.operation", 95},
    {"type record.did record.collection record.action", 95},
    {"did time_us kind identity", 70},
    {"did time_us kind account", 70},
    {"$type payload", 70},
    {NULL, 0},
};

static struct span address_of(struct draft *draft) {
    struct span author = draft_span(draft, FIELD_AUTHOR_ID), key = draft_span(draft, FIELD_ID);
    struct span head =
        draft_join(draft, SPAN_LITERAL("at://"), author, SPAN_LITERAL("/app.bsky.feed.post/"));
    return draft_join(draft, head, key, (struct span){NULL, 0});
}

/* Likes and reposts have no text; identities and accounts are no posts. */
static enum reject_reason notice(struct draft *draft) {
    struct span what = draft_span(draft, FIELD_NOTE), kind = draft_span(draft, FIELD_NOTE_2);
    if (span_is(kind, "app.bsky.feed.repost") || span_is(kind, "app.bsky.feed.like"))
        return NOTICE_ENGAGEMENT;
    if (!span_is(kind, "app.bsky.feed.post"))
        return NOTICE_CONTROL;
    if (!span_is(what, "delete"))
        return REJECT_NONE;
    draft->deleted_id = address_of(draft);
    return NOTICE_DELETE;
}

/* Where people read it. */
static struct span page_of(struct draft *draft, struct span author, struct span key) {
    struct span head = draft_join(draft, SPAN_LITERAL("https://bsky.app/profile/"), author,
                                  SPAN_LITERAL("/post/"));
    return draft_join(draft, head, key, (struct span){NULL, 0});
}

static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    post->url = page_of(draft, post->author_id, draft_span(draft, FIELD_ID));
    post->id = address_of(draft);
    if (post->reply_to_id.len)
        post->kind = POST_REPLY;
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_bluesky = {
    .name = "bluesky",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_BLUESKY,
    .rows = rows,
    .evidence = evidence,
    .text_required = true,
    .notice = notice,
    .finish = finish,
};

/* What car.c makes of a repository. Of its own posts alone: nobody's counts, no handle. */
static const struct row repository_rows[] = {
    {"rkey", FIELD_ID, CONVERT_PLAIN},
    {"record.createdAt", FIELD_TIME, CONVERT_PLAIN},
    {"record.text", FIELD_TEXT, CONVERT_PLAIN},
    {"did", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"record.reply.parent.uri", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"record.reply.root.uri", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"record.embed.record.record.uri", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"record.embed.record.uri", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"record.langs[0]", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"collection", FIELD_NOTE_2, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence repository_evidence[] = {
    {"did rev collection rkey record", 96},
    {NULL, 0},
};

const struct format format_bluesky_repository = {
    .name = "bluesky_repository",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_BLUESKY,
    .rows = repository_rows,
    .evidence = repository_evidence,
    .text_required = true,
    .notice = notice,
    .finish = finish,
};

static const struct row view_rows[] = {
    {"post.uri", FIELD_ID, CONVERT_PLAIN},
    {"uri", FIELD_ID, CONVERT_PLAIN},
    {"post.indexedAt", FIELD_TIME, CONVERT_PLAIN},
    {"indexedAt", FIELD_TIME, CONVERT_PLAIN},
    {"post.record.createdAt", FIELD_TIME, CONVERT_PLAIN},
    {"record.createdAt", FIELD_TIME, CONVERT_PLAIN},
    {"post.record.text", FIELD_TEXT, CONVERT_PLAIN},
    {"record.text", FIELD_TEXT, CONVERT_PLAIN},
    {"post.author.did", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"author.did", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"post.author.handle", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"author.handle", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"post.record.reply.parent.uri", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"record.reply.parent.uri", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"post.record.reply.root.uri", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"record.reply.root.uri", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"post.record.embed.record.record.uri", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"record.embed.record.record.uri", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"post.record.embed.record.uri", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"record.embed.record.uri", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"post.record.langs[0]", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"record.langs[0]", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"post.likeCount", FIELD_LIKES, CONVERT_PLAIN},
    {"likeCount", FIELD_LIKES, CONVERT_PLAIN},
    {"post.repostCount", FIELD_REPOSTS, CONVERT_PLAIN},
    {"repostCount", FIELD_REPOSTS, CONVERT_PLAIN},
    {"post.replyCount", FIELD_REPLIES, CONVERT_PLAIN},
    {"replyCount", FIELD_REPLIES, CONVERT_PLAIN},
    {"reason.by.did", FIELD_NOTE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence view_evidence[] = {
    {"uri cid author.did record.text", 95},
    {"post.uri post.author.did post.record.text", 95},
    {NULL, 0},
};

static enum reject_reason finish_view(struct draft *draft) {
    struct post *post = draft->post;
    const char *slash = post->id.len ? memrchr(post->id.at, '/', post->id.len) : NULL;
    if (slash)
        post->url =
            page_of(draft, post->author_id,
                    (struct span){slash + 1, (size_t)(post->id.at + post->id.len - slash) - 1});
    if (post->reply_to_id.len)
        post->kind = POST_REPLY;
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_bluesky_view = {
    .name = "bluesky_view",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_BLUESKY,
    .rows = view_rows,
    .evidence = view_evidence,
    .text_required = true,
    .finish = finish_view,
};

/* getPostThread: the post, those above it, and answers in answers. */
static const struct nest branch_nests[] = {
    {"replies[]", NEST_POST, NULL},
    {"parent", NEST_POST, NULL},
    {NULL, 0, NULL},
};

static const struct format branch = {
    .rows = view_rows, .nests = branch_nests, .text_required = true, .finish = finish_view};

static const struct nest thread_nests[] = {
    {"thread", NEST_POST, &branch},
    {NULL, 0, NULL},
};

static const struct row thread_rows[] = {
    {"threadgate.record.createdAt", FIELD_NOTE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence thread_evidence[] = {
    {"thread.post.uri thread.post.record.text", 97},
    {NULL, 0},
};

const struct format format_bluesky_thread = {
    .name = "bluesky_thread",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_BLUESKY,
    .rows = thread_rows,
    .nests = thread_nests,
    .evidence = thread_evidence,
    .holder = true,
};
