/* Mastodon: statuses as its API and stream give them. HTML; a boost holds its original. */
#include "stages/decode/format.h"

static const struct row rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"created_at", FIELD_TIME, CONVERT_PLAIN},
    {"content", FIELD_TEXT, CONVERT_HTML},
    {"spoiler_text", FIELD_TITLE, CONVERT_PLAIN},
    {"account.id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"account.acct", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"account.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"account.followers_count", FIELD_FOLLOWERS, CONVERT_PLAIN},
    {"account.bot", FIELD_BOT, CONVERT_PLAIN},
    {"in_reply_to_id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"in_reply_to_account_id", FIELD_REPLY_TO_AUTHOR_ID, CONVERT_PLAIN},
    {"reblog.id", FIELD_REPOST_OF, CONVERT_PLAIN},
    {"quote.id", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"quote.quoted_status.id", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"language", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"url", FIELD_URL, CONVERT_PLAIN},
    {"uri", FIELD_NOTE_2, CONVERT_PLAIN},
    {"favourites_count", FIELD_LIKES, CONVERT_PLAIN},
    {"reblogs_count", FIELD_REPOSTS, CONVERT_PLAIN},
    {"replies_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"visibility", FIELD_NOTE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct nest nests[] = {
    {"reblog", NEST_REPOSTED, NULL},
    {"quote", NEST_QUOTED, NULL},
    {"quote.quoted_status", NEST_QUOTED, NULL},
    {NULL, 0, NULL},
};

static const struct evidence evidence[] = {
    {"id created_at content account.acct visibility", 95},
    {"id created_at content account.acct reblogs_count", 93},
    {NULL, 0},
};

static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    struct span seen = draft_span(draft, FIELD_NOTE);
    if (span_is(seen, "direct") || span_is(seen, "private"))
        post->flags |= POST_PRIVATE;
    if (!post->url.len)
        post->url = draft_span(draft, FIELD_NOTE_2);
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_mastodon = {
    .name = "mastodon",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_MASTODON,
    .rows = rows,
    .nests = nests,
    .evidence = evidence,
    .text_required = true,
    .finish = finish,
};
