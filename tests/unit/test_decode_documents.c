/* JSON documents: posts in several arrays at any depth, what stands around them, what stands before
 * and behind, and nothing lost without a count. */
#include "decode_cuts.h"

#include "stages/decode/mapping.h"
#include "stages/decode/member.h"

#include <unistd.h>

#define POST(id, text) "{\"id\":" #id ",\"date\":1678021331,\"text\":\"" text "\"}"
#define ACCOUNT "{\"id\":7,\"created_at\":1578021331,\"description\":\"no post\"}"

/* Posts are printed as "ID@CHANNEL#CONVERSATION", rejects by their first letters. */
static void expect_log(const char *input, const struct decode_options *options, const char *want) {
    struct run run;
    struct buf got;
    buf_init(&got, 1 << 16);
    CHECK_INT(run_decode(&run, span_of(input), "dir/x", options, 64), STATUS_OK);
    for (char *line = run.log.at, *feed; (feed = strchr(line, '\n')); line = feed + 1) {
        *feed = 0;
        const char *id = strstr(line, " id="), *channel = strstr(line, " channel="),
                   *conversation = strstr(line, " conversation=");
        if (strncmp(line, "reject ", 7) == 0)
            buf_format(&got, "%.6s ", line + 7);
        else
            buf_format(&got, "%.*s", (int)strcspn(id + 4, " "), id + 4);
        if (channel)
            buf_format(&got, "@%.*s", (int)strcspn(channel + 9, " "), channel + 9);
        if (conversation)
            buf_format(&got, "#%.*s", (int)strcspn(conversation + 14, " "), conversation + 14);
        if (id)
            buf_char(&got, ' ');
    }
    if (!CHECK_SPAN(buf_as_span(&got), want))
        printf("# of %s\n", input);
    buf_release(&got);
    run_release(&run);
}

static void expect(const char *input, const char *want) {
    struct decode_options options = options_of(0);
    expect_log(input, &options, want);
    expect_same_for_any_cut(span_of(input), 0, input);
    expect_same_for_any_cut(span_of(input), 60, input);
}

static void test_arrays(void) {
    /* an array in an array, one beside it, and one that the head does not show as posts */
    expect("{\"a\":{\"b\":[" POST(1, "x") "," POST(2, "x") "]},\"list2\":[" POST(
               3, "x") "],"
                       "\"other\":[{\"k\":1},{\"k\":2}],\"n\":[1,2,\"a]\"]}",
           "1 2 3 not_a_ not_a_ ");
    /* arrays named by dates, and maps of posts */
    expect("{\"2023-01-01\":[" POST(1, "x") "],\"2023-01-02\":[" POST(2, "x") "]}", "1 2 ");
    expect("{\"posts\":{\"p1\":" POST(1, "x") ",\"p2\":" POST(2, "x") "},\"n\":{\"k\":{}}}",
           "1 2 ");
    /* chats in a list; one of them is empty and counted */
    expect(
        "{\"chats\":{\"list\":[{\"name\":\"a\",\"messages\":[" POST(1, "x") "," POST(
            2,
            "x") "]},{\"name\":\"b\",\"messages\":[]},{\"messages\":[" POST(3,
                                                                            "x") "],\"name\":\"c\"}"
                                                                                 "]},"
                                                                                 "\"left\":{"
                                                                                 "\"list\":[{"
                                                                                 "\"messages\":"
                                                                                 "[" POST(
                                                                                     4,
                                                                                     "x") "]}]}}",
        "1 2 not_a_ 3 4 ");
    /* pages, one a line: accounts with a date and a description are no posts */
    expect("{\"data\":[" POST(1, "x") "," POST(
               2, "x") "],\"includes\":{\"users\":[" ACCOUNT
                       "]}}\n{\"data\":[" POST(3, "x") "],\"includes\":{\"users\":[" ACCOUNT
                                                       "," ACCOUNT "]}}\n",
           "1 2 not_a_ 3 not_a_ not_a_ ");
    /* one element a line inside of a wrapper: its last line alone would parse */
    expect("{\"posts\":[\n" POST(1, "x") ",\n" POST(2, "x") ",\n" POST(3, "x") "\n]}\n", "1 2 3 ");
    expect("[\n" POST(1, "x") ",\n" POST(2, "[\\\"}") ",\n" POST(3, "x") "\n]\n", "1 2 3 ");
    expect("{\"t\":[\n{\"title\":\"a\",\"p\":[\n" POST(1, "x") ",\n" POST(
               2, "x") "\n]},\n"
                       "{\"title\":\"b\",\"p\":[]}\n],\n\"old\":{\"2023\":[" POST(3, "x") "]}}",
           "1 2 not_a_ 3 ");
    /* one value that has posts is their wrapper, unless they answer it; so it is in lines */
    expect("{\"id\":9,\"date\":1678021331,\"text\":\"v\",\"posts\":[" POST(1, "x") "," POST(
               2, "x") "]}",
           "1 2 ");
    expect("{\"id\":9,\"date\":1678021331,\"text\":\"v\",\"comments\":[" POST(1, "x") "," POST(
               2, "x") "]}",
           "9 1#9 2#9 ");
    expect("{\"id\":9,\"date\":1678021331,\"text\":\"v\",\"comments\":[" POST(
               1, "x") "]}\n"
                       "{\"id\":8,\"date\":1678021331,\"text\":\"v\",\"comments\":[" POST(
                           2, "x") "]}\n",
           "9 1#9 8 2#8 ");
    /* cut off inside a record, and between records */
    expect("{\"a\":[" POST(1, "x") ",{\"id\":2,\"da", "1 syntax ");
    expect("{\"a\":[" POST(1, "x") ",", "1 ");
}

