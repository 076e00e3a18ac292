/* How the format is chosen: by most of the sampled records, by file names, with as few records as
 * leave no doubt, and not by a bad start. */
#include "decode_cuts.h"

#include "stages/decode/sample.h"

#define TWEET(id)                                                                                  \
    "{\"id\":" #id ",\"created_at\":\"Mon Aug 01 10:00:00 +0000 2016\",\"text\":\"a\","            \
    "\"user\":{\"screen_name\":\"ola\"}}\n"
#define COMMENT(id)                                                                                \
    "{\"id\":\"" #id "\",\"created_utc\":1678021331,\"body\":\"a\",\"link_id\":\"t3_a\"}\n"
#define NOTICE "{\"delete\":{\"status\":{\"id\":1234,\"user_id\":3}}}\n"
#define OTHER(id) "{\"id\":" #id ",\"date\":1678021331,\"text\":\"a\"}\n"

static void expect(const char *input, const char *label, const char *format, int sampled) {
    struct decode_options options = options_of(0);
    struct decode_member *member;
    struct fault fault;
    if (!CHECK_INT(decode_open(&member, span_of(input), label, &options, &fault), STATUS_OK)) {
        printf("# %s\n", fault.text);
        return;
    }
    CHECK_SPAN(span_of(decode_format_name(member)), format);
    CHECK_INT(member->framing, FRAMING_LINES);
    if (sampled)
        CHECK_INT(member->sampled, sampled);
    decode_close(member);
}

/* One record is enough where it leaves no doubt, also for formats that bid less than others can. */
static void test_sampled(void) {
    expect(TWEET(1) TWEET(2) TWEET(3) TWEET(4), "x", "twitter", 1);
    expect(COMMENT(1) COMMENT(2) COMMENT(3) COMMENT(4), "x", "reddit", 1);
    expect(NOTICE TWEET(2) NOTICE TWEET(4), "x", "twitter", 1 + 3);
}

static void test_majority(void) {
    expect(COMMENT(1) "{\"x\":1}\n" OTHER(1) OTHER(2) OTHER(3), "x", "reddit", 1);
    expect("{\"x\":1}\n" OTHER(1) OTHER(2) OTHER(3), "x", "jsonl", 0);
    expect("ext\":\"cut off at its start\"}\n" TWEET(1) TWEET(2) TWEET(3), "x", "twitter", 0);
    expect("ext\":\"cut off at its start\"}\n" OTHER(1) OTHER(2) OTHER(3), "x", "jsonl", 0);
    expect("# a remark\n" COMMENT(1) COMMENT(2) COMMENT(3), "x", "reddit", 0);
    expect("{\"id\":\"t\n" COMMENT(1) COMMENT(2) TWEET(3) COMMENT(4), "x", "reddit", 0);
    expect(NOTICE OTHER(1) OTHER(2) OTHER(3) OTHER(4), "x", "jsonl", 0);
}

static bool has_a(const void *data, struct span path) {
    (void)data;
    return span_is(path, "a");
}

static void test_names(void) {
    static const struct {
        const char *pattern, *text;
        bool matches;
    } cases[] = {{"RS_*", "RS_2023-01", true},
                 {"RS_*", "xRS_2023", false},
                 {"*.js", "tweets.js", true},
                 {"*.js", "tweets.json", false},
                 {"t?ts.js", "t ts.js", true},
                 {"", "", true},
                 {"*", "", true},
                 {"", "a", false},
                 {"*a*b*", "xxaxxbxx", true},
                 {"*a*b", "xxaxxbxx", false},
                 {"comments_*.json", "comments_1.json", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (!CHECK_INT(pattern_matches(span_of(cases[i].pattern), span_of(cases[i].text)),
                       cases[i].matches))
            printf("# %s %s\n", cases[i].pattern, cases[i].text);
    struct decode_member member = {.name = SPAN_LITERAL("tweets.js")};
    CHECK(evidence_holds(&member, "a name:tweets*.js", has_a, NULL));
    CHECK(evidence_holds(&member, "name:tweets*.js", has_a, NULL));
    CHECK(!evidence_holds(&member, "b name:tweets*.js", has_a, NULL));
    CHECK(!evidence_holds(&member, "a name:likes*.js", has_a, NULL));
    CHECK(evidence_holds(&member, "a a", has_a, NULL));
    struct decode_options options = options_of(0);
    struct decode_member *open;
    CHECK_INT(decode_open(&open, SPAN_LITERAL(OTHER(1)), "a/b/c d.json", &options, NULL),
              STATUS_OK);
    CHECK_SPAN(open->name, "c d.json");
    decode_close(open);
}

int main(void) {
    struct fault fault;
    CHECK_INT(zone_open(&utc, "UTC", &fault), STATUS_OK);
    test_sampled();
    test_majority();
    test_names();
    zone_release(&utc);
    return tap_done();
}
