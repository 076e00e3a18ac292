/* Tables, names of columns and exports as they are met: what is read of them. All posts here are
 * invented; local times are those of Warsaw. */
#include "decode_cuts.h"

/* The same whatever pieces the bytes come in, and this. */
static void expect(const char *input, const char *format, const char *want) {
    struct decode_options options = options_of(0);
    struct run run;
    CHECK_INT(run_decode(&run, span_of(input), "test", &options, 1 << 20), STATUS_OK);
    if (!CHECK_SPAN(span_of(run.format ? run.format : "?"), format) ||
        !CHECK_SPAN(span_of(run.log.at), want))
        printf("# got:\n%s", run.log.at);
    run_release(&run);
    expect_same_for_any_cut(span_of(input), 0, format);
}

/* Inboxes of Facebook and Instagram: who takes part stands around the messages, in any place; with
 * one other it is the one who was written to. Only the folder tells the two apart. */
static void expect_inbox(const char *label, const char *people, bool behind, const char *want) {
    struct decode_options options = options_of(0);
    char input[2000];
    struct run run;
    options.private_messages = true;
    snprintf(
        input, sizeof input,
        "{%s%s\"messages\": [{\"sender_name\": \"\\u00c5\\u0081ucja\", "
        "\"timestamp_ms\": 1651820889000, \"content\": \"raz\"}, {\"sender_name\": \"Norvia\", "
        "\"timestamp_ms\": 1651820890000, \"content\": \"dwa\"}], \"title\": \"x\", "
        "\"thread_path\": \"inbox/k1\"%s%s}",
        behind ? "" : people, behind ? "" : ", ", behind ? ", " : "", behind ? people : "");
    for (size_t chunk = 7; chunk < 3000; chunk = chunk * 5) {
        CHECK_INT(run_decode(&run, span_of(input), label, &options, chunk), STATUS_OK);
        if (!CHECK_SPAN(span_of(run.log.at), want))
            printf("# got:\n%s", run.log.at);
        run_release(&run);
    }
}

#define TWO_PEOPLE "\"participants\": [{\"name\": \"\\u00c5\\u0081ucja\"}, {\"name\": \"Norvia\"}]"
#define THREE_PEOPLE                                                                               \
    "\"participants\": [{\"name\": \"Norvia\"}, {\"name\": \"Jan\"}, {\"name\": "                  \
    "\"\\u00c5\\u0081ucja\"}]"

static void test_inboxes(void) {
    static const char *const two =
        "%s original 2022-05-06T07:08:09Z.000000 flags=16 id=%s author_id=Łucja "
        "author=Łucja "
        "reply_to_author=Norvia participants=Łucja|Norvia conversation=inbox/k1 scope=inbox/k1 "
        "text=raz\n"
        "%s original 2022-05-06T07:08:10Z.000000 flags=16 id=%s author_id=Norvia "
        "author=Norvia "
        "reply_to_author=Łucja participants=Łucja|Norvia conversation=inbox/k1 scope=inbox/k1 "
        "text=dwa\n";
    static const char *const three =
        "facebook original 2022-05-06T07:08:09Z.000000 flags=16 id=he98631f548446878 "
        "author_id=Łucja author=Łucja "
        "participants=Norvia|Jan|Łucja conversation=inbox/k1 scope=inbox/k1 text=raz\n"
        "facebook original 2022-05-06T07:08:10Z.000000 flags=16 id=hf975face71aa6c2a "
        "author_id=Norvia author=Norvia "
        "participants=Norvia|Jan|Łucja conversation=inbox/k1 scope=inbox/k1 text=dwa\n";
    char want[1000];
    for (int behind = 0; behind < 2; behind++) {
        snprintf(want, sizeof want, two, "facebook", "he98631f548446878", "facebook",
                 "hf975face71aa6c2a");
        expect_inbox("your_facebook_activity/messages/inbox/k1/message_1.json", TWO_PEOPLE, behind,
                     want);
        expect_inbox("messages/inbox/k1/message_1.json", THREE_PEOPLE, behind, three);
        snprintf(want, sizeof want, two, "instagram", "h9cd3c46ad25121a3", "instagram",
                 "h42c140b8f7e32b78");
        expect_inbox("your_instagram_activity/messages/inbox/k1/message_1.json", TWO_PEOPLE, behind,
                     want);
    }
}

