/* Wykop, the Polish link and microblog service: pages of its API (version 3, and `date` with
 * `body` of version 2) or one object a line. Its clock is Warsaw's. Ids count per kind of resource;
 * comments are nested in part. */
#include "stages/decode/format.h"

static const struct row rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"created_at", FIELD_TIME, CONVERT_PLAIN},
    {"content", FIELD_TEXT, CONVERT_MARKDOWN},
    {"description", FIELD_TEXT, CONVERT_PLAIN},
    {"title", FIELD_TITLE, CONVERT_PLAIN},
    {"author.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"parent_id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"parent.id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"link_id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"entry_id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"votes.up", FIELD_LIKES, CONVERT_PLAIN},
    {"comments.count", FIELD_REPLIES, CONVERT_PLAIN},
    {"comments.total", FIELD_REPLIES, CONVERT_PLAIN},
    {"resource", FIELD_NOTE, CONVERT_PLAIN},
    {"deleted", FIELD_NOTE_2, CONVERT_PLAIN},
    {"url", FIELD_URL, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct nest nests[] = {
    {"comments.items[]", NEST_POST, NULL},
    {NULL, 0, NULL},
};

static const struct evidence evidence[] = {
    {"id resource created_at author.username votes.up", 92},
    {"id resource created_at votes.up", 85},
    {NULL, 0},
};

static struct span named(struct draft *draft, const char *kind, struct span id) {
    return id.len ? draft_join(draft, span_of(kind), SPAN_LITERAL("/"), id)
                  : (struct span){NULL, 0};
}

/* The post that a comment answers: a comment, else the entry or link. */
static void answer(struct draft *draft, bool link) {
    struct post *post = draft->post;
    const char *above = link ? "link" : "entry", *beside = link ? "link_comment" : "entry_comment";
    struct span root = post->conversation, parent = post->reply_to_id;
    if (!root.len && !link)
        root = parent;
    bool comment = parent.len && !span_equal(parent, root) && !span_equal(parent, post->id);
    post->reply_to_id = comment ? named(draft, beside, parent) : named(draft, above, root);
    post->conversation = named(draft, above, root);
    post->kind = POST_REPLY;
}

/* Removed by its author or a moderator: the reason stands where false or null would. */
static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    struct span kind = draft->fields[FIELD_NOTE].text;
    if (draft->fields[FIELD_NOTE_2].type == VALUE_STRING ||
        draft->fields[FIELD_NOTE_2].type == VALUE_TRUE)
        post->flags |= POST_DELETED;
    bool link = span_is(kind, "link") || span_is(kind, "link_comment");
    if (span_is(kind, "entry_comment") || span_is(kind, "link_comment"))
        answer(draft, link);
    if (kind.len && post->id.len)
        post->id = draft_join(draft, kind, SPAN_LITERAL("/"), post->id);
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_wykop = {
    .name = "wykop",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_WYKOP,
    .polish_clock = true,
    .rows = rows,
    .nests = nests,
    .evidence = evidence,
    .text_required = true,
    .finish = finish,
};

static const struct nest old_nests[] = {
    {"comments[]", NEST_POST, NULL},
    {NULL, 0, NULL},
};

static const struct evidence old_evidence[] = {
    {"id date body author.login vote_count", 90},
    {"id date description author.login vote_count", 85},
    {NULL, 0},
};

/* Version 2 does not name the kind: a link has a title, a comment names its entry or link, or lies
 * in it. */
static enum reject_reason finish_old(struct draft *draft) {
    struct post *post = draft->post;
    bool below = draft->from && draft->from->reply_to.len;
    bool entry = draft->fields[FIELD_NOTE_3].type != VALUE_ABSENT;
    bool under_link = draft->fields[FIELD_NOTE_4].type != VALUE_ABSENT;
    bool title = draft->fields[FIELD_TITLE].type != VALUE_ABSENT;
    struct span none = {NULL, 0};
    const char *kind = title ? "link" : "entry";
    if (below || entry || under_link) {
        bool link = under_link || (below && span_starts(draft->from->reply_to, "link"));
        kind = link ? "link_comment" : "entry_comment";
        post->kind = POST_REPLY;
        post->conversation = below   ? draft->from->conversation
                             : entry ? named(draft, "entry", draft_span(draft, FIELD_NOTE_3))
                                     : named(draft, "link", draft_span(draft, FIELD_NOTE_4));
        struct span parent = draft_span(draft, FIELD_REPLY_TO_ID);
        bool answers = parent.len && !span_equal(parent, post->id) && !span_is(parent, "0");
        post->reply_to_id = answers ? named(draft, kind, parent) : post->conversation;
    } else {
        post->reply_to_id = none;
        post->kind = POST_ORIGINAL;
        post->conversation = named(draft, kind, post->id);
    }
    post->id = named(draft, kind, post->id);
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

static const struct row old_rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"date", FIELD_TIME, CONVERT_PLAIN},
    {"body", FIELD_TEXT, CONVERT_HTML},
    {"description", FIELD_TEXT, CONVERT_HTML},
    {"title", FIELD_TITLE, CONVERT_HTML},
    {"author.login", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"parent_id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"entry_id", FIELD_NOTE_3, CONVERT_PLAIN},
    {"link_id", FIELD_NOTE_4, CONVERT_PLAIN},
    {"vote_count", FIELD_LIKES, CONVERT_PLAIN},
    {"comments_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"url", FIELD_URL, CONVERT_PLAIN},
    {NULL, 0, 0},
};

const struct format format_wykop_old = {
    .name = "wykop_v2",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_WYKOP,
    .polish_clock = true,
    .rows = old_rows,
    .nests = old_nests,
    .evidence = old_evidence,
    .finish = finish_old,
};
