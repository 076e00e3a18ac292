/* 4CAT's tables state a time twice: as text and as seconds, and where its server does not live in
 * UTC one of them is off. Made from a text without a zone (the API of Twitter, Imgur) the text is
 * right; made from seconds (the others) unix_timestamp is. Missing times and counts are 0. */
#include "stages/decode/format.h"

static const struct row text_rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"timestamp", FIELD_TIME, CONVERT_UTC},
    {"body", FIELD_TEXT, CONVERT_PLAIN},
    {"subject", FIELD_TITLE, CONVERT_PLAIN},
    {"author", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"author_id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"author_followers", FIELD_FOLLOWERS, CONVERT_PLAIN},
    {"thread_id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"replied_user", FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"link", FIELD_URL, CONVERT_PLAIN},
    {"language_guess", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"like_count", FIELD_LIKES, CONVERT_PLAIN},
    {"reply_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"retweet_count", FIELD_REPOSTS, CONVERT_PLAIN},
    {"is_retweet", FIELD_NOTE, CONVERT_PLAIN},
    {"is_quote_tweet", FIELD_NOTE_2, CONVERT_PLAIN},
    {"is_reply", FIELD_NOTE_3, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence text_evidence[] = {
    {"id thread_id timestamp unix_timestamp body author_followers quoted_user replied_user", 95},
    {NULL, 0},
};

static bool says_yes(struct span text) {
    return span_is(text, "yes") || span_is(text, "True") || span_is(text, "true");
}

static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    if (says_yes(draft_span(draft, FIELD_NOTE)))
        post->kind = POST_REPOST;
    else if (says_yes(draft_span(draft, FIELD_NOTE_3)))
        post->kind = POST_REPLY;
    else if (says_yes(draft_span(draft, FIELD_NOTE_2)))
        post->kind = POST_QUOTE;
    return REJECT_NONE;
}

const struct format format_fourcat_twitter = {
    .name = "fourcat_twitter",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_TWITTER,
    .rows = text_rows,
    .evidence = text_evidence,
    .text_required = true,
    .finish = finish,
};

static const struct row imgur_rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"timestamp", FIELD_TIME, CONVERT_UTC},
    {"body", FIELD_TEXT, CONVERT_PLAIN},
    {"subject", FIELD_TITLE, CONVERT_PLAIN},
    {"author", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"thread_id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"url", FIELD_URL, CONVERT_PLAIN},
    {"upvotes", FIELD_LIKES, CONVERT_PLAIN},
    {"comments", FIELD_REPLIES, CONVERT_PLAIN},
    {"views", FIELD_VIEWS, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence imgur_evidence[] = {
    {"id thread_id timestamp unix_timestamp virality_score", 95},
    {NULL, 0},
};

const struct format format_fourcat_imgur = {
    .name = "fourcat_imgur",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_OTHER,
    .rows = imgur_rows,
    .evidence = imgur_evidence,
};
