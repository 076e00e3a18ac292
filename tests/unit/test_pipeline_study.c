/* The configuration's checks and its way through the files. */
#include "pipeline/study/study.h"
#include "stages/common/files.h"
#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

/* The exit code of a configuration with one -b, 0 when it is good. */
static int finish_with(const char *spec, const char *since, const char *until) {
    struct config config;
    struct fault fault = {0};
    config_init(&config);
    config.since = since;
    config.until = until;
    enum status status = config_brand(&config, spec, &fault);
    if (status == STATUS_OK)
        status = config_finish(&config, &fault);
    config_release(&config);
    return status == STATUS_OK ? 0 : fault.exit_code;
}

static void test_brand_texts(void) {
    CHECK_INT(finish_with("norvia=norvia OR żółw", NULL, NULL), 0);
    CHECK_INT(finish_with("a/b=norvia", NULL, NULL), 0);
    CHECK_INT(finish_with("nor\xFFvia=norvia", NULL, NULL), EXIT_USAGE);
    CHECK_INT(finish_with("norvia=nor\xC5", NULL, NULL), EXIT_USAGE);
    CHECK_INT(finish_with("nor\nvia=norvia", NULL, NULL), EXIT_USAGE);
    CHECK_INT(finish_with("nor\x1B[31m=norvia", NULL, NULL), EXIT_USAGE);
}

static void test_empty_window(void) {
    CHECK_INT(finish_with("n=n", "2023-01-01", "2024-01-01"), 0);
    CHECK_INT(finish_with("n=n", "2024-01-01", "2023-01-01"), EXIT_USAGE);
    CHECK_INT(finish_with("n=n", "2023-01-01", "2023-01-01"), EXIT_USAGE);
}

/* What scan writes down is enough to study again; what the audit shows holds no paths. */
static void test_settings_return(void) {
    static const char text[] = "{\"brands\": [{\"id\": \"n\", \"query\": \"n\"}],"
                               " \"privacy\": {\"key_file\": \"/dev/null\"},"
                               " \"lexicons\": [\"/dev/zero\"]}";
    struct config config, again;
    struct fault fault = {0};
    struct buf whole, shown;
    buf_init(&whole, 1 << 16);
    buf_init(&shown, 1 << 16);
    config_init(&config);
    config_init(&again);
    CHECK_INT(config_parse(&config, span_of(text), "test", &fault), STATUS_OK);
    CHECK_INT(config_text(&config, CONFIG_WHOLE, &whole, &fault), STATUS_OK);
    CHECK_INT(config_text(&config, CONFIG_SHOWN, &shown, &fault), STATUS_OK);
    CHECK_INT(config_parse(&again, buf_as_span(&whole), "test", &fault), STATUS_OK);
    CHECK_STR(again.key_file, "/dev/null");
    CHECK_INT(again.lexicon_count, 1);
    CHECK(!memmem(shown.at, shown.len, "/dev/", 5));
    config_release(&config);
    config_release(&again);
    buf_release(&whole);
    buf_release(&shown);
}

int main(void) {
    test_brand_texts();
    test_empty_window();
    test_settings_return();
    return tap_done();
}
