/* One record, many posts: nested posts, originals, answers, joins, picks, pieces and notices,
 * through formats made for this test and both JSON readers. All posts here are invented. */
#include "decode_tool.h"
#include "extract_formats.h"
#include "tap.h"

enum { ROOM = 1 << 18 };
static int disagreements;

/* Both readers on one record: what the slow one reads without repair, the fast one reads alike. */
static void compare(struct span record) {
    static struct buf fast = {.max = 1 << 24}, slow = {.max = 1 << 24};
    uint64_t repairs = 0;
    enum json_result a = read_by(false, record, &fast, &repairs);
    enum json_result b = read_by(true, record, &slow, &repairs);
    if (b != JSON_READ || repairs || (a == JSON_READ && strcmp(fast.at, slow.at) == 0))
        return;
    if (disagreements++ < 3)
        printf("# %.*s\n# fast (%d)\n%s# slow\n%s", (int)record.len, record.at, a,
               a == JSON_READ ? fast.at : "", slow.at);
}

static void damage_and_compare(const char *text) {
    static const char bytes[] = "\"{}[]:,0n\\ ";
    size_t len = strlen(text);
    char *copy = malloc(len + BLOCK_PADDING);
    uint32_t state = 7;
    for (int round = 0; copy && round < 1500; round++) {
        memcpy(copy, text, len);
        memset(copy + len, '}', BLOCK_PADDING);
        for (int i = 0; i < 1 + round % 2; i++) {
            state = state * 1664525 + 1013904223;
            copy[(state >> 8) % len] = bytes[(state >> 5) % (sizeof bytes - 1)];
        }
        compare((struct span){copy, len});
    }
    free(copy);
}

static void expect(const struct format *format, const char *text, const char *want) {
    struct fault fault = {0};
    struct table *table;
    struct buf log = {.max = 1 << 20};
    uint64_t repairs = 0;
    size_t len = strlen(text);
    char *record = calloc(1, len + BLOCK_PADDING);
    if (!CHECK_INT(table_compile(&table, format, format->rows, &fault), STATUS_OK) || !record)
        return;
    struct decode_member member = {.format = format,
                                   .table = table,
                                   .platform = PLATFORM_FORUM,
                                   .options = decode_options_default()};
    extractor.member = &member;
    memcpy(record, text, len);
    for (int slow = 0; slow < 2; slow++) {
        CHECK_INT(read_by(slow, (struct span){record, len}, &log, &repairs), JSON_READ);
        if (!CHECK_STR(log.at, want))
            printf("# got:\n%s", log.at);
    }
    disagreements = 0;
    damage_and_compare(text);
    CHECK_INT(disagreements, 0);
    free(record);
    buf_release(&log);
    table_free(table);
}

#define T0 "\"timestamp\":1700000000"

static void test_nested(void) {
    expect(
        &video,
        "{\"id\":\"v\"," T0 ",\"title\":\"Film\",\"channel\":\"C\",\"comments\":[{\"id\":\"a\"," T0
        ",\"text\":\"one<p>two\",\"author\":\"jan\",\"replies\":{\"comments\":[{\"id\":\"b\"," T0
        ",\"text\":\"deep \\u0142\",\"replies\":{\"comments\":[{" T0 ",\"text\":\"deeper\"}]}}]}},"
        "7,null,[{\"id\":\"no\"}],{\"id\":\"c\",\"text\":\"no time\"},{},"
        "{\"id\":\"d\"," T0 ",\"text\":\"last\",\"parent\":\"a\"}]}",
        "forum original 2023-11-14T22:13:20Z.000000 id=v channel=C text=Film\n"
        "+ forum reply 2023-11-14T22:13:20Z.000000 id=a author_id=jan author=jan reply_to=v "
        "conversation=v channel=C text=one|two\n"
        "+ forum reply 2023-11-14T22:13:20Z.000000 id=d reply_to=a conversation=v channel=C "
        "text=last\n"
        "+ forum reply 2023-11-14T22:13:20Z.000000 id=b reply_to=a "
        "reply_to_author_id=jan reply_to_author=jan conversation=v channel=C "
        "text=deep \xC5\x82\n"
        "+ forum reply 2023-11-14T22:13:20Z.000000 id=h6a29baf6aa337a49 reply_to=b "
        "conversation=v channel=C text=deeper\n"
        "+ reject no_time\n+ reject not_a_post\n");
    /* comments of a video that is itself no post; one comment where an array is usual */
    expect(&video,
           "{\"id\":\"v\",\"title\":\"Film\",\"comments\":{\"id\":\"a\"," T0 ",\"text\":\"x\"}}",
           "reject no_time\n"
           "+ forum reply 2023-11-14T22:13:20Z.000000 id=a reply_to=v conversation=v text=x\n");
}

