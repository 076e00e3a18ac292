/* Disqus' export: comments under the pages of a site. HTML in CDATA. */
#include "stages/decode/format.h"

static const struct row rows[] = {
    {"dsq:id", FIELD_ID, CONVERT_PLAIN},
    {"createdAt", FIELD_TIME, CONVERT_PLAIN},
    {"message", FIELD_TEXT, CONVERT_HTML},
    {"author.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"author.name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"thread.dsq:id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"parent.dsq:id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"isDeleted", FIELD_NOTE, CONVERT_PLAIN},
    {"isSpam", FIELD_NOTE_2, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence evidence[] = {
    {"dsq:id message createdAt thread.dsq:id", 95},
    {"dsq:id createdAt isDeleted thread.dsq:id", 90},
    {NULL, 0},
};

static enum reject_reason notice(struct draft *draft) {
    return span_is(draft->fields[FIELD_NOTE_2].text, "true") ? NOTICE_CONTROL : REJECT_NONE;
}

/* Deleted ones have neither a message nor an author. */
static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    if (span_is(draft->fields[FIELD_NOTE].text, "true"))
        post->flags |= POST_DELETED;
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_disqus = {
    .name = "disqus",
    .shape = SHAPE_XML,
    .platform = PLATFORM_FORUM,
    .rows = rows,
    .evidence = evidence,
    .notice = notice,
    .finish = finish,
};
