#include "stages/decode/convert.h"

static bool in_domain(struct span host, struct span domain) {
    if (host.len < domain.len)
        return false;
    const char *tail = host.at + host.len - domain.len;
    return *tail == *domain.at && memcmp(tail, domain.at, domain.len) == 0 &&
           (tail == host.at || tail[-1] == '.');
}

static struct span host_of(struct span text) {
    size_t look = text.len < 12 ? text.len : 12, begin = 0;
    for (size_t i = 0; i + 3 <= look && !begin; i++)
        if (text.at[i] == ':' && text.at[i + 1] == '/' && text.at[i + 2] == '/')
            begin = i + 3;
    size_t end = begin;
    while (end < text.len && text.at[end] != '/' && text.at[end] != ':' && text.at[end] != '?')
        end++;
    return (struct span){text.at + begin, end - begin};
}

#define DOMAIN(name)                                                                               \
    { (name), sizeof(name) - 1 }

static enum platform of_host(struct span host) {
    static const struct {
        struct span domain;
        enum platform platform;
    } domains[] = {
        {DOMAIN("twitter.com"), PLATFORM_TWITTER},
        {DOMAIN("x.com"), PLATFORM_TWITTER},
        {DOMAIN("reddit.com"), PLATFORM_REDDIT},
        {DOMAIN("facebook.com"), PLATFORM_FACEBOOK},
        {DOMAIN("fb.com"), PLATFORM_FACEBOOK},
        {DOMAIN("instagram.com"), PLATFORM_INSTAGRAM},
        {DOMAIN("youtube.com"), PLATFORM_YOUTUBE},
        {DOMAIN("youtu.be"), PLATFORM_YOUTUBE},
        {DOMAIN("tiktok.com"), PLATFORM_TIKTOK},
        {DOMAIN("t.me"), PLATFORM_TELEGRAM},
        {DOMAIN("bsky.app"), PLATFORM_BLUESKY},
        {DOMAIN("news.ycombinator.com"), PLATFORM_HACKERNEWS},
        {DOMAIN("stackoverflow.com"), PLATFORM_STACKEXCHANGE},
        {DOMAIN("stackexchange.com"), PLATFORM_STACKEXCHANGE},
        {DOMAIN("play.google.com"), PLATFORM_REVIEWS},
        {DOMAIN("apps.apple.com"), PLATFORM_REVIEWS},
        {DOMAIN("trustpilot.com"), PLATFORM_REVIEWS},
        {DOMAIN("threads.net"), PLATFORM_THREADS},
        {DOMAIN("threads.com"), PLATFORM_THREADS},
        {DOMAIN("wykop.pl"), PLATFORM_WYKOP},
        {DOMAIN("linkedin.com"), PLATFORM_LINKEDIN},
        {DOMAIN("pinterest.com"), PLATFORM_PINTEREST},
        {DOMAIN("truthsocial.com"), PLATFORM_TRUTHSOCIAL},
        {DOMAIN("gab.com"), PLATFORM_GAB},
        {DOMAIN("9gag.com"), PLATFORM_9GAG},
    };
    for (size_t i = 0; i < sizeof domains / sizeof *domains; i++)
        if (in_domain(host, domains[i].domain))
            return domains[i].platform;
    return PLATFORM_COUNT;
}

/* Of an address only the host is given. */
static enum platform guess(struct span name, bool address) {
    enum platform named = address ? PLATFORM_COUNT : platform_find(name);
    /* clients of Twitter: "Twitter for iPhone", <a href="http://twitter.com/..."> */
    if (!address && (span_starts(name, "Twitter for ") || span_starts(name, "Twitter Web") ||
                     span_starts(name, "TweetDeck")))
        return PLATFORM_TWITTER;
    if (!address && span_starts(name, "<a href=\""))
        name = (struct span){name.at + 9, name.len - 9};
    return named != PLATFORM_COUNT ? named : of_host(address ? name : host_of(name));
}

_Static_assert(GUESS_KNOWN == 1 << 6, "place_of gives six bits");

/* A site is often named twice in a record, bare and in an address: two places. */
static struct guess *place_of(struct guess_memo *memo, struct span name, bool address) {
    const unsigned char *at = (const unsigned char *)name.at;
    uint32_t mixed = at[0] | (uint32_t)at[name.len / 2] << 8 | (uint32_t)at[name.len - 1] << 16 |
                     (uint32_t)name.len << 24;
    return &memo->known[(mixed * 0x9E3779B1u >> 26) ^ address];
}

enum platform platform_guess(struct guess_memo *memo, struct span text) {
    bool address = text.len > 8 && memchr(text.at, ':', 8);
    struct span name = address ? host_of(text) : text;
    if (name.len == 0 || name.len > GUESS_LEN)
        return guess(name, address);
    struct guess *known = place_of(memo, name, address);
    uint8_t len_address = (uint8_t)(name.len << 1 | address);
    if (known->len_address != len_address || memcmp(known->name, name.at, name.len) != 0) {
        known->len_address = len_address;
        known->platform = (uint8_t)guess(name, address);
        memcpy(known->name, name.at, name.len);
    }
    return (enum platform)known->platform;
}
