/* What each format makes of its records. All posts here are invented. */
#include "decode_tool.h"

#include "stages/decode/format.h"

#include "tap.h"

static struct zone warsaw;

static void expect_with(const char *input, size_t len, const struct decode_options *options,
                        const char *format, const char *want) {
    struct run run;
    enum status status = run_decode(&run, (struct span){input, len}, "test", options, 1 << 20);
    CHECK_INT(status, STATUS_OK);
    if (status != STATUS_OK)
        printf("# %s\n", run.log.at);
    else if (!CHECK_SPAN(span_of(run.format), format) || !CHECK_SPAN(span_of(run.log.at), want))
        printf("# got:\n%s", run.log.at);
    run_release(&run);
}

static void expect(const char *input, const char *format, const char *want) {
    struct decode_options options = decode_options_default();
    options.zone = &warsaw;
    expect_with(input, strlen(input), &options, format, want);
}

static void expect_skip(const char *input, const char *hint) {
    struct decode_options options = decode_options_default();
    struct run run;
    CHECK_INT(run_decode(&run, span_of(input), "some/member.json", &options, 1 << 20), STATUS_SKIP);
    if (!CHECK(strstr(run.log.at, hint) != NULL && strstr(run.log.at, "some/member.json")))
        printf("# %s\n", run.log.at);
    run_release(&run);
}

static void test_twitter(void) {
    expect("{\"delete\":{\"status\":{\"id\":1234,\"id_str\":\"1234\",\"user_id\":3}}}\r\n"
           "\r\n"
           "{\"created_at\":\"Mon Aug 01 10:00:00 +0000 2016\",\"id\":760049110000000001,"
           "\"id_str\":\"760049110000000001\",\"text\":\"cut\\u2026\",\"extended_tweet\":{"
           "\"full_text\":\"a &amp;amp; b\\nc\"},\"in_reply_to_status_id_str\":null,"
           "\"in_reply_to_screen_name\":\"Tele\",\"in_reply_to_user_id_str\":\"5\",\"user\":{\"id_"
           "str\":\"77\",\"screen_name\":"
           "\"jan\",\"followers_count\":10},\"lang\":\"pl\",\"timestamp_ms\":\"1470045600123\","
           "\"place\":{\"country_code\":\"PL\"},\"retweet_count\":2,\"favorite_count\":3}\r\n"
           "{\"limit\":{\"track\":10}}\n"
           "{\"warning\":{\"code\":\"FALLING_BEHIND\"}}\n",
           "twitter",
           "reject delete_notice id=1234\n"
           "twitter reply 2016-08-01T10:00:00Z.123000 id=760049110000000001 author_id=77 "
           "author=jan lang=pl reply_to_author_id=5 reply_to_author=Tele country=PL "
           "url=https://twitter.com/jan/status/760049110000000001 likes=3 reposts=2 followers=10 "
           "text=a &amp; b|c\n"
           "reject control_message\n"
           "reject control_message\n");
}

static void test_retweet(void) {
    expect("{\"created_at\":\"Mon Aug 01 11:00:00 +0000 2016\",\"id_str\":\"760064000000000003\","
           "\"text\":\"RT @jan: start...\",\"user\":{\"id_str\":\"88\",\"screen_name\":\"ola\"},"
           "\"is_quote_status\":true,\"quoted_status_id_str\":\"5\",\"retweeted_status\":{"
           "\"created_at\":\"Mon Aug 01 10:00:00 +0000 2016\",\"id_str\":\"7\",\"full_text\":"
           "\"the whole text\",\"user\":{\"id_str\":\"77\",\"screen_name\":\"jan\"},"
           "\"quoted_status_id_str\":\"5\",\"quoted_status\":{\"created_at\":\"Mon Aug 01 09:00:00"
           " +0000 2016\",\"id_str\":\"5\",\"text\":\"quoted\",\"user\":{\"id_str\":\"66\","
           "\"screen_name\":\"ewa\"}}},\"quoted_status\":{\"created_at\":\"Mon Aug 01 09:00:00 "
           "+0000 2016\",\"id_str\":\"5\",\"text\":\"quoted\",\"user\":{\"id_str\":\"66\","
           "\"screen_name\":\"ewa\"}}}",
           "twitter",
           "twitter repost 2016-08-01T11:00:00Z.000000 id=760064000000000003 author_id=88 "
           "author=ola repost_of=7 url=https://twitter.com/ola/status/760064000000000003 "
           "text=the whole text\n"
           "+ twitter quote 2016-08-01T10:00:00Z.000000 flags=1 id=7 author_id=77 author=jan "
           "url=https://twitter.com/jan/status/7 text=the whole text\n"
           "+ twitter original 2016-08-01T09:00:00Z.000000 flags=1 id=5 author_id=66 author=ewa "
           "url=https://twitter.com/ewa/status/5 text=quoted\n");
}