/* Tables as programs leave them: preambles, empty columns, row names, stray quotes. */
static void test_tables(void) {
    expect("id,created_at,author,text\r"
           "1,2022-05-06T07:08:09Z,ala,\"raz, dwa\n"
           "x\"\r"
           "2,2022-05-06T07:08:10Z,ola,trzy\r"
           "3,2022-05-06T07:08:10Z,ola,pięć\r",
           "csv",
           "other original 2022-05-06T07:08:09Z.000000 id=1 author_id=ala author=ala text=raz"
           ", dwa|x\n"
           "other original 2022-05-06T07:08:10Z.000000 id=2 author_id=ola author=ola text=trz"
           "y\n"
           "other original 2022-05-06T07:08:10Z.000000 id=3 author_id=ola author=ola text=pię"
           "ć\n");
    expect("Report;Kawa;;\r"
           "\n"
           "From;2022-05-01;to;2022-05-09\r"
           "\n"
           "\r"
           "\n"
           "Data;Godzina;Autor;Treść;Polubienia\r"
           "\n"
           "06.05.2022;09:08;ala;raz, dwa; 4\r"
           "\n"
           "06.05.2022;09:10;ola;\"trzy; x\";5\r"
           "\n",
           "csv",
           "other original 2022-05-06T07:08:00Z.000000 source=2 id=h707d5354454b65d4 author_i"
           "d=ala author=ala likes=4 text=raz, dwa\n"
           "other original 2022-05-06T07:10:00Z.000000 source=2 id=h42386c70c90763be author_i"
           "d=ola author=ola likes=5 text=trzy; x\n");
    expect("sep=;\n"
           "Nr wpisu;Data dodania;Autor wpisu;Treść wpisu;Liczba polubień\n"
           "1;2022-05-06 09:08;ala;a,b,c,d;3\n"
           "2;2022-05-06 09:09;ala;e,f,g,h;3\n",
           "csv",
           "other original 2022-05-06T07:08:00Z.000000 source=2 id=h87d2b0b9c928be59 author_i"
           "d=ala author=ala likes=3 text=a,b,c,d\n"
           "other original 2022-05-06T07:09:00Z.000000 source=2 id=h8761d0330611995e author_i"
           "d=ala author=ala likes=3 text=e,f,g,h\n");
    expect("id,created_at,text\n"
           "1,2022-05-06T07:08:09Z,a,\n"
           "2,2022-05-06T07:08:10Z,b,,\n"
           "3,2022-05-06T07:08:10Z,c\n"
           "4,2022-05-06T07:08:10Z,d,e\n",
           "csv",
           "other original 2022-05-06T07:08:09Z.000000 id=1 text=a\n"
           "other original 2022-05-06T07:08:10Z.000000 id=2 text=b\n"
           "other original 2022-05-06T07:08:10Z.000000 id=3 text=c\n"
           "reject ragged\n");
    expect("id,created_at,text,,\n"
           "1,2022-05-06T07:08:09Z,a,,\n"
           "2,2022-05-06T07:08:10Z,b,,\n",
           "csv",
           "other original 2022-05-06T07:08:09Z.000000 id=1 text=a\n"
           "other original 2022-05-06T07:08:10Z.000000 id=2 text=b\n");
    expect("id,created_at,text,\n"
           "1,2022-05-06T07:08:09Z,a\n"
           "2,2022-05-06T07:08:10Z,b\n",
           "csv",
           "other original 2022-05-06T07:08:09Z.000000 id=1 text=a\n"
           "other original 2022-05-06T07:08:10Z.000000 id=2 text=b\n");
    expect("\"id\" \"created_at\" \"text\" \"likes\"\n"
           "\"1\" 101 \"2022-05-06T07:08:09Z\" \"a \\\"b\\\" c\" NA\n"
           "\"2\" 102 \"2022-05-06T07:08:10Z\" \"d\" 5\n",
           "csv",
           "other original 2022-05-06T07:08:09Z.000000 id=101 text=a \"b\" c\n"
           "other original 2022-05-06T07:08:10Z.000000 id=102 likes=5 text=d\n");
    expect("id;created_at;text\n"
           "1;101;2022-05-06T07:08:09Z;a\n",
           "csv", "other original 2022-05-06T07:08:09Z.000000 id=101 text=a\n");
    expect("id\tcreated_at\tauthor\ttext\n"
           "1\t2022-05-06T07:08:09Z\tala\t\"raz\n"
           "2\t2022-05-06T07:08:10Z\tola\tdwa\n"
           "3\t2022-05-06T07:08:10Z\tola\t\\N\n"
           "4\t2022-05-06T07:08:10Z\tola\tthe \"x\" y\n",
           "csv",
           "other original 2022-05-06T07:08:09Z.000000 id=1 author_id=ala author=ala text=\"r"
           "az\n"
           "other original 2022-05-06T07:08:10Z.000000 id=2 author_id=ola author=ola text=dwa"
           "\n"
           "reject no_text\n"
           "other original 2022-05-06T07:08:10Z.000000 id=4 author_id=ola author=ola text=the"
           " \"x\" y\n");
    expect("id,text,created_at\n"
           "1,\"a, b,2022-05-06T07:08:09Z\n"
           "2,\"c, d\",2022-05-06T07:08:09Z\n"
           "3,\"e\n"
           "f\",2022-05-06T07:08:10Z\n"
           "4,\"g,2022-05-06T07:08:10Z\n",
           "csv",
           "reject ragged\n"
           "other original 2022-05-06T07:08:09Z.000000 id=2 text=c, d\n"
           "other original 2022-05-06T07:08:10Z.000000 id=3 text=e|f\n"
           "other original 2022-05-06T07:08:10Z.000000 id=4 text=\"g\n");
}

