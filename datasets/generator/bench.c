#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

#include "compose.h"
#include "listening.h"
#include "plan.h"
#include "reddit.h"
#include "twitter.h"

enum { PEOPLE = 30000, FLUSH_AT = 4 << 20, BRAND_PERMILLE = 30, FORUMS = 3000 };
/* Of a real dump: how many posts are reposts or quotes, and how many are in another script. */
enum { REPOST_PERMILLE = 350, QUOTE_PERMILLE = 100, REPLY_PERMILLE = 240, FOREIGN_PERMILLE = 330 };
const char *const bench_kind_names[BENCH_KIND_COUNT] = {"tweets",   "reddit", "csv",
                                                        "brandcsv", "stream", "forum"};

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
    uint32_t foreign_permille;
    uint32_t repost_permille, quote_permille, reply_permille;
    char (*forums)[24];     /* [FORUMS], BENCH_FORUM only */
    uint64_t *forum_shares; /* cumulated: a Zipf law with exponent 1 */
    unsigned key_order;     /* of the stretch that is being written */
};

/* Words without meaning in the letters of one script, blanks where it has any. */
static void compose_foreign(struct random *random, struct text *out, uint32_t words) {
    static const struct script {
        uint32_t first, letters;
        bool blanks;
    } scripts[] = {{0x3041, 83, false},   {0x0430, 32, true},  {0x0627, 36, true},
                   {0xAC00, 11000, true}, {0x0E01, 46, false}, {0x0905, 53, true},
                   {0x4E00, 5000, false}};
    const struct script *script = &scripts[random_below(random, sizeof scripts / sizeof *scripts)];
    for (uint32_t word = 0; word < words; word++) {
        if (word && script->blanks)
            text_add_char(out, ' ');
        for (uint32_t letter = 2 + random_below(random, 6); letter > 0; letter--) {
            uint32_t code = script->first + random_below(random, script->letters);
            if (code >= 0x800)
                text_add_char(out, (char)(0xE0 | code >> 12));
            text_add_char(out, (char)(code >= 0x800 ? 0x80 | (code >> 6 & 63) : 0xC0 | code >> 6));
            text_add_char(out, (char)(0x80 | (code & 63)));
        }
    }
}

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
    if (!brand && bench->foreign_permille && random_chance(random, bench->foreign_permille)) {
        compose_foreign(random, &utterance->text, 3 + random_skewed(random, 7));
        return;
    }
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
    if (relation < bench->repost_permille + bench->quote_permille) {
        utter(bench, &bench->other);
        tweet_fill(bench, &inner, &bench->other);
        inner.time_ms -= random_below(random, 80000000);
        inner.id = snowflake(inner.time_ms, random);
        inner.likes = random_skewed(random, 14);
        inner.reposts = inner.likes / 4;
        *(relation < bench->repost_permille ? &tweet.reposted : &tweet.quoted) = &inner;
    } else if (relation < bench->repost_permille + bench->quote_permille + bench->reply_permille) {
        tweet.reply_author = &bench->crowd.authors[random_below(random, PEOPLE)];
        tweet.reply_id = snowflake(bench->time_ms - random_below(random, 80000000), random);
    }
    twitter_write_full(out, &tweet);
    text_add_string(out, "\r\n");
}

static const char *draw_forum(struct bench *bench) {
    uint64_t drawn = random_next(&bench->random) % bench->forum_shares[FORUMS - 1];
    int low = 0, high = FORUMS - 1;
    while (low < high) {
        int middle = (low + high) / 2;
        if (bench->forum_shares[middle] > drawn)
            high = middle;
        else
            low = middle + 1;
    }
    return bench->forums[low];
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
    if (bench->forums) {
        if (bench->sequence % 500 == 0)
            bench->key_order = random_below(random, REDDIT_KEY_ORDERS);
        post.key_order = bench->key_order;
        post.ascii = random_chance(random, 500);
        post.subreddit = draw_forum(bench);
    }
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

static void make_forums(struct bench *bench) {
    uint64_t sum = 0;
    bench->forums = allocate(FORUMS, sizeof *bench->forums);
    bench->forum_shares = allocate(FORUMS, sizeof *bench->forum_shares);
    for (unsigned i = 0; i < FORUMS; i++) {
        static const char *const subjects[] = {"rozmowy", "Photos", "local", "Ask", "gry", "city"};
        snprintf(bench->forums[i], sizeof *bench->forums, "%s_%x", subjects[i % 6],
                 (unsigned)(random_mix(i) & 0xfffffff));
        sum += 100000000 / (i + 1);
        bench->forum_shares[i] = sum;
    }
}

static void bench_init(struct bench *bench, const char *template_folder, enum bench_kind kind,
                       uint64_t seed) {
    templates_read(&bench->templates, template_folder);
    people_create(&bench->crowd, PEOPLE, PLATFORM_TWITTER, seed);
    random_init(&bench->random, seed, 10 + (uint64_t)kind);
    bench->composer = (struct composer){.templates = &bench->templates, .random = &bench->random};
    bench->time_ms = (int64_t)DEMO_BEGIN_S * 1000;
    static const uint32_t sentences[BENCH_KIND_COUNT] = {3, 7, 1, 1, 3, 12};
    bool real = kind == BENCH_STREAM || kind == BENCH_FORUM;
    bench->sentences = sentences[kind];
    bench->foreign_permille = real ? FOREIGN_PERMILLE : 0;
    bench->repost_permille = real ? REPOST_PERMILLE : 70;
    bench->quote_permille = real ? QUOTE_PERMILLE : 20;
    bench->reply_permille = REPLY_PERMILLE;
    if (kind == BENCH_FORUM)
        make_forums(bench);
    bench->brand_permille = kind == BENCH_BRANDCSV ? 1000 : BRAND_PERMILLE;
    bench->profiles = allocate(PEOPLE, sizeof *bench->profiles);
    bool tweets = kind == BENCH_TWEETS || kind == BENCH_STREAM;
    for (size_t i = 0; tweets && i < PEOPLE; i++)
        twitter_write_user_full(&bench->profiles[i], &bench->crowd.authors[i]);
}

static void bench_release(struct bench *bench) {
    for (size_t i = 0; i < PEOPLE; i++)
        text_release(&bench->profiles[i]);
    free(bench->profiles);
    free(bench->forums);
    free(bench->forum_shares);
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
    static void (*const add[])(struct bench *, struct text *) = {
        add_tweet, add_comment, add_row, add_row, add_tweet, add_comment};
    struct bench *bench = allocate(1, sizeof *bench);
    struct text out = {0};
    uint64_t written = 0;
    bench_init(bench, template_folder, kind, seed);
    if (kind == BENCH_CSV || kind == BENCH_BRANDCSV)
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