#define T1 "\"created_at\":\"2021-05-18T19:24:56.000Z\""

static void test_page(void) {
    expect(
        &page,
        "{\"data\":[{\"id\":\"1\"," T1 ",\"text\":\"a &amp; b\",\"author_id\":\"10\"},"
        "{\"id\":\"2\"," T1 ",\"text\":\"RT @o: cu\",\"author_id\":\"11\",\"referenced_tweets\":["
        "{\"id\":\"9\",\"type\":\"retweeted\"}]},{\"referenced_tweets\":[{\"type\":\"replied_to\","
        "\"id\":\"77\"},{\"type\":\"quoted\",\"id\":\"9\"}],\"id\":\"3\"," T1 ",\"text\":\"q\","
        "\"author_id\":\"99\"}],\"includes\":{\"users\":[{\"id\":\"12\",\"username\":\"o\\u0142a\"}"
        ","
        "{\"id\":\"10\",\"username\":\"jan\",\"public_metrics\":{\"followers_count\":5}},{\"id\":"
        "\"11\",\"username\":\"ewa\"}],\"tweets\":[{\"id\":\"9\"," T1 ",\"text\":\"cut not\","
        "\"author_id\":\"12\"}]},\"meta\":{}}",
        "forum original 2021-05-18T19:24:56Z.000000 id=1 author_id=10 author=jan followers=5 "
        "text=a & b\n"
        "+ forum repost 2021-05-18T19:24:56Z.000000 id=2 author_id=11 author=ewa repost_of=9 "
        "text=cut not\n"
        "+ forum original 2021-05-18T19:24:56Z.000000 flags=1 id=9 author_id=12 "
        "author=o\xC5\x82"
        "a text=cut not\n"
        "+ forum quote 2021-05-18T19:24:56Z.000000 id=3 author_id=99 reply_to=77 text=q\n"
        "+ forum original 2021-05-18T19:24:56Z.000000 flags=1 id=9 author_id=12 "
        "author=o\xC5\x82"
        "a text=cut not\n");
    expect(&page, "{\"data\":{\"id\":\"1\"," T1 ",\"text\":\"alone\"},\"includes\":{\"users\":[]}}",
           "forum original 2021-05-18T19:24:56Z.000000 id=1 text=alone\n");
    expect(&page, "{\"data\":[{\"id\":\"1\",\"text\":\"never\"},{\"text\":\"nor\"}]}",
           "reject no_time\n+ reject no_time\n");
    expect(&page, "{\"meta\":{\"result_count\":0}}", "reject not_a_post\n");
}

#define T2 "\"date\":\"2025-11-14T10:02:44Z\""

static void test_pieces(void) {
    expect(&chats,
           "{\"chats\":{\"list\":[{\"name\":\"Grupa\",\"owner\":\"ja\",\"messages\":[{\"id\":1," T2
           ",\"text\":\"plain\"},{\"id\":2," T2 ",\"text\":[\"Tak! \",{\"type\":\"link\",\"text\":"
           "\"tu\\u0142aj\",\"href\":\"https://x\"},7,[\"no\"],{\"text\":null},\", "
           "tak\"],\"reply\":1},"
           "{\"id\":3," T2 ",\"text\":[]},{\"id\":4," T2 ",\"text\":\"\",\"action\":\"join\"}]}]}}",
           "forum original 2025-11-14T10:02:44Z.000000 id=1 author_id=ja author=ja channel=Grupa "
           "text=plain\n"
           "+ forum reply 2025-11-14T10:02:44Z.000000 id=2 author_id=ja author=ja reply_to=1 "
           "channel=Grupa text=Tak! tu\xC5\x82"
           "aj7, tak\n"
           "+ forum original 2025-11-14T10:02:44Z.000000 id=3 author_id=ja author=ja channel=Grupa "
           "text=\n"
           "+ reject control_message\n");
}