/* What names of columns and keys mean, also beside others and late in the file. */
static void test_names(void) {
    expect("id,last_updated_at,message_sent_at,text\n"
           "1,2024-01-01T00:00:00Z,2022-05-06T07:08:09Z,a\n",
           "csv", "other original 2022-05-06T07:08:09Z.000000 id=1 text=a\n");
    expect("id,reading_time,posted_on_day,text\n"
           "1,5,2022-05-06 07:08:09Z,a\n",
           "csv", "other original 2022-05-06T07:08:09Z.000000 id=1 text=a\n");
    expect("id;data;ocena;opinia;score\n"
           "1;2022-05-06T07:08:09Z;5;a;5\n",
           "csv", "other original 2022-05-06T07:08:09Z.000000 id=1 text=a\n");
    expect("id,date,text,score\n"
           "1,2022-05-06T07:08:09Z,a,5\n",
           "csv", "other original 2022-05-06T07:08:09Z.000000 id=1 likes=5 text=a\n");
    expect("id,date,text,source\n"
           "1,2022-05-06T07:08:09Z,a,Twitter for Android\n"
           "2,2022-05-06T07:08:10Z,b,forum.example\n",
           "csv",
           "twitter original 2022-05-06T07:08:09Z.000000 id=1 text=a\n"
           "other original 2022-05-06T07:08:10Z.000000 id=2 channel=forum.example text=b\n");
    expect("id,parent_id,date,text\n"
           "5.0,5.0,2022-05-06T07:08:09Z,a\n"
           "6.0,5.0,2022-05-06T07:08:10Z,b\n"
           "7.0,0.0,2022-05-06T07:08:10Z,c\n"
           "8.0,root,2022-05-06T07:08:10Z,d\n",
           "csv",
           "other original 2022-05-06T07:08:09Z.000000 id=5 text=a\n"
           "other reply 2022-05-06T07:08:10Z.000000 id=6 reply_to=5 text=b\n"
           "other original 2022-05-06T07:08:10Z.000000 id=7 text=c\n"
           "other original 2022-05-06T07:08:10Z.000000 id=8 text=d\n");
}

