/* Errors with their caret, accounts, evidence, several brands at once, and time that grows with
 * the text and not faster. */
#include "stages/match/match.h"
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>

static struct tokens tokens;

static void check_error(const char *query, const char *want) {
    struct brand brand = {.id = "b", .query = query, .inflect = true};
    struct query_set *set;
    struct fault fault = {0};
    CHECK_INT(query_set_compile(&set, &brand, 1, &fault), STATUS_FATAL);
    CHECK_INT(fault.exit_code, EXIT_DATA);
    CHECK_STR(fault.text, want);
}

static void check_errors(void) {
    check_error("a OR", "query of brand 'b': the query ends where a word is expected\n"
                        "    a OR\n        ^");
    check_error("żółć AND (play", "query of brand 'b': this parenthesis is never closed\n"
                                  "    żółć AND (play\n             ^");
    check_error("a )", "query of brand 'b': this parenthesis was never opened\n    a )\n      ^");
    check_error("a ()", "query of brand 'b': a word is missing before this parenthesis\n"
                        "    a ()\n       ^");
    check_error("\"a", "query of brand 'b': the quotation mark is never closed\n    \"a\n    ^");
    check_error("AND a", "query of brand 'b': an operator stands where a word is expected\n"
                         "    AND a\n    ^");
    check_error("lang:xx", "query of brand 'b': lang: knows pl, en and other\n"
                           "    lang:xx\n         ^");
    check_error("a NEAR/0 b", "query of brand 'b': NEAR needs a distance from 1 to 100, as in "
                              "NEAR/5\n    a NEAR/0 b\n      ^");
    check_error("", "query of brand 'b': the query is empty\n    \n    ^");
    check_error("!!!", "query of brand 'b': there is no word to search for here\n    !!!\n    ^");
    check_error("a NEAR/2 lang:pl", "query of brand 'b': NEAR joins words and phrases, not fields\n"
                                    "    a NEAR/2 lang:pl\n      ^");
}

static struct query_set *compile(const struct brand *brands, size_t count) {
    struct query_set *set = NULL;
    struct fault fault = {0};
    if (query_set_compile(&set, brands, count, &fault) != STATUS_OK)
        printf("# %s\n", fault.text);
    CHECK(set != NULL);
    return set;
}

static size_t match(const struct query_set *set, struct match_scratch *scratch,
                    const struct post *post, const struct match **out) {
    if (tokens_read(&tokens, post->text, NULL) != STATUS_OK)
        return 0;
    return query_set_match(set, scratch, post, &tokens, LANGUAGE_PL, out);
}

/* Official accounts: own voice, never a mention; several brands; the words that named them. */
static void check_accounts(void) {
    static const struct brand_account accounts[] = {{PLATFORM_TWITTER, "77", "Norvia_PL"},
                                                    {PLATFORM_COUNT, NULL, "@norviapomoc"}};
    static const struct brand brands[] = {
        {"norvia", "Norvia", "norvia OR \"norvia bank\"", true, accounts, 2, false},
        {"velto", "Velto", "velto", true, NULL, 0, false}};
    const struct match *matches;
    struct match_scratch *scratch;
    struct query_set *set = compile(brands, 2);
    if (!set || !CHECK(match_scratch_new(&scratch, set, NULL) == STATUS_OK))
        return;
    struct post post = {.text = SPAN_LITERAL("Przechodzę z Norvii do Velto"),
                        .platform = PLATFORM_TWITTER};
    CHECK_INT(match(set, scratch, &post, &matches), 2);
    CHECK_INT(matches[0].brand, 0);
    CHECK_INT(matches[0].role, ROLE_MENTION);
    CHECK_INT(matches[0].first, 2);
    CHECK_INT(matches[1].brand, 1);
    CHECK_INT(matches[1].first, 4);
    post.author_handle = SPAN_LITERAL("norvia_pl");
    CHECK_INT(match(set, scratch, &post, &matches), 2);
    CHECK_INT(matches[0].role, ROLE_OWN);
    CHECK_INT(matches[1].role, ROLE_MENTION);
    post.text = SPAN_LITERAL("Dzień dobry, prosimy o numer zgłoszenia");
    post.kind = POST_REPLY;
    CHECK(query_set_may_match(set, &post));
    CHECK_INT(match(set, scratch, &post, &matches), 1);
    CHECK_INT(matches[0].role, ROLE_OWN);
    CHECK_INT(matches[0].first, UINT32_MAX);
    post.platform = PLATFORM_REDDIT; /* another person's name there */
    CHECK_INT(match(set, scratch, &post, &matches), 0);
    CHECK(!query_set_may_match(set, &post));
    post.author_handle = SPAN_LITERAL("NorviaPomoc");
    CHECK_INT(match(set, scratch, &post, &matches), 1);
    post.author_handle = (struct span){NULL, 0};
    post.author_id = SPAN_LITERAL("77");
    post.platform = PLATFORM_TWITTER;
    CHECK_INT(match(set, scratch, &post, &matches), 1);
    match_scratch_free(scratch);
    query_set_free(set);
}

