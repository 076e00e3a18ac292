/* Pages under a person's name: profiles on the usual sites and their mirrors. The host stays, what
 * follows it is not shown; of sites that give each person a host the name before the site goes. */
#include "stages/mask/skeleton.h"

enum { LABELS_MAX = 8, LABELS_READ = 64, PARTS_MAX = 32 };

struct host {
    size_t label[LABELS_MAX], end[LABELS_MAX]; /* [count] */
    size_t count;
};

static const struct cover nothing = {0, 0};

static bool is_host_sign(char sign) {
    return is_name(sign) || sign == '-';
}

bool is_ending(const struct skeleton *s, size_t at) {
    static const char *const endings[] = {"com", "pl",  "me",  "net", "org",  "ru", "app",
                                          "tv",  "eu",  "de",  "uk",  "info", "io", "fr",
                                          "cz",  "biz", "gov", "edu", "co",   "us"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (sign_starts(s, at, endings[i]) && !is_name(sign_at(s, at + strlen(endings[i]))))
            return true;
    return false;
}

/* "twitter . com" is a host, "end . Next" is none. */
static bool is_spaced_dot(const struct skeleton *s, size_t at) {
    return sign_at(s, at) == ' ' && is_dot(sign_at(s, at + 1)) &&
           is_ending(s, at + 2 + (sign_at(s, at + 2) == ' '));
}

static size_t read_host(const struct skeleton *s, size_t at, struct host *host) {
    host->count = 0;
    for (int read = 0;; read++) {
        size_t from = at;
        while (is_host_sign(sign_at(s, at)))
            at++;
        if (at == from || read == LABELS_READ)
            return host->count ? host->end[host->count - 1] : from;
        if (host->count == LABELS_MAX) { /* of a long one the last labels count */
            memmove(host->label, host->label + 1, sizeof host->label - sizeof *host->label);
            memmove(host->end, host->end + 1, sizeof host->end - sizeof *host->end);
            host->count--;
        }
        host->label[host->count] = from;
        host->end[host->count++] = at;
        bool apart = is_spaced_dot(s, at);
        if (!is_dot(sign_at(s, at + apart)))
            return at;
        at += (size_t)apart + 1;
        at += apart && sign_at(s, at) == ' ';
    }
}

static struct span label_of(const struct skeleton *s, const struct host *host, size_t i) {
    return (struct span){s->at + host->label[i], host->end[i] - host->label[i]};
}

/* Names that say what a site is wherever they stand in a host: twitter-com.translate.goog too. */
static const char *const site_words[] = {
    "twitter",     "facebook",       "instagram",     "tiktok",      "linkedin", "snapchat",
    "pinterest",   "soundcloud",     "telegram",      "youtube",     "reddit",   "nitter",
    "invidious",   "redlib",         "teddit",        "bibliogram",  "proxitok", "onlyfans",
    "patreon",     "wykop",          "goldenline",    "mastodon",    "whatsapp", "vkontakte",
    "quora",       "flickr",         "xcancel",       "imginn",      "picuki",   "urlebird",
    "truthsocial", "steamcommunity", "odnoklassniki", "twstalker",   "fixupx",   "fixvx",
    "imgsed",      "dumpor",         "pixwox",        "lightbrd",    "gramhir",  "girlcockx",
    "tiktxk",      "bskyx",          "fxbsky",        "ddinstagram", "unddit",   "tellonym",
};

/* Short names, with the ending that makes them the site. */
static const char *const site_hosts[] = {
    "x.com",           "t.me",           "fb.com",        "fb.me",           "m.me",
    "ig.me",           "vk.com",         "vk.ru",         "ok.ru",           "wa.me",
    "bsky.app",        "threads.net",    "threads.com",   "nk.pl",           "medium.com",
    "github.com",      "gitlab.com",     "twitch.tv",     "kick.com",        "last.fm",
    "ask.fm",          "about.me",       "linktr.ee",     "keybase.io",      "ko-fi.com",
    "instagr.am",      "yewtu.be",       "piped.video",   "sotwe.com",       "gab.com",
    "strava.com",      "vsco.co",        "discord.com",   "discord.gg",      "discordapp.com",
    "tumblr.com",      "deviantart.com", "lnkd.in",       "parler.com",      "badoo.com",
    "fotka.com",       "vimeo.com",      "goodreads.com", "wattpad.com",     "substack.com",
    "livejournal.com", "behance.net",    "dribbble.com",  "allegro.pl",      "olx.pl",
    "vinted.pl",       "letterboxd.com", "filmweb.pl",    "lubimyczytac.pl",
};

/* Sites on which each person has a host. */
static const char *const person_hosts[] = {
    "tumblr.com",      "blogspot.com",  "wordpress.com", "substack.com", "deviantart.com",
    "livejournal.com", "github.io",     "bandcamp.com",  "bsky.social",  "carrd.co",
    "medium.com",      "blox.pl",       "blog.pl",       "wixsite.com",  "gitlab.io",
    "weebly.com",      "neocities.org", "blogspot.pl",   "micro.blog",   "itch.io",
};

static bool contains(struct span label, const char *word) {
    return memmem(label.at, label.len, word, strlen(word)) != NULL;
}

/* The host's last two labels are this name. */
static bool ends_as(const struct skeleton *s, const struct host *host, const char *name) {
    const char *dot = strchr(name, '.');
    struct span before = label_of(s, host, host->count - 2);
    return span_equal(before, (struct span){name, (size_t)(dot - name)}) &&
           span_is(label_of(s, host, host->count - 1), dot + 1);
}

static bool is_site(const struct skeleton *s, const struct host *host) {
    for (size_t i = 0; i < host->count; i++)
        for (size_t k = 0; k < sizeof site_words / sizeof *site_words; k++)
            if (contains(label_of(s, host, i), site_words[k]))
                return true;
    for (size_t k = 0; k < sizeof site_hosts / sizeof *site_hosts; k++)
        if (ends_as(s, host, site_hosts[k]))
            return true;
    return false;
}

/* ---- paths ---- */

static bool is_path_sign(char sign) {
    return sign != ' ' && sign != '\n' && !strchr("\"'<>()[]{}", sign);
}

/* The same for every place in one address, which may hold many hosts. */
static size_t path_end(struct skeleton *s, size_t at) {
    if (at < s->path)
        return s->path;
    while (is_path_sign(sign_at(s, at)))
        at++;
    s->path = at;
    return at;
}

static size_t segment_end(const struct skeleton *s, size_t at) {
    while (is_path_sign(sign_at(s, at)) && !strchr("/?#&=", sign_at(s, at)))
        at++;
    return at;
}

static bool is_word_of(const struct skeleton *s, size_t from, size_t to, const char *const *words) {
    for (; *words; words++)
        if (span_is((struct span){s->at + from, to - from}, *words))
            return true;
    return false;
}

/* On a person's site: the first part that names somebody; `end` when none does. */
static size_t skip_words(const struct skeleton *s, size_t at, size_t end) {
    static const char *const plain[] = {"hashtag", "watch", "r", "tag", "playlist", NULL};
    static const char *const before[] = {"in",  "c",       "u",      "user",    "channel",
                                         "pub", "company", "people", "profile", "profil",
                                         "add", "pages",   "ludzie", NULL};
    size_t to = segment_end(s, at);
    if (is_word_of(s, at, to, plain)) {
        size_t next = to < end ? to + 1 : end;
        if (sign_starts(s, next, "u_"))
            return next;
        to = segment_end(s, next);
        return to < end && s->at[to] == '/' ? to + 1 : end;
    }
    return is_word_of(s, at, to, before) && to + 1 < end ? to + 1 : at;
}

static struct cover cover_profile(const struct skeleton *s, size_t at, size_t end) {
    size_t from = skip_words(s, at, end), name = from + (sign_at(s, from) == '@');
    struct span owner = {s->at + name, name < end ? segment_end(s, name) - name : 0};
    if (from >= end || (owner.len && public_handles_hold(s->handles, owner)))
        return nothing;
    return (struct cover){at < from && s->at[at] == 'r' ? from : at, end};
}

/* On any other site: behind a part that says that a person's name follows. */
static struct cover cover_member(const struct skeleton *s, size_t at, size_t end) {
    static const char *const words[] = {
        "u",     "user",     "users",   "profile",    "profil",      "people", "ludzie", "author",
        "autor", "member",   "members", "uzytkownik", "uzytkownicy", "osoba",  "osoby",  "add",
        "konto", "profiles", "authors", "autorzy",    "accounts",    "id",     NULL};
    for (int parts = 0; at < end && parts < PARTS_MAX; parts++) {
        size_t to = segment_end(s, at);
        if (sign_at(s, at) == '~' && to > at + 1)
            return (struct cover){at + 1, end};
        if (to + 1 >= end || s->at[to] != '/')
            return nothing;
        if (is_word_of(s, at, to, words))
            return (struct cover){to + 1, end};
        at = to + 1;
    }
    return nothing;
}

/* "jan.tumblr.com": the labels before the site's two, but for those that are no names. */
static struct cover cover_host(const struct skeleton *s, const struct host *host) {
    static const char *const plain[] = {"www", "m", "mobile", "api", "blog", "old", NULL};
    if (host->count < 3 || is_word_of(s, host->label[0], host->end[0], plain))
        return nothing;
    struct span name = {s->at + host->label[0], host->end[0] - host->label[0]};
    for (size_t i = 0; i < sizeof person_hosts / sizeof *person_hosts; i++)
        if (ends_as(s, host, person_hosts[i]) && !public_handles_hold(s->handles, name))
            return (struct cover){host->label[0], host->end[host->count - 3]};
    return nothing;
}

struct cover find_page(struct skeleton *s, size_t at) {
    struct host host;
    /* labels behind the first were read with it */
    if (at && (is_dot(s->at[at - 1]) || s->at[at - 1] == '-'))
        return nothing;
    size_t end = read_host(s, at, &host);
    if (host.count < 2)
        return nothing;
    struct cover cover = cover_host(s, &host);
    if (cover.to > cover.from)
        return cover;
    if (sign_at(s, end) == ':' && is_digit(sign_at(s, end + 1)))
        for (end++; is_digit(sign_at(s, end));)
            end++;
    bool apart = sign_at(s, end) == ' ';
    if (sign_at(s, end + apart) != '/')
        return nothing;
    size_t path = end + apart + 1;
    path += apart && sign_at(s, path) == ' ';
    size_t last = path_end(s, path);
    while (last > path && strchr(".,;:!?", s->at[last - 1]))
        last--; /* of the sentence */
    return is_site(s, &host) ? cover_profile(s, path, last)
           : apart           ? nothing
                             : cover_member(s, path, last);
}