/* What databases and Reddit's own interface put around posts. */
static void test_dumps(void) {
    expect("{\"_id\": {\"$oid\": \"5e01\"}, \"created_at\": {\"$date\": {\"$numberLong\": \"1"
           "651820889000\"}}, \"text\": \"a {\\\"$date\\\": 1}\", \"author\": \"ala\", \"like"
           "s\": {\"$numberInt\": \"3\"}}\n"
           "{\"_id\": {\"$oid\": \"5e02\"}, \"created_at\": {\"$date\": \"2022-05-06T07:08:10"
           "Z\"}, \"text\": \"b\", \"author\": \"ola\", \"likes\": {\"$numberInt\": \"4\"}}",
           "jsonl",
           "other original 2022-05-06T07:08:09Z.000000 id=5e01 author_id=ala author=ala likes"
           "=3 text=a {\"$date\": 1}\n"
           "other original 2022-05-06T07:08:10Z.000000 id=5e02 author_id=ola author=ola likes"
           "=4 text=b\n");
    expect("{\"_index\": \"i\", \"_type\": \"_doc\", \"_id\": \"1\", \"_score\": 1, \"_source"
           "\": {\"id\": \"1\", \"created_at\": \"2022-05-06T07:08:09Z\", \"text\": \"a1\", \""
           "author\": \"ala\"}}\n"
           "{\"_index\": \"i\", \"_type\": \"_doc\", \"_id\": \"2\", \"_score\": 1, \"_source"
           "\": {\"id\": \"2\", \"created_at\": \"2022-05-06T07:08:09Z\", \"text\": \"a2\", \""
           "author\": \"ala\"}}",
           "jsonl",
           "other original 2022-05-06T07:08:09Z.000000 id=1 author_id=ala author=ala text=a1\n"
           "other original 2022-05-06T07:08:09Z.000000 id=2 author_id=ala author=ala text=a2\n");
    expect("{\"took\": 3, \"hits\": {\"total\": 2, \"hits\": [{\"_index\": \"i\", \"_id\": \""
           "1\", \"_source\": {\"id\": \"1\", \"created_at\": \"2022-05-06T07:08:09Z\", \"tex"
           "t\": \"a1\", \"author\": \"ala\"}}, {\"_index\": \"i\", \"_id\": \"2\", \"_source"
           "\": {\"id\": \"2\", \"created_at\": \"2022-05-06T07:08:09Z\", \"text\": \"a2\", \""
           "author\": \"ala\"}}]}}",
           "jsonl",
           "other original 2022-05-06T07:08:09Z.000000 id=1 author_id=ala author=ala text=a1\n"
           "other original 2022-05-06T07:08:09Z.000000 id=2 author_id=ala author=ala text=a2\n");
    expect("[\n"
           "{\"type\":\"header\",\"version\":\"5\"},\n"
           "{\"type\":\"database\",\"name\":\"d\"},\n"
           "{\"type\":\"table\",\"name\":\"p\",\"database\":\"d\",\"data\":\n"
           "[\n"
           "{\"id\": \"1\", \"created_at\": \"2022-05-06T07:08:09Z\", \"text\": \"a\"},\n"
           "{\"id\": \"2\", \"created_at\": \"2022-05-06T07:08:09Z\", \"text\": \"b\"}\n"
           "]\n"
           "}\n"
           "]\n",
           "jsonl",
           "reject not_a_post\n"
           "reject not_a_post\n"
           "other original 2022-05-06T07:08:09Z.000000 id=1 text=a\n"
           "other original 2022-05-06T07:08:09Z.000000 id=2 text=b\n");
    expect("{\"kind\": \"Listing\", \"data\": {\"after\": null, \"children\": [{\"kind\": \"t"
           "3\", \"data\": {\"id\": \"s1\", \"name\": \"t3_s1\", \"created_utc\": 1651820889,"
           " \"author\": \"as1\", \"subreddit\": \"x\", \"replies\": \"\", \"title\": \"a\", "
           "\"selftext\": \"\", \"num_comments\": 3, \"score\": 4}}, {\"kind\": \"t3\", \"dat"
           "a\": {\"id\": \"s2\", \"name\": \"t3_s2\", \"created_utc\": 1651820889, \"author\""
           ": \"as2\", \"subreddit\": \"x\", \"replies\": \"\", \"title\": \"a\", \"selftext\""
           ": \"\", \"num_comments\": 3, \"score\": 4}}]}}",
           "reddit_listing",
           "reddit original 2022-05-06T07:08:09Z.000000 id=t3_s1 author_id=as1 author=as1 con"
           "versation=t3_s1 channel=x url=https://www.reddit.com/r/x/comments/s1/ likes=4 rep"
           "lies=3 text=a\n"
           "+ reddit original 2022-05-06T07:08:09Z.000000 id=t3_s2 author_id=as2 author=as2 c"
           "onversation=t3_s2 channel=x url=https://www.reddit.com/r/x/comments/s2/ likes=4 r"
           "eplies=3 text=a\n");
    expect("[{\"kind\": \"Listing\", \"data\": {\"after\": null, \"children\": [{\"kind\": \""
           "t3\", \"data\": {\"id\": \"s1\", \"name\": \"t3_s1\", \"created_utc\": 1651820889"
           ", \"author\": \"as1\", \"subreddit\": \"x\", \"replies\": \"\", \"title\": \"a\","
           " \"selftext\": \"b\", \"num_comments\": 2}}]}}, {\"kind\": \"Listing\", \"data\":"
           " {\"after\": null, \"children\": [{\"kind\": \"t1\", \"data\": {\"id\": \"c1\", \""
           "name\": \"t1_c1\", \"created_utc\": 1651820889, \"author\": \"ac1\", \"subreddit\""
           ": \"x\", \"replies\": {\"kind\": \"Listing\", \"data\": {\"after\": null, \"child"
           "ren\": [{\"kind\": \"t1\", \"data\": {\"id\": \"c2\", \"name\": \"t1_c2\", \"crea"
           "ted_utc\": 1651820889, \"author\": \"ac2\", \"subreddit\": \"x\", \"replies\": \""
           "\", \"body\": \"d\", \"link_id\": \"t3_s1\", \"parent_id\": \"t1_c1\"}}, {\"kind\""
           ": \"more\", \"data\": {\"count\": 1, \"children\": [\"x\"]}}]}}, \"body\": \"c\","
           " \"link_id\": \"t3_s1\", \"parent_id\": \"t3_s1\"}}]}}]",
           "reddit_thing",
           "reddit original 2022-05-06T07:08:09Z.000000 id=t3_s1 author_id=as1 author=as1 con"
           "versation=t3_s1 channel=x url=https://www.reddit.com/r/x/comments/s1/ replies=2 t"
           "ext=a||b\n"
           "reddit reply 2022-05-06T07:08:09Z.000000 id=t1_c1 author_id=ac1 author=ac1 reply_"
           "to=t3_s1 conversation=t3_s1 channel=x url=https://www.reddit.com/r/x/comments/s1/"
           "_/c1/ text=c\n"
           "+ reddit reply 2022-05-06T07:08:09Z.000000 id=t1_c2 author_id=ac2 author=ac2 repl"
           "y_to=t1_c1 conversation=t3_s1 channel=x url=https://www.reddit.com/r/x/comments/s"
           "1/_/c2/ text=d\n"
           "+ reject not_a_post\n");
}

