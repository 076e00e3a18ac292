#include "stages/model/post.h"

#include <stdio.h>

#include <strings.h>

/* With their lengths, for every post is asked whether its channel is one. */
#define NAME(text)                                                                                 \
    { text, sizeof(text) - 1 }
static const struct span platform_names[PLATFORM_COUNT] = {
    NAME("other"),    NAME("twitter"),     NAME("reddit"),     NAME("telegram"),
    NAME("facebook"), NAME("instagram"),   NAME("youtube"),    NAME("tiktok"),
    NAME("bluesky"),  NAME("mastodon"),    NAME("hackernews"), NAME("stackexchange"),
    NAME("reviews"),  NAME("forum"),       NAME("news"),       NAME("email"),
    NAME("threads"),  NAME("wykop"),       NAME("discord"),    NAME("slack"),
    NAME("whatsapp"), NAME("linkedin"),    NAME("pinterest"),  NAME("lemmy"),
    NAME("misskey"),  NAME("truthsocial"), NAME("gab"),        NAME("9gag"),
    NAME("douyin"),   NAME("rednote"),     NAME("support")};

const char *platform_name(enum platform platform) {
    return platform < PLATFORM_COUNT ? platform_names[platform].at : "other";
}

static bool same_name(struct span name, struct span other) {
    return name.len == other.len && strncasecmp(name.at, other.at, name.len) == 0;
}

static const struct {
    struct span name;
    enum platform platform;
} aliases[] = {
    {NAME("x"), PLATFORM_TWITTER},           {NAME("x.com"), PLATFORM_TWITTER},
    {NAME("twitter.com"), PLATFORM_TWITTER}, {NAME("facebook.com"), PLATFORM_FACEBOOK},
    {NAME("reddit.com"), PLATFORM_REDDIT},   {NAME("google_play"), PLATFORM_REVIEWS},
    {NAME("mail"), PLATFORM_EMAIL},          {NAME("review"), PLATFORM_REVIEWS},
    {NAME("forums"), PLATFORM_FORUM},        {NAME("instagram.com"), PLATFORM_INSTAGRAM},
    {NAME("youtube.com"), PLATFORM_YOUTUBE}, {NAME("tiktok.com"), PLATFORM_TIKTOK},
    {NAME("threads.net"), PLATFORM_THREADS}, {NAME("linkedin.com"), PLATFORM_LINKEDIN},
    {NAME("wykop.pl"), PLATFORM_WYKOP},      {NAME("pinterest.com"), PLATFORM_PINTEREST}};

enum platform platform_find(struct span name) {
    for (int i = 0; i < PLATFORM_COUNT; i++)
        if (same_name(name, platform_names[i]))
            return (enum platform)i;
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (same_name(name, aliases[i].name))
            return aliases[i].platform;
    return PLATFORM_COUNT;
}

bool platform_has_name(enum platform platform, struct span name) {
    bool found = same_name(name, platform_names[platform]);
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        found |= aliases[i].platform == platform && same_name(name, aliases[i].name);
    return found;
}

const char *post_kind_name(enum post_kind kind) {
    static const char *const names[POST_KIND_COUNT] = {"original", "reply", "repost", "quote"};
    return kind < POST_KIND_COUNT ? names[kind] : "original";
}

const char *language_name(enum language language) {
    static const char *const names[LANGUAGE_COUNT] = {"other", "pl", "en"};
    return language < LANGUAGE_COUNT ? names[language] : "other";
}

const char *label_name(enum label label) {
    switch (label) {
    case LABEL_NEGATIVE:
        return "negative";
    case LABEL_NEUTRAL:
        return "neutral";
    case LABEL_POSITIVE:
        return "positive";
    default:
        return "none";
    }
}

const char *intent_name(unsigned bit) {
    static const char *const names[INTENT_COUNT] = {"complaint", "question", "purchase", "praise",
                                                    "recommend", "dissuade", "thanks",   "request",
                                                    "churn",     "rumor"};
    return bit < INTENT_COUNT ? names[bit] : "";
}

const char *stage_name(enum stage stage) {
    static const char *const names[STAGE_COUNT] = {"none", "aware", "appeal",
                                                   "ask",  "act",   "advocate"};
    return stage < STAGE_COUNT ? names[stage] : "none";
}

const char *topic_name(enum post_topic topic) {
    static const char *const names[TOPIC_COUNT] = {
        "none",     "delivery", "price",       "billing",      "outage",  "quality",
        "staff",    "app",      "returns",     "availability", "privacy", "safety",
        "contract", "store",    "advertising", "other"};
    return topic < TOPIC_COUNT ? names[topic] : "none";
}

const char *role_name(enum role role) {
    static const char *const names[ROLE_COUNT] = {"mention", "own", "context", "addressed"};
    return role < ROLE_COUNT ? names[role] : "mention";
}

void topics_text(const int32_t counts[TOPIC_COUNT], size_t limit, int32_t least, char *out,
                 size_t size) {
    bool said[TOPIC_COUNT] = {[TOPIC_NONE] = true, [TOPIC_OTHER] = true};
    size_t len = 0;
    for (out[0] = 0; limit--;) {
        unsigned most = TOPIC_NONE;
        for (unsigned topic = TOPIC_NONE + 1; topic < TOPIC_COUNT; topic++)
            if (!said[topic] && (most == TOPIC_NONE || counts[topic] > counts[most]))
                most = topic;
        char entry[48];
        int more = snprintf(entry, sizeof entry, "%s%s %d", len ? ", " : "",
                            topic_name((enum post_topic)most), (int)counts[most]);
        if (most == TOPIC_NONE || counts[most] < least || len + (size_t)more >= size)
            return;
        memcpy(out + len, entry, (size_t)more + 1);
        len += (size_t)more;
        said[most] = true;
    }
}