static void test_notices(void) {
    expect(&event, "{\"did\":\"did:a\",\"op\":\"delete\",\"rkey\":\"3k\",\"kind\":\"post\"}",
           "reject delete_notice id=did:a/post/3k\n");
    expect(&event, "{\"did\":\"did:a\",\"op\":\"create\",\"kind\":\"like\",\"at\":1700000000}",
           "reject engagement_notice\n");
}

static void test_answer(void) {
    expect(&event,
           "{\"did\":\"a\",\"at\":1700000000,\"text\":\"\\u00c5\\u0082a \\u00e2\\u0082\\u00ac\","
           "\"answer\":{\"text\":\"Sorry<br>us\",\"at\":1700000060}}",
           "forum original 2023-11-14T22:13:20Z.000000 id=hbea977324a1b9b84 author_id=a "
           "text=\xC5\x82"
           "a \xE2\x82\xAC\n"
           "+ forum reply 2023-11-14T22:14:20Z.000000 id=hbea977324a1b9b84/reply "
           "reply_to=hbea977324a1b9b84 reply_to_author_id=a "
           "conversation=hbea977324a1b9b84 text=Sorry|us\n");
    expect(&event, "{\"at\":1700000000,\"text\":\"x\",\"answer\":{\"text\":\"when?\"}}",
           "forum original 2023-11-14T22:13:20Z.000000 id=hfe6a0141b3af6e80 text=x\n"
           "+ reject no_time\n");
    expect(&event, "{\"at\":1700000000,\"text\":\"x\",\"answer\":{\"text\":\"\",\"at\":5}}",
           "forum original 2023-11-14T22:13:20Z.000000 id=hfe6a0141b3af6e80 text=x\n");
}

/* As deep as records may nest, and wide: every comment is found. */
static void expect_comments(const char *open, const char *close, int count) {
    struct buf record = {.max = 1 << 24}, log = {.max = 1 << 24};
    uint64_t repairs = 0;
    buf_text(&record, "{\"id\":1," T0 ",\"title\":\"t\",\"comments\":[");
    for (int i = 0; i < count; i++)
        buf_text(&record, open);
    buf_text(&record, "null");
    for (int i = 0; i < count; i++)
        buf_text(&record, close);
    buf_text(&record, "]}");
    size_t len = record.len;
    CHECK(buf_reserve(&record, BLOCK_PADDING));
    for (int slow = 0; slow < 2; slow++) {
        CHECK_INT(read_by(slow, (struct span){record.at, len}, &log, &repairs), JSON_READ);
        CHECK_INT(extractor.more_count, count);
    }
    buf_release(&record);
    buf_release(&log);
}

static void test_bounds(void) {
    struct fault fault = {0};
    struct table *table;
    CHECK_INT(table_compile(&table, &video, video.rows, &fault), STATUS_OK);
    struct decode_member member = {
        .format = &video, .table = table, .options = decode_options_default()};
    extractor.member = &member;
    expect_comments("{" T0 ",\"text\":\"\\u0142\",\"replies\":{\"comments\":", "}}", 31);
    expect_comments("{" T0 ",\"text\":\"\\u0142\"},", "", 5000);
    table_free(table);
}

/* An element that is looked up again and again is unescaped each time; when that takes more room
 * than the record has, the record is refused and read by the other reader. */
