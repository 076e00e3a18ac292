/* Discord: what DiscordChatExporter writes (a channel as JSON, or its table without ids), and the
 * data package of an account: its own messages only, one file a channel, newest first. Moments of
 * the exporter have the offset of its machine. */
#include "stages/decode/format.h"

static const struct row rows[] = {
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"timestamp", FIELD_TIME, CONVERT_PLAIN},
    {"content", FIELD_TEXT, CONVERT_PLAIN},
    {"forwardedMessage.content", FIELD_NOTE_2, CONVERT_PLAIN},
    {"author.id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"author.name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"author.isBot", FIELD_BOT, CONVERT_PLAIN},
    {"reference.messageId", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"reference.type", FIELD_NOTE_3, CONVERT_PLAIN},
    {"type", FIELD_NOTE, CONVERT_PLAIN},
    {"reactions[0].count", FIELD_LIKES, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct row context[] = {
    {"channel.name", FIELD_CHANNEL, CONVERT_PLAIN},
    {"exportedAt", FIELD_EXPORTED, CONVERT_PLAIN},
    {"dateRange.before", FIELD_EXPORTED, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence evidence[] = {
    {"id type timestamp timestampEdited content author.id author.discriminator", 92},
    {"id type timestamp content author.id author.isBot", 88},
    {NULL, 0},
};

/* Joins, pins, threads that begin: of kinds with names of their own, or a bare number. */
static enum reject_reason notice(struct draft *draft) {
    struct span type = draft->fields[FIELD_NOTE].text;
    bool said = !type.len || span_is(type, "Default") || span_is(type, "Reply") ||
                span_is(type, "ChatInputCommand") || span_is(type, "ContextMenuCommand") ||
                span_is(type, "0") || span_is(type, "19") || span_is(type, "20");
    return said ? REJECT_NONE : NOTICE_CONTROL;
}

static enum reject_reason finish(struct draft *draft) {
    struct post *post = draft->post;
    struct span type = draft->fields[FIELD_NOTE].text, forwarded = draft_span(draft, FIELD_NOTE_2);
    if (forwarded.len || span_is(draft->fields[FIELD_NOTE_3].text, "Forward")) {
        post->kind = POST_REPOST;
        post->repost_of = post->reply_to_id;
        post->reply_to_id = (struct span){NULL, 0};
        if (!post->text.len)
            post->text = forwarded;
    } else if (!span_is(type, "Reply") && !span_is(type, "19")) {
        post->reply_to_id = (struct span){NULL, 0};
        post->kind = POST_ORIGINAL;
    }
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_discord = {
    .name = "discord",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_DISCORD,
    .rows = rows,
    .context = context,
    .evidence = evidence,
    .text_required = true,
    .notice = notice,
    .finish = finish,
};

static const struct row table_rows[] = {
    {"AuthorID", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"Author", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"Date", FIELD_TIME, CONVERT_PLAIN},
    {"Content", FIELD_TEXT, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence table_evidence[] = {
    {"AuthorID Author Date Content Attachments Reactions", 92},
    {NULL, 0},
};

const struct format format_discord_csv = {
    .name = "discord_csv",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_DISCORD,
    .rows = table_rows,
    .evidence = table_evidence,
    .text_required = true,
};

static const struct row package_rows[] = {
    {"ID", FIELD_ID, CONVERT_PLAIN},
    {"Timestamp", FIELD_TIME, CONVERT_UTC},
    {"Contents", FIELD_TEXT, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence package_evidence[] = {
    {"ID Timestamp Contents Attachments", 90},
    {NULL, 0},
};

/* A message of pictures only. */
static enum reject_reason finish_package(struct draft *draft) {
    return draft->post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_discord_package = {
    .own_account = true,
    .name = "discord_package",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_DISCORD,
    .rows = package_rows,
    .evidence = package_evidence,
    .text_required = true,
    .finish = finish_package,
};

const struct format format_discord_package_csv = {
    .own_account = true,
    .name = "discord_package_csv",
    .shape = SHAPE_CSV,
    .platform = PLATFORM_DISCORD,
    .rows = package_rows,
    .evidence = package_evidence,
    .text_required = true,
    .finish = finish_package,
};
