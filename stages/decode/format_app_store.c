/* Reviews of apps as the npm scrapers write them: google-play-scraper (with the developer's answer)
 * and app-store-scraper, and the App Store's own feed as JSON. */
#include "stages/decode/format.h"

#include "stages/common/when.h"

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

/* A feed of one review has no list. */
static const struct nest single_nests[] = {
    {"feed.entry", NEST_POST, &format_app_store_feed},
    {NULL, 0, NULL},
};

static const struct row single_rows[] = {
    {"feed.id.label", FIELD_NOTE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence single_evidence[] = {
    {"feed.entry.id.label feed.entry.author.name.label", 95},
    {"feed.entry.id.label feed.entry.im:name", 95},
    {NULL, 0},
};

const struct format format_app_store_single = {
    .name = "app_store_single",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_REVIEWS,
    .rows = single_rows,
    .nests = single_nests,
    .evidence = single_evidence,
    .holder = true,
};

/* The same feed as XML. */
static const struct row atom_rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"updated", FIELD_TIME, CONVERT_PLAIN},
    {"content", FIELD_TEXT, CONVERT_PLAIN},
    {"title", FIELD_TITLE, CONVERT_PLAIN},
    {"author.name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"author.uri", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"im:voteSum", FIELD_LIKES, CONVERT_PLAIN},
    {"im:rating", FIELD_NOTE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence atom_evidence[] = {
    {"id updated content im:rating", 94},
    {NULL, 0},
};

const struct format format_app_store_atom = {
    .name = "app_store_atom",
    .shape = SHAPE_XML,
    .platform = PLATFORM_REVIEWS,
    .rows = atom_rows,
    .evidence = atom_evidence,
    .text_required = true,
    .notice = feed_notice,
};

/* app-store-scraper of Python: JSON, or a table that pandas made of it, where the developer's
 * answer is Python's notation of an object. The clock is UTC's. */
static const struct row python_answer_rows[] = {
    {"developerResponse.id", FIELD_ID, CONVERT_PLAIN},
    {"developerResponse.body", FIELD_TEXT, CONVERT_PLAIN},
    {"developerResponse", FIELD_TEXT, CONVERT_PLAIN},
    {"developerResponse.modified", FIELD_TIME, CONVERT_UTC},
    {"developerResponse", FIELD_NOTE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static enum reject_reason finish_python_answer(struct draft *draft) {
    struct post *post = draft->post;
    struct span object = draft_span(draft, FIELD_NOTE);
    struct span body = python_value(object, "body"), time = python_value(object, "modified");
    struct moment moment;
    if (body.len)
        post->text = body;
    if (time.len && when_parse(time, false, &moment)) {
        post->created_at_us = moment.us;
        post->time_precision = moment.precision;
        post->time_source = TIME_FROM_FIELD;
    }
    return REJECT_NONE;
}

static const struct format python_answer = {.rows = python_answer_rows,
                                            .finish = finish_python_answer};

static const struct row python_rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"date", FIELD_TIME, CONVERT_UTC},
    {"review", FIELD_TEXT, CONVERT_PLAIN},
    {"title", FIELD_TITLE, CONVERT_PLAIN},
    {"userName", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence python_evidence[] = {
    {"date review rating title userName", 93},
    {NULL, 0},
};

const struct format format_app_store_python = {
    .name = "app_store_python",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_REVIEWS,
    .rows = python_rows,
    .answer = &python_answer,
    .evidence = python_evidence,
    .text_required = true,
};

const struct format format_app_store_python_csv = {
    .name = "app_store_python_csv",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_REVIEWS,
    .rows = python_rows,
    .answer = &python_answer,
    .evidence = python_evidence,
    .text_required = true,
};
