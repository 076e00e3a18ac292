#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

#include "compose.h"
#include "listening.h"
#include "plan.h"
#include "reddit.h"
#include "twitter.h"

enum { PEOPLE = 30000, FLUSH_AT = 4 << 20, BRAND_PERMILLE = 30 };
const char *const bench_kind_names[BENCH_KIND_COUNT] = {"tweets", "reddit", "csv", "brandcsv"};

struct utterance {
    enum topic topic;
    enum stance stance;
    enum language language;
    const struct author *author;
    uint32_t author_index;
    struct text text;
};
struct bench {
    struct templates templates;
    struct crowd crowd;
    struct text *profiles; /* [PEOPLE], tweets only */
    struct random random;
    struct composer composer;
    struct utterance own, other;
    int64_t time_ms;
    uint64_t sequence;
    uint32_t brand_permille;
    uint32_t sentences; /* up to this many parts in one text */
};

static void utter(struct bench *bench, struct utterance *utterance) {
    static const enum topic small_talk[] = {TOPIC_WEATHER,    TOPIC_FOOTBALL, TOPIC_DAILY,
                                            TOPIC_WORK,       TOPIC_FOOD,     TOPIC_TRAVEL,
                                            TOPIC_TECH,       TOPIC_POLITICS, TOPIC_CULTURE,
                                            TOPIC_DISTRACTOR, TOPIC_CHATREPLY};
    struct random *random = &bench->random;
    do {
        utterance->author_index = BRAND_COUNT + random_below(random, PEOPLE - BRAND_COUNT);
        utterance->author = &bench->crowd.authors[utterance->author_index];
        utterance->language = utterance->author->language;
    } while (bench->brand_permille == 1000 && utterance->language > LANG_EN);
    bool brand = random_chance(random, bench->brand_permille);
    utterance->topic =
        brand ? (enum topic)random_below(random, 3) : small_talk[random_below(random, 11)];
    if (utterance->language > LANG_EN)
        utterance->topic = TOPIC_DAILY;
    utterance->stance = plan_stance(utterance->topic, utterance->language, false, random);
    struct occasion occasion = {.topic = utterance->topic,
                                .brand = topic_brand(utterance->topic),
                                .stance = utterance->stance,
                                .language = utterance->language,
                                .platform = PLATFORM_TWITTER,
                                .author = utterance->author,
                                .long_form = random_chance(random, 300)};
    utterance->text.length = 0;
    compose_post(&bench->composer, &occasion, &utterance->text);
    for (uint32_t more = random_below(random, bench->sentences); more > 0; more--) {
        text_add_char(&utterance->text, ' ');
        compose_post(&bench->composer, &occasion, &utterance->text);
    }
}

static uint64_t snowflake(int64_t time_ms, struct random *random) {
    return ((uint64_t)(time_ms - 1288834974657) << 22) | random_below(random, 1u << 17);
}

static void tweet_fill(struct bench *bench, struct tweet *tweet,
                       const struct utterance *utterance) {
    struct random *random = &bench->random;
    uint64_t noise = random_next(random);
    *tweet = (struct tweet){.time_ms = bench->time_ms,
                            .text = utterance->text.data,
                            .text_length = utterance->text.length,
                            .language = utterance->language,
                            .author = utterance->author,
                            .ascii = true,

                            .user_json = &bench->profiles[utterance->author_index],
                            .noise = noise,
                            .with_link = (noise >> 50) % 1000 < 350,
                            .client = (unsigned)(noise >> 40) & 3};
    tweet->id = snowflake(bench->time_ms, random);
}

static void add_tweet(struct bench *bench, struct text *out) {
    struct tweet tweet, inner;
    struct random *random = &bench->random;
    uint32_t relation = random_below(random, 1000);
    utter(bench, &bench->own);
    tweet_fill(bench, &tweet, &bench->own);
    if (relation < 90) {
        utter(bench, &bench->other);
        tweet_fill(bench, &inner, &bench->other);
        inner.time_ms -= random_below(random, 80000000);
        inner.id = snowflake(inner.time_ms, random);
        inner.likes = random_skewed(random, 14);
        inner.reposts = inner.likes / 4;
        *(relation < 70 ? &tweet.reposted : &tweet.quoted) = &inner;
    } else if (relation < 330) {
        tweet.reply_author = &bench->crowd.authors[random_below(random, PEOPLE)];
        tweet.reply_id = snowflake(bench->time_ms - random_below(random, 80000000), random);
    }
    twitter_write_full(out, &tweet);
    text_add_string(out, "\r\n");
}

