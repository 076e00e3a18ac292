/* The configuration, the lines its errors name, and the options: tables of what is right and wrong.
 */
#include "pipeline/commands/commands.h"
#include "pipeline/config.h"
#include "tap.h"

#include <stdlib.h>

static void test_json_line(void) {
    static const char text[] = "{\n\"a\": 1,\n\"b\": [\n  {\"c\": \"x\\\"y{\"},\n  {\"c\":\n 2}],\n"
                               "\"deep\": {\"er\": {\"est\": [1,\n2,\n3]}}}";
    static const struct {
        const char *path;
        int line;
    } table[] = {{"a", 2},       {"b", 3},       {"b[0]", 4},        {"b[0].c", 4},
                 {"b[1].c", 6},  {"deep.er", 7}, {"deep.er.est", 7}, {"deep.er.est[2]", 9},
                 {"missing", 0}, {"b[7]", 0},    {"b[0].missing", 0}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        printf("# %s\n", table[i].path);
        CHECK_INT(json_line(span_of(text), table[i].path), table[i].line);
    }
    CHECK_INT(json_line((struct span){NULL, 0}, "a"), 0);
    CHECK_INT(json_line(SPAN_LITERAL("{\"a"), "a"), 0);
    CHECK_INT(json_line(SPAN_LITERAL("[[[[[["), "x"), 0);
    char deep[2000];
    memset(deep, '[', sizeof deep);
    CHECK_INT(json_line((struct span){deep, sizeof deep}, "x"), 0);
}

static enum status parse(struct config *config, const char *text, struct fault *fault) {
    config_init(config);
    return config_parse(config, span_of(text), "c.json", fault);
}

static void test_reading(void) {
    struct config config;
    struct fault fault = {0};
    enum status status = parse(
        &config,
        "{\"brands\":[{\"id\":\"a\",\"query\":\"b\",\"inflect\":false,"
        "\"accounts\":[{\"platform\":\"x\",\"id\":\"12345678901234567890\",\"handle\":\"@Norvia\"}]"
        "},"
        "{\"id\":\"c\",\"name\":\"Łąka\",\"query\":\"d\"}],"
        "\"timezone\":\"UTC\",\"bucket\":600,\"engine\":\"rules\","
        "\"privacy\":{\"authors\":\"plain\",\"text\":\"drop\",\"deleted\":\"drop\"},"
        "\"detection\":{\"false_alarms_per_month\":0.5},"
        "\"input\":{\"timezone\":\"Europe/Warsaw\",\"day_first\":true,\"since\":\"2023-01-01\"}}",
        &fault);
    CHECK_INT(status, STATUS_OK);
    CHECK_INT(config.brand_count, 2);
    CHECK_STR(config.brands[0].name, "a"); /* the id, where there is no name */
    CHECK(!config.brands[0].inflect);
    CHECK(config.brands[1].inflect);
    CHECK_STR(config.brands[1].name, "Łąka");
    CHECK_INT(config.brands[0].account_count, 1);
    CHECK_INT(config.brands[0].accounts[0].platform, PLATFORM_TWITTER);
    CHECK_STR(config.brands[0].accounts[0].handle, "Norvia");
    CHECK_STR(config.brands[0].accounts[0].id, "12345678901234567890");
    CHECK_INT(config.bucket_s, 600);
    CHECK(config.plain_authors && !config.keep_text && config.drop_deleted &&
          config.inputs[0].day_first);
    CHECK(config.detection.false_alarms_per_month == 0.5);
    CHECK_INT(config_finish(&config, &fault), STATUS_OK);
    /* the configuration's own zone decides about dates without one: UTC */
    CHECK_INT(config.inputs[0].reading.since_us, INT64_C(1672531200) * US_PER_S);
    CHECK_INT(config.inputs[0].reading.until_us, INT64_MAX);
    config_release(&config);
}

