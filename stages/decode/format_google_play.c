/* Reviews as google-play-scraper writes them, with the developer's answer in the same row. Times
 * are local. */
#include "stages/decode/format.h"

static const struct row rows[] = {
    {"reviewId", FIELD_ID, CONVERT_PLAIN},
    {"at", FIELD_TIME, CONVERT_PLAIN},
    {"userName", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"content", FIELD_TEXT, CONVERT_PLAIN},
    {"thumbsUpCount", FIELD_LIKES, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct row answer_rows[] = {
    {"replyContent", FIELD_TEXT, CONVERT_PLAIN},
    {"repliedAt", FIELD_TIME, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct format answer = {.rows = answer_rows, .text_required = true};

static const struct evidence evidence[] = {
    {"reviewId userName content score at", 90},
    {NULL, 0},
};

const struct format format_google_play = {
    .name = "google_play",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_REVIEWS,
    .rows = rows,
    .answer = &answer,
    .evidence = evidence,
    .text_required = true,
};

/* The Play Console's own monthly tables, UTF-16; reviewers have no names there. */
static const struct row console_answer_rows[] = {
    {"Developer Reply Text", FIELD_TEXT, CONVERT_PLAIN},
    {"Developer Reply Millis Since Epoch", FIELD_TIME, CONVERT_PLAIN},
    {"Developer Reply Date and Time", FIELD_TIME, CONVERT_UTC},
    {NULL, 0, 0},
};

static const struct format console_answer = {.rows = console_answer_rows, .text_required = true};

static const struct row console_rows[] = {
    {"Review Submit Millis Since Epoch", FIELD_TIME, CONVERT_PLAIN},
    {"Review Submit Date and Time", FIELD_TIME, CONVERT_UTC},
    {"Review Text", FIELD_TEXT, CONVERT_PLAIN},
    {"Review Title", FIELD_TITLE, CONVERT_PLAIN},
    {"Reviewer Language", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"Package Name", FIELD_CHANNEL, CONVERT_PLAIN},
    {"Review Link", FIELD_URL, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence console_evidence[] = {
    {"Package?Name Review?Submit?Date?and?Time Star?Rating Review?Text", 95},
    {NULL, 0},
};

/* Stars without a word are no post. The id is in the address. */
static enum reject_reason finish_console(struct draft *draft) {
    struct post *post = draft->post;
    struct span url = post->url;
    const char *at = url.len ? memmem(url.at, url.len, "eviewid=", 8) : NULL;
    if (!at && url.len)
        at = memmem(url.at, url.len, "eviewId=", 8);
    if (at) {
        size_t left = (size_t)(url.at + url.len - at) - 8;
        const char *stop = memchr(at + 8, '&', left);
        post->id = (struct span){at + 8, stop ? (size_t)(stop - at) - 8 : left};
    }
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_play_console = {
    .name = "google_play_console",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_REVIEWS,
    .rows = console_rows,
    .answer = &console_answer,
    .evidence = console_evidence,
    .finish = finish_console,
};
