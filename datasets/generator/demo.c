#include "demo.h"

#include <stdio.h>
#include <sys/stat.h>

#include "civil_time.h"
#include "conversation.h"
#include "listening.h"
#include "pack.h"
#include "reddit.h"
#include "truth_file.h"
#include "twitter.h"

enum { MEMBER_HOURS = 6, PATH_SPACE = 1024 };

struct demo {
    struct conversation conversation;
    struct tally tally;
    struct random random; /* damage and decoration only */
    const char *folder;
};

static const char *post_text(const struct conversation *conversation, const struct post *post) {
    return conversation->texts.data + post->text_at;
}

/* Depth ends at two: a quoted or reposted post is never itself a repost */
static void tweet_fill(const struct conversation *conversation, const struct post *post,
                       struct tweet *tweet) {
    uint64_t bits = random_mix(post->id);
    *tweet = (struct tweet){.time_ms = post->time_ms,
                            .id = post->id,
                            .text = post_text(conversation, post),
                            .text_length = post->text_length,
                            .language = post->language,
                            .author = conversation_author(conversation, post),
                            .likes = 0,
                            .reposts = 0,
                            .ascii = bits & 1};
    tweet->client = post->from_brand ? 3 : (unsigned)(random_mix(tweet->author->id) % 3);
    if (post->reply_to == NO_POST)
        return;
    const struct post *parent = &conversation->posts[post->reply_to];
    tweet->reply_id = parent->id;
    tweet->reply_author = conversation_author(conversation, parent);
}

static void add_answered_name(const struct tweet *tweet, struct text *scratch,
                              struct tweet *named) {
    *named = *tweet;
    if (!tweet->reply_author || (tweet->text_length && tweet->text[0] == '@'))
        return;
    scratch->length = 0;
    text_add_char(scratch, '@');
    text_add_string(scratch, tweet->reply_author->handle);
    text_add_char(scratch, ' ');
    text_add(scratch, tweet->text, tweet->text_length);
    named->text = scratch->data;
    named->text_length = scratch->length;
}

static void tweet_write(const struct conversation *conversation, const struct post *post,
                        struct text *out) {
    static struct text scratch;
    struct tweet tweet, named, inner;
    tweet_fill(conversation, post, &tweet);
    uint32_t other = post->repost_of != NO_POST ? post->repost_of : post->quote_of;
    if (other != NO_POST) {
        const struct post *original = &conversation->posts[other];
        tweet_fill(conversation, original, &inner);
        inner.ascii = tweet.ascii;
        inner.likes = original->likes;
        inner.reposts = original->likes / 3;
        *(post->repost_of != NO_POST ? &tweet.reposted : &tweet.quoted) = &inner;
    }
    add_answered_name(&tweet, &scratch, &named);
    twitter_write_compact(out, &named);
    text_add_string(out, "\r\n");
}

static void add_delete(struct text *out, const struct conversation *conversation,
                       const struct post *post) {
    unsigned long long id = post->id, user = conversation_author(conversation, post)->id,
                       at = (unsigned long long)post->time_ms + 3600000;
    text_print(out,
               "{\"delete\":{\"status\":{\"id\":%llu,\"id_str\":\"%llu\",\"user_id\":%llu,\"user_"
               "id_str\":\"%llu\"},\"timestamp_ms\":\"%llu\"}}\r\n",
               id, id, user, user, at);
}

/* Lines that are no tweets: keep-alives, deletions of small talk, limits, withheld notices */
static void add_control_lines(struct demo *demo, enum tally_file file, const struct post *post,
                              struct text *out) {
    uint32_t draw = random_below(&demo->random, 10000);
    bool small_talk =
        conversation_mask(&demo->conversation, post) == 0 && post->repost_of == NO_POST;
    if (draw < 250) {
        text_add_string(out, "\r\n");
        demo->tally.blank_lines[file]++;
        return;
    }
    if (draw < 290 && small_talk)
        add_delete(out, &demo->conversation, post);
    else if (draw >= 290 && draw < 300)
        text_print(out, "{\"limit\":{\"track\":%u,\"timestamp_ms\":\"%lld\"}}\r\n", draw - 280,
                   (long long)post->time_ms);
    else if (draw == 300)
        text_print(out,
                   "{\"status_withheld\":{\"id\":%llu,\"user_id\":%llu,\"withheld_in_countries\":["
                   "\"TR\"]}}\r\n",
                   (unsigned long long)post->id + 1, 700001ull);
    else
        return;
    demo->tally.control_lines[file]++;
}

