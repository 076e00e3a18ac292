/* Misskey: the export of an account's own notes. No author anywhere; a note without a text that
 * renotes another is a repost. */
#include "stages/decode/format.h"

static const struct row rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"createdAt", FIELD_TIME, CONVERT_PLAIN},
    {"text", FIELD_TEXT, CONVERT_PLAIN},
    {"cw", FIELD_TITLE, CONVERT_PLAIN},
    {"replyId", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"renoteId", FIELD_NOTE, CONVERT_PLAIN},
    {"visibility", FIELD_NOTE_2, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence evidence[] = {
    {"id createdAt renoteId replyId visibility localOnly", 92},
    {"id createdAt renoteId visibility fileIds", 88},
    {NULL, 0},
};

static enum reject_reason notice(struct draft *draft) {
    bool empty = draft->fields[FIELD_TEXT].type == VALUE_ABSENT;
    return empty && draft->fields[FIELD_NOTE].type != VALUE_ABSENT ? NOTICE_ENGAGEMENT
                                                                   : REJECT_NONE;
}

static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    struct span seen = draft->fields[FIELD_NOTE_2].text;
    if (span_is(seen, "specified") || span_is(seen, "followers"))
        post->flags |= POST_PRIVATE;
    if (draft->fields[FIELD_NOTE].type != VALUE_ABSENT && post->kind == POST_ORIGINAL)
        post->kind = POST_QUOTE;
    return REJECT_NONE;
}

const struct format format_misskey = {
    .own_account = true,
    .name = "misskey",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_MISSKEY,
    .rows = rows,
    .evidence = evidence,
    .text_required = true,
    .notice = notice,
    .finish = finish,
};