/* Exports of known tools. */
static void test_tools(void) {
    expect("id\tconversation_id\tcreated_at\tdate\ttime\ttimezone\tuser_id\tusername\tname\tp"
           "lace\ttweet\tlanguage\treplies_count\tretweets_count\tlikes_count\tlink\tretweet\t"
           "quote_url\tuser_rt_id\tretweet_id\treply_to\n"
           "1204000000000000001\t1204000000000000001\t2019-12-10 22:55:14 Środkowoeuropejski "
           "czas stand.\t2019-12-10\t22:55:14\t+0100\t1\tala\tA\t\ta\tpl\t2\t3\t7\tu\tFalse\t"
           "\t\t\t[]\n"
           "1204000000000000002\t1204000000000000001\t2019-12-10 22:56:14 CET\t2019-12-10\t22"
           ":56:14\t+0100\t2\tola\tO\t\t@ala b\tpl\t0\t0\t1\tu\tFalse\t\t\t\t[{'screen_name':"
           " 'ala', 'name': 'A', 'id': '1'}]\n"
           "1204000000000000003\t1204000000000000003\t2019-12-10 22:57:14 CET\t2019-12-10\t22"
           ":57:14\t+0100\t2\tola\tO\t\tc\tpl\t0\t0\t1\tu\tTrue\t\t2\t1204000000000000001\t[]"
           "\n",
           "twint",
           "twitter original 2019-12-10T21:55:14Z.000000 id=1204000000000000001 author_id=1 a"
           "uthor=ala lang=pl conversation=1204000000000000001 url=u likes=7 replies=2 repost"
           "s=3 text=a\n"
           "twitter reply 2019-12-10T21:56:14Z.000000 id=1204000000000000002 author_id=2 auth"
           "or=ola lang=pl reply_to_author=ala conversation=1204000000000000001 url=u likes=1"
           " replies=0 reposts=0 text=@ala b\n"
           "twitter repost 2019-12-10T21:57:14Z.000000 id=1204000000000000003 author_id=2 aut"
           "hor=ola lang=pl conversation=1204000000000000003 repost_of=1204000000000000001 ur"
           "l=u likes=1 replies=0 reposts=0 text=c\n");
    expect("{\"id\": 1204000000000000002, \"conversation_id\": \"1204000000000000001\", \"cre"
           "ated_at\": \"2019-12-10 22:56:14 CET\", \"date\": \"2019-12-10\", \"time\": \"22:"
           "56:14\", \"timezone\": \"+0100\", \"user_id\": 2, \"username\": \"ola\", \"tweet\""
           ": \"@ala b\", \"language\": \"pl\", \"replies_count\": 0, \"retweets_count\": 0, "
           "\"likes_count\": 1, \"link\": \"u\", \"retweet\": false, \"quote_url\": \"\", \"u"
           "ser_rt_id\": \"\", \"retweet_id\": \"\", \"reply_to\": [{\"screen_name\": \"ala\""
           ", \"name\": \"A\", \"id\": \"1\"}]}\n"
           "{\"id\": 1204000000000000005, \"conversation_id\": \"1204000000000000005\", \"cre"
           "ated_at\": \"2019-12-10 22:56:14 CET\", \"date\": \"2019-12-10\", \"time\": \"22:"
           "56:14\", \"timezone\": \"+0100\", \"user_id\": 2, \"username\": \"ola\", \"tweet\""
           ": \"c\", \"language\": \"pl\", \"replies_count\": 0, \"retweets_count\": 0, \"lik"
           "es_count\": 1, \"link\": \"u\", \"retweet\": false, \"quote_url\": \"https://twit"
           "ter.com/ala/status/1\", \"user_rt_id\": \"\", \"retweet_id\": \"\", \"reply_to\":"
           " []}",
           "twint_jsonl",
           "twitter reply 2019-12-10T21:56:14Z.000000 id=1204000000000000002 author_id=2 auth"
           "or=ola lang=pl reply_to_author=ala conversation=1204000000000000001 url=u likes=1"
           " replies=0 reposts=0 text=@ala b\n"
           "twitter quote 2019-12-10T21:56:14Z.000000 id=1204000000000000005 author_id=2 auth"
           "or=ola lang=pl conversation=1204000000000000005 url=u likes=1 replies=0 reposts=0"
           " text=c\n");
    expect("{\"_type\": \"snscrape.modules.twitter.Tweet\", \"url\": \"https://twitter.com/al"
           "a/status/15\", \"date\": \"2022-03-01T10:00:00+00:00\", \"rawContent\": \"a &amp;"
           " b\", \"id\": 1500000000000000001, \"user\": {\"username\": \"ala\", \"id\": 5, \""
           "followersCount\": 9}, \"replyCount\": 1, \"retweetCount\": 2, \"likeCount\": 3, \""
           "viewCount\": 8, \"conversationId\": 1500000000000000000, \"lang\": \"pl\", \"sour"
           "ce\": \"<a href=\\\"x\\\">Twitter for iPhone</a>\", \"retweetedTweet\": null, \"q"
           "uotedTweet\": null, \"inReplyToTweetId\": 1500000000000000000, \"inReplyToUser\":"
           " {\"username\": \"ola\", \"id\": 6}}",
           "snscrape",
           "twitter reply 2022-03-01T10:00:00Z.000000 id=1500000000000000001 author_id=5 auth"
           "or=ala lang=pl reply_to=1500000000000000000 reply_to_author_id=6 reply_to_author="
           "ola reply_to_time_us=1646462843309000 conversation=1500000000000000000 url=https:"
           "//twitter.com/ala/status/15 likes=3 replies=1 reposts=2 views=8 followers=9 text="
           "a & b\n");
    expect(",url,date,content,id,user,replyCount,retweetCount,likeCount,conversationId,lang,i"
           "nReplyToTweetId,inReplyToUser,retweetedTweet,quotedTweet\n"
           "0,u,2022-03-01 10:00:00+00:00,a,1500000000000000001,\"{'_type': 'snscrape.modules"
           ".twitter.User', 'username': 'ala', 'id': 5}\",1,2,3,1500000000000000000,pl,150000"
           "0000000000000,\"User(username='ola', id=6)\",,\n",
           "snscrape_csv",
           "twitter reply 2022-03-01T10:00:00Z.000000 id=1500000000000000001 author_id=5 auth"
           "or=ala lang=pl reply_to=1500000000000000000 reply_to_author=ola reply_to_time_us="
           "1646462843309000 conversation=1500000000000000000 url=u likes=3 replies=1 reposts"
           "=2 text=a\n");
    expect("id,conversation_id,referenced_tweets.replied_to.id,referenced_tweets.retweeted.id"
           ",referenced_tweets.quoted.id,author_id,in_reply_to_user_id,created_at,text,lang,s"
           "ource,public_metrics.like_count,public_metrics.retweet_count,author.username,auth"
           "or.created_at,author.public_metrics.followers_count\n"
           "1448000000000000001,1448000000000000001,,,,11,,2021-10-12T18:00:00.000Z,a,pl,Twit"
           "ter Web App,7,2,ala,2012-01-01T00:00:00.000Z,40.0\n"
           "1448000000000000002,1448000000000000001,1448000000000000001,,,12,11,2021-10-12T18"
           ":01:00.000Z,b,pl,Twitter for iPhone,1,0,ola,2012-01-01T00:00:00.000Z,41\n"
           "1448000000000000003,1448000000000000003,,1448000000000000001,,13,,2021-10-12T18:0"
           "2:00.000Z,RT @ala: a,pl,Twitter for iPhone,0,2,ewa,2012-01-01T00:00:00.000Z,42\n"
           "1448000000000000004,1448000000000000004,,,1448000000000000001,13,,2021-10-12T18:0"
           "2:00.000Z,c,pl,Twitter for iPhone,0,2,ewa,2012-01-01T00:00:00.000Z,42\n",
           "tweet_table",
           "twitter original 2021-10-12T18:00:00Z.000000 id=1448000000000000001 author_id=11 "
           "author=ala lang=pl conversation=1448000000000000001 url=https://twitter.com/ala/s"
           "tatus/1448000000000000001 likes=7 reposts=2 followers=40 text=a\n"
           "twitter reply 2021-10-12T18:01:00Z.000000 id=1448000000000000002 author_id=12 aut"
           "hor=ola lang=pl reply_to=1448000000000000001 reply_to_author_id=11 reply_to_time_"
           "us=1634065077196000 conversation=1448000000000000001 url=https://twitter.com/ola/"
           "status/1448000000000000002 likes=1 reposts=0 followers=41 text=b\n"
           "twitter repost 2021-10-12T18:02:00Z.000000 id=1448000000000000003 author_id=13 au"
           "thor=ewa lang=pl conversation=1448000000000000003 repost_of=1448000000000000001 u"
           "rl=https://twitter.com/ewa/status/1448000000000000003 likes=0 reposts=2 followers"
           "=42 text=RT @ala: a\n"
           "twitter quote 2021-10-12T18:02:00Z.000000 id=1448000000000000004 author_id=13 aut"
           "hor=ewa lang=pl conversation=1448000000000000004 url=https://twitter.com/ewa/stat"
           "us/1448000000000000004 likes=0 reposts=2 followers=42 text=c\n");
    expect("id_str,created_at,text,user__screen_name,user__followers_count,retweet_count,favo"
           "rite_count,source,in_reply_to_status_id_str\n"
           "1500000000000000001,Wed Mar 01 10:00:00 +0000 2023,a,ala,7,1,2,Twitter for iPhone"
           ",1500000000000000000\n",
           "tweet_table",
           "twitter reply 2023-03-01T10:00:00Z.000000 id=1500000000000000001 author_id=ala au"
           "thor=ala reply_to=1500000000000000000 reply_to_time_us=1646462843309000 url=https"
           "://twitter.com/ala/status/1500000000000000001 likes=2 reposts=1 followers=7 text="
           "a\n");
    expect("id,created_at,text,author_id,public_metrics/retweet_count,public_metrics/like_cou"
           "nt,referenced_tweets/0/type,referenced_tweets/0/id\n"
           "1500000000000000001,2023-03-01T10:00:00.000Z,a,5,1,2,retweeted,150000000000000000"
           "0\n",
           "tweet_table",
           "twitter repost 2023-03-01T10:00:00Z.000000 id=1500000000000000001 author_id=5 rep"
           "ost_of=1500000000000000000 likes=2 reposts=1 text=a\n");
    expect("post[id],post[created_at],post[message],post[user][name],post[stats][likes]\n"
           "1,2022-05-06T07:08:09Z,a,ala,4\n",
           "csv",
           "other original 2022-05-06T07:08:09Z.000000 id=1 author_id=ala author=ala likes=4 "
           "text=a\n");
    expect("{\"name\": \"Kanał\", \"type\": \"public_channel\", \"id\": 77, \"messages\": [{\""
           "id\": 1, \"type\": \"service\", \"date\": \"2022-05-06T09:08:09\", \"date_unixtim"
           "e\": \"1651820889\", \"actor\": \"x\", \"action\": \"pin\", \"text\": \"\"}, {\"i"
           "d\": 2, \"type\": \"message\", \"date\": \"2022-05-06T23:08:09\", \"date_unixtime"
           "\": \"1651820889\", \"from\": \"Ala\", \"from_id\": \"user1\", \"text\": [\"a \","
           " {\"type\": \"bold\", \"text\": \"b\"}]}, {\"id\": 3, \"type\": \"message\", \"da"
           "te\": \"2022-05-06T23:08:09\", \"date_unixtime\": \"1651820889\", \"from\": \"Ola"
           "\", \"from_id\": \"user2\", \"reply_to_message_id\": 2, \"text\": \"c\"}, {\"id\""
           ": 4, \"type\": \"message\", \"date\": \"2022-05-06T23:08:09\", \"date_unixtime\":"
           " \"1651820889\", \"from\": \"Ola\", \"from_id\": \"user2\", \"forwarded_from\": \""
           "X\", \"text\": \"d\"}]}",
           "telegram",
           "reject control_message\n"
           "telegram original 2022-05-06T07:08:09Z.000000 id=2 author_id=user1 author=Ala sco"
           "pe=77 channel=Kanał text=a b\n"
           "telegram reply 2022-05-06T07:08:09Z.000000 id=3 author_id=user2 author=Ola reply_"
           "to=2 scope=77 channel=Kanał text=c\n"
           "telegram repost 2022-05-06T07:08:09Z.000000 id=4 author_id=user2 author=Ola scope"
           "=77 channel=Kanał text=d\n");
    expect("{\"about\": \"x\", \"chats\": {\"about\": \"y\", \"list\": [{\"name\": \"A\", \"t"
           "ype\": \"private_group\", \"id\": 1, \"messages\": [{\"id\": 2, \"type\": \"messa"
           "ge\", \"date\": \"2022-05-06T23:08:09\", \"date_unixtime\": \"1651820889\", \"fro"
           "m\": \"Ala\", \"from_id\": \"user1\", \"text\": \"a1\"}]}, {\"name\": \"A\", \"ty"
           "pe\": \"private_group\", \"id\": 2, \"messages\": [{\"id\": 2, \"type\": \"messag"
           "e\", \"date\": \"2022-05-06T23:08:09\", \"date_unixtime\": \"1651820889\", \"from"
           "\": \"Ala\", \"from_id\": \"user1\", \"text\": \"a2\"}]}]}}",
           "telegram",
           "telegram original 2022-05-06T07:08:09Z.000000 id=2 author_id=user1 author=Ala sco"
           "pe=1 channel=A text=a1\n"
           "telegram original 2022-05-06T07:08:09Z.000000 id=2 author_id=user1 author=Ala sco"
           "pe=2 channel=A text=a2\n");
}