/* Damage on lines of their own, so that no real post is lost: half a line, half an emoji, a second
 * copy */
static void add_damage(struct demo *demo, enum tally_file file, const struct post *post,
                       struct text *out) {
    uint32_t draw = random_below(&demo->random, 10000);
    if (draw >= 22)
        return;
    size_t begin = out->length;
    if (draw >= 6 && draw < 16 && conversation_mask(&demo->conversation, post) == 0) {
        unsigned long long id = (unsigned long long)post->id + 7;
        text_add_string(out, "{\"created_at\":\"");
        text_add_twitter_time(out, post->time_ms / 1000);
        text_print(
            out,
            "\",\"id\":%llu,\"id_str\":\"%llu\",\"text\":\"Dobranoc "
            "\\ud83d\",\"truncated\":false,\"user\":{\"id_str\":\"5550001\",\"name\":\"Nocny\","
            "\"screen_name\":\"nocny_m\",\"followers_count\":3},\"lang\":\"pl\",\"timestamp_ms\":"
            "\"%lld\"}\r\n",
            id, id, (long long)post->time_ms);
        demo->tally.lone_surrogates[file]++;
        demo->tally.posts[file]++;
        return;
    }
    tweet_write(&demo->conversation, post, out);
    if (draw < 6) {
        out->length = begin + (out->length - begin) / 2;
        text_add_string(out, "\r\n");
        demo->tally.cut_lines[file]++;
    } else {
        demo->tally.twice[file]++;
    }
}

static void member_write(struct pack_tar *tar, struct text *lines, int64_t begin_s) {
    char name[64];
    struct civil t = civil_from_epoch(begin_s);
    if (!lines->length)
        return;
    snprintf(name, sizeof name, "%04d/%02d/%02d/%02d/00.json.bz2", t.year, t.month, t.day, t.hour);
    pack_tar_add_bz2(tar, name, lines, begin_s + MEMBER_HOURS * HOUR_S);
    lines->length = 0;
}

static void tweets_write(struct demo *demo, enum tally_file file, int64_t begin_s, int64_t end_s) {
    char path[PATH_SPACE];
    struct pack_tar tar;
    struct text lines = {0};
    int64_t member_s = begin_s;
    snprintf(path, sizeof path, "%s/%s", demo->folder, demo->tally.names[file]);
    pack_tar_open(&tar, path);
    for (size_t i = 0; i < demo->conversation.count; i++) {
        const struct post *post = &demo->conversation.posts[demo->conversation.order[i]];
        int64_t time_s = post->time_ms / 1000;
        if (post->platform != PLATFORM_TWITTER || post->lost || time_s < begin_s || time_s >= end_s)
            continue;
        for (; time_s >= member_s + MEMBER_HOURS * HOUR_S; member_s += MEMBER_HOURS * HOUR_S)
            member_write(&tar, &lines, member_s);
        tweet_write(&demo->conversation, post, &lines);
        demo->tally.posts[file]++;
        add_control_lines(demo, file, post, &lines);
        add_damage(demo, file, post, &lines);
    }
    member_write(&tar, &lines, member_s);
    pack_tar_close(&tar);
    text_release(&lines);
}

/* A title is the first line, or the first sentence, of the opening post */
static size_t title_length(const char *text, size_t length) {
    const char *line = memchr(text, '\n', length);
    if (line)
        return (size_t)(line - text);
    for (size_t i = 12; i + 1 < length; i++)
        if (text[i + 1] == ' ' && (text[i] == '.' || text[i] == '!' || text[i] == '?'))
            return i + (text[i] != '.');
    return length;
}

static struct reddit_post reddit_from(const struct conversation *conversation,
                                      const struct post *post) {
    uint64_t bits = random_mix(post->id);
    const struct post *link = &conversation->posts[post->thread == NO_POST ? 0 : post->thread];
    const struct post *parent =
        &conversation->posts[post->reply_to == NO_POST ? 0 : post->reply_to];
    struct reddit_post out = {.created_s = post->time_ms / 1000,
                              .id = post->id,
                              .parent_id = parent->id,
                              .link_id = link->id,
                              .parent_is_link = parent->title,
                              .deleted = post->deleted,
                              .robot = post->robot,
                              .created_as_text = bits % 5 == 0,
                              .ascii = bits & 64,
                              .body = post_text(conversation, post),
                              .body_length = post->text_length,
                              .author = conversation_author(conversation, post),
                              .score = post->robot ? 1 : 1 + post->likes / 4,
                              .edited_s =
                                  bits % 29 == 0 && !post->robot
                                      ? post->time_ms / 1000 + 600 + (int64_t)(bits >> 40) % 5000
                                      : 0};
    out.subreddit =
        reddit_subreddit(post->thread == NO_POST ? post->topic : link->topic, post->language);
    if (!post->title)
        return out;
    out.title = out.body;
    out.title_length = title_length(out.body, out.body_length);
    size_t skip = out.title_length;
    while (skip < out.body_length &&
           (out.body[skip] == ' ' || out.body[skip] == '.' || out.body[skip] == '\n'))
        skip++;
    out.body += skip;
    out.body_length -= skip;
    return out;
}