/* A post that turns to an account without naming the brand; `post` is without a text that matches.
 */
static void check_address(const struct query_set *set, struct match_scratch *scratch,
                          const struct post *post, int address) {
    const struct match *matches;
    CHECK_INT(query_set_may_match(set, post), address != 0);
    CHECK_INT(match(set, scratch, post, &matches), address != 0);
    if (address) {
        CHECK_INT(matches[0].role, ROLE_ADDRESSED);
        CHECK_INT(matches[0].address, address);
        CHECK_INT(matches[0].first, UINT32_MAX); /* nothing named the brand */
    }
}

static void check_handle(const struct query_set *set, struct match_scratch *scratch,
                         const char *text, bool found) {
    struct post post = {.text = span_of(text), .platform = PLATFORM_TWITTER};
    printf("# %s\n", text);
    check_address(set, scratch, &post, found ? ADDRESS_HANDLE : 0);
}

static void check_addressed(void) {
    static const struct brand_account accounts[] = {{PLATFORM_TWITTER, "900", "@HaloPomoc"},
                                                    {PLATFORM_FACEBOOK, "55", "halo.polska"}};
    static const struct brand brands[] = {{"norvia", "Norvia", "norvia", true, accounts, 2, false}};
    struct match_scratch *scratch;
    const struct match *matches;
    struct query_set *set = compile(brands, 1);
    if (!set || !CHECK(match_scratch_new(&scratch, set, NULL) == STATUS_OK))
        return;
    struct post post = {.text = SPAN_LITERAL("dalej nic"),
                        .platform = PLATFORM_TWITTER,
                        .author_id = SPAN_LITERAL("77"),
                        .kind = POST_REPLY};
    check_address(set, scratch, &post, 0);
    post.reply_to_author_id = SPAN_LITERAL("900");
    check_address(set, scratch, &post, ADDRESS_REPLY);
    post.reply_to_author_id = SPAN_LITERAL("901");
    check_address(set, scratch, &post, 0);
    post.reply_to_author_handle = SPAN_LITERAL("halopomoc");
    check_address(set, scratch, &post, ADDRESS_REPLY);
    post.text = SPAN_LITERAL("@HaloPomoc dalej nic");
    check_address(set, scratch, &post, ADDRESS_REPLY | ADDRESS_HANDLE);
    post.text =
        SPAN_LITERAL("Norvia: dalej nic"); /* stays a mention, and tells whom it addresses */
    CHECK_INT(match(set, scratch, &post, &matches), 1);
    CHECK_INT(matches[0].role, ROLE_MENTION);
    CHECK_INT(matches[0].address, ADDRESS_REPLY);
    CHECK_INT(matches[0].first, 0);
    post.author_id = SPAN_LITERAL("900"); /* the brand answers itself */
    CHECK_INT(match(set, scratch, &post, &matches), 1);
    CHECK_INT(matches[0].role, ROLE_OWN);
    CHECK_INT(matches[0].address, ADDRESS_NONE);
    /* a private thread is the brand's when an account takes part in it, whatever it says */
    post = (struct post){.text = SPAN_LITERAL("dalej nic"),
                         .platform = PLATFORM_FACEBOOK,
                         .author_handle = SPAN_LITERAL("Ola Lis"),
                         .participants = SPAN_LITERAL("Ola Lis\nJan Kot\nHalo.Polska")};
    check_address(set, scratch, &post, ADDRESS_REPLY);
    CHECK(query_set_takes_part(set, &post));
    post.participants = SPAN_LITERAL("Ola Lis\nhalo.polska2");
    check_address(set, scratch, &post, 0);
    CHECK(!query_set_takes_part(set, &post));
    post.platform = PLATFORM_TWITTER;
    post.text = SPAN_LITERAL("@halopomoc mówią, że to nic"); /* two others speak of it */
    CHECK(!query_set_takes_part(set, &post));
    post.author_handle = SPAN_LITERAL("HaloPomoc");
    CHECK(query_set_takes_part(set, &post));
    struct post comment = {.text = SPAN_LITERAL("czekam"),
                           .platform = PLATFORM_FACEBOOK,
                           .channel = SPAN_LITERAL("Halo.Polska")};
    check_address(set, scratch, &comment, ADDRESS_CHANNEL);
    comment.channel = SPAN_LITERAL("55");
    check_address(set, scratch, &comment, ADDRESS_CHANNEL);
    comment.platform = PLATFORM_REDDIT;
    check_address(set, scratch, &comment, 0);
    struct post repost = {.text = SPAN_LITERAL("@halopomoc dalej nic"),
                          .platform = PLATFORM_TWITTER,
                          .kind = POST_REPOST};
    check_address(set, scratch, &repost, 0); /* whoever wrote it turned to the brand */
    check_handle(set, scratch, "hej @halopomoc.", true);
    check_handle(set, scratch, "„@HALOPOMOC” milczy", true);
    check_handle(set, scratch, "\xF0\x9F\x98\xA1@halopomoc\xF0\x9F\x98\xA1", true);
    check_handle(set, scratch, "@ania @halopomoc: pomocy", true);
    check_handle(set, scratch, "@halopomoc", true);
    check_handle(set, scratch, "@halopomoc_pomoc", false);
    check_handle(set, scratch, "@halopomoc2", false);
    check_handle(set, scratch, "@halopomocś", false);
    check_handle(set, scratch, "biuro@halopomoc.pl", false);
    check_handle(set, scratch, "ś@halopomoc", false);
    check_handle(set, scratch, "@@halopomoc", false);
    check_handle(set, scratch, "halopomoc", false);
    check_handle(set, scratch, "@halo.polska", false); /* another platform's */
    check_handle(set, scratch, "@halopomo", false);
    check_handle(set, scratch, "@", false);
    match_scratch_free(scratch);
    query_set_free(set);
}

