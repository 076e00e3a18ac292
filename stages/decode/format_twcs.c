/* "Customer Support on Twitter" (Kaggle, twcs.csv): brands keep their handle, customers are
 * numbers. */
#include "stages/decode/format.h"

static const struct row rows[] = {
    {"tweet_id", FIELD_ID, CONVERT_PLAIN},
    {"author_id", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"created_at", FIELD_TIME, CONVERT_PLAIN},
    {"text", FIELD_TEXT, CONVERT_ENTITIES},
    {"in_response_to_tweet_id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence evidence[] = {
    {"tweet_id author_id inbound created_at text in_response_to_tweet_id", 95},
    {NULL, 0},
};

const struct format format_twcs = {
    .name = "twcs",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_TWITTER,
    .rows = rows,
    .evidence = evidence,
    .text_required = true,
};
