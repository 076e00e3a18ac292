/* Files that lie in archives beside the posts and hold none: lists of accounts, settings, pictures.
 * Passing over them loses nothing, so they are members without records and no trouble. Only what
 * no format reads is asked; names are those that the exports of the platforms give. */
#include "stages/decode/member.h"
#include "stages/decode/sample.h"

#include <strings.h>

static const struct row no_rows[] = {{NULL, 0, 0}};

/* No evidence: nothing bids it. */
const struct format format_side_file = {
    .name = "side_file",
    .shape = SHAPE_JSON,
    .platform = PLATFORM_OTHER,
    .rows = no_rows,
    .holder = true,
};

/* X: "window.YTD.follower.part0 = [": an assignment of its archive that is not of posts or
 * messages, which may be torn. */
static bool is_assignment(struct span head) {
    static const char *const posts[] = {"tweet.",          "tweets.",    "deleted_tweet",
                                        "community_tweet", "note_tweet", "direct_message.",
                                        "direct_messages"};
    struct span start =
        span_starts(head, "\xEF\xBB\xBF") ? (struct span){head.at + 3, head.len - 3} : head;
    if (span_starts(start, "window.__THAR_CONFIG"))
        return true;
    if (!span_starts(start, "window.YTD."))
        return false;
    struct span name = {start.at + 11, start.len - 11};
    for (size_t i = 0; i < sizeof posts / sizeof *posts; i++)
        if (span_starts(name, posts[i]))
            return span_starts(name, "deleted_tweet_headers");
    return true;
}

static const char *const names[] = {
    /* Slack */
    "users.json", "channels.json", "groups.json", "dms.json", "mpims.json", "org_users.json",
    "integration_logs.json", "canvases.json", "file_conversations.json",
    /* Discord */
    "index.json", "channel.json", "guild.json", "user.json", "audit-log.json",
    /* Mastodon */
    "actor.json", "likes.json", "bookmarks.json", "following_accounts.csv", "lists.csv",
    "blocked_accounts.csv", "muted_accounts.csv", "blocked_domains.csv",
    /* Reddit */
    "*_votes.csv", "*_headers.csv", "saved_*.csv", "hidden_posts.csv", "checkfile.csv",
    "*_subreddits.csv", "statistics.csv", "ip_logs.csv", "account_gender.csv", "birthdate.csv",
    "friends.csv", "linked_*.csv", "multireddits.csv", "purchases.csv", "user_preferences.csv",
    "twitter.csv", "stripe.csv", "payouts.csv", "persona.csv", "announcements.csv",
    /* LinkedIn */
    "Reactions.csv", "Connections.csv", "Profile*.csv", "Positions.csv", "Education.csv",
    "Skills.csv", "Email?Addresses.csv", "PhoneNumbers.csv", "Registration.csv", "Votes.csv",
    "Ad_Targeting.csv", "Logins.csv", "SearchQueries.csv", "Company?Follows.csv",
    /* Takeout */
    "subscriptions.csv", "subskrypcje.csv", "playlists.csv", "channel*.csv", "kana*.csv",
    /* what is meant for people */
    "README*", "readme*", "Your?archive.html", "LICENSE*"};

/* Media, of which archives are full; alone such a file is a mistake of its user, and named. */
static const char *const media[] = {
    "jpg", "jpeg", "png",  "gif", "webp", "heic", "avif", "svg",     "ico",  "bmp",  "mp4",
    "mov", "mkv",  "webm", "3gp", "mp3",  "ogg",  "oga",  "opus",    "m4a",  "aac",  "wav",
    "amr", "pdf",  "vcf",  "css", "woff", "ttf",  "tgs",  "sticker", "docx", "pptx", "woff2"};

static bool has_media_name(struct span name) {
    const char *dot = name.len ? memrchr(name.at, '.', name.len) : NULL;
    struct span end = {dot ? dot + 1 : "", dot ? (size_t)(name.at + name.len - dot) - 1 : 0};
    for (size_t i = 0; i < sizeof media / sizeof *media; i++)
        if (end.len == strlen(media[i]) && strncasecmp(end.at, media[i], end.len) == 0)
            return true;
    return false;
}

bool is_side_file(const struct decode_member *member, struct span head, bool unreadable) {
    if (is_assignment(head))
        return true;
    if (!unreadable)
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (pattern_matches(span_of(names[i]), member->name))
            return true;
    return !member->options.path && has_media_name(member->name);
}