static void add_comment(struct bench *bench, struct text *out) {
    struct random *random = &bench->random;
    utter(bench, &bench->own);
    uint64_t link = 1000000000u + bench->sequence / 40 + random_below(random, 5000);
    uint64_t bits = random_next(random);
    uint32_t score = random_skewed(random, 8);
    struct reddit_post post = {.created_s = bench->time_ms / 1000,
                               .id = 40000000000u + bench->sequence,
                               .link_id = link,
                               .parent_is_link = bits % 10 < 4,
                               .deleted = (bits >> 20) % 25 == 0,
                               .full = true,
                               .created_as_text = false,
                               .body = bench->own.text.data,
                               .body_length = bench->own.text.length,
                               .author = bench->own.author,
                               .score = 1 + score,
                               .subreddit =
                                   reddit_subreddit(bench->own.topic, bench->own.language)};
    post.parent_id = post.parent_is_link ? link : post.id - 1 - random_below(random, 9000);
    reddit_write_comment(out, &post);
    text_add_char(out, '\n');
}

static void add_row(struct bench *bench, struct text *out) {
    utter(bench, &bench->own);
    uint64_t bits = random_next(&bench->random);
    uint32_t likes = random_skewed(&bench->random, 12);
    struct listening_row row = {
        bench->time_ms / 1000,  40000000000u + bench->sequence * 17 + bits % 17,
        bench->own.author,      bench->own.text.data,
        bench->own.text.length, likes,
        (bits >> 20) % 5 == 0};
    listening_write_row(out, &row);
}

static void bench_init(struct bench *bench, const char *template_folder, enum bench_kind kind,
                       uint64_t seed) {
    templates_read(&bench->templates, template_folder);
    people_create(&bench->crowd, PEOPLE, PLATFORM_TWITTER, seed);
    random_init(&bench->random, seed, 10 + (uint64_t)kind);
    bench->composer = (struct composer){.templates = &bench->templates, .random = &bench->random};
    bench->time_ms = (int64_t)DEMO_BEGIN_S * 1000;
    bench->sentences = kind == BENCH_TWEETS ? 3 : kind == BENCH_REDDIT ? 7 : 1;
    bench->brand_permille = kind == BENCH_BRANDCSV ? 1000 : BRAND_PERMILLE;
    bench->profiles = allocate(PEOPLE, sizeof *bench->profiles);
    for (size_t i = 0; kind == BENCH_TWEETS && i < PEOPLE; i++)
        twitter_write_user_full(&bench->profiles[i], &bench->crowd.authors[i]);
}

static void bench_release(struct bench *bench) {
    for (size_t i = 0; i < PEOPLE; i++)
        text_release(&bench->profiles[i]);
    free(bench->profiles);
    text_release(&bench->own.text);
    text_release(&bench->other.text);
    composer_release(&bench->composer);
    people_release(&bench->crowd);
    templates_release(&bench->templates);
}

static void flush(struct text *out) {
    if (out->length && fwrite(out->data, 1, out->length, stdout) != out->length)
        die("cannot write", "standard output");
    out->length = 0;
}

void bench_generate(const char *template_folder, enum bench_kind kind, uint64_t bytes,
                    uint64_t seed) {
    static void (*const add[])(struct bench *, struct text *) = {add_tweet, add_comment, add_row,
                                                                 add_row};
    struct bench *bench = allocate(1, sizeof *bench);
    struct text out = {0};
    uint64_t written = 0;
    bench_init(bench, template_folder, kind, seed);
    if (kind >= BENCH_CSV)
        listening_write_header(&out);
    while (written + out.length < bytes) {
        add[kind](bench, &out);
        bench->sequence++;
        bench->time_ms += random_below(&bench->random, 50);
        if (out.length < FLUSH_AT)
            continue;
        written += out.length;
        flush(&out);
    }
    flush(&out);
    if (fflush(stdout) != 0)
        die("cannot write", "standard output");
    text_release(&out);
    bench_release(bench);
    free(bench);
}
