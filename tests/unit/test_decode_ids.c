/* What ids are worth of which only the name of a column is known. */
#include "stages/decode/ids.h"
#include "tap.h"

static void test_whole(void) {
    static const char *const ids[][2] = {
        {"119237.0", "119237"},
        {"1e+05", "100000"},
        {"1E5", "1E5"},
        {"1.5e3", "1500"},
        {"77001,0", "77001"},
        {"1.2e1", "12"},
        {"1.25e1", "1.25e1"},
        {"119237.5", "119237.5"},
        {"5.70308E+17", "5.70308E+17"},
        {"1.234e+18x", "1.234e+18x"},
        {"1.2", "1.2"},
        {"t3_abc", "t3_abc"},
        {"1e999", "1e999"},
        {"1.", "1."},
        {"10.1000/182", "10.1000/182"},
        {"1.123456789012345678E18", "1123456789012345678"},
        {"", ""},
        {"3e-5", "3e-5"},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        CHECK_SPAN(id_whole(&arena, span_of(ids[i][0])), ids[i][1]);
    arena_release(&arena);
}

static void test_look(void) {
    static const struct {
        const char *id;
        enum id_kind want;
    } ids[] = {
        {"0", ID_ROW},
        {"99999", ID_ROW},
        {"77001123", ID_COUNTED},
        {"c12", ID_COUNTED},
        {"1204535068812812289", ID_LIKELY},
        {"1204535068812812300", ID_LIKELY},
        {"1204535068812810000", ID_ROUNDED},
        {"570308000000000000", ID_ROUNDED},
        {"123456789000", ID_LIKELY},
        {"5.70308E+17", ID_ROUNDED},
        {"5,70308e17", ID_ROUNDED},
        {"1.5", ID_ROUNDED},
        {"at://did:plc:x/app.bsky.feed.post/3k", ID_LIKELY},
        {"10e7a5c2-7b1e-4f0e-9d7e-0d1f2a3b4c5d", ID_LIKELY},
    };
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        CHECK_INT(id_look(span_of(ids[i].id)), ids[i].want);
}

static void test_made(void) {
    CHECK(id_is_made(SPAN_LITERAL("h0123456789abcdef")));
    CHECK(id_is_made(SPAN_LITERAL("h0123456789abcdef/reply")));
    CHECK(!id_is_made(SPAN_LITERAL("h0123456789abcdeg")));
    CHECK(!id_is_made(SPAN_LITERAL("h0123456789abcdef0")));
    CHECK(!id_is_made(SPAN_LITERAL("h0123")));
    CHECK(!id_is_made(SPAN_LITERAL("")));
}

/* The scope of links, by what the id looks like. */
static void test_scope(void) {
    static const struct {
        const char *id, *channel, *scope;
    } posts[] = {
        {"5", "", "file"},  {"5", "rower", "file/rower"},         {"500123", "rower", "rower"},
        {"500123", "", ""}, {"1204535068812812289", "rower", ""}, {"", "rower", ""}};
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof posts / sizeof *posts; i++) {
        struct post post = {.id = span_of(posts[i].id),
                            .channel = span_of(posts[i].channel),
                            .reply_to_id = SPAN_LITERAL("5.7E+17"),
                            .conversation = SPAN_LITERAL("1.20453506881281E+18"),
                            .repost_of = SPAN_LITERAL("44")};
        struct draft draft = {.arena = &arena, .post = &post};
        ids_settle(&draft, SPAN_LITERAL("file"));
        CHECK(span_is(post.scope, posts[i].scope));
        CHECK(!post.conversation.len); /* a rounded id leads nowhere */
        CHECK_SPAN(post.repost_of, "44");
    }
    arena_release(&arena);
}

int main(void) {
    test_whole();
    test_look();
    test_made();
    test_scope();
    return tap_done();
}
