/* LinkedIn's own archive: Shares.csv, Comments.csv, messages.csv. The clock is UTC's; posts and
 * comments are the account's. A text of several lines has each of them in quotes. */
#include "stages/decode/format.h"

static struct span last_number(struct span address) {
    size_t end = address.len;
    while (end && !(address.at[end - 1] >= '0' && address.at[end - 1] <= '9'))
        end--;
    size_t at = end;
    while (at && address.at[at - 1] >= '0' && address.at[at - 1] <= '9')
        at--;
    return (struct span){address.at + at, end - at};
}

/* "First line"\n""\n"second line": without these quotes. */
static struct span plain_lines(struct draft *draft, struct span text) {
    struct span copy = text.len ? arena_copy(draft->arena, text) : text;
    char *out = (char *)copy.at;
    size_t len = 0;
    if (!out || !memmem(text.at, text.len, "\"\n\"", 3))
        return text;
    for (size_t i = 0; i < text.len; i++) {
        bool ends = i + 1 < text.len && text.at[i] == '"' && text.at[i + 1] == '\n';
        bool begins = i && text.at[i] == '"' && text.at[i - 1] == '\n';
        if (!ends && !begins)
            out[len++] = text.at[i];
    }
    return (struct span){out, len};
}

static const struct row share_rows[] = {
    {"Date", FIELD_TIME, CONVERT_UTC},
    {"ShareCommentary", FIELD_TEXT, CONVERT_PLAIN},
    {"ShareLink", FIELD_URL, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence share_evidence[] = {
    {"Date ShareLink ShareCommentary", 95},
    {NULL, 0},
};

static enum reject_reason finish_share(struct draft *draft) {
    struct post *post = draft->post;
    post->id = last_number(post->url);
    post->text = plain_lines(draft, post->text);
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_linkedin_shares = {
    .own_account = true,
    .name = "linkedin_shares",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_LINKEDIN,
    .rows = share_rows,
    .evidence = share_evidence,
    .finish = finish_share,
};

static const struct row comment_rows[] = {
    {"Date", FIELD_TIME, CONVERT_UTC},
    {"Message", FIELD_TEXT, CONVERT_PLAIN},
    {"Link", FIELD_URL, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence comment_evidence[] = {
    {"name:Comments*.csv Date Link Message", 95},
    {"Date Link Message", 60},
    {NULL, 0},
};

/* The link leads to the post that it is under. */
static enum reject_reason finish_comment(struct draft *draft) {
    struct post *post = draft->post;
    post->kind = POST_REPLY;
    post->reply_to_id = post->conversation = last_number(post->url);
    post->text = plain_lines(draft, post->text);
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_linkedin_comments = {
    .own_account = true,
    .name = "linkedin_comments",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_LINKEDIN,
    .rows = comment_rows,
    .evidence = comment_evidence,
    .finish = finish_comment,
};

static const struct row message_rows[] = {
    {"DATE", FIELD_TIME, CONVERT_UTC},
    {"CONTENT", FIELD_TEXT, CONVERT_HTML},
    {"SUBJECT", FIELD_TITLE, CONVERT_PLAIN},
    {"FROM", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"SENDER PROFILE URL", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"CONVERSATION ID", FIELD_CONVERSATION, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence message_evidence[] = {
    {"CONVERSATION?ID FROM TO DATE CONTENT", 95},
    {NULL, 0},
};

static enum reject_reason finish_message(struct draft *draft) {
    draft->post->flags |= POST_PRIVATE;
    return draft->post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_linkedin_messages = {
    .name = "linkedin_messages",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_LINKEDIN,
    .rows = message_rows,
    .evidence = message_evidence,
    .finish = finish_message,
};

/* Their words are as private as messages. */
static const struct row invitation_rows[] = {
    {"Sent At", FIELD_TIME, CONVERT_UTC},
    {"Message", FIELD_TEXT, CONVERT_PLAIN},
    {"From", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"inviterProfileUrl", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"To", FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence invitation_evidence[] = {
    {"From To Sent?At Message Direction", 95},
    {NULL, 0},
};

const struct format format_linkedin_invitations = {
    .name = "linkedin_invitations",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_LINKEDIN,
    .rows = invitation_rows,
    .evidence = invitation_evidence,
    .finish = finish_message,
};
