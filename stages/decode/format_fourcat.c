/* 4CAT's tables, a mapper for each source. They state a time twice: as text and as seconds, and
 * where the server does not live in UTC one of them is off. Made from a text without a zone (the
 * API of Twitter, Imgur) the text is right; made from seconds (the others) unix_timestamp is.
 * Missing times and counts are 0; authors may be hashes or REDACTED. */
#include "stages/decode/format.h"

#include "stages/common/when.h"
#include "stages/model/id_time.h"

#define POST_ROWS                                                                                  \
    {"id", FIELD_ID, CONVERT_PLAIN}, {"body", FIELD_TEXT, CONVERT_PLAIN},                          \
        {"subject", FIELD_TITLE, CONVERT_PLAIN},                                                   \
        {"author_username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},                                   \
        {"account_username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},                                  \
        {"author", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},                                            \
        {"author_name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},                                       \
        {"author_id", FIELD_AUTHOR_ID, CONVERT_PLAIN},                                             \
        {"account_id", FIELD_AUTHOR_ID, CONVERT_PLAIN},                                            \
        {"author_followers", FIELD_FOLLOWERS, CONVERT_PLAIN},                                      \
        {"account_followers", FIELD_FOLLOWERS, CONVERT_PLAIN},                                     \
        {"language_guess", FIELD_LANGUAGE, CONVERT_PLAIN},                                         \
        {"tiktok_url", FIELD_URL, CONVERT_PLAIN}, {"comment_url", FIELD_URL, CONVERT_PLAIN},       \
        {"post_url", FIELD_URL, CONVERT_PLAIN}, {"url", FIELD_URL, CONVERT_PLAIN},                 \
        {"link", FIELD_URL, CONVERT_PLAIN}, {"likes", FIELD_LIKES, CONVERT_PLAIN},                 \
        {"num_likes", FIELD_LIKES, CONVERT_PLAIN}, {"like_count", FIELD_LIKES, CONVERT_PLAIN},     \
        {"favourites_count", FIELD_LIKES, CONVERT_PLAIN}, {"upvotes", FIELD_LIKES, CONVERT_PLAIN}, \
        {"score", FIELD_LIKES, CONVERT_PLAIN}, {"comments", FIELD_REPLIES, CONVERT_PLAIN},         \
        {"replies", FIELD_REPLIES, CONVERT_PLAIN}, {"num_comments", FIELD_REPLIES, CONVERT_PLAIN}, \
        {"reply_count", FIELD_REPLIES, CONVERT_PLAIN},                                             \
        {"replies_count", FIELD_REPLIES, CONVERT_PLAIN}, {"shares", FIELD_REPOSTS, CONVERT_PLAIN}, \
        {"reposts", FIELD_REPOSTS, CONVERT_PLAIN},                                                 \
        {"retweet_count", FIELD_REPOSTS, CONVERT_PLAIN},                                           \
        {"reblogs_count", FIELD_REPOSTS, CONVERT_PLAIN},                                           \
        {"forwards", FIELD_REPOSTS, CONVERT_PLAIN}, {"plays", FIELD_VIEWS, CONVERT_PLAIN},         \
        {"views", FIELD_VIEWS, CONVERT_PLAIN}, {                                                   \
        "impression_count", FIELD_VIEWS, CONVERT_PLAIN                                             \
    }

/* FIELD_NOTE_4: the other clock. */
#define CLOCK_OF_SECONDS                                                                           \
    {"unix_timestamp", FIELD_TIME, CONVERT_PLAIN}, {"timestamp", FIELD_TIME, CONVERT_PLAIN}, {     \
        "timestamp", FIELD_NOTE_4, CONVERT_PLAIN                                                   \
    }
#define CLOCK_OF_TEXT                                                                              \
    {"timestamp", FIELD_TIME, CONVERT_UTC}, {                                                      \
        "unix_timestamp", FIELD_NOTE_4, CONVERT_PLAIN                                              \
    }

#define TWEET_ROWS                                                                                 \
    {"thread_id", FIELD_CONVERSATION, CONVERT_PLAIN},                                              \
        {"replied_user", FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN},                             \
        {"replied_author", FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN},                           \
        {"is_retweet", FIELD_NOTE, CONVERT_PLAIN},                                                 \
        {"is_quote_tweet", FIELD_NOTE_2, CONVERT_PLAIN}, {                                         \
        "is_reply", FIELD_NOTE_3, CONVERT_PLAIN                                                    \
    }

/* Nobody's name, and two clocks that no server's zone explains. */
static enum reject_reason check(struct draft *draft) {
    struct post *post = draft->post;
    struct span other = draft_span(draft, FIELD_NOTE_4);
    struct moment moment;
    if (span_is(post->author_handle, "REDACTED"))
        post->author_handle = (struct span){NULL, 0};
    if (span_is(post->author_id, "REDACTED"))
        post->author_id = (struct span){NULL, 0};
    if (post->created_at_us != TIME_NONE && post->time_source == TIME_FROM_FIELD && other.len > 1 &&
        when_parse(other, false, &moment) && (moment.us - post->created_at_us) % 900000000 != 0)
        return REJECT_BAD_TIME;
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

static bool says_yes(struct span text) {
    return span_is(text, "yes") || span_is(text, "True") || span_is(text, "true");
}

static enum reject_reason finish_tweet(struct draft *draft) {
    struct post *post = draft->post;
    if (says_yes(draft_span(draft, FIELD_NOTE)))
        post->kind = POST_REPOST;
    else if (says_yes(draft_span(draft, FIELD_NOTE_3)))
        post->kind = POST_REPLY;
    else if (says_yes(draft_span(draft, FIELD_NOTE_2)))
        post->kind = POST_QUOTE;
    return check(draft);
}

static const struct row twitter_rows[] = {POST_ROWS, TWEET_ROWS, CLOCK_OF_TEXT, {NULL, 0, 0}};

static const struct evidence twitter_evidence[] = {
    {"id thread_id timestamp unix_timestamp body author_followers quoted_user replied_user", 95},
    {"id body timestamp is_retweet author_followers", 92},
    {"id body timestamp is_retweet replied_user", 92},
    {"id body timestamp is_retweet quoted_user", 92},
    {NULL, 0},
};

const struct format format_fourcat_twitter = {
    .name = "fourcat_twitter",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_TWITTER,
    .rows = twitter_rows,
    .evidence = twitter_evidence,
    .finish = finish_tweet,
};

static const struct row x_rows[] = {POST_ROWS, TWEET_ROWS, CLOCK_OF_SECONDS, {NULL, 0, 0}};

/* What was imported from Zeeschuimer. */
static const struct evidence x_evidence[] = {
    {"id body timestamp is_retweet replied_author", 94},
    {"id body timestamp is_retweet quote_author", 94},
    {"id thread_id body timestamp is_retweet is_reply", 90},
    {NULL, 0},
};

const struct format format_fourcat_x = {
    .name = "fourcat_x",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_TWITTER,
    .rows = x_rows,
    .evidence = x_evidence,
    .finish = finish_tweet,
};

static const struct row imgur_rows[] = {
    POST_ROWS, CLOCK_OF_TEXT, {"thread_id", FIELD_CONVERSATION, CONVERT_PLAIN}, {NULL, 0, 0}};

static const struct evidence imgur_evidence[] = {
    {"id body timestamp virality_score", 95},
    {NULL, 0},
};

const struct format format_fourcat_imgur = {
    .name = "fourcat_imgur",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_OTHER,
    .rows = imgur_rows,
    .evidence = imgur_evidence,
    .finish = check,
};

static const struct row post_rows[] = {
    POST_ROWS, CLOCK_OF_SECONDS, {"thread_id", FIELD_CONVERSATION, CONVERT_PLAIN}, {NULL, 0, 0}};

#define POSTS_OF(variable, given_name, given_platform, ...)                                        \
    static const struct evidence variable##_evidence[] = {__VA_ARGS__, {NULL, 0}};                 \
    const struct format format_fourcat_##variable = {                                              \
        .name = given_name,                                                                        \
        .shape = SHAPE_CSV,                                                                        \
        .platform = given_platform,                                                                \
        .rows = post_rows,                                                                         \
        .evidence = variable##_evidence,                                                           \
        .finish = check,                                                                           \
    }

POSTS_OF(tiktok, "fourcat_tiktok", PLATFORM_TIKTOK, {"id body timestamp tiktok_url plays", 94},
         {"id body timestamp author_full plays shares", 92});
POSTS_OF(instagram, "fourcat_instagram", PLATFORM_INSTAGRAM,
         {"id body timestamp author num_likes num_comments parent_id", 94},
         {"id body timestamp author likes_hidden", 92});
POSTS_OF(threads, "fourcat_threads", PLATFORM_THREADS,
         {"id body timestamp author author_is_verified reposts quotes", 94});

/* A comment's thread is the comment that it answers, else the video. */
static const struct row comment_rows[] = {
    POST_ROWS,
    CLOCK_OF_SECONDS,
    {"post_id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"thread_id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence comment_evidence[] = {
    {"id thread_id body timestamp is_comment_on_comment", 94},
    {"id thread_id body timestamp post_id is_liked_by_post_author", 92},
    {NULL, 0},
};

const struct format format_fourcat_tiktok_comments = {
    .name = "fourcat_tiktok_comments",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_TIKTOK,
    .rows = comment_rows,
    .evidence = comment_evidence,
    .finish = check,
};

/* Ids are "chat-number", what is answered is the bare number. */
static const struct row telegram_rows[] = {
    {"author_username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"author_name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"author", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    POST_ROWS,
    CLOCK_OF_SECONDS,
    {"chat", FIELD_CHANNEL, CONVERT_PLAIN},
    {"thread_id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"reply_to", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"author_forwarded_from_name", FIELD_NOTE, CONVERT_PLAIN},
    {"author_forwarded_from_username", FIELD_NOTE, CONVERT_PLAIN},
    {"author_forwarded_from_id", FIELD_NOTE, CONVERT_PLAIN},
    {"author_is_bot", FIELD_NOTE_2, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence telegram_evidence[] = {
    {"id body timestamp chat author_is_bot", 94},
    {"id body timestamp chat author_username reply_to", 94},
    {NULL, 0},
};

static enum reject_reason finish_telegram(struct draft *draft) {
    struct post *post = draft->post;
    bool whole = post->reply_to_id.len && memchr(post->reply_to_id.at, '-', post->reply_to_id.len);
    if (post->reply_to_id.len && post->conversation.len && !whole)
        post->reply_to_id =
            draft_join(draft, post->conversation, SPAN_LITERAL("-"), post->reply_to_id);
    if (draft_span(draft, FIELD_NOTE).len)
        post->kind = POST_REPOST;
    if (says_yes(draft_span(draft, FIELD_NOTE_2)))
        post->flags |= POST_BOT;
    return check(draft);
}

const struct format format_fourcat_telegram = {
    .name = "fourcat_telegram",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_TELEGRAM,
    .rows = telegram_rows,
    .evidence = telegram_evidence,
    .finish = finish_telegram,
};

/* Truth Social and Gab have only the text, in UTC. */
static const struct row truth_rows[] = {
    POST_ROWS,
    {"timestamp", FIELD_TIME, CONVERT_UTC},
    {"created_at", FIELD_TIME, CONVERT_UTC},
    {"group", FIELD_CHANNEL, CONVERT_PLAIN},
    {"thread_id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence truth_evidence[] = {
    {"id body account_username reblogs_count favourites_count", 94},
    {NULL, 0},
};

static enum reject_reason finish_truth(struct draft *draft) {
    struct post *post = draft->post;
    if (post->url.len && memmem(post->url.at, post->url.len, "gab.com/", 8))
        post->platform = PLATFORM_GAB;
    return check(draft);
}

const struct format format_fourcat_truth = {
    .name = "fourcat_truth",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_TRUTHSOCIAL,
    .rows = truth_rows,
    .evidence = truth_evidence,
    .finish = finish_truth,
};

/* Where the page's words ("2 tyg.") were not understood, the time is that of the capture: then the
 * id tells. */
static const struct row linkedin_rows[] = {
    POST_ROWS,
    CLOCK_OF_SECONDS,
    {"thread_id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"timestamp", FIELD_NOTE, CONVERT_PLAIN},
    {"timestamp_collected", FIELD_NOTE_2, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence linkedin_evidence[] = {
    {"id body timestamp timestamp_collected timestamp_ago", 94},
    {NULL, 0},
};

static enum reject_reason finish_linkedin(struct draft *draft) {
    struct post *post = draft->post;
    struct span said = draft_span(draft, FIELD_NOTE);
    if (post->created_at_us == TIME_NONE ||
        (said.len && span_equal(said, draft_span(draft, FIELD_NOTE_2)))) {
        post->created_at_us = id_time(PLATFORM_LINKEDIN, post->id);
        post->time_precision = TIME_EXACT_MS;
        post->time_source = TIME_FROM_ID;
    }
    return check(draft);
}

const struct format format_fourcat_linkedin = {
    .name = "fourcat_linkedin",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_LINKEDIN,
    .rows = linkedin_rows,
    .evidence = linkedin_evidence,
    .finish = finish_linkedin,
};

/* Boards: an id that is its thread's begins it. Reddit's ids lose their kind. */
static const struct row board_rows[] = {
    POST_ROWS,
    CLOCK_OF_SECONDS,
    {"subreddit", FIELD_CHANNEL, CONVERT_PLAIN},
    {"board", FIELD_CHANNEL, CONVERT_PLAIN},
    {"country_code", FIELD_COUNTRY, CONVERT_PLAIN},
    {"thread_id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"parent", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence reddit_evidence[] = {
    {"id thread_id body timestamp subreddit parent", 94},
    {NULL, 0},
};

static enum reject_reason finish_reddit(struct draft *draft) {
    struct post *post = draft->post;
    struct span none = {NULL, 0}, kind = SPAN_LITERAL("t1_"), thread = post->conversation;
    if (span_equal(post->id, thread) || !thread.len)
        kind = SPAN_LITERAL("t3_");
    post->id = draft_join(draft, kind, post->id, none);
    if (thread.len)
        post->conversation = draft_join(draft, SPAN_LITERAL("t3_"), thread, none);
    if (span_is(kind, "t3_")) {
        post->reply_to_id = none;
        post->kind = POST_ORIGINAL;
    } else {
        post->kind = POST_REPLY;
        if (!post->reply_to_id.len)
            post->reply_to_id = post->conversation;
    }
    return check(draft);
}

const struct format format_fourcat_reddit = {
    .name = "fourcat_reddit",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_REDDIT,
    .rows = board_rows,
    .evidence = reddit_evidence,
    .finish = finish_reddit,
};

static const struct evidence board_evidence[] = {
    {"id thread_id body timestamp image_md5 country_code", 94},
    {"id thread_id body timestamp semantic_url image_md5", 94},
    {NULL, 0},
};

static enum reject_reason finish_board(struct draft *draft) {
    struct post *post = draft->post;
    if (span_is(post->author_handle, "Anonymous"))
        post->author_handle = (struct span){NULL, 0};
    if (post->conversation.len && !span_equal(post->conversation, post->id)) {
        post->reply_to_id = post->conversation;
        post->kind = POST_REPLY;
    }
    return check(draft);
}

const struct format format_fourcat_board = {
    .name = "fourcat_board",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_FORUM,
    .rows = board_rows,
    .evidence = board_evidence,
    .finish = finish_board,
};
