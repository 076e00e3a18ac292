#include "twitter.h"

#include "brands.h"
#include "civil_time.h"

enum { CUT_AT = 116, LONGEST_PLAIN = 140 };

static const char *const clients[] = {
    "<a href=\\\"http://twitter.com/download/android\\\" rel=\\\"nofollow\\\">Twitter for "
    "Android</a>",
    "<a href=\\\"http://twitter.com/download/iphone\\\" rel=\\\"nofollow\\\">Twitter for "
    "iPhone</a>",
    "<a href=\\\"https://mobile.twitter.com\\\" rel=\\\"nofollow\\\">Twitter Web App</a>",
    "<a href=\\\"https://about.twitter.com/products/tweetdeck\\\" "
    "rel=\\\"nofollow\\\">TweetDeck</a>"};

static void add_pair_number(struct text *out, const char *key, uint64_t number) {
    text_add_string(out, key);
    text_add_number(out, number);
}

static void add_pair_string(struct text *out, const char *key, const char *value) {
    text_add_string(out, key);
    text_add_char(out, '"');
    text_add_string(out, value);
    text_add_char(out, '"');
}

static void add_id_string(struct text *out, const char *key, uint64_t id) {
    text_add_string(out, key);
    text_add_char(out, '"');
    text_add_number(out, id);
    text_add_char(out, '"');
}

/* t.co style code from random bits */
static void add_code(struct text *out, uint64_t bits, int length) {
    static const char letters[] =
        "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789Zzxy_";
    for (int i = 0; i < length; i++, bits = bits >> 6 | bits << 58)
        text_add_char(out, letters[bits & 63]);
}

static size_t code_points(const char *bytes, size_t length) {
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += (bytes[i] & 0xc0) != 0x80;
    return count;
}

/* Byte offset of the code point with this number, or length */
static size_t byte_of(const char *bytes, size_t length, size_t wanted) {
    size_t i = 0, seen = 0;
    for (; i < length; i++)
        if ((bytes[i] & 0xc0) != 0x80 && seen++ == wanted)
            return i;
    return i;
}

static bool in_tag(char c) {
    return (c & 0x80) || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || c == '_';
}

static bool same_handle(const char *handle, const char *bytes, size_t length) {
    return strlen(handle) == length && !strncasecmp(handle, bytes, length);
}

/* Name and id are known of brand accounts and of the author who is answered */
static void add_mentioned(struct text *out, const struct tweet *tweet, const char *bytes,
                          size_t length) {
    const struct author *answered = tweet->reply_author;
    for (int i = 0; i < BRAND_COUNT; i++) {
        if (!same_handle(brands[i].handle, bytes, length))
            continue;
        add_pair_string(out, ",\"name\":", brands[i].display);
        add_pair_string(out, ",\"id_str\":", brands[i].account_id);
        return;
    }
    if (!answered || !same_handle(answered->handle, bytes, length))
        return;
    add_pair_string(out, ",\"name\":", answered->name);
    add_id_string(out, ",\"id_str\":", answered->id);
}

static void add_entity(struct text *out, const struct tweet *tweet, size_t begin, size_t end) {
    const char *bytes = tweet->text;
    bool tag = bytes[begin] == '#';
    text_add_string(out, tag ? "{\"text\":\"" : "{\"screen_name\":\"");
    text_add_json(out, bytes + begin + 1, end - begin - 1, tweet->ascii);
    text_add_char(out, '"');
    if (!tag)
        add_mentioned(out, tweet, bytes + begin + 1, end - begin - 1);
    size_t from = code_points(bytes, begin);
    text_print(out, ",\"indices\":[%zu,%zu]}", from,
               from + code_points(bytes + begin, end - begin));
}

/* A repost mentions its original's author: the text begins "RT @handle: " */
static void add_reposted_author(struct text *out, const struct author *author) {
    add_pair_string(out, "{\"screen_name\":", author->handle);
    add_pair_string(out, ",\"name\":", author->name);
    add_id_string(out, ",\"id_str\":", author->id);
    text_print(out, ",\"indices\":[3,%zu]}", 4 + strlen(author->handle));
}

static void add_marked(struct text *out, const struct tweet *tweet, char mark) {
    bool first = true;
    for (size_t i = 0; i < tweet->text_length; i++) {
        if (tweet->text[i] != mark || (i > 0 && in_tag(tweet->text[i - 1])))
            continue;
        size_t end = i + 1;
        while (end < tweet->text_length && in_tag(tweet->text[end]))
            end++;
        if (end == i + 1)
            continue;
        text_add_string(out, first ? "" : ",");
        add_entity(out, tweet, i, end);
        first = false;
        i = end;
    }
}

