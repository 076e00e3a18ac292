/* Broken and hostile records: what is repaired, what is refused, and that simdjson and jansson
 * give the same posts. */
#include "decode_tool.h"
#include "stages/decode/repair.h"
#include "stages/decode/table.h"
#include "tap.h"

#define HEAD "{\"id\":\"1\",\"date\":\"2023-03-05T10:00:07Z\",\"text\":\""

/* One record: its text as decoded, or the reason it was rejected for. */
static void expect_record(struct span record, const char *want, int kind) {
    static const char good[] = HEAD "good\"}\n";
    struct decode_options options = decode_options_default();
    struct buf input;
    struct run run;
    buf_init(&input, 1 << 24);
    buf_text(&input, good);
    buf_span(&input, record);
    buf_text(&input, "\n");
    CHECK_INT(run_decode(&run, buf_as_span(&input), "x.jsonl", &options, 1 << 20), STATUS_OK);
    CHECK_INT(run.posts + run.rejects, 2);
    const char *second = strchr(run.log.at, '\n');
    second = second ? second + 1 : "";
    const char *text = strstr(second, "text=");
    const char *got = text ? text + 5 : second;
    if (!CHECK_SPAN(((struct span){got, strcspn(got, "\n")}), want))
        printf("# %.*s\n", (int)(record.len < 200 ? record.len : 200), record.at);
    uint64_t total = 0;
    for (int i = 0; i < REPAIR_COUNT; i++)
        total += run.repairs[i];
    if (kind >= 0)
        CHECK(run.repairs[kind] > 0 && run.repairs[kind] == total);
    else
        CHECK_INT(total, 0);
    run_release(&run);
    buf_release(&input);
}

static void expect_text(const char *text, const char *want, int kind) {
    struct buf record;
    buf_init(&record, 1 << 20);
    buf_text(&record, HEAD);
    buf_text(&record, text);
    buf_text(&record, "\"}");
    expect_record(buf_as_span(&record), want, kind);
    buf_release(&record);
}