static void test_twitter_reply(void) {
    expect("{\"created_at\":\"Sun Mar 26 14:47:24 +0000 2023\",\"id_str\":\"1640000000000000002\","
           "\"text\":\"a\",\"user\":{\"screen_name\":\"ola\"},\"in_reply_to_status_id_str\":"
           "\"1640000000000000001\",\"in_reply_to_user_id\":77}\n",
           "twitter",
           "twitter reply 2023-03-26T14:47:24Z.000000 id=1640000000000000002 author_id=ola "
           "author=ola reply_to=1640000000000000001 reply_to_author_id=77 "
           "reply_to_time_us=1679841444383000 url=https://twitter.com/ola/status/"
           "1640000000000000002 text=a\n");
}

static void test_twitter_array(void) {
    expect("[ {\"created_at\":\"Mon Aug 01 11:00:00 +0000 2016\",\"id_str\":\"3\",\"text\":\"a\","
           "\"user\":{\"screen_name\":\"ola\"}},\n  {\"id_str\":\"760049110000000001\",\"text\":"
           "\"from its id, [brackets] {and} \\\"quotes\\\"\",\"user\":{\"screen_name\":\"jan\"}}"
           ",\n{\"id_str\":\"8\",\"text\":\"too old an id\",\"user\":{\"screen_name\":\"jan\"}}]\n",
           "twitter",
           "twitter original 2016-08-01T11:00:00Z.000000 id=3 author_id=ola author=ola "
           "url=https://twitter.com/ola/status/3 text=a\n"
           "twitter original 2016-08-01T09:46:43Z.510000 source=1 id=760049110000000001 "
           "author_id=jan author=jan url=https://twitter.com/jan/status/760049110000000001 "
           "text=from its id, [brackets] {and} \"quotes\"\n"
           "reject no_time\n");
}

static void test_reddit(void) {
    expect("{\"author\":\"Arve\",\"link_id\":\"t3_5yba3\",\"score\":0,\"body\":\"A &gt; B\","
           "\"subreddit\":\"Polska\",\"name\":\"t1_c0\",\"created_utc\":\"1192450643\","
           "\"parent_id\":\"t1_c1\",\"id\":\"c0\"}\n"
           "{\"author\":\"[deleted]\",\"body\":\"[deleted]\",\"created_utc\":1475280000,\"id\":"
           "\"d8\",\"link_id\":\"t3_55\",\"parent_id\":\"t3_55\",\"score\":1,\"subreddit\":\"x\"}\n"
           "{\"_meta\":{\"was_deleted_later\":true},\"author\":\"u1\",\"body\":\"zart\","
           "\"created_utc\":1700000000.0,\"id\":\"k9\",\"link_id\":\"t3_17\",\"parent_id\":"
           "\"t1_k8\",\"permalink\":\"/r/x/comments/17/x/k9/\",\"score\":-4}\n"
           "{\"author\":\"AutoModerator\",\"body\":\"rules\",\"created_utc\":1,\"id\":\"k9\","
           "\"link_id\":\"t3_17\"}\n",
           "reddit",
           "reddit reply 2007-10-15T12:17:23Z.000000 id=t1_c0 author_id=Arve author=Arve "
           "reply_to=t1_c1 conversation=t3_5yba3 channel=Polska "
           "url=https://www.reddit.com/r/Polska/comments/5yba3/_/c0/ likes=0 text=A > B\n"
           "reddit reply 2016-10-01T00:00:00Z.000000 flags=6 id=t1_d8 reply_to=t3_55 "
           "conversation=t3_55 channel=x url=https://www.reddit.com/r/x/comments/55/_/d8/ likes=1 "
           "text=\n"
           "reddit reply 2023-11-14T22:13:20Z.000000 flags=2 id=t1_k9 author_id=u1 author=u1 "
           "reply_to=t1_k8 conversation=t3_17 url=https://www.reddit.com/r/x/comments/17/x/k9/ "
           "text=zart\n"
           "reject no_time\n");
}

