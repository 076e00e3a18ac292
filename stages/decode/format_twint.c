/* twint (Twitter without its interface, until 2021): tables with commas or tabs, and JSON lines.
 * Nothing is written as [] or an empty field. `time` and `timezone` belong to the machine that
 * collected. */
#include "stages/decode/format.h"

#include "stages/common/when.h"
#include "stages/model/id_time.h"

static const struct row rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"created_at", FIELD_TIME, CONVERT_PLAIN},
    {"date", FIELD_NOTE, CONVERT_PLAIN},
    {"time", FIELD_NOTE_2, CONVERT_PLAIN},
    {"timezone", FIELD_NOTE_3, CONVERT_PLAIN},
    {"tweet", FIELD_TEXT, CONVERT_ENTITIES},
    {"user_id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"language", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"conversation_id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"reply_to[0].screen_name", FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"reply_to[0].username", FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"reply_to", FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"retweet_id", FIELD_REPOST_OF, CONVERT_PLAIN},
    {"quote_url", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"link", FIELD_URL, CONVERT_PLAIN},
    {"likes_count", FIELD_LIKES, CONVERT_PLAIN},
    {"replies_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"retweets_count", FIELD_REPOSTS, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence evidence[] = {
    {"id conversation_id tweet username retweets_count likes_count", 90},
    {"id conversation_id tweet username user_rt_id", 90},
    {NULL, 0},
};

/* Day, time and offset stand in columns of their own, whatever `created_at` calls the zone. */
static void read_time(struct draft *draft) {
    struct span date = draft_span(draft, FIELD_NOTE), clock = draft_span(draft, FIELD_NOTE_2);
    struct span zone = draft_span(draft, FIELD_NOTE_3);
    struct moment moment;
    bool offset = zone.len && (*zone.at == '+' || *zone.at == '-');
    struct span text = draft_join(draft, date, SPAN_LITERAL(" "), clock);
    text = offset ? draft_join(draft, text, SPAN_LITERAL(" "), zone) : text;
    if (offset && date.len && clock.len && when_parse(text, false, &moment) && !moment.naive) {
        draft->post->created_at_us = moment.us;
        draft->post->time_precision = moment.precision;
        draft->post->time_source = TIME_FROM_FIELD;
    } else if (draft->post->created_at_us == TIME_NONE) {
        draft->post->created_at_us = id_time(PLATFORM_TWITTER, draft->post->id);
        draft->post->time_precision = TIME_EXACT_MS;
        draft->post->time_source = TIME_FROM_ID;
    }
}

static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    struct span to = post->reply_to_author_handle;
    struct span name = python_value(to, "screen_name");
    if (!name.len)
        name = python_value(to, "username");
    if (span_starts(to, "["))
        post->reply_to_author_handle = name;
    bool inside =
        post->conversation.len && post->id.len && !span_equal(post->conversation, post->id);
    if (post->kind == POST_REPLY && !to.len && !inside)
        post->kind = POST_ORIGINAL;
    if (inside && post->kind == POST_ORIGINAL)
        post->kind = POST_REPLY;
    read_time(draft);
    return REJECT_NONE;
}

const struct format format_twint = {
    .name = "twint",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_TWITTER,
    .rows = rows,
    .evidence = evidence,
    .text_required = true,
    .finish = finish,
};

const struct format format_twint_jsonl = {
    .name = "twint_jsonl",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_TWITTER,
    .rows = rows,
    .evidence = evidence,
    .text_required = true,
    .finish = finish,
};
