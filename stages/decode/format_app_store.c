/* Reviews of apps as the npm scrapers write them: google-play-scraper (with the developer's answer)
 * and app-store-scraper, and the App Store's own feed as JSON. */
#include "stages/decode/format.h"

static const struct row answer_rows[] = {
    {"replyText", FIELD_TEXT, CONVERT_PLAIN},
    {"replyDate", FIELD_TIME, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct format answer = {.rows = answer_rows, .text_required = true};

static const struct row play_rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"date", FIELD_TIME, CONVERT_PLAIN},
    {"text", FIELD_TEXT, CONVERT_PLAIN},
    {"title", FIELD_TITLE, CONVERT_PLAIN},
    {"userName", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"url", FIELD_URL, CONVERT_PLAIN},
    {"thumbsUp", FIELD_LIKES, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence play_evidence[] = {
    {"id userName date score text replyText", 94},
    {"id userName date score text thumbsUp", 93},
    {NULL, 0},
};

const struct format format_google_play_npm = {
    .name = "google_play_npm",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_REVIEWS,
    .rows = play_rows,
    .answer = &answer,
    .evidence = play_evidence,
    .text_required = true,
};

static const struct row store_rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"updated", FIELD_TIME, CONVERT_PLAIN},
    {"text", FIELD_TEXT, CONVERT_PLAIN},
    {"title", FIELD_TITLE, CONVERT_PLAIN},
    {"userName", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"userUrl", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"url", FIELD_URL, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence store_evidence[] = {
    {"id userName version score title text updated", 94},
    {NULL, 0},
};

const struct format format_app_store_npm = {
    .name = "app_store_npm",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_REVIEWS,
    .rows = store_rows,
    .evidence = store_evidence,
    .text_required = true,
};

static const struct row feed_rows[] = {
    {"id.label", FIELD_ID, CONVERT_PLAIN},
    {"updated.label", FIELD_TIME, CONVERT_PLAIN},
    {"content.label", FIELD_TEXT, CONVERT_PLAIN},
    {"title.label", FIELD_TITLE, CONVERT_PLAIN},
    {"author.name.label", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"author.uri.label", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"im:voteSum.label", FIELD_LIKES, CONVERT_PLAIN},
    {"im:rating", FIELD_NOTE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence feed_evidence[] = {
    {"id.label content.label author.name.label im:rating.label", 94},
    {"im:name.label id.label im:image", 70},
    {NULL, 0},
};

/* The first entry may be the app itself, which nobody rates. */
static enum reject_reason feed_notice(struct draft *draft) {
    return draft->fields[FIELD_NOTE].type == VALUE_ABSENT ? NOTICE_CONTROL : REJECT_NONE;
}

const struct format format_app_store_feed = {
    .name = "app_store_feed",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_REVIEWS,
    .rows = feed_rows,
    .evidence = feed_evidence,
    .text_required = true,
    .notice = feed_notice,
};