static void test_submissions(void) {
    expect("{\"author\":\"helper_bot\",\"created_utc\":1700000000,\"id\":\"17u1\",\"is_self\":true,"
           "\"num_comments\":5,\"permalink\":\"/r/P/comments/17u1/x/\",\"score\":40,\"selftext\":"
           "\"Body\",\"title\":\"Title\",\"subreddit\":\"P\"}\n"
           "{\"author\":\"u3\",\"created_utc\":1700000500,\"id\":\"17u2\",\"is_self\":false,"
           "\"num_comments\":0,\"selftext\":\"[removed]\",\"removed_by_category\":\"moderator\","
           "\"title\":\"T &amp; U\",\"subreddit\":\"P\",\"crosspost_parent\":\"t3_17u1\"}\n",
           "reddit",
           "reddit original 2023-11-14T22:13:20Z.000000 flags=8 id=t3_17u1 author_id=helper_bot "
           "author=helper_bot conversation=t3_17u1 channel=P "
           "url=https://www.reddit.com/r/P/comments/17u1/x/ likes=40 replies=5 text=Title||Body\n"
           "reddit repost 2023-11-14T22:21:40Z.000000 flags=6 id=t3_17u2 author_id=u3 author=u3 "
           "conversation=t3_17u2 repost_of=t3_17u1 channel=P "
           "url=https://www.reddit.com/r/P/comments/17u2/ replies=0 text=T & U\n");
}

static void test_csv(void) {
    expect("Identyfikator;Data;Autor;Tre\xC5\x9B\xC4\x87;Polubienia;\xC5\xB9r\xC3\xB3"
           "d\xC5\x82o\n"
           "1;28.07.2022 16:10;ola;\"a; \"\"b\"\"\nc\";1 234;facebook.com\n"
           "\n"
           "2;28.07.2022 16:11;jan;ragged\n"
           "3;never;jan;x;1;y\n",
           "csv",
           "facebook original 2022-07-28T14:10:00Z.000000 source=2 id=1 author_id=ola author=ola "
           "channel=facebook.com likes=1234 text=a; \"b\"|c\n"
           "reject ragged\n"
           "reject bad_time\n");
    expect("Export of 3 rows\nsee terms\n\ncreated_at,Full Text,user_name,retweets\r\n"
           "2022-07-28T16:10:07Z,hello,x,\"1,234\"\r\n2022-07-28T16:10:07Z,,y,0\r\n",
           "csv",
           "other original 2022-07-28T16:10:07Z.000000 id=h961bdeb9ecb546dc author_id=x author=x "
           "reposts=1234 text=hello\n"
           "other original 2022-07-28T16:10:07Z.000000 id=h1515fc36a795c597 author_id=y author=y "
           "reposts=0 text=\n");
    expect("date|time|text\n2022-07-28|16:10:07|pipe\n2022-07-29|16:10|day\n", "csv",
           "other original 2022-07-28T14:10:07Z.000000 source=2 id=h445e5fde4d9bf4c0 text=pipe\n"
           "other original 2022-07-29T14:10:00Z.000000 source=2 id=h087a3157789963cf text=day\n");
}

static void test_twcs(void) {
    expect("tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id\n"
           "1,Help,False,Tue Oct 31 22:10:47 +0000 2017,\"@9 Hi.\nSee \"\"DM\"\".\",2,3\n"
           "3,900001,True,Tue Oct 31 22:08:27 +0000 2017,@Help bad,\"1,4\",\n",
           "twcs",
           "twitter reply 2017-10-31T22:10:47Z.000000 id=1 author_id=Help author=Help reply_to=3 "
           "text=@9 Hi.|See \"DM\".\n"
           "twitter original 2017-10-31T22:08:27Z.000000 id=3 author_id=900001 author=900001 "
           "text=@Help bad\n");
}

