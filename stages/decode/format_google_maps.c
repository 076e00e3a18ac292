/* Reviews of places on Google Maps: gosom's scraper, whose line is one place with its reviews in
 * two lists, and Outscraper's table with a review a row. The owner's answer is in the review. */
#include "stages/decode/format.h"

static const struct row answer_rows[] = {
    {"reply_text_original", FIELD_TEXT, CONVERT_PLAIN},
    {"reply_text", FIELD_TEXT, CONVERT_PLAIN},
    {"reply_posted_at_unix_micros", FIELD_TIME, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct format answer = {.rows = answer_rows, .text_required = true};

static const struct row review_rows[] = {
    {"review_id", FIELD_ID, CONVERT_PLAIN},
    {"posted_at_unix_micros", FIELD_TIME, CONVERT_PLAIN},
    {"published_at", FIELD_TIME, CONVERT_PLAIN},
    {"text_original", FIELD_TEXT, CONVERT_PLAIN},
    {"Description", FIELD_TEXT, CONVERT_PLAIN},
    {"Name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"author_url", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"language", FIELD_LANGUAGE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

/* Stars without a word are no post. */
static enum reject_reason finish(struct draft *draft) {
    return draft->post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

static const struct format review = {
    .rows = review_rows, .answer = &answer, .text_required = true, .finish = finish};

static const struct row place_rows[] = {
    {"title", FIELD_CHANNEL, CONVERT_PLAIN},
    {"owner.name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"owner.id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct nest place_nests[] = {
    {"user_reviews[]", NEST_POST, &review},
    {"user_reviews_extended[]", NEST_POST, &review},
    {NULL, 0, NULL},
};

static const struct evidence place_evidence[] = {
    {"title place_id user_reviews", 92},
    {"title cid user_reviews_extended", 92},
    {NULL, 0},
};

const struct format format_google_maps = {
    .name = "google_maps",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_REVIEWS,
    .rows = place_rows,
    .nests = place_nests,
    .evidence = place_evidence,
    .holder = true,
};

/* Its table, the tool's usual output: the lists are JSON in a cell. */
const struct format format_google_maps_csv = {
    .name = "google_maps_csv",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_REVIEWS,
    .rows = place_rows,
    .nests = place_nests,
    .evidence = place_evidence,
    .json_cells = true,
    .holder = true,
};

static const struct row outscraper_answer_rows[] = {
    {"owner_answer", FIELD_TEXT, CONVERT_PLAIN},
    {"owner_answer_timestamp", FIELD_TIME, CONVERT_PLAIN},
    {"name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct format outscraper_answer = {.rows = outscraper_answer_rows,
                                                .text_required = true};

static const struct row outscraper_rows[] = {
    {"review_id", FIELD_ID, CONVERT_PLAIN},
    {"review_timestamp", FIELD_TIME, CONVERT_PLAIN},
    {"review_text", FIELD_TEXT, CONVERT_PLAIN},
    {"author_title", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"author_id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"name", FIELD_CHANNEL, CONVERT_PLAIN},
    {"review_link", FIELD_URL, CONVERT_PLAIN},
    {"review_likes", FIELD_LIKES, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence outscraper_evidence[] = {
    {"review_id author_title review_text review_timestamp review_rating", 94},
    {NULL, 0},
};

const struct format format_outscraper = {
    .name = "outscraper",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_REVIEWS,
    .rows = outscraper_rows,
    .answer = &outscraper_answer,
    .evidence = outscraper_evidence,
    .text_required = true,
    .finish = finish,
};