static void test_joined_often(void) {
    struct fault fault = {0};
    struct table *table;
    struct buf record = {.max = 1 << 24}, log = {.max = 1 << 24};
    uint64_t repairs = 0;
    CHECK_INT(table_compile(&table, &page, page.rows, &fault), STATUS_OK);
    struct decode_member member = {
        .format = &page, .table = table, .options = decode_options_default()};
    extractor.member = &member;
    buf_text(&record, "{\"includes\":{\"users\":[{\"id\":\"1\",\"username\":\"");
    for (int i = 0; i < 1000; i++)
        buf_text(&record, "\\u0142");
    buf_text(&record, "\"}]},\"data\":[");
    for (int i = 0; i < 1000; i++)
        buf_text(&record, "{" T1 ",\"text\":\"x\",\"author_id\":\"1\"},");
    buf_text(&record, "0]}");
    size_t len = record.len;
    CHECK(buf_reserve(&record, BLOCK_PADDING));
    CHECK_INT(read_by(false, (struct span){record.at, len}, &log, &repairs), JSON_REFUSED);
    CHECK_INT(read_by(true, (struct span){record.at, len}, &log, &repairs), JSON_READ);
    CHECK_INT(extractor.more_count, 1000); /* the first takes the record's place after that */
    buf_release(&record);
    buf_release(&log);
    table_free(table);
}

static void expect_html(const char *html, const char *want) {
    struct arena arena = {0};
    struct span got = html_text(&arena, span_of(html));
    if (!CHECK_SPAN(got, want))
        printf("# of %s\n", html);
    arena_release(&arena);
}

static void test_html(void) {
    expect_html("", "");
    expect_html("plain", "plain");
    expect_html("a<p>b</p>\n <p>c<br/>d<BR><br>e", "a\nb\nc\nd\n\ne");
    expect_html("They&#x27;re &quot;fast&quot; &amp;lt; &oacute;&ndash;&#8364;&#1234567890;&nope;&",
                "They're \"fast\" &lt; \xC3\xB3\xE2\x80\x93\xE2\x82\xAC&#1234567890;&nope;&");
    expect_html("<a href=\"https://x/?a>b&lt;\" title='it>s'>link</a>!", "link!");
    expect_html("x<script>if (a<b) \"</p>\"</SCRIPT>y<style>p{}</style>z<script>rest", "xyz");
    expect_html("a <!-- <b> --> b<!-- open", "a b");
    expect_html("1 < 2, <3, a<b and <unclosed", "1 < 2, <3, a<b and <unclosed");
    expect_html("I <love you <b>very</b> much", "I <love you very much");
    expect_html("<p>  many   blanks\t\n here </p>  ", "many blanks here");
    expect_html("<li>a<li>b", "a\nb");
    expect_html("<b>bo</b>ld <img alt=\"no text\" src='x'>", "bold");
    expect_html("<a b=\"never closed>text", "text");
}

/* Hostile markup takes time in proportion: this would take minutes otherwise. */
static void test_html_is_linear(void) {
    static const char *const units[] = {"<a ",      "<a =\"", "<a=\">\"",         "<a='\"", "<!-",
                                        "<script>", "&",      "<a b='\"<c d=\"'", "</"};
    struct arena arena = {0};
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        struct buf text = {.max = 1 << 24};
        while (text.len < 1 << 20)
            buf_text(&text, units[u]);
        CHECK(html_text(&arena, buf_as_span(&text)).len <= text.len);
        buf_release(&text);
        arena_clear(&arena);
    }
    arena_release(&arena);
}

