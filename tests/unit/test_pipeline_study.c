/* Steps of the study on rows made by hand: one of each post, canonical order, what may be shown. */
#include "pipeline/study/study.h"
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>

static struct config config;

struct given {
    int64_t second;
    const char *id, *text, *author;
    uint8_t brand, flags;
    int32_t likes;
};

static struct mention_rows given_rows;

static void add(struct given given) {
    struct mention row = {.created_at_us = given.second * US_PER_S,
                          .id_hash = hash_stable(span_of(given.id)),
                          .author_hash = given.author ? hash_stable(span_of(given.author)) : 0,
                          .likes = given.likes,
                          .replies = -1,
                          .reposts = -1,
                          .views = -1,
                          .followers = -1,
                          .brand = given.brand,
                          .flags = given.flags,
                          .platform = PLATFORM_TWITTER,
                          .channel_name = SPAN_LITERAL("twitter"),
                          .id = span_of(given.id),
                          .author = span_of(given.author ? given.author : ""),
                          .url = SPAN_LITERAL(""),
                          .text = span_of(given.text)};
    if (!mention_rows_append(&given_rows, &row))
        CHECK(!"out of memory");
}

/* The rows given so far go into the study, as a shard's. */
static void take(struct study *study) {
    static const uint32_t number[1] = {0};
    CHECK(mention_table_init(&study->mentions, given_rows.count, 1));
    CHECK(mention_table_fill(&study->mentions, 0, 0, &given_rows, number));
    CHECK_INT(symbols_intern(&study->mentions.channels, SPAN_LITERAL("twitter")), 0);
    mention_rows_release(&given_rows);
}

static const struct given rows[] = {
    {200, "3", "drugi", "b", 0, 0, 1},
    {100, "1", "pierwszy", "a", 0, 0, 5},
    {100, "1", "pierwszy", "a", 0, 0, 7},             /* a later state: more likes */
    {100, "1", "pierwszy", "a", 0, POST_EMBEDDED, 9}, /* seen inside another post */
    {100, "1", "pierwszy", "a", 1, 0, 5},             /* the same post, another brand */
    {100, "0", "z tej samej chwili", "a", 0, 0, 0},
    {300, "4", "usunięty", "c", 0, POST_DELETED, 0},
};
enum { ROWS = sizeof rows / sizeof *rows };

static void check_order(const int *order) {
    struct study study;
    struct fault fault = {0};
    study_init(&study, &config);
    for (int i = 0; i < ROWS; i++)
        add(rows[order[i]]);
    take(&study);
    CHECK_INT(study_order(&study, &fault), STATUS_OK);
    CHECK_INT(study.mentions.count, 5);
    CHECK_INT(study.duplicates, 2);
    static const struct {
        const char *id;
        int brand, likes;
    } want[] = {{"0", 0, 0}, {"1", 0, 7}, {"1", 1, 5}, {"3", 0, 1}, {"4", 0, 0}};
    for (size_t i = 0; i < 5 && i < study.mentions.count; i++) {
        CHECK_SPAN(mention_table_string(&study.mentions, i, STRING_ID), want[i].id);
        CHECK_INT(study.mentions.brand[i], want[i].brand);
        CHECK_INT(study.mentions.likes[i], want[i].likes);
        CHECK(!(study.mentions.flags[i] & POST_EMBEDDED));
    }
    CHECK_INT(study.mentions.counted[4], !config.drop_deleted);
    study_release(&study);
}

static void test_order(void) {
    static const int orders[][ROWS] = {
        {0, 1, 2, 3, 4, 5, 6}, {6, 5, 4, 3, 2, 1, 0}, {3, 2, 6, 1, 0, 5, 4}, {2, 4, 3, 0, 6, 1, 5}};
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        config.drop_deleted = i % 2;
        check_order(orders[i]);
    }
    config.drop_deleted = false;
}

/* Rows of two files: what shares an id, or is equal in everything, is told apart; links lead to the
 * rows that are kept; records that were left out are counted by file. */
