/* The outbox that people download of an account at Mastodon and its kin: activities, newest last.
 * Create holds the post; Announce is a repost without its text. What is not for the public is a
 * private message. */
#include "stages/decode/format.h"

static const struct row rows[] = {
    {"object.id", FIELD_ID, CONVERT_PLAIN},
    {"object.published", FIELD_TIME, CONVERT_PLAIN},
    {"published", FIELD_TIME, CONVERT_PLAIN},
    {"object.content", FIELD_TEXT, CONVERT_HTML},
    {"object.summary", FIELD_TITLE, CONVERT_HTML},
    {"object.attributedTo", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"actor", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"object.inReplyTo", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"object.conversation", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"object.url", FIELD_URL, CONVERT_PLAIN},
    {"object.quote", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"object.quoteUri", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"object.likes.totalItems", FIELD_LIKES, CONVERT_PLAIN},
    {"object.shares.totalItems", FIELD_REPOSTS, CONVERT_PLAIN},
    {"object.replies.totalItems", FIELD_REPLIES, CONVERT_PLAIN},
    {"type", FIELD_NOTE, CONVERT_PLAIN},
    {"object.to", FIELD_NOTE_2, CONVERT_PIECES},
    {"to", FIELD_NOTE_2, CONVERT_PIECES},
    {"object.cc", FIELD_NOTE_3, CONVERT_PIECES},
    {"cc", FIELD_NOTE_3, CONVERT_PIECES},
    {NULL, 0, 0},
};

static const struct evidence evidence[] = {
    {"type actor published object.content object.attributedTo", 94},
    {"type actor published object.content", 90},
    {"type actor published object", 75},
    {NULL, 0},
};

/* Posts are created; the rest (Announce, Like, Delete) has no text of the account's own. */
static enum reject_reason notice(struct draft *draft) {
    struct span type = draft->fields[FIELD_NOTE].text;
    if (span_is(type, "Create"))
        return REJECT_NONE;
    return span_is(type, "Announce") || span_is(type, "Like") ? NOTICE_ENGAGEMENT : NOTICE_CONTROL;
}

static bool names_public(struct span audience) {
    return audience.len && (memmem(audience.at, audience.len, "#Public", 7) ||
                            memmem(audience.at, audience.len, "as:Public", 9));
}

/* "https://example.social/users/ala": ala@example.social. */
static struct span address_of(struct draft *draft, struct span actor) {
    const char *host = actor.len ? memmem(actor.at, actor.len, "://", 3) : NULL;
    const char *end = actor.at + actor.len;
    const char *slash = actor.len ? memrchr(actor.at, '/', actor.len) : NULL;
    if (!host || !slash || slash < host + 3 || slash + 1 == end)
        return actor;
    host += 3;
    const char *path = memchr(host, '/', (size_t)(end - host));
    struct span name = {slash + 1, (size_t)(end - slash) - 1};
    if (*name.at == '@')
        name = (struct span){name.at + 1, name.len - 1};
    return draft_join(draft, name, SPAN_LITERAL("@"), (struct span){host, (size_t)(path - host)});
}

static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    struct span to = draft_span(draft, FIELD_NOTE_2), cc = draft_span(draft, FIELD_NOTE_3);
    if ((to.len || cc.len) && !names_public(to) && !names_public(cc))
        post->flags |= POST_PRIVATE;
    if (post->reply_to_id.len)
        post->kind = POST_REPLY;
    post->author_id = post->author_handle;
    post->author_handle = address_of(draft, post->author_handle);
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_activitypub = {
    .name = "activitypub",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_MASTODON,
    .rows = rows,
    .evidence = evidence,
    .notice = notice,
    .finish = finish,
};