static void test_defaults(void) {
    struct config config;
    struct fault fault = {0};
    CHECK_INT(parse(&config, "{}", &fault), STATUS_OK);
    CHECK_STR(config.timezone, "Europe/Warsaw");
    CHECK_INT(config.bucket_s, 300);
    CHECK(!config.plain_authors && config.keep_text && !config.drop_deleted);
    CHECK_INT(config.engine, ENGINE_HYBRID);
    CHECK_INT(config_finish(&config, &fault), STATUS_FATAL); /* no brand */
    CHECK_INT(fault.exit_code, EXIT_USAGE);
    CHECK_INT(config_brand(&config, "norvia=norvia OR \"norvia polska\"", &fault), STATUS_OK);
    CHECK_INT(config_brand(&config, "norvia=other", &fault), STATUS_OK); /* replaces */
    CHECK_INT(config.brand_count, 1);
    CHECK_STR(config.brands[0].query, "other");
    for (const char *const *wrong = (const char *const[]){"", "norvia", "=x", "norvia=", NULL};
         *wrong; wrong++)
        CHECK_INT(config_brand(&config, *wrong, &fault), STATUS_FATAL);
    CHECK_INT(config_finish(&config, &fault), STATUS_OK);
    config_release(&config);
}

/* Canonical text reads back to itself, and what only the study uses does not decide the scan. */
static void test_canonical(void) {
    static const char *const same_scan[] = {
        "{\"brands\":[{\"id\":\"a\",\"query\":\"b\"}]}",
        "{\"timezone\":\"UTC\", \"brands\":[{\"query\":\"b\",\"id\":\"a\"}]}",
        "{\"brands\":[{\"id\":\"a\",\"query\":\"b\"}],\"bucket\":3600,"
        "\"privacy\":{\"authors\":\"plain\"},\"detection\":{\"false_alarms_per_month\":9},"
        "\"input\":{\"day_first\":true}}"};
    static const char *const other_scan[] = {
        "{\"brands\":[{\"id\":\"a\",\"query\":\"c\"}]}",
        "{\"brands\":[{\"id\":\"a\",\"query\":\"b\",\"inflect\":false}]}",
        "{\"brands\":[{\"id\":\"a\",\"query\":\"b\"}],\"engine\":\"rules\"}"};
    struct buf first, text, whole;
    struct config config, again;
    struct fault fault = {0};
    buf_init(&first, 1 << 20);
    buf_init(&text, 1 << 20);
    buf_init(&whole, 1 << 20);
    for (size_t i = 0; i < 6; i++) {
        buf_clear(&text);
        buf_clear(&whole);
        CHECK_INT(parse(&config, i < 3 ? same_scan[i] : other_scan[i - 3], &fault), STATUS_OK);
        CHECK_INT(config_text(&config, CONFIG_SCAN, i ? &text : &first, &fault), STATUS_OK);
        if (i)
            CHECK(span_equal(buf_as_span(&first), buf_as_span(&text)) == (i < 3));
        CHECK_INT(config_text(&config, CONFIG_SHOWN, &whole, &fault), STATUS_OK);
        config_init(&again);
        CHECK_INT(config_parse(&again, buf_as_span(&whole), "again", &fault), STATUS_OK);
        buf_clear(&text);
        CHECK_INT(config_text(&again, CONFIG_SHOWN, &text, &fault), STATUS_OK);
        CHECK(span_equal(buf_as_span(&whole), buf_as_span(&text)));
        config_release(&again);
        config_release(&config);
    }
    buf_release(&first);
    buf_release(&text);
    buf_release(&whole);
}

static const struct reading *reading_of(const struct config *config, const char *full,
                                        const char *label) {
    char place[100], name[100];
    snprintf(place, sizeof place, "%s", full);
    snprintf(name, sizeof name, "%s", label);
    return config_reading(config, &(struct input_path){.full = place, .label = name});
}

