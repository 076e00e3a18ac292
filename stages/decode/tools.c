/* Which tool wrote a member, and its version where the member tells it. */
#include "stages/decode/member.h"

#include <stdio.h>

static const struct {
    const char *format; /* or what its name begins with */
    const char *tool;
    const char *version; /* what stands before the version in the member, or NULL */
} tools[] = {
    {"twitter_v2", "twarc2", "\"__twarc\":"},
    {"zeeschuimer_", "Zeeschuimer or 4CAT", NULL},
    {"fourcat_", "4CAT", NULL},
    {"tweet_table", "twarc-csv or the like", NULL},
    {"twint", "twint", NULL},
    {"snscrape", "snscrape", NULL},
    {"telegram", "Telegram Desktop", NULL},
    {"telethon", "Telethon", NULL},
    {"whatsapp", "WhatsApp's own export", NULL},
    {"discord_package", "Discord's own export", NULL},
    {"discord", "DiscordChatExporter", NULL},
    {"instaloader", "instaloader", "\"instaloader\":"},
    {"yt_dlp", "yt-dlp", "\"_version\":"},
    {"youtube_takeout", "Google Takeout", NULL},
    {"google_activity", "Google Takeout", NULL},
    {"youtube_data_tools", "YouTube Data Tools", NULL},
    {"youtube_", "YouTube Data API", NULL},
    {"x_", "X's own archive", NULL},
    {"facebook_", "Meta's own download", NULL},
    {"meta_content_library", "Meta Content Library", NULL},
    {"meta_", "Meta's own download", NULL},
    {"tiktok_research", "TikTok Research API", NULL},
    {"tiktok_", "TikTok's own download", NULL},
    {"bluesky_repository", "repository (getRepo)", NULL},
    {"bluesky_view", "Bluesky's AppView", NULL},
    {"bluesky_thread", "Bluesky's AppView", NULL},
    {"bluesky", "Jetstream or Tap", NULL},
    {"activitypub", "Mastodon's own export", NULL},
    {"mastodon", "Mastodon's API", NULL},
    {"misskey", "Misskey's own export", NULL},
    {"lemmy", "Lemmy's API", NULL},
    {"slack", "Slack's own export", NULL},
    {"google_play_console", "Play Console", NULL},
    {"google_play_npm", "google-play-scraper (npm)", NULL},
    {"google_play", "google-play-scraper (Python)", NULL},
    {"app_store_npm", "app-store-scraper", NULL},
    {"app_store_python", "app-store-scraper (Python)", NULL},
    {"app_store_", "the App Store's feed", NULL},
    {"google_maps", "gosom/google-maps-scraper", NULL},
    {"outscraper", "Outscraper", NULL},
    {"intercom", "Intercom's API", NULL},
    {"zendesk", "Zendesk", NULL},
    {"freshdesk", "Freshdesk", NULL},
    {"sentione", "SentiOne", NULL},
    {"brand24", "Brand24", NULL},
    {"brandwatch", "Brandwatch", NULL},
    {"meltwater", "Meltwater", NULL},
    {"talkwalker", "Talkwalker", NULL},
    {"sprout", "Sprout Social", NULL},
    {"mention", "Mention", NULL},
    {"tcat", "DMI-TCAT", NULL},
    {"linkedin", "LinkedIn's own archive", NULL},
};

/* "version": "2.14.0" near behind the mark. */
static struct span version_behind(struct span head, const char *mark) {
    const char *at = memmem(head.at, head.len, mark, strlen(mark));
    size_t left = at ? (size_t)(head.at + head.len - at) : 0;
    at = at ? memmem(at, left < 400 ? left : 400, "\"version\"", 9) : NULL;
    const char *end = head.at + head.len;
    for (at = at ? at + 9 : end; at < end && (*at == ':' || *at == ' '); at++)
        ;
    if (at == end || *at != '"')
        return (struct span){NULL, 0};
    const char *stop = memchr(at + 1, '"', (size_t)(end - at) - 1);
    size_t len = stop ? (size_t)(stop - at) - 1 : 0;
    return len && len <= 24 ? (struct span){at + 1, len} : (struct span){NULL, 0};
}

void name_tool(struct decode_member *member, struct span head) {
    struct span name = span_of(member->format->name);
    for (size_t i = 0; i < sizeof tools / sizeof *tools; i++) {
        if (!span_starts(name, tools[i].format))
            continue;
        struct span version =
            tools[i].version ? version_behind(head, tools[i].version) : (struct span){NULL, 0};
        snprintf(member->tool, sizeof member->tool, "%s%s%.*s", tools[i].tool,
                 version.len ? " " : "", (int)version.len, version.at ? version.at : "");
        return;
    }
}

const char *decode_tool(const struct decode_member *member) {
    return member->tool;
}
