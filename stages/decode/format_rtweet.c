/* Tables of the R package rtweet (0.4 to 0.7; write_as_csv and save_as_csv): ids may have an "x" in
 * front of them, so that spreadsheets leave them alone; created_at is UTC. */
#include "stages/decode/format.h"

static const struct row rows[] = {
    {"status_id", FIELD_ID, CONVERT_PLAIN},
    {"created_at", FIELD_TIME, CONVERT_UTC},
    {"text", FIELD_TEXT, CONVERT_ENTITIES},
    {"user_id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"screen_name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"followers_count", FIELD_FOLLOWERS, CONVERT_PLAIN},
    {"lang", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"country_code", FIELD_COUNTRY, CONVERT_PLAIN},
    {"status_url", FIELD_URL, CONVERT_PLAIN},
    {"reply_to_status_id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"reply_to_user_id", FIELD_REPLY_TO_AUTHOR_ID, CONVERT_PLAIN},
    {"reply_to_screen_name", FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"retweet_status_id", FIELD_REPOST_OF, CONVERT_PLAIN},
    {"quoted_status_id", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"favorite_count", FIELD_LIKES, CONVERT_PLAIN},
    {"retweet_count", FIELD_REPOSTS, CONVERT_PLAIN},
    {"reply_count", FIELD_REPLIES, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence evidence[] = {
    {"status_id created_at screen_name text is_retweet", 90},
    {"status_id created_at screen_name text reply_to_status_id", 90},
    {NULL, 0},
};

static void without_x(struct span *id) {
    if (id->len > 1 && *id->at == 'x')
        *id = (struct span){id->at + 1, id->len - 1};
}

static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    struct span *const ids[] = {&post->id, &post->author_id, &post->reply_to_id,
                                &post->reply_to_author_id, &post->repost_of};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        without_x(ids[i]);
    return REJECT_NONE;
}

const struct format format_rtweet = {
    .name = "rtweet",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_TWITTER,
    .rows = rows,
    .evidence = evidence,
    .text_required = true,
    .finish = finish,
};