static uint32_t count_comments(const struct conversation *conversation, uint32_t title) {
    uint32_t count = 0;
    for (size_t i = title; i < conversation->count; i++)
        count += conversation->posts[i].platform == PLATFORM_REDDIT &&
                 conversation->posts[i].thread == title;
    return count;
}

static void reddit_write(struct demo *demo, enum tally_file file) {
    char path[PATH_SPACE];
    struct text lines = {0};
    bool titles = file == FILE_SUBMISSIONS;
    for (size_t i = 0; i < demo->conversation.count; i++) {
        const struct post *post = &demo->conversation.posts[demo->conversation.order[i]];
        if (post->platform != PLATFORM_REDDIT || post->lost || post->title != titles)
            continue;
        struct reddit_post out = reddit_from(&demo->conversation, post);
        if (titles)
            out.comments = count_comments(&demo->conversation, demo->conversation.order[i]);
        (titles ? reddit_write_submission : reddit_write_comment)(&lines, &out);
        text_add_char(&lines, '\n');
        demo->tally.posts[file]++;
    }
    snprintf(path, sizeof path, "%s/%s", demo->folder, demo->tally.names[file]);
    pack_write_zst(path, &lines);
    text_release(&lines);
}

static void export_write(struct demo *demo) {
    char path[PATH_SPACE];
    struct text lines = {0};
    listening_write_header(&lines);
    for (size_t i = 0; i < demo->conversation.count; i++) {
        const struct post *post = &demo->conversation.posts[demo->conversation.order[i]];
        if (post->platform != PLATFORM_LISTENING || post->lost)
            continue;
        struct listening_row row = {post->time_ms / 1000,
                                    post->id,
                                    conversation_author(&demo->conversation, post),
                                    post_text(&demo->conversation, post),
                                    post->text_length,
                                    post->likes * 3,
                                    random_chance(&demo->random, 300)};
        listening_write_row(&lines, &row);
        demo->tally.posts[FILE_EXPORT]++;
    }
    snprintf(path, sizeof path, "%s/%s", demo->folder, demo->tally.names[FILE_EXPORT]);
    pack_write_gz(path, &lines);
    text_release(&lines);
}

static void dump_write(struct demo *demo, const struct plan *plan, int64_t second_tar_s,
                       const char *template_folder, uint64_t seed) {
    mkdir(demo->folder, 0755);
    random_init(&demo->random, seed, 2);
    conversation_create(&demo->conversation, template_folder, plan, seed);
    tweets_write(demo, FILE_TWEETS_FIRST, plan->begin_s, second_tar_s);
    tweets_write(demo, FILE_TWEETS_SECOND, second_tar_s, plan->begin_s + plan->days * DAY_S);
    reddit_write(demo, FILE_COMMENTS);
    reddit_write(demo, FILE_SUBMISSIONS);
    export_write(demo);
    truth_write(&demo->conversation, &demo->tally, seed, demo->folder);
    conversation_release(&demo->conversation);
}

void demo_generate(const char *template_folder, uint64_t seed, const char *folder) {
    static const int64_t april_s = 1680307200;
    static struct plan plan;
    struct demo demo = {.folder = folder,
                        .tally.names = {"twitter-stream-2023-03.tar", "twitter-stream-2023-04.tar",
                                        "RC_2023-03_04.zst", "RS_2023-03_04.zst",
                                        "listening_export.csv.gz"}};
    plan_demo(&plan);
    dump_write(&demo, &plan, april_s, template_folder, seed);
}

void story_generate(const char *template_folder, uint64_t seed, const char *folder) {
    static struct plan plan;
    struct demo demo = {.folder = folder,
                        .tally.names = {"twitter-stream-1.tar", "twitter-stream-2.tar", "RC.zst",
                                        "RS.zst", "listening_export.csv.gz"}};
    plan_story(&plan, seed);
    int64_t middle_s = plan.begin_s + (int64_t)(plan.days / 2) * DAY_S;
    dump_write(&demo, &plan, middle_s, template_folder, seed);
}