static void test_google_play(void) {
    expect("reviewId,userName,userImage,content,score,thumbsUpCount,reviewCreatedVersion,at,"
           "replyContent,repliedAt,appVersion\n"
           "gp:1,Jan,https://x,\"Slow, sad\",1,3,2.1.0,2023-04-12 09:42:38,Sorry,2023-04-12 "
           "13:10:05,2.1.0\n"
           "gp:2,Ola,https://x,Super,5,0,,2023-04-13 10:00:00,,,\n",
           "google_play",
           "reviews original 2023-04-12T07:42:38Z.000000 source=2 id=gp:1 author_id=Jan author=Jan "
           "likes=3 text=Slow, sad\n"
           "+ reviews reply 2023-04-12T11:10:05Z.000000 flags=32 source=2 id=gp:1/reply "
           "author=developer reply_to=gp:1 reply_to_author_id=Jan reply_to_author=Jan "
           "conversation=gp:1 text=Sorry\n"
           "reviews original 2023-04-13T08:00:00Z.000000 source=2 id=gp:2 author_id=Ola author=Ola "
           "likes=0 text=Super\n");
}

static void test_hackernews(void) {
    expect(
        "{\"by\":\"u9\",\"id\":29,\"kids\":[30],\"parent\":28,\"text\":\"Great.<p>They&#x27;re "
        "<a href=\\\"https:&#x2F;&#x2F;x.pl\\\" rel=\\\"nofollow\\\">https:&#x2F;&#x2F;x.pl</a>\","
        "\"time\":1314211127,\"type\":\"comment\"}\n"
        "{\"by\":\"u1\",\"id\":27,\"descendants\":4,\"score\":7,\"title\":\"Ask: why?\",\"time\":"
        "1314211000,\"type\":\"story\",\"url\":\"https://x.pl\"}\n"
        "{\"id\":1,\"deleted\":true,\"type\":\"comment\",\"parent\":5,\"time\":1175714201}\n"
        "{\"by\":\"u2\",\"id\":2,\"dead\":true,\"type\":\"comment\",\"parent\":5,\"time\":"
        "1175714202,"
        "\"text\":\"spam\"}\n",
        "hackernews",
        "hackernews reply 2011-08-24T18:38:47Z.000000 id=29 author_id=u9 author=u9 reply_to=28 "
        "url=https://news.ycombinator.com/item?id=29 text=Great.|They're https://x.pl\n"
        "hackernews original 2011-08-24T18:36:40Z.000000 id=27 author_id=u1 author=u1 "
        "conversation=27 url=https://news.ycombinator.com/item?id=27 likes=7 replies=4 "
        "text=Ask: why?\n"
        "hackernews reply 2007-04-04T19:16:41Z.000000 flags=6 id=1 reply_to=5 "
        "url=https://news.ycombinator.com/item?id=1 text=\n"
        "hackernews reply 2007-04-04T19:16:42Z.000000 flags=2 id=2 author_id=u2 author=u2 "
        "reply_to=5 url=https://news.ycombinator.com/item?id=2 text=spam\n");
    expect("{\"hits\":[{\"created_at\":\"2016-01-01T00:00:00.000Z\",\"created_at_i\":1451606400,"
           "\"author\":\"x\",\"title\":null,\"comment_text\":\"A &amp; <i>b</i>\",\"story_id\":1,"
           "\"parent_id\":3,\"objectID\":\"100\",\"_tags\":[\"comment\"]}],\"page\":0}",
           "hackernews",
           "hackernews reply 2016-01-01T00:00:00Z.000000 id=100 author_id=x author=x reply_to=3 "
           "conversation=1 url=https://news.ycombinator.com/item?id=100 text=A & b\n");
}

