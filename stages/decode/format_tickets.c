/* Tickets of help desks as their APIs give them. Zendesk: the first comment repeats the
 * description, so where there are comments they alone speak. Freshdesk: the description, then
 * conversations. What is not public is private. */
#include "stages/decode/format.h"

static const struct row comment_rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"created_at", FIELD_TIME, CONVERT_PLAIN},
    {"body", FIELD_TEXT, CONVERT_PLAIN},
    {"plain_body", FIELD_TEXT, CONVERT_HTML},
    {"html_body", FIELD_TEXT, CONVERT_HTML},
    {"author_id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"author.name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"public", FIELD_NOTE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

/* The first one repeats the description. */
static enum reject_reason finish_comment(struct draft *draft) {
    struct post *post = draft->post;
    struct span said = draft->from ? draft->from->text : (struct span){NULL, 0};
    if (post->text.len && post->text.len <= said.len &&
        memcmp(said.at + said.len - post->text.len, post->text.at, post->text.len) == 0)
        return NOTICE_CONTROL;
    if (draft->fields[FIELD_NOTE].type == VALUE_FALSE)
        post->flags |= POST_PRIVATE;
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

static const struct format comment = {.rows = comment_rows, .finish = finish_comment};

static const struct row ticket_rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"created_at", FIELD_TIME, CONVERT_PLAIN},
    {"description", FIELD_TEXT, CONVERT_PLAIN},
    {"subject", FIELD_TITLE, CONVERT_PLAIN},
    {"requester_id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"requester.name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct nest ticket_nests[] = {
    {"comments[]", NEST_POST, &comment},
    {NULL, 0, NULL},
};

static const struct evidence ticket_evidence[] = {
    {"id created_at subject description requester_id comments", 94},
    {"id created_at subject description requester_id via.channel", 92},
    {"id created_at subject description requester_id submitter_id", 92},
    {NULL, 0},
};

const struct format format_zendesk = {
    .name = "zendesk",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_SUPPORT,
    .rows = ticket_rows,
    .nests = ticket_nests,
    .evidence = ticket_evidence,
    .text_required = true,
};

static const struct row said_rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"created_at", FIELD_TIME, CONVERT_PLAIN},
    {"body_text", FIELD_TEXT, CONVERT_PLAIN},
    {"body", FIELD_TEXT, CONVERT_HTML},
    {"user_id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"private", FIELD_NOTE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static enum reject_reason finish_said(struct draft *draft) {
    struct post *post = draft->post;
    if (draft->fields[FIELD_NOTE].type == VALUE_TRUE)
        post->flags |= POST_PRIVATE;
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

static const struct format said = {.rows = said_rows, .finish = finish_said};

static const struct row desk_rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"created_at", FIELD_TIME, CONVERT_PLAIN},
    {"description_text", FIELD_TEXT, CONVERT_PLAIN},
    {"description", FIELD_TEXT, CONVERT_HTML},
    {"subject", FIELD_TITLE, CONVERT_PLAIN},
    {"requester_id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"requester.name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct nest desk_nests[] = {
    {"conversations[]", NEST_POST, &said},
    {NULL, 0, NULL},
};

static const struct evidence desk_evidence[] = {
    {"id created_at subject description_text requester_id", 94},
    {"id created_at subject requester_id conversations[0].body_text", 94},
    {NULL, 0},
};

const struct format format_freshdesk = {
    .name = "freshdesk",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_SUPPORT,
    .rows = desk_rows,
    .nests = desk_nests,
    .evidence = desk_evidence,
    .text_required = true,
};
