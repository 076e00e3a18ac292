/* Zeeschuimer's smaller platforms: Truth Social, Gab, 9GAG, Pinterest, Douyin, RedNote, LinkedIn,
 * as format_zeeschuimer.c reads the larger ones. */
#include "stages/decode/format.h"

#include "stages/model/id_time.h"

static const struct row truth_rows[] = {
    {"data.id", FIELD_ID, CONVERT_PLAIN},
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"data.created_at", FIELD_TIME, CONVERT_PLAIN},
    {"created_at", FIELD_TIME, CONVERT_PLAIN},
    {"data.content", FIELD_TEXT, CONVERT_HTML},
    {"content", FIELD_TEXT, CONVERT_HTML},
    {"data.account.acct", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"account.acct", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.account.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"account.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.account.id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"account.id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"data.account.followers_count", FIELD_FOLLOWERS, CONVERT_PLAIN},
    {"account.followers_count", FIELD_FOLLOWERS, CONVERT_PLAIN},
    {"data.account.bot", FIELD_BOT, CONVERT_PLAIN},
    {"account.bot", FIELD_BOT, CONVERT_PLAIN},
    {"data.in_reply_to.id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"in_reply_to.id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"data.in_reply_to_id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"in_reply_to_id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"data.in_reply_to.account.username", FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"in_reply_to.account.username", FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.in_reply_to_account_id", FIELD_REPLY_TO_AUTHOR_ID, CONVERT_PLAIN},
    {"in_reply_to_account_id", FIELD_REPLY_TO_AUTHOR_ID, CONVERT_PLAIN},
    {"data.quote_id", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"quote_id", FIELD_QUOTE_OF, CONVERT_PLAIN},
    {"data.group.title", FIELD_CHANNEL, CONVERT_PLAIN},
    {"group.title", FIELD_CHANNEL, CONVERT_PLAIN},
    {"data.favourites_count", FIELD_LIKES, CONVERT_PLAIN},
    {"favourites_count", FIELD_LIKES, CONVERT_PLAIN},
    {"data.reblogs_count", FIELD_REPOSTS, CONVERT_PLAIN},
    {"reblogs_count", FIELD_REPOSTS, CONVERT_PLAIN},
    {"data.replies_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"replies_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"data.url", FIELD_URL, CONVERT_PLAIN},
    {"url", FIELD_URL, CONVERT_PLAIN},
    {"data.language", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"language", FIELD_LANGUAGE, CONVERT_PLAIN},
    {"data.reblog.id", FIELD_REPOST_OF, CONVERT_PLAIN},
    {"reblog.id", FIELD_REPOST_OF, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct nest truth_nests[] = {
    {"data.reblog", NEST_REPOSTED, NULL},
    {"reblog", NEST_REPOSTED, NULL},
    {NULL, 0, NULL},
};

static const struct evidence truth_evidence[] = {
    {"source_platform data.content data.account data.reblogs_count", 93},
    {"__import_meta content account reblogs_count", 93},
    {NULL, 0},
};

/* Gab's longer shape has the same names; its addresses tell. */
static enum reject_reason finish_truth(struct draft *draft) {
    struct post *post = draft->post;
    if (post->url.len && memmem(post->url.at, post->url.len, "gab.com/", 8))
        post->platform = PLATFORM_GAB;
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

const struct format format_zeeschuimer_truth = {
    .name = "zeeschuimer_truth",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_TRUTHSOCIAL,
    .rows = truth_rows,
    .nests = truth_nests,
    .evidence = truth_evidence,
    .finish = finish_truth,
};

static const struct row gab_rows[] = {
    {"data.i", FIELD_ID, CONVERT_PLAIN},
    {"i", FIELD_ID, CONVERT_PLAIN},
    {"data.ca", FIELD_TIME, CONVERT_PLAIN},
    {"ca", FIELD_TIME, CONVERT_PLAIN},
    {"data.c", FIELD_TEXT, CONVERT_HTML},
    {"c", FIELD_TEXT, CONVERT_HTML},
    {"data.account.un", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"account.un", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.account.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"account.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.ai", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"ai", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"data.ul", FIELD_URL, CONVERT_PLAIN},
    {"ul", FIELD_URL, CONVERT_PLAIN},
    {"data.fbc", FIELD_LIKES, CONVERT_PLAIN},
    {"fbc", FIELD_LIKES, CONVERT_PLAIN},
    {"data.rbc", FIELD_REPOSTS, CONVERT_PLAIN},
    {"rbc", FIELD_REPOSTS, CONVERT_PLAIN},
    {"data.rc", FIELD_REPLIES, CONVERT_PLAIN},
    {"rc", FIELD_REPLIES, CONVERT_PLAIN},
    {"data.irti", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"irti", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence gab_evidence[] = {
    {"source_platform data.i data.c data.ca", 93},
    {"__import_meta i c ca", 93},
    {NULL, 0},
};

const struct format format_zeeschuimer_gab = {
    .name = "zeeschuimer_gab",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_GAB,
    .rows = gab_rows,
    .evidence = gab_evidence,
    .text_required = true,
};

static const struct row ninegag_rows[] = {
    {"data.id", FIELD_ID, CONVERT_PLAIN},
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"data.creationTs", FIELD_TIME, CONVERT_PLAIN},
    {"creationTs", FIELD_TIME, CONVERT_PLAIN},
    {"data.description", FIELD_TEXT, CONVERT_PLAIN},
    {"description", FIELD_TEXT, CONVERT_PLAIN},
    {"data.title", FIELD_TITLE, CONVERT_PLAIN},
    {"title", FIELD_TITLE, CONVERT_PLAIN},
    {"data.creator.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"creator.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.creator.userId", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"creator.userId", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"data.upVoteCount", FIELD_LIKES, CONVERT_PLAIN},
    {"upVoteCount", FIELD_LIKES, CONVERT_PLAIN},
    {"data.commentsCount", FIELD_REPLIES, CONVERT_PLAIN},
    {"commentsCount", FIELD_REPLIES, CONVERT_PLAIN},
    {"data.url", FIELD_URL, CONVERT_PLAIN},
    {"url", FIELD_URL, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence ninegag_evidence[] = {
    {"source_platform data.id data.creationTs data.upVoteCount", 93},
    {"__import_meta id creationTs upVoteCount", 93},
    {NULL, 0},
};

const struct format format_zeeschuimer_9gag = {
    .name = "zeeschuimer_9gag",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_9GAG,
    .rows = ninegag_rows,
    .evidence = ninegag_evidence,
};

static const struct row pinterest_rows[] = {
    {"data.entityId", FIELD_ID, CONVERT_PLAIN},
    {"entityId", FIELD_ID, CONVERT_PLAIN},
    {"data.id", FIELD_ID, CONVERT_PLAIN},
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"data.created_at", FIELD_TIME, CONVERT_PLAIN},
    {"created_at", FIELD_TIME, CONVERT_PLAIN},
    {"data.createdAt", FIELD_TIME, CONVERT_PLAIN},
    {"createdAt", FIELD_TIME, CONVERT_PLAIN},
    {"data.description", FIELD_TEXT, CONVERT_PLAIN},
    {"description", FIELD_TEXT, CONVERT_PLAIN},
    {"data.closeup_unified_description", FIELD_TEXT, CONVERT_PLAIN},
    {"closeup_unified_description", FIELD_TEXT, CONVERT_PLAIN},
    {"data.title", FIELD_TITLE, CONVERT_PLAIN},
    {"title", FIELD_TITLE, CONVERT_PLAIN},
    {"data.pinner.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"pinner.username", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.repin_count", FIELD_REPOSTS, CONVERT_PLAIN},
    {"repin_count", FIELD_REPOSTS, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static enum reject_reason finish_pinterest(struct draft *draft) {
    struct post *post = draft->post;
    if (post->id.len) /* `link` is where the pin leads to */
        post->url = draft_join(draft, SPAN_LITERAL("https://www.pinterest.com/pin/"), post->id,
                               SPAN_LITERAL("/"));
    return post->text.len ? REJECT_NONE : REJECT_NO_TEXT;
}

static const struct evidence pinterest_evidence[] = {
    {"source_platform data.pinner data.description", 93},
    {"__import_meta pinner description", 93},
    {"source_platform data.pinner data.title", 92},
    {"__import_meta pinner title", 92},
    {NULL, 0},
};

const struct format format_zeeschuimer_pinterest = {
    .name = "zeeschuimer_pinterest",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_PINTEREST,
    .rows = pinterest_rows,
    .evidence = pinterest_evidence,
    .finish = finish_pinterest,
};

static const struct row douyin_rows[] = {
    {"data.aweme_id", FIELD_ID, CONVERT_PLAIN},
    {"aweme_id", FIELD_ID, CONVERT_PLAIN},
    {"data.awemeId", FIELD_ID, CONVERT_PLAIN},
    {"awemeId", FIELD_ID, CONVERT_PLAIN},
    {"data.create_time", FIELD_TIME, CONVERT_PLAIN},
    {"create_time", FIELD_TIME, CONVERT_PLAIN},
    {"data.createTime", FIELD_TIME, CONVERT_PLAIN},
    {"createTime", FIELD_TIME, CONVERT_PLAIN},
    {"data.desc", FIELD_TEXT, CONVERT_PLAIN},
    {"desc", FIELD_TEXT, CONVERT_PLAIN},
    {"data.author.nickname", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"author.nickname", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.authorInfo.nickname", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"authorInfo.nickname", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.author.uid", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"author.uid", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"data.authorInfo.uid", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"authorInfo.uid", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"data.statistics.digg_count", FIELD_LIKES, CONVERT_PLAIN},
    {"statistics.digg_count", FIELD_LIKES, CONVERT_PLAIN},
    {"data.stats.diggCount", FIELD_LIKES, CONVERT_PLAIN},
    {"stats.diggCount", FIELD_LIKES, CONVERT_PLAIN},
    {"data.statistics.comment_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"statistics.comment_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"data.stats.commentCount", FIELD_REPLIES, CONVERT_PLAIN},
    {"stats.commentCount", FIELD_REPLIES, CONVERT_PLAIN},
    {"data.statistics.share_count", FIELD_REPOSTS, CONVERT_PLAIN},
    {"statistics.share_count", FIELD_REPOSTS, CONVERT_PLAIN},
    {"data.stats.shareCount", FIELD_REPOSTS, CONVERT_PLAIN},
    {"stats.shareCount", FIELD_REPOSTS, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence douyin_evidence[] = {
    {"source_platform data.aweme_id data.create_time data.desc", 92},
    {"__import_meta aweme_id create_time desc", 92},
    {"source_platform data.awemeId data.createTime data.desc", 94},
    {"__import_meta awemeId createTime desc", 94},
    {NULL, 0},
};

const struct format format_zeeschuimer_douyin = {
    .name = "zeeschuimer_douyin",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_DOUYIN,
    .rows = douyin_rows,
    .evidence = douyin_evidence,
    .text_required = true,
};

static const struct row rednote_rows[] = {
    {"data.note_id", FIELD_ID, CONVERT_PLAIN},
    {"note_id", FIELD_ID, CONVERT_PLAIN},
    {"data.noteId", FIELD_ID, CONVERT_PLAIN},
    {"noteId", FIELD_ID, CONVERT_PLAIN},
    {"data.id", FIELD_ID, CONVERT_PLAIN},
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"data.note_card.time", FIELD_TIME, CONVERT_PLAIN},
    {"note_card.time", FIELD_TIME, CONVERT_PLAIN},
    {"data.time", FIELD_TIME, CONVERT_PLAIN},
    {"time", FIELD_TIME, CONVERT_PLAIN},
    {"data.create_time", FIELD_TIME, CONVERT_PLAIN},
    {"create_time", FIELD_TIME, CONVERT_PLAIN},
    {"data.note_card.desc", FIELD_TEXT, CONVERT_PLAIN},
    {"note_card.desc", FIELD_TEXT, CONVERT_PLAIN},
    {"data.desc", FIELD_TEXT, CONVERT_PLAIN},
    {"desc", FIELD_TEXT, CONVERT_PLAIN},
    {"data.content", FIELD_TEXT, CONVERT_PLAIN},
    {"content", FIELD_TEXT, CONVERT_PLAIN},
    {"data.note_card.title", FIELD_TITLE, CONVERT_PLAIN},
    {"note_card.title", FIELD_TITLE, CONVERT_PLAIN},
    {"data.note_card.display_title", FIELD_TITLE, CONVERT_PLAIN},
    {"note_card.display_title", FIELD_TITLE, CONVERT_PLAIN},
    {"data.title", FIELD_TITLE, CONVERT_PLAIN},
    {"title", FIELD_TITLE, CONVERT_PLAIN},
    {"data.note_card.user.nickname", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"note_card.user.nickname", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.note_card.user.nick_name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"note_card.user.nick_name", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.user_info.nickname", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"user_info.nickname", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.user.nickname", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"user.nickname", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.note_card.user.user_id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"note_card.user.user_id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"data.user_info.user_id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"user_info.user_id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"data.note_card.interact_info.liked_count", FIELD_LIKES, CONVERT_PLAIN},
    {"note_card.interact_info.liked_count", FIELD_LIKES, CONVERT_PLAIN},
    {"data.like_count", FIELD_LIKES, CONVERT_PLAIN},
    {"like_count", FIELD_LIKES, CONVERT_PLAIN},
    {"data.note_card.interact_info.comment_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"note_card.interact_info.comment_count", FIELD_REPLIES, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence rednote_evidence[] = {
    {"source_platform data.note_card", 93},
    {"__import_meta note_card", 93},
    {NULL, 0},
};

const struct format format_zeeschuimer_rednote = {
    .name = "zeeschuimer_rednote",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_REDNOTE,
    .rows = rednote_rows,
    .evidence = rednote_evidence,
};

static const struct row rednote_comment_rows[] = {
    {"data.id", FIELD_ID, CONVERT_PLAIN},
    {"id", FIELD_ID, CONVERT_PLAIN},
    {"data.create_time", FIELD_TIME, CONVERT_PLAIN},
    {"create_time", FIELD_TIME, CONVERT_PLAIN},
    {"data.content", FIELD_TEXT, CONVERT_PLAIN},
    {"content", FIELD_TEXT, CONVERT_PLAIN},
    {"data.user_info.nickname", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"user_info.nickname", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.user_info.user_id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"user_info.user_id", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"data.note_id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"note_id", FIELD_CONVERSATION, CONVERT_PLAIN},
    {"data.target_comment.id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"target_comment.id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"data.note_id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"note_id", FIELD_REPLY_TO_ID, CONVERT_PLAIN},
    {"data.target_comment.user_info.nickname", FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"target_comment.user_info.nickname", FIELD_REPLY_TO_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.like_count", FIELD_LIKES, CONVERT_PLAIN},
    {"like_count", FIELD_LIKES, CONVERT_PLAIN},
    {"data.sub_comment_count", FIELD_REPLIES, CONVERT_PLAIN},
    {"sub_comment_count", FIELD_REPLIES, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct nest rednote_comment_nests[] = {
    {"data.sub_comments[]", NEST_POST, NULL},
    {"sub_comments[]", NEST_POST, NULL},
    {NULL, 0, NULL},
};

static const struct evidence rednote_comment_evidence[] = {
    {"source_platform data.note_id data.content data.user_info data.create_time", 94},
    {"__import_meta note_id content user_info create_time", 94},
    {NULL, 0},
};

const struct format format_zeeschuimer_rednote_comments = {
    .name = "zeeschuimer_rednote_comments",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_REDNOTE,
    .rows = rednote_comment_rows,
    .nests = rednote_comment_nests,
    .evidence = rednote_comment_evidence,
    .text_required = true,
};

static const struct row linkedin_rows[] = {
    {"data.urn", FIELD_ID, CONVERT_PLAIN},
    {"urn", FIELD_ID, CONVERT_PLAIN},
    {"data.entityUrn", FIELD_ID, CONVERT_PLAIN},
    {"entityUrn", FIELD_ID, CONVERT_PLAIN},
    {"data.commentary.text.text", FIELD_TEXT, CONVERT_PLAIN},
    {"commentary.text.text", FIELD_TEXT, CONVERT_PLAIN},
    {"data.actor.name.text", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"actor.name.text", FIELD_AUTHOR_HANDLE, CONVERT_PLAIN},
    {"data.actor.urn", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"actor.urn", FIELD_AUTHOR_ID, CONVERT_PLAIN},
    {"data.*socialDetail.*totalSocialActivityCounts.numLikes", FIELD_LIKES, CONVERT_PLAIN},
    {"*socialDetail.*totalSocialActivityCounts.numLikes", FIELD_LIKES, CONVERT_PLAIN},
    {"data.*socialDetail.*totalSocialActivityCounts.numComments", FIELD_REPLIES, CONVERT_PLAIN},
    {"*socialDetail.*totalSocialActivityCounts.numComments", FIELD_REPLIES, CONVERT_PLAIN},
    {"data.*socialDetail.*totalSocialActivityCounts.numShares", FIELD_REPOSTS, CONVERT_PLAIN},
    {"*socialDetail.*totalSocialActivityCounts.numShares", FIELD_REPOSTS, CONVERT_PLAIN},
    {"data.updateMetadata.urn", FIELD_NOTE, CONVERT_PLAIN},
    {"updateMetadata.urn", FIELD_NOTE, CONVERT_PLAIN},
    {"data.metadata.backendUrn", FIELD_NOTE, CONVERT_PLAIN},
    {"metadata.backendUrn", FIELD_NOTE, CONVERT_PLAIN},
    {"data.urn", FIELD_NOTE, CONVERT_PLAIN},
    {"urn", FIELD_NOTE, CONVERT_PLAIN},
    {"data.entityUrn", FIELD_NOTE, CONVERT_PLAIN},
    {"entityUrn", FIELD_NOTE, CONVERT_PLAIN},
    {NULL, 0, 0},
};

static const struct evidence linkedin_evidence[] = {
    {"source_platform data.commentary data.actor", 93},
    {"__import_meta commentary actor", 93},
    {NULL, 0},
};

/* "urn:li:activity:7168..." or "urn:li:fs_updateV2:(urn:li:activity:7168...,FEED_DETAIL)": the
 * number, which holds the time. */
static struct span activity(struct span urn) {
    static const char mark[] = "activity:";
    const char *at = urn.len ? memmem(urn.at, urn.len, mark, sizeof mark - 1) : NULL;
    if (!at)
        return (struct span){NULL, 0};
    at += sizeof mark - 1;
    const char *end = at;
    while (end < urn.at + urn.len && *end >= '0' && *end <= '9')
        end++;
    return (struct span){at, (size_t)(end - at)};
}

static enum reject_reason finish_linkedin(struct draft *draft) {
    struct post *post = draft->post;
    struct span number = activity(draft_span(draft, FIELD_NOTE));
    if (number.len)
        post->id = number;
    post->created_at_us = id_time(PLATFORM_LINKEDIN, post->id);
    post->time_precision = TIME_EXACT_MS;
    post->time_source = TIME_FROM_ID;
    return REJECT_NONE;
}

const struct format format_zeeschuimer_linkedin = {
    .name = "zeeschuimer_linkedin",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_LINKEDIN,
    .rows = linkedin_rows,
    .evidence = linkedin_evidence,
    .text_required = true,
    .finish = finish_linkedin,
};