static void test_text(void) {
    expect_text("a\\u0142\\ud83d\\ude0d\\/\\t", "a\xC5\x82\xF0\x9F\x98\x8D/\t", -1);
    expect_text("cut \\ud83d x", "cut \xEF\xBF\xBD x", REPAIR_SURROGATE);
    expect_text("\\ude0d\\ud83d", "\xEF\xBF\xBD\xEF\xBF\xBD", REPAIR_SURROGATE);
    expect_text("a\\x0Bb", "a\vb", REPAIR_ESCAPE);
    expect_text("it\\'s \\q", "it's \\q", REPAIR_ESCAPE);
    expect_text("\\u12", "\\u12", REPAIR_ESCAPE);
    expect_text("tab\there", "tab\there", REPAIR_ESCAPE);
    expect_text("bad \xFF\xFE bytes", "bad \xEF\xBF\xBD\xEF\xBF\xBD bytes", REPAIR_ENCODING);
    expect_text("\xED\xA0\xBD", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", REPAIR_ENCODING);
    expect_text("\xC0\xAF\xF5\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD",
                REPAIR_ENCODING);
}

static void test_values(void) {
    expect_record(SPAN_LITERAL(HEAD "x\",\"likes\":NaN}"), "x", REPAIR_NUMBER);
    expect_record(SPAN_LITERAL(HEAD "x\",\"likes\":-Infinity,\"views\":[NaN]}"), "x",
                  REPAIR_NUMBER);
    expect_record(SPAN_LITERAL(HEAD "x\",\"likes\":1e999}"), "x", -1);
    expect_record(SPAN_LITERAL(HEAD "x\",\"other\":18446744073709551616}"), "x", -1);
    expect_record(SPAN_LITERAL(HEAD "x\",\"a\":\"\\ud83d\"}"), "x", -1);
    expect_record(SPAN_LITERAL("\xEF\xBB\xBF" HEAD "x\"}"), "x", -1);
    expect_record(SPAN_LITERAL(HEAD "a\",\"text\":\"b\"}"), "b", -1);
    expect_record(SPAN_LITERAL(HEAD "a\",\"text\":null}"), "reject no_text", -1);
    expect_record(SPAN_LITERAL(HEAD "x\"} trailing"), "reject syntax", -1);
    expect_record(SPAN_LITERAL(HEAD "x\",}"), "reject syntax", -1);
    expect_record(SPAN_LITERAL(HEAD "x\""), "reject syntax", -1);
    expect_record(SPAN_LITERAL(HEAD "x"), "reject syntax", -1);
    expect_record(SPAN_LITERAL("{\"id\":01,\"date\":1}"), "reject syntax", -1);
    expect_record(SPAN_LITERAL("nonsense"), "reject syntax", -1);
    expect_record(SPAN_LITERAL("\"text\""), "reject syntax", -1);
    expect_record(SPAN_LITERAL("{}"), "reject not_a_post", -1);
    expect_record(SPAN_LITERAL("[]"), "reject not_a_post", -1);
    expect_record(SPAN_LITERAL("{\"id\":\"1\",\"text\":\"x\"}"), "reject no_time", -1);
    expect_record(SPAN_LITERAL("{\"text\":\"x\",\"date\":\"yesterday\"}"), "reject relative_time",
                  -1);
    expect_record(SPAN_LITERAL("{\"text\":\"x\",\"date\":-1}"), "reject no_time", -1);
    expect_record(SPAN_LITERAL("{\"text\":\"x\",\"date\":99999999999999}"), "reject bad_time", -1);
    expect_record(SPAN_LITERAL("{\"text\":\"x\",\"date\":\"2023-03-05 10:00\"}"), "reject no_zone",
                  -1);
    expect_record(SPAN_LITERAL("{\"text\":\"x\",\"date\":\"1989-12-31T10:00:00Z\"}"),
                  "reject no_time", -1);
}

static void test_ids_are_text(void) {
    struct decode_options options = decode_options_default();
    struct run run;
    static const char input[] = "{\"id\":123456789012345678901234567890,\"date\":1678021331,"
                                "\"text\":\"a\"}\n{\"id\":9007199254740993,\"date\":1678021331,"
                                "\"text\":\"\\ud800\"}\n{\"id\":18446744073709551616,\"date\":"
                                "1678021331,\"text\":\"\\ud800\"}\n";
    CHECK_INT(run_decode(&run, SPAN_LITERAL(input), "x", &options, 1 << 20), STATUS_OK);
    CHECK(strstr(run.log.at, "id=123456789012345678901234567890 ") != NULL);
    CHECK(strstr(run.log.at, "id=9007199254740993 ") != NULL);
    CHECK(strstr(run.log.at, "id=18446744073709551616 ") != NULL);
    CHECK_INT(run.repairs[REPAIR_NUMBER], 1); /* only where the record needed repair anyway */
    CHECK_INT(run.repairs[REPAIR_SURROGATE], 2);
    run_release(&run);
}

static void expect_deep(const char *unit, const char *close, int depth, const char *want) {
    struct buf record;
    buf_init(&record, 1 << 23);
    buf_text(&record, HEAD "x\",\"deep\":");
    for (int i = 0; i < depth; i++)
        buf_text(&record, unit);
    for (int i = 0; close && i < depth; i++)
        buf_text(&record, close);
    if (close)
        buf_text(&record, "}");
    expect_record(buf_as_span(&record), want, -1);
    buf_release(&record);
}

static void test_depth(void) {
    expect_deep("[", "]", 63, "x");
    expect_deep("[", "]", 64, "reject too_deep");
    expect_deep("[", NULL, 900000, "reject too_deep");
    expect_deep("{\"a\":", NULL, 100000, "reject too_deep");
    expect_deep("[", "]}", 3, "reject syntax");
}

/* simdjson's walk and jansson's on the same records, whole and damaged. */
static const char record_1[] =
    "{\"created_at\":\"Mon Aug 01 11:00:00 +0000 2016\",\"id_str\":\"760064000000000003\","
    "\"text\":\"RT @jan: \\u0142 \\ud83d\\ude0d\",\"user\":{\"id_str\":\"88\",\"screen_name\":"
    "\"ola\",\"followers_count\":12},\"retweeted_status\":{\"id_str\":\"7\",\"full_text\":\"whole"
    "\",\"user\":{\"id_str\":\"77\"},\"quoted_status\":{\"id_str\":\"5\",\"text\":\"q\",\"user\":{}"
    "}},\"quoted_status\":{\"id_str\":\"5\",\"place\":{\"country_code\":\"PL\"}},\"entities\":{"
    "\"urls\":[{\"a\":[1,2,{}]}]},\"lang\":\"pl\",\"favorite_count\":1.50,\"retweet_count\":-0}";
static const char record_2[] =
    "{\"id\":123456789012345678901234567890,\"user\":{\"id\":1,\"screen_name\":\"a\"},\"user\":{"
    "\"id\":2},\"text\":null,\"text\":\"two\",\"delete\":false,\"extended_tweet\":[],"
    "\"retweeted_status\":null,\"id_str\":true,\"timestamp_ms\":1e3,\"lang\":{\"x\":\"lang\"}}";
static const char record_3[] =
    "{\"user\":{\"screen_name\":\"a\",\"screen_name\":\"b\",\"id\":1},\"extended_tweet\":{"
    "\"full_text\":\"x\"},\"extended_tweet\":null,\"full_text\":\"y\",\"place\":{},\"id\":0.1e+5 }";
static const char *const records[] = {record_1, record_2, record_3};

static bool same_value(const struct value *a, const struct value *b) {
    return a->type == b->type && (a->type == VALUE_ABSENT || span_equal(a->text, b->text));
}

/* Numbers that jansson would round are strings for it. */
static bool same_but_quoted(const struct value *fast, const struct value *slow) {
    return same_value(fast, slow) || (fast->type == VALUE_NUMBER && slow->type == VALUE_STRING &&
                                      span_equal(fast->text, slow->text));
}

static uint32_t random_next(uint32_t *state) {
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

static void damage(char *record, size_t len, uint32_t *state) {
    static const char bytes[] = "\"\\{}[]:,0n \x80";
    for (uint32_t i = random_next(state) % 3; i > 0; i--)
        record[random_next(state) % len] = bytes[random_next(state) % (sizeof bytes - 1)];
}

struct differential {
    struct json_fast *fast;
    struct json_slow slow;
    struct table *table;
    int agreed, both_refused, only_fast, different;
};

static void compare(struct differential *d, struct span record) {
    static struct slots fast, slow;
    uint64_t repairs[REPAIR_COUNT] = {0}, total = 0;
    enum json_result a = json_fast_read(d->fast, d->table, record, &fast);
    enum json_result b = json_slow_read(&d->slow, d->table, record, &slow, repairs);
    for (int i = 0; i < REPAIR_COUNT; i++)
        total += repairs[i];
    if (b != JSON_READ || a != JSON_READ || total) {
        /* simdjson does not look into what nobody wants, so it may accept more; never less */
        d->both_refused += a != JSON_READ;
        d->only_fast += a == JSON_READ;
        if (a != JSON_READ && b == JSON_READ && total == 0) {
            d->different++;
            printf("# only jansson reads %.*s\n", (int)record.len, record.at);
        }
        return;
    }
    for (int i = 0; i < d->table->slot_count; i++)
        if (!same_but_quoted(slots_get(&fast, i), slots_get(&slow, i))) {
            d->different++;
            printf("# slot %d differs in %.*s\n", i, (int)record.len, record.at);
            return;
        }
    d->agreed++;
}

static void test_differential(void) {
    struct fault fault = {0};
    struct differential d = {.fast = json_fast_new(1 << 16)};
    json_slow_init(&d.slow, 1 << 16);
    CHECK_INT(table_compile(&d.table, &format_twitter, format_twitter.rows, &fault), STATUS_OK);
    uint32_t state = 1;
    for (size_t i = 0; i < sizeof records / sizeof *records; i++)
        for (int round = 0; round < 20000; round++) {
            size_t len = strlen(records[i]);
            char *copy = malloc(len + BLOCK_PADDING);
            if (!copy)
                return;
            memcpy(copy, records[i], len);
            memset(copy + len, '}', BLOCK_PADDING);
            if (round)
                damage(copy, len, &state);
            compare(&d, (struct span){copy, len});
            free(copy);
        }
    printf("# agreed %d, refused %d, only simdjson %d\n", d.agreed, d.both_refused, d.only_fast);
    CHECK_INT(d.different, 0);
    CHECK(d.agreed > 10000);
    CHECK(d.both_refused > 1000);
    table_free(d.table);
    json_fast_free(d.fast);
    json_slow_release(&d.slow);
}

int main(void) {
    test_text();
    test_values();
    test_ids_are_text();
    test_depth();
    test_differential();
    return tap_done();
}
