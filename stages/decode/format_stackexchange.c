/* Stack Exchange's dumps: rows of Posts.xml (questions and answers) and Comments.xml. The clock is
 * UTC's; ids count per site and table. */
#include "stages/decode/format.h"

static const struct row post_rows[] = {
    {"Id", FIELD_ID, CONVERT_PLAIN},
    {"CreationDate", FIELD_TIME, CONVERT_UTC},
    {"Body", FIELD_TEXT, CONVERT_HTML},
    {"Title", FIELD_TITLE, CONVERT_PLAIN},
    {"OwnerUserId", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"OwnerDisplayName", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"ParentId", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"ParentId", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"Score", FIELD_LIKES, CONVERT_PLAIN},
    {"CommentCount", FIELD_REPLIES, CONVERT_PLAIN},
    {"ViewCount", FIELD_VIEWS, CONVERT_PLAIN},
    {"PostTypeId", FIELD_NOTE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence post_evidence[] = {
    {"Id PostTypeId CreationDate Body Score", 95},
    {NULL, 0},
};

/* Wikis of tags, moderators' elections and the like are no posts of people. */
static enum reject_reason notice(struct draft *draft) {
    struct span type = draft->fields[FIELD_NOTE].text;
    return span_is(type, "1") || span_is(type, "2") ? REJECT_NONE : NOTICE_CONTROL;
}

const struct format format_stackexchange = {
    .name = "stackexchange",
    .shape = SHAPE_XML,
    .platform = PLATFORM_STACKEXCHANGE,
    .rows = post_rows,
    .evidence = post_evidence,
    .text_required = true,
    .notice = notice,
};

static const struct row comment_rows[] = {
    {"Id", FIELD_ID, CONVERT_PLAIN},
    {"CreationDate", FIELD_TIME, CONVERT_UTC},
    {"Text", FIELD_TEXT, CONVERT_PLAIN},
    {"UserId", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"UserDisplayName", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"PostId", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"PostId", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"Score", FIELD_LIKES, CONVERT_PLAIN},
    {"PostHistoryTypeId", FIELD_CONTROL, CONVERT_PLAIN},
    {"VoteTypeId", FIELD_CONTROL, CONVERT_PLAIN},
    {"LinkTypeId", FIELD_CONTROL, CONVERT_PLAIN},
    {"Reputation", FIELD_CONTROL, CONVERT_PLAIN},
    {"TagName", FIELD_CONTROL, CONVERT_PLAIN},
    {"TagBased", FIELD_CONTROL, CONVERT_PLAIN},
    {NULL, 0, 0},
};

/* The other tables of a site hold no posts: histories, votes, links, users, tags, badges. */
static const struct evidence comment_evidence[] = {
    {"Id PostId CreationDate Text Score", 94},
    {"Id PostId CreationDate Text ContentLicense", 93},
    {"Id PostHistoryTypeId", 96},
    {"Id VoteTypeId", 96},
    {"Id LinkTypeId", 96},
    {"Id Reputation DisplayName", 96},
    {"Id TagName", 96},
    {"Id UserId Class TagBased", 96},
    {NULL, 0},
};

static enum reject_reason finish_comment(struct draft *draft) {
    draft->post->id =
        draft_join(draft, SPAN_LITERAL("comment/"), draft->post->id, SPAN_LITERAL(""));
    return REJECT_NONE;
}

const struct format format_stackexchange_comments = {
    .name = "stackexchange_comments",
    .shape = SHAPE_XML,
    .platform = PLATFORM_STACKEXCHANGE,
    .rows = comment_rows,
    .evidence = comment_evidence,
    .text_required = true,
    .finish = finish_comment,
};