static void add_entities(struct text *out, const struct tweet *tweet) {
    text_add_string(out, ",\"entities\":{\"hashtags\":[");
    add_marked(out, tweet, '#');
    text_add_string(out, "],\"urls\":[");
    if (tweet->with_link) {
        text_add_string(out, "{\"url\":\"https://t.co/");
        add_code(out, tweet->noise, 10);
        text_add_string(out, "\",\"expanded_url\":\"https://www.example.com/");
        add_code(out, tweet->noise >> 3, 8);
        text_add_string(out, "\",\"display_url\":\"example.com/");
        add_code(out, tweet->noise >> 3, 8);
        text_add_string(out, "\",\"indices\":[0,23]}");
    }
    text_add_string(out, "],\"user_mentions\":[");
    if (tweet->reposted)
        add_reposted_author(out, tweet->reposted->author);
    else
        add_marked(out, tweet, '@');
    text_add_string(out, "],\"symbols\":[]}");
}

static void add_text_value(struct text *out, const struct tweet *tweet, size_t length) {
    text_add_char(out, '"');
    text_add_html_json(out, tweet->text, length, tweet->ascii);
}

static void add_ellipsis(struct text *out, bool ascii) {
    text_add_string(out, ascii ? "\\u2026" : "…");
}

/* Texts over 140 characters are cut, with the whole in extended_tweet; reposts repeat "RT @name:
 * ..." */
static void add_text(struct text *out, const struct tweet *tweet) {
    text_add_string(out, ",\"text\":");
    if (tweet->reposted) {
        const struct tweet *inner = tweet->reposted;
        size_t cut = byte_of(inner->text, inner->text_length, CUT_AT);
        text_add_string(out, "\"RT @");
        text_add_string(out, inner->author->handle);
        text_add_string(out, ": ");
        text_add_html_json(out, inner->text, cut, tweet->ascii);
        if (cut < inner->text_length)
            add_ellipsis(out, tweet->ascii);
        text_add_string(out, "\",\"truncated\":false");
        return;
    }
    if (code_points(tweet->text, tweet->text_length) <= LONGEST_PLAIN) {
        add_text_value(out, tweet, tweet->text_length);
        text_add_string(out, "\",\"truncated\":false");
        return;
    }
    add_text_value(out, tweet, byte_of(tweet->text, tweet->text_length, CUT_AT));
    add_ellipsis(out, tweet->ascii);
    text_add_string(out, " https://t.co/");
    add_code(out, random_mix(tweet->id), 10);
    text_add_string(out, "\",\"truncated\":true,\"extended_tweet\":{\"full_text\":");
    add_text_value(out, tweet, tweet->text_length);
    text_print(out, "\",\"display_text_range\":[0,%zu]}",
               code_points(tweet->text, tweet->text_length));
}

static void add_head(struct text *out, const struct tweet *tweet) {
    text_add_string(out, "{\"created_at\":\"");
    text_add_twitter_time(out, tweet->time_ms / 1000);
    add_pair_number(out, "\",\"id\":", tweet->id);
    add_id_string(out, ",\"id_str\":", tweet->id);
    add_text(out, tweet);
    text_add_string(out, ",\"source\":\"");
    text_add_string(out, clients[tweet->client % 4]);
    text_add_char(out, '"');
}

static void add_reply(struct text *out, const struct tweet *tweet, bool full) {
    if (!tweet->reply_author) {
        if (full)
            text_add_string(out, ",\"in_reply_to_status_id\":null");
        text_add_string(out, ",\"in_reply_to_status_id_str\":null");
        if (full)
            text_add_string(out, ",\"in_reply_to_user_id\":null");
        text_add_string(out, ",\"in_reply_to_user_id_str\":null,\"in_reply_to_screen_name\":null");
        return;
    }
    if (full)
        add_pair_number(out, ",\"in_reply_to_status_id\":", tweet->reply_id);
    add_id_string(out, ",\"in_reply_to_status_id_str\":", tweet->reply_id);
    if (full)
        add_pair_number(out, ",\"in_reply_to_user_id\":", tweet->reply_author->id);
    add_id_string(out, ",\"in_reply_to_user_id_str\":", tweet->reply_author->id);
    add_pair_string(out, ",\"in_reply_to_screen_name\":", tweet->reply_author->handle);
}