/* Names that the first records do not have. */
static void test_late(void) {
    char input[4000], want[4000];
    size_t len = 0, used = 0;
    for (int i = 0; i < 25; i++) {
        len += (size_t)snprintf(input + len, sizeof input - len,
                                "{\"id\":%d,\"created_at\":\"2022-05-06T07:08:09Z\","
                                "\"text\":\"a\"}\n",
                                i);
        used += (size_t)snprintf(want + used, sizeof want - used,
                                 "other original 2022-05-06T07:08:09Z.000000 id=%d text=a\n", i);
    }
    snprintf(input + len, sizeof input - len, "%s",
             "{\"id\":25,\"data\":\"2022-05-06T07:08:10Z\",\"autor\":\"ala\",\"treść\":\"b\","
             "\"like_count\":7,\"user\":{\"followers_count\":3}}\n"
             "{\"id\":26,\"created_at\":\"2022-05-06T07:08:10Z\",\"text\":\"cut\","
             "\"full_text\":\"whole\"}\n"
             "{\"id\":27,\"created_at\":\"2022-05-06T07:08:10Z\",\"text\":\"c\","
             "\"like_count\":8,\"entities\":{\"likes\":9}}\n");
    snprintf(want + used, sizeof want - used, "%s",
             "other original 2022-05-06T07:08:10Z.000000 id=25 author_id=ala author=ala likes=7 "
             "followers=3 text=b\n"
             "other original 2022-05-06T07:08:10Z.000000 id=26 text=whole\n"
             "other original 2022-05-06T07:08:10Z.000000 id=27 likes=8 text=c\n");
    expect(input, "jsonl", want);
}

int main(void) {
    test_inboxes();
    struct fault fault;
    if (zone_open(&utc, "Europe/Warsaw", &fault) != STATUS_OK)
        return 1;
    test_tables();
    test_names();
    test_dumps();
    test_tools();
    test_late();
    zone_release(&utc);
    return tap_done();
}