static void test_prefixes(void) {
    expect("window.YTD.tweets.part0 = [\n" POST(1, "x") ",\n" POST(2, "x") "\n];\n", "1 2 ");
    expect("var x = {\"posts\":[" POST(1, "x") "]};", "1 ");
    expect("callback({\"posts\":[" POST(1, "x") "]});", "1 ");
    expect("\xEF\xBB\xBF)]}'\n{\"posts\":[" POST(1, "x") "]}", "1 ");
    expect("\xEF\xBB\xBF" POST(1, "x") "\n" POST(2, "x") "\n", "1 2 ");
    CHECK_INT(document_prefix(SPAN_LITERAL("a = {")), 4);
    CHECK_INT(document_prefix(SPAN_LITERAL("a b;c\n{")), 0);
    CHECK_INT(document_prefix(SPAN_LITERAL("id,date\n")), 0);
    CHECK_INT(document_prefix(SPAN_LITERAL("")), 0);
}

static const char chat[] =
    "{\"name\":\"Chat \\u0142\",\"type\":\"private\",\"id\":11,\"messages\":[" POST(
        1, "x") "," POST(2, "x") "],\"late\":\"l\"}";

static void test_context(void) {
    char path[] = "/tmp/burza-context-XXXXXX";
    struct fault fault;
    struct mapping *mapping;
    int fd = mkstemp(path);
    if (!CHECK(fd >= 0))
        return;
    struct span text = SPAN_LITERAL("{\"context\":{\"channel\":[\"guild.name\",\"name\",\"late\"],"
                                    "\"conversation\":\"id\"}}");
    CHECK_INT(file_publish(path, text, &fault), STATUS_OK);
    CHECK_INT(mapping_read(&mapping, path, &fault), STATUS_OK);
    struct decode_options options = options_of(0);
    options.mapping = mapping;
    expect_log(chat, &options, "1@Chat#11 2@Chat#11 ");
    /* the nearest object counts and is left behind; a record's own value comes first */
    expect_log("{\"name\":\"out\",\"list\":[{\"name\":\"in\",\"id\":5,\"x\":{\"name\":\"no\"},"
               "\"m\":[" POST(1, "x") "]},{\"id\":6,\"m\":[" POST(
                   2, "x") ",{\"id\":3,\"text\":\"x\","
                           "\"date\":1678021331,\"channel\":\"own\"}]}]}",
               &options, "1@in#5 2@out#6 3@own#6 ");
    expect_log("{\"guild\":{\"id\":1,\"name\":\"g\"},\"m\":[" POST(1, "x") "]}", &options, "1@g ");
    /* behind the array; pages have each their own */
    expect_log("{\"m\":[" POST(1, "x") "],\"late\":\"end\"}", &options, "1@end ");
    expect_log("{\"m\":[" POST(1, "x") "],\"late\":\"end\"}\n{\"m\":[" POST(2, "x") "]}\n",
               &options, "1 2 ");
    /* neither cut strings nor what is too long */
    expect_log("{\"name\":\"\\ud83d\",\"id\":true,\"m\":[" POST(1, "x") "]}", &options, "1 ");
    mapping_free(mapping);
    unlink(path);
    close(fd);
}

