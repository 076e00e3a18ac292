/* Intercom: conversations as its API gives them. The first message is `source`; of the parts only
 * what was said to the customer or by him is a post: notes are private, assignments are notices. */
#include "stages/decode/format.h"

static const struct row part_rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"created_at", FIELD_TIME, CONVERT_PLAIN},
    {"body", FIELD_TEXT, CONVERT_HTML},
    {"author.id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"author.name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"author.type", FIELD_NOTE_2, CONVERT_PLAIN},
    {"part_type", FIELD_NOTE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static enum reject_reason part_notice(struct draft *draft) {
    struct span kind = draft->fields[FIELD_NOTE].text;
    bool said = draft->fields[FIELD_TEXT].type != VALUE_ABSENT;
    return said && (span_is(kind, "comment") || span_is(kind, "note") || span_is(kind, "open") ||
                    span_is(kind, "close") || span_is(kind, "assignment"))
               ? REJECT_NONE
               : NOTICE_CONTROL;
}

static enum reject_reason finish_part(struct draft *draft) {
    struct post *post = draft->post;
    if (span_is(draft->fields[FIELD_NOTE].text, "note"))
        post->flags |= POST_PRIVATE | POST_NOTE;
    if (span_is(draft->fields[FIELD_NOTE_2].text, "bot"))
        post->flags |= POST_BOT;
    return REJECT_NONE;
}

static const struct format part = {
    .rows = part_rows, .text_required = true, .notice = part_notice, .finish = finish_part};

static const struct row rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"source.created_at", FIELD_TIME, CONVERT_PLAIN},
    {"created_at", FIELD_TIME, CONVERT_PLAIN},
    {"source.body", FIELD_TEXT, CONVERT_HTML},
    {"source.subject", FIELD_TITLE, CONVERT_HTML},
    {"title", FIELD_TITLE, CONVERT_HTML},
    {"source.author.id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"source.author.name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct nest nests[] = {
    {"conversation_parts.conversation_parts[]", NEST_POST, &part},
    {NULL, 0, NULL},
};

static const struct evidence evidence[] = {
    {"type id created_at source.body conversation_parts", 92},
    {"id created_at source.author conversation_parts.conversation_parts", 90},
    {NULL, 0},
};

const struct format format_intercom = {
    .name = "intercom",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_SUPPORT,
    .rows = rows,
    .nests = nests,
    .evidence = evidence,
    .text_required = true,
};
