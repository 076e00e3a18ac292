/* Reviews as google-play-scraper writes them. The developer's reply in the same row is no post of
 * its own and is left out. Times are local. */
#include "stages/decode/format.h"

static const struct row rows[] = {
    {"reviewId", FIELD_ID, CONVERT_PLAIN},
    {"at", FIELD_TIME, CONVERT_PLAIN},
    {"userName", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"content", FIELD_TEXT, CONVERT_PLAIN},
    {"thumbsUpCount", FIELD_LIKES, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence evidence[] = {
    {"reviewId userName content score at", 90},
    {NULL, 0},
};

const struct format format_google_play = {
    .name = "google_play",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_REVIEWS,
    .rows = rows,
    .evidence = evidence,
    .text_required = true,
};