/* A tree of items: comments of comments are posts of their own. */
static void test_hackernews_tree(void) {
    expect(
        "{\"id\":1,\"created_at_i\":1451606400,\"author\":\"a\",\"title\":\"T\",\"text\":null,"
        "\"children\":[{\"id\":2,\"created_at_i\":1451606401,\"author\":\"b\",\"text\":\"<p>one\","
        "\"parent_id\":1,\"story_id\":1,\"children\":[{\"id\":3,\"created_at_i\":1451606402,"
        "\"author\":\"c\",\"text\":\"two\",\"children\":[]}]},{\"id\":4,\"author\":null,\"text\":"
        "null,"
        "\"created_at_i\":1451606403,\"children\":[]}]}\n",
        "hackernews",
        "hackernews original 2016-01-01T00:00:00Z.000000 id=1 author_id=a author=a "
        "conversation=1 url=https://news.ycombinator.com/item?id=1 text=T\n"
        "+ hackernews reply 2016-01-01T00:00:01Z.000000 id=2 author_id=b author=b reply_to=1 "
        "reply_to_author_id=a reply_to_author=a "
        "conversation=1 url=https://news.ycombinator.com/item?id=2 text=one\n"
        "+ hackernews reply 2016-01-01T00:00:02Z.000000 id=3 author_id=c author=c reply_to=2 "
        "reply_to_author_id=b reply_to_author=b "
        "conversation=1 url=https://news.ycombinator.com/item?id=3 text=two\n"
        "+ reject no_text\n");
}

static void test_jsonl(void) {
    expect("{\"tre\\u015b\\u0107\":\"cze\\u015b\\u0107\",\"author\":{\"name\":\"Ola\",\"id\":7},"
           "\"published\":\"2023-03-05T14:02:11+01:00\",\"stats\":{\"likes\":\"3.4K\"}}\n"
           "{\"tre\xC5\x9B\xC4\x87\":\"raw\",\"published\":1678021331123}\n"
           "{\"published\":1678021331}\n{\"a\":1}\n[1,2]\n",
           "jsonl",
           "other original 2023-03-05T13:02:11Z.000000 id=had6a87a9a52d52ec author_id=7 author=Ola "
           "likes=3400 "
           "text=cze\xC5\x9B\xC4\x87\n"
           "other original 2023-03-05T13:02:11Z.123000 id=hdc2be32b22ecf74a text=raw\n"
           "reject not_a_post\nreject not_a_post\nreject not_a_post\n");
    expect("{\"meta\":{\"n\":2},\"tags\":[1,2],\"items\":[\n {\"id\":1,\"date\":\"2023-03-05\","
           "\"text\":\"a\"},\n {\"id\":2,\"date\":\"2023-03-06\",\"text\":\"b\"}],\"next\":[{}]}",
           "jsonl",
           "other original 2023-03-04T23:00:00Z.000000 source=2 id=1 text=a\n"
           "other original 2023-03-05T23:00:00Z.000000 source=2 id=2 text=b\n"
           "reject not_a_post\n");
    expect("{\n \"id\": 1,\n \"date\": \"2023-03-05T00:00:00Z\",\n \"text\": \"a\"\n}\n{\n"
           " \"id\": 2,\n \"date\": \"2023-03-06T00:00:00Z\",\n \"text\": \"b\"\n}\n",
           "jsonl",
           "other original 2023-03-05T00:00:00Z.000000 id=1 text=a\n"
           "other original 2023-03-06T00:00:00Z.000000 id=2 text=b\n");
}

static void test_skips(void) {
    expect_skip("", "empty");
    expect_skip("{\"a\":1}\n{\"b\":2}\n", "mapping");
    expect_skip("just some words\nand more of them\n", "neither JSON nor a table");
    expect_skip("a,b\n1,2\n3,4\n", "mapping");
}

/* A format is one row. */
static void test_registry(void) {
    for (size_t i = 0; formats[i]; i++)
        for (size_t k = 0; k < i; k++)
            if (!CHECK(formats[i] != formats[k]))
                printf("# %s stands twice\n", formats[i]->name);
}

int main(void) {
    struct fault fault;
    CHECK_INT(zone_open(&warsaw, "Europe/Warsaw", &fault), STATUS_OK);
    test_twitter();
    test_retweet();
    test_twitter_reply();
    test_twitter_array();
    test_reddit();
    test_submissions();
    test_csv();
    test_twcs();
    test_google_play();
    test_hackernews();
    test_hackernews_tree();
    test_jsonl();
    test_skips();
    test_registry();
    zone_release(&warsaw);
    return tap_done();
}