static void add_user_compact(struct text *out, const struct author *author) {
    add_id_string(out, ",\"user\":{\"id_str\":", author->id);
    text_add_string(out, ",\"name\":\"");
    text_add_json(out, author->name, strlen(author->name), 0);
    add_pair_string(out, "\",\"screen_name\":", author->handle);
    add_pair_number(out, ",\"followers_count\":", author->followers);
    text_add_string(out, author->official ? ",\"verified\":true}" : ",\"verified\":false}");
}

static void add_nested(struct text *out, const struct tweet *tweet,
                       void (*write)(struct text *, const struct tweet *)) {
    if (tweet->reposted) {
        text_add_string(out, ",\"retweeted_status\":");
        write(out, tweet->reposted);
    }
    text_add_string(out,
                    tweet->quoted ? ",\"is_quote_status\":true" : ",\"is_quote_status\":false");
    if (!tweet->quoted)
        return;
    add_id_string(out, ",\"quoted_status_id_str\":", tweet->quoted->id);
    text_add_string(out, ",\"quoted_status\":");
    write(out, tweet->quoted);
}

static void add_tail(struct text *out, const struct tweet *tweet) {
    add_pair_string(out, ",\"lang\":", language_names[tweet->language]);
    add_id_string(out, ",\"timestamp_ms\":", (uint64_t)tweet->time_ms);
    text_add_char(out, '}');
}

void twitter_write_compact(struct text *out, const struct tweet *tweet) {
    add_head(out, tweet);
    add_reply(out, tweet, false);
    add_user_compact(out, tweet->author);
    text_add_string(out, ",\"coordinates\":null,\"place\":null");
    add_nested(out, tweet, twitter_write_compact);
    add_pair_number(out, ",\"retweet_count\":", tweet->reposts);
    add_pair_number(out, ",\"favorite_count\":", tweet->likes);
    add_entities(out, tweet);
    add_tail(out, tweet);
}

static void add_colours(struct text *out, uint64_t bits) {
    text_print(out,
               ",\"profile_background_color\":\"%06X\",\"profile_background_image_url\":\"\","
               "\"profile_background_image_url_https\":\"\""
               ",\"profile_background_tile\":false,\"profile_link_color\":\"%06X\",\"profile_"
               "sidebar_border_color\":\"%06X\"",
               (unsigned)(bits & 1 ? 0xF5F8FA : bits >> 8 & 0xffffff),
               (unsigned)(bits & 2 ? 0x1DA1F2 : bits >> 16 & 0xffffff),
               (unsigned)(bits & 4 ? 0xC0DEED : bits >> 24 & 0xffffff));
    text_print(out,
               ",\"profile_sidebar_fill_color\":\"DDEEF6\",\"profile_text_color\":\"333333\","
               "\"profile_use_background_image\":%s",
               bits & 8 ? "true" : "false");
}

static void add_images(struct text *out, uint64_t id, uint64_t bits) {
    for (int secure = 0; secure < 2; secure++) {
        text_print(out,
                   ",\"profile_image_url%s\":\"http%s://pbs.twimg.example/profile_images/%llu/",
                   secure ? "_https" : "", secure ? "s" : "", (unsigned long long)(bits >> 3));
        add_code(out, bits, 8);
        text_add_string(out, "_normal.jpg\"");
    }
    text_print(out,
               ",\"profile_banner_url\":\"https://pbs.twimg.example/profile_banners/%llu/%llu\"",
               (unsigned long long)id, (unsigned long long)(1400000000 + bits % 270000000));
}

/* Three of the phrases people describe themselves with */
static void add_description(struct text *out, uint64_t bits) {
    static const char *const phrases[32] = {"kawa",
                                            "rower",
                                            "koty",
                                            "opinions mine",
                                            "mama dw\\u00f3jki",
                                            "czytelniczka",
                                            "niewyspana",
                                            "pisz\\u0119, jak jest",
                                            "runner",
                                            "tea drinker",
                                            "wsch\\u00f3d s\\u0142o\\u0144ca",
                                            "they told me to write something",
                                            "in\\u017cynier z zawodu",
                                            "ogrodnik z wyboru",
                                            "ex-student",
                                            "always hungry",
                                            "zdj\\u0119cia pogody",
                                            "g\\u00f3ry i rowery",
                                            "plants over people",
                                            "nie odpisuj\\u0119 na DM",
                                            "vinyl collector",
                                            "nauczycielka",
                                            "somewhere between trains",
                                            "RTs are not endorsements",
                                            "pies to te\\u017c cz\\u0142owiek",
                                            "slow mornings",
                                            "kr\\u00f3l plack\\u00f3w",
                                            "maps",
                                            "board games",
                                            "mi\\u0142o\\u015bnik pierog\\u00f3w",
                                            "new here",
                                            "\\ud83c\\udf3b\\ud83d\\udeb2"};
    text_add_string(out, ",\"description\":\"");
    for (int i = 0; i < 3; i++, bits >>= 5) {
        text_add_string(out, phrases[bits & 31]);
        text_add_string(out, i < 2 ? ", " : "");
    }
    text_print(out, " est. %u\"", 1950 + (unsigned)(bits & 63));
}