static void test_mojibake(void) {
    static const struct {
        const char *text, *want;
    } texts[] = {
        {"", ""},
        {"plain", "plain"},
        {"\xC3\x85\xC2\x81ucja", "\xC5\x81ucja"},
        {"caf\xC3\xA9", "caf\xC3\xA9"}, /* real Latin-1: its bytes are no UTF-8 */
        {"\xC3\x85\xC2\x81 \xC5\x82", "\xC3\x85\xC2\x81 \xC5\x82"}, /* beyond Latin-1 */
        {"\xC3\xB0\xC2\x9F\xC2\x98\xC2\x8D", "\xF0\x9F\x98\x8D"},
        {"\xC3\xB0\xC2\x9F\xC2\x98", "\xC3\xB0\xC2\x9F\xC2\x98"}, /* cut */
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        CHECK_SPAN(mojibake_text(&arena, span_of(texts[i].text)), texts[i].want);
    arena_release(&arena);
}

static void test_markup(void) {
    static const struct {
        const char *text, *want;
    } texts[] = {
        {"", ""},
        {"I <3 Norvia, a < b && b > c, R&D, H&M", "I <3 Norvia, a < b && b > c, R&D, H&M"},
        {"<name> asked <b> twice", "<name> asked <b> twice"},
        {"if a<b and c>d", "if a<b and c>d"},
        {"two\n\nlines", "two\n\nlines"},
        {"H&amp;M H&#38;M H&#x26;M don&#x27;t don&#146;t", "H&M H&M H&M don't don\xE2\x80\x99t"},
        {"&amp;amp; &amp;#39;", "& '"},
        {"<p>#<span>Norvia</span></a></p><p>a<br />b</p>", "#Norvia\na\nb"},
        {"see <a href=\"https://x.example\" target=\"_blank\">this</a>", "see this"},
        {"<b>loud</b> and <i>clear</i>", "loud and clear"},
        {"&lt;p&gt;one&lt;/p&gt;&lt;p&gt;two&lt;/p&gt;", "one\ntwo"},
        {"cut <a href=\"https://x\">a</a> <a href=\"https://target", "cut a"},
        {"<blockquote>they said<br>this</blockquote>I say that", "> they said\n> this\nI say that"},
        {"a [Norvia](https://target.example/a_(b) \"t\") b", "a Norvia b"},
        {"[sic](not a link) [x] (y) [z](", "[sic](not a link) [x] (y) [z]("},
        {"![gif](giphy|abc) ![a cat](https://x/y.png)", " a cat"},
        {"[a [b] c](/r/target)[d](#e)", "a [b] cd"},
        {"s\xC3\x84\xE2\x80\xA6 \xC5\x82", "s\xC3\x84\xE2\x80\xA6 \xC5\x82"},
        {"s\xC3\x84\xE2\x80\xA6", "s\xC4\x85"},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!CHECK_SPAN(markup_text(&arena, span_of(texts[i].text)), texts[i].want))
            printf("# of %s\n", texts[i].text);
    CHECK_SPAN(markdown_text(&arena, SPAN_LITERAL("&gt; a &amp;amp; [b](https://c) <b>d</b>")),
               "> a & b <b>d</b>");
    arena_release(&arena);
}

/* Hostile markup takes time in proportion. */
static void test_markup_is_linear(void) {
    static const char *const units[] = {"<a ",   "[",   "](/",   "[a](/(",
                                        "&amp;", "<b>", "<a=\"", "\xC3\x84"};
    struct arena arena = {0};
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        struct buf text = {.max = 1 << 24};
        while (text.len < 1 << 20)
            buf_text(&text, units[u]);
        CHECK(markup_text(&arena, buf_as_span(&text)).len <= text.len);
        buf_release(&text);
        arena_clear(&arena);
    }
    arena_release(&arena);
}

static void test_bad_paths(void) {
    static const char *const paths[] = {"a[x=1]", "a[x=1", "a[", "a[-1]", "a[].b"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const struct row rows[] = {{paths[i], FIELD_TEXT, CONVERT_PLAIN}, {NULL, 0, 0}};
        struct fault fault = {0};
        struct table *table;
        if (!CHECK_INT(table_compile(&table, &event_answer, rows, &fault), STATUS_SKIP))
            printf("# %s\n", paths[i]);
        table_free(table);
    }
}

int main(void) {
    static const struct decode_place beginning;
    extractor.place = &beginning;
    if (!CHECK(extractor_init(&extractor, ROOM)))
        return tap_done();
    test_nested();
    test_page();
    test_pieces();
    test_notices();
    test_answer();
    test_bounds();
    test_joined_often();
    test_html();
    test_html_is_linear();
    test_mojibake();
    test_markup();
    test_markup_is_linear();
    test_bad_paths();
    extractor_release(&extractor);
    return tap_done();
}