static void check_inflect_off(void) {
    static const struct brand brands[] = {{"a", "a", "samsung", false, NULL, 0, false}};
    const struct match *matches;
    struct match_scratch *scratch;
    struct query_set *set = compile(brands, 1);
    if (!set || !CHECK(match_scratch_new(&scratch, set, NULL) == STATUS_OK))
        return;
    struct post post = {.text = SPAN_LITERAL("Samsungiem")};
    CHECK_INT(match(set, scratch, &post, &matches), 0);
    post.text = SPAN_LITERAL("SAMSUNG");
    CHECK_INT(match(set, scratch, &post, &matches), 1);
    match_scratch_free(scratch);
    query_set_free(set);
}

/* A megabyte of one piece over and over: the matcher reads as much as it reads of any text, and the
 * prefilter loses nothing that it finds. How the work grows, tests/bench/gate.sh counts. */
static void check_flood(const struct query_set *set, struct match_scratch *scratch,
                        const char *unit) {
    size_t bytes = 1 << 20, len = strlen(unit);
    char *text = malloc(bytes + len);
    const struct match *matches;
    if (!CHECK(text != NULL))
        return;
    for (size_t at = 0; at < bytes; at += len)
        memcpy(text + at, unit, len);
    struct post post = {.text = {text, bytes}};
    bool may = query_set_may_match(set, &post);
    size_t count = match(set, scratch, &post, &matches);
    printf("# %s: %zu\n", unit, count);
    CHECK(may || count == 0);
    free(text);
}

static void check_floods(void) {
    static const struct brand_account accounts[] = {{PLATFORM_COUNT, NULL, "norviaplx"}};
    static const struct brand brands[] = {
        {"a", "a", "norvia OR \"norvia norvia norvia\" OR (norvia NEAR/50 velto)", true, accounts,
         1, false},
        {"b", "b", "no* OR raw:\"aaaaaaaaab\" OR url:a.pl OR (velto NEAR/2 norvia)", true, NULL, 0,
         false}};
    static const char *const units[] = {"norvia ",   "#NorviaNorvia", "aaaaaaaaaa", "a.pl ",
                                        "@norvia_",  "norvia-",       "a\xCC\x80",  "#aA",
                                        "norvia'u ", " @norviapl"};
    struct match_scratch *scratch;
    struct query_set *set = compile(brands, 2);
    if (!set || !CHECK(match_scratch_new(&scratch, set, NULL) == STATUS_OK))
        return;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        check_flood(set, scratch, units[i]);
    match_scratch_free(scratch);
    query_set_free(set);
}

/* Deep and long queries end in a message or a set, not in a crash. */
static void check_large(void) {
    char *query = malloc(100000);
    struct query_set *set = NULL;
    struct fault fault;
    struct brand brand = {.id = "b", .query = query, .inflect = true};
    if (!CHECK(query != NULL))
        return;
    memset(query, '(', 50000);
    strcpy(query + 50000, "a");
    CHECK_INT(query_set_compile(&set, &brand, 1, &fault), STATUS_FATAL);
    char *at = query;
    for (int i = 0; i < 5000; i++)
        at += sprintf(at, "vet%dka OR ", i);
    strcpy(at, "ostatni");
    CHECK_INT(query_set_compile(&set, &brand, 1, &fault), STATUS_OK);
    query_set_free(set);
    free(query);
}

int main(void) {
    tokens_init(&tokens);
    check_errors();
    check_accounts();
    check_addressed();
    check_inflect_off();
    check_floods();
    check_large();
    tokens_release(&tokens);
    return tap_done();
}