void twitter_write_user_full(struct text *out, const struct author *author) {
    static const char *const places[] = {"null",
                                         "\"Polska\"",
                                         "\"Warszawa\"",
                                         "\"Krak\\u00f3w, Polska\"",
                                         "\"Gda\\u0144sk\"",
                                         "\"London\"",
                                         "\"somewhere north\"",
                                         "null"};
    uint64_t bits = random_mix(author->id);
    add_pair_number(out, "{\"id\":", author->id);
    add_id_string(out, ",\"id_str\":", author->id);
    text_add_string(out, ",\"name\":\"");
    text_add_json(out, author->name, strlen(author->name), 1);
    add_pair_string(out, "\",\"screen_name\":", author->handle);
    text_print(out, ",\"location\":%s,\"url\":\"https://t.co/", places[bits & 7]);
    add_code(out, bits, 10);
    text_add_char(out, '"');
    add_description(out, bits >> 7);
    text_print(out, ",\"translator_type\":\"none\",\"protected\":false,\"verified\":%s",
               author->official ? "true" : "false");
    text_print(out,
               ",\"followers_count\":%u,\"friends_count\":%u,\"listed_count\":%u,\"favourites_"
               "count\":%u,\"statuses_count\":%u,\"created_at\":\"",
               author->followers, author->friends, author->followers / 90,
               author->statuses * 2 + (unsigned)(bits & 63), author->statuses);
    text_add_twitter_time(out, author->joined_s);
    text_add_string(out, "\",\"utc_offset\":null,\"time_zone\":null,\"geo_enabled\":");
    text_add_string(out, bits & 16 ? "true" : "false");
    text_add_string(out, ",\"lang\":null,\"contributors_enabled\":false,\"is_translator\":false");
    add_colours(out, bits);
    add_images(out, author->id, random_mix(bits));
    text_add_string(out, ",\"default_profile\":");
    text_add_string(out, bits & 1 ? "true" : "false");
    text_add_string(out, ",\"default_profile_image\":false,\"following\":null,\"follow_request_"
                         "sent\":null,\"notifications\":null,\"withheld_in_countries\":[]}");
}

static void add_media(struct text *out, const struct tweet *tweet) {
    if (tweet->noise % 6)
        return;
    text_add_string(out, ",\"extended_entities\":{\"media\":[{\"id_str\":\"");
    text_add_number(out, tweet->id - (tweet->noise & 0xffff));
    text_add_string(out, "\",\"media_url_https\":\"https://pbs.twimg.example/media/");
    add_code(out, tweet->noise, 15);
    text_add_string(out, ".jpg\",\"url\":\"https://t.co/");
    add_code(out, tweet->noise >> 5, 10);
    text_add_string(out,
                    "\",\"type\":\"photo\",\"sizes\":{\"thumb\":{\"w\":150,\"h\":150,\"resize\":"
                    "\"crop\"},\"large\":{\"w\":1200,\"h\":900,\"resize\":\"fit\"}}}]}");
}

void twitter_write_full(struct text *out, const struct tweet *tweet) {
    add_head(out, tweet);
    add_reply(out, tweet, true);
    text_add_string(out, ",\"user\":");
    text_add(out, tweet->user_json->data, tweet->user_json->length);
    text_add_string(out, ",\"geo\":null,\"coordinates\":null,\"place\":null,\"contributors\":null");
    add_nested(out, tweet, twitter_write_full);
    add_pair_number(out, ",\"quote_count\":", tweet->likes / 40);
    add_pair_number(out, ",\"reply_count\":", tweet->likes / 12);
    add_pair_number(out, ",\"retweet_count\":", tweet->reposts);
    add_pair_number(out, ",\"favorite_count\":", tweet->likes);
    add_entities(out, tweet);
    add_media(out, tweet);
    text_add_string(out, ",\"favorited\":false,\"retweeted\":false,\"possibly_sensitive\":false,"
                         "\"filter_level\":\"low\"");
    add_tail(out, tweet);
}