static const struct {
    int64_t second;
    const char *id, *author, *text;
    uint64_t id_hash, reply_to_hash;
    enum id_kind kind;
    uint32_t member;
    int32_t likes;
    bool kept;
} copies[] = {
    /* the same post in two files, where other hashes stand for it: 11 and 21 */
    {10, "5", "a", "pierwszy raz", 11, 0, ID_ROW, 1, 1, false},
    {10, "5", "a", "pierwszy raz", 21, 0, ID_ROW, 2, 2, true},
    {20, "6", "b", "odpowiedź", 12, 11, ID_ROW, 1, 9, true},
    {20, "6", "b", "odpowiedź", 22, 21, ID_ROW, 2, 1, false},
    /* two posts with one id: nothing answers both */
    {30, "7e17", "a", "trzeci raz", 31, 0, ID_ROUNDED, 1, 0, true},
    {40, "7e17", "b", "czwarty raz", 31, 0, ID_ROUNDED, 1, 0, true},
    {50, "8", "c", "do kogo?", 32, 31, ID_COUNTED, 1, 0, true},
    /* no ids: two in the first file, one in the second */
    {60, "h0000000000000000", "", "bez numeru", 41, 0, ID_MADE, 1, 0, true},
    {60, "h0000000000000000", "", "bez numeru", 41, 0, ID_MADE, 1, 0, true},
    {60, "h0000000000000000", "", "bez numeru", 41, 0, ID_MADE, 2, 0, false},
    /* under another row number */
    {70, "1", "d", "inny numer", 51, 0, ID_ROW, 1, 3, true},
    {70, "2", "d", "inny numer", 52, 0, ID_ROW, 2, 1, false},
};
enum { COPIES = sizeof copies / sizeof *copies };

static void add_copy(size_t i) {
    struct mention row = {.created_at_us = copies[i].second * US_PER_S,
                          .id_hash = copies[i].id_hash,
                          .reply_to_hash = copies[i].reply_to_hash,
                          .reply_to_time_us = TIME_NONE,
                          .author_hash = *copies[i].author ? (unsigned char)*copies[i].author : 0,
                          .likes = copies[i].likes,
                          .time_precision = TIME_EXACT_S,
                          .platform = PLATFORM_FORUM,
                          .id_kind = (uint8_t)copies[i].kind,
                          .member = copies[i].member,
                          .channel_name = SPAN_LITERAL("twitter"),
                          .id = span_of(copies[i].id),
                          .author = span_of(copies[i].author),
                          .url = SPAN_LITERAL(""),
                          .text = span_of(copies[i].text)};
    CHECK(mention_rows_append(&given_rows, &row));
}

static void test_copies(void) {
    struct study study;
    struct fault fault = {0};
    study_init(&study, &config);
    for (size_t i = 0; i < COPIES; i++)
        add_copy(i);
    take(&study);
    struct input_row *input = table_add(&study.audit, TABLE_INPUTS);
    study.loaded = calloc(1, sizeof *study.loaded);
    CHECK(input && study.loaded);
    input->posts = COPIES;
    study.loaded[0] = (struct loaded){.count = COPIES};
    study.loaded_count = 1;
    CHECK_INT(study_order(&study, &fault), STATUS_OK);
    size_t kept = 0;
    for (size_t i = 0; i < COPIES; i++) {
        if (!copies[i].kept)
            continue;
        CHECK_INT(study.mentions.created_at_us[kept], copies[i].second * US_PER_S);
        CHECK_INT(study.mentions.likes[kept++], copies[i].likes);
    }
    CHECK_INT(study.mentions.count, kept);
    CHECK_INT(study.duplicates, COPIES - kept);
    CHECK_INT(study.duplicate_posts, COPIES - kept);
    input = study.audit.tables[TABLE_INPUTS].rows;
    CHECK_INT(input->duplicates, COPIES - kept);
    CHECK_INT(input->posts, kept);
    /* the answer of the first file leads to the post of the second; that to an ambiguous id nowhere
     */
    const struct mention_link *links = study.mentions.links;
    CHECK_INT(study.mentions.link_count, 3);
    CHECK(links[0].row == 0 && links[1].row == 1 && links[1].reply_to_hash == links[0].id_hash);
    CHECK(links[2].row == 4 && links[2].reply_to_hash == 31);
    study_release(&study);
}

/* More rows than are sorted at once, in no order and twice over. */
static void test_order_of_many(void) {
    enum { POSTS = 50000 };
    struct study study;
    struct fault fault = {0};
    study_init(&study, &config);
    for (int i = 0; i < 2 * POSTS; i++) {
        char id[32];
        int number = (int)((int64_t)i * 7919 % POSTS);
        snprintf(id, sizeof id, "%06d", number);
        add((struct given){number / 3, id, "post", "a", 0, 0, i / POSTS});
    }
    take(&study);
    CHECK_INT(study_order(&study, &fault), STATUS_OK);
    CHECK_INT(study.mentions.count, POSTS);
    CHECK_INT(study.duplicates, POSTS);
    bool sorted = true, later = true;
    for (size_t row = 0; row < study.mentions.count; row++) {
        char id[32];
        snprintf(id, sizeof id, "%06zu", row);
        sorted = sorted && span_is(mention_table_string(&study.mentions, row, STRING_ID), id);
        later = later && study.mentions.likes[row] == 1;
    }
    CHECK(sorted);
    CHECK(later);
    study_release(&study);
}