/* Scalars around the arrays are the same whatever the cut. */
static void test_context_cuts(void) {
    static const struct row rows[] = {
        {"name", FIELD_CHANNEL, 0}, {"id", FIELD_CONVERSATION, 0}, {NULL, 0, 0}};
    struct mapping mapping = {.context = (struct row *)rows, .platform = PLATFORM_COUNT};
    struct decode_options options = options_of(0);
    options.mapping = &mapping;
    struct run whole, cut;
    CHECK_INT(run_decode(&whole, span_of(chat), "x", &options, sizeof chat), STATUS_OK);
    for (size_t chunk = 1; chunk < sizeof chat; chunk++) {
        CHECK_INT(run_decode(&cut, span_of(chat), "x", &options, chunk), STATUS_OK);
        CHECK_SPAN(span_of(cut.log.at), whole.log.at);
        run_release(&cut);
    }
    run_release(&whole);
}

/* A wrapper with a string and a list of 30 MB each, then posts: in bounded memory. */
static void test_large_wrapper(void) {
    enum { LARGE = 30 << 20 };
    struct buf input;
    buf_init(&input, (size_t)1 << 30);
    buf_text(&input, "{\"a\":[" POST(1, "x") "],\"s\":\"");
    if (!CHECK(buf_reserve(&input, 2 * LARGE + 1000)))
        return;
    memset(input.at + input.len, 'a', LARGE);
    input.len += LARGE;
    buf_text(&input, "\\\"\",\"n\":[1");
    for (size_t i = 0; i < LARGE; i += 4)
        buf_text(&input, ",123");
    buf_text(&input, "],\"b\":[" POST(2, "x") "]}");
    struct decode_options options = options_of(0);
    struct run run;
    CHECK_INT(run_decode(&run, buf_as_span(&input), "x", &options, 1 << 18), STATUS_OK);
    CHECK_INT(run.posts, 2);
    CHECK_INT(run.rejects, 0);
    CHECK(run.largest_pending < 3 << 20);
    run_release(&run);
    buf_release(&input);
}

/* 2,800 posts in 28 arrays of one document. */
static void test_many(void) {
    struct buf input;
    buf_init(&input, 1 << 22);
    buf_char(&input, '{');
    for (int list = 0; list < 28; list++) {
        buf_format(&input, "%s\"list%d\":[", list ? "," : "", list);
        for (int i = 0; i < 100; i++)
            buf_format(&input,
                       "%s"
                       "{\"id\":%d,\"date\":1678021331,\"text\":\"some words\"}",
                       i ? "," : "", list * 100 + i);
        buf_text(&input, "]");
    }
    buf_char(&input, '}');
    struct decode_options options = options_of(0);
    struct run run;
    CHECK_INT(run_decode(&run, buf_as_span(&input), "x", &options, 1 << 12), STATUS_OK);
    CHECK_INT(run.posts, 2800);
    CHECK_INT(run.rejects, 0);
    run_release(&run);
    buf_release(&input);
}

/* Chats in a list, of which the head does not show one whole: their messages are the records. */
static void test_long_elements(void) {
    enum { CHATS = 2, EACH = 9000 }; /* 450 kB a chat */
    struct buf input;
    buf_init(&input, 1 << 22);
    buf_text(&input, "{\"chats\":{\"list\":[");
    for (int chat_at = 0; chat_at < CHATS; chat_at++) {
        buf_format(&input, "%s{\"name\":\"c%d\",\"id\":%d,\"messages\":[", chat_at ? "," : "",
                   chat_at, chat_at);
        for (int i = 0; i < EACH; i++)
            buf_format(&input, "%s" POST(% d, "x"), i ? "," : "", chat_at * EACH + i);
        buf_text(&input, "]}");
    }
    buf_text(&input, "]}}");
    struct decode_options options = options_of(0);
    struct run run;
    CHECK_INT(run_decode(&run, buf_as_span(&input), "x", &options, 1 << 16), STATUS_OK);
    CHECK_INT(run.posts, CHATS * EACH);
    CHECK_INT(run.rejects, 0);
    run_release(&run);
    buf_release(&input);
}

/* Deeper than a place can hold: counted, not lost. */
static void test_deep(void) {
    struct buf input;
    buf_init(&input, 1 << 16);
    buf_text(&input, "{\"a\":[" POST(1, "x") "],\"b\":");
    for (int i = 0; i < 40; i++)
        buf_text(&input, "{\"x\":");
    buf_text(&input, "1");
    for (int i = 0; i < 40; i++)
        buf_text(&input, "}");
    buf_text(&input, ",\"c\":[" POST(2, "x") "]}");
    buf_char(&input, 0);
    expect(input.at, "1 not_a_ 2 ");
    buf_release(&input);
}

int main(void) {
    struct fault fault;
    CHECK_INT(zone_open(&utc, "UTC", &fault), STATUS_OK);
    test_arrays();
    test_prefixes();
    test_context();
    test_context_cuts();
    test_large_wrapper();
    test_many();
    test_long_elements();
    test_deep();
    zone_release(&utc);
    return tap_done();
}