/* Settings of reading are those of the first entry that matches a label or its last part. */
static void test_readings(void) {
    struct config config;
    struct fault fault = {0};
    struct buf text;
    buf_init(&text, 1 << 20);
    CHECK_INT(parse(&config,
                    "{\"brands\":[{\"id\":\"a\",\"query\":\"b\"}],\"input\":["
                    "{\"match\":\"*.csv\",\"day_first\":true},"
                    "{\"match\":\"old/*\",\"timezone\":\"UTC\",\"until\":\"2024-01-01\"}]}",
                    &fault),
              STATUS_OK);
    CHECK_INT(config_finish(&config, &fault), STATUS_OK);
    CHECK_STR(reading_of(&config, "/dumps/a.csv", "a.csv")->text, "{\"day_first\":true}");
    CHECK_STR(reading_of(&config, "/dumps/old/deep/a.csv", "old/deep/a.csv")->text,
              "{\"day_first\":true}");
    CHECK_STR(reading_of(&config, "/dumps/old/a.json", "old/a.json")->text,
              "{\"timezone\":\"UTC\",\"until_us\":1704063600000000}");
    CHECK_STR(reading_of(&config, "/dumps/old/a.json", "a.json")->text,
              "{\"timezone\":\"UTC\",\"until_us\":1704063600000000}");
    CHECK_STR(reading_of(&config, "/old/dumps/a.json", "a.json")->text, "");
    CHECK_STR(reading_of(&config, "/dumps/a.json", "a.json")->text, "");
    CHECK_INT(reading_of(&config, "/dumps/a.json", "a.json")->until_us, INT64_MAX);
    /* the whole of it reads back */
    CHECK_INT(config_text(&config, CONFIG_WHOLE, &text, &fault), STATUS_OK);
    config_release(&config);
    config_init(&config);
    CHECK_INT(config_parse(&config, buf_as_span(&text), "again", &fault), STATUS_OK);
    CHECK_INT(config_finish(&config, &fault), STATUS_OK);
    CHECK_STR(reading_of(&config,
                         "/dumps/"
                         "x/a.csv",
                         "x/a.csv")
                  ->text,
              "{\"day_first\":true}");
    config_release(&config);
    buf_release(&text);
    /* behind an entry for all none could count */
    CHECK_INT(parse(&config, "{\"input\":[{\"day_first\":true},{\"match\":\"*.csv\"}]}", &fault),
              STATUS_FATAL);
    CHECK(strstr(fault.text, "must come last") != NULL);
    config_release(&config);
}

static void test_sizes(void) {
    static const struct {
        const char *text;
        bool ok;
        uint64_t size;
    } table[] = {{"0", true, 0},
                 {"10", true, 10},
                 {"2K", true, 2048},
                 {"2k", true, 2048},
                 {"3M", true, 3 << 20},
                 {"1G", true, UINT64_C(1) << 30},
                 {"16T", true, UINT64_C(16) << 40},
                 {"", false, 0},
                 {"K", false, 0},
                 {"-1", false, 0},
                 {"1KB", false, 0},
                 {"1.5G", false, 0},
                 {"99999999999999999999", false, 0},
                 {"9223372036854775807T", false, 0}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        uint64_t size = 0;
        printf("# \"%s\"\n", table[i].text);
        CHECK_INT(options_size(table[i].text, &size), table[i].ok);
        if (table[i].ok)
            CHECK_INT(size, table[i].size);
    }
}

static void test_options(void) {
    static char *const words[] = {"run", "-b",    "a=b",     "--brand", "c=d", "-oX.h5", "-j",
                                  "2",   "in.gz", "--quiet", "--",      "-x",  NULL};
    char *argv[16];
    struct options options;
    int argc = 0, threads = 0;
    for (; words[argc]; argc++)
        argv[argc] = words[argc];
    argv[argc] = NULL;
    CHECK(options_parse(command_find("run"), argc, argv, &options));
    CHECK_INT(options.brands.count, 2);
    CHECK_STR(options.brands.at[1], "c=d");
    CHECK_STR(options.output, "X.h5");
    CHECK(options.quiet && !options.causal);
    CHECK_INT(options.argument_count, 2);
    CHECK_STR(options.arguments[0], "in.gz");
    CHECK_STR(options.arguments[1], "-x");
    CHECK(options_threads(&options, &threads));
    CHECK_INT(threads, 2);
    CHECK(command_find("nonsense") == NULL);
    /* an option of another command is no option of this one */
    char *wrong[] = {"verify", "-j", "2", NULL};
    CHECK(!options_parse(command_find("verify"), 3, wrong, &options));
}

static void test_visible(void) {
    struct buf out;
    buf_init(&out, 1000);
    buf_visible(&out, SPAN_LITERAL("a\033[31m\tb\n\x7f\xC2\x85ż\xE2\x80\xAE"
                                   "c\0d"));
    CHECK_SPAN(buf_as_span(&out), "a\\x1b[31m\tb\n\\x7f\\xc2\\x85ż\\xe2\\x80\\xae"
                                  "c\\x00d");
    buf_release(&out);
}

int main(void) {
    test_json_line();
    test_reading();
    test_defaults();
    test_canonical();
    test_readings();
    test_sizes();
    test_options();
    test_visible();
    return tap_done();
}