/* The last step adds to the study and changes nothing that a step behind it could ask for. */
static void test_posts(void) {
    static const char *const channels[] = {"reddit/a", "twitter"};
    struct study study;
    struct fault fault = {0};
    char before[64], after[64];
    study_init(&study, &config);
    for (int i = 0; i < 3; i++) {
        char id[8];
        snprintf(id, sizeof id, "%d", i);
        add((struct given){i, id, "post", i < 2 ? "a" : "b", 0, 0, 0});
    }
    take(&study);
    CHECK_INT(symbols_intern(&study.mentions.channels, span_of(channels[0])), 1);
    study.mentions.channel[0] = 1; /* named first, so number 0 among the kept posts */
    study.to_s = 1;                /* the third lies outside */
    CHECK(mention_table_number_authors(&study.mentions));
    uint64_t hash = study.mentions.authors[1], text = study.mentions.text_hash[0];
    study_author(&study, 0, before, sizeof before);
    CHECK_INT(study_posts(&study, &fault), STATUS_OK);
    CHECK_INT(study.audit.source.count, 2);
    for (size_t i = 0; i < 2; i++) {
        CHECK_INT(study.audit.source.channel[i], i);
        CHECK_SPAN(study.audit.source.channels->names[i], channels[i]);
    }
    study_author(&study, 0, after, sizeof after);
    CHECK_SPAN(span_of(after), before);
    CHECK_INT(study.mentions.channel[0], 1);
    CHECK_INT(study.mentions.channels.count, 2);
    CHECK(study.mentions.authors[1] == hash && study.mentions.text_hash[0] == text);
    study_release(&study);
}

static void check_shown(const char *text, const char *want) {
    struct study study;
    struct buf out;
    struct fault fault;
    study_init(&study, &config);
    CHECK_INT(study_handles(&study, &fault), STATUS_OK);
    buf_init(&out, 1000);
    add((struct given){1, "1", text, "a", 0, 0, 0});
    take(&study);
    study_shown_text(&study, 0, &out);
    CHECK_SPAN(buf_as_span(&out), want);
    buf_release(&out);
    study_release(&study);
}

static void test_masking(void) {
    check_shown("bez nikogo", "bez nikogo");
    check_shown("@jan_kowalski pomóż", "@… pomóż");
    check_shown("do @NorviaPL i @norviapl, @ktoś", "do @NorviaPL i @norviapl, @…");
    check_shown("@a@mastodon.example: hej", "@…: hej");
    check_shown("koniec @adam.", "koniec @….");
    check_shown("@adam.b-c!", "@…!");
    check_shown("sam @ i @@ koniec @", "sam @ i @@ koniec @");
    check_shown("pisz u/kowal albo /u/kowal", "pisz u/… albo /u/…");
    check_shown("zobacz https://x.com/kowal/status/1 i dalej", "zobacz https://x.com/… i dalej");
    config.plain_authors = true;
    check_shown("@jan_kowalski pomóż", "@jan_kowalski pomóż");
    config.plain_authors = false;
}

static void author_of(const char *author, unsigned char key, char out[64]) {
    struct study study;
    struct fault fault;
    study_init(&study, &config);
    CHECK_INT(study_handles(&study, &fault), STATUS_OK);
    memset(study.key, key, sizeof study.key);
    add((struct given){1, "1", "", author, 0, 0, 0});
    take(&study);
    CHECK(mention_table_number_authors(&study.mentions));
    study_author(&study, 0, out, 64);
    study_release(&study);
}

static void test_pseudonyms(void) {
    char first[64], again[64], other[64], key[64];
    author_of("kowalski", 1, first);
    author_of("kowalski", 1, again);
    author_of("nowak", 1, other);
    author_of("kowalski", 2, key);
    CHECK_INT(strlen(first), 13);
    CHECK_INT(first[0], 'u');
    CHECK_SPAN(span_of(first), again);
    CHECK(strcmp(first, other) != 0);
    CHECK(strcmp(first, key) != 0); /* another key, another name */
    author_of(NULL, 1, other);
    CHECK_SPAN(span_of(other), "");
    author_of("NorviaPL", 1, other); /* a brand's own account has no need to hide */
    CHECK_SPAN(span_of(other), "NorviaPL");
    config.plain_authors = true;
    author_of("kowalski", 1, other);
    CHECK_SPAN(span_of(other), "kowalski");
    config.plain_authors = false;
}

int main(void) {
    struct fault fault = {0};
    config_init(&config);
    mention_rows_init(&given_rows);
    CHECK_INT(config_parse(&config,
                           SPAN_LITERAL("{\"brands\":[{\"id\":\"norvia\",\"query\":\"norvia\","
                                        "\"accounts\":[{\"platform\":\"twitter\",\"handle\":"
                                        "\"NorviaPL\"}]}]}"),
                           "test", &fault),
              STATUS_OK);
    CHECK_INT(config_finish(&config, &fault), STATUS_OK);
    test_order();
    test_copies();
    test_order_of_many();
    test_posts();
    test_masking();
    test_pseudonyms();
    config_release(&config);
    return tap_done();
}
