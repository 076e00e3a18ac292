/* extract_formats: formats that use every mechanism of one record with many posts, and what either
 * JSON reader makes of a record by them. All in one translation unit's static extractor. */
#ifndef BURZA_EXTRACT_FORMATS_H
#define BURZA_EXTRACT_FORMATS_H

#include "stages/decode/extract.h"
#include "tests/unit/decode_tool.h"

static const struct row video_rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"timestamp", FIELD_TIME, CONVERT_PLAIN},
    {"title", FIELD_TITLE, CONVERT_PLAIN},
    {"channel", FIELD_CHANNEL, CONVERT_PLAIN},
    {NULL, 0, 0},
};
static const struct row comment_rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"timestamp", FIELD_TIME, CONVERT_PLAIN},
    {"text", FIELD_TEXT, CONVERT_HTML},
    {"author", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"parent", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {NULL, 0, 0},
};
static const struct nest comment_nests[] = {
    {"replies.comments[]", NEST_POST, NULL},
    {NULL, 0, NULL},
};
static const struct format comment = {
    .rows = comment_rows, .nests = comment_nests, .text_required = true};
static const struct nest video_nests[] = {
    {"comments[]", NEST_POST, &comment},
    {NULL, 0, NULL},
};
static const struct format video = {.name = "video", .rows = video_rows, .nests = video_nests};

/* A page: tweets, and apart from them the users and tweets they refer to. */
static const struct row user_rows[] = {
    {"username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"public_metrics.followers_count", FIELD_FOLLOWERS, CONVERT_PLAIN},
    {NULL, 0, 0},
};
static const struct format user = {.rows = user_rows};
static const struct row tweet_rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"created_at", FIELD_TIME, CONVERT_PLAIN},
    {"text", FIELD_TEXT, CONVERT_ENTITIES},
    {"author_id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"referenced_tweets[type=replied_to].id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"referenced_tweets[type=retweeted].id", FIELD_REPOST_OF, CONVERT_PLAIN},
    {"referenced_tweets[type=quoted].id", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {NULL, 0, 0},
};
static const struct join tweet_joins[] = {
    {"author_id", "includes.users[]", "id", JOIN_FIELDS, &user},
    {"referenced_tweets[type=retweeted].id", "includes.tweets[]", "id", NEST_REPOSTED, NULL},
    {"referenced_tweets[type=quoted].id", "includes.tweets[]", "id", NEST_QUOTED, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
static const struct format tweet = {
    .rows = tweet_rows, .joins = tweet_joins, .text_required = true};
static const struct nest page_nests[] = {{"data[]", NEST_POST, &tweet}, {NULL, 0, NULL}};
static const struct format page = {.name = "page", .nests = page_nests, .holder = true};

/* A chat whose messages have texts in pieces. */
static const struct row message_rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},          {"date", FIELD_TIME, CONVERT_PLAIN},
    {"text", FIELD_TEXT, CONVERT_PIECES},     {"reply", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"action", FIELD_CONTROL, CONVERT_PLAIN}, {NULL, 0, 0},
};
static const struct format message = {.rows = message_rows, .text_required = true};
static const struct nest chat_nests[] = {{"messages[]", NEST_POST, &message}, {NULL, 0, NULL}};
static const struct row chat_rows[] = {
    {"name", FIELD_CHANNEL, CONVERT_PLAIN},
    {"owner", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {NULL, 0, 0},
};
static const struct format chat = {.rows = chat_rows, .nests = chat_nests, .holder = true};
static const struct nest export_nests[] = {{"chats.list[]", NEST_POST, &chat}, {NULL, 0, NULL}};
static const struct format chats = {.name = "chats", .nests = export_nests, .holder = true};

/* Events, of which some are notices. */
static const struct row event_rows[] = {
    {"did", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"op", FIELD_NOTE, CONVERT_PLAIN},
    {"kind", FIELD_NOTE_2, CONVERT_PLAIN},
    {"rkey", FIELD_NOTE_3, CONVERT_PLAIN},
    {"at", FIELD_TIME, CONVERT_PLAIN},
    {"text", FIELD_TEXT, CONVERT_MOJIBAKE},
    {"answer_to", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {NULL, 0, 0},
};
static const struct row event_answer_rows[] = {
    {"answer.text", FIELD_TEXT, CONVERT_HTML},
    {"answer.at", FIELD_TIME, CONVERT_PLAIN},
    {NULL, 0, 0},
};
static const struct format event_answer = {.rows = event_answer_rows, .text_required = true};

static enum reject_reason event_notice(struct draft *draft) {
    if (span_is(draft_span(draft, FIELD_NOTE_2), "like"))
        return NOTICE_ENGAGEMENT;
    if (!span_is(draft_span(draft, FIELD_NOTE), "delete"))
        return REJECT_NONE;
    draft->deleted_id = draft_join(draft, draft_span(draft, FIELD_AUTHOR_ID),
                                   SPAN_LITERAL("/post/"), draft_span(draft, FIELD_NOTE_3));
    return NOTICE_DELETE;
}

static const struct format event = {.name = "event",
                                    .rows = event_rows,
                                    .answer = &event_answer,
                                    .text_required = true,
                                    .notice = event_notice};

static struct extractor extractor;

static void log_out(struct buf *log, enum reject_reason reason, const struct decoded *out) {
    if (reason != REJECT_NONE) {
        buf_format(log, "reject %s", reject_name(reason));
        log_span(log, "id", out->deleted_id);
        buf_char(log, '\n');
    }
    for (size_t i = 0; i < out->more_count + 1; i++) {
        struct post post = i ? out->more[i - 1] : out->post;
        if (!i && reason != REJECT_NONE)
            continue;
        post.id = extract_post_id(&extractor, &post);
        buf_text(log, i ? "+ " : "");
        log_post(log, NULL, &post);
    }
    for (size_t i = 0; i < out->more_reject_count; i++)
        buf_format(log, "+ reject %s\n", reject_name((enum reject_reason)out->more_rejects[i]));
}

/* The posts of a record by one reader; what it made of it. */
static enum json_result read_by(bool slow, struct span record, struct buf *log, uint64_t *repairs) {
    static struct decoded out;
    uint64_t counts[REPAIR_COUNT] = {0};
    const struct table *table = extractor.table = extractor.member->table;
    out.more_count = out.more_reject_count = 0;
    extractor.repaired = slow;
    arena_clear(&extractor.arena);
    buf_clear(log);
    enum json_result result =
        slow ? json_slow_read(&extractor.slow, table, record, extractor.slots, counts)
             : json_fast_read(extractor.fast, table, record, extractor.slots);
    for (int i = 0; i < REPAIR_COUNT; i++)
        *repairs += counts[i];
    if (result != JSON_READ)
        return result;
    enum reject_reason reason = extract_slots(&extractor, &out);
    if (extractor.trouble == JSON_READ)
        log_out(log, reason, &out);
    buf_char(log, 0);
    return extractor.trouble;
}

#endif
