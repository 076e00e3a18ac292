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
